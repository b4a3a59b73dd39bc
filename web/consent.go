package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/consent"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/referral"
	"ward/text"
	"ward/vocab"
)

// consentView is what stands of a person's consent, with the forms that put a word on record.
type consentView struct {
	view
	desk.ConsentFile
	Typed   url.Values // what was sent, or what a narrower consent begins with
	Problem string
}

func (s *Site) consentPage(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showConsent(w, r, lang, nil, nil)
}

// showConsent draws a person's consent; typed is what was sent, wrong why it could not be taken.
func (s *Site) showConsent(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	f, err := s.desk.ConsentFile(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := consentView{view: newView(r, lang, "persons", locale.For(lang).T("consent.title", f.Pseudonym)), ConsentFile: f, Typed: typed}
	v.Invented = vocab.Invented(f.Country)
	if typed == nil {
		v.Typed = url.Values{"given": {f.Today.String()}, "lang": {string(lang)}, "answer": {consent.Given}}
		v.begin(r.URL.Query().Get("of"))
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "consent", v)
}

// begin fills the form with an answer that is to be settled or narrowed.
func (v *consentView) begin(of string) {
	for _, a := range v.Answers {
		if a.ID != of || a.State != consent.Asked && a.State != consent.Given {
			continue
		}
		b := a.Body
		v.Typed = url.Values{"narrows": {a.ID}, "answer": {consent.Given}, "giver": {b.Giver}, "basis": {b.Basis}, "capacity": {b.Capacity}, "lang": {b.Lang}, "given": {v.Today.String()},
			"expires": {a.Last}, "method": {b.Method}, "purpose": b.Purposes, "class": b.Classes}
		for _, to := range b.Recipients {
			if _, ok := referral.MechanismOf(to); ok {
				v.Typed.Add("mechanism", to)
			} else {
				v.Typed.Set("recipients", strings.TrimSpace(v.Typed.Get("recipients")+"\n"+to))
			}
		}
	}
}

// Is reports what was typed or ticked in a field of a form.
func (v consentView) Is(form, name, value string) bool {
	return cmp.Or(v.Typed.Get("do"), "answer") == form && slices.Contains(v.Typed[name], value)
}

// Again is what was typed in a field of a form.
func (v consentView) Again(form, name string) string {
	if cmp.Or(v.Typed.Get("do"), "answer") != form {
		return ""
	}
	return v.Typed.Get(name)
}

// Standing are the answers on which something can rest, or that wait for a word; Former are the others.
func (v consentView) Standing() []consent.Standing { return v.some(true) }

// Former are the answers of which nothing is left.
func (v consentView) Former() []consent.Standing { return v.some(false) }

func (v consentView) some(stands bool) (out []consent.Standing) {
	for _, a := range v.Answers {
		if (a.State == consent.Given || a.State == consent.Asked) == stands {
			out = append(out, a)
		}
	}
	return out
}

// Mechanisms are those to which a consent can be given by name.
func (consentView) Mechanisms() []referral.Mechanism { return referral.Mechanisms() }

// Latest is the last day for which a review can be given.
func (v consentView) Latest() string { return (v.Today + consent.ReviewLife).String() }

// Spoken are the reviews about which anybody has spoken, or which a consent asks for in danger.
func (v consentView) Spoken() (out []desk.RiskReview) {
	for _, r := range v.Reviews {
		if len(r.Words) > 0 || v.Danger && slices.Contains(v.Allowed, r.Purpose) {
			out = append(out, r)
		}
	}
	return out
}

// recipientWord names a recipient: a mechanism by its name, anybody else as they are called.
func recipientWord(to string, c *locale.Catalogue) string {
	if m, ok := referral.MechanismOf(to); ok {
		if c.Has("referral.mechanism." + to) {
			return c.T("referral.mechanism." + to)
		}
		return m.Name
	}
	return to
}

// keepConsent puts on record what one of the page's forms says.
func (s *Site) keepConsent(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "persons", r.PathValue("id"), "consent"), s.takeConsent(r, form)
	}, s.showConsent)
}

func (s *Site) takeConsent(r *http.Request, form url.Values) (err error) {
	switch form.Get("do") {
	case "answer":
		_, err = s.desk.PutConsent(r.Context(), whoOf(r.Context()), r.PathValue("id"), answerOf(form))
		return err
	case "review":
		return s.desk.ReviewRisk(r.Context(), whoOf(r.Context()), r.PathValue("id"), consent.Review{Purpose: form.Get("for"), May: form.Get("may") == "yes", Until: dayTyped(form.Get("until")), Why: form.Get("why")})
	}
	return fault.New(fault.Invalid, "this is no form of the page").Keeping("nothing was written").Do("use a form of the page")
}

// answerOf reads the form of an answer. What belongs to a yes alone is left out of everything else.
func answerOf(form url.Values) consent.Answer {
	a := consent.Answer{Answer: form.Get("answer"), Giver: form.Get("giver"), Basis: form.Get("basis"), Capacity: form.Get("capacity"), Lang: form.Get("lang"), Purposes: form["purpose"],
		Recipients: slices.Concat(form["mechanism"], text.Lines(form.Get("recipients"))), Classes: form["class"], Given: dayTyped(form.Get("given")), Method: form.Get("method"),
		Witness: form.Get("witness"), Narrows: form.Get("narrows"), Note: form.Get("note")}
	if a.Giver != consent.Proxy {
		a.Basis = ""
	}
	if a.Answer == consent.Given {
		a.Expires, a.Free = dayTyped(form.Get("expires")), form.Get("free") == "yes"
	}
	return a
}

// dayTyped is a day as typed, in digits that everybody reads.
func dayTyped(s string) string { return text.Fold(s) }

// consentSheetView is the sheet with the questions, to be printed and taken along. It tells of nobody.
type consentSheetView struct {
	view
	Person string
}

func (s *Site) consentSheet(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if _, err := s.desk.ConsentFile(r.Context(), whoOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	v := consentSheetView{newView(r, lang, "persons", locale.For(lang).T("consent.sheet.title")), r.PathValue("id")}
	return s.render(w, http.StatusOK, lang, "consent_sheet", v)
}
