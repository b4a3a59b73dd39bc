package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/duty"
)

// send posts a form as a page of ours would.
func send(h http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1:7766"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestADutyIsAssessedOnItsPage(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/duties?year=2026").says(t, "58 points without information", "Forced anal examination", "Medical Ethics Day was observed", "Nothing here is added up")
	shown(t, h, "/fa/duties?year=2026").says(t, "وظیفه‌های خود ما", "بدون اطلاعات")
	form := url.Values{"year": {"2026"}, "status": {"met"}, "proof": {"https://nma.example/circular\nminutes, page 3"}, "issued": {"2026-02-03"}, "audience": {"all members"}, "owner": {"ethics officer"}}
	w := send(h, "/en/duties/PROC-1", form)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/en/duties?year=2026#PROC-1" {
		t.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	shown(t, h, "/en/duties?year=2026").says(t, "57 points without information", "3 February 2026, to all members", "minutes, page 3", "ethics officer")
	shown(t, h, "/fa/duties/PROC-1?year=2026").says(t, "برآورده", "all members")
	shown(t, h, "/en/duties?year=2027&with=2026").says(t, "2027 beside 2026", "2026: Met", "58 points without information")
	if log := shown(t, h, "/en/log"); !strings.Contains(log.text(), "Own duties assessed") {
		t.Error("the log does not say so")
	}
}

// What cannot stand is said on the same page, and nothing typed is lost.
func TestAnAssessmentThatCannotStandIsKeptInTheForm(t *testing.T) {
	h := pagesOf(t, workspace(t))
	typed := `<b>"typed" & kept</b>`
	w := send(h, "/en/duties/SOCIAL-2", url.Values{"year": {"2026"}, "status": {"met"}, "note": {typed}})
	if w.Code != http.StatusBadRequest {
		t.Fatalf("%d", w.Code)
	}
	doc := parse(t, "refused", w.Body.String())
	doc.says(t, "needs a proof", "Nothing was written")
	if area := doc.all("textarea"); len(area) != 2 || area[1].text != typed {
		t.Errorf("what was typed is gone: %q", w.Body)
	}
	for path, code := range map[string]int{"/en/duties/NONE": 404, "/en/duties?year=x": 400, "/en/duties?with=99999": 400, "/en/duties/SOCIAL-1?year=-1": 400} {
		if w := get(t, h, path); w.Code != code {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := send(h, "/en/duties/NONE", url.Values{"year": {"2026"}, "status": {"no_info"}}); w.Code != http.StatusNotFound {
		t.Errorf("a duty that is none: %d", w.Code)
	}
	if w := send(h, "/en/duties/SOCIAL-2", url.Values{"year": {"soon"}, "status": {"no_info"}}); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "not a year") {
		t.Errorf("a year that is none: %d", w.Code)
	}
}

func TestDutiesAreTakenAwayAsAFile(t *testing.T) {
	d := workspace(t)
	if _, err := d.Assess(ctx, access.Local(), duty.Assessment{Point: "SOCIAL-1", Year: 2026, Status: duty.NotMet, Owner: "Qanaryowner"}); err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	ours, theirs := get(t, h, "/export/duties/csv?year=2026&lang=fa"), get(t, h, "/export/duties/csv?year=2026&for=others")
	if !strings.Contains(ours.Body.String(), "Qanaryowner") || strings.Contains(theirs.Body.String(), "Qanary") || !strings.Contains(ours.Body.String(), "پزشکان") {
		t.Errorf("ours %d, theirs %d", ours.Code, theirs.Code)
	}
	if w := get(t, h, "/export/duties/csv?year=zz"); w.Code != http.StatusBadRequest || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
