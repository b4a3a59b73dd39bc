package incident

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"ward/assertion"
	"ward/fault"
	"ward/id"
	"ward/store"
	"ward/store/storetest"
	"ward/tally"
	"ward/tlog"
	"ward/when"
)

var ctx = context.Background()

func sample(t *testing.T) Incident {
	t.Helper()
	d, err := when.Parse("2023-05")
	if err != nil {
		t.Fatal(err)
	}
	return New(Incident{ID: id.New(time.Now()), PublicID: id.Public("XAA", 2023), Namespace: "N", ExternalID: "7", Series: []string{"a", "b"},
		Date: d, Country: "XAA", Adm1: "North", Point: "1.5,2.5", Precision: "2", Certainty: "possible", Scope: "health", Context: "armed_conflict",
		ActorKind: "state.police", ActorName: "Police", ActorState: []string{"XAA", "XAB"}, ActorNote: "de facto possible",
		Codes: []string{"ATT.HVY", "PER.KIL"}, Counts: map[string]tally.Count{"worker.killed": {Low: 1, Best: 2, High: 4}, "worker.injured": {}},
		Summary: "words", Contested: []string{"worker.killed"}, Flags: []string{"repaired"}, Journal: 1, Leaf: 3, Secret: tlog.NewSecret()})
}

// held is an incident as a reader gets it.
func held(inc Incident) Incident {
	inc.fresh = false
	return inc
}

func save(t *testing.T, db *store.DB, list ...Incident) {
	t.Helper()
	err := db.Write(ctx, "t", func(tx *store.Tx) error {
		n, err := tx.Journal(ctx, "t", "", "")
		if err != nil {
			return err
		}
		for i := range list {
			list[i].Journal = n
		}
		return Save(ctx, tx, list)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSaveAndGetKeepEveryField(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		list := []Incident{sample(t)}
		save(t, db, list...)
		want := held(list[0])
		err := db.Read(ctx, func(tx *store.Tx) error {
			for _, key := range []string{want.ID, want.PublicID} {
				got, err := Get(ctx, tx, key)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
				}
			}
			_, err := Get(ctx, tx, "WRD-XAA-2023-NOTTHERE")
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("got %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestStateSelectsByTerritoryAndByActorAlone(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		list := make([]Incident, 4)
		for i, x := range []struct {
			country string
			actor   []string
		}{{"XAA", nil}, {"XAB", []string{"XAA"}}, {"XAB", []string{"XAA", "XAC"}}, {"XAB", []string{"XAC"}}} {
			list[i] = sample(t)
			list[i].ExternalID, list[i].Country, list[i].ActorState = string(rune('a'+i)), x.country, x.actor
		}
		save(t, db, list...)
		err := db.Read(ctx, func(tx *store.Tx) error {
			got, err := List(ctx, tx, Where{State: "XAA"})
			if len(got) != 3 {
				t.Errorf("%d incidents bear on XAA, want 3", len(got))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestSaveAgainReplacesTheFoldAndNothingElse(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		a := sample(t)
		save(t, db, a)
		b := held(a)
		b.Certainty, b.PublicID, b.Counts = "confirmed", "WRD-XAA-2023-OTHER", nil
		save(t, db, b)
		err := db.Read(ctx, func(tx *store.Tx) error {
			got, err := Get(ctx, tx, a.ID)
			if got.Certainty != "confirmed" || got.PublicID != a.PublicID || got.Counts != nil {
				t.Errorf("%+v", got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestFromFoldKeepsZeroApartFromUnstatedAndDefaultsToWhatIsUnknown(t *testing.T) {
	f := assertion.Fold([]assertion.Statement{{Series: "s", List: assertion.List{{Field: "date", Value: "2019-05"}, {Field: "worker.killed", Value: "0"}}}})
	inc := FromFold(f)
	if _, stated := inc.Counts["worker.killed"]; !stated {
		t.Error("a stated zero was lost")
	}
	if _, stated := inc.Counts["worker.injured"]; stated {
		t.Error("an unstated count became zero")
	}
	if inc.Country != "ZZZ" || inc.Certainty != "possible" || inc.ActorKind != "unknown" || inc.Context != "unknown" || inc.Date.String() != "2019-05" {
		t.Errorf("%+v", inc)
	}
}

// Totals, maps and exports must leave out the same certainties.
func TestTheOverviewCountsWhatCounts(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		var list []Incident
		want := int64(0)
		for i, c := range []string{"rumour", "possible", "probable", "confirmed", "contested", "refuted", "discounted"} {
			inc := sample(t)
			inc.ExternalID, inc.Certainty, inc.Gone = fmt.Sprint(i), c, false
			if Counts(c) {
				want++
			}
			list = append(list, inc)
		}
		save(t, db, list...)
		err := db.Read(ctx, func(tx *store.Tx) error {
			tallies, err := Overview(ctx, tx)
			var n int64
			for _, x := range tallies {
				n += x.Incidents
			}
			if n != want || want != 3 {
				t.Errorf("%d incidents in the overview, %d count", n, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
