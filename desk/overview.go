package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/incident"
	"ward/intake"
	"ward/search"
	"ward/store"
	"ward/vocab"
)

// Overview is what the workspace holds, register beside register.
type Overview struct {
	Tallies []incident.Tally
	Sources []intake.Source
	Runs    []intake.Run
}

// Overview sums the workspace. Tallies of two registers are never to be added.
func (d *Desk) Overview(ctx context.Context, who access.Actor) (Overview, error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "overview"); err != nil {
		return Overview{}, err
	}
	tallies, err := d.tallies(ctx)
	if err != nil {
		return Overview{}, err
	}
	if who.Only != nil {
		return d.overviewWithin(ctx, who, tallies)
	}
	o := Overview{Tallies: tallies}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if o.Sources, err = intake.Sources(ctx, tx); err != nil {
			return err
		}
		o.Runs, err = intake.Runs(ctx, tx)
		return err
	})
	return o, err
}

// overviewWithin is the overview of somebody who sees some States only: what happened there, and no import, whose size would tell of the rest.
func (d *Desk) overviewWithin(ctx context.Context, who access.Actor, tallies []incident.Tally) (o Overview, err error) {
	o.Tallies = slices.DeleteFunc(slices.Clone(tallies), func(t incident.Tally) bool { return !who.Sees(t.Country) })
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		o.Sources, err = intake.Sources(ctx, tx)
		return err
	})
	return o, err
}

// Invented reports that the workspace has incidents in invented States, and none in any other: then nothing in it is about anybody.
func (d *Desk) Invented(ctx context.Context) (made bool, err error) {
	x, err := d.follow(ctx)
	if err != nil {
		return false, err
	}
	found, err := x.Search(search.Query{Within: search.Everything(), Facets: []string{"country"}})
	for _, n := range found.Facets["country"] {
		if !vocab.Invented(n.Value) && n.Value != vocab.NoCountry {
			return false, err
		}
		made = made || vocab.Invented(n.Value)
	}
	return made, err
}
