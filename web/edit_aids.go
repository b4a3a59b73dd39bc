package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/desk"
	"ward/incident"
	"ward/locale"
	"ward/text"
	"ward/vocab"
)

// aids are what the editor's forms offer for filling them.
type aids struct {
	Sources   []string          // named before about this incident
	Origins   []origin          // independent origins named before
	Countries []string          // by name, in the reader's language
	Known     []desk.KnownPlace // places of the State that have been named before
	MapState  string            // ISO3 of the map; "" where there is none
	MapHeight int
}

// origin is a root with its mark and by which name people know it.
type origin struct {
	Root, Name string
	Mark       int
}

// MapWidth is the width of the map.
func (aids) MapWidth() int { return mapWidth }

// Grades are the reliabilities of a source, the best first.
func (aids) Grades() []string { return []string{"A", "B", "C", "D", "E", "F"} }

// Credibilities are those of a piece of information, the best first.
func (aids) Credibilities() []string { return []string{"1", "2", "3", "4", "5", "6"} }

func (s *Site) aids(r *http.Request, lang locale.Lang, state string, standing []incident.Assertion) (a aids, err error) {
	marks := rootsOf(standing)
	for _, x := range standing {
		if !slices.Contains(a.Sources, x.Source) && x.Source != "" {
			a.Sources = append(a.Sources, x.Source)
		}
		if m := marks[x.Root]; m != 0 && !slices.ContainsFunc(a.Origins, func(o origin) bool { return o.Root == x.Root }) {
			a.Origins = append(a.Origins, origin{x.Root, cmp.Or(x.Source, x.Root), m})
		}
	}
	for _, iso3 := range vocab.Countries() {
		a.Countries = append(a.Countries, vocab.CountryName(iso3, string(lang)))
	}
	if p := pickOf(state); p.Known() {
		_, height := p.Size()
		a.MapState, a.MapHeight = state, int(height)
	}
	if state != vocab.NoCountry {
		a.Known, err = s.desk.KnownPlaces(r.Context(), whoOf(r.Context()), state)
	}
	return a, err
}

// fieldInput is one field's inputs, filled with what was typed.
type fieldInput struct {
	Field    vocab.Field
	Typed    url.Values
	Families []codeFamily // of incident codes
	Codes    []vocab.Code // of any other list
	*aids
	lang locale.Lang
}

// codeFamily is the codes of one family that a search found, with those that are ticked.
type codeFamily struct {
	Family string
	Codes  []codeChoice
}

type codeChoice struct {
	Code, Label, Definition string
	On                      bool
}

// input makes a field's inputs.
func (a *aids) input(f vocab.Field, lang locale.Lang, typed url.Values) fieldInput {
	in := fieldInput{Field: f, Typed: typed, aids: a, lang: lang}
	switch {
	case f.Key == "codes":
	case f.Kind == "code" || f.Kind == "codes" || f.Kind == "yesno":
		in.Codes = vocab.Codes(cmp.Or(f.List, f.Kind))
	}
	return in
}

// Groups are the incident codes by family: those whose label, code or definition has every word that was looked for, and those ticked.
func (in fieldInput) Groups() (out []codeFamily) {
	words := text.Tokens(in.Typed.Get("find"))
	for _, code := range vocab.Codes("incident") {
		c := codeChoice{Code: code.Code, Label: labelOf("incident", code.Code, in.lang), Definition: vocab.Definition("incident", code.Code),
			On: slices.Contains(in.Typed[in.Field.Key], code.Code)}
		if !c.On && !c.has(words) {
			continue
		}
		family, _, _ := strings.Cut(code.Code, ".")
		if len(out) == 0 || out[len(out)-1].Family != family {
			out = append(out, codeFamily{Family: family})
		}
		out[len(out)-1].Codes = append(out[len(out)-1].Codes, c)
	}
	return out
}

func (c codeChoice) has(words []string) bool {
	said := text.Fold(c.Code + " " + c.Label + " " + c.Definition)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) })
}

// On reports a code that was chosen.
func (in fieldInput) On(code string) bool { return slices.Contains(in.Typed[in.Field.Key], code) }

// Several reports that more than one code may be chosen.
func (in fieldInput) Several() bool { return in.Field.Kind == "codes" }

// Long reports a text that runs over lines.
func (in fieldInput) Long() bool {
	return slices.Contains([]string{"description", "actor.note"}, in.Field.Key)
}

// States are the codes of a list of States, chosen by name.
func (in fieldInput) States() bool {
	return in.Field.Kind == "country" || in.Field.Kind == "codes" && in.Field.List == ""
}
