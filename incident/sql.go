package incident

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"ward/fault"
	"ward/store"
	"ward/tally"
	"ward/when"
)

var columns = []string{"id", "public_id", "namespace", "external_key", "series", "date", "day_from", "day_to", "country",
	"location_precision", "certainty", "scope", "context", "actor_kind", "actor_state", "contested", "flags", "gone", "sealed", "journal", "leaf",
	"year", "killed", "injured", "abducted", "arrested", "all_killed", "all_injured"}

// replace rewrites every column that a new fold can change; key and ids stay.
var replace = func() string {
	var set []string
	for _, c := range columns[4:] {
		set = append(set, c+"=excluded."+c)
	}
	return "ON CONFLICT (id) DO UPDATE SET " + strings.Join(set, ",")
}()

// Save writes incidents, new or folded anew: what the public tier may show in open columns, all else sealed under the incident's
// own key. The caller has journalled the change under the number they carry.
func Save(ctx context.Context, tx *store.Tx, list []Incident) error {
	keys, err := keysOf(ctx, tx, list)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(list))
	for _, x := range list {
		key, ok := keys[x.ID]
		if !ok {
			return fault.New(fault.Refused, "incident %s was erased", x.PublicID).Keeping("nothing was changed")
		}
		external, err := externalKey(tx, x.Namespace, x.ExternalID)
		if err != nil {
			return err
		}
		rows = append(rows, []any{x.ID, x.PublicID, x.Namespace, external, join(x.Series), x.Date.String(), int64(x.Date.From()), int64(x.Date.To()),
			x.Country, x.Precision, x.Certainty, x.Scope, x.Context, x.ActorKind, join(x.ActorState), join(x.Contested), join(x.Flags), flag(x.Gone),
			key.Seal("incident "+x.ID, pack(x)), x.Journal, x.Leaf,
			x.Year(), best(x, "worker.killed"), best(x, "worker.injured"), best(x, "worker.abducted"), best(x, "worker.arrested"),
			best(x, "total.killed"), best(x, "total.injured")})
	}
	return tx.Insert(ctx, "incident", columns, rows, replace)
}

// keysOf finds the incidents' data keys and makes those of new ones.
func keysOf(ctx context.Context, tx *store.Tx, list []Incident) (store.Keys, error) {
	var fresh, known []string
	for _, x := range list {
		if x.fresh {
			fresh = append(fresh, x.ID)
		} else {
			known = append(known, x.ID)
		}
	}
	keys, err := tx.Keys(ctx, known...)
	if err != nil || len(fresh) == 0 {
		return keys, err
	}
	made, err := tx.NewKeys(ctx, fresh...)
	maps.Copy(keys, made)
	return keys, err
}

// externalKey stands in the open for the id that a namespace gave.
func externalKey(tx *store.Tx, namespace, externalID string) (string, error) {
	return tx.Blind("incident.external", namespace, externalID)
}

func pack(x Incident) []byte {
	return store.Pack(x.ExternalID, x.Adm1, x.Place, x.Point, x.ActorName, x.ActorNote, join(x.Codes), encodeCounts(x.Counts), x.Summary, string(x.Secret[:]))
}

func unpack(plain []byte, x *Incident) error {
	var codes, counts, secret string
	err := store.Unpack(plain, &x.ExternalID, &x.Adm1, &x.Place, &x.Point, &x.ActorName, &x.ActorNote, &codes, &counts, &x.Summary, &secret)
	if err != nil {
		return err
	}
	x.Codes = strings.Fields(codes)
	copy(x.Secret[:], secret)
	x.Counts, err = decodeCounts(counts)
	return err
}

// Where selects incidents; the zero value selects all. Conditions are joined by AND.
type Where struct {
	IDs          []string // ULIDs
	PublicIDs    []string
	State        string // whose territory or whose actor
	JournalAfter int64  // changed by a journal row after this one
}

// selected is what scan reads.
const selected = `i.id, i.public_id, i.namespace, i.series, i.date, i.country, i.location_precision, i.certainty, i.scope, i.context,
	i.actor_kind, i.actor_state, i.contested, i.flags, i.gone, i.sealed, i.journal, i.leaf, k.wrapped`

// Each calls fn for every incident selected, in the order of their ids, without holding them all.
func Each(ctx context.Context, tx *store.Tx, w Where, fn func(Incident) error) error {
	condition, args := w.sql(tx)
	rows, err := tx.Query(ctx, "SELECT "+selected+" FROM incident i LEFT JOIN subject_key k ON k.subject=i.id WHERE "+condition+" ORDER BY i.id", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		inc, err := scan(tx, rows)
		if err != nil {
			return err
		}
		if err := fn(inc); err != nil {
			return err
		}
	}
	return rows.Err()
}

// List is Each gathered; for lists that are short by nature.
func List(ctx context.Context, tx *store.Tx, w Where) ([]Incident, error) {
	var out []Incident
	err := Each(ctx, tx, w, func(inc Incident) error { out = append(out, inc); return nil })
	return out, err
}

// Get finds one incident by its public id or ULID; NotFound otherwise.
func Get(ctx context.Context, tx *store.Tx, id string) (Incident, error) {
	w := Where{IDs: []string{id}}
	if strings.HasPrefix(id, "WRD-") {
		w = Where{PublicIDs: []string{id}}
	}
	list, err := List(ctx, tx, w)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "there is no incident %q here", id)
	}
	if err != nil {
		return Incident{}, err
	}
	return list[0], nil
}

// Known is an incident that a namespace already has under an id.
type Known struct {
	ID     string // ULID
	Erased bool
}

// ByExternalID finds which incidents a namespace already has under these ids, those that were erased among them.
func ByExternalID(ctx context.Context, tx *store.Tx, namespace string, ids []string) (map[string]Known, error) {
	out := map[string]Known{}
	if len(ids) == 0 {
		return out, nil
	}
	args, plain := []any{namespace}, make(map[string]string, len(ids))
	for _, id := range ids {
		key, err := externalKey(tx, namespace, id)
		if err != nil {
			return nil, err
		}
		args, plain[key] = append(args, key), id
	}
	rows, err := tx.Query(ctx, `SELECT i.external_key, i.id, k.wrapped IS NULL FROM incident i LEFT JOIN subject_key k ON k.subject=i.id
		WHERE i.namespace=$1 AND i.external_key IN (`+tx.Marks(2, len(ids))+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var known Known
		if err := rows.Scan(&key, &known.ID, &known.Erased); err != nil {
			return nil, err
		}
		out[plain[key]] = known
	}
	return out, rows.Err()
}

func (w Where) sql(tx *store.Tx) (string, []any) {
	var parts []string
	var args []any
	in := func(column string, values []string) {
		if len(values) > 0 {
			parts = append(parts, column+" IN ("+tx.Marks(len(args)+1, len(values))+")")
			for _, v := range values {
				args = append(args, v)
			}
		}
	}
	in("i.id", w.IDs)
	in("i.public_id", w.PublicIDs)
	if w.State != "" {
		p := strings.Split(tx.Marks(len(args)+1, 3), ",")
		// three arms, so that each uses its index: a list of States holds a blank. UNION without ALL would be merged in the order of ids, for which
		// SQLite reads the whole table
		parts = append(parts, "i.id IN (SELECT id FROM incident WHERE country = "+p[0]+" UNION ALL SELECT id FROM incident WHERE actor_state <> '' AND actor_state = "+p[1]+
			" UNION ALL SELECT id FROM incident WHERE actor_state LIKE '% %' AND actor_state LIKE "+p[2]+")")
		args = append(args, w.State, w.State, "%"+w.State+"%")
	}
	if w.JournalAfter > 0 {
		// by a list of ids: asked for in their order, SQLite would read the whole table for the few that changed
		parts = append(parts, "i.id IN (SELECT id FROM incident WHERE journal > "+tx.Marks(len(args)+1, 1)+")")
		args = append(args, w.JournalAfter)
	}
	if len(parts) == 0 {
		return "1=1", nil
	}
	return strings.Join(parts, " AND "), args
}

func scan(tx *store.Tx, rows *sql.Rows) (Incident, error) {
	var x Incident
	var series, date, state, contested, flags string
	var gone int64
	var sealed, wrapped []byte
	err := rows.Scan(&x.ID, &x.PublicID, &x.Namespace, &series, &date, &x.Country, &x.Precision, &x.Certainty, &x.Scope, &x.Context,
		&x.ActorKind, &state, &contested, &flags, &gone, &sealed, &x.Journal, &x.Leaf, &wrapped)
	if err != nil {
		return x, err
	}
	x.Series, x.ActorState = strings.Fields(series), strings.Fields(state)
	x.Contested, x.Flags, x.Gone = strings.Fields(contested), strings.Fields(flags), gone != 0
	if date != "" {
		if x.Date, err = when.Parse(date); err != nil {
			return x, err
		}
	}
	key, ok, err := tx.Unwrap(x.ID, wrapped)
	if x.Erased = !ok; err != nil || !ok {
		return x, err
	}
	plain, err := key.Open("incident "+x.ID, sealed)
	if err != nil {
		return x, err
	}
	return x, unpack(plain, &x)
}

func join(list []string) string { return strings.Join(list, " ") }

// best is the best count of a field, NULL when nobody stated one: zero is a statement.
func best(x Incident, field string) any {
	if c, stated := x.Counts[field]; stated {
		return c.Best
	}
	return nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// encodeCounts writes "field=count;..." with zeros kept: 0 is a statement, absence is none.
func encodeCounts(m map[string]tally.Count) string {
	var b strings.Builder
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(k + "=" + m[k].Text())
	}
	return b.String()
}

func decodeCounts(s string) (map[string]tally.Count, error) {
	if s == "" {
		return nil, nil
	}
	out := map[string]tally.Count{}
	for _, part := range strings.Split(s, ";") {
		k, v, _ := strings.Cut(part, "=")
		c, err := tally.Parse(v)
		if err != nil {
			return nil, err
		}
		out[k] = c
	}
	return out, nil
}
