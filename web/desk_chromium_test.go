package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/incident"
	"ward/intake"
	"ward/staff"
)

// longWord and longLine are the longest that somebody may write where nothing breaks them, and in words.
var (
	longWord = strings.Repeat("Longname", 25)
	longLine = strings.Repeat("several long words ", 10)
)

// deskTour is a workspace in which every page of the desk has something to show, with long words in all that people write.
type deskTour struct {
	*desk.Desk
	ann, ben access.Actor
	site     http.Handler // as Ann, who may do everything
	stranger http.Handler
	paths    []string // what Ann opens
	outside  []string // what a stranger opens
}

func newDeskTour(t testing.TB) *deskTour {
	t.Helper()
	d, ann := staffedDesk(t)
	w := &deskTour{Desk: d, ann: ann.Account.Actor(d.Today())}
	w.site, w.stranger = siteAs(t, d, w.ann), pagesOf(t, d)
	w.addPeople(t)
	w.addReports(t)
	w.addIncident(t)
	w.addOpinions(t)
	w.addCodings(t)
	w.addSearches(t)
	w.addCases(t)
	w.addReferrals(t)
	w.addAtRisk(t)
	w.addEvaluations(t)
	w.addConsent(t)
	return w
}

func (w *deskTour) opens(paths ...string) { w.paths = append(w.paths, paths...) }

// sends sends a form and gives the address to which it leads, without its language.
func (w *deskTour) sends(t testing.TB, h http.Handler, path string, form url.Values) string {
	t.Helper()
	answer := send(h, path, form)
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", path, answer.Code, plain(answer.Body.String()))
	}
	return strings.TrimPrefix(answer.Header().Get("Location"), "/en")
}

// addPeople invites an investigator with a long name, a colleague, one who is locked for a journey, and one who has not come yet.
func (w *deskTour) addPeople(t testing.TB) {
	t.Helper()
	long := strings.Repeat("Longname", 7)
	invited := func(g staff.Grant, name string) (token string, who access.Actor) {
		token, err := w.Invite(ctx, localActor, desk.Invite{Grant: g, Note: long})
		if err == nil && name != "" {
			var made desk.Enrolled
			made, err = w.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: goodWords})
			who = made.Account.Actor(w.Today())
		}
		if err != nil {
			t.Fatal(err)
		}
		return token, who
	}
	all := staff.Grant{Roles: access.Roles()[:6]}
	invited(staff.Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA", "XAB"}, Until: time.Now().AddDate(1, 0, 0).Format(time.DateOnly)}, long)
	_, w.ben = invited(all, "Ben")
	_, away := invited(all, strings.Repeat("Awayname", 7))
	open, _ := invited(staff.First(), "")
	if _, err := w.TravelLock(ctx, away); err != nil {
		t.Fatal(err)
	}
	for about, why := range map[string]string{"XAC": longLine, "XAD": longWord} {
		if err := w.DeclareConflict(ctx, localActor, w.ben.Account, staff.Conflict{About: about, Why: why}); err != nil {
			t.Fatal(err)
		}
		if err := w.DeclareConflict(ctx, localActor, w.ann.Account, staff.Conflict{About: about, Why: why}); err != nil {
			t.Fatal(err)
		}
	}
	w.opens("/people", "/people/"+w.ben.Account, "/people/"+w.ben.Account+"/handover", "/people/locked", "/account", "/sign-in/again")
	w.outside = []string{"/sign-in", "/join/" + open, "/sign-in/link/x"}
}

// addReports takes reports down with long words in every field, one of them put into an incident, and lets others wait.
func (w *deskTour) addReports(t testing.TB) {
	t.Helper()
	form := arrestCall()
	for _, field := range []string{"place", "actor_words", "origin", "elsewhere", "note"} {
		form.Set(field, longWord)
	}
	form.Set("narrative", strings.Repeat(longWord+" ", 20))
	form.Set("distressing", "yes")
	page := strings.TrimPrefix(taken(t, w.site, form, [2]string{longWord[:160] + ".png", "\x89PNG\r\n\x1a\nrest"}, [2]string{"b.pdf", "%PDF-1.4"}), "/en")
	if _, err := w.IncidentOfReport(ctx, w.ann, strings.TrimPrefix(page, "/reports/"), desk.Taking{Keys: []string{"date", "country", "place", "codes:PER.ARR"}, Grade: intake.Grade{Reliability: "F", Credibility: "6"}}); err != nil {
		t.Fatal(err)
	}
	second := strings.TrimPrefix(taken(t, w.site, arrestCall()), "/en")
	for _, words := range []string{"A ward full of bodies.", "پرستار را بردند.", "The bridge is closed, and will be until somebody says otherwise, which nobody does.", longWord} {
		r := intake.Received{Channel: "call", Lang: "en", Mode: "confidential", Day: w.Today().String(), Danger: "no", Narrative: words, Country: "XAA", Distressing: strings.Contains(words, "bodies")}
		id, err := w.TakeReport(ctx, w.ann, r)
		if err == nil {
			err = w.Handle(ctx, w.ann, []string{id}, intake.Handling{Move: intake.Tag, Tag: "a-tag-that-is-as-long-as-they-may-be"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w.opens("/today", "/notices", "/inbox", "/inbox?view=all", "/inbox?view=closed", "/reports/new", page, second, "/incidents/new?report="+strings.TrimPrefix(second, "/reports/"))
}

// addIncident makes an incident whose every claim is long, one replaced, one contested.
func (w *deskTour) addIncident(t testing.TB) {
	t.Helper()
	long := longWord[:160]
	id := madeOnForm(t, w.site, "place", long, "source", long, "actor.note", long, "description", long+" arson", "point", "4.5, 5.5")
	f, page := fileOf(t, w.Desk, id), "/incidents/"+id
	w.sends(t, w.site, "/en"+page+"/edit", url.Values{"move": {"supersede"}, "field": {"date"}, "over": {standing(t, f, "date").ID}, "drawn": {"999"}, "date": {"2026-04-02"}, "source": {long}, "why": {long}})
	w.sends(t, w.site, "/en"+page+"/edit", url.Values{"move": {"contest"}, "field": {"country"}, "over": {standing(t, f, "country").ID}, "drawn": {"999"}, "why": {long}})
	w.opens(page, page+"/edit", page+"/edit?all=1", page+"/history", page+"/verify", "/incidents/new")
}

// addOpinions leaves incidents of which nobody, one person and two people have spoken.
func (w *deskTour) addOpinions(t testing.TB) {
	t.Helper()
	as := map[access.Role]http.Handler{"ann": w.site, "ben": siteAs(t, w.Desk, w.ben)}
	for _, spoke := range [][]access.Role{{}, {"ann"}, {"ben"}, {"ann", "ben"}} {
		page := "/incidents/" + putDown(t, w.Desk, "PER.ARR") + "/verify"
		for _, name := range spoke {
			w.sends(t, as[name], "/en"+page, opinionForm("confirmed", longWord+" "+longLine))
		}
		w.opens(page)
	}
	w.opens("/verification", "/verification?part=first")
}

// addCodings leaves a cell of an audit that nobody, one coder and two coders have coded.
func (w *deskTour) addCodings(t testing.TB) {
	t.Helper()
	publish(t, w.Desk, "sind", "sind-2016-2023", append(scripts(), event("9", "2021-03-07", "Forceful Entry into Health Facility", "1"))...)
	page, err := w.Incidents(ctx, w.ann, desk.IncidentQuery{Filters: map[string][]string{"country": {"XAA"}}, Limit: 50})
	for _, inc := range page.Incidents {
		if err == nil && inc.Date.String() == "2021-03-07" {
			err = w.StateIncident(ctx, access.Local(), inc.PublicID, incident.Stated{Move: incident.Assert, Field: "context", Value: "armed_conflict", Source: "a lawyer", Reliability: "A"})
		}
	}
	if err == nil {
		err = w.TakeStep(ctx, w.ben, audit.Row{Kind: audit.KindStep, State: "XAA", Year: 2021, Value: audit.StepFrozen})
	}
	if err != nil {
		t.Fatal(err)
	}
	var cells []string
	for _, e := range shown(t, w.site, "/en/workbench/XAA").all("a") {
		if path := strings.TrimPrefix(e.attr["href"], "/en"); strings.HasPrefix(path, "/workbench/XAA/") && !slices.Contains(cells, path) {
			cells = append(cells, path)
		}
	}
	if len(cells) < 3 {
		t.Fatalf("the board has the cells %q", cells)
	}
	form := url.Values{"do": {"code"}, "level": {"F1"}, "note": {longWord}}
	w.sends(t, w.site, "/en"+cells[1], form)
	w.sends(t, w.site, "/en"+cells[2], form)
	w.sends(t, siteAs(t, w.Desk, w.ben), "/en"+cells[2], url.Values{"do": {"code"}, "level": {"F2"}, "note": {longLine}})
	w.opens("/workbench", "/workbench/XAA", "/workbench/XAA?show=all")
	w.opens(cells[:3]...)
}

// addSearches keeps a search in every view, and one that finds nothing.
func (w *deskTour) addSearches(t testing.TB) {
	t.Helper()
	w.opens("/search", "/search?view=list", "/search?view=table", "/search?view=map", "/search?view=timeline", "/search?view=list&kind=report")
	w.opens(w.sends(t, w.site, "/en/search", url.Values{"q": {longWord}}))
	w.opens(w.sends(t, w.site, "/en/search/save", url.Values{"name": {longWord[:120]}, "shared": {"yes"}, "view": {"table"}, "country": {"XAA"}}))
}

// Nobody is shut out of a page of the desk, filled or empty, signed in or not: axe finds nothing serious, the console is silent, and a phone
// never scrolls to the side, whatever people wrote.
func TestTheDeskShutsNobodyOut(t *testing.T) {
	axe := axeSource(t)
	w, fresh := newDeskTour(t), pagesOf(t, workspace(t))
	for _, lang := range []string{"en", "fa"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			b := browse(t, "")
			for _, part := range []struct {
				h     http.Handler
				paths []string
			}{{w.site, w.paths}, {w.stranger, w.outside}, {fresh, emptyPages}} {
				server := httptest.NewServer(part.h)
				defer server.Close()
				for _, path := range part.paths {
					b.judge(axe, server.URL+"/"+lang+path)
				}
			}
		})
	}
}

// emptyPages are what one opens in a workspace that was made just now.
var emptyPages = []string{"/account/first", "/people", "/today", "/inbox", "/verification", "/workbench", "/search", "/notices"}

// judgedElsewhere are the pages that other tours of this package open: of publishers' data, of the association's registers, of the log.
var judgedElsewhere = []string{"/{$}", "/states", "/incidents", "/method", "/facilities", "/quote", "/period", "/norms", "/duties", "/commitments", "/statements", "/suitability", "/log", "/ledger", "/verify"}

// A page that no tour opens is judged by nobody: whoever adds a route adds it to a tour.
func TestEveryPageIsOnATour(t *testing.T) {
	w := newDeskTour(t)
	site, err := newSite(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	var mux http.ServeMux
	for _, r := range site.routes() {
		if strings.HasPrefix(r.pattern, "GET /{lang}") {
			mux.Handle(r.pattern, http.NotFoundHandler())
		}
	}
	toured := map[string]bool{}
	for _, path := range slices.Concat(w.paths, w.outside, emptyPages) {
		_, pattern := mux.Handler(httptest.NewRequest(http.MethodGet, "/en"+path, nil))
		toured[pattern] = true
	}
	for _, r := range site.routes() {
		place, page := strings.CutPrefix(r.pattern, "GET /{lang}")
		if !page || toured[r.pattern] || r.pattern == "GET /{lang}/cases/{case}/files/{document}" || r.pattern == "GET /{lang}/reports/{id}/files/{number}" || r.pattern == "GET /{lang}/evaluations/{evaluation}/photographs/{number}" { // a picture
			continue
		}
		if !slices.ContainsFunc(judgedElsewhere, func(known string) bool {
			return place == known || known != "/incidents" && strings.HasPrefix(place, known+"/")
		}) {
			t.Errorf("no tour opens %s", r.pattern)
		}
	}
}
