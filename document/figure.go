package document

import "fmt"

// Figure is a line drawing. It is never mirrored: the left of a body is not a matter of language.
type Figure struct {
	Width, Height float64 // of the drawing, in units of its own, from the upper left corner
	Paths         []Path
	Marks         []Mark
	Caption       Text
	Alt           string // what it shows, for whoever does not see it
}

// Step is one step of a line, in the drawing's units: to move to (M), to draw a line to (L), to draw a curve to by two control points (C), or to
// close (Z).
type Step struct {
	Op byte
	At [6]float64 // x and y of one point, or of three for a curve
}

// points is how many points a step has.
func (s Step) points() int {
	switch s.Op {
	case 'M', 'L':
		return 1
	case 'C':
		return 3
	}
	return 0
}

// Path is one line of a drawing.
type Path struct {
	Steps []Step
	Fill  bool // its inside is tinted
	Soft  bool // a thinner, softer line: what helps to find a place
}

// Mark is a numbered place on a drawing.
type Mark struct {
	X, Y  float64
	Label string // the number in the reader's digits, as in the table beside the drawing
}

// label is at most three signs: a mark is a number.
func (m Mark) label() string {
	runes := []rune(m.Label)
	return string(runes[:min(len(runes), 3)])
}

// Figures are drawings that stand beside each other, two in a row, in the order of reading.
type Figures []Figure

func (Figure) block()  {}
func (Figures) block() {}

// Sizes of drawings, points.
const (
	figuresAcross = 2
	figureGap     = 18.0
	figureTall    = 262.0 // at most
	markRadius    = 6.2
	maxUnits      = 1e6 // of a drawing's sides
)

// valid tells whether a drawing can be set.
func (f Figure) valid() bool {
	return f.Width > 0 && f.Height > 0 && f.Width <= maxUnits && f.Height <= maxUnits
}

// fit is how many points a unit takes in a place so wide.
func (f Figure) fit(width float64) float64 { return min(width/f.Width, figureTall/f.Height) }

// drawings are figures, row by row.
type drawings struct{ rows []drawingRow }

type drawingRow struct {
	list   []drawing
	height float64
}

// drawing is a figure ready for the page.
type drawing struct {
	Figure
	caption      *prose
	start, width float64 // of its place
	scale        float64
}

func (p *press) figures(list Figures) flow {
	out := &drawings{}
	for a := 0; a < len(list); a += figuresAcross {
		part := list[a:min(a+figuresAcross, len(list))]
		width := bodyWidth
		if len(list) > 1 {
			width = (bodyWidth - figureGap*(figuresAcross-1)) / figuresAcross
		}
		var r drawingRow
		for i, f := range part {
			if !f.valid() {
				continue
			}
			d := drawing{Figure: f, start: float64(i) * (width + figureGap), width: width, scale: f.fit(width)}
			d.caption = p.caption(f.Caption, d.start, width)
			r.height = max(r.height, f.Height*d.scale+d.caption.height())
			r.list = append(r.list, d)
		}
		if len(r.list) > 0 {
			out.rows = append(out.rows, r)
		}
	}
	return out
}

// caption makes the words under a drawing or a picture ready; nil where there are none.
func (p *press) caption(t Text, start, width float64) *prose {
	if len(t) == 0 {
		return nil
	}
	st := p.style(9)
	st.ink = soft
	out := p.prose("Caption", t, st, start, width)
	out.before = 4
	return out
}

// height is what a caption takes; a picture leaves room for the longest that it may have.
func (b *prose) height() float64 {
	if b == nil {
		return 0
	}
	return b.before + float64(min(len(b.lines), captionLines))*b.style.leading
}

// captionLines is how many lines a caption has at most.
const captionLines = 12

func (d *drawings) least() float64 {
	if len(d.rows) == 0 {
		return 0
	}
	return 4 + d.rows[0].height
}

func (d *drawings) set(p *press) {
	p.space(4)
	for _, r := range d.rows {
		if r.height > p.left() && !p.fresh() {
			p.turn()
		}
		tall := 0.0
		for _, one := range r.list {
			tall = max(tall, one.Height*one.scale)
		}
		for _, one := range r.list {
			one.set(p, tall)
			p.underneath(one.caption, p.y+tall, true)
		}
		p.y += r.height + 12
	}
}

// underneath sets a caption with its upper edge at top, each line at the start or in the middle of its place.
func (p *press) underneath(c *prose, top float64, middle bool) {
	if c == nil {
		return
	}
	e := p.root.under("Caption")
	top += c.before
	for _, l := range c.lines[:min(len(c.lines), captionLines)] {
		start, width := c.start, c.width
		if middle {
			width = l.width * c.style.size / em
			start += (c.width - width) / 2
		}
		p.line(e, c.text, l, c.style, start, width, top, false)
		top += c.style.leading
	}
}

// set draws the figure in the middle of its place, at the foot of a height that it shares with its neighbours.
func (d drawing) set(p *press, tall float64) {
	wide, high := d.Width*d.scale, d.Height*d.scale
	left := p.offset(d.start, d.width) + (d.width-wide)/2
	top := p.y + tall - high
	e := p.picture(d.Alt, left, top, wide, high)
	s := p.now
	s.mark(e, false)
	s.op("q %s re W n\n", box(left, top, wide, high))
	for _, path := range d.Paths {
		d.path(s, path, left, top)
	}
	s.op("Q\n")
	for _, m := range d.Marks {
		p.number(e, m.label(), onDrawing(left+m.X*d.scale, left, left+wide), onDrawing(top+m.Y*d.scale, top, top+high))
	}
}

// picture begins the node of a drawing or a photograph, with the words for whoever does not see it (ISO 32000-1, 14.8.4.5, 14.9.3).
func (p *press) picture(alt string, left, top, wide, high float64) *elem {
	e := p.root.under("Figure")
	e.attr = fmt.Sprintf("/Alt%s/A<</O/Layout/Placement/Block/BBox[%s %s %s %s]>>", textString(string(clean(alt))),
		number2(left), number2(pageHeight-top-high), number2(left+wide), number2(pageHeight-top))
	return e
}

func (d drawing) path(s *sheet, path Path, left, top float64) {
	if len(path.Steps) == 0 {
		return
	}
	line, width := black, 0.9
	if path.Soft {
		line, width = soft, 0.5
	}
	r, g, b := line.rgb()
	s.op("%s %s %s RG %s w 1 J 1 j\n", number2(r), number2(g), number2(b), number2(width))
	for _, step := range path.Steps {
		for i := range step.points() {
			s.op("%s %s ", number2(left+step.At[2*i]*d.scale), number2(pageHeight-top-step.At[2*i+1]*d.scale))
		}
		s.op("%s ", map[byte]string{'M': "m", 'L': "l", 'C': "c", 'Z': "h"}[step.Op])
	}
	if !path.Fill {
		s.op("S\n")
		return
	}
	r, g, b = shade.rgb()
	s.op("%s %s %s rg B\n", number2(r), number2(g), number2(b))
}

// number draws a mark: its number on a disc.
func (p *press) number(e *elem, label string, x, y float64) {
	s := p.now
	st := p.style(7.4)
	st.bold, st.ink, st.leading = true, white, markRadius*2
	t := p.shaper.shape(T(label), true)
	l := t.lines(measure(bodyWidth, st.size))[0]
	half := max(0, l.width*st.size/em/2-markRadius+3) // a longer number widens the disc
	s.mark(e, false)
	r, g, b := accent.rgb()
	w, _, _ := white.rgb()
	s.op("q %s %s %s rg %s %s %s RG 0.8 w ", number2(r), number2(g), number2(b), number2(w), number2(w), number2(w))
	s.op("%s B Q\n", disc(x, pageHeight-y, markRadius, half))
	width := l.width * st.size / em
	base := y + st.size*0.35
	for _, pc := range t.pieces(l) {
		p.piece(e, t, pc, st, x-width/2+pc.left*st.size/em, base)
	}
}

// disc is a circle of four curves, drawn apart by half on both sides.
func disc(x, y, r, half float64) string {
	const k = 0.5523
	n := number2
	left, right := x-half, x+half
	return fmt.Sprintf("%s %s m %s %s l %s %s %s %s %s %s c %s %s %s %s %s %s c %s %s l %s %s %s %s %s %s c %s %s %s %s %s %s c h",
		n(left), n(y+r), n(right), n(y+r),
		n(right+k*r), n(y+r), n(right+r), n(y+k*r), n(right+r), n(y),
		n(right+r), n(y-k*r), n(right+k*r), n(y-r), n(right), n(y-r),
		n(left), n(y-r),
		n(left-k*r), n(y-r), n(left-r), n(y-k*r), n(left-r), n(y),
		n(left-r), n(y+k*r), n(left-k*r), n(y+r), n(left), n(y+r))
}

// onDrawing keeps a mark on its drawing.
func onDrawing(v, low, high float64) float64 { return max(low+markRadius, min(v, high-markRadius)) }
