package entry

import (
	"context"

	"ward/store"
)

// Place is where the log commits to an entry: a journal row, and the place of its digest in that row's batch, from 0.
type Place struct {
	Number int64
	Leaf   int
}

// Places finds where the log commits to the living entries about a subject, whatever their kind, by their ids.
func Places(ctx context.Context, tx *store.Tx, subject string) (map[string]Place, error) {
	out := map[string]Place{}
	rows, err := tx.Query(ctx, "SELECT id, journal, leaf FROM entry WHERE subject=$1 AND sealed IS NOT NULL", subject)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var p Place
		if err := rows.Scan(&id, &p.Number, &p.Leaf); err != nil {
			return nil, err
		}
		out[id] = p
	}
	return out, rows.Err()
}
