package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/intake"
	"ward/store"
)

// Agenda is somebody's working day: what waits for them, what they hold, what is to be done first, what colleagues did since yesterday.
type Agenda struct {
	Now     time.Time
	Notices []Notice       // what waits, the late first
	Counts  map[string]int // of the inbox by view; nil for who may not read reports
	Next    *InboxRow      // the report to deal with first; nil where none presses
	Cases   []CaseRow      // open cases that they are on, what is due first; agendaRows of them at most
	Mine    []InboxRow     // reports that they hold, what is due first; agendaRows of them at most
	Newest  time.Time      // when the last report came; zero when none ever did, or who may not read reports
	Changes []Change       // the latest first
}

// Change is what one person did of one kind since yesterday.
type Change struct {
	Act   string
	Who   string
	Times int
	Last  time.Time
}

// Bounds of an agenda: how far back it looks, how many rows of a list it holds, how many rows of the journal it reads.
const (
	agendaPast = 24 * time.Hour
	agendaRows = 8
	agendaActs = 1000
)

// Agenda gathers somebody's working day, of each thing only what their roles let them see.
func (d *Desk) Agenda(ctx context.Context, who access.Actor) (a Agenda, err error) {
	if err := d.read(ctx, who, access.OwnAccount, access.Page, "today"); err != nil {
		return a, err
	}
	a.Now = d.db.Now()
	if a.Notices, err = d.notices(ctx, who); err != nil {
		return a, err
	}
	if who.Can(access.ReadReports) {
		b, err := d.board(ctx)
		if err != nil {
			return a, err
		}
		a.lookAt(b, who)
	}
	if who.Can(access.ReadCases) {
		b, err := d.caseBoard(ctx)
		if err != nil {
			return a, err
		}
		a.Cases = b.page(who, CaseQuery{Mine: true, Limit: agendaRows}, a.Now).Rows
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		acts, err := tx.Before(ctx, 0, agendaActs)
		a.Changes = changesOf(acts, who, a.Now)
		return err
	})
	return a, err
}

// lookAt takes from the board what concerns somebody.
func (a *Agenda) lookAt(b *board, who access.Actor) {
	page := inboxPage(b, who, InboxQuery{View: ViewMine, Limit: agendaRows}, a.Now)
	a.Mine, a.Counts, a.Newest = page.Rows, page.Counts, page.Newest
	var next *Waiting
	for _, w := range b.rows {
		if w.seenBy(who) && w.presses(who, a.Now) && (next == nil || w.before(next)) {
			next = w
		}
	}
	if next != nil {
		a.Next = &InboxRow{Waiting: next, Late: next.Late(a.Now)}
	}
}

// presses reports that a report is somebody's to deal with now: theirs or nobody's, open, and somebody is in danger, or wants help, or waits
// to be read.
func (w *Waiting) presses(who access.Actor, now time.Time) bool {
	if w.Done() || w.Asleep(now) || w.Holder != "" && w.Holder != who.Name {
		return false
	}
	_, runs := w.Next()
	return w.InDanger() || w.State != intake.NeedsInfo && len(w.Needs) > 0 || runs && (w.State != intake.NeedsInfo || w.Late(now))
}

// before reports that a report comes before another: danger first, then what is due first, then who wants help, then the older.
func (w *Waiting) before(other *Waiting) bool {
	if w.InDanger() != other.InDanger() {
		return w.InDanger()
	}
	if w.due != other.due {
		return w.due < other.due
	}
	if help := len(w.Needs) > 0; help != (len(other.Needs) > 0) {
		return help
	}
	return w.ID < other.ID
}

// roomOf are the acts that let somebody hear of a journal's acts, by the beginning of the act's name. What is not named here belongs to
// those who read the log.
var roomOf = []struct {
	begins string
	act    access.Act
}{
	{"entry.person", access.ReadCases}, {"entry.report", access.ReadReports}, {"entry.incident", access.ReadIncidents}, {"incident.", access.ReadIncidents}, {"import", access.ReadIncidents},
	{"entry.case", access.ReadCases}, {"entry.audit", access.ReadAudit}, {"audit.", access.ReadAudit}, {"entry.commitment", access.ReadRegisters}, {"entry.duty", access.ReadRegisters},
	{"entry.consent", access.ReadCases}, {"entry.referral", access.ReadDisclosures}, {"entry.evaluation", access.WriteEvaluations}, {"entry.statement", access.ReadRegisters}, {"entry.facility", access.ReadRegisters}, {"entry.suitability", access.ReadRegisters},
}

// hears reports whether somebody is told of an act.
func hears(who access.Actor, act string) bool {
	for _, room := range roomOf {
		if strings.HasPrefix(act, room.begins) {
			return who.Can(room.act)
		}
	}
	return who.Can(access.ReadLog)
}

// changesOf counts what was done since yesterday, by act and person.
func changesOf(acts []store.Entry, who access.Actor, now time.Time) (out []Change) {
	for _, e := range acts {
		if now.Sub(e.At) > agendaPast || !hears(who, e.Act) {
			continue
		}
		i := slices.IndexFunc(out, func(c Change) bool { return c.Act == e.Act && c.Who == e.Who })
		if i < 0 {
			i, out = len(out), append(out, Change{Act: e.Act, Who: e.Who, Last: e.At})
		}
		out[i].Times++
	}
	slices.SortStableFunc(out, func(a, b Change) int { return cmp.Compare(b.Last.UnixMicro(), a.Last.UnixMicro()) })
	return out
}
