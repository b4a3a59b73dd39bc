package evaluation

import (
	"math"
	"strconv"
	"strings"
)

// Lines are written as the points through which they run: "x,y x,y ...". They run smoothly through every point but one marked "!", which is a
// corner.

// knot is a point through which a line runs.
type knot struct {
	Point
	corner bool
}

func knots(spec string) (out []knot) {
	for _, word := range strings.Fields(spec) {
		word, corner := strings.CutSuffix(word, "!")
		x, y, _ := strings.Cut(word, ",")
		out = append(out, knot{Point{number(x), number(y)}, corner})
	}
	return out
}

// number reads a figure of our own drawings; a test reads them all.
func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// open is a line from its first point to its last.
func open(spec string) Path { return through(knots(spec), false) }

// closed is a line that ends where it begins.
func closed(spec string) Path { return through(knots(spec), true) }

// faint is a line that helps the eye.
func faint(spec string) Path {
	p := open(spec)
	p.Faint = true
	return p
}

// both is a line and its mirror image about an upright axis.
func both(p Path, axis float64) []Path { return []Path{p, p.mirrored(axis)} }

// whole is the outline of which one half is given, from the axis round to the axis.
func whole(spec string, axis float64) Path {
	half := knots(spec)
	for i := len(half) - 1; i >= 0; i-- {
		k := half[i]
		if k.X != axis {
			k.X = 2*axis - k.X
			half = append(half, k)
		}
	}
	return through(half, true)
}

func (p Path) mirrored(axis float64) Path {
	out := Path{Faint: p.Faint}
	for _, c := range p.Commands {
		m := Command{Op: c.Op}
		for _, at := range c.Points {
			m.Points = append(m.Points, Point{2*axis - at.X, at.Y})
		}
		out.Commands = append(out.Commands, m)
	}
	return out
}

// through runs a centripetal-looking spline (Catmull-Rom, as cubic curves) through the points.
func through(k []knot, closed bool) Path {
	p := Path{Commands: []Command{{'M', []Point{k[0].Point}}}}
	last := len(k) - 1
	if closed {
		last = len(k)
	}
	at := func(i int) knot {
		if closed {
			return k[(i+len(k))%len(k)]
		}
		return k[min(max(i, 0), len(k)-1)]
	}
	for i := range last {
		a, b := at(i), at(i+1)
		p.Commands = append(p.Commands, Command{'C', []Point{handle(at(i-1), a, b, 1), handle(at(i+2), b, a, 1), b.Point}})
	}
	if closed {
		p.Commands = append(p.Commands, Command{'Z', nil})
	}
	return p
}

// handle is the control point of a curve that leaves "from" for "to", having come from "before".
func handle(before, from, to knot, pull float64) Point {
	if from.corner {
		return Point{from.X + (to.X-from.X)/3, from.Y + (to.Y-from.Y)/3}
	}
	dx, dy := to.X-before.X, to.Y-before.Y
	span, reach := math.Hypot(dx, dy), math.Hypot(to.X-from.X, to.Y-from.Y)
	if span == 0 {
		return from.Point
	}
	return Point{from.X + pull*dx/span*reach/3, from.Y + pull*dy/span*reach/3}
}

// D writes a path as SVG does, to a tenth of a unit.
func (p Path) D() string {
	var b strings.Builder
	for _, c := range p.Commands {
		b.WriteByte(c.Op)
		for i, at := range c.Points {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.FormatFloat(math.Round(at.X*10)/10, 'f', -1, 64) + "," + strconv.FormatFloat(math.Round(at.Y*10)/10, 'f', -1, 64))
		}
	}
	return b.String()
}
