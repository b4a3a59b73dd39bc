package desk

import (
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/staff"
	"ward/store"
)

// Handover is how far a colleague who leaves has handed over: what is still theirs, and what still opens for them.
type Handover struct {
	Leaver   staff.Account
	Heirs    []string // names of those who can take the work over
	Reports  int      // that they hold in the inbox
	Searches int      // saved and shared ones that are theirs
	Cases    int      // open ones that they are on
	Sessions int
	Means    int // by which they could sign in
	Officer  string
	Contacts int       // of sources, sealed to them as an officer
	Officers int       // who stay
	Rotated  time.Time // when the desk key was last replaced since they left; zero is not yet
}

// Moved reports that no work is left with them.
func (h Handover) Moved() bool { return h.Reports+h.Searches+h.Cases == 0 }

// Done reports that nothing remains to be done.
func (h Handover) Done() bool {
	return h.Leaver.Standing == staff.Left && h.Moved() && h.Sessions+h.Means+h.Contacts == 0 && h.Officer == "" && h.Officers >= fewestOfficers && !h.Rotated.IsZero()
}

// Handover tells how far somebody has handed over.
func (d *Desk) Handover(ctx context.Context, who access.Actor, account string) (h Handover, err error) {
	if err := d.read(ctx, who, access.ManagePeople, access.Page, "people"); err != nil {
		return h, err
	}
	people, err := d.people(ctx)
	if err != nil {
		return h, err
	}
	a, ok := staff.Find(people, account)
	if !ok {
		return h, noAccount()
	}
	h.Leaver, h.Means = shown(a, who), len(a.Authenticators)
	for _, p := range people {
		if heir := p.Actor(d.Today()); p.ID != account && (heir.Can(access.TriageReports) || heir.Can(access.ReadCases)) {
			h.Heirs = append(h.Heirs, p.Name)
		}
	}
	return h, d.db.Read(ctx, func(tx *store.Tx) error { return d.remaining(ctx, tx, &h) })
}

// remaining counts what is still a leaver's.
func (d *Desk) remaining(ctx context.Context, tx *store.Tx, h *Handover) error {
	held, err := heldBy(ctx, tx, h.Leaver.Name)
	if err != nil {
		return err
	}
	searches, err := sharedBy(ctx, tx, h.Leaver.Name)
	if err != nil {
		return err
	}
	sessions, err := tx.PassingOf(ctx, passingSession, h.Leaver.ID)
	if err != nil {
		return err
	}
	cases, err := d.casesOn(ctx, tx, h.Leaver.Name)
	if err != nil {
		return err
	}
	h.Reports, h.Searches, h.Sessions, h.Cases = len(held), len(searches), len(sessions), len(cases)
	if err := h.keys(ctx, tx); err != nil {
		return err
	}
	return h.rotation(ctx, tx)
}

// keys looks whether the leaver is an officer. An officer is named as the account is.
func (h *Handover) keys(ctx context.Context, tx *store.Tx) error {
	officers, err := tx.Officers(ctx)
	if err != nil {
		return err
	}
	for _, o := range officers {
		if staff.Key(o.Name) != staff.Key(h.Leaver.Name) {
			h.Officers++
			continue
		}
		h.Officer = o.Name
		contacts, err := sealedTo(ctx, tx, o.Name)
		if err != nil {
			return err
		}
		h.Contacts = len(contacts)
	}
	return nil
}

// rotation finds when the desk key was replaced since the leaver left.
func (h *Handover) rotation(ctx context.Context, tx *store.Tx) error {
	if h.Leaver.Standing != staff.Left {
		return nil
	}
	acts, err := tx.History(ctx, store.Workspace)
	for _, a := range acts {
		if a.Act == "keys.rotate" && a.At.After(h.Leaver.Since) {
			h.Rotated = a.At
		}
	}
	return err
}

// heldBy lists the reports that somebody holds and on which something can still be done.
func heldBy(ctx context.Context, tx *store.Tx, name string) (out []*Waiting, err error) {
	received, err := entry.All[intake.Received](ctx, tx, intake.KindReceived)
	if err != nil {
		return nil, err
	}
	all, err := entry.All[intake.Handling](ctx, tx, intake.KindHandling)
	if err != nil {
		return nil, err
	}
	moves, _ := bySubject(all)
	for _, r := range received {
		w := newWaiting(r).moved(moves[r.Subject])
		if w.Holder == name && w.Check(intake.Handling{Move: intake.Release}, tx.Now()) == nil {
			out = append(out, w)
		}
	}
	return out, nil
}

// sharedBy lists the saved searches of somebody that others use.
func sharedBy(ctx context.Context, tx *store.Tx, name string) (out []SavedSearch, err error) {
	made, err := entry.All[savedSearch](ctx, tx, searchSaved)
	if err != nil {
		return nil, err
	}
	removed, err := entry.All[struct{}](ctx, tx, searchRemoved)
	if err != nil {
		return nil, err
	}
	gone, _ := bySubject(removed)
	of, order := bySubject(made)
	for _, key := range order {
		if s, ok := standingSearch(of[key], gone[key] != nil, access.Actor{Name: name}); ok && s.Own && s.Shared {
			out = append(out, s)
		}
	}
	return out, nil
}

// HandOver ends somebody's work here in one act: what they hold goes to a colleague, or back to the inbox where a conflict of interest bars
// that colleague; their cases and tasks go the same way; sessions and every way of signing in end; the account stands as left. It can be done again for what came to light later.
// Left says what of the destroyed keys remains on this disk.
func (d *Desk) HandOver(ctx context.Context, who access.Actor, account, to, why string) (left string, err error) {
	if err := who.May(access.ManagePeople); err != nil {
		return "", err
	}
	if account == who.Account {
		return "", refusedStaff("nobody hands over their own account: leave it to a colleague who keeps the accounts")
	}
	if len(why) > 4*staff.MaxReason {
		return "", invalidStaff("the reason is too long")
	}
	err = d.changed(ctx, who, account, func(tx *store.Tx, people []staff.Account, a staff.Account) error {
		if err := d.moveCases(ctx, tx, people, a, to); err != nil {
			return err
		}
		if err := d.moveWork(ctx, tx, people, a, to); err != nil || a.Standing == staff.Left {
			return err
		}
		return d.shutOut(ctx, tx, people, a, staff.Move{To: staff.Left, Why: why})
	})
	if err != nil {
		return "", err
	}
	return d.sweep(ctx)
}

// moveWork gives what somebody holds to a colleague.
func (d *Desk) moveWork(ctx context.Context, tx *store.Tx, people []staff.Account, a staff.Account, to string) error {
	held, err := heldBy(ctx, tx, a.Name)
	if err != nil {
		return err
	}
	searches, err := sharedBy(ctx, tx, a.Name)
	if err != nil || len(held)+len(searches) == 0 {
		return err
	}
	at := slices.IndexFunc(people, func(p staff.Account) bool { return p.Name == to && p.ID != a.ID })
	if at < 0 || !people[at].Actor(d.Today()).Can(access.TriageReports) {
		return fault.New(fault.Invalid, "there is work to hand over, and nobody was chosen who can take it").Keeping("nothing was changed").
			Do("choose a colleague who handles reports")
	}
	heir := people[at].Actor(d.Today())
	for _, w := range held {
		move := intake.Handling{Move: intake.Assign, To: to}
		if !w.seenBy(heir) || heir.MayOn(access.TriageReports, w.about()...) != nil {
			move = intake.Handling{Move: intake.Release}
		}
		if err := handle(ctx, tx, []string{w.ID}, move); err != nil {
			return err
		}
	}
	for _, s := range searches {
		next := entry.New{Kind: searchSaved, Subject: s.ID, Body: savedSearch{Search: s.Search, Name: s.Name, Shared: true, Heir: to}}
		if _, err := entry.Add(ctx, tx, registerSearch, next); err != nil {
			return err
		}
	}
	return nil
}
