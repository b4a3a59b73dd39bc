package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ward/chart"
	"ward/desk"
	"ward/incident"
	"ward/locale"
	"ward/vocab"
	"ward/when"
)

// findColumn is one column that the table of what is found can have.
type findColumn struct {
	Name   string
	Chosen bool
	Number bool
	Sort   sortLink // without a name where it does not sort
}

// findColumns are all of them, in order, and whether they stand in the table unless chosen otherwise.
var findColumns = []struct {
	name    string
	usually bool
}{
	{"from", true}, {"country", true}, {"adm1", true}, {"place", false}, {"precision", false}, {"code", true}, {"actor", true}, {"actor_name", false}, {"actor_state", false}, {"context", false},
	{"killed", true}, {"injured", true}, {"abducted", true}, {"arrested", true}, {"certainty", true}, {"register", true}, {"id", false}, {"summary", false},
}

// chosenColumns are all columns, those named marked.
func chosenColumns(names []string) (out []findColumn) {
	for _, c := range findColumns {
		chosen := slices.Contains(names, c.name) || len(names) == 0 && c.usually
		out = append(out, findColumn{Name: c.name, Chosen: chosen, Number: slices.Contains(sortColumns[1:], c.name)})
	}
	return out
}

// Shown are the columns that the table has, those that sort with their links.
func (v *findView) Shown() (out []findColumn) {
	for _, c := range v.Columns {
		if !c.Chosen {
			continue
		}
		for _, link := range v.Table.Sorts {
			if link.Name == c.Name {
				c.Sort = link
			}
		}
		out = append(out, c)
	}
	return out
}

// Picking are the hidden fields of the form that chooses columns.
func (v *findView) Picking() (out []hiddenField) {
	for _, f := range v.Whole {
		if f.Name != "col" && f.Name != "search" {
			out = append(out, f)
		}
	}
	return out
}

// Cell says one value of an incident; "" where nobody said.
func (v *findView) Cell(column string, inc incident.Incident) string {
	lang, c := v.Lang, locale.For(v.Lang)
	switch column {
	case "country":
		return vocab.CountryName(inc.Country, string(lang))
	case "adm1":
		return inc.Adm1
	case "place":
		return inc.Place
	case "precision":
		if inc.Precision == "" {
			return ""
		}
		return vocab.Label("precision", inc.Precision, string(lang))
	case "code":
		return strings.Join(labelsOf("incident", inc.Codes, lang), " · ")
	case "actor":
		return c.List(labelsOf("actor", strings.Fields(inc.ActorKind), lang))
	case "actor_name":
		return inc.ActorName
	case "actor_state":
		return c.List(labelsOf("country", inc.ActorState, lang))
	case "context":
		return vocab.Label("context", inc.Context, string(lang))
	case "register":
		return inc.Namespace
	case "id":
		return inc.PublicID
	case "summary":
		return snippet(inc.Summary)
	}
	return stated(inc, "worker."+column, c)
}

// draw shows where what was found lies, and says what the map cannot.
func (v *findView) draw(s desk.Spread, lang locale.Lang) {
	c := locale.For(lang)
	if s.State != "" {
		v.drawState(s, lang)
	} else if len(s.Countries) > 0 {
		v.drawWorld(s, lang)
	}
	if s.Nowhere > 0 {
		v.Said = append(v.Said, c.N("find.map.nowhere", s.Nowhere))
	}
	if s.Unplaced > 0 {
		v.Said = append(v.Said, c.N("find.map.unplaced", s.Unplaced))
	}
	if s.Beyond > 0 {
		v.Said = append(v.Said, c.N("find.map.beyond", s.Beyond))
	}
	v.Said = append(v.Said, c.T("find.map.entries"))
}

func (v *findView) drawWorld(s desk.Spread, lang locale.Lang) {
	c := locale.For(lang)
	var sums []*stateSum
	var all []int64
	for _, n := range s.Countries {
		sums, all = append(sums, &stateSum{Code: n.Value, Name: vocab.CountryName(n.Value, string(lang)), Most: int64(n.Docs)}), append(all, int64(n.Docs))
	}
	breaks := chart.Breaks(all, 5)
	m := chart.Map{Frame: frame(lang, "find"), Title: c.T("find.map.title"), Disclaimer: c.T("map.disclaimer")}
	if invented(sums) {
		m.Atlas, m.Names = chart.Invented(), true
	}
	most := chart.HBars{Frame: frame(lang, "found"), Title: c.T("find.map.most"), Head: c.T("facet.country"), Shown: 12, More: c.N("facet.more", len(sums))}
	for _, st := range sums {
		href := v.with([]string{"country", st.Code}, []string{"kind", desk.FindIncidents})
		m.Values = append(m.Values, chart.Value{Code: st.Code, Name: st.Name, Class: chart.ClassOf(st.Most, breaks), Text: c.N("find.entries", st.Most), Href: href})
		most.Items = append(most.Items, chart.HBar{Label: st.Name, Value: st.Most, Href: href})
	}
	keys := mapKeys(c, sums, breaks)
	keys[0].Label = c.T("find.map.nothing")
	v.Figure, v.Most = m.HTML(keys), most.HTML()
}

func (v *findView) drawState(s desk.Spread, lang locale.Lang) {
	c := locale.For(lang)
	m := chart.StateMap{Frame: frame(lang, "find"), Title: c.T("find.map.state", vocab.CountryName(s.State, string(lang))), Code: s.State, Disclaimer: c.T("map.disclaimer"), Width: 640}
	if vocab.Invented(s.State) {
		m.Atlas = chart.Invented()
	}
	most := chart.HBars{Frame: frame(lang, "found"), Title: c.T("find.map.places"), Head: c.T("places.division"), Shown: 12, More: c.N("facet.more", len(s.Spots))}
	for _, p := range s.Spots {
		name := cmp.Or(p.Name, c.T("places.unnamed"))
		m.Places = append(m.Places, chart.Place{Point: chart.Point{Lon: p.Lon, Lat: p.Lat}, Name: name, Value: int64(p.Incidents), Text: c.N("find.entries", p.Incidents), Vague: p.Vague})
		most.Items = append(most.Items, chart.HBar{Label: name, Value: int64(p.Incidents)})
	}
	if len(s.Spots) == 0 {
		v.Said = append(v.Said, c.T("places.none"))
		return
	}
	v.Figure, v.Most = m.HTML(nil), most.HTML()
	v.Said = append(v.Said, c.T("find.map.vague"))
}

// timeFigure are bars whose table also has what is not drawn.
type timeFigure struct {
	chart.Bars
	other []int
	words [2]string // heading of that column, and of the sum
}

// Table is the bars' table with what is not drawn before the sum.
func (f timeFigure) Table() chart.Table {
	t := f.Bars.Table()
	t.Head = append(t.Head[:4:4], f.words[0], f.words[1])
	for i, row := range t.Rows {
		s := f.Stacks[i]
		t.Rows[i] = append(row[:4:4], f.Num(int64(f.other[i])), f.Num(s.Confirmed+s.Probable+s.Possible+int64(f.other[i])))
	}
	return t
}

// drawTime shows how what was found lies in time, and says what the bars cannot.
func (v *findView) drawTime(t desk.Timeline, lang locale.Lang) {
	c := locale.For(lang)
	b := timeFigure{Bars: chart.Bars{Frame: frame(lang, "find"), Title: c.T("find.time.title"), Width: 900, Height: 240, Ticks: max(1, len(t.Slots)/12)}, words: [2]string{c.T("find.time.other"), c.T("chart.total")}}
	other := 0
	for _, p := range t.Slots {
		b.Periods = append(b.Periods, slotName(p.Name, t.ByMonth, c))
		stack := chart.Stack{Confirmed: int64(p.Confirmed), Probable: int64(p.Probable), Possible: int64(p.Possible)}
		if p.Total() > 0 {
			stack.Href = v.with([]string{"from", p.Name}, []string{"to", p.Name}, []string{"view", asList}, []string{"kind", desk.FindIncidents})
		}
		b.Stacks, b.other = append(b.Stacks, stack), append(b.other, p.Other)
		other += p.Other
	}
	if len(t.Slots) > 0 {
		v.Figure = b.Frame.Figure(b, chart.Legend(b.Frame.CertaintyKeys()[:3]))
	}
	for _, said := range []struct {
		key string
		n   int
	}{{"find.time.none", t.Undated}, {"find.time.spans", t.Spans}, {"find.time.noday", t.NoDay}, {"find.time.others", other}} {
		if said.n > 0 {
			v.Said = append(v.Said, c.N(said.key, said.n))
		}
	}
}

// slotName names a month or a year; among months, a year is what of it has no month.
func slotName(name string, byMonth bool, c *locale.Catalogue) string {
	if year, err := strconv.Atoi(name); err == nil {
		if byMonth {
			return c.T("find.time.year", c.Year(year))
		}
		return c.Year(year)
	}
	day, err := when.Parse(name)
	if err != nil {
		return name
	}
	return c.Date(day)
}

// Chart reports a view that is a figure.
func (v *findView) Chart() bool { return v.View == asMap || v.View == asTimeline }
