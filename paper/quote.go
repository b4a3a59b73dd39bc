package paper

import (
	"strings"

	"ward/desk"
	"ward/locale"
	"ward/tally"
	"ward/vocab"
	"ward/when"
)

// Sentence is one count in words that can be quoted, or why it must not be.
type Sentence struct {
	Text    string   // one sentence: floor, range, what, where, when
	Caveats []string // which go with it: what the range means, what is not known, where from, as of when
	Link    string   // where the count can be looked up
	Cleared bool
	Bars    []string // why it is not for quoting
}

// String is everything in one paragraph, as it is to be passed on.
func (s Sentence) String() string {
	parts := append([]string{}, s.Bars...)
	parts = append(append(parts, s.Text), s.Caveats...)
	if s.Link != "" {
		parts = append(parts, s.Link)
	}
	return strings.Join(parts, " ")
}

// Quotable puts a count into one sentence of the reader's language. Link is the address of the list behind it.
func Quotable(q desk.Quote, lang locale.Lang, link string) Sentence {
	c := locale.For(lang)
	s := Sentence{Link: link, Cleared: q.Cleared()}
	for _, bar := range q.Withheld {
		s.Bars = append(s.Bars, c.T("quote.bar."+bar.Why, bar.Series))
	}
	s.Text = c.T("quote.sentence", what(q, lang), where(q, lang), period(q, c))
	if q.Count.IsZero() {
		s.Text = c.T("quote.none", where(q, lang), period(q, c), ofKinds(c.T("quote.measure."+q.Measure), q, lang))
	}
	s.Caveats = caveats(q, c)
	return s
}

// what says how many of what: the least that there are, with the range where there is one.
func what(q desk.Quote, lang locale.Lang) string {
	c := locale.For(lang)
	said := c.N("quote.what."+q.Measure, q.Count.Low)
	if q.Count.Low != q.Count.High {
		said = c.T("quote.range", said, c.Range(q.Count.Low, q.Count.High))
	}
	return ofKinds(said, q, lang)
}

// ofKinds adds the kinds that were counted to what is said of them.
func ofKinds(said string, q desk.Quote, lang locale.Lang) string {
	if kinds := kindsOf(q, lang); kinds != "" {
		return locale.For(lang).T("quote.kind", said, kinds)
	}
	return said
}

// kindsOf names the filters that narrow what was counted: kinds of incident, codes, certainty, actors, clauses.
func kindsOf(q desk.Quote, lang locale.Lang) string {
	c := locale.For(lang)
	var out []string
	for _, f := range []struct{ column, list string }{{"family", "family"}, {"code", "incident"}, {"certainty", "certainty"}, {"actor", "actor"},
		{"context", "context"}, {"scope", "scope"}, {"clause", ""}, {"proposed", ""}, {"register", ""}} {
		for _, value := range q.Query.Filters[f.column] {
			switch {
			case f.list != "":
				value = vocab.Label(f.list, value, string(lang))
			case f.column != "register": // a clause: one that it bears on is not one that it may bear on
				value = c.T("facet."+f.column) + ": " + value
			}
			out = append(out, value)
		}
	}
	for _, state := range q.Query.Filters["actor_state"] {
		out = append(out, c.T("quote.by", vocab.CountryName(state, string(lang))))
	}
	return c.List(out)
}

func where(q desk.Quote, lang locale.Lang) string {
	states := q.Query.Filters["country"]
	if len(states) == 0 {
		return locale.For(lang).T("quote.everywhere")
	}
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = vocab.CountryName(s, string(lang))
	}
	return locale.For(lang).List(names)
}

// period says which years and days were counted: where both are named, an incident must lie in both.
func period(q desk.Quote, c *locale.Catalogue) string {
	years := q.Query.Filters["year"]
	if len(years) == 0 {
		return daysOf(q, c)
	}
	written := make([]string, len(years))
	for i, y := range years {
		written[i] = c.Digits(y)
	}
	in := c.T("quote.in", c.List(written))
	if !q.Query.From.IsZero() || !q.Query.To.IsZero() {
		return in + c.T("format.list.comma") + daysOf(q, c)
	}
	return in
}

func daysOf(q desk.Quote, c *locale.Catalogue) string {
	switch {
	case q.Query.From.IsZero() && q.Query.To.IsZero():
		return c.T("quote.ever")
	case q.Query.To.IsZero():
		return c.T("quote.since", c.Date(q.Query.From))
	case q.Query.From.IsZero():
		return c.T("quote.until", c.Date(q.Query.To))
	}
	return c.T("quote.between", c.Date(q.Query.From), c.Date(q.Query.To))
}

// caveats are what nobody may leave out who quotes the number.
func caveats(q desk.Quote, c *locale.Catalogue) []string {
	if q.Count.IsZero() {
		return []string{c.T("quote.silence")}
	}
	out := []string{c.T("quote.floor")}
	if len(q.Registers) > 1 && !q.Registers[1].Count.IsZero() {
		out = append(out, c.T("quote.unlinked", q.Registers[0].Register))
	}
	if !ranged(q.Registers) {
		out = append(out, c.T("quote.stated"))
	}
	if q.Possible > 0 {
		out = append(out, c.N("quote.possible", q.Possible, q.Incidents))
	}
	if len(q.Silent) > 0 {
		out = append(out, c.T("quote.silent", c.List(q.Silent)))
	}
	if q.Unstated > 0 {
		out = append(out, c.N("quote.unstated", q.Unstated))
	}
	names := make([]string, len(q.Registers))
	for i, r := range q.Registers {
		names[i] = r.Register
	}
	return append(out, c.T("quote.source", c.List(names), c.Day(when.DayOf(q.Newest)), c.Day(when.DayOf(q.Made))))
}

// ranged reports that every register's count is exact, so that nothing needs to be said of its own range.
func ranged(registers []desk.RegisterCount) bool {
	var all tally.Count
	for _, r := range registers {
		all = all.Add(r.Count)
	}
	return all.Low == all.High
}
