package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

// dump is everything in a database, a line for each row, but for the names of migration files, which differ.
func dump(t *testing.T, db *store.DB) (out []string) {
	t.Helper()
	ctx := context.Background()
	err := db.Read(ctx, func(tx *store.Tx) error {
		for _, name := range []string{"setting", "keyring", "subject_key", "journal", "log_state", "log_leaf", "source", "import_run", "access_log", "tombstone"} {
			rows, err := tx.Query(ctx, "SELECT * FROM "+name)
			if err != nil {
				return err
			}
			names, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				values, into := make([]any, len(names)), make([]any, len(names))
				for i := range values {
					into[i] = &values[i]
				}
				if err := rows.Scan(into...); err != nil {
					return err
				}
				out = append(out, name+" "+spelled(values))
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// spelled writes a row so that text, bytes and NULL are told apart.
func spelled(values []any) string {
	var b strings.Builder
	for _, v := range values {
		switch v := v.(type) {
		case []byte:
			fmt.Fprintf(&b, "x'%x' ", v)
		default:
			fmt.Fprintf(&b, "%#v ", v)
		}
	}
	return b.String()
}

// filled is a workspace with a row of each kind of value: empty and full bytes, NULL, text beyond ASCII, numbers beyond 32 bits.
func filled(t *testing.T, db *store.DB) {
	t.Helper()
	ctx := context.Background()
	err := db.Write(ctx, "Á ‮ author", func(tx *store.Tx) error {
		for _, q := range []string{
			"INSERT INTO source (series,namespace,title,publisher,licence,redistribute,scope,reliability,caveats) VALUES ('s','n','','پزشک','','yes','health','B','two\nlines')",
			"INSERT INTO import_run (id,series,profile,layout,started,finished,progress,sealed) VALUES ('r','s','','',9007199254740993,NULL,'{}',NULL)",
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, "INSERT INTO log_state (id,size,hour,number,checkpoint) VALUES (1,0,0,0,$1)", []byte{}); err != nil {
			return err
		}
		if err := tx.NoteReading(ctx, store.Reading{Place: "page", Subject: "x", Tier: "T0"}); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "test.fill", "x", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func snapshot(t *testing.T, db *store.DB) *store.DB {
	t.Helper()
	dir := t.TempDir()
	if err := db.Snapshot(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	return storetest.At(t, dir)
}

// What goes from one database to the other and back is the same in every row and every column.
func TestASnapshotHoldsTheSameOnBothDatabases(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		filled(t, db)
		want := dump(t, db)
		if len(want) < 8 {
			t.Fatalf("only %d rows: nothing is compared", len(want))
		}
		copied := snapshot(t, db)
		if got := dump(t, copied); !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestASnapshotIsLoadedIntoPostgresAndBack(t *testing.T) {
	ctx := context.Background()
	first := storetest.At(t, t.TempDir())
	filled(t, first)
	want := dump(t, first)
	there, err := store.Open(ctx, storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { there.Close() })
	if err := there.Load(ctx, snapshot(t, first)); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, there); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if err := storetest.Unlock(ctx, there); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, snapshot(t, there)); !slices.Equal(got, want) {
		t.Error("on the way back something changed")
	}
	if err := there.Load(ctx, first); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "holds a workspace") {
		t.Errorf("loaded over a workspace: %v", err)
	}
}

// Whatever was acknowledged before the snapshot began is in it, and no transaction is in it by half.
func TestASnapshotWhileOthersWrite(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		ctx, stop := context.WithCancel(context.Background())
		var mu sync.Mutex
		acknowledged := map[string]bool{}
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					name := fmt.Sprintf("w%d.%d", w, i)
					err := db.Write(ctx, "t", func(tx *store.Tx) error {
						for _, half := range []string{".a", ".b"} {
							if err := tx.SetSetting(ctx, name+half, "x"); err != nil {
								return err
							}
						}
						_, err := tx.Journal(ctx, "test.pair", name, "")
						return err
					})
					if err != nil {
						return
					}
					mu.Lock()
					acknowledged[name] = true
					mu.Unlock()
				}
			})
		}
		for range 5 {
			mu.Lock()
			before := make([]string, 0, len(acknowledged))
			for name := range acknowledged {
				before = append(before, name)
			}
			mu.Unlock()
			whole(t, snapshot(t, db), before)
		}
		stop()
		writers.Wait()
		if len(acknowledged) < 50 {
			t.Errorf("only %d writes: nothing happened meanwhile", len(acknowledged))
		}
	})
}

func whole(t *testing.T, db *store.DB, acknowledged []string) {
	t.Helper()
	ctx := context.Background()
	have := map[string]int{}
	err := db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, "SELECT name FROM setting WHERE name LIKE 'w%' UNION ALL SELECT subject FROM journal WHERE act='test.pair'")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			have[strings.TrimSuffix(strings.TrimSuffix(name, ".a"), ".b")]++
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range have {
		if n != 3 {
			t.Errorf("%s is there by %d of 3", name, n)
		}
	}
	for _, name := range acknowledged {
		if have[name] == 0 {
			t.Errorf("%s was acknowledged before and is missing", name)
		}
	}
}

// Examining changes no byte, also where a program died and left its log behind, and nobody can write by it.
func TestExaminingChangesNothing(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	db := storetest.At(t, dir)
	filled(t, db)
	left := t.TempDir() // the files as a crash leaves them
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(left, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := dump(t, db)
	before := bytesOf(t, left)
	e, err := store.Examine(ctx, left)
	if err != nil {
		t.Fatal(err)
	}
	if got := dump(t, e); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	err = e.Write(ctx, "t", func(tx *store.Tx) error { return nil })
	if !fault.Is(err, fault.Refused) {
		t.Errorf("a write: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if after := bytesOf(t, left); after != before {
		t.Error("the files changed")
	}
	if _, err := store.Examine(ctx, filepath.Join(left, "nowhere")); !fault.Is(err, fault.NotFound) {
		t.Errorf("a workspace that is not there: %v", err)
	}
}

func bytesOf(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(body)
	}
	return all.String()
}

func TestAReadOnlyWorkspaceTakesNothingUntilItIsLifted(t *testing.T) {
	for name, target := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return t.TempDir() }, "postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			where := target(t)
			first := storetest.At(t, where)
			note := func(fn func(tx *store.Tx) error) func(*store.Tx) error {
				return func(tx *store.Tx) error {
					if err := fn(tx); err != nil {
						return err
					}
					_, err := tx.Journal(ctx, "test", "x", "")
					return err
				}
			}
			nothing := note(func(*store.Tx) error { return nil })
			if err := first.Write(ctx, "t", note(func(tx *store.Tx) error { return tx.Freeze(ctx, "16 of 32") })); err != nil {
				t.Fatal(err)
			}
			db, other := storetest.At(t, where), storetest.At(t, where)
			if err := db.Write(ctx, "t", nothing); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "read-only") || !db.Frozen() {
				t.Errorf("a write: %v", err)
			}
			if err := db.Amend(ctx, "t", note(func(tx *store.Tx) error { return tx.Thaw(ctx) })); err != nil {
				t.Error(err)
			}
			for _, d := range []*store.DB{db, other} {
				if err := d.Write(ctx, "t", nothing); err != nil || d.Frozen() {
					t.Errorf("after it was lifted: %v", err)
				}
			}
		})
	}
}
