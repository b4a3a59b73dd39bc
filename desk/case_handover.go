package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/casework"
	"ward/fault"
	"ward/staff"
	"ward/store"
)

// casesOn are the open cases on which somebody is.
func (d *Desk) casesOn(ctx context.Context, tx *store.Tx, name string) ([]casework.Case, error) {
	b, err := d.cases.within(ctx, tx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, t := range b.rows {
		if t.Open && t.On(name) {
			ids = append(ids, t.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return casesBy(ctx, tx, ids)
}

// moveCases gives somebody's open cases and the tasks that are theirs to a colleague. Where a conflict of interest bars the colleague the others
// on the case keep it; a case on which there is nobody else stays the leaver's, who can open nothing any more, until another is chosen.
func (d *Desk) moveCases(ctx context.Context, tx *store.Tx, people []staff.Account, a staff.Account, to string) error {
	list, err := d.casesOn(ctx, tx, a.Name)
	if err != nil || len(list) == 0 {
		return err
	}
	at := slices.IndexFunc(people, func(p staff.Account) bool { return p.Name == to && p.ID != a.ID })
	alone := slices.ContainsFunc(list, func(c casework.Case) bool { return len(c.Team) == 1 })
	if at < 0 && alone || at >= 0 && !people[at].Actor(d.Today()).Can(access.ReadCases) {
		return fault.New(fault.Invalid, "there are cases to hand over, and nobody was chosen who can take them").Keeping("nothing was changed").
			Do("choose a colleague who works on cases")
	}
	for _, c := range list {
		heir := ""
		if at >= 0 && d.canJoin(people, to, c) {
			heir = to
		}
		if err := handOverCase(ctx, tx, c, a.Name, heir); err != nil {
			return err
		}
	}
	return nil
}

// handOverCase takes somebody off a case and puts the heir in their place; heir "" is nobody new.
func handOverCase(ctx context.Context, tx *store.Tx, c casework.Case, leaver, heir string) error {
	others := slices.DeleteFunc(slices.Clone(c.Team), func(m casework.Member) bool { return m.Name == leaver })
	if heir == "" && len(others) == 0 {
		return nil
	}
	if heir == "" {
		heir = others[0].Name // leads stand first
	}
	lead := c.Leads(leaver) || c.Leads(heir)
	if err := addMember(ctx, tx, c.ID, casework.Member{Name: heir, Lead: lead}); err != nil {
		return err
	}
	if err := addMember(ctx, tx, c.ID, casework.Member{Name: leaver, Gone: true}); err != nil {
		return err
	}
	for _, t := range c.Tasks {
		if t.State == casework.TaskOpen && t.For == leaver {
			t.For = heir
			if err := addCase(ctx, tx, c.ID, casework.KindTask, t); err != nil {
				return err
			}
		}
	}
	return nil
}
