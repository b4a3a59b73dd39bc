package tlog

import (
	"crypto/sha256"

	"ward/fault"
)

// TreeHash is the RFC 6962 section 2.1 tree hash of the entries. The hash of none is SHA-256 of nothing.
func TreeHash(entries [][]byte) Hash {
	if len(entries) == 0 {
		return sha256.Sum256(nil)
	}
	return NewBatch(entries).hash(0, int64(len(entries)))
}

// Batch is a list of entries in memory. It hashes each subtree once, however many paths are asked for; it is for one goroutine.
type Batch struct {
	entries [][]byte
	known   map[[2]int64]Hash // of spans with more than one entry
}

// NewBatch takes a list; its entries must not change.
func NewBatch(entries [][]byte) *Batch { return &Batch{entries, map[[2]int64]Hash{}} }

// Path is the path that proves one entry under TreeHash. The index must lie within the list.
func (b *Batch) Path(index int) []Hash {
	span := spans(func(lo, hi int64) (Hash, error) { return b.hash(lo, hi), nil })
	path, _ := span.path(int64(index), 0, int64(len(b.entries)))
	return path
}

func (b *Batch) hash(lo, hi int64) Hash {
	if hi-lo == 1 {
		return leafHash(b.entries[lo])
	}
	sum, ok := b.known[[2]int64{lo, hi}]
	if !ok {
		middle := lo + split(hi-lo)
		sum = nodeHash(b.hash(lo, middle), b.hash(middle, hi))
		b.known[[2]int64{lo, hi}] = sum
	}
	return sum
}

// VerifyBatchPath checks a path that Batch.Path made: the entry stands at that index of a list of that size with that tree hash.
func VerifyBatchPath(root Hash, entry []byte, index, size int, path []Hash) error {
	if err := verifyPath(path, int64(size), root, int64(index), leafHash(entry)); err != nil {
		return fault.Wrap(err, fault.Invalid, "the record is not proved to be part of its batch")
	}
	return nil
}
