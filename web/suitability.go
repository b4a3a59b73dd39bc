package web

import (
	"net/http"
	"net/url"

	"ward/desk"
	"ward/locale"
	"ward/suitability"
	"ward/text"
	"ward/vocab"
)

// eventsView lists every event on which there is a word.
type eventsView struct {
	view
	Events []suitability.Event
}

func (s *Site) suitabilities(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if name := r.URL.Query().Get("name"); name != "" {
		code, err := desk.StateCode(name)
		if err != nil {
			return err
		}
		http.Redirect(w, r, address(lang, "suitability", code), http.StatusSeeOther)
		return nil
	}
	v := eventsView{view: newView(r, lang, "duties", locale.For(lang).T("suitability.title"))}
	if v.Events, err = s.desk.SuitabilityEvents(r.Context(), whoOf(r.Context()), ""); err != nil {
		return err
	}
	for _, e := range v.Events {
		v.Invented = vocab.Invented(e.Last.Body.State)
		if !v.Invented {
			break
		}
	}
	return s.render(w, http.StatusOK, lang, "suitability", v)
}

// suitabilityView is one State as the place of an event.
type suitabilityView struct {
	view
	desk.Suitability
	Name    string
	Found   []matter
	Silent  []silence
	Form    url.Values
	Problem string
}

// matter is a cell that a host should know of, with its clause in words.
type matter struct {
	suitability.Cell
	Short string
}

// silence is a clause about which nothing is found, in words, with the years in words.
type silence struct{ Clause, Said string }

// Decisions are all that the form can say.
func (suitabilityView) Decisions() []string { return suitability.Decisions() }

func (s *Site) suitability(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showSuitability(w, r, lang, url.Values{"decision": {suitability.Undecided}}, nil)
}

func (s *Site) showSuitability(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	got, err := s.desk.Suitability(r.Context(), whoOf(r.Context()), r.PathValue("state"))
	if err != nil {
		return err
	}
	name := vocab.CountryName(got.State, string(lang))
	v := suitabilityView{view: newView(r, lang, "duties", locale.For(lang).T("suitability.of", name)), Suitability: got, Name: name, Form: form}
	v.Invented = vocab.Invented(got.State)
	c := locale.For(lang)
	for _, m := range got.Matters {
		clause, _ := s.desk.Corpus().Clause(m.Clause)
		v.Found = append(v.Found, matter{m, clause.Short})
	}
	for _, u := range got.Unknown {
		clause, _ := s.desk.Corpus().Clause(u.Clause)
		v.Silent = append(v.Silent, silence{clause.Short + " (" + u.Clause + ")", yearsInWords(u.Years, c)})
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "suitability_state", v)
}

// decideSuitability puts on record what the form says.
func (s *Site) decideSuitability(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		state, err := desk.StateCode(r.PathValue("state"))
		if err != nil {
			return "", err
		}
		_, err = s.desk.DecideSuitability(r.Context(), whoOf(r.Context()), form.Get("again"), suitability.Decision{State: state, Event: form.Get("event"), When: form.Get("when"), Decision: form.Get("decision"),
			Date: form.Get("date"), Reasons: form.Get("reasons"), Support: text.Lines(form.Get("support")), Roles: text.Lines(form.Get("roles"))})
		return address(lang, "suitability", state) + "#decisions", err
	}, s.showSuitability)
}

// yearsInWords draws years that follow each other together: "2016–2019 and 2021".
func yearsInWords(years []int, c *locale.Catalogue) string {
	var runs []string
	for i := 0; i < len(years); {
		j := i
		for j+1 < len(years) && years[j+1] == years[j]+1 {
			j++
		}
		runs = append(runs, c.Years(years[i], years[j]))
		i = j + 1
	}
	return c.List(runs)
}
