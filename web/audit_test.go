package web

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
)

// policed are three events in which the State's police are named, in an armed conflict, and one whose actor is not known.
func policed() []cells {
	conflict := []string{"Relates to Conflict", "ConflictEvent", "Forceful Entry into Health Facility", "1"}
	return []cells{
		event("1", "2021-03-07", conflict...), event("2", "2021-04-01", conflict...), event("3", "2022-01-31", conflict...),
		event("4", "2021-06-01", append(conflict, "Reported Perpetrator", "No Information", "Admin 1", "South", "Latitude", "", "Longitude", "")...),
	}
}

func TestACellsPageSaysWhatTheMatrixSays(t *testing.T) {
	d := simulated(t)
	h := pagesOf(t, d)
	state := shown(t, h, "/en/states/XAA")
	cells := 0
	for _, e := range state.all("a") {
		_, rest, is := strings.Cut(e.attr["href"], "/en/states/XAA/")
		if !is || cells > 20 {
			continue
		}
		cells++
		clause, year, _ := strings.Cut(rest, "/")
		cell := shown(t, h, e.attr["href"])
		level := regexp.MustCompile(`^[NF][0-4]`).FindString(plain(e.text))
		if level != "" {
			if got := plain(cell.one(t, "span.level").text); got != level {
				t.Errorf("%s %s: the matrix says %s, the page %s", clause, year, level, got)
			}
		}
		if got := len(cell.rows("narrow")); got != 5 {
			t.Errorf("%s: %d readings", e.attr["href"], got)
		}
		if n := strings.TrimPrefix(plain(e.text), level); regexp.MustCompile(`^[0-9]+$`).MatchString(n) {
			cell.says(t, n+" incident")
			if got := len(cell.rows("incidents")); got < 1 {
				t.Errorf("%s lists %d incidents", e.attr["href"], got)
			}
		}
	}
	if cells < 10 {
		t.Errorf("the matrix links %d cells", cells)
	}
}

func TestAgreementIsPrintedAsAFigure(t *testing.T) {
	h := pagesOf(t, simulated(t))
	figures := 0
	for _, row := range shown(t, h, "/en/states/XAA").rows("stack") {
		if len(row) == 5 && regexp.MustCompile(`^−?[01]\.[0-9]{3}$`).MatchString(row[3]) {
			figures++
		}
	}
	if figures == 0 {
		t.Error("no alpha stands on the page")
	}
	if text := shown(t, h, "/fa/states/XAA").text(); strings.Contains(text, "%!") {
		t.Error("a value is printed as no template should")
	}
}

func TestTheMatrixExplainsItself(t *testing.T) {
	d := simulated(t)
	h := pagesOf(t, d)
	for _, lang := range []string{"en", "fa"} {
		doc := shown(t, h, "/"+lang+"/states/XAA")
		keys, clauses := 0, 0
		for _, e := range doc.elements {
			if e.attr["class"] == "ch-key" && strings.Contains(e.text, "F4") {
				keys++
			}
			if strings.HasPrefix(e.attr["href"], "#clause-") {
				clauses++
				if e.attr["title"] == "" {
					t.Errorf("%s: the clause %s says nothing of itself", doc.path, plain(e.text))
				}
			}
		}
		if keys == 0 || clauses < 5 {
			t.Errorf("%s: %d legends, %d clauses", doc.path, keys, clauses)
		}
	}
}

func TestPlacesAreDrawnAndWhatHasNoneIsCounted(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", policed()...)
	h := pagesOf(t, d)
	doc := shown(t, h, "/en/states/XAA")
	places := 0
	for _, e := range doc.all("circle.ch-place") {
		if strings.Contains(e.text, "North: at least 3 incidents") {
			places++
		}
	}
	if places != 1 {
		t.Errorf("%d circles for the North", places)
	}
	doc.says(t, "On record without a place finer than the country: SiND 1")
	shown(t, h, "/en/states/XAA?from=2022&to=2022").says(t, "at least 1 incident")
}

func TestYearsAreAskedForInAnyDigits(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", policed()...)
	h := pagesOf(t, d)
	doc := shown(t, h, "/fa/states/XAA?from=%DB%B2%DB%B0%DB%B2%DB%B1&to=%DB%B2%DB%B0%DB%B2%DB%B1")
	doc.says(t, "۲۰۲۱")
	for _, e := range doc.all("input") {
		if e.attr["name"] == "from" && e.attr["value"] != "۲۰۲۱" {
			t.Errorf("the form shows %q", e.attr["value"])
		}
	}
	shown(t, h, "/en/states/XAA?from=2021&to=2021").says(t, "Audit of a State · 2021")
}

func TestAStateWithoutIncidentsIsNotCalledQuiet(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", policed()...)
	doc := shown(t, pagesOf(t, d), "/en/states/LUX")
	doc.says(t, "Nothing on record here concerns Luxembourg", "perhaps nobody looked", "That is silence, not good news", "What is not known")
	if len(doc.all("svg.ch-bars")) > 0 || strings.Contains(doc.text(), "figures below") {
		t.Error("the page speaks of figures that are not there")
	}
}

// report writes the audit as a file.
func report(t testing.TB, d *desk.Desk, state, lang string) string {
	t.Helper()
	r, err := d.Audit(ctx, access.Local(), state, desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteAudit(&b, r, d.Corpus(), lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var outside = regexp.MustCompile(`(?i)(?:href|src|action|srcset|xlink:href|data|poster)\s*=\s*"([^"]*)"|url\(\s*["']?([^"')]*)|@import`)

func TestTheReportStandsAlone(t *testing.T) {
	d := simulated(t)
	for _, lang := range []string{"en", "fa"} {
		for _, state := range []string{"XAA", "LUX"} {
			body := report(t, d, state, lang)
			doc := parse(t, "report "+state+" "+lang, body)
			for _, m := range outside.FindAllStringSubmatch(body, -1) {
				if ref := m[1] + m[2]; !strings.HasPrefix(ref, "#") && !strings.HasPrefix(ref, "data:font/woff2;base64,") && !strings.HasPrefix(ref, "data:image/svg+xml,") {
					t.Errorf("%s refers to %.60q", doc.path, m[0])
				}
			}
			if n := strings.Count(body, "data:font/woff2;base64,d09GMg"); n != 8 {
				t.Errorf("%s holds %d fonts", doc.path, n)
			}
			if got := doc.one(t, "html").attr["lang"]; got != lang {
				t.Errorf("%s speaks %q", doc.path, got)
			}
			doc.says(t, "ward audit check ward-audit-"+state+".json")
			if len(body) > 1<<20 {
				t.Errorf("%s has %d bytes", doc.path, len(body))
			}
		}
	}
	if err := WriteAudit(io.Discard, nil, nil, "xx"); err == nil {
		t.Error("a language that nobody speaks was accepted")
	}
}

// Writing the report must not change it: what is published is one and the same in every format.
func TestTheReportIsNotChangedByBeingDrawn(t *testing.T) {
	d := simulated(t)
	r, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after bytes.Buffer
	if err := r.WriteJSON(&before); err != nil {
		t.Fatal(err)
	}
	if err := WriteAudit(io.Discard, r, d.Corpus(), "fa"); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJSON(&after); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before.Bytes(), after.Bytes()) {
		t.Error("the JSON differs after the report was drawn")
	}
}

func TestWhatTheSiteSendsIsTheAuditItself(t *testing.T) {
	d := simulated(t)
	h := pagesOf(t, d)
	r, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	doc := shown(t, h, "/en/states/XAA")
	var want bytes.Buffer
	if err := r.WriteJSON(&want); err != nil {
		t.Fatal(err)
	}
	if got := get(t, h, doc.href(t, "JSON")).Body.Bytes(); !reflect.DeepEqual(undated(t, got), undated(t, want.Bytes())) {
		t.Error("the JSON of the page is another than the desk's")
	}
	for name, kind := range map[string]string{"HTML": "text/html", "CSV": "text/csv"} {
		w := get(t, h, doc.href(t, name))
		if !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || !strings.Contains(w.Header().Get("Content-Disposition"), "ward-audit-XAA.") {
			t.Errorf("%s: %v", name, w.Header())
		}
	}
}

// undated is a report without the moment it was made at.
func undated(t *testing.T, report []byte) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(report, &out); err != nil {
		t.Fatal(err)
	}
	delete(out, "made_at")
	return out
}

func TestRealAuditsAreDrawn(t *testing.T) {
	h := realFiles(t, "incidents/sind_lebanon.json")
	for _, state := range []string{"LBN", "ISR", "LUX"} {
		for _, lang := range []string{"en", "fa"} {
			shown(t, h, "/"+lang+"/states/"+state)
		}
	}
	lebanon, israel := shown(t, h, "/en/states/LBN"), shown(t, h, "/en/states/ISR")
	lebanon.says(t, "Forces of another State: Israel")
	israel.says(t, "Forces or officials of the State, abroad")
}

// fill sends a form as a browser would from a page of this site.
func fill(t testing.TB, h http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// cellsOf asks the desk for the cells, their replies taken away.
func cellsOf(t testing.TB, d *desk.Desk) []byte {
	t.Helper()
	r, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Cells {
		r.Cells[i].Reply = nil
	}
	out, err := json.Marshal(r.Cells)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestADenialTypedOnAPageStandsBesideTheFindingAtOnceAndLowersNothing(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", policed()...)
	h := pagesOf(t, d)
	before := cellsOf(t, d)
	const cell = "/en/states/XAA/CIHL:R28/2021"
	for _, page := range []string{cell, "/en/states/XAA"} {
		if !slices.ContainsFunc(shown(t, h, page).all("form"), func(e *element) bool { return e.attr["action"] == "/en/states/XAA/replies" }) {
			t.Fatalf("%s has no form for a reply", page)
		}
	}
	denial := url.Values{"cell": {"1"}, "clause": {"CIHL:R28"}, "year": {"2021"}, "value": {"received"}, "date": {"2021-12-01"},
		"source": {"https://ministry.example/1"}, "note": {"The hospital was <empty>."}}
	w := fill(t, h, "/en/states/XAA/replies", denial)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/en/states/XAA/CIHL:R28/2021#replies" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	shown(t, h, cell).says(t, "A reply was received", "The hospital was <empty>.", "https://ministry.example/1", "1 December 2021")
	shown(t, h, "/en/states/XAA").says(t, "The hospital was <empty>.")
	if !strings.Contains(report(t, d, "XAA", "fa"), "The hospital was &lt;empty&gt;.") {
		t.Error("the file that stands alone has no reply")
	}
	if !bytes.Equal(before, cellsOf(t, d)) {
		t.Error("the reply changed a cell")
	}
	whole := url.Values{"value": {"none"}, "date": {"۲۰۲۲-۰۳-۰۱"}, "note": {"no word"}}
	if w := fill(t, h, "/fa/states/XAA/replies", whole); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/fa/states/XAA#replies" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
	replies := shown(t, h, cell).all("time")
	if len(replies) != 2 {
		t.Errorf("%d replies in the history of the cell", len(replies))
	}
}

func TestAReplyThatCannotBeTakenIsShownAgainWithWhatWasTyped(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", policed()...)
	h := pagesOf(t, d)
	for what, c := range map[string]struct {
		form url.Values
		want string
	}{
		"no date":     {url.Values{"value": {"none"}, "note": {"kept words"}}, "needs the column date"},
		"a bad date":  {url.Values{"value": {"none"}, "date": {"yesterday"}, "note": {"kept words"}}, "is not a date"},
		"a bad value": {url.Values{"value": {"Z"}, "date": {"2021"}, "note": {"kept words"}}, "is not a value"},
		"a bad year":  {url.Values{"value": {"none"}, "date": {"2021"}, "year": {"soon"}, "note": {"kept words"}}, "is not a year"},
		"no clause":   {url.Values{"value": {"none"}, "date": {"2021"}, "clause": {"NO:1"}, "note": {"kept words"}}, "has no clause"},
		"on a cell":   {url.Values{"value": {"none"}, "cell": {"1"}, "clause": {"CIHL:R28"}, "year": {"2021"}, "note": {"kept words"}}, "needs the column date"},
	} {
		w := fill(t, h, "/en/states/XAA/replies", c.form)
		doc := parse(t, what, w.Body.String())
		if w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", what, w.Code)
		}
		doc.says(t, c.want, "kept words")
	}
	if w := fill(t, h, "/en/states/NOWHERE/replies", url.Values{"value": {"none"}, "date": {"2021"}, "note": {"x"}}); w.Code != http.StatusNotFound {
		t.Errorf("a State that there is not: %d", w.Code)
	}
	if r, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{}); err != nil || len(r.Replies) != 0 {
		t.Errorf("%d replies on record, %v", len(r.Replies), err)
	}
}

func TestACellShowsWhoAcceptedWhatHowFarItCameAndWhatWouldMoveIt(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", policed()...)
	rows := "kind,state,clause,year,value,coder,role,date,note,body,until,was,now,source\n" +
		"step,XAA,,2021,frozen,Editor Reed,editor,2022-02-01,,,2022-01-31,,,\n" +
		"outcome,XAA,CIHL:R28,2021,F1,Coder Ash,,2022-02-02,,,,,,\n" +
		"outcome,XAA,CIHL:R28,2021,N0,Coder Birch,,2022-02-03,,,,,,\n" +
		"outcome,XAA,CIHL:R28,2021,F1,Coder Cedar,adjudicator,2022-02-10,,,,,,\n" +
		"step,XAA,CIHL:R28,2021,draft,Editor Reed,,2022-03-01,,,,,,\n" +
		"step,XAA,CIHL:R28,2021,sent,Editor Reed,,2022-03-02,,,,,,\n" +
		"step,XAA,CIHL:R28,2021,no_reply,Editor Reed,,2022-03-05,,,,,,\n" +
		"visit,XAA,,,refused,,,2021-05,,Subcommittee on Prevention,,,,https://mechanism.example/1\n" +
		"communication,XAA,,,none,,,2021-05,,Special Rapporteur on health,,,,AL 1\n" +
		"party,XAA,AP1,2001,party,,,,,,,,,list\n" +
		"reservation,XAA,AP1:16.1,2001,reserved,,,,,,,,,list\n"
	if _, err := d.ImportCodings(ctx, access.Local(), strings.NewReader(rows)); err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	shown(t, h, "/en/states/XAA/CIHL:R28/2021").says(t, "Sent to the State", "1 May 2022", "31 January 2022", "Coder Birch", "Third person", "A third person decided",
		"The State's reply, or the end of its sixty days", "One possible incident of the State's own", "A level that the incidents carry", "Editor Reed")
	shown(t, h, "/en/states/XAA").says(t, "Subcommittee on Prevention", "Refused", "Special Rapporteur on health", "Never answered", "Reservation",
		"The State's sixty days had not passed.", "Evidence frozen")
	shown(t, h, "/en/states/XAA/AP1:16.1/2021").says(t, "The State made a reservation to this clause")
	body := report(t, d, "XAA", "en")
	for _, want := range []string{"Subcommittee on Prevention", "Corrections log", "Never answered", "sixty days had not passed"} {
		if !strings.Contains(body, want) {
			t.Errorf("the file that stands alone does not say %q", want)
		}
	}
}
