package store

import (
	"bytes"
	"context"
	"fmt"

	"ward/fault"
	"ward/tlog"
)

// CheckTree hashes all leaves anew and compares every tile; it returns the size and the root that they come to. told is called now
// and then.
func (t *Tx) CheckTree(ctx context.Context, told func(done int64), wrong Wrong) (size int64, root tlog.Hash, err error) {
	g := growing{last: map[int]tlog.Tile{}}
	for {
		page, err := t.positions(ctx, g.size, wrong)
		if err != nil {
			return g.size, root, err
		}
		if len(page) == 0 {
			break
		}
		if err := t.compareTiles(ctx, &g, page, wrong); err != nil {
			return g.size, root, err
		}
		told(g.size)
	}
	if err := t.countTiles(ctx, g.tiles, wrong); err != nil {
		return g.size, root, err
	}
	root, err = tlog.Root(g.size, g.read)
	return g.size, root, err
}

// growing is the tree so far: of each level the last tile, which is all that the next leaves need.
type growing struct {
	size  int64
	tiles int64 // how many there are, the last ones included
	last  map[int]tlog.Tile
}

func (g *growing) read(level int, index int64) ([]byte, error) {
	tile, ok := g.last[level]
	if !ok || tile.Index != index {
		return nil, fault.New(fault.Internal, "the tree asks for a tile behind its edge")
	}
	return tile.Data, nil
}

// positions reads the next leaves and says where one is missing.
func (t *Tx) positions(ctx context.Context, from int64, wrong Wrong) (out []tlog.Leaf, err error) {
	const page = 8192
	rows, err := t.tx.QueryContext(ctx, "SELECT position, leaf FROM log_leaf WHERE position>=$1 ORDER BY position LIMIT $2", from, page)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for next := from; rows.Next(); next++ {
		var position int64
		var leaf []byte
		if err := rows.Scan(&position, &leaf); err != nil {
			return nil, err
		}
		if position != next || len(leaf) != tlog.LeafSize {
			wrong(fmt.Sprintf("leaf %d", next), "is missing or cut short")
			return out, nil // the rest cannot stand in its place
		}
		out = append(out, tlog.Leaf(leaf))
	}
	return out, rows.Err()
}

// compareTiles adds leaves to the tree and compares what is complete, or the last, with the tiles that are kept.
func (t *Tx) compareTiles(ctx context.Context, g *growing, leaves []tlog.Leaf, wrong Wrong) error {
	growth, err := tlog.Grow(g.size, g.read, leaves)
	if err != nil {
		return err
	}
	for _, tile := range growth.Tiles {
		if had, ok := g.last[tile.Level]; !ok || had.Index != tile.Index {
			g.tiles++
		}
		g.last[tile.Level] = tile
	}
	g.size = growth.Size
	var end int64
	if err := t.tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(position),-1)+1 FROM log_leaf").Scan(&end); err != nil {
		return err
	}
	read := t.Tiles(ctx)
	for _, tile := range growth.Tiles {
		full := len(tile.Data) == 256*len(tlog.Hash{})
		if !full && g.size < end {
			continue // it will grow with the next page
		}
		kept, err := read(tile.Level, tile.Index)
		if err != nil && !fault.Is(err, fault.Internal) {
			return err
		}
		if err != nil || !bytes.Equal(kept, tile.Data) {
			wrong(fmt.Sprintf("tile %d/%d", tile.Level, tile.Index), "does not hold the hashes of its leaves")
		}
	}
	return nil
}

// countTiles looks for tiles that belong to nothing.
func (t *Tx) countTiles(ctx context.Context, want int64, wrong Wrong) error {
	var have int64
	err := t.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM log_tile").Scan(&have)
	if err == nil && have != want {
		wrong("the log", fmt.Sprintf("keeps %d tiles where there should be %d", have, want))
	}
	return err
}
