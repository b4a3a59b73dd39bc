package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"ward/fault"
)

// haltName is the file that a workspace whose disk failed leaves behind. After a failed fsync nobody knows what the disk holds: the
// system may show pages as written that never were, and trying again would seem to work. So the program stops instead.
const haltName = "HALTED"

// Halted reports that a write to the workspace in dir was not confirmed by the disk, with the time and the kind of error.
func Halted(dir string) (reason string, halted bool) {
	body, err := os.ReadFile(filepath.Join(dir, haltName))
	if errors.Is(err, os.ErrNotExist) {
		return "", false
	}
	if err != nil {
		return "its marker " + haltName + " cannot be read", true
	}
	line, _, _ := strings.Cut(string(body[:min(len(body), 200)]), "\n")
	return line, true
}

// ClearHalt lets the workspace in dir be opened again, once its database has been checked.
func ClearHalt(dir string) error {
	err := os.Remove(filepath.Join(dir, haltName))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fault.Wrap(err, fault.Refused, "the marker %s cannot be removed", haltName).Do("remove it by hand")
	}
	return syncDir(dir)
}

// refuseHalted keeps a halted workspace closed.
func refuseHalted(dir string) error {
	reason, halted := Halted(dir)
	if !halted {
		return nil
	}
	return fault.New(fault.Refused, "this workspace stopped because its disk did not confirm a write (%s)", reason).
		Keeping("what was acknowledged before is kept").Do("check the disk, then run ward doctor")
}

// halt leaves the marker and says what happened.
func halt(dir string, cause error) error {
	mark(dir, time.Now(), cause)
	return fault.Wrap(cause, fault.Internal, "the disk did not confirm a write, so Ward writes no more").
		Keeping("everything acknowledged before is kept; of this write nothing is certain").Do("stop Ward, check the disk, then run ward doctor")
}

// mark is tried once and its failure not reported: the disk has just failed.
func mark(dir string, at time.Time, cause error) {
	file, err := os.OpenFile(filepath.Join(dir, haltName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer file.Close()
	fmt.Fprintf(file, "%s %s\n", at.UTC().Format(time.RFC3339), class(cause))
	file.Sync()
	syncDir(dir)
}

// class names an error without its text.
func class(err error) string {
	var system syscall.Errno
	switch c := code(err); {
	case c != 0:
		return strings.TrimSpace(fmt.Sprintf("%s code %d", sqlite.ErrorCodeString[c&0xff], c))
	case errors.As(err, &system):
		return system.Error()
	}
	return "unknown error"
}

// code is SQLite's extended result code, 0 where the error is none of SQLite's.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// ownFault reports an error that concerns one write and says nothing about the disk.
func ownFault(err error) bool {
	switch code(err) & 0xff {
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return true
	}
	return false
}

// diskFailed reports an error that makes everything written later doubtful, in whichever statement it comes up.
func diskFailed(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC,
		sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_CORRUPTFS, sqlite3.SQLITE_IOERR_DATA:
		return true
	}
	return code(err)&0xff == sqlite3.SQLITE_CORRUPT || errors.Is(err, syscall.EIO)
}

func noSpace(err error) bool { return code(err)&0xff == sqlite3.SQLITE_FULL }

// explain turns a statement's error into what people can act on; most pass through.
func (p *pen) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case noSpace(err):
		p.cause = fault.Wrap(err, fault.Limit, "there is no space left on the disk").
			Keeping("nothing of this write is kept; everything before it is, and can be read").Do("make room, then try again")
		return p.cause
	case diskFailed(err):
		return p.stop(err)
	case code(err) == sqlite3.SQLITE_BUSY:
		return fault.Wrap(err, fault.Conflict, "another program is writing to this workspace").Keeping("nothing was written").Do("try again when it is done")
	}
	return err
}

// failed explains the error of a commit or a write-back, where all but a few mean that the disk failed.
func (p *pen) failed(err error) error {
	if ownFault(err) || noSpace(err) {
		return p.explain(err)
	}
	return p.stop(err)
}

// stop lets nobody write any more, not even the members of the present group, and leaves the marker.
func (p *pen) stop(cause error) error {
	if err := p.refused(); err != nil {
		return err
	}
	p.lost = true
	close(p.stopped)
	return p.refuse(halt(p.dir, cause))
}

// Stopped is closed when the disk failed: every later write is refused, and a server should end with an error. It never is on PostgreSQL.
func (db *DB) Stopped() <-chan struct{} {
	if db.pen == nil {
		return nil
	}
	return db.pen.stopped
}
