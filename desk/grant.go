package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ward/access"
	"ward/fault"
	"ward/id"
	"ward/incident"
	"ward/staff"
	"ward/store"
	"ward/when"
)

// AccessFile is a grant of access as its pages need it.
type AccessFile struct {
	staff.Access
	State    string
	Holder   staff.Account
	Read     []store.Reading // what the holder read since it was asked for, the newest first; for one grant alone
	Elders   int             // who could approve it, the holder aside; 1 is one person only
	MayVoice string          // why the asker's word cannot be taken; "" where it can
}

// Accesses lists the grants of access, the newest first.
func (d *Desk) Accesses(ctx context.Context, who access.Actor) (out []AccessFile, err error) {
	if err := d.read(ctx, who, access.AskAccess, access.Page, "grants"); err != nil {
		return nil, err
	}
	people, err := d.people(ctx)
	for _, p := range people {
		for _, a := range p.Access {
			out = append(out, d.accessFile(people, staff.Account{ID: p.ID, Name: p.Name, Standing: p.Standing, Grant: p.Grant}, a, who))
		}
	}
	slices.SortFunc(out, func(a, b AccessFile) int { return strings.Compare(b.ID, a.ID) })
	return out, err
}

func (d *Desk) accessFile(people []staff.Account, holder staff.Account, a staff.Access, who access.Actor) AccessFile {
	f := AccessFile{Access: a, State: a.State(d.Today()), Holder: holder, Elders: elders(people, holder.Name, d.Today())}
	if f.MayVoice = a.MayApprove(who.Name, holder, d.Today()); !who.Can(access.ApproveAccess) {
		f.MayVoice = "your role does not allow it"
	}
	return f
}

// elders counts who could approve somebody's access; without accounts, the operator alone.
func elders(people []staff.Account, holder string, today when.Day) (n int) {
	for _, p := range people {
		if p.Name != holder && p.Actor(today).Can(access.ApproveAccess) {
			n++
		}
	}
	return max(n, 1)
}

// Access is one grant of access, with what its holder read.
func (d *Desk) Access(ctx context.Context, who access.Actor, grant string) (f AccessFile, err error) {
	list, err := d.Accesses(ctx, who)
	if err != nil {
		return f, err
	}
	at := slices.IndexFunc(list, func(a AccessFile) bool { return a.ID == grant })
	if at < 0 {
		return f, noAccess(grant)
	}
	f = list[at]
	f.Read, err = d.readBy(ctx, f.Holder.Name, f.At)
	return f, err
}

func noAccess(grant string) error {
	return fault.New(fault.NotFound, "there is no grant of access %.40q here", grant).Do("take one of the list")
}

// readBy is what somebody read since a time, the newest first.
func (d *Desk) readBy(ctx context.Context, name string, since time.Time) (out []store.Reading, err error) {
	const page = 1000
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		for offset := 0; ; offset += page {
			list, err := tx.Readings(ctx, offset, page)
			for _, r := range list {
				if r.At.Before(since) {
					return nil
				}
				if r.Who == name {
					out = append(out, r)
				}
			}
			if err != nil || len(list) < page {
				return err
			}
		}
	})
	return out, err
}

// Investigators are those for whom access can be asked.
func (d *Desk) Investigators(ctx context.Context, who access.Actor) (out []staff.Account, err error) {
	if err := who.May(access.AskAccess); err != nil {
		return nil, err
	}
	people, err := d.people(ctx)
	for _, p := range people {
		if p.Holds(access.Investigator, d.Today()) {
			out = append(out, staff.Account{ID: p.ID, Name: p.Name, Grant: p.Grant})
		}
	}
	return out, err
}

// AskAccess asks that an investigator may read; with a scope of no States, what and until when is said later. It returns the grant's id.
func (d *Desk) AskAccess(ctx context.Context, who access.Actor, asked staff.AccessAsked, scope staff.AccessScope) (grant string, err error) {
	if err := who.May(access.AskAccess); err != nil {
		return "", err
	}
	if why := asked.Problem(); why != "" {
		return "", invalidStaff(why)
	}
	err = d.changed(ctx, who, asked.Account, func(tx *store.Tx, _ []staff.Account, holder staff.Account) error {
		today := when.DayOf(tx.Now())
		if !holder.Holds(access.Investigator, today) {
			return invalidStaff("this is no investigator's account, or it has ended")
		}
		grant = id.New(tx.Now())
		if err := keepStaff(ctx, tx, grant, staff.KindAccessAsked, asked); err != nil || len(scope.States) == 0 {
			return err
		}
		return scopeAccess(ctx, tx, who, grant, holder, scope)
	})
	return grant, err
}

func scopeAccess(ctx context.Context, tx *store.Tx, who access.Actor, grant string, holder staff.Account, scope staff.AccessScope) error {
	if why := scope.Problem(when.DayOf(tx.Now()), holder, isState); why != "" {
		return invalidStaff(why)
	}
	if err := who.MayOn(access.AskAccess, scope.States...); err != nil {
		return err
	}
	return keepStaff(ctx, tx, grant, staff.KindAccessScope, scope)
}

// onAccess runs a change of one open grant in a transaction.
func (d *Desk) onAccess(ctx context.Context, who access.Actor, grant string, change func(tx *store.Tx, people []staff.Account, holder staff.Account, a staff.Access) error) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		people, _, err := staff.Load(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range people {
			at := slices.IndexFunc(p.Access, func(a staff.Access) bool { return a.ID == grant })
			if at < 0 {
				continue
			}
			if !p.Access[at].Open(when.DayOf(tx.Now())) {
				return fault.New(fault.Conflict, "this grant has ended").Keeping("nothing was changed").Do("ask for another")
			}
			return change(tx, people, p, p.Access[at])
		}
		return noAccess(grant)
	})
}

// ScopeAccess says what may be read and until when; what was approved before has to be approved anew.
func (d *Desk) ScopeAccess(ctx context.Context, who access.Actor, grant string, scope staff.AccessScope) error {
	if err := who.May(access.AskAccess); err != nil {
		return err
	}
	return d.onAccess(ctx, who, grant, func(tx *store.Tx, _ []staff.Account, holder staff.Account, _ staff.Access) error {
		return scopeAccess(ctx, tx, who, grant, holder, scope)
	})
}

// ApproveAccess gives one person's word to the scope that the asker saw, by the id of its entry. Where nobody else could, one word does, and is marked so.
func (d *Desk) ApproveAccess(ctx context.Context, who access.Actor, grant, scope, why string) error {
	if err := who.May(access.ApproveAccess); err != nil {
		return err
	}
	if utf8.RuneCountInString(why) > staff.MaxReason {
		return invalidStaff("the reason is too long")
	}
	return d.onAccess(ctx, who, grant, func(tx *store.Tx, people []staff.Account, holder staff.Account, a staff.Access) error {
		today := when.DayOf(tx.Now())
		if problem := a.MayApprove(who.Name, holder, today); problem != "" {
			return refusedStaff(problem)
		}
		if a.Scopes[len(a.Scopes)-1].ID != scope {
			return fault.New(fault.Conflict, "what may be read was changed meanwhile").Keeping("nothing was approved").Do("look at the page again")
		}
		if err := who.MayOn(access.ApproveAccess, a.States...); err != nil {
			return err
		}
		alone := len(a.Voices) == 0 && elders(people, holder.Name, today) < staff.AccessVoices
		return keepStaff(ctx, tx, grant, staff.KindAccessVoice, staff.AccessVoice{Scope: scope, Why: why, Alone: alone})
	})
}

// RevokeAccess ends a grant at once: the holder's next request is answered without it.
func (d *Desk) RevokeAccess(ctx context.Context, who access.Actor, grant, why string) error {
	if err := who.May(access.AskAccess); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" || utf8.RuneCountInString(why) > staff.MaxReason {
		return invalidStaff("a reason is missing, or too long")
	}
	return d.onAccess(ctx, who, grant, func(tx *store.Tx, _ []staff.Account, _ staff.Account, _ staff.Access) error {
		return keepStaff(ctx, tx, grant, staff.KindAccessEnd, staff.AccessEnd{Why: why})
	})
}

// readEach puts a line into the access log for each incident that an investigator sees, in a list as by itself (M18).
func (d *Desk) readEach(ctx context.Context, who access.Actor, list []incident.Incident) error {
	if who.Only == nil {
		return nil
	}
	day := d.db.Now().Format(time.DateOnly)
	var fresh []string
	for _, inc := range list {
		if !d.readings.known(day, [3]string{who.Name, string(access.Page), inc.PublicID}) {
			fresh = append(fresh, inc.PublicID)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	err := d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		for _, publicID := range fresh {
			if err := tx.NoteReading(ctx, store.Reading{Place: string(access.Page), Subject: publicID, Tier: access.Page.Ceiling().String()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, publicID := range fresh {
		d.readings.note(day, [3]string{who.Name, string(access.Page), publicID})
	}
	return nil
}

// accessCalls tells who may approve that an investigator's access waits for their word.
func (d *Desk) accessCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	people, _, err := d.staff.follow(ctx, tx)
	today := when.DayOf(tx.Now())
	for _, p := range people {
		for _, a := range p.Access {
			if state := a.State(today); state != staff.AccessScoped && state != staff.AccessApproved {
				continue
			}
			not := []string{p.Name}
			for _, v := range a.Voices {
				not = append(not, v.By)
			}
			out = append(out, call{act: access.ApproveAccess, not: not, about: a.States, Notice: Notice{Kind: NoticeAccess, Subject: a.ID, Path: []string{"grants", a.ID}}})
		}
	}
	return out, err
}

// staffChanged reports that something about accounts came after a journal number.
func staffChanged(ctx context.Context, tx *store.Tx, _ string, after int64) (bool, error) {
	return staff.Changed(ctx, tx, after)
}
