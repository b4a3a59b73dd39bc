package chart

import "html/template"

// Stack is one period of a bar chart. NoInfo says that nobody could look: it is drawn as a hatched gap, and a count
// beside it still shows.
type Stack struct {
	Confirmed, Probable, Possible int64
	NoInfo                        bool
	Title                         string // said of the bar instead of its numbers, where given
	Href                          string
}

func (s Stack) total() int64 { return max(s.Confirmed, 0) + max(s.Probable, 0) + max(s.Possible, 0) }

// Bars is one small multiple: stacked bars over time, dark for confirmed, lighter for probable and possible.
// Negative counts are drawn as none.
type Bars struct {
	Frame
	Title   string
	Periods []string // one for each stack, oldest first, in the digits of the page
	Stacks  []Stack
	Max     int64   // shared scale of several multiples; 0 takes the largest stack
	Ticks   int     // every how many periods one is named below; 0 names the first and the last
	Width   float64 // 320 when 0
	Height  float64 // 110 when 0
}

const (
	barsTop    = 13.0 // room for the number at the top line
	barsBottom = 15.0 // room for the periods' names
)

func (c Bars) size() (width, height float64) {
	width, height = c.Width, c.Height
	if width <= 0 {
		width = 320
	}
	if height <= barsTop+barsBottom {
		height = 110
	}
	return width, height
}

func (c Bars) wide() bool { return c.Width > 480 }

// Scale is the value at the top of the chart: Max, or the largest stack, and at least 1.
func (c Bars) Scale() int64 {
	top := max(c.Max, 1)
	for _, s := range c.Stacks {
		top = max(top, s.total())
	}
	return top
}

// SVG draws the bars. In a right-to-left frame time begins on the right.
func (c Bars) SVG() template.HTML {
	width, height := c.size()
	b := &markup{}
	links := false
	for _, s := range c.Stacks {
		links = links || safe(s.Href)
	}
	name := "ch-bars"
	if c.wide() {
		name += " wide"
	}
	b.svg(c.Frame, name, width, height, c.Title, links)
	b.hatch(c.Frame)
	floor := height - barsBottom
	slot := width / float64(max(len(c.Stacks), 1))
	for i, s := range c.Stacks {
		c.bar(b, i, s, slot, floor)
	}
	b.void("line", "class", "ch-grid", "x1", "0", "y1", coord(barsTop), "x2", coord(width), "y2", coord(barsTop))
	b.void("line", "class", "ch-axis", "x1", "0", "y1", coord(floor), "x2", coord(width), "y2", coord(floor))
	b.element("text", c.num(c.Scale()), "class", "ch-tick", "x", coord(c.mirror(0, width)), "y", coord(barsTop-4))
	c.names(b, slot, width, height)
	b.end("svg")
	return b.html()
}

// mirror turns an offset from the beginning of time into an x of the drawing.
func (f Frame) mirror(x, width float64) float64 {
	if f.RTL {
		return width - x
	}
	return x
}

func (c Bars) bar(b *markup, i int, s Stack, slot, floor float64) {
	width, _ := c.size()
	gap := min(slot*0.18, 3)
	from, to := c.mirror(float64(i)*slot+gap/2, width), c.mirror(float64(i+1)*slot-gap/2, width)
	x, w := min(from, to), max(from, to)-min(from, to)
	link := b.link(s.Href)
	b.open("g", "class", "ch-bar")
	b.element("title", c.say(i))
	if s.NoInfo {
		b.void("rect", "class", "ch-gap", "fill", c.hatched(), "x", coord(x-gap/2), "y", coord(barsTop), "width", coord(w+gap), "height", coord(floor-barsTop))
	}
	y, unit := floor, (floor-barsTop)/float64(c.Scale())
	for _, part := range []struct {
		class string
		n     int64
	}{{"conf", s.Confirmed}, {"prob", s.Probable}, {"poss", s.Possible}} {
		if h := float64(part.n) * unit; h > 0 {
			y -= h
			b.void("rect", "class", part.class, "x", coord(x), "y", precise(y), "width", coord(w), "height", precise(h))
		}
	}
	b.end("g")
	if link {
		b.end("a")
	}
}

func (c Bars) names(b *markup, slot, width, height float64) {
	last := len(c.Periods) - 1
	for i, name := range c.Periods {
		switch {
		case c.Ticks == 0 && i != 0 && i != last, c.Ticks > 0 && i%c.Ticks != 0:
			continue
		}
		x, anchor := (float64(i)+0.5)*slot, "middle"
		if c.Ticks == 0 && last > 0 {
			x, anchor = 0, "start"
			if i == last {
				x, anchor = width, "end"
			}
		}
		b.element("text", name, "class", "ch-tick", "text-anchor", anchor, "x", coord(c.mirror(x, width)), "y", coord(height-3))
	}
}

func (c Bars) period(i int) string {
	if i < len(c.Periods) {
		return c.Periods[i]
	}
	return ""
}

func (c Bars) say(i int) string {
	s, w := c.Stacks[i], c.Words.filled()
	if s.Title != "" {
		return s.Title
	}
	if s.NoInfo && s.total() == 0 {
		return c.period(i) + ": " + w.NoInfo
	}
	out := c.period(i) + ": " + c.num(s.total()) + " (" + w.Confirmed + " " + c.num(s.Confirmed) + ", " + w.Probable + " " +
		c.num(s.Probable) + ", " + w.Possible + " " + c.num(s.Possible) + ")"
	if s.NoInfo {
		out += "; " + w.NoInfo
	}
	return out
}

// Table lists each period with its three counts and their sum; a period without information says so.
func (c Bars) Table() Table {
	w := c.Words.filled()
	t := Table{Caption: c.Title, Head: []string{w.Period, w.Confirmed, w.Probable, w.Possible, w.Total}}
	for i, s := range c.Stacks {
		row := []string{c.period(i), c.num(s.Confirmed), c.num(s.Probable), c.num(s.Possible), c.num(s.total())}
		if s.NoInfo && s.total() == 0 {
			row = []string{c.period(i), "", "", "", w.NoInfo}
		} else if s.NoInfo {
			row[4] += " (" + w.NoInfo + ")"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
