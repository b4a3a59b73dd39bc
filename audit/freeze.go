package audit

import (
	"context"
	"time"

	"ward/store"
)

// Freeze is the evidence cut-off of one year: what happened after CutOff, and what was entered after At, stays out of its cells.
type Freeze struct {
	CutOff string    // ISO day
	At     time.Time // when the step came on record; zero where it was not taken from a store
}

// Recorded is a step with the moment at which it came on record.
type Recorded struct {
	Row
	At time.Time
}

// cutOffOf is the last day of evidence that a step frozen sets: the day named, else its own.
func cutOffOf(row *Row) string {
	if row.Until != "" {
		return row.Until
	}
	return row.Date
}

// FreezeOf finds the freeze that holds for a year, among steps in any order; ok is false where the evidence is open.
func FreezeOf(steps []Recorded, year int) (f Freeze, ok bool) {
	byKind := map[string][]Row{}
	at := map[string]time.Time{}
	for _, s := range steps {
		byKind[KindStep] = append(byKind[KindStep], s.Row)
		if key := s.Digest(); at[key].IsZero() {
			at[key] = s.At
		}
	}
	events := newEvents(byKind)
	row := events.freeze(year)
	if row == nil {
		return f, false
	}
	return Freeze{CutOff: cutOffOf(row), At: at[row.Digest()]}, true
}

// freeze is the step that froze a year: the first, until a step superseded opens the evidence again.
func (e *events) freeze(year int) (held *Row) {
	for _, at := range e.of("", year) {
		row := &e.rows[at]
		switch {
		case row.Kind != KindStep:
		case row.Value == StepFrozen && held == nil:
			held = row
		case row.Value == StepSuperseded:
			held = nil
		}
	}
	return held
}

// CutOff is the one cut-off of a whole audit: the latest of its years', and "" while the evidence of any year is open.
func CutOff(steps []Recorded, from, to int) (day string) {
	for year := from; year <= to; year++ {
		f, ok := FreezeOf(steps, year)
		if !ok {
			return ""
		}
		day = max(day, f.CutOff)
	}
	return day
}

// Steps lists the steps on record about a State, each with the moment at which it came on record.
func Steps(ctx context.Context, tx *store.Tx, state string) ([]Recorded, error) {
	at := map[string]time.Time{}
	moments, err := tx.Query(ctx, "SELECT a.id, j.at FROM audit_value a JOIN journal j ON j.number=a.journal WHERE a.state=$1 AND a.kind=$2", state, KindStep)
	if err != nil {
		return nil, err
	}
	defer moments.Close()
	for moments.Next() {
		var id string
		var micros int64
		if err := moments.Scan(&id, &micros); err != nil {
			return nil, err
		}
		at[id] = time.UnixMicro(micros)
	}
	if err := moments.Err(); err != nil || len(at) == 0 {
		return nil, err
	}
	var out []Recorded
	err = eachRow(ctx, tx, "a.state=$1 AND a.kind=$2", func(id string, r Row) { out = append(out, Recorded{r, at[id]}) }, state, KindStep)
	return out, err
}
