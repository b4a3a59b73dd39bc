package search

import (
	"math"
	"math/bits"
	"slices"

	"ward/fault"
)

// Query asks for documents that meet all its conditions. The zero Query sees nothing: Within must be given.
type Query struct {
	Within  Scope    // what the asker may see
	Words   string   // as typed; see Search
	Filters []Filter // all must hold
	Ranges  []Range  // all must hold
	Sort    string   // number column; "" is the schema's order, largest first
	Desc    bool     // largest first in Sort; documents without the number stay last
	Offset  int
	Limit   int      // how many IDs at most; 0 asks for counts alone
	Facets  []string // columns to count
}

// Filter holds for documents that have any of the values in a facet column, or with Not for all others.
// The value "" holds for documents without any value. No values at all hold for no document.
type Filter struct {
	Column string
	AnyOf  []string
	Not    bool
}

// Range holds for documents whose number lies from Min to Max, both included; Missing lies in none.
// An interval meets a window when its first day is AtMost the window's last and its last day AtLeast the window's first.
type Range struct {
	Column   string
	Min, Max int64
}

// AtLeast is a range without an upper end.
func AtLeast(column string, low int64) Range { return Range{column, low, math.MaxInt64} }

// AtMost is a range without a lower end.
func AtMost(column string, high int64) Range { return Range{column, math.MinInt64, high} }

// Scope is what somebody may see. The zero Scope is nothing, so that a permission forgotten shows nothing.
type Scope struct {
	all     bool
	filters []Filter
}

// Everything is the scope of one who may see all documents.
func Everything() Scope { return Scope{all: true} }

// Only is the scope of one who may see the documents for which every filter holds; without filters it is nothing.
func Only(filters ...Filter) Scope { return Scope{filters: slices.Clone(filters)} }

// Result is one page and the counts around it.
type Result struct {
	Total  int                // documents that meet all conditions
	IDs    []string           // the page
	Facets map[string][]Count // by column, most documents first; a column's own filters are left out of its counts
}

// Search answers a query. In Words all words must match after folding; "..." is a phrase; a leading hyphen excludes;
// a word ending in * and the last word match by prefix. An unknown column or a negative page is fault.Invalid, more than
// 32 words are fault.Limit. Blank words match all.
func (x *Index) Search(q Query) (Result, error) {
	p, err := x.schema.plan(q)
	if err != nil {
		return Result{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return p.run(x.now), nil
}

// plan is a checked query: names have become places, typed words clauses.
type plan struct {
	within  []condition
	blind   bool // the scope is nothing
	loose   []condition
	counted []condition // filters on columns whose facets are asked for
	clauses []clause
	ranges  []span
	sort    int
	desc    bool
	offset  int
	limit   int
	facets  []int
}

type condition struct {
	facet int
	anyOf []string
	not   bool
}

type span struct {
	number   int
	min, max int64
}

func (k *schema) plan(q Query) (p plan, err error) {
	if q.Offset < 0 || q.Limit < 0 {
		return p, fault.New(fault.Invalid, "A page cannot begin or end before the first result")
	}
	p.offset, p.limit = q.Offset, q.Limit
	if p.clauses, err = parseWords(q.Words); err != nil {
		return p, err
	}
	for _, name := range q.Facets {
		place, err := k.facetNamed(name)
		if err != nil {
			return p, err
		}
		p.facets = append(p.facets, place)
	}
	p.blind = !q.Within.all && len(q.Within.filters) == 0
	if p.within, err = k.conditions(q.Within.filters); err != nil {
		return p, err
	}
	filters, err := k.conditions(q.Filters)
	if err != nil {
		return p, err
	}
	for _, c := range filters {
		if slices.Contains(p.facets, c.facet) {
			p.counted = append(p.counted, c)
		} else {
			p.loose = append(p.loose, c)
		}
	}
	err = k.planNumbers(q, &p)
	return p, err
}

func (k *schema) conditions(filters []Filter) ([]condition, error) {
	var found []condition
	for _, f := range filters {
		place, err := k.facetNamed(f.Column)
		if err != nil {
			return nil, err
		}
		found = append(found, condition{place, f.AnyOf, f.Not})
	}
	return found, nil
}

func (k *schema) planNumbers(q Query, p *plan) error {
	for _, r := range q.Ranges {
		place, err := k.numberNamed(r.Column)
		if err != nil {
			return err
		}
		p.ranges = append(p.ranges, span{place, max(r.Min, Missing+1), r.Max})
	}
	p.sort, p.desc = k.order, true
	if q.Sort == "" {
		return nil
	}
	place, err := k.numberNamed(q.Sort)
	p.sort, p.desc = place, q.Desc
	return err
}

func (p *plan) run(t *table) Result {
	base, whole := p.base(t)
	final := t.narrowed(base, p.counted)
	result := Result{Total: final.count(), Facets: make(map[string][]Count, len(p.facets))}
	for _, place := range t.ranking(p.sort, p.desc).page(final, result.Total, p.offset, p.limit) {
		result.IDs = append(result.IDs, t.id(place))
	}
	for _, place := range p.facets {
		others := slices.DeleteFunc(slices.Clone(p.counted), func(c condition) bool { return c.facet == place })
		rows := final
		if len(others) < len(p.counted) {
			rows = t.narrowed(base, others)
		}
		result.Facets[t.schema.Facets[place]] = t.facets[place].counts(rows, whole && len(others) == 0)
	}
	return result
}

// base is the rows that meet every condition but the counted ones, the scope first. whole says that these are all live rows.
func (p *plan) base(t *table) (rows bitmap, whole bool) {
	if p.blind {
		return newBitmap(t.rows()), false
	}
	rows = t.alive.clone()
	t.narrow(rows, p.within)
	t.narrow(rows, p.loose)
	var wanted, unwanted []match
	for _, c := range p.clauses {
		if m := t.resolve(c); m.not {
			unwanted = append(unwanted, m)
		} else {
			wanted = append(wanted, m)
			m.narrow(t, rows)
		}
	}
	for _, s := range p.ranges {
		rows.keep(t.numbers[s.number], s.min, s.max)
	}
	for _, m := range wanted {
		m.adjacent(t, rows)
	}
	for _, m := range unwanted {
		found := rows.clone()
		m.narrow(t, found)
		m.adjacent(t, found)
		rows.andNot(found)
	}
	return rows, len(p.within)+len(p.loose)+len(p.clauses)+len(p.ranges) == 0
}

// narrowed leaves rows as they are; without conditions it returns them.
func (t *table) narrowed(rows bitmap, conditions []condition) bitmap {
	if len(conditions) == 0 {
		return rows
	}
	rows = rows.clone()
	t.narrow(rows, conditions)
	return rows
}

func (t *table) narrow(rows bitmap, conditions []condition) {
	for _, c := range conditions {
		f := t.facets[c.facet]
		sets := f.having(c.anyOf)
		if !c.not {
			narrow(rows, f.postings, sets)
			continue
		}
		for _, set := range sets {
			f.postings[set].remove(rows)
		}
	}
}

// keep removes the rows whose number is not from low to high.
func (b bitmap) keep(column []int64, low, high int64) {
	if low > high {
		clear(b)
		return
	}
	width := uint64(high) - uint64(low)
	for i, w := range b {
		if end := i<<6 + 64; bits.OnesCount64(w) >= crowd && end <= len(column) {
			b[i] = w & inside(column[end-64:end], low, width)
			continue
		}
		for rest := w; rest != 0; rest &= rest - 1 {
			bit := bits.TrailingZeros64(rest)
			if uint64(column[i<<6+bit])-uint64(low) > width {
				w &^= 1 << bit
			}
		}
		b[i] = w
	}
}

// crowd is how many of 64 rows make it cheaper to look at all of them than to step from one to the next.
const crowd = 12

// inside compares 64 numbers without a branch.
func inside(column []int64, low int64, width uint64) uint64 {
	found := uint64(0)
	for i, v := range column {
		bit := uint64(0)
		if uint64(v)-uint64(low) <= width {
			bit = 1
		}
		found |= bit << i
	}
	return found
}

func (t *table) ranking(column int, desc bool) *ranking {
	r := &ranking{ties: t.ties, desc: desc}
	if column >= 0 {
		r.column = t.numbers[column]
	}
	if order := t.schema.order; order >= 0 {
		r.second = t.numbers[order]
	}
	return r
}
