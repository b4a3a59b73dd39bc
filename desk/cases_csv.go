package desk

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"

	"ward/access"
	"ward/exchange"
	"ward/store"
)

// caseColumns head the list of cases as a file. They are what everybody who reads cases may see (T2), and nothing of people.
var caseColumns = []string{"id", "kind", "name", "country", "state", "outcome", "opened", "since", "leads", "next_clock", "due", "late", "drill"}

// WriteCases writes the list of cases as CSV, as asked but whole. It is for people who work here and leaves a line in the ledger.
func (d *Desk) WriteCases(ctx context.Context, who access.Actor, w io.Writer, q CaseQuery) error {
	q.Offset, q.Limit, q.Words = 0, 0, ""
	board, err := d.Cases(ctx, who, q)
	if err != nil {
		return err
	}
	if err := d.disclose(ctx, who, access.ChangeFile, store.Disclosure{Records: int64(len(board.Rows)), What: "cases.csv"}); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(caseColumns); err != nil {
		return err
	}
	for _, r := range board.Rows {
		if err := out.Write(r.cells()); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r CaseRow) cells() []string {
	yes := map[bool]string{true: "yes", false: "no"}
	var leads []string
	for _, m := range r.Team {
		if m.Lead {
			leads = append(leads, m.Name)
		}
	}
	due := ""
	if !r.Next.Due.IsZero() {
		due = r.Next.Due.UTC().Format(time.RFC3339)
	}
	row := []string{r.ID, r.Kind, r.Name, r.Country, r.State, r.Outcome, r.Opened.UTC().Format(time.RFC3339), r.Since.UTC().Format(time.RFC3339),
		strings.Join(leads, "\n"), r.Next.Kind, due, yes[r.Next.Late], yes[r.Drill]}
	for i, cell := range row {
		row[i] = exchange.SafeCell(cell)
	}
	return row
}
