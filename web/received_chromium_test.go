package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/intake"
)

// The form on which a report is taken down and the page of a report shut nobody out, and long words widen no phone.
func TestReportsShutNobodyOut(t *testing.T) {
	axe := axeSource(t)
	d := workspace(t)
	h := pagesOf(t, d)
	long := strings.Repeat("Longname", 20)
	form := arrestCall()
	for _, field := range []string{"place", "actor_words", "origin", "elsewhere", "note"} {
		form.Set(field, long)
	}
	form.Set("narrative", strings.Repeat(long+" ", 20))
	form.Set("distressing", "yes")
	page := strings.TrimPrefix(taken(t, h, form, [2]string{long + ".png", "\x89PNG\r\n\x1a\nrest"}, [2]string{"b.pdf", "%PDF-1.4"}), "/en")
	if _, err := d.IncidentOfReport(ctx, access.Local(), strings.TrimPrefix(page, "/reports/"), desk.Taking{Keys: []string{"date", "country", "place", "codes:PER.ARR"}, Grade: intake.Grade{Reliability: "F", Credibility: "6"}}); err != nil {
		t.Fatal(err)
	}
	second := strings.TrimPrefix(taken(t, h, arrestCall()), "/en")
	server := httptest.NewServer(h)
	defer server.Close()
	for _, lang := range []string{"en", "fa"} {
		b := browse(t, server.URL+"/"+lang)
		for _, path := range []string{"/reports/new", page, second} {
			b.judge(axe, path)
		}
	}
}
