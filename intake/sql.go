package intake

import (
	"context"
	"database/sql"

	"ward/assertion"
	"ward/seal"
	"ward/store"
)

var reportColumns = []string{"id", "series", "external_key", "occurrence", "incident_id", "run_id", "row_number", "supersedes", "current", "seen_run",
	"gone", "country", "day_from", "day_to", "text_key", "sealed", "journal", "leaf"}

// AddReports writes new reports, each sealed under a key of its own, and retires the editions they supersede.
func AddReports(ctx context.Context, tx *store.Tx, list []Report) error {
	ids := make([]string, len(list))
	var retired []string
	for i, r := range list {
		ids[i] = r.ID
		if r.Supersedes != "" {
			retired = append(retired, r.Supersedes)
		}
	}
	keys, err := tx.NewKeys(ctx, ids...)
	if err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, r := range list {
		if rows[i], err = reportRow(tx, r, keys[r.ID]); err != nil {
			return err
		}
	}
	if err := update(ctx, tx, "UPDATE report SET current=0 WHERE id IN (", retired); err != nil {
		return err
	}
	return tx.Insert(ctx, "report", reportColumns, rows, "")
}

func reportRow(tx *store.Tx, r Report, key seal.Key) ([]any, error) {
	external, err := externalKey(tx, r.Series, r.ExternalID)
	if err != nil {
		return nil, err
	}
	told, err := textKey(tx, r.Series, r.TextKey)
	if err != nil {
		return nil, err
	}
	var before any
	if r.Supersedes != "" {
		before = r.Supersedes
	}
	sealed := key.Seal("report "+r.ID, store.Pack(r.ExternalID, r.Assertions.Encode(), marshal(r.Raw), marshal(r.Flags), string(r.Secret[:])))
	return []any{r.ID, r.Series, external, r.Occurrence, r.IncidentID, r.RunID, r.Row, before, flag(!r.Retired), r.SeenRun, flag(r.Gone), r.Country, r.DayFrom, r.DayTo,
		told, sealed, r.Journal, r.Leaf}, nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// externalKey stands in the open for a publisher's id.
func externalKey(tx *store.Tx, series, externalID string) (string, error) {
	return tx.Blind("report.external", series, externalID)
}

// textKey stands in the open for a description, so that its repetition is seen; "" for none.
func textKey(tx *store.Tx, series, key string) (string, error) {
	if key == "" {
		return "", nil
	}
	return tx.Blind("report.text", series, key)
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

// Current lists the current reports of a series under these external ids; those that were erased are among them, empty but
// for the id they were asked by.
func Current(ctx context.Context, tx *store.Tx, series string, externalIDs []string) ([]Report, error) {
	if len(externalIDs) == 0 {
		return nil, nil
	}
	args, byKey := []any{series}, make(map[string]string, len(externalIDs))
	for _, id := range externalIDs {
		key, err := externalKey(tx, series, id)
		if err != nil {
			return nil, err
		}
		args, byKey[key] = append(args, key), id
	}
	list, err := reports(ctx, tx, "r.series=$1 AND r.current=1 AND r.external_key IN ("+tx.Marks(2, len(externalIDs))+") ORDER BY r.external_key, r.occurrence", args...)
	for i := range list {
		list[i].ExternalID = byKey[list[i].externalKey]
	}
	return list, err
}

// OfIncidents lists the current reports of incidents, by incident; what was erased is left out.
func OfIncidents(ctx context.Context, tx *store.Tx, incidents []string) (map[string][]Report, error) {
	out := map[string][]Report{}
	const chunk = 5000
	for len(incidents) > 0 {
		n := min(chunk, len(incidents))
		args := make([]any, n)
		for i, id := range incidents[:n] {
			args[i] = id
		}
		list, err := reports(ctx, tx, "r.current=1 AND k.wrapped IS NOT NULL AND r.incident_id IN ("+tx.Marks(1, n)+") ORDER BY r.series, r.occurrence, r.id", args...)
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

// Erased lists those of the incidents of which a current report of a series was erased.
func Erased(ctx context.Context, tx *store.Tx, series string, incidents []string) (out []string, err error) {
	if len(incidents) == 0 {
		return nil, nil
	}
	args := []any{series}
	for _, id := range incidents {
		args = append(args, id)
	}
	rows, err := tx.Query(ctx, `SELECT DISTINCT r.incident_id FROM report r LEFT JOIN subject_key k ON k.subject=r.id
		WHERE r.series=$1 AND r.current=1 AND k.wrapped IS NULL AND r.incident_id IN (`+tx.Marks(2, len(incidents))+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// Editions lists every edition of the reports of one incident, the newest first.
func Editions(ctx context.Context, tx *store.Tx, incident string) ([]Report, error) {
	return reports(ctx, tx, "r.incident_id=$1 ORDER BY r.series, r.external_key, r.occurrence, r.id DESC", incident)
}

// ChangedBy lists the reports by which a run superseded an earlier edition, a page of them after an id; what was erased is left out.
func ChangedBy(ctx context.Context, tx *store.Tx, run, after string, limit int) ([]Report, error) {
	return reports(ctx, tx, "r.run_id=$1 AND r.supersedes IS NOT NULL AND k.wrapped IS NOT NULL AND r.id>$2 ORDER BY r.id LIMIT $3", run, after, limit)
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
	list, err := reports(ctx, tx, "r.id IN ("+tx.Marks(1, len(ids))+")", args...)
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

// reportSelect is what scanReport reads.
const reportSelect = `r.id, r.series, r.external_key, r.occurrence, r.incident_id, r.run_id, r.row_number, COALESCE(r.supersedes,''), r.seen_run,
	r.current, r.gone, r.country, r.day_from, r.day_to, r.sealed, r.journal, r.leaf, k.wrapped`

func each(ctx context.Context, tx *store.Tx, where string, fn func(Report) error, args ...any) error {
	rows, err := tx.Query(ctx, "SELECT "+reportSelect+" FROM report r LEFT JOIN subject_key k ON k.subject=r.id WHERE "+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanReport(tx, rows)
		if err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanReport(tx *store.Tx, rows *sql.Rows) (Report, error) {
	var r Report
	var current, gone int64
	var sealed, wrapped []byte
	err := rows.Scan(&r.ID, &r.Series, &r.externalKey, &r.Occurrence, &r.IncidentID, &r.RunID, &r.Row, &r.Supersedes, &r.SeenRun, &current, &gone,
		&r.Country, &r.DayFrom, &r.DayTo, &sealed, &r.Journal, &r.Leaf, &wrapped)
	if err != nil {
		return r, err
	}
	r.Retired, r.Gone = current == 0, gone != 0
	key, ok, err := tx.Unwrap(r.ID, wrapped)
	if r.Erased = !ok; err != nil || !ok {
		return r, err
	}
	plain, err := key.Open("report "+r.ID, sealed)
	if err != nil {
		return r, err
	}
	var list, raw, flags, secret string
	if err := store.Unpack(plain, &r.ExternalID, &list, &raw, &flags, &secret); err != nil {
		return r, err
	}
	copy(r.Secret[:], secret)
	if r.Assertions, err = assertion.Decode(list); err != nil {
		return r, err
	}
	r.Digest = r.Assertions.Digest()
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
	args, plain := []any{series}, make(map[string]string, len(keys))
	for _, k := range keys {
		blind, err := textKey(tx, series, k)
		if err != nil {
			return nil, err
		}
		args, plain[blind] = append(args, blind), k
	}
	rows, err := tx.Query(ctx, `SELECT r.text_key, r.id, r.row_number, r.sealed, k.wrapped FROM report r JOIN subject_key k ON k.subject=r.id
		WHERE r.series=$1 AND r.text_key <> '' AND r.current=1 AND k.wrapped IS NOT NULL AND r.text_key IN (`+tx.Marks(2, len(keys))+`) ORDER BY r.row_number`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		key, told, err := scanTold(tx, rows)
		if err != nil {
			return nil, err
		}
		out[plain[key]] = append(out[plain[key]], told)
	}
	return out, rows.Err()
}

func scanTold(tx *store.Tx, rows *sql.Rows) (blind string, told Told, err error) {
	var id string
	var sealed, wrapped []byte
	if err := rows.Scan(&blind, &id, &told.Row, &sealed, &wrapped); err != nil {
		return "", told, err
	}
	key, _, err := tx.Unwrap(id, wrapped)
	if err != nil {
		return "", told, err
	}
	plain, err := key.Open("report "+id, sealed)
	if err != nil {
		return "", told, err
	}
	var rest [4]string
	return blind, told, store.Unpack(plain, &told.ExternalID, &rest[0], &rest[1], &rest[2], &rest[3])
}
