package search

import (
	"bytes"
	"hash/maphash"
)

// dictionary gives each distinct string a code, in order of arrival. All strings lie in one byte slice, so that
// a million of them are four objects to the collector. The hash is seeded: chosen words cannot slow it down.
type dictionary struct {
	seed  maphash.Seed
	text  []byte
	ends  []uint64 // ends[c] is where string c stops in text
	slots []uint32 // open addressing over a power of two; code+1, 0 is free
}

func newDictionary() *dictionary {
	return &dictionary{seed: maphash.MakeSeed(), slots: make([]uint32, 16)}
}

func (d *dictionary) len() int { return len(d.ends) }

// at returns the string of a code; the bytes belong to the dictionary.
func (d *dictionary) at(code uint32) []byte {
	start := uint64(0)
	if code > 0 {
		start = d.ends[code-1]
	}
	return d.text[start:d.ends[code]]
}

func (d *dictionary) find(s []byte) (code uint32, ok bool) {
	held := d.slots[d.slot(s)]
	return held - 1, held != 0
}

// intern returns the code of s, giving it one if it has none.
func (d *dictionary) intern(s []byte) uint32 {
	slot := d.slot(s)
	if held := d.slots[slot]; held != 0 {
		return held - 1
	}
	d.text = append(d.text, s...)
	d.ends = append(d.ends, uint64(len(d.text)))
	d.slots[slot] = uint32(len(d.ends))
	if len(d.ends)*4 > len(d.slots)*3 {
		d.widen()
	}
	return uint32(len(d.ends) - 1)
}

// slot is where s stands, or the free place where it would.
func (d *dictionary) slot(s []byte) int {
	mask := len(d.slots) - 1
	i := int(maphash.Bytes(d.seed, s)) & mask
	for d.slots[i] != 0 && !bytes.Equal(d.at(d.slots[i]-1), s) {
		i = (i + 1) & mask
	}
	return i
}

func (d *dictionary) widen() {
	d.slots = make([]uint32, 2*len(d.slots))
	mask := len(d.slots) - 1
	for code := range d.ends {
		i := int(maphash.Bytes(d.seed, d.at(uint32(code)))) & mask
		for d.slots[i] != 0 {
			i = (i + 1) & mask
		}
		d.slots[i] = uint32(code + 1)
	}
}
