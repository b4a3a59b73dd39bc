package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"ward/fault"
)

// Report is what two files agree and disagree about.
type Report struct {
	A, B         *Ledger
	Shared       int
	OnlyA, OnlyB []Key
	Measures     []Measure
	Differences  []Difference // by key, then in the order of the measures
}

// Measure counts the shared keys of one measure. The five numbers add up to the shared keys.
type Measure struct {
	Name     string
	Agree    int
	Differ   int
	UnsaidA  int // not stated in A, stated in B
	UnsaidB  int // the other way around
	UnsaidAB int // stated in neither
}

// Difference is one figure that two files give otherwise.
type Difference struct {
	Key     Key
	Measure string
	A, B    int64
	Rows    []string // ids of the rows behind the figure, see Compare
	Cause   Cause
	Hints   []Hint
}

// Compare sets two ledgers side by side. Rows of a difference are those of the register that add something to its figure; of two
// registers with common ids they are the rows that the two do not count alike.
func Compare(a, b *Ledger) (*Report, error) {
	alignBare(a, b)
	alignBare(b, a)
	r := &Report{A: a, B: b}
	r.noteYears()
	shared := r.split()
	for _, m := range measures {
		if a.has(m.name) && b.has(m.name) {
			r.measure(m.name, shared)
		}
	}
	if len(r.Measures) == 0 {
		return nil, fault.New(fault.Invalid, "%s and %s have no measure in common", a.Name, b.Name).
			Do("%s", "compare totals of one population; docs/reconcile.md names the measures and the labels by which they are known")
	}
	sort.SliceStable(r.Differences, func(i, j int) bool { return compareKeys(r.Differences[i].Key, r.Differences[j].Key) < 0 })
	r.explain()
	return r, nil
}

// noteYears tells of sums over other years, which differ for that reason alone.
func (r *Report) noteYears() {
	for k := range r.A.Cells {
		if k.Year == 0 && r.A.First*r.B.First != 0 && (r.A.First != r.B.First || r.A.Last != r.B.Last) {
			r.A.Notes = append(r.A.Notes, fmt.Sprintf("its totals are of %d to %d, those of %s of %d to %d: compare by country and year to see the years that both have",
				r.A.First, r.A.Last, r.B.Name, r.B.First, r.B.Last))
		}
		return
	}
}

// Keys counts the shared keys in which some measure differs.
func (r *Report) Keys() int {
	set := map[Key]bool{}
	for _, d := range r.Differences {
		set[d.Key] = true
	}
	return len(set)
}

func (r *Report) split() (shared []Key) {
	for k := range r.A.Cells {
		if r.B.Cells[k] != nil {
			shared = append(shared, k)
		} else {
			r.OnlyA = append(r.OnlyA, k)
		}
	}
	for k := range r.B.Cells {
		if r.A.Cells[k] == nil {
			r.OnlyB = append(r.OnlyB, k)
		}
	}
	for _, keys := range [][]Key{shared, r.OnlyA, r.OnlyB} {
		slices.SortFunc(keys, compareKeys)
	}
	r.Shared = len(shared)
	return shared
}

func (r *Report) measure(name string, shared []Key) {
	m := Measure{Name: name}
	for _, k := range shared {
		x, y := r.A.Cells[k].figure(name), r.B.Cells[k].figure(name)
		switch {
		case !x.Stated && !y.Stated:
			m.UnsaidAB++
		case !x.Stated:
			m.UnsaidA++
		case !y.Stated:
			m.UnsaidB++
		case x.Best == y.Best:
			m.Agree++
		default:
			m.Differ++
			r.Differences = append(r.Differences, Difference{Key: k, Measure: name, A: x.Best, B: y.Best, Rows: behind(x, y)})
		}
	}
	r.Measures = append(r.Measures, m)
}

// figure is a cell's figure, without making one.
func (c Cell) figure(measure string) Figure {
	if f := c[measure]; f != nil {
		return *f
	}
	return Figure{}
}

// behind lists the rows that make a figure, each once.
func behind(x, y Figure) []string {
	common, other := false, map[part]int{}
	ids := map[string]bool{}
	for _, p := range y.rows {
		other[p]++
		ids[p.id] = true
	}
	var onlyX []string
	for _, p := range x.rows {
		common = common || ids[p.id]
		if other[p] > 0 {
			other[p]--
			continue
		}
		onlyX = append(onlyX, p.id)
	}
	out := onlyX
	if !common {
		out = nil
		for _, p := range x.rows {
			out = append(out, p.id)
		}
	}
	for _, p := range y.rows {
		if !common || other[p] > 0 {
			out = append(out, p.id)
			other[p]--
		}
	}
	return distinct(out)
}

func distinct(ids []string) []string {
	out, seen := []string{}, map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// alignBare gives a measure whose label does not say whose count it is the name under which the other file has it: "Killed" beside a
// register of aid workers is aid workers killed.
func alignBare(l, other *Ledger) {
	for i, name := range l.Measures {
		if !l.bare[name] || other.has(name) {
			continue
		}
		var fits []string
		for _, prefix := range []string{"all_", "aid_"} {
			if other.has(prefix+name) && !l.has(prefix+name) {
				fits = append(fits, prefix+name)
			}
		}
		if len(fits) != 1 {
			continue
		}
		l.Measures[i] = fits[0]
		for _, cell := range l.Cells {
			if f := cell[name]; f != nil {
				cell[fits[0]] = f
				delete(cell, name)
			}
		}
		l.Notes = append(l.Notes, `"`+name+`" is read as `+fits[0]+", which the other file has")
	}
}

// CauseCount is how many differences a cause could account for.
type CauseCount struct {
	Cause Cause
	Count int
}

// ByCause counts the differences by cause, those that occur.
func (r *Report) ByCause() (out []CauseCount) {
	counts := map[Cause]int{}
	for _, d := range r.Differences {
		counts[d.Cause]++
	}
	for _, c := range Causes() {
		if counts[c] > 0 {
			out = append(out, CauseCount{c, counts[c]})
		}
	}
	return out
}

// YearCount is how many of a year's shared keys differ in some measure.
type YearCount struct{ Year, Differ, Shared int }

// ByYear counts by year; none where years are not compared. A register that goes on being edited shows here: its last years differ.
func (r *Report) ByYear() (out []YearCount) {
	years, differ := map[int]*YearCount{}, map[Key]bool{}
	for _, d := range r.Differences {
		differ[d.Key] = true
	}
	for k := range r.A.Cells {
		if k.Year == 0 || r.B.Cells[k] == nil {
			continue
		}
		if years[k.Year] == nil {
			years[k.Year] = &YearCount{Year: k.Year}
		}
		years[k.Year].Shared++
		if differ[k] {
			years[k.Year].Differ++
		}
	}
	for _, y := range years {
		out = append(out, *y)
	}
	slices.SortFunc(out, func(a, b YearCount) int { return cmp.Compare(a.Year, b.Year) })
	return out
}
