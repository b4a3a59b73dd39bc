package tlog

import (
	"fmt"
	"math/bits"

	"ward/fault"
)

// TileReader gives one tile of the tree: up to 256 hashes of 32 bytes each. It may give more of the tile than the tree's size needs,
// never less.
type TileReader func(level int, index int64) ([]byte, error)

// Tile is a tile that changed: all its hashes from the first one on. It replaces an earlier, narrower one.
type Tile struct {
	Level int
	Index int64
	Data  []byte
}

// Growth is what appending leaves changed.
type Growth struct {
	Size  int64
	Root  Hash
	Tiles []Tile
}

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight // hashes in a full tile
)

// place is where a tile stands.
type place struct {
	level int
	index int64
}

// tree reads the nodes of a tree of one size, each tile once.
type tree struct {
	size  int64
	read  TileReader
	tiles map[place][]byte
}

func newTree(size int64, read TileReader) (*tree, error) {
	if size < 0 || size >= maxSize {
		return nil, fault.New(fault.Limit, "a tree cannot have %d entries", size)
	}
	return &tree{size, read, map[place][]byte{}}, nil
}

// tile gives at least the given number of hashes of a tile.
func (t *tree) tile(at place, width int64) ([]byte, error) {
	data, ok := t.tiles[at]
	if !ok {
		var err error
		if data, err = t.read(at.level, at.index); err != nil {
			return nil, fmt.Errorf("reading tile %d/%d: %w", at.level, at.index, err)
		}
		t.tiles[at] = data
	}
	if int64(len(data)) < width*32 || len(data) > tileWidth*32 || len(data)%32 != 0 {
		return nil, fmt.Errorf("tile %d/%d has %d bytes, the tree needs %d", at.level, at.index, len(data), width*32)
	}
	return data, nil
}

// node is the hash of the 2^height entries from index*2^height on.
func (t *tree) node(height int, index int64) (Hash, error) {
	level, rest := height/tileHeight, height%tileHeight
	first := index << rest
	from := first % tileWidth
	data, err := t.tile(place{level, first / tileWidth}, from+1<<rest)
	if err != nil {
		return Hash{}, err
	}
	return fold(data[from*32 : (from+1<<rest)*32]), nil
}

// fold is the hash over a power of two of hashes, 32 bytes each.
func fold(data []byte) Hash {
	if len(data) == 32 {
		return Hash(data)
	}
	half := len(data) / 2
	return nodeHash(fold(data[:half]), fold(data[half:]))
}

// span hashes the entries lo to hi-1; see spans.
func (t *tree) span(lo, hi int64) (Hash, error) {
	n := hi - lo
	if n&(n-1) == 0 {
		height := bits.TrailingZeros64(uint64(n))
		return t.node(height, lo>>height)
	}
	middle := lo + split(n)
	left, err := t.span(lo, middle)
	if err != nil {
		return Hash{}, err
	}
	right, err := t.span(middle, hi)
	return nodeHash(left, right), err
}

func (t *tree) root() (Hash, error) {
	if t.size == 0 {
		return TreeHash(nil), nil
	}
	return t.span(0, t.size)
}

// Root is the root of the tree of that size.
func Root(size int64, read TileReader) (Hash, error) {
	t, err := newTree(size, read)
	if err != nil {
		return Hash{}, err
	}
	return t.root()
}

// Inclusion is the path that proves one entry in the tree of that size. Entries count from zero.
func Inclusion(read TileReader, size, index int64) ([]Hash, error) {
	t, err := newTree(size, read)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= size {
		return nil, fault.New(fault.NotFound, "a tree of %d entries has no entry %d", size, index)
	}
	return spans(t.span).path(index, 0, size)
}

// VerifyInclusion checks that the leaf stands at that index of the tree of that size and root.
func VerifyInclusion(path []Hash, size int64, root Hash, index int64, leaf Leaf) error {
	if err := verifyPath(path, size, root, index, leafHash(leaf[:])); err != nil {
		return fault.Wrap(err, fault.Invalid, "the entry is not proved to be in the log")
	}
	return nil
}

// Consistency proves that the tree of that size begins with the tree of the old size; the proof is empty when that goes without saying.
func Consistency(read TileReader, old, size int64) ([]Hash, error) {
	t, err := newTree(size, read)
	if err != nil {
		return nil, err
	}
	if old < 0 || old > size {
		return nil, fault.New(fault.Invalid, "a tree of %d entries does not begin with one of %d", size, old)
	}
	if old == 0 || old == size {
		return nil, nil
	}
	return spans(t.span).prefix(old, 0, size, true)
}

// Grow appends leaves to a tree of the given size and gives back the tiles that changed. It writes nothing and trusts the tiles it
// reads: compare Root with the last checkpoint where they may have been touched.
func Grow(size int64, read TileReader, leaves []Leaf) (Growth, error) {
	t, err := newTree(size, read)
	if err != nil {
		return Growth{}, err
	}
	if int64(len(leaves)) >= maxSize-size {
		return Growth{}, fault.New(fault.Limit, "a tree cannot have more than 2^62 entries")
	}
	fresh := make([]byte, 0, len(leaves)*32)
	for _, l := range leaves {
		sum := leafHash(l[:])
		fresh = append(fresh, sum[:]...)
	}
	var changed []Tile
	for level := 0; len(fresh) > 0; level++ {
		tiles, err := t.extend(level, size>>(level*tileHeight), fresh)
		if err != nil {
			return Growth{}, err
		}
		changed = append(changed, tiles...)
		fresh = roots(tiles)
	}
	t.size += int64(len(leaves))
	root, err := t.root()
	return Growth{t.size, root, changed}, err
}

// extend appends hashes to one level that has count of them, and keeps the changed tiles in t.
func (t *tree) extend(level int, count int64, fresh []byte) ([]Tile, error) {
	var data []byte
	if had := count % tileWidth; had > 0 {
		last, err := t.tile(place{level, count / tileWidth}, had)
		if err != nil {
			return nil, err
		}
		data = append(data, last[:had*32]...)
	}
	data = append(data, fresh...)
	var tiles []Tile
	for index := count / tileWidth; len(data) > 0; index++ {
		width := min(len(data), tileWidth*32)
		tile := Tile{level, index, data[:width:width]}
		t.tiles[place{level, index}] = tile.Data
		tiles = append(tiles, tile)
		data = data[width:]
	}
	return tiles, nil
}

// roots are the hashes that full tiles add to the level above.
func roots(tiles []Tile) []byte {
	var out []byte
	for _, tile := range tiles {
		if len(tile.Data) == tileWidth*32 {
			sum := fold(tile.Data)
			out = append(out, sum[:]...)
		}
	}
	return out
}
