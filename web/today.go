package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"ward/access"
	"ward/desk"
	"ward/locale"
	"ward/vocab"
)

// todayView is somebody's working day.
type todayView struct {
	view
	desk.Agenda
	Says    string // what matters most, in one sentence
	Waits   []waitGroup
	Call    *inboxRow // the report to deal with first
	Own     []inboxRow
	Moved   []changeRow
	OnCases []caseRow
	Reads   bool // may read reports
	Handles bool // may take them down
}

// waitGroup is what waits of one kind.
type waitGroup struct {
	Kind  string
	Count int
	Late  int
	Clock string     // how long until the first is due, or since when it is late; "" where none has a clock
	Href  string     // of where it is dealt with
	Ones  []waitLink // some of them, where each has a page and a name of its own
	More  int
}

type waitLink struct{ Name, Href string }

type changeRow struct {
	desk.Change
	Ago string
}

// shownWaits is how many things of one kind are named.
const shownWaits = 4

// inboxOf are the views of the inbox in which notices about reports are dealt with, by kind.
var inboxOf = map[string]string{desk.NoticeDanger: desk.ViewDanger, desk.NoticeTriage: desk.ViewDue, desk.NoticeInfo: desk.ViewWaiting, desk.NoticeSnooze: desk.ViewAll, desk.NoticeAssigned: desk.ViewMine}

func (s *Site) today(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	c := locale.For(lang)
	v := todayView{view: newView(r, lang, "today", c.T("today.title"))}
	v.Reads, v.Handles = v.Me.Can(access.ReadReports), v.Me.Can(access.TakeReports)
	if v.Agenda, err = s.desk.Agenda(r.Context(), v.Me); err != nil {
		return err
	}
	v.Waits = waitsOf(c, lang, v.Notices, v.Now)
	v.Says = v.sentence(c)
	if v.Next != nil {
		row := v.row(c, *v.Next)
		v.Call = &row
	}
	for _, one := range v.Mine {
		v.Own = append(v.Own, v.row(c, one))
	}
	for _, one := range v.Cases {
		v.OnCases, v.Invented = append(v.OnCases, caseRowOf(c, one, v.Now)), v.Invented || vocab.Invented(one.Country)
	}
	for _, change := range v.Changes {
		v.Moved = append(v.Moved, changeRow{change, span(c, v.Now.Sub(change.Last))})
	}
	return s.render(w, http.StatusOK, lang, "today", v)
}

// row puts a report of the agenda into words.
func (v *todayView) row(c *locale.Catalogue, row desk.InboxRow) inboxRow {
	v.Invented = v.Invented || vocab.Invented(row.Country)
	return inboxRow{InboxRow: row, Href: reportAddress(v.Lang, row.ID), Age: span(c, v.Now.Sub(row.Came())), Clock: clockOf(c, row.Waiting, v.Now)}
}

// waitsOf gathers notices by kind, in the order in which the first of each kind stands, people in danger before all.
func waitsOf(c *locale.Catalogue, lang locale.Lang, notices []desk.Notice, now time.Time) (out []waitGroup) {
	for _, n := range notices {
		i := slices.IndexFunc(out, func(g waitGroup) bool { return g.Kind == n.Kind })
		if i < 0 {
			i, out = len(out), append(out, waitGroup{Kind: n.Kind, Href: noticeAddress(lang, n)})
			if !n.Due.IsZero() {
				out[i].Clock = span(c, n.Due.Sub(now).Abs())
			}
		}
		out[i].add(lang, n)
	}
	if i := slices.IndexFunc(out, func(g waitGroup) bool { return g.Kind == desk.NoticeDanger }); i > 0 {
		danger := out[i]
		out = slices.Insert(slices.Delete(out, i, i+1), 0, danger)
	}
	return out
}

// add counts a notice, and names it where it has a page and a name of its own.
func (g *waitGroup) add(lang locale.Lang, n desk.Notice) {
	g.Count++
	if n.Late {
		g.Late++
	}
	switch _, report := inboxOf[n.Kind]; {
	case report || n.Subject == "":
	case len(g.Ones) < shownWaits:
		g.Ones = append(g.Ones, waitLink{briefly(n.Subject), address(lang, n.Path...)})
	default:
		g.More++
	}
}

// noticeAddress is where a notice is dealt with: reports in the inbox, everything else on its own page; "" where no page is.
func noticeAddress(lang locale.Lang, n desk.Notice) string {
	if len(n.Path) == 0 {
		return ""
	}
	if view, is := inboxOf[n.Kind]; is {
		return inboxAddress(lang, "view", view)
	}
	return address(lang, n.Path...)
}

// sentence says what matters most now: danger first, then what is late, then what nobody has, then what one holds.
func (v *todayView) sentence(c *locale.Catalogue) string {
	var danger waitGroup
	late := 0
	for _, g := range v.Waits {
		if late += g.Late; g.Kind == desk.NoticeDanger {
			danger = g
		}
	}
	switch {
	case danger.Late > 0:
		return c.N("today.says.danger", danger.Count) + " " + c.T("today.says.danger.late", danger.Clock)
	case danger.Count > 0:
		return c.N("today.says.danger", danger.Count) + " " + c.T("today.says.danger.left", danger.Clock)
	case late > 0:
		return c.N("today.says.late", late)
	case v.Counts[desk.ViewUnclaimed] > 0:
		return c.N("today.says.unclaimed", v.Counts[desk.ViewUnclaimed])
	case len(v.Notices) > 0 || v.Counts[desk.ViewMine] > 0:
		return c.N("today.says.waits", cmp.Or(len(v.Notices), v.Counts[desk.ViewMine]))
	}
	return c.T("today.says.nothing")
}
