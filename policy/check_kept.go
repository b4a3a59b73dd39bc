package policy

import (
	"context"
	"encoding/json"
	"slices"

	"ward/store"
	"ward/tlog"
)

// CheckKept compares every kept text, with all its columns, with what the journal commits to.
func CheckKept(ctx context.Context, tx *store.Tx, wrong store.Wrong) error {
	list, err := keptRows(ctx, tx)
	if err != nil {
		return err
	}
	committed := tx.Committed()
	for _, k := range list {
		digest, err := tlog.ParseHash(k.sum)
		held := err == nil && k.fits()
		if held {
			if held, err = committed.Holds(ctx, k.journal, 0, digest); err != nil {
				return err
			}
		}
		if held {
			if held, err = k.named(ctx, tx); err != nil {
				return err
			}
		}
		if !held {
			wrong("text "+k.id, "says something else than what was journalled")
		}
	}
	return nil
}

// keptRow is a text as it is kept.
type keptRow struct {
	id, file, title, parsed, sum string
	position                     int
	journal                      int64
}

// fits reports that the columns say what the text says.
func (k keptRow) fits() bool {
	var t Text
	if json.Unmarshal([]byte(k.parsed), &t) != nil {
		return false
	}
	again, err := json.Marshal(t)
	return err == nil && string(again) == k.parsed && t.Digest() == k.sum && t.File == k.file && t.Index == k.position && t.TitleGuess == k.title
}

// named reports that the journal row speaks of this text.
func (k keptRow) named(ctx context.Context, tx *store.Tx) (bool, error) {
	history, err := tx.History(ctx, k.id)
	return slices.ContainsFunc(history, func(e store.Entry) bool { return e.Number == k.journal }), err
}

func keptRows(ctx context.Context, tx *store.Tx) (out []keptRow, err error) {
	rows, err := tx.Query(ctx, "SELECT id, file, position, title, parsed, sha256, journal FROM norm_text ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k keptRow
		if err := rows.Scan(&k.id, &k.file, &k.position, &k.title, &k.parsed, &k.sum, &k.journal); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}
