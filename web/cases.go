package web

import (
	"cmp"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
)

// casesView is the list of cases.
type casesView struct {
	view
	desk.CaseBoard
	Asked    desk.CaseQuery
	Tabs     []caseTab
	List     []caseRow
	Page     int
	Pages    int
	Previous string
	Next     string
	CSV      string
	May      bool // the asker may open a case
	Any      bool // there is any case at all
	Words    string
}

// caseTab is one way to look at the list: a kind, what is mine, what is late, what is closed.
type caseTab struct {
	Name, Href string
	Count      int
	Current    bool
}

// caseRow is a case in words.
type caseRow struct {
	desk.CaseRow
	Clock clockWord
	Task  string // key of the task whose clock it is; "" where its words are no part of the list
	Leads []string
}

// casesSize is how many cases a page of the list has.
const casesSize = 50

func (s *Site) cases(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showCases(w, r, lang, r.URL.Query(), "")
}

// findCases lists the cases in which some words occur. They come by post, so that they stand in no address.
func (s *Site) findCases(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	return s.showCases(w, r, lang, form, form.Get("words"))
}

func (s *Site) showCases(w http.ResponseWriter, r *http.Request, lang locale.Lang, asked url.Values, words string) error {
	v := casesView{view: newView(r, lang, "cases", locale.For(lang).T("case.title")), Asked: caseQuery(asked), Page: 1, Words: words}
	n, err := strconv.Atoi(cmp.Or(asked.Get("page"), "1"))
	if err != nil || n < 1 || n > 1_000_000 {
		return fault.New(fault.NotFound, "the list has no page %.20q", asked.Get("page"))
	}
	v.Page, v.Asked.Offset, v.Asked.Limit, v.Asked.Words = n, (n-1)*casesSize, casesSize, words
	if v.CaseBoard, err = s.desk.Cases(r.Context(), v.Me, v.Asked); err != nil {
		return err
	}
	v.fill(lang)
	return s.render(w, http.StatusOK, lang, "cases", v)
}

// caseQuery reads what an address asks for: codes only.
func caseQuery(q url.Values) desk.CaseQuery {
	return desk.CaseQuery{Kind: q.Get("kind"), State: q.Get("state"), Country: q.Get("country"), Mine: q.Get("mine") != "", Late: q.Get("late") != "", Closed: q.Get("closed") != ""}
}

// fill puts the list into words.
func (v *casesView) fill(lang locale.Lang) {
	c := locale.For(lang)
	v.May, v.Any = v.Me.Can(access.WorkCases), len(v.States) > 0
	for _, row := range v.Rows {
		v.List, v.Invented = append(v.List, caseRowOf(c, row, v.Now)), v.Invented || vocab.Invented(row.Country)
	}
	v.tabs(lang)
	v.Pages = max(1, (v.Total+casesSize-1)/casesSize)
	if v.Page > 1 {
		v.Previous = casesAddress(lang, v.Asked, "page", strconv.Itoa(min(v.Page-1, v.Pages)))
	}
	if v.Page < v.Pages {
		v.Next = casesAddress(lang, v.Asked, "page", strconv.Itoa(v.Page+1))
	}
	v.CSV = "/export/cases/list.csv?" + caseAsked(v.Asked).Encode()
}

// caseRowOf puts a case into words.
func caseRowOf(c *locale.Catalogue, row desk.CaseRow, now time.Time) caseRow {
	one := caseRow{CaseRow: row}
	if row.Next.Kind != "" {
		one.Clock, one.Task = caseClock(c, row.Next, now), row.Task(row.Next)
	}
	for _, m := range row.Team {
		if m.Lead {
			one.Leads = append(one.Leads, personWord(m.Name, c))
		}
	}
	return one
}

// tabs are the ways to look at the list, each with how many it has.
func (v *casesView) tabs(lang locale.Lang) {
	open := 0
	for _, kind := range casework.Kinds() {
		open += v.Counts[kind]
	}
	all := v.Asked.Kind == "" && !v.Asked.Mine && !v.Asked.Late && !v.Asked.Closed
	v.Tabs = []caseTab{{"open", address(lang, "cases"), open, all}}
	for _, name := range []string{"late", "mine", "closed"} {
		q := url.Values{name: {"yes"}}
		on := map[string]bool{"late": v.Asked.Late, "mine": v.Asked.Mine, "closed": v.Asked.Closed}[name]
		v.Tabs = append(v.Tabs, caseTab{name, address(lang, "cases") + "?" + q.Encode(), v.Counts[name], on})
	}
}

// Kinds are the kinds of cases.
func (casesView) Kinds() []string { return casework.Kinds() }

// StateWord is the key of a state's word, whatever kind of case has it.
func (v casesView) StateWord(state string) string {
	for _, kind := range casework.Kinds() {
		p, _ := casework.PlaybookOf(kind)
		if _, ok := p.State(state); ok && (v.Asked.Kind == "" || v.Asked.Kind == kind) {
			return "case.state." + kind + "." + state
		}
	}
	return state
}

// caseAsked is a query as an address says it.
func caseAsked(q desk.CaseQuery) url.Values {
	out := url.Values{}
	for name, value := range map[string]string{"kind": q.Kind, "state": q.State, "country": q.Country} {
		if value != "" {
			out.Set(name, value)
		}
	}
	for name, on := range map[string]bool{"mine": q.Mine, "late": q.Late, "closed": q.Closed} {
		if on {
			out.Set(name, "yes")
		}
	}
	return out
}

// casesAddress is the list as it was asked for, with more pairs of name and value.
func casesAddress(lang locale.Lang, q desk.CaseQuery, pairs ...string) string {
	out := caseAsked(q)
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	if len(out) == 0 {
		return address(lang, "cases")
	}
	return address(lang, "cases") + "?" + out.Encode()
}

// exportCases sends the list as a file, without anything of people (T2).
func (s *Site) exportCases(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("file") != "list.csv" {
		return fault.New(fault.NotFound, "there is no such file of cases").Do("take list.csv")
	}
	return download(w, "ward-cases.csv", "text/csv; charset=utf-8", func(out io.Writer) error {
		return s.desk.WriteCases(r.Context(), whoOf(r.Context()), out, caseQuery(r.URL.Query()))
	})
}
