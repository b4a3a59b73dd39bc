package entry

import (
	"context"
	"strconv"

	"ward/store"
)

// row is an entry with where it says to have been journalled.
type row struct {
	kept
	journal       int64
	leaf          int
	erased, empty bool
	unreadable    bool
}

// Check compares every entry with what the journal commits to, and every batch with the entries that it brought; told is called now
// and then. It returns how many entries there are.
func Check(ctx context.Context, tx *store.Tx, told func(done int64), wrong store.Wrong) (entries int64, err error) {
	committed := tx.Committed()
	for after := ""; ; told(entries) {
		page, err := pageAfter(ctx, tx, after)
		if err != nil {
			return entries, err
		}
		if len(page) == 0 {
			return entries, countBatches(ctx, tx, wrong)
		}
		for _, r := range page {
			if r.id <= after {
				wrong("entry "+r.id, "stands out of order")
				return entries, nil // nothing more can be read page by page
			}
			what, err := r.wrong(ctx, committed)
			if err != nil {
				return entries, err
			}
			if what != "" {
				wrong("entry "+r.id, what)
			}
			after = r.id
		}
		entries += int64(len(page))
	}
}

func pageAfter(ctx context.Context, tx *store.Tx, after string) (out []row, err error) {
	const page = 1000
	found, err := tx.Query(ctx, `SELECT e.id, e.kind, e.subject, e.sealed, k.wrapped, e.journal, e.leaf, k.subject IS NULL
		FROM entry e LEFT JOIN subject_key k ON k.subject=e.id WHERE e.id>$1 ORDER BY e.id LIMIT $2`, after, page)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var r row
		var sealed, wrapped []byte
		var keyless bool
		err := found.Scan(&r.id, &r.kind, &r.subject, &sealed, &wrapped, &r.journal, &r.leaf, &keyless)
		r.erased, r.empty, r.unreadable = len(wrapped) == 0, sealed == nil, err != nil || keyless
		if !r.unreadable && !r.erased {
			r.unreadable = r.open(tx, sealed, wrapped) != nil
		}
		out = append(out, r)
	}
	return out, found.Err()
}

// wrong says what about an entry does not hold; "" is nothing.
func (r row) wrong(ctx context.Context, committed *store.Committed) (string, error) {
	switch {
	case r.unreadable:
		return "does not open", nil
	case r.erased && (!r.empty || r.subject != ""):
		return "was erased, and something of it is left", nil
	case r.erased:
		return "", nil
	}
	digest, err := r.commitment()
	if err != nil {
		return "does not open", nil
	}
	held, err := committed.Holds(ctx, r.journal, r.leaf, digest)
	if err != nil || held {
		return "", err
	}
	return "says something else than what was journalled", nil
}

// countBatches notices entries that are gone: each digest of a batch has its entry.
func countBatches(ctx context.Context, tx *store.Tx, wrong store.Wrong) error {
	rows, err := tx.Query(ctx, `SELECT j.number FROM journal j WHERE j.act LIKE $1
		AND LENGTH(j.leaves)<>32*(SELECT COUNT(*) FROM entry e WHERE e.journal=j.number)`, acts+"%")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			return err
		}
		wrong("journal row "+strconv.FormatInt(number, 10), "brought entries of which not all are there")
	}
	return rows.Err()
}
