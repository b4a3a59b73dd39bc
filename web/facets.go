package web

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"

	"ward/chart"
	"ward/locale"
	"ward/search"
	"ward/vocab"
)

// filterColumns are the facets offered, in order, with the code list that labels their values.
var filterColumns = []struct{ name, list string }{
	{"register", ""}, {"certainty", "certainty"}, {"year", "year"}, {"country", "country"}, {"family", "family"}, {"code", "incident"},
	{"actor", "actor"}, {"actor_state", "country"}, {"context", "context"}, {"scope", "scope"}, {"clause", ""}, {"proposed", ""},
}

// facetView is one facet, drawn.
type facetView struct {
	Name string
	Bars template.HTML
}

// chosenFilter is a filter in force and the address without it; or a suggestion and the address with it.
type chosenFilter struct{ Name, Label, Href string }

const (
	offered  = 8   // values of a facet that are shown at once
	foldedIn = 300 // and those that a line opens
)

// offer draws the facets and lists the filters in force.
func (v *incidentsView) offer(lang locale.Lang, counts map[string][]search.Count) {
	for i, f := range filterColumns {
		v.choose(lang, f.name, f.list)
		if bars := v.facet(lang, f.name, f.list, counts[f.name]); len(bars.Items) > 0 {
			bars.Frame = frame(lang, "f"+strconv.Itoa(i))
			v.Facets = append(v.Facets, facetView{f.name, bars.HTML()})
		}
	}
}

// choose lists the values of one facet that are in force, each with the address without it.
func (v *incidentsView) choose(lang locale.Lang, name, list string) {
	current := v.Query[name]
	for _, value := range current {
		v.Chosen = append(v.Chosen, chosenFilter{locale.For(lang).T("facet." + name), labelOf(list, value, lang),
			v.with(append([]string{name}, without(current, value)...))})
	}
}

func without(list []string, value string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == value })
}

// facet is one facet's bars: years by time, all else by number, those in force first.
func (v *incidentsView) facet(lang locale.Lang, name, list string, counts []search.Count) chart.HBars {
	c := locale.For(lang)
	current := v.Query[name]
	counts = slices.DeleteFunc(slices.Clone(counts), func(k search.Count) bool { return k.Value == "" })
	if name == "year" {
		slices.SortFunc(counts, func(a, b search.Count) int { return cmp.Compare(b.Value, a.Value) })
	}
	slices.SortStableFunc(counts, func(a, b search.Count) int {
		return cmp.Compare(slices.Index(current, b.Value), slices.Index(current, a.Value))
	})
	bars := chart.HBars{Title: c.T("facet." + name), Head: c.T("facet.value"), Shown: offered, More: c.N("facet.more", len(counts))}
	for _, k := range counts[:min(len(counts), foldedIn)] {
		chosen := slices.Contains(current, k.Value)
		values := append(slices.Clone(current), k.Value)
		if chosen {
			values = without(current, k.Value)
		}
		bars.Items = append(bars.Items, chart.HBar{Label: labelOf(list, k.Value, lang), Value: int64(k.Docs), Current: chosen,
			Href: v.with(append([]string{name}, values...))})
	}
	return bars
}

// labelOf says a facet's value in the reader's language.
func labelOf(list, value string, lang locale.Lang) string {
	switch list {
	case "":
		return value
	case "country":
		return vocab.CountryName(value, string(lang))
	case "year":
		y, err := strconv.Atoi(value)
		if err != nil {
			return value
		}
		return locale.For(lang).Year(y)
	}
	return vocab.Label(list, value, string(lang))
}
