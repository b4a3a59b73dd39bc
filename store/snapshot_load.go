package store

import (
	"context"
	"path/filepath"
	"strings"

	"ward/fault"
)

// unload copies PostgreSQL's tables, as they stand in one transaction, into a new SQLite file of the same schema.
func (db *DB) unload(ctx context.Context, dir string) error {
	if err := touch(filepath.Join(dir, FileName)); err != nil {
		return err
	}
	to, err := Open(ctx, dir)
	if err != nil {
		return copyFailed(err)
	}
	err = db.Read(ctx, func(from *Tx) error {
		return to.pen.run(ctx, member, func(at *place) error { return copyAll(ctx, from, to.begun(at, ""), to.begun(at, "")) })
	})
	return copyFailed(firstError(err, to.Close()))
}

// Load fills this workspace, which must be empty, with all that another holds, in one transaction. from is on SQLite.
func (db *DB) Load(ctx context.Context, from *DB) error {
	load := func(to *Tx) error {
		if err := db.mustBeEmpty(ctx, to); err != nil {
			return err
		}
		return from.Read(ctx, func(tx *Tx) error { return copyAll(ctx, tx, to, tx) })
	}
	return db.single(ctx, "", load, commitPostgres)
}

func (db *DB) mustBeEmpty(ctx context.Context, to *Tx) error {
	var rows int
	err := to.QueryRow(ctx, "SELECT (SELECT COUNT(*) FROM journal)+(SELECT COUNT(*) FROM keyring)").Scan(&rows)
	if err == nil && rows > 0 {
		err = fault.New(fault.Refused, "the database holds a workspace already").Keeping("nothing was changed").Do("name an empty database, made for instance with createdb")
	}
	return err
}

// copyAll copies every table; schema is on SQLite and says which there are.
func copyAll(ctx context.Context, from, to, schema *Tx) error {
	tables, err := tablesOf(ctx, schema)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := copyTable(ctx, from, to, t); err != nil {
			return fault.Wrap(err, fault.KindOf(err), "copying table %s", t.name)
		}
	}
	return nil
}

// Bounds of what is held in memory while rows are copied.
const (
	copyRows  = 200
	copyBytes = 4 << 20
)

func copyTable(ctx context.Context, from, to *Tx, t table) error {
	rows, err := from.Query(ctx, "SELECT "+strings.Join(t.columns, ",")+" FROM "+t.name+" ORDER BY "+t.order)
	if err != nil {
		return err
	}
	defer rows.Close()
	var page [][]any
	size := 0
	flush := func() error {
		defer func() { page, size = page[:0], 0 }()
		return to.Insert(ctx, t.name, t.columns, page, "")
	}
	for rows.Next() {
		values, into := make([]any, len(t.columns)), make([]any, len(t.columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		keepEmpty(values)
		page, size = append(page, values), size+weight(values)
		if len(page) == copyRows || size > copyBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}

// keepEmpty keeps empty bytes apart from NULL: SQLite's driver gives a nil slice for them, which PostgreSQL's takes for NULL.
func keepEmpty(values []any) {
	for i, v := range values {
		if b, ok := v.([]byte); ok && b == nil {
			values[i] = []byte{}
		}
	}
}

// weight is about how many bytes a row takes.
func weight(values []any) (n int) {
	for _, v := range values {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
		n += 8
	}
	return n
}

// Rows counts the rows of each table. The workspace is on SQLite.
func (t *Tx) Rows(ctx context.Context) (Counts, error) {
	tables, err := tablesOf(ctx, t)
	if err != nil {
		return nil, err
	}
	out := Counts{}
	for _, table := range tables {
		var n int64
		if err := t.QueryRow(ctx, "SELECT COUNT(*) FROM "+table.name).Scan(&n); err != nil {
			return nil, err
		}
		out[table.name] = n
	}
	return out, nil
}
