//go:build linux && (amd64 || arm64)

package store

import (
	"os"
	"syscall"
)

// Uncache lets the system forget what it holds of a file that is on the disk, so that the next reader gets it from there.
func Uncache(f *os.File) {
	const dontNeed = 4                                                    // POSIX_FADV_DONTNEED
	syscall.Syscall6(syscall.SYS_FADVISE64, f.Fd(), 0, 0, dontNeed, 0, 0) // advice: whether it is taken does not matter
}
