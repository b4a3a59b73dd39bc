package web

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/locale"
	"ward/person"
)

// caseCanary stands in everything that is told of people in a case (T3), nameCanary in a person's name.
const (
	caseCanary = "Qanarycasezz"
	nameCanary = "Qanarynamezz"
)

// aCall is what a person types while somebody calls about an arrest.
func aCall() url.Values {
	return url.Values{"kind": {"protection"}, "once": {"one form"}, "name": {"Harbour 41"}, "about": {"Dr " + nameCanary}, "threat": {"arrest"}, "words": {"Taken from the ward. " + caseCanary},
		"where": {"held"}, "country": {"Arcadia"}, "place": {"Central prison " + caseCanary}, "danger": {"yes"}, "need": {"legal", "medical"}}
}

// calledCase opens a case by a call and gives its address.
func calledCase(t testing.TB, h http.Handler, more ...string) string {
	t.Helper()
	form := aCall()
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	w := send(h, "/en/cases/new", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, parse(t, "call", w.Body.String()).text())
	}
	return w.Header().Get("Location")
}

// does sends a form of a case's page that must be taken.
func does(t testing.TB, h http.Handler, page, do string, more ...string) {
	t.Helper()
	if w := doing(h, page, do, more...); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), page) {
		t.Fatalf("%s: %d %s", do, w.Code, plain(w.Body.String()))
	}
}

func doing(h http.Handler, page, do string, more ...string) *httptest.ResponseRecorder {
	form := url.Values{"do": {do}}
	for i := 0; i < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return send(h, page, form)
}

func TestACallBecomesACaseWithItsNextAction(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/cases").says(t, "No case is open", "Open a case")
	shown(t, h, "/en/cases/new").says(t, "Who is it about?", "Are they in danger now?", "There are not two officers")
	page := calledCase(t, h)
	doc := shown(t, h, page)
	doc.says(t, "Harbour 41", "Next: Call back", "23 hours left", "Risk: Imminent", "Central prison", "Arrest or summons", "Legal help", "Medical care", "Risk assessed")
	if strings.Contains(doc.text(), nameCanary) {
		t.Error("the name of the person stands on the page of the case")
	}
	if again := calledCase(t, h); again != page {
		t.Error("a form that was sent twice made two cases")
	}
	shown(t, h, "/en/cases").says(t, "Harbour 41", "Review of the risk 23 hours left", "local operator")
	shown(t, h, strings.Replace(page, "/en/", "/fa/", 1)).says(t, "گام بعد", "تماس بگیرید", "جلسه‌های دادگاه")
}

func TestEveryKindOfCaseBeginsOnTheSamePage(t *testing.T) {
	h := pagesOf(t, workspace(t))
	for kind, first := range map[string]string{"advice": "v.what", "inquiry": "v.asked", "conduct": "v.what", "breach": "v.what"} {
		shown(t, h, "/fa/cases/new?kind="+kind)
		w := send(h, "/en/cases/new", url.Values{"kind": {kind}, "once": {kind}, "name": {"Lantern " + kind}, first: {caseCanary}})
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", kind, w.Code, parse(t, kind, w.Body.String()).text())
		}
		shown(t, h, w.Header().Get("Location")).says(t, caseCanary, "Next:")
	}
}

func TestWhatWasTypedDuringACallIsNotLost(t *testing.T) {
	h := pagesOf(t, workspace(t))
	form := aCall()
	form.Set("name", "Harbour of "+nameCanary) // a part of the person's name
	w := send(h, "/en/cases/new", form)
	doc := parse(t, "again", w.Body.String())
	doc.says(t, "The case was not opened.", "holds a part of a name", "Taken from the ward.")
	if w.Code != http.StatusBadRequest || !doc.holds("about", "Dr "+nameCanary) {
		t.Errorf("%d", w.Code)
	}
	page := calledCase(t, h)
	w = doing(h, page, "fact", "section", "hearing", "v.date", "soon", "v.court", "Typed court")
	doc = parse(t, "again", w.Body.String())
	if doc.says(t, "This was not recorded."); w.Code != http.StatusBadRequest || !doc.holds("v.court", "Typed court") || !doc.holds("v.date", "soon") {
		t.Errorf("%d", w.Code)
	}
}

func TestACaseIsWorkedOnItsPage(t *testing.T) {
	h := pagesOf(t, workspace(t))
	page := calledCase(t, h)
	does(t, h, page, "fact", "section", "hearing", "v.date", "2026-01-15", "v.court", "First court")
	shown(t, h, page).says(t, "A hearing has passed without an entry", "First court", "15 January 2026")
	item, _ := url.Parse(shown(t, h, page).href(t, "Change Hearings"))
	edit := shown(t, h, page+"?"+item.RawQuery)
	if !edit.holds("v.court", "First court") {
		t.Error("a change does not begin with what stands")
	}
	does(t, h, page, "fact", "section", "hearing", "item", item.Query().Get("item"), "v.date", "2026-01-15", "v.court", "Second court", "v.outcome", "Put off", "why", "heard from the lawyer")
	does(t, h, page, "fact", "section", "measure", "v.kind", "lawyer")
	does(t, h, page, "task", "text", "Ask for the indictment", "due", "2027-01-01T10:00")
	does(t, h, page, "note", "text", "The family wants no publicity.")
	does(t, h, page, "move", "to", "risk_assessed")
	does(t, h, page, "move", "to", "plan_agreed")
	doc := shown(t, h, page)
	doc.says(t, "Plan agreed", "Ask for the indictment", "The family wants no publicity.", "Second court", "Measures under way")
	if w := doing(h, page, "move", "to", "closed", "outcome", "safe"); w.Code != http.StatusBadRequest {
		t.Errorf("closed without a reason: %d", w.Code)
	}
	history := shown(t, h, page+"/history")
	history.says(t, "First court", "heard from the lawyer", "Case opened")
	if dels := history.all("del"); len(dels) == 0 {
		t.Error("what was replaced is not in the history")
	}
	logged := 0
	for _, e := range history.all("a") {
		if strings.HasPrefix(e.attr["href"], "/en/log/") {
			shown(t, h, e.attr["href"])
			logged++
		}
	}
	if logged != len(history.all("li")) {
		t.Errorf("%d of %d entries lead to their act in the log", logged, len(history.all("li")))
	}
	shown(t, h, page+"/history?show=note").says(t, "The family wants no publicity.")
	for _, e := range doc.all("input") {
		if e.attr["name"] == "task" && e.attr["value"] != "" {
			does(t, h, page, "settle", "task", e.attr["value"], "state", "done")
			break
		}
	}
	shown(t, h, page).says(t, "Task done")
}

func TestADocumentIsCoveredUntilSomebodyAsks(t *testing.T) {
	h := pagesOf(t, workspace(t))
	page := calledCase(t, h)
	if w := upload(h, page+"/files", url.Values{"title": {"The wound"}}); w.Code != http.StatusBadRequest {
		t.Errorf("no file: %d", w.Code)
	}
	w := uploadNamed(h, page+"/files", "The wound", "w.png", "\x89PNG\r\n\x1a\nrest")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, plain(w.Body.String()))
	}
	doc := shown(t, h, page)
	doc.says(t, "The wound", "image/png")
	if len(doc.all("details.cover")) != 1 || len(doc.all("img")) != 0 {
		t.Error("a picture is shown before anybody asked")
	}
	picture := get(t, h, doc.href(t, "Show the picture by itself"))
	if picture.Code != http.StatusOK || picture.Header().Get("Content-Type") != "image/png" {
		t.Errorf("%d %v", picture.Code, picture.Header())
	}
	file := get(t, h, doc.href(t, "Take it away The wound"))
	if file.Body.String() != "\x89PNG\r\n\x1a\nrest" || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v", file.Code, file.Header())
	}
	shown(t, h, "/en/ledger").says(t, page[len(page)-6:])
}

// Need to know: whoever is not on a case sees its top and the way to join, whatever their role; joining takes a reason, and the lead is told.
func TestWhoIsNotOnACaseSeesItsTopAndJoins(t *testing.T) {
	d := workspace(t)
	ann := colleagueNamed(t, d, "Ann")
	ben, ref := colleagueNamed(t, d, "Ben", access.CaseWorker), colleagueNamed(t, d, "Ref", access.Referrer)
	ann.Roles = []access.Role{access.CaseWorker}
	page := calledCase(t, siteAs(t, d, ann), "danger", "no")
	does(t, siteAs(t, d, ann), page, "note", "text", caseCanary)
	for _, who := range []access.Actor{ben, ref} {
		h := siteAs(t, d, who)
		for _, path := range []string{page, page + "/history", "/en/cases", "/en/calendar?all=yes", "/en/calendar", "/export/cases/list.csv"} {
			w := get(t, h, path)
			if w.Code != http.StatusOK || strings.Contains(w.Body.String(), caseCanary) || strings.Contains(w.Body.String(), nameCanary) {
				t.Errorf("%s: %s is told of people: %d", who.Name, path, w.Code)
			}
		}
		shown(t, h, page).says(t, "You are not on this case", "Harbour 41", "Ann leads")
		if w := doing(h, page, "note", "text", "Mine"); w.Code != http.StatusForbidden {
			t.Errorf("%s writes on a case of others: %d", who.Name, w.Code)
		}
		found := send(h, "/en/cases/find", url.Values{"words": {caseCanary}})
		if parse(t, "found", found.Body.String()).says(t, "No case is as asked for"); strings.Contains(found.Header().Get("Location"), caseCanary) {
			t.Error("words of a search stand in an address")
		}
		if w := doing(h, page, "join"); w.Code != http.StatusBadRequest {
			t.Errorf("%s joins without a reason: %d", who.Name, w.Code)
		}
		does(t, h, page, "join", "why", "I see the family on Monday")
		shown(t, h, page).says(t, caseCanary)
	}
	shown(t, siteAs(t, d, ann), page).says(t, "I see the family on Monday")
	shown(t, siteAs(t, d, ann), "/en/notices").says(t, "Somebody joined a case that you lead")
}

// A conflict of interest keeps a colleague from what a case holds, and from joining it.
func TestAConflictOfInterestKeepsFromACase(t *testing.T) {
	d := workspace(t)
	page := calledCase(t, pagesOf(t, d))
	barred := access.Actor{Name: "Ben", Account: "x", Roles: []access.Role{access.CaseWorker}, Barred: []string{"XAA"}}
	h := siteAs(t, d, barred)
	shown(t, h, page).says(t, "A conflict of interest keeps you from this case.")
	if w := doing(h, page, "join", "why", "Because"); w.Code != http.StatusForbidden {
		t.Errorf("%d", w.Code)
	}
}

// No word that people told stands in an address: not in a link of a page, not where a form leads, not where it was sent from.
func TestNoWordOfACaseStandsInAnAddress(t *testing.T) {
	h := pagesOf(t, workspace(t))
	page := calledCase(t, h)
	var places []string
	for _, form := range [][]string{{"note", "text", caseCanary}, {"task", "text", caseCanary}, {"fact", "section", "hearing", "v.date", "2027-01-02", "v.court", caseCanary},
		{"fact", "section", "appeal", "v.kind", "letter", "v.to", caseCanary}, {"fact", "section", "detention", "v.place", caseCanary, "v.lawyer", caseCanary}} {
		places = append(places, doing(h, page, form[0], form[1:]...).Header().Get("Location"))
	}
	places = append(places, uploadNamed(h, page+"/files", caseCanary, caseCanary+".png", "\x89PNG\r\n\x1a\nrest").Header().Get("Location"))
	seen := 0
	for _, path := range []string{page, page + "/history", "/en/cases", "/en/calendar", "/en/today", "/en/notices", "/en/ledger", "/en/ledger/readings"} {
		doc := shown(t, h, path)
		if strings.Contains(doc.text(), caseCanary) {
			seen++
		}
		for _, e := range doc.elements {
			places = append(places, e.attr["href"], e.attr["action"], e.attr["src"])
		}
	}
	found := send(h, "/en/cases/find", url.Values{"words": {caseCanary}})
	for _, e := range parse(t, "found", found.Body.String()).elements {
		places = append(places, e.attr["href"], e.attr["action"])
	}
	if slices.ContainsFunc(places, func(p string) bool { return strings.Contains(p, caseCanary) || strings.Contains(p, nameCanary) }) {
		t.Error("a word of a case stands in an address")
	}
	if seen < 2 || found.Code != http.StatusOK {
		t.Errorf("the words were seen on %d pages: the test looks in the wrong place", seen)
	}
	if w := get(t, h, "/en/log"); strings.Contains(w.Body.String(), caseCanary) {
		t.Error("the log tells of a case")
	}
}

func TestHostileTextStaysInItsCase(t *testing.T) {
	for name, payload := range attacks {
		t.Run(name, func(t *testing.T) {
			payload := payload[:min(len(payload), 400)]
			h := pagesOf(t, workspace(t))
			page := calledCase(t, h, "about", "Dr X", "words", payload, "where", "unknown", "place", payload)
			doing(h, page, "note", "text", payload)
			doing(h, page, "task", "text", payload)
			doing(h, page, "fact", "section", "threat", "v.kind", "arrest", "v.from", payload, "v.words", payload)
			doing(h, page, "fact", "section", "measure", "v.kind", "lawyer", "v.by", payload, "why", payload)
			doing(h, page, "link", "kind", payload, "to", payload, "relation", payload)
			doing(h, page, "move", "to", payload, "outcome", payload, "why", payload)
			uploadNamed(h, page+"/files", payload, payload, "words")
			for _, path := range []string{page, page + "/history", "/en/cases", "/fa/calendar", strings.Replace(page, "/en/", "/fa/", 1)} {
				contained(t, shown(t, h, path))
			}
			contained(t, parse(t, "typed again", send(h, "/en/cases/new", url.Values{"kind": {payload}, "name": {payload}, "about": {payload}, "threat": {payload}, "country": {payload}}).Body.String()))
			q := url.QueryEscape(payload)
			for _, path := range []string{"/en/cases?kind=" + q + "&state=" + q + "&country=" + q, "/en/cases?page=" + q, "/en/calendar?month=" + q, "/en/calendar?kind=" + q, page + "?section=" + q + "&item=" + q,
				page + "/history?show=" + q, "/en/cases/" + url.PathEscape(payload), "/en/cases/new?kind=" + q, "/en/cases/new?report=" + q, "/en/cases/new?incident=" + q, "/export/cases/" + url.PathEscape(payload)} {
				if w := get(t, h, path); w.Code >= 500 {
					t.Errorf("%.60s: %d", path, w.Code)
				}
			}
		})
	}
}

func TestTheListAsAFileHoldsNothingOfPeopleAndNoFormula(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	calledCase(t, h)
	calledCase(t, h, "once", "b", "name", "=1+1")
	body := get(t, h, "/export/cases/list.csv").Body.String()
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 3 || strings.Contains(body, caseCanary) || strings.Contains(body, nameCanary) {
		t.Fatalf("%v\n%s", err, body)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
	if ledger, err := d.Ledger(ctx, access.Local(), 0, 10); err != nil || len(ledger) != 1 {
		t.Errorf("%v %v", ledger, err)
	}
}

func TestADrillSaysSoOnEveryPage(t *testing.T) {
	h := pagesOf(t, workspace(t))
	w := send(h, "/en/cases/new", url.Values{"kind": {"breach"}, "name": {"Kettle 12"}, "v.what": {"A laptop is gone"}, "drill": {"yes"}})
	page := w.Header().Get("Location")
	for _, path := range []string{page, page + "/history", page + "?section=awareness"} {
		if len(shown(t, h, path).all("p.drillstrip")) != 1 {
			t.Errorf("%s does not say that it is a drill", path)
		}
	}
	shown(t, h, "/en/cases").says(t, "Drill")
	shown(t, h, "/en/calendar").says(t, "Drill")
}

func TestTheCalendarTellsWhatIsDueAndOnWhatDay(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/calendar?month=2031-09").says(t, "September 2031", "18 September 2031", "Medical Ethics Day")
	shown(t, h, "/fa/calendar?month=2031-09").says(t, "روز اخلاق پزشکی")
	page := calledCase(t, h)
	does(t, h, page, "fact", "section", "hearing", "v.date", "2031-09-30", "v.court", caseCanary)
	does(t, h, page, "fact", "section", "appeal", "v.kind", "letter", "v.to", "Ministry", "v.reply_due", "2031-09-01")
	doc := shown(t, h, "/en/calendar?month=2031-09")
	doc.says(t, "1 September 2031", "Reply to an appeal", "30 September 2031", "Hearing Harbour 41")
	if strings.Contains(doc.text(), caseCanary) {
		t.Error("the calendar tells what a case holds")
	}
	if text := shown(t, h, "/en/calendar?month=2031-09&kind=hearing").text(); !strings.Contains(text, "Hearing Harbour 41") || strings.Contains(text, "Reply to an appeal") {
		t.Error("the calendar is not sifted")
	}
	if shown(t, h, "/en/calendar").says(t, "Call back", "Review of the risk"); get(t, h, "/en/calendar?month=13").Code != http.StatusNotFound {
		t.Error("a month that is none has a page")
	}
	for _, e := range shown(t, h, "/fa/calendar?month=2031-09").all("th") {
		if e.attr["scope"] == "col" {
			if e.text != locale.For(locale.Persian).T("calendar.weekday.sat") {
				t.Errorf("the week begins with %s", e.text)
			}
			break
		}
	}
}

func TestACaseComesOutOfAReportAndOfAnIncident(t *testing.T) {
	h := pagesOf(t, workspace(t))
	report := taken(t, h, arrestCall())
	form := shown(t, h, shown(t, h, report).href(t, "Make it a case"))
	if !form.holds("country", "Arcadia") || !form.holds("report", strings.TrimPrefix(report, "/en/reports/")) {
		t.Error("the form knows nothing of the report")
	}
	page := calledCase(t, h, "report", strings.TrimPrefix(report, "/en/reports/"))
	if shown(t, h, page).says(t, "the case began with it"); shown(t, h, page).href(t, "Report "+report[len(report)-6:]) != report {
		t.Error("the case does not lead to its report")
	}
	id := madeOnForm(t, h)
	shown(t, h, shown(t, h, "/en/incidents/"+id).href(t, "Open a case from it")).says(t, id)
}

func TestEveryWordOfThePlaybooksIsSpoken(t *testing.T) {
	for _, lang := range []locale.Lang{locale.English, locale.Persian} {
		for _, key := range casework.Words() {
			if !locale.For(lang).Has(key) {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
	}
}

func TestScriptsOfNamesAreTold(t *testing.T) {
	for name, want := range map[string]string{"Dr Anna": "Latn", "دکتر آنا": "Arab", "Анна": "Cyrl", "1234": "Zyyy", "": "Zyyy"} {
		if got := scriptOf(name); got != want || (person.Name{Script: got, Text: name}).Check() != nil {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

// addCases leaves a case with something in every section, one closed, and a drill.
func (w *deskTour) addCases(t testing.TB) {
	t.Helper()
	page := calledCase(t, w.site, "words", longWord+" "+longLine, "place", longWord[:200], "about", "Dr X")
	for _, section := range mustPlaybook(t, casework.Protection).Sections {
		form := []string{"section", section.Section}
		for _, f := range section.Fields {
			value := map[string]string{casework.Text: longWord[:160], casework.Long: longWord + " " + longLine, casework.Name: longWord[:160], casework.Day: "2026-12-04", casework.Number: "3", casework.Country: "XAA"}[f.Type]
			if codes := (caseFormView{}).Codes(f.List); len(codes) > 0 {
				value = codes[0].Code
			}
			form = append(form, valuePrefix+f.Field, value)
		}
		does(t, w.site, page, "fact", form...)
	}
	does(t, w.site, page, "task", "text", longWord)
	does(t, w.site, page, "note", "text", longWord+" "+longLine)
	uploadNamed(w.site, page+"/files", longWord[:160], longWord[:100]+".png", "\x89PNG\r\n\x1a\nrest")
	drill, err := w.OpenCase(ctx, w.ben, desk.NewCase{Opened: casework.Opened{Kind: casework.Breach, Name: strings.Repeat("Drillname", 8), Country: "XAB", Drill: true}})
	if err != nil {
		t.Fatal(err)
	}
	own := strings.TrimPrefix(page, "/en")
	w.opens("/cases", "/cases?late=yes", "/cases/new", "/cases/new?kind=breach", own, own+"?section=detention", own+"/history", "/cases/"+drill, "/calendar", "/calendar?month=2026-12&all=yes")
}

func mustPlaybook(t testing.TB, kind string) *casework.Playbook {
	t.Helper()
	p, ok := casework.PlaybookOf(kind)
	if !ok {
		t.Fatalf("there is no playbook %s", kind)
	}
	return p
}

// uploadNamed sends the form of a document, as a browser does: the title first.
func uploadNamed(h http.Handler, path, title, name, body string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("title", title)
	if w, err := m.CreateFormFile("file", name); err == nil {
		w.Write([]byte(body))
	}
	m.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Host = "127.0.0.1:7766"
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
