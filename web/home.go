package web

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"ward/chart"
	"ward/desk"
	"ward/incident"
	"ward/intake"
	"ward/locale"
	"ward/vocab"
)

// registerSum is what one register documents; registers stand beside each other and are never added.
type registerSum struct {
	Name      string
	Titles    []string // of its sources
	Incidents int64
	States    int
	incident.People
	First int
	Last  int
	Years template.HTML
}

// stateSum is one State's line: incidents on its territory, register beside register.
type stateSum struct {
	Code   string
	Name   string
	By     []int64 // by register, in the page's order
	Most   int64   // the largest register: at least so many
	All    int64   // all registers together: at most so many, if none overlap
	First  int
	Last   int
	Spark  template.HTML
	byYear map[int]int64 // of the largest register
}

type homeView struct {
	view
	Empty     bool
	Registers []*registerSum
	States    []*stateSum
	First     int
	Last      int
	Map       template.HTML
	Runs      []intake.Run
	Other     []*registerSum // scopes that are not health: kept apart
}

func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	o, err := s.desk.Overview(r.Context(), s.who)
	if err != nil {
		return err
	}
	c := locale.For(lang)
	v := homeView{view: newView(r, lang, "home", c.T("home.title")), Runs: o.Runs[:min(len(o.Runs), 8)]}
	sums := summarise(o, lang)
	v.Registers, v.Other, v.States, v.First, v.Last = sums.health, sums.other, sums.states, sums.first, sums.last
	v.Empty = len(o.Tallies) == 0
	v.Map = worldMap(lang, v.States)
	v.States = v.States[:min(len(v.States), 12)]
	return s.render(w, http.StatusOK, lang, "home", v)
}

type statesView struct {
	view
	Registers []*registerSum
	States    []*stateSum
	Map       template.HTML
}

func (s *Site) states(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	o, err := s.desk.Overview(r.Context(), s.who)
	if err != nil {
		return err
	}
	sums := summarise(o, lang)
	v := statesView{newView(r, lang, "states", locale.For(lang).T("states.title")), sums.health, sums.states, worldMap(lang, sums.states)}
	return s.render(w, http.StatusOK, lang, "states", v)
}

type summary struct {
	health, other []*registerSum
	states        []*stateSum
	first, last   int
}

// summarise turns tallies into the lines of a page. Only health enters States and the map.
func summarise(o desk.Overview, lang locale.Lang) summary {
	var out summary
	health, other := sumRegisters(o, "health", true), sumRegisters(o, "health", false)
	out.health, out.other = health, other
	place := map[string]int{}
	for i, r := range health {
		place[r.Name] = i
		if out.first == 0 || r.First != 0 && r.First < out.first {
			out.first = r.First
		}
		out.last = max(out.last, r.Last)
	}
	for i, r := range health {
		r.Years = yearsChart(lang, "reg"+strconv.Itoa(i), o.Tallies, r.Name, out.first, out.last)
	}
	out.states = sumStates(o.Tallies, place, lang)
	return out
}

func sumRegisters(o desk.Overview, scope string, is bool) []*registerSum {
	by := map[string]*registerSum{}
	states := map[string]map[string]bool{}
	for _, t := range o.Tallies {
		if (t.Scope == scope) != is {
			continue
		}
		r := by[t.Namespace]
		if r == nil {
			r = &registerSum{Name: t.Namespace}
			by[t.Namespace], states[t.Namespace] = r, map[string]bool{}
		}
		r.add(t)
		if t.Country != "ZZZ" {
			states[t.Namespace][t.Country] = true
		}
	}
	out := make([]*registerSum, 0, len(by))
	for name, r := range by {
		r.States = len(states[name])
		for _, src := range o.Sources {
			if src.Namespace == name {
				r.Titles = append(r.Titles, src.Title)
			}
		}
		slices.Sort(r.Titles)
		r.Titles = slices.Compact(r.Titles)
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *registerSum) int {
		return cmp.Or(cmp.Compare(b.Incidents, a.Incidents), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (r *registerSum) add(t incident.Tally) {
	r.Incidents += t.Incidents
	r.People = r.People.Add(t.People)
	if t.Year != 0 {
		if r.First == 0 || t.Year < r.First {
			r.First = t.Year
		}
		r.Last = max(r.Last, t.Year)
	}
}

// sumStates lists the States by the largest single register.
func sumStates(tallies []incident.Tally, place map[string]int, lang locale.Lang) []*stateSum {
	by := map[string]*stateSum{}
	years := map[string]map[int]int64{} // by State and register
	for _, t := range tallies {
		at, ok := place[t.Namespace]
		if !ok || t.Scope != "health" || t.Country == "ZZZ" {
			continue
		}
		st := by[t.Country]
		if st == nil {
			st = &stateSum{Code: t.Country, Name: vocab.CountryName(t.Country, string(lang)), By: make([]int64, len(place))}
			by[t.Country] = st
		}
		st.By[at] += t.Incidents
		st.All += t.Incidents
		key := t.Country + "\x00" + t.Namespace
		if years[key] == nil {
			years[key] = map[int]int64{}
		}
		years[key][t.Year] += t.Incidents
		if t.Year != 0 && (st.First == 0 || t.Year < st.First) {
			st.First = t.Year
		}
		st.Last = max(st.Last, t.Year)
	}
	out := make([]*stateSum, 0, len(by))
	for code, st := range by {
		for name, at := range place {
			if st.By[at] > st.Most {
				st.Most, st.byYear = st.By[at], years[code+"\x00"+name]
			}
		}
		out = append(out, st)
	}
	slices.SortFunc(out, func(a, b *stateSum) int { return cmp.Or(cmp.Compare(b.Most, a.Most), cmp.Compare(a.Code, b.Code)) })
	return out
}

// yearsChart draws one register's incidents by year and certainty, over the years that all registers span.
func yearsChart(lang locale.Lang, prefix string, tallies []incident.Tally, register string, first, last int) template.HTML {
	if first == 0 {
		return ""
	}
	c := locale.For(lang)
	bars := chart.Bars{Frame: frame(lang, prefix), Title: register}
	stacks := make([]chart.Stack, last-first+1)
	for _, t := range tallies {
		if t.Namespace != register || t.Scope != "health" || t.Year == 0 {
			continue
		}
		s := &stacks[t.Year-first]
		switch t.Certainty {
		case "confirmed":
			s.Confirmed += t.Incidents
		case "probable":
			s.Probable += t.Incidents
		case "possible":
			s.Possible += t.Incidents
		}
	}
	for y := first; y <= last; y++ {
		bars.Periods = append(bars.Periods, c.Year(y))
	}
	bars.Stacks = stacks
	return bars.Frame.Figure(bars, "")
}

// worldMap colours States by the largest single register; a State without incidents is hatched: nobody may have looked.
func worldMap(lang locale.Lang, states []*stateSum) template.HTML {
	if len(states) == 0 {
		return ""
	}
	c := locale.For(lang)
	var all []int64
	for _, st := range states {
		all = append(all, st.Most)
	}
	breaks := chart.Breaks(all, 5)
	m := chart.Map{Frame: frame(lang, "map"), Title: c.T("map.title"), Disclaimer: c.T("map.disclaimer")}
	if invented(states) {
		m.Atlas, m.Names = chart.Invented(), true
	}
	for _, st := range states {
		m.Values = append(m.Values, chart.Value{Code: st.Code, Name: st.Name, Class: chart.ClassOf(st.Most, breaks),
			Text: c.N("map.at_least", st.Most), Href: address(lang, "states", st.Code)})
	}
	return m.HTML(mapKeys(c, states, breaks))
}

// mapKeys explains the map's classes; each limit is the first value of its class.
func mapKeys(c *locale.Catalogue, states []*stateSum, breaks []int64) []chart.Key {
	keys := []chart.Key{{Class: "nodata", Label: c.T("map.none")}}
	low := int64(1)
	for i := range len(breaks) + 1 {
		high := states[0].Most // the largest stands first
		if i < len(breaks) {
			high = breaks[i] - 1
		}
		label := c.Num(low) + "–" + c.Num(high)
		if low == high {
			label = c.Num(low)
		}
		keys = append(keys, chart.Key{Class: "c" + strconv.Itoa(i+1), Label: label})
		low = high + 1
	}
	return keys
}

// invented reports that all States are of the invented world.
func invented(states []*stateSum) bool {
	for _, st := range states {
		if !isInvented(st.Code) {
			return false
		}
	}
	return len(states) > 0
}

func isInvented(code string) bool {
	return len(code) == 3 && code >= "XAA" && code <= "XJZ"
}
