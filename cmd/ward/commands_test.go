package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestAFileAppearsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "made", "out.txt")
	put := func(words string, err error) error {
		return writeFile(path, func(w io.Writer) error {
			_, wrote := io.WriteString(w, words)
			return errors.Join(wrote, err)
		})
	}
	if err := put("half", errors.New("it broke")); err == nil {
		t.Error("a failure was not passed on")
	}
	wantFiles(t, filepath.Dir(path))
	if err := put("whole", nil); err != nil {
		t.Fatal(err)
	}
	if err := put("half", errors.New("it broke")); err == nil {
		t.Error("a failure was not passed on")
	}
	wantFiles(t, filepath.Dir(path), "out.txt")
	if b, err := os.ReadFile(path); string(b) != "whole" {
		t.Errorf("%q %v", b, err)
	}
	if err := writeFile(filepath.Join(path, "below", "a-file"), func(io.Writer) error { return nil }); err == nil {
		t.Error("a file was made below a file")
	}
}

func wantFiles(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(names) {
		t.Fatalf("%d files, want %v: %v", len(entries), names, entries)
	}
	for i, e := range entries {
		if e.Name() != names[i] {
			t.Errorf("%s, want %s", e.Name(), names[i])
		}
	}
}
