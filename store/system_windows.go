package store

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

const sharingViolation = syscall.Errno(32)

// renamesOpenFiles says that no file can get another name while it is open: nobody gets in between either.
const renamesOpenFiles = false

// lockFile opens file for this process alone; held is true when another has it. The system gives it back when the process ends,
// however it ends.
func lockFile(file string) (f *os.File, held bool, err error) {
	name, err := syscall.UTF16PtrFromString(file)
	if err != nil {
		return nil, false, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, errors.Is(err, sharingViolation), err
	}
	return os.NewFile(uintptr(h), file), false, nil
}

// lockDir holds a directory alone by a file in it. Who does not want it alone needs no hold: here no file that somebody has open can get
// another name.
func lockDir(dir string, alone bool) (hold io.Closer, held bool, err error) {
	if !alone {
		return io.NopCloser(nil), false, nil
	}
	return lockFile(filepath.Join(dir, "move.lock"))
}

// syncDir has nothing to do: Windows makes names durable with their files and opens no directory for writing.
func syncDir(string) error { return nil }
