package web

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/intake"
	"ward/store/storetest"
)

// upload sends a form with files, as a browser does: fields first.
func upload(h http.Handler, path string, form url.Values, files ...[2]string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, name := range []string{"without", "held"} { // in the order of the page
		for _, v := range form[name] {
			m.WriteField(name, v)
		}
	}
	for name, values := range form {
		for _, v := range values {
			if name != "without" && name != "held" {
				m.WriteField(name, v)
			}
		}
	}
	for _, f := range files {
		head := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=\"files\"; filename=%q", f[0])}, "Content-Type": {"application/octet-stream"}}
		if w, err := m.CreatePart(head); err == nil {
			w.Write([]byte(f[1]))
		}
	}
	m.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Host = "127.0.0.1:7766"
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// arrestCall is what a person types during a call about an arrest.
func arrestCall() url.Values {
	return url.Values{"channel": {"call"}, "mode": {"confidential"}, "day": {"2020-11-20"}, "lang": {"fa"}, "danger": {"yes"}, "narrative": {"پلیس پرستار را از بخش برد."}, "what": {"entered"},
		"when": {"۱۳۹۹/۰۸/۱۳"}, "country": {"XAA"}, "place": {"Old bridge"}, "harmed_who": {"worker", "", ""}, "harmed_kind": {"arrested", "", ""}, "harmed_count": {"۲-۳", "", ""},
		"actor": {"state.police"}, "actor_state": {"xaa"}, "known": {"there"}, "needs": {"lawyer", "safety"}, "consent": {"verify"}}
}

// taken sends a report and gives the address of its page.
func taken(t testing.TB, h http.Handler, form url.Values, files ...[2]string) string {
	t.Helper()
	w := upload(h, "/en/reports/new", form, files...)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, parse(t, "/en/reports/new", w.Body.String()).text())
	}
	return w.Header().Get("Location")
}

func TestACallBecomesAReportWithItsNextAction(t *testing.T) {
	h := pagesOf(t, workspace(t))
	shown(t, h, "/en/reports/new").says(t, "What happened?", "Is anyone in danger now?", "two officers")
	page := taken(t, h, arrestCall())
	doc := shown(t, h, page)
	doc.says(t, "Next: somebody may be in danger", "پلیس پرستار را از بخش برد.", "2–3", "3 November 2020", "Health worker arrested", "Forced entry", "proposal", "C3")
	if len(doc.all("details.cover")) != 0 {
		t.Error("what nobody marked is covered")
	}
	for _, e := range doc.all("input") {
		_, on := e.attr["checked"]
		proposal := strings.HasPrefix(e.attr["value"], "codes:") || strings.HasPrefix(e.attr["value"], "worker.")
		if e.attr["name"] == "take" && proposal == on {
			t.Errorf("%s is ticked: %v", e.attr["value"], on)
		}
	}
	shown(t, h, strings.Replace(page, "/en/", "/fa/", 1)).says(t, "گام بعد", "پیشنهاد")
}

func TestWhatWasTypedAndSentIsNotLostOnAnError(t *testing.T) {
	h := pagesOf(t, workspace(t))
	form := arrestCall()
	form.Del("danger")
	form.Set("when", "soon")
	w := upload(h, "/en/reports/new", form, [2]string{"letter.pdf", "%PDF-1.4 words"})
	doc := parse(t, "again", w.Body.String())
	doc.says(t, "The report was not saved.", "an answer is needed", "no date that can be read", "letter.pdf", "The files are kept")
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Old bridge") || !strings.Contains(w.Body.String(), `value="soon"`) {
		t.Errorf("%d", w.Code)
	}
	form = arrestCall()
	for _, e := range doc.all("input") {
		if e.attr["name"] == "held" {
			form.Set("held", e.attr["value"])
		}
	}
	page := taken(t, h, form)
	doc = shown(t, h, page)
	doc.says(t, "letter.pdf", "application/pdf")
	file := get(t, h, doc.href(t, "Take it away letter.pdf"))
	if file.Body.String() != "%PDF-1.4 words" || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") || file.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("%v %q", file.Header(), file.Body)
	}
}

func TestAnEmailIsReadIntoTheForm(t *testing.T) {
	h := pagesOf(t, workspace(t))
	mail := "From: Canary Sender <canary@example.invalid>\r\nDate: Tue, 03 Nov 2020 10:00:00 +0000\r\nSubject: The ward\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/html\r\n\r\n<p>They <b>came</b></p><script>no()</script>\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=door.png\r\n\r\n\x89PNG\r\n\x1a\n\r\n--b--"
	form := url.Values{"channel": {"call"}, "mode": {"confidential"}, "danger": {"no"}}
	w := upload(h, "/en/reports/new", form, [2]string{"post.eml", mail})
	doc := parse(t, "mail", w.Body.String())
	doc.says(t, "The e-mail was read into the form.", "The ward They came", "door.png")
	if w.Code != http.StatusOK || strings.Contains(doc.text(), "no()") || !strings.Contains(w.Body.String(), `value="2020-11-03"`) {
		t.Errorf("%d %s", w.Code, doc.text())
	}
	if w := upload(h, "/en/reports/new", form, [2]string{"post.eml", "nothing of the kind"}); w.Code != http.StatusBadRequest {
		t.Errorf("%d", w.Code)
	}
}

func TestDistressingWordsAndPicturesAreShownWhenAskedFor(t *testing.T) {
	h := pagesOf(t, workspace(t))
	form := arrestCall()
	form.Set("distressing", "yes")
	page := taken(t, h, form, [2]string{"a.png", "\x89PNG\r\n\x1a\nrest"}, [2]string{"b.svg", "<svg onload='x()'></svg>"}, [2]string{"c.html", "<html><script>x()</script>"})
	doc := shown(t, h, page)
	covered := false
	for _, n := range doc.texts {
		if strings.Contains(n.text, "پلیس پرستار") {
			for _, e := range n.in {
				covered = covered || e.name == "details"
			}
		}
	}
	if !covered || len(doc.all("details.cover")) != 2 {
		t.Errorf("covered: %v, %d covers", covered, len(doc.all("details.cover")))
	}
	picture := get(t, h, doc.href(t, "Show the picture by itself"))
	if picture.Code != http.StatusOK || picture.Header().Get("Content-Type") != "image/png" || picture.Header().Get("Content-Security-Policy") != "sandbox; default-src 'none'" {
		t.Errorf("%d %v", picture.Code, picture.Header())
	}
	for _, n := range []string{"2", "3", "4", "0", "x"} {
		if w := get(t, h, page+"/files/"+n); w.Code != http.StatusNotFound {
			t.Errorf("file %s is shown: %d", n, w.Code)
		}
	}
}

func TestAReportIsTurnedIntoAnIncidentOnItsPage(t *testing.T) {
	h := pagesOf(t, workspace(t))
	call := arrestCall()
	call.Set("danger", "no")
	page := taken(t, h, call)
	tick := url.Values{"take": {"date", "country", "codes:PER.ARR"}, "reliability": {"C"}, "credibility": {"3"}, "to": {"new"}}
	w := send(h, page+"/incident", tick)
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/en/incidents/WRD-XAA-2020-") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	id := strings.TrimPrefix(w.Header().Get("Location"), "/en/incidents/")
	shown(t, h, page).says(t, "it is linked to an incident", id)
	second := taken(t, h, arrestCall())
	shown(t, h, second).says(t, "suggested: same country and days", id)
	for _, to := range []string{"WRD-XAA-2020-00000000", "other", "<script>"} {
		tick.Set("to", to)
		if w := send(h, second+"/incident", tick); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", to, w.Code)
		}
	}
	tick.Set("to", id)
	if w := send(h, second+"/incident", tick); w.Code != http.StatusSeeOther {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWhoMayReadReportsButNotEditIsOfferedNoIncident(t *testing.T) {
	d := workspace(t)
	page := taken(t, pagesOf(t, d), arrestCall())
	for role, want := range map[access.Role]int{access.Triage: http.StatusOK, access.Verifier: http.StatusOK, access.CaseWorker: http.StatusOK, access.Analyst: http.StatusForbidden, access.Auditor: http.StatusForbidden, access.Administrator: http.StatusForbidden} {
		h := siteAs(t, d, access.Actor{Name: "X", Account: "x", Roles: []access.Role{role}})
		w := get(t, h, page)
		if offered := strings.Contains(w.Body.String(), `name="take"`); w.Code != want || offered != (role == access.CaseWorker) {
			t.Errorf("%s: %d, offered %v", role, w.Code, offered)
		}
		missing := get(t, h, "/en/reports/01ARZ3NDEKTSV4RRFFQ69G5FAV")
		if want == http.StatusOK && missing.Code != http.StatusNotFound || want != http.StatusOK && missing.Code != want {
			t.Errorf("%s: %d", role, missing.Code)
		}
	}
}

// Payloads in every answer, in file names and in an e-mail stay text, on the report's page and on the form drawn again.
func TestHostileReportsStayText(t *testing.T) {
	for name, payload := range attacks {
		t.Run(name, func(t *testing.T) {
			line := strings.ToValidUTF8(payload[:min(len(payload), 250)], "")
			h := pagesOf(t, workspace(t))
			form := arrestCall()
			for _, field := range []string{"narrative", "place", "actor_words", "origin", "elsewhere", "note"} {
				form.Set(field, line)
			}
			page := taken(t, h, form, [2]string{strings.NewReplacer("\n", " ", "\r", " ").Replace(line), line})
			contained(t, shown(t, h, page))
			contained(t, shown(t, h, strings.Replace(page, "/en/", "/fa/", 1)))
			if w := get(t, h, "/export"+strings.TrimPrefix(page, "/en")+"/1"); w.Code != http.StatusOK || strings.ContainsAny(w.Header().Get("Content-Disposition"), "\r\n<>") {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			for field := range form {
				form.Set(field, payload)
			}
			for _, field := range []string{"contact_name", "contact_reach", "contact_note", "officer", "held", "without", "harmed_who", "harmed_kind", "how"} {
				form.Set(field, payload)
			}
			if w := upload(h, "/en/reports/new", form, [2]string{"x.eml", "From: " + line + "\r\nSubject: " + line + "\r\n\r\n" + line}); w.Code < 500 && w.Code != http.StatusSeeOther {
				if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
					contained(t, parse(t, "/en/reports/new", w.Body.String()))
				}
			} else {
				t.Errorf("%d", w.Code)
			}
		})
	}
}

// What is typed on the form, sent with it or said by an e-mail lies nowhere in clear: not in the workspace, not among temporary files, not in a
// log, not in an address.
func TestNothingOfAReportIsLeftInClear(t *testing.T) {
	const canary = "Qanaryreportzz"
	tmp, dir := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	var logged bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	d, err := desk.Open(ctx, desk.Workspace{Dir: dir, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	for _, name := range []string{"Ada", "Ben"} {
		made, err := desk.MakeOfficer(name, []byte("a long enough passphrase for a test"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.NameOfficer(ctx, access.Local(), made.Officer); err != nil {
			t.Fatal(err)
		}
	}
	h := pagesOf(t, d)
	form := arrestCall()
	for _, field := range []string{"narrative", "place", "actor_words", "origin", "elsewhere", "note", "contact_name", "contact_reach", "contact_note"} {
		form.Set(field, canary+" "+field)
	}
	big := strings.Repeat(canary+"\n", 3<<20/len(canary)) // more than a form is held in memory by the standard reader
	page := taken(t, h, form, [2]string{canary + ".txt", big})
	form.Del("danger")
	upload(h, "/en/reports/new", form, [2]string{canary + ".eml", "From: " + canary + " <" + canary + "@example.invalid>\r\nX-Originating: " + canary + "\r\nSubject: " + canary + "\r\n\r\n" + canary})
	upload(h, "/en/reports/new", url.Values{"narrative": {canary}}, [2]string{"big", strings.Repeat(canary, intake.MaxFileBytes/len(canary)+2)}) // refused
	shown(t, h, page).says(t, canary+" place")
	w := send(h, page+"/incident", url.Values{"take": {"date", "country", "place", "description"}, "reliability": {"F"}, "credibility": {"6"}, "to": {"new"}})
	if w.Code != http.StatusSeeOther || holds([]byte(page+w.Header().Get("Location")), canary) {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	get(t, h, "/export"+strings.TrimPrefix(page, "/en")+"/1")
	if holds(logged.Bytes(), canary) {
		t.Errorf("the log says %s", &logged)
	}
	for _, place := range []string{dir, tmp} {
		err := filepath.WalkDir(place, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			body, err := os.ReadFile(path)
			if holds(body, canary) || strings.Contains(path, canary) {
				t.Errorf("it lies in %s", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAForgedKeyOpensNobodysFiles(t *testing.T) {
	d := workspace(t)
	a, err := d.KeepFile(ctx, access.Local(), "a.txt", "", strings.NewReader("words"), 100)
	if err != nil {
		t.Fatal(err)
	}
	key, err := d.HoldFiles(ctx, access.Actor{Name: "Tom", Account: "t", Roles: []access.Role{access.Triage}}, []entry.File{a})
	if err != nil {
		t.Fatal(err)
	}
	form := arrestCall()
	form.Set("held", key)
	doc := shown(t, pagesOf(t, d), taken(t, pagesOf(t, d), form))
	if strings.Contains(doc.text(), "a.txt") {
		t.Error("somebody else's file is attached")
	}
}
