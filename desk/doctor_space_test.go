package desk

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"ward/fault"
)

func TestAFullDiskIsSeenInTime(t *testing.T) {
	for free, want := range map[int64]Light{0: Red, 4: Red, 5: Yellow, 19: Yellow, 20: Green, 100: Green} {
		if c := space(free<<30, 100<<30); c.Light != want || (c.Do == "") != (want == Green) {
			t.Errorf("%d %% free: %+v", free, c)
		}
	}
}

func TestABackupThatFindsNoSpaceSaysSo(t *testing.T) {
	for cause, want := range map[error]fault.Kind{syscall.ENOSPC: fault.Limit, syscall.EDQUOT: fault.Limit, syscall.EIO: fault.Internal} {
		err := unwritten(errors.Join(&fs.PathError{Op: "write", Path: "x", Err: cause}))
		if !fault.Is(err, want) || !strings.Contains(err.Error(), "earlier ones are kept") {
			t.Errorf("%v: %v", cause, err)
		}
	}
}
