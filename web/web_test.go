package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ward/locale"
)

func TestAnEmptyWorkspaceSaysHowToBegin(t *testing.T) {
	h := pagesOf(t, workspace(t))
	for _, lang := range []string{"en", "fa"} {
		for _, path := range []string{"/", "/states", "/states/SDN", "/incidents", "/method"} {
			doc := shown(t, h, "/"+lang+path)
			if got := doc.one(t, "html").attr["lang"]; got != lang {
				t.Errorf("%s speaks %q", doc.path, got)
			}
		}
	}
	shown(t, h, "/en/").says(t, "ward import FILE", "ward demo")
	shown(t, h, "/en/incidents").says(t, "Import a file to begin")
}

func TestErrorsBecomePagesWithTheRightStatus(t *testing.T) {
	h := pagesOf(t, workspace(t))
	for path, want := range map[string]int{
		"/": 302, "/nowhere": 404, "/xx/": 404, "/en/states/NOWHERE": 404, "/en/states/SDN?from=now": 400, "/en/states/SDN?from=2020&to=2010": 400,
		"/en/incidents?from=yesterday": 400, "/en/incidents?page=0": 400, "/en/incidents?sort=secret": 400, "/en/states?sort=secret": 400,
		"/en/incidents/WRD-XAA-2020-AAAAAAAA": 404, "/export/incidents/exe": 404, "/export/incidents/csv?from=never": 400, "/export/audit/en/SDN.doc": 404,
		"/export/audit/xx/SDN.html": 404, "/assets/ward.css": 200, "/assets/fonts/plex-latin-400.woff2": 200, "/assets/none.css": 404, "/assets/fonts": 404,
		"/en/states/SDN/NO-NORM:1/2020": 404, "/en/states/SDN/CIHL:R28/now": 404, "/en/states/find?name=Sudan": 303, "/en/states/find?name=Nowhere": 404,
	} {
		w := get(t, h, path)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if w.Code >= 400 {
			doc := parse(t, path, w.Body.String())
			if len(doc.all("input")) == 0 || doc.href(t, "States") != "/en/states" {
				t.Errorf("%s: the error page offers no way on", path)
			}
		}
	}
	if w := get(t, h, "/assets/../web.go"); w.Code == http.StatusOK {
		t.Error("a path leads out of the assets")
	}
}

func TestTheFrontSpeaksTheBrowsersLanguage(t *testing.T) {
	h := pagesOf(t, workspace(t))
	for accept, want := range map[string]string{"fa-IR,en;q=0.5": "/fa/", "en": "/en/", "": "/en/", "xx": "/en/"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = "localhost"
		r.Header.Set("Accept-Language", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("%q leads to %s", accept, got)
		}
	}
}

func TestEveryAnswerCarriesTheSafetyHeaders(t *testing.T) {
	h := pagesOf(t, workspace(t))
	for _, path := range []string{"/", "/en/", "/fa/incidents", "/en/nowhere", "/assets/ward.css", "/export/states/csv", "/export/incidents/csv"} {
		head := get(t, h, path).Header()
		policy := head.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") ||
			!strings.Contains(policy, "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := head.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

// What changes something is a form's POST; every other way of asking is refused.
func TestOnlyFormsChangeAnything(t *testing.T) {
	h := pagesOf(t, workspace(t))
	place := regexp.MustCompile(`\{[a-z.$]+\}`)
	paths, forms := map[string]bool{}, map[string]bool{}
	for _, r := range (&Site{}).routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		path = place.ReplaceAllString(strings.NewReplacer("{lang}", "en", "{$}", "", "{state}", "SDN").Replace(path), "x")
		if method != http.MethodGet && method != http.MethodPost {
			t.Errorf("%s is neither a page nor a form", r.pattern)
		}
		paths[path], forms[path] = true, forms[path] || method == http.MethodPost
	}
	for path := range paths {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if method == http.MethodPost && forms[path] {
				continue
			}
			if w := ask(h, method, path); w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
		}
	}
}

func TestAForeignNameIsRefused(t *testing.T) {
	h := pagesOf(t, workspace(t))
	for host, want := range map[string]int{"127.0.0.1:7766": 200, "localhost:1": 200, "[::1]:7766": 200, "ward.example:7766": 421, "10.0.0.1": 421,
		"localhost.example": 421, "": 421, "127.0.0.1.example:80": 421} {
		r := httptest.NewRequest("GET", "/en/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
}

// Every page that a link leads to is there and sound, in both languages.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	h := pagesOf(t, simulated(t))
	const most = 250 // pages; the kinds of page come early
	queue, seen := []string{"/en/", "/fa/states/XAA", "/fa/incidents", "/fa/method"}, map[string]bool{}
	kinds := map[string]int{}
	for n := 0; n < most && len(queue) > 0; n++ {
		path := queue[0]
		queue = queue[1:]
		w := get(t, h, path)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
			continue
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || w.Header().Get("Content-Disposition") != "" {
			continue
		}
		for _, e := range parse(t, path, w.Body.String()).elements {
			link, _, _ := strings.Cut(e.attr["href"], "#")
			kind := regexp.MustCompile(`[A-Z0-9].*|\?.*`).ReplaceAllString(link, "")
			if kinds[kind] < 12 && strings.HasPrefix(link, "/") && !seen[link] {
				seen[link], kinds[kind] = true, kinds[kind]+1
				queue = append(queue, link)
			}
		}
	}
	for _, kind := range []string{"/en/states/", "/fa/states/", "/en/incidents/", "/fa/incidents/", "/export/audit/en/", "/export/incidents/csv", "/assets/ward.css"} {
		if kinds[kind] == 0 {
			t.Errorf("no link leads to %s: %v", kind, kinds)
		}
	}
}

func TestTheOtherLanguageKeepsThePageAndItsTitleIsRight(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07"))
	h := pagesOf(t, d)
	incident := shown(t, h, "/en/incidents").href(t, "7 March 2021")
	for path, titles := range map[string][2]string{
		"/":                                 {"What happened, how sure we are, and how much is missing", "چه رخ داده"},
		"/states?order=up&sort=most":        {"States", "دولت‌ها"},
		"/states/XAA?from=2020&to=2022":     {"Audit of Arcadia", "حسابرسی آرکادیا"},
		"/states/XAA/CIHL:R28/2021":         {"Customary humanitarian law R28 · Arcadia · 2021", "آرکادیا"},
		"/incidents?code=PER.KIL&q=clinic":  {"Incidents", "رویدادها"},
		strings.TrimPrefix(incident, "/en"): {"Arcadia, 7 March 2021", "۷ مارس ۲۰۲۱"},
		"/method":                           {"How we know", "چگونه می‌دانیم"},
	} {
		for i, lang := range []string{"en", "fa"} {
			doc := shown(t, h, "/"+lang+path)
			if got := doc.one(t, "title").text; !strings.Contains(got, titles[i]) || !strings.HasSuffix(got, "Ward") {
				t.Errorf("%s is titled %q", doc.path, got)
			}
			other := map[string]string{"en": "فارسی", "fa": "English"}[lang]
			if got, want := doc.href(t, other), "/"+map[string]string{"en": "fa", "fa": "en"}[lang]+path; got != want {
				t.Errorf("%s: the other language is at %s", doc.path, got)
			}
		}
	}
}

func TestNothingInventedPassesForReal(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07"))
	h := pagesOf(t, d)
	for _, path := range []string{"/en/", "/en/states", "/en/states/XAA", "/en/states/XAA/CIHL:R28/2021", "/en/incidents", "/export/audit/en/XAA.html"} {
		shown(t, h, path).says(t, "Everything shown here is invented")
	}
	if doc := shown(t, h, "/en/states/LUX"); strings.Contains(doc.text(), "invented") {
		t.Error("the page of a real State is called invented")
	}
}

// Registers stand beside each other: what two of them hold is a range, never a sum.
func TestRegistersAreNeverAdded(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07"), event("2", "2021-04-01", "Reported Perpetrator", "No Information"))
	publish(t, d, "who-ssa", "who-ssa", attack("XAA1", "3/7/21 12:00 AM"))
	h := pagesOf(t, d)
	for path, class := range map[string]string{"/en/": "states", "/en/states": "states"} {
		rows := shown(t, h, path).rows(class)
		if len(rows) != 1 || !slices.Equal(rows[0][:4], []string{"Arcadia", "2", "1", "2–3"}) {
			t.Errorf("%s: %q", path, rows)
		}
	}
	home := shown(t, h, "/en/")
	home.says(t, "SiND, documents 2 incidents in 1 State.", "In 1 of them (50%) it is not known who did it.", "countries and territories nothing is on record", "never added")
	state := shown(t, h, "/en/states/XAA")
	state.says(t, "up to 3 if no two registers hold the same event")
}

// A page is parsed when it is first asked for: that none is broken is seen here, in every language.
func TestEveryTemplateIsRead(t *testing.T) {
	p, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	files, err := templateFiles.ReadDir("templates")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d templates, %v", len(files), err)
	}
	for _, f := range files {
		for _, lang := range locale.Langs() {
			if name, page := strings.CutSuffix(f.Name(), ".html"); page && !strings.HasPrefix(name, "_") {
				if _, err := p.page(lang, name); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
