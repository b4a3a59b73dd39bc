//go:build ignore

// Generates atlas/invented.json: the outlines of eight invented States, XAA to XAH, on one invented continent with
// islands, for demonstrations and simulations. No outline copies a real coast. The seed fixes every line:
//
//	cd chart && go run gen/invented.go gen/topology.go
package main

import (
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"sort"
)

const (
	step          = 0.125 // degrees between grid points
	columns, rows = 320, 240
	seed          = 20230507
)

// capitals are where the States grow from; the last number is how far one reaches beyond its neighbours.
var capitals = []struct{ x, y, reach float64 }{
	{-11, 5.5, 0.5}, {-3.5, 7, 0}, {5.5, 6.8, 1.2}, {12.5, 3.5, 0}, {-8.5, -3, 0.4}, {0.2, -0.6, 1}, {7.6, -4.4, 0}, {2, -8.4, -0.6},
}

func main() {
	cells := grow()
	t := trace(cells)
	ends := map[point]int{}
	for _, a := range t.arcs {
		ends[a[0]]++
		ends[a[len(a)-1]]++
	}
	for i, a := range t.arcs {
		t.arcs[i] = smooth(a, a[0] == a[len(a)-1] && ends[a[0]] == 2)
	}
	t.dropSmall(0.18)
	t.simplify(0.003, 0)
	t.disputed = shared(t, "XAC", "XAD")
	if err := t.write("atlas/invented.json", "Invented States; made by chart/gen/invented.go"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(t.shapes), "shapes", len(t.arcs), "arcs", t.points(), "points")
	for code, rings := range t.shapes {
		fmt.Println(code, len(rings), "rings", math.Round(area(t.ring(rings[0]))))
	}
}

// grow labels every grid cell: 0 sea, 1..8 a State.
func grow() [][]int {
	n := newNoise()
	cells := make([][]int, rows)
	for r := range cells {
		cells[r] = make([]int, columns)
		for c := range cells[r] {
			x, y := -20+(float64(c)+0.5)*step, -15+(float64(r)+0.5)*step
			wx, wy := x+2.4*n.at(x/4, y/4, 5), y+2.4*n.at(x/4+50, y/4+50, 5)
			if land(n, x, y) {
				cells[r][c] = nearest(wx, wy)
			}
		}
	}
	return cells
}

// land is a lopsided oval roughened at every scale, with a gulf in the south-west and an archipelago in the east.
func land(n *noise, x, y float64) bool {
	oval := 1 - math.Hypot(x/14.5, (y+0.4*math.Sin(x/4))/10.5)
	gulf := 1.1 * math.Exp(-(math.Pow((x+5.2)/2.6, 2) + math.Pow((y+10.5)/5, 2)))
	bay := 0.7 * math.Exp(-(math.Pow((x-1)/2.2, 2) + math.Pow((y-11.5)/3, 2)))
	isles := 0.45 * math.Exp(-(math.Pow((x-15)/2.6, 2) + math.Pow((y+6)/3.4, 2)))
	edge := min(20-math.Abs(x), 15-math.Abs(y))
	return oval+isles-gulf-bay+0.66*n.at(x/5.5+9, y/5.5-3, 6) > 0.02 && edge > 0.7
}

func nearest(x, y float64) int {
	best, at := math.Inf(1), 0
	for i, c := range capitals {
		if d := math.Hypot(x-c.x, y-c.y) - c.reach; d < best {
			best, at = d, i+1
		}
	}
	return at
}

// noise is value noise summed over octaves, about -1..1.
type noise struct{ grid [256][256]float64 }

func newNoise() *noise {
	n, rng := &noise{}, rand.New(rand.NewPCG(seed, 1))
	for i := range n.grid {
		for j := range n.grid[i] {
			n.grid[i][j] = rng.Float64()*2 - 1
		}
	}
	return n
}

func (n *noise) at(x, y float64, octaves int) float64 {
	sum, weight := 0.0, 0.5
	for range octaves {
		sum += weight * n.one(x, y)
		x, y, weight = x*2.03+17, y*2.03+31, weight*0.62
	}
	return sum
}

func (n *noise) one(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	i, j := int(fx), int(fy)
	u, v := ease(x-fx), ease(y-fy)
	g := func(a, b int) float64 { return n.grid[a&255][b&255] }
	top, bottom := g(i, j)*(1-u)+g(i+1, j)*u, g(i, j+1)*(1-u)+g(i+1, j+1)*u
	return top*(1-v) + bottom*v
}

func ease(t float64) float64 { return t * t * t * (t*(t*6-15) + 10) }

type node struct{ c, r int }

// edge is one side of a cell with the labels on its two sides, in a fixed order.
type edge struct{ from, to node }

// trace turns labelled cells into arcs between the points where three regions meet, and rings of arcs.
func trace(cells [][]int) *topology {
	label := func(c, r int) int {
		if c < 0 || r < 0 || c >= columns || r >= rows {
			return 0
		}
		return cells[r][c]
	}
	next := map[node][]node{}
	join := func(a, b node) { next[a], next[b] = append(next[a], b), append(next[b], a) }
	for r := 0; r <= rows; r++ {
		for c := 0; c <= columns; c++ {
			if label(c-1, r) != label(c, r) {
				join(node{c, r}, node{c, r + 1})
			}
			if label(c, r-1) != label(c, r) {
				join(node{c, r}, node{c + 1, r})
			}
		}
	}
	t := &topology{shapes: map[string][][]int{}}
	t.assemble(walk(t, next), label)
	return t
}

// walk makes arcs and tells, for each directed grid edge that begins one, its arc reference.
func walk(t *topology, next map[node][]node) map[edge]int {
	starts := map[edge]int{}
	done := map[edge]bool{}
	follow := func(a, b node) {
		if done[edge{a, b}] {
			return
		}
		path := []node{a, b}
		done[edge{a, b}], done[edge{b, a}] = true, true
		for b != path[0] && len(next[b]) == 2 {
			to := next[b][0]
			if to == path[len(path)-2] {
				to = next[b][1]
			}
			path, b = append(path, to), to
			done[edge{path[len(path)-2], b}], done[edge{b, path[len(path)-2]}] = true, true
		}
		starts[edge{path[0], path[1]}] = len(t.arcs)
		starts[edge{path[len(path)-1], path[len(path)-2]}] = ^len(t.arcs)
		t.arcs = append(t.arcs, degrees(path))
	}
	for _, corners := range []bool{true, false} { // loops without a corner come last
		for _, a := range sorted(next) {
			if corners == (len(next[a]) != 2) {
				for _, b := range next[a] {
					follow(a, b)
				}
			}
		}
	}
	return starts
}

func sorted(next map[node][]node) []node {
	out := make([]node, 0, len(next))
	for a := range next {
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].r < out[j].r || out[i].r == out[j].r && out[i].c < out[j].c })
	return out
}

func degrees(path []node) []point {
	out := make([]point, len(path))
	for i, n := range path {
		out[i] = point{-20 + float64(n.c)*step, -15 + float64(n.r)*step}
	}
	return out
}

// half is one arc as the border of the State on its left.
type half struct{ label, ref int }

// assemble strings the arcs that have a State on their left into rings of that State.
func (t *topology) assemble(starts map[edge]int, label func(c, r int) int) {
	from := map[point][]half{}
	var halves []half
	for e, ref := range starts {
		if l := left(e, label); l != 0 {
			halves = append(halves, half{l, ref})
		}
	}
	sort.Slice(halves, func(i, j int) bool {
		return halves[i].label < halves[j].label || halves[i].label == halves[j].label && halves[i].ref < halves[j].ref
	})
	for _, h := range halves {
		p := t.arc(h.ref)[0]
		from[p] = append(from[p], h)
	}
	used := map[half]bool{}
	for _, h := range halves {
		var ring []int
		for ok := !used[h]; ok; {
			used[h] = true
			ring = append(ring, h.ref)
			a := t.arc(h.ref)
			h, ok = unused(from[a[len(a)-1]], h.label, used)
		}
		if len(ring) > 0 {
			code := fmt.Sprintf("XA%c", 'A'+h.label-1)
			t.shapes[code] = append(t.shapes[code], ring)
		}
	}
}

func unused(options []half, label int, used map[half]bool) (half, bool) {
	for _, o := range options {
		if o.label == label && !used[o] {
			return o, true
		}
	}
	return half{label: label}, false
}

// left is the label of the cell on the left of a directed grid edge (rows count northward).
func left(e edge, label func(c, r int) int) int {
	switch {
	case e.to.c > e.from.c:
		return label(e.from.c, e.from.r)
	case e.to.c < e.from.c:
		return label(e.to.c, e.from.r-1)
	case e.to.r > e.from.r:
		return label(e.from.c-1, e.from.r)
	}
	return label(e.from.c, e.to.r)
}

// smooth rounds the stairs of the grid off; ends stay, a loop that touches no other line is rounded all the way.
func smooth(a []point, loop bool) []point {
	for range 2 {
		b := append([]point{}, a...)
		for i := 1; i < len(a)-1; i++ {
			b[i] = mean(a[i-1], a[i], a[i+1])
		}
		if loop && len(a) > 3 {
			b[0] = mean(a[len(a)-2], a[0], a[1])
			b[len(b)-1] = b[0]
		}
		a = b
	}
	return a
}

func mean(p, q, r point) point { return point{(p.x + 2*q.x + r.x) / 4, (p.y + 2*q.y + r.y) / 4} }

// shared lists the arcs that two States have in common.
func shared(t *topology, a, b string) []int {
	mine := map[int]bool{}
	for _, r := range t.shapes[a] {
		for _, ref := range r {
			mine[plain(ref)] = true
		}
	}
	var out []int
	for _, r := range t.shapes[b] {
		for _, ref := range r {
			if mine[plain(ref)] {
				out = append(out, plain(ref))
			}
		}
	}
	return out
}
