package document

import (
	"fmt"
	"strings"
)

// odtStyle is a paragraph style: name, parent, further properties of paragraph and text.
type odtStyle struct{ name, parent, paragraph, text string }

// paragraphs are the styles of paragraphs. Edges are named left and right, because word processors read "start" differently.
func (o *odt) paragraphs() []odtStyle {
	start, end := "left", "right"
	if o.doc.RTL {
		start, end = end, start
	}
	ending := `fo:text-align="` + end + `"`
	return []odtStyle{
		{"Text_20_body", "Standard", `fo:margin-bottom="7pt"`, ``},
		{"Heading_20_1", "Standard", `fo:margin-bottom="9pt" fo:keep-with-next="always"`, bold(23)},
		{"Heading_20_2", "Standard", `fo:margin-top="18pt" fo:margin-bottom="6pt" fo:keep-with-next="always"`, bold(14)},
		{"Heading_20_3", "Standard", `fo:margin-top="12pt" fo:margin-bottom="4pt" fo:keep-with-next="always"`, bold(12)},
		{"Lead", "Text_20_body", ``, size(13)},
		{"Note", "Text_20_body", ``, size(9) + colour(soft)},
		{"Quotations", "Text_20_body", `fo:margin-left="14pt" fo:margin-right="14pt" fo:border="none" fo:border-` + start + `="2pt solid ` + string(accent) + `" fo:padding-` + start + `="8pt"`, ``},
		{"Strip", "Text_20_body", `fo:background-color="` + string(warning) + `" fo:padding="6pt"`, size(10)},
		{"Picture", "Standard", `fo:margin-top="4pt" fo:margin-bottom="3pt" fo:keep-with-next="auto"`, ``},
		{"List_20_Contents", "Standard", `fo:margin-bottom="3pt"`, ``},
		{"Caption", "Standard", `fo:margin-top="6pt" fo:margin-bottom="4pt" fo:keep-with-next="always"`, bold(10)},
		{"Table_20_Contents", "Standard", ``, size(9)},
		{"Table_20_Heading", "Table_20_Contents", ``, bold(9)},
		{"Table_20_Heading_20_Figures", "Table_20_Heading", ending, ``},
		{"Table_20_Contents_20_Figures", "Table_20_Contents", ending, ``},
		{"Table_20_Light", "Table_20_Contents", ``, colour(white)},
		{"Table_20_Light_20_Figures", "Table_20_Light", ending, ``},
		{"Fact_20_Label", "Standard", ``, size(9) + colour(soft)},
		{"Fact_20_Value", "Standard", ``, bold(18)},
		{"Rule", "Standard", `fo:border-bottom="0.5pt solid ` + string(hair) + `" fo:margin-bottom="10pt"`, size(4)},
		{"Page_20_Break", "Standard", `fo:break-before="page"`, size(2)},
		{"Header", "Standard", ``, size(8) + colour(soft)},
		{"Footer", "Standard", ``, size(8) + colour(soft)},
	}
}

// size, bold and colour are properties of text; a word processor keeps them apart for Latin and for Arabic letters.
func size(pt int) string {
	return fmt.Sprintf(` fo:font-size="%dpt" style:font-size-complex="%dpt"`, pt, pt)
}

func bold(pt int) string {
	return size(pt) + ` fo:font-weight="bold" style:font-weight-complex="bold"`
}

func colour(c ink) string { return ` fo:color="` + string(c) + `"` }

const odtFonts = `<office:font-face-decls><style:font-face style:name="Plex" svg:font-family="'IBM Plex Sans'" style:font-family-generic="swiss"/>` +
	`<style:font-face style:name="PlexArabic" svg:font-family="'IBM Plex Sans Arabic'" style:font-family-generic="swiss"/></office:font-face-decls>`

// styles is the file of named styles, page layout, running head and foot.
func (o *odt) styles() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<office:document-styles` + odtNames + `>` + odtFonts + `<office:styles>`)
	b.WriteString(o.defaults())
	b.WriteString(`<style:style style:name="Standard" style:family="paragraph" style:class="text"/>`)
	for _, s := range o.paragraphs() {
		level := ""
		if n, ok := strings.CutPrefix(s.name, "Heading_20_"); ok {
			level = ` style:default-outline-level="` + n + `"`
		}
		fmt.Fprintf(&b, `<style:style style:name="%s" style:display-name="%s" style:family="paragraph" style:parent-style-name="%s"%s><style:paragraph-properties %s/><style:text-properties %s/></style:style>`,
			s.name, strings.ReplaceAll(s.name, "_20_", " "), s.parent, level, s.paragraph, s.text)
	}
	for _, s := range [][2]string{{"Strong_20_Emphasis", weightOnly}, {"Soft", colour(soft)}, {"Strong_20_Soft", weightOnly + colour(soft)}} {
		fmt.Fprintf(&b, `<style:style style:name="%s" style:display-name="%s" style:family="text"><style:text-properties %s/></style:style>`,
			s[0], strings.ReplaceAll(s[0], "_20_", " "), s[1])
	}
	b.WriteString(o.lists())
	b.WriteString(`</office:styles>` + o.page() + `</office:document-styles>`)
	return b.String()
}

const weightOnly = ` fo:font-weight="bold" style:font-weight-complex="bold"`

// defaults are direction, language and fonts of everything.
func (o *odt) defaults() string {
	mode, start, height := "lr-tb", "left", "135%"
	if o.doc.RTL {
		mode, start, height = "rl-tb", "right", "150%"
	}
	lang, country, _ := strings.Cut(o.doc.Lang, "-")
	if country == "" {
		country = "none"
	}
	lang, country = escape(lang), escape(country)
	return fmt.Sprintf(`<style:default-style style:family="paragraph"><style:paragraph-properties style:writing-mode="%s" fo:text-align="%s" fo:line-height="%s"/>`+
		`<style:text-properties style:font-name="Plex" style:font-name-complex="PlexArabic"%s%s fo:language="%s" fo:country="%s" style:language-complex="%s" style:country-complex="%s"/></style:default-style>`,
		mode, start, height, size(10), colour(black), lang, country, lang, country)
}

func (o *odt) lists() string {
	place := `<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="18pt" fo:text-indent="-14pt" fo:margin-left="18pt"/></style:list-level-properties>`
	format := "1"
	if o.doc.RTL {
		format = nativeFormat(o.doc.Lang)
	}
	return `<text:list-style style:name="List_20_1"><text:list-level-style-bullet text:level="1" text:bullet-char="•">` + place + `</text:list-level-style-bullet></text:list-style>` +
		`<text:list-style style:name="Numbering_20_1"><text:list-level-style-number text:level="1" style:num-format="` + format + `" style:num-suffix=".">` + place + `</text:list-level-style-number></text:list-style>`
}

// nativeFormat is how numbers are written in the language's own digits.
func nativeFormat(lang string) string {
	switch {
	case strings.HasPrefix(lang, "fa"):
		return "۱, ۲, ۳, ..."
	case strings.HasPrefix(lang, "ar"):
		return "١, ٢, ٣, ..."
	}
	return "1"
}

// page is the layout of A4 with the running head and foot.
func (o *odt) page() string {
	mode := "lr-tb"
	if o.doc.RTL {
		mode = "rl-tb"
	}
	return fmt.Sprintf(`<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" style:print-orientation="portrait" fo:margin-top="14mm" fo:margin-bottom="14mm" fo:margin-left="%spt" fo:margin-right="%spt" style:writing-mode="%s"/>`+
		`<style:header-style><style:header-footer-properties fo:min-height="6mm" fo:margin-bottom="5mm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="6mm" fo:margin-top="5mm"/></style:footer-style></style:page-layout></office:automatic-styles>`+
		`<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:header><text:p text:style-name="Header">%s</text:p></style:header><style:footer><text:p text:style-name="Footer">%s%s</text:p></style:footer></style:master-page></office:master-styles>`,
		number2(marginSide), number2(marginSide), mode, escape(o.doc.Head), o.footLead(), o.pageNumber())
}

func (o *odt) footLead() string {
	if o.doc.Foot == "" {
		return ""
	}
	return escape(o.doc.Foot) + " · "
}

// pageNumber is the document's wording of a page's number with fields in it: the wording of a page that is asked for is searched for its
// two numbers, in whatever digits.
func (o *odt) pageNumber() string {
	const page, of = 47, 89
	words, format := escape(o.doc.number(page, of)), "1"
	for _, zero := range []rune{'0', '٠', '۰'} {
		own := func(tens, ones rune) string { return string([]rune{zero + tens, zero + ones}) }
		if !strings.Contains(words, own(4, 7)) {
			continue
		}
		if zero != '0' {
			format = nativeFormat(o.doc.Lang)
		}
		words = strings.Replace(words, own(4, 7), `<text:page-number text:select-page="current" style:num-format="`+format+`"/>`, 1)
		return strings.Replace(words, own(8, 9), `<text:page-count style:num-format="`+format+`"/>`, 1)
	}
	return `<text:page-number text:select-page="current" style:num-format="1"/>`
}
