//go:build !linux && !darwin && !freebsd

package store

import (
	"path/filepath"
	"strings"
)

// Space tells how many bytes of the disk under dir are free for this user, and how many it has. ok is false where nobody can tell.
func Space(string) (free, total int64, ok bool) { return 0, 0, false }

// OneDisk reports that two existing paths lie on the same file system.
func OneDisk(a, b string) bool {
	x, y := filepath.VolumeName(a), filepath.VolumeName(b)
	return x != "" && strings.EqualFold(x, y)
}
