package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/fault"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

// keyed makes a subject with a journal row sealed under its key, and returns the row's number.
func keyed(t *testing.T, db *store.DB, subject string) (number int64) {
	t.Helper()
	mustWrite(t, db, func(tx *store.Tx) (err error) {
		if _, err := tx.NewKeys(ctx, subject); err != nil {
			return err
		}
		number, err = tx.Journal(ctx, "test.make", subject, strings.Repeat("ab", 32))
		return err
	})
	return number
}

func mustWrite(t *testing.T, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Write(ctx, "t", fn); err != nil {
		t.Fatal(err)
	}
}

func TestRenewedKeyOpensTheJournalAndNothingFormer(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		number := keyed(t, db, "a")
		keyed(t, db, "erased")
		var former, next seal.Key
		mustWrite(t, db, func(tx *store.Tx) error {
			keys, err := tx.Keys(ctx, "a")
			former = keys["a"]
			if err != nil {
				return err
			}
			if err := tx.Renew(ctx, "a"); err != nil {
				return err
			}
			_, err = tx.Journal(ctx, "test.renew", "a", "")
			return err
		})
		err := db.Read(ctx, func(tx *store.Tx) error {
			keys, err := tx.Keys(ctx, "a")
			next = keys["a"]
			if err != nil {
				return err
			}
			for n := number; n <= number+2; n += 2 {
				if _, ok, err := tx.Opening(ctx, n); err != nil || !ok {
					t.Errorf("journal row %d does not open: %t, %v", n, ok, err)
				}
			}
			return nil
		})
		if err != nil || former == next {
			t.Fatalf("the key stayed: %v", err)
		}
		if _, err := next.Open("x", former.Seal("x", []byte("y"))); err == nil {
			t.Error("the new key opens what the former sealed")
		}
		storetest.Erase(t, db, "erased")
		for _, none := range []string{"erased", "never made"} {
			err := db.Write(ctx, "t", func(tx *store.Tx) error { return tx.Renew(ctx, none) })
			if !fault.Is(err, fault.Refused) {
				t.Errorf("%s: %v", none, err)
			}
		}
	})
}

// A batch speaks of many records: the erasure of the one it was journalled for must not close it to the rest.
func TestBatchesOutliveTheirSubject(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		var number int64
		mustWrite(t, db, func(tx *store.Tx) (err error) {
			if _, err := tx.NewKeys(ctx, "run"); err != nil {
				return err
			}
			number, err = tx.JournalBatch(ctx, "test.batch", "run", []tlog.Hash{{1}, {2}})
			return err
		})
		single := keyed(t, db, "record")
		storetest.Erase(t, db, "run")
		storetest.Erase(t, db, "record")
		err := db.Read(ctx, func(tx *store.Tx) error {
			if o, ok, err := tx.Opening(ctx, number); err != nil || !ok || len(o.Leaves) != 2 {
				t.Errorf("the batch does not open: %t, %v", ok, err)
			}
			_, ok, err := tx.Opening(ctx, single)
			if ok {
				t.Error("the row of an erased record opens")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// rotate replaces the desk key through one handle; others keep the former.
func rotate(t *testing.T, db *store.DB) {
	t.Helper()
	lock, err := db.Lock(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ring := keyringOf(t, lock)
	next, key, err := ring.Rotate(db.Key(), []byte(storetest.Passphrase), storetest.Cheap())
	if err != nil {
		t.Fatal(err)
	}
	lock.Keyring = textOf(t, next)
	mustWrite(t, db, func(tx *store.Tx) error {
		if _, err := tx.Rewrap(ctx, key); err != nil {
			return err
		}
		tx.Use(key, lock.Origin)
		if err := tx.PutLock(ctx, lock); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "keys.rotate", store.Workspace, "")
		return err
	})
	db.Unlock(key, lock.Origin)
}

// Whoever still holds a desk key that was replaced reads nothing and, above all, wraps nothing under it.
func TestReplacedDeskKeyReadsAndWritesNothing(t *testing.T) {
	for name, target := range map[string]string{"sqlite": t.TempDir(), "postgres": ""} {
		t.Run(name, func(t *testing.T) {
			if target == "" {
				target = storetest.Postgres(t)
			}
			db, stale := storetest.At(t, target), storetest.At(t, target)
			keyed(t, db, "a")
			rotate(t, db)
			writes := map[string]func(tx *store.Tx) error{
				"a new key":            func(tx *store.Tx) error { _, err := tx.NewKeys(ctx, "b"); return err },
				"a key that was there": func(tx *store.Tx) error { _, err := tx.Keys(ctx, "a"); return err },
				"a journal row":        func(tx *store.Tx) error { _, err := tx.Journal(ctx, "test.act", "", ""); return err },
			}
			for what, fn := range writes {
				for how, run := range map[string]error{"write": stale.Write(ctx, "t", fn), "try": stale.Try(ctx, "t", fn)} {
					if !fault.Is(run, fault.Refused) || !strings.Contains(run.Error(), "keys were changed") {
						t.Errorf("%s, %s: %v", what, how, run)
					}
				}
			}
			err := stale.Read(ctx, func(tx *store.Tx) error { _, err := tx.Keys(ctx, "a"); return err })
			if !fault.Is(err, fault.Refused) {
				t.Errorf("a reader: %v", err)
			}
			keyed(t, db, "c")
			if err := db.Read(ctx, func(tx *store.Tx) error { _, err := tx.Keys(ctx, "a", "b", "c"); return err }); err != nil {
				t.Errorf("something is wrapped under the former key: %v", err)
			}
		})
	}
}

// A wrap that somebody altered is told apart from a key that was replaced.
func TestAlteredWrapIsNoReplacedKey(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		keyed(t, db, "a")
		storetest.Change(t, db, "UPDATE subject_key SET wrapped=$1 WHERE subject='a'", bytes.Repeat([]byte{7}, 72))
		err := db.Read(ctx, func(tx *store.Tx) error { _, err := tx.Keys(ctx, "a"); return err })
		if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "altered") {
			t.Error(err)
		}
	})
}

func TestScrubbedRowsAreInNoFile(t *testing.T) {
	target := t.TempDir()
	db := storetest.At(t, target)
	var wraps [][]byte
	for _, subject := range []string{"a", "b", "c"} {
		keyed(t, db, subject)
	}
	read := func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, "SELECT wrapped FROM subject_key WHERE subject IN ('a','b')")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var w []byte
			if err := rows.Scan(&w); err != nil {
				return err
			}
			wraps = append(wraps, w)
		}
		return rows.Err()
	}
	if err := db.Read(ctx, read); err != nil || len(wraps) != 2 {
		t.Fatal(err)
	}
	if n := occurrences(t, target, wraps); n < 2 {
		t.Fatalf("%d of 2 wraps are found where they are", n)
	}
	storetest.Erase(t, db, "a")
	storetest.Erase(t, db, "b")
	if occurrences(t, target, wraps) == 0 {
		t.Fatal("nothing is left to be scrubbed: this test shows nothing")
	}
	left, err := db.Scrub(ctx)
	if err != nil || left != "" || occurrences(t, target, wraps) != 0 || db.LogSize(t) != 0 {
		t.Errorf("%d wraps remain, %d bytes of log, %q, %v", occurrences(t, target, wraps), db.LogSize(t), left, err)
	}
	keyed(t, db, "d") // and it goes on
}

func occurrences(t *testing.T, dir string, words [][]byte) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("nothing was searched")
	}
	for _, path := range files {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			n += bytes.Count(body, w)
		}
	}
	return n
}
