package document

import (
	"math"
	"net/url"
	"strings"

	"github.com/go-text/typesetting/font"
)

// What both families take above and below the baseline, in thousandths of the type size.
const (
	ascender  = 1025
	descender = -275
)

// style is how lines of text are set: sizes and leading (distance from line to line) in points.
type style struct {
	size, leading float64
	bold          bool
	ink           ink
}

// press lays blocks out on sheets, one below the other.
type press struct {
	doc    Document
	shaper *shaper
	sheets []*sheet
	now    *sheet
	y      float64 // where the next line begins, from the upper edge
	root   *elem
	used   [faceCount]used
	heads  []bookmark
	images []*raster
}

// bookmark is a heading's place in the outline.
type bookmark struct {
	title string
	on    *sheet
	top   float64
	level int
}

func newPress(d Document) (*press, error) {
	s, err := newShaper(d.Lang, d.RTL)
	if err != nil {
		return nil, err
	}
	p := &press{doc: d, shaper: s, root: &elem{kind: "Document"}}
	p.turn()
	return p, nil
}

// turn begins a new page.
func (p *press) turn() {
	if p.now != nil {
		p.now.unmark()
	}
	p.now = &sheet{}
	p.sheets = append(p.sheets, p.now)
	p.y = marginTop
}

func (p *press) left() float64 { return bodyBottom - p.y } // height that is left on the page
func (p *press) fresh() bool   { return p.y <= marginTop }

// space leaves room before a block, except at the top of a page.
func (p *press) space(height float64) {
	if !p.fresh() {
		p.y += height
	}
}

// style is the usual one at a size; Arabic letters need more room between lines.
func (p *press) style(size float64) style {
	leading := 1.42
	if p.doc.RTL {
		leading = 1.65
	}
	return style{size: size, leading: size * leading, ink: black}
}

// offset turns a distance from the edge at which reading starts into one from the left edge of the page.
func (p *press) offset(start, width float64) float64 {
	if p.doc.RTL {
		return pageWidth - marginSide - start - width
	}
	return marginSide + start
}

// measure is a width in points as thousandths of a type size.
func measure(width, size float64) float64 { return max(width, 1) * em / size }

// line draws one line with its upper edge at top, between start and start+width; end sets it at the end of the line instead of its start.
func (p *press) line(e *elem, t *shaped, l line, st style, start, width, top float64, end bool) {
	wide := l.width * st.size / em
	x := p.offset(start, width)
	if end != p.doc.RTL {
		x += width - wide
	}
	base := top + (st.leading-st.size*(ascender-descender)/em)/2 + st.size*ascender/em
	for _, pc := range t.pieces(l) {
		p.piece(e, t, pc, st, x+pc.left*st.size/em, base)
	}
}

// piece draws a stretch of one look at its place.
func (p *press) piece(e *elem, t *shaped, pc piece, st style, x, base float64) {
	span := t.spans[pc.span]
	colour, address := st.ink, ""
	if span.Soft && colour == black {
		colour = soft
	}
	if e != nil {
		address = webAddress(span.Href)
	}
	if address != "" {
		colour, e = accent, e.link(pc.span)
		width := pc.width * st.size / em
		p.now.fill(x, base+st.size*0.13, width, 0.5, colour)
		p.link(e, address, x, base, width, st.size)
	}
	p.now.mark(e, pc.level%2 == 1)
	p.now.colour(colour)
	p.show(t, pc, st.size, x, base)
}

// link makes an area clickable.
func (p *press) link(e *elem, address string, x, base, width, size float64) {
	l := &link{elem: e, address: address, left: x, right: x + width, low: pageHeight - base - size*0.25, up: pageHeight - base + size*0.9}
	p.now.links = append(p.now.links, l)
	e.kids = append(e.kids, kid{on: p.now, link: l})
}

// webAddress returns the address if it is one that a document may lead to, otherwise "".
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > 2000 {
		return ""
	}
	switch u.Scheme {
	case "http", "https", "mailto":
		return u.String()
	}
	return ""
}

// show writes the glyphs of a piece from left to right, whichever way it reads.
func (p *press) show(t *shaped, pc piece, size, x, base float64) {
	reversed := pc.level%2 == 1
	gs := t.glyphs[pc.from:pc.to]
	s := p.now
	s.op("BT /F%d %s Tf 1 0 0 1 %s %s Tm ", gs[0].face, number2(size), number2(x), number2(pageHeight-base))
	s.op("[<")
	drift := 0.0 // how far a reader's pen is ahead of where shaping puts the next glyph
	for i := range gs {
		g := gs[i]
		if reversed {
			g = gs[len(gs)-1-i]
		}
		if math.Abs(drift) > 0.5 {
			s.op(">%s<", number2(drift))
			drift = 0
		}
		cut := p.shaper.cut(g, t.text(g))
		s.op("%04X", p.used[g.face].code(cut))
		drift += cut.advance() - float64(g.adv)
	}
	s.op(">]TJ ")
	s.op("ET\n")
}

// text is what a glyph was set for, without characters that only steer layout.
func (t *shaped) text(g glyph) string {
	var b strings.Builder
	for _, r := range t.runes[g.from:g.to] {
		if !unseen(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func fontGID(gid uint16) font.GID { return font.GID(gid) }
