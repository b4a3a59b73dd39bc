package desk

import (
	"context"

	"ward/access"
	"ward/intake"
	"ward/store"
)

// Sources lists what the workspace's incidents came from, without summing them.
func (d *Desk) Sources(ctx context.Context, who access.Actor) (out []intake.Source, err error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "incidents"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = intake.Sources(ctx, tx)
		return err
	})
	return out, err
}
