package desk

import (
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/casework"
)

// Date is something that is due at a time, for a calendar that only who asks sees: a clock of a case, or another notice that has one.
type Date struct {
	Notice
	Case  *CaseTop       // nil where it is of no case
	What  string         // of a task, its key in the playbook; "" where its own words say it
	Clock casework.Clock // of the case
	On    bool           // who asks is on the case
}

// Dates are all that has a time and concerns somebody, whenever it is due: the clocks of the cases that they are on, or of all whose top they
// may see, and what else calls them but reports. The first to be due stands first.
func (d *Desk) Dates(ctx context.Context, who access.Actor, all bool) (out []Date, err error) {
	if err := d.read(ctx, who, access.OwnAccount, access.Page, "calendar"); err != nil {
		return nil, err
	}
	now := d.db.Now()
	if who.Can(access.ReadCases) {
		board, err := d.Cases(ctx, who, CaseQuery{})
		if err != nil {
			return nil, err
		}
		for _, row := range board.Rows {
			if row.Member || all {
				out = append(out, row.dates(now)...)
			}
		}
	}
	calls, err := d.calls(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range calls {
		if c.Due.IsZero() || shownElsewhere(c.Notice) || !c.calls(who) {
			continue
		}
		n := c.Notice
		n.Late = n.Late || !now.Before(n.Due)
		out = append(out, Date{Notice: n})
	}
	slices.SortStableFunc(out, func(a, b Date) int { return a.Due.Compare(b.Due) })
	return out, nil
}

// shownElsewhere reports a notice about a case, whose clocks stand in the calendar by themselves, or about a report: the inbox is the list of those,
// and hundreds of them would bury the hearings.
func shownElsewhere(n Notice) bool {
	return len(n.Path) > 0 && (n.Path[0] == "cases" || n.Path[0] == "reports")
}

// dates are the clocks of a case.
func (r CaseRow) dates(now time.Time) (out []Date) {
	for _, k := range r.Clocks(now) {
		n := Notice{Kind: k.Kind, Subject: r.ID, Path: []string{"cases", r.ID}, Due: k.Due, WholeDay: k.WholeDay, Late: k.Late}
		out = append(out, Date{Notice: n, Case: r.CaseTop, What: r.Task(k), Clock: k, On: r.Member})
	}
	return out
}

// Task is the key of the playbook for the task whose clock this is; "" of every other clock, and of a task that has words of its own.
func (t *CaseTop) Task(k casework.Clock) string {
	for _, task := range t.tasks {
		if k.Kind == casework.ClockTask && task.Task == k.Item {
			return task.What
		}
	}
	return ""
}
