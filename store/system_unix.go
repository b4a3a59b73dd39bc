//go:build unix

package store

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// renamesOpenFiles says that a file can get another name while it is open.
const renamesOpenFiles = true

// lockFile opens file for this process alone; held is true when another has it. The system gives it back when the process ends,
// however it ends.
func lockFile(file string) (f *os.File, held bool, err error) {
	f, err = os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errors.Is(err, syscall.EWOULDBLOCK), err
	}
	return f, false, nil
}

// lockDir holds a directory together with others who do not want it alone, or alone; held is true when that cannot be now. No file is
// made for it. The system gives it back when the process ends, however it ends.
func lockDir(dir string, alone bool) (hold io.Closer, held bool, err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, false, err
	}
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errors.Is(err, syscall.EWOULDBLOCK), err
	}
	return f, false, nil
}

// syncDir makes the names in dir durable, where the system allows it.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if errors.Is(err, os.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}
