package incident

import (
	"context"
	"database/sql"
	"strings"

	"ward/store"
	"ward/when"
)

// EachClear calls fn for every incident that Ward's first version kept in clear, in the order of their ids. Save gives each a key.
func EachClear(ctx context.Context, c *store.Clear, fn func(Incident) error) error {
	query := `SELECT id, public_id, namespace, external_id, series, date, country, adm1, place, point, location_precision, certainty, scope, context,
		actor_kind, actor_name, actor_state, actor_note, codes, counts, description, contested, flags, gone FROM ` + c.Table("incident") + " ORDER BY id"
	return c.Each(ctx, query, func(rows *sql.Rows) error {
		inc, err := scanClear(rows)
		if err != nil {
			return err
		}
		return fn(New(inc))
	})
}

func scanClear(rows *sql.Rows) (Incident, error) {
	var x Incident
	var series, date, state, codes, counts, contested, flags string
	var gone int64
	err := rows.Scan(&x.ID, &x.PublicID, &x.Namespace, &x.ExternalID, &series, &date, &x.Country, &x.Adm1, &x.Place, &x.Point, &x.Precision, &x.Certainty,
		&x.Scope, &x.Context, &x.ActorKind, &x.ActorName, &state, &x.ActorNote, &codes, &counts, &x.Summary, &contested, &flags, &gone)
	if err != nil {
		return x, err
	}
	x.Series, x.ActorState, x.Codes = strings.Fields(series), strings.Fields(state), strings.Fields(codes)
	x.Contested, x.Flags, x.Gone = strings.Fields(contested), strings.Fields(flags), gone != 0
	if date != "" {
		if x.Date, err = when.Parse(date); err != nil {
			return x, err
		}
	}
	x.Counts, err = decodeCounts(counts)
	return x, err
}
