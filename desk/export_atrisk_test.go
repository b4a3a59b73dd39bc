package desk

import (
	"context"

	"ward/store"
)

// DraftsOfEvaluations counts what anybody typed into evaluations and did not save.
func (d *Desk) DraftsOfEvaluations(ctx context.Context) (n int) {
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.PassingOf(ctx, passingEvaluation, "")
		n = len(list)
		return err
	})
	if err != nil {
		panic(err)
	}
	return n
}
