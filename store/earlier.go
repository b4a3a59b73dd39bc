package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"ward/seal"
	"ward/tlog"
)

// Ward's first version kept a journal too, whose digests were not salted: whoever guessed a record could confirm the guess. Its rows are
// records of the journal that follows it: who did what when lies open as it does there, the digest is sealed, and a batch commits
// to all of it.

// EachEntry calls fn for every row of the first version's journal, the oldest first.
func (c *Clear) EachEntry(ctx context.Context, fn func(Entry) error) error {
	return c.Each(ctx, "SELECT number, at, who, act, subject, digest FROM "+c.Table("journal")+" ORDER BY number", func(rows *sql.Rows) error {
		var e Entry
		var at int64
		if err := rows.Scan(&e.Number, &at, &e.Who, &e.Act, &e.Subject, &e.Digest); err != nil {
			return err
		}
		e.At, e.Position = time.UnixMicro(at).UTC(), -1
		return fn(e)
	})
}

// KeepEarlier keeps rows of the first version's journal under one row of this one, a batch over their digests.
func (t *Tx) KeepEarlier(ctx context.Context, act string, list []Entry) error {
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return err
	}
	number, err := t.Next(ctx)
	if err != nil {
		return err
	}
	digests, rows := make([]tlog.Hash, len(list)), make([][]any, len(list))
	for i, e := range list {
		secret := tlog.NewSecret()
		digests[i] = secret.Digest(e.fields())
		rows[i] = []any{e.Number, e.At.UnixMicro(), e.Who, e.Act, e.Subject, key.Seal(earlierContext(e.Number), Pack(e.Digest, string(secret[:]))), number, i}
	}
	if _, err := t.JournalBatch(ctx, act, Workspace, digests); err != nil {
		return err
	}
	return t.Insert(ctx, "journal_before", []string{"number", "at", "who", "act", "subject", "sealed", "journal", "leaf"}, rows, "")
}

// fields are what the digest of an earlier row commits to.
func (e Entry) fields() []tlog.Field {
	return []tlog.Field{{Name: "number", Value: strconv.FormatInt(e.Number, 10)}, {Name: "at", Value: e.At.Format(timeFormat)}, {Name: "who", Value: e.Who},
		{Name: "act", Value: e.Act}, {Name: "subject", Value: e.Subject}, {Name: "digest", Value: e.Digest}}
}

func earlierContext(number int64) string { return "journal_before " + strconv.FormatInt(number, 10) }

// Earlier lists rows of the first version's journal before a number, the newest first, at most limit of them; 0 begins with the newest.
// They have no leaf of their own.
func (t *Tx) Earlier(ctx context.Context, number int64, limit int) ([]Entry, error) {
	if number <= 0 {
		number = 1<<63 - 1
	}
	_, key, err := t.sealer(ctx, Workspace)
	if err != nil {
		return nil, err
	}
	rows, err := t.tx.QueryContext(ctx, "SELECT number, at, who, act, subject, sealed FROM journal_before WHERE number < $1 ORDER BY number DESC LIMIT $2", number, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		e, err := scanEarlier(rows, key)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

func scanEarlier(rows *sql.Rows, key seal.Key) (Entry, error) {
	e := Entry{Position: -1}
	var at int64
	var sealed []byte
	if err := rows.Scan(&e.Number, &at, &e.Who, &e.Act, &e.Subject, &sealed); err != nil {
		return e, err
	}
	e.At = time.UnixMicro(at).UTC()
	plain, err := key.Open(earlierContext(e.Number), sealed)
	if err != nil {
		return e, err
	}
	var secret string
	return e, Unpack(plain, &e.Digest, &secret)
}
