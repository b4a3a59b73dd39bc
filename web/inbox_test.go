package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/intake"
)

// waiting is a workspace in which reports of these words wait, and their ids.
func waiting(t testing.TB, words ...string) (d *desk.Desk, ids []string) {
	t.Helper()
	d = workspace(t)
	for i, w := range words {
		r := intake.Received{Channel: "call", Lang: "en", Mode: "confidential", Day: d.Today().String(), Danger: "no", Narrative: w, Country: "XAA", Distressing: strings.Contains(w, "bodies")}
		if i == 0 {
			r.Danger = "yes"
		}
		id, err := d.TakeReport(ctx, access.Local(), r)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return d, ids
}

// boxesOf are the values of a page's checkboxes.
func boxesOf(doc *document) (values []string) {
	for _, e := range doc.all("input") {
		if e.attr["type"] == "checkbox" && e.attr["name"] == "report" {
			values = append(values, e.attr["value"])
		}
	}
	return values
}

func TestReportsAreMovedAndTakenBackOnTheInbox(t *testing.T) {
	d, ids := waiting(t, "The nurse was taken.", "A ward full of bodies.", "The bridge is closed.")
	h := pagesOf(t, d)
	doc := shown(t, h, "/en/inbox")
	doc.says(t, "Nobody has it 3", "In danger 1", "The nurse was taken.", "Distressing: the words are covered", "hours left to answer who is in danger")
	if rows := doc.rows("inbox"); len(rows) != 3 || !strings.Contains(rows[0][3], "The nurse") {
		t.Fatalf("what is due first is not first: %v", rows)
	}
	values := boxesOf(doc)
	w := send(h, "/en/inbox", url.Values{"view": {"unclaimed"}, "report": values, "move": {"claim"}, "why": {"not asked for"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/en/inbox?view=unclaimed" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	doc = shown(t, h, "/en/inbox")
	doc.says(t, "Claimed: 3 reports", "Nothing waits that nobody has. The last report came on", "Write a report down")
	stale := send(h, "/en/inbox", url.Values{"view": {"all"}, "report": values[:1], "move": {"scope_out"}, "why": {"typed words"}})
	if body := stale.Body.String(); stale.Code != http.StatusConflict || !strings.Contains(body, "omebody else moved the report "+ids[0]) || !strings.Contains(body, `value="typed words"`) {
		t.Errorf("a form that was overtaken: %d", stale.Code)
	}
	var undo []string
	for _, e := range doc.all("input") {
		if e.attr["name"] == "report" && e.attr["type"] == "hidden" {
			undo = append(undo, e.attr["value"])
		}
	}
	if w := send(h, "/en/inbox", url.Values{"do": {"undo"}, "report": undo}); w.Code != http.StatusSeeOther || len(undo) != 3 {
		t.Fatalf("%d reports taken back: %d %s", len(undo), w.Code, w.Body)
	}
	shown(t, h, "/en/inbox").says(t, "Nobody has it 3")
	for name, form := range map[string]url.Values{"nothing ticked": {"move": {"claim"}}, "no move": {"report": {ids[0]}}, "no reason": {"report": {ids[0]}, "move": {"scope_out"}}, "no day": {"report": {ids[0]}, "move": {"snooze"}, "until": {"soon"}}} {
		if w := send(h, "/en/inbox", form); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "This was not done.") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := send(h, "/en/inbox", url.Values{"report": {"01JC0000000000000000000000"}, "move": {"claim"}}); w.Code != http.StatusNotFound {
		t.Errorf("a report that is not there: %d", w.Code)
	}
}

func TestAReportsPageTellsWhereItStandsAndMovesIt(t *testing.T) {
	d, ids := waiting(t, "The nurse was taken.")
	h := pagesOf(t, d)
	page := "/en/reports/" + ids[0]
	shown(t, h, page).says(t, "Where it stands", "Not read", "left to answer who is in danger", "Received, taken down by")
	w := send(h, "/en/inbox", url.Values{"report": {ids[0]}, "back": {ids[0]}, "move": {"respond"}, "why": {"A lawyer is on the way <b>now</b>"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != page {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	doc := shown(t, h, page)
	doc.says(t, "Taken up", "Answered who is in danger", "A lawyer is on the way <b>now</b>")
	if strings.Contains(doc.text(), "left to answer") {
		t.Error("the clock runs on after the answer")
	}
	w = send(h, "/en/inbox", url.Values{"report": {ids[0]}, "back": {ids[0]}, "move": {"snooze"}, "until": {"1999-01-01"}})
	if body := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(body, "1999-01-01") || !strings.Contains(body, "Where it stands") {
		t.Errorf("a move that cannot be made: %d", w.Code)
	}
	if w := send(h, "/en/inbox", url.Values{"do": {"undo"}, "report": {ids[0]}, "back": {ids[0]}}); w.Code != http.StatusSeeOther {
		t.Fatalf("undo: %d", w.Code)
	}
	shown(t, h, page).says(t, "taken back", "Took the last move back", "Not read")
	if w := send(h, "/en/inbox/looking", url.Values{"report": {ids[0]}}); w.Code != http.StatusNoContent {
		t.Errorf("the beat: %d", w.Code)
	}
}

// What people wrote stands in no address, and reaches no log and no file.
func TestWordsOfReportsStandInNoAddress(t *testing.T) {
	const canary = "Qanaryinboxzz"
	d, ids := waiting(t, canary+" was taken.", "Another.")
	h := pagesOf(t, d)
	if err := d.Handle(ctx, access.Local(), ids[:1], intake.Handling{Move: intake.Tag, Tag: canary + "tag"}); err != nil {
		t.Fatal(err)
	}
	for _, form := range []url.Values{{"words": {canary}}, {"with_tag": {canary + "tag"}}} {
		w := send(h, "/en/inbox/find", form)
		doc := parse(t, "/en/inbox/find", w.Body.String())
		if rows := doc.rows("inbox"); w.Code != http.StatusOK || len(rows) != 1 {
			t.Fatalf("%v finds %d rows: %d", form, len(rows), w.Code)
		}
		for _, e := range doc.elements {
			for _, name := range []string{"href", "action", "src"} {
				if strings.Contains(e.attr[name], canary) {
					t.Errorf("<%s %s=%s>", e.name, name, e.attr[name])
				}
			}
		}
	}
	w := send(h, "/en/inbox", url.Values{"view": {"unclaimed"}, "report": {ids[0]}, "move": {"scope_out"}, "why": {canary}})
	if strings.Contains(w.Header().Get("Location"), canary) {
		t.Errorf("after a move one is led to %s", w.Header().Get("Location"))
	}
}

func TestTheInboxIsTheirsWhoReadReports(t *testing.T) {
	d, ids := waiting(t, "The nurse was taken.")
	reader := siteAs(t, d, access.Actor{Name: "V", Account: "v", Roles: []access.Role{access.Verifier}})
	doc := shown(t, reader, "/en/inbox")
	doc.says(t, "The nurse was taken.")
	if len(boxesOf(doc)) != 0 || strings.Contains(doc.text(), "What to do") {
		t.Error("who only reads is offered to move reports")
	}
	if w := send(reader, "/en/inbox", url.Values{"report": {ids[0]}, "move": {"claim"}}); w.Code != http.StatusForbidden {
		t.Errorf("who only reads moved one: %d", w.Code)
	}
	for _, role := range []access.Role{access.Analyst, access.Auditor, access.Administrator, access.Investigator} {
		h := siteAs(t, d, access.Actor{Name: "X", Account: "x", Roles: []access.Role{role}})
		if w := get(t, h, "/en/inbox"); w.Code != http.StatusForbidden {
			t.Errorf("%s sees the inbox: %d", role, w.Code)
		}
		if today := shown(t, h, "/en/today").text(); strings.Contains(today, "The nurse") || strings.Contains(today, "in danger") || strings.Contains(today, ids[0]) {
			t.Errorf("%s is told of a report on Today", role)
		}
	}
	barred := siteAs(t, d, access.Actor{Name: "B", Account: "b", Roles: []access.Role{access.Triage}, Barred: []string{"XAA"}})
	if w := send(barred, "/en/inbox", url.Values{"report": {ids[0]}, "move": {"claim"}}); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "conflict of interest") {
		t.Errorf("a conflict of interest: %d", w.Code)
	}
}

func TestTodaySaysWhatMattersMostFirst(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/today").says(t, "No report has come yet.", "Write a report down")
	d, ids := waiting(t, "The nurse was taken.", "Another.")
	h = pagesOf(t, d)
	doc := shown(t, h, "/en/today")
	doc.says(t, "1 report with people in danger waits for an answer. For the first, 23 hours are left.", "Deal with this first", "The nurse was taken.", "Reports taken down or handled × 2")
	if doc.href(t, "Open this report") != "/en/reports/"+ids[0] {
		t.Error("the next call leads elsewhere")
	}
	if err := d.Handle(ctx, access.Local(), ids, intake.Handling{Move: intake.Escalate, Why: "to the hotline"}); err != nil {
		t.Fatal(err)
	}
	shown(t, h, "/fa/today").says(t, "۲ گزارش مسئولی ندارد.")
}

func TestHostileWordsAreInertInTheInbox(t *testing.T) {
	words := []string{"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "=cmd|' /C calc'!A0", "\u202eevil\u202c", strings.Repeat("x", 3000), "{{.}}"}
	d, ids := waiting(t, words...)
	if err := d.Handle(ctx, access.Local(), ids, intake.Handling{Move: intake.Tag, Tag: "<script>"}); err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	for _, lang := range []string{"en", "fa"} {
		for _, path := range []string{"/inbox", "/today"} {
			shown(t, h, "/"+lang+path)
		}
	}
	for _, q := range []string{"view=%3Cscript%3E", "page=-1", "page=x", "view=all&page=99", "at=-5", "at=x", "sort=%00", "lang=%22%3E", "country=%3Cb%3E"} {
		if w := get(t, h, "/en/inbox?"+q); w.Code != http.StatusOK && w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", q, w.Code)
		}
	}
}
