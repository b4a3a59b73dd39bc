package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"ward/fault"
	"ward/store"
	"ward/tlog"
)

// Kept is a row to be kept, with its id and the secret that salts its digest.
type Kept struct {
	Row
	id     string
	secret tlog.Secret
}

// Fresh picks the rows that are not on record yet, in every field. Rows are never edited: a later statement is another row. One
// that was erased counts as on record: a file does not bring it back.
func Fresh(ctx context.Context, tx *store.Tx, rows []Row) ([]Kept, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		var err error
		if ids[i], err = tx.Blind("audit.row", r.Digest()); err != nil {
			return nil, err
		}
	}
	have, err := onRecord(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []Kept
	for i, r := range rows {
		if !have[ids[i]] {
			have[ids[i]] = true
			out = append(out, Kept{r, ids[i], tlog.NewSecret()})
		}
	}
	return out, nil
}

// onRecord says which rows are kept already.
func onRecord(ctx context.Context, tx *store.Tx, ids []string) (map[string]bool, error) {
	const atOnce = 5000
	have := map[string]bool{}
	for chunk := range slices.Chunk(ids, atOnce) {
		if err := findRows(ctx, tx, chunk, have); err != nil {
			return nil, err
		}
	}
	return have, nil
}

func findRows(ctx context.Context, tx *store.Tx, ids []string, into map[string]bool) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	found, err := tx.Query(ctx, "SELECT id FROM audit_value WHERE id IN ("+tx.Marks(1, len(args))+")", args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return err
		}
		into[id] = true
	}
	return found.Err()
}

// Commitment is the digest of the row's fields under its secret.
func (k Kept) Commitment() tlog.Hash { return k.secret.Digest(k.Fields()) }

// Fields are what a row's digest commits to, each by itself.
func (r Row) Fields() []tlog.Field {
	return append([]tlog.Field{{Name: "kind", Value: r.Kind}, {Name: "state", Value: r.State}, {Name: "clause", Value: r.Clause}, {Name: "year", Value: itoa(r.Year)},
		{Name: "indicator", Value: r.Indicator}, {Name: "incident", Value: r.Incident}, {Name: "value", Value: r.Value}, {Name: "evidence", Value: r.Evidence},
		{Name: "coder", Value: r.Coder}, {Name: "role", Value: r.Role}, {Name: "date", Value: r.Date}, {Name: "source", Value: r.Source}, {Name: "note", Value: r.Note}}, r.added()...)
}

// added are the filled ones among the columns that later versions brought.
func (r Row) added() (out []tlog.Field) {
	for _, f := range []tlog.Field{{Name: "body", Value: r.Body}, {Name: "until", Value: r.Until}, {Name: "was", Value: r.Was}, {Name: "now", Value: r.Now}} {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// AddRows keeps what people stated, each row sealed under a key of its own, in the order of the batch that the journal row number
// commits to.
func AddRows(ctx context.Context, tx *store.Tx, rows []Kept, number int64) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	keys, err := tx.NewKeys(ctx, ids...)
	if err != nil {
		return err
	}
	values := make([][]any, len(rows))
	for i, r := range rows {
		fields, err := json.Marshal(r.Row)
		if err != nil {
			return fault.Wrap(err, fault.Internal, "a coding cannot be written")
		}
		sealed := keys[r.id].Seal("audit_value "+r.id, store.Pack(string(fields), string(r.secret[:])))
		values[i] = []any{r.id, r.Kind, r.State, r.Clause, r.Year, sealed, number, i}
	}
	return tx.Insert(ctx, "audit_value", []string{"id", "kind", "state", "clause", "year", "sealed", "journal", "leaf"}, values, "")
}

// Digest commits to what the row says, field by field in the order of the file's columns. A column added later must come
// last and count only when it is filled, or every row on record would read as new.
func (r Row) Digest() string {
	fields := []string{r.Kind, r.State, r.Clause, itoa(r.Year), r.Indicator, r.Incident, r.Value, r.Evidence, r.Coder, r.Role, r.Date, r.Source, r.Note}
	for _, f := range r.added() {
		fields = append(fields, f.Name, f.Value)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", fields))
	return hex.EncodeToString(sum[:])
}

// Rows lists what people stated about a State, in a fixed order: of one kind, what was brought in later stands later. Rows that
// were erased are left out.
func Rows(ctx context.Context, tx *store.Tx, state string) ([]Row, error) {
	var out []Row
	err := eachRow(ctx, tx, "a.state=$1", func(_ string, r Row) { out = append(out, r) }, state)
	return out, err
}

// eachRow calls fn with the id of every row on record that meets a condition, and with the row.
func eachRow(ctx context.Context, tx *store.Tx, condition string, fn func(id string, r Row), args ...any) error {
	found, err := tx.Query(ctx, `SELECT a.id, a.kind, a.state, a.sealed, k.wrapped FROM audit_value a JOIN subject_key k ON k.subject=a.id
		WHERE k.wrapped IS NOT NULL AND `+condition+" ORDER BY a.kind, a.journal, a.clause, a.year, a.leaf", args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		id, r, err := scanRow(tx, found)
		if err != nil {
			return err
		}
		fn(id, r)
	}
	return found.Err()
}

func scanRow(tx *store.Tx, found *sql.Rows) (id string, r Row, err error) {
	var kind, state string
	var sealed, wrapped []byte
	if err := found.Scan(&id, &kind, &state, &sealed, &wrapped); err != nil {
		return id, r, err
	}
	if r, _, err = openRow(tx, id, sealed, wrapped); err != nil {
		return id, r, err
	}
	r.Kind, r.State = kind, state
	return id, r, nil
}

// openRow opens what is sealed of a row, and the secret that salts its digest.
func openRow(tx *store.Tx, id string, sealed, wrapped []byte) (r Row, secret tlog.Secret, err error) {
	key, _, err := tx.Unwrap(id, wrapped)
	if err != nil {
		return r, secret, err
	}
	plain, err := key.Open("audit_value "+id, sealed)
	if err != nil {
		return r, secret, err
	}
	var fields, salt string
	if err := store.Unpack(plain, &fields, &salt); err != nil {
		return r, secret, err
	}
	copy(secret[:], salt)
	if err := json.Unmarshal([]byte(fields), &r); err != nil {
		return r, secret, fault.Wrap(err, fault.Internal, "a stored coding cannot be read")
	}
	return r, secret, nil
}
