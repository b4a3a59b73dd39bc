package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/person"
	"ward/staff"
	"ward/store"
	"ward/when"
)

// consentsOf is everything said about a person's consent, which every disclosure about them is held to on the day it is made.
func consentsOf(ctx context.Context, tx *store.Tx, personID string) (consent.Entries, error) {
	return consent.Load(ctx, tx, personID)
}

// circumstances are those of a person now: what their story says, what the detention file of a case about them says, and how many people here
// could review the risk. They are read within the transaction that discloses.
func (d *Desk) circumstances(ctx context.Context, tx *store.Tx, p person.Person) (c consent.Circumstances, err error) {
	c = consent.Circumstances{Held: p.Held(), Hiding: p.Hiding, Dead: p.Dead(), Died: died(p)}
	if c.Staff, err = d.reviewers(ctx, tx); err != nil || c.Held {
		return c, err
	}
	cases, err := d.casesAbout(ctx, tx, p.ID)
	c.Held = slices.ContainsFunc(cases, casework.Case.Held)
	return c, err
}

// casesAbout are the cases that are about a person or link them, whole.
func (d *Desk) casesAbout(ctx context.Context, tx *store.Tx, personID string) ([]casework.Case, error) {
	tops, err := d.casesOfPerson(ctx, tx, personID)
	if err != nil || len(tops) == 0 {
		return nil, err
	}
	ids := make([]string, len(tops))
	for i, t := range tops {
		ids[i] = t.ID
	}
	return casesBy(ctx, tx, ids)
}

// died is the last day on which a person can have died; 0 where they live, or nobody knows.
func died(p person.Person) (day when.Day) {
	for _, o := range p.Outcomes {
		if slices.Contains([]string{"died_custody", "executed", "killed"}, o.Body.Code) {
			if on, err := when.Parse(o.Body.When); err == nil {
				day = on.To()
			}
		}
	}
	return day
}

// reviewers counts who could review a risk today; without accounts, the operator alone. It asks the transaction, not what this process
// remembers, because it is asked within ones that write.
func (d *Desk) reviewers(ctx context.Context, tx *store.Tx) (n int, err error) {
	people, _, err := staff.Load(ctx, tx)
	for _, p := range people {
		if p.Actor(d.Today()).Can(access.ReviewRisk) {
			n++
		}
	}
	return max(n, 1), err
}
