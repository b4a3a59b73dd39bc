package store_test

import (
	"errors"
	"testing"
	"time"

	"ward/fault"
	"ward/store"
	"ward/tlog"
)

// keepSequencing moves the log on beside the writers, as the desk's sequencer does, until a write is refused.
func keepSequencing(db *store.DB, stop <-chan bool) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Millisecond):
		}
		if err := sequenceOnce(db); err != nil && !fault.Is(err, fault.Conflict) {
			return
		}
	}
}

// sequenceOnce puts what waits into the log, with a filler before it.
func sequenceOnce(db *store.DB) error {
	return db.Write(ctx, "sequencer", func(tx *store.Tx) error {
		before, err := tx.LogState(ctx)
		if err != nil {
			return err
		}
		waiting, err := tx.Since(ctx, before.Number, 5000)
		if err != nil || len(waiting) == 0 {
			return err
		}
		after, leaves := before, []store.LogLeaf{{Leaf: tlog.Filler()}}
		for _, e := range waiting {
			leaves, after.Number = append(leaves, store.LogLeaf{Leaf: e.Leaf, Number: e.Number}), e.Number
		}
		bare := make([]tlog.Leaf, len(leaves))
		for i, l := range leaves {
			bare[i] = l.Leaf
		}
		growth, err := tlog.Grow(before.Size, tx.Tiles(ctx), bare)
		if err != nil {
			return err
		}
		after.Size, after.Checkpoint = growth.Size, []byte(tlog.Hex(growth.Root))
		return tx.AppendLog(ctx, before, after, leaves, growth.Tiles)
	})
}

// checkLog compares the log with the journal: every leaf is a filler or commits to one journal row, every row up to the state's
// stands in it once, and the tiles give the tree hash of the checkpoint.
func checkLog(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) error {
		state, err := tx.LogState(ctx)
		if err != nil || state.Size == 0 {
			return err
		}
		leaves, err := tx.Leaves(ctx, 0, 1<<30)
		if err != nil {
			return err
		}
		rows, err := tx.Since(ctx, 0, 1<<30)
		if err != nil {
			return err
		}
		if int64(len(leaves)) != state.Size {
			t.Errorf("%d leaves, and the log's size is %d", len(leaves), state.Size)
		}
		in := map[int64]tlog.Leaf{}
		for i, l := range leaves {
			if _, twice := in[l.Number]; l.Number != 0 && twice {
				t.Errorf("journal row %d stands in the log twice, at %d again", l.Number, i)
			}
			in[l.Number] = l.Leaf
		}
		delete(in, 0)
		for _, e := range rows {
			leaf, there := in[e.Number]
			if there != (e.Number <= state.Number) || there && leaf != e.Leaf {
				t.Errorf("journal row %d: in the log %v, which holds rows up to %d", e.Number, there, state.Number)
			}
			delete(in, e.Number)
		}
		if len(in) > 0 {
			t.Errorf("%d leaves commit to journal rows that are not there", len(in))
		}
		root, err := tlog.Root(state.Size, tx.Tiles(ctx))
		if err == nil && tlog.Hex(root) != string(state.Checkpoint) {
			err = errors.New("the tiles give another tree hash than the checkpoint")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
