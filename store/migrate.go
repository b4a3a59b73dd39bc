package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"

	"ward/fault"
)

// schema holds the migrations: NNNN_name.sql serves both databases; where one is named NNNN_name.postgres.sql, PostgreSQL
// runs it instead. A migration that has landed is never edited.
//
//go:embed schema/*.sql
var schema embed.FS

// lockKey names the advisory lock that orders migrations and journal numbers on PostgreSQL ("ward").
const lockKey = 0x77617264

type migration struct {
	version int
	file    string
}

// migrate applies what is missing in one transaction, under the database's own write lock, so that two programs
// started at once do not both try.
func (db *DB) migrate(ctx context.Context) error {
	todo, err := migrations(db.postgres)
	if err != nil {
		return err
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if code(err)&0xff == sqlite3.SQLITE_BUSY {
		return fault.Wrap(err, fault.Conflict, "another program is opening or closing this workspace").Keeping("nothing was changed").Do("try again")
	}
	if err != nil {
		return fault.Wrap(err, fault.Refused, "the database cannot be opened").Do("check that the server runs, or that the disk is not full and the directory is yours")
	}
	defer tx.Rollback()
	if err := db.lock(ctx, tx); err != nil {
		return err
	}
	have, err := schemaVersion(ctx, tx)
	if err != nil {
		return err
	}
	if known := todo[len(todo)-1].version; have > known {
		return fault.New(fault.Refused, "this workspace was written by a newer Ward (schema %d; this program knows %d)", have, known).
			Keeping("nothing was changed").Do("use the newer program, or restore a backup made before the update")
	}
	if have == 1 && !db.postgres {
		return errInClear // its tables must not be dropped where they lie
	}
	for _, m := range todo {
		if m.version > have {
			if err := apply(ctx, tx, m); err != nil {
				return err
			}
		}
	}
	if have == 0 && db.postgres { // a new database has nothing in clear
		if _, err := tx.ExecContext(ctx, dropClear); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (db *DB) lock(ctx context.Context, tx *sql.Tx) error {
	if !db.postgres {
		return nil // the transaction began immediate: SQLite already holds its one write lock
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", lockKey)
	return err
}

func schemaVersion(ctx context.Context, tx *sql.Tx) (int, error) {
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, file TEXT NOT NULL)"); err != nil {
		return 0, err
	}
	var v int
	err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(version),0) FROM schema_version").Scan(&v)
	return v, err
}

func apply(ctx context.Context, tx *sql.Tx, m migration) error {
	body, err := schema.ReadFile(m.file)
	if err != nil {
		return err
	}
	for _, statement := range strings.Split(string(body), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", m.file, err)
		}
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO schema_version (version, file) VALUES ($1,$2)", m.version, path.Base(m.file))
	return err
}

// migrations lists the files for one database in order.
func migrations(postgres bool) ([]migration, error) {
	entries, err := schema.ReadDir("schema")
	if err != nil {
		return nil, err
	}
	byVersion := map[int]string{}
	var order []int
	for _, e := range entries { // sorted: 0001_x.postgres.sql stands before 0001_x.sql
		v, err := strconv.Atoi(e.Name()[:4])
		if err != nil {
			return nil, err
		}
		own := strings.HasSuffix(e.Name(), ".postgres.sql")
		if !slices.Contains(order, v) {
			order = append(order, v)
		}
		if own == postgres && own || byVersion[v] == "" && !own {
			byVersion[v] = "schema/" + e.Name()
		}
	}
	var out []migration
	for _, v := range order {
		out = append(out, migration{v, byVersion[v]})
	}
	return out, nil
}
