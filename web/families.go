package web

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"

	"ward/audit"
	"ward/chart"
	"ward/desk"
	"ward/locale"
	"ward/vocab"
)

// familyRow is one kind of incident with a figure for each register, in the order of the page's tables.
type familyRow struct {
	Code    string
	Figures []familyFigure
}

// familyFigure is a small multiple; without a drawing the register holds nothing of this kind.
type familyFigure struct {
	Register string
	Total    int64
	Drawing  template.HTML
}

// drawFamilies draws a small multiple for each code family and register over what happened on the territory. Registers
// stand beside each other; those of one family share a scale.
func (v *auditView) drawFamilies(lang locale.Lang) {
	for i, f := range v.Charts {
		if f.Whose != "territory" {
			continue
		}
		at := slices.IndexFunc(v.Families, func(r familyRow) bool { return r.Code == f.Family.Family })
		if at < 0 {
			row := familyRow{Code: f.Family.Family}
			for _, register := range v.Columns {
				row.Figures = append(row.Figures, familyFigure{Register: register})
			}
			at, v.Families = len(v.Families), append(v.Families, row)
		}
		if place := slices.Index(v.Columns, f.Register); place >= 0 {
			v.Families[at].Figures[place] = familyFigure{f.Register, f.Total, v.drawFamily(f, "fam"+strconv.Itoa(i), lang)}
		}
	}
}

func (v *auditView) drawFamily(f audit.Chart, prefix string, lang locale.Lang) template.HTML {
	c := locale.For(lang)
	b := chart.Bars{Frame: frame(lang, prefix), Max: f.Peak, Height: 92,
		Title: c.T("families.chart", vocab.Label("family", f.Family.Family, string(lang)), f.Register)}
	byYear := map[int]audit.FamilyYear{}
	for _, y := range f.Family.Years {
		byYear[y.Year] = y
	}
	for _, y := range v.Years {
		n := byYear[y]
		b.Periods = append(b.Periods, c.Year(y))
		b.Stacks = append(b.Stacks, chart.Stack{Confirmed: n.Confirmed, Probable: n.Probable, Possible: n.Possible})
	}
	return b.Frame.Figure(b, "")
}

// placesView says where on a State's territory incidents are recorded.
type placesView struct {
	Map      template.HTML // "" when no incident has a place
	Most     template.HTML
	Unplaced []registerCount
}

type registerCount struct {
	Register string
	N        int64
}

// placesNamed is how many first-level divisions are listed; the map's table has all.
const placesNamed = 10

// newPlacesView draws the places, each by its largest single register, and names those with most. The last place is
// that of the incidents without one.
func newPlacesView(places []desk.Place, state string, lang locale.Lang) placesView {
	c := locale.For(lang)
	var v placesView
	last := len(places) - 1
	for register, n := range places[last].Incidents {
		v.Unplaced = append(v.Unplaced, registerCount{register, n})
	}
	slices.SortFunc(v.Unplaced, func(a, b registerCount) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Register, b.Register))
	})
	if last == 0 {
		return v
	}
	m := chart.StateMap{Frame: frame(lang, "places"), Title: c.T("places.map"), Code: state, Disclaimer: c.T("map.disclaimer"), Width: 560}
	if vocab.Invented(state) {
		m.Atlas = chart.Invented()
	}
	for _, p := range places[:last] {
		n := largest(p.Incidents)
		m.Places = append(m.Places, chart.Place{Point: chart.Point{Lon: p.Lon, Lat: p.Lat}, Name: cmp.Or(p.Name, c.T("places.unnamed")), Value: n, Text: c.N("map.at_least", n)})
	}
	slices.SortStableFunc(m.Places, func(a, b chart.Place) int { return cmp.Compare(b.Value, a.Value) })
	most := chart.HBars{Frame: frame(lang, "most"), Title: c.T("places.most"), Head: c.T("places.division")}
	for _, p := range places[:last] {
		if p.Name != "" {
			most.Items = append(most.Items, chart.HBar{Label: p.Name, Value: largest(p.Incidents)})
		}
	}
	slices.SortStableFunc(most.Items, func(a, b chart.HBar) int { return cmp.Compare(b.Value, a.Value) })
	most.Items = most.Items[:min(len(most.Items), placesNamed)]
	if v.Map = m.HTML(nil); len(most.Items) > 0 {
		v.Most = most.HTML()
	}
	return v
}

// largest is the largest single register: at least so many.
func largest(byRegister map[string]int64) (n int64) {
	for _, k := range byRegister {
		n = max(n, k)
	}
	return n
}
