package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"ward/fault"
	"ward/seal"
	"ward/tlog"
)

// Lock is what a workspace keeps of its keys: ciphertext, salts and costs, nothing in clear.
type Lock struct {
	Keyring string // seal.Keyring as JSON; "" in a workspace that has none yet
	Edition int64  // rises by one with every change
	Origin  string // the log's name, which stands in every leaf
}

// Lock reads the workspace's keyring.
func (db *DB) Lock(ctx context.Context) (Lock, error) {
	var l Lock
	err := db.read.QueryRowContext(ctx, "SELECT edition, body FROM keyring WHERE id=1").Scan(&l.Edition, &l.Keyring)
	if errors.Is(err, sql.ErrNoRows) {
		return Lock{}, nil
	}
	if err != nil {
		return l, err
	}
	err = db.read.QueryRowContext(ctx, "SELECT value FROM setting WHERE name='origin'").Scan(&l.Origin)
	return l, err
}

// Unlock gives the transactions that begin after it the desk key, with which sealed columns are read and written.
func (db *DB) Unlock(d *seal.Desk, origin string) {
	db.keys.Store(&unlocked{desk: d, origin: origin})
}

// unlocked is what an open desk key adds to a database.
type unlocked struct {
	desk   *seal.Desk
	origin string
}

// PutLock replaces the keyring of the edition given; 0 makes the first. Somebody else's change in between is a Conflict.
func (t *Tx) PutLock(ctx context.Context, l Lock) error {
	query, args := "UPDATE keyring SET edition=edition+1, body=$1 WHERE id=1 AND edition=$2", []any{l.Keyring, l.Edition}
	if l.Edition == 0 {
		query, args = "INSERT INTO keyring (id, edition, body) VALUES (1, 1, $1) ON CONFLICT DO NOTHING", args[:1]
	}
	result, err := t.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New(fault.Conflict, "somebody else changed the keys at the same time").Keeping("nothing was changed").Do("try again"))
	}
	return t.SetSetting(ctx, "origin", l.Origin)
}

// Use makes this transaction work with a desk key that its own changes made current: the first one, or a rotated one.
func (t *Tx) Use(d *seal.Desk, origin string) { t.open = &unlocked{desk: d, origin: origin} }

// desk is the unlocked desk key.
func (t *Tx) desk() (*seal.Desk, error) {
	if t.open == nil {
		return nil, fault.New(fault.Refused, "the workspace is locked").Keeping("nothing was read or written").Do("give its passphrase")
	}
	return t.open.desk, nil
}

// Secret is one of the workspace's own secrets, such as the key that signs its log; nil when there is none.
func (t *Tx) Secret(name string) ([]byte, error) {
	desk, err := t.desk()
	if err != nil {
		return nil, err
	}
	return desk.Secret(name), nil
}

// KeepSecret seals one of the workspace's own secrets into its keyring.
func (t *Tx) KeepSecret(ctx context.Context, name string, value []byte) error {
	desk, err := t.desk()
	if err != nil {
		return err
	}
	l := Lock{Origin: t.open.origin}
	if err := t.tx.QueryRowContext(ctx, "SELECT edition, body FROM keyring WHERE id=1").Scan(&l.Edition, &l.Keyring); err != nil {
		return err
	}
	var ring seal.Keyring
	if err := json.Unmarshal([]byte(l.Keyring), &ring); err != nil {
		return fault.New(fault.Internal, "the workspace's keyring is damaged").Do("restore the newest backup with ward restore")
	}
	if err := ring.SetSecret(desk, name, value); err != nil {
		return err
	}
	body, err := json.Marshal(&ring)
	if err != nil {
		return err
	}
	l.Keyring = string(body)
	return t.PutLock(ctx, l)
}

// Origin is the name of this workspace's log.
func (t *Tx) Origin() string {
	if t.open == nil {
		return ""
	}
	return t.open.origin
}

// Workspace is the subject whose key seals what belongs to no other subject.
const Workspace = "workspace"

// Keys are data keys by subject. An erased subject has none.
type Keys map[string]seal.Key

// NewKeys makes a data key for each subject and keeps its wrap.
func (t *Tx) NewKeys(ctx context.Context, subjects ...string) (Keys, error) {
	desk, err := t.desk()
	if err != nil {
		return nil, err
	}
	if err := t.current(ctx, subjects); err != nil {
		return nil, err
	}
	keys := make(Keys, len(subjects))
	rows := make([][]any, len(subjects))
	for i, s := range subjects {
		keys[s] = seal.NewKey()
		rows[i] = []any{s, desk.Wrap(s, keys[s])}
	}
	if err := t.Insert(ctx, "subject_key", []string{"subject", "wrapped"}, rows, ""); err != nil {
		return nil, err
	}
	t.remember(keys)
	return keys, nil
}

// Keys finds the data keys of subjects; those erased or never made are left out.
func (t *Tx) Keys(ctx context.Context, subjects ...string) (Keys, error) {
	const chunk = 5000
	keys := make(Keys, len(subjects))
	for len(subjects) > 0 {
		n := min(chunk, len(subjects))
		if err := t.loadKeys(ctx, subjects[:n], keys); err != nil {
			return nil, err
		}
		subjects = subjects[n:]
	}
	t.remember(keys)
	return keys, nil
}

func (t *Tx) loadKeys(ctx context.Context, subjects []string, into Keys) error {
	args := make([]any, len(subjects))
	for i, s := range subjects {
		args[i] = s
	}
	rows, err := t.Query(ctx, "SELECT subject, wrapped FROM subject_key WHERE wrapped IS NOT NULL AND subject IN ("+t.Marks(1, len(args))+")", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var subject string
		var wrapped []byte
		if err := rows.Scan(&subject, &wrapped); err != nil {
			return err
		}
		key, _, err := t.Unwrap(subject, wrapped)
		if err != nil {
			return err
		}
		into[subject] = key
	}
	return rows.Err()
}

// Unwrap opens a wrap that a query joined to its row; ok is false where the subject was erased.
func (t *Tx) Unwrap(subject string, wrapped []byte) (key seal.Key, ok bool, err error) {
	desk, err := t.desk()
	if err != nil || len(wrapped) == 0 {
		return seal.Key{}, false, err
	}
	key, err = desk.Unwrap(subject, wrapped)
	t.misfit = t.misfit || err != nil
	return key, err == nil, err
}

// remember keeps keys that this transaction used: the journal seals a row's secret under its subject's.
func (t *Tx) remember(keys Keys) {
	if t.keys == nil {
		t.keys = make(Keys, len(keys))
	}
	for s, k := range keys {
		t.keys[s] = k
	}
}

// Forget drops the data keys that this transaction used, so that a long one stays small. The journal seals what follows under the
// workspace's key, until others are used.
func (t *Tx) Forget() { t.keys = nil }

// Destroy erases a subject's data key and every journal secret sealed under it; what they sealed can never be opened again. The
// row stays as a tombstone. It returns false when there was no key to destroy.
func (t *Tx) Destroy(ctx context.Context, subject, reason string) (bool, error) {
	result, err := t.Exec(ctx, "UPDATE subject_key SET wrapped=NULL, erased=$1, reason=$2 WHERE subject=$3 AND wrapped IS NOT NULL", t.Micros(), reason, subject)
	if err != nil {
		return false, err
	}
	if _, err := t.Exec(ctx, "UPDATE journal SET secret=NULL WHERE subject=$1 AND sealed_by=$2", subject, subject); err != nil {
		return false, err
	}
	delete(t.keys, subject)
	n, err := result.RowsAffected()
	return n > 0, err
}

// Rewrap wraps every data key under a new desk key; the old key opens none of them afterwards.
func (t *Tx) Rewrap(ctx context.Context, next *seal.Desk) (int, error) {
	const page = 5000
	n := 0
	for after := ""; ; {
		keys, last, err := t.keyPage(ctx, after, page)
		if err != nil || len(keys) == 0 {
			return n, err
		}
		rows := make([][]any, 0, len(keys))
		for s, k := range keys {
			rows = append(rows, []any{s, next.Wrap(s, k)})
		}
		if err := t.Insert(ctx, "subject_key", []string{"subject", "wrapped"}, rows, "ON CONFLICT (subject) DO UPDATE SET wrapped=excluded.wrapped"); err != nil {
			return n, err
		}
		n, after = n+len(keys), last
	}
}

func (t *Tx) keyPage(ctx context.Context, after string, limit int) (Keys, string, error) {
	rows, err := t.Query(ctx, "SELECT subject, wrapped FROM subject_key WHERE wrapped IS NOT NULL AND subject > $1 ORDER BY subject LIMIT $2", after, limit)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	keys, last := Keys{}, ""
	for rows.Next() {
		var wrapped []byte
		if err := rows.Scan(&last, &wrapped); err != nil {
			return nil, "", err
		}
		if keys[last], _, err = t.Unwrap(last, wrapped); err != nil {
			return nil, "", err
		}
	}
	return keys, last, rows.Err()
}

// Blind is a look-up key for a value that is sealed: equal for equal values, and telling nothing without the workspace's
// index key.
func (t *Tx) Blind(parts ...string) (string, error) {
	desk, err := t.desk()
	if err != nil {
		return "", err
	}
	return desk.Index().Blind(parts...), nil
}

// Setting reads one of the workspace's settings, "" when it was never set.
func (t *Tx) Setting(ctx context.Context, name string) (string, error) {
	var value string
	err := t.QueryRow(ctx, "SELECT value FROM setting WHERE name=$1", name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetSetting writes one of the workspace's settings; nothing sensitive belongs there.
func (t *Tx) SetSetting(ctx context.Context, name, value string) error {
	_, err := t.Exec(ctx, "INSERT INTO setting (name, value) VALUES ($1,$2) ON CONFLICT (name) DO UPDATE SET value=excluded.value", name, value)
	return err
}

// event is the log event of a journal row.
func (t *Tx) event(e Entry, secret tlog.Secret) tlog.Event {
	return tlog.Event{Tenant: t.open.origin, Act: e.Act, Subject: e.Subject, Secret: secret, At: e.At.Format(timeFormat), Who: e.Who, Digest: e.Digest}
}
