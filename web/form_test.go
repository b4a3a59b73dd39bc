package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ward/fault"
)

func sent(body string) (http.ResponseWriter, *http.Request) {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/en/x", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return httptest.NewRecorder(), r
}

func TestAFormIsReadCarefully(t *testing.T) {
	form, err := posted(sent("a=+one%0D%0Atwo+&b="))
	if err != nil || form.Get("a") != "one\ntwo" || form.Get("b") != "" {
		t.Errorf("%q %v", form, err)
	}
	for body, kind := range map[string]fault.Kind{
		"a=%FF":                                 fault.Invalid,
		"a=%zz":                                 fault.Invalid,
		"a=" + strings.Repeat("x", longestForm): fault.Limit,
	} {
		if _, err := posted(sent(body)); !fault.Is(err, kind) {
			t.Errorf("%.20q: %v, want %s", body, err, kind)
		}
	}
}

// No other site can make a browser write here, whatever route takes a form.
func TestNoForeignPageWrites(t *testing.T) {
	d := workspace(t)
	pages, forms := pagesOf(t, d), 0
	for _, r := range siteOf(t, d).routes() {
		path, isForm := strings.CutPrefix(r.pattern, "POST ")
		if !isForm {
			continue
		}
		forms++
		path = strings.NewReplacer("{lang}", "en", "{", "", "}", "").Replace(path)
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
			_, q := sent("a=b")
			q.URL.Path = path
			q.Header.Set(name, value)
			w := httptest.NewRecorder()
			pages.ServeHTTP(w, q)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s with %s: %d", r.pattern, name, w.Code)
			}
		}
	}
	if forms == 0 {
		t.Error("no route takes a form: the test looks in the wrong place")
	}
}
