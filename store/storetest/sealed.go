package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"ward/store"
)

// Holding names the files below a directory that hold a word in any of their bytes. An empty directory is an error of the test.
func Holding(t testing.TB, dir, word string) []string {
	t.Helper()
	var found []string
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if bytes.Contains(body, []byte(word)) {
			found = append(found, filepath.Base(path))
		}
		files++
		return err
	})
	if err != nil || files == 0 {
		t.Fatalf("%s was not searched: %d files, %v", dir, files, err)
	}
	return found
}

// WantUnseen checks that no word is found below a workspace's directory, but that the open one is: else nothing was searched.
func WantUnseen(t testing.TB, dir, open string, words ...string) {
	t.Helper()
	if Holding(t, dir, open) == nil {
		t.Errorf("%q, which is kept in the open, is not found in %s", open, dir)
	}
	for _, word := range words {
		if files := Holding(t, dir, word); files != nil {
			t.Errorf("%q can be read in %v", word, files)
		}
	}
}

// Change runs a statement over the database past every rule, as somebody does who has the file.
func Change(t testing.TB, db *store.DB, statement string, args ...any) {
	t.Helper()
	ctx := context.Background()
	err := db.Write(ctx, "somebody", func(tx *store.Tx) error {
		result, err := tx.Exec(ctx, statement, args...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(fmt.Errorf("%s changes nothing", statement), err)
		}
		_, err = tx.Journal(ctx, "test.change", "", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Erase destroys a subject's key and journals it.
func Erase(t testing.TB, db *store.DB, subject string) {
	t.Helper()
	ctx := context.Background()
	err := db.Write(ctx, "test", func(tx *store.Tx) error {
		had, err := tx.Destroy(ctx, subject, "request")
		if err != nil {
			return err
		}
		if !had {
			return fmt.Errorf("%s had no key", subject)
		}
		_, err = tx.JournalPublic(ctx, "record.erase", subject, `{"v":1,"kind":"tombstone"}`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Locked opens a second handle on a workspace, without its passphrase.
func Locked(t testing.TB, target string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
