package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

// member is one caller of a group in a test.
type member struct {
	ctx context.Context
	fn  func(tx *store.Tx) error
}

// sqlite opens a workspace whose groups end only when nobody waits.
func sqlite(t *testing.T) *store.DB {
	t.Helper()
	db := storetest.At(t, t.TempDir())
	db.Bound(1000, time.Hour, 1000)
	return db
}

// together lets members write as one group, in order, and gives what each was told.
func together(t *testing.T, db *store.DB, members ...member) []error {
	t.Helper()
	errs := make([]error, len(members))
	done := make(chan bool)
	release := holdPen(t, db)
	for i, m := range members {
		go func() {
			defer func() { done <- true }()
			defer func() {
				if p := recover(); p != nil {
					errs[i] = fmt.Errorf("panic: %v", p)
				}
			}()
			errs[i] = db.Write(m.ctx, "t", m.fn)
		}()
		waitFor(t, func() bool { return db.Queued() == i+1 })
	}
	release()
	for range members {
		<-done
	}
	return errs
}

// holdPen keeps everybody waiting until it is released.
func holdPen(t *testing.T, db *store.DB) (release func()) {
	t.Helper()
	held, let, gone := make(chan bool), make(chan bool), make(chan bool)
	go func() {
		defer close(gone)
		if err := db.Try(ctx, "holder", func(*store.Tx) error { close(held); <-let; return nil }); err != nil {
			t.Error(err)
		}
	}()
	<-held
	return func() { close(let); <-gone }
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for range 100_000 {
		if ok() {
			return
		}
		time.Sleep(100 * time.Microsecond)
	}
	t.Fatal("waited in vain")
}

// adds writes a source and its journal row.
func adds(id string) member {
	return member{ctx, func(tx *store.Tx) error { return addTo(tx, id) }}
}

func addTo(tx *store.Tx, id string) error {
	if err := put(tx, id); err != nil {
		return err
	}
	_, err := tx.Journal(ctx, "test.put", id, "00")
	return err
}

// list gives the sources and the subjects of the journal rows made with them, in order of their numbers.
func list(t *testing.T, db *store.DB) (records, journal []string) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, "SELECT series FROM source ORDER BY series")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			records = append(records, s)
		}
		entries, err := tx.Since(ctx, 0, 1_000_000)
		for i, e := range entries {
			if e.Number != int64(i+1) {
				t.Errorf("row %d has number %d", i+1, e.Number)
			}
			if e.Act == "test.put" {
				journal = append(journal, e.Subject)
			}
		}
		return errors.Join(err, rows.Err())
	})
	if err != nil {
		t.Fatal(err)
	}
	return records, journal
}

func wantList(t *testing.T, db *store.DB, want ...string) {
	t.Helper()
	records, journal := list(t, db)
	if !slices.Equal(records, want) || !slices.Equal(journal, want) {
		t.Errorf("records %v, journal %v, want %v", records, journal, want)
	}
}

func TestAMemberThatFailsTakesOnlyItsOwnWritesBack(t *testing.T) {
	db := sqlite(t)
	stopped, cancel := context.WithCancel(ctx)
	midway, stop := context.WithCancel(ctx)
	cancelled := member{stopped, func(*store.Tx) error { t.Error("a cancelled caller's function ran"); return nil }}
	members := []member{
		adds("a"),
		{ctx, func(tx *store.Tx) error { return errors.Join(addTo(tx, "error"), errors.New("no")) }},
		adds("b"),
		adds("a"),
		adds("c"),
		{ctx, func(tx *store.Tx) error { return put(tx, "silent") }},
		adds("d"),
		{ctx, func(tx *store.Tx) error { addTo(tx, "panic"); panic("oh") }},
		adds("e"),
		{ctx, func(tx *store.Tx) error { addTo(tx, "exit"); runtime.Goexit(); return nil }},
		{midway, func(tx *store.Tx) error {
			if err := addTo(tx, "midway"); err != nil {
				return err
			}
			stop()
			_, err := tx.Exec(midway, "DELETE FROM source")
			return err
		}},
		adds("f"),
		{ctx, func(tx *store.Tx) error { cancel(); return addTo(tx, "g") }},
		{ctx, func(tx *store.Tx) error { _, err := tx.Exec(ctx, "no such statement"); return err }},
		adds("h"),
	}
	want := []string{"", "no", "", "UNIQUE", "", "not journalled", "", "panic: oh", "", "", "context canceled", "", "", "syntax error", ""}
	members, want = append(members, cancelled), append(want, "context canceled")
	for i, err := range together(t, db, members...) {
		if (err == nil) != (want[i] == "") || err != nil && !strings.Contains(err.Error(), want[i]) {
			t.Errorf("member %d got %v, want %q", i, err, want[i])
		}
	}
	wantList(t, db, "a", "b", "c", "d", "e", "f", "g", "h")
}

// The end of a goroutine inside its function, which t.Fatal brings about, is a panic's twin.
func TestAMemberWhoseGoroutineEndsLetsTheOthersGoOn(t *testing.T) {
	db := sqlite(t)
	gone := make(chan bool)
	go func() {
		defer close(gone)
		db.Write(ctx, "t", func(tx *store.Tx) error { addTo(tx, "gone"); runtime.Goexit(); return nil })
		t.Error("the caller went on")
	}()
	<-gone
	if err := db.Write(ctx, "t", adds("a").fn); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, "a")
}

func TestNobodySeesAGroupBeforeItIsCommitted(t *testing.T) {
	db := sqlite(t)
	var told atomic.Int64
	looks := member{ctx, func(tx *store.Tx) error {
		var inside int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM source").Scan(&inside); err != nil || inside != 2 {
			t.Errorf("a member sees %d records of the members before it: %v", inside, err)
		}
		if n := sources(t, db); n != 0 {
			t.Errorf("%d records are visible before the commit", n)
		}
		if n := told.Load(); n > 0 {
			t.Errorf("%d callers were answered before the commit", n)
		}
		return addTo(tx, "c")
	}}
	release := holdPen(t, db)
	done := make(chan error, 3)
	for i, m := range []member{adds("a"), adds("b"), looks} {
		go func() {
			err := db.Write(ctx, "t", m.fn)
			told.Add(1)
			done <- err
		}()
		waitFor(t, func() bool { return db.Queued() == i+1 })
	}
	release()
	if err := errors.Join(<-done, <-done, <-done); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, "a", "b", "c")
}

// SQLite takes a whole transaction back by itself when a disk is full or fails; INSERT OR ROLLBACK makes it do so at will.
func TestAGroupThatIsLostAcknowledgesNobody(t *testing.T) {
	db := sqlite(t)
	if err := db.Write(ctx, "t", adds("a").fn); err != nil {
		t.Fatal(err)
	}
	var runs atomic.Int64
	counted := func(id string) member {
		return member{ctx, func(tx *store.Tx) error { runs.Add(1); return addTo(tx, id) }}
	}
	breaks := member{ctx, func(tx *store.Tx) error {
		tx.Exec(ctx, "INSERT OR ROLLBACK INTO source SELECT * FROM source")
		if err := put(tx, "alone"); err == nil {
			t.Error("a statement ran outside the transaction")
		}
		return nil
	}}
	for i, err := range together(t, db, counted("b"), counted("c"), breaks, counted("d")) {
		if i < 3 && !fault.Is(err, fault.Internal) || i == 3 && err != nil {
			t.Errorf("member %d got %v", i, err)
		}
	}
	if n := runs.Load(); n != 3 {
		t.Errorf("3 functions ran %d times", n)
	}
	wantList(t, db, "a", "d")
}

func TestAWaitingCallerCanLeave(t *testing.T) {
	db := sqlite(t)
	release := holdPen(t, db)
	leaving, leave := context.WithCancel(ctx)
	left := make(chan error)
	go func() { left <- db.Write(leaving, "t", adds("left").fn) }()
	waitFor(t, func() bool { return db.Queued() == 1 })
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := db.Queued(); n != 0 {
		t.Errorf("%d still queued", n)
	}
	release()
	wantList(t, db)
}

func TestACallerCancelledAfterItsTurnIsToldTheOutcome(t *testing.T) {
	db := sqlite(t)
	leaving, leave := context.WithCancel(ctx)
	errs := together(t, db, member{leaving, adds("a").fn}, member{ctx, func(tx *store.Tx) error { leave(); return addTo(tx, "b") }})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, "a", "b")
}

// SQLite answers an interrupted statement by taking back the whole transaction, which is not the caller's alone.
func TestACallerCancelledInAStatementHarmsNobody(t *testing.T) {
	db := sqlite(t)
	leaving, leave := context.WithCancel(ctx)
	long := member{leaving, func(tx *store.Tx) error {
		time.AfterFunc(5*time.Millisecond, leave) // the statement takes a hundred times as long
		_, err := tx.Exec(leaving, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 100000)
			INSERT INTO source SELECT 'long'||i, '', '', '', '', '', '', '', '' FROM n`)
		<-leaving.Done()
		return errors.Join(err, leaving.Err())
	}}
	for i, err := range together(t, db, adds("a"), long, adds("b")) {
		if (err == nil) != (i != 1) {
			t.Errorf("member %d got %v", i, err)
		}
	}
	wantList(t, db, "a", "b")
}

// A long member ends its group: those behind it wait for it and not for each other.
func TestAGroupTakesNobodyInPastItsBounds(t *testing.T) {
	for name, bound := range map[string]func(*store.DB){
		"members": func(db *store.DB) { db.Bound(2, time.Hour, 1000) },
		"work":    func(db *store.DB) { db.Bound(1000, 0, 1000) },
	} {
		t.Run(name, func(t *testing.T) {
			db := sqlite(t)
			release := holdPen(t, db)
			seen := make(chan int, 3)
			for i := range 3 {
				go db.Write(ctx, "t", func(tx *store.Tx) error {
					seen <- sources(t, db)
					return addTo(tx, fmt.Sprint(i))
				})
				waitFor(t, func() bool { return db.Queued() == i+1 })
			}
			bound(db)
			release()
			if first, third := <-seen+<-seen*0, <-seen; first != 0 || third < 2 {
				t.Errorf("the first saw %d committed, the third %d", first, third)
			}
			waitFor(t, func() bool { return sources(t, db) == 3 })
		})
	}
}

func TestADryRunSharesWithNobody(t *testing.T) {
	db := sqlite(t)
	release := holdPen(t, db)
	done := make(chan error, 3)
	write := func(id string) { done <- db.Write(ctx, "t", adds(id).fn) }
	go write("a")
	waitFor(t, func() bool { return db.Queued() == 1 })
	go func() {
		done <- db.Try(ctx, "t", func(tx *store.Tx) error {
			if n := sources(t, db); n != 1 {
				t.Errorf("%d records are committed before the dry run, want 1", n)
			}
			return addTo(tx, "dry")
		})
	}()
	waitFor(t, func() bool { return db.Queued() == 2 })
	go write("b")
	waitFor(t, func() bool { return db.Queued() == 3 })
	release()
	if err := errors.Join(<-done, <-done, <-done); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, "a", "b")
}

func TestATransactionIsOverWhenItsFunctionReturns(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		var kept *store.Tx
		if err := db.Write(ctx, "t", func(tx *store.Tx) error { kept = tx; return addTo(tx, "a") }); err != nil {
			t.Fatal(err)
		}
		if err := put(kept, "late"); !errors.Is(err, sql.ErrTxDone) {
			t.Errorf("a write after the end: %v", err)
		}
		wantList(t, db, "a")
	})
}

// Statements are kept prepared: one that is still being read must not be started again under its reader.
func TestAStatementCanRunWhileItsOwnRowsAreRead(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		err := db.Write(ctx, "t", func(tx *store.Tx) error {
			for _, id := range []string{"a", "b", "c"} {
				if err := addTo(tx, id); err != nil {
					return err
				}
			}
			outer := names(t, tx)
			if tx.Postgres() {
				outer.Close() // its connection answers one question at a time
				return nil
			}
			for _, want := range []string{"a", "b", "c"} {
				inner := names(t, tx) // left open: the end closes it
				var got, first string
				if !outer.Next() || !inner.Next() || outer.Scan(&got) != nil || inner.Scan(&first) != nil || got != want || first != "a" {
					t.Errorf("read %q and %q, want %q and a", got, first, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantList(t, db, "a", "b", "c")
	})
}

// A statement that is still being read would hold the connection to what the database was then.
func TestRowsLeftOpenEndWithTheirFunction(t *testing.T) {
	dir := t.TempDir()
	db, other := storetest.At(t, dir), storetest.At(t, dir)
	err := db.Write(ctx, "t", func(tx *store.Tx) error {
		err := errors.Join(addTo(tx, "a"), addTo(tx, "b"))
		names(t, tx).Next()
		return err
	})
	if err = errors.Join(err, other.Write(ctx, "t", adds("c").fn), db.Write(ctx, "t", adds("d").fn)); err != nil {
		t.Fatal(err)
	}
	wantList(t, db, "a", "b", "c", "d")
}

func names(t *testing.T, tx *store.Tx) *sql.Rows {
	t.Helper()
	rows, err := tx.Query(ctx, "SELECT series FROM source ORDER BY series")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// More different statements than are kept prepared, some longer than may be.
func TestManyDifferentStatementsRun(t *testing.T) {
	db := sqlite(t)
	for range 2 {
		err := db.Write(ctx, "t", func(tx *store.Tx) error {
			for i := range 300 {
				var n int
				query := fmt.Sprintf("SELECT %d %s", i, strings.Repeat(" ", i*200))
				if err := tx.QueryRow(ctx, query).Scan(&n); err != nil || n != i {
					return fmt.Errorf("%d is not %d: %w", n, i, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestCloseLetsThoseBeforeItFinish(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	release := holdPen(t, db)
	before, closed, after := make(chan error), make(chan error), make(chan error)
	go func() { before <- db.Write(ctx, "t", adds("a").fn) }()
	waitFor(t, func() bool { return db.Queued() == 1 })
	go func() { closed <- db.Close() }()
	waitFor(t, func() bool { return db.Queued() == 2 })
	go func() { after <- db.Write(ctx, "t", adds("late").fn) }()
	waitFor(t, func() bool { return db.Queued() == 3 })
	release()
	if err := errors.Join(<-before, <-closed); err != nil {
		t.Error(err)
	}
	if err := <-after; err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a write after Close: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, store.FileName+"-wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the write-ahead log is left behind: %v", err)
	}
	wantList(t, storetest.At(t, dir), "a")
}

// The pen writes the log back itself; were it to forget, the log would grow without end.
func TestTheLogIsWrittenBack(t *testing.T) {
	db := sqlite(t)
	db.Bound(1, 0, 20)
	begun := db.LogSize(t)
	for i := range 200 {
		if err := db.Write(ctx, "t", adds(fmt.Sprintf("%03d", i)).fn); err != nil {
			t.Fatal(err)
		}
	}
	if n := db.LogSize(t) - begun; n > 60*4096 {
		t.Errorf("the log has grown by %d bytes", n)
	}
}
