// Package chart draws figures from plain slices: matrices, bars, maps and spark lines, each with a table that says
// the same in words and numbers.
//
// Terms. A figure is what a page shows: drawing, caption, and the table as its text alternative. A level is what an
// audit cell says (N0, N1, F1 to F4, not_in_force). A class is the name of a colour step in chart.css. Hatching means
// "we do not know", in every figure alike. A frame carries what all figures of a page share: direction, digits, words
// and the prefix that keeps ids apart.
//
// Drawings carry no script, no style attribute and no reference to other files, so that a page may forbid all three.
// Every text that comes in is escaped, every link is checked, and equal input gives equal bytes.
package chart

import (
	_ "embed"
	"html/template"
	"strconv"
	"strings"
)

// CSS is the style sheet of all figures. It reads colours only from custom properties of the page: see Tokens.
//
//go:embed chart.css
var CSS string

// Tokens is a style sheet that defines the colours for light and dark, measured for contrast by a test. A page
// may define the same properties itself.
//
//go:embed tokens.css
var Tokens string

// Frame is what the figures of one page share. The zero Frame draws left to right with ASCII digits and English words.
type Frame struct {
	Prefix string             // begins every id in the figure; must differ between the figures of a page
	RTL    bool               // time and bars run right to left; maps are never mirrored
	Num    func(int64) string // writes a number in the page's language
	Words  Words
}

// Words are the few words that a drawing needs itself. Empty ones are English.
type Words struct {
	Confirmed, Probable, Possible string // certainty of incidents
	NoInfo                        string // "no information"
	Total, Period, Place, Count   string // headings of the tables
	Moves                         string // "changes when uncertain cases are left out"
	NotCoded                      string // "not yet coded"
	Refused                       string // "access refused"
	ShowTable                     string // opens the text alternative
}

func (w Words) filled() Words {
	for _, d := range []struct {
		word    *string
		english string
	}{
		{&w.Confirmed, "confirmed"}, {&w.Probable, "probable"}, {&w.Possible, "possible"}, {&w.NoInfo, "no information"},
		{&w.Total, "Total"}, {&w.Period, "Period"}, {&w.Place, "Place"}, {&w.Count, "Count"},
		{&w.Moves, "changes when uncertain cases are left out"}, {&w.NotCoded, "not yet coded"}, {&w.Refused, "access refused"},
		{&w.ShowTable, "The same as a table"},
	} {
		if *d.word == "" {
			*d.word = d.english
		}
	}
	return w
}

func (f Frame) num(n int64) string {
	if f.Num == nil {
		return strconv.FormatInt(n, 10)
	}
	return f.Num(n)
}

// id joins the prefix and a name into something that may stand in an id attribute and in url(#...).
func (f Frame) id(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, f.Prefix)
	if clean == "" {
		clean = "chart"
	}
	return clean + "-" + name
}

// Key is one entry of a legend: a patch of the class's colour and what it means.
type Key struct{ Class, Label string }

// Legend renders keys in a list. The classes are those of the figure it belongs to.
func Legend(keys []Key) template.HTML {
	b := &markup{}
	b.open("ul", "class", "ch-key")
	for _, k := range keys {
		b.open("li")
		b.element("span", "", "class", "ch-patch "+class(k.Class), "aria-hidden", "true")
		b.text(k.Label)
		b.end("li")
	}
	b.end("ul")
	return b.html()
}

// CertaintyKeys are the keys of stacked bars.
func (f Frame) CertaintyKeys() []Key {
	w := f.Words.filled()
	return []Key{{"conf", w.Confirmed}, {"prob", w.Probable}, {"poss", w.Possible}, {"nodata", w.NoInfo}}
}

// class lets through the characters of a style class and nothing else.
func class(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == ' ' {
			return r
		}
		return -1
	}, s)
}

// LevelClass is the colour class of an outcome level: n0, n1, f1 to f4, or nif for not_in_force. An unknown level is
// drawn as n0: what cannot be read is not known.
func LevelClass(level string) string {
	switch level {
	case "N1", "F1", "F2", "F3", "F4":
		return strings.ToLower(level)
	case "not_in_force":
		return "nif"
	}
	return "n0"
}
