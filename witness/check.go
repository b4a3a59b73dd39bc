package witness

import (
	"context"

	"ward/store"
	"ward/tlog"
)

// Check compares every watched log with what was cosigned of it last: signature, size and tree, and the journal row of the cosigning.
func Check(ctx context.Context, tx *store.Tx, wrong store.Wrong) error {
	list, err := List(ctx, tx)
	if err != nil {
		return err
	}
	for _, w := range list {
		history, err := tx.History(ctx, w.Origin)
		if err != nil {
			return err
		}
		if what := w.wrong(history); what != "" {
			wrong("the watched log "+w.Origin, what)
		}
	}
	return nil
}

// wrong says what about a watched log does not hold; "" is nothing.
func (w Watched) wrong(history []store.Entry) string {
	origin, err := originOf(w.Verifier)
	if err != nil || origin != w.Origin {
		return "has a key of another name"
	}
	var last store.Entry
	for _, e := range history {
		if e.Act == "witness.cosign" {
			last = e
		}
	}
	if last.Number == 0 {
		if w.Size != 0 || w.Root != "" || w.Seen != 0 || len(w.Checkpoint) > 0 {
			return "holds a checkpoint that was never cosigned"
		}
		return ""
	}
	c, err := tlog.OpenCheckpoint(w.Checkpoint, w.Verifier)
	if err != nil || c.Size != w.Size || tlog.Hex(c.Root) != w.Root || w.Seen != last.At.UnixMicro() || Digest(w.Checkpoint) != last.Digest {
		return "holds something else than what was cosigned last"
	}
	return ""
}
