package store

import (
	"context"
	"time"
)

// Passing is something that lasts for a while and is no part of the record: a session, a draft, a code that was used. It is sealed under
// the workspace's own key, is not journalled, leaves with no backup, and is gone after its time.
type Passing struct {
	Kind  string // "session", "draft" ...
	Key   string // tells it from others of its kind; nothing secret
	Owner string // an account's id
	Body  []byte
	At    time.Time // of the last change, UTC
	Until time.Time // when it is gone
}

// PutPassing writes it, over what stood under its kind and key. At is the transaction's time.
func (t *Tx) PutPassing(ctx context.Context, p Passing) error {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return err
	}
	if _, err := t.tx.ExecContext(ctx, "DELETE FROM passing WHERE until <= $1", t.Micros()); err != nil {
		return err
	}
	_, err = t.tx.ExecContext(ctx, `INSERT INTO passing (kind, key, owner, sealed, at, until) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (kind, key) DO UPDATE SET owner=excluded.owner, sealed=excluded.sealed, at=excluded.at, until=excluded.until`,
		p.Kind, p.Key, p.Owner, key.Seal(passingContext(p.Kind, p.Key), p.Body), t.Micros(), p.Until.UnixMicro())
	return err
}

// Passing reads one; ok is false where there is none, or its time is over.
func (t *Tx) Passing(ctx context.Context, kind, key string) (p Passing, ok bool, err error) {
	list, err := t.passing(ctx, "kind=$1 AND key=$2 AND until>$3", kind, key, t.Micros())
	if err != nil || len(list) == 0 {
		return p, false, err
	}
	return list[0], true, nil
}

// PassingOf lists those of a kind that belong to an owner ("" for whoever), the oldest change first.
func (t *Tx) PassingOf(ctx context.Context, kind, owner string) ([]Passing, error) {
	if owner == "" {
		return t.passing(ctx, "kind=$1 AND until>$2", kind, t.Micros())
	}
	return t.passing(ctx, "kind=$1 AND owner=$2 AND until>$3", kind, owner, t.Micros())
}

func (t *Tx) passing(ctx context.Context, condition string, args ...any) ([]Passing, error) {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return nil, err
	}
	rows, err := t.tx.QueryContext(ctx, "SELECT kind, key, owner, sealed, at, until FROM passing WHERE "+condition+" ORDER BY at, key", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Passing
	for rows.Next() {
		var p Passing
		var sealed []byte
		var at, until int64
		if err := rows.Scan(&p.Kind, &p.Key, &p.Owner, &sealed, &at, &until); err != nil {
			return nil, err
		}
		if p.Body, err = key.Open(passingContext(p.Kind, p.Key), sealed); err != nil {
			return nil, err
		}
		p.At, p.Until = time.UnixMicro(at).UTC(), time.UnixMicro(until).UTC()
		out = append(out, p)
	}
	return out, rows.Err()
}

// DropPassing ends one; key "" ends all of a kind that belong to an owner.
func (t *Tx) DropPassing(ctx context.Context, kind, key, owner string) error {
	condition, args := "kind=$1 AND key=$2", []any{kind, key}
	if key == "" {
		args[1], condition = owner, "kind=$1 AND owner=$2"
	}
	_, err := t.tx.ExecContext(ctx, "DELETE FROM passing WHERE "+condition, args...)
	return err
}

func passingContext(kind, key string) string { return "passing " + kind + " " + key }
