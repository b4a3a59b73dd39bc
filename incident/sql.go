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

var columns = []string{"id", "public_id", "namespace", "external_id", "series", "date", "day_from", "day_to", "country", "adm1", "place", "point",
	"location_precision", "certainty", "scope", "context", "actor_kind", "actor_name", "actor_state", "actor_note", "codes", "counts",
	"description", "contested", "flags", "gone", "journal", "year", "killed", "injured", "abducted", "arrested", "all_killed", "all_injured"}

// whole is how many columns make an incident; those after it repeat some of its counts for Overview to sum.
const whole = 27

// replace rewrites every column that a new fold can change; key and ids stay.
var replace = func() string {
	var set []string
	for _, c := range columns[4:] {
		set = append(set, c+"=excluded."+c)
	}
	return "ON CONFLICT (id) DO UPDATE SET " + strings.Join(set, ",")
}()

// Save writes incidents, new or folded anew. The caller has journalled the change under the number they carry.
func Save(ctx context.Context, tx *store.Tx, list []Incident) error {
	rows := make([][]any, len(list))
	for i, x := range list {
		rows[i] = []any{x.ID, x.PublicID, x.Namespace, x.ExternalID, join(x.Series), x.Date.String(), int64(x.Date.From()), int64(x.Date.To()),
			x.Country, x.Adm1, x.Place, x.Point, x.Precision, x.Certainty, x.Scope, x.Context, x.ActorKind, x.ActorName, join(x.ActorState),
			x.ActorNote, join(x.Codes), encodeCounts(x.Counts), x.Summary, join(x.Contested), join(x.Flags), flag(x.Gone), x.Journal,
			x.Year(), best(x, "worker.killed"), best(x, "worker.injured"), best(x, "worker.abducted"), best(x, "worker.arrested"),
			best(x, "total.killed"), best(x, "total.injured")}
	}
	return tx.Insert(ctx, "incident", columns, rows, replace)
}

// Where selects incidents; the zero value selects all. Conditions are joined by AND.
type Where struct {
	IDs          []string // ULIDs
	PublicIDs    []string
	Namespace    string // with ExternalIDs
	ExternalIDs  []string
	State        string // whose territory or whose actor
	JournalAfter int64  // changed by a journal row after this one
}

// Each calls fn for every incident selected, in the order of their ids, without holding them all.
func Each(ctx context.Context, tx *store.Tx, w Where, fn func(Incident) error) error {
	condition, args := w.sql(tx)
	rows, err := tx.Query(ctx, "SELECT "+strings.Join(columns[:whole], ",")+" FROM incident WHERE "+condition+" ORDER BY id", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		inc, err := scan(rows)
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
	in("id", w.IDs)
	in("public_id", w.PublicIDs)
	if w.Namespace != "" {
		in("namespace", []string{w.Namespace})
		in("external_id", w.ExternalIDs)
	}
	if w.State != "" {
		m := tx.Marks(len(args)+1, 3)
		p := strings.Split(m, ",")
		// three arms so that each can use its index; a list of States is longer than one code
		parts = append(parts, "(country = "+p[0]+" OR actor_state = "+p[1]+" OR (actor_state <> '' AND actor_state LIKE "+p[2]+"))")
		args = append(args, w.State, w.State, "%"+w.State+"%")
	}
	if w.JournalAfter > 0 {
		parts = append(parts, "journal > "+tx.Marks(len(args)+1, 1))
		args = append(args, w.JournalAfter)
	}
	if len(parts) == 0 {
		return "1=1", nil
	}
	return strings.Join(parts, " AND "), args
}

func scan(rows *sql.Rows) (Incident, error) {
	var x Incident
	var series, date, state, codes, counts, contested, flags string
	var from, to, gone int64
	err := rows.Scan(&x.ID, &x.PublicID, &x.Namespace, &x.ExternalID, &series, &date, &from, &to, &x.Country, &x.Adm1, &x.Place, &x.Point,
		&x.Precision, &x.Certainty, &x.Scope, &x.Context, &x.ActorKind, &x.ActorName, &state, &x.ActorNote, &codes, &counts,
		&x.Summary, &contested, &flags, &gone, &x.Journal)
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
