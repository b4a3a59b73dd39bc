package incident

import (
	"context"

	"ward/store"
)

// Tally is what one register documents of one State in one year: incidents and the best counts of health workers.
// Registers are never added to each other: the same event may stand in several.
type Tally struct {
	Namespace string
	Scope     string
	Country   string
	Year      int // 0 = unknown or across years
	Certainty string
	Incidents int64
	Killed    int64
	Injured   int64
	Abducted  int64
	Arrested  int64
}

// Overview sums all incidents that are not gone, by register, scope, State, year and certainty.
func Overview(ctx context.Context, tx *store.Tx) ([]Tally, error) {
	rows, err := tx.Query(ctx, `SELECT namespace, scope, country, year, certainty, COUNT(*), SUM(killed), SUM(injured), SUM(abducted), SUM(arrested)
		FROM incident WHERE gone=0 GROUP BY namespace, scope, country, year, certainty ORDER BY namespace, scope, country, year, certainty`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Tally
	for rows.Next() {
		var t Tally
		if err := rows.Scan(&t.Namespace, &t.Scope, &t.Country, &t.Year, &t.Certainty, &t.Incidents, &t.Killed, &t.Injured, &t.Abducted, &t.Arrested); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
