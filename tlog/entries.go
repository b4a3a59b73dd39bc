package tlog

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"ward/fault"
)

// TilePath is where C2SP tlog-tiles puts a tile, below the log's address. Width is its number of hashes, 1 to 256.
func TilePath(level int, index int64, width int) string {
	return fmt.Sprintf("tile/%d/%s", level, indexPath(index, width))
}

// EntriesPath is where C2SP tlog-tiles puts the leaves under the level 0 tile of that index. Width is their number, 1 to 256.
func EntriesPath(index int64, width int) string { return "tile/entries/" + indexPath(index, width) }

// indexPath writes an index in groups of three digits, all but the last behind an x, and the width of what is not full.
func indexPath(index int64, width int) string {
	path := fmt.Sprintf("%03d", index%1000)
	for index /= 1000; index > 0; index /= 1000 {
		path = fmt.Sprintf("x%03d/%s", index%1000, path)
	}
	if width < tileWidth {
		path += fmt.Sprintf(".p/%d", width)
	}
	return path
}

// EntryBundle writes leaves as C2SP tlog-tiles serves them, each after its length in two bytes.
func EntryBundle(leaves []Leaf) []byte {
	out := make([]byte, 0, len(leaves)*(2+LeafSize))
	for _, l := range leaves {
		out = binary.BigEndian.AppendUint16(out, LeafSize)
		out = append(out, l[:]...)
	}
	return out
}

// ParseEntryBundle reads 1 to 256 leaves.
func ParseEntryBundle(b []byte) ([]Leaf, error) {
	const step = 2 + LeafSize
	if len(b) == 0 || len(b)%step != 0 || len(b) > tileWidth*step {
		return nil, fault.New(fault.Invalid, "a bundle of entries has %d bytes, not %d for each of 1 to %d entries", len(b), step, tileWidth)
	}
	leaves := make([]Leaf, len(b)/step)
	for i := range leaves {
		leaves[i] = Leaf(b[i*step+2 : (i+1)*step])
		if !leaves[i].valid() {
			return nil, fault.New(fault.Invalid, "entry %d of a bundle is none of this kind of log", i)
		}
	}
	if !bytes.Equal(EntryBundle(leaves), b) {
		return nil, fault.New(fault.Invalid, "a bundle of entries has entries of another length")
	}
	return leaves, nil
}
