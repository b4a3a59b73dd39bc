package document

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func pdf(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.WritePDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// samplesDir is where the samples of every language go, for the eye: go test ./document -args -samples DIR.
var samplesDir = flag.String("samples", "", "folder for the samples of every language")

func TestEveryLanguageIsWrittenAsBothFormats(t *testing.T) {
	dir := cmp.Or(*samplesDir, t.TempDir())
	for _, w := range samples {
		for ending, data := range map[string][]byte{".pdf": pdf(t, w.document(45)), ".odt": odtBytes(t, w.document(45))} {
			if mark := map[string]string{".pdf": "%PDF-", ".odt": "PK"}[ending]; !bytes.HasPrefix(data, []byte(mark)) {
				t.Errorf("%s%s does not begin as such a file does", w.lang, ending)
			}
			if err := os.WriteFile(filepath.Join(dir, w.lang+ending), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// letters leaves out spaces, which lines lose at their ends.
func letters(s string) string { return strings.Join(strings.Fields(s), "") }

func TestEveryWordIsReadBackInItsOrder(t *testing.T) {
	for _, w := range samples {
		r := openPDF(t, pdf(t, w.document(45)))
		var all strings.Builder
		for _, content := range r.pages() {
			all.WriteString(r.text(content, false))
		}
		got := letters(all.String())
		if !w.rtl && !strings.Contains(all.String(), w.lead) {
			t.Errorf("%s: words run into each other where a line ends", w.lang)
		}
		for _, want := range []string{w.title, w.lead, w.mixed + w.link + ". " + w.items[1] + " " + w.items[1], w.quote, w.items[1], w.note, w.place + w.number(45)} {
			if !strings.Contains(got, letters(want)) {
				t.Errorf("%s: not read back: %s", w.lang, want)
			}
		}
	}
}

func TestEveryObjectThatIsNamedExists(t *testing.T) {
	r := openPDF(t, pdf(t, samples[1].document(45)))
	for id, dict := range r.dict {
		for _, m := range refPattern.FindAllStringSubmatch(dict, -1) {
			if to, _ := strconv.Atoi(m[1]); r.dict[to] == "" {
				t.Errorf("object %d names %d, which does not exist", id, to)
			}
		}
	}
	for _, entry := range []string{"/MarkInfo<</Marked true>>", "/StructTreeRoot", "/Lang<6661>", "/DisplayDocTitle true", "/Direction/R2L"} {
		if len(r.find(entry)) == 0 {
			t.Errorf("the catalogue has no %s", entry)
		}
	}
	for kind, least := range map[string]int{"H1": 1, "H2": 2, "Table": 1, "TR": 46, "TH": 4, "TD": 180, "LI": 5, "Link": 1, "BlockQuote": 1} {
		if n := len(r.find("/S/" + kind + "/P ")); n < least {
			t.Errorf("%d nodes %s in the structure, want %d", n, kind, least)
		}
	}
}

func TestMarkedContentIsClosedAndNumberedOnEveryPage(t *testing.T) {
	r := openPDF(t, pdf(t, samples[0].document(120)))
	for i, content := range r.pages() {
		opened := strings.Count(content, "BDC") + strings.Count(content, "BMC")
		if closed := strings.Count(content, "EMC"); opened != closed {
			t.Errorf("page %d opens %d stretches and closes %d", i+1, opened, closed)
		}
		if strings.Count(content, "BT ") != strings.Count(content, "ET\n") {
			t.Errorf("page %d leaves text open", i+1)
		}
	}
}

func TestTheHeadOfATableStandsOnEveryPageAndIsReadOnce(t *testing.T) {
	w := samples[0]
	d := Document{Lang: "en", Blocks: w.document(200).Blocks[12:13]}
	r := openPDF(t, pdf(t, d))
	pages := r.pages()
	if len(pages) < 4 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, content := range pages {
		if !strings.Contains(r.text(content, true), "Incidents") {
			t.Errorf("page %d has no head", i+1)
		}
		if read := strings.Contains(r.text(content, false), "Incidents"); read != (i == 0) {
			t.Errorf("page %d: the head is read: %v", i+1, read)
		}
	}
}

func TestNothingStandsOutsideThePage(t *testing.T) {
	long := strings.Repeat("x", 3000)
	wide := Table{Head: make([]Cell, 60), Rows: [][]Cell{make([]Cell, 60)}}
	for i := range wide.Head {
		wide.Head[i], wide.Rows[0][i] = Cell{Text: T(long[:40])}, Cell{Text: T(long[:400]), Hatch: true}
	}
	tall := Table{Head: []Cell{{Text: T(strings.Repeat("head ", 3000))}}, Rows: [][]Cell{{{Text: T(strings.Repeat("دراز ", 4000))}}}}
	for _, rtl := range []bool{false, true} {
		d := Document{Lang: "fa", RTL: rtl, Head: long, Foot: long, Blocks: []Block{Heading{1, T(long)}, Paragraph{Text: T(strings.Repeat("آ", 3000))},
			Facts{{long, long, long}}, List{Items: []Text{T(long)}, Ordered: true, Number: func(int) string { return long }}, wide, tall}}
		r := openPDF(t, pdf(t, d))
		for i, content := range r.pages() {
			within(t, i+1, content)
		}
	}
}

var rectangle = regexp.MustCompile(`(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re f`)

func within(t *testing.T, page int, content string) {
	t.Helper()
	number := func(s string) float64 { v, _ := strconv.ParseFloat(s, 64); return v }
	for _, m := range shown.FindAllStringSubmatch(content, -1) {
		if x, y := number(m[2]), number(m[3]); x < 20 || x > pageWidth-20 || y < 20 || y > pageHeight-20 {
			t.Fatalf("page %d: text at %.0f, %.0f", page, x, y)
		}
	}
	for _, m := range rectangle.FindAllStringSubmatch(content, -1) {
		if x, y, w, h := number(m[1]), number(m[2]), number(m[3]), number(m[4]); x < 0 || y < 0 || x+w > pageWidth || y+h > pageHeight {
			t.Fatalf("page %d: a box at %s", page, m[0])
		}
	}
}

func TestEqualDocumentsAreEqualFiles(t *testing.T) {
	if !bytes.Equal(pdf(t, samples[1].document(9)), pdf(t, samples[1].document(9))) {
		t.Error("PDF differs")
	}
	if !bytes.Equal(odtBytes(t, samples[1].document(9)), odtBytes(t, samples[1].document(9))) {
		t.Error("ODT differs")
	}
}

func TestManyDocumentsAreWrittenAtOnce(t *testing.T) {
	want := pdf(t, samples[1].document(5))
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if !bytes.Equal(pdf(t, samples[1].document(5)), want) {
				t.Error("differs")
			}
		})
	}
}

func TestAShortReportIsSmall(t *testing.T) {
	for _, w := range samples {
		if n := len(pdf(t, w.document(45))); n > 60_000 {
			t.Errorf("%s: %d bytes", w.lang, n)
		}
	}
}

func TestOnlyWebAddressesAreLinks(t *testing.T) {
	text := Text{{Text: "a", Href: "javascript:alert(1)"}, {Text: "b", Href: "file:///etc/passwd"}, {Text: "c", Href: "https://example.org/(x)"}}
	raw := pdf(t, Document{Lang: "en", Blocks: []Block{Paragraph{Text: text}}})
	if n := len(openPDF(t, raw).find("/S/URI")); n != 1 {
		t.Errorf("%d links, want 1", n)
	}
}

func TestAHeadingStaysWithWhatItHeads(t *testing.T) {
	for lines := range 60 {
		d := Document{Lang: "en"}
		for range lines {
			d.Blocks = append(d.Blocks, Paragraph{Text: T("filler")})
		}
		d.Blocks = append(d.Blocks, Heading{2, T("Heading")}, Paragraph{Text: T("Beginning " + strings.Repeat("and on ", 60))})
		r := openPDF(t, pdf(t, d))
		for _, content := range r.pages() {
			if text := r.text(content, false); strings.Contains(text, "Heading") != strings.Contains(text, "Beginning") {
				t.Fatalf("after %d paragraphs the heading stands alone", lines)
			}
		}
	}
}

// A heading, the note under it and the table they speak of begin on one page.
func TestAHeadingAndItsNoteStayWithTheirTable(t *testing.T) {
	for lines := range 60 {
		d := Document{Lang: "en"}
		for range lines {
			d.Blocks = append(d.Blocks, Paragraph{Text: T("filler")})
		}
		d.Blocks = append(d.Blocks, Heading{2, T("Heading")}, Paragraph{Text: T("Caveat"), Look: Note},
			Table{Head: []Cell{{Text: T("Column")}}, Rows: [][]Cell{{{Text: T("First")}}, {{Text: T("Second")}}}})
		r := openPDF(t, pdf(t, d))
		for _, content := range r.pages() {
			if text := r.text(content, false); strings.Contains(text, "Heading") != strings.Contains(text, "First") || strings.Contains(text, "Caveat") != strings.Contains(text, "First") {
				t.Fatalf("after %d paragraphs the heading or its note stands alone", lines)
			}
		}
	}
}

func TestALongTableTakesLinearTime(t *testing.T) {
	took := func(rows int) time.Duration {
		from := time.Now()
		pdf(t, Document{Lang: "en", Blocks: samples[0].document(rows).Blocks[12:13]})
		return time.Since(from)
	}
	took(100)
	small, large := took(2500), took(10_000)
	if large > 10*small {
		t.Errorf("2,500 rows take %v and 10,000 take %v", small, large)
	}
}

func TestAWriterThatFailsIsSaid(t *testing.T) {
	if err := samples[0].document(3).WritePDF(failing{}); err == nil {
		t.Error("PDF: no error")
	}
	if err := samples[0].document(3).WriteODT(failing{}); err == nil {
		t.Error("ODT: no error")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("the disk is full") }

func BenchmarkHundredPages(b *testing.B) {
	for _, w := range samples[:2] {
		d := w.document(3_450)
		b.Run(w.lang, func(b *testing.B) {
			pages := len(openPDF(b, pdf(b, d)).pages())
			b.ReportAllocs()
			for b.Loop() {
				pdf(b, d)
			}
			b.ReportMetric(float64(pages*b.N)/b.Elapsed().Seconds(), "pages/s")
			b.ReportMetric(float64(pages), "pages")
		})
	}
}
