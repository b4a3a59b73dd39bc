package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"

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

// Fresh picks the rows that are not on record yet, in every field. Rows are never edited: a later statement is another row.
func Fresh(ctx context.Context, tx *store.Tx, rows []Row) ([]Kept, error) {
	var out []Kept
	have := map[string]bool{}
	for _, r := range rows {
		id, err := tx.Blind("audit.row", r.Digest())
		if err != nil {
			return nil, err
		}
		if have[id] {
			continue
		}
		have[id] = true
		var n int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit_value WHERE id=$1", id).Scan(&n); err != nil {
			return nil, err
		}
		if n == 0 {
			out = append(out, Kept{r, id, tlog.NewSecret()})
		}
	}
	return out, nil
}

// Commitment is the digest of the row's fields under its secret.
func (k Kept) Commitment() tlog.Hash { return k.secret.Digest(k.Fields()) }

// Fields are what a row's digest commits to, each by itself.
func (r Row) Fields() []tlog.Field {
	return []tlog.Field{{Name: "kind", Value: r.Kind}, {Name: "state", Value: r.State}, {Name: "clause", Value: r.Clause}, {Name: "year", Value: itoa(r.Year)},
		{Name: "indicator", Value: r.Indicator}, {Name: "incident", Value: r.Incident}, {Name: "value", Value: r.Value}, {Name: "evidence", Value: r.Evidence},
		{Name: "coder", Value: r.Coder}, {Name: "role", Value: r.Role}, {Name: "date", Value: r.Date}, {Name: "source", Value: r.Source}, {Name: "note", Value: r.Note}}
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
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", fields))
	return hex.EncodeToString(sum[:])
}

// Rows lists what people stated about a State, in a fixed order: of one kind, what was brought in later stands later. Rows that
// were erased are left out.
func Rows(ctx context.Context, tx *store.Tx, state string) ([]Row, error) {
	found, err := tx.Query(ctx, `SELECT a.id, a.kind, a.sealed, k.wrapped FROM audit_value a JOIN subject_key k ON k.subject=a.id
		WHERE a.state=$1 AND k.wrapped IS NOT NULL ORDER BY a.kind, a.journal, a.clause, a.year, a.leaf`, state)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var out []Row
	for found.Next() {
		r, err := scanRow(tx, found, state)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, found.Err()
}

func scanRow(tx *store.Tx, found *sql.Rows, state string) (Row, error) {
	var r Row
	var id, kind, fields, secret string
	var sealed, wrapped []byte
	if err := found.Scan(&id, &kind, &sealed, &wrapped); err != nil {
		return r, err
	}
	key, _, err := tx.Unwrap(id, wrapped)
	if err != nil {
		return r, err
	}
	plain, err := key.Open("audit_value "+id, sealed)
	if err != nil {
		return r, err
	}
	if err := store.Unpack(plain, &fields, &secret); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(fields), &r); err != nil {
		return r, fault.Wrap(err, fault.Internal, "a stored coding cannot be read")
	}
	r.Kind, r.State = kind, state
	return r, nil
}
