package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
)

// inboxView is one view of the inbox.
type inboxView struct {
	view
	desk.InboxPage
	Query    desk.InboxQuery
	Found    bool // chosen by what no address may hold: words, tag, holder
	Tabs     []inboxTab
	List     []inboxRow
	Page     int
	Pages    int
	Previous string
	Next     string
	Hand     bool // the asker may move reports
	Move     moveForm
	Done     doneLine
	Problem  string
	Start    int // the row at which the keyboard stands
}

type inboxTab struct {
	View, Href string
	Count      int
	Current    bool
}

// inboxRow is one report in words.
type inboxRow struct {
	desk.InboxRow
	Href   string
	Value  string // of its checkbox: the id and the newest entry seen
	Age    string
	Clock  clockWord
	Chosen bool
}

// clockWord is the time that a report has left, in words.
type clockWord struct {
	Kind string // "" where no clock runs
	Late bool
	Left string
	Due  time.Time
}

// doneLine says what the asker did last, and takes it back.
type doneLine struct {
	Move    string // "" where there is nothing to take back
	Count   int
	Ago     string
	Reports []string
	Action  string
}

// Language names a language of a report in the page's own.
func (v inboxView) Language(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	page, err := language.Parse(string(v.view.Lang))
	if err != nil {
		return code
	}
	return cmp.Or(display.Languages(page).Name(tag), code)
}

// inboxSize is how many reports a page of the inbox lists.
const inboxSize = 50

func (s *Site) inbox(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showInbox(w, r, lang, nil, nil)
}

// showInbox draws a view; form is what was posted, wrong why it could not be done.
func (s *Site) showInbox(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	asked := r.URL.Query()
	if form != nil {
		asked = form
	}
	v := inboxView{view: newView(r, lang, "inbox", locale.For(lang).T("inbox.title")), Page: 1}
	v.Query = desk.InboxQuery{View: cmp.Or(asked.Get("view"), desk.ViewUnclaimed), Lang: asked.Get("lang"), Country: asked.Get("country"), Sort: cmp.Or(asked.Get("sort"), desk.ByClock), Limit: inboxSize}
	if form != nil { // what people write about people stands in no address
		v.Query.Words, v.Query.Tag, v.Query.Holder = form.Get("words"), form.Get("with_tag"), form.Get("holder")
	}
	if err := v.turn(asked.Get("page")); err != nil {
		return err
	}
	var err error
	if v.InboxPage, err = s.desk.Inbox(r.Context(), whoOf(r.Context()), v.Query); err != nil {
		return err
	}
	if err := v.fill(lang, asked); err != nil {
		return err
	}
	if v.Hand = v.Me.Can(access.TriageReports); v.Hand {
		people, err := s.desk.TriagePeople(r.Context(), v.Me)
		if err != nil {
			return err
		}
		v.Move = s.newMoveForm(lang, inboxMoves(people), people, form)
	}
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "inbox", v)
}

func (v *inboxView) turn(page string) error {
	if n, err := strconv.Atoi(cmp.Or(page, "1")); err == nil && n >= 1 && n < 1_000_000 {
		v.Page, v.Query.Offset = n, (n-1)*inboxSize
		return nil
	}
	return fault.New(fault.NotFound, "the list has no page %.20q", page)
}

// fill puts the page into words.
func (v *inboxView) fill(lang locale.Lang, asked url.Values) error {
	if !slices.Contains(desk.InboxViews(), v.Query.View) {
		return fault.New(fault.NotFound, "the inbox has no view %.20q", v.Query.View).Do("use one of its tabs")
	}
	c := locale.For(lang)
	v.Found = v.Query.Words != "" || v.Query.Tag != "" || v.Query.Holder != ""
	for _, name := range desk.InboxViews() {
		v.Tabs = append(v.Tabs, inboxTab{name, v.address(lang, "view", name, "page", ""), v.Counts[name], name == v.Query.View})
	}
	for _, row := range v.Rows {
		value := row.ID + ":" + row.Seen
		v.List = append(v.List, inboxRow{InboxRow: row, Href: reportAddress(lang, row.ID), Value: value, Age: span(c, v.Now.Sub(row.Came())),
			Clock: clockOf(c, row.Waiting, v.Now), Chosen: slices.Contains(asked["report"], value)})
	}
	v.Pages = max(1, (v.Total+inboxSize-1)/inboxSize)
	if v.Page > 1 {
		v.Previous = v.address(lang, "page", strconv.Itoa(min(v.Page-1, v.Pages)))
	}
	if v.Page < v.Pages {
		v.Next = v.address(lang, "page", strconv.Itoa(v.Page+1))
	}
	if u := v.Undo; u != nil {
		v.Done = doneOf(c, u, v.Now)
		v.Done.Action = address(lang, "inbox")
	}
	v.Start, _ = strconv.Atoi(asked.Get("at"))
	v.Start = max(0, min(v.Start, len(v.List)-1))
	v.Invented = v.allInvented()
	return nil
}

// allInvented reports that every report shown is of an invented State.
func (v *inboxView) allInvented() bool {
	return v.Invented || len(v.Countries) > 0 && !slices.ContainsFunc(v.Countries, func(c string) bool { return !vocab.Invented(c) })
}

// address is this view with some of what chose it replaced: pairs of name and value. Neither words nor tags nor people stand in it.
func (v *inboxView) address(lang locale.Lang, pairs ...string) string {
	return inboxAddress(lang, append([]string{"view", v.Query.View, "lang", v.Query.Lang, "country", v.Query.Country, "sort", v.Query.Sort}, pairs...)...)
}

// inboxAddress is an address of the inbox; a later pair stands over an earlier one, and what is usual is left out.
func inboxAddress(lang locale.Lang, pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	usual := map[string]string{"sort": desk.ByClock, "page": "1", "at": "0"}
	for name := range q {
		if value := q.Get(name); value == "" || value == usual[name] {
			q.Del(name)
		}
	}
	if len(q) == 0 {
		return address(lang, "inbox")
	}
	return address(lang, "inbox") + "?" + q.Encode()
}

// reportAddress is that of a report's own page.
func reportAddress(lang locale.Lang, id string) string { return address(lang, "reports", id) }

func doneOf(c *locale.Catalogue, u *desk.LastAct, now time.Time) doneLine {
	d := doneLine{Move: u.Move, Count: len(u.Reports), Ago: span(c, now.Sub(u.At))}
	for _, r := range u.Reports {
		d.Reports = append(d.Reports, r.ID+":"+r.Entry)
	}
	return d
}

// clockOf says how long the first clock of a report still runs.
func clockOf(c *locale.Catalogue, w *desk.Waiting, now time.Time) clockWord {
	next, runs := w.Next()
	if !runs {
		return clockWord{}
	}
	return clockWord{Kind: next.Kind, Late: w.Late(now), Left: span(c, next.Due.Sub(now).Abs()), Due: next.Due}
}

// span is a length of time in one unit: minutes below an hour, hours below two days, days from there on.
func span(c *locale.Catalogue, d time.Duration) string {
	switch {
	case d < time.Hour:
		return c.N("inbox.minutes", max(0, int(d/time.Minute)))
	case d < 48*time.Hour:
		return c.N("inbox.hours", int(d/time.Hour))
	}
	return c.N("inbox.days", int(d/(24*time.Hour)))
}
