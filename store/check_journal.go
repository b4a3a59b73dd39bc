package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"time"

	"ward/seal"
	"ward/tlog"
)

// checkRows is how many rows are in memory at once; a batch's digests take up to 100 kB each.
const checkRows = 200

// keptRow is a journal row with all that belongs to it.
type keptRow struct {
	Entry
	leaf     []byte
	sealedBy string
	secret   []byte
	leaves   []byte
	body     sql.NullString
	logged   []byte // its leaf as the log has it; nil while its hour is open
}

// holder is the subject under whose key a row's secret lies.
type holder struct {
	key    seal.Key
	erased bool
	broken bool // its wrap does not open
}

// CheckJournal computes every row's leaf from what the row says and compares it with the leaf that the row keeps and with the one in the
// log. Where a secret was erased, or without the desk key, only the leaves are compared. told is called now and then.
func (t *Tx) CheckJournal(ctx context.Context, told func(done int64), wrong Wrong) (last int64, err error) {
	state, err := t.LogState(ctx)
	if err != nil {
		return 0, err
	}
	for {
		page, err := t.keptRows(ctx, last)
		if err != nil || len(page) == 0 {
			return last, firstError(err, t.checkNumbers(ctx, state, last, wrong))
		}
		holders, err := t.holders(ctx, page)
		if err != nil {
			return last, err
		}
		for _, row := range page {
			if row.Number <= last {
				wrong(fmt.Sprintf("journal row %d", row.Number), "stands out of order")
				return last, nil
			}
			if row.Number != last+1 {
				wrong(fmt.Sprintf("journal row %d", last+1), "is missing")
			}
			last = row.Number
			for _, what := range []string{t.opens(row, holders), row.standsIn(state)} {
				if what != "" {
					wrong(fmt.Sprintf("journal row %d (%.40s)", row.Number, row.Act), what)
				}
			}
		}
		told(last)
	}
}

func (t *Tx) keptRows(ctx context.Context, after int64) (out []keptRow, err error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT j.number, j.at, j.who, j.act, j.subject, j.digest, j.leaf, j.sealed_by, j.secret, j.leaves, j.body, l.leaf
		FROM journal j LEFT JOIN log_leaf l ON l.number=j.number WHERE j.number>$1 ORDER BY j.number LIMIT $2`, after, checkRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r keptRow
		var at int64
		err := rows.Scan(&r.Number, &at, &r.Who, &r.Act, &r.Subject, &r.Digest, &r.leaf, &r.sealedBy, &r.secret, &r.leaves, &r.body, &r.logged)
		if err != nil {
			return nil, err
		}
		r.At, r.Body = time.UnixMicro(at).UTC(), r.body.String
		out = append(out, r)
	}
	return out, rows.Err()
}

// holders finds the keys of a page's rows.
func (t *Tx) holders(ctx context.Context, page []keptRow) (map[string]holder, error) {
	names, args := map[string]bool{}, []any{}
	for _, r := range page {
		if r.sealedBy != "" && !names[r.sealedBy] {
			names[r.sealedBy], args = true, append(args, r.sealedBy)
		}
	}
	out := map[string]holder{}
	if len(args) == 0 || t.open == nil {
		return out, nil
	}
	rows, err := t.tx.QueryContext(ctx, "SELECT subject, wrapped FROM subject_key WHERE subject IN ("+t.Marks(1, len(args))+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var subject string
		var wrapped []byte
		if err := rows.Scan(&subject, &wrapped); err != nil {
			return nil, err
		}
		h := holder{erased: len(wrapped) == 0}
		if !h.erased {
			h.key, err = t.open.desk.Unwrap(subject, wrapped)
			h.broken = err != nil
		}
		out[subject] = h
	}
	return out, rows.Err()
}

// opens compares a row's leaf with what the row says; "" is well.
func (t *Tx) opens(r keptRow, holders map[string]holder) string {
	if len(r.leaves)%len(tlog.Hash{}) != 0 || len(r.leaves) > 0 && tlog.Hex(tlog.TreeHash(batch(r.leaves))) != r.Digest {
		return "has a digest that is not the one of its batch"
	}
	if r.body.Valid {
		public := tlog.PublicLeaf([]byte(r.Body))
		if !bytes.Equal(r.leaf, public[:]) || r.Digest != "" || r.sealedBy != "" || r.secret != nil {
			return "is public, and its leaf is not the one of its body"
		}
		return ""
	}
	if t.open == nil {
		return ""
	}
	h, known := holders[r.sealedBy]
	switch {
	case !known:
		return "lies under the key of a subject that is not there"
	case h.broken:
		return "lies under a key that does not open"
	case (r.secret == nil) != h.erased:
		return "has lost its secret, or kept it although its subject was erased"
	case h.erased:
		return ""
	}
	return t.leafFits(r, h.key)
}

func (t *Tx) leafFits(r keptRow, key seal.Key) string {
	if len(r.leaf) != tlog.LeafSize {
		return "has a leaf of the wrong length"
	}
	leaf := tlog.Leaf(r.leaf)
	secret, err := key.Open(secretContext(leaf), r.secret)
	if err != nil || len(secret) != len(tlog.Secret{}) {
		return "has a secret that does not open"
	}
	if t.event(r.Entry, tlog.Secret(secret)).Leaf() != leaf {
		return "says something else than what was logged"
	}
	return ""
}

// standsIn compares a row's leaf with the log; "" is well.
func (r keptRow) standsIn(state LogState) string {
	switch {
	case r.Number > state.Number && r.logged != nil:
		return "stands in the log before its hour"
	case r.Number <= state.Number && r.logged == nil:
		return "is missing in the log"
	case r.logged != nil && !bytes.Equal(r.logged, r.leaf):
		return "has another leaf than the log"
	}
	return ""
}

// checkNumbers looks for leaves in the log that no journal row explains, and compares the log's state with the rows.
func (t *Tx) checkNumbers(ctx context.Context, state LogState, last int64, wrong Wrong) error {
	var orphans int64
	err := t.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM log_leaf l LEFT JOIN journal j ON j.number=l.number WHERE l.number IS NOT NULL AND j.number IS NULL").Scan(&orphans)
	if err != nil {
		return err
	}
	if orphans > 0 {
		wrong("the log", fmt.Sprintf("has %d leaves whose journal rows are gone", orphans))
	}
	if state.Number > last {
		wrong("the log", fmt.Sprintf("has come to journal row %d, but the journal ends with %d", state.Number, last))
	}
	if now := t.now.Unix() / 3600; state.Hour > now+1 {
		wrong("the log", "has closed an hour that has not come yet")
	}
	if state.Number == 0 || state.Number > last {
		return nil
	}
	var at int64
	err = t.tx.QueryRowContext(ctx, "SELECT at FROM journal WHERE number=$1", state.Number).Scan(&at)
	if hour := time.UnixMicro(at).Unix() / 3600; err == nil && hour > state.Hour+1 {
		wrong("the log", "holds a row of an hour that it has not closed")
	}
	return err
}
