package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"ward/fault"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

func keyringOf(t *testing.T, lock store.Lock) *seal.Keyring {
	t.Helper()
	var ring seal.Keyring
	if err := json.Unmarshal([]byte(lock.Keyring), &ring); err != nil {
		t.Fatal(err)
	}
	return &ring
}

func textOf(t *testing.T, ring *seal.Keyring) string {
	t.Helper()
	body, err := json.Marshal(ring)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestTombstonesAreFoundByBothIDs(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		db.SetClock(func() time.Time { return now })
		keyed(t, db, "a")
		want := store.Tombstone{Subject: "a", PublicID: "WRD-XAA-2023-AAAAAAAA", Reason: "error", At: now, Body: `{"v":1}`, Key: tlog.NewSecret()}
		mustWrite(t, db, func(tx *store.Tx) (err error) {
			if _, err := tx.Destroy(ctx, "a", "error"); err != nil {
				return err
			}
			if want.Number, err = tx.JournalPublic(ctx, "erase.tombstone", "a", want.Body); err != nil {
				return err
			}
			return tx.PutTombstone(ctx, want)
		})
		err := db.Read(ctx, func(tx *store.Tx) error {
			for _, id := range []string{"a", want.PublicID} {
				if got, err := tx.Tombstone(ctx, id); err != nil || got != want {
					t.Errorf("%+v, %v", got, err)
				}
			}
			if _, err := tx.Tombstone(ctx, "b"); !fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
			list, err := tx.Erased(ctx)
			if len(list) != 1 || list[0] != (store.Erasure{Subject: "a", At: now, Reason: "error"}) {
				t.Errorf("%+v", list)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestOfficersAreAddedOnce(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		add := func(o store.Officer) error {
			return db.Write(ctx, "t", func(tx *store.Tx) error {
				number, err := tx.Journal(ctx, "officer.name", o.Name, "")
				if err != nil {
					return err
				}
				return tx.AddOfficer(ctx, o, number)
			})
		}
		if err := add(store.Officer{Name: "Bo", Recipient: "r1"}); err != nil {
			t.Fatal(err)
		}
		if err := add(store.Officer{Name: "Ana", Recipient: "r2"}); err != nil {
			t.Fatal(err)
		}
		for _, again := range []store.Officer{{Name: "Bo", Recipient: "r3"}, {Name: "Cy", Recipient: "r1"}} {
			if err := add(again); !fault.Is(err, fault.Conflict) {
				t.Errorf("%+v: %v", again, err)
			}
		}
		err := db.Read(ctx, func(tx *store.Tx) error {
			list, err := tx.Officers(ctx)
			if len(list) != 2 || list[0].Name != "Ana" || list[1].Recipient != "r1" {
				t.Errorf("%+v", list)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
