package intake

import (
	"context"

	"ward/store"
)

// EraseReports empties reports whose keys were destroyed. Their ids and the blind key of the publisher's id stay, so that an import
// knows what it must not take in again; where they stood in the publisher's file does not, or that file would tell who they were.
func EraseReports(ctx context.Context, tx *store.Tx, ids []string) error {
	return update(ctx, tx, "UPDATE report SET sealed=NULL, country='', day_from=0, day_to=0, text_key='', row_number=0, leaf=0 WHERE id IN (", ids)
}

// ErasedOf counts the reports of an import that were erased since.
func ErasedOf(ctx context.Context, tx *store.Tx, run string) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM report r JOIN subject_key k ON k.subject=r.id WHERE r.run_id=$1 AND k.wrapped IS NULL", run).Scan(&n)
	return n, err
}

// SameRecord lists the editions, the newest first, of the record that a report is one edition of. Erased ones are among them.
func SameRecord(ctx context.Context, tx *store.Tx, r Report) ([]Report, error) {
	return reports(ctx, tx, "r.incident_id=$1 AND r.series=$2 AND r.external_key=$3 AND r.occurrence=$4 ORDER BY r.id DESC", r.IncidentID, r.Series, r.externalKey, r.Occurrence)
}

// EraseRun empties a run whose key was destroyed, and the rows that it rejected. How many rows it read stays; where and when they lie does
// not.
func EraseRun(ctx context.Context, tx *store.Tx, r Run) error {
	counts := r.Progress
	counts.Countries, counts.FirstDay, counts.LastDay = nil, 0, 0
	if _, err := tx.Exec(ctx, "UPDATE import_run SET sealed=NULL, progress=$1 WHERE id=$2", marshal(counts), r.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE report_rejected SET sealed=NULL WHERE run_id=$1", r.ID)
	return err
}
