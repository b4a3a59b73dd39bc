package chart

import "html/template"

// HBar is one bar of a facet or ranking. High, where larger than Value, is drawn as a light extension: the upper end
// of the range.
type HBar struct {
	Label, Href string
	Value, High int64
	Text        string // the number in words, such as a range; empty writes Value
	Class       string // colour class; conf when empty
	NoInfo      bool   // a hatched bar over the whole width
	Current     bool   // the facet that is chosen now
}

// HBars are horizontal bars with their labels and numbers as text, so that they wrap, enlarge and can be copied.
// They are a table already and need no other text alternative.
type HBars struct {
	Frame
	Title string
	Head  string // what the labels are
	Items []HBar
	Max   int64  // value of a full bar; 0 takes the largest
	Shown int    // items beyond so many are folded behind a line that opens them; 0 shows all
	More  string // what that line says
}

func (c HBars) scale() int64 {
	top := max(c.Max, 1)
	for _, i := range c.Items {
		top = max(top, i.Value, i.High)
	}
	return top
}

// HTML renders the bars as a table; in a right-to-left frame they grow from the right. Roles are spelled out because a
// narrow page lays the rows out as blocks.
func (c HBars) HTML() template.HTML {
	b := &markup{}
	shown := c.Shown
	if shown <= 0 || shown >= len(c.Items) {
		shown = len(c.Items)
	}
	c.table(b, "", c.Items[:shown])
	if shown < len(c.Items) {
		b.open("details", "class", "ch-more")
		b.element("summary", c.More)
		c.table(b, "ch-hidden", c.Items[shown:])
		b.end("details")
	}
	return b.html()
}

func (c HBars) table(b *markup, caption string, items []HBar) {
	w := c.Words.filled()
	b.open("table", "class", "ch-hbars", "role", "table")
	b.element("caption", c.Title, "class", caption)
	b.open("thead", "class", "ch-hidden", "role", "rowgroup")
	b.open("tr", "role", "row")
	for _, h := range []string{c.Head, c.Title, w.Count} {
		b.element("th", h, "scope", "col", "role", "columnheader")
	}
	b.end("tr")
	b.end("thead")
	b.open("tbody", "role", "rowgroup")
	for _, item := range items {
		c.row(b, item)
	}
	b.end("tbody")
	b.end("table")
}

func (c HBars) row(b *markup, item HBar) {
	current := ""
	if item.Current {
		current = "true"
	}
	b.open("tr", "role", "row")
	b.open("th", "scope", "row", "role", "rowheader")
	is := b.link(item.Href, "aria-current", current)
	b.element("bdi", item.Label)
	b.close(is, "a")
	b.end("th")
	if item.NoInfo {
		b.element("td", "", "class", "n0", "role", "cell")
	} else {
		b.open("td", "role", "cell")
		b.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "ch-hbar", "viewBox", "0 0 100 10", "preserveAspectRatio", "none", "aria-hidden", "true")
		c.length(b, "prob", max(item.Value, item.High))
		c.length(b, barClass(item.Class), item.Value)
		b.end("svg")
		b.end("td")
	}
	b.element("td", c.say(item), "role", "cell")
	b.end("tr")
}

func barClass(s string) string {
	if s = class(s); s == "" {
		return "conf"
	}
	return s
}

func (c HBars) length(b *markup, class string, n int64) {
	if n <= 0 {
		return
	}
	w := 100 * float64(n) / float64(c.scale())
	x := 0.0
	if c.RTL {
		x = 100 - w
	}
	b.void("rect", "class", class, "x", precise(x), "width", precise(w), "height", "10")
}

func (c HBars) say(item HBar) string {
	switch {
	case item.Text != "":
		return item.Text
	case item.NoInfo:
		return c.Words.filled().NoInfo
	}
	return c.num(item.Value)
}

// Table is the same content for exports.
func (c HBars) Table() Table {
	t := Table{Caption: c.Title, Head: []string{c.Head, c.Words.filled().Count}}
	for _, i := range c.Items {
		t.Rows = append(t.Rows, []string{i.Label, c.say(i)})
	}
	return t
}
