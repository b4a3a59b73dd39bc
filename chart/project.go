package chart

import "math"

const rad = math.Pi / 180

// xy is a point of a drawing, y downwards.
type xy struct{ x, y float64 }

// projection turns degrees into a plane, y upwards; false means that the point cannot be shown.
type projection func(Point) (xy, bool)

// equalEarth is the Equal Earth projection (Šavrič, Patterson, Jenny 2018): the whole world, areas kept.
func equalEarth(p Point) (xy, bool) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	t := math.Asin(math.Sqrt(3) / 2 * math.Sin(p.Lat*rad))
	t2 := t * t
	t6 := t2 * t2 * t2
	x := 2 * math.Sqrt(3) * p.Lon * rad * math.Cos(t) / (3 * (9*a4*t6*t2 + 7*a3*t6 + 3*a2*t2 + a1))
	return xy{x, t * (a4*t6*t2 + a3*t6 + a2*t2 + a1)}, true
}

// azimuthal is Lambert's equal-area projection around a centre: one State or one continent without distortion that
// the eye would notice.
func azimuthal(c Point) projection {
	sin0, cos0 := math.Sincos(c.Lat * rad)
	return func(p Point) (xy, bool) {
		sin, cos := math.Sincos(p.Lat * rad)
		sinL, cosL := math.Sincos((p.Lon - c.Lon) * rad)
		q := 1 + sin0*sin + cos0*cos*cosL
		if q < 0.2 {
			return xy{}, false
		}
		k := math.Sqrt(2 / q)
		return xy{k * cos * sinL, k * (cos0*sin - sin0*cos*cosL)}, true
	}
}

// distance is the angle between two points in degrees.
func (p Point) distance(q Point) float64 {
	s := math.Sin(p.Lat*rad)*math.Sin(q.Lat*rad) + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*math.Cos((p.Lon-q.Lon)*rad)
	return math.Acos(min(max(s, -1), 1)) / rad
}

// centre is the middle of the outlines on the sphere, so that a State across the date line has it where it lies.
func centre(rings [][]Point) Point {
	var x, y, z float64
	for _, r := range rings {
		for i := range r {
			p, q := r[i], r[(i+1)%len(r)]
			weight := p.distance(q)
			x += weight * math.Cos(p.Lat*rad) * math.Cos(p.Lon*rad)
			y += weight * math.Cos(p.Lat*rad) * math.Sin(p.Lon*rad)
			z += weight * math.Sin(p.Lat*rad)
		}
	}
	return Point{math.Atan2(y, x) / rad, math.Atan2(z, math.Hypot(x, y)) / rad}
}

// window is how the plane of a projection lies in a drawing.
type window struct {
	project       projection
	scale         float64
	left, top     float64 // of the plane
	width, height float64 // of the drawing
	seam          bool    // rings beyond the date line are cut there and go on at the other edge
}

// fit makes a window that holds all points, width wide and at most tallest high.
func fit(project projection, points [][]Point, width, tallest, pad float64) window {
	lo, hi := xy{math.Inf(1), math.Inf(1)}, xy{math.Inf(-1), math.Inf(-1)}
	for _, r := range points {
		for _, p := range r {
			if q, ok := project(p); ok {
				lo, hi = xy{min(lo.x, q.x), min(lo.y, q.y)}, xy{max(hi.x, q.x), max(hi.y, q.y)}
			}
		}
	}
	if lo.x > hi.x {
		lo, hi = xy{}, xy{}
	}
	w, h := max(hi.x-lo.x, 1e-3), max(hi.y-lo.y, 1e-3)
	out := window{project: project, width: width}
	out.scale = min((width-2*pad)/w, (tallest-2*pad)/h)
	out.height = math.Ceil(max(h*out.scale+2*pad, width/3))
	out.left = (lo.x+hi.x)/2 - width/2/out.scale
	out.top = (lo.y+hi.y)/2 + out.height/2/out.scale
	return out
}

// fitWorld holds the whole inhabited world.
func fitWorld(width float64) window {
	w := fit(equalEarth, [][]Point{{{-180, 0}, {180, 0}, {0, 83.7}, {0, -56}}}, width, width, 2)
	w.seam = true
	return w
}

func (w window) at(p Point) (xy, bool) {
	q, ok := w.project(p)
	return xy{(q.x - w.left) * w.scale, (w.top - q.y) * w.scale}, ok
}

// rings projects a shape, cut at a margin around the drawing; what lies outside is left out.
func (w window) rings(s Shape) [][]xy {
	var out [][]xy
	for _, r := range s.Rings {
		turns := []float64{0}
		if w.seam {
			turns = []float64{0, -360, 360}
		}
		for _, turn := range turns {
			if placed := w.place(r, turn); len(placed) > 2 {
				out = append(out, placed)
			}
		}
	}
	return out
}

func (w window) place(r []Point, turn float64) []xy {
	flat := make([]xy, len(r))
	for i, p := range r {
		flat[i] = xy{p.Lon + turn, p.Lat}
	}
	if w.seam {
		flat = cut(flat, func(p xy) float64 { return p.x + 180 })
		flat = cut(flat, func(p xy) float64 { return 180 - p.x })
	}
	out := make([]xy, 0, len(flat))
	for _, p := range flat {
		if q, ok := w.at(Point{p.x, p.y}); ok {
			out = append(out, q)
		}
	}
	const margin = 12
	out = cut(out, func(p xy) float64 { return p.x + margin })
	out = cut(out, func(p xy) float64 { return w.width + margin - p.x })
	out = cut(out, func(p xy) float64 { return p.y + margin })
	return cut(out, func(p xy) float64 { return w.height + margin - p.y })
}

// cut keeps the part of a closed ring where inside is not negative (Sutherland and Hodgman).
func cut(r []xy, inside func(xy) float64) []xy {
	out := make([]xy, 0, len(r))
	for i, p := range r {
		q := r[(i+1)%len(r)]
		a, b := inside(p), inside(q)
		if a >= 0 {
			out = append(out, p)
		}
		if (a >= 0) != (b >= 0) {
			t := a / (a - b)
			out = append(out, xy{p.x + t*(q.x-p.x), p.y + t*(q.y-p.y)})
		}
	}
	return out
}

// box is the extent of the given rings in the drawing.
func box(rings [][]xy) (lo, hi xy) {
	lo, hi = xy{math.Inf(1), math.Inf(1)}, xy{math.Inf(-1), math.Inf(-1)}
	for _, r := range rings {
		for _, p := range r {
			lo, hi = xy{min(lo.x, p.x), min(lo.y, p.y)}, xy{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	return lo, hi
}
