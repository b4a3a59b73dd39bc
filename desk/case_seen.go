package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/casework"
	"ward/fault"
	"ward/person"
	"ward/store"
)

// noCase is the answer about a case that is not there, or that the asker may not hear of.
func noCase(id string) error {
	return fault.New(fault.NotFound, "there is no case %.40q", id).Do("look for it among the cases")
}

// notOnCase is the answer to somebody who may know that there is a case and is not on it.
func notOnCase(name string) error {
	return fault.New(fault.Refused, "%s is not on this case", name).Keeping("nothing was changed").Do("join the case first, and say why")
}

// onEveryCase reports the operator, who holds the passphrase and is on every case.
func onEveryCase(who access.Actor) bool { return slices.Contains(who.Roles, access.Operator) }

// caseIn folds one case, whoever asks; NotFound where there is none.
func caseIn(ctx context.Context, tx *store.Tx, id string) (casework.Case, error) {
	list, err := casesBy(ctx, tx, []string{id})
	if err == nil && len(list) == 0 {
		err = noCase(id)
	}
	if err != nil {
		return casework.Case{}, err
	}
	return list[0], nil
}

// onCase folds a case for somebody who works on it or reads what it holds of people (T3): the act is theirs, no conflict of interest with the
// case or its country bars them, and they are on it. Whoever is not is told to join; to who may not read cases there is none.
func (d *Desk) onCase(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, id string) (casework.Case, error) {
	if err := who.May(act); err != nil {
		return casework.Case{}, err
	}
	c, err := caseIn(ctx, tx, id)
	if err != nil {
		return casework.Case{}, err
	}
	switch t := topOf(c); {
	case !t.seenBy(who):
		err = noCase(id)
	case who.MayOn(act, t.about()...) != nil:
		err = who.MayOn(act, t.about()...)
	case onEveryCase(who) || c.On(who.Name):
		return c, nil
	case who.Can(access.ReadCases):
		err = notOnCase(who.Name)
	default:
		err = noCase(id)
	}
	return casework.Case{}, err
}

// caseTop is what everybody who reads cases may see of one (T2), on it or not.
func (d *Desk) caseTop(ctx context.Context, tx *store.Tx, who access.Actor, id string) (*CaseTop, error) {
	if err := who.May(access.ReadCases); err != nil {
		return nil, err
	}
	c, err := caseIn(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	t := topOf(c)
	if !t.seenBy(who) {
		return nil, noCase(id)
	}
	return t, nil
}

// onPerson folds a person for somebody who may read what is held of them (T3): whoever is on a case that is about them or links them, and
// whoever made them. To everybody else there is none.
func (d *Desk) onPerson(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, id string) (p person.Person, err error) {
	if err := who.May(act); err != nil {
		return p, err
	}
	p, err = person.Load(ctx, tx, id)
	if err != nil {
		return p, err
	}
	cases, err := d.casesOfPerson(ctx, tx, id)
	near := slices.ContainsFunc(cases, func(t *CaseTop) bool { return t.On(who.Name) && t.seenBy(who) && who.MayOn(act, t.about()...) == nil })
	switch {
	case err != nil:
	case !near && p.By != who.Name && !onEveryCase(who):
		err = person.Nobody(id)
	default:
		err = who.MayOn(act, given(id, p.Country)...) // after the rest: a conflict of interest tells nobody that there is somebody
	}
	if err != nil {
		return person.Person{}, err
	}
	return p, nil
}

// casesOfPerson are the cases that are about a person or link them. It reads within the transaction given, what that wrote among it.
func (d *Desk) casesOfPerson(ctx context.Context, tx *store.Tx, id string) (out []*CaseTop, err error) {
	b, err := d.cases.within(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, t := range b.rows {
		if slices.Contains(t.persons, id) {
			out = append(out, t)
		}
	}
	return out, nil
}
