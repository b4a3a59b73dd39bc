package storetest

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
)

// PeakMB is the process's peak memory so far, as Linux tells it; 0 elsewhere.
func PeakMB(b testing.TB) float64 {
	b.Helper()
	f, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	_, rest, _ := strings.Cut(string(f), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest + " 0")[0])
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) / 1024
}
