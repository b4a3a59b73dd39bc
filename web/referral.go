package web

import (
	"net/http"
	"net/url"
	"slices"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/referral"
	"ward/vocab"
)

// referralsView is the register of referrals.
type referralsView struct {
	view
	Asked      desk.ReferralQuery
	List       []referralRow
	Waiting    []referralRow // for whoever asks
	Late       int
	States     []string
	Countries  []string
	Mechanisms []referral.Mechanism
}

// referralRow is a referral in the list, with what it waits for and the name of its case.
type referralRow struct {
	desk.ReferralRow
	CaseName string // "" where whoever asks may not hear of it
	Waits    string // approve, reply, prepare, send, grade, record; "" nothing
}

// Any reports that something was asked for.
func (v referralsView) Any() bool { return v.Asked != desk.ReferralQuery{} }

func (s *Site) referrals(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	who := whoOf(r.Context())
	v := referralsView{view: newView(r, lang, "referrals", locale.For(lang).T("referral.title")), Asked: referralQuery(r.URL.Query()),
		States: referral.States(), Mechanisms: referral.Mechanisms()}
	list, err := s.desk.Referrals(r.Context(), who, v.Asked)
	if err != nil {
		return err
	}
	names, err := s.caseNames(r, who)
	if err != nil {
		return err
	}
	for _, row := range list {
		one := referralRow{ReferralRow: row, CaseName: names[row.Case], Waits: waitsFor(row, who)}
		v.List = append(v.List, one)
		v.note(one)
	}
	slices.Sort(v.Countries)
	return s.render(w, http.StatusOK, lang, "referrals", v)
}

func (v *referralsView) note(r referralRow) {
	if r.Waits != "" && r.Waits != "record" {
		v.Waiting = append(v.Waiting, r)
	}
	if r.Late {
		v.Late++
	}
	if r.Country != "" && !slices.Contains(v.Countries, r.Country) {
		v.Countries = append(v.Countries, r.Country)
	}
	v.Invented = v.Invented || vocab.Invented(r.Country)
}

func referralQuery(q url.Values) desk.ReferralQuery {
	return desk.ReferralQuery{State: q.Get("state"), Mechanism: q.Get("mechanism"), Country: q.Get("country"), Case: q.Get("case"), Person: q.Get("person"), Overdue: q.Get("late") != ""}
}

// waitsFor is what a referral waits for that whoever asks could do; "" for nothing.
func waitsFor(r desk.ReferralRow, who access.Actor) string {
	prepares := r.Mine && who.Can(access.PrepareReferrals)
	switch {
	case r.State == referral.StateBuilt && who.Can(access.ApproveReferrals):
		return "approve"
	case !prepares:
		return ""
	case r.Late:
		return "reply"
	}
	return map[string]string{referral.StateProposed: "prepare", referral.StateReprisal: "prepare", referral.StateConsent: "prepare", referral.StateApproved: "send",
		referral.StateReplied: "grade", referral.StateSent: "record", referral.StateAcknowledged: "record", referral.StateNoReply: "record",
		referral.StateGraded: "record", referral.StateFollowUp: "record"}[r.State]
}

// caseNames are the names (T2) of the cases that somebody may hear of, by id.
func (s *Site) caseNames(r *http.Request, who access.Actor) (map[string]string, error) {
	out := map[string]string{}
	if !who.Can(access.ReadCases) {
		return out, nil
	}
	for _, closed := range []bool{false, true} {
		board, err := s.desk.Cases(r.Context(), who, desk.CaseQuery{Closed: closed})
		if err != nil {
			return nil, err
		}
		for _, c := range board.Rows {
			out[c.ID] = c.Name
		}
	}
	return out, nil
}

// referralNewView is where a referral begins: the case, then the mechanism, then why.
type referralNewView struct {
	view
	Cases    []desk.CaseRow // to choose from, where none is named
	Case     *desk.CaseFile
	Families []mechanismFamily
	Chosen   *mechanismView
	Form     url.Values
	Problem  string
}

// mechanismFamily are the mechanisms of one kind.
type mechanismFamily struct {
	Name       string
	Mechanisms []mechanismView
}

// mechanismView is a mechanism as somebody chooses it.
type mechanismView struct {
	referral.Mechanism
	Fits     []referral.Mandate // that answer to what is coded
	Mandates []referral.Mandate // all of them, where it is addressed to mandates
}

// Suits reports that a mandate answers to what is coded.
func (m mechanismView) Suits(id string) bool {
	return slices.ContainsFunc(m.Fits, func(f referral.Mandate) bool { return f.ID == id })
}

// Required are the fields without which it takes nothing.
func (m mechanismView) Required() (out []referral.Field) {
	for _, f := range m.Fields {
		if f.Required {
			out = append(out, f)
		}
	}
	return out
}

func (s *Site) newReferral(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	return s.showNewReferral(w, r, lang, url.Values{"case": {q.Get("case")}, "mechanism": {q.Get("mechanism")}}, nil)
}

func (s *Site) showNewReferral(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	who := whoOf(r.Context())
	v := referralNewView{view: newView(r, lang, "referrals", locale.For(lang).T("referral.new")), Form: form}
	problem, code := told(wrong)
	v.Problem = problem
	if form.Get("case") == "" {
		board, err := s.desk.Cases(r.Context(), who, desk.CaseQuery{Mine: true})
		if err != nil {
			return err
		}
		v.Cases = board.Rows
		return s.render(w, code, lang, "referral_new", v)
	}
	file, err := s.desk.Case(r.Context(), who, form.Get("case"))
	if err != nil {
		return err
	}
	v.Case, v.Invented = &file, v.Invented || vocab.Invented(file.Top.Country)
	if file.On {
		if err := v.choose(form.Get("mechanism"), referral.MandatesFor(s.caseCodes(r, who, file))); err != nil {
			return err
		}
	}
	return s.render(w, code, lang, "referral_new", v)
}

// choose puts the mechanisms into families, or the one that was chosen in front.
func (v *referralNewView) choose(chosen string, fits []referral.Mandate) error {
	for _, m := range referral.Mechanisms() {
		one := mechanismView{Mechanism: m}
		if m.Mandates {
			one.Fits, one.Mandates = fits, referral.Mandates()
		}
		if i := slices.IndexFunc(fits, func(f referral.Mandate) bool { return f.ID == m.ID }); i >= 0 {
			one.Fits = fits[i : i+1]
		}
		if m.ID == chosen {
			v.Chosen = &one
			return nil
		}
		at := slices.IndexFunc(v.Families, func(f mechanismFamily) bool { return f.Name == m.Family })
		if at < 0 {
			at, v.Families = len(v.Families), append(v.Families, mechanismFamily{Name: m.Family})
		}
		v.Families[at].Mechanisms = append(v.Families[at].Mechanisms, one)
	}
	if chosen != "" {
		return fault.New(fault.NotFound, "there is no mechanism %.40q", chosen).Do("take one of the list")
	}
	return nil
}

// Langs are the languages in which the chosen mechanism takes a text, the page's own first where it is one of them.
func (v referralNewView) Langs() []string {
	langs := v.Chosen.Langs
	if len(langs) == 0 {
		for _, l := range locale.Langs() {
			langs = append(langs, string(l))
		}
	}
	return langs
}

// Ticked reports that a form field holds a value.
func (v referralNewView) Ticked(name, value string) bool { return slices.Contains(v.Form[name], value) }

// caseCodes are the incident codes of a case's incidents. One that whoever asks may not read adds nothing.
func (s *Site) caseCodes(r *http.Request, who access.Actor, file desk.CaseFile) (out []string) {
	for _, id := range caseIncidents(file) {
		if f, err := s.desk.Incident(r.Context(), who, id); err == nil {
			out = append(out, f.Incident.Codes...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// makeReferral puts a proposal on record.
func (s *Site) makeReferral(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		who := whoOf(r.Context())
		file, err := s.desk.Case(r.Context(), who, form.Get("case"))
		if err != nil {
			return "", err
		}
		id, err := s.desk.ProposeReferral(r.Context(), who, desk.NewReferral{Proposed: referral.Proposed{Mechanism: form.Get("mechanism"), Case: form.Get("case"),
			Person: form.Get("person"), Country: file.Top.Country, Incidents: caseIncidents(file), Lang: form.Get("lang"), To: form.Get("to"), Mandates: form["mandate"], Why: form.Get("why")}})
		return address(lang, "referrals", id), err
	}, s.showNewReferral)
}

// caseIncidents are the incidents with which a case began and those that are linked to it.
func caseIncidents(file desk.CaseFile) []string {
	out := slices.Clone(file.Case.Incidents)
	for _, l := range file.Case.Links {
		if l.Kind == casework.LinkIncident && !slices.Contains(out, l.To) {
			out = append(out, l.To)
		}
	}
	return out
}
