package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"ward/fault"
)

// Tx is one transaction with one time and one author. Records are given a Tx, never a DB.
type Tx struct {
	tx        *sql.Tx
	db        *DB
	who       string
	now       time.Time
	wrote     bool
	journaled bool
}

// Write runs fn in a transaction by who and commits it. A transaction that wrote and journalled nothing is rolled back
// with an Internal fault: no write may stay silent.
func (db *DB) Write(ctx context.Context, who string, fn func(*Tx) error) error {
	return db.run(ctx, who, fn, (*Tx).commit)
}

// Try runs fn as Write does and then rolls everything back: what a dry run needs.
func (db *DB) Try(ctx context.Context, who string, fn func(*Tx) error) error {
	return db.run(ctx, who, fn, func(t *Tx) error { return t.tx.Rollback() })
}

func (db *DB) run(ctx context.Context, who string, fn, end func(*Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	t := &Tx{tx: tx, db: db, who: who, now: db.clock().UTC()}
	if err := db.lock(ctx, tx); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	return end(t)
}

func (t *Tx) commit() error {
	if t.wrote && !t.journaled {
		return fault.New(fault.Internal, "a write was not journalled").Keeping("nothing was written")
	}
	return t.tx.Commit()
}

// Read runs fn in a transaction that sees one state of the database and cannot write.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	tx, err := db.read.BeginTx(ctx, db.snapshot())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return fn(&Tx{tx: tx, db: db, now: db.clock().UTC()})
}

// snapshot asks PostgreSQL for one state throughout; a SQLite reader in WAL mode has one anyway and knows no such option.
func (db *DB) snapshot() *sql.TxOptions {
	if !db.postgres {
		return nil
	}
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

// Now is the one time of this transaction, UTC.
func (t *Tx) Now() time.Time { return t.now }

// Micros is Now in microseconds since 1970, as instants are stored.
func (t *Tx) Micros() int64 { return t.now.UnixMicro() }

// Postgres reports the dialect, for statements that truly differ.
func (t *Tx) Postgres() bool { return t.db.postgres }

// Exec runs a statement that changes rows.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	t.wrote = true
	return t.tx.ExecContext(ctx, query, args...)
}

// Query reads rows; a statement that changes rows and returns some counts as a write.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t.wrote = t.wrote || !reads(query)
	return t.tx.QueryContext(ctx, query, args...)
}

// QueryRow reads one row, as Query does.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	t.wrote = t.wrote || !reads(query)
	return t.tx.QueryRowContext(ctx, query, args...)
}

// reads reports a plain SELECT; anything else, a CTE included, may write.
func reads(query string) bool {
	return len(query) > 6 && strings.EqualFold(strings.TrimSpace(query)[:6], "select")
}

// maxParameters keeps a statement under the smaller of the two databases' limits (SQLite: 32,766).
const maxParameters = 30000

// Insert adds many rows with as few statements as the parameter limit allows. tail is what follows VALUES, such as an
// ON CONFLICT clause.
func (t *Tx) Insert(ctx context.Context, table string, columns []string, rows [][]any, tail string) error {
	per := maxParameters / len(columns)
	head := "INSERT INTO " + table + " (" + strings.Join(columns, ",") + ") VALUES "
	for len(rows) > 0 {
		n := min(per, len(rows), 200)
		args := make([]any, 0, n*len(columns))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := t.Exec(ctx, head+t.values(n, len(columns))+" "+tail, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// values writes ($1,$2),($3,$4)...
func (t *Tx) values(rows, columns int) string {
	var b strings.Builder
	for r := range rows {
		if r > 0 {
			b.WriteByte(',')
		}
		b.WriteString("(" + t.Marks(r*columns+1, columns) + ")")
	}
	return b.String()
}

// Marks writes the placeholders of a list whose length varies: $from..$from+n-1. SQLite gets bare question marks, because it
// keeps numbered ones as names and searches them one by one, which makes long lists quadratic. In a statement they must
// therefore stand in the order of their numbers.
func (t *Tx) Marks(from, n int) string {
	if !t.db.postgres {
		return strings.TrimSuffix(strings.Repeat("?,", n), ",")
	}
	parts := make([]string, n)
	for i := range parts {
		parts[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(parts, ",")
}
