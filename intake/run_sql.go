package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"ward/fault"
	"ward/seal"
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

const runColumns = "r.id, r.series, r.profile, r.layout, r.started, COALESCE(r.finished,0), r.progress, r.sealed, k.wrapped"

// NewestRun finds the import of a series that began last, the zero Run when there is none. While it is unfinished, the same
// file goes on.
func NewestRun(ctx context.Context, tx *store.Tx, series string) (Run, error) {
	list, err := runs(ctx, tx, "WHERE r.series=$1 ORDER BY r.started DESC, r.id DESC LIMIT 1", series)
	if err != nil || len(list) == 0 {
		return Run{}, err
	}
	return list[0], nil
}

// Runs lists all imports, the newest first.
func Runs(ctx context.Context, tx *store.Tx) ([]Run, error) {
	return runs(ctx, tx, "ORDER BY r.id DESC")
}

// RunByID finds one import.
func RunByID(ctx context.Context, tx *store.Tx, id string) (Run, error) {
	list, err := runs(ctx, tx, "WHERE r.id=$1", id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "there is no import %q here", id)
	}
	if err != nil {
		return Run{}, err
	}
	return list[0], nil
}

func runs(ctx context.Context, tx *store.Tx, tail string, args ...any) ([]Run, error) {
	rows, err := tx.Query(ctx, "SELECT "+runColumns+" FROM import_run r LEFT JOIN subject_key k ON k.subject=r.id "+tail, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Run
	for rows.Next() {
		r, err := scanRun(tx, rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func scanRun(tx *store.Tx, rows *sql.Rows) (Run, error) {
	var r Run
	var progress string
	var started, finished int64
	var sealed, wrapped []byte
	if err := rows.Scan(&r.ID, &r.Series, &r.Profile, &r.Layout, &started, &finished, &progress, &sealed, &wrapped); err != nil {
		return r, err
	}
	r.Started = time.UnixMicro(started).UTC()
	if finished != 0 {
		r.Finished = time.UnixMicro(finished).UTC()
	}
	if err := unmarshal(progress, &r.Progress); err != nil {
		return r, err
	}
	key, ok, err := tx.Unwrap(r.ID, wrapped)
	if r.Erased = !ok; err != nil || !ok {
		return r, err
	}
	plain, err := key.Open("import_run "+r.ID, sealed)
	if err != nil {
		return r, err
	}
	var headers, original, secret, result string
	if err := store.Unpack(plain, &r.Mapping, &r.File, &r.SHA256, &headers, &original, &secret, &result); err != nil {
		return r, err
	}
	copy(r.Secret[:], secret)
	copy(r.ResultSecret[:], result)
	return r, unmarshal(headers, &r.Headers, original, &r.Original)
}

// SaveRun writes a run's state under the run's own key; a finished one is never written again. The key is made with the run.
func SaveRun(ctx context.Context, tx *store.Tx, r Run) error {
	key, err := keyOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	var finished sql.NullInt64
	if !r.Finished.IsZero() {
		finished = sql.NullInt64{Int64: r.Finished.UnixMicro(), Valid: true}
	}
	sealed := key.Seal("import_run "+r.ID, store.Pack(r.Mapping, r.File, r.SHA256, marshal(r.Headers), marshal(r.Original), string(r.Secret[:]), string(r.ResultSecret[:])))
	_, err = tx.Exec(ctx, `INSERT INTO import_run (id, series, profile, layout, started, finished, progress, sealed)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (id) DO UPDATE SET finished=excluded.finished, progress=excluded.progress, sealed=excluded.sealed`,
		r.ID, r.Series, r.Profile, r.Layout, r.Started.UnixMicro(), finished, marshal(r.Progress), sealed)
	return err
}

// keyOf finds a run's key, or makes it; that of an erased run is never made again.
func keyOf(ctx context.Context, tx *store.Tx, run string) (seal.Key, error) {
	keys, err := tx.Keys(ctx, run)
	if err != nil {
		return seal.Key{}, err
	}
	if key, ok := keys[run]; ok {
		return key, nil
	}
	var erased int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM subject_key WHERE subject=$1", run).Scan(&erased); err != nil {
		return seal.Key{}, err
	}
	if erased > 0 {
		return seal.Key{}, fault.New(fault.Refused, "the import %s was erased", run).Keeping("nothing was changed").Do("import the file anew")
	}
	keys, err = tx.NewKeys(ctx, run)
	return keys[run], err
}

// AddRejected keeps rows that were not imported, sealed under the run's key.
func AddRejected(ctx context.Context, tx *store.Tx, run string, list []Rejected) error {
	if len(list) == 0 {
		return nil
	}
	key, err := keyOf(ctx, tx, run)
	if err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{run, r.Row, key.Seal(rejectedContext(run, r.Row), store.Pack(r.Reason, marshal(r.Raw)))}
	}
	return tx.Insert(ctx, "report_rejected", []string{"run_id", "row_number", "sealed"}, rows, "ON CONFLICT DO NOTHING")
}

// EachRejected calls fn for every rejected row of a run in the order of the file; an erased run has none.
func EachRejected(ctx context.Context, tx *store.Tx, run string, fn func(Rejected) error) error {
	keys, err := tx.Keys(ctx, run)
	if err != nil {
		return err
	}
	key, ok := keys[run]
	if !ok {
		return nil
	}
	rows, err := tx.Query(ctx, "SELECT row_number, sealed FROM report_rejected WHERE run_id=$1 ORDER BY row_number", run)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r Rejected
		var sealed []byte
		if err := rows.Scan(&r.Row, &sealed); err != nil {
			return err
		}
		if r, err = openRejected(key, run, r.Row, sealed); err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rejectedContext binds a rejected row to its place in the file.
func rejectedContext(run string, row int) string {
	return "report_rejected " + run + " " + strconv.Itoa(row)
}

func openRejected(key seal.Key, run string, row int, sealed []byte) (Rejected, error) {
	r := Rejected{Row: row}
	plain, err := key.Open(rejectedContext(run, row), sealed)
	if err != nil {
		return r, err
	}
	var raw string
	if err := store.Unpack(plain, &r.Reason, &raw); err != nil {
		return r, err
	}
	return r, unmarshal(raw, &r.Raw)
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
