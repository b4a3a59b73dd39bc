// Package reconcile compares two totals of one population, difference by difference, and shows the rows behind each.
//
// A file is either a register of incidents, one a row, whose counts are added up here (rows), or a table of totals that its
// publisher has added up (totals). Both become a Ledger: for each key and each measure one figure. A key is a State, a year or
// both: AFG, 2019, AFG-2019. A measure is a count that both files may hold: events, killed, arrested.
//
// Three things are kept apart. A figure is stated, and 0 is a figure; it is not stated where every cell behind it is blank; and a
// cell that says "unspecified" says that there was something and not how much. What is not stated on one side is neither
// agreement nor difference.
//
// Rows of no State (international waters, unspecified) belong to no country-year: they are counted apart and compared by no one.
//
// A cause is what could account for a difference as far as the figures can tell. It is found by rules and judges nothing: the
// rows are named so that a person can look.
package reconcile

import (
	"cmp"
	"slices"
	"strings"
)

// Kind says what a file holds.
type Kind string

// The two kinds.
const (
	Rows   Kind = "rows"
	Totals Kind = "totals"
)

// By says what a key is made of; at least one is set.
type By struct{ Country, Year bool }

// Key names what is compared; a part that By leaves out is zero.
type Key struct {
	Country string // ISO3
	Year    int
}

// String writes AFG-2019, AFG or 2019.
func (k Key) String() string {
	var parts []string
	if k.Country != "" {
		parts = append(parts, k.Country)
	}
	if k.Year != 0 {
		parts = append(parts, yearText(k.Year))
	}
	return strings.Join(parts, "-")
}

func compareKeys(a, b Key) int {
	return cmp.Or(strings.Compare(a.Country, b.Country), cmp.Compare(a.Year, b.Year))
}

// Figure is one number and how much of it is known.
type Figure struct {
	Stated bool  // some cell behind it says a number
	Best   int64 // the sum of the best counts
	Low    int64
	High   int64
	rows   []part
}

// part is what one row adds to a figure.
type part struct {
	id string
	n  int64
}

func (f *Figure) add(p part, low, high int64) {
	f.Stated = true
	f.Best, f.Low, f.High = f.Best+p.n, f.Low+low, f.High+high
	if p.id != "" && (p.n != 0 || high != 0) {
		f.rows = append(f.rows, p)
	}
}

// Cell is all figures of one key, by measure.
type Cell map[string]*Figure

func (c Cell) at(measure string) *Figure {
	if c[measure] == nil {
		c[measure] = &Figure{}
	}
	return c[measure]
}

// Ledger is one file, added up.
type Ledger struct {
	Name      string // of the file, without its folder
	Kind      Kind
	Layout    string // of a register, "" for totals
	Read      int    // rows read
	Stateless int    // rows of no State, in no cell
	Undated   int    // rows whose date names no single year, or that could not be read: in no cell
	Measures  []string
	First     int // year of the earliest and latest row or line; 0 where no year is known
	Last      int
	Cells     map[Key]Cell
	Notes     []string // what a reader must know of the file

	hints map[Key]hints
	bare  map[string]bool // measures whose label does not say whose count it is
}

// hints are what the rows themselves tell about a cell.
type hints struct {
	otherYear []string // ids of rows whose words name only other years than the date
	repeats   []string // ids of rows whose words stand in an earlier row
}

func newLedger(name string, kind Kind) *Ledger {
	return &Ledger{Name: name, Kind: kind, Cells: map[Key]Cell{}, hints: map[Key]hints{}}
}

func (l *Ledger) cell(k Key) Cell {
	if l.Cells[k] == nil {
		l.Cells[k] = Cell{}
	}
	return l.Cells[k]
}

// spans widens the years that the ledger is of.
func (l *Ledger) spans(year int) {
	if year != 0 && (l.First == 0 || year < l.First) {
		l.First = year
	}
	l.Last = max(l.Last, year)
}

func (l *Ledger) has(measure string) bool { return slices.Contains(l.Measures, measure) }
