package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/person"
	"ward/staff"
)

// persons puts somebody at risk on record whom I made, and one who was erased.
func (w *matrixWorld) persons(t *testing.T) {
	t.Helper()
	for _, state := range []string{objOwn, objErased} {
		id, err := w.AddPerson(ctx, w.me, desk.NewPerson{Made: person.Made{Pseudonym: contentCanary, Country: "XAA"}})
		w.put(t, "person", state, id, err)
	}
	w.put(t, "person", objRandom, randomULID, nil)
	w.erase(t, w.objects["person"][objErased])
}

// grants asks for an investigator's access.
func (w *matrixWorld) grants(t *testing.T) {
	t.Helper()
	token, err := w.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}, Until: w.Today().Time().AddDate(1, 0, 0).Format(time.DateOnly)}})
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.Accept(ctx, token, desk.Enrolment{Name: "Inspector", Passphrase: "four words of inspection"})
	if err != nil {
		t.Fatal(err)
	}
	id, err := w.AskAccess(ctx, access.Local(), staff.AccessAsked{Account: made.Account.ID, Purpose: "an inquiry"}, staff.AccessScope{States: []string{"XAA"}, Until: w.Today().String()})
	w.put(t, "grant", objOwn, id, err)
	w.put(t, "grant", objRandom, randomULID, nil)
}

// addAtRisk puts people at risk on record, with long words in all that is said of one, and an investigator's access as each step leaves it.
func (w *deskTour) addAtRisk(t testing.TB) {
	t.Helper()
	long := longWord[:200]
	form := url.Values{"pseudonym": {longWord[:60]}, "country": {"XAA"}, "role": {"health_worker", "detainee"}, "profession": {"nurse"}, "sex": {"female"}, "born": {"198x"}, "member": {"yes"},
		"employer": {long}, "speciality": {long}, "hiding": {"1"}, "name": {strings.Repeat("Solayname", 22)}, "script": {"Latn"}}
	page := w.sends(t, w.site, "/en/persons", form)
	state := func(more url.Values) { w.sends(t, w.site, "/en"+page, more) }
	outcome := url.Values{"do": {"outcome"}, "taker": {"state"}, "country": {"XAA"}, "place": {long}, "authority": {long}, "charge": {long}, "law": {long}, "source": {long}, "note": {strings.Repeat(longWord, 5)}}
	for code, day := range map[string]string{"taken": "2026-03-01", "charged": "2026-03", "released": ""} {
		outcome.Set("code", code)
		outcome.Set("when", day)
		state(outcome)
	}
	f, err := w.Person(ctx, w.ann, strings.TrimPrefix(page, "/persons/"))
	if err != nil {
		t.Fatal(err)
	}
	state(url.Values{"do": {"withdraw"}, "entry": {f.Outcomes[2].ID}, "why": {long}})
	state(url.Values{"do": {"ask"}, "field": {"employer"}, "asked": {strings.Repeat(longWord, 5)}, "by": {"proxy"}})
	state(url.Values{"do": {"name"}, "script": {"Latn"}, "name": {"Another Longsolay"}, "why": {long}})
	w.opens("/persons", page, page+"/report", "/grants")
	w.askGrants(t)
}

// askGrants leaves access asked for, scoped and ended.
func (w *deskTour) askGrants(t testing.TB) {
	t.Helper()
	list, err := w.Investigators(ctx, w.ann)
	if err != nil || len(list) == 0 {
		t.Fatalf("%v, %v", list, err)
	}
	ask := url.Values{"account": {list[0].ID}, "purpose": {strings.Repeat(longWord, 4)}}
	w.opens(w.sends(t, w.site, "/en/grants", ask))
	ask.Set("states", "XAA XAB")
	ask.Set("until", w.Today().String())
	page := w.sends(t, w.site, "/en/grants", ask)
	w.opens(page)
	ended := w.sends(t, w.site, "/en/grants", ask)
	w.sends(t, w.site, "/en"+ended, url.Values{"do": {"revoke"}, "why": {longWord[:200]}})
	w.opens(ended)
}

// Names stand on no page, in no address and in no file's name until somebody asks for them by a form.
func TestNamesStandOnNoPageUntilAFormAsksForThem(t *testing.T) {
	const canary = "Qanarysolay"
	d := workspace(t)
	cara := access.Actor{Name: "cara", Account: "1", Roles: []access.Role{access.CaseWorker}}
	h := siteAs(t, d, cara)
	made := send(h, "/en/persons", url.Values{"pseudonym": {"Cedar"}, "country": {"XAA"}, "name": {canary + " Roe"}, "script": {"Latn"}})
	page := made.Header().Get("Location")
	if made.Code != http.StatusSeeOther || strings.Contains(page, "anary") {
		t.Fatalf("%d %s %s", made.Code, page, plain(made.Body.String()))
	}
	send(h, page, url.Values{"do": {"ask"}, "field": {"name"}, "asked": {canary + " with an h"}, "by": {"self"}})
	for _, path := range []string{"/en/persons", page, "/en/today", "/en/notices"} {
		if strings.Contains(get(t, h, path).Body.String(), canary) {
			t.Errorf("%s shows the name", path)
		}
	}
	shown := send(h, page+"/names", nil)
	if shown.Code != http.StatusOK || !strings.Contains(shown.Body.String(), canary) || !strings.Contains(shown.Body.String(), canary+" with an h") {
		t.Errorf("the form does not open the names: %d", shown.Code)
	}
	colleague := siteAs(t, d, access.Actor{Name: "cem", Account: "2", Roles: []access.Role{access.CaseWorker}})
	for _, answer := range []*httptest.ResponseRecorder{send(colleague, page+"/names", nil), askEmpty(colleague, http.MethodGet, page), askEmpty(colleague, http.MethodGet, page+"/report")} {
		if answer.Code != http.StatusNotFound || strings.Contains(answer.Body.String(), canary) || strings.Contains(answer.Body.String(), "Cedar") {
			t.Errorf("who is not concerned is answered %d", answer.Code)
		}
	}
	wrong := send(h, "/en/persons", url.Values{"pseudonym": {canary}, "country": {"XAA"}, "name": {canary + " Roe"}, "script": {"Latn"}})
	if wrong.Code != http.StatusBadRequest || !strings.Contains(wrong.Body.String(), "holds a part of a name") {
		t.Errorf("a pseudonym that betrays the name: %d", wrong.Code)
	}
}

func TestTheReportLeavesForThePersonAndStandsInTheLedger(t *testing.T) {
	d := workspace(t)
	cara := access.Actor{Name: "cara", Account: "1", Roles: []access.Role{access.CaseWorker}}
	h := siteAs(t, d, cara)
	page := send(h, "/en/persons", url.Values{"pseudonym": {"Cedar"}, "country": {"XAA"}, "name": {"Mina Solay"}, "script": {"Latn"}}).Header().Get("Location")
	send(h, page, url.Values{"do": {"outcome"}, "code": {"taken"}, "when": {"2026-03-01"}, "source": {"Qanarysource"}})
	file := strings.Replace(page, "/en/persons/", "/export/persons/en/", 1)
	for format, begins := range map[string]string{"json": "{", "pdf": "%PDF", "odt": "PK"} {
		answer := askEmpty(h, http.MethodGet, file+"."+format+"?to=self")
		if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Body.String(), begins) || strings.Contains(answer.Body.String(), "Qanarysource") {
			t.Errorf("%s: %d %.80s", format, answer.Code, answer.Body)
		}
		if name := answer.Header().Get("Content-Disposition"); strings.Contains(name, "Cedar") || strings.Contains(name, "Solay") {
			t.Errorf("the file is named %s", name)
		}
	}
	if answer := askEmpty(h, http.MethodGet, file+".json"); answer.Code != http.StatusBadRequest {
		t.Errorf("it leaves for nobody: %d", answer.Code)
	}
	lines, err := d.Ledger(ctx, access.Local(), 0, 10)
	if err != nil || len(lines) != 3 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}
