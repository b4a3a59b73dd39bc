package store

import (
	"context"
	"database/sql"
	"fmt"
	"path"
	"strings"
	"time"

	"ward/tlog"
)

// Wrong is told what does not hold: of which thing, and what about it. Neither says anything that is sealed.
type Wrong func(which, what string)

// Integrity asks the database itself whether it is whole: SQLite reads every page and every index; of PostgreSQL the settings are
// asked without which it forgets acknowledged writes.
func (db *DB) Integrity(ctx context.Context, wrong Wrong) error {
	return db.Read(ctx, func(tx *Tx) error {
		if db.postgres {
			return tx.durable(ctx, wrong)
		}
		said, err := texts(ctx, tx, "PRAGMA integrity_check(20)")
		if err != nil {
			return err
		}
		for _, line := range said {
			if line != "ok" {
				wrong("the database file", strings.TrimSpace(line))
			}
		}
		orphans, err := texts(ctx, tx, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check()")
		for _, name := range orphans {
			wrong("table "+name, "names a row that is not there")
		}
		return err
	})
}

// durable asks for the settings that decide whether an acknowledged write outlasts a loss of power.
func (t *Tx) durable(ctx context.Context, wrong Wrong) error {
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := t.QueryRow(ctx, "SELECT current_setting($1)", setting).Scan(&value); err != nil {
			return err
		}
		if value == "off" {
			wrong("PostgreSQL's "+setting, "is off: a loss of power can undo what was acknowledged")
		}
	}
	return nil
}

// Schema tells which schema the database has and which this program brings. A list of migrations other than this program's is wrong.
func (db *DB) Schema(ctx context.Context, wrong Wrong) (have, known int, err error) {
	list, err := migrations(db.postgres)
	if err != nil {
		return 0, 0, err
	}
	files := map[int]string{}
	for _, m := range list {
		files[m.version], known = path.Base(m.file), m.version
	}
	err = db.Read(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, "SELECT version, file FROM schema_version ORDER BY version")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var version int
			var file string
			if err := rows.Scan(&version, &file); err != nil {
				return err
			}
			if version <= known && (files[version] != file || version != have+1) {
				wrong(fmt.Sprintf("schema step %d", version), "is not the one that this program knows")
			}
			have = version
		}
		return rows.Err()
	})
	if err == nil && have == known && !db.postgres {
		err = db.checkShape(ctx, wrong)
	}
	return have, known, err
}

// checkShape compares every table, index and trigger with what this program's migrations make: a trigger that somebody added could change
// what is written later.
func (db *DB) checkShape(ctx context.Context, wrong Wrong) error {
	pool, err := sql.Open("sqlite", "file::memory:?_txlock=immediate")
	if err != nil {
		return err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	fresh := &DB{write: pool, read: pool, clock: time.Now}
	if err := fresh.migrate(ctx); err != nil {
		return err
	}
	want, err := fresh.shape(ctx)
	if err != nil {
		return err
	}
	have, err := db.shape(ctx)
	for name, made := range want {
		if have[name] != made {
			wrong(name, "is not made as this program makes it")
		}
	}
	for name := range have {
		if _, known := want[name]; !known {
			wrong(name, "was added by somebody else")
		}
	}
	return err
}

// shape is how each table, index, view and trigger is made.
func (db *DB) shape(ctx context.Context) (map[string]string, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT type||' '||name, tbl_name||' '||COALESCE(sql,'') FROM sqlite_master")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, made string
		if err := rows.Scan(&name, &made); err != nil {
			return nil, err
		}
		out[name] = made
	}
	return out, rows.Err()
}

// CheckKeys opens every wrap; without the desk key it only counts. living and erased are how many subjects there are of each.
func (t *Tx) CheckKeys(ctx context.Context, wrong Wrong) (living, erased int, err error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT subject, wrapped, erased IS NULL, reason IS NULL FROM subject_key")
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	own := false
	for rows.Next() {
		var subject string
		var wrapped []byte
		var noTime, noReason bool
		if err := rows.Scan(&subject, &wrapped, &noTime, &noReason); err != nil {
			return 0, 0, err
		}
		if len(wrapped) == 0 {
			erased++
		} else {
			living++
		}
		own = own || subject == Workspace
		if destroyed := len(wrapped) == 0; noTime == destroyed || noReason == destroyed {
			wrong(subject, "is half erased")
		}
		if t.open != nil && len(wrapped) > 0 {
			if _, err := t.open.desk.Unwrap(subject, wrapped); err != nil {
				wrong(subject, "has a data key that does not open")
			}
		}
	}
	if !own {
		wrong(Workspace, "has no key of its own")
	}
	return living, erased, rows.Err()
}

// Committed looks up what journal rows commit to.
type Committed struct {
	tx   *Tx
	held map[int64][][]byte
}

// Committed begins to look up digests in this transaction.
func (t *Tx) Committed() *Committed { return &Committed{tx: t, held: map[int64][][]byte{}} }

// heldRows bounds how many rows' digests stay in memory, up to 100 kB each.
const heldRows = 64

// digests are a row's, in order; none when there is no such row.
func (c *Committed) digests(ctx context.Context, number int64) ([][]byte, error) {
	if list, ok := c.held[number]; ok {
		return list, nil
	}
	rows, err := c.tx.tx.QueryContext(ctx, "SELECT digest, leaves FROM journal WHERE number=$1", number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list [][]byte
	for rows.Next() {
		var digest string
		var leaves []byte
		if err := rows.Scan(&digest, &leaves); err != nil {
			return nil, err
		}
		if sum, err := tlog.ParseHash(digest); err == nil && len(leaves) == 0 {
			leaves = sum[:]
		}
		list = batch(leaves)
	}
	if len(c.held) >= heldRows {
		clear(c.held)
	}
	c.held[number] = list
	return list, rows.Err()
}

// Holds reports that a journal row commits to a digest at this place of its batch.
func (c *Committed) Holds(ctx context.Context, number int64, leaf int, digest tlog.Hash) (bool, error) {
	list, err := c.digests(ctx, number)
	return leaf >= 0 && leaf < len(list) && tlog.Hash(list[leaf]) == digest, err
}
