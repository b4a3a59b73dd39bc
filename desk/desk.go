// Package desk is what a person can do with a workspace: one file per use case, each with its permission, its
// transaction and its order of things. Rules live below; pages and commands live above and call the same functions.
package desk

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"ward/blob"
	"ward/fault"
	"ward/policy"
	"ward/seal"
	"ward/store"
)

// Desk is an open, unlocked workspace. It is safe for concurrent use.
type Desk struct {
	db     *store.DB
	place  Workspace
	files  *blob.Store // sealed originals
	corpus *policy.Corpus

	training bool // all in it is invented, and nothing else can come in

	following sync.Mutex // one reader of the journal at a time
	index     atomic.Pointer[incidentIndex]
	papers    paperIndex
	newest    newestRow

	inbox boards
	cases caseBoards
	told  registerCalls

	readings readings

	staff staffRoom
}

// Workspace says where a workspace lies and who can unlock it.
type Workspace struct {
	Dir string // database, sealed files and the log's static files; made when it is missing
	DB  string // PostgreSQL address instead of the directory's SQLite file

	// Passphrase gives the passphrase; fresh says that a new workspace is about to be locked with it.
	Passphrase func(fresh bool) ([]byte, error)
	Cost       seal.Cost // of guessing a new workspace's passphrase; zero is seal.Recommended
	Origin     string    // name of a new workspace's log; "" draws one
	Training   bool      // a new workspace is a training space; one that is there must be one already

	// Clock tells the time by which everything is dated; nil is that of the machine. Tests let weeks pass by it.
	Clock func() time.Time

	// Moving is told while records that Ward's first version kept in clear are sealed: of how many how many are. It is called first before the
	// passphrase is asked, with done 0, and when they are destroyed, with done = total. May be nil.
	Moving func(done, total int)
}

// database is what store opens.
func (p Workspace) database() string {
	if p.DB != "" {
		return p.DB
	}
	return p.Dir
}

// filesDir holds the sealed originals, inside a workspace's directory.
const filesDir = "files"

// Open opens and unlocks the workspace; an empty place is initialised under the passphrase given.
func Open(ctx context.Context, p Workspace) (*Desk, error) {
	if p.Dir == "" {
		return nil, fault.New(fault.Invalid, "no directory was named").Do("name one with --data DIR")
	}
	if err := p.unfinished(); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, p.database())
	if err != nil {
		return nil, err
	}
	if p.Clock != nil {
		db.SetClock(p.Clock)
	}
	d := &Desk{db: db, place: p, corpus: policy.Load()}
	if err := d.begin(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return d, nil
}

// begin brings an open database to the state in which people can work.
func (d *Desk) begin(ctx context.Context) (err error) {
	inClear, err := d.announce(ctx)
	if err != nil {
		return err
	}
	if err := d.unlock(ctx); err != nil {
		return err
	}
	if err := d.move(ctx, inClear); err != nil {
		return err
	}
	if err := d.findTraining(ctx); err != nil {
		return err
	}
	if d.files, err = blob.Open(filepath.Join(d.place.Dir, filesDir)); err != nil {
		return err
	}
	return d.CloseHours(ctx)
}

// Close releases the workspace; nothing is pending.
func (d *Desk) Close() error { return d.db.Close() }

// Corpus is the norm corpus that audits and citations use.
func (d *Desk) Corpus() *policy.Corpus { return d.corpus }
