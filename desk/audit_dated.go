package desk

import (
	"context"
	"time"

	"ward/audit"
	"ward/store"
	"ward/when"
)

// dater holds the days that rows state to the calendar and to what is on record.
type dater struct {
	ctx   context.Context
	tx    *store.Tx
	steps map[string][]audit.Recorded // by State
	err   error                       // the first that came up
}

// lastDay is the last day that can have begun anywhere.
func lastDay(now time.Time) when.Day { return when.DayOf(now) + 1 }

// wrong says what a row's day cannot be; "" where it can, and of what stands on record already.
func (d *dater) wrong(row audit.Row) string {
	if why := row.Ahead(lastDay(d.tx.Now())); why != "" {
		return why
	}
	steps, known := d.steps[row.State]
	if !known {
		steps, d.err = audit.Steps(d.ctx, d.tx, row.State)
		d.steps[row.State] = steps
	}
	why := row.Backdated(steps)
	if why == "" || d.err != nil {
		return ""
	}
	fresh, err := audit.Fresh(d.ctx, d.tx, []audit.Row{row})
	if d.err = err; len(fresh) == 0 {
		return ""
	}
	return why
}
