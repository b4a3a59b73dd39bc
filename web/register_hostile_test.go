package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What people type into duties, statements and decisions stays text on every page that shows it, and in every form that shows it again.
func TestHostileWordsOfTheRegistersStayText(t *testing.T) {
	for name, payload := range attacks {
		if len(payload) > 300 {
			payload = strings.ToValidUTF8(payload[:300], "")
		}
		t.Run(name, func(t *testing.T) {
			h := pagesOf(t, workspace(t))
			duty := url.Values{"year": {"2026"}, "status": {"partly"}, "proof": {payload + "\n" + payload}, "owner": {payload}, "note": {payload}, "audience": {payload}, "issued": {"2026-05-07"}}
			event := url.Values{"event": {payload}, "decision": {"hold_with_support"}, "date": {"2026-05-07"}, "reasons": {payload}, "support": {payload}, "roles": {payload}}
			head := url.Values{"name": {payload}, "lines": {payload}}
			letter := url.Values{"kind": {"letter"}, "lang": {"en"}, "title": {strings.ReplaceAll(payload, "\n", " ")}, "text": {payload}, "addressees": {payload}, "signatories": {payload}}
			for path, form := range map[string]url.Values{"/en/duties/PROC-1": duty, "/en/suitability/XAA": event, "/en/statements/letterhead": head} {
				if w := send(h, path, form); w.Code != http.StatusSeeOther {
					t.Fatalf("%s: %d %s", path, w.Code, w.Body)
				}
			}
			page := written(t, h, letter)
			for _, to := range []string{"review", "approved", "issued"} {
				send(h, page, url.Values{"to": {to}, "note": {payload}})
			}
			send(h, page, url.Values{"date": {"2099-01-01"}, "from": {payload}, "grade": {"E"}, "text": {payload}, "source": {payload}})
			for _, path := range []string{"/en/duties?year=2026", "/fa/duties/PROC-1?year=2026", "/en/duties/PROC-1?year=2026", "/en/statements", "/fa/statements", page, "/fa" + strings.TrimPrefix(page, "/en"),
				"/en/statements/letterhead", "/en/suitability", "/fa/suitability/XAA", "/en/statements/write?revise=" + strings.TrimPrefix(page, "/en/statements/")} {
				contained(t, shown(t, h, path))
			}
			for _, path := range []string{"/en/statements?q=", "/en/statements?kind=", "/en/statements?about=", "/en/duties?year=", "/en/suitability?name=", "/en/statements/write?template=", "/en/statements/write?corrects=", "/export/duties/csv?lang="} {
				if w := get(t, h, path+url.QueryEscape(payload)); w.Code >= 500 {
					t.Errorf("%s: %d", path, w.Code)
				}
			}
		})
	}
}
