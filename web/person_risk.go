package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/person"
	"ward/text"
	"ward/vocab"
)

// personsView is the people of one's cases.
type personsView struct {
	view
	Rows     []desk.PersonLine
	Officers []string
	May      bool // put somebody on record
	Typed    url.Values
	Problem  string
}

// picked is a choice out of a code list in a form.
type picked struct{ Name, List, Now string }

// Value is what was typed in a field.
func (v personsView) Value(name string) string { return v.Typed.Get(name) }

// Chosen reports that a role was ticked.
func (v personsView) Chosen(code string) bool { return slices.Contains(v.Typed["role"], code) }

func (s *Site) persons(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showPersons(w, r, lang, nil, nil)
}

func (s *Site) showPersons(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) (err error) {
	who := whoOf(r.Context())
	v := personsView{view: newView(r, lang, "persons", locale.For(lang).T("atrisk.title")), Typed: typed, May: who.Can(access.WorkCases)}
	if v.Rows, err = s.desk.Persons(r.Context(), who); err != nil {
		return err
	}
	if v.May {
		if v.Officers, err = s.desk.ReachOfficers(r.Context(), who); err != nil {
			return err
		}
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "person_risks", v)
}

// addPerson puts somebody on record.
func (s *Site) addPerson(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		n := desk.NewPerson{Made: madeOf(form), Reach: reachOf(form), Officers: form["officer"]}
		if name := form.Get("name"); name != "" {
			n.Names = append(n.Names, person.Name{Script: form.Get("script"), Text: name})
		}
		id, err := s.desk.AddPerson(r.Context(), whoOf(r.Context()), n)
		return address(lang, "persons", id), err
	}, s.showPersons)
}

func madeOf(form url.Values) person.Made {
	return person.Made{Pseudonym: form.Get("pseudonym"), Roles: form["role"], Sex: form.Get("sex"), Born: strings.ToUpper(text.Fold(form.Get("born"))), Profession: form.Get("profession"),
		ISCO: plainNumber(form.Get("isco")), Speciality: form.Get("speciality"), Country: countryOf(form.Get("country")), Employer: form.Get("employer"),
		Member: form.Get("member"), Hiding: form.Get("hiding") != "", Why: form.Get("why")}
}

// countryOf is a State as somebody typed it: its three letters or its name.
func countryOf(typed string) string {
	if iso3, ok := vocab.Country(typed); ok {
		return iso3
	}
	return strings.ToUpper(typed)
}

func reachOf(form url.Values) desk.SourceContact {
	return desk.SourceContact{Name: form.Get("reach_name"), Reach: form.Get("reach"), Note: form.Get("reach_note")}
}

// atRiskView is one person at risk.
type atRiskView struct {
	view
	desk.PersonFile
	Naming   *desk.PersonNaming // nil while the names are covered
	Asked    []person.Asking
	Counts   []desk.ReportCount
	Officers []string
	May      bool // work on them
	Typed    url.Values
	Problem  string
}

// Standing is what the story comes to: dead, held, or free as far as is known; "" where nothing is told.
func (v atRiskView) Standing() string {
	switch {
	case v.Dead():
		return "dead"
	case v.Held():
		return "held"
	case len(v.Outcomes) == 0:
		return ""
	}
	return "free"
}

// Withdrawal is the word that took an outcome back; nil where the entry is such a word.
func (v atRiskView) Withdrawal(id string) *entry.Entry[person.Outcome] {
	for i, o := range v.Taken {
		if o.Body.Withdraws == id {
			return &v.Taken[i]
		}
	}
	return nil
}

// Former are outcomes that were taken back.
func (v atRiskView) Former() (out []entry.Entry[person.Outcome]) {
	for _, o := range v.Taken {
		if o.Body.Withdraws == "" {
			out = append(out, o)
		}
	}
	return out
}

// Takers are who can have taken somebody.
func (atRiskView) Takers() []string { return person.Takers() }

// Fields are what can be corrected.
func (atRiskView) Fields() []string { return person.Fields() }

// Value is what a form shows: what was typed in it, else what stands.
func (v atRiskView) Value(name string) string {
	if v.Typed.Get("do") == "made" {
		return v.Typed.Get(name)
	}
	return map[string]string{"pseudonym": v.Pseudonym, "sex": v.Sex, "born": v.Born, "profession": v.Profession, "isco": v.ISCO, "speciality": v.Speciality,
		"country": v.Country, "employer": v.Employer, "member": v.Member}[name]
}

// Chosen reports a role that the form shows as ticked.
func (v atRiskView) Chosen(code string) bool {
	if v.Typed.Get("do") == "made" {
		return slices.Contains(v.Typed["role"], code)
	}
	return slices.Contains(v.Roles, code)
}

// Again is what was typed in one of the page's forms, where it is shown again.
func (v atRiskView) Again(form, name string) string {
	if v.Typed.Get("do") != form {
		return ""
	}
	return v.Typed.Get(name)
}

func (s *Site) atRisk(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showAtRisk(w, r, lang, nil, nil, nil)
}

// showAtRisk draws a person's page; naming opens the names, typed is what was sent, wrong why it could not be taken.
func (s *Site) showAtRisk(w http.ResponseWriter, r *http.Request, lang locale.Lang, naming *desk.PersonNaming, typed url.Values, wrong error) error {
	who := whoOf(r.Context())
	f, err := s.desk.Person(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := atRiskView{view: newView(r, lang, "persons", f.Pseudonym), PersonFile: f, Naming: naming, Asked: f.Person.Asked(), Typed: typed, May: who.Can(access.WorkCases)}
	v.Invented = vocab.Invented(f.Country)
	for _, register := range person.Registers() {
		v.Counts = append(v.Counts, desk.ReportCount{Register: register, Counted: person.Counts(register, f.Outcomes)})
	}
	if v.May {
		if v.Officers, err = s.desk.ReachOfficers(r.Context(), who); err != nil {
			return err
		}
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "person_risk", v)
}

// showNames opens the names: a form, so that nobody reads them by looking at the page, and no address opens them.
func (s *Site) showNames(w http.ResponseWriter, r *http.Request) error {
	lang, _, err := formOf(w, r)
	if err != nil {
		return err
	}
	naming, err := s.desk.PersonNames(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showAtRisk(w, r, lang, &naming, nil, nil)
}

// stateAtRisk puts on record what one of the page's forms says.
func (s *Site) stateAtRisk(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "persons", r.PathValue("id")), s.takeAtRisk(r, form)
	}, func(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
		return s.showAtRisk(w, r, lang, nil, form, wrong)
	})
}

func (s *Site) takeAtRisk(r *http.Request, form url.Values) error {
	state := func(kind string, body any) error {
		return s.desk.StatePerson(r.Context(), whoOf(r.Context()), r.PathValue("id"), kind, body)
	}
	switch form.Get("do") {
	case "made":
		return state(person.KindMade, madeOf(form))
	case "name":
		return state(person.KindName, person.Name{Script: form.Get("script"), Text: form.Get("name"), Why: form.Get("why")})
	case "outcome":
		return state(person.KindOutcome, outcomeOf(form))
	case "withdraw":
		return state(person.KindOutcome, person.Outcome{Withdraws: form.Get("entry"), Why: form.Get("why")})
	case "reach":
		return s.desk.PutReach(r.Context(), whoOf(r.Context()), r.PathValue("id"), reachOf(form), form["officer"])
	case "ask":
		return state(person.KindCorrection, person.Correction{Field: form.Get("field"), Asked: form.Get("asked"), By: form.Get("by")})
	case "settle":
		return state(person.KindCorrection, person.Correction{Of: form.Get("entry"), Settled: form.Get("settled"), Why: form.Get("why")})
	}
	return fault.New(fault.Invalid, "this is no form of the page").Keeping("nothing was written").Do("use a form of the page")
}

func outcomeOf(form url.Values) person.Outcome {
	o := person.Outcome{Code: form.Get("code"), When: strings.ToUpper(text.Fold(form.Get("when"))), Country: countryOf(form.Get("country")), Place: form.Get("place"), Authority: form.Get("authority"),
		Taker: form.Get("taker"), Law: form.Get("law"), Charge: form.Get("charge"), Source: form.Get("source"), Incident: strings.ToUpper(form.Get("incident")), Note: form.Get("note")}
	if form.Get("short") != "" {
		o.Hours = person.Under24
	}
	return o
}
