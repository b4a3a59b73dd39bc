package web

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ward/access"
	"ward/audit"
	"ward/chart"
	"ward/desk"
	"ward/facility"
	"ward/incident"
	"ward/locale"
	"ward/policy"
	"ward/vocab"
)

// incidentView is one incident with what each report asserts, side by side.
type incidentView struct {
	view
	desk.IncidentFile
	Heading string
	Fields  []fieldRow
	None    []string   // labels of the counts and questions to which every report that speaks says none or no
	Details []fieldRow // columns of a publisher that Ward reads but does not use
	Voice   string     // whose words the summary is
	Cited   []citedClause
	Map     template.HTML
	Steps   []stepRow // what people did and what changed, the newest first
	Places  []facility.Standing
	Hints   []hint
	Decided []decided
	Own     bool // people here state something about it
	MayEdit bool
	MayCite bool        // decide on the clauses that the table proposes
	Citings []audit.Row // what people decided about them
	Proof   proofView
}

// hint is a proposal by the program in words, for a person to accept or refuse.
type hint struct {
	incident.Suggestion
	Text string
	Why  string
}

// decided is what somebody made of one.
type decided struct {
	Text     string
	Accepted bool
	By       string
	At       time.Time
}

// fieldRow is one field: the folded value, and each report's.
type fieldRow struct {
	Field     string
	Label     string
	Value     string
	From      string
	Contested bool
	Reports   []fieldCell
	Own       []ownCell // what people here state, with its state
}

// ownCell is one assertion by a person.
type ownCell struct {
	incident.Assertion
	Text string
	Said string
	Held bool
}

type fieldCell struct {
	Value string
	Raw   string // the source's own words where they differ
	Held  bool   // this is the value Ward holds
}

// citedClause is a clause with each code of the incident that cites it.
type citedClause struct {
	Norm   string
	Clause policy.Clause
	For    []desk.CitedClause
}

func (s *Site) incident(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	file, err := s.desk.Incident(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return s.erased(w, r, lang, err)
	}
	v := incidentView{IncidentFile: file}
	if v.Proof, err = s.proof(r.Context(), file.PublicID, lang); err != nil {
		return err
	}
	c := locale.For(lang)
	v.Heading = cmp.Or(strings.Join(labelsOf("incident", file.Codes, lang), " · "), c.T("value.not_coded"))
	v.view = newView(r, lang, "incidents", strings.Join([]string{v.Heading, vocab.CountryName(file.Country, string(lang)), cmp.Or(c.Date(file.Date), c.T("value.no_date"))}, ", "))
	v.Invented = vocab.Invented(file.Country)
	v.lay(lang)
	v.cite(s.desk.Corpus())
	v.Map = v.place(lang)
	if err := s.beside(r, &v, lang); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, lang, "incident", &v)
}

// beside gathers what stands beside the facts: its history, the facilities it reached, and what the program proposes.
func (s *Site) beside(r *http.Request, v *incidentView, lang locale.Lang) error {
	who := whoOf(r.Context())
	v.MayEdit = mayEdit(who, v.Incident)
	steps, err := s.desk.IncidentHistory(r.Context(), who, v.PublicID)
	if err != nil {
		return err
	}
	v.Steps = stepRows(steps, lang)
	v.MayCite = who.Can(access.ImportCodings)
	if v.Citings, err = s.desk.CitationsDecided(r.Context(), who, v.IncidentFile); err != nil {
		return err
	}
	if who.Can(access.ReadRegisters) {
		if v.Places, err = s.desk.Facilities(r.Context(), who, desk.FacilityQuery{Incident: v.PublicID}); err != nil {
			return err
		}
	}
	proposed, err := s.desk.Suggestions(r.Context(), who, v.PublicID)
	for _, p := range proposed.Open {
		why := p.Why
		if p.What == incident.SuggestDuplicate {
			why = labelsOf("incident", p.Why, lang)
		}
		v.Hints = append(v.Hints, hint{p, hintText(p.What, p.Value, lang), locale.For(lang).List(why)})
	}
	for _, e := range proposed.Decided {
		v.Decided = append(v.Decided, decided{hintText(e.Body.What, e.Body.Value, lang), e.Body.Accepted, e.By, e.At})
	}
	return err
}

// hintText says a proposal.
func hintText(what, value string, lang locale.Lang) string {
	if what == incident.SuggestCode {
		value = labelOf("incident", value, lang)
	}
	return locale.For(lang).T("suggest."+what, value)
}

// cite gathers the citations by clause, in the order in which the codes name them.
func (v *incidentView) cite(corpus *policy.Corpus) {
	for _, c := range v.Citations {
		at := slices.IndexFunc(v.Cited, func(x citedClause) bool { return x.Clause.ID == c.Clause.ID })
		if at < 0 {
			norm, _ := corpus.Norm(c.Clause.Norm)
			at, v.Cited = len(v.Cited), append(v.Cited, citedClause{Norm: norm.Short, Clause: c.Clause})
		}
		v.Cited[at].For = append(v.Cited[at].For, c)
	}
}

// lay sets the reports' values beside each other in the order of the field list, details last. What all deny is gathered.
func (v *incidentView) lay(lang locale.Lang) {
	v.Own = slices.ContainsFunc(v.Standing, func(a incident.Assertion) bool { return a.Series == incident.Own })
	seen := map[string]bool{"description": true}
	for _, f := range vocab.Fields() {
		_, held := v.Fold[f.Key]
		retracted := slices.ContainsFunc(v.Standing, func(a incident.Assertion) bool { return a.Field == f.Key })
		if !held && !retracted || seen[f.Key] {
			continue
		}
		seen[f.Key] = true
		if v.denied(f) && !v.Own {
			v.None = append(v.None, fieldLabel(f.Key, lang))
			continue
		}
		v.Fields = append(v.Fields, v.row(f.Key, lang))
	}
	for _, field := range slices.Sorted(maps.Keys(v.Fold)) {
		if !seen[field] {
			v.Details = append(v.Details, v.row(field, lang))
		}
	}
	for _, r := range v.Reports {
		if v.Voice == "" && r.Series == v.Fold["description"].From {
			v.Voice = r.Source.Publisher
		}
	}
}

// Many reports that several voices tell of it, so that the value held stands in a column of its own.
func (v *incidentView) Many() bool { return len(v.Reports) > 1 || v.Own }

// denied reports a count that every report which states it gives as nought, or a question answered no.
func (v *incidentView) denied(f vocab.Field) bool {
	none := map[string]string{"count": "0", "yesno": "no"}[f.Kind]
	return none != "" && v.Fold[f.Key].Value == none && !v.Fold[f.Key].Contested
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
				cell = fieldCell{say(field, a.Value, lang), strings.TrimSpace(a.Raw), v.Many() && r.Series == held.From && a.Value == held.Value}
				if cell.Raw == cell.Value {
					cell.Raw = ""
				}
			}
		}
		row.Reports = append(row.Reports, cell)
	}
	for _, a := range v.Standing {
		if a.Field == field && a.Series == incident.Own {
			row.Own = append(row.Own, ownCell{a, say(field, a.Value, lang), saidBy(a.Source, "", lang), a.Speaks() && held.From == incident.Own && held.Value == a.Value})
		}
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
	case "point":
		if lat, lon, ok := readPoint(value); ok {
			return fmt.Sprintf("%.4f, %.4f", lat, lon) // about ten metres: no publisher knows more
		}
	}
	return value
}

// readPoint reads "latitude,longitude".
func readPoint(value string) (lat, lon float64, ok bool) {
	a, b, _ := strings.Cut(value, ",")
	lat, err1 := strconv.ParseFloat(a, 64)
	lon, err2 := strconv.ParseFloat(b, 64)
	return lat, lon, err1 == nil && err2 == nil
}

func labels(def vocab.Field, value string, lang locale.Lang) string {
	list := cmp.Or(def.List, def.Kind)
	if def.Kind == "codes" && def.List == "" {
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
	y, x, ok := readPoint(v.Point)
	if !ok {
		return ""
	}
	c := locale.For(lang)
	m := chart.StateMap{Frame: frame(lang, "where"), Title: c.T("incident.map"), Code: v.Country, Disclaimer: c.T("map.disclaimer"),
		Places: []chart.Place{{Point: chart.Point{Lon: x, Lat: y}, Name: cmp.Or(v.Place, v.Adm1), Value: 1,
			Text: vocab.Label("precision", v.Precision, string(lang)), Vague: v.Precision != "1" && v.Precision != "2"}}}
	if vocab.Invented(v.Country) {
		m.Atlas = chart.Invented()
	}
	return m.HTML(nil)
}

// OnePerson reports that its certainty rests on one person's word, and so does not read as verified.
func (v *incidentView) OnePerson() bool { return slices.Contains(v.Flags, incident.FlagOnePerson) }
