package store

import (
	"context"
	"time"
)

// Entry is one row of the journal: who did what to which subject, and the digest that commits to it.
type Entry struct {
	Number  int64
	At      time.Time
	Who     string
	Act     string // verb.noun, e.g. "import.batch"
	Subject string // id of the record or batch
	Digest  string // hex SHA-256: of the record, or the tree hash over a batch
}

// Journal writes what this transaction does and returns its number. Numbers rise by one, without gaps, in commit
// order: on PostgreSQL the transaction holds an advisory lock, so that none commits late behind a reader.
func (t *Tx) Journal(ctx context.Context, act, subject, digest string) (int64, error) {
	var number int64
	err := t.tx.QueryRowContext(ctx, `INSERT INTO journal (number, at, who, act, subject, digest)
		SELECT COALESCE(MAX(number),0)+1, CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT)
		FROM journal RETURNING number`,
		t.Micros(), t.who, act, subject, digest).Scan(&number)
	t.journaled = t.journaled || err == nil
	return number, err
}

// Last is the number of the newest journal row, 0 when there is none.
func (t *Tx) Last(ctx context.Context) (int64, error) {
	var n int64
	err := t.tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(number),0) FROM journal").Scan(&n)
	return n, err
}

// Since lists the journal rows after a number, oldest first, at most limit of them.
func (t *Tx) Since(ctx context.Context, after int64, limit int) ([]Entry, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT number, at, who, act, subject, digest FROM journal WHERE number > $1 ORDER BY number LIMIT $2", after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		var e Entry
		var at int64
		if err := rows.Scan(&e.Number, &at, &e.Who, &e.Act, &e.Subject, &e.Digest); err != nil {
			return nil, err
		}
		e.At = time.UnixMicro(at).UTC()
		out = append(out, e)
	}
	return out, rows.Err()
}
