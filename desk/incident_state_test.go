package desk_test

import (
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/incident"
)

// byHand makes an incident by hand: a nurse in Arcadia told of an arrest.
func byHand(t *testing.T, d *desk.Desk) string {
	t.Helper()
	id, err := d.NewIncident(ctx, access.Local(),
		incident.Stated{Move: incident.Assert, Field: "date", Value: "2026-03", Source: "a nurse", Reliability: "C", Credibility: "3"},
		incident.Stated{Move: incident.Assert, Field: "country", Value: "XAA", Source: "a nurse", Reliability: "C", Credibility: "3"},
		incident.Stated{Move: incident.Assert, Field: "codes", Value: "PER.ARR", Source: "a nurse", Reliability: "C", Credibility: "3"},
		incident.Stated{Move: incident.Assert, Field: "worker.arrested", Value: "2", Source: "a nurse", Reliability: "C", Credibility: "3"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func opened(t *testing.T, d *desk.Desk, id string) desk.IncidentFile {
	t.Helper()
	file, err := d.Incident(ctx, access.Local(), id)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// assertionOf is the standing assertion of a field that says a value.
func assertionOf(t *testing.T, f desk.IncidentFile, field, value string) incident.Assertion {
	t.Helper()
	for _, a := range f.Standing {
		if a.Field == field && a.Value == value {
			return a
		}
	}
	t.Fatalf("nobody says %s=%s: %+v", field, value, f.Standing)
	return incident.Assertion{}
}

func TestAnIncidentMadeByHandIsARumourThatCanBeFound(t *testing.T) {
	d := open(t, t.TempDir())
	id := byHand(t, d)
	f := opened(t, d, id)
	if f.Certainty != "rumour" || f.Country != "XAA" || f.Date.String() != "2026-03" || f.Counts["worker.arrested"].Best != 2 || f.Series[0] != incident.Own {
		t.Errorf("%+v", f.Incident)
	}
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Filters: map[string][]string{"code": {"PER.ARR"}}, Limit: 5})
	if err != nil || page.Total != 1 {
		t.Errorf("%d found, %v", page.Total, err)
	}
}

// Nothing is overwritten: what was said stays, with its state, and can be taken back.
func TestAValueIsSupersededContestedAndTakenBack(t *testing.T) {
	d := open(t, t.TempDir())
	id := byHand(t, d)
	say := func(s incident.Stated) desk.IncidentFile {
		t.Helper()
		if err := d.StateIncident(ctx, access.Local(), id, s); err != nil {
			t.Fatal(err)
		}
		return opened(t, d, id)
	}
	wrong := assertionOf(t, opened(t, d, id), "date", "2026-03")
	f := say(incident.Stated{Move: incident.Supersede, Field: "date", Value: "2026-04-02", Over: wrong.ID, Source: "court paper", Reliability: "E", Why: "the charge sheet has the day"})
	if f.Date.String() != "2026-04-02" || assertionOf(t, f, "date", "2026-03").State != incident.Superseded {
		t.Errorf("%s, %+v", f.Date, f.Standing)
	}
	right := assertionOf(t, f, "date", "2026-04-02")
	if f = say(incident.Stated{Move: incident.Contest, Field: "date", Over: right.ID, Why: "another court says May"}); !f.Fold["date"].Contested || f.Contested[0] != "date" {
		t.Errorf("%+v", f.Fold["date"])
	}
	if f = say(incident.Stated{Move: incident.Retract, Field: "date", Over: right.ID, Why: "it was another case"}); f.Date.String() != "2026-03" || assertionOf(t, f, "date", "2026-04-02").State != incident.Retracted {
		t.Errorf("%s, %+v", f.Date, f.Standing)
	}
}

func TestWhatCannotBeStatedIsRefused(t *testing.T) {
	d := open(t, t.TempDir())
	id := byHand(t, d)
	for name, s := range map[string]incident.Stated{
		"certainty":            {Move: incident.Assert, Field: "certainty", Value: "confirmed"},
		"an unknown field":     {Move: incident.Assert, Field: "shoe", Value: "1"},
		"an unknown code":      {Move: incident.Assert, Field: "codes", Value: "PER.ARR PER.XXX"},
		"a day that is none":   {Move: incident.Assert, Field: "date", Value: "2026-02-30"},
		"a place off the map":  {Move: incident.Assert, Field: "point", Value: "91,0"},
		"no reason":            {Move: incident.Contest, Field: "date", Over: "x"},
		"a grade of its own":   {Move: incident.Assert, Field: "date", Value: "2026", Reliability: "Z"},
		"a move of its own":    {Move: "delete", Field: "date", Over: "x", Why: "y"},
		"nothing superseded":   {Move: incident.Supersede, Field: "date", Value: "2026", Why: "y"},
		"something not there":  {Move: incident.Contest, Field: "date", Over: "x", Why: "y"},
		"another field's word": {Move: incident.Contest, Field: "country", Over: assertionOf(t, opened(t, d, id), "date", "2026-03").ID, Why: "y"},
	} {
		if err := d.StateIncident(ctx, access.Local(), id, s); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.NewIncident(ctx, access.Local(), incident.Stated{Move: incident.Assert, Field: "codes", Value: "PER.ARR"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("neither day nor country: %v", err)
	}
}

// A conflict of interest bars work on a State and on a record, and does not bar reading.
func TestAConflictOfInterestBarsWork(t *testing.T) {
	d := open(t, t.TempDir())
	id := byHand(t, d)
	move := incident.Stated{Move: incident.Assert, Field: "weapon", Value: "baton"}
	for name, barred := range map[string][]string{"the State": {"XAA"}, "the record": {id}, "another State": {"XAB"}} {
		who := access.Actor{Name: "Aisha", Roles: []access.Role{access.CaseWorker}, Barred: barred}
		if _, err := d.Incident(ctx, who, id); err != nil {
			t.Errorf("%s: reading is barred: %v", name, err)
		}
		err := d.StateIncident(ctx, who, id, move)
		if fault.Is(err, fault.Refused) != (name != "another State") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
