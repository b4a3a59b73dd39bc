package audit

import (
	"context"

	"ward/store"
)

// Stated is a coding on record, by its id.
type Stated struct {
	ID string
	Row
}

// Naming lists the codings on record that name an incident.
func Naming(ctx context.Context, tx *store.Tx, incident string) ([]Stated, error) {
	var out []Stated
	err := eachRow(ctx, tx, "1=1", func(id string, r Row) {
		if r.Incident == incident {
			out = append(out, Stated{id, r})
		}
	})
	return out, err
}

// Has reports a coding of this id, on record or erased.
func Has(ctx context.Context, tx *store.Tx, id string) (bool, error) {
	have := map[string]bool{}
	err := findRows(ctx, tx, []string{id}, have)
	return have[id], err
}

// Erase empties a coding whose key was destroyed. Its id stays, so that an import knows that it must not take it in again.
func Erase(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, "UPDATE audit_value SET sealed=NULL, state='', clause='', year=0 WHERE id=$1", id)
	return err
}
