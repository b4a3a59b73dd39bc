package incident

import (
	"context"

	"ward/store"
	"ward/when"
)

// Arrivals counts what one register documents of one State.
type Arrivals struct {
	Namespace string
	Country   string
	Certainty string
	Incidents int64
	Perhaps   int64 // of Dated: those whose date only overlaps the days asked for, not among Incidents
}

// countedHealth are the incidents that count, are not gone and concern health care.
const countedHealth = "gone=0 AND scope='health' AND certainty IN ('possible','probable','confirmed')"

// Arrived counts by register and State the health incidents whose first report came between two ids: an incident's id is made when its
// first report is taken in, and sorts by that moment. The first id is included, the last is not.
func Arrived(ctx context.Context, tx *store.Tx, from, before string) ([]Arrivals, error) {
	return arrivals(ctx, tx, `SELECT namespace, country, '', COUNT(*), 0 FROM incident WHERE `+countedHealth+` AND id >= $1 AND id < $2
		GROUP BY namespace, country ORDER BY namespace, COUNT(*) DESC, country`, from, before)
}

// Dated counts by register and certainty the health incidents that happened on the days from first to last, both included.
func Dated(ctx context.Context, tx *store.Tx, first, last when.Day) ([]Arrivals, error) {
	return arrivals(ctx, tx, `SELECT namespace, '', certainty, SUM(CASE WHEN day_from >= $1 AND day_to <= $2 THEN 1 ELSE 0 END),
		SUM(CASE WHEN day_from >= $3 AND day_to <= $4 THEN 0 ELSE 1 END) FROM incident
		WHERE `+countedHealth+` AND date <> '' AND day_to >= $5 AND day_from <= $6 GROUP BY namespace, certainty ORDER BY namespace, certainty`,
		int64(first), int64(last), int64(first), int64(last), int64(first), int64(last))
}

func arrivals(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Arrivals, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Arrivals
	for rows.Next() {
		var a Arrivals
		if err := rows.Scan(&a.Namespace, &a.Country, &a.Certainty, &a.Incidents, &a.Perhaps); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}
