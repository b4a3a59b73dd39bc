package web

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"

	"ward/chart"
	"ward/desk"
	"ward/incident"
	"ward/locale"
	"ward/vocab"
)

// registerSum is what one register documents; registers stand beside each other and are never added.
type registerSum struct {
	Name      string
	Titles    []string // of its sources
	Licences  []string
	Incidents int64
	States    int
	incident.People
	First        int
	Last         int
	Possible     int64 // incidents that are no more than possible
	Undated      int64 // incidents without a year, or across two
	ActorUnknown int64
	ActorShare   string
	Years        template.HTML
	Missing      template.HTML
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

type summary struct {
	health, other []*registerSum
	states        []*stateSum
	first, last   int
}

// summarise turns tallies into the lines of a page. Only health enters States and the map.
func summarise(o desk.Overview, lang locale.Lang) summary {
	var out summary
	out.health, out.other = sumRegisters(o, "health", true), sumRegisters(o, "health", false)
	place := map[string]int{}
	for i, r := range out.health {
		place[r.Name] = i
		if out.first == 0 || r.First != 0 && r.First < out.first {
			out.first = r.First
		}
		out.last = max(out.last, r.Last)
	}
	for i, r := range out.health {
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
		if t.Country != vocab.NoCountry {
			states[t.Namespace][t.Country] = true
		}
	}
	out := make([]*registerSum, 0, len(by))
	for name, r := range by {
		r.States = len(states[name])
		for _, src := range o.Sources {
			if src.Namespace == name {
				r.Titles, r.Licences = append(r.Titles, src.Title), append(r.Licences, src.Licence)
			}
		}
		r.Titles, r.Licences = distinct(r.Titles), distinct(r.Licences)
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *registerSum) int {
		return cmp.Or(cmp.Compare(b.Incidents, a.Incidents), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
}

func (r *registerSum) add(t incident.Tally) {
	r.Incidents += t.Incidents
	r.People = r.People.Add(t.People)
	if t.Certainty == "possible" {
		r.Possible += t.Incidents
	}
	if t.Year == 0 {
		r.Undated += t.Incidents
		return
	}
	if r.First == 0 || t.Year < r.First {
		r.First = t.Year
	}
	r.Last = max(r.Last, t.Year)
}

// sumStates lists the States by the largest single register.
func sumStates(tallies []incident.Tally, place map[string]int, lang locale.Lang) []*stateSum {
	by := map[string]*stateSum{}
	years := map[string]map[int]int64{} // by State and register
	for _, t := range tallies {
		at, ok := place[t.Namespace]
		if !ok || t.Scope != "health" || t.Country == vocab.NoCountry {
			continue
		}
		st := by[t.Country]
		if st == nil {
			st = &stateSum{Code: t.Country, Name: vocab.CountryName(t.Country, string(lang)), By: make([]int64, len(place))}
			by[t.Country] = st
		}
		key := t.Country + "\x00" + t.Namespace
		if years[key] == nil {
			years[key] = map[int]int64{}
		}
		years[key][t.Year] += t.Incidents
		st.add(t, at)
	}
	out := make([]*stateSum, 0, len(by))
	for code, st := range by {
		for name, at := range place {
			if st.By[at] > st.Most || st.By[at] == st.Most && st.byYear == nil {
				st.Most, st.byYear = st.By[at], years[code+"\x00"+name]
			}
		}
		out = append(out, st)
	}
	slices.SortFunc(out, func(a, b *stateSum) int { return cmp.Or(cmp.Compare(b.Most, a.Most), cmp.Compare(a.Code, b.Code)) })
	return out
}

func (st *stateSum) add(t incident.Tally, register int) {
	st.By[register] += t.Incidents
	st.All += t.Incidents
	if t.Year != 0 && (st.First == 0 || t.Year < st.First) {
		st.First = t.Year
	}
	st.Last = max(st.Last, t.Year)
}

// yearsChart draws one register's incidents by year and certainty, over the years that all registers span.
func yearsChart(lang locale.Lang, prefix string, tallies []incident.Tally, register string, first, last int) template.HTML {
	if first == 0 {
		return ""
	}
	c := locale.For(lang)
	bars := chart.Bars{Frame: frame(lang, prefix), Title: c.T("home.chart", register), Stacks: make([]chart.Stack, last-first+1)}
	for _, t := range tallies {
		if t.Namespace != register || t.Scope != "health" || t.Year == 0 {
			continue
		}
		s := &bars.Stacks[t.Year-first]
		switch t.Certainty {
		case "confirmed":
			s.Confirmed += t.Incidents
		case "probable":
			s.Probable += t.Incidents
		case "possible":
			s.Possible += t.Incidents
		}
	}
	from, to := covered(tallies, register)
	for y := first; y <= last; y++ {
		bars.Periods = append(bars.Periods, c.Year(y))
		bars.Stacks[y-first].NoInfo = y < from || y > to
	}
	return bars.Frame.Figure(bars, "")
}

// covered are the first and the last year of which a register holds anything: of the years outside it says nothing, not nought.
func covered(tallies []incident.Tally, register string) (from, to int) {
	for _, t := range tallies {
		if t.Namespace != register || t.Year == 0 {
			continue
		}
		if from == 0 || t.Year < from {
			from = t.Year
		}
		to = max(to, t.Year)
	}
	return from, to
}
