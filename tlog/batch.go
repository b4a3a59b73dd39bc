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
	root, _ := batch(entries)(0, int64(len(entries))) // a batch is in memory: reading it cannot fail
	return root
}

// BatchPath is the path that proves one entry of the list under TreeHash. The index must lie within the list.
func BatchPath(entries [][]byte, index int) []Hash {
	path, _ := batch(entries).path(int64(index), 0, int64(len(entries)))
	return path
}

// VerifyBatchPath checks a path that BatchPath made: the entry stands at that index of a list of that size with that tree hash.
func VerifyBatchPath(root Hash, entry []byte, index, size int, path []Hash) error {
	if err := verifyPath(path, int64(size), root, int64(index), leafHash(entry)); err != nil {
		return fault.Wrap(err, fault.Invalid, "the record is not proved to be part of its batch")
	}
	return nil
}

// batch hashes spans of a list; its error is always nil.
func batch(entries [][]byte) spans {
	var span spans
	span = func(lo, hi int64) (Hash, error) {
		if hi-lo == 1 {
			return leafHash(entries[lo]), nil
		}
		middle := lo + split(hi-lo)
		left, _ := span(lo, middle)
		right, _ := span(middle, hi)
		return nodeHash(left, right), nil
	}
	return span
}
