//go:build linux || darwin || freebsd

package store

import "syscall"

// Space tells how many bytes of the disk under dir are free for this user, and how many it has. ok is false where nobody can tell.
func Space(dir string) (free, total int64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, false
	}
	size := int64(s.Bsize)
	return int64(s.Bavail) * size, int64(s.Blocks) * size, true
}

// OneDisk reports that two existing paths lie on the same file system.
func OneDisk(a, b string) bool {
	var x, y syscall.Stat_t
	return syscall.Stat(a, &x) == nil && syscall.Stat(b, &y) == nil && x.Dev == y.Dev
}
