package witness

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"ward/fault"
	"ward/store"
	"ward/tlog"
)

const columns = "origin, verifier, size, root, checkpoint, seen"

// Add begins to watch the log whose key this is, journals it as witness.watch and gives its origin. To add it again changes
// nothing. Another key for the same origin is Refused, because it could sign a second history.
func Add(ctx context.Context, tx *store.Tx, verifier string) (origin string, err error) {
	if origin, err = originOf(verifier); err != nil {
		return "", err
	}
	have, err := Get(ctx, tx, origin)
	switch {
	case err == nil && have.Verifier == verifier:
		return origin, nil
	case err == nil:
		return "", fault.New(fault.Refused, "a log of this name is already watched under another key").Keeping("the key that is known stays").
			Do("ask the log's keeper by another way which key is right; a log with a new key needs a new origin")
	case !fault.Is(err, fault.NotFound):
		return "", err
	}
	if _, err := tx.Exec(ctx, "INSERT INTO witness_log ("+columns+") VALUES ($1,$2,0,'',$3,0)", origin, verifier, []byte{}); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(verifier))
	_, err = tx.Journal(ctx, "witness.watch", origin, hex.EncodeToString(sum[:]))
	return origin, err
}

// Get finds a watched log by its origin; NotFound otherwise.
func Get(ctx context.Context, tx *store.Tx, origin string) (Watched, error) {
	w, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM witness_log WHERE origin=$1", origin))
	if errors.Is(err, sql.ErrNoRows) {
		return w, fault.New(fault.NotFound, "this witness does not watch that log").Do("ask its keeper to add the log's key")
	}
	return w, err
}

// List gives all watched logs in the order of their origins.
func List(ctx context.Context, tx *store.Tx) ([]Watched, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM witness_log ORDER BY origin")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Watched
	for rows.Next() {
		w, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// Advance replaces the checkpoint held by the next one, at this transaction's time. It is a compare-and-swap: where the log no
// longer stands at the size and root that the decision was made on, nothing changes and the error is a Conflict. The caller
// has considered next against held, and journals the cosigning in the same transaction.
func Advance(ctx context.Context, tx *store.Tx, held Watched, next tlog.Checkpoint, signed []byte) error {
	result, err := tx.Exec(ctx, "UPDATE witness_log SET size=$1, root=$2, checkpoint=$3, seen=$4 WHERE origin=$5 AND size=$6 AND root=$7",
		next.Size, tlog.Hex(next.Root), signed, tx.Micros(), held.Origin, held.Size, held.Root)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "another request moved this log at the same time").
			Keeping("the checkpoint that came first is held").Do("ask again with a proof from the size held now")
	}
	return err
}

func scan(row interface{ Scan(...any) error }) (w Watched, err error) {
	err = row.Scan(&w.Origin, &w.Verifier, &w.Size, &w.Root, &w.Checkpoint, &w.Seen)
	return w, err
}
