package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"ward/access"
	"ward/desk"
	"ward/store/storetest"
)

// withheld is the canary of a source that gives no leave to pass its words on; shared that of one which does. Both stand in every column
// of free text that their layout has.
const (
	withheldCanary = "Qanarywithheldzz"
	sharedCanary   = "Qanarysharedzz"
)

// planted is a workspace in which canaries stand in every tier, its directory, and the incidents of both sources.
func planted(t *testing.T) (d *desk.Desk, dir, withheldID, sharedID string) {
	t.Helper()
	dir = t.TempDir()
	d, err := desk.Open(ctx, desk.Workspace{Dir: dir, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	publish(t, d, "awsd", "awsd-2020", cells{"Incident ID": "9001", "Year": "2021", "Month": "3", "Day": "4", "Country": "Arcadia", "Region": withheldCanary + " north",
		"District": withheldCanary + " district", "City": withheldCanary + " city", "Total killed": "1", "Nationals killed": "1", "Latitude": "4.1234567", "Longitude": "5.123456",
		"Actor type": "Unknown", "Actor name": withheldCanary + " group", "Details": "A clinic of " + withheldCanary + " was raided.", "Verified": "Yes", "Source": withheldCanary})
	publish(t, d, "sind", "sind-2016-2023",
		event("9002", "2021-03-04", "Event Description", "A clinic of "+sharedCanary+" was raided.", "Admin 1", sharedCanary),
		event("9003", "no day "+withheldCanary, "Event Description", withheldCanary), // rejected
		event("9004", "2021-03-06"), event("9005", "2021-03-07"))
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
	return d, dir, theOnly(t, d, withheldCanary), theOnly(t, d, sharedCanary)
}

func theOnly(t *testing.T, d *desk.Desk, words string) string {
	t.Helper()
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Words: words, Limit: 2})
	if err != nil || page.Total != 1 {
		t.Fatalf("%d incidents with %s: %v", page.Total, words, err)
	}
	return page.Incidents[0].PublicID
}

// route is one address to ask, by which exit its answer leaves.
type asked struct {
	address string
	exit    access.Exit
}

// addresses give every route of the site an address with this incident, in one language.
func addresses(t *testing.T, site *Site, id string) (out []asked) {
	t.Helper()
	exits := map[string]access.Exit{"/export/incidents/": access.ExportFile, "/export/audit/": access.AuditFile, "/export/bundle/": access.BundleFile, "/export/reports/": access.OriginalFile, "/export/persons/": access.OwnFile,
		"/export/states/": access.AuditFile, "/export/period/": access.AuditFile, "/export/ledger": access.AuditFile, "/export/history/": access.ChangeFile, "/export/disclosures": access.AuditFile, "/export/duties": access.AuditFile, "/export/commitments": access.AuditFile, "/export/cases/": access.ChangeFile, "/export/facilities": access.AuditFile, "/export/evaluations": access.OriginalFile, "/export/statements": access.ExportFile, "/log/": access.LogFile, "/assets/": access.LogFile, "/en/log": access.LogFile,
		"/en/verify": access.LogFile, "/en/method": access.LogFile, "/nothing": access.ErrorText}
	for _, r := range site.routes() {
		if strings.HasPrefix(r.pattern, "POST ") {
			continue // a form: it answers with a page of this list
		}
		for _, address := range filled(r.pattern, id) {
			exit := access.Page
			for prefix, e := range exits {
				if strings.HasPrefix(address, prefix) {
					exit = e
				}
			}
			out = append(out, asked{address, exit})
		}
	}
	return append(out, asked{"/en/incidents/" + withheldCanary[:3], access.ErrorText}, asked{"/en/states/XXX", access.ErrorText}, asked{"/en/incidents?page=999", access.ErrorText})
}

// filled puts real values into a pattern's places; a place that it does not know makes the test fail, so that no new route is forgotten.
func filled(pattern, id string) []string {
	path := strings.TrimPrefix(strings.TrimSuffix(pattern, "{$}"), "GET ")
	if path == "/" && !strings.HasSuffix(pattern, "{$}") {
		return []string{"/nothing"}
	}
	fill := strings.NewReplacer("{referral}", "none", "{account}", "none", "{grant}", "none", "{token}", "none", "{search}", "none", "{lang}", "en", "{state}", "XAA", "{clause}", "ICOME:21", "{year}", "2021", "{id}", id, "{number}", "1", "{point}", "SOCIAL-1", "{case}", "none", "{document}", "none", "{evaluation}", "none", "{section}", "background", "{finding}", "new", "{statement}", "none", "{facility}", "none", "{recommendation}", "WMA-SOCIAL-2022:1", "{addressee}", "NMA", "{norm}", "WMA-TOKYO-2016")
	path = fill.Replace(path)
	switch {
	case strings.HasPrefix(path, "/export/incidents/"):
		return []string{"/export/incidents/csv", "/export/incidents/ward-json", "/export/incidents/sind-xlsx", "/export/incidents/sind-csv",
			"/export/incidents/ssa-csv", "/export/incidents/awsd-csv", "/export/incidents/geojson"}
	case strings.HasPrefix(path, "/export/audit/"):
		return []string{"/export/audit/en/XAA.json", "/export/audit/en/XAA.csv", "/export/audit/en/XAA.html", "/export/audit/en/XAA.pdf", "/export/audit/en/XAA.odt"}
	case strings.HasPrefix(path, "/export/period/"):
		return []string{"/export/period/en/period.json?from=2021", "/export/period/en/period.pdf?from=2021", "/export/period/en/period.odt?from=2021", "/export/period/en/period.html?from=2021", "/export/period/en/period.txt?from=2021"}
	case strings.HasPrefix(path, "/export/commitments/"):
		return []string{"/export/commitments/csv", "/export/commitments/json"}
	case strings.HasPrefix(path, "/export/facilities/"):
		return []string{"/export/facilities/csv", "/export/facilities/csv?for=others", "/export/facilities/XAA.csv", "/export/facilities/XAA.json?for=others"}
	case path == "/export/cases/{file}":
		return []string{"/export/cases/list.csv"}
	case strings.HasPrefix(path, "/export/evaluations/"):
		return []string{"/export/evaluations/" + id + ".pdf"}
	case strings.HasPrefix(path, "/export/history/"):
		return []string{"/export/history/" + id + ".csv"}
	case strings.HasPrefix(path, "/export/bundle/"):
		return []string{"/export/bundle/" + id + ".zip"}
	}
	return []string{strings.NewReplacer("{file...}", "style.css", "{path...}", "checkpoint", "{file}", "checkpoint").Replace(path)}
}

// Design.md 10.6: what a source does not let pass on is seen by the people who work here, and leaves by no exit: no export, no audit, no
// bundle, no error, no log.
func TestWhatIsWithheldLeavesByNoExit(t *testing.T) {
	d, _, withheld, shared := planted(t)
	site := siteOf(t, d)
	pages := pagesOf(t, d)
	seen, exported := 0, 0
	for _, id := range []string{withheld, shared} {
		for _, a := range addresses(t, site, id) {
			w := httptest.NewRecorder()
			pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+a.address, nil))
			if strings.Contains(a.address, "{") {
				t.Errorf("%s: a route that this test does not know", a.address)
			}
			body := unzipped(t, w)
			if holds(body, withheldCanary) {
				seen++
				if a.exit.Ceiling() < access.T3 || w.Code != http.StatusOK {
					t.Errorf("%s (%s, %d) lets out what is withheld", a.address, a.exit, w.Code)
				}
			}
			if a.exit == access.ExportFile && holds(body, sharedCanary) {
				exported++
			}
			if (a.exit == access.LogFile || a.exit == access.ErrorText) && holds(body, sharedCanary) {
				t.Errorf("%s (%s) tells of an incident", a.address, a.exit)
			}
		}
	}
	if seen == 0 || exported == 0 {
		t.Errorf("withheld words were seen on %d pages and shared ones in %d exports: the test looks in the wrong place", seen, exported)
	}
}

// siteOf is a site whose routes can be asked for.
func siteOf(t *testing.T, d *desk.Desk) *Site {
	t.Helper()
	p, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	return &Site{desk: d, who: func(*http.Request) (access.Actor, error) { return access.Local(), nil }, pages: p}
}

// holds looks for a word in the clear and in the dress in which a careless program would leave it.
func holds(body []byte, word string) bool {
	wide := make([]byte, 0, 2*len(word))
	for _, u := range utf16.Encode([]rune(word)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	needles := [][]byte{[]byte(word), wide, []byte(hex.EncodeToString([]byte(word)))}
	for shift := range 3 { // base64 begins at any of three places in a word
		encoded := base64.StdEncoding.EncodeToString([]byte("xxx"[:shift] + word))
		needles = append(needles, []byte(encoded[4:len(encoded)-4]))
	}
	return slices.ContainsFunc(needles, func(n []byte) bool { return len(n) >= 8 && bytes.Contains(body, n) })
}

// Nothing of a sealed field lies on disk: not in the database, its log, the sealed files, the tiles, nor where temporary files are made.
func TestNoCanaryLiesOnDisk(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	d, dir, withheld, _ := planted(t)
	pages := pagesOf(t, d)
	for _, a := range addresses(t, siteOf(t, d), withheld) {
		pages.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+a.address, nil))
	}
	look := func(when string) {
		files := 0
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			body, err := os.ReadFile(path)
			for _, canary := range []string{withheldCanary, sharedCanary, "4.1234567"} {
				if holds(body, canary) || strings.Contains(path, canary) {
					t.Errorf("%s: %s lies in %s", when, canary, filepath.Base(path))
				}
			}
			return err
		})
		if err != nil || files < 4 {
			t.Errorf("%s: %d files, %v", when, files, err)
		}
	}
	look("open")
	d.Close()
	look("closed")
	left, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if !e.IsDir() {
			t.Errorf("%s was left among temporary files", e.Name())
		}
	}
}

// Everything that leaves leaves a line: one in the ledger for each file for outside, one a day in the access log for each page.
func TestEveryExitLeavesALine(t *testing.T) {
	d, _, withheld, shared := planted(t)
	pages := pagesOf(t, d)
	ask := func(address string) {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+address, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	for range 2 {
		ask("/en/incidents/" + withheld)
		ask("/en/incidents/" + shared)
		ask("/en/states/XAA")
		ask("/export/incidents/csv")
		ask("/export/audit/en/XAA.json")
	}
	ledger, err := d.Ledger(context.Background(), access.Local(), 0, 100)
	left := map[string]int{}
	for _, line := range ledger {
		left[line.Exit]++
	}
	if err != nil || len(ledger) != 4 || left[string(access.ExportFile)] != 2 || left[string(access.AuditFile)] != 2 {
		t.Errorf("%+v %v", ledger, err)
	}
	readings, err := d.Readings(context.Background(), access.Local(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for _, r := range readings {
		lines[r.Place+" "+r.Subject+" "+r.Tier]++
	}
	for _, want := range []string{"page " + withheld + " T3", "page " + shared + " T3", "audit XAA T1"} {
		if lines[want] != 1 {
			t.Errorf("%q stands %d times in the access log", want, lines[want])
		}
	}
}
