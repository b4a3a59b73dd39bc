package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/locale"
	"ward/staff"
)

// M18 from the page: asked for by one, let by two, read, revoked.
func TestAnInvestigatorsWeekOnThePages(t *testing.T) {
	d, _ := staffedDesk(t)
	account := func(name string, g staff.Grant) (who func() access.Actor, id string) {
		token, err := d.Invite(ctx, access.Local(), desk.Invite{Grant: g})
		if err != nil {
			t.Fatal(err)
		}
		made, err := d.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: "four words of " + name})
		if err != nil {
			t.Fatal(err)
		}
		return func() access.Actor {
			people, err := d.Accounts(ctx, access.Local())
			a, _ := staff.Find(people, made.Account.ID)
			if err != nil {
				t.Fatal(err)
			}
			return a.Actor(d.Today())
		}, made.Account.ID
	}
	ines, id := account("Ines", staff.Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}, Until: time.Now().AddDate(1, 0, 0).Format(time.DateOnly)})
	pia, _ := account("Pia", staff.Grant{Roles: []access.Role{access.Publisher}})
	rae, _ := account("Rae", staff.Grant{Roles: []access.Role{access.Referrer}})
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07"))
	reads := func(want int) {
		t.Helper()
		if answer := askEmpty(siteAs(t, d, ines()), http.MethodGet, "/en/incidents"); answer.Code != want {
			t.Errorf("the investigator is answered %d, want %d", answer.Code, want)
		}
	}
	reads(http.StatusForbidden)
	first := siteAs(t, d, pia())
	wrong := send(first, "/en/grants", url.Values{"account": {id}, "purpose": {"an inquiry"}, "states": {"XAB"}, "until": {d.Today().String()}})
	if wrong.Code != http.StatusBadRequest || !strings.Contains(wrong.Body.String(), "an inquiry") {
		t.Errorf("another State than the account's: %d", wrong.Code)
	}
	page := send(first, "/en/grants", url.Values{"account": {id}, "purpose": {"an inquiry"}, "states": {"xaa"}, "until": {d.Today().String()}}).Header().Get("Location")
	scope := between(get(t, first, page).Body.String(), `name="scope" value="`, `"`)
	approve := func(h http.Handler, want int) {
		t.Helper()
		if answer := send(h, page, url.Values{"do": {"approve"}, "scope": {scope}}); answer.Code != want {
			t.Errorf("an approval is answered %d, want %d: %.300s", answer.Code, want, plain(answer.Body.String()))
		}
	}
	approve(siteAs(t, d, ines()), http.StatusForbidden)
	approve(first, http.StatusSeeOther)
	approve(first, http.StatusForbidden)
	reads(http.StatusForbidden)
	approve(siteAs(t, d, rae()), http.StatusSeeOther)
	reads(http.StatusOK)
	if answer := askEmpty(siteAs(t, d, ines()), http.MethodGet, "/export/incidents/csv"); answer.Code != http.StatusForbidden {
		t.Errorf("an investigator takes a file: %d", answer.Code)
	}
	if body := get(t, first, page).Body.String(); !strings.Contains(body, "1 incident since") || !strings.Contains(body, "WRD-XAA-2021-") {
		t.Error("the page does not show what was read")
	}
	send(first, page, url.Values{"do": {"revoke"}, "why": {"it ended"}})
	reads(http.StatusForbidden)
}

// Whoever reads by a grant sees on the page to whom it was shown, and when; nobody else does.
func TestThePageOfAnInvestigatorBearsTheirName(t *testing.T) {
	p, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	drawn := func(v view) string {
		var b bytes.Buffer
		if err := p.execute(&b, locale.English, "grants", "watermark", v); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if body := drawn(view{Me: access.Actor{Name: "Ines"}, Watermark: "7 May 2026"}); strings.Count(body, "Ines · 7 May 2026") < 6 || !strings.Contains(body, "watermarked") {
		t.Errorf("%s", body)
	}
	if body := drawn(view{Me: access.Actor{Name: "Ann"}}); strings.TrimSpace(body) != "" {
		t.Errorf("%s", body)
	}
}

// between is what stands between two marks; "" where the first is missing.
func between(s, before, after string) string {
	_, rest, _ := strings.Cut(s, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}
