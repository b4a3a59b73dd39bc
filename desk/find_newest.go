package desk

import (
	"context"
	"sync"
	"sync/atomic"

	"ward/store"
)

// newestRow asks the database which journal row is the newest, once for all who ask at the same time: sixty readers at once must not wait for
// each other's question. An answer serves only those who came before it was asked, so that nobody misses what was written before they came.
type newestRow struct {
	asked atomic.Int64 // how often the database was asked
	mu    sync.Mutex   // guards what follows
	heard int64        // which of these the answer is of
	last  int64
}

func (n *newestRow) row(ctx context.Context, db *store.DB) (int64, error) {
	came := n.asked.Load()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.heard > came {
		return n.last, nil
	}
	this := n.asked.Add(1)
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		n.last, err = tx.Last(ctx)
		return err
	})
	if err == nil {
		n.heard = this
	}
	return n.last, err
}
