package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"ward/audit"
	"ward/store"
	"ward/when"
)

// Reasons why a cell has no level although somebody gave one, as the audit states them.
const (
	oneCoder     = "one_coder"
	codersDiffer = "coders_differ"
)

// audits tells what people stated for audits, where cells wait, and whose time to reply is over.
func (p *period) audits(ctx context.Context, tx *store.Tx) error {
	all, err := audit.AllRecorded(ctx, tx)
	if err != nil {
		return err
	}
	of := map[string][]audit.Row{}
	var made []audit.Row
	for _, r := range all {
		if when.DayOf(r.At.UTC()) > p.AsOf {
			continue
		}
		of[r.State] = append(of[r.State], r.Row)
		if p.within(r.At) {
			made = append(made, r.Row)
		}
	}
	p.stated(made)
	return p.waiting(ctx, tx, of)
}

// perState are the kinds of rows that are counted State by State; the others stand one by one.
var perState = []string{audit.KindOutcome, audit.KindCoding, audit.KindInformation, audit.KindCitation, audit.KindParty, audit.KindReservation, audit.KindWithdrawal,
	audit.KindVisit, audit.KindCommunication, audit.KindConflict}

// stated lists what people stated in the period.
func (p *period) stated(rows []audit.Row) {
	coded, steps := map[string]map[string]int64{}, map[string]map[string]int64{}
	count := func(into map[string]map[string]int64, state, key string) {
		if into[state] == nil {
			into[state] = map[string]int64{}
		}
		into[state][key]++
	}
	single := map[string][]PeriodLine{}
	for _, r := range rows {
		switch {
		case slices.Contains(perState, r.Kind):
			count(coded, r.State, r.Kind)
		case r.Kind == audit.KindStep:
			count(steps, r.State, r.Value)
		default:
			single[r.Kind] = append(single[r.Kind], PeriodLine{Path: cellPath(r.State, r.Clause, r.Year), State: r.State, Clause: r.Clause, Year: r.Year, Code: r.Value, Day: r.Date})
		}
	}
	p.group("changed", "codings", figuresByState(coded))
	p.group("changed", "steps", figuresByState(steps))
	p.group("changed", "corrections", single[audit.KindCorrection])
	p.group("changed", "replies", single[audit.KindReply])
	p.group("changed", "appeals", single[audit.KindAppeal])
}

// figuresByState is a line for each State, those with most first.
func figuresByState(n map[string]map[string]int64) (lines []PeriodLine) {
	sums := map[string]int64{}
	for state, figures := range n {
		line := PeriodLine{Path: []string{"states", state}, State: state}
		for key, k := range figures {
			line.Figures = append(line.Figures, PeriodCount{key, k})
			sums[state] += k
		}
		slices.SortFunc(line.Figures, func(a, b PeriodCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Key, b.Key)) })
		lines = append(lines, line)
	}
	slices.SortFunc(lines, func(a, b PeriodLine) int {
		return cmp.Or(cmp.Compare(sums[b.State], sums[a.State]), cmp.Compare(a.State, b.State))
	})
	return lines
}

// cellPath is the page of a cell, or of its State where no one cell is meant.
func cellPath(state, clause string, year int) []string {
	if clause == "" || year == 0 {
		return []string{"states", state}
	}
	return []string{"states", state, clause, strconv.Itoa(year)}
}

// waiting works out the cells of every State about which anybody stated anything, from what was on record as of the report's day.
func (p *period) waiting(ctx context.Context, tx *store.Tx, of map[string][]audit.Row) error {
	found := waitingCells{open: map[string]map[string]int64{}}
	coded := states{}
	for state := range of {
		coded.add(state)
	}
	for _, state := range coded.sorted() {
		in, err := auditInput(ctx, tx, state, AuditOptions{})
		if err != nil {
			return err
		}
		in.Rows = of[state]
		report, err := audit.Build(in, p.d.corpus)
		if err != nil {
			return err
		}
		for i := range report.Cells {
			found.take(state, &report.Cells[i], p.AsOf)
		}
	}
	p.group("open", "cells", figuresByState(found.open))
	p.group("open", "sent", found.sent)
	p.group("overdue", "replies", found.late)
	p.group("asked", "panel", found.panel)
	return p.unbegun(ctx, tx, coded)
}

// waitingCells are the cells that wait for somebody.
type waitingCells struct {
	open              map[string]map[string]int64 // by State and what is waited for
	sent, late, panel []PeriodLine
}

func (w *waitingCells) take(state string, c *audit.Cell, asOf when.Day) {
	count := func(key string) {
		if w.open[state] == nil {
			w.open[state] = map[string]int64{}
		}
		w.open[state][key]++
	}
	switch {
	case c.Why == oneCoder:
		count("second_coder")
	case c.Why == codersDiffer:
		count("third_person")
	}
	if len(c.ToDecide) > 0 {
		count("decision")
	}
	if c.Standing == nil {
		return
	}
	line := PeriodLine{Path: cellPath(state, c.Clause, c.Year), State: state, Clause: c.Clause, Year: c.Year, Day: c.Standing.Due}
	switch {
	case c.Standing.Stage == audit.StagePanel:
		line.Day = c.Standing.Since
		w.panel = append(w.panel, line)
	case c.Standing.Stage == audit.StageSent && asOf.String() > c.Standing.Due:
		w.late = append(w.late, line)
	case c.Standing.Stage == audit.StageSent:
		w.sent = append(w.sent, line)
	}
}

// unbegun counts the States with incidents on record about which nobody stated anything.
func (p *period) unbegun(ctx context.Context, tx *store.Tx, coded states) error {
	known := states{}
	if err := known.all(ctx, tx); err != nil {
		return err
	}
	n := int64(0)
	for state := range known {
		if !coded[state] {
			n++
		}
	}
	if n > 0 {
		p.group("open", "unbegun", []PeriodLine{{Path: []string{"states"}, Figures: []PeriodCount{{"states", n}}}})
	}
	return nil
}
