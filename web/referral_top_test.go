package web

import (
	"net/http"
	"strings"
	"testing"

	"ward/access"
)

// Need to know: who is not on the case of a referral sees that it is there and which case to join, and nothing that it holds; whom a conflict
// of interest bars sees neither.
func TestAReferralOfACaseThatOneIsNotOnSaysWhichToJoin(t *testing.T) {
	d := workspace(t)
	h := pagesOf(t, d)
	caseID, personID := referableCase(t, d, access.Local())
	page := begunReferral(t, h, d, caseID, personID)
	worker := access.Actor{Name: "Cay", Account: "01CASEWORKERCAYAAAAAAAAAAA", Roles: []access.Role{access.CaseWorker}}
	outside := siteAs(t, d, worker)
	shown(t, outside, page).says(t, "You are not on this case", "letter of allegation", "Heron")
	body := get(t, outside, page).Body.String()
	if !strings.Contains(body, `href="/en/cases/`+caseID+`#join"`) {
		t.Error("no way to join the case")
	}
	for _, held := range []string{unticked, "It is what they ask for", "Okoye", personID} {
		if strings.Contains(body, held) {
			t.Errorf("it says %q", held)
		}
	}
	worker.Barred = []string{caseID}
	if w := get(t, siteAs(t, d, worker), page); w.Code != http.StatusForbidden {
		t.Errorf("a conflict of interest: %d", w.Code)
	}
	worker.Barred = nil
	if err := d.JoinCase(ctx, worker, caseID, "I write to the mandates"); err != nil {
		t.Fatal(err)
	}
	shown(t, siteAs(t, d, worker), page).says(t, "It is what they ask for")
}
