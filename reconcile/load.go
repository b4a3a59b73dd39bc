package reconcile

import (
	"context"
	"path/filepath"
	"strings"

	"ward/exchange"
	"ward/fault"
	"ward/vocab"
)

// maxProblems is how many problems of one file are named.
const maxProblems = 10

// maxCells bounds the keys of one file: all States in all years since 1900 are fewer.
const maxCells = 50_000

// Options say how a file is read.
type Options struct {
	By       By
	Map      string                            // answer to contradictions of labels and tags, as for an import
	Progress func(done, total int64, rows int) // bytes; may be nil
}

// Load reads a file of either kind and adds it up. It holds totals where it has States, years and counts and no column that tells one
// incident from another, such as an id, a day or a description; otherwise it is what exchange's layouts say. Faults name the lines that
// are wrong.
func Load(ctx context.Context, path string, opt Options) (*Ledger, error) {
	t, err := exchange.OpenTable(path)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	cols, ok := findColumns(t.Headers())
	if ok && cols.total {
		return readTotals(ctx, t, filepath.Base(path), cols, opt)
	}
	r, err := exchange.Open(path, exchange.Options{Map: opt.Map})
	switch {
	case err == nil:
		defer r.Close()
		return readRows(ctx, r, filepath.Base(path), opt)
	case !fault.Is(err, fault.Refused) && !fault.Is(err, fault.Invalid):
		return nil, err
	case ok:
		return readTotals(ctx, t, filepath.Base(path), cols, opt)
	}
	return nil, fault.Wrap(err, fault.Invalid, "%s is neither a register of incidents nor a table of totals", filepath.Base(path)).
		Do("a register is what `ward import` reads; totals have a column of States, one of years and at least one of counts (docs/reconcile.md)")
}

// ParseBy reads "country,year", "country" or "year".
func ParseBy(words []string) (By, error) {
	var by By
	for _, w := range words {
		switch strings.ToLower(strings.TrimSpace(w)) {
		case "country":
			by.Country = true
		case "year":
			by.Year = true
		default:
			return By{}, fault.New(fault.Invalid, "totals are not compared by %q", w).Do("choose country, year or both: --by country,year")
		}
	}
	if by == (By{}) {
		return By{}, fault.New(fault.Invalid, "it is not said by what totals are compared").Do("choose country, year or both: --by country,year")
	}
	return by, nil
}

// key leaves out what is not compared by.
func (by By) key(country string, year int) Key {
	var k Key
	if by.Country {
		k.Country = country
	}
	if by.Year {
		k.Year = year
	}
	return k
}

// stateless reports rows that belong to no State, where States are compared.
func (by By) stateless(country string) bool { return by.Country && country == vocab.NoCountry }

func (l *Ledger) bounded() error {
	if len(l.Cells) > maxCells {
		return fault.New(fault.Limit, "%s has more than %d keys", l.Name, maxCells).Do("check that its columns of States and years hold States and years")
	}
	return nil
}
