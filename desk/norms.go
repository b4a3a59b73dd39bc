package desk

import (
	"context"

	"ward/access"
	"ward/id"
	"ward/policy"
	"ward/store"
)

// KeepTexts stores what was read from an association's own copies; a text that is kept already is passed over. It
// returns how many were new.
func (d *Desk) KeepTexts(ctx context.Context, who access.Actor, texts []policy.Text) (added int, err error) {
	if err := who.May(access.ImportNorms); err != nil {
		return 0, err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		for _, t := range texts {
			known, err := policy.HasText(ctx, tx, t.Digest())
			if err != nil {
				return err
			}
			if known {
				continue
			}
			kept := policy.Kept{ID: id.New(tx.Now()), Text: t}
			number, err := tx.Journal(ctx, "norm.keep", kept.ID, t.Digest())
			if err != nil {
				return err
			}
			if err := policy.KeepText(ctx, tx, kept, number); err != nil {
				return err
			}
			added++
		}
		return nil
	})
	return added, err
}

// Texts lists the kept texts by file and position.
func (d *Desk) Texts(ctx context.Context, who access.Actor) (out []policy.Kept, err error) {
	if err := d.read(ctx, who, access.ReadAudit, access.Page, "texts"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		out, err = policy.KeptTexts(ctx, tx)
		return err
	})
	return out, err
}
