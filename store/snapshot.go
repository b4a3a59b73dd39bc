package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"ward/fault"
)

// Snapshot writes the whole database, as it stands at one moment, into a new SQLite file in dir, while others go on writing. The file has
// the same form whichever database it comes from, and dir can be opened as a workspace's directory.
func (db *DB) Snapshot(ctx context.Context, dir string) error {
	if db.Clear() != nil {
		return fault.New(fault.Refused, "what Ward's first version kept in clear is not sealed yet").Keeping("nothing was written").Do("run ward log show once, and wait until it is done")
	}
	if db.postgres {
		return db.unload(ctx, dir)
	}
	pool, err := readOnly(filepath.Join(db.dir, FileName), 8<<10)
	if err != nil {
		return err
	}
	defer pool.Close()
	target := filepath.Join(dir, FileName)
	if err := touch(target); err != nil {
		return err
	}
	if _, err = pool.ExecContext(ctx, "VACUUM INTO $1", target); err != nil {
		return copyFailed(err)
	}
	return copyFailed(withoutPassing(ctx, target))
}

// withoutPassing empties a copy of what only passes: nobody's session comes back with a backup.
func withoutPassing(ctx context.Context, file string) error {
	copied, err := sql.Open("sqlite", fileURL(file)+"?_pragma=secure_delete(1)&_pragma=journal_mode(DELETE)")
	if err != nil {
		return err
	}
	defer copied.Close()
	_, err = copied.ExecContext(ctx, "DELETE FROM passing")
	return err
}

// touch makes an empty file that nobody else may read: the database is written into it.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return copyFailed(err)
	}
	return f.Close()
}

func copyFailed(err error) error {
	switch {
	case err == nil:
		return nil
	case noSpace(err) || errors.Is(err, syscall.ENOSPC):
		return fault.Wrap(err, fault.Limit, "there is no space left for a copy of the database").Keeping("the workspace is as it was").Do("make room, then try again")
	case diskFailed(err):
		return fault.Wrap(err, fault.Internal, "the database cannot be copied, because it cannot be read throughout").Keeping("the workspace is as it was").Do("run ward doctor")
	}
	return err
}

// readOnly opens a SQLite file that is only read: not even the end of the last connection writes anything back.
func readOnly(file string, cacheKiB int) (*sql.DB, error) {
	q := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(30000)", fmt.Sprintf("cache_size(-%d)", cacheKiB), "temp_store(MEMORY)", "trusted_schema(0)"}}
	pool, err := sql.Open("sqlite", fileURL(file)+"?"+q.Encode())
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "opening %s", filepath.Base(file))
	}
	pool.SetMaxOpenConns(4)
	return pool, nil
}

// Examine opens a workspace for a check, halted or not: nothing is made, migrated, written or written back.
func Examine(ctx context.Context, target string) (*DB, error) {
	refusal := fault.New(fault.Refused, "the workspace was opened for reading only").Keeping("nothing was written")
	if strings.Contains(target, "://") {
		db, err := connect(target)
		if err == nil {
			err = db.read.PingContext(ctx)
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.Refused, "the database does not answer").Do("check its address, and that the server runs")
		}
		db.frozen.Store(&frozen{refusal, true})
		return db, nil
	}
	file := filepath.Join(target, FileName)
	if !exists(file) {
		return nil, fault.New(fault.NotFound, "there is no workspace here").Keeping("nothing was made").Do("name its directory with --data DIR")
	}
	pool, err := readOnly(file, 64<<10)
	if err != nil {
		return nil, err
	}
	db := &DB{write: pool, read: pool, dir: target, clock: time.Now, pen: &pen{dir: target, ended: true, refusal: refusal, stopped: make(chan struct{})}}
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fault.Wrap(err, fault.Refused, "the database cannot be opened").Do("restore the newest backup with ward restore")
	}
	return db, nil
}

// table is one table of the schema as SQLite spells it.
type table struct {
	name    string
	columns []string
	order   string   // of its primary key
	parents []string // tables that its foreign keys name
}

// tablesOf lists the tables that hold records, each after those it refers to; what only passes is none of them. Both databases have the same.
func tablesOf(ctx context.Context, tx *Tx) ([]table, error) {
	names, err := texts(ctx, tx, "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('schema_version','passing') ORDER BY name")
	if err != nil {
		return nil, err
	}
	var all []table
	for _, name := range names {
		t := table{name: name}
		if t.columns, err = texts(ctx, tx, "SELECT name FROM pragma_table_info($1) ORDER BY cid", name); err != nil {
			return nil, err
		}
		key, err := texts(ctx, tx, "SELECT name FROM pragma_table_info($1) WHERE pk>0 ORDER BY pk", name)
		if err != nil {
			return nil, err
		}
		t.order = strings.Join(key, ",")
		if t.parents, err = texts(ctx, tx, `SELECT "table" FROM pragma_foreign_key_list($1)`, name); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return parentsFirst(all), nil
}

func parentsFirst(all []table) (out []table) {
	placed := map[string]bool{}
	for len(out) < len(all) {
		before := len(out)
		for _, t := range all {
			waits := slices.ContainsFunc(t.parents, func(p string) bool { return p != t.name && !placed[p] })
			if !placed[t.name] && !waits {
				placed[t.name], out = true, append(out, t)
			}
		}
		if len(out) == before {
			panic("store: the schema's tables refer to each other in a circle")
		}
	}
	return out
}

func texts(ctx context.Context, tx *Tx, query string, args ...any) (out []string, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
