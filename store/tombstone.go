package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ward/fault"
	"ward/tlog"
)

// Tombstone is what remains of an erased subject.
type Tombstone struct {
	Subject  string
	PublicID string // the name by which the public leaf, once Key is disclosed, is known to speak of it
	Reason   string // a class: consent_withdrawn, error, court_order, other
	At       time.Time
	Number   int64       // journal row of the public leaf
	Body     string      // of the public leaf
	Key      tlog.Secret // shows that the leaf speaks of PublicID; sealed until a bundle shows it
}

// PutTombstone keeps a tombstone whose leaf the caller has journalled; its time is that of the transaction.
func (t *Tx) PutTombstone(ctx context.Context, s Tombstone) error {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, "INSERT INTO tombstone (subject, public_id, number, sealed, reason, at) VALUES ($1,$2,$3,$4,$5,$6)",
		s.Subject, s.PublicID, s.Number, key.Seal("tombstone "+s.Subject, s.Key[:]), s.Reason, t.Micros())
	return err
}

// Tombstone finds the tombstone of a subject, by its id or public id; NotFound when there is none.
func (t *Tx) Tombstone(ctx context.Context, id string) (Tombstone, error) {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return Tombstone{}, err
	}
	var s Tombstone
	var at int64
	var sealed []byte
	err = t.tx.QueryRowContext(ctx, `SELECT s.subject, s.public_id, s.reason, s.at, s.number, s.sealed, COALESCE(j.body,'') FROM tombstone s
		JOIN journal j ON j.number=s.number WHERE s.subject=$1 OR s.public_id=$2`, id, id).Scan(&s.Subject, &s.PublicID, &s.Reason, &at, &s.Number, &sealed, &s.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.NotFound, "there is no tombstone of %q here", id)
	}
	if err != nil {
		return s, err
	}
	s.At = time.UnixMicro(at).UTC()
	plain, err := key.Open("tombstone "+s.Subject, sealed)
	if err != nil {
		return s, err
	}
	copy(s.Key[:], plain)
	return s, nil
}

// Erasure is a subject whose data key was destroyed.
type Erasure struct {
	Subject string
	At      time.Time
	Reason  string
}

// Erased lists the subjects whose keys were destroyed, the oldest first.
func (t *Tx) Erased(ctx context.Context) ([]Erasure, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT subject, COALESCE(erased,0), COALESCE(reason,'') FROM subject_key WHERE wrapped IS NULL ORDER BY erased, subject")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Erasure
	for rows.Next() {
		var e Erasure
		var at int64
		if err := rows.Scan(&e.Subject, &at, &e.Reason); err != nil {
			return nil, err
		}
		e.At = time.UnixMicro(at).UTC()
		out = append(out, e)
	}
	return out, rows.Err()
}

// Backups tells of the backups made since a time: how many, and when the newest was.
func (t *Tx) Backups(ctx context.Context, since time.Time) (n int, newest time.Time, err error) {
	var at int64
	err = t.tx.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(MAX(at),0) FROM backup_run WHERE at>=$1", since.UnixMicro()).Scan(&n, &at)
	if n > 0 {
		newest = time.UnixMicro(at).UTC()
	}
	return n, newest, err
}
