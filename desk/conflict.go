package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/entry"
	"ward/staff"
	"ward/store"
)

// ConflictHistory is every conflict of interest that was declared or lifted for an account, the newest first. One's own is for oneself;
// anybody's for who keeps the accounts.
func (d *Desk) ConflictHistory(ctx context.Context, who access.Actor, account string) (out []entry.Entry[staff.Conflict], err error) {
	act := access.ManagePeople
	if who.Account == account {
		act = access.OwnAccount
	}
	if err := d.read(ctx, who, act, access.Page, "people"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = entry.Of[staff.Conflict](ctx, tx, staff.KindConflict, account)
		return err
	})
	slices.Reverse(out)
	return out, err
}
