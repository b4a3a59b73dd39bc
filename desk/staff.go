package desk

import (
	"context"
	"slices"
	"sync"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/staff"
	"ward/store"
	"ward/vocab"
)

// staffRoom holds the accounts in memory and follows the journal, so that asking who asks costs nothing.
type staffRoom struct {
	mu          sync.Mutex
	at          int64 // journal number up to which it has read
	read        bool
	people      []staff.Account
	invitations []staff.Invited

	once  sync.Once
	slots chan struct{} // who hashes a passphrase at this moment
}

// follow brings the accounts up to the newest journal row. What it returns is shared: nobody may change it.
func (r *staffRoom) follow(ctx context.Context, tx *store.Tx) ([]staff.Account, []staff.Invited, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, err := tx.Last(ctx)
	if err != nil || r.read && last <= r.at {
		return r.people, r.invitations, err
	}
	changed := !r.read
	if !changed {
		if changed, err = staff.Changed(ctx, tx, r.at); err != nil {
			return nil, nil, err
		}
	}
	if changed {
		people, invitations, err := staff.Load(ctx, tx)
		if err != nil {
			return nil, nil, err
		}
		r.people, r.invitations = people, invitations
	}
	r.at, r.read = last, true
	return r.people, r.invitations, nil
}

// people are the accounts as they stand.
func (d *Desk) people(ctx context.Context) (people []staff.Account, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		people, _, err = d.staff.follow(ctx, tx)
		return err
	})
	return people, err
}

// HasAccounts reports whether anybody has an account here. While nobody has one, whoever sits at the machine is the operator.
func (d *Desk) HasAccounts(ctx context.Context) (bool, error) {
	people, err := d.people(ctx)
	return len(people) > 0, err
}

// Accounts lists the accounts in the order in which they were made. Who does not keep them sees names, roles, languages and standing.
// No secret of an authenticator is ever in the answer.
func (d *Desk) Accounts(ctx context.Context, who access.Actor) (out []staff.Account, err error) {
	if err := d.read(ctx, who, access.OwnAccount, access.Page, "people"); err != nil {
		return nil, err
	}
	people, err := d.people(ctx)
	for _, a := range people {
		out = append(out, shown(a, who))
	}
	return out, err
}

// Account is one account as Accounts shows it; NotFound where there is none.
func (d *Desk) Account(ctx context.Context, who access.Actor, id string) (staff.Account, error) {
	if err := who.May(access.OwnAccount); err != nil {
		return staff.Account{}, err
	}
	people, err := d.people(ctx)
	if err != nil {
		return staff.Account{}, err
	}
	a, ok := staff.Find(people, id)
	if !ok {
		return a, noAccount()
	}
	return shown(a, who), nil
}

func noAccount() error {
	return fault.New(fault.NotFound, "there is no such account here").Do("look for it in the list of people")
}

// shown is as much of an account as somebody may see.
func shown(a staff.Account, who access.Actor) staff.Account {
	a.Authenticators = slices.Clone(a.Authenticators)
	for i := range a.Authenticators {
		h := &a.Authenticators[i]
		h.Hash, h.Secret, h.Credential, h.Codes = "", "", nil, make([]string, len(h.Codes))
	}
	if who.Account == a.ID || who.Can(access.ManagePeople) {
		return a
	}
	return staff.Account{ID: a.ID, Name: a.Name, Langs: a.Langs, Standing: a.Standing, Since: a.Since, Grant: staff.Grant{Roles: a.Roles}}
}

// changed runs a change of one account in a transaction: it finds the account among all, and NotFound where there is none.
func (d *Desk) changed(ctx context.Context, who access.Actor, id string, change func(tx *store.Tx, people []staff.Account, a staff.Account) error) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		people, _, err := staff.Load(ctx, tx)
		if err != nil {
			return err
		}
		a, ok := staff.Find(people, id)
		if !ok {
			return noAccount()
		}
		return change(tx, people, a)
	})
}

// keepStaff puts entries of the register on record about one subject.
func keepStaff(ctx context.Context, tx *store.Tx, subject, kind string, body any) error {
	_, err := entry.Add(ctx, tx, staff.Register, entry.New{Kind: kind, Subject: subject, Body: body})
	return err
}

func refusedStaff(why string) error {
	return fault.New(fault.Refused, "%s", why).Keeping("nothing was changed")
}

func invalidStaff(why string) error {
	return fault.New(fault.Invalid, "%s", why).Keeping("nothing was changed")
}

func isState(iso3 string) bool {
	code, known := vocab.Country(iso3)
	return known && code == iso3 && iso3 != "ZZZ"
}

// SetRoles says what an account is trusted with from now on. Its sessions end, so that nothing goes on under the former roles. The last
// administrator remains one.
func (d *Desk) SetRoles(ctx context.Context, who access.Actor, id string, g staff.Grant) error {
	if err := who.May(access.ManagePeople); err != nil {
		return err
	}
	if why := g.Problem(d.Today(), isState); why != "" {
		return invalidStaff(why)
	}
	return d.changed(ctx, who, id, func(tx *store.Tx, people []staff.Account, a staff.Account) error {
		if a.Standing == staff.Left {
			return refusedStaff("whoever left holds no role")
		}
		next := a
		next.Grant = g
		if why := staff.Orphans(staff.With(people, next), d.Today()); why != "" {
			return refusedStaff(why)
		}
		if err := keepStaff(ctx, tx, id, staff.KindRoles, g); err != nil {
			return err
		}
		return endSessions(ctx, tx, id)
	})
}

// DeclareConflict puts on record that an interest bars an account's holder from work on a State, a record or a case, or that it no longer does.
// Everybody may declare their own; only who keeps the accounts lifts one.
func (d *Desk) DeclareConflict(ctx context.Context, who access.Actor, account string, c staff.Conflict) error {
	own := who.Account == account && who.Can(access.OwnAccount) && !c.Lifted
	if err := who.May(access.ManagePeople); err != nil && !own {
		return err
	}
	_, isCase := id.Time(c.About)
	if !isCase && !isState(c.About) && (len(c.About) > 60 || !isState(stateOfID(c.About))) {
		return invalidStaff("a conflict of interest is with a State, a record or a case, such as XAA, WRD-XAA-2024-... or the id below a case")
	}
	if c.Why == "" || len(c.Why) > 4*staff.MaxReason {
		return invalidStaff("a conflict of interest needs a reason")
	}
	return d.changed(ctx, who, account, func(tx *store.Tx, _ []staff.Account, a staff.Account) error {
		if slices.Contains(a.Barred(), c.About) != c.Lifted {
			return nil
		}
		return keepStaff(ctx, tx, account, staff.KindConflict, c)
	})
}

// MoveAccount brings an account to another standing. Everybody may lock their own; who keeps the accounts may lock one or say that its
// holder left: either destroys every way into it. From a travel lock the command line alone brings it back here.
func (d *Desk) MoveAccount(ctx context.Context, who access.Actor, id string, m staff.Move) error {
	own := who.Account == id && who.Can(access.OwnAccount) && m.To == staff.TravelLocked
	if err := who.May(access.ManagePeople); err != nil && !own {
		return err
	}
	if m.To == staff.Active && who.Account != "" {
		return refusedStaff("a travel lock is lifted by two colleagues, or from the command line")
	}
	err := d.changed(ctx, who, id, func(tx *store.Tx, people []staff.Account, a staff.Account) error {
		if m.To == staff.Active {
			return d.moveAccount(ctx, tx, people, a, m)
		}
		return d.shutOut(ctx, tx, people, a, m)
	})
	if err != nil {
		return err
	}
	_, err = d.sweep(ctx)
	return err
}

// moveAccount brings an account to another standing in the caller's transaction, and ends its sessions. Nobody leaves as the last
// administrator.
func (d *Desk) moveAccount(ctx context.Context, tx *store.Tx, people []staff.Account, a staff.Account, m staff.Move) error {
	why := a.MayMove(m.To)
	if why == "" && m.To == staff.Left {
		next := a
		next.Standing = m.To
		why = staff.Orphans(staff.With(people, next), d.Today())
	}
	if why != "" {
		return refusedStaff(why)
	}
	if err := keepStaff(ctx, tx, a.ID, staff.KindStanding, m); err != nil {
		return err
	}
	return endSessions(ctx, tx, a.ID)
}
