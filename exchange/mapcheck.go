package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ward/fault"
	"ward/text"
	"ward/vocab"
)

// troubles gathers what is wrong with a mapping file: all of it is told at once.
type troubles []string

func (t *troubles) add(format string, args ...any) { *t = append(*t, fmt.Sprintf(format, args...)) }

func (t *troubles) column(c *ProposedColumn, format string, args ...any) {
	t.add("line %d, column %d %q: %s", c.line, c.Column, c.Header, fmt.Sprintf(format, args...))
}

// fault is nil where nothing is wrong.
func (t troubles) fault() error {
	if len(t) == 0 {
		return nil
	}
	const most = 20
	shown, more := t, ""
	if len(t) > most {
		shown, more = t[:most], fmt.Sprintf("\n  and %d more", len(t)-most)
	}
	return fault.New(fault.Invalid, "the mapping file cannot be used:\n  %s%s\n", strings.Join(shown, "\n  "), more).
		Keeping("nothing was written").Do("mend the file and import again")
}

var seriesName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]{1,39}$`)

// check says everything that a person must fill in or mend about the source.
func (s *ProposedSource) check(t *troubles) {
	if !seriesName.MatchString(s.Series) {
		t.add(`source.series is %q: give the register a name of 2 to 40 Latin letters, digits, blanks, dots or hyphens`, s.Series)
	} else if owner := knownSeries(s.Series, s.Namespace); owner != "" {
		t.add("source.series or namespace %q belongs to %s: give this register a name of its own", s.Series, owner)
	}
	if s.Namespace != "" && !seriesName.MatchString(s.Namespace) {
		t.add("source.namespace is %q: leave it empty, or give a name as for the series", s.Namespace)
	}
	for _, f := range []struct{ name, value, advice string }{
		{"title", s.Title, "say what the register is called"}, {"publisher", s.Publisher, "say who publishes it"},
		{"licence", s.Licence, `say under which terms it may be used, or "none stated"`},
	} {
		if strings.TrimSpace(f.value) == "" {
			t.add("source.%s is empty: %s", f.name, f.advice)
		}
	}
	if !vocab.Has("scope", s.Scope) {
		t.add("source.scope is %q: say one of %s; only health enters audits", s.Scope, strings.Join(codesOf("scope"), ", "))
	}
	switch Redistribute(s.Redistribute) {
	case RedistributeYes, RedistributeNo, RedistributeNoncommercial, RedistributeUnknown:
	default:
		t.add("source.redistribute is %q: say yes, no, noncommercial or unknown", s.Redistribute)
	}
	if len(s.Reliability) != 1 || s.Reliability[0] < 'A' || s.Reliability[0] > 'F' {
		t.add("source.reliability is %q: say A to F, F where it cannot be judged", s.Reliability)
	}
}

// knownSeries is the profile that bears one of the names, as its own or for its ids.
func knownSeries(names ...string) string {
	own := func(p Profile) []string { return []string{p.Name, p.Series} }
	shared := func(p Profile) []string {
		list := []string{p.Namespace}
		for _, l := range p.Layouts {
			list = append(list, l.Series, l.Namespace)
		}
		return list
	}
	for _, of := range []func(Profile) []string{own, shared} {
		for _, p := range profiles() {
			theirs := keySet(of(p))
			for _, n := range names {
				if k := text.Key(n); k != "" && theirs[k] {
					return p.Name
				}
			}
		}
	}
	return ""
}

func codesOf(list string) (out []string) {
	for _, c := range vocab.Codes(list) {
		out = append(out, c.Code)
	}
	return out
}

// ways are how cells of each kind of field may be read; the first is the usual one.
var ways = map[string][]string{
	"id":      {"id"},
	"edtf":    {"date", "date.end", "year", "month", "day", "check.date"},
	"country": {"country", "country.iso"},
	"text":    {"text", "detail"},
	"point":   {"lat", "lon"},
	"count":   {"count", "count.low", "count.best", "count.high"},
	"yesno":   {"yesno"},
	"code":    {"code"},
	"codes":   {"attack"},
}

// waysOf are the ways of one field; none for a field that a mapping must not fill.
func waysOf(field string) []string {
	switch field {
	case "id":
		return ways["id"]
	case "description", "precision", "actor.kind", "actor.name":
		return []string{field}
	case "time", "weapon":
		return []string{"text"}
	case "outcome", "care.impact":
		return []string{"codes"}
	case "certainty", "scope", "actor.state", "actor.note", "context", "resources":
		return nil
	}
	f, ok := vocab.FieldOf(field)
	if !ok {
		return nil
	}
	if strings.HasPrefix(field, "detail:") {
		return []string{"detail"}
	}
	return ways[f.Kind]
}

// reserved says why a field may not be filled by a mapping.
var reserved = map[string]string{
	"certainty":   `an import is possible until it is verified here; keep the publisher's grade as "detail:grade"`,
	"scope":       "the scope is that of the whole register: say it under source",
	"actor.state": "whose State an actor is follows from the actor's name and kind",
	"actor.note":  "it is Ward's own note",
	"context":     "it is derived; keep the publisher's word as \"detail:context\"",
	"resources":   "they are derived from what happened",
}

// check says what is wrong with one column and completes it.
func (c *ProposedColumn) check(t *troubles) {
	allowed := waysOf(c.Field)
	switch {
	case reserved[c.Field] != "":
		t.column(c, "the field %s cannot be mapped: %s", c.Field, reserved[c.Field])
		return
	case len(allowed) == 0:
		t.column(c, "there is no field %q; fields are id, %s, or detail: and a name of small Latin letters", c.Field, strings.Join(fieldKeys(), ", "))
		return
	case c.As == "":
		c.As = allowed[0]
	case !slices.Contains(allowed, c.As):
		t.column(c, "%s cannot be read as %q; it can be read as %s", c.Field, c.As, strings.Join(allowed, ", "))
	}
	if c.Order != "" && c.Order != "dmy" && c.Order != "mdy" {
		t.column(c, "order is %q: say dmy or mdy", c.Order)
	}
	c.checkValues(t)
}

func fieldKeys() (out []string) {
	for _, f := range vocab.Fields() {
		if reserved[f.Key] == "" {
			out = append(out, f.Key)
		}
	}
	return out
}

func (c *ProposedColumn) checkValues(t *troubles) {
	f, _ := vocab.FieldOf(c.Field)
	switch {
	case f.Kind == "yesno":
		f.List = "yesno"
	case f.Kind != "code" && f.Kind != "codes":
		if len(c.Values) > 0 {
			t.column(c, "%s holds no codes: take its values away", c.Field)
		}
		return
	}
	for _, word := range sortedKeys(c.Values) {
		for _, code := range strings.Fields(c.Values[word]) {
			if !vocab.Has(f.List, code) {
				t.column(c, "%q stands for %q, which is no code of the list %s: %s", word, code, f.List, shorten(codesOf(f.List)))
			}
		}
	}
}
