// Package tlog proves that something was recorded, and when at the latest, without telling what.
//
// A record is a list of fields. Each field is hashed with a salt of its own, and the record's digest is the RFC 6962 tree hash over
// them, so that some fields can be shown and the others left out. An event is one line of the journal; its leaf is 36 bytes that say
// nothing without the event's secret, and an opening discloses what a reader needs to compute the leaf. Leaves stand in one tree
// (C2SP tlog-tiles). A checkpoint is the tree's size and root, signed by the log (C2SP tlog-checkpoint) and cosigned by witnesses
// (C2SP tlog-cosignature, tlog-witness), who sign one history only. A proof (C2SP tlog-proof) joins a leaf to a checkpoint, and a
// policy (C2SP tlog-policy) says whose signatures are enough.
//
// Everything here is computed from its arguments: no files, no database, no network. What is read from outside is taken in exactly
// one form: what a parser accepts, its counterpart writes back byte for byte.
package tlog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"

	"ward/fault"
)

const (
	maxSize  = int64(1) << 62 // trees are smaller than this
	maxPath  = 63             // hashes in a path, C2SP tlog-witness
	maxInput = 64 << 10       // bytes of a signed note, a proof or a request
)

// The reasons that callers tell apart with errors.Is. Exit codes and HTTP statuses are those of ward verify and of C2SP tlog-witness.
var (
	ErrMalformed    = errors.New("not in the form it must have")            // 400
	ErrUnknownKey   = errors.New("no signature by a known key")             // exit 15
	ErrSignature    = errors.New("a signature does not fit the text")       // exit 13
	ErrBadSignature = errors.New("not signed by the log")                   // 403
	ErrOldSize      = errors.New("it conflicts with the checkpoint held")   // 409
	ErrFork         = error(fork{})                                         // 409 too: errors.Is(ErrFork, ErrOldSize)
	ErrInconsistent = errors.New("the tree does not continue the one held") // 422
)

// fork is a conflict of a worse kind: the log's key signed two trees of one size.
type fork struct{}

func (fork) Error() string { return "the log signed two trees of one size" }
func (fork) Unwrap() error { return ErrOldSize }

// Hash is a SHA-256 or RFC 6962 tree hash.
type Hash = [32]byte

// Hex writes a hash as 64 lower-case digits.
func Hex(h Hash) string { return hex.EncodeToString(h[:]) }

// ParseHash reads what Hex writes, and nothing else.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return h, fault.New(fault.Invalid, "a hash has %d digits instead of 64", len(s))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil || Hex(h) != s {
		return Hash{}, fault.New(fault.Invalid, "a hash has something else than the digits 0-9 and a-f")
	}
	return h, nil
}

// base64Hash reads a hash in canonical standard base64.
func base64Hash(s string) (Hash, bool) {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(raw) != len(Hash{}) || base64.StdEncoding.EncodeToString(raw) != s {
		return Hash{}, false
	}
	return Hash(raw), true
}

// number reads a size or index: decimal without leading zeros, below 2^62.
func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0 && n < maxSize && strconv.FormatInt(n, 10) == s
}

// leafHash is the RFC 6962 hash of an entry.
func leafHash(entry []byte) Hash {
	prefixed := append(make([]byte, 0, 64), 0) // 64: entries here are hashes or leaves, and stay off the heap
	return sha256.Sum256(append(prefixed, entry...))
}

// nodeHash is the RFC 6962 hash of two subtrees.
func nodeHash(left, right Hash) Hash {
	var node [65]byte
	node[0] = 1
	copy(node[1:], left[:])
	copy(node[33:], right[:])
	return sha256.Sum256(node[:])
}
