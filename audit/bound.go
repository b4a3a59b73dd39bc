package audit

import (
	"fmt"
	"math"

	"ward/policy"
	"ward/when"
)

// bindings are the rows that say which treaties hold for the State, and since when.
type bindings struct {
	parties, withdrawals, reservations []Row
}

// bindings sorts them; one that names no norm or clause of the corpus is refused.
func (b *builder) bindings(byKind map[string][]Row, corpus *policy.Corpus) (out bindings) {
	known := func(kind string, clauseToo bool) (rows []Row) {
		for _, r := range byKind[kind] {
			_, norm := corpus.Norm(r.Clause)
			_, clause := corpus.Clause(r.Clause)
			if norm || clause && clauseToo {
				rows = append(rows, r)
			} else {
				b.refuseRow(&r, whyNoClause)
			}
		}
		return rows
	}
	return bindings{known(KindParty, false), known(KindWithdrawal, false), known(KindReservation, true)}
}

// of tells whether a clause holds in a year, why, and whether under a reservation, whose effect is not judged.
func (b *bindings) of(corpus *policy.Corpus, clause policy.Clause, state string, year int) (binds bool, why string, reserved bool) {
	since, left := b.since(clause.Norm, year)
	var parties []policy.Party
	if since > 0 {
		parties = []policy.Party{{State: state, Norm: clause.Norm, Since: since}}
	}
	binds, why = corpus.Binds(clause.ID, state, year, parties)
	if !binds && left > 0 && clause.Binding == "party" && corpus.InForce(clause.ID, year) {
		why = fmt.Sprintf("withdrawn since %d", left)
	}
	for _, r := range b.reservations {
		if binds && (r.Clause == clause.ID || r.Clause == clause.Norm) && r.Year <= year && year <= lastYear(r.Until) {
			return binds, fmt.Sprintf("%s; reserved since %d", why, r.Year), true
		}
	}
	return binds, why, false
}

// since is the first year of the membership that holds in a year, else of one to come; left is the withdrawal before that year, if any.
func (b *bindings) since(norm string, year int) (since, left int) {
	for _, w := range b.withdrawals {
		if w.Clause == norm && w.Year <= year {
			left = max(left, w.Year)
		}
	}
	for _, p := range b.parties {
		if p.Clause == norm && p.Year >= left && (since == 0 || p.Year < since) {
			since = p.Year
		}
	}
	return since, left
}

// lastYear is the year of a date, in which a reservation still held; without one it holds on.
func lastYear(text string) int {
	date, err := when.Parse(text)
	if err != nil {
		return math.MaxInt32
	}
	return date.To().Year()
}

// freezeYears takes the evidence cut-offs from the steps, those of the years that patterns look back to as well.
func (b *builder) freezeYears() {
	b.cutOffs = map[int]when.Day{}
	for year := b.from - lookBack; year <= b.to; year++ {
		if row := b.desk.events.freeze(year); row != nil {
			if date, err := when.Parse(cutOffOf(row)); err == nil {
				b.cutOffs[year] = date.To()
			}
		}
	}
}

// cutOffOf is the last day of evidence of a year; without a freeze there is none.
func (c *counter) cutOffOf(year int) when.Day {
	if day, frozen := c.cutOffs[year]; frozen {
		return day
	}
	return when.Day(math.MaxInt32)
}

func (c *counter) refuseRow(r *Row, why string) {
	c.refused = append(c.refused, Refused{Kind: r.Kind, Clause: r.Clause, Year: r.Year, Incident: r.Incident, Value: r.Value, Why: why})
}

// refuseTied lists what people said who declared a tie to the State.
func (b *builder) refuseTied() {
	for i := range b.desk.tied {
		b.refuseRow(&b.desk.tied[i], whyConflict)
	}
}
