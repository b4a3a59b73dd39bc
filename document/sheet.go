package document

import (
	"bytes"
	"fmt"
	"strconv"
)

// A4 and its margins, in points. Offsets down a page are from its upper edge.
const (
	pageWidth    = 595.28
	pageHeight   = 841.89
	marginSide   = 62.0
	marginTop    = 68.0
	marginBottom = 68.0
	bodyWidth    = pageWidth - 2*marginSide
	bodyBottom   = pageHeight - marginBottom
	bodyHeight   = bodyBottom - marginTop
)

// ink is a colour, "#rrggbb".
type ink string

// The light palette of the pages (chart/tokens.css).
const (
	black   ink = "#1b1d22"
	white   ink = "#ffffff"
	soft    ink = "#5b606b"
	hair    ink = "#dcd8cf"
	accent  ink = "#0b5a60"
	unknown ink = "#cfc9bc" // lines of the hatching
	shade   ink = "#f1eee7" // heads of tables
	warning ink = "#f6dfb4"
)

// rgb reads the colour; what is not one reads as white.
func (c ink) rgb() (r, g, b float64) {
	v, err := strconv.ParseUint(string(bytes.TrimPrefix([]byte(c), []byte("#"))), 16, 32)
	if err != nil || len(c) != 7 {
		return 1, 1, 1
	}
	return float64(v>>16&255) / 255, float64(v>>8&255) / 255, float64(v&255) / 255
}

// dark tells whether white reads better on it than black.
func (c ink) dark() bool {
	r, g, b := c.rgb()
	return 0.2126*r*r+0.7152*g*g+0.0722*b*b < 0.2
}

// sheet is one page as it is drawn.
type sheet struct {
	id      int
	content bytes.Buffer
	marks   []*elem // node of each stretch of marked content
	open    *elem   // of the stretch that is open
	marked  bool    // a stretch is open
	turned  bool    // it reads from right to left
	links   []*link
	ink     ink
}

// link is the clickable area of a span.
type link struct {
	id, parent           int
	elem                 *elem
	left, low, right, up float64
	address              string
}

func (s *sheet) op(format string, args ...any) { fmt.Fprintf(&s.content, format, args...) }

// mark opens the stretch of a node; nil is what a reader may skip: lines, fills, running heads. Text that reads from right to left is written
// from left to right and marked as reversed (ISO 32000-1, 14.8.2.3.3); that mark stands outside, because readers lose count of marks inside.
func (s *sheet) mark(e *elem, reversed bool) {
	if s.marked && s.open == e && s.turned == reversed {
		return
	}
	s.unmark()
	s.marked, s.open, s.turned = true, e, reversed
	if reversed {
		s.op("/ReversedChars BMC\n")
	}
	if e == nil {
		s.op("/Artifact BMC\n")
		return
	}
	e.kids = append(e.kids, kid{on: s, mark: len(s.marks)})
	s.op("/%s<</MCID %d>>BDC\n", e.kind, len(s.marks))
	s.marks = append(s.marks, e)
}

func (s *sheet) unmark() {
	if s.marked {
		s.op("EMC\n")
	}
	if s.marked && s.turned {
		s.op("EMC\n")
	}
	s.marked = false
}

func (s *sheet) colour(c ink) {
	if s.ink == c {
		return
	}
	s.ink = c
	r, g, b := c.rgb()
	s.op("%s %s %s rg\n", number2(r), number2(g), number2(b))
}

// fill paints a box; top is its upper edge.
func (s *sheet) fill(left, top, width, height float64, c ink) {
	s.mark(nil, false)
	s.colour(c)
	s.op("%s re f\n", box(left, top, width, height))
}

// hatch paints a box that says: we do not know.
func (s *sheet) hatch(left, top, width, height float64) {
	s.mark(nil, false)
	s.op("q /Pattern cs /Hatch scn %s re f Q\n", box(left, top, width, height))
}

func box(left, top, width, height float64) string {
	return number2(left) + " " + number2(pageHeight-top-height) + " " + number2(width) + " " + number2(height)
}

// number2 writes a number with at most two places.
func number2(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	if s == "-0" {
		return "0"
	}
	return s
}
