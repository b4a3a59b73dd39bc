package desk_test

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/entry"
	"ward/id"
	"ward/store"
)

// BenchmarkCases opens the board over 10,000 cases of eight entries (or WARD_BENCH_ROWS), lists the first page with all counts, opens one, and
// records on one and lists again. The baseline reads the same entries with entry.All and keeps nothing.
func BenchmarkCases(b *testing.B) {
	rows, _ := strconv.Atoi(cmp.Or(os.Getenv("WARD_BENCH_ROWS"), "10000"))
	dir := b.TempDir()
	d := open(b, dir)
	some := fillCases(b, d, rows)
	b.Run("baseline-entry-all", func(b *testing.B) {
		for b.Loop() {
			must(b, d.Store().Read(ctx, func(tx *store.Tx) error {
				for _, kind := range casework.EntryKinds() {
					if _, err := entry.All[map[string]any](ctx, tx, kind); err != nil {
						return err
					}
				}
				return nil
			}))
		}
	})
	b.Run("open-board", func(b *testing.B) {
		for b.Loop() {
			fresh := open(b, dir)
			if page := listedCases(b, fresh, desk.CaseQuery{Limit: 50}); page.Total != rows {
				b.Fatalf("%d cases", page.Total)
			}
			must(b, fresh.Close())
		}
	})
	listedCases(b, d, desk.CaseQuery{})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			listedCases(b, d, desk.CaseQuery{Limit: 50})
		}
	})
	b.Run("list-words", func(b *testing.B) {
		for b.Loop() {
			listedCases(b, d, desk.CaseQuery{Words: "court 7", Limit: 50})
		}
	})
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			caseOf(b, d, access.Local(), some)
		}
	})
	b.Run("record-and-list", func(b *testing.B) {
		for b.Loop() {
			must(b, d.NoteCase(ctx, access.Local(), some, "a word"))
			listedCases(b, d, desk.CaseQuery{Limit: 50})
		}
	})
}

func listedCases(b testing.TB, d *desk.Desk, q desk.CaseQuery) desk.CaseBoard {
	b.Helper()
	page, err := d.Cases(ctx, access.Local(), q)
	must(b, err)
	return page
}

// fillCases puts cases on record by the hundred, as people do one by one, and returns the id of one.
func fillCases(b *testing.B, d *desk.Desk, rows int) (one string) {
	b.Helper()
	words := strings.Repeat("They asked for the list of the patients. ", 10)
	for done := 0; done < rows; {
		must(b, d.Store().Write(ctx, "filler", func(tx *store.Tx) error {
			var made []entry.New
			add := func(kind string, body any) { made = append(made, entry.New{Kind: kind, Subject: one, Body: body}) }
			for ; done < rows && len(made) < 800; done++ {
				one = id.New(tx.Now())
				add(casework.KindOpened, casework.Opened{Kind: casework.Protection, Name: fmt.Sprint("Heron ", done), Country: "XAA", Summary: words})
				add(casework.KindTask, casework.Task{Task: id.New(tx.Now()), What: "call_back", Due: "2026-11-23T10:00:00Z", State: casework.TaskOpen})
				add(casework.KindFact, casework.Fact{Section: "risk", Values: map[string]string{"level": "high", "why": words, "review": "2026-11-29T10:00:00Z"}})
				add(casework.KindFact, casework.Fact{Section: "hearing", Item: id.New(tx.Now()), Values: map[string]string{"date": "2026-12-07", "court": fmt.Sprint("Court ", done)}})
				add(casework.KindFact, casework.Fact{Section: "need", Item: id.New(tx.Now()), Values: map[string]string{"kind": "legal", "detail": words}})
				add(casework.KindMove, casework.Move{To: "risk_assessed"})
				add(casework.KindMember, casework.Member{Name: "Cay", Why: "on call"})
				add(casework.KindNote, casework.Note{Text: words})
			}
			_, err := entry.Add(ctx, tx, casework.Register, made...)
			return err
		}))
	}
	return one
}
