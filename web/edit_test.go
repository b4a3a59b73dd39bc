package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/incident"
)

// coder is somebody who works on incidents.
func coder(name string) access.Actor {
	return access.Actor{Name: name, Account: "01" + name, Roles: []access.Role{access.CaseWorker}}
}

// madeOnForm makes an incident on the form for new ones and gives its public id.
func madeOnForm(t testing.TB, h http.Handler, more ...string) string {
	t.Helper()
	form := url.Values{"all": {"1"}, "date": {"2026-03"}, "country": {"آرکادیا"}, "codes": {"PER.ARR", "PER.DET"}, "worker.arrested": {"۲"}, "source": {"a nurse"},
		"reliability": {"C"}, "credibility": {"3"}, "direct": {"yes"}, "description": {"Two were taken."}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	w := send(h, "/en/incidents/new", form)
	_, id, found := strings.Cut(w.Header().Get("Location"), "/incidents/")
	if w.Code != http.StatusSeeOther || !found {
		t.Fatalf("%d %s", w.Code, plain(w.Body.String()))
	}
	return id
}

func fileOf(t testing.TB, d *desk.Desk, id string) desk.IncidentFile {
	t.Helper()
	f, err := d.Incident(ctx, access.Local(), id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func standing(t testing.TB, f desk.IncidentFile, field string) incident.Assertion {
	t.Helper()
	for _, a := range f.Standing {
		if a.Field == field {
			return a
		}
	}
	t.Fatalf("nobody says %s", field)
	return incident.Assertion{}
}

// An incident is coded on one form, the country in any language, numbers in any digits; it is a rumour, and its page says who said what.
func TestAnIncidentIsCodedOnOneForm(t *testing.T) {
	d := workspace(t)
	h := siteAs(t, d, coder("aisha"))
	id := madeOnForm(t, h)
	f := fileOf(t, d, id)
	if f.Country != "XAA" || f.Date.String() != "2026-03" || strings.Join(f.Codes, " ") != "PER.ARR PER.DET" || f.Counts["worker.arrested"].Best != 2 || f.Certainty != "rumour" {
		t.Errorf("%+v", f.Incident)
	}
	if a := standing(t, f, "date"); a.By != "aisha" || a.Source != "a nurse" || !a.Direct || a.Reliability+a.Credibility != "C3" {
		t.Errorf("%+v", a)
	}
	shown(t, h, "/en/incidents/"+id).says(t, "Rumour", "Stated here", "a nurse", "C3", "March 2026")
	shown(t, h, "/fa/incidents/"+id+"/edit").says(t, "مارس ۲۰۲۶", "a nurse", "aisha")
	shown(t, h, "/en/incidents/"+id+"/history").says(t, "Stated: Date", "aisha", "record 1 of it")
}

// What a form says of a date becomes EDTF, and the page says it back in words.
func TestDatesAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ from, to, about, want string }{
		{"2024-05-07", "", "", "2024-05-07"}, {"۲۰۲۴-۰۵", "", "", "2024-05"}, {"2024", "", "yes", "2024~"}, {"2024-05-07", "2024-05-09", "", "2024-05-07/2024-05-09"},
		{"2024-05", "2024-06", "yes", "2024-05/2024-06~"}, {"1403-01-01", "", "", "2024-03-20"}, {"", "", "yes", ""},
	} {
		form := url.Values{"date": {c.from}, "date.to": {c.to}}
		if c.about != "" {
			form.Set("date.about", c.about)
		}
		if got, err := readDay("date", form); err != nil || got != c.want {
			t.Errorf("%+v gives %q %v", c, got, err)
		}
	}
	for _, c := range [][2]string{{"May", ""}, {"2024-13", ""}, {"2024-05-09", "2024-05-07"}, {"", "2024"}, {"2024", "x"}} {
		if got, err := readDay("date", url.Values{"date": {c[0]}, "date.to": {c[1]}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q gives %q", c, got)
		}
	}
}

// A wrong date is replaced, never overwritten: the page shows the former one struck through, with who did it and why.
func TestAWrongDateIsCorrectedWithItsHistory(t *testing.T) {
	d := workspace(t)
	h := siteAs(t, d, coder("aisha"))
	id := madeOnForm(t, h)
	f := fileOf(t, d, id)
	form := url.Values{"move": {"supersede"}, "field": {"date"}, "over": {standing(t, f, "date").ID}, "drawn": {"1"}, "date": {"2026-04-02"}, "source": {"court paper"}, "reliability": {"B"},
		"credibility": {"2"}, "why": {"the charge sheet has the day"}}
	form.Set("drawn", "999")
	w := send(h, "/en/incidents/"+id+"/edit", form)
	if w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "#field-date") {
		t.Fatalf("%d %s", w.Code, plain(w.Body.String()))
	}
	doc := shown(t, h, "/en/incidents/"+id+"/edit")
	doc.says(t, "2 April 2026", "replaced by aisha", "the charge sheet has the day", "2 independent origins")
	if struck := doc.one(t, "del"); plain(struck.text) != "March 2026" {
		t.Errorf("struck through is %q", struck.text)
	}
	shown(t, h, "/en/incidents/"+id+"/history").says(t, "Replaced: Date", "March 2026", "2 April 2026", "Reason: the charge sheet has the day")
}

// Whoever saves second is told who came first; what they typed stands in the form, and a second save goes through.
func TestTheSecondToSaveIsToldAndLosesNothing(t *testing.T) {
	d := workspace(t)
	first, second := siteAs(t, d, coder("aisha")), siteAs(t, d, coder("ben"))
	id := madeOnForm(t, first)
	drawn := shown(t, second, "/en/incidents/"+id+"/edit").value(t, "drawn")
	say := func(h http.Handler, day, drawn string) *httptest.ResponseRecorder {
		return send(h, "/en/incidents/"+id+"/edit", url.Values{"field": {"date"}, "drawn": {drawn}, "date": {day}, "source": {"a paper"}})
	}
	if w := say(first, "2026-03-04", drawn); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	w := say(second, "2026-03-05", drawn)
	again := parse(t, "conflict", w.Body.String())
	if again.says(t, "Aisha changed this field"); w.Code != http.StatusConflict || !again.holds("date", "2026-03-05") {
		t.Errorf("%d: what was typed is lost", w.Code)
	}
	if w := say(second, "2026-03-05", again.value(t, "drawn")); w.Code != http.StatusSeeOther {
		t.Errorf("the second save: %d", w.Code)
	}
}

// value is that of the first input of a name.
func (d *document) value(t testing.TB, name string) string {
	t.Helper()
	for _, e := range d.all("input") {
		if e.attr["name"] == name {
			return e.attr["value"]
		}
	}
	t.Fatalf("%s has no input %s", d.path, name)
	return ""
}

func (d *document) holds(name, value string) bool {
	for _, e := range d.all("input") {
		if e.attr["name"] == name && e.attr["value"] == value {
			return true
		}
	}
	return false
}

// A press on the map fills the coordinates in and saves nothing; a key press on it points nowhere.
func TestAPressOnTheMapGivesItsPlace(t *testing.T) {
	d := workspace(t)
	h := siteAs(t, d, coder("aisha"))
	id := madeOnForm(t, h)
	press := func(x, y string) *document {
		form := url.Values{"field": {"point"}, "drawn": {"999"}, "pick.state": {"XAA"}, "pick.x": {x}, "pick.y": {y}, "source": {"a nurse"}}
		w := send(h, "/en/incidents/"+id+"/edit", form)
		if w.Code != http.StatusOK {
			t.Fatalf("%d", w.Code)
		}
		return parse(t, "press", w.Body.String())
	}
	at, _ := pickOf("XAA").At(120, 90)
	typed := press("120", "90")
	lat, lon, ok := readPoint(strings.ReplaceAll(typed.value(t, "point"), " ", ""))
	if !ok || at.Lat-lat > 1e-4 || at.Lon-lon > 1e-4 || lat-at.Lat > 1e-4 || lon-at.Lon > 1e-4 {
		t.Errorf("%v %v for %+v", lat, lon, at)
	}
	if got := press("0", "0").value(t, "point"); got != "" {
		t.Errorf("a key press points at %s", got)
	}
	if f := fileOf(t, d, id); f.Point != "" {
		t.Error("a press on the map was saved")
	}
	if w := get(t, h, "/map/XAA"); w.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(w.Body.String(), "<path") {
		t.Error("there is no map")
	}
	if w := get(t, h, "/map/nowhere"); w.Code != http.StatusNotFound {
		t.Errorf("a map of nowhere: %d", w.Code)
	}
}

// Codes are found by words of the reader's language, without script; what is ticked stays.
func TestCodesAreFoundByWords(t *testing.T) {
	h := siteAs(t, workspace(t), coder("aisha"))
	w := send(h, "/fa/incidents/new", url.Values{"all": {"1"}, "do": {"find"}, "find": {"آتش"}, "codes": {"PER.ARR"}, "source": {"پرستار"}})
	doc := parse(t, "find", w.Body.String())
	var offered []string
	for _, e := range doc.all("input") {
		if e.attr["name"] == "codes" {
			offered = append(offered, e.attr["value"])
		}
	}
	if len(offered) > 5 || !strings.Contains(strings.Join(offered, " "), "ATT.ARS") || !strings.Contains(strings.Join(offered, " "), "PER.ARR") || !doc.holds("source", "پرستار") {
		t.Errorf("offered: %v", offered)
	}
}

// What is typed is kept as a draft, offered again, and gone once it is saved; colleagues see at which field one is.
func TestADraftIsOfferedAgainAndColleaguesAreSeen(t *testing.T) {
	d := workspace(t)
	aisha, ben := siteAs(t, d, coder("aisha")), siteAs(t, d, coder("ben"))
	id := madeOnForm(t, aisha)
	w := send(aisha, "/en/incidents/"+id+"/draft", url.Values{"do": {"keep"}, "at": {"date"}, "field": {"date"}, "date": {"2026-05-01"}, "source": {"half a"}})
	var answer draftAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || !answer.Kept {
		t.Fatalf("%s %v", w.Body, err)
	}
	shown(t, ben, "/en/incidents/"+id+"/edit").says(t, "aisha is editing this")
	if strings.Contains(shown(t, ben, "/en/incidents/"+id+"/edit").text(), "draft of yours") {
		t.Error("a draft is offered to somebody else")
	}
	shown(t, aisha, "/en/incidents/"+id+"/edit").says(t, "A draft of yours")
	if doc := shown(t, aisha, "/en/incidents/"+id+"/edit?draft=1"); !doc.holds("date", "2026-05-01") || !doc.holds("source", "half a") {
		t.Error("the draft is not drawn")
	}
	send(aisha, "/en/incidents/"+id+"/edit", url.Values{"field": {"date"}, "drawn": {"999"}, "date": {"2026-05-01"}, "source": {"a paper"}})
	if strings.Contains(shown(t, aisha, "/en/incidents/"+id+"/edit").text(), "draft of yours") {
		t.Error("the draft outlives its saving")
	}
}

// Whatever stands in a field stays text, in the editor, on the incident's page and in its history.
func TestHostileTextInTheEditorStaysText(t *testing.T) {
	d := workspace(t)
	h := siteAs(t, d, coder("aisha"))
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "\u202Eevil\u2066{{.}}"
	id := madeOnForm(t, h, "place", evil, "source", evil, "actor.note", evil, "description", evil, "adm1", evil)
	f := fileOf(t, d, id)
	send(h, "/en/incidents/"+id+"/edit", url.Values{"move": {"contest"}, "field": {"place"}, "over": {standing(t, f, "place").ID}, "drawn": {"999"}, "why": {evil}})
	for _, path := range []string{"/edit", "/edit?all=1", "", "/history"} {
		for _, lang := range []string{"en", "fa"} {
			shown(t, h, "/"+lang+"/incidents/"+id+path).says(t, "<script>alert(1)")
		}
	}
	bad := send(h, "/en/incidents/"+id+"/edit", url.Values{"field": {evil}, "move": {evil}, "over": {evil}, "date": {evil}})
	if bad.Code != http.StatusBadRequest {
		t.Errorf("%d", bad.Code)
	}
	parse(t, "bad", bad.Body.String())
}

// Suggestions stand apart from what is asserted, with a form only for who may edit.
func TestSuggestionsStandApartFromFacts(t *testing.T) {
	d := workspace(t)
	h := siteAs(t, d, coder("aisha"))
	id := madeOnForm(t, h, "description", "Then came the arson.")
	path := "/en/incidents/" + id
	shown(t, h, path).says(t, "Suggestions", "Arson", "because of: arson")
	reader := siteAs(t, d, access.Actor{Name: "v", Account: "v", Roles: []access.Role{access.Verifier}})
	for _, e := range shown(t, reader, path).all("form") {
		if strings.HasSuffix(e.attr["action"], "/suggestions") {
			t.Error("a form for who may not edit")
		}
	}
	if w := send(reader, path+"/suggestions", url.Values{"do": {"accept"}, "what": {"code"}, "value": {"ATT.ARS"}}); w.Code != http.StatusForbidden {
		t.Errorf("%d", w.Code)
	}
	if w := send(h, path+"/suggestions", url.Values{"do": {"accept"}, "what": {"code"}, "value": {"ATT.ARS"}}); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
	shown(t, h, path).says(t, "accepted by aisha")
	if f := fileOf(t, d, id); !strings.Contains(strings.Join(f.Codes, " "), "ATT.ARS") {
		t.Errorf("%v", f.Codes)
	}
}

// An incident made here leaves by no export in its own words: nobody has cleared them.
func TestAnOwnIncidentLeavesWithoutItsWords(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	id := madeOnForm(t, h, "description", withheldCanary, "place", withheldCanary, "source", withheldCanary, "actor.note", withheldCanary)
	flush(t, d)
	for _, path := range []string{"/export/incidents/csv", "/export/incidents/ward-json", "/export/incidents/sind-csv", "/export/incidents/geojson", "/export/bundle/" + id + ".zip"} {
		w := get(t, h, path)
		if w.Code != http.StatusOK || holds(unzipped(t, w), withheldCanary) {
			t.Errorf("%s: %d, or it lets words out that nobody cleared", path, w.Code)
		}
	}
	if w := get(t, h, "/export/history/"+id+".csv"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), withheldCanary) {
		t.Errorf("the history for people inside: %d", w.Code)
	}
}

// A clause that the table only proposes is decided by who keeps the audit of the State whose act it was, and stands as a row of that audit.
func TestAProposedClauseIsDecidedOnRecord(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	id := madeOnForm(t, h, "codes", "PER.ARR", "actor.kind", "state.police", "actor.state", "Arcadia")
	var proposed *desk.CitedClause
	for _, c := range fileOf(t, d, id).Citations {
		if c.Mode == "propose" && proposed == nil {
			proposed = &c
		}
	}
	if proposed == nil {
		t.Fatal("the table proposes nothing: the test looks in the wrong place")
	}
	decide := func(h http.Handler, bearing string) int {
		return send(h, "/en/incidents/"+id+"/citations", url.Values{"clause": {proposed.Clause.ID}, "bearing": {bearing}, "do": {"accept"}, "note": {"the order is on file"}}).Code
	}
	if code := decide(siteAs(t, d, coder("aisha")), proposed.Bearing); code != http.StatusForbidden {
		t.Errorf("a case worker: %d", code)
	}
	if code := decide(h, "nothing"); code != http.StatusBadRequest {
		t.Errorf("what is not proposed: %d", code)
	}
	if code := decide(h, proposed.Bearing); code != http.StatusSeeOther {
		t.Fatalf("%d", code)
	}
	shown(t, h, "/en/incidents/"+id).says(t, "Decided by people", "the order is on file")
	if code := decide(h, proposed.Bearing); code != http.StatusConflict {
		t.Errorf("twice: %d", code)
	}
}
