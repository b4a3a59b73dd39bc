// Package document turns a text made of plain blocks into a file for people: PDF, and ODT for who must edit it. It knows nothing of
// what the text is about.
//
// Terms. A document is a list of blocks in one language and one main direction. A span is a run of characters with one look; the
// direction of each run follows from its characters (the Unicode bidirectional algorithm), so that a Latin name stands right inside a
// Persian sentence. Everything is laid out on A4.
package document

// Document is one text to be printed.
type Document struct {
	Title  string                    // of the file; not printed by itself
	Lang   string                    // BCP 47, "fa"
	RTL    bool                      // the main direction is from right to left
	Head   string                    // running line at the top of every page; "" = none
	Foot   string                    // running line at the foot of every page, beside the page's number; "" = only the number
	Number func(page, of int) string // the page's number in the reader's words and digits
	Blocks []Block
}

// Block is Heading, Paragraph, List, Table, Facts, Figure, Figures, Picture, Rule or PageBreak.
type Block interface{ block() }

// Heading opens a part; Level 1 is the document's title, 2 a section, 3 a part of one.
type Heading struct {
	Level int
	Text  Text
}

// Looks of a paragraph.
const (
	Plain Look = ""
	Lead  Look = "lead"  // the one sentence that matters, in large type
	Note  Look = "note"  // smaller and softer: a caveat, a source
	Quote Look = "quote" // set in, with a line beside it
	Strip Look = "strip" // a warning across the width: a draft, invented data
)

// Look is how a paragraph stands on the page.
type Look string

// Paragraph is running text.
type Paragraph struct {
	Text Text
	Look Look
}

// List is a list with marks, or numbered from 1 when Ordered.
type List struct {
	Items   []Text
	Ordered bool
	Number  func(int) string // the number of an item in the reader's digits, before a stop; nil = Western digits. PDF only: in ODT the language says
}

// Table is a real table: its head is repeated on every page it runs over, a row is split only if it is taller than a page.
type Table struct {
	Caption Text
	Head    []Cell
	Rows    [][]Cell
	Widths  []float64 // relative widths of the columns; nil = by content
}

// Cell is one cell of a table.
type Cell struct {
	Text  Text
	Num   bool   // set at the end of the cell, figures under figures
	Fill  string // background as "#rrggbb"; "" = none
	Hatch bool   // hatched: we do not know
}

// Facts is a row of figures, each under its label.
type Facts []Fact

// Fact is one figure with what it counts and how sure it is.
type Fact struct{ Label, Value, Note string }

// Rule is a thin line across the page.
type Rule struct{}

// PageBreak begins a new page.
type PageBreak struct{}

func (Heading) block()   {}
func (Paragraph) block() {}
func (List) block()      {}
func (Table) block()     {}
func (Facts) block()     {}
func (Rule) block()      {}
func (PageBreak) block() {}

// Text is running text, run by run.
type Text []Span

// Span is a run with one look.
type Span struct {
	Text string
	Bold bool
	Soft bool   // softer ink: what is secondary
	Href string // where it leads: http, https or mailto, anything else is no link; "" = nowhere
}

// T is plain text.
func T(s string) Text { return Text{{Text: s}} }
