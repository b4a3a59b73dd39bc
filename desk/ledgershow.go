package desk

import (
	"context"
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"ward/access"
	"ward/exchange"
	"ward/store"
)

// LedgerQuery is what somebody asks of the ledger or of the access log; blank fields ask for everything.
type LedgerQuery struct {
	Exit   string
	Who    string
	Act    int64  // number of the journal row; of the ledger only
	Day    string // 2006-01-02; of the access log only
	Offset int
	Limit  int
}

// LedgerPage is one page of the ledger, the newest first.
type LedgerPage struct {
	Total int
	Lines []store.Disclosure
	Exits []string // that occur in the whole ledger
	Names []string // of those who let something out
}

// LedgerPage lists what left, as asked.
func (d *Desk) LedgerPage(ctx context.Context, who access.Actor, q LedgerQuery) (page LedgerPage, err error) {
	lines, err := d.Ledger(ctx, who, 0, math.MaxInt32)
	if err != nil {
		return page, err
	}
	for _, l := range lines {
		page.Exits, page.Names = append(page.Exits, l.Exit), append(page.Names, l.Who)
	}
	page.Exits, page.Names = distinct(page.Exits), distinct(page.Names)
	lines = slices.DeleteFunc(lines, func(l store.Disclosure) bool { return !q.asksFor(l) })
	page.Total = len(lines)
	from := min(q.Offset, len(lines))
	page.Lines = lines[from:min(from+q.Limit, len(lines))]
	return page, nil
}

func (q LedgerQuery) asksFor(l store.Disclosure) bool {
	return (q.Exit == "" || q.Exit == l.Exit) && (q.Who == "" || q.Who == l.Who) && (q.Act == 0 || q.Act == l.Journal)
}

// ledgerColumns head the ledger as a file.
var ledgerColumns = []string{"act", "at", "who", "exit", "highest_tier", "records", "recipient", "why", "what", "incidents"}

// WriteLedger writes the ledger as CSV, as asked but whole. It leaves for the person who keeps it, and that too is a line of the ledger.
func (d *Desk) WriteLedger(ctx context.Context, who access.Actor, w io.Writer, q LedgerQuery) error {
	q.Offset, q.Limit = 0, math.MaxInt32
	page, err := d.LedgerPage(ctx, who, q)
	if err != nil {
		return err
	}
	if err := d.disclose(ctx, who, access.Page, store.Disclosure{Records: int64(len(page.Lines)), What: "ledger.csv"}); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(ledgerColumns); err != nil {
		return err
	}
	for _, l := range page.Lines {
		row := []string{strconv.FormatInt(l.Journal, 10), l.At.Format(time.RFC3339), l.Who, l.Exit, l.Tier, strconv.FormatInt(l.Records, 10), l.To, l.Why, l.What, l.Subjects}
		for i, cell := range row {
			row[i] = exchange.SafeCell(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// ReadingPage is one page of the access log, the newest first.
type ReadingPage struct {
	Lines []store.Reading
	Next  int // where the next page begins; -1 on the last
}

// readingsAtOnce is how many lines of the access log are looked through at a time.
const readingsAtOnce = 20000

// ReadingPage lists who read what, as asked. The offset counts all lines, not only those asked for.
func (d *Desk) ReadingPage(ctx context.Context, who access.Actor, q LedgerQuery) (page ReadingPage, err error) {
	page.Next = -1
	for at := q.Offset; ; at += readingsAtOnce {
		chunk, err := d.Readings(ctx, who, at, readingsAtOnce)
		if err != nil {
			return page, err
		}
		for i, r := range chunk {
			if q.Exit != "" && q.Exit != r.Place || q.Who != "" && q.Who != r.Who || q.Day != "" && q.Day != r.Day {
				continue
			}
			if len(page.Lines) == q.Limit {
				page.Next = at + i
				return page, nil
			}
			page.Lines = append(page.Lines, r)
		}
		if len(chunk) < readingsAtOnce {
			return page, nil
		}
	}
}
