package search

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// hit is a row with what orders it. Larger keys come first; ties go to the larger second key (the schema's order),
// then to a hash of the id, which is the same in every run and for every order of arrival.
type hit struct {
	key, second int64
	tie         uint64
	row         uint32
}

func byOrder(a, b hit) int {
	return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(b.second, a.second), cmp.Compare(b.tie, a.tie), cmp.Compare(b.row, a.row))
}

// ranking gives rows their hits. A nil column leaves its key 0.
type ranking struct {
	column, second []int64
	ties           []uint64
	desc           bool
}

// key turns a column's value into one whose larger comes first, and keeps Missing last in both directions.
func (r *ranking) key(row uint32) int64 {
	if r.column == nil {
		return 0
	}
	v := r.column[row]
	if !r.desc && v != Missing {
		return ^v
	}
	return v
}

// secondKey is looked up only for rows whose key is good enough, and the tie only where both are.
func (r *ranking) secondKey(row uint32) int64 {
	if r.second == nil {
		return 0
	}
	return r.second[row]
}

// page returns the rows from offset on, at most limit, in order. It keeps no more than twice offset+limit hits, and
// sorts only the page.
func (r *ranking) page(rows bitmap, total, offset, limit int) []uint32 {
	if offset >= total || limit == 0 {
		return nil
	}
	best := r.best(rows, min(limit, total-offset)+offset)
	selectFirst(best, offset)
	best = best[offset:]
	slices.SortFunc(best, byOrder)
	page := make([]uint32, len(best))
	for i, h := range best {
		page[i] = h.row
	}
	return page
}

// best returns the first keep hits in no order. There are at least so many rows, and keep is not 0.
func (r *ranking) best(rows bitmap, keep int) []hit {
	room := 2*keep + 64
	hits := make([]hit, 0, min(room, 1<<16))
	full, floor := false, hit{}
	for i, w := range rows {
		if full && bits.OnesCount64(w) >= crowd {
			w &= r.reaching(i<<6, floor.key)
		}
		for ; w != 0; w &= w - 1 {
			row := uint32(i<<6 + bits.TrailingZeros64(w))
			key := r.key(row)
			if full && key < floor.key {
				continue
			}
			second := r.secondKey(row)
			if full && key == floor.key && second < floor.second {
				continue
			}
			hits = append(hits, hit{key, second, r.ties[row], row})
			if len(hits) == room {
				selectFirst(hits, keep)
				hits = hits[:keep]
				full, floor = true, slices.MaxFunc(hits, byOrder)
			}
		}
	}
	selectFirst(hits, keep)
	return hits[:keep]
}

// reaching is those of 64 rows that have the key or a larger one.
func (r *ranking) reaching(from int, key int64) uint64 {
	if from+64 > len(r.column) || key == Missing {
		return ^uint64(0)
	}
	low, high := key, int64(math.MaxInt64)
	if !r.desc {
		low, high = Missing+1, ^key
	}
	return inside(r.column[from:from+64], low, uint64(high)-uint64(low))
}

// selectFirst moves the first n hits in order to the front, in no order among themselves (quickselect, random pivots).
func selectFirst(hits []hit, n int) {
	for n > 0 && n < len(hits) {
		cut := partition(hits)
		switch {
		case n == cut || n == cut+1:
			return
		case n < cut:
			hits = hits[:cut]
		default:
			hits, n = hits[cut+1:], n-cut-1
		}
	}
}

// partition puts a random hit where it belongs, with what comes before it on the left, and returns its place.
func partition(hits []hit) int {
	last := len(hits) - 1
	pick := rand.IntN(len(hits))
	hits[pick], hits[last] = hits[last], hits[pick]
	pivot, place := hits[last], 0
	for i := range last {
		if byOrder(hits[i], pivot) < 0 {
			hits[i], hits[place] = hits[place], hits[i]
			place++
		}
	}
	hits[place], hits[last] = hits[last], hits[place]
	return place
}
