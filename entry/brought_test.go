package entry_test

import (
	"encoding/json"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/store"
	"ward/store/storetest"
)

// carried are the entries about "a" as they travel, and bring puts them on record somewhere.
func carried(t *testing.T, db *store.DB) (out []entry.Brought) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) (err error) { out, err = entry.Carry(ctx, tx, "a"); return err })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func bring(db *store.DB, list []entry.Brought) (added []string, err error) {
	err = db.Write(ctx, "who brings", func(tx *store.Tx) (err error) { added, err = entry.Bring(ctx, tx, "commitment", list); return err })
	return added, err
}

func TestWhatIsBroughtKeepsWhoAndWhenAndComesOnce(t *testing.T) {
	from := storetest.At(t, t.TempDir())
	put(t, from, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{"C", "x"}}, entry.New{Kind: "commitment.grade", Subject: "b", Body: grading{Grade: "D"}})
	list := carried(t, from)
	storetest.Open(t, func(t *testing.T, to *store.DB) {
		for round, want := range []int{1, 0} {
			added, err := bring(to, append(list, list...))
			if err != nil || len(added) != want {
				t.Fatalf("round %d: %v, %v", round, added, err)
			}
		}
		got, was := all(t, to), all(t, from)[0]
		if len(got) != 1 || got[0].ID != was.ID || got[0].By != "coder 4" || !got[0].At.Equal(was.At) || got[0].Body != was.Body {
			t.Errorf("%+v, want %+v", got, was)
		}
		if n, said := checked(t, to); n != 1 || len(said) > 0 {
			t.Errorf("%d %q", n, said)
		}
	})
}

func TestWhatIsErasedIsNotBroughtAgain(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	ids := put(t, db, entry.New{Kind: "commitment.grade", Subject: "a", Body: grading{"C", "x"}})
	list := carried(t, db)
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
	if added, err := bring(db, list); err != nil || len(added) != 0 {
		t.Errorf("%v, %v", added, err)
	}
}

func TestWhatIsNoEntryIsNotBrought(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	good := entry.Brought{ID: id.New(time.Now()), Kind: "commitment.grade", Subject: "a", By: "x", At: time.Now(), Body: json.RawMessage(`{"grade":"C"}`)}
	for name, spoil := range map[string]func(*entry.Brought){
		"id": func(b *entry.Brought) { b.ID = "../../x" }, "kind": func(b *entry.Brought) { b.Kind = "" }, "by": func(b *entry.Brought) { b.By = "" },
		"at": func(b *entry.Brought) { b.At = time.Time{} }, "list": func(b *entry.Brought) { b.Body = json.RawMessage(`[1]`) },
		"large": func(b *entry.Brought) { b.Body = json.RawMessage(`{"grade":"` + string(make([]byte, 2<<20)) + `"}`) },
	} {
		bad := good
		bad.ID = id.New(time.Now())
		spoil(&bad)
		if _, err := bring(db, []entry.Brought{good, bad}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := all(t, db); len(got) != 0 {
		t.Errorf("something was written: %+v", got)
	}
}
