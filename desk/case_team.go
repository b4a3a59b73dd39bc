package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/casework"
	"ward/fault"
	"ward/staff"
	"ward/store"
)

// JoinCase puts who asks on a case's team, with a reason that the lead is told. From then on they read what it holds of people. It opens to
// who may read cases, unless a conflict of interest bars them.
func (d *Desk) JoinCase(ctx context.Context, who access.Actor, number, why string) error {
	if err := who.May(access.ReadCases); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		t, err := d.caseTop(ctx, tx, who, number)
		if err != nil {
			return err
		}
		m := casework.Member{Name: who.Name, Why: strings.TrimSpace(why)}
		switch {
		case t.On(who.Name):
			return fault.New(fault.Refused, "%s is on this case already", who.Name).Keeping("nothing was changed")
		case m.Why == "":
			return fault.New(fault.Invalid, "who joins a case says why").Keeping("nothing was changed").Do("write it in one line: the lead reads it")
		}
		if err := who.MayOn(access.ReadCases, t.about()...); err != nil {
			return err
		}
		return addMember(ctx, tx, number, m)
	})
}

func addMember(ctx context.Context, tx *store.Tx, number string, m casework.Member) error {
	if err := m.Check(); err != nil {
		return err
	}
	return addCase(ctx, tx, number, casework.KindMember, m)
}

// SetMember lets somebody on a team bring a colleague, say who leads, or leave. A colleague is taken off by who leads, or leaves by themselves.
// The last one leaves no open case, and no lead leaves one without another.
func (d *Desk) SetMember(ctx context.Context, who access.Actor, number string, m casework.Member) error {
	people, err := d.people(ctx)
	if err != nil {
		return err
	}
	return d.workAsMember(ctx, who, number, func(tx *store.Tx, c casework.Case) error {
		m.Name = strings.TrimSpace(m.Name)
		if m.Gone {
			if m.Lead = false; m.Name != who.Name && !c.Leads(who.Name) && !onEveryCase(who) {
				return fault.New(fault.Refused, "who leads the case takes somebody off it").Keeping("nothing was changed").Do("ask who leads it")
			}
			if err := c.Leave(m.Name); err != nil {
				return err
			}
			return addMember(ctx, tx, number, m)
		}
		if c.Leads(m.Name) && !m.Lead {
			if err := c.Leave(m.Name); err != nil {
				return err
			}
		}
		if m.Name != who.Name && !d.canJoin(people, m.Name, c) {
			return fault.New(fault.Refused, "this is nobody who can be on the case").Keeping("nothing was changed").
				Do("choose a colleague who reads cases and has no conflict of interest with it")
		}
		return addMember(ctx, tx, number, m)
	})
}

// workAsMember is workOn for whoever is on the case, a referrer among them.
func (d *Desk) workAsMember(ctx context.Context, who access.Actor, number string, do func(*store.Tx, casework.Case) error) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		c, err := d.onCase(ctx, tx, who, access.ReadCases, number)
		if err != nil {
			return err
		}
		return do(tx, c)
	})
}

// canJoin reports that a colleague of this name can be on a case.
func (d *Desk) canJoin(people []staff.Account, name string, c casework.Case) bool {
	return slices.ContainsFunc(people, func(p staff.Account) bool {
		return p.Name == name && p.Actor(d.Today()).MayOn(access.ReadCases, given(c.ID, c.Country)...) == nil
	})
}

// casePeople lists the names of those who can be brought on a case and are not on it.
func (d *Desk) casePeople(people []staff.Account, c casework.Case) (out []string) {
	for _, p := range people {
		if !c.On(p.Name) && d.canJoin(people, p.Name, c) {
			out = append(out, p.Name)
		}
	}
	slices.Sort(out)
	return out
}
