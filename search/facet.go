package search

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// Count is a facet's value or a completed word with the number of documents that have it.
// As a facet's value, "" counts the documents that have no value in that column.
type Count struct {
	Value string
	Docs  int
}

// byCount orders counts: most documents first, then by value.
func byCount(a, b Count) int {
	return cmp.Or(cmp.Compare(b.Docs, a.Docs), cmp.Compare(a.Value, b.Value))
}

// facet is one coded column. Each distinct set of values has a code, so a row costs one number however many values
// it has, and set 0 is the empty one. Sets are few where values are few, which is what a facet is for.
type facet struct {
	values   *dictionary
	sets     *dictionary // key: the value codes, ascending, four bytes each
	members  [][]uint32  // value codes by set
	column   []uint32    // set by row
	postings []posting   // rows by set
	live     []uint32    // rows that are not dead, by set
}

func newFacet() *facet {
	f := &facet{values: newDictionary(), sets: newDictionary()}
	f.setOf(nil)
	return f
}

// setOf returns the code of the set of value codes, which it sorts in place; it holds no code twice.
func (f *facet) setOf(codes []uint32) uint32 {
	slices.Sort(codes)
	var room [64]byte
	key := room[:0]
	for _, code := range codes {
		key = binary.LittleEndian.AppendUint32(key, code)
	}
	set := f.sets.intern(key)
	if int(set) == len(f.members) {
		f.members = append(f.members, slices.Clone(codes))
		f.postings = append(f.postings, posting{})
		f.live = append(f.live, 0)
	}
	return set
}

// codes returns the codes of the values, each once and without the blank one.
func (f *facet) codes(values []string) []uint32 {
	var codes []uint32
	for _, value := range values {
		if value == "" {
			continue
		}
		if code := f.values.intern([]byte(value)); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// adopt returns the code here of a set of another facet.
func (f *facet) adopt(other *facet, set uint32) uint32 {
	var codes []uint32
	for _, code := range other.members[set] {
		codes = append(codes, f.values.intern(other.values.at(code)))
	}
	return f.setOf(codes)
}

func (f *facet) add(set uint32) {
	f.postings[set].add(uint32(len(f.column)))
	f.live[set]++
	f.column = append(f.column, set)
}

func (f *facet) remove(row uint32) { f.live[f.column[row]]-- }

// having returns the sets that hold any of the values; "" asks for the empty set.
func (f *facet) having(anyOf []string) []uint32 {
	wanted := make([]bool, f.values.len())
	chosen := make([]bool, len(f.members))
	for _, value := range anyOf {
		if value == "" {
			chosen[0] = true
		} else if code, ok := f.values.find([]byte(value)); ok {
			wanted[code] = true
		}
	}
	var sets []uint32
	for set, members := range f.members {
		if chosen[set] || slices.ContainsFunc(members, func(code uint32) bool { return wanted[code] }) {
			sets = append(sets, uint32(set))
		}
	}
	return sets
}

// counts counts the values among the rows; whole says that they are all rows that live.
func (f *facet) counts(rows bitmap, whole bool) []Count {
	bySet := f.live
	if !whole {
		bySet = f.tally(rows)
	}
	byValue := make([]int, f.values.len())
	for set, n := range bySet {
		for _, code := range f.members[set] {
			byValue[code] += int(n)
		}
	}
	var counts []Count
	if bySet[0] > 0 {
		counts = append(counts, Count{Docs: int(bySet[0])})
	}
	for code, n := range byValue {
		if n > 0 {
			counts = append(counts, Count{Value: string(f.values.at(uint32(code))), Docs: n})
		}
	}
	slices.SortFunc(counts, byCount)
	return counts
}

// tally counts the rows by set. Even and odd rows of a full word go to two arrays, so that neighbours
// with the same set do not wait for each other.
func (f *facet) tally(rows bitmap) []uint32 {
	n := len(f.members)
	even := make([]uint32, n)
	odd := make([]uint32, n)
	for i, w := range rows {
		if w == ^uint64(0) {
			for block := f.column[i<<6 : i<<6+64]; len(block) >= 2; block = block[2:] {
				even[block[0]]++
				odd[block[1]]++
			}
			continue
		}
		for ; w != 0; w &= w - 1 {
			even[f.column[i<<6+bits.TrailingZeros64(w)]]++
		}
	}
	for set, more := range odd {
		even[set] += more
	}
	return even
}
