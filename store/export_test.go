package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// Queued is how many callers wait for their turn to write.
func (db *DB) Queued() int {
	db.pen.mu.Lock()
	defer db.pen.mu.Unlock()
	return len(db.pen.queue)
}

// Bound sets how large a group may grow (members, time) and after how many pages the write-ahead log is written back.
func (db *DB) Bound(members int, work time.Duration, pages int) {
	db.pen.bounds = bounds{members, work, pages}
}

// Pin keeps all writing on one thread of the system.
func (db *DB) Pin() error {
	return db.pen.run(context.Background(), apart, func(*place) error { runtime.LockOSThread(); return nil })
}

// FailDisk makes the workspace behave as after a failed commit.
func (db *DB) FailDisk() error { return db.pen.stop(errors.New("an invented failure of secret-name")) }

// LogSize is the size of the write-ahead log in bytes.
func (db *DB) LogSize(t testing.TB) int64 {
	info, err := os.Stat(filepath.Join(db.dir, FileName+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// Overwrite puts random bytes over all of a file.
func Overwrite(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return scramble(f)
}
