// Package store opens a workspace's database, brings its schema up to date and hands out transactions.
//
// It serves SQLite (the default: one file in the workspace's directory, WAL, synchronous=FULL, one writer) and PostgreSQL.
// One SQL text serves both: $1 placeholders, text ids, BIGINT microseconds for instants, RETURNING, ON CONFLICT.
// The store knows no record: each record package keeps its own SQL and is given a Tx.
//
// The journal: every transaction that writes says in the journal what it did (act, subject, digest), or it fails at
// Commit. A journal row is the record's history, the log's outbox and what the search index follows.
package store

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"

	"ward/fault"
)

// FileName is the SQLite file inside a workspace's directory.
const FileName = "ward.db"

// DB is an open workspace. It is safe for concurrent use; on SQLite writers queue behind one connection.
type DB struct {
	write    *sql.DB
	read     *sql.DB
	pen      *pen   // writes on SQLite; nil on PostgreSQL
	dir      string // "" on PostgreSQL
	postgres bool
	clock    func() time.Time
	keys     atomic.Pointer[unlocked] // nil while the workspace is locked
	clear    *Clear                   // nil when nothing lies in clear
	frozen   atomic.Pointer[frozen]   // nil while anybody may write
}

// Open opens the workspace at target, a directory or a postgres:// address, and migrates it. An empty or missing
// directory is initialised. A schema newer than this program is Refused and left untouched, and so is a halted workspace.
func Open(ctx context.Context, target string) (*DB, error) {
	db, err := connect(target)
	if err != nil {
		return nil, err
	}
	if err := db.ready(ctx); diskFailed(err) {
		return nil, halt(db.dir, err) // and the files stay as they are
	} else if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// ready brings the schema up to date and, on SQLite, makes the files' names durable and takes the pen.
func (db *DB) ready(ctx context.Context) error {
	if err := db.current(ctx); err != nil {
		return err
	}
	if err := db.findFrozen(ctx); err != nil || db.postgres {
		return err
	}
	if err := firstError(syncDir(db.dir), syncDir(filepath.Dir(db.dir))); err != nil {
		return err
	}
	var err error
	db.pen, err = newPen(ctx, db.write, db.dir)
	return err
}

func connect(target string) (*DB, error) {
	if strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://") {
		return connectPostgres(target)
	}
	if strings.Contains(target, "://") {
		return nil, fault.New(fault.Invalid, "%q is not a database that Ward can use", target).Keeping("nothing was made").
			Do("write postgres://user@host:5432/name, or name a directory with --data")
	}
	return connectSQLite(target)
}

func connectPostgres(address string) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the database address cannot be read").Do("write postgres://user@host:5432/name")
	}
	pool.SetMaxOpenConns(8)
	return &DB{write: pool, read: pool, postgres: true, clock: time.Now}, nil
}

func connectSQLite(dir string) (*DB, error) {
	if err := refuseHalted(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Refused, "the directory %s cannot be made", dir).Do("choose a directory you may write to with --data")
	}
	return poolsAt(dir)
}

func poolsAt(dir string) (*DB, error) {
	file := filepath.Join(dir, FileName)
	write, err := sql.Open("sqlite", dsn(file, ""))
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "opening %s", file)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(file, "query_only(1)"))
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "opening %s", file)
	}
	read.SetMaxOpenConns(4)
	return &DB{write: write, read: read, dir: dir, clock: time.Now}, nil
}

// dsn spells the settings every SQLite connection has. Migrations take their lock when they begin, as groups do, so that two programs
// wait for each other instead of failing half-way. Deleted content is overwritten; functions in a schema that somebody tampered with
// are not run. The pen writes the log back itself.
func dsn(file, pragma string) string {
	q := url.Values{"_pragma": {"busy_timeout(30000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-131072)",
		"temp_store(MEMORY)", "wal_autocheckpoint(0)", "secure_delete(1)", "trusted_schema(0)"}}
	if pragma == "" {
		q.Set("_txlock", "immediate")
	} else {
		q.Add("_pragma", pragma)
	}
	return fileURL(file) + "?" + q.Encode()
}

func fileURL(file string) string {
	return "file:" + strings.ReplaceAll(url.PathEscape(filepath.ToSlash(file)), "%2F", "/")
}

// Close ends all connections. A workspace whose disk failed is left as it is, and Close says so: what SQLite does at the end
// would be done to pages that nobody can trust.
func (db *DB) Close() error {
	if db.pen != nil {
		if err := db.pen.close(); err != nil {
			return err
		}
	}
	err := firstError(db.clear.close(), db.write.Close())
	if db.read != db.write {
		err = firstError(db.read.Close(), err)
	}
	return err
}

// Postgres reports which of the two databases this is, for the rare statement whose dialects truly differ.
func (db *DB) Postgres() bool { return db.postgres }

// SetClock replaces the clock; tests use it.
func (db *DB) SetClock(clock func() time.Time) { db.clock = clock }

// Now is the workspace's time, UTC.
func (db *DB) Now() time.Time { return db.clock().UTC() }

// Size is the size of the database in bytes.
func (db *DB) Size(ctx context.Context) (int64, error) {
	query := "SELECT page_count*page_size FROM pragma_page_count(), pragma_page_size()"
	if db.postgres {
		query = "SELECT pg_database_size(current_database())" // there is no such pragma
	}
	var n int64
	err := db.read.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
