package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/incident"
)

// What one coder wrote stands on no page of the workbench and of the audit that the other can open, until they have coded too; then both see both.
func TestACoderReadsNoOtherCodingBeforeTheirOwn(t *testing.T) {
	const canary = "Qanarycodingzz"
	d, people := staffed(t, "Ana", "Ben")
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07", "Forceful Entry into Health Facility", "1"))
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 1})
	if err == nil {
		err = d.StateIncident(ctx, access.Local(), page.Incidents[0].PublicID, incident.Stated{Move: incident.Assert, Field: "context", Value: "armed_conflict", Source: "a lawyer", Reliability: "A"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := d.TakeStep(ctx, people[1], audit.Row{Kind: audit.KindStep, State: "XAA", Year: 2021, Value: audit.StepFrozen}); err != nil {
		t.Fatal(err)
	}
	first, second := siteAs(t, d, people[0]), siteAs(t, d, people[1])
	board := shown(t, second, "/en/workbench/XAA")
	board.says(t, "You code blind.", "Wait for you")
	path := "/en/workbench/XAA/none/2021"
	for _, e := range board.all("a") {
		if strings.HasPrefix(e.attr["href"], "/en/workbench/XAA/") && strings.HasSuffix(path, "/none/2021") {
			path = e.attr["href"]
		}
	}
	if w := send(first, path, url.Values{"do": {"code"}, "level": {"F1"}, "note": {canary + " first"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	shown(t, first, path).says(t, canary)
	shown(t, second, path).says(t, "You see the evidence only.", "Your coding")
	_, cell, _ := strings.Cut(path, "/en/workbench")
	for _, address := range []string{path, "/en/workbench/XAA", "/fa/workbench/XAA?show=all", "/en/states/XAA", "/en/states" + cell, "/export/audit/en/XAA.json", "/export/audit/en/XAA.csv"} {
		w := readAs(second, address)
		if strings.Contains(w.Body.String(), canary) || strings.Contains(address, "states") && w.Code != http.StatusSeeOther || strings.Contains(address, "export") && w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	if w := send(second, path, url.Values{"do": {"code"}, "level": {"F2"}, "note": {canary + " second"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, h := range []http.Handler{first, second} {
		shown(t, h, path).says(t, canary+" first", canary+" second")
	}
	if w := send(second, path, url.Values{"do": {"code"}, "level": {"F1"}}); w.Code != http.StatusBadRequest {
		t.Errorf("who coded decides: %d", w.Code)
	}
}

// The workbench is for those who code or decide.
func TestTheWorkbenchIsForCodersAndEditors(t *testing.T) {
	d, _ := staffed(t, "Ana")
	for role, code := range map[access.Role]int{access.Analyst: http.StatusOK, access.Publisher: http.StatusOK, access.Triage: http.StatusForbidden} {
		h := siteAs(t, d, access.Actor{Name: "X", Account: "account-X", Roles: []access.Role{role}})
		for _, address := range []string{"/en/workbench", "/en/workbench/XAA", "/fa/workbench/XAA/WMA-ICOME-2022:40/2024"} {
			if w := readAs(h, address); w.Code != code {
				t.Errorf("%s %s: %d, want %d", role, address, w.Code, code)
			}
		}
	}
}
