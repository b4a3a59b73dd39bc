//go:build !linux || !(amd64 || arm64)

package store

import "os"

// Uncache lets the system forget what it holds of a file; this system knows no such advice.
func Uncache(*os.File) {}
