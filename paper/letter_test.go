package paper

import (
	"bytes"
	"strings"
	"testing"

	"ward/desk"
	"ward/document"
	"ward/fault"
	"ward/policy"
	"ward/statement"
)

var file = desk.StatementFile{
	Draft: statement.Draft{Kind: statement.Letter, Title: "For <b>Dr N.</b>", Lang: "en", Text: "First & foremost.\n\nSecond.", Addressees: []string{"Ministry", "Court"}, Signatories: []string{"President"},
		Clauses: []string{"WMA-HAMBURG-1997:4"}, Date: "2026-05-07"},
	Letterhead: statement.Letterhead{Name: "Medical Association of Arcadia", Lines: []string{"1 Hill, Port"}, Foot: []string{"No 7"}},
	Cited:      []statement.Cited{{Finding: "XAA|WMA-ICOME-2022:40|2024", Outcome: "F2"}}, Issued: "2026-05-07",
}

func plain(t *testing.T, f desk.StatementFile) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteText(&b, Letter(f, policy.Load())); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestALetterSaysWhoToWhomAndOnWhatItRests(t *testing.T) {
	got, at := plain(t, file), 0
	for _, want := range []string{"The State named in this text is invented", "Medical Association of Arcadia", "1 Hill", "7 May 2026", "To: Ministry", "Court", "For <b>Dr N.</b>", "First & foremost.", "Second.", "President",
		"WMA-HAMBURG-1997:4", "Arcadia, ", "WMA-ICOME-2022:40), 2024: F2", "two people", "No 7"} {
		found := strings.Index(got[at:], want)
		if found < 0 {
			t.Fatalf("%q is missing or out of order in:\n%s", want, got)
		}
		at += found
	}
	if strings.Contains(got, "Draft. This text") {
		t.Error("what is issued is called a draft")
	}
}

func TestWhatIsNotIssuedSaysSo(t *testing.T) {
	f := file
	f.Issued, f.Draft.Lang, f.Draft.Text = "", "fa", "بند نخست"
	doc := Letter(f, policy.Load())
	if !doc.RTL || !strings.Contains(plain(t, f), "منتشر نشده") || doc.Number(1, 2) != "۱ از ۲" {
		t.Errorf("%s", plain(t, f))
	}
	f.Draft.Lang = "ps"
	if !Letter(f, policy.Load()).RTL {
		t.Error("Pashto runs from right to left")
	}
}

// Design.md 10.10: where one person did what two should, what leaves says so; and a reprint of what was corrected since says that.
func TestALetterSaysWhatStandsAgainstIt(t *testing.T) {
	if got := plain(t, file); strings.Contains(got, "One person only") || strings.Contains(got, "corrected by a later") {
		t.Error("nothing stands against it")
	}
	f := file
	f.Alone, f.Corrected = true, true
	if got := plain(t, f); !strings.Contains(got, "One person only") || !strings.Contains(got, "corrected by a later") {
		t.Error(got)
	}
}

func TestALetterAsAPageRunsNothing(t *testing.T) {
	var b bytes.Buffer
	if err := WriteHTML(&b, Letter(file, policy.Load())); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{"For &lt;b&gt;Dr N.&lt;/b&gt;", "First &amp; foremost", "<li>", `class="strip"`, `dir="ltr"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
	if strings.Contains(got, "<script") || strings.Contains(got, "ZgotmplZ") || strings.Contains(got, "http") {
		t.Errorf("%s", got)
	}
	if strings.Count(got, "<h1>") != 1 {
		t.Error("not one heading of the first order")
	}
}

func TestEveryKindOfBlockOfALetterIsSaid(t *testing.T) {
	for _, block := range Letter(file, policy.Load()).Blocks {
		if kindOf(block) == "" || asText(block) == "" {
			t.Errorf("%T is passed over", block)
		}
	}
	if asText(document.List{Items: []document.Text{document.T("x")}, Ordered: true}) != "1. x\n" {
		t.Error("an ordered list has no numbers")
	}
}

func TestALetterIsWrittenInEachFormat(t *testing.T) {
	begins := map[string]string{"pdf": "%PDF-1.7", "odt": "PK", "html": "<!doctype html>", "txt": "*** "}
	for _, format := range append(Formats(), "docx") {
		var b bytes.Buffer
		err := WriteLetter(&b, file, policy.Load(), format)
		if want, ok := begins[format]; ok && (err != nil || !strings.HasPrefix(b.String(), want)) || !ok && (!fault.Is(err, fault.NotFound) || b.Len() > 0) {
			t.Errorf("%s: %.20q %v", format, b.String(), err)
		}
	}
}

func TestLinesOfAParagraphStayLines(t *testing.T) {
	for text, want := range map[string]string{"a\nb": "a\n|b\n", "- a\n- b": "- a\n- b\n", "we ask:\n- a": "we ask:\n|- a\n", "-5 degrees": "-5 degrees\n"} {
		var got []string
		for _, block := range paragraph(text) {
			got = append(got, asText(block))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q is written %q", text, got)
		}
	}
}
