package audit

import (
	"math"
	"slices"
	"strings"

	"ward/policy"
	"ward/tally"
)

// write puts the report together from what was counted.
func (b *builder) write(in *Input, byKind map[string][]Row, corpus *policy.Corpus, p *picture) {
	r := &Report{
		Format: Format, State: in.State, From: b.from, To: b.to, CutOff: in.CutOff, MadeAt: in.MadeAt,
		Incidents:   b.incidents,
		Indicators:  given(byKind[KindCoding]),
		Codings:     given(byKind[KindOutcome]),
		Information: given(byKind[KindInformation]),
		Replies:     given(byKind[KindReply]),
		Parties:     given(byKind[KindParty]),
		Citations:   given(byKind[KindCitation]),
		Steps:       given(byKind[KindStep]),
		Corrections: given(byKind[KindCorrection]),
		Appeals:     given(byKind[KindAppeal]),

		Reservations:   given(byKind[KindReservation]),
		Withdrawals:    given(byKind[KindWithdrawal]),
		Visits:         given(byKind[KindVisit]),
		Communications: given(byKind[KindCommunication]),
		Conflicts:      given(byKind[KindConflict]),
	}
	b.report = r
	b.cells()
	for _, row := range b.desk.events.idle() {
		b.refuseRow(row, whyIdle)
	}
	r.Agreement = b.agreements()
	r.Outcomes, r.Families = p.outcomeList(), p.families()
	r.Territory, r.Registers = p.territory(), p.sideBySideRegisters()
	r.Summary.Counted, r.Summary.Territory = sideBySide(p.own), sideBySide(p.land)
	r.NotKnown = b.gaps(p)
	r.Refused = append([]Refused{}, b.refused...)
	r.Method = methodOf(in, corpus)
}

func given(rows []Row) []Row { return append([]Row{}, rows...) }

// cells fills the rectangle, clause by clause.
func (b *builder) cells() {
	b.report.Cells = make([]Cell, 0, len(b.clauses)*(b.to-b.from+1))
	for i, clause := range b.clauses {
		structure := indicatorsOf(IndicatorStructure, clause)
		process := indicatorsOf(IndicatorProcess, clause)
		for year := b.from; year <= b.to; year++ {
			cell := b.cellOf(i, year)
			if cell.Outcome != NotInForce {
				cell.Structure, cell.Process = b.desk.values(structure, year), b.desk.values(process, year)
			}
			b.summarise(&cell)
			b.report.Cells = append(b.report.Cells, cell)
		}
	}
}

func (b *builder) summarise(cell *Cell) {
	s := &b.report.Summary
	s.Cells++
	if cell.Outcome == NotInForce || !cell.Binds {
		return
	}
	s.InForce++
	count(&s.Coded, accepted(cell.Why))
	count(&s.Published, cell.Standing.Stage == StagePublished || cell.Standing.Stage == StageCorrected)
	for _, d := range cell.ToDecide {
		s.ToDecide += len(d.Incidents)
	}
}

// cellOf decides one cell.
func (b *builder) cellOf(clause, year int) Cell {
	at, _ := b.cell(clause, year)
	g := b.gates[at]
	cell := Cell{
		Clause: b.clauses[clause].ID, Year: year, Binding: g.why, Binds: g.binds,
		Structure: []IndicatorValue{}, Process: []IndicatorValue{}, ToDecide: []ToDecide{}, Incidents: []string{},
		Environment: b.desk.environment(year),
		Certainty:   map[string]tally.Count{}, PerRegister: map[string]int64{}, Bearings: map[string]int64{},
	}
	if !g.inForce || !g.binds {
		b.closed(&cell, resolve(b.desk.outcomes[yearKey(cell.Clause, year)]), g)
		return cell
	}
	cell.Reserved = g.reserved
	cell.Reply = b.desk.reply(cell.Clause, year)
	b.countsOf(&cell, clause, year)
	c := b.follow(cell.Clause, year)
	coded := c.decided()
	cell.Outcome, cell.Why, cell.Coded = outcome(coded, cell.Proposed, cell.Environment)
	cell.Coders = coded.coders
	if cell.Coded != "" {
		b.refused = append(b.refused, Refused{Kind: KindOutcome, Clause: cell.Clause, Year: year, Value: cell.Coded, Why: cell.Why})
	}
	cell.Standing = c.standing(&cell, coded)
	return cell
}

// closed fills a cell whose clause is not in force or does not hold for the State; a coding there is refused.
func (b *builder) closed(cell *Cell, coded decision, g gate) {
	cell.Outcome, cell.Why = N0, whyNotBinding
	if !g.inForce {
		cell.Outcome, cell.Why, cell.Binds = NotInForce, whyNotInForce, false
	}
	cell.Proposed = cell.Outcome
	for _, at := range b.desk.events.by[yearKey(cell.Clause, cell.Year)] {
		if row := &b.desk.events.rows[at]; row.Kind != KindReply {
			b.refuseRow(row, cell.Why)
		}
	}
	v := Variant{Level: cell.Outcome}
	cell.Sensitivity = Sensitivity{v, v, v, v, v}
	if coded.value != "" && coded.value != N0 && coded.value != NoInfo {
		cell.Coded, cell.Coders = coded.value, coded.coders
		b.refused = append(b.refused, Refused{Kind: KindOutcome, Clause: cell.Clause, Year: cell.Year, Value: coded.value, Why: cell.Why})
	}
}

// countsOf fills what the incidents give: floor, certainty, registers, bearings, readings, lists.
func (b *builder) countsOf(cell *Cell, clause, year int) {
	at, _ := b.cell(clause, year)
	t := &b.grid[at]
	cell.Sensitivity = b.sensitivity(clause, year)
	cell.Floor, cell.Proposed = cell.Sensitivity.Possible.Count, cell.Sensitivity.Possible.Level
	cell.Moves = cell.Sensitivity.moves()
	for k, name := range map[uint8]string{possible: "possible", probable: "probable", confirmed: "confirmed"} {
		n := t.counts.floor(func(p *perRegister) int64 { return p.n[firm][k] + p.n[doubtful][k] })
		if !n.IsZero() {
			cell.Certainty[name] = n
		}
	}
	for i := range t.counts {
		if n := (reading{possible, ownSides}).sum(&t.counts[i]); n > 0 {
			cell.PerRegister[b.registers[t.counts[i].register]] = n
		}
	}
	for i, n := range t.bearings {
		if n > 0 {
			cell.Bearings[b.citer.bearings[i]] = int64(n)
		}
	}
	for _, it := range t.items {
		if it.side != unknown {
			cell.Incidents = append(cell.Incidents, b.incidents[it.at].ID)
		}
	}
	cell.ToDecide = b.toDecide(t)
}

func (b *builder) toDecide(t *tallied) []ToDecide {
	out := []ToDecide{}
	for _, d := range t.decide {
		one := ToDecide{Bearing: b.citer.bearings[d.bearing], Count: d.counts.floor(reading{possible, ownSides}.sum), Note: d.note}
		for _, at := range d.at {
			one.Incidents = append(one.Incidents, b.incidents[at].ID)
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(x, y ToDecide) int { return strings.Compare(x.Bearing, y.Bearing) })
	return out
}

// agreements weighs the coders of each clause over all years in which anybody coded, whichever the report shows: the panel's business must
// not depend on the span asked for.
func (b *builder) agreements() []Agreement {
	out := []Agreement{}
	for _, clause := range b.clauses {
		groups := map[string][][]Row{"outcome": b.levels(clause.ID, end)}
		for _, year := range b.desk.years {
			for _, kind := range []string{IndicatorStructure, IndicatorProcess} {
				for _, in := range indicatorsOf(kind, clause) {
					groups[kind] = b.group(groups[kind], b.desk.codings[yearKey(in.ID, year)])
				}
			}
		}
		for _, scale := range []string{"outcome", IndicatorStructure, IndicatorProcess} {
			if len(groups[scale]) > 0 {
				out = append(out, agreement(clause.ID, scale, groups[scale]))
			}
		}
	}
	for i := range out {
		if out[i].Alpha != nil {
			*out[i].Alpha = math.Round(*out[i].Alpha*1000) / 1000
		}
	}
	return out
}

// levels are the levels given to a clause up to a day, year by year.
func (b *builder) levels(clause, day string) (groups [][]Row) {
	for _, year := range b.desk.years {
		rows := slices.DeleteFunc(slices.Clone(b.desk.outcomes[yearKey(clause, year)]), func(r Row) bool { return r.Date > day })
		groups = b.group(groups, rows)
	}
	return groups
}

// lastWord is the last day up to a given one on which somebody gave a level to the clause, in any year; "" where nobody had.
func (b *builder) lastWord(clause, day string) string {
	days, known := b.days[clause]
	if !known {
		for _, year := range b.desk.years {
			for _, row := range b.desk.outcomes[yearKey(clause, year)] {
				days = append(days, row.Date)
			}
		}
		slices.Sort(days)
		days = slices.Compact(days)
		b.days[clause] = days
	}
	at, found := slices.BinarySearch(days, day)
	switch {
	case found:
		return day
	case at == 0:
		return ""
	}
	return days[at-1]
}

// disagree reports that the coders of a clause agreed too little up to a day: then it goes to the panel (standards 9.3 b).
func (b *builder) disagree(clause, day string) bool {
	key := clause + "|" + day
	low, known := b.low[key]
	if !known {
		low = agreement(clause, "outcome", b.levels(clause, day)).Verdict == verdictPanel
		b.low[key] = low
	}
	return low
}

func (b *builder) group(groups [][]Row, rows []Row) [][]Row {
	if len(rows) == 0 {
		return groups
	}
	return append(groups, rows)
}
