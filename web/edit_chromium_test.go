package web

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/intake"
)

// The editor's pages shut nobody out, with every form open too, and long words widen no phone.
func TestTheEditorShutsNobodyOut(t *testing.T) {
	axe := axeSource(t)
	d := workspace(t)
	h := pagesOf(t, d)
	long := strings.Repeat("Longname", 20)
	id := madeOnForm(t, h, "place", long, "source", long, "actor.note", long, "description", long+" arson", "point", "4.5, 5.5")
	f := fileOf(t, d, id)
	over := standing(t, f, "date").ID
	send(h, "/en/incidents/"+id+"/edit", url.Values{"move": {"supersede"}, "field": {"date"}, "over": {over}, "drawn": {"999"}, "date": {"2026-04-02"}, "source": {long}, "why": {long}})
	send(h, "/en/incidents/"+id+"/edit", url.Values{"move": {"contest"}, "field": {"country"}, "over": {standing(t, f, "country").ID}, "drawn": {"999"}, "why": {long}})
	server := httptest.NewServer(h)
	defer server.Close()
	for _, lang := range []string{"en", "fa"} {
		b := browse(t, server.URL+"/"+lang+"/incidents/")
		for _, path := range []string{id, id + "/edit", id + "/edit?all=1", id + "/history", "new"} {
			b.judge(axe, path)
		}
	}
}

// An incident is coded from a report in Persian, and a wrong date corrected, by keyboard alone.
func TestTheEditorWorksByKeyboard(t *testing.T) {
	d := workspace(t)
	report, err := d.TakeReport(ctx, access.Local(), intake.Received{Channel: "call", Lang: "fas", Mode: "confidential", Known: "there", Day: "2026-11-20", Danger: "no",
		Narrative: "دو پرستار را در برابر درمانگاه بازداشت کردند.", When: "2026-11-18", Country: "XAA", Place: "شمال", Harmed: []intake.Harm{{Who: "worker", Kind: "arrested", Count: "2"}}, Actor: "state.police", ActorState: "XAA"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	b := browse(t, server.URL)
	b.look(screens[0])
	h := &hand{tab: b}
	b.visit("/fa/incidents/new?report=" + report)
	h.write("بازداشت", "یافتن کد")
	h.key("Enter")
	if said := eval[string](b, spoken); !strings.Contains(said, "بازداشت") {
		t.Errorf("after the search the keyboard is at %q", said)
	}
	h.steps++
	h.key(" ")
	h.follow("/fa/incidents/WRD-", "ثبت")
	h.counted(t, "an incident coded from a report in Persian")
	id := eval[string](b, `location.pathname.split("/").pop()`)
	f := fileOf(t, d, id)
	if f.Date.String() != "2026-11-18" || f.Country != "XAA" || len(f.Codes) < 2 || f.Counts["worker.arrested"].Best != 2 || f.Summary == "" {
		t.Errorf("%+v", f.Incident)
	}
	h = &hand{tab: b}
	h.follow("/fa/incidents/"+id+"/edit", "ویرایش")
	h.to("تغییر", "۱۸ نوامبر")
	h.steps++
	h.key("Enter")
	h.write("2026-11-17", "تاریخ")
	h.write("در برگ احضار آمده است", "چرا مقدار دیگر")
	h.follow("/fa/incidents/"+id+"/edit#field-date", "جایگزین کن")
	h.counted(t, "a wrong date corrected with its history")
	if f := fileOf(t, d, id); f.Date.String() != "2026-11-17" {
		t.Errorf("the date is %s", f.Date)
	}
	b.visit("/fa/incidents/" + id + "/history")
	if said := eval[string](b, "document.querySelector('.steps').innerText"); !strings.Contains(said, "در برگ احضار") || !strings.Contains(said, "۱۸ نوامبر") {
		t.Errorf("the history says %q", said)
	}
	if troubles, _ := b.taken(); len(troubles) > 0 {
		t.Errorf("the browser complains: %q", troubles)
	}
}

// follow reaches what the words name, presses Enter there and waits for the page that comes.
func (h *hand) follow(path string, words ...string) {
	h.Helper()
	h.to(words...)
	h.steps++
	h.key("Enter")
	h.arrives(path)
	h.settles()
}

// settles waits until the page stands.
func (h *hand) settles() {
	h.Helper()
	for range 100 {
		if eval[string](h.tab, "document.readyState") == "complete" {
			return
		}
	}
}
