package web

import (
	"maps"
	"net/url"
	"strings"
	"time"

	"ward/casework"
	"ward/desk"
	"ward/intake"
	"ward/locale"
	"ward/vocab"
)

// valuePrefix begins the names of form fields that hold a section's values, so that none is taken for another field of the form.
const valuePrefix = "v."

// caseSection is a section of the playbook with what stands in it and the form for more.
type caseSection struct {
	casework.Section
	Items []caseItem
	Form  *factForm // nil where the asker may record nothing
}

// caseItem is what stands in a section, in words.
type caseItem struct {
	ID, Entry, By string
	At            time.Time
	Values        []caseValue
	Clocks        []clockWord
	Change        string // address of the form that changes it
}

// caseValue is one value with the key of its label.
type caseValue struct {
	Label string
	casework.Field
	Value string
}

// factForm is the form of a section: empty, or with an item that is changed.
type factForm struct {
	Action string
	casework.Section
	Item   string // "" is a new one
	Inputs []factInput
	Why    string // as typed
	Open   bool
	Once   string // a new item's id, so that a form that is sent twice makes one
}

// factInput is one field to fill in.
type factInput struct {
	casework.Field
	Name, Label, Value string
	Codes              []vocab.Code
}

// Word is what the input of a country shows.
func (v factInput) Word(lang string) string { return vocab.CountryName(v.Value, lang) }

// fieldKey is the key of the label of a field.
func fieldKey(section, field string) string { return "case.field." + section + "." + field }

// valuesOf are the values that are given, in the order of the playbook.
func valuesOf(s casework.Section, values map[string]string) (out []caseValue) {
	for _, f := range s.Fields {
		if v := values[f.Field]; v != "" {
			out = append(out, caseValue{fieldKey(s.Section, f.Field), f, v})
		}
	}
	return out
}

// sectionsOf are the sections of a case: what stands in each, and its form where somebody records. What was typed stands in its form again.
func sectionsOf(c *locale.Catalogue, one casework.Case, now time.Time, action string, typed url.Values) (out []caseSection) {
	clocks := one.Clocks(now)
	for _, s := range one.Playbook().Sections {
		v := caseSection{Section: s}
		for _, item := range one.Items(s.Section) {
			row := caseItem{ID: item.ID, Entry: item.Entry, By: item.By, At: item.At, Values: valuesOf(s, item.Values),
				Change: action + "?section=" + url.QueryEscape(s.Section) + "&item=" + url.QueryEscape(item.ID) + "#f-" + s.Section}
			for _, k := range clocks {
				if k.Section == s.Section && k.Item == item.ID {
					row.Clocks = append(row.Clocks, caseClock(c, k, now))
				}
			}
			v.Items = append(v.Items, row)
		}
		v.Form = formFor(s, one, now, action, typed)
		out = append(out, v)
	}
	return out
}

// formFor is the form of a section, for a new item or for one that is changed.
func formFor(s casework.Section, one casework.Case, now time.Time, action string, typed url.Values) *factForm {
	f := &factForm{Action: action, Section: s}
	values := map[string]string{}
	for _, item := range one.Items(s.Section) {
		if !s.Repeats || typed.Get("section") == s.Section && item.ID == typed.Get("item") && item.ID != "" {
			f.Item, values = item.ID, maps.Clone(item.Values)
		}
	}
	if s.Review != nil {
		if at, ok := casework.ReadInstant(values[s.Review.Field]); ok && at.Before(now) { // a new judgement is reviewed at a time of its own
			delete(values, s.Review.Field)
		}
	}
	if typed.Get("section") == s.Section {
		f.Open, f.Why = true, typed.Get("why")
		if typed.Get("do") == "fact" {
			values = map[string]string{}
			for _, field := range s.Fields {
				values[field.Field] = typed.Get(valuePrefix + field.Field)
			}
		}
	}
	for _, field := range s.Fields {
		f.Inputs = append(f.Inputs, factInput{field, valuePrefix + field.Field, fieldKey(s.Section, field.Field), inputValue(field, values[field.Field]), vocab.Codes(field.List)})
	}
	return f
}

// inputValue is a kept value as an input of the browser takes it.
func inputValue(f casework.Field, value string) string {
	if at, ok := casework.ReadInstant(value); f.Type == casework.Instant && ok {
		return at.Format("2006-01-02T15:04")
	}
	return value
}

// factOf reads the form of a section. Days and numbers are read as people write them; what cannot be read stays as it was typed.
func factOf(s casework.Section, form url.Values) casework.Fact {
	out := casework.Fact{Section: s.Section, Item: form.Get("item"), Values: map[string]string{}, Why: form.Get("why")}
	for _, f := range s.Fields {
		if v := form.Get(valuePrefix + f.Field); v != "" {
			out.Values[f.Field] = typedAs(f.Type, v)
		}
	}
	return out
}

func typedAs(kind, v string) string {
	switch kind {
	case casework.Day:
		return readable(intake.ReadDate(v, false))(v)
	case casework.Number:
		return plainNumber(v)
	case casework.Country:
		return readable(vocab.Country(v))(v)
	case casework.Clause:
		return strings.ToUpper(v)
	}
	return v
}

// caseClock puts a clock into words.
func caseClock(c *locale.Catalogue, k casework.Clock, now time.Time) clockWord {
	return clockWord{Kind: k.Kind, Late: k.Late, Left: span(c, k.Due.Sub(now).Abs()), Due: k.Due}
}

// needLink is something that a move waits for: the key of its word, and the section where it is filled in.
type needLink struct{ Section, Word string }

// needsOf are what a move waits for.
func needsOf(missing []string) (out []needLink) {
	for _, need := range missing {
		section, field, one := strings.Cut(need, ".")
		word := "case.section." + section
		if one {
			word = fieldKey(section, field)
		}
		out = append(out, needLink{section, word})
	}
	return out
}

// caseWay is a move that the state allows.
type caseWay struct {
	desk.CaseWay
	Lacks []needLink
}

// Ready reports that nothing is missing for it.
func (w caseWay) Ready() bool { return len(w.Lacks) == 0 }

// waysOf are the moves that a state allows, with what each still waits for.
func waysOf(ways []desk.CaseWay) (out []caseWay) {
	for _, w := range ways {
		out = append(out, caseWay{w, needsOf(w.Missing)})
	}
	return out
}

// instantWord says an instant that is kept as text; text that is none stands as it is.
func instantWord(text string, c *locale.Catalogue) string {
	at, ok := casework.ReadInstant(text)
	if !ok {
		return text
	}
	return c.Instant(at)
}
