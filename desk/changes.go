package desk

import (
	"cmp"
	"context"

	"ward/access"
	"ward/assertion"
	"ward/intake"
	"ward/store"
)

// ReportChange is one report whose newer edition says something else.
type ReportChange struct {
	ExternalID string
	Fields     []assertion.Change
}

// Changes calls fn for every report that a run changed, field by field, without holding them all.
func (d *Desk) Changes(ctx context.Context, who access.Actor, run string, fn func(ReportChange) error) error {
	if err := d.read(ctx, who, access.ImportReports, access.ChangeFile, run); err != nil {
		return err
	}
	return d.db.Read(ctx, func(tx *store.Tx) error {
		for after := ""; ; {
			page, err := intake.ChangedBy(ctx, tx, run, after, batchRows)
			if err != nil || len(page) == 0 {
				return err
			}
			if err := compare(ctx, tx, page, fn); err != nil {
				return err
			}
			after = page[len(page)-1].ID
		}
	})
}

func compare(ctx context.Context, tx *store.Tx, page []intake.Report, fn func(ReportChange) error) error {
	ids := make([]string, len(page))
	for i, r := range page {
		ids[i] = r.Supersedes
	}
	before, err := intake.ByID(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, r := range page {
		if r.Erased || before[r.Supersedes].Erased {
			continue
		}
		if err := fn(ReportChange{r.ExternalID, assertion.Compare(before[r.Supersedes].Assertions, r.Assertions)}); err != nil {
			return err
		}
	}
	return nil
}

// RejectedRow is a row that was not imported. The first one given is the header.
type RejectedRow struct {
	Row    string // row number, or the word that heads the column
	Reason string
	Cells  []string
}

// Rejected calls fn with the header and then with every row that an import rejected, verbatim.
func (d *Desk) Rejected(ctx context.Context, who access.Actor, r ImportResult, fn func(RejectedRow) error) error {
	if err := d.read(ctx, who, access.ImportReports, access.RejectFile, cmp.Or(r.Run, "dry run")); err != nil {
		return err
	}
	if err := fn(RejectedRow{"row", "reason", r.headers}); err != nil {
		return err
	}
	for _, x := range r.rejected {
		if err := fn(RejectedRow{itoa(x.Row), x.Reason, x.Raw}); err != nil {
			return err
		}
	}
	if r.Run == "" {
		return nil
	}
	return d.db.Read(ctx, func(tx *store.Tx) error {
		return intake.EachRejected(ctx, tx, r.Run, func(x intake.Rejected) error {
			return fn(RejectedRow{itoa(x.Row), x.Reason, x.Raw})
		})
	})
}
