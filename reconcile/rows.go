package reconcile

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strconv"
	"strings"

	"ward/exchange"
	"ward/tally"
	"ward/text"
	"ward/when"
)

// everyRows is how many rows pass between two looks at the clock and the person's wish to stop.
const everyRows = 256

// adder adds a register up, row by row.
type adder struct {
	ledger *Ledger
	by     By
	seed   maphash.Seed
	texts  map[uint64]bool // descriptions seen
	found  map[string]bool // measures stated somewhere
	set    map[string]int  // counts that were set aside, by reason
}

func readRows(ctx context.Context, r *exchange.Reader, name string, opt Options) (*Ledger, error) {
	a := &adder{ledger: newLedger(name, Rows), by: opt.By, seed: maphash.MakeSeed(), texts: map[uint64]bool{}, found: map[string]bool{Events: true}, set: map[string]int{}}
	a.ledger.Layout = r.Layout()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		a.take(&row)
		if a.ledger.Read++; a.ledger.Read%everyRows == 0 {
			if err := errors.Join(ctx.Err(), a.ledger.bounded()); err != nil {
				return nil, err
			}
			if opt.Progress != nil {
				done, total := r.Progress()
				opt.Progress(done, total, a.ledger.Read)
			}
		}
	}
	a.ledger.Measures = inOrder(a.found)
	a.tell()
	return a.ledger, nil
}

func (a *adder) take(row *exchange.Row) {
	if row.Reject != nil {
		a.ledger.Undated++
		return
	}
	for _, f := range row.Flags {
		if f.Code == exchange.FlagCountNegative || f.Code == exchange.FlagCountUnread {
			a.set[f.Code]++
		}
	}
	year, ok := yearOf(row.Get("date"))
	switch {
	case a.by.Year && !ok:
		a.ledger.Undated++
		return
	case a.by.stateless(row.Get("country")):
		a.ledger.Stateless++
		return
	}
	a.ledger.spans(year)
	k := a.by.key(row.Get("country"), year)
	a.add(a.ledger.cell(k), row)
	a.hint(k, row, year)
}

// add puts a row into its cell. A blank states nothing; a measure of two columns is stated where one of them is.
func (a *adder) add(cell Cell, row *exchange.Row) {
	id := idOf(row)
	for _, m := range measures {
		if m.fields == nil {
			cell.at(m.name).add(part{id, 1}, 1, 1)
			continue
		}
		sum, stated := tally.Count{}, false
		for _, field := range m.fields {
			if n, err := tally.Parse(row.Get(field)); row.Get(field) != "" && err == nil {
				sum, stated = sum.Add(n), true
			}
		}
		if stated {
			a.found[m.name] = true
			cell.at(m.name).add(part{id, sum.Best}, sum.Low, sum.High)
		}
	}
}

// hint keeps what the row's own words say against its cell.
func (a *adder) hint(k Key, row *exchange.Row, year int) {
	said := row.Get("description")
	if said == "" {
		return
	}
	h := a.ledger.hints[k]
	if y := yearsIn(said); len(y) > 0 && !y[year] && year != 0 {
		h.otherYear = append(h.otherYear, idOf(row))
	}
	sum := maphash.String(a.seed, text.Key(said))
	if a.texts[sum] {
		h.repeats = append(h.repeats, idOf(row))
	}
	a.texts[sum] = true
	if len(h.otherYear)+len(h.repeats) > 0 {
		a.ledger.hints[k] = h
	}
}

// tell notes what was left out.
func (a *adder) tell() {
	l := a.ledger
	if l.Stateless > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("%d rows are of no State and in no figure", l.Stateless))
	}
	if l.Undated > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("%d rows name no single year, or could not be read, and are in no figure", l.Undated))
	}
	for _, code := range []string{exchange.FlagCountNegative, exchange.FlagCountUnread} {
		if n := a.set[code]; n > 0 {
			l.Notes = append(l.Notes, fmt.Sprintf("%d cells: %s", n, exchange.Meaning(code)))
		}
	}
}

// idOf is the row's own id, or "row 17" where it has none.
func idOf(row *exchange.Row) string {
	if row.ExternalID != "" {
		return row.ExternalID
	}
	return "row " + strconv.Itoa(row.Number)
}

// yearOf is the one year in which all of a date lies.
func yearOf(date string) (int, bool) {
	d, err := when.Parse(date)
	if err != nil || d.IsZero() || d.From().Year() != d.To().Year() {
		return 0, false
	}
	return d.From().Year(), true
}

// yearsIn are the years from 1990 to 2089 that stand in a text as words of their own.
func yearsIn(s string) map[int]bool {
	var out map[int]bool
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(w) != 4 || w[:2] != "20" && w[:3] != "199" {
			continue
		}
		if y, err := strconv.Atoi(w); err == nil && y < 2090 {
			if out == nil {
				out = map[int]bool{}
			}
			out[y] = true
		}
	}
	return out
}
