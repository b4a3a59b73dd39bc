package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ward/fault"
)

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func text(words string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, words)
		return err
	}
}

func put(t testing.TB, s *Store, words string) string {
	t.Helper()
	hash, size, err := s.Put(context.Background(), text(words))
	if err != nil || size != int64(len(words)) {
		t.Fatalf("%d bytes stored of %d: %v", size, len(words), err)
	}
	return hash
}

func get(t testing.TB, s *Store, hash string) string {
	t.Helper()
	r, err := s.Get(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// files lists everything in the store's tree that is no folder, as it lies there.
func files(t testing.TB, s *Store) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(s.dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(s.dir, p)
			found = append(found, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func listed(t testing.TB, s *Store) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	if err := s.Each(func(hash string, size int64) error { found[hash] = size; return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestBytesComeBackUnderTheirHash(t *testing.T) {
	s := open(t)
	for _, words := range []string{"", "a", strings.Repeat("sealed ", 100_000)} {
		hash := put(t, s, words)
		sum := sha256.Sum256([]byte(words))
		if hash != hex.EncodeToString(sum[:]) || get(t, s, hash) != words {
			t.Errorf("%d bytes: %s", len(words), hash)
		}
		if err := s.Verify(hash); err != nil {
			t.Errorf("%d bytes: %v", len(words), err)
		}
		if !slices.Contains(files(t, s), hash[:2]+"/"+hash) {
			t.Errorf("%s does not lie in its folder", hash)
		}
	}
	again, err := Open(s.dir)
	if err != nil || len(listed(t, again)) != 3 {
		t.Errorf("after opening again: %v, %v", listed(t, again), err)
	}
}

func TestOnlyTheOwnerMayLook(t *testing.T) {
	s := open(t)
	hash := put(t, s, "sealed")
	for path, want := range map[string]fs.FileMode{"": 0o700, leftovers: 0o700, hash[:2]: 0o700, hash[:2] + "/" + hash: 0o600} {
		info, err := os.Stat(filepath.Join(s.dir, path))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestSameBytesAreOneBlobAndHealADamagedOne(t *testing.T) {
	s := open(t)
	hash := put(t, s, "sealed")
	if err := os.WriteFile(filepath.Join(s.dir, hash[:2], hash), []byte("altered"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := put(t, s, "sealed"); again != hash || len(files(t, s)) != 1 {
		t.Errorf("%s, %v", again, files(t, s))
	}
	if err := s.Verify(hash); err != nil {
		t.Error(err)
	}
}

func TestFlippedBitIsFound(t *testing.T) {
	s := open(t)
	hash := put(t, s, strings.Repeat("sealed ", 50_000))
	path := filepath.Join(s.dir, hash[:2], hash)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"first bit": append([]byte{whole[0] ^ 1}, whole[1:]...), "cut": whole[:len(whole)-1], "longer": append(bytes.Clone(whole), 0), "empty": nil,
	} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(hash); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOutsideTextNeverBecomesAPath(t *testing.T) {
	s := open(t)
	hash := put(t, s, "sealed")
	if err := os.WriteFile(filepath.Join(s.dir, "..", "outside"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "../outside", "../../../../etc/passwd", hash[:63], hash + "0", strings.ToUpper(hash), hash[:62] + "/x", strings.Repeat("../", 21) + "x",
		hash[:63] + "\x00", " " + hash[:63], strings.Repeat("ａ", 64), leftovers,
	} {
		_, err := s.Get(bad)
		for what, err := range map[string]error{"Get": err, "Verify": s.Verify(bad), "Delete": s.Delete(bad)} {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s(%q): %v", what, bad, err)
			}
		}
	}
}

func TestAbsentBlobIsNotFound(t *testing.T) {
	s := open(t)
	absent := strings.Repeat("0f", 32)
	_, err := s.Get(absent)
	for what, err := range map[string]error{"Get": err, "Verify": s.Verify(absent), "Delete": s.Delete(absent)} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestNothingIsStoredWhenFillFails(t *testing.T) {
	s := open(t)
	own := fault.New(fault.Limit, "the upload is too large")
	_, _, err := s.Put(context.Background(), func(w io.Writer) error {
		return errors.Join(text("half a file")(w), own)
	})
	if !errors.Is(err, own) || len(files(t, s)) != 0 {
		t.Errorf("%v, left %v", err, files(t, s))
	}
}

func TestNothingIsStoredWhenTheContextEnds(t *testing.T) {
	for name, fill := range map[string]func(stop func()) func(io.Writer) error{
		"before it writes": func(stop func()) func(io.Writer) error {
			return func(w io.Writer) error { stop(); return text("x")(w) }
		},
		"after it wrote": func(stop func()) func(io.Writer) error {
			return func(w io.Writer) error { defer stop(); return text("x")(w) }
		},
		"and goes on until told": func(stop func()) func(io.Writer) error {
			return func(w io.Writer) error {
				stop()
				for range 100 {
					if err := text("x")(w); err != nil {
						return err
					}
				}
				return errors.New("nobody told it")
			}
		},
		"and overlooks it": func(stop func()) func(io.Writer) error {
			return func(w io.Writer) error { stop(); text("x")(w); return nil }
		},
	} {
		s := open(t)
		ctx, stop := context.WithCancel(context.Background())
		_, _, err := s.Put(ctx, fill(stop))
		if !fault.Is(err, fault.Cancelled) || !errors.Is(err, context.Canceled) || len(files(t, s)) != 0 {
			t.Errorf("%s: %v, left %v", name, err, files(t, s))
		}
	}
}

// A fill that overlooks an error of the disk must not store what went before it. A closed file stands for the disk.
func TestOverlookedErrorOfTheDiskStoresNothing(t *testing.T) {
	s := open(t)
	_, _, err := s.Put(context.Background(), func(w io.Writer) error {
		text("first half")(w)
		file := w.(*writer).file
		w.(*writer).file = nil // every write to a nil file fails
		text("lost")(w)
		w.(*writer).file = file
		text("second half")(w)
		return nil
	})
	if err == nil || len(files(t, s)) != 0 {
		t.Errorf("%v, left %v", err, files(t, s))
	}
}

func TestFullDiskIsLimitAndSaysWhatToDo(t *testing.T) {
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		err := unusable(&fs.PathError{Op: "write", Path: "x", Err: cause}, "a file cannot be stored")
		if !fault.Is(err, fault.Limit) || !strings.Contains(err.Error(), "Make room") {
			t.Errorf("%v: %v", cause, err)
		}
	}
	if err := unusable(syscall.EIO, "a file cannot be stored"); !fault.Is(err, fault.Internal) {
		t.Errorf("a failing disk: %v", err)
	}
}

func TestDirectoryThatCannotBeIsAPlainFault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var plain *fault.Error
	if _, err := Open(file); !errors.As(err, &plain) {
		t.Errorf("a file in its place: %v", err)
	}
	if _, err := Open(filepath.Join(file, "blobs")); !errors.As(err, &plain) {
		t.Errorf("below a file: %v", err)
	}
	s := open(t)
	if err := os.RemoveAll(s.dir); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Put(context.Background(), text("x"))
	_, sweep := s.Sweep(nil, time.Now())
	for what, err := range map[string]error{"Put": err, "Each": s.Each(nil), "Sweep": sweep} {
		if !errors.As(err, &plain) {
			t.Errorf("%s in a directory that is gone: %v", what, err)
		}
	}
}

func TestEachGoesInOrderAndPassesOthersOver(t *testing.T) {
	s := open(t)
	var want []string
	for i := range 40 {
		want = append(want, put(t, s, fmt.Sprint(i)))
	}
	slices.Sort(want)
	hash := want[0]
	for _, other := range []string{"note.txt", leftovers + "/" + hash, hash[:2] + "/" + hash + ".old", hash[:2] + "/ff" + hash[2:][:61]} {
		if err := os.WriteFile(filepath.Join(s.dir, other), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{"lost+found", "zz", "00/" + strings.Repeat("0", 64)} {
		if err := os.MkdirAll(filepath.Join(s.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	misplaced := filepath.Join(s.dir, "zz", hash)
	if err := os.WriteFile(misplaced, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := s.Each(func(hash string, size int64) error {
		if size < 1 || size > 2 {
			t.Errorf("%s has %d bytes", hash, size)
		}
		got = append(got, hash)
		return nil
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v\ngot  %v\nwant %v", err, got, want)
	}
	enough := errors.New("enough")
	n := 0
	if err := s.Each(func(string, int64) error { n++; return enough }); err != enough || n != 1 {
		t.Errorf("after an error: %d calls, %v", n, err)
	}
}

func TestManyPutTheSameAndOthersAtOnce(t *testing.T) {
	s := open(t)
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			for j := range 8 {
				if _, _, err := s.Put(context.Background(), text(fmt.Sprint((i+j)%10))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if n := len(listed(t, s)); n != 10 || len(files(t, s)) != 10 {
		t.Errorf("%d blobs, %d files", n, len(files(t, s)))
	}
}
