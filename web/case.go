package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/entry"
	"ward/locale"
	"ward/vocab"
)

// caseView is one case: whole to whoever is on it, its top and the way to join to everybody else.
type caseView struct {
	view
	desk.CaseFile
	Action    string
	Next      nextAction
	Running   []caseRunning
	Moves     []caseWay
	Sections  []caseSection
	Tasks     []caseTask
	Events    []caseEvent
	Earlier   int // events that the page leaves to the history
	Links     []caseLink
	Documents []caseDocument
	Countries []string // names in the page's language
	Typed     url.Values
	Problem   string
	Closing   bool // no clock runs any more
}

// nextAction is what is to be done first.
type nextAction struct {
	Kind  string // task, clock, move, wait, closed
	Task  *caseTask
	Clock *caseRunning
	Move  *caseWay
}

// caseRunning is a clock of the case, with where it is dealt with.
type caseRunning struct {
	casework.Clock
	Word clockWord
	Task *caseTask // of a task
}

// caseTask is a task in words.
type caseTask struct {
	casework.Task
	Word string // key of what the playbook says; "" where Text says it
	Time clockWord
}

// Open reports that it is still to be done.
func (t caseTask) Open() bool { return t.State == casework.TaskOpen }

// caseLink is a link with the page to which it leads; "" where there is none.
type caseLink struct {
	casework.Link
	Href string
}

// caseDocument is a file of the case with the addresses under which it is taken away and, if it is a picture that browsers draw, shown.
type caseDocument struct {
	entry.Entry[casework.Document]
	Take, Show string
}

// shownEvents is how many of the newest events the case's own page tells.
const shownEvents = 12

func (s *Site) oneCase(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showCase(w, r, lang, r.URL.Query(), nil)
}

// showCase draws a case's page; typed is what was sent or chosen, wrong why it could not be taken.
func (s *Site) showCase(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	v, err := s.caseOf(r, lang, typed)
	if err != nil {
		return err
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "case", v)
}

// caseOf opens a case for its page.
func (s *Site) caseOf(r *http.Request, lang locale.Lang, typed url.Values) (caseView, error) {
	f, err := s.desk.Case(r.Context(), whoOf(r.Context()), r.PathValue("case"))
	if err != nil {
		return caseView{}, err
	}
	v := caseView{view: newView(r, lang, "cases", f.Top.Name), CaseFile: f, Action: address(lang, "cases", f.Top.ID), Typed: typed, Closing: !f.Top.Open}
	v.Invented = v.Invented || vocab.Invented(f.Top.Country)
	c := locale.For(lang)
	if !f.On {
		for _, k := range f.Top.Clocks(f.Now) {
			v.Running = append(v.Running, caseRunning{Clock: k, Word: caseClock(c, k, f.Now)})
		}
		return v, nil
	}
	v.fill(c, lang)
	return v, nil
}

// fill puts what whoever is on the case sees into words.
func (v *caseView) fill(c *locale.Catalogue, lang locale.Lang) {
	for _, t := range v.Case.Tasks {
		v.Tasks = append(v.Tasks, taskOf(c, t, v.Now))
	}
	for _, k := range v.Clocks {
		v.Running = append(v.Running, v.running(c, k))
	}
	v.Moves, v.Sections = waysOf(v.Ways), sectionsOf(c, v.Case, v.Now, v.Action, v.Typed)
	v.Events = eventsOf(v.CaseFile, v.Timeline)
	if v.Earlier = max(0, len(v.Events)-shownEvents); v.Earlier > 0 {
		v.Events = v.Events[:shownEvents]
	}
	for _, l := range v.Case.Links {
		v.Links = append(v.Links, caseLink{l, linkAddress(lang, l)})
	}
	for _, e := range v.Case.Said.Documents {
		d := caseDocument{Entry: e, Take: "/export/cases/" + v.Case.ID + "/" + e.ID}
		if slices.Contains(drawn, e.Body.File.Type) {
			d.Show = address(lang, "cases", v.Case.ID, "files", e.ID)
		}
		v.Documents = append(v.Documents, d)
	}
	for _, iso3 := range vocab.Countries() {
		v.Countries = append(v.Countries, vocab.CountryName(iso3, string(lang)))
	}
	v.Next = v.next()
}

// next is what is to be done first: the first clock that runs out, else a task, else a move.
func (v *caseView) next() nextAction {
	switch {
	case v.Closing:
		return nextAction{Kind: "closed"}
	case len(v.Running) > 0:
		return v.firstClock()
	case len(v.Tasks) > 0 && v.Tasks[0].Open():
		return nextAction{Kind: "task", Task: &v.Tasks[0]}
	case len(v.Moves) > 0:
		return nextAction{Kind: "move", Move: &v.Moves[0]}
	}
	return nextAction{Kind: "wait"}
}

// firstClock is what the first clock asks for. Of several that run out within a minute a task stands first: it says what to do.
func (v *caseView) firstClock() nextAction {
	first := &v.Running[0]
	for _, k := range v.Running {
		if k.Task != nil && k.Due.Before(first.Due.Add(time.Minute)) {
			return nextAction{Kind: "task", Task: k.Task}
		}
	}
	return nextAction{Kind: "clock", Clock: first}
}

func (v *caseView) running(c *locale.Catalogue, k casework.Clock) caseRunning {
	out := caseRunning{Clock: k, Word: caseClock(c, k, v.Now)}
	at := slices.IndexFunc(v.Tasks, func(t caseTask) bool { return k.Kind == casework.ClockTask && t.Task.Task == k.Item })
	if at >= 0 {
		out.Task = &v.Tasks[at]
	}
	return out
}

// LastDay is the last day in time, where a day and no hour is set; "" elsewhere.
func (k caseRunning) LastDay() string {
	if !k.WholeDay {
		return ""
	}
	return k.Due.AddDate(0, 0, -1).Format(time.DateOnly)
}

func taskOf(c *locale.Catalogue, t casework.Task, now time.Time) caseTask {
	out := caseTask{Task: t}
	if t.What != "" {
		out.Word = "case.task." + t.What
	}
	if due, ok := casework.ReadInstant(t.Due); ok {
		late := !now.Before(due)
		out.Time = clockWord{Kind: casework.ClockTask, Late: late, Left: span(c, due.Sub(now).Abs()), Due: due}
	}
	return out
}

// linkPlaces are the pages of what a case is linked to.
var linkPlaces = map[string]string{casework.LinkIncident: "incidents", casework.LinkPerson: "persons", casework.LinkReport: "reports", casework.LinkCase: "cases",
	casework.LinkStatement: "statements", casework.LinkEvaluation: "evaluations", casework.LinkReferral: "referrals"}

func linkAddress(lang locale.Lang, l casework.Link) string {
	return address(lang, linkPlaces[l.Kind], l.To)
}

// LinkKinds are what a case can be linked to by hand.
func (caseView) LinkKinds() []string {
	return []string{casework.LinkIncident, casework.LinkPerson, casework.LinkReport, casework.LinkCase, casework.LinkStatement, casework.LinkEvaluation, casework.LinkReferral}
}

// Relations are how a case can be tied to something.
func (caseView) Relations() []vocab.Code { return vocab.Codes("case_link") }

// Doing reports that a form of the page was sent and came back.
func (v caseView) Doing(do string) bool { return v.Typed.Get("do") == do }

// Typing is what was typed in a form that came back; "" in another one.
func (v caseView) Typing(do, name string) string {
	if !v.Doing(do) {
		return ""
	}
	return v.Typed.Get(name)
}

// Leading reports that the asker leads the case.
func (v caseView) Leading() bool {
	return v.Case.Leads(v.Me.Name) || v.Me.Can(access.EraseRecords) && v.Me.Account == ""
}

// Risk is the risk that was judged last; "" where none was.
func (v caseView) Risk() string { return v.Case.Value("risk", "level") }

// Lead is who leads; "" where nobody does.
func (v caseView) Lead() string {
	for _, m := range v.Top.Team {
		if m.Lead {
			return m.Name
		}
	}
	return ""
}

// Mine are the colleagues to whom a task can be given.
func (v caseView) Mine() (out []string) {
	for _, m := range v.Case.Team {
		out = append(out, m.Name)
	}
	slices.SortFunc(out, cmp.Compare)
	return out
}
