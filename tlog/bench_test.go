package tlog

import (
	"testing"

	reference "golang.org/x/mod/sumdb/tlog"
)

const million = 1_000_000

func bigShelf(b *testing.B) shelf {
	b.Helper()
	tiles := shelf{}
	tiles.grow(b, 0, fillers(million))
	return tiles
}

func fillers(n int) []Leaf {
	out := make([]Leaf, n)
	for i := range out {
		out[i] = Filler()
	}
	return out
}

// An hour of a quiet log.
func BenchmarkGrowBy16AtAMillion(b *testing.B) {
	tiles, leaves := bigShelf(b), fillers(16)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Grow(million, tiles.read, leaves); err != nil {
			b.Fatal(err)
		}
	}
}

func perLeaf(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "leaves/s")
}

// Checking a whole log from its leaves, here and with the reference.
func BenchmarkRootFromLeaves(b *testing.B) {
	const n = 1 << 17
	leaves := fillers(n)
	b.Run("Grow", func(b *testing.B) {
		for b.Loop() {
			if _, err := Grow(0, nil, leaves); err != nil {
				b.Fatal(err)
			}
		}
		perLeaf(b, n)
	})
	b.Run("TreeHash", func(b *testing.B) {
		entries := make([][]byte, n)
		for i := range leaves {
			entries[i] = leaves[i][:]
		}
		for b.Loop() {
			TreeHash(entries)
		}
		perLeaf(b, n)
	})
	b.Run("StoredHashes", func(b *testing.B) {
		for b.Loop() {
			hashes := make(stored, 0, 2*n)
			for i := range leaves {
				hashes.add(b, int64(i), leaves[i][:])
			}
			hashes.root(b, n)
		}
		perLeaf(b, n)
	})
}

// Checking one proof, here and with the reference.
func BenchmarkVerifyInclusion(b *testing.B) {
	const index = 654_321
	leaves := fillers(million)
	tiles := shelf{}
	root := tiles.grow(b, 0, leaves).Root
	path, err := Inclusion(tiles.read, million, index)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("VerifyInclusion", func(b *testing.B) {
		for b.Loop() {
			if err := VerifyInclusion(path, million, root, index, leaves[index]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("CheckRecord", func(b *testing.B) {
		for b.Loop() {
			if err := reference.CheckRecord(theirs(path), million, reference.Hash(root), index, reference.RecordHash(leaves[index][:])); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A record with as many fields as a publisher's row.
func BenchmarkDigestOf40Fields(b *testing.B) {
	s := NewSecret()
	fields := make([]Field, 40)
	for i := range fields {
		fields[i] = Field{"field." + string(rune('a'+i)), "a value of some length"}
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Digest(fields)
	}
}
