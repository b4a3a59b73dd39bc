package desk_test

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/id"
	"ward/intake"
	"ward/store"
)

// BenchmarkInbox opens the board over 20,000 reports of about 2,000 letters (or WARD_BENCH_ROWS), lists the first page with all counts, and
// claims and takes back a report. The baseline reads the same entries with entry.All and keeps nothing.
func BenchmarkInbox(b *testing.B) {
	rows, _ := strconv.Atoi(cmp.Or(os.Getenv("WARD_BENCH_ROWS"), "20000"))
	dir := b.TempDir()
	d := open(b, dir)
	some := fillInbox(b, d, rows)
	b.Run("baseline-entry-all", func(b *testing.B) {
		for b.Loop() {
			must(b, d.Store().Read(ctx, func(tx *store.Tx) error {
				all, err := entry.All[intake.Received](ctx, tx, intake.KindReceived)
				if len(all) != rows {
					b.Fatalf("%d entries", len(all))
				}
				return err
			}))
		}
	})
	b.Run("open-board", func(b *testing.B) {
		for b.Loop() {
			fresh := open(b, dir)
			if page := inbox(b, fresh, access.Local(), desk.InboxQuery{Limit: 50}); page.Counts[desk.ViewAll] != rows {
				b.Fatalf("%d reports", page.Counts[desk.ViewAll])
			}
			must(b, fresh.Close())
		}
	})
	inbox(b, d, access.Local(), desk.InboxQuery{})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			inbox(b, d, access.Local(), desk.InboxQuery{Limit: 50})
		}
	})
	b.Run("list-words", func(b *testing.B) {
		for b.Loop() {
			inbox(b, d, access.Local(), desk.InboxQuery{View: desk.ViewAll, Words: "clinic 7", Limit: 50})
		}
	})
	b.Run("handle-and-list", func(b *testing.B) {
		for b.Loop() {
			must(b, d.Handle(ctx, access.Local(), []string{some}, intake.Handling{Move: intake.Claim}))
			inbox(b, d, access.Local(), desk.InboxQuery{Limit: 50})
		}
	})
	b.Run("handle-200", func(b *testing.B) {
		ids := listed(b, d, access.Local(), desk.InboxQuery{View: desk.ViewAll, Limit: min(200, rows)})
		for b.Loop() {
			must(b, d.Handle(ctx, access.Local(), ids, intake.Handling{Move: intake.Claim}))
		}
	})
}

// fillInbox puts reports on record by the thousand, as TakeReport does one by one, and returns the id of one.
func fillInbox(b *testing.B, d *desk.Desk, rows int) (one string) {
	b.Helper()
	story := strings.Repeat("The clinic at the river was searched at night. ", 40)
	for done := 0; done < rows; {
		must(b, d.Store().Write(ctx, "filler", func(tx *store.Tx) error {
			var made []entry.New
			for ; done < rows && len(made) < 1000; done++ {
				one = id.New(tx.Now())
				made = append(made, entry.New{Kind: intake.KindReceived, Subject: one, Body: intake.Received{Channel: "call", Lang: "en", Mode: "confidential", Day: "2026-11-20",
					Danger: []string{"yes", "no", "no", "unknown"}[done%4], Country: "XAA", Narrative: fmt.Sprint("Call ", done, ": ", story), Distressing: done%5 == 0}})
			}
			_, err := entry.Add(ctx, tx, intake.RegisterReport, made...)
			return err
		}))
	}
	return one
}
