package incident

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
	"ward/tally"
	"ward/tlog"
	"ward/when"
)

// canaries are words of a secret incident, none of which may be readable in what is stored.
var canaries = []string{"canary-id", "canary-division", "canary-place", "12.34567", "canary-name", "canary-note", "canary.code", "canary-words", "canary.count"}

func secret(t *testing.T) Incident {
	t.Helper()
	inc := sample(t)
	inc.ExternalID, inc.Adm1, inc.Place, inc.Point, inc.ActorName, inc.ActorNote = canaries[0], canaries[1], canaries[2], "12.34567,8.5", canaries[4], canaries[5]
	inc.Codes, inc.Summary, inc.Counts = []string{canaries[6]}, canaries[7], map[string]tally.Count{canaries[8]: {Low: 1, Best: 2, High: 3}}
	inc.Namespace = "OpenNamespace"
	return inc
}

func get(t *testing.T, db *store.DB, id string) (inc Incident, err error) {
	t.Helper()
	err = db.Read(ctx, func(tx *store.Tx) (err error) { inc, err = Get(ctx, tx, id); return err })
	return inc, err
}

// Whoever takes the disk finds what the public tier may show, and no word beside it.
func TestNothingBeyondThePublicTierCanBeReadOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	inc := secret(t)
	save(t, db, inc)
	storetest.WantUnseen(t, dir, "OpenNamespace", canaries...)
	inc = held(inc)
	inc.Certainty = "confirmed"
	save(t, db, inc)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.WantUnseen(t, dir, "OpenNamespace", canaries...)
}

func TestASealedIncidentMovedToAnotherIsRefused(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		a, b := secret(t), sample(t)
		save(t, db, a, b)
		for _, c := range [][3]string{{"incident", "sealed", "id"}, {"subject_key", "wrapped", "subject"}} {
			table, column, key := c[0], c[1], c[2]
			storetest.Change(t, db, "UPDATE "+table+" SET "+column+"=(SELECT "+column+" FROM "+table+" WHERE "+key+"=$1) WHERE "+key+"=$2", a.ID, b.ID)
			if got, err := get(t, db, b.ID); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "altered or misdirected") {
				t.Errorf("another incident's %s: %v %+v", column, err, got)
			}
		}
		if _, err := get(t, db, a.ID); err != nil {
			t.Errorf("the one copied from: %v", err)
		}
	})
}

func TestAnErasedIncidentSaysNothingThatWasSealed(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		list := []Incident{secret(t), sample(t)}
		save(t, db, list...)
		a, b := list[0], list[1]
		storetest.Erase(t, db, a.ID)
		want := held(a)
		want.ExternalID, want.Adm1, want.Place, want.Point, want.ActorName, want.ActorNote, want.Summary = "", "", "", "", "", "", ""
		want.Codes, want.Counts, want.Secret, want.Erased = nil, nil, tlog.Secret{}, true
		if got, err := get(t, db, a.PublicID); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
		}
		if got, err := get(t, db, b.ID); err != nil || !reflect.DeepEqual(got, held(b)) {
			t.Errorf("the other one: %v %+v", err, got)
		}
		err := db.Write(ctx, "t", func(tx *store.Tx) error { return Save(ctx, tx, []Incident{held(a)}) })
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "erased") {
			t.Errorf("saved again: %v", err)
		}
	})
}

func TestANamespaceKnowsItsIncidentsByTheirIDs(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		list := make([]Incident, 3)
		for i := range list {
			list[i] = sample(t)
			list[i].ExternalID = fmt.Sprint(i)
		}
		list[2].Namespace, list[2].ExternalID = "M", "0"
		save(t, db, list...)
		storetest.Erase(t, db, list[1].ID)
		err := db.Read(ctx, func(tx *store.Tx) error {
			got, err := ByExternalID(ctx, tx, "N", []string{"0", "1", "7"})
			if want := map[string]Known{"0": {ID: list[0].ID}, "1": {ID: list[1].ID, Erased: true}}; !reflect.DeepEqual(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestALockedWorkspaceNeitherReadsNorWritesIncidents(t *testing.T) {
	for name, target := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return t.TempDir() }, "postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			inc := secret(t)
			save(t, storetest.At(t, where), inc)
			locked := storetest.Locked(t, where)
			_, got := get(t, locked, inc.ID)
			known := locked.Read(ctx, func(tx *store.Tx) error { _, err := ByExternalID(ctx, tx, "N", []string{"7"}); return err })
			fresh := locked.Write(ctx, "t", func(tx *store.Tx) error { return Save(ctx, tx, []Incident{sample(t)}) })
			again := locked.Write(ctx, "t", func(tx *store.Tx) error { return Save(ctx, tx, []Incident{held(inc)}) })
			for what, err := range map[string]error{"Get": got, "ByExternalID": known, "a new one": fresh, "one changed": again} {
				if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "locked") {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

func TestEveryFieldOfAnIncidentIsInItsDigest(t *testing.T) {
	want := sample(t)
	for name, fn := range map[string]func(*Incident){
		"id": func(x *Incident) { x.ID = "x" }, "public id": func(x *Incident) { x.PublicID = "x" }, "namespace": func(x *Incident) { x.Namespace = "x" },
		"external id": func(x *Incident) { x.ExternalID = "x" }, "series": func(x *Incident) { x.Series = nil }, "date": func(x *Incident) { x.Date = when.Date{} },
		"country": func(x *Incident) { x.Country = "XAB" }, "adm1": func(x *Incident) { x.Adm1 = "x" }, "place": func(x *Incident) { x.Place = "x" },
		"point": func(x *Incident) { x.Point = "x" }, "precision": func(x *Incident) { x.Precision = "x" }, "certainty": func(x *Incident) { x.Certainty = "x" },
		"scope": func(x *Incident) { x.Scope = "x" }, "context": func(x *Incident) { x.Context = "x" }, "actor kind": func(x *Incident) { x.ActorKind = "x" },
		"actor name": func(x *Incident) { x.ActorName = "x" }, "actor state": func(x *Incident) { x.ActorState = nil }, "actor note": func(x *Incident) { x.ActorNote = "x" },
		"codes": func(x *Incident) { x.Codes = nil }, "summary": func(x *Incident) { x.Summary = "x" }, "contested": func(x *Incident) { x.Contested = nil },
		"flags": func(x *Incident) { x.Flags = nil }, "gone": func(x *Incident) { x.Gone = true }, "secret": func(x *Incident) { x.Secret = tlog.NewSecret() },
		"a count": func(x *Incident) {
			x.Counts = map[string]tally.Count{"worker.killed": tally.Exact(9), "worker.injured": {}}
		},
		"a zero count": func(x *Incident) { x.Counts = map[string]tally.Count{"worker.killed": x.Counts["worker.killed"]} },
	} {
		x := want
		fn(&x)
		if x.Commitment() == want.Commitment() {
			t.Errorf("%s: the digest stays", name)
		}
	}
}
