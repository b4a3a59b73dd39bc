package store

import (
	"context"

	"ward/fault"
)

// settingRollback holds, while a restored workspace waits for a person, how far a witness saw its log. Nothing is written meanwhile: a
// second history must not begin unnoticed.
const settingRollback = "rollback"

// frozen is why nobody may write.
type frozen struct {
	refusal error
	forever bool // in this process
}

// Freeze lets nobody write any more, from the next transaction on, until Thaw. What is said with it comes back from Frozen.
func (t *Tx) Freeze(ctx context.Context, what string) error {
	return t.SetSetting(ctx, settingRollback, what)
}

// Thaw lets everybody write again.
func (t *Tx) Thaw(ctx context.Context) error {
	_, err := t.Exec(ctx, "DELETE FROM setting WHERE name=$1", settingRollback)
	return err
}

// Frozen is what was said when the workspace was made read-only, "" when it is not.
func (t *Tx) Frozen(ctx context.Context) (string, error) { return t.Setting(ctx, settingRollback) }

// Frozen tells whether the workspace was read-only when it was opened, and whether it still is as far as this process knows.
func (db *DB) Frozen() bool { return db.frozen.Load() != nil }

// Amend is Write for the little that a read-only workspace takes: notes of who reads it, and what makes it writable again.
func (db *DB) Amend(ctx context.Context, who string, fn func(*Tx) error) error {
	return db.commit(ctx, who, fn)
}

// findFrozen notes whether the workspace is read-only.
func (db *DB) findFrozen(ctx context.Context) error {
	return db.Read(ctx, func(tx *Tx) error {
		what, err := tx.Frozen(ctx)
		if err == nil && what != "" {
			db.frozen.Store(&frozen{refusal: fault.New(fault.Refused, "this workspace is read-only: it was restored, and a witness has seen more of its log than it holds").
				Keeping("nothing was written").Do("read what ward doctor says, then ward log accept-rollback")})
		}
		return err
	})
}

// mayWrite refuses to write to a read-only workspace. Whether it still is, the database knows: another process may have ended it.
func (t *Tx) mayWrite(ctx context.Context) error {
	why := t.db.frozen.Load()
	if why == nil {
		return nil
	}
	if why.forever {
		return why.refusal
	}
	if what, err := t.Frozen(ctx); err != nil || what != "" {
		return firstError(err, why.refusal)
	}
	t.db.frozen.Store(nil)
	return nil
}
