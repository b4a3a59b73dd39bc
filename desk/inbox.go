package desk

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/entry"
	"ward/intake"
	"ward/store"
	"ward/text"
)

// The views of the inbox. Every report stands in exactly one of Unclaimed, Held, Snoozed and Closed; the other views cut across.
const (
	ViewMine      = "mine"
	ViewUnclaimed = "unclaimed"
	ViewHeld      = "held"
	ViewDue       = "due"     // a clock runs out within soon, or has run out
	ViewDanger    = "danger"  // somebody was said to be in danger, or it was escalated
	ViewSnoozed   = "snoozed" // and no clock has run out
	ViewWaiting   = "waiting" // for an answer to a question of ours
	ViewClosed    = "closed"  // nothing waits any more
	ViewAll       = "all"
)

// InboxViews are all views, in the order in which a page offers them.
func InboxViews() []string {
	return []string{ViewUnclaimed, ViewMine, ViewDue, ViewDanger, ViewHeld, ViewWaiting, ViewSnoozed, ViewClosed, ViewAll}
}

// Orders of the inbox: what is due first, what is oldest, what is newest.
const (
	ByClock = "clock"
	ByAge   = "age"
	ByNew   = "new"
)

// soon is from when on a clock that runs counts as due.
const soon = 24 * time.Hour

// InboxQuery chooses reports; what is left empty chooses all, View empty is unclaimed.
type InboxQuery struct {
	View, Lang, Country, Tag, Holder string
	Words                            string // among the first words, tags and ids
	Sort                             string // ByClock when empty
	Offset, Limit                    int
}

// InboxRow is a report on a page of the inbox.
type InboxRow struct {
	*Waiting
	Late    bool
	Asleep  bool
	Looking []string // names of others who have it open now
}

// InboxPage is what an inbox shows.
type InboxPage struct {
	Rows                            []InboxRow
	Total                           int            // in the view, as chosen
	Counts                          map[string]int // by view, whatever else was chosen
	Langs, Countries, Tags, Holders []string       // that occur
	Newest                          time.Time      // when the last report came; zero when none ever did
	Now                             time.Time
	Undo                            *LastAct // what the asker did last; nil where nothing can be taken back
}

// LastAct is one act on some reports that can be taken back as a whole.
type LastAct struct {
	Move    string
	At      time.Time
	Reports []Seen
}

// undoFor is how long an act is offered for taking back; whoever opens a report can take its last move back at any time.
const undoFor = time.Hour

// Inbox lists what was received and how it stands.
func (d *Desk) Inbox(ctx context.Context, who access.Actor, q InboxQuery) (InboxPage, error) {
	if err := d.read(ctx, who, access.ReadReports, access.Page, "inbox"); err != nil {
		return InboxPage{}, err
	}
	b, err := d.board(ctx)
	if err != nil {
		return InboxPage{}, err
	}
	page := inboxPage(b, who, q, d.db.Now())
	looking, err := d.lookers(ctx, who)
	for i := range page.Rows {
		page.Rows[i].Looking = looking[page.Rows[i].ID]
	}
	return page, err
}

// inboxPage makes the page out of a board.
func inboxPage(b *board, who access.Actor, q InboxQuery, now time.Time) InboxPage {
	page := InboxPage{Counts: map[string]int{}, Now: now}
	var found []*Waiting
	wanted, view := q.wants(), slices.Index(InboxViews(), cmp.Or(q.View, ViewUnclaimed))
	var counts [9]int
	for w := range b.ordered(q.Sort) {
		if !w.seenBy(who) {
			continue
		}
		page.note(w)
		in := viewsOf(w, who.Name, now)
		for i := range counts {
			if in[i] {
				counts[i]++
			}
		}
		if view >= 0 && in[view] && wanted(w) {
			found = append(found, w)
		}
	}
	for i, name := range InboxViews() {
		page.Counts[name] = counts[i]
	}
	page.sortNotes()
	page.Undo = lastAct(b, who, now)
	page.Total = len(found)
	from := min(max(q.Offset, 0), len(found))
	to := len(found)
	if q.Limit > 0 {
		to = min(from+q.Limit, to)
	}
	for _, w := range found[from:to] {
		page.Rows = append(page.Rows, InboxRow{Waiting: w, Late: w.Late(now), Asleep: w.Asleep(now)})
	}
	return page
}

// note remembers what can be chosen by.
func (p *InboxPage) note(w *Waiting) {
	add := func(list *[]string, one string) {
		if one != "" && !slices.Contains(*list, one) {
			*list = append(*list, one)
		}
	}
	add(&p.Langs, w.Lang)
	add(&p.Countries, w.Country)
	for _, t := range w.Tags {
		add(&p.Tags, t)
	}
	if !w.Done() {
		add(&p.Holders, w.Holder)
	}
	if w.At.After(p.Newest) {
		p.Newest = w.At
	}
}

func (p *InboxPage) sortNotes() {
	for _, list := range [][]string{p.Langs, p.Countries, p.Tags, p.Holders} {
		slices.Sort(list)
	}
}

// wants tells whether a report is as asked for, whatever its view.
func (q InboxQuery) wants() func(*Waiting) bool {
	words := strings.Fields(text.Fold(q.Words))
	return func(w *Waiting) bool {
		if q.Lang != "" && q.Lang != w.Lang || q.Country != "" && q.Country != w.Country || q.Holder != "" && q.Holder != w.Holder ||
			q.Tag != "" && !slices.Contains(w.Tags, q.Tag) {
			return false
		}
		if len(words) == 0 {
			return true
		}
		all := text.Fold(w.First + "\n" + strings.Join(w.Tags, "\n") + "\n" + w.ID + "\n" + strings.Join(w.Incidents, "\n"))
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(all, word) })
	}
}

// viewsOf tells in which of InboxViews somebody finds a report, in their order.
func viewsOf(w *Waiting, me string, now time.Time) [9]bool {
	place := placeOf(w, now)
	return [9]bool{
		place == ViewUnclaimed,
		place == ViewHeld && w.Holder == me,
		w.due != math.MaxInt64 && w.due <= now.Add(soon).UnixMicro(),
		!w.Done() && (w.Danger == "yes" || w.State == intake.StateEscalated),
		place == ViewHeld,
		w.State == intake.NeedsInfo,
		place == ViewSnoozed,
		place == ViewClosed,
		true,
	}
}

// placeOf is the one view of the four in which a report stands.
func placeOf(w *Waiting, now time.Time) string {
	switch {
	case w.Done():
		return ViewClosed
	case w.Asleep(now):
		return ViewSnoozed
	case w.Holder == "":
		return ViewUnclaimed
	}
	return ViewHeld
}

// ordered are the reports in an order of the inbox.
func (b *board) ordered(order string) iter.Seq[*Waiting] {
	switch order {
	case ByAge:
		return slices.Values(b.rows)
	case ByNew:
		return func(yield func(*Waiting) bool) {
			for _, w := range slices.Backward(b.rows) {
				if !yield(w) {
					return
				}
			}
		}
	}
	return slices.Values(b.byDue)
}

// byClock puts people in danger first, however late anything else is, then what is due first, and what has no clock last; of two that are due
// together the older stands first.
func byClock(a, b *Waiting) int {
	return cmp.Or(cmp.Compare(calm(a), calm(b)), cmp.Compare(a.due, b.due), cmp.Compare(a.ID, b.ID))
}

// calm is 0 where somebody may be in danger and nobody answered yet, 1 otherwise.
func calm(w *Waiting) int {
	if w.Standing.InDanger() {
		return 0
	}
	return 1
}

// lastAct is what somebody did last, where that was lately and is still the last that was done with each report.
func lastAct(b *board, who access.Actor, now time.Time) *LastAct {
	if !who.Can(access.TriageReports) {
		return nil
	}
	var act *LastAct
	for _, w := range b.rows {
		last, made := w.Last()
		if !made || last.By != who.Name || now.Sub(last.At) > undoFor || !w.seenBy(who) {
			continue
		}
		if act == nil || last.At.After(act.At) {
			act = &LastAct{Move: last.Body.Move, At: last.At}
		}
		if last.At.Equal(act.At) {
			act.Reports = append(act.Reports, Seen{w.ID, w.Seen})
		}
	}
	return act
}

// looking is the kind of what tells who has a report open.
const looking = "looking"

// Look notes that somebody has a report open, for a minute.
func (d *Desk) Look(ctx context.Context, who access.Actor, report string) error {
	if err := who.May(access.ReadReports); err != nil {
		return err
	}
	b, err := d.board(ctx)
	if err != nil {
		return err
	}
	if w, there := b.report(report); !there || !w.seenBy(who) {
		return noReport(report)
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: looking, Key: report + " " + holder(who), Owner: holder(who), Body: []byte(who.Name), Until: tx.Now().Add(presenceLife)})
	})
}

// lookers are the names of those who have reports open now, without the asker, by report.
func (d *Desk) lookers(ctx context.Context, who access.Actor) (map[string][]string, error) {
	out := map[string][]string{}
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.PassingOf(ctx, looking, "")
		for _, p := range list {
			if report, _, _ := strings.Cut(p.Key, " "); p.Owner != holder(who) {
				out[report] = append(out[report], string(p.Body))
			}
		}
		return err
	})
	return out, err
}

// Handled is how one report stands, with what its page offers about it.
type Handled struct {
	InboxRow
	Now     time.Time
	Allowed []string // moves that the asker can make now
	People  []string // to whom it can be assigned
}

// Moves are all moves of a report, the oldest first, those that were taken back among them.
func (w *Waiting) Moves() []entry.Entry[intake.Handling] { return w.moves }

// Handling opens how one report stands, for the report's page.
func (d *Desk) Handling(ctx context.Context, who access.Actor, report string) (h Handled, err error) {
	if err := who.May(access.ReadReports); err != nil {
		return h, err
	}
	b, err := d.board(ctx)
	if err != nil {
		return h, err
	}
	w, there := b.report(report)
	if !there || !w.seenBy(who) {
		return h, noReport(report)
	}
	h.Now = d.db.Now()
	h.InboxRow = InboxRow{Waiting: w, Late: w.Late(h.Now), Asleep: w.Asleep(h.Now)}
	looking, err := d.lookers(ctx, who)
	if err != nil {
		return h, err
	}
	if h.Looking = looking[report]; who.MayOn(access.TriageReports, w.about()...) == nil {
		h.Allowed = w.Allowed(h.Now)
		h.People, err = d.TriagePeople(ctx, who)
	}
	return h, err
}
