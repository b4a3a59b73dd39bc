package desk_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/bundle"
	"ward/desk"
	"ward/exchange"
	"ward/fault"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

// wantPast checks that a workspace holds exactly this past, each record under its journal row, and nothing of it in clear.
func wantPast(t testing.TB, target string, p past) {
	t.Helper()
	wantSame(t, pastIn(t, target).lines(), p.lines())
	wantProvable(t, target)
	if strings.Contains(target, "://") {
		return
	}
	for _, name := range []string{store.ClearName, "ward.gone.db"} {
		if _, err := os.Stat(filepath.Join(target, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there (%v)", name, err)
		}
	}
}

// wantProvable checks that every report and incident stands in the batch that its journal row commits to.
func wantProvable(t testing.TB, target string) {
	t.Helper()
	p := pastIn(t, target)
	reading(t, target, func(tx *store.Tx) error {
		batches := map[int64][][]byte{}
		stands := func(number int64, leaf int, digest tlog.Hash) bool {
			if batches[number] == nil {
				o, ok, err := tx.Opening(ctx, number)
				if err != nil || !ok {
					t.Fatalf("journal row %d cannot be opened: %v", number, err)
				}
				if o.Event.Digest != tlog.Hex(tlog.TreeHash(o.Leaves)) || o.Event.Act != "workspace.move" {
					t.Fatalf("journal row %d: %s %s", number, o.Event.Act, o.Event.Digest)
				}
				batches[number] = o.Leaves
			}
			return leaf < len(batches[number]) && string(batches[number][leaf]) == string(digest[:])
		}
		for _, r := range p.reports {
			if !stands(r.Journal, r.Leaf, r.Commitment()) {
				t.Fatalf("report %s does not stand at %d of row %d", r.ID, r.Leaf, r.Journal)
			}
		}
		for _, inc := range p.incidents {
			if !stands(inc.Journal, inc.Leaf, inc.Commitment()) {
				t.Fatalf("incident %s does not stand at %d of row %d", inc.ID, inc.Leaf, inc.Journal)
			}
		}
		return nil
	})
}

func TestWhatLiesInClearIsSealedWhole(t *testing.T) {
	p := pastOf(t, 2300)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		open(t, target).Close()
		wantPast(t, target, p)
		open(t, target).Close() // and not once more
		wantPast(t, target, p)
		for _, c := range doctor(t, at(t, target), desk.DoctorOptions{}) {
			if c.Light == desk.Red && c.Name != "database" { // a server for tests does without fsync
				t.Errorf("the doctor finds: %+v", c)
			}
		}
	})
}

// What was moved can be proved as what was imported can, down to the import that read it.
func TestAMovedRecordCanBeProved(t *testing.T) {
	p := pastOf(t, 100)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		d := open(t, target)
		if _, err := d.FlushLog(ctx, access.Local()); err != nil {
			t.Fatal(err)
		}
		for _, inc := range p.incidents[:5] {
			r, _ := bundled(t, d, inc.PublicID, desk.BundleOptions{})
			if r.Code != bundle.Holds || len(r.Failures) > 0 || shownOf(r, "incident") == nil || shownOf(r, "report") == nil || shownOf(r, "run") == nil {
				t.Errorf("%+v", r)
			}
		}
	})
}

// What was moved must go on as if nothing had happened: the broken-off import is taken up again, a repeated file changes nothing, a
// repeated description is seen.
func TestAMovedWorkspaceGoesOn(t *testing.T) {
	p := pastOf(t, 1500)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		d := open(t, target)
		x := many(t, 1500)
		set(&x, x.rows[5], "Health Workers Killed", "6")
		set(&x, x.rows[6], "Event Description", longer)
		x.rows = slices.Delete(x.rows, 20, 30)
		set(&x, x.rows[7], "Health Workers Killed", "7")
		rest := take(t, d, write(t, x.csv()), desk.ImportOptions{})
		if rest.Resumed != 1000 || rest.Run != p.runs[len(p.runs)-1].ID {
			t.Errorf("%+v", rest)
		}
		again := take(t, d, write(t, x.csv()), desk.ImportOptions{})
		if again.New != 0 || again.Changed != 0 || again.Gone != 0 {
			t.Errorf("%+v", again.Progress)
		}
		y := x.clone() // somebody took the longer description out of the file and tells it under another id
		y.rows = append(slices.Delete(y.rows, 6, 7), sind(t, with(x.cells(6), "SiND Event ID", "99999")).rows...)
		take(t, d, write(t, y.csv()), desk.ImportOptions{})
		if flags := theIncident(t, target, p.incidents[0].Namespace+":99999").Flags; !slices.Contains(flags, exchange.FlagTextRepeated) {
			t.Errorf("the repeated description is not seen: %v", flags)
		}
	})
}

// cells are a row by label.
func (x table) cells(row int) cells {
	out := cells{}
	for i, label := range x.head {
		out[label] = x.rows[row][i]
	}
	return out
}

func TestNoWordStaysInClear(t *testing.T) {
	p := pastOf(t, 200)
	p.plant(t)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		words := append(storetest.Spellings(canary), p.guesses()...)
		for _, word := range append(p.guesses(), canary) {
			if !lies(t, target, word) {
				t.Fatalf("%q is not found before: nothing is searched", word)
			}
		}
		d := open(t, target)
		look := func(when string) {
			for _, word := range words {
				if lies(t, target, word) {
					t.Errorf("%q lies in clear %s", word, when)
				}
			}
		}
		look("while the workspace is open")
		wantPast(t, target, p)
		d.Close()
		look("afterwards")
		if !lies(t, target, p.runs[0].ID) {
			t.Error("an import's id, which lies open, is not found: nothing is searched")
		}
	})
}

// lies reports that a word lies in any byte of a workspace's directory, or in any column of its tables.
func lies(t testing.TB, target, word string) bool {
	t.Helper()
	if !strings.Contains(target, "://") {
		return storetest.Holding(t, target, word) != nil
	}
	db, err := sql.Open("pgx", target)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT tablename FROM pg_tables WHERE schemaname=current_schema()")
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	for _, name := range tables {
		var n int
		query := "SELECT COUNT(*) FROM " + name + " x WHERE strpos(x::text, $1) > 0"
		if strings.ContainsRune(word, 0) {
			continue // no text of PostgreSQL holds one
		}
		if err := db.QueryRow(query, word).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return true
		}
	}
	return false
}

func TestAnEmptyClearWorkspaceIsReplaced(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		storetest.Clear(t, target).Close()
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-01-10")), 1, 0, 0, 0)
		d.Close()
		open(t, target).Close()
		if n := len(incidents(t, target)); n != 1 {
			t.Errorf("%d incidents", n)
		}
	})
}

func TestMovingIsToldFromBeforeThePassphraseToTheEnd(t *testing.T) {
	p := pastOf(t, 1200)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		var told []int
		w := at(t, target)
		asked := w.Passphrase
		w.Passphrase = func(fresh bool) ([]byte, error) {
			if !slices.Equal(told, []int{0}) || !fresh {
				t.Errorf("told %v before the passphrase (fresh: %v)", told, fresh)
			}
			return asked(fresh)
		}
		total := 0
		w.Moving = func(done, of int) { told, total = append(told, done), of }
		d, err := desk.Open(ctx, w)
		if err != nil {
			t.Fatal(err)
		}
		d.Close()
		if !slices.IsSorted(told) || told[len(told)-1] != total || total < len(p.reports)+len(p.incidents) || len(told) < 5 {
			t.Errorf("told %v of %d", told, total)
		}
	})
}

// A clear record that does not fit the others is not moved, and nothing is: the whole stays in clear until somebody has looked.
func TestWhatDoesNotPassTheCheckStaysInClear(t *testing.T) {
	p := pastOf(t, 150)
	p.plant(t)
	each(t, func(t *testing.T, target string) {
		for name, spoil := range map[string]string{
			"the report":   "UPDATE report SET digest='00' WHERE id='" + p.reports[3].ID + "'",
			"the incident": "UPDATE incident SET counts='worker.killed=88' WHERE id='" + p.incidents[9].ID + "'",
		} {
			t.Run(name, func(t *testing.T) {
				where := t.TempDir()
				if strings.Contains(target, "://") {
					where = storetest.Postgres(t)
				}
				p.write(t, where)
				alter(t, where, spoil)
				_, err := desk.Open(ctx, at(t, where))
				wantFault(t, err, fault.Internal, name, "as it was")
				if strings.Contains(err.Error(), canary) {
					t.Errorf("the error tells what lies in clear: %v", err)
				}
				_, err = desk.Open(ctx, at(t, where)) // nor at the second attempt
				wantFault(t, err, fault.Internal, name)
				if !lies(t, where, canary) {
					t.Error("the clear records are gone")
				}
			})
		}
	})
}

// alter runs a statement over a database of the first version.
func alter(t testing.TB, target, statement string) {
	t.Helper()
	driver, address := "pgx", target
	if !strings.Contains(target, "://") {
		driver, address = "sqlite", filepath.Join(target, store.FileName)
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := db.Exec(statement)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d rows changed: %v", n, err)
	}
}

// Each of these is what a crash leaves at one step of a move. The next start must come to the same end.
func TestAMoveGoesOnFromWhereverItStopped(t *testing.T) {
	p := pastOf(t, 200)
	p.plant(t)
	first := t.TempDir()
	p.write(t, first)
	before, err := os.ReadFile(filepath.Join(first, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	type files struct {
		*testing.T
		dir string
	}
	put := func(f files, name string, body []byte) {
		if err := os.WriteFile(filepath.Join(f.dir, name), body, 0o600); err != nil {
			f.Fatal(err)
		}
	}
	begin := func(f files) { // set aside, and a new file founded
		put(f, store.ClearName, before)
		storetest.At(f.T, f.dir).Close()
	}
	finish := func(f files) { // sealed and checked
		put(f, store.FileName, before)
		open(f.T, f.dir).Close()
	}
	noise := func(n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = byte(rand.Uint32())
		}
		return out
	}
	for name, leave := range map[string]func(files){
		"nothing done":                func(f files) { put(f, store.FileName, before) },
		"the lock taken":              func(f files) { put(f, store.FileName, before); put(f, "move.lock", nil) },
		"the log half overwritten":    func(f files) { put(f, store.FileName, before); put(f, store.FileName+"-wal", noise(9000)) },
		"set aside":                   func(f files) { put(f, store.ClearName, before) },
		"a new file begun":            func(f files) { put(f, store.ClearName, before); put(f, store.FileName, nil) },
		"a new file made":             func(f files) { put(f, store.ClearName, before); storetest.Locked(f.T, f.dir).Close() },
		"its keys founded":            begin,
		"sealed, and not yet renamed": func(f files) { finish(f); put(f, store.ClearName, before) },
		"renamed":                     func(f files) { finish(f); put(f, "ward.gone.db", before) },
		"half overwritten": func(f files) {
			finish(f)
			put(f, "ward.gone.db", append(noise(len(before)/2), before[len(before)/2:]...))
		},
		"overwritten and cut": func(f files) { finish(f); put(f, "ward.gone.db", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			f := files{t, t.TempDir()}
			leave(f)
			open(t, f.dir).Close()
			wantPast(t, f.dir, p)
			if lies(t, f.dir, canary) {
				t.Error("something lies in clear")
			}
		})
	}
}

// A clear file that somebody puts back must not be taken for the one that was moved, and its records never be destroyed unmoved.
func TestAnotherClearFileIsNotDestroyed(t *testing.T) {
	p := pastOf(t, 120)
	dir, other := t.TempDir(), t.TempDir()
	p.write(t, dir)
	open(t, dir).Close()
	held := pastIn(t, dir).lines()
	p.plant(t)
	p.write(t, other)
	if err := os.Rename(filepath.Join(other, store.FileName), filepath.Join(dir, store.ClearName)); err != nil {
		t.Fatal(err)
	}
	_, err := desk.Open(ctx, at(t, dir))
	wantFault(t, err, fault.Internal, "as sealed is not the one in clear")
	if !lies(t, dir, canary) {
		t.Error("it is destroyed")
	}
	if err := os.Remove(filepath.Join(dir, store.ClearName)); err != nil {
		t.Fatal(err)
	}
	open(t, dir).Close()
	wantSame(t, pastIn(t, dir).lines(), held)
}

func TestACancelledMoveBeginsAgain(t *testing.T) {
	p := pastOf(t, 1100)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		w := at(t, target)
		stop, cancel := context.WithCancel(ctx)
		w.Moving = func(done, total int) {
			if done > total/3 {
				cancel()
			}
		}
		if _, err := desk.Open(stop, w); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		open(t, target).Close()
		wantPast(t, target, p)
	})
}

// Two programs come at once: one moves, and the other waits for it or is told to come back.
func TestOfTwoProgramsOneMoves(t *testing.T) {
	p := pastOf(t, 300)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		w := at(t, target)
		errs := make(chan error)
		for range 2 {
			go func() {
				d, err := desk.Open(ctx, w)
				if err == nil {
					err = d.Close()
				}
				errs <- err
			}()
		}
		opened := 0
		for range 2 {
			switch err := <-errs; {
			case err == nil:
				opened++
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		}
		if opened == 0 {
			open(t, target).Close() // each was in the other's way
		}
		wantPast(t, target, p)
	})
}
