package web

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ward/assertion"
	"ward/chart"
	"ward/desk"
	"ward/locale"
	"ward/vocab"
)

// incidentView is one incident with what each report asserts, side by side.
type incidentView struct {
	view
	desk.IncidentFile
	Fields  []fieldRow
	Details []fieldRow // columns of a publisher that Ward reads but does not use
	Map     template.HTML
	History []historyRow
}

// fieldRow is one field: the folded value, and each report's.
type fieldRow struct {
	Field     string
	Label     string
	Value     string
	From      string
	Contested bool
	Reports   []fieldCell
}

type fieldCell struct {
	Value string
	Raw   string // the source's own words where they differ
	Held  bool   // this is the value Ward holds
}

// historyRow is one change between two editions.
type historyRow struct {
	desk.ReportFile
	Changes []assertion.Change
}

func (s *Site) incident(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	file, err := s.desk.Incident(r.Context(), s.who, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := incidentView{view: newView(r, lang, "incidents", file.PublicID), IncidentFile: file}
	v.lay(lang)
	v.Map = v.place(lang)
	v.compare()
	return s.render(w, http.StatusOK, lang, "incident", v)
}

// lay sets the reports' values beside each other in the order of the field list, details last.
func (v *incidentView) lay(lang locale.Lang) {
	seen := map[string]bool{}
	var order []string
	for _, f := range vocab.Fields() {
		if _, ok := v.Fold[f.Key]; ok && f.Key != "description" {
			order, seen[f.Key] = append(order, f.Key), true
		}
	}
	var details []string
	for field := range v.Fold {
		if !seen[field] && field != "description" {
			details = append(details, field)
		}
	}
	slices.Sort(details)
	for _, field := range order {
		v.Fields = append(v.Fields, v.row(field, lang))
	}
	for _, field := range details {
		v.Details = append(v.Details, v.row(field, lang))
	}
}

func (v *incidentView) row(field string, lang locale.Lang) fieldRow {
	held := v.Fold[field]
	row := fieldRow{Field: field, Label: fieldLabel(field, lang), Value: say(field, held.Value, lang), From: held.From, Contested: held.Contested}
	if held.Contested && held.Count.Low != held.Count.High {
		row.Value = locale.For(lang).Count(held.Count)
	}
	for _, r := range v.Reports {
		cell := fieldCell{}
		for _, a := range r.Assertions {
			if a.Field == field {
				cell = fieldCell{say(field, a.Value, lang), a.Raw, r.Series == held.From && a.Value == held.Value}
			}
		}
		row.Reports = append(row.Reports, cell)
	}
	return row
}

func fieldLabel(field string, lang locale.Lang) string {
	if detail, ok := strings.CutPrefix(field, "detail:"); ok {
		return strings.ReplaceAll(detail, "-", " ")
	}
	return vocab.Label("field", field, string(lang))
}

// say writes a canonical value for a reader: codes by their labels, numbers in the page's digits.
func say(field, value string, lang locale.Lang) string {
	def, ok := vocab.FieldOf(field)
	c := locale.For(lang)
	if value == "withheld" {
		return c.T("value.withheld")
	}
	if !ok {
		return value
	}
	switch def.Kind {
	case "edtf":
		return dateOf(value, c)
	case "count":
		return countOf(value, c)
	case "country":
		return vocab.CountryName(value, string(lang))
	case "code", "codes", "yesno":
		return labels(def, value, lang)
	}
	return value
}

func labels(def vocab.Field, value string, lang locale.Lang) string {
	list := cmp.Or(def.List, def.Kind)
	if def.Key == "actor.state" {
		list = "country"
	}
	return locale.For(lang).List(labelsOf(list, strings.Fields(value), lang))
}

func labelsOf(list string, codes []string, lang locale.Lang) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = labelOf(list, code, lang)
	}
	return out
}

// place draws where it happened, as exactly as the publisher says.
func (v *incidentView) place(lang locale.Lang) template.HTML {
	lat, lon, ok := strings.Cut(v.Point, ",")
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lon, 64)
	if !ok || err1 != nil || err2 != nil {
		return ""
	}
	c := locale.For(lang)
	m := chart.StateMap{Frame: frame(lang, "where"), Title: c.T("incident.map"), Code: v.Country, Disclaimer: c.T("map.disclaimer"),
		Places: []chart.Place{{Point: chart.Point{Lon: x, Lat: y}, Name: cmp.Or(v.Place, v.Adm1), Value: 1,
			Text: vocab.Label("precision", v.Precision, string(lang)), Vague: v.Precision != "1" && v.Precision != "2"}}}
	if isInvented(v.Country) {
		m.Atlas = chart.Invented()
	}
	return m.HTML(nil)
}

// compare lists what each newer edition changed.
func (v *incidentView) compare() {
	byID := map[string]desk.ReportFile{}
	for _, r := range slices.Concat(v.Reports, v.Earlier) {
		byID[r.ID] = r
	}
	for _, r := range slices.Concat(v.Reports, v.Earlier) {
		if before, ok := byID[r.Supersedes]; ok {
			v.History = append(v.History, historyRow{r, assertion.Compare(before.Assertions, r.Assertions)})
		}
	}
}
