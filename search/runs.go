package search

import (
	"bytes"
	"slices"
)

// runs keeps the codes of a dictionary in the order of their strings, for prefixes. New codes stand unsorted until
// there are tailSize of them; then they become a sorted run, and runs of like length are merged, so that there are few.
type runs struct {
	sorted [][]uint32
	done   uint32 // codes below it are in a run
}

const tailSize = 1024

// grow takes note that the dictionary may have grown.
func (r *runs) grow(d *dictionary) {
	if uint32(d.len())-r.done < tailSize {
		return
	}
	run := make([]uint32, 0, tailSize)
	for ; r.done < uint32(d.len()); r.done++ {
		run = append(run, r.done)
	}
	slices.SortFunc(run, func(a, b uint32) int { return bytes.Compare(d.at(a), d.at(b)) })
	for n := len(r.sorted); n > 0 && len(r.sorted[n-1]) <= 2*len(run); n-- {
		run = merge(d, r.sorted[n-1], run)
		r.sorted = r.sorted[:n-1]
	}
	r.sorted = append(r.sorted, run)
}

func merge(d *dictionary, a, b []uint32) []uint32 {
	out := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if bytes.Compare(d.at(a[0]), d.at(b[0])) < 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// prefixed returns the codes of the strings that begin with the prefix, in no order.
func (r *runs) prefixed(d *dictionary, prefix []byte) []uint32 {
	var found []uint32
	for _, run := range r.sorted {
		from, _ := slices.BinarySearchFunc(run, prefix, func(code uint32, p []byte) int { return bytes.Compare(d.at(code), p) })
		for _, code := range run[from:] {
			if !bytes.HasPrefix(d.at(code), prefix) {
				break
			}
			found = append(found, code)
		}
	}
	for code := r.done; code < uint32(d.len()); code++ {
		if bytes.HasPrefix(d.at(code), prefix) {
			found = append(found, code)
		}
	}
	return found
}
