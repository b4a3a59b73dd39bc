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

// wipe overwrites a file and removes it; one that is not there is no error.
func wipe(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := scramble(f); err != nil {
		return err
	}
	if err := firstError(f.Truncate(0), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Remove(path)
}

// scramble puts random bytes over the whole length of a file and waits until they are on the disk. The head goes first: when the rest
// of a write-ahead log is half overwritten, no database must take it for one any more.
func scramble(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	noise := make([]byte, 1<<20)
	for at, size := int64(0), int64(4096); at < info.Size(); at, size = at+size, int64(len(noise)) {
		piece := noise[:min(size, info.Size()-at)]
		rand.Read(piece)
		if _, err := f.Write(piece); err != nil {
			return err
		}
		if at == 0 {
			if err := f.Sync(); err != nil {
				return err
			}
		}
	}
	return f.Sync()
}
