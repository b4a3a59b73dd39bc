package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/incident"
	"ward/staff"
	"ward/store"
	"ward/store/storetest"
)

// staffed is a workspace in which people with these names can do everything that accounts can.
func staffed(t *testing.T, names ...string) (d *desk.Desk, out []access.Actor) {
	t.Helper()
	dir := t.TempDir()
	d, err := desk.Open(ctx, desk.Workspace{Dir: dir, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	db := storetest.At(t, dir)
	defer db.Close()
	var made []entry.New
	for _, name := range names {
		id := "account-" + name
		made = append(made, entry.New{Kind: staff.KindAccount, Subject: id, Body: staff.Made{Name: name}}, entry.New{Kind: staff.KindRoles, Subject: id, Body: staff.Grant{Roles: access.Roles()[:6]}})
		out = append(out, access.Actor{Name: name, Account: id, Roles: access.Roles()[:6]})
	}
	err = db.Write(ctx, "test", func(tx *store.Tx) error {
		_, err := entry.Add(ctx, tx, staff.Register, made...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, out
}

// putDown makes an incident that two origins tell of.
func putDown(t testing.TB, d *desk.Desk, codes string) string {
	t.Helper()
	var all []incident.Stated
	for _, s := range []incident.Stated{{Source: "a nurse", Reliability: "C"}, {Source: "a court paper", Reliability: "A", Direct: true}} {
		for field, value := range map[string]string{"date": "2026-03", "country": "XAA", "codes": codes, "description": "Words that a reader may not want: " + s.Source} {
			s.Move, s.Field, s.Value = incident.Assert, field, value
			all = append(all, s)
		}
	}
	id, err := d.NewIncident(ctx, access.Actor{Name: "Coder", Account: "account-Coder", Roles: []access.Role{access.CaseWorker}}, all...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func opinionForm(level, why string) url.Values {
	return url.Values{"do": {"opinion"}, "certainty": {level}, "why": {why}, "root": {"a nurse", "a court paper"}}
}

// Byte for byte: before both have spoken, what the first wrote stands on no page and in no file that anybody else can open, nor in the
// database in clear; after it, on the page of verification.
func TestNobodyReadsAnOpinionBeforeBothHaveSpoken(t *testing.T) {
	const canary = "Qanaryopinionzz"
	d, people := staffed(t, "Ana", "Ben", "Cem")
	id := putDown(t, d, "PER.ARR")
	page := "/en/incidents/" + id + "/verify"
	first := siteAs(t, d, people[0])
	if w := send(first, page, opinionForm("confirmed", canary+" first")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, first, page).says(t, canary, "It waits for a second person: they do not see it.")
	local := pagesOf(t, d)
	site := siteOf(t, d)
	for name, h := range map[string]http.Handler{"the second": siteAs(t, d, people[1]), "a third": siteAs(t, d, people[2]), "whoever is at the machine": local} {
		for _, a := range append(addresses(t, site, id), asked{address: "/en/incidents?q=" + canary}, asked{address: "/en/search?q=" + canary}, asked{address: "/en/log/1"}, asked{address: "/en/log/2"}, asked{address: "/en/log/3"}, asked{address: "/en/log/4"}) {
			if name != "the second" && (a.exit != access.Page || strings.Contains(a.address, "/states")) {
				continue // one reader of every export is enough
			}
			if holds(unzipped(t, readAs(h, a.address)), canary+" first") {
				t.Errorf("%s reads it at %s", name, a.address)
			}
		}
	}
	second := siteAs(t, d, people[1])
	shown(t, second, page).says(t, "One person has spoken", "2 independent origins")
	if w := send(second, page, opinionForm("confirmed", canary+" second")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, who := range people {
		shown(t, siteAs(t, d, who), page).says(t, canary+" first", canary+" second", "Ana", "Ben", "Earlier verdicts")
	}
	shown(t, first, "/en/incidents/"+id).says(t, "Confirmed")
}

func readAs(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil))
	return w
}

// What cannot be taken comes back with what was typed and with what is wrong.
func TestAnOpinionThatCannotBeTakenComesBack(t *testing.T) {
	d, people := staffed(t, "Ana", "Ben")
	id := putDown(t, d, "PER.SEX")
	h := siteAs(t, d, people[0])
	page := "/en/incidents/" + id + "/verify"
	form := opinionForm("confirmed", "my reasons stand here")
	delete(form, "root")
	w := send(h, page, form)
	doc := parse(t, page, w.Body.String())
	if w.Code != http.StatusBadRequest {
		t.Errorf("%d", w.Code)
	}
	doc.says(t, "my reasons stand here", "which origins you looked at", "Show what it says (it may distress)")
	if w := send(h, page, url.Values{"do": {"nothing"}}); w.Code != http.StatusBadRequest {
		t.Errorf("%d", w.Code)
	}
}

func TestOnePersonsWordIsMarkedWhereverItIsShown(t *testing.T) {
	d := workspace(t)
	id := putDown(t, d, "PER.ARR")
	h := pagesOf(t, d)
	page := "/en/incidents/" + id + "/verify"
	shown(t, h, page).says(t, "Nobody else here can verify this incident")
	shown(t, h, "/en/verification").says(t, "No opinion yet", id)
	if w := send(h, page, opinionForm("confirmed", "alone")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, address := range []string{page, "/en/incidents/" + id} {
		shown(t, h, address).says(t, "Possible", "one person only")
	}
	shown(t, h, "/fa"+strings.TrimPrefix(page, "/en")).says(t, "فقط یک نفر")
	shown(t, h, "/en/verification").says(t, "Nothing waits for you")
}
