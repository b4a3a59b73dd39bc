package audit

import (
	"slices"

	"ward/text"
)

// Bench is how far the coding of one cell has come in its present round, by the people who gave a level since the evidence was frozen.
type Bench struct {
	Cell   *Cell
	Coders []Given // in the part of a coder
	Third  []Given // the adjudicator, or the panel
	Differ bool    // two or more coders, and no level that two of them gave
}

// Benches lists the cells of a report in which there is something to code, the latest year first: those whose clause holds and in which
// incidents count or wait for a person, or somebody gave a level.
func (r *Report) Benches() (out []Bench) {
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Standing != nil && (len(c.Incidents) > 0 || len(c.ToDecide) > 0 || len(c.Standing.Given) > 0) {
			out = append(out, benchOf(c))
		}
	}
	slices.SortStableFunc(out, func(a, b Bench) int { return b.Cell.Year - a.Cell.Year })
	return out
}

// Bench finds the cell of a clause and year; ok is false where there is none whose clause holds.
func (r *Report) Bench(clause string, year int) (b Bench, ok bool) {
	for i := range r.Cells {
		if c := &r.Cells[i]; c.Clause == clause && c.Year == year && c.Standing != nil {
			return benchOf(c), true
		}
	}
	return b, false
}

func benchOf(c *Cell) Bench {
	b := Bench{Cell: c}
	frozen := ""
	for _, t := range c.Standing.History {
		if t.Move == StepFrozen {
			frozen = t.Date
		}
	}
	votes := map[string]int{}
	for _, g := range c.Standing.Given {
		switch {
		case g.Date < frozen || g.Role != RoleCoder:
		default:
			b.Coders = append(b.Coders, g)
			votes[g.Value]++
		}
		if g.Date >= frozen && g.Role != RoleCoder {
			b.Third = append(b.Third, g)
		}
	}
	if _, tie := leading(votes); len(b.Coders) > 1 {
		b.Differ = tie || !slices.ContainsFunc(b.Coders, func(g Given) bool { return votes[g.Value] > 1 })
	}
	return b
}

// Coded reports that a person coded the cell in this round.
func (b Bench) Coded(person string) bool { return gave(b.Coders, person) }

// Decided reports that a person decided it in this round, as adjudicator or in the panel.
func (b Bench) Decided(person string) bool { return gave(b.Third, person) }

func gave(list []Given, person string) bool {
	return slices.ContainsFunc(list, func(g Given) bool { return text.Key(g.Coder) == text.Key(person) })
}

// Open reports that the cell is being coded: its evidence is frozen and no two have given a level yet.
func (b Bench) Open() bool { return b.Cell.Standing.Stage == StageFrozen }

// Awaits reports that a person who codes still has to code the cell, and so must see neither what others gave nor last year's outcome.
func (b Bench) Awaits(person string) bool { return b.Open() && !b.Coded(person) }

// BlindTo reports that a cell of the audit waits for the coding of a person who codes.
func (r *Report) BlindTo(person string) bool {
	return slices.ContainsFunc(r.Benches(), func(b Bench) bool { return b.Awaits(person) })
}

// NextSteps are the steps that an editor or a panel can write down at a stage, in the order of Moves.
func NextSteps(stage string) (out []string) {
	for _, m := range moves {
		if slices.Contains(m.From, stage) && slices.Contains(valuesOf[KindStep], m.Name) {
			out = append(out, m.Name)
		}
	}
	return out
}

// Asked are the questions of structure and process that belong to a cell.
func (c *Cell) Asked() (out []Indicator) {
	for _, v := range slices.Concat(c.Structure, c.Process) {
		if in, ok := indicator(v.Indicator); ok {
			out = append(out, in)
		}
	}
	return out
}

// Answers are the values that a question can have.
func (in Indicator) Answers() []string { return allowed(KindCoding, in.Kind) }
