package document

// cell is a place in a row, ready for the page.
type cell struct {
	start, width float64 // with its padding
	lines        []cellLine
	fill         ink
	hatch        bool
	end          bool    // lines stand at the end
	figures      float64 // width of the widest figure of the column, where they stand under each other
	node         *elem
}

// cellLine is one line of a cell.
type cellLine struct {
	text  *shaped
	line  line
	style style
}

// row is cells beside each other, of one height.
type row struct {
	cells      []cell
	side, over float64 // padding beside and above the lines
	under      ink     // colour of the line below it
}

// set breaks a text into the cell's lines.
func (c *cell) set(t *shaped, st style, side float64) {
	for _, l := range t.lines(measure(c.width-2*side, st.size)) {
		c.lines = append(c.lines, cellLine{t, l, st})
	}
}

// span is where a line of the cell may stand. Figures are read from left to right in every language, so that where text ends at the left
// a shorter figure stands further in, its units under those of the longest.
func (c cell) span(l cellLine, side float64, rtl bool) (start, width float64) {
	start, width = c.start+side, c.width-2*side
	if wide := l.line.width * l.style.size / em; c.end && rtl && wide < c.figures && c.figures < width {
		width -= c.figures - wide
	}
	return start, width
}

// height is what the row takes when it is not split.
func (r row) height() float64 {
	tall := 0.0
	for _, c := range r.cells {
		tall = max(tall, stack(c.lines))
	}
	return tall + 2*r.over
}

func stack(lines []cellLine) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.style.leading
	}
	return h
}

// drawRow draws the row where the page stands, in parts if it is taller than what is left; turn begins the next page.
func (p *press) drawRow(r row, turn func()) {
	rest := r
	rest.cells = append([]cell(nil), r.cells...)
	if p.left() < bodyHeight/4 && r.height() > p.left() && !p.fresh() {
		turn()
	}
	for {
		part := rest.split(p.left())
		p.drawPart(part)
		if rest.empty() {
			return
		}
		turn()
	}
}

func (r row) empty() bool {
	for _, c := range r.cells {
		if len(c.lines) > 0 {
			return false
		}
	}
	return true
}

// split takes away what fits into the height, at least one line of each cell.
func (r row) split(height float64) row {
	part := r
	part.cells = append([]cell(nil), r.cells...)
	for i := range r.cells {
		lines, used, n := r.cells[i].lines, 2*r.over, 0
		for n < len(lines) && (n == 0 || used+lines[n].style.leading <= height) {
			used += lines[n].style.leading
			n++
		}
		part.cells[i].lines, r.cells[i].lines = lines[:n], lines[n:]
	}
	return part
}

func (p *press) drawPart(r row) {
	height := r.height()
	for _, c := range r.cells {
		p.backdrop(c, r, height)
	}
	if r.under != "" {
		p.now.fill(marginSide, p.y+height-0.5, bodyWidth, 0.5, r.under)
	}
	for _, c := range r.cells {
		top := p.y + r.over
		for _, l := range c.lines {
			start, width := c.span(l, r.side, p.doc.RTL)
			p.line(c.node, l.text, l.line, l.style, start, width, top, c.end)
			top += l.style.leading
		}
	}
	p.y += height
}

// backdrop paints the cell. Text on hatching gets a clear ground.
func (p *press) backdrop(c cell, r row, height float64) {
	left := p.offset(c.start, c.width)
	if c.fill != "" {
		p.now.fill(left, p.y, c.width, height, c.fill)
	}
	if !c.hatch {
		return
	}
	p.now.hatch(left, p.y, c.width, height)
	for i, l := range c.lines {
		wide := l.line.width*l.style.size/em + 4
		if l.line.width == 0 {
			continue
		}
		start, width := c.span(l, r.side, p.doc.RTL)
		x := p.offset(start-2, wide)
		if c.end {
			x = p.offset(start+width+2-wide, wide)
		}
		p.now.fill(x, p.y+r.over+stack(c.lines[:i])+1, wide, l.style.leading-2, white)
	}
}

// factsAcross is how many figures stand beside each other.
const factsAcross = 4

// figures are facts, row by row.
type figures struct{ rows []row }

func (p *press) facts(f Facts) flow {
	out := &figures{}
	for a := 0; a < len(f); a += factsAcross {
		part := f[a:min(a+factsAcross, len(f))]
		across := min(len(f), factsAcross)
		width := bodyWidth / float64(across)
		r := row{over: 7, under: hair}
		for i, fact := range part {
			r.cells = append(r.cells, p.fact(fact, cell{start: float64(i) * width, width: width - 12}))
		}
		out.rows = append(out.rows, r)
	}
	return out
}

func (p *press) fact(f Fact, c cell) cell {
	small, value := p.style(8.4), p.style(18)
	small.ink = soft
	value.bold, value.leading = true, value.leading*0.9
	c.set(p.shaper.shape(T(f.Label), false), small, 0)
	c.set(p.shaper.shape(T(f.Value), true), value, 0)
	if f.Note != "" {
		c.set(p.shaper.shape(T(f.Note), false), small, 0)
	}
	return c
}

func (f *figures) least() float64 {
	if len(f.rows) == 0 {
		return 0
	}
	return 4 + f.rows[0].height()
}

func (f *figures) set(p *press) {
	p.space(4)
	for i, r := range f.rows {
		if h := r.height(); h > p.left() && h <= bodyHeight && !p.fresh() {
			p.turn()
		}
		if i == 0 {
			p.now.fill(marginSide, p.y, bodyWidth, 0.5, hair)
		}
		for j := range r.cells {
			r.cells[j].node = p.root.under("P")
		}
		p.drawRow(r, p.turn)
	}
	p.y += 12
}
