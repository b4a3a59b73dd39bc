package store

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"

	"ward/fault"
)

// wipeAll wipes a file under each of the endings given and makes their removal durable.
func wipeAll(path string, endings ...string) error {
	for _, ending := range endings {
		if err := wipe(path + ending); err != nil {
			return fault.Wrap(err, fault.Refused, "%s cannot be overwritten", filepath.Base(path+ending)).
				Keeping("no record is lost; what is in that file can still be read").Do("check the disk and that the file is yours, then start Ward again")
		}
	}
	return syncDir(filepath.Dir(path))
}

// wipe overwrites a file with random bytes over its whole length and removes it; one that is not there is no error. The head goes
// first: when the rest of a write-ahead log is half overwritten, no database must read it any more.
func wipe(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	const head = 4096
	first := min(info.Size(), head)
	for _, n := range []int64{first, info.Size() - first} {
		if err := scramble(f, n); err != nil {
			return err
		}
	}
	if err := firstError(f.Truncate(0), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Remove(path)
}

// scramble writes n random bytes and waits until they are on the disk.
func scramble(f *os.File, n int64) error {
	noise := make([]byte, 1<<20)
	for n > 0 {
		piece := noise[:min(n, int64(len(noise)))]
		rand.Read(piece)
		if _, err := f.Write(piece); err != nil {
			return err
		}
		n -= int64(len(piece))
	}
	return f.Sync()
}
