package chart

import "html/template"

// Table says the same as a drawing: a caption, a row of headings, and rows whose first cell is their heading.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

// HTML renders the table. Rows shorter than the head are filled with empty cells, longer ones are kept whole.
func (t Table) HTML() template.HTML {
	b := &markup{}
	b.open("table", "class", "ch-data")
	b.element("caption", t.Caption)
	b.open("thead")
	b.open("tr")
	for _, h := range t.Head {
		b.element("th", h, "scope", "col")
	}
	b.end("tr")
	b.end("thead")
	b.open("tbody")
	for _, row := range t.Rows {
		b.open("tr")
		for i := range max(len(row), len(t.Head)) {
			cell := ""
			if i < len(row) {
				cell = row[i]
			}
			if i == 0 {
				b.element("th", cell, "scope", "row")
			} else {
				b.element("td", cell)
			}
		}
		b.end("tr")
	}
	b.end("tbody")
	b.end("table")
	return b.html()
}

// Drawing is a chart that can be drawn and can be told as a table.
type Drawing interface {
	SVG() template.HTML
	Table() Table
}

// Figure joins a drawing, its caption and its table, which opens on demand without script. A drawing that is wide by
// nature scrolls on a phone instead of shrinking.
func (f Frame) Figure(d Drawing, caption template.HTML) template.HTML {
	b := &markup{}
	b.open("figure", "class", "ch-figure")
	if w, ok := d.(interface{ wide() bool }); ok && w.wide() {
		b.open("div", "class", "ch-scroll ch-wide", "tabindex", "0", "role", "region", "aria-label", d.Table().Caption)
		b.b.WriteString(string(d.SVG()))
		b.end("div")
	} else {
		b.b.WriteString(string(d.SVG()))
	}
	if caption != "" {
		b.open("figcaption")
		b.b.WriteString(string(caption))
		b.end("figcaption")
	}
	b.b.WriteString(string(f.Alternative(d.Table())))
	b.end("figure")
	return b.html()
}

// Alternative folds a table behind a line that opens it.
func (f Frame) Alternative(t Table) template.HTML {
	b := &markup{}
	b.open("details", "class", "ch-table")
	b.element("summary", f.Words.filled().ShowTable)
	b.open("div", "class", "ch-scroll", "tabindex", "0", "role", "region", "aria-label", t.Caption)
	b.b.WriteString(string(t.HTML()))
	b.end("div")
	b.end("details")
	return b.html()
}
