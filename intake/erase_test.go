package intake

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"ward/fault"
	"ward/id"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

func TestErasedReportsKeepOnlyWhatKnowsThemAgain(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		run, list, _ := filled(t, db)
		newer := aReport(run, 1)
		newer.ID, newer.Supersedes, newer.Secret = id.New(time.Now().Add(time.Second)), list[0].ID, tlog.NewSecret()
		write(t, db, func(tx *store.Tx, number int64) error { return AddReports(ctx, tx, []Report{newer}) })
		var editions []string
		read(t, db, func(tx *store.Tx) error {
			found, err := ByID(ctx, tx, []string{list[0].ID})
			if err != nil {
				return err
			}
			same, err := SameRecord(ctx, tx, found[list[0].ID])
			for _, r := range same {
				editions = append(editions, r.ID)
			}
			return err
		})
		if want := []string{newer.ID, list[0].ID}; !slices.Equal(editions, want) {
			t.Fatalf("editions %v, want %v", editions, want)
		}
		for _, e := range editions {
			storetest.Erase(t, db, e)
		}
		write(t, db, func(tx *store.Tx, _ int64) error { return EraseReports(ctx, tx, editions) })
		read(t, db, func(tx *store.Tx) error {
			current, err := Current(ctx, tx, run.Series, []string{list[0].ExternalID, list[1].ExternalID})
			if err != nil || len(current) != 2 {
				t.Fatalf("%d current reports, %v", len(current), err)
			}
			for _, r := range current {
				if gone := r.ID == newer.ID; r.Erased != gone || (r.Country == "") != gone || (r.DayFrom == 0) != gone {
					t.Errorf("%+v", r)
				}
			}
			told, err := SameText(ctx, tx, run.Series, []string{list[0].TextKey, list[1].TextKey})
			if len(told) != 1 {
				t.Errorf("descriptions of %d reports are still known", len(told))
			}
			return err
		})
	})
}

func TestErasedRunsKeepTheirCountsAlone(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		run, _, _ := filled(t, db)
		storetest.Erase(t, db, run.ID)
		write(t, db, func(tx *store.Tx, _ int64) error { return EraseRun(ctx, tx, run) })
		read(t, db, func(tx *store.Tx) error {
			got, err := RunByID(ctx, tx, run.ID)
			want := Progress{Rows: 3, New: 2, Rejected: 1, Batches: 1}
			if err != nil || !got.Erased || !reflect.DeepEqual(got.Progress, want) || got.Original != (Original{}) || got.File != "" {
				t.Errorf("%+v, %v", got, err)
			}
			var sealed int
			err = tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM import_run WHERE sealed IS NOT NULL) + (SELECT COUNT(*) FROM report_rejected WHERE sealed IS NOT NULL)`).Scan(&sealed)
			if sealed != 0 {
				t.Errorf("%d sealed values are left", sealed)
			}
			return err
		})
	})
}

func TestContactsComeBackAsTheyWereSealed(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		want := Contact{ID: id.New(time.Now()), Series: "sind", Officers: []string{"Ana Li", "Bo"}, File: []byte("an age file")}
		other := Contact{ID: id.New(time.Now().Add(time.Second)), Series: "shcc", Officers: []string{"Bo"}, File: []byte("another")}
		for _, c := range []Contact{want, other} {
			if err := db.Write(ctx, "t", func(tx *store.Tx) error { return AddContact(ctx, tx, c) }); err != nil {
				t.Fatal(err)
			}
		}
		read(t, db, func(tx *store.Tx) error {
			got, err := ContactByID(ctx, tx, want.ID)
			if got.At.IsZero() {
				t.Error("it has no time")
			}
			if want.At = got.At; err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v", got, err)
			}
			_, err = ContactByID(ctx, tx, "none")
			if !fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
			return nil
		})
		storetest.Erase(t, db, want.ID)
		write(t, db, func(tx *store.Tx, _ int64) error { return EraseContact(ctx, tx, want.ID) })
		read(t, db, func(tx *store.Tx) error {
			list, err := Contacts(ctx, tx)
			if len(list) != 2 || !list[0].Erased || list[0].File != nil || list[1].Erased || string(list[1].File) != "another" {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

// Nobody who may write to the file can give a source another's contact.
func TestContactsMovedToAnotherAreRefused(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		for _, name := range []string{"a", "b"} {
			c := Contact{ID: name, Series: "sind", Officers: []string{"Bo"}, File: []byte("file of " + name)}
			if err := db.Write(ctx, "t", func(tx *store.Tx) error { return AddContact(ctx, tx, c) }); err != nil {
				t.Fatal(err)
			}
		}
		storetest.Change(t, db, "UPDATE source_contact SET sealed=(SELECT sealed FROM source_contact WHERE id='a') WHERE id='b'")
		read(t, db, func(tx *store.Tx) error {
			if c, err := ContactByID(ctx, tx, "b"); !fault.Is(err, fault.Internal) {
				t.Errorf("%q, %v", c.File, err)
			}
			return nil
		})
	})
}
