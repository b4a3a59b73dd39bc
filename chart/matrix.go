package chart

import (
	"html/template"
	"strings"
)

// Matrix is clause by year: one cell for each, in the colour of its level. It is a table already, so it is drawn as
// one and needs no other text alternative.
type Matrix struct {
	Frame
	Caption string
	Corner  string   // heading of the first column, for readers of the screen
	Columns []string // years, in the digits of the page
	Rows    []MatrixRow
	Lang    string // language of groups and notes where it is not the page's
}

// MatrixRow is one clause. Rows that follow each other with the same Group stand under one heading.
type MatrixRow struct {
	Group, GroupHref  string
	Label, Note, Href string
	Title             string       // the clause in a sentence, said of its label
	Cells             []MatrixCell // one for each column; missing ones are drawn as N0
}

// MatrixCell is what is held for one clause in one year.
type MatrixCell struct {
	Level   string // N0, N1, F1 to F4, not_in_force
	Count   string // incidents behind it, "" for none
	Href    string
	Title   string // the whole finding in words: what a reader of the screen hears
	Moves   bool   // the level changes when uncertain cases are left out: drawn with a ring
	Uncoded bool   // incidents are counted, and no two people have accepted a level yet
	Refused bool   // access was refused: hatched twice
}

// fewColumns is how many years fit on a phone below their clause; more scroll beside it.
const fewColumns = 12

// HTML renders the matrix in a scrolling region whose first column stays in view. Roles are spelled out because a phone
// lays the rows of a narrow matrix out as blocks.
func (m Matrix) HTML() template.HTML {
	b := &markup{}
	b.open("div", "class", "ch-scroll", "tabindex", "0", "role", "region", "aria-label", m.Caption)
	name := "ch-matrix"
	if len(m.Columns) <= fewColumns {
		name += " few"
	}
	b.open("table", "class", name, "role", "table")
	b.element("caption", m.Caption, "class", "ch-hidden")
	b.open("thead", "role", "rowgroup")
	b.open("tr", "role", "row")
	b.open("th", "scope", "col", "role", "columnheader")
	b.element("span", m.Corner, "class", "ch-hidden")
	b.end("th")
	for _, c := range m.Columns {
		b.element("th", c, "scope", "col", "role", "columnheader")
	}
	b.end("tr")
	b.end("thead")
	for from := 0; from < len(m.Rows); {
		to := from + 1
		for to < len(m.Rows) && m.Rows[to].Group == m.Rows[from].Group {
			to++
		}
		m.group(b, m.Rows[from:to])
		from = to
	}
	b.end("table")
	b.end("div")
	return b.html()
}

func (m Matrix) group(b *markup, rows []MatrixRow) {
	b.open("tbody", "role", "rowgroup")
	if g := rows[0]; g.Group != "" {
		b.open("tr", "role", "row")
		b.open("th", "scope", "rowgroup", "role", "rowheader", "class", "ch-group", "colspan", coord(float64(len(m.Columns)+1)))
		is := b.link(g.GroupHref)
		b.element("bdi", g.Group, "lang", m.Lang)
		b.close(is, "a")
		b.end("th")
		b.end("tr")
	}
	for _, r := range rows {
		b.open("tr", "role", "row")
		b.open("th", "scope", "row", "role", "rowheader")
		m.label(b, r)
		b.end("th")
		for i := range m.Columns {
			cell := MatrixCell{}
			if i < len(r.Cells) {
				cell = r.Cells[i]
			}
			m.cell(b, r.Label+", "+m.Columns[i], cell)
		}
		b.end("tr")
	}
	b.end("tbody")
}

// label writes a clause's number and its short words, each with its own direction.
func (m Matrix) label(b *markup, r MatrixRow) {
	is := b.link(r.Href, "title", r.Title)
	if r.Label != "" {
		b.element("bdi", r.Label)
		b.text(" ")
	}
	if r.Note != "" {
		b.element("bdi", r.Note, "class", "ch-note", "lang", m.Lang)
	}
	b.close(is, "a")
}

// cell shows a level's name only where something was established: N0 and not_in_force speak through their pattern.
func (m Matrix) cell(b *markup, place string, c MatrixCell) {
	b.open("td", "role", "cell", "class", strings.Join(c.classes(), " "))
	title := c.Title
	if title == "" {
		title = m.say(place, c)
	}
	seen := strings.TrimSpace(c.shownLevel() + " " + c.Count)
	label := title
	if c.Title != "" && seen != "" {
		label = seen + ". " + title // who speaks to the screen says what stands on it
	}
	tag := "span"
	if b.link(c.Href, "aria-label", label, "title", title) {
		tag = "a"
	} else {
		b.open("span", "role", "img", "aria-label", label, "title", title)
	}
	if level := c.shownLevel(); level != "" {
		b.element("b", level)
		b.text(" ")
	}
	if c.Count != "" {
		b.element("i", c.Count)
	}
	b.end(tag)
	b.end("td")
}

func (c MatrixCell) shownLevel() string {
	if class := LevelClass(c.Level); class == "n0" || class == "nif" {
		return ""
	}
	return c.Level
}

func (c MatrixCell) classes() []string {
	all := []string{LevelClass(c.Level)}
	for _, o := range []struct {
		is   bool
		name string
	}{{c.Moves, "moves"}, {c.Uncoded, "uncoded"}, {c.Refused, "refused"}} {
		if o.is {
			all = append(all, o.name)
		}
	}
	return all
}

func (m Matrix) say(place string, c MatrixCell) string {
	w, level := m.Words.filled(), c.Level
	if level == "" {
		level = "N0"
	}
	parts := []string{place + ": " + level}
	if c.Count != "" {
		parts = append(parts, c.Count)
	}
	if c.Uncoded {
		parts = append(parts, w.NotCoded)
	}
	if c.Refused {
		parts = append(parts, w.Refused)
	}
	if c.Moves {
		parts = append(parts, w.Moves)
	}
	return strings.Join(parts, ", ")
}
