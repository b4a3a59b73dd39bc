package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ward/fault"
	"ward/tlog"
)

// Backup is one that was read back and found whole.
type Backup struct {
	ID      string // its file's name
	At      time.Time
	Size    int64  // leaves of the log in it
	Bytes   int64  // of the file
	SHA256  string // of the file, hex
	Journal int64
}

// digest is what the journal commits to.
func (b Backup) digest() string {
	sum := sha256.Sum256(Pack(b.ID, fmt.Sprint(b.Size), fmt.Sprint(b.Bytes), b.SHA256))
	return tlog.Hex(sum)
}

// GoodBackup notes a backup that was read back, and journals it.
func (t *Tx) GoodBackup(ctx context.Context, b Backup) error {
	number, err := t.Journal(ctx, "backup.good", b.ID, b.digest())
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, "INSERT INTO backup_run (id, at, size, bytes, sha256, journal) VALUES ($1,$2,$3,$4,$5,$6)", b.ID, t.Micros(), b.Size, b.Bytes, b.SHA256, number)
	return err
}

// HasBackup reports that a backup of this name was noted.
func (t *Tx) HasBackup(ctx context.Context, id string) (bool, error) {
	var n int
	err := t.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM backup_run WHERE id=$1", id).Scan(&n)
	return n > 0, err
}

// NewestBackup is the last good one; ok is false when there was none.
func (t *Tx) NewestBackup(ctx context.Context) (b Backup, ok bool, err error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT id, at, size, bytes, sha256, journal FROM backup_run ORDER BY at DESC, id DESC LIMIT 1")
	if err != nil {
		return b, false, err
	}
	defer rows.Close()
	var at int64
	for rows.Next() {
		ok = true
		if err := rows.Scan(&b.ID, &at, &b.Size, &b.Bytes, &b.SHA256, &b.Journal); err != nil {
			return b, false, err
		}
	}
	b.At = time.UnixMicro(at).UTC()
	return b, ok, rows.Err()
}

// LeavesHash is SHA-256 over the leaves of the journal rows up to a number, in their order.
func (t *Tx) LeavesHash(ctx context.Context, upTo int64) (tlog.Hash, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT leaf FROM journal WHERE number<=$1 ORDER BY number", upTo)
	if err != nil {
		return tlog.Hash{}, err
	}
	defer rows.Close()
	sum := sha256.New()
	for rows.Next() {
		var leaf []byte
		if err := rows.Scan(&leaf); err != nil {
			return tlog.Hash{}, err
		}
		sum.Write(leaf)
	}
	return tlog.Hash(sum.Sum(nil)), rows.Err()
}

// LockCopy keeps a second backup or restore out of the workspace in dir. release lets the next in.
func LockCopy(dir string) (release func(), err error) {
	f, held, err := lockFile(filepath.Join(dir, "copy.lock"))
	if held {
		return nil, fault.New(fault.Conflict, "another backup or restore is under way here").Keeping("it goes on undisturbed").Do("wait until it is done")
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Refused, "the lock for backups cannot be taken").Do("check that the directory exists and is yours")
	}
	return func() { f.Close() }, nil
}

// RemoveCopy overwrites a copy of a database in dir, such as Snapshot made, and removes dir with all that is in it. It is no error when
// there is none.
func RemoveCopy(dir string) error {
	if err := wipeAll(filepath.Join(dir, FileName), "", "-wal", "-shm", "-journal"); err != nil && exists(dir) {
		return err
	}
	return os.RemoveAll(dir)
}

// SyncDir makes the names in a directory durable, where the system allows it.
func SyncDir(dir string) error { return syncDir(dir) }
