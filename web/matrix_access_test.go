package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/entry"
	"ward/facility"
	"ward/incident"
	"ward/intake"
	"ward/staff"
	"ward/statement"
)

// Kinds of object as somebody meets them.
const (
	objOwn     = "own"     // made by whoever asks
	objOthers  = "other's" // made by a colleague, and shared
	objPrivate = "private" // of a colleague alone
	objOutside = "outside" // outside the investigator's scope
	objErased  = "erased"
	objRandom  = "random"
)

// matrixWorld is a workspace with an object of each kind in each of these states.
type matrixWorld struct {
	*desk.Desk
	objects map[string]map[string]string // kind, state, what stands in the address

	me, colleague access.Actor // all roles are tried on me
	told          bool         // somebody was told what lies outside the investigator's scope
}

const (
	randomULID     = "01CCCCCCCCCCCCCCCCCCCCCCCC"
	randomIncident = "WRD-XAA-2026-00000000"
)

func newMatrixWorld(t *testing.T) *matrixWorld {
	t.Helper()
	w := &matrixWorld{Desk: workspace(t), objects: map[string]map[string]string{
		"state":     {objOwn: "XAA", objRandom: "QQQ"},
		"audit":     {objOwn: "XAA.json", objRandom: "QQQ.json"},
		"norm":      {objOwn: "WMA-TOKYO-2016", objRandom: "NONE-1900"},
		"text":      {objOwn: "WMA-SOCIAL-2022", objRandom: "NONE-1900"},
		"point":     {objOwn: "SOCIAL-1", objRandom: "NONE-1"},
		"addressee": {objOwn: "NMA", objRandom: "nobody"},
	}}
	publish(t, w.Desk, "sind", "sind-2016-2023", event("1", "2021-03-07"))
	w.people(t)
	w.incidents(t)
	w.reports(t)
	w.searches(t)
	w.persons(t)
	w.grants(t)
	w.facilities(t)
	w.statements(t)
	w.evaluations(t)
	w.cases(t)
	w.referrals(t)
	for kind, of := range map[string][2]string{"bundle": {"incident", ".zip"}, "history": {"incident", ".csv"}, "letter": {"statement", ".txt"}, "evaluation file": {"evaluation", ".pdf"}, "ownfile": {"person", ".json"}} {
		w.objects[kind] = map[string]string{}
		for state, id := range w.objects[of[0]] {
			w.objects[kind][state] = id + of[1]
		}
	}
	flush(t, w.Desk)
	w.objects["act"] = map[string]string{objOwn: "1", objRandom: "99999999"}
	return w
}

func (w *matrixWorld) put(t *testing.T, kind, state, id string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s %s: %v", state, kind, err)
	}
	if w.objects[kind] == nil {
		w.objects[kind] = map[string]string{}
	}
	w.objects[kind][state] = id
}

// contentCanary stands in all that people told, outsideCanary in what lies outside the investigator's scope.
const (
	contentCanary = "Qanarycontentzz"
	outsideCanary = "Qanaryoutsidezz"
)

var canaryOf = map[string]string{objOutside: outsideCanary}

// tells says what an answer tells that it must not tell in this role, "" for nothing: who keeps the house or checks it is told no content,
// an investigator nothing of what lies outside the scope but the id by which they asked.
func (w *matrixWorld) tells(letter rune, state, body string) string {
	away := w.objects["incident"][objOutside]
	switch {
	case strings.ContainsRune("num", letter) && strings.Contains(body, contentCanary):
		return "content"
	case letter == 'i' && (strings.Contains(body, outsideCanary) || state != objOutside && strings.Contains(body, away)):
		return "what lies outside the scope"
	}
	return ""
}

// people makes two accounts.
func (w *matrixWorld) people(t *testing.T) {
	t.Helper()
	first, err := w.First(ctx, access.Local(), desk.Enrolment{Name: "Me", Passphrase: "four words of mine"})
	if err != nil {
		t.Fatal(err)
	}
	token, err := w.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Triage, access.CaseWorker, access.Publisher}}})
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Accept(ctx, token, desk.Enrolment{Name: "Colleague", Passphrase: "four words of theirs"})
	w.me, w.colleague = first.Account.Actor(w.Today()), second.Account.Actor(w.Today())
	w.put(t, "account", objOwn, w.me.Account, err)
	w.put(t, "account", objOthers, w.colleague.Account, nil)
	w.put(t, "account", objRandom, randomULID, nil)
}

func (w *matrixWorld) reports(t *testing.T) {
	t.Helper()
	for state, who := range map[string]access.Actor{objOwn: w.me, objOthers: w.colleague, objErased: w.me} {
		file, err := w.KeepFile(ctx, who, "letter.pdf", "application/pdf", strings.NewReader("%PDF-1.4 rest"), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		id, err := w.TakeReport(ctx, who, intake.Received{Channel: "call", Lang: "en", Mode: "anonymous", Day: "2026-03-02", Danger: "no", Narrative: contentCanary, Country: "XAA", Files: []entry.File{file}})
		w.put(t, "report", state, id, err)
	}
	w.put(t, "report", objRandom, randomULID, nil)
	f, err := w.Received(ctx, w.me, w.objects["report"][objErased])
	if err != nil {
		t.Fatal(err)
	}
	w.erase(t, f.Entry)
}

func (w *matrixWorld) searches(t *testing.T) {
	t.Helper()
	for state, of := range map[string]struct {
		who    access.Actor
		shared bool
	}{objOwn: {w.me, true}, objOutside: {w.colleague, true}, objPrivate: {w.colleague, false}} { // colleagues' words are outside an investigator's scope
		id, err := w.SaveSearch(ctx, of.who, "a search", of.shared, desk.Search{Words: "clinic"})
		w.put(t, "search", state, id, err)
	}
	w.put(t, "search", objRandom, randomULID, nil)
}

func (w *matrixWorld) incidents(t *testing.T) {
	t.Helper()
	for state, of := range map[string]struct {
		who     access.Actor
		country string
	}{objOwn: {w.me, "XAA"}, objOthers: {w.colleague, "XAA"}, objOutside: {w.colleague, "XAB"}, objErased: {w.me, "XAA"}} {
		id, err := w.NewIncident(ctx, of.who, incident.Stated{Move: incident.Assert, Field: "date", Value: "2026-03", Source: "a nurse", Reliability: "C", Credibility: "3"},
			incident.Stated{Move: incident.Assert, Field: "country", Value: of.country, Source: "a nurse", Reliability: "C", Credibility: "3"},
			incident.Stated{Move: incident.Assert, Field: "description", Value: contentCanary + " " + canaryOf[state], Source: "a nurse", Reliability: "C", Credibility: "3"})
		w.put(t, "incident", state, id, err)
	}
	w.put(t, "incident", objRandom, randomIncident, nil)
	w.erase(t, w.objects["incident"][objErased])
}

func (w *matrixWorld) facilities(t *testing.T) {
	t.Helper()
	for state, who := range map[string]access.Actor{objOwn: w.me, objOthers: w.colleague, objErased: w.me} {
		id, err := w.PutFacility(ctx, who, "", facility.Facility{Type: "hospital.general", Name: contentCanary + " " + state, State: "XAA", Deconflicted: "no"})
		w.put(t, "facility", state, id, err)
	}
	w.put(t, "facility", objRandom, randomULID, nil)
	f, err := w.Facility(ctx, w.me, w.objects["facility"][objErased], 0)
	if err != nil {
		t.Fatal(err)
	}
	w.erase(t, f.Puts[0].ID)
}

func (w *matrixWorld) statements(t *testing.T) {
	t.Helper()
	for state, who := range map[string]access.Actor{objOwn: w.me, objOthers: w.colleague, objErased: w.me} {
		id, err := w.BeginStatement(ctx, who, statement.Draft{Kind: statement.Appeal, Title: contentCanary, Lang: "en", Text: "A word.", Addressees: []string{"Ministry"}})
		w.put(t, "statement", state, id, err)
	}
	w.put(t, "statement", objRandom, randomULID, nil)
	one, err := w.Statement(ctx, w.me, w.objects["statement"][objErased])
	if err != nil {
		t.Fatal(err)
	}
	w.erase(t, one.Drafts[0].ID)
}

// cases are mine, a colleague's on which I am not, and one that was erased.
func (w *matrixWorld) cases(t *testing.T) {
	t.Helper()
	for state, who := range map[string]access.Actor{objOwn: w.me, objOthers: w.colleague, objErased: w.me} {
		id, err := w.OpenCase(ctx, who, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Lantern " + state, Country: "XAA", Summary: contentCanary}})
		w.put(t, "case", state, id, err)
	}
	w.put(t, "case", objRandom, randomULID, nil)
	w.put(t, "own case", objOwn, w.objects["case"][objOwn], nil)
	w.put(t, "own case", objRandom, randomULID, nil)
	w.erase(t, w.objects["case"][objErased])
}

func (w *matrixWorld) erase(t *testing.T, id string) {
	t.Helper()
	if _, err := w.Erase(ctx, access.Local(), id, "error"); err != nil {
		t.Fatal(err)
	}
}

// actor is me in one role.
func (w *matrixWorld) actor(letter rune) access.Actor {
	who := w.me
	switch role := map[rune]access.Role{'t': access.Triage, 'c': access.CaseWorker, 'v': access.Verifier, 'a': access.Analyst, 'p': access.Publisher, 'r': access.Referrer,
		'i': access.Investigator, 'u': access.Auditor, 'm': access.Administrator}[letter]; letter {
	case 'n':
		return access.Nobody()
	case 'o':
		return access.Local()
	case 'i':
		who.Roles, who.Only = []access.Role{role}, []string{"XAA"}
	default:
		who.Roles = []access.Role{role}
	}
	return who
}

// addresses are what a route is asked by: the state of the object, and the address.
func (w *matrixWorld) addresses(t *testing.T, pattern string, r rule) map[string]string {
	t.Helper()
	_, path, _ := strings.Cut(strings.TrimSuffix(pattern, "{$}"), " ")
	if pattern == "GET /" {
		path = "/nothing"
	}
	path = strings.Replace(path, "{lang}", "en", 1)
	for place, value := range r.fill {
		path = strings.Replace(path, "{"+place+"}", value, 1)
	}
	if r.object == "" {
		return map[string]string{"none": path + r.query}
	}
	if len(w.objects[r.object]) < 2 {
		t.Fatalf("%s speaks of a %q, of which the world has none", pattern, r.object)
	}
	out := map[string]string{}
	before, rest, _ := strings.Cut(path, "{")
	_, after, _ := strings.Cut(rest, "}")
	for state, value := range w.objects[r.object] {
		out[state] = before + url.PathEscape(value) + after
	}
	return out
}

// expected is the code for who may ask; 0 is whatever a form without content is answered by.
func (r rule) expected(method, state string, letter rune) int {
	missing := state == objRandom || state == objErased || state == objPrivate || state == objOutside && letter == 'i'
	switch {
	case state == objErased && method == http.MethodGet && r.gone != 0:
		return r.gone
	case missing && method == http.MethodGet:
		return http.StatusNotFound
	case method == http.MethodPost && r.code == 0:
		return 0
	case r.codes[letter] != 0:
		return r.codes[letter]
	case r.code != 0:
		return r.code
	}
	return http.StatusOK
}

// TestMatrix asks every route in every role about every kind of object (security.md X1): nobody is answered who may not ask, and what is not
// somebody's is answered as what is not there.
func TestMatrix(t *testing.T) {
	w := newMatrixWorld(t)
	routes := siteOf(t, w.Desk).routes()
	for _, r := range routes {
		if _, ok := matrixRules[r.pattern]; !ok {
			t.Errorf("%s has no row in the matrix", r.pattern)
		}
	}
	for pattern := range matrixRules {
		if !slices.ContainsFunc(routes, func(r route) bool { return r.pattern == pattern }) {
			t.Errorf("the matrix has a row for %s, which is no route", pattern)
		}
	}
	for _, letter := range anybody {
		h := siteAs(t, w.Desk, w.actor(letter))
		for _, r := range routes {
			if rule, ok := matrixRules[r.pattern]; ok {
				w.try(t, h, letter, r.pattern, rule)
			}
		}
	}
	if !w.told {
		t.Error("nobody at all is told of what lies outside a scope: the test looks in the wrong place")
	}
}

// try asks one route in one role.
func (w *matrixWorld) try(t *testing.T, h http.Handler, letter rune, pattern string, r rule) {
	t.Helper()
	method, _, _ := strings.Cut(pattern, " ")
	allowed := strings.ContainsRune(r.may, letter)
	absent := map[string]string{} // the answer to what is not there, by state, what was asked for left out
	addresses := w.addresses(t, pattern, r)
	for _, state := range slices.Sorted(maps.Keys(addresses)) {
		if allowed && r.makes {
			continue
		}
		last := w.last(t)
		answer := askEmpty(h, method, addresses[state])
		where := fmt.Sprintf("%s as %c, %s: %d", pattern, letter, state, answer.Code)
		if wrong := golden(answer.Header()); wrong != "" {
			t.Errorf("%s: %s", where, wrong)
		}
		if told := w.tells(letter, state, answer.Body.String()); told != "" {
			t.Errorf("%s tells %s", where, told)
		}
		w.told = w.told || letter == 'c' && strings.Contains(answer.Body.String(), outsideCanary)
		if !allowed {
			w.refused(t, where, method, letter, answer, last)
			continue
		}
		switch want := r.expected(method, state, letter); {
		case want == 0:
			if answer.Code == http.StatusNotFound && r.object != "" {
				absent[state] = w.without(r, state, answer)
			}
			if answer.Code < 300 || answer.Code >= 500 || state != objOwn && state != objOthers && state != "none" && answer.Code == http.StatusSeeOther {
				t.Errorf("%s: %.200s", where, answer.Body)
			}
		case answer.Code != want:
			t.Errorf("%s, want %d: %.300s", where, want, answer.Body)
		case want == http.StatusNotFound && r.object != "":
			absent[state] = w.without(r, state, answer)
		}
		if method == http.MethodGet {
			w.onlyLooked(t, where, last)
		}
	}
	for state, body := range absent {
		if state == objOwn || state == objOthers || state == objErased && (r.object == "incident" || r.object == "history") {
			continue // who may read is told that it was erased, and why
		}
		if body != absent[objRandom] {
			t.Errorf("%s as %c: what is %s is told apart from what is not there", pattern, letter, state)
		}
	}
}

// without is the body of an answer without the id that was asked for.
func (w *matrixWorld) without(r rule, state string, answer *httptest.ResponseRecorder) string {
	id, _, _ := strings.Cut(w.objects[r.object][state], ".")
	return strings.ReplaceAll(answer.Body.String(), id, "")
}

// refused holds an answer to what whoever may not ask is told: the way in, or 403 whatever they asked about, and nothing happened.
func (w *matrixWorld) refused(t *testing.T, where, method string, letter rune, answer *httptest.ResponseRecorder, last int64) {
	t.Helper()
	want := http.StatusForbidden
	if letter == 'n' && method == http.MethodGet {
		want = http.StatusSeeOther
	}
	if answer.Code != want {
		t.Errorf("%s, want %d", where, want)
	}
	if to := answer.Header().Get("Location"); want == http.StatusSeeOther && !strings.HasPrefix(to, "/en/sign-in?next=") {
		t.Errorf("%s leads to %s", where, to)
	}
	if now := w.last(t); now != last {
		t.Errorf("%s, and %d acts were done", where, now-last)
	}
}

// onlyLooked holds a GET to writing nothing but, for a file that leaves, its line of the ledger.
func (w *matrixWorld) onlyLooked(t *testing.T, where string, last int64) {
	t.Helper()
	acts, err := w.Acts(ctx, access.Local(), 0, int(max(1, w.last(t)-last)))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range acts {
		if a.Number > last && !strings.HasPrefix(a.Act, "disclose.") {
			t.Errorf("%s: a look did %s", where, a.Act)
		}
	}
}

// last is the number of the newest act.
func (w *matrixWorld) last(t *testing.T) int64 {
	t.Helper()
	acts, err := w.Acts(ctx, access.Local(), 0, 1)
	if err != nil || len(acts) == 0 {
		t.Fatal(err)
	}
	return acts[0].Number
}

// askEmpty asks as a browser does: a page, or a form in which nothing was filled in.
func askEmpty(h http.Handler, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:7766"+path, strings.NewReader(""))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// goldenHeaders are on every answer of every route (security.md X5).
var goldenHeaders = map[string]string{
	"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

// golden says which header of an answer is not as it should be; "" is none.
func golden(h http.Header) string {
	for name, want := range goldenHeaders {
		if got := h.Get(name); got != want {
			return fmt.Sprintf("%s is %q", name, got)
		}
	}
	if referrer := h.Get("Referrer-Policy"); referrer != "same-origin" && referrer != "no-referrer" {
		return "the referrer policy is " + referrer
	}
	policy := h.Get("Content-Security-Policy")
	if policy == "sandbox; default-src 'none'" {
		return "" // somebody else's file
	}
	for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "script-src 'self'", "require-trusted-types-for 'script'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, part) {
			return "the content policy lacks " + part
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		return "the content policy lets anything in: " + policy
	}
	if kept := h.Get("Cache-Control"); kept != "no-store" && !strings.HasPrefix(kept, "max-age=") {
		return "it may be kept: " + kept
	}
	return ""
}
