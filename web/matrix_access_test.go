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
	"ward/desk"
	"ward/facility"
	"ward/incident"
	"ward/intake"
	"ward/staff"
	"ward/statement"
)

// The specification below is written by hand, from what the roles are for, and reads neither access's table nor the acts in routes.go. A role
// is one letter:
//
//	n nobody  t triage  c case worker  v verifier  a analyst  p publisher  r referrer  i investigator of XAA  u auditor  m administrator
//	o whoever is at this machine
const (
	anybody     = "ntcvapriumo"
	signedIn    = "tcvapriumo" // whoever has an account
	content     = "tcvapro"    // who work with all that is on record
	ofIncidents = "tcvaprio"   // and the investigator, within a scope
	ofReports   = "tcvro"
	ofRecord    = "tcvaprumo" // who see the log and the ledger: all but the investigator
)

// rule says of a route who may ask for it, and of what kind of object it speaks.
type rule struct {
	may    string
	object string            // a kind of matrixWorld.objects; "" where the route names none
	fill   map[string]string // what stands in further places of the pattern
	code   int               // of what is there, where a page is not answered by 200 and a form not by what stands in it
	gone   int               // of what was erased, where it is not 404
	codes  map[rune]int      // of what is there, for single roles
	query  string
	makes  bool // a form without content is enough: it is asked by whoever may not, and by whoever may elsewhere
}

// matrixRules is the specification: each route of the site.
var matrixRules = map[string]rule{
	"GET /{$}":                    {may: anybody, code: 302},
	"GET /":                       {may: anybody, code: 404},
	"GET /assets/{file...}":       {may: anybody, fill: map[string]string{"file...": "ward.css"}},
	"GET /log/{path...}":          {may: anybody, fill: map[string]string{"path...": "checkpoint"}},
	"GET /{lang}/verify":          {may: ofRecord},
	"GET /{lang}/method":          {may: signedIn},
	"GET /{lang}/{$}":             {may: signedIn, codes: map[rune]int{'i': 303, 'u': 303, 'm': 303}},
	"GET /{lang}/log":             {may: ofRecord},
	"GET /{lang}/log/{number}":    {may: ofRecord, object: "act"},
	"GET /{lang}/ledger":          {may: ofRecord},
	"GET /{lang}/ledger/readings": {may: ofRecord},
	"GET /export/ledger/csv":      {may: ofRecord},

	"GET /{lang}/incidents":        {may: ofIncidents},
	"GET /{lang}/incidents/{id}":   {may: ofIncidents, object: "incident"},
	"GET /export/incidents/{file}": {may: "capro", fill: map[string]string{"file": "csv"}},
	"GET /export/bundle/{file}":    {may: "capro", object: "bundle", gone: 200},

	"GET /{lang}/states":                         {may: content},
	"GET /{lang}/states/{state}":                 {may: content, object: "state"},
	"GET /{lang}/states/{state}/{clause}/{year}": {may: content, object: "state", fill: map[string]string{"clause": "WMA-ICOME-2022:40", "year": "2026"}},
	"POST /{lang}/states/{state}/replies":        {may: "apo", object: "state"},
	"GET /export/states/csv":                     {may: content},
	"GET /export/audit/{lang}/{file}":            {may: content, object: "audit"},
	"GET /{lang}/quote":                          {may: content},
	"GET /{lang}/period":                         {may: content},
	"GET /export/period/{lang}/{file}":           {may: content, fill: map[string]string{"file": "period.json"}},
	"GET /{lang}/norms":                          {may: content},
	"GET /{lang}/norms/{norm}":                   {may: content, object: "norm"},

	"GET /{lang}/facilities":               {may: content},
	"POST /{lang}/facilities":              {may: "co"},
	"GET /{lang}/facilities/state/{state}": {may: content, object: "state"},
	"GET /{lang}/facilities/{facility}":    {may: content, object: "facility"},
	"POST /{lang}/facilities/{facility}":   {may: "co", object: "facility"},
	"GET /export/facilities/{file}":        {may: content, fill: map[string]string{"file": "csv"}},

	"GET /{lang}/duties":          {may: content},
	"GET /{lang}/duties/{point}":  {may: content, object: "point"},
	"POST /{lang}/duties/{point}": {may: "apo", object: "point"},
	"GET /export/duties/csv":      {may: content},

	"GET /{lang}/commitments":                               {may: content},
	"GET /{lang}/commitments/find":                          {may: content, code: 303, query: "?recommendation=WMA-SOCIAL-2022:1&of=NMA&state=XAA"},
	"GET /{lang}/commitments/to/{addressee}":                {may: content, object: "addressee"},
	"GET /{lang}/commitments/text/{norm}":                   {may: content, object: "text"},
	"GET /{lang}/commitments/{recommendation}/{addressee}":  {may: content, object: "addressee", fill: map[string]string{"recommendation": "WMA-SOCIAL-2022:1"}},
	"POST /{lang}/commitments/{recommendation}/{addressee}": {may: "apo", object: "addressee", fill: map[string]string{"recommendation": "WMA-SOCIAL-2022:1"}},
	"GET /export/commitments/{file}":                        {may: content, fill: map[string]string{"file": "csv"}},

	"GET /{lang}/statements":              {may: content},
	"GET /{lang}/statements/write":        {may: "pro"},
	"POST /{lang}/statements/write":       {may: "pro"},
	"GET /{lang}/statements/letterhead":   {may: "pro"},
	"POST /{lang}/statements/letterhead":  {may: "pro"},
	"GET /{lang}/statements/{statement}":  {may: content, object: "statement"},
	"POST /{lang}/statements/{statement}": {may: "pro", object: "statement"},
	"GET /export/statements/{file}":       {may: content, object: "letter"},

	"GET /{lang}/suitability":          {may: content},
	"GET /{lang}/suitability/{state}":  {may: content, object: "state"},
	"POST /{lang}/suitability/{state}": {may: "po", object: "state"},

	"GET /{lang}/incidents/new":               {may: "co"},
	"POST /{lang}/incidents/new":              {may: "co"},
	"GET /{lang}/incidents/{id}/edit":         {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/edit":        {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/draft":       {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/suggestions": {may: "co", object: "incident"},
	"POST /{lang}/incidents/{id}/citations":   {may: "apo", object: "incident"},
	"GET /{lang}/incidents/{id}/history":      {may: ofIncidents, object: "incident"},
	"GET /export/history/{file}":              {may: "capro", object: "history"},
	"GET /map/{state}":                        {may: ofIncidents, object: "state"},
	"GET /{lang}/verification":                {may: "vo"},
	"GET /{lang}/incidents/{id}/verify":       {may: "vo", object: "incident"},
	"POST /{lang}/incidents/{id}/verify":      {may: "vo", object: "incident"},

	"GET /{lang}/search":           {may: ofIncidents},
	"POST /{lang}/search":          {may: ofIncidents},
	"POST /{lang}/search/save":     {may: ofIncidents},
	"GET /{lang}/search/{search}":  {may: ofIncidents, object: "search"},
	"POST /{lang}/search/{search}": {may: ofIncidents, object: "search"},

	"GET /{lang}/workbench":                          {may: "apo"},
	"GET /{lang}/workbench/{state}":                  {may: "apo", object: "state"},
	"POST /{lang}/workbench/{state}":                 {may: "po", object: "state"},
	"GET /{lang}/workbench/{state}/{clause}/{year}":  {may: "apo", object: "state", fill: map[string]string{"clause": "WMA-ICOME-2022:40", "year": "2026"}},
	"POST /{lang}/workbench/{state}/{clause}/{year}": {may: "apo", object: "state", fill: map[string]string{"clause": "WMA-ICOME-2022:40", "year": "2026"}},

	"GET /{lang}/today":                       {may: signedIn},
	"GET /{lang}/inbox":                       {may: ofReports},
	"POST /{lang}/inbox":                      {may: "tco"},
	"POST /{lang}/inbox/find":                 {may: ofReports, code: 200},
	"POST /{lang}/inbox/looking":              {may: ofReports},
	"GET /{lang}/reports/new":                 {may: "tco"},
	"POST /{lang}/reports/new":                {may: "tco"},
	"GET /{lang}/reports/{id}":                {may: ofReports, object: "report"},
	"GET /{lang}/reports/{id}/files/{number}": {may: ofReports, object: "report", fill: map[string]string{"number": "1"}, code: 404}, // no picture
	"POST /{lang}/reports/{id}/incident":      {may: "co", object: "report"},
	"GET /export/reports/{id}/{number}":       {may: ofReports, object: "report", fill: map[string]string{"number": "1"}},

	"GET /{lang}/notices":           {may: signedIn},
	"POST /{lang}/notices":          {may: signedIn},
	"POST /{lang}/notices/calendar": {may: signedIn, makes: true},
	"GET /calendar/{file}":          {may: anybody, fill: map[string]string{"file": "none.ics"}, code: 404},

	"GET /{lang}/sign-in":               {may: anybody, code: 303, codes: map[rune]int{'n': 200}},
	"POST /{lang}/sign-in":              {may: anybody},
	"GET /{lang}/sign-in/again":         {may: signedIn},
	"POST /{lang}/sign-in/again":        {may: signedIn},
	"GET /{lang}/sign-in/link/{token}":  {may: anybody, fill: map[string]string{"token": "none"}},
	"POST /{lang}/sign-in/link/{token}": {may: anybody, fill: map[string]string{"token": "none"}},
	"POST /{lang}/sign-out":             {may: anybody},
	"GET /{lang}/join/{token}":          {may: anybody, fill: map[string]string{"token": "none"}, code: 404},
	"POST /{lang}/join/{token}":         {may: anybody, fill: map[string]string{"token": "none"}},

	"GET /{lang}/account":                    {may: signedIn, codes: map[rune]int{'o': 303}},
	"POST /{lang}/account":                   {may: signedIn},
	"POST /{lang}/account/travel-lock":       {may: signedIn, makes: true},
	"GET /{lang}/account/first":              {may: "mo", code: 404}, // somebody has an account
	"POST /{lang}/account/first":             {may: "mo"},
	"GET /{lang}/people":                     {may: "mo"},
	"POST /{lang}/people":                    {may: "mo"},
	"GET /{lang}/people/{account}":           {may: "mo", object: "account"},
	"POST /{lang}/people/{account}":          {may: "mo", object: "account"},
	"GET /{lang}/people/{account}/handover":  {may: "mo", object: "account"},
	"POST /{lang}/people/{account}/handover": {may: "mo", object: "account"},
	"GET /{lang}/people/locked":              {may: "tcvaprmo"},
	"POST /{lang}/people/locked":             {may: "tcvaprmo"},
}

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
	w.facilities(t)
	w.statements(t)
	for kind, of := range map[string][2]string{"bundle": {"incident", ".zip"}, "history": {"incident", ".csv"}, "letter": {"statement", ".txt"}} {
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
		id, err := w.TakeReport(ctx, who, intake.Received{Channel: "call", Lang: "en", Mode: "anonymous", Day: "2026-03-02", Danger: "no", Narrative: "Something invented.", Country: "XAA", Files: []intake.Attachment{file}})
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
	}{objOwn: {w.me, true}, objOthers: {w.colleague, true}, objPrivate: {w.colleague, false}} {
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
			incident.Stated{Move: incident.Assert, Field: "country", Value: of.country, Source: "a nurse", Reliability: "C", Credibility: "3"})
		w.put(t, "incident", state, id, err)
	}
	w.put(t, "incident", objRandom, randomIncident, nil)
	w.erase(t, w.objects["incident"][objErased])
}

func (w *matrixWorld) facilities(t *testing.T) {
	t.Helper()
	for state, who := range map[string]access.Actor{objOwn: w.me, objOthers: w.colleague, objErased: w.me} {
		id, err := w.PutFacility(ctx, who, "", facility.Facility{Type: "hospital.general", Name: "Hospital " + state, State: "XAA", Deconflicted: "no"})
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
		id, err := w.BeginStatement(ctx, who, statement.Draft{Kind: statement.Appeal, Title: "A word", Lang: "en", Text: "A word.", Addressees: []string{"Ministry"}})
		w.put(t, "statement", state, id, err)
	}
	w.put(t, "statement", objRandom, randomULID, nil)
	one, err := w.Statement(ctx, w.me, w.objects["statement"][objErased])
	if err != nil {
		t.Fatal(err)
	}
	w.erase(t, one.Drafts[0].ID)
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
