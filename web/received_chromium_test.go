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

// A phone call about an arrest becomes a sealed report with its next action, by keyboard alone.
func TestAPhoneCallIsTakenDownByKeyboardAlone(t *testing.T) {
	server := httptest.NewServer(pagesOf(t, workspace(t)))
	defer server.Close()
	b := browse(t, server.URL)
	b.look(screens[0])
	b.visit("/en/reports/new")
	h := &hand{tab: b}
	h.typed("Police took a nurse from the ward at the old bridge.") // the form opens on its first question
	h.press(" ", "Yes", "danger now")
	h.write("2020-11-03", "Day, month or year")
	h.write("XAA", "Country")
	h.choose("Health", "Who", "harmed")
	h.choose("Arr", "What was done", "harmed")
	h.write("1", "How many", "harmed")
	h.choose("State: pol", "Who did it")
	h.choose("Was", "How the source knows")
	h.press(" ", "A lawyer")
	h.press(" ", "Protect the people")
	h.to("Save the report")
	h.steps++
	h.key("Enter")
	b.arrives("/en/reports/0")
	text := eval[string](b, `document.querySelector("main").innerText`)
	for _, want := range []string{"Next: somebody may be in danger", "3 November 2020", "Health worker arrested", "C3", "Protect the people"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	h.counted(t, "a phone call about an arrest, to a sealed report with its next action")
}
