package document

import (
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	unibidi "golang.org/x/text/unicode/bidi"
)

// em is the unit of everything that is shaped: thousandths of the type size.
const em = 1000

// The longest texts, in characters, that are analysed and that are shaped at once.
const (
	maxStretch = 4000
	maxItem    = 2000
)

// shaper turns text into glyphs. It is not safe for use by several goroutines.
type shaper struct {
	rtl   bool
	lang  language.Language
	faces [faceCount]*font.Face
	harf  shaping.HarfbuzzShaper
	seg   segmenter.Segmenter
	bidi  bidi.Paragraph
}

func newShaper(lang string, rtl bool) (*shaper, error) {
	all, err := typefaces()
	if err != nil {
		return nil, err
	}
	s := &shaper{rtl: rtl, lang: language.NewLanguage(lang)}
	for i := range all {
		s.faces[i] = font.NewFace(all[i].font)
	}
	return s, nil
}

// glyph is one drawn sign. Measures are in thousandths of the type size; dx and dy move it without moving what follows.
type glyph struct {
	gid         uint16
	face        uint8
	adv, dx, dy float32
	from, to    int32 // the characters it stands for; none when the glyph before it stands for them
	part        uint8 // of a ligature that is written in parts, see split
}

// Parts of a ligature.
const (
	whole     = iota
	drawn     // the place at which the ligature is drawn
	invisible // a place that is covered by the drawing beside it
)

// features are what is asked of the fonts: figures of one width.
var features = []shaping.FontFeature{{Tag: opentype.MustNewTag("tnum"), Value: 1}}

// Whether a line may end behind a character.
const (
	noBreak = iota
	mayBreak
	mustBreak
)

// shaped is a paragraph as glyphs in the order of reading. Slices are by character unless said otherwise.
type shaped struct {
	runes  []rune
	spans  []Span
	span   []int32   // the span it comes from
	level  []uint8   // of the bidirectional algorithm; odd = right to left
	breaks []uint8   // noBreak, mayBreak, mustBreak
	edge   []bool    // a cluster begins here: text may be cut before it
	at     []int32   // its first glyph; one more than characters
	sum    []float64 // advance of everything before it; one more than characters
	glyphs []glyph
	rtl    bool // the paragraph's own direction
}

// shape sets a text: direction of each run, font of each run, glyphs, places where a line may end.
func (s *shaper) shape(text Text, bold bool) *shaped {
	p := &shaped{spans: text}
	for i, sp := range text {
		for _, r := range clean(sp.Text) {
			p.runes, p.span = append(p.runes, r), append(p.span, int32(i))
		}
	}
	n := len(p.runes)
	p.edge, p.at, p.sum = make([]bool, n), make([]int32, n+1), make([]float64, n+1)
	p.rtl = s.direction(p.runes)
	for a := 0; a < n; {
		b := stretch(p.runes, a)
		p.level = append(p.level, s.levels(p.runes[a:b], p.rtl)...)
		p.breaks = append(p.breaks, s.breaks(p.runes[a:b])...)
		a = b
	}
	if !p.rtl {
		raiseNumbers(p.runes, p.level)
	}
	for a := 0; a < n; {
		in := s.item(p, a, bold)
		s.add(p, in)
		a = in.RunEnd
	}
	p.total()
	return p
}

// stretch is the end of the part of a text that begins at a and is analysed at once: a whole line as written, or what is at most
// maxStretch long, cut behind a space if there is one. The library's algorithms take quadratic time over some texts.
func stretch(text []rune, a int) int {
	space := 0
	for i := a; i < len(text); i++ {
		if i-a >= maxStretch {
			if space > 0 {
				return space
			}
			return i
		}
		if text[i] == lineBreak {
			return i + 1
		}
		if text[i] == ' ' {
			space = i + 1
		}
	}
	return len(text)
}

// direction is the main direction of the document, unless the text holds strong characters of the other one only.
func (s *shaper) direction(text []rune) bool {
	other := false
	for _, r := range text {
		switch class(r) {
		case unibidi.L:
			if !s.rtl {
				return false
			}
			other = true
		case unibidi.R, unibidi.AL:
			if s.rtl {
				return true
			}
			other = true
		}
	}
	return s.rtl != other
}

func class(r rune) unibidi.Class {
	p, _ := unibidi.LookupRune(r)
	return p.Class()
}

// levels runs the bidirectional algorithm.
func (s *shaper) levels(text []rune, rtl bool) []uint8 {
	base := bidi.LeftToRight
	if rtl {
		base = bidi.RightToLeft
	}
	out := make([]uint8, len(text))
	runs := s.bidi.Segment(text, base)
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		for j := run.Start; j < run.End && j < len(out); j++ {
			out[j] = uint8(run.Level)
		}
	}
	return out
}

// raiseNumbers gives numbers that belong to right-to-left text the level that the algorithm gives them in a left-to-right paragraph (2);
// the runs of the library join them with the Latin text beside them.
func raiseNumbers(text []rune, level []uint8) {
	afterRight := false
	for i, r := range text {
		switch c := class(r); {
		case c == unibidi.L:
			afterRight = false
		case c == unibidi.R || c == unibidi.AL:
			afterRight = true
		}
		if level[i]%2 == 1 {
			continue
		}
		level[i] = 0
		if number(text, i, afterRight) {
			level[i] = 2
		}
	}
}

// number tells whether the character is a digit of a right-to-left number or a sign inside or behind one.
func number(text []rune, i int, afterRight bool) bool {
	digit := func(j int) bool {
		if j < 0 || j >= len(text) {
			return false
		}
		c := class(text[j])
		return c == unibidi.AN || c == unibidi.EN && afterRight
	}
	switch class(text[i]) {
	case unibidi.AN, unibidi.EN:
		return digit(i)
	case unibidi.ES, unibidi.CS:
		return digit(i-1) && digit(i+1)
	case unibidi.ET:
		return afterRight && (digit(i-1) || digit(i+1))
	}
	return false
}

// breaks finds where a line may end (UAX 14).
func (s *shaper) breaks(text []rune) []uint8 {
	out := make([]uint8, len(text))
	s.seg.Init(text)
	for it := s.seg.LineIterator(); it.Next(); {
		line := it.Line()
		last := line.Offset + len(line.Text) - 1
		out[last] = mayBreak
		if text[last] == lineBreak {
			out[last] = mustBreak
		}
	}
	return out
}

// item is the next stretch from a with one level, font and script.
func (s *shaper) item(p *shaped, a int, bold bool) shaping.Input {
	face, script := -1, language.Common
	b := a
	for ; b < len(p.runes) && b-a < maxItem && p.level[b] == p.level[a]; b++ {
		r := p.runes[b]
		f := s.choose(r, face, bold || p.spans[p.span[b]].Bold)
		sc := language.LookupScript(r)
		if face >= 0 && f != face || sc.Strong() && script.Strong() && sc != script {
			break
		}
		face = f
		if sc.Strong() {
			script = sc
		}
	}
	in := shaping.Input{Text: p.runes, RunStart: a, RunEnd: b, Face: s.faces[face], Size: 64 * em, Script: script, Language: s.lang, FontFeatures: features}
	if p.level[a]%2 == 1 {
		in.Direction = di.DirectionRTL
	}
	return in
}

// choose names the font of a character: the one in use while it has the character, then the one of the main direction, then the other.
// What no font has is a box in the font in use.
func (s *shaper) choose(r rune, now int, bold bool) int {
	first := latinFace
	if s.rtl {
		first = arabicFace
	}
	if now >= 0 {
		first = now &^ 1
	}
	cut := 0
	if bold {
		cut = 1
	}
	if unseen(r) || r == '\u200c' || r == '\u200d' {
		return first + cut
	}
	for _, f := range [2]int{first, arabicFace - first} {
		if _, ok := s.faces[f+cut].NominalGlyph(r); ok {
			return f + cut
		}
	}
	return first + cut
}

// add shapes one item and appends its glyphs in the order of reading.
func (s *shaper) add(p *shaped, in shaping.Input) {
	out := s.harf.ShapeNoExtents(in)
	gs := out.Glyphs
	if in.Direction == di.DirectionRTL {
		for i, j := 0, len(gs)-1; i < j; i, j = i+1, j-1 {
			gs[i], gs[j] = gs[j], gs[i]
		}
	}
	face := uint8(0)
	for i, f := range s.faces {
		if f == in.Face {
			face = uint8(i)
		}
	}
	for i := 0; i < len(gs); {
		count := max(1, min(gs[i].GlyphsCount(), len(gs)-i))
		p.cluster(gs[i:i+count], face)
		i += count
	}
}

// cluster appends the glyphs that together stand for one or more characters.
func (p *shaped) cluster(gs []shaping.Glyph, face uint8) {
	start := gs[0].TextIndex()
	count := gs[0].RunesCount()
	p.edge[start] = true
	p.at[start] = int32(len(p.glyphs))
	if unseen(p.runes[start]) && count == 1 {
		return
	}
	for i, g := range gs {
		p.sum[start+1] += float64(thousandths(g.Advance))
		from, to := start, start+count
		if len(gs) == count {
			from, to = start+i, start+i+1
		} else if i > 0 {
			from = to
		}
		p.glyphs = append(p.glyphs, glyph{
			gid: uint16(g.GlyphID), face: face, from: int32(from), to: int32(to),
			adv: thousandths(g.Advance), dx: thousandths(g.XOffset), dy: thousandths(g.YOffset),
		})
	}
	if len(gs) < count && p.level[start]%2 == 1 {
		p.split(start, count, len(gs))
	}
}

// split rewrites the last glyphs, a ligature and its marks, as one glyph for each letter, of which the leftmost draws the ligature: a reader
// of PDF that turns right-to-left text round, character by character, would turn the letters of one glyph the wrong way.
func (p *shaped) split(start, count, glyphs int) {
	at := len(p.glyphs) - glyphs
	joined, over := p.glyphs[at], append([]glyph(nil), p.glyphs[at+1:]...)
	var letters, marks []int32
	for i := start; i < start+count; i++ {
		if unicode.Is(unicode.Mn, p.runes[i]) {
			marks = append(marks, int32(i))
		} else {
			letters = append(letters, int32(i))
		}
	}
	for _, g := range over {
		if g.adv != 0 {
			return
		}
	}
	if len(letters) == 0 || len(over) > len(marks) {
		return
	}
	p.glyphs = p.glyphs[:at]
	for i, l := range letters {
		g := joined
		g.from, g.to, g.adv = l, l+1, joined.adv/float32(len(letters))
		if len(letters) > 1 {
			g.part = invisible
			if i == len(letters)-1 {
				g.part = drawn
			}
		}
		p.glyphs = append(p.glyphs, g)
	}
	for i, g := range over {
		g.from, g.to = marks[i], marks[i]+1
		if i == len(over)-1 {
			g.to = marks[len(marks)-1] + 1
		}
		p.glyphs = append(p.glyphs, g)
	}
}

// thousandths turns the shaper's 64ths into the unit.
func thousandths[T ~int32](v T) float32 { return float32(v) / 64 }

// total sums up advances and fills the places of characters inside clusters.
func (p *shaped) total() {
	n := len(p.runes)
	p.at[n] = int32(len(p.glyphs))
	for i := n - 1; i >= 0; i-- {
		if !p.edge[i] {
			p.at[i] = p.at[i+1]
		}
	}
	for i := range n {
		p.sum[i+1] += p.sum[i]
	}
}
