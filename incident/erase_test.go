package incident

import (
	"reflect"
	"testing"

	"ward/store"
	"ward/store/storetest"
)

func TestErasedIncidentsKeepTheirIDsAlone(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		inc := sample(t)
		save(t, db, inc)
		storetest.Erase(t, db, inc.ID)
		err := db.Write(ctx, "t", func(tx *store.Tx) error {
			number, err := tx.Journal(ctx, "test.erase", "", "")
			if err != nil {
				return err
			}
			return Erase(ctx, tx, inc.ID, number)
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := get(t, db, inc.PublicID)
		want := Incident{ID: inc.ID, PublicID: inc.PublicID, Namespace: inc.Namespace, Gone: true, Erased: true, Journal: got.Journal}
		for _, list := range []*[]string{&got.Series, &got.ActorState, &got.Contested, &got.Flags} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		if err != nil || got.Journal <= inc.Journal || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			tallies, err := Overview(ctx, tx)
			if len(tallies) != 0 {
				t.Errorf("an erased incident is counted: %+v", tallies)
			}
			if first, last, err := Years(ctx, tx); err != nil || first != 0 || last != 0 {
				t.Errorf("years %d to %d, %v", first, last, err)
			}
			known, err2 := ByExternalID(ctx, tx, inc.Namespace, []string{inc.ExternalID})
			if !known[inc.ExternalID].Erased {
				t.Error("its publisher's id is forgotten: an import would bring it back")
			}
			if err == nil {
				err = err2
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
