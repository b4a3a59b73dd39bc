package chart

import "html/template"

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
