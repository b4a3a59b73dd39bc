package paper

import (
	"bytes"
	"strings"
	"testing"

	"ward/desk"
	"ward/document"
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
