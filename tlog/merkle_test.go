package tlog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	reference "golang.org/x/mod/sumdb/tlog"
)

// stored is the least storage the reference implementation needs.
type stored []reference.Hash

func (s *stored) ReadHashes(indexes []int64) ([]reference.Hash, error) {
	var out []reference.Hash
	for _, i := range indexes {
		out = append(out, (*s)[i])
	}
	return out, nil
}

func (s *stored) add(t testing.TB, n int64, entry []byte) {
	t.Helper()
	more, err := reference.StoredHashes(n, entry, s)
	if err != nil {
		t.Fatal(err)
	}
	*s = append(*s, more...)
}

func (s *stored) root(t testing.TB, size int64) Hash {
	t.Helper()
	want, err := reference.TreeHash(size, s)
	if err != nil {
		t.Fatal(err)
	}
	return Hash(want)
}

// theirs turns hashes into the reference's type.
func theirs(path []Hash) []reference.Hash {
	var out []reference.Hash
	for _, h := range path {
		out = append(out, reference.Hash(h))
	}
	return out
}

// shelf keeps tiles as a log would.
type shelf map[place][]byte

func (s shelf) read(level int, index int64) ([]byte, error) {
	data, ok := s[place{level, index}]
	if !ok {
		return nil, fmt.Errorf("no tile %d/%d", level, index)
	}
	return data, nil
}

func (s shelf) grow(t testing.TB, size int64, leaves []Leaf) Growth {
	t.Helper()
	g, err := Grow(size, s.read, leaves)
	if err != nil {
		t.Fatal(err)
	}
	for _, tile := range g.Tiles {
		s[place{tile.Level, tile.Index}] = slices.Clone(tile.Data)
	}
	return g
}

// numbered is an invented leaf.
func numbered(n int) Leaf { return PublicLeaf(fmt.Appendf(nil, "leaf %d", n)) }

func leavesFrom(from, n int) []Leaf {
	out := make([]Leaf, n)
	for i := range out {
		out[i] = numbered(from + i)
	}
	return out
}

// edges are the entries of a tree that a mistake would meet first.
func edges(size int64) []int64 {
	if size <= 40 {
		size, all := int(size), []int64{}
		for i := range size {
			all = append(all, int64(i))
		}
		return all
	}
	list := []int64{0, 1, 2, size / 2, size - 2, size - 1, rand.Int64N(size)}
	for _, border := range []int64{255, 256, 257, 65535, 65536, 65537} {
		if border < size {
			list = append(list, border)
		}
	}
	return list
}

// agree compares root, inclusion and consistency with the reference at one size, in both directions.
func agree(t *testing.T, tiles shelf, hashes *stored, size int64) {
	t.Helper()
	root, err := Root(size, tiles.read)
	if err != nil || root != hashes.root(t, size) {
		t.Fatalf("size %d: root %s, %v", size, Hex(root), err)
	}
	for _, i := range edges(size) {
		path, err := Inclusion(tiles.read, size, i)
		if err != nil {
			t.Fatal(err)
		}
		want, err := reference.ProveRecord(size, i, hashes)
		if err != nil || !slices.Equal(theirs(path), want) {
			t.Fatalf("size %d, entry %d: another path than the reference's (%v)", size, i, err)
		}
		if err := VerifyInclusion(path, size, root, i, numbered(int(i))); err != nil {
			t.Fatalf("size %d, entry %d: %v", size, i, err)
		}
		old := i + 1
		proof, err := Consistency(tiles.read, old, size)
		if err != nil {
			t.Fatal(err)
		}
		before := hashes.root(t, old)
		wanted, err := reference.ProveTree(size, old, hashes)
		if err != nil || !slices.Equal(theirs(proof), wanted) {
			t.Fatalf("%d to %d: another proof than the reference's (%v)", old, size, err)
		}
		if err := VerifyConsistency(proof, old, before, size, root); err != nil {
			t.Fatalf("%d to %d: %v", old, size, err)
		}
	}
}

// The Go checksum database's implementation of RFC 6962 is the yardstick, for every size up to 600 and around the tiles' borders.
func TestTreesAgreeWithTheReference(t *testing.T) {
	tiles, hashes := shelf{}, stored{}
	for n := range 600 {
		l := numbered(n)
		hashes.add(t, int64(n), l[:])
		g := tiles.grow(t, int64(n), []Leaf{l})
		if g.Size != int64(n+1) || g.Root != hashes.root(t, g.Size) {
			t.Fatalf("growing to %d gives size %d, root %s", n+1, g.Size, Hex(g.Root))
		}
	}
	for size := int64(1); size <= 600; size++ {
		agree(t, tiles, &hashes, size)
	}
}

func TestTreesAgreeAcrossTheSecondLevelOfTiles(t *testing.T) {
	tiles, hashes := shelf{}, stored{}
	size := 0
	for _, next := range []int{1, 17, 254, 257, 4000, 65279, 65535, 65536, 65537, 65793, 66100} {
		leaves := leavesFrom(size, next-size)
		for i, l := range leaves {
			hashes.add(t, int64(size+i), l[:])
		}
		tiles.grow(t, int64(size), leaves)
		size = next
		agree(t, tiles, &hashes, int64(size))
	}
	for _, earlier := range []int64{1, 255, 256, 257, 511, 512, 513, 65280, 65534, 65535, 65536, 65537, 65538} {
		agree(t, tiles, &hashes, earlier) // wider tiles than the size needs serve it too
	}
}

func TestGrowingInAnyStepsGivesTheSameTiles(t *testing.T) {
	once := shelf{}
	once.grow(t, 0, leavesFrom(0, 1500))
	for range 20 {
		tiles, size := shelf{}, 0
		for size < 1500 {
			step := min(rand.IntN(400), 1500-size)
			tiles.grow(t, int64(size), leavesFrom(size, step))
			size += step
		}
		if len(tiles) != len(once) {
			t.Fatalf("%d tiles instead of %d", len(tiles), len(once))
		}
		for at, data := range once {
			if string(tiles[at]) != string(data) {
				t.Fatalf("tile %v differs", at)
			}
		}
	}
}

// Tiles are compared byte for byte with the reference's, partial ones too, and so are their names.
func TestTilesAgreeWithTheReference(t *testing.T) {
	hashes := stored{}
	for n := range 1100 {
		l := numbered(n)
		hashes.add(t, int64(n), l[:])
	}
	for _, size := range []int{1, 16, 255, 256, 257, 512, 1100} {
		g, err := Grow(0, nil, leavesFrom(0, size))
		if err != nil {
			t.Fatal(err)
		}
		for _, tile := range g.Tiles {
			width := len(tile.Data) / 32
			theirs := reference.Tile{H: tileHeight, L: tile.Level, N: tile.Index, W: width}
			want, err := reference.ReadTileData(theirs, &hashes)
			if err != nil || string(want) != string(tile.Data) {
				t.Errorf("size %d: tile %d/%d differs (%v)", size, tile.Level, tile.Index, err)
			}
			if got := TilePath(tile.Level, tile.Index, width); "tile/8"+got[len("tile"):] != theirs.Path() {
				t.Errorf("%s, the reference says %s", got, theirs.Path())
			}
		}
	}
}

func TestTilePathsAreThoseOfTheSpecification(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{TilePath(0, 1234067, 256), "tile/0/x001/x234/067"},
		{TilePath(0, 273, 112), "tile/0/273.p/112"}, // of the specification's tree of 70,000 entries
		{TilePath(1, 1, 17), "tile/1/001.p/17"},
		{TilePath(2, 0, 1), "tile/2/000.p/1"},
		{TilePath(5, 999, 256), "tile/5/999"},
		{TilePath(5, 1000, 255), "tile/5/x001/000.p/255"},
		{EntriesPath(67, 256), "tile/entries/067"},
		{EntriesPath(1067, 5), "tile/entries/x001/067.p/5"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
	g, err := Grow(0, nil, leavesFrom(0, 70_000))
	if err != nil {
		t.Fatal(err)
	}
	levels := map[int]int{}
	for _, tile := range g.Tiles {
		levels[tile.Level]++
	}
	if last := g.Tiles[len(g.Tiles)-1]; levels[0] != 274 || levels[1] != 2 || levels[2] != 1 || len(last.Data) != 32 {
		t.Errorf("the specification's tree of 70,000 entries has tiles %v", levels)
	}
}

func TestBatches(t *testing.T) {
	var hashes stored
	var entries [][]byte
	for n := range 130 {
		entry := fmt.Appendf(nil, "record %d", n)
		entries = append(entries, entry)
		hashes.add(t, int64(n), entry)
		root := TreeHash(entries)
		if root != hashes.root(t, int64(n+1)) {
			t.Fatalf("%d entries: another root than the reference's", n+1)
		}
		for i := range entries {
			if err := VerifyBatchPath(root, entries[i], i, len(entries), NewBatch(entries).Path(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if Hex(TreeHash(nil)) != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error("empty tree")
	}
}

func flip(h Hash, bit int) Hash {
	h[bit/8] ^= 1 << (bit % 8)
	return h
}

// Whatever is changed in a proof, alone, it proves nothing any more.
func TestAnyChangeBreaksAnInclusionProof(t *testing.T) {
	tiles := shelf{}
	tiles.grow(t, 0, leavesFrom(0, 300))
	for _, size := range []int64{1, 2, 3, 7, 8, 9, 37, 255, 256, 257, 300} {
		root, err := Root(size, tiles.read)
		if err != nil {
			t.Fatal(err)
		}
		for _, index := range edges(size) {
			path, err := Inclusion(tiles.read, size, index)
			if err != nil {
				t.Fatal(err)
			}
			breakInclusion(t, path, size, root, index)
		}
	}
}

func breakInclusion(t *testing.T, path []Hash, size int64, root Hash, index int64) {
	t.Helper()
	leaf := numbered(int(index))
	refused := func(what string, path []Hash, size int64, root Hash, index int64, leaf Leaf) {
		t.Helper()
		if VerifyInclusion(path, size, root, index, leaf) == nil {
			t.Errorf("size %d, entry %d: proved with another %s", size, index, what)
		}
	}
	for i := range path {
		other := slices.Clone(path)
		other[i] = flip(other[i], rand.IntN(256))
		refused("hash in the path", other, size, root, index, leaf)
		refused("shorter path", slices.Delete(slices.Clone(path), i, i+1), size, root, index, leaf)
		refused("longer path", slices.Insert(slices.Clone(path), i, path[i]), size, root, index, leaf)
	}
	refused("path end", append(slices.Clone(path), root), size, root, index, leaf)
	refused("root", path, size, flip(root, rand.IntN(256)), index, leaf)
	for i := range leaf {
		other := leaf
		other[i] ^= 0x40
		refused("leaf", path, size, root, index, other)
	}
	for _, n := range []int64{-1, 0, index - 1, index + 1, size, 1 << 62} {
		if n != index {
			refused("index", path, size, root, n, leaf)
		}
	}
}

// Trees of several sizes can give an entry paths of one length; then it is the signed checkpoint that binds the size. Where the lengths
// differ, the path itself is refused.
func TestAPathOfAnotherLengthIsRefused(t *testing.T) {
	tiles := shelf{}
	tiles.grow(t, 0, leavesFrom(0, 300))
	length := func(size, index int64) int {
		path, err := Inclusion(tiles.read, size, index)
		if err != nil {
			t.Fatal(err)
		}
		return len(path)
	}
	for _, size := range []int64{2, 3, 8, 37, 256, 257, 300} {
		root, err := Root(size, tiles.read)
		if err != nil {
			t.Fatal(err)
		}
		for _, index := range edges(size) {
			path, err := Inclusion(tiles.read, size, index)
			if err != nil {
				t.Fatal(err)
			}
			for other := index + 1; other <= 300; other += 1 + other/16 {
				if length(other, index) != len(path) && VerifyInclusion(path, other, root, index, numbered(int(index))) == nil {
					t.Errorf("entry %d of %d is proved for %d", index, size, other)
				}
			}
		}
	}
}

// Proofs that would hold for a tree whose size is not the one stated.
func TestProofsForAnotherShapeOfTreeAreRefused(t *testing.T) {
	leaf, sibling := numbered(1), Hash{7}
	sum := leafHash(leaf[:])
	root := nodeHash(sibling, sum)
	if VerifyInclusion([]Hash{sibling}, 1, root, 0, leaf) == nil {
		t.Error("a tree of one entry has a path of one hash")
	}
	if err := VerifyInclusion([]Hash{sibling}, 2, root, 1, leaf); err != nil {
		t.Error(err)
	}
	old := Hash{9}
	if err := VerifyConsistency([]Hash{sibling}, 2, old, 3, nodeHash(old, sibling)); err != nil {
		t.Error(err)
	}
	if VerifyConsistency([]Hash{sibling}, 2, old, 1000, nodeHash(old, sibling)) == nil {
		t.Error("a tree of 1,000 entries is two hashes")
	}
}

// A log restored from an older copy has wider tiles than its size says; what is beyond the size counts for nothing.
func TestGrowingFromAnEarlierSizeOverwritesWhatCameLater(t *testing.T) {
	tiles, want := shelf{}, shelf{}
	tiles.grow(t, 0, leavesFrom(0, 300))
	want.grow(t, 0, append(leavesFrom(0, 280), leavesFrom(900, 7)...))
	g := tiles.grow(t, 280, leavesFrom(900, 7))
	root, err := Root(287, want.read)
	if err != nil || g.Root != root || string(tiles[place{0, 1}]) != string(want[place{0, 1}]) {
		t.Error("another tree", err)
	}
}

func TestAnyChangeBreaksAConsistencyProof(t *testing.T) {
	tiles := shelf{}
	tiles.grow(t, 0, leavesFrom(0, 300))
	root := func(size int64) Hash {
		h, err := Root(size, tiles.read)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for _, size := range []int64{1, 2, 3, 8, 9, 37, 256, 257, 300} {
		for old := int64(0); old <= size; old += 1 + old/3 {
			path, err := Consistency(tiles.read, old, size)
			if err != nil {
				t.Fatal(err)
			}
			before, after := root(old), root(size)
			if err := VerifyConsistency(path, old, before, size, after); err != nil {
				t.Fatalf("%d to %d: %v", old, size, err)
			}
			for i := range path {
				other := slices.Clone(path)
				other[i] = flip(other[i], rand.IntN(256))
				if VerifyConsistency(other, old, before, size, after) == nil {
					t.Errorf("%d to %d: hash %d changed", old, size, i)
				}
				if VerifyConsistency(slices.Delete(slices.Clone(path), i, i+1), old, before, size, after) == nil {
					t.Errorf("%d to %d: hash %d left out", old, size, i)
				}
			}
			if VerifyConsistency(append(slices.Clone(path), after), old, before, size, after) == nil {
				t.Errorf("%d to %d: a hash too many", old, size)
			}
			if VerifyConsistency(path, old, flip(before, 9), size, after) == nil {
				t.Errorf("%d to %d: another old root", old, size)
			}
			if old > 0 && VerifyConsistency(path, old, before, size, flip(after, 9)) == nil {
				t.Errorf("%d to %d: another root", old, size)
			}
		}
	}
	for _, sizes := range [][2]int64{{-1, 5}, {6, 5}, {1, 1 << 62}, {1 << 62, 1 << 62}} {
		if VerifyConsistency(nil, sizes[0], Hash{}, sizes[1], Hash{}) == nil {
			t.Errorf("%v", sizes)
		}
	}
}

func TestBrokenTilesAreErrors(t *testing.T) {
	tiles := shelf{}
	tiles.grow(t, 0, leavesFrom(0, 300))
	whole := tiles[place{0, 1}]
	for _, data := range [][]byte{nil, whole[:43*32], whole[:len(whole)-1], append(slices.Clone(whole), 0), make([]byte, 257*32)} {
		tiles[place{0, 1}] = data
		if _, err := Root(300, tiles.read); err == nil {
			t.Errorf("a tile of %d bytes where 44 hashes are needed", len(data))
		}
		if _, err := Grow(300, tiles.read, leavesFrom(300, 1)); err == nil {
			t.Errorf("growing on a tile of %d bytes where 44 hashes are needed", len(data))
		}
	}
	tiles[place{0, 1}] = whole
	delete(tiles, place{1, 0})
	if _, err := Inclusion(tiles.read, 300, 299); err == nil {
		t.Error("a path through a tile that is not there")
	}
	if _, err := Inclusion(tiles.read, 256, 256); err == nil {
		t.Error("an entry beyond the tree")
	}
	if _, err := Consistency(tiles.read, 257, 256); err == nil {
		t.Error("a tree that shrinks")
	}
	if _, err := Root(-1, tiles.read); err == nil {
		t.Error("a negative size")
	}
	if _, err := Grow(1<<62-1, nil, leavesFrom(0, 1)); err == nil {
		t.Error("a tree of 2^62 entries")
	}
}

func TestAnyChangeBreaksABatchPath(t *testing.T) {
	entries := [][]byte{[]byte("a"), []byte("b"), []byte("c"), []byte("d"), []byte("e")}
	root := TreeHash(entries)
	path := NewBatch(entries).Path(2)
	for i := range path {
		other := slices.Clone(path)
		other[i] = flip(other[i], 3)
		if VerifyBatchPath(root, entries[2], 2, 5, other) == nil {
			t.Errorf("hash %d changed", i)
		}
	}
	for i := range entries {
		if i != 2 && (VerifyBatchPath(root, entries[i], 2, 5, path) == nil || VerifyBatchPath(root, entries[2], i, 5, path) == nil) {
			t.Errorf("entry 2 passes for entry %d", i)
		}
	}
	left, right := leafHash(entries[0]), leafHash(entries[1])
	if node := slices.Concat(left[:], right[:]); VerifyBatchPath(root, node, 0, 3, NewBatch(entries).Path(0)[1:]) == nil {
		t.Error("an inner node passes for an entry")
	}
}
