package entry

import (
	"context"

	"ward/store"
)

// Changed reports whether journal rows after a number brought an entry of a register, or erased anything.
func Changed(ctx context.Context, tx *store.Tx, register string, after int64) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM journal WHERE number>$1 AND (act=$2 OR act LIKE 'erase%')", after, acts+register).Scan(&n)
	return n > 0, err
}
