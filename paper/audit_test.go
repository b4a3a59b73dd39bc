package paper

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"ward/audit"
	"ward/document"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/tally"
	"ward/when"
)

// accused are incidents of an invented State's police, each confirmed.
func accused(t *testing.T, n int) (out []audit.Incident) {
	t.Helper()
	date, err := when.Parse("2023-05-07")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		out = append(out, audit.Incident{ID: "WRD-XAA-2023-0000000" + string(rune('0'+i)), Date: date, Country: "XAA", Place: "North", ActorKind: "state.police", ActorState: []string{"XAA"},
			ActorName: "Qanaryofficer", Codes: []string{"PER.ARR"}, Context: "peacetime", Certainty: "confirmed", Register: "SiND", Sources: []string{"SiND", "Port log"}, Scope: "health",
			Roots: []string{"SiND:" + string(rune('0'+i))}, Counts: []audit.PeopleCount{{Field: "worker.arrested", Count: tally.Exact(1)}}})
	}
	return out
}

// paperOf is the audit of an invented State that two people coded and that replied.
func paperOf(t *testing.T, lang locale.Lang) (document.Document, *audit.Report) {
	t.Helper()
	row := func(r audit.Row) audit.Row { r.State = "XAA"; return r }
	rows := []audit.Row{
		row(audit.Row{Kind: audit.KindOutcome, Clause: "WMA-ICOME-2022:40", Year: 2023, Value: "N1", Coder: "Qanaryada", Role: audit.RoleCoder, Date: "2024-01-02"}),
		row(audit.Row{Kind: audit.KindOutcome, Clause: "WMA-ICOME-2022:40", Year: 2023, Value: "N1", Coder: "Qanarybob", Role: audit.RoleCoder, Date: "2024-01-02"}),
		row(audit.Row{Kind: audit.KindInformation, Year: 2023, Value: "I4", Coder: "Qanaryada", Role: audit.RoleCoder, Date: "2024-01-02"}),
		row(audit.Row{Kind: audit.KindInformation, Year: 2023, Value: "I4", Coder: "Qanarybob", Role: audit.RoleCoder, Date: "2024-01-02"}),
		row(audit.Row{Kind: audit.KindReply, Value: "received", Date: "2024-03-01", Note: "The ministry denies it.", Source: "https://arcadia.example/reply"}),
		row(audit.Row{Kind: audit.KindAppeal, Clause: "WMA-ICOME-2022:40", Year: 2023, Value: audit.AppealFiled, Body: "Qanaryappellant", Date: "2024-05-01"}),
	}
	report, err := audit.Build(audit.Input{State: "XAA", From: 2021, To: 2023, MadeAt: "2024-06-01T12:00:00Z", Incidents: accused(t, 3), Rows: rows}, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	return Audit(report, policy.Load(), lang), report
}

// words are those of a whole document as its ODT holds them.
func words(t *testing.T, d document.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.WriteODT(&b); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestTheBoardReadsWhatWasFoundByWhosePartAndWhatIsNotKnown(t *testing.T) {
	doc, _ := paperOf(t, locale.English)
	got := words(t, doc)
	at := 0
	for _, want := range []string{"invented", "Arcadia", "are documented here", "How much can be known", "I4", "What is not known", "Clause by clause, year by year", "2021", "2023",
		"Cells on which people gave a level", "Coder N1 · Coder N1", "The ministry denies it.", "Appeals", "What happened, kind by kind", "Who did it", "SiND", "CC BY-SA", "Port log", "Not known whether it may be passed on", "How we know", "ward audit check ward-audit-XAA.json"} {
		found := strings.Index(got[at:], want)
		if found < 0 {
			t.Fatalf("%q is missing or out of order in:\n%s", want, got[max(0, at-200):])
		}
		at += found
	}
}

// Design 10.4: no individual stands in what leaves; a board needs the part that people took, not their names.
func TestNobodyIsNamedToTheBoard(t *testing.T) {
	for _, lang := range []locale.Lang{locale.English, locale.Persian} {
		doc, report := paperOf(t, lang)
		if len(report.Codings) != 2 || len(report.Appeals) != 1 {
			t.Fatalf("%d codings, %d appeals: the test plants nothing", len(report.Codings), len(report.Appeals))
		}
		if got := words(t, doc); strings.Contains(got, "Qanary") {
			t.Errorf("%s names somebody: %.200s", lang, got[strings.Index(got, "Qanary"):])
		}
	}
}

func TestAPersianAuditRunsFromTheRightWithItsOwnDigits(t *testing.T) {
	doc, _ := paperOf(t, locale.Persian)
	got := words(t, doc)
	for _, want := range []string{"آرکادیا", "۲۰۲۱", "۲۰۲۳", "پیش‌نویس"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if !doc.RTL || doc.Lang != "fa" || doc.Number(1, 12) != "۱ از ۱۲" {
		t.Errorf("rtl %v, %s, %s", doc.RTL, doc.Lang, doc.Number(1, 12))
	}
}

func TestEveryRowOfTheMatrixHasItsClausesAndItsYears(t *testing.T) {
	in := audit.Input{State: "XAA", From: 1990, To: 2023, Incidents: accused(t, 3)}
	report, err := audit.Build(in, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	doc := Audit(report, policy.Load(), locale.English)
	years, hatched := map[string]int{}, 0
	for _, b := range doc.Blocks {
		table, is := b.(document.Table)
		if !is || len(table.Head) == 0 || said(table.Head[0].Text) != "Clause" {
			continue
		}
		if len(table.Head) > 1+yearsAcross {
			t.Errorf("%d columns do not fit a page", len(table.Head))
		}
		for _, h := range table.Head[1:] {
			years[said(h.Text)]++
		}
		for _, row := range table.Rows {
			if len(row) != len(table.Head) {
				t.Errorf("a row of %d cells under %d heads", len(row), len(table.Head))
			}
			for _, c := range row[1:] {
				if c.Hatch {
					hatched++
				}
			}
		}
	}
	if len(years) != 34 || years["1990"] != 1 || years["2023"] != 1 || hatched == 0 {
		t.Errorf("%d years, %d hatched: %v", len(years), hatched, years)
	}
}

func TestAnAuditIsWrittenAsPDFAndODTAlone(t *testing.T) {
	_, report := paperOf(t, locale.English)
	for format, head := range map[string]string{"pdf": "%PDF-", "odt": "PK"} {
		var b bytes.Buffer
		if err := WriteAudit(&b, report, policy.Load(), "fa", format); err != nil || !strings.HasPrefix(b.String(), head) {
			t.Errorf("%s: %.10q %v", format, b.String(), err)
		}
	}
	if err := WriteAudit(io.Discard, report, policy.Load(), "en", "docx"); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
	if err := WriteAudit(io.Discard, report, policy.Load(), "xx", "pdf"); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}
