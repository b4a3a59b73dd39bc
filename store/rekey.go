package store

import (
	"context"
	"encoding/json"
	"slices"

	"ward/fault"
	"ward/seal"
	"ward/tlog"
)

// Key is the desk key as it was unlocked, nil while the workspace is locked.
func (db *DB) Key() *seal.Desk {
	if open := db.keys.Load(); open != nil {
		return open.desk
	}
	return nil
}

// current makes sure that the desk key is still the workspace's, before it wraps anything: a wrap that it made after another process
// replaced it would open for nobody. The workspace's own data key shows it. When that key is made, there is nothing to ask yet.
func (t *Tx) current(ctx context.Context, subjects []string) error {
	if slices.Contains(subjects, Workspace) {
		return nil
	}
	_, _, err := t.sealer(ctx, Workspace)
	return err
}

// run calls fn. Where a wrap did not open, either the database was altered or another process has replaced the desk key since this one
// unlocked it: the keyring tells.
func (t *Tx) run(ctx context.Context, fn func(*Tx) error) error {
	err := fn(t)
	if err == nil || !t.misfit {
		return err
	}
	var body string
	if t.tx.QueryRowContext(ctx, "SELECT body FROM keyring WHERE id=1").Scan(&body) != nil {
		return err
	}
	var ring seal.Keyring
	if json.Unmarshal([]byte(body), &ring) != nil || ring.Generation == t.open.desk.Generation() {
		return err
	}
	return fault.New(fault.Refused, "the workspace's keys were changed by another program").Keeping("what was written before is kept; nothing of this is").
		Do("stop this program and start it again")
}

// Renew gives a subject a new data key, so that what the former one sealed can never be opened again. The caller writes again, in this
// transaction, what is to remain; the secrets of the journal are sealed anew here.
func (t *Tx) Renew(ctx context.Context, subject string) error {
	keys, err := t.Keys(ctx, subject)
	if err != nil {
		return err
	}
	former, ok := keys[subject]
	if !ok {
		return fault.New(fault.Refused, "%s has no key", subject).Keeping("nothing was changed")
	}
	next := seal.NewKey()
	if err := t.reseal(ctx, subject, former, next); err != nil {
		return err
	}
	if _, err := t.Exec(ctx, "UPDATE subject_key SET wrapped=$1 WHERE subject=$2", t.open.desk.Wrap(subject, next), subject); err != nil {
		return err
	}
	t.remember(Keys{subject: next})
	return nil
}

// reseal moves the journal's secrets of a subject from one key to another.
func (t *Tx) reseal(ctx context.Context, subject string, former, next seal.Key) error {
	secrets, err := t.secretsOf(ctx, subject)
	if err != nil {
		return err
	}
	for number, s := range secrets {
		plain, err := former.Open(secretContext(s.leaf), s.sealed)
		if err != nil {
			return err
		}
		if _, err := t.Exec(ctx, "UPDATE journal SET secret=$1 WHERE number=$2", next.Seal(secretContext(s.leaf), plain), number); err != nil {
			return err
		}
	}
	return nil
}

// sealedSecret is what opens a journal row's leaf, as it is kept.
type sealedSecret struct {
	leaf   tlog.Leaf
	sealed []byte
}

// secretsOf finds the journal's secrets that lie under a subject's own key, by number.
func (t *Tx) secretsOf(ctx context.Context, subject string) (map[int64]sealedSecret, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT number, leaf, secret FROM journal WHERE subject=$1 AND sealed_by=$2 AND secret IS NOT NULL", subject, subject)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]sealedSecret{}
	for rows.Next() {
		var number int64
		var leaf []byte
		var s sealedSecret
		if err := rows.Scan(&number, &leaf, &s.sealed); err != nil {
			return nil, err
		}
		copy(s.leaf[:], leaf)
		out[number] = s
	}
	return out, rows.Err()
}
