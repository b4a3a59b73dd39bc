package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"ward/assertion"
	"ward/fault"
	"ward/store"
)

// PutSource adds a source or brings its description up to date.
func PutSource(ctx context.Context, tx *store.Tx, s Source) error {
	_, err := tx.Exec(ctx, `INSERT INTO source (series, namespace, title, publisher, licence, redistribute, scope, reliability, caveats)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9) ON CONFLICT (series) DO UPDATE SET title=excluded.title, publisher=excluded.publisher,
		licence=excluded.licence, redistribute=excluded.redistribute, scope=excluded.scope, reliability=excluded.reliability, caveats=excluded.caveats`,
		s.Series, s.Namespace, s.Title, s.Publisher, s.Licence, s.Redistribute, s.Scope, s.Reliability, s.Caveats)
	return err
}

// Sources lists all sources by series.
func Sources(ctx context.Context, tx *store.Tx) ([]Source, error) {
	rows, err := tx.Query(ctx, "SELECT series, namespace, title, publisher, licence, redistribute, scope, reliability, caveats FROM source ORDER BY series")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Source
	for rows.Next() {
		var s Source
		if err := rows.Scan(&s.Series, &s.Namespace, &s.Title, &s.Publisher, &s.Licence, &s.Redistribute, &s.Scope, &s.Reliability, &s.Caveats); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

const runColumns = "id, series, profile, layout, mapping, file, sha256, headers, started, COALESCE(finished,0), progress"

// NewestRun finds the import of a series that began last, the zero Run when there is none. While it is unfinished, the same
// file goes on.
func NewestRun(ctx context.Context, tx *store.Tx, series string) (Run, error) {
	list, err := runs(ctx, tx, "WHERE series=$1 ORDER BY started DESC, id DESC LIMIT 1", series)
	if err != nil || len(list) == 0 {
		return Run{}, err
	}
	return list[0], nil
}

// Runs lists all imports, the newest first.
func Runs(ctx context.Context, tx *store.Tx) ([]Run, error) {
	return runs(ctx, tx, "ORDER BY id DESC")
}

// RunByID finds one import.
func RunByID(ctx context.Context, tx *store.Tx, id string) (Run, error) {
	list, err := runs(ctx, tx, "WHERE id=$1", id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "there is no import %q here", id)
	}
	if err != nil {
		return Run{}, err
	}
	return list[0], nil
}

func runs(ctx context.Context, tx *store.Tx, tail string, args ...any) ([]Run, error) {
	rows, err := tx.Query(ctx, "SELECT "+runColumns+" FROM import_run "+tail, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Run
	for rows.Next() {
		var r Run
		var headers, progress string
		var started, finished int64
		if err := rows.Scan(&r.ID, &r.Series, &r.Profile, &r.Layout, &r.Mapping, &r.File, &r.SHA256, &headers, &started, &finished, &progress); err != nil {
			return nil, err
		}
		r.Started = time.UnixMicro(started).UTC()
		if finished != 0 {
			r.Finished = time.UnixMicro(finished).UTC()
		}
		if err := unmarshal(headers, &r.Headers, progress, &r.Progress); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// SaveRun writes a run's state; a finished one is never written again.
func SaveRun(ctx context.Context, tx *store.Tx, r Run) error {
	var finished sql.NullInt64
	if !r.Finished.IsZero() {
		finished = sql.NullInt64{Int64: r.Finished.UnixMicro(), Valid: true}
	}
	_, err := tx.Exec(ctx, `INSERT INTO import_run (id, series, profile, layout, mapping, file, sha256, headers, started, finished, progress)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) ON CONFLICT (id) DO UPDATE SET finished=excluded.finished, progress=excluded.progress`,
		r.ID, r.Series, r.Profile, r.Layout, r.Mapping, r.File, r.SHA256, marshal(r.Headers), r.Started.UnixMicro(), finished, marshal(r.Progress))
	return err
}

var reportColumns = []string{"id", "series", "external_id", "occurrence", "incident_id", "run_id", "row_number", "supersedes", "current", "seen_run",
	"gone", "country", "day_from", "day_to", "digest", "assertions", "raw", "flags", "text_key", "journal"}

// AddReports writes new reports and retires the editions they supersede.
func AddReports(ctx context.Context, tx *store.Tx, list []Report) error {
	rows := make([][]any, len(list))
	var retired []string
	for i, r := range list {
		var before any
		if r.Supersedes != "" {
			before = r.Supersedes
			retired = append(retired, r.Supersedes)
		}
		rows[i] = []any{r.ID, r.Series, r.ExternalID, r.Occurrence, r.IncidentID, r.RunID, r.Row, before, 1, r.SeenRun, 0, r.Country, r.DayFrom, r.DayTo,
			r.Digest, r.Assertions.Encode(), marshal(r.Raw), marshal(r.Flags), r.TextKey, r.Journal}
	}
	if err := update(ctx, tx, "UPDATE report SET current=0 WHERE id IN (", retired); err != nil {
		return err
	}
	return tx.Insert(ctx, "report", reportColumns, rows, "")
}

// MarkSeen notes that a run's file has these reports unchanged; one that was gone is back.
func MarkSeen(ctx context.Context, tx *store.Tx, run string, ids []string) error {
	return update(ctx, tx, "UPDATE report SET gone=0, seen_run=$1 WHERE id IN (", ids, run)
}

// update runs "... IN (" with ids appended after the fixed arguments.
func update(ctx context.Context, tx *store.Tx, head string, ids []string, fixed ...any) error {
	if len(ids) == 0 {
		return nil
	}
	args := fixed
	for _, id := range ids {
		args = append(args, id)
	}
	_, err := tx.Exec(ctx, head+tx.Marks(len(fixed)+1, len(ids))+")", args...)
	return err
}

// MarkGone marks the current reports of a series, within countries and days, that the run's file did not have, and
// returns the incidents concerned.
func MarkGone(ctx context.Context, tx *store.Tx, run Run) (reports int, incidents []string, err error) {
	p := run.Progress
	if len(p.Countries) == 0 {
		return 0, nil, nil
	}
	args := []any{run.Series, run.ID, p.FirstDay, p.LastDay}
	for _, c := range p.Countries {
		args = append(args, c)
	}
	rows, err := tx.Query(ctx, `UPDATE report SET gone=1 WHERE series=$1 AND current=1 AND gone=0 AND seen_run<>$2 AND day_from>=$3 AND day_to<=$4
		AND country IN (`+tx.Marks(5, len(p.Countries))+`) RETURNING incident_id`, args...)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	seen := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return 0, nil, err
		}
		reports++
		if !seen[id] {
			seen[id] = true
			incidents = append(incidents, id)
		}
	}
	return reports, incidents, rows.Err()
}

// Current lists the current reports of a series under these external ids; raw cells are left out.
func Current(ctx context.Context, tx *store.Tx, series string, externalIDs []string) ([]Report, error) {
	if len(externalIDs) == 0 {
		return nil, nil
	}
	args := []any{series}
	for _, id := range externalIDs {
		args = append(args, id)
	}
	return reports(ctx, tx, "series=$1 AND current=1 AND external_id IN ("+tx.Marks(2, len(externalIDs))+") ORDER BY external_id, occurrence", args...)
}

// OfIncidents lists the current reports of incidents, by incident.
func OfIncidents(ctx context.Context, tx *store.Tx, incidents []string) (map[string][]Report, error) {
	out := map[string][]Report{}
	const chunk = 5000
	for len(incidents) > 0 {
		n := min(chunk, len(incidents))
		args := make([]any, n)
		for i, id := range incidents[:n] {
			args[i] = id
		}
		list, err := reports(ctx, tx, "current=1 AND incident_id IN ("+tx.Marks(1, n)+") ORDER BY series, external_id, occurrence", args...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out[r.IncidentID] = append(out[r.IncidentID], r)
		}
		incidents = incidents[n:]
	}
	return out, nil
}

// Editions lists every edition of the reports of one incident, the newest first.
func Editions(ctx context.Context, tx *store.Tx, incident string) ([]Report, error) {
	return reports(ctx, tx, "incident_id=$1 ORDER BY series, external_id, occurrence, id DESC", incident)
}

// ChangedBy lists the reports by which a run superseded an earlier edition, a page of them after an id.
func ChangedBy(ctx context.Context, tx *store.Tx, run, after string, limit int) ([]Report, error) {
	return reports(ctx, tx, "run_id=$1 AND supersedes IS NOT NULL AND id>$2 ORDER BY id LIMIT $3", run, after, limit)
}

// ByID finds reports by id.
func ByID(ctx context.Context, tx *store.Tx, ids []string) (map[string]Report, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	list, err := reports(ctx, tx, "id IN ("+tx.Marks(1, len(ids))+")", args...)
	out := make(map[string]Report, len(list))
	for _, r := range list {
		out[r.ID] = r
	}
	return out, err
}

func reports(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Report, error) {
	var out []Report
	err := each(ctx, tx, where, func(r Report) error { out = append(out, r); return nil }, args...)
	return out, err
}

func each(ctx context.Context, tx *store.Tx, where string, fn func(Report) error, args ...any) error {
	rows, err := tx.Query(ctx, `SELECT id, series, external_id, occurrence, incident_id, run_id, row_number, COALESCE(supersedes,''), seen_run, gone,
		country, day_from, day_to, digest, assertions, raw, flags, journal FROM report WHERE `+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanReport(rows)
		if err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanReport(rows *sql.Rows) (Report, error) {
	var r Report
	var gone int64
	var list, raw, flags string
	err := rows.Scan(&r.ID, &r.Series, &r.ExternalID, &r.Occurrence, &r.IncidentID, &r.RunID, &r.Row, &r.Supersedes, &r.SeenRun, &gone,
		&r.Country, &r.DayFrom, &r.DayTo, &r.Digest, &list, &raw, &flags, &r.Journal)
	if err != nil {
		return r, err
	}
	r.Gone = gone != 0
	if r.Assertions, err = assertion.Decode(list); err != nil {
		return r, err
	}
	return r, unmarshal(raw, &r.Raw, flags, &r.Flags)
}

// Told is where a description stands.
type Told struct {
	ExternalID string
	Row        int
}

// SameText lists, by text key, the current reports of a series that bear these descriptions.
func SameText(ctx context.Context, tx *store.Tx, series string, keys []string) (map[string][]Told, error) {
	out := map[string][]Told{}
	if len(keys) == 0 {
		return out, nil
	}
	args := []any{series}
	for _, k := range keys {
		args = append(args, k)
	}
	rows, err := tx.Query(ctx, "SELECT text_key, external_id, row_number FROM report WHERE series=$1 AND text_key <> '' AND current=1 AND text_key IN ("+
		tx.Marks(2, len(keys))+") ORDER BY row_number", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var told Told
		if err := rows.Scan(&key, &told.ExternalID, &told.Row); err != nil {
			return nil, err
		}
		out[key] = append(out[key], told)
	}
	return out, rows.Err()
}

// AddRejected keeps rows that were not imported.
func AddRejected(ctx context.Context, tx *store.Tx, run string, list []Rejected) error {
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{run, r.Row, r.Reason, marshal(r.Raw)}
	}
	return tx.Insert(ctx, "report_rejected", []string{"run_id", "row_number", "reason", "raw"}, rows, "ON CONFLICT DO NOTHING")
}

// EachRejected calls fn for every rejected row of a run in the order of the file.
func EachRejected(ctx context.Context, tx *store.Tx, run string, fn func(Rejected) error) error {
	rows, err := tx.Query(ctx, "SELECT row_number, reason, raw FROM report_rejected WHERE run_id=$1 ORDER BY row_number", run)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r Rejected
		var raw string
		if err := rows.Scan(&r.Row, &r.Reason, &raw); err != nil {
			return err
		}
		if err := unmarshal(raw, &r.Raw); err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func marshal(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // plain strings and numbers always marshal
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// unmarshal reads pairs of (text, target).
func unmarshal(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := json.Unmarshal([]byte(pairs[i].(string)), pairs[i+1]); err != nil {
			return fault.Wrap(err, fault.Internal, "a stored row cannot be read")
		}
	}
	return nil
}
