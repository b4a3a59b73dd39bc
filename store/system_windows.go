package store

import (
	"errors"
	"os"
	"syscall"
)

const sharingViolation = syscall.Errno(32)

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

// syncDir has nothing to do: Windows makes names durable with their files and opens no directory for writing.
func syncDir(string) error { return nil }
