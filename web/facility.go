package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/desk"
	"ward/facility"
	"ward/fault"
	"ward/locale"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// facilitiesView lists the register as it stood on a day.
type facilitiesView struct {
	view
	facilityFilter
	Rows      []facility.Standing // of this page
	Tally     facility.Tally      // of all that the filter chooses
	States    []string            // that have facilities
	TypesUsed []string
	Page      int
	Pages     int
	Previous  string
	Next      string
	CSV       string
	Others    string
	Form      facilityForm
	Problem   string
}

// Unstated is how a filter asks for what nobody stated.
func (facilitiesView) Unstated() string { return desk.Unstated }

// facilityFilter is what a list was asked for.
type facilityFilter struct {
	Day           string // as typed; "" = today
	On            when.Day
	State         string
	Type          string
	Functionality string
	Incident      string
}

// Filtered reports that the list is not whole.
func (f facilityFilter) Filtered() bool {
	return f.State != "" || f.Type != "" || f.Functionality != "" || f.Incident != ""
}

// query chooses what the filter asks for.
func (f facilityFilter) query() desk.FacilityQuery {
	return desk.FacilityQuery{State: f.State, Type: f.Type, Functionality: f.Functionality, Incident: f.Incident, On: f.On}
}

// with writes the filter, and more pairs of name and value, as a query.
func (f facilityFilter) with(pairs ...string) string {
	q := url.Values{}
	pairs = append(pairs, "on", f.Day, "state", f.State, "type", f.Type, "functionality", f.Functionality, "incident", f.Incident)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// facilityDay reads the day that an address asks for; 0 where it names none.
func facilityDay(r *http.Request) (day when.Day, typed string, err error) {
	if day, typed, err = dayAsked(r); typed == "" {
		day = 0
	}
	return day, typed, err
}

// readFacilities reads which facilities an address asks for.
func readFacilities(r *http.Request) (f facilityFilter, err error) {
	q := r.URL.Query()
	f = facilityFilter{State: q.Get("state"), Type: q.Get("type"), Functionality: q.Get("functionality"), Incident: q.Get("incident")}
	if f.On, f.Day, err = facilityDay(r); err != nil || f.State == "" {
		return f, err
	}
	f.State, err = desk.StateCode(f.State)
	return f, err
}

func (s *Site) facilities(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.listFacilities(w, r, lang, nil, nil)
}

// listFacilities draws the list; typed is what was sent to add one, wrong why it could not be taken.
func (s *Site) listFacilities(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	filter, err := readFacilities(r)
	if err != nil {
		return err
	}
	all, err := s.desk.Facilities(r.Context(), whoOf(r.Context()), desk.FacilityQuery{On: filter.On})
	if err != nil {
		return err
	}
	v := facilitiesView{view: newView(r, lang, "facilities", locale.For(lang).T("facility.title")), facilityFilter: filter, Form: newFacilityForm(address(lang, "facilities"), typed)}
	v.choose(all)
	if err := v.turn(r, lang); err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "facilities", v)
}

// choose keeps of all facilities those that the filter asks for.
func (v *facilitiesView) choose(all []facility.Standing) {
	q := v.query()
	for _, f := range all {
		if !slices.Contains(v.States, f.State) {
			v.States = append(v.States, f.State)
		}
		if !slices.Contains(v.TypesUsed, f.Type) {
			v.TypesUsed = append(v.TypesUsed, f.Type)
		}
		if q.Wants(f) {
			v.Rows = append(v.Rows, f)
		}
	}
	v.Tally = facility.Count(v.Rows)
	v.Invented = v.Invented || len(v.States) > 0 && !slices.ContainsFunc(v.States, func(state string) bool { return !vocab.Invented(state) })
}

// turn keeps the rows of the page that is asked for.
func (v *facilitiesView) turn(r *http.Request, lang locale.Lang) error {
	v.Page, v.Pages = 1, max(1, (len(v.Rows)+pageSize-1)/pageSize)
	if asked := r.URL.Query().Get("page"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 || n > v.Pages {
			return fault.New(fault.NotFound, "the list has no page %.20q", asked)
		}
		v.Page = n
	}
	base := address(lang, "facilities")
	if v.Page > 1 {
		v.Previous = base + v.with("page", strconv.Itoa(v.Page-1))
	}
	if v.Page < v.Pages {
		v.Next = base + v.with("page", strconv.Itoa(v.Page+1))
	}
	v.CSV, v.Others = "/export/facilities/csv"+v.with(), "/export/facilities/csv"+v.with("for", "others")
	v.Rows = v.Rows[(v.Page-1)*pageSize : min(v.Page*pageSize, len(v.Rows))]
	return nil
}

// facilityForm is the form that says what a facility is.
type facilityForm struct {
	Action string
	Typed  url.Values
	Types  []vocab.Code
	YesNo  []vocab.Code
}

func newFacilityForm(action string, typed url.Values) facilityForm {
	return facilityForm{Action: action, Typed: typed, Types: vocab.Codes(facility.TypeList), YesNo: vocab.Codes(facility.YesNoList)}
}

// facilityOf reads the form.
func facilityOf(form url.Values) facility.Facility {
	f := facility.Facility{Type: form.Get("type"), Name: form.Get("name"), State: form.Get("state"), Adm1: form.Get("adm1"), Place: form.Get("place"), Operator: form.Get("operator"),
		Emblem: form.Get("emblem"), Deconflicted: form.Get("deconflicted"), PCode: form.Get("pcode"), Published: form.Get("published"), External: text.Lines(form.Get("external"))}
	if code, err := desk.StateCode(f.State); err == nil {
		f.State = code
	}
	return f
}

// typedFacility fills the form with what a facility is, so that a change starts from what stands.
func typedFacility(f facility.Facility) url.Values {
	form := url.Values{"external": {strings.Join(f.External, "\n")}}
	for name, value := range map[string]string{"type": f.Type, "name": f.Name, "state": f.State, "adm1": f.Adm1, "place": f.Place, "operator": f.Operator,
		"emblem": f.Emblem, "deconflicted": f.Deconflicted, "pcode": f.PCode, "published": f.Published} {
		form.Set(name, value)
	}
	return form
}

// addFacility puts a new facility on record.
func (s *Site) addFacility(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		id, err := s.desk.PutFacility(r.Context(), whoOf(r.Context()), "", facilityOf(form))
		return address(lang, "facilities", id), err
	}, s.listFacilities)
}

// exportFacilities sends what the same query shows on a page, or the report of a State: csv, XAA.csv or XAA.json. For others it lacks what
// stays within.
func (s *Site) exportFacilities(w http.ResponseWriter, r *http.Request) error {
	filter, err := readFacilities(r)
	if err != nil {
		return err
	}
	state, format, report := strings.Cut(r.PathValue("file"), ".")
	if !report {
		format = state
	}
	kind := map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json"}[format]
	if kind == "" || !report && format != "csv" {
		return fault.New(fault.NotFound, "there is no format %.20q for facilities", format).Do("use csv, or XAA.csv and XAA.json for the report of a State")
	}
	file := desk.FacilityFile{Format: format, Others: r.URL.Query().Get("for") == "others"}
	if !report {
		return download(w, "ward-facilities.csv", kind, func(out io.Writer) error {
			return s.desk.ExportFacilities(r.Context(), whoOf(r.Context()), out, filter.query(), file)
		})
	}
	code, err := desk.StateCode(state)
	if err != nil {
		return err
	}
	return download(w, "ward-facilities-"+code+"."+format, kind, func(out io.Writer) error {
		return s.desk.ExportFacilityReport(r.Context(), whoOf(r.Context()), out, desk.FacilityQuery{State: code, On: filter.On}, file)
	})
}

// plainNumber reads a number as people type it: any digits, with or without marks between thousands.
func plainNumber(s string) string {
	return strings.NewReplacer(",", "", "٬", "", " ", "", "\u00a0", "", "'", "").Replace(text.Fold(s))
}
