package incident

import (
	"context"
	"database/sql"

	"ward/store"
)

// Tally is what one register documents of one State in one year: incidents and the best counts of people. Registers are
// never added to each other: the same event may stand in several.
type Tally struct {
	Namespace string
	Scope     string
	Country   string
	Year      int // 0 = unknown or across years
	Certainty string
	Incidents int64
	People    People
}

// People are sums of best counts. A sum that is not Valid was stated in no incident at all.
type People struct {
	Killed, Injured, Abducted, Arrested sql.NullInt64 // health workers
	AllKilled, AllInjured               sql.NullInt64 // everybody, where the register does not tell health workers apart
}

// Add sums two sets of incidents of one register.
func (p People) Add(o People) People {
	return People{plus(p.Killed, o.Killed), plus(p.Injured, o.Injured), plus(p.Abducted, o.Abducted), plus(p.Arrested, o.Arrested),
		plus(p.AllKilled, o.AllKilled), plus(p.AllInjured, o.AllInjured)}
}

func plus(a, b sql.NullInt64) sql.NullInt64 {
	return sql.NullInt64{Int64: a.Int64 + b.Int64, Valid: a.Valid || b.Valid}
}

// Overview sums the incidents that count and are not gone, by register, scope, State, year and certainty.
func Overview(ctx context.Context, tx *store.Tx) ([]Tally, error) {
	rows, err := tx.Query(ctx, `SELECT namespace, scope, country, year, certainty, COUNT(*), SUM(killed), SUM(injured), SUM(abducted), SUM(arrested),
		SUM(all_killed), SUM(all_injured) FROM incident
		WHERE gone=0 AND certainty IN ('possible','probable','confirmed')
		GROUP BY namespace, scope, country, year, certainty ORDER BY namespace, scope, country, year, certainty`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Tally
	for rows.Next() {
		var t Tally
		p := &t.People
		if err := rows.Scan(&t.Namespace, &t.Scope, &t.Country, &t.Year, &t.Certainty, &t.Incidents, &p.Killed, &p.Injured, &p.Abducted, &p.Arrested,
			&p.AllKilled, &p.AllInjured); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
