package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"ward/text"
	"ward/vocab"
)

const (
	fewWords  = 30 // distinct words of a column that may be a code list
	shortWord = 60 // the longest of them, in bytes
	longText  = 40 // from this mean length on, cells tell a story
	fitting   = 0.8
)

// content is what the first cells of a column hold.
type content struct {
	cells    []string // not blank
	distinct []string // sorted; nil where there are more than fewWords
	several  int      // how many different ones
	length   int      // mean, in bytes
}

func contentOf(sample [][]string, at int) content {
	var c content
	seen := map[string]bool{}
	for _, row := range sample {
		if at >= len(row) || strings.TrimSpace(row[at]) == "" {
			continue
		}
		cell := strings.TrimSpace(row[at])
		c.cells = append(c.cells, cell)
		c.length += len(cell)
		seen[cell] = true
	}
	c.several = len(seen)
	if len(c.cells) > 0 {
		c.length /= len(c.cells)
	}
	if len(seen) <= fewWords {
		c.distinct = sortedKeys(seen)
	}
	return c
}

// share is how many of the cells pass a test.
func (c content) share(test func(string) bool) float64 {
	n := 0
	for _, cell := range c.cells {
		if test(cell) {
			n++
		}
	}
	return share(n, len(c.cells))
}

// weigh sets a guess by name or tag beside the values.
func (c content) weigh(m meaning, g *guess) {
	if len(c.cells) == 0 {
		g.why = append(g.why, "the column is blank in the first rows")
		return
	}
	test := fitTest(m)
	if test == nil {
		return
	}
	if fit := c.share(test); fit >= fitting {
		g.sure += agreeing * (1 - g.sure)
		g.why = append(g.why, fmt.Sprintf("%.0f%% of the first values read so", 100*fit))
	} else {
		g.sure *= opposed
		g.why = append(g.why, fmt.Sprintf("but only %.0f%% of the first values read so", 100*fit))
	}
}

// fitTest tells whether a cell may be what a meaning says.
func fitTest(m meaning) func(string) bool {
	switch m.as {
	case "lat":
		return func(s string) bool { _, ok := degrees(strings.Replace(s, ",", ".", 1), 90); return ok }
	case "lon":
		return func(s string) bool { _, ok := degrees(strings.Replace(s, ",", ".", 1), 180); return ok }
	case "count", "count.low", "count.best", "count.high":
		return isCount
	case "yesno":
		return func(s string) bool { _, ok := yesNo[text.Key(s)]; return ok }
	case "attack", "code", "codes", "actor.kind":
		return func(s string) bool { return len(s) <= 2*shortWord && strings.IndexFunc(s, notDigit) >= 0 }
	case "description":
		return func(s string) bool { return strings.Contains(s, " ") }
	}
	return cellTest(m.as)
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

func isCount(s string) bool {
	got := readCount(&Column{}, "", s)
	return got.value != "" || silent[text.Key(s)]
}

// byValues says what the values alone suggest.
func (c content) byValues(header string, say func(meaning, float64, string)) {
	if len(c.cells) == 0 {
		return
	}
	switch {
	case c.share(isNumber) == 1:
	case c.share(anyDate) >= fitting:
		say(meaning{"date", "date"}, sureValues, "the values are dates")
	case c.share(func(s string) bool { _, ok := vocab.Country(s); return ok }) >= fitting && c.length > 2:
		say(meaning{"country", "country"}, sureValues, "the values are countries")
	case c.length >= longText && c.several*5 >= len(c.cells)*4:
		say(meaning{"description", "description"}, sureValues, "the values are sentences")
	}
	c.byCodes(say)
	if c.several == len(c.cells) && len(c.cells) > 1 && c.length <= 40 && idLike(header) {
		say(meaning{"id", "id"}, sureValues, "every value stands once")
	}
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return err == nil
}

func idLike(header string) bool {
	for _, t := range text.Tokens(header) {
		if t == "id" || t == "no" || t == "nr" || t == "code" || t == "ref" || t == "uuid" || t == "guid" {
			return true
		}
	}
	return false
}

// codedFields are the coded fields that a mapping may fill, with their way.
var codedFields = []meaning{{"codes", "attack"}, {"actor.kind", "actor.kind"}, {"location", "code"}, {"facility.type", "code"}, {"outcome", "codes"}}

// byCodes looks the words of a column up in the code lists and crosswalks.
func (c content) byCodes(say func(meaning, float64, string)) {
	if len(c.distinct) == 0 || c.length > shortWord || c.share(isNumber) > 0.5 {
		return
	}
	for _, m := range codedFields {
		known := 0
		for _, w := range c.distinct {
			if codeFor(m.field, w) != "" {
				known++
			}
		}
		if s := share(known, len(c.distinct)); known > 0 && s >= 0.5 {
			say(m, sureValues*s, fmt.Sprintf("%d of %d words stand in a list of codes", known, len(c.distinct)))
		}
	}
}

// complete adds to a proposal what its values need: the order of day and month, and a code for each word.
func (c content) complete(p *ProposedColumn) {
	if p.As == "date" || p.As == "date.end" || p.As == "check.date" {
		p.Order = c.order()
	}
	if p.As != "attack" && p.As != "code" && p.As != "codes" && p.As != "actor.kind" {
		return
	}
	p.Values = map[string]string{}
	for _, cell := range c.distinct {
		words := []string{cell}
		if p.As != "code" && codeFor(p.Field, cell) == "" {
			words = listItems(cell)
		}
		for _, w := range words {
			if w = strings.TrimSpace(w); len(w) <= 2*shortWord && w != "" {
				p.Values[w] = codeFor(p.Field, w)
			}
		}
	}
	if c.distinct == nil {
		p.Why += fmt.Sprintf("; more than %d different words: give the codes of those that matter", fewWords)
	}
}

// order is what days with numbers alone show of day and month; day first where they show nothing.
func (c content) order() string {
	var n sighted
	for _, cell := range c.cells {
		n.add(cell)
	}
	switch {
	case n.monthFirst > n.dayFirst:
		return "mdy"
	case n.dayFirst > 0 || n.open > 0:
		return "dmy"
	}
	return ""
}

// codeFor is the code of a word: of our own lists, by code or label, or of a publisher's crosswalk.
func codeFor(field, word string) string {
	return codeWords()[field][text.Key(word)]
}

// codeWords are all words for the codes of the coded fields. A word of which two publishers mean different codes has none.
var codeWords = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, m := range codedFields {
		f, _ := vocab.FieldOf(m.field)
		words := map[string]string{}
		learn := func(word, codes string) {
			k := text.Key(word)
			if have, ok := words[k]; ok && have != codes {
				codes = ""
			}
			words[k] = codes
		}
		for _, r := range vocab.Crossed(f.List) {
			learn(r.Value, strings.Join(r.Codes, " "))
		}
		for _, c := range vocab.Codes(f.List) {
			for _, w := range []string{c.Code, vocab.Label(f.List, c.Code, "en"), vocab.Label(f.List, c.Code, "fa")} {
				words[text.Key(w)] = c.Code
			}
		}
		out[m.field] = words
	}
	return out
})
