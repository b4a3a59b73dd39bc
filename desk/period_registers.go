package desk

import (
	"context"

	"ward/duty"
	"ward/entry"
	"ward/facility"
	letter "ward/statement"
	"ward/store"
	"ward/suitability"
)

// duties tells which points were assessed, are not met, are late and have nobody who sees to them. A point that nobody assessed in the year
// is not among them: the page on duties counts those.
func (p *period) duties(ctx context.Context, tx *store.Tx) error {
	entries, err := entry.All[duty.Assessment](ctx, tx, duty.Kind)
	if err != nil {
		return err
	}
	entries = known(entries, p.AsOf)
	var said, open, late, lone []PeriodLine
	for _, e := range entries {
		if p.within(e.At) {
			said = append(said, PeriodLine{Path: []string{"duties", e.Body.Point}, Clause: e.Body.Point, Year: e.Body.Year, Code: e.Body.Status, Day: dayOf(e.At)})
		}
	}
	for _, l := range duty.Standing(entries, p.AsOf.Year(), p.AsOf) {
		if l.Now == nil || l.Status != duty.NotMet && l.Status != duty.Partly {
			continue
		}
		line := PeriodLine{Path: []string{"duties", l.ID}, Clause: l.ID, Year: l.Now.Body.Year, Code: l.Status, Day: l.Now.Body.Due}
		open = append(open, line)
		if l.Overdue {
			late = append(late, line)
		}
		if l.Now.Body.Owner == "" {
			lone = append(lone, line)
		}
	}
	p.group("changed", "duties", said)
	p.group("open", "duties", open)
	p.group("overdue", "duties", late)
	p.group("asked", "ownerless", lone)
	return nil
}

// statements tells which were moved, wait for an answer, wait too long, and wait for approval.
func (p *period) statements(ctx context.Context, tx *store.Tx) error {
	all, err := statementsOn(ctx, tx, p)
	if err != nil {
		return err
	}
	var moved, open, late, review []PeriodLine
	for _, s := range all {
		line := PeriodLine{Path: []string{"statements", s.ID}, Name: s.Draft.Title, Code: s.State, Day: s.Due}
		for _, step := range s.Steps {
			if p.within(step.At) {
				moved = append(moved, PeriodLine{Path: line.Path, Name: s.Draft.Title, Code: step.Body.To, Day: dayOf(step.At)})
			}
		}
		for _, reply := range s.Replies {
			if p.within(reply.At) {
				moved = append(moved, PeriodLine{Path: line.Path, Name: s.Draft.Title, Code: letter.Answered, Day: dayOf(reply.At)})
			}
		}
		switch {
		case s.Overdue(p.AsOf):
			late = append(late, line)
		case s.State == letter.Issued && (s.Due != "" || s.Draft.Kind == letter.Letter):
			open = append(open, line)
		case s.State == letter.Review:
			review = append(review, line)
		}
	}
	p.group("changed", "statements", moved)
	p.group("open", "statements", open)
	p.group("overdue", "statements", late)
	p.group("asked", "approvals", review)
	return nil
}

// statementsOn is the register as it stood on the report's day.
func statementsOn(ctx context.Context, tx *store.Tx, p *period) (out []letter.Statement, err error) {
	all, err := allStatements(ctx, tx)
	for _, s := range all {
		drafts := known(s.Drafts, p.AsOf)
		if len(drafts) > 0 {
			out = append(out, letter.Fold(s.ID, drafts, known(s.Steps, p.AsOf), known(s.Replies, p.AsOf)))
		}
	}
	return out, err
}

// events tells what was decided on where events are held, and what is undecided.
func (p *period) events(ctx context.Context, tx *store.Tx) error {
	entries, err := entry.All[suitability.Decision](ctx, tx, suitability.Kind)
	if err != nil {
		return err
	}
	entries = known(entries, p.AsOf)
	lineOf := func(e suitability.Entry) PeriodLine {
		return PeriodLine{Path: []string{"suitability", e.Body.State}, State: e.Body.State, Name: e.Body.Event, Code: e.Body.Decision, Day: dayOf(e.At)}
	}
	var said, open []PeriodLine
	for _, e := range entries {
		if p.within(e.At) {
			said = append(said, lineOf(e))
		}
	}
	for _, e := range entry.Latest(entries) {
		if e.Body.Decision == suitability.Undecided {
			open = append(open, lineOf(e))
		}
	}
	p.group("changed", "events", said)
	p.group("asked", "events", open)
	return nil
}

// facilities counts what was put on record about facilities.
func (p *period) facilities(ctx context.Context, tx *store.Tx) error {
	var lines []PeriodLine
	for _, kind := range []string{facility.Put, facility.Damaged} {
		entries, err := entry.All[struct{}](ctx, tx, kind)
		if err != nil {
			return err
		}
		n := int64(0)
		for _, e := range entries {
			if p.within(e.At) {
				n++
			}
		}
		if n > 0 {
			lines = append(lines, PeriodLine{Path: []string{"facilities"}, Code: kind, Figures: []PeriodCount{{"entries", n}}})
		}
	}
	p.group("changed", "facilities", lines)
	return nil
}
