package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"ward/fault"
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

// Read runs fn in a transaction that reads the clear records, and never the sealed ones.
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

// currentFile opens a SQLite file while no other program sets one aside. Whoever had the old file open when a new one takes its
// place would use the new one's log for it, and so destroy both.
func (db *DB) currentFile(ctx context.Context) error {
	opening, held, err := lockDir(db.dir, false)
	if held {
		return moving()
	}
	if err != nil {
		return unlockable(err)
	}
	inClear := exists(db.path(ClearName)) || exists(db.path(goneName))
	if !inClear {
		if err = db.migrate(ctx); errors.Is(err, errInClear) {
			inClear, err = true, db.letGo(ctx)
		}
	}
	opening.Close()
	if err != nil || !inClear {
		return err
	}
	return db.setAside(ctx)
}

// letGo closes the file of the first schema and leaves its write-ahead log there, which would be removed without being overwritten.
func (db *DB) letGo(ctx context.Context) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	return firstError(persistLog(conn), conn.Close(), db.write.Close())
}

// setAside gives a file of the first schema another name and puts a new one in its place; when an earlier program began that, it goes
// on from there. db.clear is nil afterwards if nothing lies in clear.
func (db *DB) setAside(ctx context.Context) (err error) {
	c := &Clear{db: db}
	if c.alone, err = db.alone(); err != nil {
		return err
	}
	db.clear = c
	if err := c.overwrite(); err != nil {
		return err
	}
	if err := db.reopen(); err != nil {
		return err
	}
	if !exists(db.path(ClearName)) {
		if err := db.migrate(ctx); !errors.Is(err, errInClear) {
			return firstError(err, c.release())
		}
		if err := db.detach(ctx); err != nil {
			return err
		}
	}
	if err := firstError(abandoned(db.path(ClearName)), c.open()); err != nil {
		return err
	}
	err = db.migrate(ctx)
	if errors.Is(err, errInClear) {
		return fault.New(fault.Refused, "this directory holds two databases of Ward's first version, %s and %s", FileName, ClearName).
			Keeping("neither was changed").Do("move the one that is not wanted to another place")
	}
	return err
}

// alone waits a moment for programs that are just opening the workspace.
func (db *DB) alone() (io.Closer, error) {
	for range 100 {
		hold, held, err := lockDir(db.dir, true)
		switch {
		case err != nil && !held:
			return nil, unlockable(err)
		case !held:
			return hold, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, moving()
}

// detach renames the file of the first schema when no earlier version of Ward has it open. All of its write-ahead log is in the file
// then, and the log is overwritten. The file is locked until it has its new name.
func (db *DB) detach(ctx context.Context) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := seize(ctx, conn); err != nil {
		return err
	}
	closeAll := func() error { return firstError(conn.Close(), db.write.Close()) }
	if !renamesOpenFiles {
		if err := closeAll(); err != nil {
			return err
		}
	}
	if err := wipeAll(db.path(FileName), "-wal", "-shm", "-journal"); err != nil {
		return err
	}
	if err := db.rename(FileName, ClearName); err != nil {
		return err
	}
	if renamesOpenFiles {
		if err := closeAll(); err != nil {
			return err
		}
	}
	return db.reopen()
}

// abandoned waits until no program has the renamed file open. An earlier version of Ward that was just starting waits for the file's lock
// under its old name. When it gets the lock it finds out that the file has moved, and ends; but if by then another file had the old
// name, it would take that one's log for its own and so destroy both.
func abandoned(file string) error {
	const patience, pause = 10 * time.Second, 10 * time.Millisecond
	for waited := time.Duration(0); waited < patience; waited += pause {
		open, known := opened(file)
		if !known {
			time.Sleep(2 * time.Second) // SQLite tries a lock again ten times a second
			return nil
		}
		if !open {
			return nil
		}
		time.Sleep(pause)
	}
	return inUse(nil)
}

func inUse(err error) error {
	return fault.Wrap(err, fault.Conflict, "another program has this workspace open, perhaps an earlier version of Ward").
		Keeping("all records are as they were").Do("stop it, then run this command again")
}

// seize takes a SQLite file for this connection alone, writes its write-ahead log into it and leaves the log's file there.
func seize(ctx context.Context, conn *sql.Conn) error {
	if err := persistLog(conn); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout=2000"); err != nil {
		return err
	}
	var locking, mode string
	err := conn.QueryRowContext(ctx, "PRAGMA locking_mode=EXCLUSIVE").Scan(&locking)
	if err == nil {
		err = conn.QueryRowContext(ctx, "PRAGMA journal_mode=DELETE").Scan(&mode) // which fails while anybody else has the file open
	}
	if err != nil || locking != "exclusive" || mode != "delete" {
		return inUse(err)
	}
	return nil
}

// persistLog keeps the end of a connection from removing the write-ahead log.
func persistLog(conn *sql.Conn) error {
	return conn.Raw(func(c any) error {
		_, err := c.(sqlite.FileControl).FileControlPersistWAL("main", 1)
		return err
	})
}

// reopen opens the file that now has the workspace's name.
func (db *DB) reopen() error {
	fresh, err := poolsAt(db.dir)
	if err != nil {
		return err
	}
	err = firstError(db.write.Close(), db.read.Close())
	db.write, db.read = fresh.write, fresh.read
	return err
}

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

func unlockable(err error) error {
	return fault.Wrap(err, fault.Refused, "the directory of the workspace cannot be locked").Do("check that it is yours and lies on a disk of this machine")
}

func moving() error {
	return fault.New(fault.Conflict, "another program is sealing what Ward's first version kept here in clear").Keeping("it goes on undisturbed").
		Do("wait until it is done, then run this command again")
}

func (db *DB) path(name string) string { return filepath.Join(db.dir, name) }

func (db *DB) rename(from, to string) error {
	if err := firstError(os.Rename(db.path(from), db.path(to)), syncDir(db.dir)); err != nil {
		return fault.Wrap(err, fault.Refused, "%s cannot be renamed to %s", from, to).Keeping("nothing was lost").Do("check that the directory is yours, then try again")
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
}
