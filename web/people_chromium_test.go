package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/staff"
)

// The pages of people and sign-in shut nobody out, and long names widen no phone.
func TestPeopleShutNobodyOut(t *testing.T) {
	axe := axeSource(t)
	d, ann := staffedDesk(t)
	long := strings.Repeat("Longname", 7)
	var open string
	for i, g := range []staff.Grant{{Roles: []access.Role{access.Investigator}, Only: []string{"XAA", "XAB"}, Until: time.Now().AddDate(1, 0, 0).Format(time.DateOnly)}, staff.First()} {
		token, err := d.Invite(ctx, localActor, desk.Invite{Grant: g, Note: long})
		if err != nil {
			t.Fatal(err)
		}
		if open = token; i == 0 {
			if _, err := d.Accept(ctx, token, desk.Enrolment{Name: long, Passphrase: goodWords}); err != nil {
				t.Fatal(err)
			}
		}
	}
	id := ann.Account.ID
	if err := d.DeclareConflict(ctx, localActor, id, staff.Conflict{About: "XAA", Why: strings.Repeat("several long words ", 12)}); err != nil {
		t.Fatal(err)
	}
	in := httptest.NewServer(siteAs(t, d, ann.Account.Actor(d.Today())))
	defer in.Close()
	out := httptest.NewServer(pagesOf(t, d))
	defer out.Close()
	fresh := httptest.NewServer(pagesOf(t, workspace(t)))
	defer fresh.Close()
	for _, lang := range []string{"en", "fa"} {
		for base, paths := range map[string][]string{in.URL: {"/people", "/people/" + id, "/account", "/sign-in/again"}, out.URL: {"/sign-in", "/join/" + open, "/sign-in/link/x"}, fresh.URL: {"/account/first", "/people"}} {
			b := browse(t, base+"/"+lang)
			for _, path := range paths {
				b.judge(axe, path)
			}
		}
	}
}
