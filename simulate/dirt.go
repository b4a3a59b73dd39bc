package simulate

import (
	"math/rand/v2"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"ward/exchange"
)

// stain is one kind of dirt: how often it is laid on rows of a register, and what a reader is expected to make of it.
type stain struct {
	name  string
	in    []Register
	every int    // one row in so many
	flag  string // the flag or reject that shows it; "" where it must pass unseen
	lay   func(*dirtied) bool
}

// dirtied is a row on its way to the file.
type dirtied struct {
	sheet  *exchange.Sheet
	cells  []string
	event  *Event
	report *Report
	before []string // the register's row before, as written; nil for the first
	again  bool     // write the row twice
	blank  bool     // write a blank row after it
}

// at gives the cell of a field, nil when the layout has none.
func (d *dirtied) at(field string) *string {
	if i := d.sheet.At(field); i >= 0 {
		return &d.cells[i]
	}
	return nil
}

// set replaces a cell that is there and holds something.
func (d *dirtied) set(field, cell string) bool {
	c := d.at(field)
	if c == nil || *c == "" {
		return false
	}
	*c = cell
	return true
}

// stains is the dirt that real files have. Rows are taken in turn, so that every kind appears in any file long enough.
func stains() []stain {
	sixWs, words := []Register{SiND, SHCC}, []Register{SiND, AWSD}
	first, grading, aid := []Register{SiND}, []Register{SSA}, []Register{AWSD}
	return []stain{
		{"trailing blank", []Register{SiND, AWSD, SHCC}, 31, "", trailingBlank},
		{"broken letters", words, 97, exchange.FlagRepaired, brokenLetters},
		{"negative count", first, 307, exchange.FlagCountNegative, func(d *dirtied) bool { return d.set("worker.injured", "-2") }},
		{"date in words", first, 211, "", func(d *dirtied) bool { return d.set("date", d.report.Day.Time().Format("02 Jan 2006")) }},
		{"date to the month", first, 149, "", func(d *dirtied) bool { return d.set("date", knownMonth(d.report)) }},
		{"no day", aid, 9, "", func(d *dirtied) bool { return d.set("day", "") }},
		{"two outcomes", sixWs, 61, "", twoOutcomes},
		{"id of the row before", first, 401, "", func(d *dirtied) bool { return d.before != nil && d.set("id", d.before[d.sheet.At("id")]) }},
		{"row twice", first, 353, "", func(d *dirtied) bool { d.again = true; return true }},
		{"no id", first, 509, exchange.FlagIDMissing, func(d *dirtied) bool { return d.set("id", "") }},
		{"blank row", words, 251, "", func(d *dirtied) bool { d.blank = true; return true }},
		{"month in words differs", first, 181, exchange.FlagMonthDiffers, wordsDiffer},
		{"words of another row", first, 53, "", otherWords},
		{"point of a country", first, 14, exchange.FlagPointVague, vaguePoint},
		{"place in words", first, 283, exchange.FlagValueUnmapped, func(d *dirtied) bool { return d.set("location", "Under a bridge") }},
		{"wrong weekday", grading, 223, exchange.FlagDateContradiction, wrongWeekday},
		{"unknown type", grading, 263, exchange.FlagValueUnmapped, func(d *dirtied) bool { return d.set("codes", "Violence of an unforeseen kind") }},
		{"verified cut", aid, 43, "", func(d *dirtied) bool {
			c := d.at("certainty")
			return len(*c) > 3 && d.set("certainty", (*c)[:3])
		}},
		{"two coordinates in one cell", aid, 47, exchange.FlagRepaired, joined},
		{"Latin-1", aid, 37, "", latin1},
		{"no country", aid, 83, exchange.FlagCountryMissing, func(d *dirtied) bool { return d.set("country", "") }},
	}
}

func trailingBlank(d *dirtied) bool {
	for _, field := range []string{"location", "weapon", "adm1"} {
		if c := d.at(field); c != nil && *c != "" {
			*c += " "
			return true
		}
	}
	return false
}

// brokenLetters writes a province's name as if its UTF-8 had been read as Windows-1252.
func brokenLetters(d *dirtied) bool {
	c := d.at("adm1")
	if c == nil {
		return false
	}
	broken, err := charmap.Windows1252.NewDecoder().String(*c)
	if err != nil || broken == *c || strings.ContainsRune(broken, '\uFFFD') {
		return false
	}
	*c = broken
	return true
}

// latin1 writes a province's name in one byte a letter, without a mark.
func latin1(d *dirtied) bool {
	c := d.at("adm1")
	b, err := charmap.ISO8859_1.NewEncoder().String(*c)
	if err != nil || b == *c {
		return false
	}
	*c = b
	return true
}

func twoOutcomes(d *dirtied) bool { return d.event.Outcome != "" && d.set("outcome", "Freed, Missing") }

func wordsDiffer(d *dirtied) bool {
	c := d.at("description")
	head := d.report.Day.Time().Format("02 January 2006: ")
	if !strings.HasPrefix(*c, head) {
		return false
	}
	*c = otherMonth(d.report.Day).Time().Format("02 January 2006: ") + strings.TrimPrefix(*c, head)
	return true
}

// otherWords repeats the description of the row before: a wave of attacks told once, or one counted twice.
func otherWords(d *dirtied) bool {
	at := d.sheet.At("description")
	if d.before == nil || monthOf(d.before[at]) != monthOf(d.cells[at]) {
		return false
	}
	d.cells[at] = d.before[at]
	return true
}

// monthOf cuts "May 2021" out of a description that begins with a date.
func monthOf(words string) string {
	head, _, _ := strings.Cut(words, ":")
	_, month, _ := strings.Cut(head, " ")
	return month
}

// vaguePoint gives the capital's coordinates to a row that is known to the country only.
func vaguePoint(d *dirtied) bool {
	if d.report.Precision != 6 {
		return false
	}
	lat, lon, _ := strings.Cut(point(d.report), ",")
	*d.at("lat"), *d.at("lon") = lat, lon
	return true
}

func wrongWeekday(d *dirtied) bool {
	at := d.sheet.AtCodec("check.weekday")
	if at < 0 {
		return false
	}
	d.cells[at] = (d.report.Day + 1).Time().Format("Mon")
	return true
}

func joined(d *dirtied) bool {
	lat, lon := d.at("lat"), d.at("lon")
	if *lat == "" || *lon == "" {
		return false
	}
	*lat, *lon = *lat+", "+*lon, ""
	return true
}

// dirtier lays the stains of one register in turn: each is due after so many rows and waits for a row that can carry it.
type dirtier struct {
	stains []stain
	due    []int
}

func newDirtier(rng *rand.Rand, r Register) *dirtier {
	d := &dirtier{}
	for _, s := range stains() {
		for _, in := range s.in {
			if in == r {
				d.stains = append(d.stains, s)
				d.due = append(d.due, rng.IntN(s.every))
			}
		}
	}
	return d
}

// without leaves one kind of dirt out.
func (d *dirtier) without(name string) {
	if i := slices.IndexFunc(d.stains, func(s stain) bool { return s.name == name }); i >= 0 {
		d.stains, d.due = slices.Delete(d.stains, i, i+1), slices.Delete(d.due, i, i+1)
	}
}

// lay dirties a row and tells with what. A row carries one stain, so that two do not undo each other.
func (d *dirtier) lay(row *dirtied) (names []string) {
	for i, s := range d.stains {
		d.due[i]++
		if d.due[i] >= s.every && len(names) == 0 && s.lay(row) {
			d.due[i] -= s.every
			names = append(names, s.name)
		}
	}
	return names
}
