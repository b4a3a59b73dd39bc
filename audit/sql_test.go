package audit

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

// canaries are what a coder and a coding say; none of it may be readable in what is stored.
var canaries = []string{"canary-coder", "canary-note", "canary-source", "canary-incident", "canary-value", "canary-body", "canary-was", "canary-now"}

func coding(n int) Row {
	return Row{Kind: KindCitation, State: "XAA", Clause: "OPEN:CLAUSE", Year: 2020 + n, Incident: canaries[3], Value: canaries[4], Evidence: EvidenceLaw,
		Coder: canaries[0], Role: RoleCoder, Date: "2023-05", Source: canaries[2], Note: canaries[1] + " <&\"> ",
		Body: canaries[5], Until: "2023-06", Was: canaries[6], Now: canaries[7]}
}

// keep brings rows in as one batch and gives those that were new.
func keep(t testing.TB, db *store.DB, rows ...Row) (fresh []Kept, number int64) {
	t.Helper()
	ctx := context.Background()
	err := db.Write(ctx, "t", func(tx *store.Tx) (err error) {
		if fresh, err = Fresh(ctx, tx, rows); err != nil {
			return err
		}
		digests := make([]tlog.Hash, len(fresh))
		for i, r := range fresh {
			digests[i] = r.Commitment()
		}
		if number, err = tx.JournalBatch(ctx, "audit.codings", "", digests); err != nil {
			return err
		}
		return AddRows(ctx, tx, fresh, number)
	})
	if err != nil {
		t.Fatal(err)
	}
	return fresh, number
}

func keptOf(t testing.TB, db *store.DB, state string) (out []Row, err error) {
	t.Helper()
	err = db.Read(context.Background(), func(tx *store.Tx) (err error) { out, err = Rows(context.Background(), tx, state); return err })
	return out, err
}

func TestARowComesBackAsItWasSealedAndIsKeptOnce(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		a, b, other := coding(1), coding(2), coding(1)
		other.State = "XAB"
		if fresh, _ := keep(t, db, a, b, other, a); len(fresh) != 3 {
			t.Errorf("%d rows are new", len(fresh))
		}
		later := a
		later.Note = "another"
		if fresh, _ := keep(t, db, b, a, later); len(fresh) != 1 || fresh[0].Row != later {
			t.Errorf("the second time %+v is new", fresh)
		}
		got, err := keptOf(t, db, "XAA")
		if want := []Row{a, b, later}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
		}
	})
}

// More rows than one statement can ask for.
func TestManyRowsAreKeptOnce(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	rows := make([]Row, 6000)
	for i := range rows {
		rows[i] = coding(1)
		rows[i].Note = fmt.Sprint(i)
	}
	first, _ := keep(t, db, rows[:5500]...)
	second, _ := keep(t, db, rows...)
	if len(first) != 5500 || len(second) != 500 || second[0].Note != "5500" {
		t.Errorf("%d, then %d rows were new", len(first), len(second))
	}
}

func TestNoCoderCanBeReadOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	db := storetest.At(t, dir)
	keep(t, db, coding(1))
	storetest.WantUnseen(t, dir, "OPEN:CLAUSE", canaries...)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.WantUnseen(t, dir, "OPEN:CLAUSE", canaries...)
}

func TestASealedRowMovedToAnotherIsRefused(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		fresh, _ := keep(t, db, coding(1), coding(2))
		for _, c := range [][3]string{{"audit_value", "sealed", "id"}, {"subject_key", "wrapped", "subject"}} {
			table, column, key := c[0], c[1], c[2]
			storetest.Change(t, db, "UPDATE "+table+" SET "+column+"=(SELECT "+column+" FROM "+table+" WHERE "+key+"=$1) WHERE "+key+"=$2", fresh[0].id, fresh[1].id)
			if got, err := keptOf(t, db, "XAA"); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "altered or misdirected") {
				t.Errorf("another row's %s: %v %+v", column, err, got)
			}
		}
	})
}

func TestAnErasedRowIsNotReadAndNotBroughtBack(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		fresh, _ := keep(t, db, coding(1), coding(2))
		storetest.Erase(t, db, fresh[0].id)
		if again, _ := keep(t, db, coding(1)); len(again) != 0 {
			t.Error("the file brought it back")
		}
		if got, err := keptOf(t, db, "XAA"); err != nil || !slices.Equal(got, []Row{coding(2)}) {
			t.Errorf("%v %+v", err, got)
		}
	})
}

func TestALockedWorkspaceNeitherReadsNorKeepsRows(t *testing.T) {
	for name, target := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return t.TempDir() }, "postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, where := context.Background(), target(t)
			fresh, number := keep(t, storetest.At(t, where), coding(1))
			locked := storetest.Locked(t, where)
			_, read := keptOf(t, locked, "XAA")
			pick := locked.Read(ctx, func(tx *store.Tx) error { _, err := Fresh(ctx, tx, []Row{coding(2)}); return err })
			add := locked.Write(ctx, "t", func(tx *store.Tx) error { return AddRows(ctx, tx, fresh, number) })
			for what, err := range map[string]error{"Rows": read, "Fresh": pick, "AddRows": add} {
				if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "locked") {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

// The digest in the journal can be recomputed from the rows, and every field is in it.
func TestEveryFieldOfARowIsInItsDigest(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	fresh, number := keep(t, db, coding(1), coding(2))
	err := db.Read(context.Background(), func(tx *store.Tx) error {
		o, ok, err := tx.Opening(context.Background(), number)
		if err != nil || !ok || len(o.Leaves) != len(fresh) {
			t.Fatalf("%v %v, %d leaves", err, ok, len(o.Leaves))
		}
		for i, r := range fresh {
			if tlog.Hash(o.Leaves[i]) != r.Commitment() {
				t.Errorf("row %d has another digest in the journal", i)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	plain, kind := coding(1), reflect.TypeFor[Row]()
	for i := range kind.NumField() {
		changed := Kept{Row: plain, secret: fresh[0].secret}
		field := reflect.ValueOf(&changed.Row).Elem().Field(i)
		if field.Kind() == reflect.String {
			field.SetString("x")
		} else {
			field.SetInt(7)
		}
		if changed.Commitment() == (Kept{Row: plain, secret: fresh[0].secret}).Commitment() || changed.Digest() == plain.Digest() {
			t.Errorf("%s: the digest stays", kind.Field(i).Name)
		}
	}
}
