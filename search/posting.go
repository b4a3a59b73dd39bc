package search

import "encoding/binary"

// posting is the ascending rows of one word or of one set of facet values. One row, the case of most words, needs
// no more than the struct; more rows are stored as gaps of variable length until a bitmap would be no larger.
type posting struct {
	n    uint32 // how many rows, dead ones included
	last uint32
	body *body // nil while n < 2
}

// body holds the rows in one of two forms; the other is nil.
type body struct {
	gaps []byte
	bits bitmap
}

// smallest number of gap bytes that is worth a bitmap
const denseFrom = 512

// add appends a row that is not below the last one; the last one again changes nothing.
func (p *posting) add(row uint32) {
	switch {
	case p.n == 0:
		p.n, p.last = 1, row
		return
	case row == p.last:
		return
	case p.body == nil:
		p.body = &body{gaps: binary.AppendUvarint(nil, uint64(p.last))}
	}
	p.n++
	if p.body.bits != nil {
		p.body.bits = p.body.bits.with(row)
	} else {
		p.body.gaps = binary.AppendUvarint(p.body.gaps, uint64(row-p.last))
		p.body.thicken(row)
	}
	p.last = row
}

// thicken turns gaps into a bitmap once they take more room than one that reaches to the row would.
func (b *body) thicken(row uint32) {
	if len(b.gaps) < denseFrom || len(b.gaps) < int(row/8) {
		return
	}
	b.bits = newBitmap(int(row) + 1)
	for r := range b.sparse {
		b.bits.set(r)
	}
	b.gaps = nil
}

// sparse yields the rows stored as gaps.
func (b *body) sparse(yield func(uint32) bool) {
	row := uint32(0)
	for i := 0; i < len(b.gaps); {
		gap := uint32(b.gaps[i])
		i++
		if gap >= 0x80 {
			gap &= 0x7f
			for shift := 7; ; shift += 7 {
				c := b.gaps[i]
				i++
				gap |= uint32(c&0x7f) << shift
				if c < 0x80 {
					break
				}
			}
		}
		row += gap
		if !yield(row) {
			return
		}
	}
}

func (p *posting) dense() bool { return p.body != nil && p.body.bits != nil }

// rows yields the rows of a posting that is not a bitmap.
func (p *posting) rows(yield func(uint32) bool) {
	switch {
	case p.n == 1:
		yield(p.last)
	case p.n > 1:
		p.body.sparse(yield)
	}
}

// addTo puts the rows into b, which is long enough for all of them.
func (p *posting) addTo(b bitmap) {
	if p.dense() {
		b.or(p.body.bits)
		return
	}
	for r := range p.rows {
		b.set(r)
	}
}

// countIn counts the rows that are in b.
func (p *posting) countIn(b bitmap) int {
	if p.dense() {
		return b.countBoth(p.body.bits)
	}
	n := 0
	for r := range p.rows {
		if b.has(r) {
			n++
		}
	}
	return n
}

// narrow leaves in b only the rows of the posting.
func (p *posting) narrow(b bitmap) {
	if p.dense() {
		b.and(p.body.bits)
		return
	}
	at, kept := uint32(0), uint64(0) // the word of b that rows stand in, and those of its rows that stay
	for r := range p.rows {
		if word := r >> 6; word != at {
			b[at] &= kept
			clear(b[at+1 : word])
			at, kept = word, 0
		}
		kept |= 1 << (r & 63)
	}
	if len(b) > 0 {
		b[at] &= kept
		clear(b[at+1:])
	}
}

// remove takes the rows of the posting out of b.
func (p *posting) remove(b bitmap) {
	if p.dense() {
		b.andNot(p.body.bits)
		return
	}
	for r := range p.rows {
		b.clear(r)
	}
}

// narrow leaves in b only the rows of any of the postings.
func narrow(b bitmap, postings []posting, codes []uint32) {
	if len(codes) == 1 {
		postings[codes[0]].narrow(b)
		return
	}
	union := make(bitmap, len(b))
	for _, code := range codes {
		postings[code].addTo(union)
	}
	b.and(union)
}
