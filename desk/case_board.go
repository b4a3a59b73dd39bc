package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/store"
	"ward/text"
)

// CaseTop is what everybody who reads cases may see of one (T2). It is never changed: what the journal brings makes another one.
type CaseTop struct {
	ID, Kind, Name, Country string
	State, Outcome          string
	Opened, Since           time.Time
	By                      string            // who opened it
	Team                    []casework.Member // who is on it
	Drill, Open             bool

	clocks  []casework.Clock     // whatever the hour
	tasks   []casework.Task      // that are open, without their words
	givenBy map[string]string    // who gave an open task, by task
	joined  map[string]time.Time // who joined by themselves, and when
	persons []string             // ids of those it is about

	topWords, allWords string // folded: of the top, and of everything that was recorded
}

// topOf takes from a case what is T2, and what the desk needs to find it.
func topOf(c casework.Case) *CaseTop {
	t := &CaseTop{ID: c.ID, Kind: c.Kind, Name: c.Name, Country: c.Country, State: c.State, Outcome: c.Outcome, Opened: c.At, Since: c.Since, By: c.By,
		Drill: c.Drill, Open: c.Open(), clocks: c.Running(), persons: c.Persons(), joined: map[string]time.Time{}, givenBy: map[string]string{},
		topWords: text.Fold(c.Name + "\n" + c.ID), allWords: text.Fold(strings.Join(c.Words(), "\n"))}
	for _, m := range c.Team {
		m.Why = "" // may tell what the case holds
		t.Team = append(t.Team, m)
	}
	for _, task := range c.Tasks {
		if task.Text = ""; task.State == casework.TaskOpen {
			t.tasks = append(t.tasks, task)
		}
	}
	for _, e := range c.Said.Tasks {
		t.givenBy[e.Body.Task] = e.By
	}
	for _, m := range c.Said.Members {
		if c.On(m.Body.Name) && m.By == m.Body.Name && m.Body.Why != "" {
			t.joined[m.Body.Name] = m.At
		}
	}
	return t
}

// On reports that somebody is on the case.
func (t *CaseTop) On(name string) bool {
	return slices.ContainsFunc(t.Team, func(m casework.Member) bool { return m.Name == name })
}

// Clocks are all that run at a time, what is due first before the rest.
func (t *CaseTop) Clocks(now time.Time) []casework.Clock {
	out := slices.Clone(t.clocks)
	for i := range out {
		out[i] = out[i].At(now)
	}
	return out
}

// about are what a conflict of interest can bar.
func (t *CaseTop) about() []string { return given(t.ID, t.Country) }

// caseBoard is every case, in the order in which they were opened. It lives in memory only and follows the journal. What it gave is never
// changed, so that it is read without a lock.
type caseBoard struct {
	at   int64 // journal number up to which it was read
	rows []*CaseTop
}

// caseBoards keeps the newest board of a desk.
type caseBoards struct {
	mu  sync.Mutex // one reader of the journal at a time
	now atomic.Pointer[caseBoard]
}

// last is the newest board that was kept; an empty one before the first.
func (b *caseBoards) last() *caseBoard {
	if now := b.now.Load(); now != nil {
		return now
	}
	return &caseBoard{}
}

// keep keeps a board that a reading transaction saw, unless a newer one is kept.
func (b *caseBoards) keep(read *caseBoard) {
	for {
		kept := b.now.Load()
		if kept != nil && kept.at >= read.at || b.now.CompareAndSwap(kept, read) {
			return
		}
	}
}

// within is the board as a transaction sees it. It is not kept: what the transaction wrote may not stay.
func (b *caseBoards) within(ctx context.Context, tx *store.Tx) (*caseBoard, error) {
	return b.last().follow(ctx, tx)
}

// caseBoard brings the board up to the newest journal row and returns it: whoever shows some of it asks first who may see.
func (d *Desk) caseBoard(ctx context.Context) (b *caseBoard, err error) {
	d.cases.mu.Lock()
	defer d.cases.mu.Unlock()
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		b, err = d.cases.within(ctx, tx)
		return err
	})
	if err == nil {
		d.cases.keep(b)
	}
	return b, err
}

// follow is the board with what the journal brought since; after an erasure it is read anew.
func (b *caseBoard) follow(ctx context.Context, tx *store.Tx) (*caseBoard, error) {
	last, err := tx.Last(ctx)
	if err != nil || last == b.at {
		return b, err
	}
	if gone, err := tx.Did(ctx, "erase", b.at); err != nil {
		return b, err
	} else if gone {
		b = &caseBoard{}
	}
	changed, err := entry.Changed(ctx, tx, casework.Register, b.at)
	if err != nil || !changed {
		return &caseBoard{last, b.rows}, err
	}
	cases, err := casesSince(ctx, tx, b.at)
	if err != nil {
		return b, err
	}
	next := &caseBoard{last, slices.Clone(b.rows)}
	for _, c := range cases {
		next.put(topOf(c))
	}
	return next, nil
}

func (b *caseBoard) put(t *CaseTop) {
	at, there := b.place(t.ID)
	if there {
		b.rows[at] = t
		return
	}
	b.rows = slices.Insert(b.rows, at, t)
}

func (b *caseBoard) place(id string) (int, bool) {
	return slices.BinarySearchFunc(b.rows, id, func(t *CaseTop, id string) int { return cmp.Compare(t.ID, id) })
}

// find finds a case by its id.
func (b *caseBoard) find(id string) (*CaseTop, bool) {
	at, there := b.place(id)
	if !there {
		return nil, false
	}
	return b.rows[at], true
}

// seenBy reports whether the case is within somebody's scope.
func (t *CaseTop) seenBy(who access.Actor) bool { return who.Only == nil || who.Sees(t.Country) }
