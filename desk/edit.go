package desk

import (
	"context"
	"math"
	"slices"
	"strings"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/vocab"
)

// unlooked is the journal number of somebody who did not look at an incident before they state something about it.
const unlooked int64 = math.MaxInt64

// EditIncident is StateIncident for somebody who saw the incident as it stood after a journal row (its Journal). Where somebody else has stated
// something about one of the same fields since, it is a Conflict that says who and what; nothing is written.
func (d *Desk) EditIncident(ctx context.Context, who access.Actor, publicID string, drawn int64, moves ...incident.Stated) error {
	if err := checkStated(moves); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		inc, about, err := d.heard(ctx, tx, who, access.EditIncidents, publicID)
		if err != nil {
			return err
		}
		if err := d.mayName(who, moves); err != nil {
			return err
		}
		if err := overtaken(ctx, tx, publicID, drawn, about, moves); err != nil {
			return err
		}
		return d.stateMoves(ctx, tx, inc, about, moves)
	})
}

// stateMoves puts moves about an incident on record, within a transaction, and folds it anew.
func (d *Desk) stateMoves(ctx context.Context, tx *store.Tx, inc incident.Incident, about said, moves []incident.Stated) error {
	if err := d.speakOfWhatIs(ctx, tx, about, moves); err != nil {
		return err
	}
	if err := intake.PutSource(ctx, tx, ownSource); err != nil {
		return err
	}
	if _, err := addStated(ctx, tx, inc.PublicID, moves); err != nil {
		return err
	}
	return foldAgain(ctx, tx, inc)
}

// overtaken is the Conflict with what was stated about the same fields after a journal row; nil where nothing was.
func overtaken(ctx context.Context, tx *store.Tx, publicID string, drawn int64, about said, moves []incident.Stated) error {
	if drawn == unlooked {
		return nil
	}
	places, err := entry.Places(ctx, tx, publicID)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(about.stated) {
		mine := slices.ContainsFunc(moves, func(m incident.Stated) bool { return m.Field == e.Body.Field })
		if places[e.ID].Number > drawn && mine {
			return fault.New(fault.Conflict, "%s changed this field (%s) at %s UTC, after you opened the page", e.By, vocab.Label("field", e.Body.Field, "en"), e.At.Format("2006-01-02 15:04")).
				Keeping("nothing was written; what you typed is kept below").Do("look at what it says now, then save again or leave it")
		}
	}
	return nil
}

// CodeReport makes an incident of what somebody coded from a report, and links the two, all or none. Which of the report's own offers stand
// in it is put on record with the report.
func (d *Desk) CodeReport(ctx context.Context, who access.Actor, report string, about ...incident.Stated) (publicID string, err error) {
	if err := who.May(access.EditIncidents); err != nil {
		return "", err
	}
	if err := checkStated(about); err != nil {
		return "", err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		cases, err := casesOf(ctx, tx, []Seen{{report, ""}})
		if err != nil {
			return err
		}
		if err := who.MayOn(access.EditIncidents, cases[0].about()...); err != nil {
			return err
		}
		f, err := receivedIn(ctx, tx, who, report)
		if err != nil {
			return err
		}
		if publicID, err = d.newIncident(ctx, tx, who, about); err != nil {
			return err
		}
		if err := putMoves(ctx, tx, cases, []intake.Handling{{Move: intake.Link, Incident: publicID}}); err != nil {
			return err
		}
		_, err = entry.Add(ctx, tx, intake.RegisterReport, entry.New{Kind: intake.KindDecided, Subject: report, Body: codedFrom(f.Received, publicID, about)})
		return err
	})
	return publicID, err
}

// codedFrom notes which offers of a report a person's coding took over as they were.
func codedFrom(r intake.Received, publicID string, about []incident.Stated) intake.Decided {
	t := Taking{}
	for _, o := range r.Offers() {
		if slices.ContainsFunc(about, func(s incident.Stated) bool {
			return s.Field == o.Field && slices.Contains(append(strings.Fields(s.Value), s.Value), o.Value)
		}) {
			t.Keys = append(t.Keys, o.Key)
		}
	}
	return t.decided(publicID, r)
}
