// Package desk is what a person can do with a workspace: one file per use case, each with its permission, its
// transaction and its order of things. Rules live below; pages and commands live above and call the same functions.
package desk

import (
	"context"
	"sync"

	"ward/policy"
	"ward/store"
)

// Desk is an open workspace. It is safe for concurrent use.
type Desk struct {
	db     *store.DB
	corpus *policy.Corpus

	following sync.Mutex // one reader of the journal at a time
	index     *incidentIndex
}

// Open opens the workspace at target (a directory, or a postgres:// address); an empty one is initialised.
func Open(ctx context.Context, target string) (*Desk, error) {
	db, err := store.Open(ctx, target)
	if err != nil {
		return nil, err
	}
	return &Desk{db: db, corpus: policy.Load()}, nil
}

// Close releases the workspace; nothing is pending.
func (d *Desk) Close() error { return d.db.Close() }

// Corpus is the norm corpus that audits and citations use.
func (d *Desk) Corpus() *policy.Corpus { return d.corpus }
