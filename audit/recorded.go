package audit

import (
	"context"
	"time"

	"ward/store"
)

// AllRecorded lists what people stated about every State, each row with the moment at which it came on record; the order is that of Rows. Rows
// that were erased are left out.
func AllRecorded(ctx context.Context, tx *store.Tx) ([]Recorded, error) {
	at, err := moments(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Recorded
	err = eachRow(ctx, tx, "1=1", func(id string, r Row) { out = append(out, Recorded{r, at[id]}) })
	return out, err
}

// moments are those at which rows came on record, by id.
func moments(ctx context.Context, tx *store.Tx) (map[string]time.Time, error) {
	rows, err := tx.Query(ctx, "SELECT a.id, j.at FROM audit_value a JOIN journal j ON j.number=a.journal")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	at := map[string]time.Time{}
	for rows.Next() {
		var id string
		var micros int64
		if err := rows.Scan(&id, &micros); err != nil {
			return nil, err
		}
		at[id] = time.UnixMicro(micros).UTC()
	}
	return at, rows.Err()
}
