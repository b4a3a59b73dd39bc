package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

func TestAfterADiskFailureNobodyWritesAndOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	if err := db.Write(ctx, "t", adds("a").fn); err != nil {
		t.Fatal(err)
	}
	failed := db.FailDisk()
	select {
	case <-db.Stopped():
	default:
		t.Error("nobody was told to stop")
	}
	for _, err := range []error{failed, db.Write(ctx, "t", adds("b").fn), db.Try(ctx, "t", adds("b").fn), db.Close()} {
		if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "ward doctor") {
			t.Errorf("got %v", err)
		}
	}
	wantList(t, db, "a")

	reason, halted := store.Halted(dir)
	if !halted || strings.Contains(reason, "secret-name") || !strings.HasPrefix(reason, "20") {
		t.Errorf("halted %v: %q", halted, reason)
	}
	if _, err := store.Open(ctx, dir); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), reason) {
		t.Errorf("a halted workspace was opened: %v", err)
	}
	if err := store.ClearHalt(dir); err != nil {
		t.Fatal(err)
	}
	wantList(t, storetest.At(t, dir), "a")
}

func TestAGroupWhoseDiskFailsMidwayAcknowledgesNobody(t *testing.T) {
	db := sqlite(t)
	fails := member{ctx, func(tx *store.Tx) error { db.FailDisk(); db.FailDisk(); return nil }}
	for i, err := range together(t, db, adds("a"), fails, adds("b")) {
		if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "did not confirm") {
			t.Errorf("member %d got %v", i, err)
		}
	}
	wantList(t, db)
}

func TestAHaltedWorkspaceCanBeExaminedOnly(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	if err := db.Write(ctx, "t", adds("a").fn); err != nil {
		t.Fatal(err)
	}
	db.FailDisk()
	seen, err := store.Examine(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	wantList(t, seen, "a")
	if err := seen.Write(ctx, "t", adds("b").fn); !fault.Is(err, fault.Refused) {
		t.Errorf("got %v", err)
	}
	before, _ := os.Stat(filepath.Join(dir, store.FileName+"-wal"))
	seen.Close()
	after, err := os.Stat(filepath.Join(dir, store.FileName+"-wal"))
	if err != nil || after.Size() != before.Size() {
		t.Errorf("looking changed the files: %v", err)
	}
}

func TestAMarkerThatCannotBeReadHaltsToo(t *testing.T) {
	dir := t.TempDir()
	if _, halted := store.Halted(dir); halted {
		t.Error("a directory without a marker is halted")
	}
	if err := store.ClearHalt(dir); err != nil {
		t.Errorf("clearing nothing: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "HALTED"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, dir); !fault.Is(err, fault.Refused) {
		t.Errorf("got %v", err)
	}
}

// SQLite's own limit on pages is as good as a full disk.
func TestAFullDiskRefusesWritesAndHaltsNothing(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	limit := func(pages int) {
		t.Helper()
		err := db.Try(ctx, "t", func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count=%d", pages))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite takes the present size instead
	kept, err := fill(db, "full")
	if !fault.Is(err, fault.Limit) || !strings.Contains(err.Error(), "no space left") {
		t.Fatalf("after %d records: %v", len(kept), err)
	}
	wantList(t, db, kept...)
	if _, halted := store.Halted(dir); halted {
		t.Error("a full disk halted the workspace")
	}
	limit(1 << 30)
	if err := db.Write(ctx, "t", adds("then").fn); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, append(kept, "then")...)
	err = db.Write(ctx, "t", func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "INSERT OR ROLLBACK INTO source SELECT * FROM source")
		return err
	})
	if !fault.Is(err, fault.Internal) {
		t.Errorf("a later mishap is put down to the full disk: %v", err)
	}
}

// fill adds records until one is refused.
func fill(db *store.DB, prefix string) (kept []string, err error) {
	for i := range 100_000 {
		id := fmt.Sprintf("%s-%06d", prefix, i)
		if err = db.Write(ctx, "t", adds(id).fn); err != nil {
			return kept, err
		}
		kept = append(kept, id)
	}
	return kept, errors.New("the disk has no end")
}

// A connection that breaks in the middle of a commit leaves the question open, and the fault says so.
func TestACommitWithoutAnAnswerIsSaidToBeUnknown(t *testing.T) {
	address := storetest.Postgres(t)
	db := storetest.At(t, address)
	other, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	err = db.Write(ctx, "t", func(tx *store.Tx) error {
		var pid, ended int
		if err := tx.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			return err
		}
		if err := addTo(tx, "a"); err != nil {
			return err
		}
		if _, err := other.Exec("SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
			return err
		}
		return other.QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE pid=$1", pid).Scan(&ended)
	})
	if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "not known whether") {
		t.Errorf("got %v", err)
	}
	if err := db.Write(ctx, "t", adds("b").fn); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, "b")
}

func TestASecondServerIsTurnedAway(t *testing.T) {
	dir := t.TempDir()
	release, err := store.LockServer(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LockServer(dir); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "another server") {
		t.Errorf("got %v", err)
	}
	if _, err := store.LockServer(filepath.Join(dir, "missing")); !fault.Is(err, fault.Refused) {
		t.Errorf("got %v", err)
	}
	release()
	release, err = store.LockServer(dir)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
