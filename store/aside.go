package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"ward/fault"
)

// How a SQLite file of the first schema makes way for a new one.

// currentFile opens a SQLite file while no other program sets one aside. Whoever had the old file open when a new one takes its
// place would use the new one's log for it, and so destroy both.
func (db *DB) currentFile(ctx context.Context) error {
	opening, held, failed := lockDir(db.dir, false)
	if held {
		return moving()
	}
	var err error
	inClear := exists(db.path(ClearName)) || exists(db.path(goneName))
	if !inClear {
		if err = db.migrate(ctx); errors.Is(err, errInClear) {
			inClear, err = true, db.letGo(ctx)
		}
	}
	if failed == nil { // else nobody can have the directory alone either
		opening.Close()
	}
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
