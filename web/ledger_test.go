package web

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/bundle"
	"ward/desk"
)

// letOut writes an export for somebody into the ledger.
func letOut(t testing.TB, d *desk.Desk, format, to, why string) {
	t.Helper()
	if _, err := d.Export(ctx, access.Local(), &bytes.Buffer{}, desk.ExportOptions{Format: format, To: to, Why: why}); err != nil {
		t.Fatal(err)
	}
}

func TestTheLedgerSaysWhatLeftToWhomAndWhy(t *testing.T) {
	d, ids := published(t)
	letOut(t, d, "csv", "An invented court", "Proceedings 12")
	if err := d.Bundle(ctx, access.Local(), &bytes.Buffer{}, ids[0], desk.BundleOptions{Show: []string{"description"}, To: "An invented ministry", Why: "A question"}); err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	doc := shown(t, h, "/en/ledger")
	rows := doc.rows("ledger")
	if len(rows) != 2 || !strings.HasPrefix(rows[0][0], "Bundle with proof") || !strings.Contains(rows[0][0], ids[0]) || !strings.Contains(rows[0][0], "shown beyond the public: Description") ||
		!strings.HasPrefix(rows[1][0], "Incidents exported") || rows[1][4] != "An invented courtProceedings 12" {
		t.Errorf("%q", rows)
	}
	shown(t, h, "/fa/ledger").says(t, "بستهٔ اثبات", "An invented court")
	for query, want := range map[string]int{"?exit=bundle": 1, "?exit=export": 1, "?exit=audit": 0, "?who=local+operator": 2, "?who=nobody": 0, "?exit=bundle&who=local+operator": 1} {
		if got := len(shown(t, h, "/en/ledger"+query).rows("ledger")); got != want {
			t.Errorf("%s: %d lines", query, got)
		}
	}
	shown(t, h, "/en/ledger?exit=audit").says(t, "No line matches")
	shown(t, h, "/en/ledger?page=7").says(t, "There is no page 7: the list ends with page 1")
	act := shown(t, h, doc.href(t, "Act "+rows[0][6]))
	act.says(t, "Let out: Bundle with proof")
	line := shown(t, h, act.href(t, "its line in the ledger"))
	if got := line.rows("ledger"); len(got) != 1 || !slices.Equal(got[0], rows[0]) {
		t.Errorf("the act leads to %q", got)
	}
	if got, err := csv.NewReader(get(t, h, line.href(t, "CSV")).Body).ReadAll(); err != nil || len(got) != 2 || got[1][9] != ids[0] {
		t.Errorf("the file of one line is %q, %v", got, err)
	}
}

func TestTheLedgerTurnsItsPages(t *testing.T) {
	d, _ := published(t)
	for i := range pageSize + 3 {
		letOut(t, d, "csv", fmt.Sprint("recipient ", i), "")
	}
	h := pagesOf(t, d)
	first := shown(t, h, "/en/ledger?exit=export")
	second := shown(t, h, first.href(t, "next"))
	if a, b := len(first.rows("ledger")), len(second.rows("ledger")); a != pageSize || b != 3 {
		t.Errorf("%d and %d lines", a, b)
	}
	second.says(t, "Page 2 of 2", "recipient 0")
	if got := second.href(t, "prev"); !strings.Contains(got, "exit=export") {
		t.Errorf("the way back forgets what was asked: %s", got)
	}
}

// The ledger leaves as a file through the same door as everything: guarded against formulas, and with a line of its own.
func TestTheLedgerLeavesAsAFileAndSaysSo(t *testing.T) {
	d, _ := published(t)
	letOut(t, d, "csv", `=HYPERLINK("http://evil.example","x")`, "+cmd|' /C calc'!A0")
	h := pagesOf(t, d)
	w := get(t, h, shown(t, h, "/en/ledger").href(t, "CSV"))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][6] != `'=HYPERLINK("http://evil.example","x")` || rows[1][7] != `'+cmd|' /C calc'!A0` || rows[1][3] != "export" {
		t.Errorf("%q %v", rows, err)
	}
	if got := shown(t, h, "/en/ledger").rows("ledger"); len(got) != 2 || !strings.Contains(got[0][0], "ledger.csv") || got[0][2] != "1" {
		t.Errorf("the ledger does not say that it left: %q", got)
	}
	if rows, err := csv.NewReader(get(t, h, "/export/ledger/csv?exit=audit").Body).ReadAll(); err != nil || len(rows) != 1 {
		t.Errorf("nothing asked for: %q %v", rows, err)
	}
}

func TestReadingsStandUnderTheirDay(t *testing.T) {
	d, ids := published(t)
	h := pagesOf(t, d)
	for range 2 {
		shown(t, h, "/en/incidents/"+ids[0])
	}
	shown(t, h, "/en/states/XAA")
	doc := shown(t, h, "/en/ledger/readings")
	subjects := map[string]int{}
	for _, row := range doc.rows("readings") {
		subjects[row[0]]++
	}
	if subjects[ids[0]] != 1 || subjects["Arcadia"] == 0 || subjects["Places in Arcadia"] != 1 {
		t.Errorf("%v", subjects)
	}
	if got := doc.href(t, ids[0]); got != "/en/incidents/"+ids[0] {
		t.Errorf("the reading leads to %s", got)
	}
	for query, want := range map[string]bool{"?exit=page": true, "?exit=audit": true, "?exit=rejects": false, "?who=local+operator": true, "?who=nobody": false, "?day=2001-01-01": false} {
		if got := len(shown(t, h, "/en/ledger/readings"+query).rows("readings")) > 0; got != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	shown(t, h, "/en/ledger/readings?who=nobody").says(t, "No reading matches")
	shown(t, h, "/en/ledger/readings?after=5000").says(t, "The list ends before this point")
	shown(t, h, "/fa/ledger/readings").says(t, "آرکادیا")
}

func TestReadingsTurnTheirPages(t *testing.T) {
	d := workspace(t)
	rows := make([]cells, 2*pageSize+5)
	for i := range rows {
		rows[i] = event(fmt.Sprint(i), "2021-03-07")
	}
	publish(t, d, "sind", "sind-2016-2023", rows...)
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: len(rows)})
	if err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	for _, inc := range page.Incidents {
		shown(t, h, "/en/incidents/"+inc.PublicID)
	}
	seen := map[string]int{}
	doc := shown(t, h, "/en/ledger/readings?exit=page")
	for i := range 2 {
		for _, row := range doc.rows("readings") {
			seen[row[0]]++
		}
		if i == 0 {
			doc = shown(t, h, doc.href(t, "next"))
		}
	}
	for _, inc := range page.Incidents {
		if seen[inc.PublicID] != 1 {
			t.Errorf("%s stands %d times", inc.PublicID, seen[inc.PublicID])
		}
	}
	if got := doc.href(t, "prev"); got != "/en/ledger/readings?exit=page" {
		t.Errorf("back to the newest is %s", got)
	}
}

// verdict judges a download as ward verify does.
func verdict(t *testing.T, h http.Handler, path string) bundle.Result {
	t.Helper()
	w := get(t, h, path)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/zip" || !strings.Contains(w.Header().Get("Content-Disposition"), "ward-bundle.zip") {
		t.Fatalf("%s: %d %v %.300s", path, w.Code, w.Header(), w.Body)
	}
	return bundle.Verify(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()), nil)
}

func TestAnIncidentOffersItsProofOnceItsHourIsOver(t *testing.T) {
	d := workspace(t)
	publish(t, d, "who-ssa", "who-ssa", attack("XAA1", "3/7/21 12:00 AM"))
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	id := page.Incidents[0].PublicID
	before := shown(t, h, "/en/incidents/"+id)
	before.says(t, "Then a bundle can be made")
	if w := get(t, h, "/export/bundle/"+id+".zip"); w.Code != http.StatusConflict || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("a bundle before its time: %d", w.Code)
	}
	if len(before.all("a.button")) > 0 {
		t.Error("a bundle is offered before its time")
	}
	flush(t, d)
	after := shown(t, h, "/en/incidents/"+id)
	after.says(t, " of 2 in it", "Its import:", "The incident:")
	shown(t, h, "/fa/incidents/"+id).says(t, "بارگیری بسته", "رویداد:")
	result := verdict(t, h, after.one(t, "a.button").attr["href"])
	if result.Code != bundle.Holds || result.Incident != id || len(result.Records) != 3 {
		t.Errorf("%+v", result)
	}
	for _, r := range result.Records { // what the page announces is what the bundle holds
		after.says(t, fmt.Sprintf("%d fields shown", len(r.Fields)))
	}
	if got := shown(t, h, "/en/ledger?exit=bundle").rows("ledger"); len(got) != 1 || !strings.Contains(got[0][0], id) {
		t.Errorf("the ledger says %q", got)
	}
}

func TestAnErasedIncidentAnswersWithWhatRemains(t *testing.T) {
	d, ids := published(t)
	if _, err := d.Erase(ctx, access.Local(), ids[0], "consent_withdrawn"); err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	gone := func(lang string) *document {
		w := get(t, h, "/"+lang+"/incidents/"+ids[0])
		if w.Code != http.StatusNotFound {
			t.Errorf("an erased incident answers %d", w.Code)
		}
		return parse(t, lang, w.Body.String())
	}
	doc := gone("en")
	doc.says(t, ids[0]+" was erased on request", "consent was withdrawn", "Then a bundle can be made")
	if strings.Contains(doc.text(), "A clinic was searched") {
		t.Error("what was erased can be read")
	}
	flush(t, d)
	doc = gone("en")
	shown(t, h, actLink(doc)).says(t, "Record erased", ids[0])
	result := verdict(t, h, doc.one(t, "a.button").attr["href"])
	if result.Code != bundle.WasErased {
		t.Errorf("%+v", result)
	}
	gone("fa").says(t, "به درخواست پاک شد", "رضایت پس گرفته شد")
	shown(t, h, "/en/log").says(t, ids[0])
	if w := get(t, h, "/en/incidents/WRD-XAA-2020-AAAAAAAA"); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "erased on request") {
		t.Errorf("an incident that never was: %d", w.Code)
	}
}

// actLink is the first link to an act.
func actLink(doc *document) string {
	for _, e := range doc.all("a") {
		if strings.HasPrefix(e.attr["href"], "/en/log/") {
			return e.attr["href"]
		}
	}
	return ""
}

// The answers that the page explains are those that ward verify gives, in its order.
func TestThePageExplainsEveryAnswer(t *testing.T) {
	want := []string{"0", "20", "16", "10", "11", "13", "15", "12", "14", "1"}
	h := pagesOf(t, workspace(t))
	var got []string
	for _, row := range shown(t, h, "/en/verify").rows("codes") {
		got = append(got, row[0])
	}
	if !slices.Equal(got, want) {
		t.Errorf("the page explains %v", got)
	}
	for _, code := range []int{bundle.Holds, bundle.Differs, bundle.Missing, bundle.NotIncluded, bundle.BadSigned, bundle.NoQuorum, bundle.UnknownKey, bundle.Damaged, bundle.WasErased} {
		if !slices.Contains(got, fmt.Sprint(code)) {
			t.Errorf("the page says nothing of %d", code)
		}
	}
	shown(t, h, "/fa/verify").says(t, "آزمودن یک بسته", "۲۰")
	if doc := shown(t, h, "/en/verify"); len(doc.all("input")) > 0 || len(doc.all("form")) > 0 {
		t.Error("there is a way to send a file in")
	}
}

// What is sealed stays off the pages of the log: words of sources that may not be passed on, and of those that may.
func TestTheLogTellsNothingOfAnIncident(t *testing.T) {
	d, _, withheld, shared := planted(t)
	h := pagesOf(t, d)
	for _, id := range []string{withheld, shared} {
		shown(t, h, "/en/incidents/"+id)
		get(t, h, "/export/bundle/"+id+".zip")
	}
	get(t, h, "/export/incidents/csv")
	if _, err := d.Erase(ctx, access.Local(), shared, "other"); err != nil {
		t.Fatal(err)
	}
	flush(t, d)
	paths := []string{"/log/checkpoint", "/log/tile/0/000.p/32", "/log/tile/entries/000.p/32", "/export/ledger/csv", "/en/incidents/" + shared, "/fa/incidents/" + shared, "/en/nowhere", "/log/nothing"}
	for _, lang := range []string{"en", "fa"} {
		for _, path := range []string{"/log", "/log?before=3", "/ledger", "/ledger?exit=bundle", "/ledger/readings", "/ledger/readings?exit=page", "/verify"} {
			paths = append(paths, "/"+lang+path)
		}
		for n := 1; n < 20; n++ {
			paths = append(paths, fmt.Sprintf("/%s/log/%d", lang, n))
		}
	}
	for _, path := range paths {
		w := get(t, h, path)
		for _, canary := range []string{withheldCanary, sharedCanary, "A clinic was searched", url.QueryEscape(withheldCanary)} {
			if holds(w.Body.Bytes(), canary) {
				t.Errorf("%s (%d) tells of %s", path, w.Code, canary)
			}
		}
	}
	body := get(t, h, "/export/bundle/"+withheld+".zip").Body.Bytes()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || holds(body, withheldCanary) { // its entries are stored, not packed
		t.Errorf("the bundle of what is withheld: %d entries, %v", len(archive.File), err)
	}
}
