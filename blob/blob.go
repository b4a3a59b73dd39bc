// Package blob keeps bytes in a directory under the SHA-256 of what is stored.
//
// What is stored is ciphertext as a rule, but this package knows nothing of that: a blob is bytes, its hash is 64 lower-case hex
// digits, and it never changes. A blob lies in a folder named by the first two digits of its hash. It is written to a leftover first, a
// file in the folder "tmp", and gets its name only when it is whole and on the disk: after a crash there may be leftovers, and blobs that no
// record names yet, but never half a blob. Sweep clears them away.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"ward/fault"
)

// leftovers is the folder of what is being written.
const leftovers = "tmp"

// Store is a directory of blobs. It is safe for use by several goroutines.
type Store struct {
	dir string
	mu  sync.Mutex // held while a blob gets its name, and while Sweep looks at one and deletes it
}

// Open uses a directory, which is made when it is not there; only its owner may look inside.
func Open(dir string) (*Store, error) {
	_, missing := os.Stat(dir)
	err := os.MkdirAll(filepath.Join(dir, leftovers), 0o700)
	if err == nil {
		err = syncDir(dir)
	}
	if err == nil && missing != nil {
		err = syncDir(filepath.Dir(filepath.Clean(dir)))
	}
	if err != nil {
		return nil, unusable(err, "the directory for files, %s, cannot be used", dir)
	}
	return &Store{dir: dir}, nil
}

// path is where a blob lies. A hash that is none is Invalid, so that no text from outside becomes a path.
func (s *Store) path(hash string) (string, error) {
	if !valid(hash) {
		return "", fault.New(fault.Invalid, "this is not the hash of a stored file").Do("give 64 digits of 0-9 and a-f")
	}
	return filepath.Join(s.dir, hash[:2], hash), nil
}

func valid(hash string) bool {
	return len(hash) == 2*sha256.Size && strings.Trim(hash, "0123456789abcdef") == ""
}

// Put stores what fill writes and tells its hash and its size in bytes. When it returns without an error, the blob outlasts a loss of power.
// Bytes that are stored already are written again, which heals a damaged blob. Nothing is stored when fill fails, which gives its
// error unchanged, or when ctx ends (Cancelled). A full disk is Limit.
//
// After an error of the disk itself nothing is known about what the disk holds: the caller should stop and compare with a backup.
func (s *Store) Put(ctx context.Context, fill func(io.Writer) error) (hash string, size int64, err error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, leftovers), "put-*")
	if err != nil {
		return "", 0, unusable(err, "a file cannot be stored")
	}
	defer os.Remove(f.Name()) // does nothing once the file has its name
	w := &writer{ctx: ctx, file: f, sum: sha256.New()}
	err = fill(w)
	if err == nil {
		err = w.finish()
	}
	if closed := f.Close(); err == nil && closed != nil {
		err = unusable(closed, "a file cannot be stored")
	}
	if err != nil {
		return "", 0, err
	}
	hash = hex.EncodeToString(w.sum.Sum(nil))
	return hash, w.size, s.name(f.Name(), hash)
}

// name moves a whole file to its place.
func (s *Store) name(leftover, hash string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	shard := filepath.Join(s.dir, hash[:2])
	err := os.Mkdir(shard, 0o700)
	if err == nil || errors.Is(err, fs.ErrExist) {
		err = os.Rename(leftover, filepath.Join(shard, hash))
	}
	if err == nil {
		err = errors.Join(syncDir(shard), syncDir(s.dir))
	}
	if err != nil {
		return unusable(err, "a file cannot be stored")
	}
	return nil
}

// writer hashes and counts what goes into a file, until its context ends. It remembers its first error, so that a fill that overlooks it
// does not store half a file.
type writer struct {
	ctx  context.Context
	file *os.File
	sum  hash.Hash
	size int64
	err  error
}

func (w *writer) Write(p []byte) (int, error) {
	if w.ended() {
		return 0, w.err
	}
	n, err := w.file.Write(p)
	w.sum.Write(p[:n])
	w.size += int64(n)
	if err != nil {
		w.err = unusable(err, "a file cannot be stored")
	}
	return n, w.err
}

// finish brings the file to the disk.
func (w *writer) finish() error {
	if w.ended() {
		return w.err
	}
	if err := w.file.Sync(); err != nil {
		return unusable(err, "a file cannot be stored")
	}
	return nil
}

// ended reports that nothing more may be written, and why in err.
func (w *writer) ended() bool {
	if cause := w.ctx.Err(); w.err == nil && cause != nil {
		w.err = fault.Wrap(cause, fault.Cancelled, "storing a file was stopped").Keeping("nothing of it is stored")
	}
	return w.err != nil
}

// Get opens a blob, NotFound when there is none. It does not hash what it reads: sealed bytes tell themselves whether they were altered, and
// Verify tells it of others.
func (s *Store) Get(hash string) (io.ReadCloser, error) { return s.open(hash, os.O_RDONLY) }

func (s *Store) open(hash string, flag int) (*os.File, error) {
	path, err := s.path(hash)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, flag, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "there is no stored file %s", hash)
	}
	if err != nil {
		return nil, unusable(err, "the stored file %s cannot be opened", hash)
	}
	return f, nil
}

// Verify reads a blob and hashes it again. It is Invalid when the bytes are no longer those that were stored.
func (s *Store) Verify(hash string) error {
	f, err := s.open(hash, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return unusable(err, "the stored file %s cannot be read", hash)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return fault.New(fault.Invalid, "the stored file %s was altered on the disk", hash).
			Keeping("its bytes are kept as they are").Do("take it from the last good backup, and look at the disk's health")
	}
	return nil
}

// unusable is a fault around an error of the disk: Limit when it is full, Internal otherwise.
func unusable(cause error, format string, args ...any) error {
	switch {
	case errors.Is(cause, syscall.ENOSPC) || errors.Is(cause, syscall.EDQUOT):
		return fault.Wrap(cause, fault.Limit, format, args...).Keeping("what was stored before is kept").Do("make room on the disk and try again")
	case errors.Is(cause, fs.ErrPermission) || errors.Is(cause, syscall.EROFS):
		return fault.Wrap(cause, fault.Internal, format, args...).Keeping("what was stored before is kept").
			Do("let the account that runs Ward write to the directory")
	}
	return fault.Wrap(cause, fault.Internal, format, args...).Do("look at the disk's health before anything else")
}

// syncDir makes the names in a directory outlast a loss of power. Windows has no such call for a directory; NTFS keeps names in its own journal.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
