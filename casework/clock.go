package casework

import (
	"slices"
	"time"

	"ward/when"
)

// Clocks that others ask by name: that of a task, and that of a hearing.
const (
	ClockTask    = "task"
	ClockHearing = "hearing"
)

// Clock is something that must happen by a time.
type Clock struct {
	Kind     string // of the playbook's section, or ClockTask
	Item     string // of a repeated section, or of a task; "" otherwise
	Section  string // "" of a task
	For      string // of a task, the member whose it is
	Due      time.Time
	WholeDay bool // by the end of a day: Due is the beginning of the next, UTC
	Late     bool

	passed string // what it is called when it is late
}

// Clocks are all that run at a time, what is due first before the rest; none runs in a final state.
func (c Case) Clocks(now time.Time) []Clock {
	list := c.Running()
	for i := range list {
		list[i] = list[i].At(now)
	}
	return list
}

// At is the clock as it stands at a time.
func (k Clock) At(now time.Time) Clock {
	if k.Late = !now.Before(k.Due); k.Late && k.passed != "" {
		k.Kind = k.passed
	}
	return k
}

// Running are the clocks whatever the hour, what is due first before the rest: whoever keeps them asks each with At.
func (c Case) Running() (out []Clock) {
	if !c.Open() {
		return nil
	}
	for _, s := range c.Playbook().Sections {
		for _, w := range s.Clocks {
			for _, i := range c.items[s.Section] {
				if k, runs := c.clock(s, w, i); runs {
					out = append(out, k)
				}
			}
		}
	}
	for _, t := range c.Tasks {
		if due, err := time.Parse(time.RFC3339, t.Due); err == nil && t.State == TaskOpen {
			out = append(out, Clock{Kind: ClockTask, Item: t.Task, For: t.For, Due: due.UTC()})
		}
	}
	slices.SortStableFunc(out, func(a, b Clock) int { return a.Due.Compare(b.Due) })
	return out
}

// clock is the clock of an item; false where it does not run.
func (c Case) clock(s Section, w Watch, i Item) (k Clock, runs bool) {
	k = Clock{Kind: w.Clock, Item: i.ID, Section: s.Section, passed: w.Passed}
	if k.Due, k.WholeDay, runs = dueOf(i.Values[w.Field]); !runs || w.Reached != "" && c.Reached(w.Reached) {
		return k, false
	}
	k.Due = k.Due.Add(time.Duration(w.Plus))
	return k, !slices.ContainsFunc(w.Ends, func(f string) bool { return i.Values[f] != "" })
}

// dueOf reads an instant, or the end of a day or of what a partial date covers.
func dueOf(value string) (due time.Time, wholeDay, ok bool) {
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return t.UTC(), false, true
	}
	d, err := when.Parse(value)
	if err != nil || d.IsZero() {
		return due, false, false
	}
	return d.To().Time().AddDate(0, 0, 1), true, true
}

// Reached reports that the case was ever in a state.
func (c Case) Reached(state string) bool {
	if c.Playbook().States[0].State == state {
		return true
	}
	for _, m := range c.Said.Moves {
		if m.Body.To == state {
			return true
		}
	}
	return false
}
