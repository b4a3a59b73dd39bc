package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ward/access"
)

func TestAPeriodIsAPageWithItsFiles(t *testing.T) {
	d, _, _, _ := planted(t)
	pages := pagesOf(t, d)
	get := func(address string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+address, nil))
		return w
	}
	for address, want := range map[string][]string{
		"/en/period":                                   {"Report for the board", `href="/en/states/XAA"`, `id="asked"`, "/export/period/en/period.pdf?from="},
		"/en/period?from=2021-03&to=2021-03":           {"1–31 March 2021", "SiND", `value="2021-03-01"`, `value="2021-03-31"`},
		"/fa/period?from=%DB%B2%DB%B0%DB%B2%DB%B1&to=": {"گزارش برای هیئت‌مدیره", "۲۰۲۱", `dir="rtl"`},
	} {
		w := get(address)
		for _, words := range want {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), words) {
				t.Errorf("%s: %d without %q", address, w.Code, words)
			}
		}
	}
	for address, code := range map[string]int{"/en/period?from=soon": 400, "/en/period?from=2022&to=2021": 400, "/export/period/en/period.docx": 404, "/export/period/en/period.pdf?from=soon": 400, "/export/period/xx/period.pdf": 404} {
		if w := get(address); w.Code != code {
			t.Errorf("%s: %d, want %d", address, w.Code, code)
		}
	}
	for format, kind := range map[string]string{"pdf": "application/pdf", "odt": printedTypes["odt"], "json": "application/json", "html": "text/html", "txt": "text/plain"} {
		w := get("/export/period/fa/period." + format + "?from=2021&to=2021")
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || !strings.Contains(w.Header().Get("Content-Disposition"), "ward-period-2021-01-01-2021-12-31."+format) {
			t.Errorf("%s: %d %v", format, w.Code, w.Header())
		}
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 99)
	if err != nil || len(ledger) != 5 {
		t.Errorf("%d lines in the ledger for five files: %v", len(ledger), err)
	}
}

func TestTheBoardsAuditLeavesByThePageOfItsState(t *testing.T) {
	d, _, _, _ := planted(t)
	pages := pagesOf(t, d)
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1/fa/states/XAA", nil))
	for _, format := range []string{"pdf", "odt"} {
		link := "/export/audit/fa/XAA." + format
		if !strings.Contains(w.Body.String(), link) {
			t.Errorf("no link to %s", link)
		}
		file := httptest.NewRecorder()
		pages.ServeHTTP(file, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+link, nil))
		if file.Code != http.StatusOK || file.Header().Get("Content-Type") != printedTypes[format] || file.Body.Len() < 1000 {
			t.Errorf("%s: %d %s", link, file.Code, file.Header())
		}
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 9)
	if err != nil || len(ledger) != 2 || ledger[0].What != "audit XAA odt" {
		t.Errorf("%+v %v", ledger, err)
	}
}
