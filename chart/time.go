package chart

import (
	"html/template"
	"strings"
)

// Spark is a line of small bars for a cell or a sentence. Gaps are periods without information.
type Spark struct {
	Frame
	Title   string
	Periods []string
	Values  []int64
	Gaps    []bool
	Max     int64 // 0 takes the largest value
}

const sparkHeight, sparkSlot = 20.0, 5.0

// SVG draws the spark line: five units wide for each period, twenty high.
func (s Spark) SVG() template.HTML {
	top := max(s.Max, 1)
	for _, v := range s.Values {
		top = max(top, v)
	}
	width := sparkSlot * float64(max(len(s.Values), 1))
	b := &markup{}
	b.svg(s.Frame, "ch-spark", width, sparkHeight, s.Title, false)
	b.hatch(s.Frame)
	for i, v := range s.Values {
		x := float64(i)*sparkSlot + 0.5
		if s.RTL {
			x = width - x - (sparkSlot - 1)
		}
		if i < len(s.Gaps) && s.Gaps[i] {
			b.void("rect", "class", "ch-gap", "fill", s.hatched(), "x", coord(x), "y", "0", "width", coord(sparkSlot-1), "height", coord(sparkHeight))
		}
		if h := sparkHeight * float64(v) / float64(top); h > 0 {
			b.void("rect", "class", "conf", "x", coord(x), "y", precise(sparkHeight-h), "width", coord(sparkSlot-1), "height", precise(h))
		}
	}
	b.end("svg")
	return b.html()
}

// Table lists the values; a gap without a value says that there is no information.
func (s Spark) Table() Table {
	w := s.Words.filled()
	t := Table{Caption: s.Title, Head: []string{w.Period, w.Count}}
	for i, v := range s.Values {
		period, text := "", s.num(v)
		if i < len(s.Periods) {
			period = s.Periods[i]
		}
		if v == 0 && i < len(s.Gaps) && s.Gaps[i] {
			text = w.NoInfo
		}
		t.Rows = append(t.Rows, []string{period, text})
	}
	return t
}

// Mark is one event on a strip. At and To are years with a fraction (2006.75 is October 2006); To beyond At draws a
// span, such as the time in which a norm is in force or a person is held.
type Mark struct {
	At, To float64
	When   string // the date in words
	Label  string
	Href   string
	Class  string // end, soft or "" for the page's accent
}

// Strip is a time line: events as marks on a line of years.
type Strip struct {
	Frame
	Title string
	From  int // first year
	Until int // last year, at least From
	Marks []Mark
	Year  func(int) string // writes a year; nil uses ASCII digits
	Width float64          // 720 when 0
}

const stripHeight, stripLine, stripPad = 56.0, 26.0, 14.0

func (s Strip) width() float64 {
	if s.Width <= 0 {
		return 720
	}
	return s.Width
}

func (s Strip) wide() bool { return s.width() > 480 }

// x places a moment; what lies outside the years is put at their edge.
func (s Strip) x(at float64) float64 {
	from, years := float64(s.From), float64(max(s.Until-s.From, 0)+1)
	share := min(max((at-from)/years, 0), 1)
	return s.mirror(stripPad+share*(s.width()-2*stripPad), s.width())
}

// SVG draws the line, its years, and a mark with a title for each event.
func (s Strip) SVG() template.HTML {
	links := false
	for _, m := range s.Marks {
		links = links || safe(m.Href)
	}
	b := &markup{}
	b.svg(s.Frame, "ch-strip", s.width(), stripHeight, s.Title, links)
	b.void("line", "class", "ch-axis", "x1", coord(stripPad), "y1", coord(stripLine), "x2", coord(s.width()-stripPad), "y2", coord(stripLine))
	s.years(b)
	for _, m := range s.Marks {
		if m.To > m.At {
			s.span(b, m)
		}
	}
	for _, m := range s.Marks {
		if m.To <= m.At {
			s.mark(b, m)
		}
	}
	b.end("svg")
	return b.html()
}

// years names round years, at most about ten of them.
func (s Strip) years(b *markup) {
	every := 1
	for _, step := range []int{1, 2, 5, 10, 20, 50, 100, 500} {
		if every = step; max(s.Until-s.From, 0)/step <= 9 {
			break
		}
	}
	first := (s.From + every - 1) / every * every
	for n, y := 0, first; y <= s.Until && n < 20; n, y = n+1, y+every {
		x := s.x(float64(y))
		b.void("line", "class", "ch-axis", "x1", coord(x), "y1", coord(stripLine), "x2", coord(x), "y2", coord(stripLine+5))
		b.element("text", s.year(y), "class", "ch-tick", "text-anchor", "middle", "x", coord(x), "y", coord(stripLine+18))
	}
}

func (s Strip) year(y int) string {
	if s.Year == nil {
		return Frame{}.num(int64(y))
	}
	return s.Year(y)
}

func (s Strip) span(b *markup, m Mark) {
	x1, x2 := s.x(m.At), s.x(m.To)
	link := b.link(m.Href)
	b.open("rect", "class", "ch-span "+class(m.Class), "x", coord(min(x1, x2)), "y", coord(stripLine-4), "width", coord(max(x1, x2)-min(x1, x2)), "height", "8")
	b.element("title", m.say())
	b.end("rect")
	if link {
		b.end("a")
	}
}

func (s Strip) mark(b *markup, m Mark) {
	x := s.x(m.At)
	link := b.link(m.Href)
	b.open("circle", "class", "ch-mark "+class(m.Class), "cx", coord(x), "cy", coord(stripLine), "r", "6")
	b.element("title", m.say())
	b.end("circle")
	if link {
		b.end("a")
	}
}

func (m Mark) say() string { return strings.TrimSpace(m.When + " " + m.Label) }

// Table lists the events as they were given.
func (s Strip) Table() Table {
	t := Table{Caption: s.Title, Head: []string{s.Words.filled().Period, s.Title}}
	for _, m := range s.Marks {
		t.Rows = append(t.Rows, []string{m.When, m.Label})
	}
	return t
}
