package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/facility"
	"ward/fault"
	"ward/locale"
	"ward/text"
	"ward/vocab"
)

// facilityView is one facility as it stood on a day, with everything that was stated about it.
type facilityView struct {
	view
	facility.Standing
	Day     string           // as typed; "" = today
	History []facility.Entry // the newest first, longestHistory of them at most
	Hidden  int              // how many more there are
	Damage  damageForm
	Form    facilityForm
	Problem string
}

// longestHistory is how many entries of one facility a page shows, and offers for correction.
const longestHistory = 200

// damageForm is the form for a further entry.
type damageForm struct {
	Action string
	Typed  url.Values
	Open   []facility.Entry // that can be corrected
}

// Codes are the codes of a list that the form offers.
func (damageForm) Codes(list string) []vocab.Code { return vocab.Codes(list) }

func (s *Site) facility(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showFacility(w, r, lang, nil, nil)
}

// showFacility draws a facility's page; typed is what was sent, wrong why it could not be taken.
func (s *Site) showFacility(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	day, asked, err := facilityDay(r)
	if err != nil {
		return err
	}
	f, err := s.desk.Facility(r.Context(), whoOf(r.Context()), r.PathValue("facility"), day)
	if err != nil {
		return err
	}
	v := facilityView{view: newView(r, lang, "facilities", f.Name), Standing: f, Day: asked, History: slices.Clone(f.Entries)}
	slices.Reverse(v.History)
	if v.Hidden = max(0, len(v.History)-longestHistory); v.Hidden > 0 {
		v.History = v.History[:longestHistory]
	}
	v.Invented = vocab.Invented(f.State)
	v.fill(address(lang, "facilities", f.ID), typed, r.URL.Query().Get("corrects"))
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "facility", v)
}

// fill fills the two forms: with what was sent, else with what stands, or with the entry that is to be corrected.
func (v *facilityView) fill(action string, typed url.Values, corrects string) {
	v.Form, v.Damage = newFacilityForm(action, typedFacility(v.Facility)), damageForm{Action: action}
	for _, e := range v.History {
		if e.Corrected == "" {
			v.Damage.Open = append(v.Damage.Open, e)
		}
		if e.ID == corrects {
			v.Damage.Typed = typedDamage(e.Body)
			v.Damage.Typed.Set("corrects", e.ID)
		}
	}
	switch typed.Get("do") {
	case "put":
		v.Form.Typed = typed
	case "damage":
		v.Damage.Typed = typed
	}
}

// stateFacility puts on record what the form says.
func (s *Site) stateFacility(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "facilities", r.PathValue("facility")), s.takeFacility(r, form)
	}, s.showFacility)
}

func (s *Site) takeFacility(r *http.Request, form url.Values) error {
	id := r.PathValue("facility")
	switch form.Get("do") {
	case "put":
		_, err := s.desk.PutFacility(r.Context(), whoOf(r.Context()), id, facilityOf(form))
		return err
	case "damage":
		made, err := damageOf(form)
		if err == nil {
			_, err = s.desk.StateDamage(r.Context(), whoOf(r.Context()), id, made)
		}
		return err
	}
	return fault.New(fault.Invalid, "the form says neither what the facility is nor what was stated").Keeping("nothing was written").Do("use a form of the page")
}

// damageOf reads the form of an entry.
func damageOf(form url.Values) (facility.Damage, error) {
	cost, why := facility.ReadCost(plainNumber(form.Get("low")), plainNumber(form.Get("best")), plainNumber(form.Get("high")), form.Get("currency"), text.Fold(form.Get("prices")))
	money, wrong := facility.ReadMoney(plainNumber(form.Get("amount")), form.Get("amount_currency"))
	if why = cmp.Or(why, wrong); why != "" {
		return facility.Damage{}, fault.New(fault.Invalid, "%s", why).Keeping("nothing was written")
	}
	return facility.Damage{Date: text.Fold(form.Get("date")), Component: form.Get("component"), Damage: form.Get("damage"), Functionality: form.Get("functionality"),
		Access: form.Get("access"), Services: text.Lines(form.Get("services")), Cause: form.Get("cause"), Incident: strings.ToUpper(form.Get("incident")), Need: form.Get("need"),
		Cost: cost, Compensation: form.Get("compensation"), Compensated: money, Evidence: text.Lines(form.Get("evidence")), Source: form.Get("source"),
		Note: form.Get("note"), Corrects: form.Get("corrects")}, nil
}

// typedDamage fills the form with an entry, so that a correction starts from what stands.
func typedDamage(d facility.Damage) url.Values {
	form := url.Values{"services": {strings.Join(d.Services, "\n")}, "evidence": {strings.Join(d.Evidence, "\n")}}
	for name, value := range map[string]string{"date": d.Date, "component": d.Component, "damage": d.Damage, "functionality": d.Functionality, "access": d.Access,
		"cause": d.Cause, "incident": d.Incident, "need": d.Need, "compensation": d.Compensation, "source": d.Source, "note": d.Note} {
		form.Set(name, value)
	}
	if c := d.Cost; c != nil {
		form.Set("low", strconv.FormatInt(c.Low, 10))
		form.Set("high", strconv.FormatInt(c.High, 10))
		form.Set("currency", c.Currency)
		form.Set("prices", c.Priced)
		if c.Best != nil {
			form.Set("best", strconv.FormatInt(*c.Best, 10))
		}
	}
	if m := d.Compensated; m != nil {
		form.Set("amount", strconv.FormatInt(m.Amount, 10))
		form.Set("amount_currency", m.Currency)
	}
	return form
}
