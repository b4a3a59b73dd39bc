package web

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ward/audit"
	"ward/desk"
	"ward/fault"
	"ward/intake"
	"ward/locale"
	"ward/policy"
	"ward/text"
	"ward/vocab"
)

// auditView is one State's audit, as a page of the site and as the file that stands alone.
type auditView struct {
	view
	audit.View
	Name      string
	Grade     string // the newest information grade, no_info where none
	GradeYear int
	Matrix    template.HTML
	Families  []familyRow
	Folds     []foldView
	Silent    int              // clauses folded
	Alone     bool             // a file without links into a site
	Empty     bool             // no incident bears on the State
	Held      []audit.Register // what each register holds, the largest first
	Places    placesView
	Sources   []intake.Source

	Stages      []stageCount
	Disputed    []agreementRow // clauses on which coders agree too little
	Agreeing    []agreementRow
	FewPairs    int // how many have too few pairs to tell
	Refusals    []audit.Refused
	MoreRefused int
	Treaties    []audit.Row // ratifications, reservations and withdrawals, by year
	Visited     []audit.Row // the newest first, as those below
	Letters     []audit.Row
	Corrected   []audit.Row
	Appealed    []audit.Row
	Said        []audit.Row // replies
	Form        replyForm
}

// foldView names the clauses of a norm that are left out of the matrix, with their short words.
type foldView struct {
	audit.Fold
	Named []policy.Clause
}

func (s *Site) state(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if name := r.URL.Query().Get("name"); name != "" {
		return findState(w, r, lang, name)
	}
	return s.showState(w, r, lang, replyForm{})
}

// showState draws the page; typed is what somebody entered there that could not be taken.
func (s *Site) showState(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed replyForm) error {
	opt, err := yearsAsked(r)
	if err != nil {
		return err
	}
	report, err := s.desk.Audit(r.Context(), whoOf(r.Context()), r.PathValue("state"), opt)
	if codesBlind(r, err) {
		http.Redirect(w, r, address(lang, "workbench", r.PathValue("state")), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	v := newAuditView(report, s.desk.Corpus(), lang, false)
	v.view = newView(r, lang, "states", locale.For(lang).T("state.title", v.Name))
	v.Invented = vocab.Invented(v.State)
	v.Form = typed
	v.Form.State = v.State
	places, err := s.desk.Places(r.Context(), whoOf(r.Context()), v.State, desk.AuditOptions{From: v.From, To: v.To})
	if err != nil {
		return err
	}
	v.Places = newPlacesView(places, v.State, lang)
	v.Sources, err = s.sources(r.Context(), func(src intake.Source) bool { return slices.Contains(v.Columns, src.Namespace) })
	if err != nil {
		return err
	}
	return s.render(w, typed.code(), lang, "state", v)
}

// findState leads from a name or code that somebody typed to the State's page.
func findState(w http.ResponseWriter, r *http.Request, lang locale.Lang, name string) error {
	code, err := desk.StateCode(name)
	if err != nil {
		return err
	}
	http.Redirect(w, r, address(lang, "states", code), http.StatusSeeOther)
	return nil
}

// yearsAsked reads from and to, in any digits; blank is the workspace's own span.
func yearsAsked(r *http.Request) (opt desk.AuditOptions, err error) {
	for name, into := range map[string]*int{"from": &opt.From, "to": &opt.To} {
		asked := text.Fold(strings.TrimSpace(r.URL.Query().Get(name)))
		if asked == "" {
			continue
		}
		year, err := strconv.Atoi(asked)
		if err != nil || year < 1800 || year > 2200 {
			return opt, fault.New(fault.Invalid, "%q is not a year", asked).Do("write it with four digits, such as 2019")
		}
		*into = year
	}
	return opt, nil
}

func newAuditView(report *audit.Report, corpus *policy.Corpus, lang locale.Lang, alone bool) auditView {
	v := auditView{View: report.View(corpus), Name: vocab.CountryName(report.State, string(lang)), Alone: alone,
		Grade: audit.NoInfo, Empty: len(report.Incidents) == 0}
	for _, c := range report.Cells {
		if c.Environment != audit.NoInfo && c.Environment != "" && c.Year >= v.GradeYear {
			v.Grade, v.GradeYear = c.Environment, c.Year
		}
	}
	for _, f := range v.Folded {
		named := foldView{Fold: f}
		for _, id := range f.Clauses {
			if clause, ok := corpus.Clause(id); ok {
				named.Named = append(named.Named, clause)
			}
		}
		v.Silent += len(f.Clauses)
		v.Folds = append(v.Folds, named)
	}
	v.orderRegisters()
	v.keepRecord(locale.For(lang))
	v.drawMatrix(lang)
	v.drawFamilies(lang)
	return v
}

// orderRegisters puts the register that holds most first, in tables and figures alike.
func (v *auditView) orderRegisters() {
	v.Held = slices.Clone(v.Registers)
	slices.SortStableFunc(v.Held, func(a, b audit.Register) int {
		return cmp.Or(cmp.Compare(b.Incidents, a.Incidents), cmp.Compare(a.Register, b.Register))
	})
	v.Columns = nil
	for _, r := range v.Held {
		v.Columns = append(v.Columns, r.Register)
	}
}
