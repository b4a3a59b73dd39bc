package desk

import (
	"context"
	"time"

	"ward/access"
	"ward/casework"
	"ward/store"
)

// tellCase is how long before it is due a date of a case begins to be told; what is due to the hour is told a day before.
const tellCase = 3 * 24 * time.Hour

// caseCalls tells whoever is on a case what is due on it, and who leads it that somebody joined. It is asked in a reading transaction only.
func (d *Desk) caseCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	b, err := d.cases.within(ctx, tx)
	if err != nil {
		return nil, err
	}
	d.cases.keep(b)
	recent := tx.Now().Add(-tellPast)
	for _, t := range b.rows {
		for _, k := range t.clocks {
			out = append(out, t.clockCalls(k)...)
		}
		if t.Open {
			out = append(out, t.givenCalls()...)
		}
		for name, at := range t.joined {
			if at.After(recent) {
				out = append(out, t.toLeads(t.call(NoticeCaseJoined), name)...)
			}
		}
	}
	return out, nil
}

// call is a call about the case.
func (t *CaseTop) call(kind string) call {
	return call{act: access.ReadCases, about: t.about(), states: given(t.Country), Notice: Notice{Kind: kind, Subject: t.ID, Path: []string{"cases", t.ID}}}
}

// clockCalls tell of one clock: the member whose task it is, or all.
func (t *CaseTop) clockCalls(k casework.Clock) (out []call) {
	c := t.call(NoticeCaseClock)
	c.Due, c.WholeDay, c.from = k.Due, k.WholeDay, k.Due.Add(-soon)
	if k.WholeDay {
		c.from = k.Due.Add(-tellCase)
	}
	if k.Kind == casework.ClockTask {
		if c.Kind = NoticeCaseTask; k.For != "" {
			c.to = k.For
			return []call{c}
		}
	}
	if k.Kind != casework.ClockHearing {
		return t.toTeam(c)
	}
	past := c
	c.Kind, c.until = NoticeHearing, k.Due
	past.Kind, past.from, past.Due, past.Late = NoticeHearingPast, k.Due, time.Time{}, true // its date stands in the calendar once
	return append(t.toTeam(c), t.toTeam(past)...)
}

// givenCalls tell members of tasks that a colleague gave them and that have no clock.
func (t *CaseTop) givenCalls() (out []call) {
	for _, task := range t.tasks {
		if task.For != "" && task.Due == "" && t.givenBy[task.Task] != task.For {
			c := t.call(NoticeCaseTask)
			c.to = task.For
			out = append(out, c)
		}
	}
	return out
}

// toTeam is a call to each who is on the case.
func (t *CaseTop) toTeam(c call) (out []call) {
	for _, m := range t.Team {
		c.to = m.Name
		out = append(out, c)
	}
	return out
}

// toLeads is a call to each who leads the case, but not to one.
func (t *CaseTop) toLeads(c call, but string) (out []call) {
	for _, m := range t.Team {
		if m.Lead && m.Name != but {
			c.to = m.Name
			out = append(out, c)
		}
	}
	return out
}
