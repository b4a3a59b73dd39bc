package paper

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ward/desk"
	"ward/document"
	"ward/entry"
	"ward/evaluation"
	"ward/locale"
)

// samplesDir is where evaluations of every language go, for the eye: go test ./paper -run Evaluation -args -samples DIR.
var samplesDir = flag.String("samples", "", "folder for the samples of every language")

// evaluated is an invented evaluation in custody with three findings, a photograph and an addendum.
func evaluated(signed bool) desk.EvaluationPaper {
	at := time.Date(2026, 5, 7, 10, 0, 0, 0, time.UTC)
	e := evaluation.Evaluation{ID: "01J0000000000000000000EVAL", State: evaluation.Drafted, Asked: true,
		Request: evaluation.Request{Person: "p", Country: "XAA", Clinician: "Dr Toli Venn", AskedBy: "the lawyer", Purpose: "a hearing", Lang: "en"},
		Consent: evaluation.Consent{Uses: map[string]string{"exam": "yes", "photos": "yes", "court": "yes", "publication": "no"}, Explained: true, Refusal: true, Free: true, Capacity: "yes", Method: "written", Day: "2026-05-07"},
		Parts: map[string]evaluation.Part{
			"circumstances": {Section: "circumstances", Values: map[string]string{"place": "Northern prison, visiting room", "day": "2026-05-07", "present": "One officer stood at the open door.", "remote": "no", "delay": "Six weeks"},
				Known: map[string]string{"present": evaluation.Seen, "delay": evaluation.Told}},
			"allegations":   {Section: "allegations", Values: map[string]string{"summary": "Qanarytold: he was beaten on the soles with a cable.\nTwice in one night."}, Known: map[string]string{"summary": evaluation.Told}},
			"tests":         {Section: "tests", Left: "No laboratory could be reached."},
			"conclusions":   {Section: "conclusions", Values: map[string]string{"overall": "highly_consistent", "opinion": "What was found fits what was told."}},
			"restrictions":  {Section: "restrictions", Values: map[string]string{"any": "yes", "what": "Twenty minutes; the door stayed open.", "effect": "The back was not examined."}, Known: map[string]string{"what": evaluation.Seen}},
			"psychological": {Section: "psychological", Values: map[string]string{"status": "Startled at every sound."}, Known: map[string]string{"status": evaluation.Seen}},
		},
		Findings: []evaluation.Finding{
			{Finding: "A", Kind: evaluation.Physical, View: "front", X: 420, Y: 330, Part: "scalp", Side: "left", Type: "bruise", Description: "Two parallel lines with a pale middle.", Length: 60, Width: 12, Colour: "yellow-green",
				Known: evaluation.Seen, Methods: []string{"beating"}, Alleged: "a cable", Consistency: "highly_consistent", Why: "Parallel lines.", Differential: "a fall"},
			{Finding: "B", Kind: evaluation.Physical, View: "back", X: 500, Y: 300, Type: "abrasion", Description: "A graze.", Length: 20, Known: evaluation.Seen},
			{Finding: "C", Kind: evaluation.Psychological, Type: "reliving", Description: "Relived it while speaking.", Known: evaluation.Seen, Consistency: "typical"},
		},
		Photos: []evaluation.KeptPhoto{{Number: 1, Entry: "f1", File: entry.File{Type: "image/jpeg", SHA256: strings.Repeat("ab", 32)}, Caption: evaluation.Caption{Text: "Left side", Scale: "yes", Taken: "2026-05-07", By: "Dr Venn", Finding: "A"}},
			{Number: 2, Entry: "f2", File: entry.File{Type: "image/jpeg"}}},
	}
	p := desk.EvaluationPaper{Evaluation: e, Pseudonym: "Heron", Pictures: map[int][]byte{1: photograph()}}
	if signed {
		p.State = evaluation.Signed
		p.Peer = &entry.Entry[evaluation.Peer]{By: "Dr Ami Roth", At: at, Body: evaluation.Peer{Pass: true}}
		p.Signature = &entry.Entry[evaluation.Signature]{By: "Dr Toli Venn", At: at, Body: evaluation.Signature{Digest: p.Evaluation.Digest(), Name: "Toli Venn", Standing: "forensic physician", Place: "Arcadia City", Day: "2026-05-08", Truth: true}}
		p.Addenda = []entry.Entry[evaluation.Addendum]{{By: "Dr Toli Venn", At: at, Body: evaluation.Addendum{Text: "The X-ray came later.", Known: evaluation.Document, Day: "2026-05-20"}}}
	}
	return p
}

func photograph() []byte {
	m := image.NewYCbCr(image.Rect(0, 0, 320, 200), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = uint8(i % 320 / 2)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = 120, 140
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// blocksOf counts the drawings, marks and photographs of a report.
func blocksOf(d document.Document) (figures, marks, pictures int) {
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case document.Figures:
			for _, f := range b {
				figures, marks = figures+1, marks+len(f.Marks)
			}
		case document.Picture:
			pictures++
		}
	}
	return figures, marks, pictures
}

func TestAnEvaluationIsPrintedInEveryLanguageAndFormat(t *testing.T) {
	dir := cmp.Or(*samplesDir, t.TempDir())
	for _, lang := range locale.Langs() {
		p := evaluated(true)
		for _, format := range []string{"pdf", "odt"} {
			var b bytes.Buffer
			if err := WriteEvaluation(&b, p, lang, format); err != nil || b.Len() < 5000 {
				t.Fatalf("%s %s: %d bytes, %v", lang, format, b.Len(), err)
			}
			if err := os.WriteFile(filepath.Join(dir, string(lang)+"."+format), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := words(t, Evaluation(p, lang))
		if c := locale.For(lang); strings.Contains(got, "evaluation.paper.") || !strings.Contains(got, c.T("evaluation.paper.covers")) || !strings.Contains(got, "Two parallel lines") {
			t.Errorf("%s: words are missing", lang)
		}
	}
}

func TestWhatWasToldStandsApartFromWhatWasFound(t *testing.T) {
	d := Evaluation(evaluated(true), locale.English)
	for i, b := range d.Blocks {
		p, ok := b.(document.Paragraph)
		if !ok || !strings.Contains(said(p.Text), "Qanarytold") {
			continue
		}
		if note, _ := d.Blocks[i-1].(document.Paragraph); p.Look != document.Quote || !strings.Contains(said(note.Text), "not verified by the clinician") {
			t.Errorf("what was told stands as found: %+v", p)
		}
		return
	}
	t.Error("what was told is missing")
}

func TestEveryMarkIsNumberedAsInTheTable(t *testing.T) {
	for _, lang := range []locale.Lang{locale.English, locale.Persian} {
		d := Evaluation(evaluated(true), lang)
		var marks []string
		for _, b := range d.Blocks {
			if list, ok := b.(document.Figures); ok {
				for _, f := range list {
					for _, m := range f.Marks {
						marks = append(marks, m.Label)
						if !strings.Contains(f.Alt, m.Label) {
							t.Errorf("the words of the drawing do not name mark %s", m.Label)
						}
					}
				}
			}
		}
		want := map[locale.Lang]string{locale.English: "1 2", locale.Persian: "۱ ۲"}[lang]
		if strings.Join(marks, " ") != want {
			t.Errorf("%s: marks %q", lang, marks)
		}
	}
}

func TestPhotographsArePrintedOnlyWhereConsentedToAndTicked(t *testing.T) {
	p := evaluated(true)
	if _, _, n := blocksOf(Evaluation(p, locale.English)); n != 1 {
		t.Errorf("%d photographs, want the one that is ticked", n)
	}
	p.Consent.Uses = map[string]string{"exam": "yes", "photos": "no"}
	if _, _, n := blocksOf(Evaluation(p, locale.English)); n != 0 {
		t.Error("a photograph is printed without consent")
	}
	p = evaluated(true)
	p.Pictures = nil
	if got := words(t, Evaluation(p, locale.English)); !strings.Contains(got, "2 photographs are kept as evidence") {
		t.Error("that photographs are left out is not said")
	}
	p.Pictures = map[int][]byte{1: []byte("no picture")}
	if got := words(t, Evaluation(p, locale.English)); !strings.Contains(got, "Photograph 1 cannot be printed") {
		t.Error("a photograph that cannot be read is not said")
	}
}

func TestWhatIsNotSignedSaysSoAndWhatIsSaysWhatTheFingerprintCovers(t *testing.T) {
	draft := words(t, Evaluation(evaluated(false), locale.English))
	for _, want := range []string{`"Strip">Draft, not signed`, "No colleague has read it."} {
		if !strings.Contains(draft, want) {
			t.Errorf("the draft lacks %q", want)
		}
	}
	p := evaluated(true)
	signed := words(t, Evaluation(p, locale.English))
	for _, want := range []string{p.Signature.Body.Digest, "It does not cover addenda.", "Dr Ami Roth", "The X-ray came later.", "Left empty, because: No laboratory", "The back was not examined."} {
		if !strings.Contains(signed, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(signed, "Draft, not signed") || strings.Contains(signed, "One person only") {
		t.Error("a signed report is called a draft, or one person's")
	}
	p.Peer.Body.Alone, p.Altered = true, true
	got := words(t, Evaluation(p, locale.English))
	if !strings.Contains(got, `"Strip">One person only`) || !strings.Contains(got, `"Strip">What is on record is not what was signed`) {
		t.Error("one person only, or altered, is not said")
	}
}
