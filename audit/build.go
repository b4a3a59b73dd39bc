package audit

import (
	"math"

	"time"

	"ward/fault"
	"ward/policy"
	"ward/when"
)

// Format names the shape of the JSON.
const Format = "ward-audit/2"

// formatBefore had no procedure: its cells carry no standing, and its rows are of the first six kinds.
const formatBefore = "ward-audit/1"

// maxYears is the longest audit: the rectangle must stay small enough to read.
const maxYears = 150

// builder holds what Build puts together.
type builder struct {
	*counter
	desk    desk
	leftOut map[string]int
	report  *Report
	low     map[string]bool     // clause|day: whether coders agreed too little up to then
	days    map[string][]string // of each clause: when levels were given, in order
}

// Build makes the audit of one State. It is pure: no clock, no order of maps, nothing outside its arguments. Its
// faults are Invalid (State, years, cut-off, a row or an incident that stands twice) and Limit (registers).
func Build(in Input, corpus *policy.Corpus) (*Report, error) {
	b := &builder{low: map[string]bool{}, days: map[string][]string{}, counter: &counter{state: in.State, clauses: corpus.Clauses(), clauseAt: map[string]int{}}}
	for i, clause := range b.clauses {
		b.clauseAt[clause.ID] = i
	}
	b.citer = newCiter(corpus, b.clauseAt)
	cutOff, err := b.bounds(&in)
	if err != nil {
		return nil, err
	}
	byKind, err := rowsOf(in.Rows, in.State)
	if err != nil {
		return nil, err
	}
	if err := b.walk(&in, byKind, corpus, cutOff); err != nil {
		return nil, err
	}
	return b.report, nil
}

func (b *builder) walk(in *Input, byKind map[string][]Row, corpus *policy.Corpus, cutOff when.Day) (err error) {
	b.openGates(corpus, b.bindings(byKind, corpus))
	b.desk = newDesk(byKind)
	b.refuseTied()
	free, _ := withoutTies(byKind)
	b.cited = citations(free[KindCitation])
	b.freezeYears()
	if b.leftOut, err = b.gather(in, cutOff); err != nil {
		return err
	}
	b.refuseStray(free[KindCitation])
	if err := b.count(); err != nil {
		return err
	}
	p := newPicture(b.counter)
	if err := p.walk(); err != nil {
		return err
	}
	b.write(in, byKind, corpus, p)
	return nil
}

// bounds checks the State and settles years and cut-off.
func (b *builder) bounds(in *Input) (when.Day, error) {
	if !isISO3(in.State) {
		return 0, fault.New(fault.Invalid, "%q is not a State", in.State).Do("name it by three letters, as in ISO 3166-1 alpha-3")
	}
	cutOff := when.Day(math.MaxInt32)
	if in.CutOff != "" {
		t, err := time.Parse(time.DateOnly, in.CutOff)
		if err != nil {
			return 0, fault.New(fault.Invalid, "the evidence cut-off %q is not a day", in.CutOff).Do("write it as 2025-09-30")
		}
		cutOff = when.DayOf(t)
	}
	b.from, b.to = in.From, in.To
	if b.from == 0 || b.to == 0 {
		b.defaultYears(in)
	}
	if b.from < 1800 || b.to > 2200 || b.to < b.from || b.to-b.from >= maxYears {
		return 0, fault.New(fault.Invalid, "the years %d to %d are no span an audit can cover", b.from, b.to).
			Do("name a first and a last year, at most %d years", maxYears)
	}
	return cutOff, nil
}

// defaultYears takes the first and last year of all incidents, whichever State's; without any, the year of the
// cut-off or of the making.
func (b *builder) defaultYears(in *Input) {
	from, to := when.Day(math.MaxInt32), when.Day(math.MinInt32)
	for i := range in.Incidents {
		if date := in.Incidents[i].Date; !date.IsZero() && in.Incidents[i].Scope == "health" {
			from, to = min(from, date.From()), max(to, date.To())
		}
	}
	first, last := 0, 0
	if from <= to {
		first, last = from.Year(), to.Year()
	} else {
		for _, day := range []string{in.CutOff, in.MadeAt} {
			if t, err := time.Parse(time.DateOnly, day[:min(len(day), len(time.DateOnly))]); err == nil && first == 0 {
				first, last = t.Year(), t.Year()
			}
		}
	}
	b.from, b.to = Span(b.from, b.to, first, last)
}

// Span settles the years of an audit from those asked for, 0 where none was, and the first and last that there are. A
// bound that was not asked for never lies beyond the other.
func Span(from, to, first, last int) (int, int) {
	if from == 0 && to != 0 {
		from = min(first, to)
	} else if from == 0 {
		from = first
	}
	if to == 0 {
		to = max(last, from)
	}
	return from, to
}

// rowsOf sorts the State's rows by kind, in the order given, and refuses what the reader would have refused.
func rowsOf(rows []Row, state string) (map[string][]Row, error) {
	byKind := map[string][]Row{}
	for _, row := range rows {
		if row.State != state {
			continue
		}
		if why := row.problem(); why != "" {
			return nil, fault.New(fault.Invalid, "a %s row cannot be used: %s", row.Kind, why)
		}
		byKind[row.Kind] = append(byKind[row.Kind], row)
	}
	return byKind, nil
}
