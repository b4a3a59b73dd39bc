package document

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
)

// part is a further file inside an ODT.
type part struct {
	name, kind string
	data       []byte
}

// attach adds a file and returns its name inside.
func (o *odt) attach(ending, kind string, data []byte) string {
	name := fmt.Sprintf("Pictures/%d.%s", len(o.parts)+1, ending)
	o.parts = append(o.parts, part{name, kind, data})
	return name
}

func (o *odt) manifest() string {
	var more strings.Builder
	for _, p := range o.parts {
		fmt.Fprintf(&more, `<manifest:file-entry manifest:full-path="%s" manifest:media-type="%s"/>`, p.name, p.kind)
	}
	return strings.Replace(odtManifest, `</manifest:manifest>`, more.String()+`</manifest:manifest>`, 1)
}

// frame sets a picture as one sign of its paragraph, with the words for whoever does not see it.
func (o *odt) frame(name, alt string, wide, high float64) {
	o.frames++
	o.add(`<draw:frame draw:name="Picture%d" text:anchor-type="as-char" svg:width="%spt" svg:height="%spt"><draw:image xlink:href="%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/><svg:desc>%s</svg:desc></draw:frame>`,
		o.frames, number2(wide), number2(high), name, escape(alt))
}

func (o *odt) figures(list Figures) {
	for _, f := range list {
		if !f.valid() {
			continue
		}
		scale := f.fit(bodyWidth)
		o.add(`<text:p text:style-name="Picture">`)
		o.frame(o.attach("svg", "image/svg+xml", []byte(o.svg(f, scale))), f.Alt, f.Width*scale, f.Height*scale)
		o.add(`</text:p>`)
		o.under(f.Caption)
	}
}

func (o *odt) photograph(b Picture) {
	if b.image == nil {
		return
	}
	wide, high := b.image.size()
	o.add(`<text:p text:style-name="Picture">`)
	ending, kind, data := "jpg", "image/jpeg", b.image.data
	if b.image.plain {
		ending, kind, data = "png", "image/png", b.image.png()
	}
	o.frame(o.attach(ending, kind, data), b.Alt, wide, high)
	o.add(`</text:p>`)
	o.under(b.Caption)
}

func (o *odt) under(caption Text) {
	if len(caption) > 0 {
		o.paragraph("Note", caption)
	}
}

// png is the picture as a PNG file.
func (r *raster) png() []byte {
	m := image.NewRGBA(image.Rect(0, 0, r.wide, r.high))
	for i := range r.wide * r.high {
		copy(m.Pix[i*4:], r.data[i*3:i*3+3])
		m.Pix[i*4+3] = 255
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	return b.Bytes()
}

// svg is the drawing as an SVG file; scale is points for a unit, so that lines and numbers are as thick as on other pages.
func (o *odt) svg(f Figure, scale float64) string {
	var b strings.Builder
	n := number2
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt" viewBox="0 0 %s %s">`, n(f.Width*scale), n(f.Height*scale), n(f.Width*scale), n(f.Height*scale))
	for _, p := range f.Paths {
		line, width, fill := black, 0.9, "none"
		if p.Soft {
			line, width = soft, 0.5
		}
		if p.Fill {
			fill = string(shade)
		}
		fmt.Fprintf(&b, `<path fill="%s" stroke="%s" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round" d="`, fill, line, n(width))
		for _, s := range p.Steps {
			fmt.Fprintf(&b, "%c", s.Op)
			for i := range 2 * s.points() {
				fmt.Fprintf(&b, "%s ", n(s.At[i]*scale))
			}
		}
		b.WriteString(`"/>`)
	}
	for _, m := range f.Marks {
		x, y := onDrawing(m.X*scale, 0, f.Width*scale), onDrawing(m.Y*scale, 0, f.Height*scale)
		fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="%s" fill="%s" stroke="%s" stroke-width="0.8"/><path fill="%s" d="%s"/>`,
			n(x), n(y), n(markRadius), accent, white, white, o.drawn(m.label(), x, y+2.6))
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// drawn is a mark's number as lines, in the middle over x on the baseline y: word processors set text in a drawing as they please.
func (o *odt) drawn(label string, x, y float64) string {
	const size = 7.4
	p, err := newPress(o.doc)
	if err != nil {
		return ""
	}
	t := p.shaper.shape(T(label), true)
	l := t.lines(measure(bodyWidth, size))[0]
	var b strings.Builder
	for _, pc := range t.pieces(l) {
		at := x - l.width*size/em/2 + pc.left*size/em
		for _, g := range t.glyphs[pc.from:pc.to] {
			p.shaper.outline(&b, g, size, at, y)
			at += float64(g.adv) * size / em
		}
	}
	return b.String()
}

// outline writes the lines of a glyph with its origin at x, y.
func (s *shaper) outline(b *strings.Builder, g glyph, size, x, y float64) {
	face := s.faces[g.face]
	lines, ok := face.GlyphDataOutline(fontGID(g.gid))
	if !ok {
		return
	}
	scale := size / float64(face.Upem())
	for _, step := range lines.Segments {
		b.WriteByte("MLQC"[step.Op])
		for _, at := range step.ArgsSlice() {
			fmt.Fprintf(b, "%s %s ", number2(x+float64(at.X)*scale), number2(y-float64(at.Y)*scale))
		}
	}
}
