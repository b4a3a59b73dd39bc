package desk

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/store"
)

// Waiting is a report as the inbox knows it. It is never changed: a move makes another one.
type Waiting struct {
	ID          string
	At          time.Time // of receipt
	Log         entry.Place
	By          string // who took it down
	Channel     string
	Lang        string
	Mode        string
	Danger      string
	Country     string
	ActorState  string
	Needs       []string
	Distressing bool
	First       string // the beginning of its story
	intake.Standing

	day   string // EDTF: on which it came
	due   int64  // microseconds of the clock that is due first; math.MaxInt64 where none runs
	entry string // id of the entry that holds it
	moves []entry.Entry[intake.Handling]
}

// board is every report that was received, in the order of receipt. It lives in memory only and follows the journal. What it gave is
// never changed, so that it is read without a lock.
type board struct {
	at    int64 // journal number up to which it was read
	rows  []*Waiting
	byDue []*Waiting // the same in the order of byClock; what a clock says does not depend on when one asks
}

// boards keeps the newest board of a desk.
type boards struct {
	mu  sync.Mutex
	now *board
}

// board brings the board up to the newest journal row and returns it, everybody's reports on it: whoever shows some asks first who may see.
func (d *Desk) board(ctx context.Context) (*board, error) {
	d.inbox.mu.Lock()
	defer d.inbox.mu.Unlock()
	if d.inbox.now == nil {
		d.inbox.now = &board{}
	}
	return d.inbox.now, d.db.Read(ctx, func(tx *store.Tx) error {
		last, err := tx.Last(ctx)
		if err != nil || last == d.inbox.now.at {
			return err
		}
		next, err := d.inbox.now.follow(ctx, tx)
		if err == nil {
			next.at = last
			d.inbox.now = next
		}
		return err
	})
}

// follow is the board with what the journal brought since; after an erasure it is read anew.
func (b *board) follow(ctx context.Context, tx *store.Tx) (*board, error) {
	gone, err := tx.Did(ctx, "erase", b.at)
	if err != nil {
		return nil, err
	}
	if gone && b.at > 0 {
		b = &board{}
	}
	received, err := entry.After[intake.Received](ctx, tx, intake.KindReceived, b.at)
	if err != nil {
		return nil, err
	}
	moves, err := entry.After[intake.Handling](ctx, tx, intake.KindHandling, b.at)
	if err != nil || len(received)+len(moves) == 0 {
		return &board{rows: b.rows, byDue: b.byDue}, err
	}
	return b.with(received, moves), nil
}

// with is the board with more reports and moves.
func (b *board) with(received []entry.Entry[intake.Received], moves []entry.Entry[intake.Handling]) *board {
	next := &board{rows: slices.Grow(slices.Clone(b.rows), len(received))}
	for _, r := range received {
		next.rows = append(next.rows, newWaiting(r))
	}
	if len(received) > 0 {
		slices.SortFunc(next.rows, func(a, b *Waiting) int { return cmp.Compare(a.ID, b.ID) })
	}
	about := map[string][]entry.Entry[intake.Handling]{}
	for _, m := range moves {
		about[m.Subject] = append(about[m.Subject], m)
	}
	for id, made := range about {
		if i, there := next.place(id); there {
			next.rows[i] = next.rows[i].moved(made)
		}
	}
	next.byDue = slices.Clone(next.rows)
	slices.SortFunc(next.byDue, byClock)
	return next
}

func (b *board) place(id string) (int, bool) {
	return slices.BinarySearchFunc(b.rows, id, func(w *Waiting, id string) int { return cmp.Compare(w.ID, id) })
}

// report finds a report by its id.
func (b *board) report(id string) (*Waiting, bool) {
	i, there := b.place(id)
	if !there {
		return nil, false
	}
	return b.rows[i], true
}

// firstWords is about how many letters of a story the board holds.
const firstWords = 160

// newWaiting takes from a report what the inbox shows. Nothing of it holds on to the whole story.
func newWaiting(r entry.Entry[intake.Received]) *Waiting {
	b := r.Body
	w := Waiting{ID: r.Subject, entry: r.ID, At: r.At, Log: r.Log, By: r.By, Channel: strings.Clone(b.Channel), Lang: strings.Clone(b.Lang), Mode: strings.Clone(b.Mode),
		Danger: strings.Clone(b.Danger), Country: strings.Clone(b.Country), ActorState: strings.Clone(b.ActorState), Needs: b.Needs, Distressing: b.Covered(), day: strings.Clone(b.Day),
		First: beginning(b.Narrative)}
	return w.moved(nil)
}

// beginning is the first words of a story, in memory of its own.
func beginning(story string) string {
	letters := 0
	for at := range story {
		if letters++; letters > firstWords {
			cut := story[:at]
			if blank := strings.LastIndexByte(cut, ' '); blank > at/2 {
				cut = cut[:blank]
			}
			return strings.Join(strings.Fields(cut), " ") + "…"
		}
	}
	return strings.Join(strings.Fields(story), " ")
}

// moved is the report with more moves.
func (w Waiting) moved(more []entry.Entry[intake.Handling]) *Waiting {
	w.moves = append(slices.Clip(w.moves), more...)
	w.Standing = intake.StateOf(entry.Entry[intake.Received]{ID: w.entry, At: w.At, Body: intake.Received{Danger: w.Danger, Day: w.day}}, w.moves)
	w.due = math.MaxInt64
	if c, runs := w.Next(); runs {
		w.due = c.Due.UnixMicro()
	}
	return &w
}

// about are what a conflict of interest can bar, and what a scope is made of.
func (w *Waiting) about() []string {
	return slices.DeleteFunc([]string{w.ID, w.Country, w.ActorState}, func(s string) bool { return s == "" })
}

// seenBy reports whether the report is within somebody's scope.
func (w *Waiting) seenBy(who access.Actor) bool { return who.Sees(w.Country, w.ActorState) }

// noReport is the answer about a report that is not there, or that the asker may not see.
func noReport(id string) error {
	return fault.New(fault.NotFound, "there is no report %.40q", id).Do("look for it in the inbox")
}
