package entry_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

var ctx = context.Background()

type grading struct {
	Grade string `json:"grade"`
	Note  string `json:"note,omitempty"`
}

func put(t *testing.T, db *store.DB, list ...entry.New) (ids []string) {
	t.Helper()
	err := db.Write(ctx, "coder 4", func(tx *store.Tx) (err error) {
		ids, err = entry.Add(ctx, tx, "commitment", list...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func all(t *testing.T, db *store.DB) (out []entry.Entry[grading]) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = entry.All[grading](ctx, tx, "commitment.grade")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// checked lists what the doctor would say of the entries.
func checked(t *testing.T, db *store.DB) (n int64, said []string) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		n, err = entry.Check(ctx, tx, func(int64) {}, func(which, what string) { said = append(said, which+" "+what) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, said
}

func TestEntriesComeBackInOrderWithWhoAndWhen(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{"C", "Qanarynote"}},
			entry.New{Kind: "commitment.grade", Subject: "b", Body: grading{Grade: "D"}}, entry.New{Kind: "other", Subject: "a", Body: grading{}})
		put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{Grade: "A"}})
		got := all(t, db)
		if len(got) != 3 || got[0].Body != (grading{"C", "Qanarynote"}) || got[0].By != "coder 4" || got[1].Subject != "b" || time.Since(got[0].At) > time.Minute {
			t.Errorf("%+v", got)
		}
		if last := entry.Latest(got); len(last) != 2 || last[0].Subject != "b" || last[1].Body.Grade != "A" {
			t.Errorf("latest: %+v", last)
		}
		err := db.Read(ctx, func(tx *store.Tx) error {
			of, err := entry.Of[grading](ctx, tx, "commitment.grade", "a")
			if len(of) != 2 {
				t.Errorf("of a: %+v", of)
			}
			return err
		})
		if n, said := checked(t, db); err != nil || n != 4 || len(said) > 0 {
			t.Errorf("%v, %d entries, %q", err, n, said)
		}
	})
}

// Whoever changes an entry by hand is found out, whatever they change.
func TestAChangedEntryIsNoticed(t *testing.T) {
	for name, change := range map[string]string{
		"subject":   "UPDATE entry SET subject='x'",
		"kind":      "UPDATE entry SET kind='x'",
		"journal":   "UPDATE entry SET journal=journal-1",
		"leaf":      "UPDATE entry SET leaf=1",
		"sealed":    "UPDATE entry SET sealed=X'00'",
		"emptied":   "UPDATE entry SET sealed=NULL",
		"gone":      "DELETE FROM entry",
		"exchanged": "UPDATE entry SET id=CASE leaf WHEN 0 THEN 'x' ELSE id END",
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.At(t, t.TempDir())
			put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{Grade: "C"}})
			storetest.Change(t, db, change)
			if _, said := checked(t, db); len(said) == 0 {
				t.Error("nothing was noticed")
			}
		})
	}
}

func TestAnErasedEntryIsGoneAndAddsUp(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		ids := put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{"C", "x"}}, entry.New{Kind: "commitment.grade", Subject: "b", Body: grading{Grade: "D"}})
		err := db.Write(ctx, "operator", func(tx *store.Tx) error {
			if _, err := tx.Destroy(ctx, ids[0], "error"); err != nil {
				return err
			}
			if _, err := tx.Journal(ctx, "erase", ids[0], ""); err != nil {
				return err
			}
			return entry.Erase(ctx, tx, ids[0])
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := all(t, db); len(got) != 1 || got[0].ID != ids[1] {
			t.Errorf("%+v", got)
		}
		if n, said := checked(t, db); n != 2 || len(said) > 0 {
			t.Errorf("%d %q", n, said)
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			found, err := entry.Find(ctx, tx, ids[0])
			if !found.Erased || found.Subject != "" {
				t.Errorf("%+v", found)
			}
			_, none := entry.Find(ctx, tx, "nothing")
			if !fault.Is(none, fault.NotFound) {
				t.Errorf("%v", none)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A body may gain a field later: what was committed to before reads as it did.
func TestABodyMayGainFields(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{Grade: "C"}})
	type later struct {
		grading
		Evidence []string `json:"evidence,omitempty"`
	}
	put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: later{grading{Grade: "B"}, []string{"x"}}})
	if got := all(t, db); len(got) != 2 || got[1].Body.Grade != "B" {
		t.Errorf("%+v", got)
	}
	if _, said := checked(t, db); len(said) > 0 {
		t.Error(said)
	}
}

// However many entries come together, no journal row commits to more than a batch of them.
func TestManyEntriesAreSeveralBatches(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	many := make([]entry.New, 2001)
	for i := range many {
		many[i] = entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{Note: strconv.Itoa(i)}}
	}
	if ids := put(t, db, many...); len(ids) != len(many) {
		t.Errorf("%d ids", len(ids))
	}
	for i, e := range all(t, db) {
		if e.Body.Note != strconv.Itoa(i) {
			t.Fatalf("entry %d is %s", i, e.Body.Note)
		}
	}
	err := db.Read(ctx, func(tx *store.Tx) error {
		var rows, longest int
		err := tx.QueryRow(ctx, "SELECT COUNT(*), MAX(LENGTH(leaves))/32 FROM journal WHERE act='entry.commitment'").Scan(&rows, &longest)
		if rows != 3 || longest != 1000 {
			t.Errorf("%d journal rows, the longest of %d", rows, longest)
		}
		return err
	})
	if n, said := checked(t, db); err != nil || n != 2001 || len(said) > 0 {
		t.Errorf("%v, %d entries, %q", err, n, said)
	}
}

func TestNothingOfAnEntryLiesOpen(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{"C", "Qanarynotezz"}})
	storetest.WantUnseen(t, dir, "commitment.grade", "Qanarynotezz")
}

func TestAnEntryNeedsASubjectAndAnObject(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	for _, bad := range []entry.New{{Kind: "x", Body: grading{}}, {Subject: "x", Body: grading{}}, {Kind: "x", Subject: "x", Body: []string{"a"}}, {Kind: "x", Subject: "x"}} {
		err := db.Write(ctx, "coder", func(tx *store.Tx) error {
			_, err := entry.Add(ctx, tx, "commitment", bad)
			return err
		})
		if !fault.Is(err, fault.Internal) || !slices.Contains([]string{"an entry"}, strings.Join(strings.Fields(err.Error())[:2], " ")) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
