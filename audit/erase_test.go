package audit

import (
	"context"
	"testing"

	"ward/store"
	"ward/store/storetest"
)

func TestCodingsAreFoundByTheIncidentTheyNameAndErased(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		other := coding(2)
		other.Incident = "WRD-XAA-2023-OTHEROTH"
		keep(t, db, coding(1), other)
		var found []Stated
		ask := func(incident string) []Stated {
			if err := db.Read(ctx, func(tx *store.Tx) (err error) { found, err = Naming(ctx, tx, incident); return err }); err != nil {
				t.Fatal(err)
			}
			return found
		}
		if len(ask(coding(1).Incident)) != 1 || found[0].Row != coding(1) || len(ask("WRD")) != 0 {
			t.Fatalf("%+v", found)
		}
		id := ask(coding(1).Incident)[0].ID
		storetest.Erase(t, db, id)
		err := db.Write(ctx, "t", func(tx *store.Tx) error {
			if _, err := tx.Journal(ctx, "test.erase", "", ""); err != nil {
				return err
			}
			return Erase(ctx, tx, id)
		})
		if err != nil || len(ask(coding(1).Incident)) != 0 || len(ask(other.Incident)) != 1 {
			t.Errorf("%+v, %v", found, err)
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			for id, want := range map[string]bool{id: true, "0123456789abcdef0123456789abcdef": false} {
				if has, err := Has(ctx, tx, id); err != nil || has != want {
					t.Errorf("%s on record: %t, %v", id, has, err)
				}
			}
			var open int
			err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit_value WHERE id=$1 AND (state<>'' OR clause<>'' OR year<>0 OR sealed IS NOT NULL)", id).Scan(&open)
			if open != 0 {
				t.Error("an erased coding still says something")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
