package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"ward/exchange"
	"ward/fault"
	"ward/text"
	"ward/vocab"
)

// columns say where a table of totals has what; -1 is nowhere.
type columns struct {
	iso, country, year int
	measures           map[int]string
	bare               map[string]bool // measures whose label does not say whose count it is
	other              []string        // labels that are not compared
	total              bool            // States and years, and nothing that tells one incident from another
}

// single are words of labels that a table of incidents has and a table of totals has not.
var single = words("id eventid incidentid date day month time weekday description details latitude lat longitude")

// labels of the columns that place a total, as text.Key writes them.
var (
	isoLabels     = []string{"countryiso", "countryiso3", "iso3", "iso", "countrycode", "iso3code", "isocode"}
	countryLabels = []string{"country", "countryname", "state", "countryterritory", "territory"}
	yearLabels    = []string{"year"}
)

// findColumns knows a table of totals by a column of States or years and one of counts; which are needed, By decides.
func findColumns(headers []string) (columns, bool) {
	c := columns{iso: -1, country: -1, year: -1, measures: map[int]string{}, bare: map[string]bool{}}
	taken := map[string]bool{}
	for i, label := range headers {
		key := text.Key(label)
		m, bare := measureOf(label)
		switch {
		case slices.Contains(isoLabels, key) && c.iso < 0:
			c.iso = i
		case slices.Contains(countryLabels, key) && c.country < 0:
			c.country = i
		case slices.Contains(yearLabels, key) && c.year < 0:
			c.year = i
		case m != "" && !taken[m]:
			c.measures[i], taken[m] = m, true
			c.bare[m] = bare
		case key != "":
			c.other = append(c.other, label)
		}
	}
	c.total = (c.iso >= 0 || c.country >= 0) && c.year >= 0 && !slices.ContainsFunc(headers, tellsOne)
	return c, (c.iso >= 0 || c.country >= 0 || c.year >= 0) && len(c.measures) > 0
}

func tellsOne(label string) bool {
	return slices.ContainsFunc(text.Tokens(label), func(w string) bool { return single[w] })
}

// totalsReader reads a table of totals line by line and keeps every problem, so that one look mends the file.
type totalsReader struct {
	cols     columns
	by       By
	ledger   *Ledger
	seen     map[string]int // State as written and year -> line
	joined   map[Key]int    // lines that lead to one key
	problems []string
	more     int
	vague    int // cells that say "unspecified"
	grand    int // lines that are totals of the table
}

func readTotals(ctx context.Context, t *exchange.Table, name string, cols columns, opt Options) (*Ledger, error) {
	if opt.By.Country && cols.iso < 0 && cols.country < 0 {
		return nil, fault.New(fault.Invalid, "%s has no column of States", name).Do("compare by year only: --by year")
	}
	if opt.By.Year && cols.year < 0 {
		return nil, fault.New(fault.Invalid, "%s has no column of years", name).Do("compare by country only: --by country")
	}
	r := &totalsReader{cols: cols, by: opt.By, ledger: newLedger(name, Totals), seen: map[string]int{}, joined: map[Key]int{}}
	for {
		row, line, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		r.take(row, line)
		if err := errors.Join(ctx.Err(), r.ledger.bounded()); err != nil {
			return nil, err
		}
		r.ledger.Read++
	}
	return r.finish()
}

func (r *totalsReader) finish() (*Ledger, error) {
	if len(r.problems) > 0 {
		list := strings.Join(r.problems, "\n  ")
		if r.more > 0 {
			list += fmt.Sprintf("\n  and %d more", r.more)
		}
		return nil, fault.New(fault.Invalid, "%s cannot be compared:\n  %s\n", r.ledger.Name, list).Do("mend these lines and try again")
	}
	set := map[string]bool{}
	for _, m := range r.cols.measures {
		set[m] = true
	}
	r.ledger.Measures, r.ledger.bare = inOrder(set), r.cols.bare
	r.tell()
	return r.ledger, nil
}

func (r *totalsReader) tell() {
	l := r.ledger
	say := func(n int, words string) {
		if n > 0 {
			l.Notes = append(l.Notes, fmt.Sprintf("%d %s", n, words))
		}
	}
	say(l.Stateless, "lines are of no State and in no figure")
	say(r.grand, "lines are totals of the table itself and in no figure")
	say(r.vague, "cells say that a number is not specified: they state none")
	joined := 0
	for _, n := range r.joined {
		if n > 1 {
			joined++
		}
	}
	if r.by.Country && r.by.Year {
		say(joined, "keys are the sum of several lines, because parts of a State stand on lines of their own")
	}
	if len(r.cols.other) > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("columns that are not compared: %s", strings.Join(r.cols.other[:min(len(r.cols.other), 8)], ", ")))
	}
}

func (r *totalsReader) problem(line int, format string, args ...any) {
	if len(r.problems) >= maxProblems {
		r.more++
		return
	}
	r.problems = append(r.problems, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
}

func (r *totalsReader) take(row []string, line int) {
	if grandTotal(cellAt(row, r.cols.country), cellAt(row, r.cols.iso), cellAt(row, r.cols.year)) {
		r.grand++
		return
	}
	country, ok := r.country(row, line)
	year, fine := r.year(row, line)
	if !ok || !fine {
		return
	}
	r.ledger.spans(year)
	place := text.Key(cellAt(row, r.cols.country)) + " " + cellAt(row, r.cols.iso) + " " + cellAt(row, r.cols.year)
	if first, twice := r.seen[place]; twice {
		r.problem(line, "the same State and year as line %d", first)
		return
	}
	r.seen[place] = line
	if r.by.stateless(country) {
		r.ledger.Stateless++
		r.counts(Cell{}, row, line) // its numbers must be numbers all the same
		return
	}
	k := r.by.key(country, year)
	r.joined[k]++
	r.counts(r.ledger.cell(k), row, line)
}

// grandWords are what stands in the place of a State or year on a line of totals.
var grandWords = words("total totals grandtotal all world global sum worldwide")

func grandTotal(cells ...string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return len(c) < 40 && grandWords[text.Key(c)] })
}

// country reads the code where there is one, else the name; both must lead to one State.
func (r *totalsReader) country(row []string, line int) (string, bool) {
	code, name := cellAt(row, r.cols.iso), cellAt(row, r.cols.country)
	if !r.by.Country {
		return "", true
	}
	byCode, okCode := vocab.Country(code)
	byName, okName := vocab.Country(name)
	switch {
	case code == "" && name == "":
		return vocab.NoCountry, true
	case code != "" && !okCode:
		r.problem(line, "%.40q is no code of a State", code)
	case code == "" && !okName:
		r.problem(line, "%.60q is no State that is known", name)
	case code != "" && name != "" && okName && byCode != byName && byName != vocab.NoCountry:
		r.problem(line, "the code says %s and the name %s", byCode, byName)
	case code != "":
		return byCode, true
	default:
		return byName, true
	}
	return "", false
}

// year reads the year where there is a column of years, even when years are not compared: the report tells which were added.
func (r *totalsReader) year(row []string, line int) (int, bool) {
	if r.cols.year < 0 {
		return 0, true
	}
	return r.yearOf(cellAt(row, r.cols.year), line)
}

func (r *totalsReader) yearOf(said string, line int) (int, bool) {
	said = strings.TrimSuffix(said, ".0")
	y, err := strconv.Atoi(said)
	if err != nil || y < 1900 || y > 2199 {
		r.problem(line, "%.40q is no year", said)
		return 0, false
	}
	return y, true
}

// vagueWords say that there is a number and not which.
var vagueWords = words("unspecified notspecified unknown various several na noinformation")

// maxTotal is more than any population.
const maxTotal = 100_000_000_000

func (r *totalsReader) counts(cell Cell, row []string, line int) {
	for i, measure := range r.cols.measures {
		said := cellAt(row, i)
		switch {
		case said == "" || said == "-":
			continue
		case vagueWords[text.Key(said)]:
			r.vague++
			continue
		}
		n, err := strconv.ParseInt(ungrouped(strings.TrimSuffix(said, ".0")), 10, 64)
		if err != nil || n < 0 || n > maxTotal {
			r.problem(line, "%s: %.40q is no count", measure, said)
			continue
		}
		cell.at(measure).add(part{n: n}, n, n)
	}
}

// ungrouped takes the commas out of 1,234,567. Where they do not stand between thousands they stay, so that 5,0 is not read as 50.
func ungrouped(said string) string {
	parts := strings.Split(said, ",")
	for _, p := range parts[1:] {
		if len(p) != 3 || len(parts[0]) > 3 || parts[0] == "" {
			return said
		}
	}
	return strings.Join(parts, "")
}

func cellAt(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}
