package intake

import (
	"context"
	"database/sql"
	"time"

	"ward/assertion"
	"ward/store"
)

// What Ward's first version kept, in clear and in the columns of its schema.

// ClearRuns lists the imports, the oldest first.
func ClearRuns(ctx context.Context, c *store.Clear) (out []Run, err error) {
	query := "SELECT id, series, profile, layout, mapping, file, sha256, headers, started, COALESCE(finished,0), progress FROM " + c.Table("import_run") + " ORDER BY id"
	err = c.Each(ctx, query, func(rows *sql.Rows) error {
		var r Run
		var headers, progress string
		var started, finished int64
		if err := rows.Scan(&r.ID, &r.Series, &r.Profile, &r.Layout, &r.Mapping, &r.File, &r.SHA256, &headers, &started, &finished, &progress); err != nil {
			return err
		}
		r.Started = time.UnixMicro(started).UTC()
		if finished != 0 {
			r.Finished = time.UnixMicro(finished).UTC()
		}
		if err := unmarshal(headers, &r.Headers, progress, &r.Progress); err != nil {
			return err
		}
		out = append(out, r)
		return nil
	})
	return out, err
}

// EachClear calls fn for every report in the order of their ids. Its Digest is the stored one, and TextKey is left to the caller.
func EachClear(ctx context.Context, c *store.Clear, fn func(Report) error) error {
	query := `SELECT id, series, external_id, occurrence, incident_id, run_id, row_number, COALESCE(supersedes,''), seen_run, current, gone,
		country, day_from, day_to, digest, assertions, raw, flags FROM ` + c.Table("report") + " ORDER BY id"
	return c.Each(ctx, query, func(rows *sql.Rows) error {
		r, err := scanClear(rows)
		if err != nil {
			return err
		}
		return fn(r)
	})
}

func scanClear(rows *sql.Rows) (Report, error) {
	var r Report
	var current, gone int64
	var list, raw, flags string
	err := rows.Scan(&r.ID, &r.Series, &r.ExternalID, &r.Occurrence, &r.IncidentID, &r.RunID, &r.Row, &r.Supersedes, &r.SeenRun, &current, &gone,
		&r.Country, &r.DayFrom, &r.DayTo, &r.Digest, &list, &raw, &flags)
	if err != nil {
		return r, err
	}
	r.Retired, r.Gone = current == 0, gone != 0
	if r.Assertions, err = assertion.Decode(list); err != nil {
		return r, err
	}
	return r, unmarshal(raw, &r.Raw, flags, &r.Flags)
}

// EachClearRejected calls fn for every rejected row with its run, run by run in the order of the file.
func EachClearRejected(ctx context.Context, c *store.Clear, fn func(run string, r Rejected) error) error {
	query := "SELECT run_id, row_number, reason, raw FROM " + c.Table("report_rejected") + " ORDER BY run_id, row_number"
	return c.Each(ctx, query, func(rows *sql.Rows) error {
		var run, raw string
		var r Rejected
		if err := rows.Scan(&run, &r.Row, &r.Reason, &raw); err != nil {
			return err
		}
		if err := unmarshal(raw, &r.Raw); err != nil {
			return err
		}
		return fn(run, r)
	})
}
