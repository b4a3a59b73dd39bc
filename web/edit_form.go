package web

import (
	"net/http"
	"net/url"
	"slices"

	"ward/desk"
	"ward/incident"
	"ward/locale"
	"ward/vocab"
)

// formView is the form on which one source states many fields at once, of a new incident or of one that is there.
type formView struct {
	view
	ID      string             // public id, "new" for one that is not made yet
	Report  *desk.ReceivedFile // from which it is made, nil for none
	Groups  []formGroup
	Typed   url.Values
	Drawn   int64
	Draft   desk.Draft
	Drafted bool
	Problem string
	aids
}

// Action is where the form goes.
func (v formView) Action() string {
	if v.ID == "new" {
		return address(v.Lang, "incidents", "new")
	}
	return address(v.Lang, "incidents", v.ID, "edit")
}

// DraftAction is where a draft is dropped.
func (v formView) DraftAction() string { return address(v.Lang, "incidents", v.ID, "draft") }

// DraftHref goes on with the draft.
func (v formView) DraftHref() string {
	if v.ID == "new" {
		return newAddress(v.Lang, v.DraftReport(), "draft", "1")
	}
	return address(v.Lang, "incidents", v.ID, "edit") + "?draft=1"
}

// DraftReport is the report that the incident is made from.
func (v formView) DraftReport() string { return v.Typed.Get("report") }

// formGroup is fields that are answered together; Folded for those that are seldom asked.
type formGroup struct {
	Name   string
	Folded bool
	Inputs []fieldInput
}

// formFields are the fields by group, in the order in which a person tells of an event; what no group names stands in the last.
var formFields = []struct {
	name   string
	folded bool
	fields []string
}{
	{"what", false, []string{"description", "codes", "context"}},
	{"when", false, []string{"date", "time"}},
	{"where", false, []string{"country", "adm1", "place", "point", "precision", "control", "location", "facility.type"}},
	{"who", false, []string{"actor.kind", "actor.state", "actor.name", "actor.note"}},
	{"harm", false, []string{"worker.killed", "worker.injured", "worker.arrested", "worker.abducted", "worker.detained", "worker.threatened", "worker.assaulted", "worker.sexual", "total.killed", "total.injured"}},
	{"more", true, nil},
}

func (s *Site) newIncident(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	report := r.URL.Query().Get("report")
	typed, err := s.fromDraft(r, draftSubject("new", report))
	if err != nil {
		return err
	}
	if len(typed) == 0 && report != "" {
		if typed, err = s.offered(r, report, lang); err != nil {
			return err
		}
	}
	typed.Set("report", report)
	return s.showForm(w, r, lang, "new", typed, nil)
}

// offered fills the form with what the answers of a report suggest.
func (s *Site) offered(r *http.Request, report string, lang locale.Lang) (url.Values, error) {
	file, err := s.desk.Received(r.Context(), whoOf(r.Context()), report)
	if err != nil {
		return nil, err
	}
	grade := file.Grade()
	form := url.Values{"source": {"report:" + report}, "reliability": {grade.Reliability}, "credibility": {grade.Credibility}, "root": {file.Root()}}
	if file.Direct() {
		form.Set("direct", "yes")
	}
	for _, o := range file.Offers() {
		f, _ := vocab.FieldOf(o.Field)
		if o.Field == "codes" {
			form.Add("codes", o.Value)
			continue
		}
		fillField(form, f, o.Value, lang)
	}
	return form, nil
}

// showForm draws the form with what was typed; wrong is why it could not be taken.
func (s *Site) showForm(w http.ResponseWriter, r *http.Request, lang locale.Lang, id string, typed url.Values, wrong error) error {
	who, c := whoOf(r.Context()), locale.For(lang)
	v := formView{view: newView(r, lang, "incidents", c.T("edit.new.title")), ID: id, Typed: typed}
	var standing []incident.Assertion
	state, _ := vocab.Country(typed.Get("country"))
	if id != "new" {
		file, err := s.desk.Incident(r.Context(), who, id)
		if err != nil {
			return err
		}
		standing, v.Drawn, v.Title = file.Standing, file.Journal, c.T("edit.several.title")
		if state == "" {
			state = file.Country
		}
	}
	if report := typed.Get("report"); report != "" {
		file, err := s.desk.Received(r.Context(), who, report)
		if err != nil {
			return err
		}
		v.Report = &file
	}
	var err error
	if v.aids, err = s.aids(r, lang, state, standing); err != nil {
		return err
	}
	if v.Draft, v.Drafted, err = s.desk.Draft(r.Context(), who, draftSubject(id, typed.Get("report"))); err != nil {
		return err
	}
	v.Drafted = v.Drafted && !r.URL.Query().Has("draft") && r.Method == http.MethodGet
	v.group(lang)
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "edit_form", v)
}

func (v *formView) group(lang locale.Lang) {
	rest := statable()
	for _, g := range formFields {
		group := formGroup{Name: g.name, Folded: g.folded}
		for _, key := range g.fields {
			f, _ := vocab.FieldOf(key)
			group.Inputs = append(group.Inputs, v.input(f, lang, v.Typed))
			rest = slices.DeleteFunc(rest, func(x vocab.Field) bool { return x.Key == key })
		}
		if g.fields == nil {
			for _, f := range rest {
				group.Inputs = append(group.Inputs, v.input(f, lang, v.Typed))
			}
		}
		v.Groups = append(v.Groups, group)
	}
}

// makeIncident makes an incident of what the form states.
func (s *Site) makeIncident(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	if onlyAids(form) {
		return s.showForm(w, r, lang, "new", form, nil)
	}
	if form.Get("do") == "draft" {
		return s.draftKept(w, r, lang, "new", form)
	}
	id, err := s.made(r, form)
	if mendable(err) {
		return s.showForm(w, r, lang, "new", form, err)
	}
	if err != nil {
		return err
	}
	if err := s.desk.DropDraft(r.Context(), whoOf(r.Context()), draftSubject("new", form.Get("report"))); err != nil {
		return err
	}
	http.Redirect(w, r, address(lang, "incidents", id), http.StatusSeeOther)
	return nil
}

// onlyAids reports a form that asks the page to help filling it in, by a press on the map or a search of codes, and states nothing yet.
func onlyAids(form url.Values) bool {
	return pointed(form) || form.Get("do") == "find" || form.Get("do") == "map"
}

func (s *Site) made(r *http.Request, form url.Values) (string, error) {
	about, err := statedIn(form)
	if err != nil {
		return "", err
	}
	if report := form.Get("report"); report != "" {
		return s.desk.CodeReport(r.Context(), whoOf(r.Context()), report, about...)
	}
	return s.desk.NewIncident(r.Context(), whoOf(r.Context()), about...)
}

// decideSuggestion puts on record what somebody made of a proposal.
func (s *Site) decideSuggestion(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	made := incident.Decision{What: form.Get("what"), Value: form.Get("value"), Accepted: form.Get("do") == "accept", Why: form.Get("why")}
	if err := s.desk.DecideSuggestion(r.Context(), whoOf(r.Context()), id, made); err != nil {
		return err
	}
	http.Redirect(w, r, address(lang, "incidents", id)+"#suggestions", http.StatusSeeOther)
	return nil
}

// decideCitation puts on record what somebody decided about a clause that the citation table proposes.
func (s *Site) decideCitation(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := s.desk.DecideCitation(r.Context(), whoOf(r.Context()), id, form.Get("clause"), form.Get("bearing"), form.Get("do") == "accept", form.Get("note")); err != nil {
		return err
	}
	http.Redirect(w, r, address(lang, "incidents", id)+"#citations", http.StatusSeeOther)
	return nil
}
