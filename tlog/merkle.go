package tlog

import (
	"math/bits"

	"ward/fault"
)

// A spans gives the RFC 6962 tree hash of the entries lo to hi-1 of one tree; lo is a multiple of the largest power of two below
// their number, as in every subtree that the recursions below meet.
type spans func(lo, hi int64) (Hash, error)

// split is the largest power of two below n, n > 1.
func split(n int64) int64 { return 1 << (bits.Len64(uint64(n-1)) - 1) }

// path is RFC 6962's PATH for one entry among lo to hi-1, from its sibling upwards.
func (s spans) path(index, lo, hi int64) ([]Hash, error) {
	if hi-lo == 1 {
		return nil, nil
	}
	middle := lo + split(hi-lo)
	near, far := [2]int64{lo, middle}, [2]int64{middle, hi}
	if index >= middle {
		near, far = far, near
	}
	below, err := s.path(index, near[0], near[1])
	if err != nil {
		return nil, err
	}
	sibling, err := s(far[0], far[1])
	return append(below, sibling), err
}

// prefix is RFC 6962's SUBPROOF that the entries before old begin the entries lo to hi-1; whole tells that the verifier has the hash
// of lo to old-1 already.
func (s spans) prefix(old, lo, hi int64, whole bool) ([]Hash, error) {
	if old == hi {
		if whole {
			return nil, nil
		}
		all, err := s(lo, hi)
		return []Hash{all}, err
	}
	middle := lo + split(hi-lo)
	if old <= middle {
		below, err := s.prefix(old, lo, middle, whole)
		if err != nil {
			return nil, err
		}
		right, err := s(middle, hi)
		return append(below, right), err
	}
	below, err := s.prefix(old, middle, hi, false)
	if err != nil {
		return nil, err
	}
	left, err := s(lo, middle)
	return append(below, left), err
}

// verifyPath follows RFC 9162 section 2.1.3.2: a path of exactly the right length from a leaf hash to the root.
func verifyPath(path []Hash, size int64, root Hash, index int64, sum Hash) error {
	if index < 0 || index >= size || size >= maxSize || len(path) > maxPath {
		return fault.New(fault.Invalid, "the entry's number does not fit the size of the tree")
	}
	place, last := index, size-1
	for _, sibling := range path {
		switch {
		case last == 0:
			return fault.New(fault.Invalid, "the path to the root is too long")
		case place&1 == 1 || place == last:
			sum = nodeHash(sibling, sum)
			up := bits.TrailingZeros64(uint64(place)) // a right edge skips the levels on which it has no sibling
			place, last = place>>up, last>>up
		default:
			sum = nodeHash(sum, sibling)
		}
		place, last = place>>1, last>>1
	}
	if last != 0 {
		return fault.New(fault.Invalid, "the path to the root is too short")
	}
	if sum != root {
		return fault.New(fault.Invalid, "the path leads to another root")
	}
	return nil
}

// VerifyConsistency checks that the tree of the given size and root begins with the tree of the old size and root (RFC 9162 section
// 2.1.4.2). The empty tree, whose root is TreeHash(nil), begins every tree.
func VerifyConsistency(path []Hash, old int64, oldRoot Hash, size int64, root Hash) error {
	if old < 0 || old > size || size >= maxSize || len(path) > maxPath {
		return fault.New(fault.Invalid, "the sizes of the two trees do not fit")
	}
	if old == 0 || old == size {
		return verifyTrivial(path, old, oldRoot, size, root)
	}
	if bits.OnesCount64(uint64(old)) == 1 {
		path = append([]Hash{oldRoot}, path...)
	}
	if len(path) == 0 {
		return inconsistent()
	}
	up := bits.TrailingZeros64(^uint64(old - 1))
	place, last := (old-1)>>up, (size-1)>>up
	before, after := path[0], path[0]
	for _, sibling := range path[1:] {
		switch {
		case last == 0:
			return inconsistent()
		case place&1 == 1 || place == last:
			before, after = nodeHash(sibling, before), nodeHash(sibling, after)
			up := bits.TrailingZeros64(uint64(place))
			place, last = place>>up, last>>up
		default:
			after = nodeHash(after, sibling)
		}
		place, last = place>>1, last>>1
	}
	if last != 0 || before != oldRoot || after != root {
		return inconsistent()
	}
	return nil
}

// verifyTrivial checks what needs no hash: from the empty tree, or from a tree to itself.
func verifyTrivial(path []Hash, old int64, oldRoot Hash, size int64, root Hash) error {
	empty := TreeHash(nil)
	if len(path) > 0 || old == 0 && oldRoot != empty || old == size && oldRoot != root {
		return inconsistent()
	}
	return nil
}

func inconsistent() error {
	return fault.New(fault.Invalid, "the later tree does not begin with the earlier one")
}
