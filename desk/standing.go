package desk

import (
	"context"

	"ward/access"
	"ward/store"
)

// Standing says whether an open workspace can still be worked with.
type Standing string

const (
	Works  Standing = ""
	Halted Standing = "halted" // its disk did not confirm a write: nothing more is written
	Locked Standing = "locked" // its desk key is not here, or another program replaced it since
	Frozen Standing = "frozen" // it was restored, and a witness has seen more of its log: only reading works
)

// Standing tells why everything fails, where it does. A disk that failed a reader is asked once more by the writer, who stops the workspace
// where it fails there too.
func (d *Desk) Standing(ctx context.Context) Standing {
	_ = d.db.Amend(ctx, access.Local().Name, func(tx *store.Tx) error { // what comes of it is told by Stopped
		return tx.PutPassing(ctx, store.Passing{Kind: "probe", Key: "disk", Until: tx.Now()})
	})
	select {
	case <-d.db.Stopped():
		return Halted
	default:
	}
	key := d.db.Key()
	if key == nil {
		return Locked
	}
	lock, err := d.db.Lock(ctx)
	if err != nil {
		return Works // not for want of a key
	}
	if ring, err := readKeyring(lock.Keyring); err == nil && ring.Generation != key.Generation() {
		return Locked
	}
	if why, err := d.ReadOnly(ctx); err == nil && why != "" {
		return Frozen
	}
	return Works
}
