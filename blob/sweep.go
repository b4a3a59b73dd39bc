package blob

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ward/fault"
)

// Each calls fn for every blob, in order of hash, until fn gives an error, which it returns unchanged. Leftovers and files of others are
// passed over.
func (s *Store) Each(fn func(hash string, size int64) error) error {
	return s.each(func(hash string, info fs.FileInfo) error { return fn(hash, info.Size()) })
}

func (s *Store) each(fn func(hash string, info fs.FileInfo) error) error {
	shards, err := os.ReadDir(s.dir)
	if err != nil {
		return unusable(err, "the stored files cannot be listed")
	}
	for _, shard := range shards {
		if !shard.IsDir() {
			continue
		}
		err := s.files(shard.Name(), func(name string, info fs.FileInfo) error {
			if !valid(name) || name[:2] != shard.Name() {
				return nil
			}
			return fn(name, info)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// files calls fn for the regular files of a folder; one that goes while it looks is passed over.
func (s *Store) files(folder string, fn func(name string, info fs.FileInfo) error) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, folder))
	if err != nil {
		return unusable(err, "the stored files cannot be listed")
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue
		}
		if err != nil {
			return unusable(err, "the stored files cannot be listed")
		}
		if err := fn(e.Name(), info); err != nil {
			return err
		}
	}
	return nil
}

// Delete overwrites a blob with zeros, brings these to the disk, and removes it; NotFound when there is none. A crash in between leaves a blob
// that Verify finds altered and that can be deleted again.
//
// The zeros reach the old bytes only where the file system writes in place on a magnetic disk. Solid-state disks, copy-on-write file
// systems (btrfs, ZFS), journals of data, snapshots and backups keep the old bytes for as long as they please. What makes a sealed
// blob unreadable is the loss of its key; the zeros only shorten what can be lost with that key.
func (s *Store) Delete(hash string) error {
	f, err := s.open(hash, os.O_WRONLY)
	if err != nil {
		return err
	}
	return erase(f)
}

// erase overwrites, closes and removes a file.
func erase(f *os.File) error {
	err := overwrite(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Remove(f.Name())
	}
	if err == nil {
		err = syncDir(filepath.Dir(f.Name()))
	}
	if err != nil {
		return unusable(err, "the stored file %s cannot be deleted", filepath.Base(f.Name()))
	}
	return nil
}

func overwrite(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := io.CopyN(f, zeros{}, info.Size()); err != nil {
		return err
	}
	return f.Sync()
}

// zeros reads as zero bytes without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Sweep deletes what a crash left behind: leftovers, and blobs that keep does not want, each only when it was last written before
// olderThan, and tells how many. Take olderThan a day back: a blob is named before the record that names it is committed, and a long
// upload is a leftover until it ends.
func (s *Store) Sweep(keep func(hash string) bool, olderThan time.Time) (swept int, err error) {
	sweep := func(path string) error {
		gone, err := s.eraseOld(path, olderThan)
		if gone {
			swept++
		}
		return err
	}
	err = s.files(leftovers, func(name string, _ fs.FileInfo) error { return sweep(filepath.Join(s.dir, leftovers, name)) })
	if err != nil {
		return swept, err
	}
	err = s.each(func(hash string, info fs.FileInfo) error {
		if !info.ModTime().Before(olderThan) || keep(hash) {
			return nil
		}
		return sweep(filepath.Join(s.dir, hash[:2], hash))
	})
	return swept, err
}

// eraseOld looks once more how old a file is: the same bytes may have been put again since it was listed.
func (s *Store) eraseOld(path string, olderThan time.Time) (gone bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(olderThan) {
		return false, nil
	}
	if err != nil {
		return false, unusable(err, "the stored files cannot be listed")
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return false, fault.Wrap(err, fault.Internal, "what a crash left behind cannot be deleted")
	}
	return true, erase(f)
}
