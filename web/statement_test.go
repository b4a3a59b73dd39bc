package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/statement"
)

// written posts a draft and gives the address of its page.
func written(t *testing.T, h http.Handler, form url.Values) string {
	t.Helper()
	w := send(h, "/en/statements/write", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

func letterForm() url.Values {
	return url.Values{"kind": {"letter"}, "lang": {"en"}, "title": {"For <i>Dr N.</i>"}, "text": {"First.\n\nSecond."}, "addressees": {"Ministry of Health"}, "signatories": {"President"},
		"findings": {"XAA|WMA-ICOME-2022:40|2021"}, "clauses": {"WMA-HAMBURG-1997:4"}}
}

func TestAStatementIsWrittenApprovedIssuedAndAnswered(t *testing.T) {
	h := pagesOf(t, workspace(t))
	shown(t, h, "/en/statements").says(t, "Nothing has been written yet", "No letterhead is set yet")
	path := written(t, h, letterForm())
	doc := shown(t, h, path)
	doc.says(t, "For <i>Dr N.</i>", "Draft", "as they stand today", "Arcadia, 2021: Colleagues protected", "WMA-ICOME-2022:40")
	shown(t, h, doc.href(t, "Revise")).says(t, "Revise")
	for _, to := range []string{"review", "approved", "issued"} {
		if w := send(h, path, url.Values{"to": {to}, "due": {"2020-01-01"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", to, w.Code, w.Body)
		}
	}
	shown(t, h, path).says(t, "Issued", "Overdue", "One person only", "as they stood on the day of issue")
	shown(t, h, "/en/statements?late=1&kind=letter&about=XAA&q=second").says(t, "1 statement or letter", "1 waits for an answer beyond its day")
	shown(t, h, "/fa"+strings.TrimPrefix(path, "/en")).says(t, "منتشرشده", "پاسخی ثبت نشده")
	if w := send(h, path, url.Values{"date": {"2099-02-03"}, "from": {"The Minister"}, "grade": {"C"}, "text": {"We are looking into it."}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	list := shown(t, h, "/en/statements?kind=letter")
	if file := get(t, h, list.href(t, "CSV")).Body.String(); !strings.Contains(file, "letter,answered,For <i>Dr N.</i>") || !strings.Contains(file, ",1,2099-02-03,C") || strings.Contains(file, "looking into") {
		t.Errorf("the register as a file: %s", file)
	}
	if file := get(t, h, "/export/statements/register.csv?kind=appeal").Body.String(); strings.Count(file, "\n") != 1 {
		t.Errorf("the file is not what was asked for: %s", file)
	}
	shown(t, h, path).says(t, "Answered", "We are looking into it.", "C: answers, and does not do it", "3 February 2099")
	shown(t, h, "/en/statements/write?corrects="+strings.TrimPrefix(path, "/en/statements/")).says(t, "Write a new one")
}

// What a rule forbids is said on the page of the statement, with what was typed kept.
func TestWhatCannotBeDoneWithAStatementIsSaid(t *testing.T) {
	h := pagesOf(t, workspace(t))
	form := letterForm()
	form.Set("text", "Dear [[name]]")
	path := written(t, h, form)
	send(h, path, url.Values{"to": {"review"}})
	w := send(h, path, url.Values{"to": {"approved"}, "note": {"a note kept"}})
	doc := parse(t, "refused", w.Body.String())
	doc.says(t, "1 places are still to be filled in", "Nothing was written", "Still to be filled in: name")
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `value="a note kept"`) {
		t.Errorf("%d", w.Code)
	}
	form.Set("kind", "tweet")
	w = send(h, "/en/statements/write", form)
	if parse(t, "invalid", w.Body.String()).says(t, "no kind of statement"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Dear [[name]]") {
		t.Errorf("%d", w.Code)
	}
	for path, code := range map[string]int{"/en/statements/none": 404, "/export/statements/none.pdf": 404, "/export/statements/x.exe": 404, "/en/statements/write?revise=none": 404} {
		if w := get(t, h, path); w.Code != code {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestEveryTemplateFillsTheForm(t *testing.T) {
	h := pagesOf(t, workspace(t))
	for _, tm := range statement.Templates() {
		for _, lang := range []string{"en", "fa"} {
			doc := shown(t, h, "/"+lang+"/statements/write?template="+tm.ID)
			if area := doc.all("textarea"); len(area) == 0 || !strings.Contains(area[0].text, "[[") {
				t.Errorf("%s in %s fills nothing in", tm.ID, lang)
			}
		}
	}
}

func TestALetterheadIsKeptAndPrinted(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	if w := send(h, "/en/statements/letterhead", url.Values{"name": {""}, "foot": {"typed"}}); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "typed") {
		t.Errorf("%d", w.Code)
	}
	if w := send(h, "/en/statements/letterhead", url.Values{"name": {"Medical Association of Arcadia"}, "lines": {"1 Hill\nPort"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, h, "/fa/statements/letterhead").says(t, "سربرگ")
	number := strings.TrimPrefix(written(t, h, letterForm()), "/en/statements/")
	for format, want := range map[string]string{"pdf": "%PDF-", "odt": "PK", "html": "Medical Association of Arcadia", "txt": "Medical Association of Arcadia"} {
		w := get(t, h, "/export/statements/"+number+"."+format)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d %.80q", format, w.Code, w.Body)
		}
	}
	if ledger, err := d.Ledger(ctx, access.Local(), 0, 9); err != nil || len(ledger) != 4 {
		t.Errorf("%d lines, %v", len(ledger), err)
	}
}
