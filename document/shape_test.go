package document

import (
	"strings"
	"testing"
	"time"
)

func testShaper(t testing.TB, rtl bool) *shaper {
	t.Helper()
	s, err := newShaper("fa", rtl)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func gids(p *shaped) (out []uint16) {
	for _, g := range p.glyphs {
		out = append(out, g.gid)
	}
	return out
}

func TestArabicLettersAreJoined(t *testing.T) {
	s := testShaper(t, true)
	joined, apart := gids(s.shape(T("بیمار"), false)), gids(s.shape(T("ب ی م ا ر"), false))
	if joined[0] == apart[0] || joined[1] == apart[2] || joined[2] == apart[4] {
		t.Errorf("letters stand apart: %v and %v", joined, apart)
	}
	one, two := s.shape(T("لا"), false), s.shape(T("ل ا"), false)
	if one.glyphs[1].part != drawn || one.glyphs[0].part != invisible || one.glyphs[1].gid == two.glyphs[0].gid {
		t.Errorf("lam and alef are not one sign: %+v", one.glyphs)
	}
	if with, without := gids(s.shape(T("می\u200cروم"), false)), gids(s.shape(T("میروم"), false)); with[1] == without[1] {
		t.Error("the non-joiner does not part the letters")
	}
	bold := s.shape(Text{{Text: "بی"}, {Text: "مار", Bold: true}}, false)
	if bold.glyphs[0].gid != joined[0] {
		t.Error("letters part where the look changes")
	}
}

func TestRightToLeftTextIsWrittenFromLeftToRightAndMarkedSo(t *testing.T) {
	r := openPDF(t, pdf(t, Document{Lang: "fa", RTL: true, Blocks: []Block{Paragraph{Text: T("سلام")}}}))
	content := r.pages()[0]
	if got := r.text(content, false); !strings.Contains(got, "سلام") {
		t.Errorf("reads %q", got)
	}
	if got := r.text(strings.ReplaceAll(content, "/ReversedChars BMC\n", ""), false); !strings.Contains(got, "مالس") {
		t.Errorf("is written as %q", got)
	}
}

// seen is a line as it is seen from left to right.
func seen(p *shaped) string {
	var out strings.Builder
	ps := p.pieces(p.lines(1e9)[0])
	for _, i := range visual(ps) {
		text := p.runes[p.glyphs[ps[i].from].from:p.glyphs[ps[i].to-1].to]
		for j := range text {
			if ps[i].level%2 == 1 {
				j = len(text) - 1 - j
			}
			if !unseen(text[j]) {
				out.WriteRune(text[j])
			}
		}
	}
	return out.String()
}

func TestMixedLinesStandInTheirOrder(t *testing.T) {
	for _, c := range []struct {
		rtl        bool
		text, want string // want from left to right; Arabic letters turned round
	}{
		{true, "اب WHO 2023 جد", "دج WHO 2023 با"},
		{true, "اب ۱۲ نفر", "رفن ۱۲ با"},
		{true, "WHO اب", "با WHO"},
		{true, "WHO says no.", "WHO says no."},
		{false, "says اب 12 hurt", "says 12 با hurt"},
		{false, "اب 12 abc", "12 با abc"},
		{false, "abc ١٢ اب", "abc با ١٢"},
		{false, "اب 1.5", "1.5 با"},
		{true, "نام \u2068WHO.\u2069 است", "تسا WHO. مان"},
		{false, "safe\u202egnp.exe", "safegnp.exe"},
		{false, "safe \u2067gnp.exe", "safe gnp.exe"},
		{false, "a \u2069\u202c b", "a  b"},
	} {
		if got := seen(testShaper(t, c.rtl).shape(T(c.text), false)); got != c.want {
			t.Errorf("%q (right to left: %v) is seen as %q, want %q", c.text, c.rtl, got, c.want)
		}
	}
}

func TestLinesBreakWhereTheyMayAndLongWordsAreCut(t *testing.T) {
	s := testShaper(t, false)
	for text, want := range map[string]string{
		"one two three":         "one two|three",
		"well-known":            "well-|known",
		strings.Repeat("w", 12): "wwwww|wwwww|ww",
		"a\nb\n":                "a|b",
		"":                      "",
	} {
		p := s.shape(T(text), false)
		var got []string
		for _, l := range p.lines(4500) {
			if l.width > 4500 {
				t.Errorf("a line of %q is too wide", text)
			}
			got = append(got, string(p.runes[l.from:l.to]))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestWhatNoFontHasIsABoxAndKeepsItsText(t *testing.T) {
	raw := pdf(t, Document{Lang: "en", Blocks: []Block{Paragraph{Text: T("漢字 ok")}}})
	r := openPDF(t, raw)
	if got := r.text(r.pages()[0], false); !strings.Contains(got, "漢字 ok") {
		t.Errorf("%q", got)
	}
}

func TestHostileTextsAreWritten(t *testing.T) {
	parts := []string{"\u202e", "\u2067", "\u2068", "\u2069", "\u200f", "\xff", "\xed\xa0\x80", "\x00", "\x1b[0m", "\n", "\t", " ", "  ", "\u00a0", "\u0300", "\u064e\u0651", "لا", "لَا", "می\u200c", "١٢", "12.5%",
		"<b>", "]]>", "(", ")", "\\", "漢", "\U0001F468\u200d", "\U000E0041", "\ufdfd", "\uffff", "-", "\u00ad", "word", "слово", "\u05d0", strings.Repeat("w", 300)}
	next := uint32(7)
	random := func(n int) int {
		next = next*1664525 + 1013904223
		return int(next>>8) % n
	}
	for i := range 150 {
		var s strings.Builder
		for range random(60) {
			s.WriteString(parts[random(len(parts))])
		}
		hostile(t, s.String(), "#123456"[:random(8)], i%2 == 0)
	}
}

func TestALongTextTakesLinearTime(t *testing.T) {
	for _, part := range []string{"1,", "(", "\u0301", "aא", "x"} {
		from := time.Now()
		pdf(t, Document{Lang: "en", Blocks: []Block{Paragraph{Text: T(strings.Repeat(part, 40_000))}}})
		if took := time.Since(from); took > 8*time.Second {
			t.Errorf("%q 40,000 times takes %v", part, took)
		}
	}
}

func FuzzWriting(f *testing.F) {
	f.Add("ward \u202e\u2067 \xff\xed\xa0\x80 لا\u064e \u200d\u0300\n\t", "#12345", true)
	f.Add("<&>\x00]]> "+strings.Repeat("(", 90), "", false)
	f.Fuzz(func(t *testing.T, s, fill string, rtl bool) {
		hostile(t, s, fill, rtl)
	})
}

// hostile writes a document of every kind of block from one text, and reads it back.
func hostile(t *testing.T, s, fill string, rtl bool) {
	t.Helper()
	text := Text{{Text: s, Href: s}, {Text: s, Bold: true}}
	d := Document{Title: s, Lang: s, RTL: rtl, Head: s, Foot: s, Blocks: []Block{Heading{len(s), text}, Paragraph{Text: text, Look: Look(fill)},
		List{Items: []Text{text, nil}}, Facts{{s, s, s}}, Facts{}, Table{}, nil,
		Table{Caption: text, Head: []Cell{{Text: text}}, Rows: [][]Cell{{{Text: text, Fill: fill}, {Text: text, Num: true, Hatch: true}}, nil}, Widths: []float64{1, -1}}}}
	openPDF(t, pdf(t, d)).pages()
	wellFormed(t, odtBytes(t, d))
}
