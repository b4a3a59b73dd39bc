package document

// line is one line of a paragraph: characters from..to, without the spaces at its end.
type line struct {
	from, to int
	width    float64 // thousandths of the type size
}

// lines breaks the paragraph into lines of at most the given width (thousandths of the type size), where a line may end; a word that is
// wider than a line is cut between its signs.
func (p *shaped) lines(width float64) []line {
	var out []line
	n := len(p.runes)
	for a := 0; a < n; {
		b := p.lineEnd(a, width)
		out = append(out, p.trim(a, b))
		a = b
	}
	if len(out) == 0 {
		out = append(out, line{})
	}
	return out
}

// lineEnd is where the line that begins at a ends.
func (p *shaped) lineEnd(a int, width float64) int {
	last, cut := -1, -1 // best places so far: where a line may end, where it can be cut
	for i := a; i < len(p.runes); i++ {
		if i > a && p.edge[i] {
			if p.sum[i]-p.sum[a] <= width || cut < 0 {
				cut = i
			}
		}
		if p.sum[i+1]-p.sum[a] > width && !blank(p.runes[i]) {
			if last > 0 {
				return last
			}
			if cut > 0 {
				return cut
			}
		}
		if p.breaks[i] == mustBreak {
			return i + 1
		}
		if p.breaks[i] == mayBreak {
			last = i + 1
		}
	}
	return len(p.runes)
}

func (p *shaped) trim(a, b int) line {
	for b > a && blank(p.runes[b-1]) {
		b--
	}
	return line{from: a, to: b, width: p.sum[b] - p.sum[a]}
}

// natural is the width of the paragraph when no line is broken that need not be; word is the width of its widest word.
func (p *shaped) natural() (all, word float64) {
	lineStart, wordStart := 0, 0
	for i, br := range p.breaks {
		if br == noBreak {
			continue
		}
		word = max(word, p.trim(wordStart, i+1).width)
		wordStart = i + 1
		if br == mustBreak || i == len(p.breaks)-1 {
			all = max(all, p.trim(lineStart, i+1).width)
			lineStart = i + 1
		}
	}
	return all, word
}

// piece is a stretch of a line with one level, font and span, at its distance from the line's left end.
type piece struct {
	from, to int // glyphs
	span     int32
	level    uint8
	left     float64
	width    float64
}

// pieces cuts a line into pieces in the order of reading and places each where it is seen (rule L2 of the bidirectional algorithm).
func (p *shaped) pieces(l line) []piece {
	var out []piece
	a := l.from
	for i := l.from + 1; i <= l.to; i++ {
		if i < l.to && !(p.edge[i] && p.differs(a, i)) {
			continue
		}
		if p.at[i] > p.at[a] {
			out = append(out, piece{from: int(p.at[a]), to: int(p.at[i]), span: p.span[a], level: p.level[a], width: p.sum[i] - p.sum[a]})
		}
		a = i
	}
	left := 0.0
	for _, i := range visual(out) {
		out[i].left = left
		left += out[i].width
	}
	return p.spaceBehind(out, l)
}

// spaceBehind adds the space at which the line was broken, past its end: nobody sees it, but who copies or hears the text needs it.
func (p *shaped) spaceBehind(ps []piece, l line) []piece {
	if l.to >= len(p.runes) || p.runes[l.to] != ' ' || !p.edge[l.to] || p.at[l.to] == p.at[l.to+1] || p.spans[p.span[l.to]].Href != "" {
		return ps
	}
	space := piece{from: int(p.at[l.to]), to: int(p.at[l.to+1]), span: p.span[l.to], left: l.width, width: p.sum[l.to+1] - p.sum[l.to]}
	if p.rtl {
		space.level, space.left = 1, -space.width
	}
	return append(ps, space)
}

func (p *shaped) differs(a, b int) bool {
	if p.level[a] != p.level[b] || p.span[a] != p.span[b] {
		return true
	}
	i, j := p.at[a], p.at[b]
	return int(j) < len(p.glyphs) && p.glyphs[i].face != p.glyphs[j].face
}

// visual lists the pieces from left to right.
func visual(ps []piece) []int {
	order := make([]int, len(ps))
	top := uint8(0)
	for i, p := range ps {
		order[i] = i
		top = max(top, p.level)
	}
	for level := top; level > 0; level-- {
		for i := 0; i < len(order); {
			j := i
			for j < len(order) && ps[order[j]].level >= level {
				j++
			}
			for a, b := i, j-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			i = max(j, i+1)
		}
	}
	return order
}
