package store

import (
	"errors"
	"os"
	"syscall"
)

// opened reports whether any program has a file open; known is false where the system or the disk cannot tell. A lease for writing is
// given to nobody while somebody else has the file open; it ends here with the file's own closing.
func opened(file string) (open, known bool) {
	f, err := os.Open(file)
	if err != nil {
		return false, false
	}
	defer f.Close()
	_, _, failed := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_SETLEASE, syscall.F_WRLCK)
	open = errors.Is(failed, syscall.EAGAIN)
	return open, open || failed == 0
}
