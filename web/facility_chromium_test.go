package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"ward/access"
	"ward/facility"
)

// The pages of facilities shut nobody out, their forms included, and long words widen no phone.
func TestFacilitiesShutNobodyOut(t *testing.T) {
	axe := axeSource(t)
	d := workspace(t)
	long := strings.Repeat("Longname", 20)
	id, err := d.PutFacility(ctx, access.Local(), "", facility.Facility{Type: "hospital.general", Name: long, State: "XAA", Adm1: "North", Place: long, Operator: "province", Published: "https://moh.example/" + long,
		External: []string{"HDX:" + long}})
	if err != nil {
		t.Fatal(err)
	}
	best := int64(9_000_000_000_000)
	entry := stateDamage(t, d, id, facility.Damage{Date: "2024-05", Component: "building", Damage: facility.Partial, Functionality: facility.None, Access: facility.Partial, Services: []string{long},
		Need: long, Cost: &facility.Cost{Low: 1, Best: &best, High: best, Currency: "EUR", Priced: "2024"}, Compensation: facility.Claimed, Compensated: &facility.Money{Amount: best, Currency: "EUR"},
		Evidence: []string{"https://example.org/" + long}, Source: long, Note: long})
	stateDamage(t, d, id, facility.Damage{Date: "2024-06", Functionality: facility.Partial, Corrects: entry})
	stateDamage(t, d, id, facility.Damage{Date: "2024-06", Component: "staff", Damage: facility.Partial, Need: long, Cost: &facility.Cost{High: best, Currency: "USD", Priced: "2024-05"}, Compensation: facility.Claimed, Compensated: &facility.Money{Amount: best, Currency: "EUR"}})
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	for _, lang := range []string{"en", "fa"} {
		b := browse(t, server.URL+"/"+lang)
		for _, path := range []string{"/facilities", "/facilities/" + id, "/facilities/state/XAA", "/facilities/state/XAB"} {
			b.judge(axe, path)
		}
	}
}
