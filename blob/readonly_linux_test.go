package blob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"ward/fault"
)

// asNobody runs f with the rights of an account that owns nothing: the one who runs the tests may be root, whom no mode stops. The thread is
// not given back, and ends with its goroutine.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		defer close(done)
		if os.Getuid() == 0 {
			runtime.LockOSThread()
			if _, _, e := syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0); e != 0 {
				done <- e
				return
			}
		}
		f()
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestReadOnlyDirectoryIsAPlainFaultAndStillReads(t *testing.T) {
	s := open(t)
	hash := put(t, s, "sealed")
	chmodAll := func(dir, file fs.FileMode) {
		err := filepath.WalkDir(filepath.Dir(s.dir), func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return os.Chmod(p, dir)
			}
			return errors.Join(err, os.Chmod(p, file))
		})
		if err = errors.Join(err, os.Chmod(filepath.Dir(filepath.Dir(s.dir)), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	chmodAll(0o555, 0o444)
	t.Cleanup(func() { chmodAll(0o755, 0o600) })
	asNobody(t, func() {
		_, _, putErr := s.Put(context.Background(), text("x"))
		_, openErr := Open(filepath.Join(s.dir, "..", "others"))
		for what, err := range map[string]error{"Put": putErr, "Open": openErr, "Delete": s.Delete(hash)} {
			var plain *fault.Error
			if !errors.As(err, &plain) || !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "Let the account that runs Ward write") {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := Open(s.dir); err != nil {
			t.Errorf("a store that is only read: %v", err)
		}
		if err := s.Verify(hash); err != nil || get(t, s, hash) != "sealed" {
			t.Errorf("reading: %v", err)
		}
	})
}
