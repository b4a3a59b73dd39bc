package desk

import (
	"context"
	"maps"
	"slices"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/fault"
	"ward/referral"
	"ward/staff"
	"ward/store"
)

// noReferral is the answer about a referral that is not there, or of which the asker may not hear.
func noReferral(id string) error {
	return fault.New(fault.NotFound, "there is no referral %.40q", id).Do("look for it among the referrals of your cases")
}

// referralEntries are the entries about some referrals, by referral.
type referralEntries map[string]*referral.Entries

func (e referralEntries) of(id string) *referral.Entries {
	if e[id] == nil {
		e[id] = &referral.Entries{}
	}
	return e[id]
}

// kept reads the entries of one kind, of one referral or, where id is "", of all.
func keptOf[T any](ctx context.Context, tx *store.Tx, kind, id string, e referralEntries, into func(*referral.Entries) *[]entry.Entry[T]) error {
	var list []entry.Entry[T]
	var err error
	if id == "" {
		list, err = entry.All[T](ctx, tx, kind)
	} else {
		list, err = entry.Of[T](ctx, tx, kind, id)
	}
	for _, one := range list {
		l := into(e.of(one.Subject))
		*l = append(*l, one)
	}
	return err
}

// referralsIn folds one referral, or all in the order in which they were begun where id is "".
func referralsIn(ctx context.Context, tx *store.Tx, id string) (out []referral.Referral, err error) {
	e := referralEntries{}
	for _, read := range []func() error{
		func() error {
			return keptOf(ctx, tx, referral.KindProposed, id, e, func(e *referral.Entries) *[]entry.Entry[referral.Proposed] { return &e.Proposed })
		},
		func() error {
			return keptOf(ctx, tx, referral.KindStep, id, e, func(e *referral.Entries) *[]entry.Entry[referral.Step] { return &e.Steps })
		},
		func() error {
			return keptOf(ctx, tx, referral.KindPackage, id, e, func(e *referral.Entries) *[]entry.Entry[referral.Built] { return &e.Packages })
		},
		func() error {
			return keptOf(ctx, tx, referral.KindDisclosure, id, e, func(e *referral.Entries) *[]entry.Entry[referral.Disclosure] { return &e.Disclosures })
		},
		func() error {
			return keptOf(ctx, tx, referral.KindEnd, id, e, func(e *referral.Entries) *[]entry.Entry[referral.End] { return &e.Ends })
		},
		func() error {
			return keptOf(ctx, tx, referral.KindOffer, id, e, func(e *referral.Entries) *[]entry.Entry[referral.Offer] { return &e.Offers })
		},
		func() error {
			return keptOf(ctx, tx, referral.KindTaken, id, e, func(e *referral.Entries) *[]entry.Entry[referral.Taken] { return &e.Taken })
		},
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e)) {
		if r, ok := referral.Fold(id, *e[id]); ok {
			out = append(out, r)
		}
	}
	return out, nil
}

// referralIn folds one referral, whoever asks; NotFound where there is none.
func referralIn(ctx context.Context, tx *store.Tx, id string) (referral.Referral, error) {
	if id == "" {
		return referral.Referral{}, noReferral(id)
	}
	list, err := referralsIn(ctx, tx, id)
	if err == nil && len(list) == 0 {
		err = noReferral(id)
	}
	if err != nil {
		return referral.Referral{}, err
	}
	return list[0], nil
}

// referralsAbout are the referrals that rest on a person's consent, the oldest first.
func referralsAbout(ctx context.Context, tx *store.Tx, personID string) (out []referral.Referral, err error) {
	all, err := referralsIn(ctx, tx, "")
	for _, r := range all {
		if r.Person == personID {
			out = append(out, r)
		}
	}
	return out, err
}

// onReferral folds a referral for somebody who works on it: the act is theirs, they are on its case, and no conflict of interest with the
// referral, the case, the person or the State bars them.
func (d *Desk) onReferral(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, id string) (r referral.Referral, c casework.Case, err error) {
	if err := who.May(act); err != nil {
		return r, c, err
	}
	if r, err = referralIn(ctx, tx, id); err != nil {
		return r, c, err
	}
	if c, err = d.onCase(ctx, tx, who, act, r.Case); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = noReferral(id)
		}
		return referral.Referral{}, c, err
	}
	if err := who.MayOn(act, aboutReferral(r)...); err != nil {
		return referral.Referral{}, casework.Case{}, err
	}
	return r, c, nil
}

// toApprove folds a referral for somebody who approves packages and needs not be on the case: they see what is to leave, and nothing else.
func (d *Desk) toApprove(ctx context.Context, tx *store.Tx, who access.Actor, id string) (r referral.Referral, c casework.Case, err error) {
	if err := who.May(access.ApproveReferrals); err != nil {
		return r, c, err
	}
	if r, err = referralIn(ctx, tx, id); err != nil {
		return r, c, err
	}
	if c, err = caseIn(ctx, tx, r.Case); err != nil {
		return referral.Referral{}, c, err
	}
	if !who.Sees(given(r.Country, c.Country)...) {
		return referral.Referral{}, casework.Case{}, noReferral(id)
	}
	return r, c, who.MayOn(access.ApproveReferrals, append(aboutReferral(r), given(c.Country)...)...)
}

// aboutReferral is what a conflict of interest with bars from a referral.
func aboutReferral(r referral.Referral) []string { return given(r.ID, r.Case, r.Person, r.Country) }

// approvers counts who could approve a referral today; without accounts, the operator alone.
func (d *Desk) approvers(ctx context.Context, tx *store.Tx, r referral.Referral) (n int, err error) {
	people, _, err := staff.Load(ctx, tx)
	for _, p := range people {
		if p.Actor(d.Today()).MayOn(access.ApproveReferrals, aboutReferral(r)...) == nil {
			n++
		}
	}
	return max(n, 1), err
}

// addReferral puts something about a referral on record and returns the entry's id.
func addReferral(ctx context.Context, tx *store.Tx, id, kind string, body any) (string, error) {
	ids, err := entry.Add(ctx, tx, referral.Register, entry.New{Kind: kind, Subject: id, Body: body})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}
