package chart

import (
	"html/template"
	"math"
	"sort"
)

// Place is a circle on a map of one State; its area grows with the value.
type Place struct {
	Point
	Name  string
	Value int64
	Text  string // the value in words; "" writes Value
	Class string // colour class, "" for the page's accent
	Href  string
	Vague bool // known to the province or the State only: drawn with a broken edge
}

// StateMap shows one State, its neighbours faintly, and places in it. Without an outline for the code the places
// alone decide what is shown.
type StateMap struct {
	Frame
	Title      string
	Code       string
	Atlas      *Atlas  // nil is Detail
	Shapes     []Shape // further outlines
	Places     []Place
	Width      float64 // 640 when 0
	Disclaimer string
}

const largestCircle = 0.045 // radius as a share of the width

func (m StateMap) width() float64 {
	if m.Width <= 0 {
		return 640
	}
	return m.Width
}

func (m StateMap) shapes() (shapes []Shape, disputed [][]Point) {
	a := m.Atlas
	if a == nil {
		a = Detail()
	}
	return append(append([]Shape{}, a.Shapes...), m.Shapes...), a.Disputed
}

// window fits the State's main land and every place on the map; places with impossible coordinates are left out.
func (m StateMap) window(shapes []Shape) window {
	var rings [][]Point
	for _, s := range shapes {
		if s.Code == m.Code && s.Code != "" {
			rings = append(rings, s.mainRings()...)
		}
	}
	middle := centre(rings)
	for _, p := range m.Places {
		if p.valid() {
			rings = append(rings, []Point{p.Point})
		}
	}
	if len(rings) > 0 && middle == (Point{}) {
		middle = rings[0][0]
	}
	return fit(azimuthal(middle), rings, m.width(), m.width(), m.width()*largestCircle+6)
}

func (p Point) valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180
}

// SVG draws neighbours, the State, disputed borders and the circles, the largest first.
func (m StateMap) SVG() template.HTML {
	links := false
	for _, p := range m.Places {
		links = links || safe(p.Href)
	}
	shapes, disputed := m.shapes()
	w := m.window(shapes)
	b := &markup{}
	b.svg(m.Frame, "ch-map ch-state", w.width, w.height, m.Title, links)
	var own Shape
	for _, s := range shapes {
		if s.Code == m.Code && m.Code != "" {
			own.Rings = append(own.Rings, s.Rings...)
		} else if rings := w.rings(s); len(rings) > 0 {
			b.void("path", "class", "ch-near", "d", path(rings, true))
		}
	}
	if rings := w.rings(own); len(rings) > 0 {
		b.void("path", "class", "ch-own", "d", path(rings, true))
		b.void("path", "class", "ch-edge", "d", path(w.edges(own), false))
	}
	w.dashed(b, disputed)
	m.circles(b, w)
	b.end("svg")
	return b.html()
}

// edges are the visible stretches of the shape's border, without the seam the date line cuts into an island.
func (w window) edges(s Shape) [][]xy {
	var out [][]xy
	for _, r := range s.Rings {
		line := []xy{}
		for i := 0; i <= len(r); i++ {
			q, ok := w.at(r[i%len(r)])
			visible := ok && w.near(q)
			if !visible || i > 0 && onSeam(r[i-1]) && onSeam(r[i%len(r)]) {
				out, line = finish(out, line), nil
			}
			if visible {
				line = append(line, q)
			}
		}
		out = finish(out, line)
	}
	return out
}

func finish(lines [][]xy, line []xy) [][]xy {
	if len(line) > 1 {
		return append(lines, line)
	}
	return lines
}

func onSeam(p Point) bool { return math.Abs(math.Abs(p.Lon)-180) < 0.002 }

// near tells whether a point lies in the drawing or little beside it.
func (w window) near(q xy) bool {
	const margin = 60
	return q.x > -margin && q.y > -margin && q.x < w.width+margin && q.y < w.height+margin
}

func (m StateMap) circles(b *markup, w window) {
	places := append([]Place{}, m.Places...)
	sort.SliceStable(places, func(i, j int) bool { return places[i].Value > places[j].Value })
	var top int64 = 1
	for _, p := range places {
		top = max(top, p.Value)
	}
	for _, p := range places {
		at, ok := w.at(p.Point)
		if !ok || !p.valid() {
			continue
		}
		link := b.link(p.Href, "aria-label", p.Name+": "+m.say(p))
		b.open("circle", "class", p.classes(), "cx", coord(at.x), "cy", coord(at.y), "r", precise(m.radius(p.Value, top)))
		b.element("title", p.Name+": "+m.say(p))
		b.end("circle")
		if link {
			b.end("a")
		}
	}
	if len(places) > 0 && top > 1 {
		m.sizes(b, top, w.height)
	}
}

func (m StateMap) radius(value, top int64) float64 {
	return max(math.Sqrt(max(float64(value), 0)/float64(top))*m.width()*largestCircle, 2.5)
}

func (p Place) classes() string {
	all := "ch-place"
	if c := class(p.Class); c != "" {
		all += " " + c
	}
	if p.Vague {
		all += " vague"
	}
	return all
}

func (m StateMap) say(p Place) string {
	if p.Text != "" {
		return p.Text
	}
	return m.num(p.Value)
}

// sizes draws the key of the circles: the largest and a quarter of it, standing on one line in the lower corner.
func (m StateMap) sizes(b *markup, top int64, height float64) {
	shown := []int64{top}
	if top >= 4 {
		shown = append(shown, top/4)
	}
	r := m.radius(top, top)
	floor, x := height-6, r+6
	b.open("g", "class", "ch-sizes", "aria-hidden", "true")
	for _, n := range shown {
		s := m.radius(n, top)
		b.void("circle", "cx", coord(x), "cy", coord(floor-s), "r", precise(s))
		b.void("line", "x1", coord(x), "y1", coord(floor-2*s), "x2", coord(x+r+8), "y2", coord(floor-2*s))
		b.element("text", m.num(n), "class", "ch-tick", "direction", "ltr", "x", coord(x+r+11), "y", coord(floor-2*s+4))
	}
	b.end("g")
}

// Table lists the places in the order given.
func (m StateMap) Table() Table {
	w := m.Words.filled()
	t := Table{Caption: m.Title, Head: []string{w.Place, w.Count}}
	for _, p := range m.Places {
		t.Rows = append(t.Rows, []string{p.Name, m.say(p)})
	}
	return t
}

// HTML is the whole figure: drawing, disclaimer and table.
func (m StateMap) HTML(keys []Key) template.HTML {
	return m.Figure(m, mapCaption(keys, m.Disclaimer))
}
