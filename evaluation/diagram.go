package evaluation

import "slices"

// Point is a place on a drawing in its own units; x grows to the right, y downwards.
type Point struct{ X, Y float64 }

// Command is a step of a line: M or L with one point, C with three (a cubic curve), Z with none.
type Command struct {
	Op     byte
	Points []Point
}

// Path is one line of a drawing. A faint one helps the eye and outlines nothing.
type Path struct {
	Commands []Command
	Faint    bool
}

// Region is a named place of a drawing, for whoever chooses from a list: a code of body_part, the person's own side (left, right, middle), and
// where it is, in thousandths of the drawing's width and height.
type Region struct {
	Part, Side string
	X, Y       int
}

// Diagram is one drawing of the body. Left and right are the person's own; a drawing is never mirrored for a script that runs from the right.
type Diagram struct {
	View          string // code of body_view
	Width, Height float64
	Paths         []Path
	Regions       []Region
}

// Diagrams are all drawings, in the order of the report.
func Diagrams() []Diagram { return slices.Clone(diagrams()) }

// DiagramOf is the drawing of a view.
func DiagramOf(view string) (Diagram, bool) {
	all := diagrams()
	at := slices.IndexFunc(all, func(d Diagram) bool { return d.View == view })
	if at < 0 {
		return Diagram{}, false
	}
	return all[at], true
}

// At is where a finding's mark stands on the drawing, in its units.
func (d Diagram) At(x, y int) Point {
	return Point{float64(x) * d.Width / 1000, float64(y) * d.Height / 1000}
}
