package web

import (
	"html/template"
	"strconv"

	"ward/chart"
	"ward/locale"
	"ward/vocab"
)

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
		keys = append(keys, chart.Key{Class: "c" + strconv.Itoa(i+1), Label: c.Range(low, high)})
		low = high + 1
	}
	return keys
}

// invented reports that all States are of the invented world.
func invented(states []*stateSum) bool {
	for _, st := range states {
		if !vocab.Invented(st.Code) {
			return false
		}
	}
	return len(states) > 0
}
