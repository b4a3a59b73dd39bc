package web

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/intake"
)

// typed sends a form to a site and gives the answer.
func typed(h http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1:7766"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// soughtIn types words into the search box and gives the address of what is found.
func soughtIn(t *testing.T, h http.Handler, lang string, form url.Values) string {
	t.Helper()
	w := typed(h, "/"+lang+"/search", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%v: %d %s", form, w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// searchable is a workspace with events in several scripts and one report.
func searchable(t *testing.T) *desk.Desk {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", scripts()...)
	publish(t, d, "sind", "sind-2016-2023", append(scripts(), event("5", "2021-06-01", "Event Description", "A qanarnurse was taken.", "Health Workers Arrested", "1"))...)
	_, err := d.TakeReport(ctx, access.Local(), intake.Received{Channel: "call", Mode: "anonymous", Danger: "no", Day: "2024-05-03", Country: "XAA", Narrative: "A qanarnurse called.", Distressing: true})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Words may be of sealed text: they stand in the box and in no address of the page, whatever is opened from it.
func TestNoWordOfASearchStandsInAnAddress(t *testing.T) {
	h := pagesOf(t, searchable(t))
	for _, lang := range []string{"en", "fa"} {
		at := soughtIn(t, h, lang, url.Values{"q": {"qanarnurse"}})
		path, _, _ := strings.Cut(at, "?")
		for _, query := range []string{"", "?view=list", "?view=table&col=id&col=summary&col=from", "?view=table&sort=killed", "?view=map", "?view=map&country=XAA", "?view=timeline", "?view=list&kind=report"} {
			doc := shown(t, h, path+query)
			for _, e := range doc.elements {
				for name, value := range e.attr {
					if strings.Contains(value, "qanar") && (e.name != "input" || name != "value" || e.attr["type"] != "search") {
						t.Errorf("%s: <%s %s=%q>", doc.path, e.name, name, value)
					}
				}
			}
			if doc.one(t, "input").attr["value"] != "qanarnurse" {
				t.Errorf("%s: the box has forgotten the words", doc.path)
			}
		}
	}
}

func TestASearchListsEachKindAndCoversWhatDistresses(t *testing.T) {
	d := searchable(t)
	at := soughtIn(t, pagesOf(t, d), "en", url.Values{"q": {"qanarnurse"}})
	doc := shown(t, pagesOf(t, d), at)
	doc.says(t, "1 entry in the list", "Incidents 1", "Reports 1", "Facilities 0", "Statements 0")
	reports := shown(t, pagesOf(t, d), doc.href(t, "Reports 1"))
	reports.says(t, "1 found", "Covered", "3 May 2024")
	if strings.Contains(reports.text(), "called") {
		t.Error("a distressing text is shown unasked")
	}
	analyst := siteAs(t, d, access.Actor{Name: "a", Account: "A", Roles: []access.Role{access.Analyst}})
	doc = shown(t, analyst, soughtIn(t, analyst, "en", url.Values{"q": {"qanarnurse"}}))
	doc.says(t, "Incidents 1")
	if text := doc.text(); strings.Contains(text, "Reports") {
		t.Errorf("an analyst is told of reports: %s", text)
	}
	investigator := siteAs(t, d, access.Actor{Name: "i", Account: "I", Roles: []access.Role{access.Investigator}, Only: []string{"XAB"}})
	doc = shown(t, investigator, soughtIn(t, investigator, "en", url.Values{"q": {"qanarnurse"}}))
	doc.says(t, "Nothing matches")
	for _, word := range []string{"Export", "Quote", "Arcadia"} {
		if strings.Contains(doc.text(), word) {
			t.Errorf("an investigator of another State reads %q", word)
		}
	}
}

// The task of the desk: every arrest of health workers in a State is found, exported and quoted with one and the same filter.
func TestEveryArrestInAStateIsFoundExportedAndQuoted(t *testing.T) {
	d := searchable(t)
	h := pagesOf(t, d)
	doc := shown(t, h, "/en/search")
	for _, name := range []string{"country", "code"} {
		if !slices.ContainsFunc(doc.all("select"), func(e *element) bool { return e.attr["name"] == name }) {
			t.Errorf("no %s can be chosen", name)
		}
	}
	for _, form := range []url.Values{{"country": {"XAA"}, "code": {"PER.ARR"}}, {"q": {"qanarnurse"}, "country": {"XAA"}, "code": {"PER.ARR"}}} {
		at := soughtIn(t, h, "en", form)
		doc := shown(t, h, at)
		want := map[bool]int{true: 1, false: 2}[form.Has("q")]
		if got := len(doc.rows("incidents")); got != want {
			t.Errorf("%s lists %d, want %d", at, got, want)
		}
		export := get(t, h, doc.href(t, "CSV"))
		rows, err := csv.NewReader(export.Body).ReadAll()
		if err != nil || len(rows) != want+2 { // a head, and the HXL tags below it
			t.Errorf("%s: %d rows %v", doc.href(t, "CSV"), len(rows), err)
		}
		shown(t, h, doc.href(t, "Quote this number")).says(t, "Arcadia")
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 9)
	if err != nil || len(ledger) != 2 || ledger[0].Records != 1 || ledger[1].Records != 2 {
		t.Errorf("%+v %v", ledger, err)
	}
}

func TestASearchIsSavedSharedAndRemoved(t *testing.T) {
	d := searchable(t)
	ana := siteAs(t, d, access.Actor{Name: "ana", Account: "A", Roles: []access.Role{access.Triage}})
	ben := siteAs(t, d, access.Actor{Name: "ben", Account: "B", Roles: []access.Role{access.Triage}})
	at := soughtIn(t, ana, "en", url.Values{"q": {"qanarnurse"}, "country": {"XAA"}, "view": {"timeline"}})
	form := url.Values{}
	for _, e := range shown(t, ana, at).all("input") {
		if e.attr["type"] == "hidden" {
			form.Set(e.attr["name"], e.attr["value"])
		}
	}
	if w := typed(ana, "/en/search/save", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "needs a name") {
		t.Errorf("without a name: %d", w.Code)
	}
	form.Set("name", "Nurses")
	w := typed(ana, "/en/search/save", form)
	saved := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || get(t, ben, saved).Code != http.StatusNotFound {
		t.Fatalf("%d %s", w.Code, saved)
	}
	doc := shown(t, ana, saved)
	doc.says(t, "Saved search: Nurses", "1 entry in the list", "Country: Arcadia")
	if len(doc.all("svg.ch-bars")) != 1 {
		t.Error("the view is not kept")
	}
	if w := typed(ben, saved, url.Values{"do": {"remove"}}); w.Code != http.StatusNotFound {
		t.Errorf("another removes it: %d", w.Code)
	}
	typed(ana, saved, url.Values{"do": {"change"}, "name": {"Nurses taken"}, "shared": {"yes"}})
	shown(t, ben, saved).says(t, "Saved search: Nurses taken", "1 entry in the list")
	typed(ana, saved, url.Values{"do": {"remove"}})
	if get(t, ben, saved).Code != http.StatusNotFound || get(t, ana, saved).Code != http.StatusNotFound {
		t.Error("a removed search is still there")
	}
}

func TestASearchThatFindsNothingOffersWordsThatOccur(t *testing.T) {
	h := pagesOf(t, searchable(t))
	doc := shown(t, h, soughtIn(t, h, "en", url.Values{"q": {"qanarnursing"}}))
	if got := doc.one(t, "form.try"); !strings.Contains(got.text, "qanarnurse") {
		t.Errorf("offered: %q", got.text)
	}
	w := typed(h, "/en/search", url.Values{"q": {"nurse"}, "from": {"yesterday"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="nurse"`) {
		t.Errorf("a day that is none: %d", w.Code)
	}
}

func TestTheTableHasTheColumnsChosenAndSorts(t *testing.T) {
	h := pagesOf(t, searchable(t))
	doc := shown(t, h, "/en/search?view=table&col=from&col=killed&col=id&sort=killed&kind=incident")
	rows := doc.rows("cells")
	if len(rows) != 5 || len(rows[0]) != 3 || rows[0][1] != "3" {
		t.Errorf("%q", rows)
	}
	if got := shown(t, h, doc.href(t, "Killed ↓")).rows("cells"); got[0][1] != "0" {
		t.Errorf("turned around: %q", got)
	}
}
