package store

import (
	"context"
	"database/sql"
	"errors"
)

// runner is where a transaction's statements run: a database transaction of its own, or a place in a group.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// statements adds to a runner the reading of one row.
type statements struct{ runner }

func (s statements) QueryRowContext(ctx context.Context, query string, args ...any) *Row {
	rows, err := s.QueryContext(ctx, query, args...)
	return &Row{rows, err}
}

// place is a member's turn in a group. Its statements cannot be interrupted, because SQLite may answer an interruption by
// taking back the whole group: a cancelled member is stopped between two of them.
type place struct {
	pen  *pen
	rows []*sql.Rows // given out; closed at the end
	over bool
}

// statement is a prepared statement that a member may use again.
type statement struct {
	*sql.Stmt
	rows *sql.Rows // the last it was asked for
}

// Bounds of what stays prepared: how many statements, and how long one may be (bytes).
const (
	maxStatements = 64
	maxPrepared   = 32 << 10
)

func (s *place) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := s.may(ctx); err != nil {
		return nil, err
	}
	result, err := s.pen.execute(context.WithoutCancel(ctx), query, args...)
	return result, s.pen.explain(err)
}

func (s *place) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := s.may(ctx); err != nil {
		return nil, err
	}
	rows, err := s.pen.query(context.WithoutCancel(ctx), query, args...)
	if err != nil {
		return nil, s.pen.explain(err)
	}
	s.rows = append(s.rows, rows)
	return rows, nil
}

// may reports why no statement may run: outside a transaction it would be committed by itself.
func (s *place) may(ctx context.Context) error {
	if s.over {
		return sql.ErrTxDone
	}
	if s.pen.lost {
		return firstError(s.pen.refused(), errors.New("the transaction was taken back"))
	}
	return ctx.Err()
}

// end closes what the member left open.
func (s *place) end() {
	s.over = true
	for _, r := range s.rows {
		r.Close()
	}
	s.rows = nil
}

func (p *pen) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.prepare(query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return p.conn.QueryContext(ctx, query, args...)
	}
	s.rows, err = s.QueryContext(ctx, args...)
	return s.rows, err
}

func (p *pen) execute(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.prepare(query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return p.conn.ExecContext(ctx, query, args...)
	}
	return s.ExecContext(ctx, args...)
}

// exec runs a statement of the group itself.
func (p *pen) exec(query string) error {
	_, err := p.execute(context.Background(), query)
	return err
}

// prepare finds a statement or compiles it. It gives none where that would not pay, and while the rows it gave out before are
// still being read.
func (p *pen) prepare(query string) (*statement, error) {
	if s := p.statements[query]; s != nil {
		if s.reading() {
			return nil, nil
		}
		return s, nil
	}
	if len(p.statements) >= maxStatements || len(query) > maxPrepared {
		return nil, nil
	}
	stmt, err := p.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	s := &statement{Stmt: stmt}
	p.statements[query] = s
	return s, nil
}

func (s *statement) reading() bool {
	if s.rows == nil {
		return false
	}
	_, err := s.rows.Columns() // an error once they are closed
	return err == nil
}

// forget closes all statements, which must be in nobody's use: nothing else does, and SQLite keeps a connection open for one.
func (p *pen) forget() {
	for _, s := range p.statements {
		s.Close()
	}
	clear(p.statements)
}

// Row is the one row that QueryRow reads.
type Row struct {
	rows *sql.Rows
	err  error
}

// Err is the query's error, if it has one before any row is read.
func (r *Row) Err() error { return r.err }

// Scan reads the first row's columns; sql.ErrNoRows says that there is none.
func (r *Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		return firstError(r.rows.Err(), sql.ErrNoRows)
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	return r.rows.Close()
}
