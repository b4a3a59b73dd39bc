package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"ward/fault"
)

// Tx is one transaction with one time and one author. Records are given a Tx, never a DB.
type Tx struct {
	tx        statements
	db        *DB
	who       string
	now       time.Time
	wrote     bool
	journaled bool
	open      *unlocked // the desk key as it was when the transaction began; nil while the workspace is locked
	keys      Keys      // data keys this transaction used
	misfit    bool      // a wrap did not open
}

// Write runs fn in a transaction by who and commits it. A transaction that wrote and journalled nothing is rolled back
// with an Internal fault: no write may stay silent. On SQLite callers who write at the same time share one commit (see pen): fn may
// wait for others before and after it runs, runs on another goroutine, is never run twice, and must not call Write. While the workspace is read-only it is Refused.
func (db *DB) Write(ctx context.Context, who string, fn func(*Tx) error) error {
	return db.commit(ctx, who, func(t *Tx) error {
		if err := t.mayWrite(ctx); err != nil {
			return err
		}
		return fn(t)
	})
}

func (db *DB) commit(ctx context.Context, who string, fn func(*Tx) error) error {
	journalled := func(t *Tx) error { return t.write(ctx, fn) }
	if db.postgres {
		return db.single(ctx, who, journalled, commitPostgres)
	}
	return db.pen.run(ctx, member, func(at *place) error { return journalled(db.begun(at, who)) })
}

// Try runs fn as Write does and then rolls everything back: what a dry run needs.
func (db *DB) Try(ctx context.Context, who string, fn func(*Tx) error) error {
	if db.postgres {
		return db.single(ctx, who, func(t *Tx) error { return t.run(ctx, fn) }, (*sql.Tx).Rollback)
	}
	return db.pen.run(ctx, dryRun, func(at *place) error { return db.begun(at, who).run(ctx, fn) })
}

// single runs fn in a transaction of its own; the advisory lock lets one write at a time. A cancelled ctx stops its statements, but
// never the commit once that has begun.
func (db *DB) single(ctx context.Context, who string, fn func(*Tx) error, end func(*sql.Tx) error) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := db.lock(ctx, tx); err != nil {
		return err
	}
	if err := fn(db.begun(tx, who)); err != nil {
		return err
	}
	return end(tx)
}

// commitPostgres commits. Where the server's answer is missing nobody can say here whether it did.
func commitPostgres(tx *sql.Tx) error {
	err := tx.Commit()
	var answer *pgconn.PgError
	if err == nil || errors.Is(err, pgx.ErrTxCommitRollback) || errors.As(err, &answer) && answer.SeverityUnlocalized == "ERROR" {
		return err
	}
	return fault.Wrap(err, fault.Internal, "the connection to the database broke while a write was being confirmed").
		Keeping("it is not known whether this write was kept; everything acknowledged before is").Do("look whether it is there before you repeat it")
}

func (db *DB) begun(tx runner, who string) *Tx {
	return &Tx{tx: statements{tx}, db: db, who: who, now: db.clock().UTC(), open: db.keys.Load()}
}

// write runs fn and refuses what it wrote without journalling.
func (t *Tx) write(ctx context.Context, fn func(*Tx) error) error {
	if err := t.run(ctx, fn); err != nil {
		return err
	}
	if t.wrote && !t.journaled {
		return fault.New(fault.Internal, "a write was not journalled").Keeping("nothing was written")
	}
	return nil
}

// Read runs fn in a transaction that sees one state of the database and cannot write.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	tx, err := db.read.BeginTx(ctx, db.snapshot())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return db.begun(tx, "").run(ctx, fn)
}

// snapshot asks PostgreSQL for one state throughout; a SQLite reader in WAL mode has one anyway and knows no such option.
func (db *DB) snapshot() *sql.TxOptions {
	if !db.postgres {
		return nil
	}
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

// Who is the author of this transaction; "" in one that only reads.
func (t *Tx) Who() string { return t.who }

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
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *Row {
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
