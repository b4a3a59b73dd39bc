package chart

import (
	"html/template"
	"math"
	"sort"
	"strconv"
	"strings"
)

// Disclaimer stands under every map unless the page gives its own words.
const Disclaimer = "Outlines and names on this map express no opinion on the status of any territory or on its borders. Dashed lines are borders in dispute or not settled."

// Value is what a map says about one State.
type Value struct {
	Code  string // ISO 3166-1 alpha-3
	Name  string
	Class string // colour class: n1, f1 to f4, c1 to c5; "" or n0 is hatched
	Text  string // the value in words
	Href  string
}

// Map colours States. Every State without a value is hatched, so that silence shows.
type Map struct {
	Frame
	Title      string
	Atlas      *Atlas  // nil is World
	Shapes     []Shape // further outlines, such as invented ones
	Values     []Value
	Zoom       bool    // fit to the States that have values; else to the world, or to the whole atlas given
	Names      bool    // write names on the States that have room
	Width      float64 // 960 when 0
	Disclaimer string  // "" is the English one
}

func (m Map) width() float64 {
	if m.Width <= 0 {
		return 960
	}
	return m.Width
}

func (m Map) shapes() (shapes []Shape, disputed [][]Point) {
	a := m.Atlas
	if a == nil {
		a = World()
	}
	return append(append([]Shape{}, a.Shapes...), m.Shapes...), a.Disputed
}

// window chooses the projection: Equal Earth for the world, an azimuthal one around anything smaller.
func (m Map) window(shapes []Shape, values map[string]Value) window {
	whole := (m.Atlas == nil || m.Atlas == World()) && len(m.Shapes) == 0
	if whole && (!m.Zoom || len(values) == 0) {
		return fitWorld(m.width())
	}
	var rings [][]Point
	for _, s := range shapes {
		if _, ok := values[s.Code]; ok && m.Zoom {
			rings = append(rings, s.mainRings()...)
		} else if !m.Zoom {
			rings = append(rings, s.Rings...)
		}
	}
	return fit(azimuthal(centre(rings)), rings, m.width(), m.width()*0.8, 14)
}

// SVG draws the map. States that are too small to be seen are marked with a dot of their colour.
func (m Map) SVG() template.HTML {
	values := make(map[string]Value, len(m.Values))
	links := false
	for _, v := range m.Values {
		values[v.Code] = v
		links = links || safe(v.Href)
	}
	shapes, disputed := m.shapes()
	w := m.window(shapes, values)
	b := &markup{}
	b.svg(m.Frame, "ch-map", w.width, w.height, m.Title, links)
	b.hatch(m.Frame)
	var dots, names []func()
	for _, s := range shapes {
		rings := w.rings(s)
		if len(rings) == 0 {
			continue
		}
		v := values[s.Code]
		m.state(b, v, func(fill ...string) { b.void("path", append(fill, "d", path(rings, true))...) })
		if lo, hi := box(rings); hi.x-lo.x < 5 && hi.y-lo.y < 5 && v.Code != "" {
			at := xy{(lo.x + hi.x) / 2, (lo.y + hi.y) / 2}
			dots = append(dots, func() {
				m.state(b, v, func(fill ...string) {
					b.void("circle", append(fill, "cx", coord(at.x), "cy", coord(at.y), "r", "3.2")...)
				})
			})
		} else if m.Names && v.Name != "" {
			names = append(names, func() { b.name(rings, v.Name, class(v.Class)) })
		}
	}
	w.dashed(b, disputed)
	for _, later := range append(dots, names...) {
		later()
	}
	b.end("svg")
	return b.html()
}

// state writes one State through draw, which receives the fill; a State with a value gets its title and its link.
func (m Map) state(b *markup, v Value, draw func(fill ...string)) {
	link := b.link(v.Href, "aria-label", v.Name+": "+v.Text)
	if v.Code != "" {
		b.open("g")
		b.element("title", v.Name+": "+v.Text)
	}
	if c := class(v.Class); c == "" || c == "n0" {
		draw("class", "ch-land", "fill", m.hatched())
	} else {
		draw("class", "ch-land "+c)
	}
	if v.Code != "" {
		b.end("g")
	}
	if link {
		b.end("a")
	}
}

func (w window) dashed(b *markup, lines [][]Point) {
	for _, l := range lines {
		var line []xy
		for _, p := range l {
			if q, ok := w.at(p); ok && w.near(q) {
				line = append(line, q)
			}
		}
		if len(line) > 1 {
			b.void("path", "class", "ch-disputed", "d", path([][]xy{line}, false))
		}
	}
}

// path writes lines as relative steps of tenths; steps too small to see are left out.
func path(lines [][]xy, closed bool) string {
	var out []byte
	for _, l := range lines {
		px, py := tenths(l[0].x), tenths(l[0].y)
		out = append(appendTenths(append(out, 'M'), px), ' ')
		out = append(appendTenths(out, py), 'l')
		start := len(out)
		for _, p := range l[1:] {
			x, y := tenths(p.x), tenths(p.y)
			if x == px && y == py {
				continue
			}
			if len(out) > start && x >= px {
				out = append(out, ' ')
			}
			out = appendTenths(out, x-px)
			if y >= py {
				out = append(out, ' ')
			}
			out = appendTenths(out, y-py)
			px, py = x, y
		}
		if len(out) == start {
			out = append(out, "0 0"...)
		}
		if closed {
			out = append(out, 'z')
		}
	}
	return string(out)
}

func tenths(x float64) int { return int(math.Round(x * 10)) }

func appendTenths(b []byte, n int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	if n >= 10 || n == 0 {
		b = strconv.AppendInt(b, int64(n/10), 10)
	}
	if n%10 != 0 {
		b = append(b, '.', byte('0'+n%10))
	}
	return b
}

// name writes a State's name where its largest ring is widest, if the ring is wide enough for it.
func (m *markup) name(rings [][]xy, name, class string) {
	largest, size := rings[0], 0.0
	for _, r := range rings {
		if lo, hi := box([][]xy{r}); (hi.x-lo.x)*(hi.y-lo.y) > size {
			largest, size = r, (hi.x-lo.x)*(hi.y-lo.y)
		}
	}
	lo, hi := box([][]xy{largest})
	at, room := lo, 0.0
	const grid = 24
	for i := range grid * grid {
		p := xy{lo.x + (float64(i%grid)+0.5)/grid*(hi.x-lo.x), lo.y + (float64(i/grid)+0.5)/grid*(hi.y-lo.y)}
		if d := clearance(largest, p); d > room {
			at, room = p, d
		}
	}
	if room > 16 {
		m.element("text", name, "class", strings.TrimSpace("ch-name "+class), "text-anchor", "middle", "x", coord(at.x), "y", coord(at.y+4))
	}
}

// clearance is the distance from p to the ring's points, 0 outside the ring.
func clearance(r []xy, p xy) float64 {
	in, least := false, math.Inf(1)
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		a, b := r[i], r[j]
		if (a.y > p.y) != (b.y > p.y) && p.x < (b.x-a.x)*(p.y-a.y)/(b.y-a.y)+a.x {
			in = !in
		}
		least = min(least, math.Hypot((a.x+b.x)/2-p.x, (a.y+b.y)/2-p.y), math.Hypot(a.x-p.x, a.y-p.y))
	}
	if !in {
		return 0
	}
	return least
}

// Table lists the values in the order given.
func (m Map) Table() Table {
	w := m.Words.filled()
	t := Table{Caption: m.Title, Head: []string{w.Place, w.Count}}
	for _, v := range m.Values {
		t.Rows = append(t.Rows, []string{v.Name, v.Text})
	}
	return t
}

// HTML is the whole figure: drawing, legend, disclaimer and table.
func (m Map) HTML(keys []Key) template.HTML {
	return m.Figure(m, mapCaption(keys, m.Disclaimer))
}

func mapCaption(keys []Key, disclaimer string) template.HTML {
	if disclaimer == "" {
		disclaimer = Disclaimer
	}
	b := &markup{}
	if len(keys) > 0 {
		b.b.WriteString(string(Legend(keys)))
	}
	b.element("p", disclaimer, "class", "ch-disclaimer")
	return b.html()
}

// Breaks finds up to steps-1 limits that part the positive values into about equal numbers of States; each limit is
// the first value of its class. Fewer distinct values give fewer limits.
func Breaks(values []int64, steps int) []int64 {
	var v []int64
	for _, x := range values {
		if x > 0 {
			v = append(v, x)
		}
	}
	sort.Slice(v, func(i, j int) bool { return v[i] < v[j] })
	var out []int64
	for i := 1; i < steps && len(v) > 0; i++ {
		if x := v[i*len(v)/steps]; x > v[0] && (len(out) == 0 || x > out[len(out)-1]) {
			out = append(out, x)
		}
	}
	return out
}

// ClassOf is the sequential class of a value: n1 for 0, else c1 up to c5 by the limits.
func ClassOf(value int64, breaks []int64) string {
	if value <= 0 {
		return "n1"
	}
	step := 1
	for _, limit := range breaks {
		if value >= limit {
			step++
		}
	}
	return "c" + strconv.Itoa(min(step, 5))
}
