package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"ward/fault"
	"ward/store"
)

// AddRows keeps what people stated. A row that is there already, in every field, is passed over; it returns how many
// were new. Rows are never edited: a later statement is another row.
func AddRows(ctx context.Context, tx *store.Tx, rows []Row, number int64) (added int, err error) {
	for _, r := range rows {
		fields, err := json.Marshal(r)
		if err != nil {
			return added, fault.Wrap(err, fault.Internal, "a coding cannot be written")
		}
		result, err := tx.Exec(ctx, `INSERT INTO audit_value (id, kind, state, clause, year, fields, journal) VALUES ($1,$2,$3,$4,$5,$6,$7)
			ON CONFLICT (id) DO NOTHING`, r.Digest(), r.Kind, r.State, r.Clause, r.Year, string(fields), number)
		if err != nil {
			return added, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return added, err
		}
		added += int(n)
	}
	return added, nil
}

// Digest commits to what the row says, field by field in the order of the file's columns. A column added later must come
// last and count only when it is filled, or every row on record would read as new.
func (r Row) Digest() string {
	fields := []string{r.Kind, r.State, r.Clause, itoa(r.Year), r.Indicator, r.Incident, r.Value, r.Evidence, r.Coder, r.Role, r.Date, r.Source, r.Note}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", fields))
	return hex.EncodeToString(sum[:])
}

// Rows lists what people stated about a State, in a fixed order: of one kind, what was brought in later stands later.
func Rows(ctx context.Context, tx *store.Tx, state string) ([]Row, error) {
	found, err := tx.Query(ctx, "SELECT kind, fields FROM audit_value WHERE state=$1 ORDER BY kind, journal, clause, year, id", state)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var out []Row
	for found.Next() {
		var r Row
		var kind, fields string
		if err := found.Scan(&kind, &fields); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(fields), &r); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "a stored coding cannot be read")
		}
		r.Kind, r.State = kind, state
		out = append(out, r)
	}
	return out, found.Err()
}
