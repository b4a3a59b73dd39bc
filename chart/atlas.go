package chart

import (
	_ "embed"
	"encoding/json"
	"math"
	"sort"
	"sync"
)

// Point is a place in degrees.
type Point struct{ Lon, Lat float64 }

// Shape is the outline of a State: closed rings, islands and holes alike (what an odd number of rings surrounds is
// land). A ring across the date line goes on beyond 180 degrees rather than jump. Code is ISO 3166-1 alpha-3, XKX for Kosovo, XAA to XJZ for invented States, "" for land that no outline holds.
type Shape struct {
	Code  string
	Rings [][]Point
}

// Atlas is a set of outlines and the borders among them that are in dispute or not settled.
//
// An outline here asserts nothing. The country of an incident is what its source says, never what a map says.
type Atlas struct {
	Shapes   []Shape // by code
	Disputed [][]Point
}

//go:embed atlas/world.json
var worldFile []byte

//go:embed atlas/detail.json
var detailFile []byte

//go:embed atlas/invented.json
var inventedFile []byte

var (
	world    = sync.OnceValue(func() *Atlas { return parse(worldFile) })
	detail   = sync.OnceValue(func() *Atlas { return parse(detailFile) })
	invented = sync.OnceValue(func() *Atlas { return parse(inventedFile) })
)

// World has the outlines of all States and territories but Antarctica, simplified for a map of the whole world.
// Callers must not change it; the same holds for Detail and Invented.
func World() *Atlas { return world() }

// Detail has the same outlines, close enough for a map of one State.
func Detail() *Atlas { return detail() }

// Invented has the eight invented States XAA to XAH, on a continent between -20..20 east and -15..15 north.
func Invented() *Atlas { return invented() }

// parse reads the compact form that chart/gen writes. A damaged file gives an atlas without shapes; a test rules it out.
func parse(b []byte) *Atlas {
	var file struct {
		Disputed []int
		Shapes   map[string][][]int
		Arcs     []string
	}
	a := &Atlas{}
	if json.Unmarshal(b, &file) != nil {
		return a
	}
	arcs := make([][]Point, len(file.Arcs))
	for i, s := range file.Arcs {
		arcs[i] = decode(s)
	}
	for code, rings := range file.Shapes {
		s := Shape{Code: code}
		for _, refs := range rings {
			s.Rings = append(s.Rings, ring(arcs, refs))
		}
		a.Shapes = append(a.Shapes, s)
	}
	sort.Slice(a.Shapes, func(i, j int) bool { return a.Shapes[i].Code < a.Shapes[j].Code })
	for _, d := range file.Disputed {
		a.Disputed = append(a.Disputed, arcs[d])
	}
	return a
}

// decode reads an encoded polyline: zigzag deltas of thousandths of a degree, five bits a character, lowest first.
func decode(s string) []Point {
	var out []Point
	var xy [2]int
	for i, n := 0, 0; i < len(s); n++ {
		var u, shift uint
		for ; i < len(s); shift += 5 {
			c := uint(s[i]) - 63
			i++
			u |= c & 31 << shift
			if c < 32 {
				break
			}
		}
		d := int(u >> 1)
		if u&1 == 1 {
			d = ^d
		}
		xy[n%2] += d
		if n%2 == 1 {
			out = append(out, Point{float64(xy[0]) / 1000, float64(xy[1]) / 1000})
		}
	}
	return out
}

// ring strings arcs together; ^n is arc n backwards.
func ring(arcs [][]Point, refs []int) []Point {
	var out []Point
	for _, ref := range refs {
		n, back := ref, ref < 0
		if back {
			n = ^ref
		}
		a := arcs[n]
		for i := range a {
			p := a[i]
			if back {
				p = a[len(a)-1-i]
			}
			if len(out) > 0 {
				p.Lon += 360 * math.Round((out[len(out)-1].Lon-p.Lon)/360)
			}
			if i > 0 || len(out) == 0 {
				out = append(out, p)
			}
		}
	}
	return out
}

// Shape finds the outline of a State.
func (a *Atlas) Shape(code string) (Shape, bool) {
	i := sort.Search(len(a.Shapes), func(i int) bool { return a.Shapes[i].Code >= code })
	if i < len(a.Shapes) && a.Shapes[i].Code == code {
		return a.Shapes[i], true
	}
	return Shape{}, false
}

// At tells in whose outline a point lies, "" for none.
func (a *Atlas) At(p Point) string {
	for _, s := range a.Shapes {
		if s.Holds(p) {
			return s.Code
		}
	}
	return ""
}

// Holds reports whether the point lies on the shape's land.
func (s Shape) Holds(p Point) bool {
	in := false
	for _, r := range s.Rings {
		for _, turn := range []float64{-360, 0, 360} {
			if crosses(r, Point{p.Lon + turn, p.Lat}) {
				in = !in
			}
		}
	}
	return in
}

// crosses counts whether a line from p to the east meets the ring an odd number of times.
func crosses(r []Point, p Point) bool {
	odd := false
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		a, b := r[i], r[j]
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && p.Lon < (b.Lon-a.Lon)*(p.Lat-a.Lat)/(b.Lat-a.Lat)+a.Lon {
			odd = !odd
		}
	}
	return odd
}

// ringArea is the area of a ring in square degrees of the equator.
func ringArea(r []Point) float64 {
	sum := 0.0
	for i := range r {
		p, q := r[i], r[(i+1)%len(r)]
		sum += (q.Lon - p.Lon) * (math.Sin(p.Lat*rad) + math.Sin(q.Lat*rad)) / 2 / rad
	}
	return math.Abs(sum)
}

// mainRings are the rings a map of the State has to show: the largest, those near it, and those of at least a quarter
// of its size. Remote islands are drawn only where they fall into the picture.
func (s Shape) mainRings() [][]Point {
	best, at := 0.0, 0
	for i, r := range s.Rings {
		if a := ringArea(r); a > best {
			best, at = a, i
		}
	}
	if len(s.Rings) == 0 {
		return nil
	}
	heart := centre(s.Rings[at : at+1])
	reach := 0.0
	for _, p := range s.Rings[at] {
		reach = max(reach, heart.distance(p))
	}
	out := [][]Point{s.Rings[at]}
	for i, r := range s.Rings {
		if i != at && (ringArea(r) >= best/4 || heart.distance(centre([][]Point{r})) < 1.8*reach) {
			out = append(out, r)
		}
	}
	return out
}
