package document

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"time"
)

// zipTime is the date of every file inside, so that equal documents give equal bytes.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

const odtType = "application/vnd.oasis.opendocument.text"

// WriteODT writes the document as an OpenDocument text (1.2) for who must edit it. Looks are named styles. Equal documents give equal
// bytes. Its errors are those of the writer.
func (d Document) WriteODT(w io.Writer) error {
	z := zip.NewWriter(w)
	o := &odt{doc: d, fills: map[string]string{}}
	content := o.content()
	if err := addType(z); err != nil {
		return err
	}
	parts := append([]part{{"META-INF/manifest.xml", "", []byte(o.manifest())}, {"meta.xml", "", []byte(o.meta())}, {"styles.xml", "", []byte(o.styles())},
		{"content.xml", "", []byte(content)}}, o.parts...)
	for _, p := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: zipTime})
		if err != nil {
			return err
		}
		if _, err := f.Write(p.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// addType writes the file's type first, uncompressed and without anything between name and text, so that it is found at byte 38
// (OpenDocument 1.2 part 3, 3.3).
func addType(z *zip.Writer) error {
	size := uint64(len(odtType))
	f, err := z.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(odtType)), CompressedSize64: size, UncompressedSize64: size})
	if err == nil {
		_, err = io.WriteString(f, odtType)
	}
	return err
}

// odt collects the body and the automatic styles that it needs.
type odt struct {
	doc    Document
	body   strings.Builder
	auto   strings.Builder
	fills  map[string]string // style of a cell by its fill
	tables int
	parts  []part // pictures
	frames int
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

const odtNames = ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"` +
	` xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"` +
	` xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"` +
	` xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"`

const odtManifest = xmlHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">` +
	`<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="` + odtType + `"/>` +
	`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>`

// escape makes a cleaned text fit for XML.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(string(clean(s)))) // a strings.Builder takes everything
	return strings.ReplaceAll(b.String(), string(lineBreak), " ")
}

func (o *odt) add(format string, args ...any) { fmt.Fprintf(&o.body, format, args...) }

func (o *odt) meta() string {
	return xmlHead + `<office:document-meta` + odtNames + `><office:meta><meta:generator>Ward</meta:generator><dc:title>` + escape(o.doc.Title) +
		`</dc:title><dc:language>` + escape(o.doc.Lang) + `</dc:language></office:meta></office:document-meta>`
}

func (o *odt) content() string {
	for _, b := range o.doc.Blocks {
		o.block(b)
	}
	return xmlHead + `<office:document-content` + odtNames + `><office:automatic-styles>` + o.auto.String() +
		`</office:automatic-styles><office:body><office:text>` + o.body.String() + `</office:text></office:body></office:document-content>`
}

func (o *odt) block(b Block) {
	switch b := b.(type) {
	case Heading:
		level := min(max(b.Level, 1), 3)
		o.add(`<text:h text:style-name="Heading_20_%d" text:outline-level="%d">%s</text:h>`, level, level, o.spans(b.Text))
	case Paragraph:
		o.paragraph(lookStyle(b.Look), b.Text)
	case List:
		o.list(b)
	case Table:
		o.table(b)
	case Facts:
		o.facts(b)
	case Figure:
		o.figures(Figures{b})
	case Figures:
		o.figures(b)
	case Picture:
		o.photograph(b)
	case Rule:
		o.paragraph("Rule", nil)
	case PageBreak:
		o.paragraph("Page_20_Break", nil)
	}
}

func lookStyle(l Look) string {
	switch l {
	case Lead:
		return "Lead"
	case Note:
		return "Note"
	case Quote:
		return "Quotations"
	case Strip:
		return "Strip"
	}
	return "Text_20_body"
}

func (o *odt) paragraph(style string, t Text) {
	o.add(`<text:p text:style-name="%s">%s</text:p>`, style, o.spans(t))
}

// spans writes running text.
func (o *odt) spans(t Text) string {
	var b strings.Builder
	for _, s := range t {
		inner := odtText(s.Text)
		switch {
		case s.Bold && s.Soft:
			inner = `<text:span text:style-name="Strong_20_Soft">` + inner + `</text:span>`
		case s.Bold:
			inner = `<text:span text:style-name="Strong_20_Emphasis">` + inner + `</text:span>`
		case s.Soft:
			inner = `<text:span text:style-name="Soft">` + inner + `</text:span>`
		}
		if address := webAddress(s.Href); address != "" {
			inner = `<text:a xlink:type="simple" xlink:href="` + escape(address) + `">` + inner + `</text:a>`
		}
		b.WriteString(inner)
	}
	return b.String()
}

// odtText keeps what XML readers fold away: line ends, and spaces after spaces or at an end.
func odtText(s string) string {
	var b strings.Builder
	var plain []rune
	flush := func() {
		_ = xml.EscapeText(&b, []byte(string(plain)))
		plain = plain[:0]
	}
	last := ' '
	for _, r := range clean(s) {
		switch {
		case r == lineBreak:
			flush()
			b.WriteString(`<text:line-break/>`)
		case r == ' ' && last == ' ':
			flush()
			b.WriteString(`<text:s/>`)
		default:
			plain = append(plain, r)
		}
		last = r
	}
	flush()
	return b.String()
}

func (o *odt) list(l List) {
	style := "List_20_1"
	if l.Ordered {
		style = "Numbering_20_1"
	}
	o.add(`<text:list text:style-name="%s">`, style)
	for _, item := range l.Items {
		o.add(`<text:list-item>`)
		o.paragraph("List_20_Contents", item)
		o.add(`</text:list-item>`)
	}
	o.add(`</text:list>`)
}

// facts become a table without lines: it is the only way to set figures beside each other that every word processor keeps.
func (o *odt) facts(f Facts) {
	for a := 0; a < len(f); a += factsAcross {
		part := f[a:min(a+factsAcross, len(f))]
		o.open(min(len(f), factsAcross), nil)
		o.add(`<table:table-row>`)
		for _, fact := range part {
			o.add(`<table:table-cell table:style-name="%s" office:value-type="string">`, o.cellStyle(Cell{}))
			o.paragraph("Fact_20_Label", T(fact.Label))
			o.paragraph("Fact_20_Value", T(fact.Value))
			if fact.Note != "" {
				o.paragraph("Fact_20_Label", T(fact.Note))
			}
			o.add(`</table:table-cell>`)
		}
		o.empty(min(len(f), factsAcross) - len(part))
		o.add(`</table:table-row></table:table>`)
	}
}

// open begins a table with its columns.
func (o *odt) open(columns int, widths []float64) {
	o.tables++
	name := fmt.Sprintf("Table%d", o.tables)
	mode := "lr-tb"
	if o.doc.RTL {
		mode = "rl-tb"
	}
	fmt.Fprintf(&o.auto, `<style:style style:name="%s" style:family="table"><style:table-properties style:width="%spt" table:align="margins" style:writing-mode="%s" fo:margin-bottom="10pt"/></style:style>`,
		name, number2(bodyWidth), mode)
	o.add(`<table:table table:name="%s" table:style-name="%s">`, name, name)
	if len(widths) != columns {
		o.add(`<table:table-column table:number-columns-repeated="%d"/>`, columns)
		return
	}
	for i, w := range widths {
		style := fmt.Sprintf("%s.%d", name, i+1)
		fmt.Fprintf(&o.auto, `<style:style style:name="%s" style:family="table-column"><style:table-column-properties style:column-width="%spt"/></style:style>`, style, number2(w))
		o.add(`<table:table-column table:style-name="%s"/>`, style)
	}
}

func (o *odt) table(t Table) {
	p, err := newPress(o.doc)
	if err != nil {
		return
	}
	ready, ok := p.table(t).(*table)
	if !ok {
		return
	}
	if len(t.Caption) > 0 {
		o.paragraph("Caption", t.Caption)
	}
	o.open(len(ready.widths), ready.widths)
	if len(t.Head) > 0 {
		o.add(`<table:table-header-rows>`)
		o.row(t.headCells(), len(ready.widths), "Table_20_Heading")
		o.add(`</table:table-header-rows>`)
	}
	for _, r := range t.Rows {
		o.row(r, len(ready.widths), "Table_20_Contents")
	}
	if len(t.Rows) == 0 && len(t.Head) == 0 {
		o.row(nil, len(ready.widths), "Table_20_Contents")
	}
	o.add(`</table:table>`)
}

func (o *odt) row(cells []Cell, columns int, style string) {
	o.add(`<table:table-row>`)
	for _, c := range cells {
		own := style
		switch {
		case ink(c.Fill).dark() && c.Num:
			own = "Table_20_Light_20_Figures"
		case ink(c.Fill).dark():
			own = "Table_20_Light"
		case c.Num:
			own += "_20_Figures"
		}
		o.add(`<table:table-cell table:style-name="%s" office:value-type="string">`, o.cellStyle(c))
		o.paragraph(own, c.Text)
		o.add(`</table:table-cell>`)
	}
	o.empty(columns - len(cells))
	o.add(`</table:table-row>`)
}

func (o *odt) empty(n int) {
	for range n {
		o.add(`<table:table-cell office:value-type="string"><text:p text:style-name="Table_20_Contents"/></table:table-cell>`)
	}
}

// cellStyle names the style of a cell's ground. OpenDocument has no hatching inside tables: there it is a grey ground and a dotted border.
func (o *odt) cellStyle(c Cell) string {
	key := fmt.Sprintf("%s|%v", c.Fill, c.Hatch)
	if name, ok := o.fills[key]; ok {
		return name
	}
	name := "Cell" + strconv.Itoa(len(o.fills)+1)
	o.fills[key] = name
	ground := ""
	if c.Fill != "" && validInk(c.Fill) {
		ground = ` fo:background-color="` + c.Fill + `"`
	}
	border := `fo:border="none" fo:border-bottom="0.5pt solid ` + string(hair) + `"`
	if c.Hatch {
		border, ground = `fo:border="1pt dotted `+string(soft)+`"`, ` fo:background-color="`+string(shade)+`"`
	}
	fmt.Fprintf(&o.auto, `<style:style style:name="%s" style:family="table-cell"><style:table-cell-properties fo:padding="3pt" %s%s/></style:style>`, name, border, ground)
	return name
}

func validInk(s string) bool {
	_, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	return err == nil && len(s) == 7 && s[0] == '#'
}
