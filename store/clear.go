package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/url"
)

// ClearName is the file in a workspace's directory that holds what Ward's first version kept in clear, until all of it is sealed.
const ClearName = "ward.clear.db"

// goneName is the same file when all of it is sealed: it is being overwritten.
const goneName = "ward.gone.db"

// errInClear says that a SQLite file holds the first schema, whose records lie in clear.
var errInClear = errors.New("the records of this workspace lie in clear")

// Clear is what Ward's first version kept in clear: on SQLite a file that was set aside, on PostgreSQL tables that were renamed.
// Only its end removes it, so that as long as there is one the move is not finished.
type Clear struct {
	db    *DB       // the workspace
	old   *DB       // where the clear records are read; on PostgreSQL the workspace itself
	alone io.Closer // on SQLite, keeps other programs out of the directory
}

// Clear is what still lies in clear, nil when nothing does.
func (db *DB) Clear() *Clear { return db.clear }

// Read runs fn in a transaction that reads the clear records under the names that Table gives.
func (c *Clear) Read(ctx context.Context, fn func(*Tx) error) error { return c.old.Read(ctx, fn) }

// Table is what a table of the first schema is called now.
func (c *Clear) Table(name string) string {
	if c.db.postgres && name != "source" && name != "norm_text" {
		return "clear_" + name
	}
	return name
}

// Each calls fn for every row of a query over the clear records.
func (c *Clear) Each(ctx context.Context, query string, fn func(*sql.Rows) error, args ...any) error {
	return c.Read(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := fn(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// Leave runs fn, which seals the clear records in one transaction by who, and then destroys them. What fn wrote and the end of the
// clear records come together: a crash leaves either all of them in clear or none. Where another program was faster fn is not run.
func (c *Clear) Leave(ctx context.Context, who string, fn func(*Tx) error) error {
	err := c.db.Write(ctx, who, func(tx *Tx) error {
		if left, err := c.left(ctx, tx); err != nil || !left {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return c.drop(ctx, tx)
	})
	if err != nil {
		return err
	}
	if c.db.postgres {
		c.db.clear = nil
		return nil
	}
	return c.destroy()
}

// left reports that the clear tables are still there. On SQLite the lock sees to that.
func (c *Clear) left(ctx context.Context, tx *Tx) (left bool, err error) {
	if !c.db.postgres {
		return true, nil
	}
	err = tx.QueryRow(ctx, clearQuery).Scan(&left)
	return left, err
}

func (c *Clear) drop(ctx context.Context, tx *Tx) error {
	if !c.db.postgres {
		return nil
	}
	_, err := tx.Exec(ctx, dropClear)
	return err
}

// dropClear ends what 0002_aside.postgres.sql began.
const dropClear = "DROP TABLE clear_report, clear_report_rejected, clear_import_run, clear_incident, clear_audit_value, clear_journal"

// Counts are how many records there are, by their table in the first schema.
type Counts map[string]int64

// Sum is all of them together.
func (n Counts) Sum() (sum int64) {
	for _, one := range n {
		sum += one
	}
	return sum
}

// homes are the tables of the first schema, each with the one that holds its records since. Those that dropClear names stand in its
// order, so that who counts and who drops wait for each other.
func homes() [][2]string {
	return [][2]string{{"report", "report"}, {"report_rejected", "report_rejected"}, {"import_run", "import_run"}, {"incident", "incident"},
		{"audit_value", "audit_value"}, {"journal", "journal_before"}, {"norm_text", "norm_text"}, {"source", "source"}}
}

// Count counts the clear records; none where another program has just moved them.
func (c *Clear) Count(ctx context.Context) (out Counts, err error) {
	err = c.Read(ctx, func(tx *Tx) error {
		if left, err := c.left(ctx, tx); err != nil || !left {
			return err
		}
		out, err = count(ctx, tx, func(home [2]string) string { return c.Table(home[0]) })
		return err
	})
	return out, err
}

// CountSealed counts the same records where they lie since.
func (c *Clear) CountSealed(ctx context.Context, tx *Tx) (Counts, error) {
	return count(ctx, tx, func(home [2]string) string { return home[1] })
}

func count(ctx context.Context, tx *Tx, table func(home [2]string) string) (Counts, error) {
	out := Counts{}
	for _, home := range homes() {
		var n int64
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM "+table(home)).Scan(&n); err != nil {
			return nil, err
		}
		out[home[0]] = n
	}
	return out, nil
}

// current brings the schema up to date. Records of the first schema stay where they are: on SQLite their whole file is set aside, so
// that no page of it ever becomes one of the new file.
func (db *DB) current(ctx context.Context) error {
	if !db.postgres {
		return db.currentFile(ctx)
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	var found bool
	err := db.read.QueryRowContext(ctx, clearQuery).Scan(&found)
	if err == nil && found {
		db.clear = &Clear{db: db, old: db}
	}
	return err
}

// clearQuery asks the catalogue itself: functions that look names up may answer from before another program's commit.
const clearQuery = "SELECT COUNT(*)=1 FROM pg_tables WHERE schemaname=current_schema() AND tablename='clear_journal'"

func (c *Clear) open() error {
	q := url.Values{"mode": {"ro"}, "immutable": {"1"}, "_pragma": {"temp_store(MEMORY)", "trusted_schema(0)"}}
	pool, err := sql.Open("sqlite", fileURL(c.db.path(ClearName))+"?"+q.Encode())
	if err == nil {
		c.old = &DB{write: pool, read: pool, clock: c.db.clock}
	}
	return err
}

// destroy overwrites the clear file. The name it has meanwhile says, after a crash, that nothing in it is needed any more.
func (c *Clear) destroy() error {
	if err := c.old.Close(); err != nil {
		return err
	}
	if err := c.db.rename(ClearName, goneName); err != nil {
		return err
	}
	if err := c.overwrite(); err != nil {
		return err
	}
	return c.release()
}

func (c *Clear) overwrite() error { return wipeAll(c.db.path(goneName), "") }

// release ends the move.
func (c *Clear) release() error {
	c.db.clear = nil
	return c.alone.Close()
}

// close lets go of a move that is not finished, or of none.
func (c *Clear) close() error {
	if c == nil || c.db.postgres {
		return nil
	}
	err := c.alone.Close()
	if c.old != nil {
		err = firstError(c.old.Close(), err)
	}
	return err
}
