package desk

import (
	"context"
	"time"

	"ward/audit"
	"ward/id"
	"ward/incident"
	"ward/store"
)

// freezer knows when the evidence of each year was frozen, by the log and not by what the step says of itself: a step brought in today,
// with a date of last year, shuts out what is entered from now on.
type freezer struct {
	steps []audit.Recorded
	years map[int]time.Time // remembered; zero where the evidence is open
}

// newFreezer reads the steps about the audited State and settles the cut-off of the whole audit.
func newFreezer(ctx context.Context, tx *store.Tx, in *audit.Input) (*freezer, error) {
	steps, err := audit.Steps(ctx, tx, in.State)
	if err != nil {
		return nil, err
	}
	in.CutOff = audit.CutOff(steps, in.From, in.To)
	return &freezer{steps, map[int]time.Time{}}, nil
}

// before reports that the evidence of an incident's year was frozen before the incident was entered. Its values may have changed since:
// they are read as they are now.
func (f *freezer) before(inc incident.Incident) bool {
	if len(f.steps) == 0 {
		return false
	}
	year := inc.Date.Year()
	at, known := f.years[year]
	if !known {
		freeze, _ := audit.FreezeOf(f.steps, year)
		at = freeze.At
		f.years[year] = at
	}
	entered, ok := id.Time(inc.ID)
	return ok && !at.IsZero() && entered.After(at)
}
