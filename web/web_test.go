package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/internal/realdata"
)

// site serves a workspace that holds the given real files.
func site(t *testing.T, files ...string) http.Handler {
	t.Helper()
	d, err := desk.Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	for _, f := range files {
		if _, err := d.Import(context.Background(), access.Local(), realdata.Path(t, f), desk.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	h, err := New(d, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "127.0.0.1:7766"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnEmptyWorkspaceSaysHowToBegin(t *testing.T) {
	h := site(t)
	for _, lang := range []string{"en", "fa"} {
		for _, page := range []string{"/", "/states", "/states/SDN", "/incidents", "/method"} {
			w := get(t, h, "/"+lang+page)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `lang="`+lang+`"`) {
				t.Errorf("%s%s: %d %s", lang, page, w.Code, w.Body)
			}
		}
	}
	if body := get(t, h, "/en/").Body.String(); !strings.Contains(body, "ward import FILE") {
		t.Error("the empty home does not say how to begin")
	}
}

func TestErrorsBecomePagesWithTheRightStatus(t *testing.T) {
	h := site(t)
	for path, want := range map[string]int{
		"/": 302, "/nowhere": 404, "/xx/": 404, "/en/states/NOWHERE": 404, "/en/states/SDN?from=now": 400, "/en/incidents?from=yesterday": 400,
		"/en/incidents?page=0": 400, "/en/incidents/WRD-XAA-2020-AAAAAAAA": 404, "/export/incidents/exe": 404, "/export/audit/en/SDN.doc": 404,
		"/assets/ward.css": 200, "/assets/../web.go": 404, "/en/incidents?sort=secret": 400, "/en/states/SDN/NO-NORM:1/2020": 404,
	} {
		if w := get(t, h, path); w.Code != want && !(want == 404 && w.Code == http.StatusTemporaryRedirect) {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

func TestEveryAnswerCarriesTheSafetyHeadersAndNoScript(t *testing.T) {
	h := site(t)
	for _, path := range []string{"/en/", "/fa/incidents", "/en/nowhere", "/assets/ward.css"} {
		w := get(t, h, path)
		if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "unsafe") {
			t.Errorf("%s: policy %q", path, got)
		}
		if body := w.Body.String(); strings.Contains(body, "<script") || strings.Contains(body, " style=") {
			t.Errorf("%s carries script or inline style", path)
		}
	}
}

func TestAForeignNameIsRefused(t *testing.T) {
	h := site(t)
	for host, want := range map[string]int{"127.0.0.1:7766": 200, "localhost:1": 200, "[::1]:7766": 200, "ward.example:7766": 421, "10.0.0.1": 421} {
		r := httptest.NewRequest("GET", "/en/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
}

func TestRealIncidentsFilteredSortedPagedAndOpened(t *testing.T) {
	h := site(t, "incidents/sind_lebanon.json")
	all := get(t, h, "/en/incidents?sort=killed").Body.String()
	if !strings.Contains(all, "553 entries") || !strings.Contains(all, `rel="next"`) {
		t.Error("the list does not say 553 entries, or has no next page")
	}
	filtered := get(t, h, "/en/incidents?code=PER.KIL").Body.String()
	if !strings.Contains(filtered, "185 entries") {
		t.Error("185 rows state a health worker killed")
	}
	_, rest, _ := strings.Cut(filtered, `/en/incidents/WRD-LBN-`)
	id := "WRD-LBN-" + rest[:13]
	for _, lang := range []string{"en", "fa"} {
		if w := get(t, h, "/"+lang+"/incidents/"+id); w.Code != 200 || !strings.Contains(w.Body.String(), id) {
			t.Errorf("%s %s: %d", lang, id, w.Code)
		}
	}
	if w := get(t, h, "/export/incidents/csv?code=PER.KIL"); w.Code != 200 || strings.Count(w.Body.String(), "\n") < 185 {
		t.Errorf("export: %d, %d lines", w.Code, strings.Count(w.Body.String(), "\n"))
	}
	if w := get(t, h, "/fa/states/LBN"); w.Code != 200 || !strings.Contains(w.Body.String(), `dir="rtl"`) {
		t.Errorf("Persian page: %d", w.Code)
	}
}
