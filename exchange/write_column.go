package exchange

import (
	"sort"
	"strconv"
	"strings"

	"ward/tally"
	"ward/vocab"
	"ward/when"
)

// lossy is told of what a column cannot carry: a sentence with a place for the number, and what it is about.
type lossy func(sentence, about string)

// pen writes the values of one column.
type pen struct {
	col    *Column
	codec  codec
	scheme string
	words  map[string]string // our value -> the publisher's word
	wider  map[string]bool   // values whose word is read back as another, wider one
}

func newPen(c *Column, scheme string) pen {
	p := pen{col: c, codec: codecOf(c.Codec), scheme: scheme, words: c.publisherWords(), wider: map[string]bool{}}
	for value, word := range p.words {
		if p.codec.place != asAttack && p.codec.read(c, scheme, word).value != value {
			p.wider[value] = true
		}
	}
	return p
}

// publisherWords turns the column's own values around; of several words for one value the first in the alphabet.
func (c *Column) publisherWords() map[string]string {
	out := map[string]string{}
	if c.Cross != "" && len(c.Write) == 0 {
		return out // the values are spellings of words, not ours
	}
	var words []string
	for word := range c.Values {
		words = append(words, word)
	}
	sort.Strings(words)
	for _, word := range words {
		if _, taken := out[c.Values[word]]; !taken {
			out[c.Values[word]] = word
		}
	}
	for value, word := range c.Write {
		out[value] = word
	}
	return out
}

// shownWithheld is the publishers' word for what they do not show.
const shownWithheld = "censored"

// cell is the text of one cell.
func (p *pen) cell(v Value, lose lossy) string {
	switch {
	case v.Value == "":
		return p.col.nothing()
	case v.Value == vocabWithheld:
		return shownWithheld
	}
	switch p.col.Codec {
	case "certainty":
		if v.Raw == "" && v.Value == possible {
			return p.col.nothing() // no grade was given, and none is read as possible
		}
	case "date", "year", "month", "day", "check.year", "check.weekday":
		return p.col.datePart(v)
	case "country":
		return countryWord(v)
	case "country.iso":
		if v.Value == "ZZZ" {
			return ""
		}
		return v.Value
	case "lat", "lon":
		return pointHalf(p.col.Codec, v.Value)
	}
	switch {
	case v.Raw != "" && p.reads(v):
		return v.Raw
	case p.col.Codec == "count":
		return countWord(v.Value, lose)
	case len(p.words) == 0:
		return v.Value
	}
	return p.coded(v.Value, lose)
}

// reads reports that the source's words are of this layout, not of another one. What is derived from several columns
// (the actor's kind, codes) need not be what one cell says. A value that is itself the publisher's word stands as it is.
func (p *pen) reads(v Value) bool {
	if v.Raw == v.Value {
		return true
	}
	got := p.codec.read(p.col, p.scheme, v.Raw)
	return got.value == v.Value || got.value != "" && (p.codec.place == asKind || p.codec.place == asAttack)
}

// coded writes the publisher's word for a value, or a set of codes word by word.
func (p *pen) coded(value string, lose lossy) string {
	codes := []string{value}
	if _, whole := p.words[value]; !whole && p.codec.place != asResource {
		codes = strings.Fields(value)
	}
	var out []string
	for _, code := range codes {
		word, ok := p.words[code]
		if !ok {
			lose("%d values of %s have no word in this layout", p.col.Field)
			continue
		}
		if p.wider[code] {
			lose("%d values of %s were written as a wider one", p.col.Field)
		}
		out = append(out, word)
	}
	out = set(out)
	if several, ok := p.words["multiple"]; ok && len(out) > 1 && p.codec.place == asKind {
		lose("%d values of %s were written as a wider one", p.col.Field)
		return several
	}
	return strings.Join(out, ", ")
}

// nothing is what stands where nothing is known.
func (c *Column) nothing() string {
	if len(c.Blank) > 0 {
		return c.Blank[0]
	}
	return ""
}

func countryWord(v Value) string {
	if v.Raw == "" && v.Value != "ZZZ" {
		return vocab.CountryName(v.Value, "en")
	}
	return v.Raw
}

func pointHalf(half, value string) string {
	y, x, _ := strings.Cut(value, ",")
	if half == "lat" {
		return y
	}
	return x
}

// countWord writes 3, or a range as 1-5.
func countWord(value string, lose lossy) string {
	n, err := tally.Parse(value)
	if err != nil || n.Low == n.High {
		return value
	}
	lose("%d ranges were written as low-high", "")
	return strconv.FormatInt(n.Low, 10) + "-" + strconv.FormatInt(n.High, 10)
}

// datePart writes what a column holds of a date: all of it, or a part that is known.
func (c *Column) datePart(v Value) string {
	d, err := when.Parse(v.Value)
	if err != nil {
		return c.nothing()
	}
	from, to := d.From().Time(), d.To().Time()
	month := from.Year() == to.Year() && from.Month() == to.Month()
	switch c.Codec {
	case "date":
		return c.wholeDate(d)
	case "year", "check.year":
		if from.Year() == to.Year() {
			return strconv.Itoa(from.Year())
		}
	case "month":
		if month {
			return strconv.Itoa(int(from.Month()))
		}
	case "day":
		if d.Exact() {
			return strconv.Itoa(from.Day())
		}
	case "check.weekday":
		if d.Exact() {
			return from.Format("Mon")
		}
	}
	return c.nothing()
}

// wholeDate is a day as the layout writes days, or the date in our own spelling. Years that two digits would move into
// another century have four.
func (c *Column) wholeDate(d when.Date) string {
	if c.Order != "mdy" || !d.Exact() {
		return d.String()
	}
	day := d.From().Time()
	if century(day.Format("06")) != day.Year() {
		return day.Format("1/2/2006 3:04 PM")
	}
	return day.Format("1/2/06 3:04 PM")
}
