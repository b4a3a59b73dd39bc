package paper

import (
	"bytes"
	"strings"
	"testing"

	"ward/desk"
	"ward/locale"
	"ward/when"
)

func dayOf(t *testing.T, text string) when.Day {
	t.Helper()
	d, err := when.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d.From()
}

// quarter is a report in which every part but one has something.
func quarter(t *testing.T) desk.Period {
	t.Helper()
	return desk.Period{From: dayOf(t, "2026-10-01"), To: dayOf(t, "2026-12-31"), AsOf: dayOf(t, "2026-12-31"), Parts: []desk.PeriodPart{
		{Name: "new", Groups: []desk.PeriodGroup{
			{Name: "imports", Count: 1, Lines: []desk.PeriodLine{{Name: "sind", Day: "2026-11-02", Figures: []desk.PeriodCount{{Key: "new", N: 1204}, {Key: "changed", N: 0}}}}},
			{Name: "arrived", Count: 2, Lines: []desk.PeriodLine{{Name: "SiND", Figures: []desk.PeriodCount{{Key: "incidents", N: 7}}}, {Name: "SSA", Figures: []desk.PeriodCount{{Key: "incidents", N: 5}}}}},
		}},
		{Name: "changed"},
		{Name: "open", Groups: []desk.PeriodGroup{{Name: "commitments", Count: 90, Lines: []desk.PeriodLine{{Clause: "WMA-GAZA-2025:4", Name: "State:XAA", Code: "open", Day: "2027-01-31"}}}}},
		{Name: "overdue", Groups: []desk.PeriodGroup{{Name: "replies", Count: 1, Lines: []desk.PeriodLine{{State: "XAA", Clause: "WMA-TOKYO-2016:1", Year: 2021, Day: "2026-11-30"}}}}},
		{Name: "asked", Groups: []desk.PeriodGroup{{Name: "ownerless", Count: 1, Lines: []desk.PeriodLine{{Clause: "CYBER-4", Code: "not_met"}}}, {Name: "approvals", Count: 1, Lines: []desk.PeriodLine{{Name: "For a colleague", Code: "review"}}}}},
	}}
}

func TestAPeriodIsToldInWords(t *testing.T) {
	var b bytes.Buffer
	if err := WritePeriod(&b, quarter(t), locale.English, "txt"); err != nil {
		t.Fatal(err)
	}
	got, at := b.String(), 0
	for _, want := range []string{"1 October – 31 December 2026", "2 things are asked of the board. 1 thing is overdue.", "as of 31 December 2026", "New", "sind — new: 1,204 · 2 November 2026", "SiND — incidents: 7", "SSA — incidents: 5",
		"Changed", "Nothing changed on record.", "Commitments never graded: 90", "WMA-GAZA-2025:4 · Arcadia — never graded · by 31 January 2027", "89 more", "Arcadia · WMA-TOKYO-2016:1 · 2021 — by 30 November 2026",
		"Asked of the board", "Not met", "For a colleague — Under review"} {
		found := strings.Index(got[at:], want)
		if found < 0 {
			t.Fatalf("%q is missing or out of order in:\n%s", want, got)
		}
		at += found
	}
	if strings.Contains(got, "12") && strings.Contains(got, "incidents: 12") {
		t.Error("registers were added")
	}
}

func TestAnEmptyPeriodSaysSoInBothLanguages(t *testing.T) {
	p := desk.Period{From: dayOf(t, "2026-10-01"), To: dayOf(t, "2026-10-01"), AsOf: dayOf(t, "2026-10-01")}
	for _, name := range []string{"new", "changed", "open", "overdue", "asked"} {
		p.Parts = append(p.Parts, desk.PeriodPart{Name: name})
	}
	for lang, want := range map[locale.Lang][]string{
		locale.English: {"1 October 2026", "Nothing new came on record in these days, and nothing changed. Nothing is asked of the board. Nothing is overdue.", "Nothing is open."},
		locale.Persian: {"۱ اکتبر ۲۰۲۶", "چیزی سررسیدگذشته نیست."},
	} {
		var b bytes.Buffer
		if err := WritePeriod(&b, p, lang, "txt"); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: %q is missing in:\n%s", lang, w, b.String())
			}
		}
	}
}

func TestAPeriodIsWrittenInEveryFormat(t *testing.T) {
	for format, want := range map[string]string{"pdf": "%PDF-", "odt": "PK", "html": "<!doctype html>", "txt": "1 October", "json": "{"} {
		var b bytes.Buffer
		if err := WritePeriod(&b, quarter(t), locale.English, format); err != nil || !strings.HasPrefix(b.String(), want) {
			t.Errorf("%s: %.20q %v", format, b.String(), err)
		}
	}
	var b bytes.Buffer
	if err := WritePeriod(&b, quarter(t), locale.Persian, "json"); err != nil || !strings.Contains(b.String(), `"to": "2026-12-31"`) || !strings.Contains(b.String(), `"n": 1204`) {
		t.Errorf("%s %v", b.String(), err)
	}
	if len(PeriodFormats()) != 5 {
		t.Errorf("%v", PeriodFormats())
	}
}
