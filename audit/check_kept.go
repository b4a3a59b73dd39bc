package audit

import (
	"context"
	"database/sql"

	"ward/store"
	"ward/tlog"
)

// keptRow is a row on record as it is kept.
type keptRow struct {
	id            string
	row           Row
	clause, state string // as the open columns say
	year          int
	secret        tlog.Secret
	journal       int64
	leaf          int
	erased, empty bool
	fault         bool // it cannot be read
}

// CheckKept compares every row on record, with its open columns, with what the journal commits to, and every batch with the rows that it
// brought; told is called now and then.
func CheckKept(ctx context.Context, tx *store.Tx, told func(done int64), wrong store.Wrong) (rows int64, err error) {
	committed := tx.Committed()
	for after := ""; ; told(rows) {
		page, err := keptAfter(ctx, tx, after)
		if err != nil {
			return rows, err
		}
		if len(page) == 0 {
			return rows, countBatches(ctx, tx, wrong)
		}
		for _, k := range page {
			if k.id <= after {
				wrong("coding "+k.id, "stands out of order")
				return rows, nil // nothing more can be read page by page
			}
			what, err := k.wrong(ctx, tx, committed)
			if err != nil {
				return rows, err
			}
			if what != "" {
				wrong("coding "+k.id, what)
			}
			after = k.id
		}
		rows += int64(len(page))
	}
}

func keptAfter(ctx context.Context, tx *store.Tx, after string) (out []keptRow, err error) {
	const page = 1000
	found, err := tx.Query(ctx, `SELECT a.id, a.kind, a.state, a.sealed, k.wrapped, a.clause, a.year, a.journal, a.leaf, k.subject IS NULL
		FROM audit_value a LEFT JOIN subject_key k ON k.subject=a.id WHERE a.id>$1 ORDER BY a.id LIMIT $2`, after, page)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		out = append(out, scanKept(tx, found))
	}
	return out, found.Err()
}

func scanKept(tx *store.Tx, found *sql.Rows) keptRow {
	var k keptRow
	var kind string
	var sealed, wrapped []byte
	var keyless bool
	err := found.Scan(&k.id, &kind, &k.state, &sealed, &wrapped, &k.clause, &k.year, &k.journal, &k.leaf, &keyless)
	k.erased, k.empty, k.fault = len(wrapped) == 0, sealed == nil, err != nil || keyless
	if k.fault || k.erased {
		return k
	}
	k.row, k.secret, err = openRow(tx, k.id, sealed, wrapped)
	k.row.Kind, k.row.State, k.fault = kind, k.state, err != nil
	return k
}

// wrong says what about a row does not hold; "" is nothing.
func (k keptRow) wrong(ctx context.Context, tx *store.Tx, committed *store.Committed) (string, error) {
	switch {
	case k.fault:
		return "does not open", nil
	case k.erased:
		if !k.empty || k.state != "" || k.clause != "" || k.year != 0 {
			return "was erased, and something of it is left", nil
		}
		return "", nil
	}
	held, err := committed.Holds(ctx, k.journal, k.leaf, k.secret.Digest(k.row.Fields()))
	if err != nil {
		return "", err
	}
	id, err := tx.Blind("audit.row", k.row.Digest())
	if err != nil {
		return "", err
	}
	if !held || id != k.id || k.clause != k.row.Clause || k.year != k.row.Year {
		return "says something else than what was journalled", nil
	}
	return "", nil
}

// countBatches notices rows that are gone: each digest of a batch has its row.
func countBatches(ctx context.Context, tx *store.Tx, wrong store.Wrong) error {
	rows, err := tx.Query(ctx, `SELECT j.number FROM journal j WHERE j.act='audit.codings'
		AND LENGTH(j.leaves)<>32*(SELECT COUNT(*) FROM audit_value a WHERE a.journal=j.number)`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number int
		if err := rows.Scan(&number); err != nil {
			return err
		}
		wrong("journal row "+itoa(number), "brought codings of which not all are there")
	}
	return rows.Err()
}
