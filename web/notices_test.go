package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/intake"
	"ward/locale"
	"ward/staff"
	"ward/store/storetest"
)

// enrolledIn makes an account through an invitation.
func enrolledIn(t *testing.T, d *desk.Desk, name string, roles ...access.Role) access.Actor {
	t.Helper()
	token, err := d.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: roles}})
	if err != nil {
		t.Fatal(err)
	}
	made, err := d.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: "eleven grey herons walk", Lang: locale.English})
	if err != nil {
		t.Fatal(err)
	}
	return made.Account.Actor(d.Today())
}

func TestNoticesAreShownCountedAndRead(t *testing.T) {
	d := workspace(t)
	enrolledIn(t, d, "Noor Tamari", access.Administrator)
	who := enrolledIn(t, d, "Ilan Vesper", access.Triage)
	h := siteAs(t, d, who)
	shown(t, h, "/en/notices").says(t, "Nothing waits for you")
	if _, err := d.TakeReport(ctx, access.Local(), intake.Received{Channel: "call", Mode: "anonymous", Day: d.Today().String(), Danger: "yes", Narrative: "trampoline", Country: "XAA"}); err != nil {
		t.Fatal(err)
	}
	page := shown(t, h, "/fa/notices")
	page.says(t, "شاید کسی در خطر باشد")
	if b := page.all("b.badge"); len(b) != 1 || !strings.HasPrefix(plain(b[0].text), "۱") {
		t.Errorf("%d badges", len(b))
	}
	if w := send(h, "/en/notices", url.Values{"do": {"read"}}); w.Code != http.StatusSeeOther {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	page = shown(t, h, "/en/notices")
	if page.says(t, "All of it is marked as read"); len(page.all("b.badge")) != 0 {
		t.Error("the badge stayed")
	}
	if w := send(h, "/en/notices", url.Values{"do": {"fly"}}); w.Code != http.StatusBadRequest {
		t.Errorf("%d", w.Code)
	}
}

func TestACalendarIsFetchedUnsignedAndUnknownOnesAreAlike(t *testing.T) {
	d := workspace(t)
	who := enrolledIn(t, d, "Noor Tamari", access.Administrator, access.Triage)
	h, stranger := siteAs(t, d, who), siteAs(t, d, access.Nobody())
	w := send(h, "/en/notices/calendar", nil)
	page := parse(t, "/en/notices/calendar", w.Body.String())
	address := plain(page.one(t, "code").text)
	path, is := strings.CutPrefix(address, "http://127.0.0.1:7766")
	if w.Code != http.StatusOK || !is {
		t.Fatalf("%d %q", w.Code, address)
	}
	if strings.Contains(get(t, h, "/en/notices").Body.String(), path) {
		t.Error("the address is shown again")
	}
	if w := get(t, stranger, path); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.HasPrefix(w.Body.String(), "BEGIN:VCALENDAR\r\n") ||
		w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := send(h, "/en/notices", url.Values{"do": {"end"}}); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
	unknown := get(t, stranger, "/calendar/"+strings.Repeat("A", 43)+".ics")
	for _, other := range []string{path, "/calendar/x.ics", "/calendar/" + strings.Repeat("A", 43)} {
		if w := get(t, stranger, other); w.Code != http.StatusNotFound || w.Body.String() != unknown.Body.String() {
			t.Errorf("%.20s: %d, other bytes than an unknown one", other, w.Code)
		}
	}
}

func TestTooManyCalendarsInAMinuteAreRefused(t *testing.T) {
	d := workspace(t)
	h := siteAs(t, d, access.Nobody())
	refused := 0
	for range 2*mostFetches + 1 { // however the minute turns meanwhile
		if get(t, h, "/calendar/x.ics").Code == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Error("none was refused")
	}
}

func TestATrainingSpaceCannotBeMistaken(t *testing.T) {
	d, err := desk.Open(ctx, desk.Workspace{Dir: t.TempDir(), Cost: storetest.Cheap(), Training: true, Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	trial, real := siteAs(t, d, access.Local()), siteAs(t, workspace(t), access.Local())
	for _, path := range []string{"/en/", "/fa/incidents", "/en/nowhere", "/en/notices", "/ar/states"} {
		in, out := get(t, trial, path).Body.String(), get(t, real, path).Body.String()
		if !strings.Contains(in, ` class="training">`) || !strings.Contains(in, `class="strip trial"`) {
			t.Errorf("%s is not marked", path)
		}
		if strings.Contains(out, `class="training"`) || strings.Contains(out, "strip trial") {
			t.Errorf("%s of a real workspace is marked", path)
		}
	}
	if page := shown(t, trial, "/fa/incidents"); !strings.HasPrefix(page.one(t, "title").text, "آموزشی · ") {
		t.Errorf("the title is %q", page.one(t, "title").text)
	}
	for _, file := range []string{"/export/duties/csv", "/export/commitments/csv", "/export/states/csv", "/export/ledger/csv"} {
		in, out := get(t, trial, file), get(t, real, file)
		if in.Code != http.StatusOK || !strings.Contains(in.Header().Get("Content-Disposition"), `filename="TRAINING-`) || strings.Contains(out.Header().Get("Content-Disposition"), "TRAINING") {
			t.Errorf("%s: %d %q, %q", file, in.Code, in.Header().Get("Content-Disposition"), out.Header().Get("Content-Disposition"))
		}
	}
}
