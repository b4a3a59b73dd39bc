// Package tlog commits to lists of records.
//
// A tree hash is the RFC 6962 Merkle tree hash over a list: 32 bytes that change when any leaf changes, moves or is left
// out, and under which a single leaf can later be proved with a path of log2(n) hashes. An import batch enters the journal as
// the tree hash over its rows' digests.
package tlog

import (
	"crypto/sha256"
	"encoding/hex"
)

// TreeHash is the RFC 6962 section 2.1 tree hash of the leaves, in hex. The hash of no leaves is SHA-256 of nothing.
func TreeHash(leaves [][]byte) string {
	if len(leaves) == 0 {
		empty := sha256.Sum256(nil)
		return hex.EncodeToString(empty[:])
	}
	sum := subtree(leaves)
	return hex.EncodeToString(sum[:])
}

// subtree hashes one or more leaves; it splits at the largest power of two below their number.
func subtree(leaves [][]byte) [32]byte {
	if len(leaves) == 1 {
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	left, right := subtree(leaves[:k]), subtree(leaves[k:])
	node := append([]byte{1}, left[:]...)
	return sha256.Sum256(append(node, right[:]...))
}
