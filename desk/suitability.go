package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/audit"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/store"
	"ward/suitability"
)

// yearsLookedAt is how many years back a host looks, this year included.
const yearsLookedAt = 10

// Suitability is what a host of an event knows of a State, and what was decided.
type Suitability struct {
	State    string
	From, To int
	suitability.Picture
	Events []suitability.Event
}

// Suitability tells what is found in a State on the persecution of those who give care, what is not known, and what was decided.
func (d *Desk) Suitability(ctx context.Context, who access.Actor, state string) (out Suitability, err error) {
	if out.State, err = StateCode(state); err != nil {
		return out, err
	}
	if err := d.lookAt(ctx, who, &out); err != nil {
		return out, err
	}
	out.Events, err = d.SuitabilityEvents(ctx, who, out.State)
	return out, err
}

// lookAt fills in what the State's audit says.
func (d *Desk) lookAt(ctx context.Context, who access.Actor, out *Suitability) error {
	year := d.Today().Year()
	report, err := d.Audit(ctx, who, out.State, AuditOptions{From: year - yearsLookedAt + 1, To: year})
	if err != nil {
		return err
	}
	out.From, out.To = report.From, report.To
	cells := make([]suitability.Cell, len(report.Cells))
	for i, c := range report.Cells {
		cells[i] = hostCell(c)
	}
	out.Picture = suitability.Look(cells, suitability.Clauses(d.corpus))
	return nil
}

// hostCell is an audit's cell in plain values.
func hostCell(c audit.Cell) suitability.Cell {
	out := suitability.Cell{Clause: c.Clause, Year: c.Year, Binds: c.Binds, Outcome: c.Outcome, Proposed: c.Proposed, Floor: c.Floor, Bearings: c.Bearings, Environment: c.Environment}
	waiting := map[string]bool{} // one incident may wait for more than one bearing
	for _, open := range c.ToDecide {
		for _, inc := range open.Incidents {
			waiting[inc] = true
		}
	}
	out.ToDecide = len(waiting)
	return out
}

// SuitabilityEvents lists the events on which there is a word, of one State or of all with "".
func (d *Desk) SuitabilityEvents(ctx context.Context, who access.Actor, state string) ([]suitability.Event, error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "suitability"); err != nil {
		return nil, err
	}
	var entries []suitability.Entry
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		entries, err = entry.All[suitability.Decision](ctx, tx, suitability.Kind)
		return err
	})
	events := suitability.Events(entries)
	return slices.DeleteFunc(events, func(e suitability.Event) bool { return state != "" && e.Last.Body.State != state }), err
}

// DecideSuitability puts a word on an event on record together with what was found on that day, and returns the event's id; event is the id
// of one that is on record, or "" for a new one.
func (d *Desk) DecideSuitability(ctx context.Context, who access.Actor, event string, made suitability.Decision) (string, error) {
	if err := who.May(access.DecideSuitability); err != nil {
		return "", err
	}
	if err := made.Check(); err != nil {
		return "", err
	}
	if err := who.MayOn(access.DecideSuitability, made.State); err != nil {
		return "", err
	}
	if err := d.onlyInvented(made.State); err != nil {
		return "", err
	}
	look := Suitability{State: made.State}
	if err := d.lookAt(ctx, who, &look); err != nil {
		return "", err
	}
	made.Basis = look.Basis()
	fresh := event == ""
	if fresh {
		event = id.New(d.db.Now())
	}
	return event, d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if !fresh {
			if err := sameEvent(ctx, tx, event, made.State); err != nil {
				return err
			}
		}
		_, err := entry.Add(ctx, tx, suitability.Register, entry.New{Kind: suitability.Kind, Subject: event, Body: made})
		return err
	})
}

// sameEvent holds a further word to an event that is on record, in the State of the first.
func sameEvent(ctx context.Context, tx *store.Tx, event, state string) error {
	words, err := entry.Of[suitability.Decision](ctx, tx, suitability.Kind, event)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return fault.New(fault.NotFound, "there is no event %.40q here", event).Keeping("nothing was written").Do("take one that ward suitability list shows")
	}
	if words[0].Body.State != state {
		return fault.New(fault.Invalid, "this event is to be held in %s", words[0].Body.State).Keeping("nothing was written").Do("begin a new event for another State")
	}
	return nil
}
