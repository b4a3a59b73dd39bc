package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/intake"
	"ward/staff"
)

// colleagueNamed makes an account and gives it as its holder acts.
func colleagueNamed(t *testing.T, d *desk.Desk, name string, roles ...access.Role) access.Actor {
	t.Helper()
	has, err := d.HasAccounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var made desk.Enrolled
	if !has {
		made, err = d.First(ctx, access.Local(), desk.Enrolment{Name: name, Passphrase: "four words of their own"})
	} else {
		var token string
		if token, err = d.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: roles}}); err != nil {
			t.Fatal(err)
		}
		made, err = d.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: "four words of their own"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return made.Account.Actor(d.Today())
}

func TestAHandoverIsOnePageWithALiveChecklist(t *testing.T) {
	d := workspace(t)
	ada, lea := colleagueNamed(t, d, "Ada"), colleagueNamed(t, d, "Lea", access.Triage)
	colleagueNamed(t, d, "Bea", access.Triage)
	id, err := d.TakeReport(ctx, lea, intake.Received{Channel: "call", Lang: "en", Mode: "anonymous", Day: "2026-03-02", Danger: "no", Narrative: "Something invented.", Country: "XAA"})
	if err == nil {
		err = d.Handle(ctx, lea, []string{id}, intake.Handling{Move: intake.Claim})
	}
	if err != nil {
		t.Fatal(err)
	}
	h := siteAs(t, d, ada)
	page := "/en/people/" + lea.Account + "/handover"
	doc := shown(t, h, page)
	doc.says(t, "1 report held", "3 left", "ward key rotate")
	if open := len(doc.all("li.open")); open != 4 { // work, access, a second officer, the key
		t.Errorf("%d steps are open", open)
	}
	shown(t, h, strings.Replace(page, "/en/", "/fa/", 1)).says(t, "۱ گزارش در دست")
	if w := send(h, page, url.Values{"to": {""}}); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "nobody was chosen") {
		t.Errorf("%d", w.Code)
	}
	if w := send(h, page, url.Values{"to": {"Bea"}, "why": {"moves away"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	doc = shown(t, h, page)
	if done := len(doc.all("li.done")); done != 4 || len(doc.all("form.form")) != 0 {
		t.Errorf("%d steps are done", done)
	}
	if w := send(h, "/en/people/"+ada.Account+"/handover", url.Values{"to": {"Bea"}}); w.Code != http.StatusForbidden {
		t.Errorf("one hands over one's own account: %d", w.Code)
	}
}

// Whoever did not prove lately who they are is asked for the proof, and nothing is done.
func TestNobodyHandsOverOrRestoresWithoutAFreshProof(t *testing.T) {
	d := workspace(t)
	ada, lea := colleagueNamed(t, d, "Ada"), colleagueNamed(t, d, "Lea", access.Triage)
	locked := colleagueNamed(t, d, "Cem", access.Analyst)
	if _, err := d.TravelLock(ctx, locked); err != nil {
		t.Fatal(err)
	}
	site, err := newSite(d)
	if err != nil {
		t.Fatal(err)
	}
	site.who = func(*http.Request) (access.Actor, error) { return ada, nil }
	site.proved = func(*http.Request) (bool, error) { return false, nil }
	h := site.handler()
	for _, path := range []string{"/en/people/" + lea.Account + "/handover", "/en/people/locked"} {
		send(h, path, url.Values{"account": {locked.Account}, "to": {"Ada"}})
	}
	a, err := d.Account(ctx, access.Local(), lea.Account)
	list, err2 := d.LockedColleagues(ctx, ada)
	if err != nil || err2 != nil || a.Standing != staff.Active || len(list) != 1 || len(list[0].Words) != 0 {
		t.Errorf("%+v %+v %v %v", a, list, err, err2)
	}
}

func TestATravelLockIsOnePressAndTwoColleaguesGiveTheWayBack(t *testing.T) {
	d := workspace(t)
	colleagueNamed(t, d, "Ada")
	lea, bea, cem := colleagueNamed(t, d, "Lea", access.Triage), colleagueNamed(t, d, "Bea", access.Triage), colleagueNamed(t, d, "Cem", access.Analyst)
	w := send(siteAs(t, d, lea), "/en/account/travel-lock", nil)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/en/sign-in" || !strings.Contains(strings.Join(w.Header().Values("Set-Cookie"), ";"), "Max-Age=0") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	as := func(who access.Actor) http.Handler { return siteAs(t, d, who) }
	shown(t, as(bea), "/en/people/locked").says(t, "Lea", "nobody yet", "Give my word for Lea")
	if w := send(as(bea), "/en/people/locked", url.Values{"account": {lea.Account}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, as(bea), "/en/people/locked").says(t, "You gave your word")
	if w := send(as(bea), "/en/people/locked", url.Values{"account": {lea.Account}}); w.Code != http.StatusForbidden {
		t.Errorf("a second word of the same colleague: %d", w.Code)
	}
	w = send(as(cem), "/en/people/locked", url.Values{"account": {lea.Account}})
	link := regexp.MustCompile(`/en/join/[A-Za-z0-9_-]{43}`).FindString(w.Body.String())
	if w.Code != http.StatusOK || link == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if again := get(t, as(cem), "/en/people/locked").Body.String(); strings.Contains(again, link) || !strings.Contains(again, "an invitation back is open") {
		t.Error("the way back is shown twice, or nobody is told that it is open")
	}
	joining := httptest.NewRecorder()
	siteAs(t, d, access.Nobody()).ServeHTTP(joining, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:7766"+link, nil))
	if joining.Code != http.StatusOK || !strings.Contains(joining.Body.String(), `value="Lea"`) {
		t.Errorf("%d: the way back does not know for whom it is", joining.Code)
	}
}

func TestOneDeclaresOnesOwnConflictAndItsHistoryStays(t *testing.T) {
	d := workspace(t)
	ada, lea := colleagueNamed(t, d, "Ada"), colleagueNamed(t, d, "Lea", access.Triage)
	if w := send(siteAs(t, d, lea), "/en/account", url.Values{"do": {"conflict"}, "about": {"xab"}, "why": {"family there"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, siteAs(t, d, lea), "/en/account").says(t, "XAB", "family there", "declared")
	person := "/en/people/" + lea.Account
	if w := send(siteAs(t, d, ada), person, url.Values{"do": {"conflict"}, "about": {"XAB"}, "why": {"they moved"}, "lift": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, siteAs(t, d, ada), person).says(t, "None is declared", "family there", "they moved", "lifted")
	if w := send(siteAs(t, d, lea), "/en/account", url.Values{"do": {"conflict"}, "about": {"XAB"}}); w.Code != http.StatusBadRequest {
		t.Errorf("a conflict without a reason: %d", w.Code)
	}
}

// Every page and form of a dangerous act asks for a fresh proof first, whatever it is about, and nothing is done before.
func TestEveryDangerousRouteAsksForAFreshProof(t *testing.T) {
	w := newMatrixWorld(t)
	site, err := newSite(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	who := w.actor('m')
	site.who = func(*http.Request) (access.Actor, error) { return who, nil }
	site.proved = func(*http.Request) (bool, error) { return false, nil }
	h, asked := site.handler(), 0
	for _, r := range site.routes() {
		if !access.Dangerous(r.act) || !strings.ContainsRune(matrixRules[r.pattern].may, 'm') {
			continue
		}
		asked++
		method, _, _ := strings.Cut(r.pattern, " ")
		for _, address := range w.addresses(t, r.pattern, matrixRules[r.pattern]) {
			last := w.last(t)
			answer := askEmpty(h, method, address)
			again := answer.Code == http.StatusForbidden && strings.Contains(answer.Body.String(), "/en/sign-in/again")
			if method == http.MethodGet {
				again = answer.Code == http.StatusSeeOther && strings.HasPrefix(answer.Header().Get("Location"), "/en/sign-in/again?next=")
			}
			if !again || w.last(t) != last {
				t.Errorf("%s is answered by %d without a fresh proof", r.pattern, answer.Code)
			}
		}
	}
	if asked < 6 {
		t.Errorf("only %d routes are dangerous: the test looks in the wrong place", asked)
	}
}
