package store

import (
	"context"
	"database/sql"
	"errors"

	"ward/fault"
	"ward/tlog"
)

// LogState is how far the log has come: what the sequencer compares and swaps.
type LogState struct {
	Size       int64  // leaves
	Hour       int64  // the last hour that was closed, in hours since 1970
	Number     int64  // the last journal row whose leaf is in
	Checkpoint []byte // signed, with the cosignatures gathered so far; empty before the first
}

// LogState reads the log's state; the zero state before the first leaf.
func (t *Tx) LogState(ctx context.Context) (LogState, error) {
	var s LogState
	err := t.tx.QueryRowContext(ctx, "SELECT size, hour, number, checkpoint FROM log_state WHERE id=1").Scan(&s.Size, &s.Hour, &s.Number, &s.Checkpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	return s, err
}

// LogLeaf is a leaf with the journal row it commits to; 0 is a filler, which commits to nothing.
type LogLeaf struct {
	Leaf   tlog.Leaf
	Number int64
}

// AppendLog moves the log from one state to the next with the leaves and tiles that lie between them. The state is swapped only
// where it still is what the caller saw, so that of two sequencers one gets a Conflict and the tree can never fork. The log
// shadows the journal: it needs no journal row of its own.
func (t *Tx) AppendLog(ctx context.Context, before, after LogState, leaves []LogLeaf, tiles []tlog.Tile) error {
	if err := t.swapLog(ctx, before, after); err != nil {
		return err
	}
	wrote := t.wrote
	defer func() { t.wrote = wrote }()
	rows := make([][]any, len(leaves))
	for i, l := range leaves {
		rows[i] = []any{before.Size + int64(i), l.Leaf[:], sql.NullInt64{Int64: l.Number, Valid: l.Number > 0}}
	}
	if err := t.Insert(ctx, "log_leaf", []string{"position", "leaf", "number"}, rows, ""); err != nil {
		return err
	}
	rows = make([][]any, len(tiles))
	for i, tile := range tiles {
		rows[i] = []any{tile.Level, tile.Index, tile.Data}
	}
	return t.Insert(ctx, "log_tile", []string{"level", "position", "data"}, rows, "ON CONFLICT (level, position) DO UPDATE SET data=excluded.data")
}

// SwapCheckpoint replaces the checkpoint of a state by one of the same size with more cosignatures.
func (t *Tx) SwapCheckpoint(ctx context.Context, before LogState, signed []byte) error {
	after := before
	after.Checkpoint = signed
	return t.swapLog(ctx, before, after)
}

func (t *Tx) swapLog(ctx context.Context, before, after LogState) error {
	if before.Checkpoint == nil {
		before.Checkpoint = []byte{}
	}
	if _, err := t.tx.ExecContext(ctx, "INSERT INTO log_state (id, size, hour, number, checkpoint) VALUES (1, 0, 0, 0, $1) ON CONFLICT DO NOTHING", []byte{}); err != nil {
		return err
	}
	result, err := t.tx.ExecContext(ctx, "UPDATE log_state SET size=$1, hour=$2, number=$3, checkpoint=$4 WHERE id=1 AND size=$5 AND hour=$6 AND number=$7 AND checkpoint=$8",
		after.Size, after.Hour, after.Number, after.Checkpoint, before.Size, before.Hour, before.Number, before.Checkpoint)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New(fault.Conflict, "another process moved the log at the same time").Keeping("nothing was changed").Do("nothing: the other one did it"))
	}
	return nil
}

// Tiles reads the log's tiles as they stand in this transaction.
func (t *Tx) Tiles(ctx context.Context) tlog.TileReader {
	return func(level int, index int64) ([]byte, error) {
		var data []byte
		err := t.tx.QueryRowContext(ctx, "SELECT data FROM log_tile WHERE level=$1 AND position=$2", level, index).Scan(&data)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fault.New(fault.Internal, "the log's tile %d/%d is missing", level, index).Do("run ward doctor")
		}
		return data, err
	}
}

// Leaves lists leaves from a position on, at most limit of them.
func (t *Tx) Leaves(ctx context.Context, from int64, limit int) ([]LogLeaf, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT leaf, COALESCE(number,0) FROM log_leaf WHERE position >= $1 ORDER BY position LIMIT $2", from, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []LogLeaf
	for rows.Next() {
		var leaf []byte
		var l LogLeaf
		if err := rows.Scan(&leaf, &l.Number); err != nil {
			return nil, err
		}
		if len(leaf) != tlog.LeafSize {
			return nil, fault.New(fault.Internal, "leaf %d of the log is damaged", from+int64(len(out))).Do("run ward doctor")
		}
		l.Leaf = tlog.Leaf(leaf)
		out = append(out, l)
	}
	return out, rows.Err()
}

// Position finds where in the log a journal row's leaf lies; ok is false while it waits for its hour to close.
func (t *Tx) Position(ctx context.Context, number int64) (position int64, ok bool, err error) {
	err = t.tx.QueryRowContext(ctx, "SELECT position FROM log_leaf WHERE number=$1", number).Scan(&position)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return position, err == nil, err
}

// Witness is another association's server that cosigns this log's checkpoints.
type Witness struct {
	Name, Verifier, URL string
	Size                int64 // the last size it cosigned
	Seen                int64 // when, in microseconds since 1970; 0 = never
}

// Witnesses lists the witnesses by name.
func (t *Tx) Witnesses(ctx context.Context) ([]Witness, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT name, verifier, url, size, seen FROM log_witness ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Witness
	for rows.Next() {
		var w Witness
		if err := rows.Scan(&w.Name, &w.Verifier, &w.URL, &w.Size, &w.Seen); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// PutWitness adds a witness or changes how it is reached; the caller journals.
func (t *Tx) PutWitness(ctx context.Context, w Witness) error {
	_, err := t.Exec(ctx, `INSERT INTO log_witness (name, verifier, url, size, seen) VALUES ($1,$2,$3,0,0)
		ON CONFLICT (name) DO UPDATE SET verifier=excluded.verifier, url=excluded.url`, w.Name, w.Verifier, w.URL)
	return err
}

// RemoveWitness forgets a witness; the caller journals.
func (t *Tx) RemoveWitness(ctx context.Context, name string) (bool, error) {
	result, err := t.Exec(ctx, "DELETE FROM log_witness WHERE name=$1", name)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Cosigned notes what a witness last cosigned: part of the log's own state, as AppendLog is.
func (t *Tx) Cosigned(ctx context.Context, name string, size int64) error {
	_, err := t.tx.ExecContext(ctx, "UPDATE log_witness SET size=$1, seen=$2 WHERE name=$3", size, t.Micros(), name)
	return err
}
