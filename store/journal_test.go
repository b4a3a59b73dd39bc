package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

// digest is a hash of invented words.
func digest(words string) tlog.Hash { return tlog.TreeHash([][]byte{[]byte(words)}) }

// journalled writes a row of each kind: of a subject without a key, of one with its own, a batch, and a public one.
func journalled(t testing.TB, db *store.DB) (numbers map[string]int64) {
	t.Helper()
	numbers = map[string]int64{}
	err := db.Write(ctx, "ann", func(tx *store.Tx) (err error) {
		if _, err = tx.NewKeys(ctx, "subject-1", "many"); err != nil {
			return err
		}
		if numbers["workspace"], err = tx.Journal(ctx, "test.one", "nobody's", tlog.Hex(digest("a"))); err != nil {
			return err
		}
		if numbers["own"], err = tx.Journal(ctx, "test.two", "subject-1", tlog.Hex(digest("b"))); err != nil {
			return err
		}
		if numbers["batch"], err = tx.JournalBatch(ctx, "test.batch", "many", []tlog.Hash{digest("x"), digest("y"), digest("z")}); err != nil {
			return err
		}
		numbers["public"], err = tx.JournalPublic(ctx, "test.public", "open", `{"kind":"invented"}`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return numbers
}

// entry reads one journal row with what opens it.
func entry(t testing.TB, db *store.DB, number int64) (e store.Entry, o store.Opening, ok bool) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		list, err := tx.Since(ctx, number-1, 1)
		if err != nil || len(list) != 1 || list[0].Number != number {
			t.Fatalf("row %d: %v %+v", number, err, list)
		}
		e = list[0]
		o, ok, err = tx.Opening(ctx, number)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, o, ok
}

func TestARowsOpeningIsItsLeaf(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		numbers := journalled(t, db)
		for _, name := range []string{"workspace", "own", "batch"} {
			e, o, ok := entry(t, db, numbers[name])
			if !ok || o.Event.Leaf() != e.Leaf {
				t.Errorf("%s: %v, %x opens to %x", name, ok, e.Leaf, o.Event.Leaf())
			}
			if o.Event.Tenant != "ward/test" || o.Event.Who != "ann" || o.Event.Act != e.Act || o.Event.Subject != e.Subject || o.Event.Digest != e.Digest {
				t.Errorf("%s: %+v", name, o.Event)
			}
			if (o.Leaves != nil) != (name == "batch") {
				t.Errorf("%s has %d digests", name, len(o.Leaves))
			}
		}
		e, o, _ := entry(t, db, numbers["batch"])
		x, y, z := digest("x"), digest("y"), digest("z")
		if want := [][]byte{x[:], y[:], z[:]}; !slices.EqualFunc(o.Leaves, want, slices.Equal) || e.Digest != tlog.Hex(tlog.TreeHash(want)) {
			t.Errorf("the batch commits to %x under %s", o.Leaves, e.Digest)
		}
		e, _, ok := entry(t, db, numbers["public"])
		if ok || e.Leaf != tlog.PublicLeaf([]byte(`{"kind":"invented"}`)) || e.Body != `{"kind":"invented"}` {
			t.Errorf("public: %v %+v", ok, e)
		}
	})
}

// Somebody with the file changes what a row says; its leaf stays what it was, and the log holds the leaf.
func TestAChangedRowNoLongerOpensItsLeaf(t *testing.T) {
	for column, value := range map[string]any{"who": "bea", "at": 1000000, "act": "test.another", "subject": "somebody", "digest": tlog.Hex(digest("another"))} {
		t.Run(column, func(t *testing.T) {
			storetest.Open(t, func(t *testing.T, db *store.DB) {
				numbers := journalled(t, db)
				for _, name := range []string{"workspace", "own", "batch"} {
					storetest.Change(t, db, "UPDATE journal SET "+column+"=$1 WHERE number=$2", value, numbers[name])
					if e, o, ok := entry(t, db, numbers[name]); !ok || o.Event.Leaf() == e.Leaf {
						t.Errorf("%s: the change is not found (%v)", name, ok)
					}
				}
			})
		})
	}
}

func TestAChangedBatchNoLongerHasItsDigest(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		number := journalled(t, db)["batch"]
		x, y := digest("x"), digest("y")
		storetest.Change(t, db, "UPDATE journal SET leaves=$1 WHERE number=$2", append(y[:], x[:]...), number)
		e, o, ok := entry(t, db, number)
		if !ok || tlog.Hex(tlog.TreeHash(o.Leaves)) == e.Digest {
			t.Errorf("the change is not found (%v)", ok)
		}
	})
}

// A row with another's leaf, or another's secret, does not open at all.
func TestARowWithAnothersLeafOrSecretDoesNotOpen(t *testing.T) {
	for _, column := range []string{"leaf", "secret"} {
		t.Run(column, func(t *testing.T) {
			storetest.Open(t, func(t *testing.T, db *store.DB) {
				a, b := journalled(t, db)["workspace"], another(t, db)
				storetest.Change(t, db, "UPDATE journal SET "+column+"=(SELECT "+column+" FROM journal WHERE number=$1) WHERE number=$2", a, b)
				err := db.Read(ctx, func(tx *store.Tx) error { _, _, err := tx.Opening(ctx, b); return err })
				if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "altered or misdirected") {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// another writes one row more.
func another(t testing.TB, db *store.DB) (number int64) {
	t.Helper()
	err := db.Write(ctx, "ann", func(tx *store.Tx) (err error) {
		number, err = tx.Journal(ctx, "test.one", "nobody's", tlog.Hex(digest("a")))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func TestAnErasedSubjectsRowKeepsItsLeafAndNeverOpens(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		numbers := journalled(t, db)
		before, _, _ := entry(t, db, numbers["own"])
		storetest.Erase(t, db, "subject-1")
		if e, _, ok := entry(t, db, numbers["own"]); ok || e.Leaf != before.Leaf || e.Number != before.Number {
			t.Errorf("%v, %+v", ok, e)
		}
		if _, _, ok := entry(t, db, numbers["workspace"]); !ok {
			t.Error("another row was erased with it")
		}
		var left int
		err := db.Read(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(ctx, "SELECT COUNT(*) FROM journal WHERE number=$1 AND secret IS NOT NULL", numbers["own"]).Scan(&left)
		})
		if err != nil || left != 0 {
			t.Errorf("%v: the sealed secret is still there", err)
		}
		err = db.Write(ctx, "t", func(tx *store.Tx) error {
			if had, err := tx.Destroy(ctx, "subject-1", "again"); had || err != nil {
				t.Errorf("destroyed again: %v %v", had, err)
			}
			erased, err := tx.Erased(ctx)
			if err != nil || len(erased) != 1 || erased[0].Subject != "subject-1" || erased[0].Reason != "request" || erased[0].At.IsZero() {
				t.Errorf("%v %v", err, erased)
			}
			_, err = tx.Journal(ctx, "test", "", "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A batch commits to many subjects: erasing the one it is named after must not take their proofs.
func TestABatchOpensAfterItsOwnSubjectIsErased(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		number := journalled(t, db)["batch"]
		storetest.Erase(t, db, "many")
		if e, o, ok := entry(t, db, number); !ok || o.Event.Leaf() != e.Leaf || len(o.Leaves) != 3 {
			t.Errorf("%v, %d digests", ok, len(o.Leaves))
		}
	})
}

func TestTheJournalCountsWithoutGapsAndIsReadInPages(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		for i := range 7 {
			err := db.Write(ctx, "t", func(tx *store.Tx) error {
				next, err := tx.Next(ctx)
				if err != nil {
					return err
				}
				number, err := tx.Journal(ctx, "test.count", fmt.Sprint(i%2), "")
				if number != next || number != int64(i+2) { // the workspace was founded before
					t.Errorf("row %d was announced as %d", number, next)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err := db.Read(ctx, func(tx *store.Tx) error {
			last, err := tx.Last(ctx)
			if err != nil || last != 8 {
				t.Errorf("%v, the last is %d", err, last)
			}
			for _, c := range []struct {
				read func() ([]store.Entry, error)
				want []int64
			}{
				{func() ([]store.Entry, error) { return tx.Since(ctx, 0, 3) }, []int64{1, 2, 3}},
				{func() ([]store.Entry, error) { return tx.Since(ctx, 6, 3) }, []int64{7, 8}},
				{func() ([]store.Entry, error) { return tx.Before(ctx, 0, 2) }, []int64{8, 7}},
				{func() ([]store.Entry, error) { return tx.Before(ctx, 3, 9) }, []int64{2, 1}},
				{func() ([]store.Entry, error) { return tx.History(ctx, "1") }, []int64{3, 5, 7}},
			} {
				list, err := c.read()
				var got []int64
				for _, e := range list {
					got = append(got, e.Number)
				}
				if err != nil || !slices.Equal(got, c.want) {
					t.Errorf("%v, %v, want %v", err, got, c.want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestALockedWorkspaceNeitherJournalsNorOpens(t *testing.T) {
	for name, target := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return t.TempDir() }, "postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			number := journalled(t, storetest.At(t, where))["own"]
			locked := storetest.Locked(t, where)
			for what, err := range map[string]error{
				"Journal":       locked.Write(ctx, "t", func(tx *store.Tx) error { _, err := tx.Journal(ctx, "test", "", ""); return err }),
				"JournalBatch":  locked.Write(ctx, "t", func(tx *store.Tx) error { _, err := tx.JournalBatch(ctx, "test", "", nil); return err }),
				"JournalPublic": locked.Write(ctx, "t", func(tx *store.Tx) error { _, err := tx.JournalPublic(ctx, "test", "", "{}"); return err }),
				"NewKeys":       locked.Write(ctx, "t", func(tx *store.Tx) error { _, err := tx.NewKeys(ctx, "x"); return err }),
				"Opening":       locked.Read(ctx, func(tx *store.Tx) error { _, _, err := tx.Opening(ctx, number); return err }),
				"Keys":          locked.Read(ctx, func(tx *store.Tx) error { _, err := tx.Keys(ctx, "subject-1"); return err }),
				"Secret":        locked.Read(ctx, func(tx *store.Tx) error { _, err := tx.Secret("log"); return err }),
			} {
				if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "locked") {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}
