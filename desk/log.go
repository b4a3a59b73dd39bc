package desk

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"ward/access"
	"ward/fault"
	"ward/store"
	"ward/tlog"
)

// leavesPerHour is how many leaves the log gains in every hour, or a multiple of it: what is missing is filled up with fillers, so
// that the log shows neither how much is done nor when (security.md 3.9).
const leavesPerHour = 16

// longestSleep bounds how many hours are filled after a pause, about 400 days: past it a clock was wrong, or nobody looks for the rhythm.
const longestSleep = 9600

// hoursAtOnce bounds one transaction of the sequencer; a workspace that slept for a year closes its hours in some.
const hoursAtOnce = 1000

// sequencer is the author of journal rows that the workspace writes by itself.
const sequencer = "workspace"

// CloseHours puts the journal rows of every hour that is over into the log and writes the static files. Anybody may call it, as
// often as they like and from several processes: one of them does the work. A read-only workspace's log stands still.
func (d *Desk) CloseHours(ctx context.Context) error {
	if why, err := d.ReadOnly(ctx); err != nil || why != "" {
		return err
	}
	grown, err := d.grow(ctx, false)
	if err != nil {
		return err
	}
	if _, missing := os.Stat(filepath.Join(d.place.Dir, logDir, checkpointFile)); !grown && missing == nil {
		return nil
	}
	return d.WriteLogFiles(ctx)
}

// Flushed is what closing a batch early came to, and so what the log now shows of it.
type Flushed struct {
	Added int   // leaves: acts and fillers together
	Size  int64 // of the tree
}

// FlushLog closes the running hour's batch early: what was done can be proved at once. The log then shows that somebody did so, when, and
// that no more than Added acts lay between.
func (d *Desk) FlushLog(ctx context.Context, who access.Actor) (Flushed, error) {
	if err := who.May(access.FlushLog); err != nil {
		return Flushed{}, err
	}
	before, err := d.logState(ctx)
	if err != nil {
		return Flushed{}, err
	}
	if _, err := d.grow(ctx, true); err != nil {
		return Flushed{}, err
	}
	after, err := d.logState(ctx)
	if err != nil {
		return Flushed{}, err
	}
	return Flushed{int(after.Size - before.Size), after.Size}, d.WriteLogFiles(ctx)
}

func (d *Desk) logState(ctx context.Context) (s store.LogState, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.LogState(ctx)
		return err
	})
	return s, err
}

// grow sequences until nothing is due; another process that does the same at the same time is no error.
func (d *Desk) grow(ctx context.Context, early bool) (grown bool, err error) {
	for {
		var more bool
		err := d.db.Write(ctx, sequencer, func(tx *store.Tx) (err error) {
			if err := tx.JournalReadings(ctx); err != nil {
				return err
			}
			more, err = sequence(ctx, tx, early)
			return err
		})
		if fault.Is(err, fault.Conflict) {
			return true, nil
		}
		if err != nil || !more {
			return grown, err
		}
		grown, early = true, false
	}
}

// sequence moves the log on by at most hoursAtOnce hours; more reports that it did.
func sequence(ctx context.Context, tx *store.Tx, early bool) (more bool, err error) {
	before, err := tx.LogState(ctx)
	if err != nil {
		return false, err
	}
	const rowsAtOnce = 20000
	pending, err := tx.Since(ctx, before.Number, rowsAtOnce)
	if err != nil {
		return false, err
	}
	after := before
	leaves := due(pending, &after, hourOf(tx.Now()), early)
	if len(leaves) == 0 {
		return false, nil
	}
	bare := make([]tlog.Leaf, len(leaves))
	for i, l := range leaves {
		bare[i] = l.Leaf
	}
	growth, err := tlog.Grow(before.Size, tx.Tiles(ctx), bare)
	if err != nil {
		return false, err
	}
	signer, err := tx.Secret(secretLog)
	if err != nil {
		return false, err
	}
	after.Size = growth.Size
	after.Checkpoint, err = tlog.SignCheckpoint(string(signer), tlog.Checkpoint{Origin: tx.Origin(), Size: growth.Size, Root: growth.Root})
	if err != nil {
		return false, err
	}
	return true, tx.AppendLog(ctx, before, after, leaves, growth.Tiles)
}

// hourOf counts hours since 1970.
func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// due takes from the pending rows those of hours that are over, hour by hour, each filled up and shuffled; early takes the running
// hour's rows as well. It moves the state's hour and number on.
func due(pending []store.Entry, state *store.LogState, now int64, early bool) (out []store.LogLeaf) {
	if state.Hour == 0 && len(pending) > 0 {
		state.Hour = min(hourOf(pending[0].At), now) - 1 // the first hour of a new log
	}
	if state.Hour >= now { // the clock ran ahead once and was put right: the log goes on with today's hours
		state.Hour = now - 1
	}
	state.Hour = max(state.Hour, now-longestSleep)
	take := func(over func(hour int64) bool) (group []store.LogLeaf) {
		for len(pending) > 0 && (over(hourOf(pending[0].At)) || hourOf(pending[0].At) > now) { // a clock that ran ahead holds nothing up
			group = append(group, store.LogLeaf{Leaf: pending[0].Leaf, Number: pending[0].Number})
			state.Number, pending = pending[0].Number, pending[1:]
		}
		return group
	}
	last := min(now-1, state.Hour+hoursAtOnce)
	for hour := state.Hour + 1; hour <= last; hour++ {
		out = append(out, fill(take(func(h int64) bool { return h <= hour }))...)
		state.Hour = hour
	}
	if early && state.Hour == now-1 {
		if group := take(func(int64) bool { return true }); len(group) > 0 {
			out = append(out, fill(group)...)
		}
	}
	return out
}

// fill adds fillers up to a multiple of leavesPerHour and shuffles, so that a leaf's place tells nothing of the order in which
// things were done.
func fill(group []store.LogLeaf) []store.LogLeaf {
	for len(group) == 0 || len(group)%leavesPerHour != 0 {
		group = append(group, store.LogLeaf{Leaf: tlog.Filler()})
	}
	rand.Shuffle(len(group), func(i, j int) { group[i], group[j] = group[j], group[i] })
	return group
}
