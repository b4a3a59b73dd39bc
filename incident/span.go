package incident

import (
	"context"
	"strings"

	"ward/store"
)

// Years is the first and the last year of the workspace's health incidents, 0 and 0 when it has none.
func Years(ctx context.Context, tx *store.Tx) (first, last int, err error) {
	const dated = "FROM incident WHERE scope='health' AND gone=0 AND year>0" // one end at a time: so each is found in the index
	err = tx.QueryRow(ctx, "SELECT COALESCE((SELECT MIN(year) "+dated+"),0), COALESCE((SELECT MAX(year) "+dated+"),0)").Scan(&first, &last)
	return first, last, err
}

// States lists the States and territories that are the place or the actor of a health incident, in no order; one may come several times.
func States(ctx context.Context, tx *store.Tx) (codes []string, err error) {
	rows, err := tx.Query(ctx, "SELECT DISTINCT country, actor_state FROM incident WHERE scope='health' AND gone=0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var place, actor string
		if err := rows.Scan(&place, &actor); err != nil {
			return nil, err
		}
		codes = append(append(codes, place), strings.Fields(actor)...)
	}
	return codes, rows.Err()
}
