package web

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Nobody is shut out of the association's own pages, filled, empty or refused, in any language and width.
func TestTheRegistersShutNobodyOut(t *testing.T) {
	axe := axeSource(t)
	h := pagesOf(t, simulated(t))
	send(h, "/en/duties/PROC-1", url.Values{"year": {"2026"}, "status": {"met"}, "proof": {"https://nma.example/" + strings.Repeat("a-long-address/", 9)}, "issued": {"2026-02-03"}, "audience": {"all members"}, "owner": {"ethics officer"}})
	send(h, "/en/duties/CUSTODY-2", url.Values{"year": {"2026"}, "status": {"not_met"}, "due": {"2026-01-01"}})
	send(h, "/en/statements/letterhead", url.Values{"name": {"Medical Association of Arcadia"}})
	page := written(t, h, letterForm())
	for _, to := range []string{"review", "approved", "issued"} {
		send(h, page, url.Values{"to": {to}, "due": {"2020-01-01"}})
	}
	number := strings.TrimPrefix(page, "/en/statements/")
	draft := strings.TrimPrefix(written(t, h, letterForm()), "/en/statements/")
	send(h, "/en/suitability/XAA", url.Values{"event": {"Congress"}, "when": {"2027-05"}, "decision": {"refrain"}, "date": {"2026-05-07"}, "reasons": {"They are held."}, "roles": {"council"}})
	paths := []string{"/duties?year=2026&with=2025", "/duties/PROC-1?year=2026", "/duties/CUSTODY-2?year=2026", "/statements", "/statements?kind=circular", "/statements/" + number, "/statements/" + draft,
		"/statements/write?template=detained", "/statements/write?revise=" + draft, "/statements/letterhead", "/suitability", "/suitability/XAA", "/suitability/XAB"}
	for _, lang := range []string{"en", "fa"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(h)
			defer server.Close()
			b := browse(t, "")
			for _, path := range paths {
				b.judge(axe, server.URL+"/"+lang+path)
			}
		})
	}
}
