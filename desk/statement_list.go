package desk

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"ward/access"
	"ward/exchange"
	letter "ward/statement"
	"ward/store"
)

// statementColumns head the register as a file.
var statementColumns = []string{"id", "kind", "state", "title", "language", "addressees", "findings", "clauses", "issued", "due", "overdue", "one_person_only", "corrects", "replies", "last_reply", "last_grade"}

// WriteStatements writes the register as CSV, as asked but whole; the texts stay. It leaves for members, with a line in the ledger.
func (d *Desk) WriteStatements(ctx context.Context, who access.Actor, w io.Writer, q StatementQuery) error {
	list, err := d.Statements(ctx, who, q)
	if err != nil {
		return err
	}
	if err := d.disclose(ctx, who, access.AuditFile, store.Disclosure{Records: int64(len(list)), What: "statements.csv"}); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(statementColumns); err != nil {
		return err
	}
	for _, s := range list {
		if err := out.Write(d.statementRow(s)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (d *Desk) statementRow(s letter.Statement) []string {
	yes := map[bool]string{true: "yes", false: "no"}
	row := []string{s.ID, s.Draft.Kind, s.State, s.Draft.Title, s.Draft.Lang, strings.Join(s.Draft.Addressees, "\n"), strings.Join(s.Draft.Findings, "\n"), strings.Join(s.Draft.Clauses, "\n"),
		s.Issued(), s.Due, yes[s.Overdue(d.Today())], yes[s.Alone], s.Draft.Corrects, "0", "", ""}
	if n := len(s.Replies); n > 0 {
		last := s.Replies[n-1].Body
		copy(row[len(row)-3:], []string{strconv.Itoa(n), last.Date, last.Grade})
	}
	for i, cell := range row {
		row[i] = exchange.SafeCell(cell)
	}
	return row
}
