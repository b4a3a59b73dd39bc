package chart

import "math"

// Pick is the outline of one State on which a reader points at a place: a picture of its own, for a form's image button, that holds nothing
// but borders. At leads from a point of the picture back to the globe.
type Pick struct {
	Code  string
	Atlas *Atlas // nil is Detail
	Width float64
}

// Known reports that the atlas has an outline for the State.
func (p Pick) Known() bool { return len(p.own()) > 0 }

func (p Pick) atlas() *Atlas {
	if p.Atlas == nil {
		return Detail()
	}
	return p.Atlas
}

func (p Pick) own() (rings [][]Point) {
	for _, s := range p.atlas().Shapes {
		if s.Code == p.Code && p.Code != "" {
			rings = append(rings, s.mainRings()...)
		}
	}
	return rings
}

func (p Pick) window() window {
	rings := p.own()
	return fit(azimuthal(centre(rings)), rings, p.Width, p.Width*1.2, 8)
}

// Size is the width and the height of the picture in CSS pixels.
func (p Pick) Size() (width, height float64) {
	w := p.window()
	return w.width, w.height
}

// SVG is the picture as a file. Its colours are its own: no style sheet reaches into it.
func (p Pick) SVG() []byte {
	w := p.window()
	b := &markup{}
	b.open("svg", "xmlns", "http://www.w3.org/2000/svg", "width", coord(w.width), "height", coord(w.height), "viewBox", "0 0 "+coord(w.width)+" "+coord(w.height))
	b.void("rect", "width", "100%", "height", "100%", "fill", "#e9edf0")
	for _, s := range p.atlas().Shapes {
		rings := w.rings(s)
		if len(rings) == 0 {
			continue
		}
		fill := "#d5dbe0"
		if s.Code == p.Code {
			fill = "#ffffff"
		}
		b.void("path", "d", path(rings, true), "fill", fill, "stroke", "#5f6b76", "stroke-width", "0.8")
	}
	b.end("svg")
	return []byte(b.html())
}

// At is the place under a point of the picture, in CSS pixels from its left upper corner; ok is false outside the picture and off the globe.
func (p Pick) At(x, y float64) (at Point, ok bool) {
	w := p.window()
	if x < 0 || y < 0 || x > w.width || y > w.height || !p.Known() {
		return at, false
	}
	at, ok = backAzimuthal(centre(p.own()), xy{x/w.scale + w.left, w.top - y/w.scale})
	return at, ok && at.valid()
}

// backAzimuthal undoes azimuthal.
func backAzimuthal(c Point, q xy) (Point, bool) {
	rho := math.Hypot(q.x, q.y)
	if rho == 0 {
		return c, true
	}
	if rho > 2 {
		return Point{}, false
	}
	angle := 2 * math.Asin(rho/2)
	sinC, cosC := math.Sincos(angle)
	sin0, cos0 := math.Sincos(c.Lat * rad)
	lat := math.Asin(cosC*sin0 + q.y*sinC*cos0/rho)
	lon := c.Lon*rad + math.Atan2(q.x*sinC, rho*cos0*cosC-q.y*sin0*sinC)
	return Point{Lon: math.Remainder(lon/rad, 360), Lat: lat / rad}, true
}
