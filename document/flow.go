package document

import (
	"strconv"
	"strings"
)

// flow is a block made ready for the page.
type flow interface {
	least() float64 // the height without which it should not begin on a page
	set(p *press)
}

// run lays out all blocks. A heading moves to the next page with the beginning of what it heads.
func (p *press) run() {
	ready := make([]flow, len(p.doc.Blocks))
	at := func(i int) flow {
		if ready[i] == nil {
			ready[i] = p.flow(p.doc.Blocks[i])
		}
		return ready[i]
	}
	for i := range p.doc.Blocks {
		need, j := 0.0, i
		for ; heads(p.doc.Blocks, j) && need < bodyHeight; j++ {
			need += at(j).(*prose).whole()
		}
		need += at(j).least()
		if need > p.left() && !p.fresh() && need <= bodyHeight {
			p.turn()
		}
		ready[i].set(p)
		ready[i] = nil
	}
	p.now.unmark()
}

// heads tells whether the block is a heading with something behind it, or the note under a heading before a table.
func heads(blocks []Block, i int) bool {
	if i+1 >= len(blocks) {
		return false
	}
	if h, ok := blocks[i].(Heading); ok {
		return h.Level > 1
	}
	note, isNote := blocks[i].(Paragraph)
	_, beforeTable := blocks[i+1].(Table)
	return isNote && note.Look == Note && beforeTable && i > 0 && heads(blocks, i-1)
}

// flow makes a block ready.
func (p *press) flow(b Block) flow {
	switch b := b.(type) {
	case Heading:
		return p.heading(b)
	case Paragraph:
		return p.paragraph(b)
	case List:
		return p.list(b)
	case Table:
		return p.table(b)
	case Facts:
		return p.facts(b)
	case Figure:
		return p.figures(Figures{b})
	case Figures:
		return p.figures(b)
	case Picture:
		return p.photograph(b)
	case Rule:
		return rule{}
	case PageBreak:
		return pageBreak{}
	}
	return nothing{}
}

type nothing struct{}

func (nothing) least() float64 { return 0 }
func (nothing) set(*press)     {}

type rule struct{}

func (rule) least() float64 { return 0 }
func (rule) set(p *press) {
	p.space(10)
	p.now.fill(marginSide, p.y, bodyWidth, 0.6, hair)
	p.y += 12
}

type pageBreak struct{}

func (pageBreak) least() float64 { return 0 }
func (pageBreak) set(p *press) {
	if !p.fresh() {
		p.turn()
	}
}

// prose is running text: a heading, a paragraph, an item of a list.
type prose struct {
	kind          string // in the structure tree
	text          *shaped
	lines         []line
	style         style
	before, after float64
	start, width  float64 // where its lines stand
	back          ink     // colour behind the whole width
	side          ink     // colour of the line beside it
	level         int     // of a heading
	mark          *prose  // of an item: what stands before its first line
	list          *list
}

const padding = 8.0 // inside a coloured block, above and below

func (p *press) prose(kind string, t Text, st style, start, width float64) *prose {
	s := p.shaper.shape(t, st.bold)
	return &prose{kind: kind, text: s, lines: s.lines(measure(width, st.size)), style: st, start: start, width: width}
}

func (p *press) heading(h Heading) flow {
	level := min(max(h.Level, 1), 3)
	st := p.style([]float64{23, 14.5, 11.5}[level-1])
	st.bold, st.leading = true, st.leading*0.9
	out := p.prose("H"+strconv.Itoa(level), h.Text, st, 0, bodyWidth)
	out.before, out.after = []float64{4, 20, 13}[level-1], []float64{9, 6, 4}[level-1]
	out.level = level
	return out
}

func (p *press) paragraph(b Paragraph) flow {
	st, kind, start, width := p.style(10), "P", 0.0, bodyWidth
	var back, side ink
	switch b.Look {
	case Lead:
		st = p.style(13)
	case Note:
		st = p.style(8.6)
		st.ink = soft
	case Quote:
		kind, start, width, side = "BlockQuote", 14, bodyWidth-28, accent
	case Strip:
		st = p.style(9.4)
		start, width, back = 10, bodyWidth-20, warning
	}
	out := p.prose(kind, b.Text, st, start, width)
	out.after, out.back, out.side = st.size*0.75, back, side
	if back != "" || side != "" {
		out.before, out.after = 4, st.size*1.1
	}
	return out
}

// inner is the room above and below the lines.
func (b *prose) inner() float64 {
	if b.back != "" {
		return padding
	}
	return 0
}

func (b *prose) least() float64 {
	return b.before + float64(min(len(b.lines), 2))*b.style.leading + b.inner()
}

// whole is the height of all of it, with the room behind.
func (b *prose) whole() float64 {
	return b.before + float64(len(b.lines))*b.style.leading + b.inner() + b.after
}

func (b *prose) set(p *press) {
	p.space(b.before)
	var e *elem
	if b.list != nil {
		e = b.list.item(p, b)
	} else {
		e = p.root.under(b.kind)
	}
	if b.level > 0 {
		p.heads = append(p.heads, bookmark{b.text.plain(), p.now, p.y, b.level})
	}
	for i, l := range b.lines {
		above, below := 0.0, 0.0
		if i == 0 {
			above = b.inner()
		}
		if i == len(b.lines)-1 {
			below = b.inner()
		}
		b.line(p, e, l, above, below)
	}
	p.y += b.after
}

// line sets one line with what is behind and beside it.
func (b *prose) line(p *press, e *elem, l line, above, below float64) {
	height := above + b.style.leading + below
	if height > p.left() && !p.fresh() {
		p.turn()
	}
	if b.back != "" {
		p.now.fill(marginSide, p.y, bodyWidth, height, b.back)
	}
	if b.side != "" {
		p.now.fill(p.offset(0, 2), p.y, 2, height, b.side)
	}
	p.line(e, b.text, l, b.style, b.start, b.width, p.y+above, false)
	p.y += height
}

// list is a list with its items.
type list struct {
	items []*prose
	node  *elem
}

func (p *press) list(b List) flow {
	st := p.style(10)
	marks := make([]*prose, len(b.Items))
	wide := 12.0
	for i := range b.Items {
		marks[i] = p.prose("Lbl", T(b.mark(i)), st, 0, bodyWidth/4)
		wide = max(wide, marks[i].lines[0].width*st.size/em+7)
	}
	out := &list{}
	for i, t := range b.Items {
		item := p.prose("LBody", t, st, wide, bodyWidth-wide)
		item.after, item.mark, item.list = 3, marks[i], out
		out.items = append(out.items, item)
	}
	return out
}

// mark is what stands before item i (from 0).
func (b List) mark(i int) string {
	switch {
	case !b.Ordered:
		return "•"
	case b.Number != nil:
		return b.Number(i+1) + "."
	}
	return strconv.Itoa(i+1) + "."
}

func (l *list) least() float64 {
	if len(l.items) == 0 {
		return 0
	}
	return l.items[0].least()
}

func (l *list) set(p *press) {
	l.node = p.root.under("L")
	for _, item := range l.items {
		if item.least() > p.left() && !p.fresh() {
			p.turn()
		}
		item.set(p)
	}
	p.y += 5
}

// item draws the item's mark and returns the node of its text.
func (l *list) item(p *press, b *prose) *elem {
	node := l.node.under("LI")
	if b.style.leading > p.left() && !p.fresh() {
		p.turn()
	}
	p.line(node.under("Lbl"), b.mark.text, b.mark.lines[0], b.style, 0, b.start, p.y, false)
	return node.under("LBody")
}

// plain is a text's characters as they are read.
func (t *shaped) plain() string {
	var b strings.Builder
	for _, r := range t.runes {
		switch {
		case r == lineBreak:
			b.WriteByte(' ')
		case !unseen(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}
