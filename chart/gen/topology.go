//go:build ignore

// Part of both generators: arcs, their simplification, and the compact file that package chart reads.
package main

import (
	"container/heap"
	"encoding/json"
	"math"
	"os"
	"sort"
)

// point is longitude and latitude in degrees.
type point struct{ x, y float64 }

// topology holds each shared line once. A ring lists arc numbers; ^n is arc n walked backwards.
type topology struct {
	arcs     [][]point
	shapes   map[string][][]int
	disputed []int
}

// file is the committed form: arcs are encoded polylines (zigzag deltas in base 32, five bits a character) of
// thousandths of a degree, longitude first.
type file struct {
	Note     string             `json:"note"`
	Disputed []int              `json:"disputed"`
	Shapes   map[string][][]int `json:"shapes"`
	Arcs     []string           `json:"arcs"`
}

func (t *topology) write(path, note string) error {
	out := file{Note: note, Disputed: t.disputed, Shapes: t.shapes, Arcs: make([]string, len(t.arcs))}
	for i, a := range t.arcs {
		out.Arcs[i] = encode(a)
	}
	b, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

func encode(a []point) string {
	var b []byte
	var px, py int
	for i, p := range a {
		x, y := int(math.Round(p.x*1000)), int(math.Round(p.y*1000))
		if i > 0 && x == px && y == py {
			continue
		}
		b = appendDelta(appendDelta(b, x-px), y-py)
		px, py = x, y
	}
	return string(b)
}

func appendDelta(b []byte, d int) []byte {
	u := uint(d) << 1
	if d < 0 {
		u = ^u
	}
	for u >= 32 {
		b = append(b, byte(u&31|32)+63)
		u >>= 5
	}
	return append(b, byte(u)+63)
}

func (t *topology) ring(refs []int) []point {
	var out []point
	for _, r := range refs {
		a := t.arc(r)
		if len(out) > 0 {
			a = a[1:]
		}
		out = append(out, a...)
	}
	return out
}

func (t *topology) arc(ref int) []point {
	if ref >= 0 {
		return t.arcs[ref]
	}
	a := t.arcs[^ref]
	r := make([]point, len(a))
	for i, p := range a {
		r[len(a)-1-i] = p
	}
	return r
}

// area is the unsigned area in square degrees of the equator.
func area(r []point) float64 {
	s := 0.0
	for i := range r {
		p, q := r[i], r[(i+1)%len(r)]
		s += (q.x - p.x) * (sine(p.y) + sine(q.y)) / 2
	}
	return math.Abs(s)
}

// sine makes latitude equal-area: its slope is one degree per degree at the equator.
func sine(lat float64) float64 { return math.Sin(lat*math.Pi/180) * 180 / math.Pi }

// simplify drops, arc by arc, every inner point whose triangle is under the tolerance, smallest first
// (Visvalingam and Whyatt). Ends stay, so neighbours keep sharing their line; a closed arc keeps four points. The
// arcs of shapes under the given area stay whole: they have no point to spare.
func (t *topology) simplify(tolerance, least float64) {
	whole := map[int]bool{}
	for _, rings := range t.shapes {
		largest := 0.0
		for _, r := range rings {
			largest = max(largest, area(t.ring(r)))
		}
		for _, r := range rings {
			for _, ref := range r {
				whole[plain(ref)] = whole[plain(ref)] || largest < least
			}
		}
	}
	for i, a := range t.arcs {
		if !whole[i] {
			t.arcs[i] = thin(a, tolerance)
		}
	}
}

// mend drops the rings that the source's rounding has made a line or a point; a State that had nothing else gets a
// diamond of some hundred metres, so that it exists.
func (t *topology) mend() {
	for code, rings := range t.shapes {
		var keep [][]int
		for _, r := range rings {
			if area(t.ring(r)) > 0 {
				keep = append(keep, r)
			}
		}
		if len(keep) == 0 {
			p, d := t.ring(rings[0])[0], 0.004
			keep = [][]int{{len(t.arcs)}}
			t.arcs = append(t.arcs, []point{{p.x - d, p.y}, {p.x, p.y + d}, {p.x + d, p.y}, {p.x, p.y - d}, {p.x - d, p.y}})
		}
		t.shapes[code] = keep
	}
}

type vertex struct {
	at, prev, next, pos int
	area                float64
}

type queue []*vertex

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].area < q[j].area || q[i].area == q[j].area && q[i].at < q[j].at
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i]; q[i].pos, q[j].pos = i, j }
func (q *queue) Push(v any)   { *q = append(*q, v.(*vertex)) }
func (q *queue) Pop() any     { o := *q; v := o[len(o)-1]; *q = o[:len(o)-1]; return v }

func thin(a []point, tolerance float64) []point {
	least := 2
	if len(a) > 0 && a[0] == a[len(a)-1] {
		least = 4
	}
	if len(a) <= least {
		return a
	}
	vs := make([]*vertex, len(a))
	q := queue{}
	for i := range a {
		vs[i] = &vertex{at: i, prev: i - 1, next: i + 1}
		if i > 0 && i < len(a)-1 {
			vs[i].area, vs[i].pos = area([]point{a[i-1], a[i], a[i+1]}), len(q)
			q = append(q, vs[i])
		}
	}
	heap.Init(&q)
	kept := len(a)
	for q.Len() > 0 && kept > least && q[0].area < tolerance {
		v := heap.Pop(&q).(*vertex)
		kept--
		vs[v.prev].next, vs[v.next].prev = v.next, v.prev
		for _, n := range []int{v.prev, v.next} {
			if w := vs[n]; n > 0 && n < len(a)-1 {
				w.area = max(v.area, area([]point{a[w.prev], a[n], a[w.next]}))
				heap.Fix(&q, w.pos)
			}
		}
	}
	out := []point{}
	for i := 0; i < len(a); i = vs[i].next {
		out = append(out, a[i])
	}
	return out
}

// dropSmall removes islands and lakes under the given area, except the largest ring of each shape, and then arcs
// nobody uses. A ring of several arcs borders on another shape and stays unless it is
// tiny, also beside its own State: the Gaza Strip stays.
func (t *topology) dropSmall(least float64) {
	used := map[int]bool{}
	for code, rings := range t.shapes {
		sort.SliceStable(rings, func(i, j int) bool { return area(t.ring(rings[i])) > area(t.ring(rings[j])) })
		keep, largest := rings[:1], area(t.ring(rings[0]))
		for _, r := range rings[1:] {
			if a := area(t.ring(r)); a >= least || len(r) > 1 && (a >= least/10 || a >= largest/50) {
				keep = append(keep, r)
			}
		}
		t.shapes[code] = keep
		for _, r := range keep {
			for _, ref := range r {
				used[plain(ref)] = true
			}
		}
	}
	t.renumber(used)
}

func plain(ref int) int {
	if ref < 0 {
		return ^ref
	}
	return ref
}

func (t *topology) renumber(used map[int]bool) {
	to := make([]int, len(t.arcs))
	var arcs [][]point
	for i, a := range t.arcs {
		to[i] = len(arcs)
		if used[i] {
			arcs = append(arcs, a)
		}
	}
	move := func(ref int) int {
		if ref < 0 {
			return ^to[^ref]
		}
		return to[ref]
	}
	for _, rings := range t.shapes {
		for _, r := range rings {
			for i := range r {
				r[i] = move(r[i])
			}
		}
	}
	var disputed []int
	for _, d := range t.disputed {
		if used[d] {
			disputed = append(disputed, to[d])
		}
	}
	t.arcs, t.disputed = arcs, disputed
}

func (t *topology) clone() *topology {
	c := &topology{arcs: append([][]point{}, t.arcs...), shapes: map[string][][]int{}, disputed: append([]int{}, t.disputed...)}
	for code, rings := range t.shapes {
		for _, r := range rings {
			c.shapes[code] = append(c.shapes[code], append([]int{}, r...))
		}
	}
	return c
}

func (t *topology) points() int {
	n := 0
	for _, a := range t.arcs {
		n += len(a)
	}
	return n
}
