package main

import (
	"ward/desk"
	"ward/facility"
)

// demoFacility is an invented facility with what was stated about it.
type demoFacility struct {
	facility.Facility
	damages []facility.Damage
}

// fillFacilities puts invented facilities of an invented State on record; one was hit in an incident that the demo has.
func fillFacilities(con *console, d *desk.Desk, state string) error {
	found, err := d.Incidents(con.ctx, con.who(), desk.IncidentQuery{Filters: map[string][]string{"country": {state}}, Desc: true, Limit: 1})
	if err != nil {
		return err
	}
	entries := 0
	for i, f := range demoFacilities(state) {
		if i == 0 && len(found.Incidents) > 0 {
			f.damages[0].Date, f.damages[0].Incident = found.Incidents[0].Date.String(), found.Incidents[0].PublicID
		}
		id, err := d.PutFacility(con.ctx, con.who(), "", f.Facility)
		if err != nil {
			return err
		}
		for _, made := range f.damages {
			if _, err := d.StateDamage(con.ctx, con.who(), id, made); err != nil {
				return err
			}
			entries++
		}
	}
	con.printf("  facilities of %s: 5 with %d damage entries\n", state, entries)
	return nil
}

func demoCost(low, best, high int64, currency, priced string) *facility.Cost {
	return &facility.Cost{Low: low, Best: &best, High: high, Currency: currency, Priced: priced}
}

func demoFacilities(state string) []demoFacility {
	return []demoFacility{
		{facility.Facility{Type: "hospital.general", Name: "Lantern Hill Hospital", State: state, Adm1: "Northern Arcadia", Place: "Lantern Hill", Operator: "Ministry of Health",
			Emblem: "yes", Deconflicted: "yes", Published: "https://moh.arcadia.example/hospitals"}, []facility.Damage{
			{Date: "2025-03", Component: "building", Damage: facility.Partial, Functionality: facility.None, Access: facility.Partial, Services: []string{"surgery", "dialysis"},
				Cause: "attack", Need: "roof and east wing", Cost: demoCost(1_400_000, 1_800_000, 2_500_000, "EUR", "2025"), Source: "hospital's engineer"},
			{Date: "2026-02-02", Component: "equipment", Damage: facility.Destroyed, Need: "dialysis machines, sterilisers", Cost: demoCost(300_000, 350_000, 350_000, "USD", "2026-02"), Source: "hospital's engineer"},
			{Date: "2026-04-15", Functionality: facility.Partial, Access: facility.Full, Services: []string{"dialysis"}, Compensation: facility.Claimed,
				Compensated: &facility.Money{Amount: 2_100_000, Currency: "EUR"}, Source: "association's visit"}}},
		{facility.Facility{Type: "hospital.maternity", Name: "Willow Maternity", State: state, Adm1: "Northern Arcadia", Place: "Willow Street", Operator: "Province", Emblem: "yes", Deconflicted: "unknown"},
			[]facility.Damage{
				{Date: "2025-01-20", Component: "utilities", Damage: facility.Destroyed, Functionality: facility.None, Access: facility.None, Cause: "closure", Need: "power line, water tank", Source: "midwives"},
				{Date: "2025-01-20", Component: "building", Damage: facility.None, Source: "midwives"}}},
		{facility.Facility{Type: "primary_care", Name: "Harbour Clinic", State: state, Adm1: "Coast", Place: "Old Harbour", Operator: "Association of St Ives", Emblem: "no", Deconflicted: "no"},
			[]facility.Damage{
				{Date: "2024-11-05", Component: "supplies", Damage: facility.Destroyed, Functionality: facility.None, Cause: "attack", Source: "clinic's nurse"},
				{Date: "2024-12", Functionality: facility.Full, Access: facility.Full, Compensation: facility.Full, Compensated: &facility.Money{Amount: 18_000, Currency: "EUR"}, Source: "clinic's nurse"}}},
		{facility.Facility{Type: "ems_base", Name: "Station Four", State: state, Adm1: "Coast", Place: "Ring Road", Operator: "Municipality", Emblem: "yes"},
			[]facility.Damage{{Date: "2026-05", Component: "transport", Damage: facility.Partial, Functionality: facility.Partial, Access: facility.Full, Cause: "attack",
				Need: "two ambulances", Cost: &facility.Cost{Low: 120_000, High: 160_000, Currency: "EUR", Priced: "2025"}, Compensation: facility.None, Source: "crew"}}},
		{facility.Facility{Type: "blood_bank", Name: "Central Blood Bank", State: state, Adm1: "Capital", Operator: "Ministry of Health"}, nil},
	}
}
