package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/access"
)

// Today and the search lead to one's cases; a search by what a case holds shows it to nobody who is not on it.
func TestTodayAndTheSearchLeadToCases(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	shown(t, h, "/en/today").says(t, "You are on no open case.")
	caseID, _ := referableCase(t, d, access.Local())
	link := `href="/en/cases/` + caseID + `"`
	shown(t, h, "/en/today").says(t, "My cases", "Heron")
	if !strings.Contains(get(t, h, "/en/today").Body.String(), link) {
		t.Error("Today does not lead to the case")
	}
	worker := access.Actor{Name: "Cay", Account: "01CASEWORKERCAYAAAAAAAAAAA", Roles: []access.Role{access.CaseWorker}}
	for _, c := range []struct {
		what  string
		h     http.Handler
		words string
		leads bool
	}{
		{"who is on it, by what it holds", h, unticked, true},
		{"who is not, by what it holds", siteAs(t, d, worker), unticked, false},
		{"who is not, by its name", siteAs(t, d, worker), "heron", true},
	} {
		asked := send(c.h, "/en/search", url.Values{"q": {c.words}})
		if page := get(t, c.h, asked.Header().Get("Location")); page.Code != http.StatusOK || strings.Contains(page.Body.String(), link) != c.leads {
			t.Errorf("%s: %d, leads to it: %v", c.what, page.Code, !c.leads)
		}
	}
}
