package document

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

// square is a drawing of 100 by 200 with a mark near its upper left corner.
func square(alt string, labels ...string) Figure {
	at := func(op byte, v ...float64) (s Step) { s.Op = op; copy(s.At[:], v); return s }
	steps := []Step{at('M', 10, 10), at('L', 90, 10), at('L', 90, 190), at('Z'), at('M', 20, 20), at('C', 30, 15, 40, 20, 60, 90)}
	f := Figure{Width: 100, Height: 200, Alt: alt, Caption: T("Front"), Paths: []Path{{Steps: steps, Fill: true}, {Steps: steps[:3], Soft: true}}}
	for i, l := range labels {
		f.Marks = append(f.Marks, Mark{X: 25 + 10*float64(i), Y: 30 + 40*float64(i), Label: l})
	}
	return f
}

func TestADrawingIsOneFigureWithItsWords(t *testing.T) {
	d := Document{Lang: "en", Blocks: []Block{square("A body from the front (1: bruise)", "1", "2")}}
	r := openPDF(t, pdf(t, d))
	nodes := r.find("/S/Figure/P ")
	if len(nodes) != 1 {
		t.Fatalf("%d figures", len(nodes))
	}
	node := r.dict[nodes[0]]
	for _, want := range []string{"/Alt" + textString("A body from the front (1: bruise)"), "/O/Layout", "/BBox["} {
		if !strings.Contains(node, want) {
			t.Errorf("no %s in %s", want, node)
		}
	}
	if len(r.find("/S/Caption/P ")) != 1 {
		t.Error("the caption is not in the structure")
	}
	content := r.pages()[0]
	if !strings.Contains(content, "/Figure<</MCID 0>>BDC") || strings.Count(content, "BDC")+strings.Count(content, "BMC") != strings.Count(content, "EMC") {
		t.Error("the drawing is not marked as a whole")
	}
	if text := letters(r.text(content, false)); text != "12Front" {
		t.Errorf("read as %q", text)
	}
}

// Left stays left, whatever the language: the same lines, moved only as the middle of the page is.
func TestADrawingIsNeverMirrored(t *testing.T) {
	lines := func(lang string, rtl bool) string {
		f := square("x", "1")
		f.Caption = nil
		content := openPDF(t, pdf(t, Document{Lang: lang, RTL: rtl, Blocks: []Block{f}})).pages()[0]
		return content[strings.Index(content, "q "):strings.Index(content, "Q\n")]
	}
	if en, fa := lines("en", false), lines("fa", true); en != fa {
		t.Errorf("en %s\nfa %s", en, fa)
	}
}

func TestTwoDrawingsStandBesideEachOtherInTheOrderOfReading(t *testing.T) {
	for _, rtl := range []bool{false, true} {
		r := openPDF(t, pdf(t, Document{Lang: "en", RTL: rtl, Blocks: []Block{Figures{square("first"), square("second"), square("third")}}}))
		var lefts, lows []float64
		for _, id := range r.find("/S/Figure/P ") {
			var left, low float64
			d := r.dict[id]
			if _, err := fmt.Sscanf(d[strings.Index(d, "/BBox["):], "/BBox[%f %f", &left, &low); err != nil {
				t.Fatal(err)
			}
			lefts, lows = append(lefts, left), append(lows, low)
		}
		if len(lefts) != 3 || lefts[0] < lefts[1] == rtl || lows[0] != lows[1] || lows[2] >= lows[0] {
			t.Errorf("rtl %v: %v %v", rtl, lefts, lows)
		}
	}
}

// However a drawing is given, what is drawn stays on the page, and it stands with its caption.
func TestADrawingStaysOnThePage(t *testing.T) {
	odd := square("x", "123456", "", "۱")
	odd.Marks = append(odd.Marks, Mark{X: -1e9, Y: 1e9, Label: strings.Repeat("9", 40)})
	for lines := range 40 {
		d := Document{Lang: "en"}
		for range lines {
			d.Blocks = append(d.Blocks, Paragraph{Text: T("filler")})
		}
		d.Blocks = append(d.Blocks, Figures{odd, {Width: 1, Height: 9000}, {Width: 0, Height: 3}})
		pages := openPDF(t, pdf(t, d))
		for i, content := range pages.pages() {
			within(t, i+1, content)
			if strings.Contains(content, "/Figure") != strings.Contains(pages.text(content, false), "Front") {
				t.Fatalf("after %d paragraphs drawing and caption are apart", lines)
			}
		}
	}
}

func TestADrawingInAnODTIsAnSVGWithItsWords(t *testing.T) {
	parts := wellFormed(t, odtBytes(t, Document{Lang: "fa", RTL: true, Blocks: []Block{Figures{square(`<a "b">`, "۱"), square("c")}}}))
	if !strings.Contains(parts["content.xml"], `<svg:desc>&lt;a &#34;b&#34;&gt;</svg:desc>`) || strings.Count(parts["content.xml"], "<draw:frame ") != 2 {
		t.Error(parts["content.xml"])
	}
	for _, name := range []string{"Pictures/1.svg", "Pictures/2.svg"} {
		if !strings.Contains(parts["META-INF/manifest.xml"], `"`+name+`"`) || !strings.HasPrefix(parts[name], "<svg ") {
			t.Errorf("%s: %.60s", name, parts[name])
		}
	}
	marked, plain := parts["Pictures/1.svg"], parts["Pictures/2.svg"]
	if strings.Count(marked, "<path ") != strings.Count(plain, "<path ")+1 || strings.Count(marked, "<circle ") != 1 || strings.Contains(marked, ` d=""`) {
		t.Error("the mark has no number")
	}
}

// What is drawn does not change by accident: the page of one drawing, before it is compressed.
func TestADrawingIsDrawnAsBefore(t *testing.T) {
	content := openPDF(t, pdf(t, Document{Lang: "fa", RTL: true, Blocks: []Block{square("x", "۱", "۱۲")}})).pages()[0]
	if got := fmt.Sprintf("%x", sha256.Sum256([]byte(content))); got != golden {
		t.Errorf("the drawing is %s; if it is meant to be, look at it and write that down", got)
	}
}

const golden = "1c1220a37afc9533511b026c10ea295914880f243f13f9672c5aabf23e1c022a"
