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
		o.frame(o.attach("svg", "image/svg+xml", []byte(f.svg(scale))), f.Alt, f.Width*scale, f.Height*scale)
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
func (f Figure) svg(scale float64) string {
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
		fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="%s" fill="%s" stroke="%s" stroke-width="0.8"/><text x="%s" y="%s" text-anchor="middle" font-family="IBM Plex Sans, IBM Plex Sans Arabic, sans-serif" font-weight="bold" font-size="7.4" fill="%s">%s</text>`,
			n(x), n(y), n(markRadius), accent, white, n(x), n(y+2.6), white, escape(m.label()))
	}
	b.WriteString(`</svg>`)
	return b.String()
}
