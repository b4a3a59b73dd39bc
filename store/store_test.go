package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

var ctx = context.Background()

func put(tx *store.Tx, series string) error {
	_, err := tx.Exec(ctx, `INSERT INTO source (series, namespace, title, publisher, licence, redistribute, scope, reliability, caveats)
		VALUES ($1,$1,'','','','','','','')`, series)
	return err
}

func sources(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(ctx, "SELECT COUNT(*) FROM source").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestASilentWriteFailsAtCommit(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		err := db.Write(ctx, "t", func(tx *store.Tx) error { return put(tx, "a") })
		if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "not journalled") {
			t.Fatalf("got %v", err)
		}
		err = db.Write(ctx, "t", func(tx *store.Tx) error {
			var s string
			return tx.QueryRow(ctx, `INSERT INTO source (series, namespace, title, publisher, licence, redistribute, scope, reliability, caveats)
				VALUES ('b','','','','','','','','') RETURNING series`).Scan(&s)
		})
		if err == nil {
			t.Fatal("a write through a returning query went unnoticed")
		}
		if n := sources(t, db); n != 0 {
			t.Fatalf("%d rows stayed", n)
		}
	})
}

func TestAJournalledWriteCommitsAndAReadNeedsNone(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		err := db.Write(ctx, "ann", func(tx *store.Tx) error {
			if err := put(tx, "a"); err != nil {
				return err
			}
			_, err := tx.Journal(ctx, "test.put", "a", "00")
			return err
		})
		if err != nil || sources(t, db) != 1 {
			t.Fatal(err)
		}
		if err := db.Write(ctx, "ann", func(tx *store.Tx) error { _, err := tx.Last(ctx); return err }); err != nil {
			t.Fatalf("a transaction that only read was refused: %v", err)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		if err := db.Read(ctx, func(tx *store.Tx) error { return put(tx, "a") }); err == nil {
			t.Fatal("a reader wrote")
		}
	})
}

func TestTryLeavesNothing(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		if err := db.Try(ctx, "t", func(tx *store.Tx) error { return put(tx, "a") }); err != nil {
			t.Fatal(err)
		}
		if n := sources(t, db); n != 0 {
			t.Fatalf("%d rows stayed", n)
		}
	})
}

// A second process is a second DB on the same target: nothing is shared but the database.
func TestASecondProcessCommitIsSeen(t *testing.T) {
	targets := map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() },
		"postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	}
	for name, target := range targets {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			first, second := storetest.At(t, where), storetest.At(t, where)
			err := second.Write(ctx, "other", func(tx *store.Tx) error {
				_, err := tx.Journal(ctx, "test.act", "x", "ab")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var seen []store.Entry
			err = first.Read(ctx, func(tx *store.Tx) (err error) { seen, err = tx.Since(ctx, 1, 10); return err }) // the first is the founding
			if err != nil || len(seen) != 1 || seen[0].Who != "other" || seen[0].Act != "test.act" || seen[0].Digest != "ab" {
				t.Fatalf("%v %v", seen, err)
			}
		})
	}
}

// Numbers must have no gaps and no late arrivals: a reader that saw n has seen everything up to n.
func TestJournalNumbersRiseWithoutGapsUnderConcurrency(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for i := range 10 {
					err := db.Write(ctx, fmt.Sprint(w), func(tx *store.Tx) error {
						_, err := tx.Journal(ctx, "n", fmt.Sprint(i), "")
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			}()
		}
		wg.Wait()
		err := db.Read(ctx, func(tx *store.Tx) error {
			entries, err := tx.Since(ctx, 0, 100)
			for i, e := range entries {
				if e.Number != int64(i+1) {
					t.Errorf("row %d has number %d", i, e.Number)
				}
			}
			if len(entries) != 41 { // the founding is the first
				t.Errorf("%d entries", len(entries))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestANewerSchemaIsRefusedWithASentence(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	err := db.Write(ctx, "t", func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO schema_version (version, file) VALUES (9999,'later.sql')"); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "t", "", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	_, err = store.Open(ctx, dir)
	if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "newer Ward (schema 9999") {
		t.Fatalf("got %v", err)
	}
}

func TestInsertSplitsLongListsAndKeepsOrder(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		var rows [][]any
		for i := range 1234 {
			rows = append(rows, []any{"run", i, []byte("sealed")})
		}
		err := db.Write(ctx, "t", func(tx *store.Tx) error {
			if _, err := tx.Journal(ctx, "t", "", ""); err != nil {
				return err
			}
			return tx.Insert(ctx, "report_rejected", []string{"run_id", "row_number", "sealed"}, rows, "ON CONFLICT DO NOTHING")
		})
		if err != nil {
			t.Fatal(err)
		}
		var n, sum int
		err = db.Read(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(ctx, "SELECT COUNT(*), SUM(row_number) FROM report_rejected").Scan(&n, &sum)
		})
		if err != nil || n != 1234 || sum != 1233*1234/2 {
			t.Fatal(n, sum, err)
		}
	})
}

func TestAReaderSeesOneStateThroughout(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		count := func(tx *store.Tx) (n int) {
			if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM journal").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := db.Read(ctx, func(tx *store.Tx) error {
			before := count(tx)
			err := db.Write(ctx, "other", func(w *store.Tx) error { _, err := w.Journal(ctx, "x", "", ""); return err })
			if after := count(tx); after != before {
				t.Errorf("%d rows became %d in one reading", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// The workspace must lie in the directory that was named, whatever its name.
func TestDirectoriesWithOddNamesKeepTheirOwnDatabase(t *testing.T) {
	for _, name := range []string{"Case #12", "what?", "100%", "%41", "a b", "پرونده", "a+b&c=d;e", "file:x"} {
		dir := filepath.Join(t.TempDir(), name)
		storetest.At(t, dir).Close()
		if _, err := os.Stat(filepath.Join(dir, store.FileName)); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}
