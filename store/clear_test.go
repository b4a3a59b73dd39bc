package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

// fillClear puts n rejected rows into a clear workspace and a journal row for each.
func fillClear(t *testing.T, db *sql.DB, n int) {
	t.Helper()
	for i := range n {
		for _, statement := range []string{"INSERT INTO report_rejected (run_id, row_number, reason, raw) VALUES ('r', $1, 'secret-name', '[]')",
			"INSERT INTO journal (number, at, who, act, subject, digest) VALUES ($1, 1000, 'ann', 'import.batch', 'r', 'secret-name')"} {
			if _, err := db.Exec(statement, i+1); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// clearAt makes a workspace of the first version with n rows.
func clearAt(t *testing.T, target string, n int) {
	t.Helper()
	db := storetest.Clear(t, target)
	defer db.Close()
	fillClear(t, db, n)
}

func wantInClear(t *testing.T, db *store.DB, n int64) {
	t.Helper()
	if db.Clear() == nil {
		t.Fatal("nothing lies in clear")
	}
	counts, err := db.Clear().Count(ctx)
	if err != nil || counts["report_rejected"] != n || counts["journal"] != n || counts.Sum() != 2*n {
		t.Errorf("%v %v, want %d", counts, err, n)
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		var sealed int64
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM report_rejected").Scan(&sealed); err != nil || sealed > 0 {
			t.Errorf("%d rows are sealed already: %v", sealed, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// files lists a workspace's directory.
func files(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func there(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return !errors.Is(err, fs.ErrNotExist)
}

func TestClearRecordsAreReadBesideAnEmptySchema(t *testing.T) {
	for name, target := range targets() {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			clearAt(t, where, 3)
			for range 2 { // the second time the move is unfinished
				db, err := store.Open(ctx, where)
				if err != nil {
					t.Fatal(err)
				}
				wantInClear(t, db, 3)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func targets() map[string]func(*testing.T) string {
	return map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() },
		"postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	}
}

func TestANewWorkspaceHasNothingInClear(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		if db.Clear() != nil {
			t.Error("something lies in clear")
		}
	})
	t.Run("no table", func(t *testing.T) {
		db := storetest.At(t, storetest.Postgres(t))
		err := db.Read(ctx, func(tx *store.Tx) error {
			var n int
			err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM pg_tables WHERE schemaname=current_schema() AND tablename LIKE 'clear%'").Scan(&n)
			if n != 0 {
				t.Errorf("%d clear tables", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A program that was killed leaves a write-ahead log. What it holds belongs to the file, and no byte of it must stay on the disk.
func TestTheLogOfAClearFileIsTakenInAndOverwritten(t *testing.T) {
	from, dir := t.TempDir(), t.TempDir()
	old := storetest.Clear(t, from)
	if _, err := old.Exec("PRAGMA wal_autocheckpoint=0"); err != nil {
		t.Fatal(err)
	}
	fillClear(t, old, 5)
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		body, err := os.ReadFile(filepath.Join(from, name))
		if err != nil || os.WriteFile(filepath.Join(dir, name), body, 0o600) != nil {
			t.Fatal(err)
		}
	}
	old.Close()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Link(filepath.Join(dir, store.FileName+"-wal"), link); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	wantInClear(t, db, 5)
	db.Close()
	if body, err := os.ReadFile(link); err != nil || len(body) > 0 {
		t.Errorf("the log still has %d bytes: %v", len(body), err)
	}
}

func TestAClearFileThatAProgramUsesIsLeftToIt(t *testing.T) {
	dir := t.TempDir()
	old := storetest.Clear(t, dir)
	fillClear(t, old, 1)
	_, err := store.Open(ctx, dir)
	if !fault.Is(err, fault.Conflict) || there(dir, store.ClearName) {
		t.Fatalf("%v; %v", err, files(t, dir))
	}
	if _, err := old.Exec("UPDATE journal SET who='ben'"); err != nil {
		t.Fatalf("the other program cannot go on: %v", err)
	}
	old.Close()
	wantInClear(t, storetest.Locked(t, dir), 1)
}

func TestOneProgramMovesAtATime(t *testing.T) {
	dir := t.TempDir()
	clearAt(t, dir, 1)
	first := storetest.Locked(t, dir)
	if _, err := store.Open(ctx, dir); !fault.Is(err, fault.Conflict) {
		t.Fatalf("a second program got in: %v", err)
	}
	first.Close()
	wantInClear(t, storetest.Locked(t, dir), 1)
}

func TestTwoClearFilesAreRefusedAndKept(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	clearAt(t, other, 2)
	if err := os.Rename(filepath.Join(other, store.FileName), filepath.Join(dir, store.ClearName)); err != nil {
		t.Fatal(err)
	}
	clearAt(t, dir, 1)
	if _, err := store.Open(ctx, dir); !fault.Is(err, fault.Refused) {
		t.Fatalf("got %v", err)
	}
	if err := os.Remove(filepath.Join(dir, store.ClearName)); err != nil {
		t.Fatal(err)
	}
	wantInClear(t, storetest.Locked(t, dir), 1)
}

func TestClearRecordsEndWithTheTransactionThatSealsThem(t *testing.T) {
	for name, target := range targets() {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			clearAt(t, where, 3)
			db := storetest.At(t, where)
			no := errors.New("no")
			seal := func(tx *store.Tx) error {
				return tx.KeepEarlier(ctx, "test.move", []store.Entry{{Number: 1, Who: "ann"}})
			}
			err := db.Clear().Leave(ctx, "t", func(tx *store.Tx) error { return errors.Join(seal(tx), no) })
			if !errors.Is(err, no) {
				t.Fatal(err)
			}
			wantInClear(t, db, 3)
			if err := db.Clear().Leave(ctx, "t", seal); err != nil {
				t.Fatal(err)
			}
			if db.Clear() != nil {
				t.Error("it says that something lies in clear")
			}
			db.Close()
			if again := storetest.At(t, where); again.Clear() != nil {
				t.Error("something lies in clear")
			}
		})
	}
}

func TestADestroyedFileIsEmptyUnderEveryName(t *testing.T) {
	dir := t.TempDir()
	clearAt(t, dir, 3)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Link(filepath.Join(dir, store.FileName), link); err != nil {
		t.Fatal(err)
	}
	db := storetest.At(t, dir)
	err := db.Clear().Leave(ctx, "t", func(tx *store.Tx) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if body, err := os.ReadFile(link); err != nil || len(body) > 0 {
		t.Errorf("%d bytes are left: %v", len(body), err)
	}
	if there(dir, store.ClearName) || there(dir, "ward.gone.db") {
		t.Errorf("%v", files(t, dir))
	}
	storetest.WantUnseen(t, dir, "keyring", "secret-name")
}

// Two programs on one server: the one that comes second finds the work done.
func TestTheSecondToLeaveFindsNothing(t *testing.T) {
	where := storetest.Postgres(t)
	clearAt(t, where, 3)
	first, second := storetest.At(t, where), storetest.At(t, where)
	begun, ran := make(chan bool), false
	done := make(chan error)
	go func() {
		done <- first.Clear().Leave(ctx, "a", func(tx *store.Tx) error { close(begun); return noted(tx) })
	}()
	<-begun
	err := second.Clear().Leave(ctx, "b", func(tx *store.Tx) error { ran = true; return noted(tx) })
	if err != nil || ran || second.Clear() != nil {
		t.Errorf("the second moved (%v): %v", ran, err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func noted(tx *store.Tx) error {
	_, err := tx.Journal(ctx, "test.move", "", "")
	return err
}

// Every byte of a file is overwritten, whatever its length, and not with one and the same.
func TestOverwritingReachesEveryByte(t *testing.T) {
	const piece = 16
	for _, size := range []int{0, piece, 4096, 4096 + piece, 3<<20 + 4096 + piece} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, bytes.Repeat([]byte{'x'}, size), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := store.Overwrite(path); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(path)
		if err != nil || len(body) != size {
			t.Fatalf("%d bytes of %d: %v", len(body), size, err)
		}
		for i := range size / piece {
			if part := body[i*piece : (i+1)*piece]; bytes.Count(part, part[:1]) == piece {
				t.Fatalf("at %d of %d bytes stands %q", i*piece, size, part)
			}
		}
	}
}

// Who did what when stays readable; a digest that would confirm a guess does not.
func TestTheEarlierJournalStaysReadableWithItsDigestsSealed(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		list := make([]store.Entry, 30)
		for i := range list {
			list[i] = store.Entry{Number: int64(i + 1), At: time.UnixMicro(int64(1e9 + i)).UTC(), Who: "ann", Act: "import.batch", Subject: "r", Digest: "secret-name", Position: -1}
		}
		err := db.Write(ctx, "t", func(tx *store.Tx) error { return tx.KeepEarlier(ctx, "test.move", list) })
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			newest, err := tx.Earlier(ctx, 0, 10)
			if err != nil || len(newest) != 10 || newest[0] != list[29] || newest[9] != list[20] {
				t.Errorf("%v %v", newest, err)
			}
			next, err := tx.Earlier(ctx, newest[9].Number, 100)
			if err != nil || len(next) != 20 || next[0] != list[19] {
				t.Errorf("%v %v", next, err)
			}
			var seen int
			if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM journal_before WHERE who='ann' AND act='import.batch' AND subject='r'").Scan(&seen); err != nil || seen != 30 {
				t.Errorf("%d rows lie open: %v", seen, err)
			}
			var sealed []byte
			err = tx.QueryRow(ctx, "SELECT sealed FROM journal_before WHERE number=7").Scan(&sealed)
			if err != nil || bytes.Contains(sealed, []byte("secret-name")) {
				t.Errorf("a digest lies in clear: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
