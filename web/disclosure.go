package web

import (
	"io"
	"net/http"
	"net/url"

	"ward/desk"
	"ward/locale"
	"ward/referral"
	"ward/vocab"
)

// disclosuresView is what left about people, to whom, on which consent and until when (M12).
type disclosuresView struct {
	view
	Asked      desk.DisclosureQuery
	List       []desk.DisclosureRow
	Mechanisms []referral.Mechanism
	Purposes   []string
	CSV        string // address of the list as a file
	Form       url.Values
	Problem    string
}

// Any reports that something was asked for.
func (v disclosuresView) Any() bool { return v.Asked != desk.DisclosureQuery{} }

func (s *Site) disclosures(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showDisclosures(w, r, lang, nil, nil)
}

func (s *Site) showDisclosures(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	v := disclosuresView{view: newView(r, lang, "disclosures", locale.For(lang).T("disclosure.title")), Asked: disclosureQuery(r.URL.Query()),
		Mechanisms: referral.Mechanisms(), CSV: "/export/disclosures/csv?" + r.URL.Query().Encode(), Form: form}
	for _, c := range vocab.Codes("consent") {
		v.Purposes = append(v.Purposes, c.Code)
	}
	problem, code := told(wrong)
	v.Problem = problem
	var err error
	if v.List, err = s.desk.Disclosures(r.Context(), whoOf(r.Context()), v.Asked); err != nil {
		return err
	}
	return s.render(w, code, lang, "disclosures", v)
}

// disclosureQuery reads codes and ids from an address: what somebody is called never stands in one.
func disclosureQuery(q url.Values) desk.DisclosureQuery {
	return desk.DisclosureQuery{Person: q.Get("person"), Mechanism: q.Get("mechanism"), Purpose: q.Get("purpose"), Referral: q.Get("referral"),
		Expired: q.Get("expired") != "", Revoked: q.Get("revoked") != ""}
}

// revokeDisclosure ends a disclosure.
func (s *Site) revokeDisclosure(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		return address(lang, "disclosures"), s.desk.RevokeDisclosure(r.Context(), whoOf(r.Context()), form.Get("disclosure"), form.Get("why"))
	}, s.showDisclosures)
}

// exportDisclosures sends the list as the same query shows it.
func (s *Site) exportDisclosures(w http.ResponseWriter, r *http.Request) error {
	return download(w, "ward-disclosures.csv", "text/csv; charset=utf-8", func(out io.Writer) error {
		return s.desk.WriteDisclosures(r.Context(), whoOf(r.Context()), out, disclosureQuery(r.URL.Query()))
	})
}
