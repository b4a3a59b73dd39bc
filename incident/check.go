package incident

import (
	"context"
	"database/sql"

	"ward/store"
)

// checkRows is how many records are in memory at once.
const checkRows = 1000

// kept is an incident as it is kept, with the columns that follow from others.
type kept struct {
	Incident
	external string
	keyless  bool
	empty    bool // nothing is sealed in it
	odd      bool // what is yes or no is neither
	from, to int64
	year     int
	counts   [6]sql.NullInt64 // in the order of counted
	fault    error
}

// counted are the fields whose best counts have a column of their own.
var counted = [6]string{"worker.killed", "worker.injured", "worker.abducted", "worker.arrested", "total.killed", "total.injured"}

// Check compares every incident, with all its columns, with what the journal commits to; told is called now and then.
func Check(ctx context.Context, tx *store.Tx, told func(done int64), wrong store.Wrong) (incidents int64, err error) {
	committed := tx.Committed()
	for after := ""; ; told(incidents) {
		page, err := keptAfter(ctx, tx, after)
		if err != nil || len(page) == 0 {
			return incidents, err
		}
		for _, k := range page {
			if k.ID <= after {
				wrong("incident "+k.PublicID, "stands out of order")
				return incidents, nil // nothing more can be read page by page
			}
			what, err := k.wrong(ctx, tx, committed)
			if err != nil {
				return incidents, err
			}
			if what != "" {
				wrong("incident "+k.PublicID, what)
			}
			after = k.ID
		}
		incidents += int64(len(page))
	}
}

func keptAfter(ctx context.Context, tx *store.Tx, after string) (out []kept, err error) {
	const where = " FROM incident i LEFT JOIN subject_key k ON k.subject=i.id WHERE i.id>$1 ORDER BY i.id LIMIT $2"
	rows, err := tx.Query(ctx, "SELECT "+selected+where, after, checkRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k kept
		k.Incident, k.fault = scan(tx, rows)
		out = append(out, k)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	more, err := tx.Query(ctx, "SELECT i.external_key, k.subject IS NULL, i.sealed IS NULL, i.gone NOT IN (0,1), i.day_from, i.day_to, i.year, i.killed, i.injured, i.abducted, i.arrested, i.all_killed, i.all_injured"+
		where, after, checkRows)
	if err != nil {
		return nil, err
	}
	defer more.Close()
	for i := 0; i < len(out) && more.Next(); i++ {
		k := &out[i]
		c := &k.counts
		if err := more.Scan(&k.external, &k.keyless, &k.empty, &k.odd, &k.from, &k.to, &k.year, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5]); err != nil && k.fault == nil {
			k.fault = err
		}
	}
	return out, more.Err()
}

// wrong says what about an incident does not hold; "" is nothing.
func (k kept) wrong(ctx context.Context, tx *store.Tx, committed *store.Committed) (string, error) {
	switch {
	case k.fault != nil:
		return "does not open", nil
	case k.keyless || k.odd:
		return "has no key although it was not erased, or is neither gone nor there", nil
	case k.Erased:
		if !k.blank() {
			return "was erased, and something of it is left", nil
		}
		return "", nil
	}
	held, err := committed.Holds(ctx, k.Journal, k.Leaf, k.Commitment())
	if err != nil {
		return "", err
	}
	if !held {
		return "says something else than what was journalled", nil
	}
	external, err := externalKey(tx, k.Namespace, k.ExternalID)
	if err != nil {
		return "", err
	}
	switch {
	case k.external != external:
		return "has another key for its namespace's id", nil
	case k.from != int64(k.Date.From()) || k.to != int64(k.Date.To()) || k.year != k.Year():
		return "has other days or another year than its date", nil
	case !k.countsFit():
		return "has other numbers of people than it states", nil
	}
	return "", nil
}

func (k kept) countsFit() bool {
	for i, field := range counted {
		stated, ok := k.Counts[field]
		if k.counts[i] != (sql.NullInt64{Int64: stated.Best, Valid: ok}) {
			return false
		}
	}
	return true
}

// blank reports that an erased incident says nothing.
func (k kept) blank() bool {
	said := join(k.Series) + k.Date.String() + k.Country + k.Precision + k.Certainty + k.Scope + k.Context + k.ActorKind + join(k.ActorState) + join(k.Contested) + join(k.Flags)
	return k.empty && said == "" && k.Gone && k.from == 0 && k.to == 0 && k.year == 0 && k.counts == [6]sql.NullInt64{}
}
