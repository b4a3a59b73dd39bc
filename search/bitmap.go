package search

import "math/bits"

// bitmap is a set of rows, one bit each. Rows past its end are not in the set, so sets of different ages combine.
type bitmap []uint64

func newBitmap(rows int) bitmap { return make(bitmap, (rows+63)/64) }

// with returns b with row r, grown if need be.
func (b bitmap) with(r uint32) bitmap {
	for int(r>>6) >= len(b) {
		b = append(b, 0)
	}
	b[r>>6] |= 1 << (r & 63)
	return b
}

// set needs r to lie within the bitmap's length.
func (b bitmap) set(r uint32) { b[r>>6] |= 1 << (r & 63) }

func (b bitmap) clear(r uint32) { b[r>>6] &^= 1 << (r & 63) }

func (b bitmap) has(r uint32) bool {
	return int(r>>6) < len(b) && b[r>>6]>>(r&63)&1 == 1
}

func (b bitmap) clone() bitmap { return append(bitmap(nil), b...) }

// or adds the rows of o, which is not longer than b.
func (b bitmap) or(o bitmap) {
	for i, w := range o {
		b[i] |= w
	}
}

func (b bitmap) and(o bitmap) {
	n := min(len(b), len(o))
	for i, w := range o[:n] {
		b[i] &= w
	}
	clear(b[n:])
}

func (b bitmap) andNot(o bitmap) {
	n := min(len(b), len(o))
	for i, w := range o[:n] {
		b[i] &^= w
	}
}

func (b bitmap) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitmap) countBoth(o bitmap) int {
	n := 0
	for i, w := range o[:min(len(b), len(o))] {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}

// rows yields the rows of the set, ascending.
func (b bitmap) rows(yield func(uint32) bool) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			if !yield(uint32(i<<6 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}
