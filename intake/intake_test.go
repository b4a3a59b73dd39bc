package intake

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/assertion"
	"ward/fault"
	"ward/id"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

var ctx = context.Background()

// Words that must never be readable in what is stored.
const (
	canaryWords   = "canary-words"
	canaryPlace   = "canary-place"
	canaryCell    = "canary-cell"
	canaryFlag    = "canary-flag"
	canaryID      = "canary-id"
	canaryFile    = "canary-file"
	canaryHeader  = "canary-header"
	canaryReason  = "canary-reason"
	canaryMapping = "canary-mapping"
	canaryKey     = "canary-identity"
	canaryText    = "canary-text-key"
)

func canaries() []string {
	return []string{canaryWords, canaryPlace, canaryCell, canaryFlag, canaryID, canaryFile, canaryHeader, canaryReason, canaryMapping, canaryKey, canaryText}
}

func source() Source {
	return Source{Series: "OpenSeries", Namespace: "N", Title: "T", Publisher: "P", Licence: "L", Redistribute: "yes", Scope: "health", Reliability: "C", Caveats: "one\ntwo"}
}

func aRun() Run {
	return Run{ID: id.New(time.Now()), Series: "OpenSeries", Profile: "p", Layout: "l", Mapping: canaryMapping, File: canaryFile, SHA256: strings.Repeat("ab", 32),
		Headers: []string{canaryHeader, "b"}, Started: time.Now().UTC().Truncate(time.Microsecond),
		Progress: Progress{Rows: 3, New: 2, Rejected: 1, Batches: 1, Countries: []string{"XAA"}, FirstDay: 10, LastDay: 20},
		Original: Original{Blob: strings.Repeat("cd", 32), Bytes: 7, Identity: canaryKey}, Secret: tlog.NewSecret(), ResultSecret: tlog.NewSecret()}
}

// aReport is the n-th row of a run.
func aReport(run Run, n int) Report {
	list := assertion.List{{Field: "description", Value: fmt.Sprint(canaryWords, n)}, {Field: "place", Value: canaryPlace, Raw: canaryPlace + " as told"}}
	return Report{ID: id.New(time.Now()), Series: run.Series, ExternalID: fmt.Sprint(canaryID, n), Occurrence: 1, IncidentID: fmt.Sprint("incident", n), RunID: run.ID,
		Row: n, Country: "XAA", DayFrom: 10, DayTo: 20, Digest: list.Digest(), Assertions: list, Raw: []string{canaryCell, "<\"&\n>"},
		Flags: []string{"id-repeated x " + canaryFlag}, TextKey: canaryText + fmt.Sprint(n), SeenRun: run.ID, Secret: tlog.NewSecret(), Leaf: n}
}

// write runs fn in a journalled transaction.
func write(t testing.TB, db *store.DB, fn func(tx *store.Tx, number int64) error) {
	t.Helper()
	err := db.Write(ctx, "t", func(tx *store.Tx) error {
		number, err := tx.Journal(ctx, "test.write", "", "")
		if err != nil {
			return err
		}
		return fn(tx, number)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Read(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// filled keeps a run with two reports and a rejected row.
func filled(t testing.TB, db *store.DB) (Run, []Report, Rejected) {
	t.Helper()
	run, rejected := aRun(), Rejected{Row: 3, Reason: "date-unread " + canaryReason, Raw: []string{canaryCell, ""}}
	list := []Report{aReport(run, 1), aReport(run, 2)}
	write(t, db, func(tx *store.Tx, number int64) error {
		for i := range list {
			list[i].Journal = number
		}
		if err := PutSource(ctx, tx, source()); err != nil {
			return err
		}
		if err := SaveRun(ctx, tx, run); err != nil {
			return err
		}
		if err := AddReports(ctx, tx, list); err != nil {
			return err
		}
		return AddRejected(ctx, tx, run.ID, []Rejected{rejected})
	})
	return run, list, rejected
}

// told is a report as a reader gets it: the key of its text and of its id are for finding it alone.
func told(r Report) Report {
	r.TextKey, r.externalKey = "", ""
	return r
}

func wantReport(t testing.TB, got, want Report) {
	t.Helper()
	if got, want = told(got), told(want); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	if got.Commitment() != want.Commitment() {
		t.Error("read back, the report commits to something else")
	}
}

func TestAReportComesBackAsItWasSealed(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		_, list, _ := filled(t, db)
		read(t, db, func(tx *store.Tx) error {
			byID, err := ByID(ctx, tx, []string{list[0].ID, list[1].ID})
			if err != nil || len(byID) != 2 {
				t.Fatalf("%v, %d reports", err, len(byID))
			}
			current, err := Current(ctx, tx, "OpenSeries", []string{list[1].ExternalID, "not there"})
			if err != nil || len(current) != 1 {
				t.Fatalf("%v, %d current", err, len(current))
			}
			of, err := OfIncidents(ctx, tx, []string{"incident1"})
			if err != nil || len(of["incident1"]) != 1 || len(of) != 1 {
				t.Fatalf("%v %v", err, of)
			}
			wantReport(t, byID[list[0].ID], list[0])
			wantReport(t, current[0], list[1])
			wantReport(t, of["incident1"][0], list[0])
			return nil
		})
	})
}

func TestARunAndItsRejectedRowsComeBackAsTheyWereSealed(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		want, _, rejected := filled(t, db)
		want.Finished, want.Progress.Gone = want.Started.Add(time.Second), 4
		write(t, db, func(tx *store.Tx, _ int64) error { return SaveRun(ctx, tx, want) })
		read(t, db, func(tx *store.Tx) error {
			got, err := RunByID(ctx, tx, want.ID)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
			}
			var rows []Rejected
			err = EachRejected(ctx, tx, want.ID, func(r Rejected) error { rows = append(rows, r); return nil })
			if !reflect.DeepEqual(rows, []Rejected{rejected}) {
				t.Errorf("%+v", rows)
			}
			return err
		})
	})
}

func TestANewerEditionRetiresTheOneBefore(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		run, list, _ := filled(t, db)
		next := aReport(run, 1)
		next.Supersedes, next.Assertions = list[0].ID, assertion.List{{Field: "place", Value: "elsewhere"}}
		next.Digest = next.Assertions.Digest()
		write(t, db, func(tx *store.Tx, number int64) error {
			next.Journal = number
			return AddReports(ctx, tx, []Report{next})
		})
		read(t, db, func(tx *store.Tx) error {
			current, err := Current(ctx, tx, "OpenSeries", []string{next.ExternalID})
			if err != nil || len(current) != 1 {
				t.Fatalf("%v, %d current", err, len(current))
			}
			wantReport(t, current[0], next)
			editions, err := Editions(ctx, tx, next.IncidentID)
			if err != nil || len(editions) != 2 {
				t.Fatalf("%v, %d editions", err, len(editions))
			}
			wantReport(t, editions[0], next)
			list[0].Retired = true
			wantReport(t, editions[1], list[0])
			changed, err := ChangedBy(ctx, tx, run.ID, "", 10)
			if err != nil || len(changed) != 1 {
				t.Fatalf("%v, %d changed", err, len(changed))
			}
			wantReport(t, changed[0], next)
			same, err := SameText(ctx, tx, "OpenSeries", []string{next.TextKey, list[1].TextKey, "another"})
			want := map[string][]Told{next.TextKey: {{next.ExternalID, 1}}, list[1].TextKey: {{list[1].ExternalID, 2}}}
			if !reflect.DeepEqual(same, want) {
				t.Errorf("%v, want %v", same, want)
			}
			return err
		})
	})
}

// Whoever takes the disk finds series, States and days, and no word of what was told.
func TestNothingToldCanBeReadOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	filled(t, db)
	storetest.WantUnseen(t, dir, "OpenSeries", canaries()...)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.WantUnseen(t, dir, "OpenSeries", canaries()...)
}

func TestASealedRowMovedToAnotherIsRefused(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		run, list, rejected := filled(t, db)
		other := aRun()
		write(t, db, func(tx *store.Tx, _ int64) error { return SaveRun(ctx, tx, other) })
		write(t, db, func(tx *store.Tx, _ int64) error {
			return AddRejected(ctx, tx, run.ID, []Rejected{{Row: 4, Reason: "another"}})
		})
		move := func(table, column, key string, from, to any) {
			storetest.Change(t, db, "UPDATE "+table+" SET "+column+"=(SELECT "+column+" FROM "+table+" WHERE "+key+"=$1) WHERE "+key+"=$2", from, to)
		}
		refuses := func(what string, fn func(tx *store.Tx) error) {
			if err := db.Read(ctx, fn); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "altered or misdirected") {
				t.Errorf("%s: %v", what, err)
			}
		}
		move("report", "sealed", "id", list[0].ID, list[1].ID)
		refuses("another report's words", func(tx *store.Tx) error { _, err := ByID(ctx, tx, []string{list[1].ID}); return err })
		move("subject_key", "wrapped", "subject", list[0].ID, list[1].ID)
		refuses("another report's words with their key", func(tx *store.Tx) error { _, err := ByID(ctx, tx, []string{list[1].ID}); return err })
		move("report_rejected", "sealed", "row_number", rejected.Row, 4)
		refuses("another rejected row", func(tx *store.Tx) error {
			return EachRejected(ctx, tx, run.ID, func(Rejected) error { return nil })
		})
		move("import_run", "sealed", "id", run.ID, other.ID)
		refuses("another run's file", func(tx *store.Tx) error { _, err := RunByID(ctx, tx, other.ID); return err })
	})
}

func TestOfAnErasedReportOnlyItsPlaceIsLeft(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		_, list, _ := filled(t, db)
		storetest.Erase(t, db, list[0].ID)
		r := list[0]
		want := Report{ID: r.ID, Series: r.Series, Occurrence: 1, IncidentID: r.IncidentID, RunID: r.RunID, Row: 1, Country: "XAA", DayFrom: 10, DayTo: 20,
			Journal: r.Journal, SeenRun: r.SeenRun, Leaf: 1, Erased: true}
		read(t, db, func(tx *store.Tx) error {
			byID, err := ByID(ctx, tx, []string{r.ID, list[1].ID})
			if got := told(byID[r.ID]); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
			}
			wantReport(t, byID[list[1].ID], list[1])
			current, err := Current(ctx, tx, "OpenSeries", []string{r.ExternalID})
			if err != nil || len(current) != 1 || !current[0].Erased || current[0].ExternalID != r.ExternalID {
				t.Errorf("asked by its id: %v %+v", err, current)
			}
			of, err := OfIncidents(ctx, tx, []string{r.IncidentID, list[1].IncidentID})
			if err != nil || len(of) != 1 {
				t.Errorf("of incidents: %v %v", err, of)
			}
			same, err := SameText(ctx, tx, "OpenSeries", []string{r.TextKey})
			if err != nil || len(same) != 0 {
				t.Errorf("its description is still known: %v %v", err, same)
			}
			return nil
		})
	})
}

func TestOfAnErasedRunOnlyItsPlaceIsLeft(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		run, list, _ := filled(t, db)
		storetest.Erase(t, db, run.ID)
		read(t, db, func(tx *store.Tx) error {
			got, err := RunByID(ctx, tx, run.ID)
			want := Run{ID: run.ID, Series: run.Series, Profile: "p", Layout: "l", Started: run.Started, Progress: run.Progress, Erased: true}
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
			}
			rejected := 0
			err = EachRejected(ctx, tx, run.ID, func(Rejected) error { rejected++; return nil })
			if err != nil || rejected != 0 {
				t.Errorf("%v, %d rejected rows can be read", err, rejected)
			}
			byID, err := ByID(ctx, tx, []string{list[0].ID})
			wantReport(t, byID[list[0].ID], list[0])
			return err
		})
		err := db.Write(ctx, "t", func(tx *store.Tx) error { return SaveRun(ctx, tx, run) })
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "erased") {
			t.Errorf("written again: %v", err)
		}
	})
}

func TestALockedWorkspaceNeitherReadsNorWrites(t *testing.T) {
	for name, target := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return t.TempDir() }, "postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			run, list, _ := filled(t, storetest.At(t, where))
			locked := storetest.Locked(t, where)
			writes := map[string]func(tx *store.Tx) error{
				"AddReports":  func(tx *store.Tx) error { return AddReports(ctx, tx, []Report{aReport(run, 5)}) },
				"SaveRun":     func(tx *store.Tx) error { return SaveRun(ctx, tx, aRun()) },
				"AddRejected": func(tx *store.Tx) error { return AddRejected(ctx, tx, run.ID, []Rejected{{Row: 9}}) },
			}
			reads := map[string]func(tx *store.Tx) error{
				"ByID":     func(tx *store.Tx) error { _, err := ByID(ctx, tx, []string{list[0].ID}); return err },
				"Current":  func(tx *store.Tx) error { _, err := Current(ctx, tx, "OpenSeries", []string{"x"}); return err },
				"SameText": func(tx *store.Tx) error { _, err := SameText(ctx, tx, "OpenSeries", []string{"x"}); return err },
				"Runs":     func(tx *store.Tx) error { _, err := Runs(ctx, tx); return err },
				"EachRejected": func(tx *store.Tx) error {
					return EachRejected(ctx, tx, run.ID, func(Rejected) error { return nil })
				},
			}
			wantLocked(t, reads, func(fn func(*store.Tx) error) error { return locked.Read(ctx, fn) })
			wantLocked(t, writes, func(fn func(*store.Tx) error) error { return locked.Write(ctx, "t", fn) })
		})
	}
}

func wantLocked(t *testing.T, acts map[string]func(*store.Tx) error, run func(func(*store.Tx) error) error) {
	t.Helper()
	for name, fn := range acts {
		err := run(fn)
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "locked") {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && slices.ContainsFunc(canaries(), func(c string) bool { return strings.Contains(err.Error(), c) }) {
			t.Errorf("%s: the refusal quotes what is sealed: %v", name, err)
		}
	}
}

// The report's place in its batch, and everything it says, stands in its digest.
func TestEveryFieldOfAReportIsInItsDigest(t *testing.T) {
	want := aReport(aRun(), 1)
	change := map[string]func(*Report){
		"id": func(r *Report) { r.ID = "x" }, "incident": func(r *Report) { r.IncidentID = "x" }, "series": func(r *Report) { r.Series = "x" },
		"external id": func(r *Report) { r.ExternalID = "x" }, "occurrence": func(r *Report) { r.Occurrence = 2 }, "run": func(r *Report) { r.RunID = "x" },
		"row": func(r *Report) { r.Row = 9 }, "supersedes": func(r *Report) { r.Supersedes = "x" }, "cells": func(r *Report) { r.Raw = []string{"x"} },
		"flags":    func(r *Report) { r.Flags = nil },
		"a value":  func(r *Report) { r.Assertions = assertion.List{r.Assertions[0], {Field: "place", Value: "x"}} },
		"one less": func(r *Report) { r.Assertions = r.Assertions[:1] },
		"twice":    func(r *Report) { r.Assertions = append(slices.Clone(r.Assertions), r.Assertions[0]) },
		"secret":   func(r *Report) { r.Secret = tlog.NewSecret() },
	}
	for name, fn := range change {
		r := want
		fn(&r)
		if r.Commitment() == want.Commitment() {
			t.Errorf("%s: the digest stays", name)
		}
	}
}
