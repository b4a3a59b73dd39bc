package document

// sampled is how many rows are measured to find the widths of columns; a table may have any number.
const sampled = 1000

// Padding of a cell, beside and above its lines.
const (
	cellSide = 5.0
	cellOver = 3.0
)

// tableSizes are the type sizes that are tried, until the widest word of every column fits.
var tableSizes = []float64{9, 8, 7, 6.2}

// table is a table ready for the page.
type table struct {
	Table
	p       *press
	style   style
	widths  []float64
	figures []float64 // of each column the widest figure, points
	caption *prose
	head    row
	repeat  bool // the head is repeated; not if it takes a third of a page
	node    *elem
}

func (p *press) table(t Table) flow {
	n := len(t.Head)
	for _, r := range t.Rows {
		n = max(n, len(r))
	}
	if n == 0 {
		return nothing{}
	}
	out := &table{Table: t, p: p}
	out.fit(n)
	if len(t.Caption) > 0 {
		st := p.style(9.4)
		st.bold = true
		out.caption = p.prose("Caption", t.Caption, st, 0, bodyWidth)
		out.caption.after = 4
	}
	if len(t.Head) > 0 {
		out.head = out.headRow()
		out.repeat = out.head.height() < bodyHeight/3
	}
	return out
}

// fit chooses type size and widths of columns.
func (t *table) fit(n int) {
	natural, word := make([]float64, n), make([]float64, n)
	t.figures = make([]float64, n)
	take := func(cells []Cell, bold bool) {
		for i, c := range cells {
			all, one := t.p.shaper.shape(c.Text, bold).natural()
			if c.Num {
				t.figures[i] = max(t.figures[i], all)
			}
			natural[i], word[i] = max(natural[i], all), max(word[i], one)
		}
	}
	take(t.Head, true)
	for _, r := range t.Rows[:min(len(t.Rows), sampled)] {
		take(r, false)
	}
	for _, size := range tableSizes {
		t.style = t.p.style(size)
		var fits bool
		if t.widths, fits = columns(natural, word, size); fits {
			break
		}
	}
	for i := range t.figures {
		t.figures[i] *= t.style.size / em
	}
	t.style.leading *= 0.95
	if len(t.Widths) == n {
		t.widths = given(t.Widths, t.widths)
	}
}

// columns shares the width of the page among columns: each gets its widest word, what is left goes to those that would be wider; what is
// left after that is shared by width. It tells whether every word fits.
func columns(natural, word []float64, size float64) (widths []float64, fits bool) {
	least, most := 0.0, 0.0
	points := func(v float64) float64 { return v*size/em + 2*cellSide + 0.5 }
	for i := range natural {
		least += points(word[i])
		most += points(max(natural[i], word[i]))
	}
	widths = make([]float64, len(natural))
	for i := range widths {
		small, large := points(word[i]), points(max(natural[i], word[i]))
		switch {
		case most <= bodyWidth:
			widths[i] = large * bodyWidth / most
		case least <= bodyWidth:
			widths[i] = small + (large-small)*(bodyWidth-least)/(most-least)
		default:
			widths[i] = small * bodyWidth / least
		}
	}
	return widths, least <= bodyWidth
}

// given turns relative widths into points; if one is not positive, the others stand.
func given(relative, otherwise []float64) []float64 {
	sum := 0.0
	for _, w := range relative {
		if !(w > 0 && w < 1e6) {
			return otherwise
		}
		sum += w
	}
	out := make([]float64, len(relative))
	for i, w := range relative {
		out[i] = w * bodyWidth / sum
	}
	return out
}

// row makes the cells of a row ready; cells that are missing are empty.
func (t *table) row(cells []Cell, st style) row {
	r := row{side: min(cellSide, t.widths[0]/4), over: cellOver, under: hair}
	start := 0.0
	for i, width := range t.widths {
		c := cell{start: start, width: width, figures: t.figures[i]}
		if i < len(cells) {
			own := st
			c.fill, c.hatch, c.end = ink(cells[i].Fill), cells[i].Hatch, cells[i].Num
			if c.fill.dark() {
				own.ink = white
			}
			c.set(t.p.shaper.shape(cells[i].Text, st.bold), own, r.side)
		}
		r.cells = append(r.cells, c)
		start += width
	}
	return r
}

// headRow is the head.
func (t *table) headRow() row {
	st := t.style
	st.bold = true
	r := t.row(t.headCells(), st)
	r.under = soft
	for i := range r.cells {
		r.cells[i].figures = 0
	}
	return r
}

// headCells are the cells of the head, shaded; over figures its words stand at the end as they do.
func (t Table) headCells() []Cell {
	head := append([]Cell(nil), t.Head...)
	for i := range head {
		if len(t.Rows) > 0 && i < len(t.Rows[0]) && t.Rows[0][i].Num {
			head[i].Num = true
		}
		if head[i].Fill == "" {
			head[i].Fill = string(shade)
		}
	}
	return head
}

func (t *table) least() float64 {
	h := 4.0
	if t.caption != nil {
		h += float64(len(t.caption.lines))*t.caption.style.leading + t.caption.after
	}
	if t.repeat {
		h += t.head.height()
	}
	if len(t.Rows) > 0 {
		h += min(t.row(t.Rows[0], t.style).height(), bodyHeight/3)
	}
	return h
}

func (t *table) set(p *press) {
	p.space(4)
	t.node = p.root.under("Table")
	if t.caption != nil {
		t.drawCaption(p)
	}
	if len(t.Head) > 0 {
		t.tag(&t.head, "TH", "/A<</O/Table/Scope/Column>>")
		p.drawRow(t.head, p.turn)
	}
	for i := range t.head.cells {
		t.head.cells[i].node = nil // when it is repeated it is not read again
	}
	for _, cells := range t.Rows {
		r := t.row(cells, t.style)
		t.tag(&r, "TD", "")
		if r.height() > p.left() && (r.height() <= bodyHeight-t.repeated() || p.left() < bodyHeight/4) {
			t.turn()
		}
		p.drawRow(r, t.turn)
	}
	p.y += 12
}

func (t *table) drawCaption(p *press) {
	node := t.node.under("Caption")
	for _, l := range t.caption.lines {
		t.caption.line(p, node, l, 0, 0)
	}
	p.y += t.caption.after
}

// tag makes the nodes of a row.
func (t *table) tag(r *row, kind, attr string) {
	node := t.node.under("TR")
	for i := range r.cells {
		r.cells[i].node = node.under(kind)
		r.cells[i].node.attr = attr
	}
}

// repeated is the height of the head on every further page.
func (t *table) repeated() float64 {
	if t.repeat {
		return t.head.height()
	}
	return 0
}

// turn begins a page with the head.
func (t *table) turn() {
	t.p.turn()
	if t.repeat {
		t.p.drawPart(t.head)
	}
}
