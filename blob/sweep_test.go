package blob

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDeletedBlobIsGone(t *testing.T) {
	s := open(t)
	hash, other := put(t, s, "sealed"), put(t, s, "other")
	if err := s.Delete(hash); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(hash); err == nil || len(files(t, s)) != 1 || get(t, s, other) != "other" {
		t.Errorf("%v is left", files(t, s))
	}
	if put(t, s, "sealed") != hash || get(t, s, hash) != "sealed" {
		t.Error("it cannot be stored again")
	}
}

// A reader that holds the file open sees what lies in its place on the disk after the name is gone: zeros.
func TestDeleteOverwritesFirst(t *testing.T) {
	s := open(t)
	words := strings.Repeat("sealed ", 50_000)
	hash := put(t, s, words)
	r, err := s.Get(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := s.Delete(hash); err != nil {
		t.Fatal(err)
	}
	left, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(left, make([]byte, len(words))) {
		t.Errorf("%d bytes are left, not zeros (%v)", len(left), err)
	}
}

// crashDir names the variable under which the test calls itself to end in the middle of a Put.
const crashDir = "WARD_BLOB_CRASH_DIR"

func TestCrashLeavesALeftoverThatIsIgnoredAndSwept(t *testing.T) {
	if dir := os.Getenv(crashDir); dir != "" {
		crash(t, dir)
	}
	s := open(t)
	hash := put(t, s, "whole")
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), crashDir+"="+s.dir)
	if out, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.ExitCode() != 3 {
		t.Fatalf("the child did not crash: %v\n%s", err, out)
	}
	if n := len(files(t, s)); n != 2 {
		t.Fatalf("%d files: the crash left nothing", n)
	}
	again, err := Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := listed(t, again); len(got) != 1 || got[hash] != 5 {
		t.Errorf("the leftover is taken for a blob: %v", got)
	}
	all := func(string) bool { return true }
	if n, err := again.Sweep(all, time.Now().Add(-time.Hour)); n != 0 || err != nil || len(files(t, s)) != 2 {
		t.Errorf("a leftover of this hour, perhaps an upload, was swept: %d, %v", n, err)
	}
	if n, err := again.Sweep(all, time.Now().Add(time.Hour)); n != 1 || err != nil || !slices.Equal(files(t, s), []string{hash[:2] + "/" + hash}) {
		t.Errorf("%d swept, %v, left %v", n, err, files(t, s))
	}
}

func crash(t *testing.T, dir string) {
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Put(context.Background(), func(w io.Writer) error {
		io.WriteString(w, "half a fi")
		os.Exit(3)
		return nil
	})
}

// age sets back when a file was last written.
func age(t *testing.T, s *Store, path string, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	if err := os.Chtimes(filepath.Join(s.dir, path), then, then); err != nil {
		t.Fatal(err)
	}
}

func TestSweepTakesOldBlobsThatNobodyKeeps(t *testing.T) {
	s := open(t)
	kept, orphan, young := put(t, s, "kept"), put(t, s, "orphan"), put(t, s, "young orphan")
	age(t, s, kept[:2]+"/"+kept, 48*time.Hour)
	age(t, s, orphan[:2]+"/"+orphan, 48*time.Hour)
	var asked []string
	n, err := s.Sweep(func(hash string) bool { asked = append(asked, hash); return hash == kept }, time.Now().Add(-24*time.Hour))
	got := listed(t, s)
	if n != 1 || err != nil || len(got) != 2 || got[kept] == 0 || got[young] == 0 {
		t.Errorf("%d swept, %v, left %v", n, err, got)
	}
	if slices.Contains(asked, young) {
		t.Error("keep was asked about a blob that is too young to be swept")
	}
}

// While Sweep asks whether a blob is kept, the same bytes may be put again for a new record.
func TestBlobPutAgainDuringASweepStays(t *testing.T) {
	s := open(t)
	hash := put(t, s, "sealed")
	age(t, s, hash[:2]+"/"+hash, 48*time.Hour)
	n, err := s.Sweep(func(string) bool { put(t, s, "sealed"); return false }, time.Now().Add(-24*time.Hour))
	if n != 0 || err != nil || len(listed(t, s)) != 1 {
		t.Errorf("%d swept, %v", n, err)
	}
}

func TestSweepSaysWhenItCannotSeeTheLeftovers(t *testing.T) {
	s := open(t)
	put(t, s, "sealed")
	if err := os.RemoveAll(filepath.Join(s.dir, leftovers)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Sweep(func(string) bool { return false }, time.Now().Add(time.Hour)); n != 0 || err == nil {
		t.Errorf("%d swept, %v", n, err)
	}
}

// Two blobs of one folder: while the first is shown, the second goes.
func TestBlobThatGoesWhileOthersAreListedIsPassedOver(t *testing.T) {
	s := open(t)
	first := map[string]string{} // by folder
	for i := 0; ; i++ {
		hash := put(t, s, fmt.Sprint(i))
		if other := first[hash[:2]]; other != "" {
			break
		}
		first[hash[:2]] = hash
	}
	all, folder, shown := len(listed(t, s)), "", 0
	err := s.Each(func(hash string, _ int64) error {
		shown++
		if folder == hash[:2] {
			t.Error("the deleted blob is shown")
		}
		folder = hash[:2]
		for other := range listed(t, s) {
			if other[:2] == folder && other != hash {
				return s.Delete(other)
			}
		}
		return nil
	})
	if err != nil || shown != all-1 {
		t.Errorf("%d of %d shown, %v", shown, all, err)
	}
}

func TestBlobThatGoesDuringASweepIsNoError(t *testing.T) {
	s := open(t)
	hash := put(t, s, "sealed")
	n, err := s.Sweep(func(string) bool { return s.Delete(hash) != nil }, time.Now().Add(time.Hour))
	if n != 0 || err != nil {
		t.Errorf("%d swept, %v", n, err)
	}
}
