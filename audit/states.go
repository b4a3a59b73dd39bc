package audit

import (
	"context"

	"ward/store"
)

// StatesSince lists the States of which anything was stated after a journal row, each once, in no order; "" stands for what was erased.
func StatesSince(ctx context.Context, tx *store.Tx, journal int64) (codes []string, err error) {
	rows, err := tx.Query(ctx, "SELECT DISTINCT state FROM audit_value WHERE journal>$1", journal)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return codes, rows.Err()
}
