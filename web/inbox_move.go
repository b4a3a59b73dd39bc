package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/desk"
	record "ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/locale"
)

// moveForm is what can be done with reports: in the inbox with those that are ticked, on a report's page with that one.
type moveForm struct {
	Action string
	Moves  []moveChoice
	People []string // to whom a report can be assigned
	Typed  url.Values
	First  string // the first day to which something can be put off
}

// moveChoice is one move of the form.
type moveChoice struct {
	Move string
	Key  string // on the keyboard of the inbox; "" = none
	Asks string // names of the fields that belong to it, with blanks between
}

// shareOut is the move that deals reports out to several people; it is no move of one report.
const shareOut = "share_out"

// moveKeys are the keys of moves, by their place on a Latin keyboard.
var moveKeys = map[string]string{intake.Claim: "c", intake.Assign: "a", intake.Triage: "r", intake.Respond: "p", intake.Escalate: "e", intake.Snooze: "s", intake.Wake: "w",
	intake.Tag: "t", intake.NeedsInfo: "n", intake.Answered: "y", intake.Link: "l", intake.Duplicate: "d", intake.ScopeOut: "q", intake.Close: "z", shareOut: "h"}

// asksAll are the fields that the form shows for a move: those it needs, and what may be said besides.
func asksAll(move string) string {
	fields := intake.Asks(move)
	switch move {
	case intake.NeedsInfo:
		fields = append(slices.Clone(fields), "until")
	case intake.Duplicate, intake.Link, intake.Assign, intake.Snooze:
		fields = append(slices.Clone(fields), "why")
	}
	return strings.Join(fields, " ")
}

// Shares reports that the form can deal reports out.
func (f moveForm) Shares() bool {
	return slices.ContainsFunc(f.Moves, func(m moveChoice) bool { return m.Move == shareOut })
}

func (s *Site) newMoveForm(lang locale.Lang, moves, people []string, typed url.Values) moveForm {
	f := moveForm{Action: address(lang, "inbox"), People: people, Typed: typed, First: (s.desk.Today() + 1).String()}
	for _, m := range moves {
		f.Moves = append(f.Moves, moveChoice{m, moveKeys[m], asksAll(m)})
	}
	return f
}

// inboxMoves are the moves that the inbox offers: who works alone shares nothing out.
func inboxMoves(people []string) []string {
	if len(people) > 1 {
		return append(intake.Moves(), shareOut)
	}
	return intake.Moves()
}

// findInbox shows what of the inbox has some words, a tag or a holder. They come by post, so that they stand in no address.
func (s *Site) findInbox(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	return s.showInbox(w, r, lang, form, nil)
}

// takeInbox does what a form of the inbox or of a report's page says.
func (s *Site) takeInbox(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	switch err = s.makeMove(r, form); {
	case err == nil:
		http.Redirect(w, r, afterMove(lang, form), http.StatusSeeOther)
		return nil
	case !mendable(err):
		return err
	case form.Get("back") != "":
		return s.showHandling(w, r, lang, form, err)
	}
	return s.showInbox(w, r, lang, form, err)
}

// makeMove makes the move that a form names.
func (s *Site) makeMove(r *http.Request, form url.Values) error {
	ctx, who, reports := r.Context(), whoOf(r.Context()), seenOf(form["report"])
	move := form.Get("move")
	switch {
	case form.Get("do") == "undo":
		return s.desk.TakeBack(ctx, who, reports)
	case len(reports) == 0:
		return fault.New(fault.Invalid, "no report was ticked").Keeping("nothing was written").Do("tick the reports that are meant")
	case move == shareOut:
		return s.share(ctx, r, reports, form["person"])
	}
	return s.desk.HandleSeen(ctx, who, reports, moveOf(form))
}

// moveOf takes from the form what belongs to its move: what was typed for another one is left.
func moveOf(form url.Values) intake.Handling {
	h := intake.Handling{Move: form.Get("move")}
	places := map[string]*string{"to": &h.To, "until": &h.Until, "tag": &h.Tag, "why": &h.Why, "report": &h.Report, "incident": &h.Incident}
	for _, field := range strings.Fields(asksAll(h.Move)) {
		name := field
		if field == "report" {
			name = "other" // "report" names those that are moved
		}
		*places[field] = form.Get(name)
	}
	h.Incident, h.Report = strings.ToUpper(h.Incident), strings.ToUpper(h.Report)
	return h
}

// share deals reports out, to everybody where nobody was named.
func (s *Site) share(ctx context.Context, r *http.Request, reports []desk.Seen, people []string) (err error) {
	who := whoOf(r.Context())
	if len(people) == 0 {
		if people, err = s.desk.TriagePeople(ctx, who); err != nil {
			return err
		}
	}
	ids := make([]string, len(reports))
	for i, one := range reports {
		ids[i] = one.ID
	}
	return s.desk.ShareOut(ctx, who, ids, people)
}

// seenOf reads checkboxes: a report's id, and behind a colon the newest entry that the page knew.
func seenOf(values []string) (out []desk.Seen) {
	for _, v := range values {
		id, newest, _ := strings.Cut(v, ":")
		out = append(out, desk.Seen{ID: id, Entry: newest})
	}
	return out
}

// afterMove is the page on which one goes on.
func afterMove(lang locale.Lang, form url.Values) string {
	if back := form.Get("back"); back != "" {
		return reportAddress(lang, back)
	}
	return inboxAddress(lang, "view", form.Get("view"), "lang", form.Get("lang"), "country", form.Get("country"), "sort", form.Get("sort"), "at", form.Get("at"))
}

// look notes that somebody has a report open; the page's script says so again while it stays open.
func (s *Site) look(w http.ResponseWriter, r *http.Request) error {
	form, err := posted(w, r)
	if err == nil {
		err = s.desk.Look(r.Context(), whoOf(r.Context()), form.Get("report"))
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// handlingView is how one report stands, with its history and what can be done next.
type handlingView struct {
	desk.Handled
	Clock   []clockWord
	History []handlingRow // the newest first
	Move    moveForm
	Undo    string // value that takes the last move back; "" where there is none, or the asker may not
	Value   string
	Back    string
	Beat    string // where the script says that it is still open
	Problem string
}

// handlingRow is one move of a report.
type handlingRow struct {
	intake.Handling
	By     string
	At     int64 // microseconds
	Undone bool
	Log    record.Place
}

// handlingOf tells how a report stands, and notes that somebody has it open.
func (s *Site) handlingOf(ctx context.Context, lang locale.Lang, id string) (v handlingView, err error) {
	who := whoOf(ctx)
	if err := s.desk.Look(ctx, who, id); err != nil {
		return v, err
	}
	if v.Handled, err = s.desk.Handling(ctx, who, id); err != nil {
		return v, err
	}
	c := locale.For(lang)
	for _, clock := range v.Clocks {
		v.Clock = append(v.Clock, clockWord{clock.Kind, !v.Now.Before(clock.Due), span(c, clock.Due.Sub(v.Now).Abs()), clock.Due})
	}
	for _, e := range v.Moves() {
		undone := e.Body.Move != intake.Undo && !slices.ContainsFunc(v.Kept, func(k record.Entry[intake.Handling]) bool { return k.ID == e.ID })
		v.History = append(v.History, handlingRow{e.Body, e.By, e.At.UnixMicro(), undone, e.Log})
	}
	slices.Reverse(v.History)
	v.Back, v.Value, v.Beat = id, id+":"+v.Seen, address(lang, "inbox", "looking")
	v.Move = s.newMoveForm(lang, v.Allowed, v.People, nil)
	if _, made := v.Last(); made && v.Allowed != nil {
		v.Undo = v.Value
	}
	return v, nil
}

// handlingPage is the page on which a move that could not be made is shown again.
type handlingPage struct {
	view
	Handling handlingView
	Href     string
}

func (s *Site) showHandling(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, wrong error) error {
	h, err := s.handlingOf(r.Context(), lang, form.Get("back"))
	if err != nil {
		return err
	}
	h.Move.Typed, h.Problem = form, sentence(wrong.Error())
	v := handlingPage{newView(r, lang, "inbox", locale.For(lang).T("inbox.handling")), h, reportAddress(lang, h.ID)}
	return s.render(w, status(wrong), lang, "handling", v)
}
