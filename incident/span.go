package incident

import (
	"context"

	"ward/store"
)

// Years is the first and the last year of the workspace's health incidents, 0 and 0 when it has none.
func Years(ctx context.Context, tx *store.Tx) (first, last int, err error) {
	err = tx.QueryRow(ctx, "SELECT COALESCE(MIN(year),0), COALESCE(MAX(year),0) FROM incident WHERE scope='health' AND gone=0 AND year>0").Scan(&first, &last)
	return first, last, err
}
