package audit

import (
	"context"
	"database/sql"
	"encoding/json"

	"ward/fault"
	"ward/store"
)

// EachClear calls fn for every row that Ward's first version kept in clear, in the order in which they were brought in, and with the
// number of the journal row that brought it.
func EachClear(ctx context.Context, c *store.Clear, fn func(r Row, number int64) error) error {
	return c.Each(ctx, clearQuery(c)+" ORDER BY journal, clause, year, id", func(rows *sql.Rows) error {
		r, number, err := scanClear(rows)
		if err != nil {
			return err
		}
		return fn(r, number)
	})
}

// EachClearByState calls fn for the same rows State by State, each in the order in which Rows lists them.
func EachClearByState(ctx context.Context, c *store.Clear, fn func(Row) error) error {
	return c.Each(ctx, clearQuery(c)+" ORDER BY state, kind, journal, clause, year, id", func(rows *sql.Rows) error {
		r, _, err := scanClear(rows)
		if err != nil {
			return err
		}
		return fn(r)
	})
}

func clearQuery(c *store.Clear) string {
	return "SELECT kind, state, fields, journal FROM " + c.Table("audit_value")
}

func scanClear(rows *sql.Rows) (r Row, number int64, err error) {
	var kind, state, fields string
	if err := rows.Scan(&kind, &state, &fields, &number); err != nil {
		return r, 0, err
	}
	if err := json.Unmarshal([]byte(fields), &r); err != nil {
		return r, 0, fault.Wrap(err, fault.Internal, "a stored coding cannot be read")
	}
	r.Kind, r.State = kind, state
	return r, number, nil
}
