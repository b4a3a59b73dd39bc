package desk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/person"
	"ward/store/storetest"
)

const nameCanary = "Qanaryname Solvay"

func atRisk(t testing.TB, d *desk.Desk, who access.Actor) string {
	t.Helper()
	id, err := d.AddPerson(ctx, who, desk.NewPerson{Made: person.Made{Pseudonym: "Cedar", Roles: []string{"health_worker"}, Country: "XAA"}, Names: []person.Name{{Script: "Latn", Text: nameCanary}}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

var (
	carer  = access.Actor{Name: "cara", Account: "1", Roles: []access.Role{access.CaseWorker}}
	carer2 = access.Actor{Name: "cem", Account: "2", Roles: []access.Role{access.CaseWorker}}
)

func TestOnlyWhoIsConcernedKnowsThatSomebodyIsOnRecord(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := atRisk(t, d, carer)
		list, err := d.Persons(ctx, carer2)
		if err != nil || len(list) != 0 {
			t.Errorf("a colleague's list: %+v, %v", list, err)
		}
		_, away := d.Person(ctx, carer2, id)
		_, none := d.Person(ctx, carer2, "01CCCCCCCCCCCCCCCCCCCCCCCC")
		if !fault.Is(away, fault.NotFound) || strings.ReplaceAll(away.Error(), id, "x") != strings.ReplaceAll(none.Error(), "01CCCCCCCCCCCCCCCCCCCCCCCC", "x") {
			t.Errorf("%v is told apart from %v", away, none)
		}
		_, err = d.PersonNames(ctx, carer2, id)
		wantFault(t, err, fault.NotFound)
		wantFault(t, d.StatePerson(ctx, carer2, id, person.KindOutcome, person.Outcome{Code: "taken"}), fault.NotFound)
		_, err = d.TakePersonReport(ctx, carer2, id, person.Self, "json")
		wantFault(t, err, fault.NotFound)
		if list, err := d.Persons(ctx, carer); err != nil || len(list) != 1 || list[0].Pseudonym != "Cedar" {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestANameIsOpenedOnlyWhenAskedForAndThatIsRecorded(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	id := atRisk(t, d, carer)
	f, err := d.Person(ctx, carer, id)
	if err != nil || len(f.Names) != 0 || !slices.Equal(f.Scripts, []string{"Latn"}) {
		t.Errorf("%+v %v", f, err)
	}
	read := func() bool {
		list, err := d.Readings(ctx, access.Local(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Subject == "names of "+id && r.Who == carer.Name {
				return true
			}
		}
		return false
	}
	if read() {
		t.Error("looking at the page opened the names")
	}
	n, err := d.PersonNames(ctx, carer, id)
	if err != nil || len(n.Names) != 1 || n.Names[0].Body.Text != nameCanary || !read() {
		t.Errorf("%+v %v, recorded %v", n, err, read())
	}
	if found := storetest.Holding(t, dir, "Qanaryname"); found != nil {
		t.Errorf("the name lies in %v", found)
	}
}

func TestAPseudonymNeverHoldsARecordedName(t *testing.T) {
	d := open(t, t.TempDir())
	id := atRisk(t, d, carer)
	state := func(kind string, body any) error { return d.StatePerson(ctx, carer, id, kind, body) }
	wantFault(t, state(person.KindMade, person.Made{Pseudonym: "solvay"}), fault.Invalid)
	wantFault(t, state(person.KindName, person.Name{Script: "Arab", Text: "Cedar X"}), fault.Invalid)
	wantFault(t, state(person.KindMade, person.Outcome{Code: "taken"}), fault.Internal)
	_, err := d.AddPerson(ctx, carer, desk.NewPerson{Made: person.Made{Pseudonym: "Dr Roe"}, Reach: desk.SourceContact{Name: "Jane Roe"}})
	wantFault(t, err, fault.Invalid)
}

// Design.md 10.11: who is described may have it put right, and who got the wrong name can be told.
func TestRule11AWrongNameIsCorrectedAndStaysInTheHistory(t *testing.T) {
	d := open(t, t.TempDir())
	id := atRisk(t, d, carer)
	if err := d.StatePerson(ctx, carer, id, person.KindCorrection, person.Correction{Field: "name", Asked: "Qanaryname with a W", By: person.Self}); err != nil {
		t.Fatal(err)
	}
	f, err := d.Person(ctx, carer, id)
	if err != nil || len(f.Person.Asked()) != 1 || f.Person.Asked()[0].Body.Asked != "" {
		t.Fatalf("the page shows what is asked of the name: %+v %v", f.Person.Asked(), err)
	}
	asked := f.Person.Asked()[0].ID
	if err := d.StatePerson(ctx, carer, id, person.KindName, person.Name{Script: "Latn", Text: "Qanaryname Wolvay", Why: "asked by the person"}); err != nil {
		t.Fatal(err)
	}
	if err := d.StatePerson(ctx, carer, id, person.KindCorrection, person.Correction{Of: asked, Settled: person.Done, Why: "the name was changed"}); err != nil {
		t.Fatal(err)
	}
	n, err := d.PersonNames(ctx, carer, id)
	if err != nil || len(n.Former) != 1 || n.Former[0].Text != nameCanary || n.Names[0].Body.Text != "Qanaryname Wolvay" {
		t.Errorf("%+v %v", n, err)
	}
	r, err := d.PersonReport(ctx, carer, id)
	if err != nil || len(r.Asked) != 1 || r.Asked[0].Settled != person.Done {
		t.Errorf("%+v %v", r.Asked, err)
	}
}

func TestRule11AReportTellsThePersonAndNotWhoSaidIt(t *testing.T) {
	d := open(t, t.TempDir())
	id := atRisk(t, d, carer)
	if err := d.StatePerson(ctx, carer, id, person.KindOutcome, person.Outcome{Code: "taken", When: "2026-05-07", Source: "Qanarysource", Note: "Qanarynote", Taker: person.TakerState}); err != nil {
		t.Fatal(err)
	}
	_, err := d.TakePersonReport(ctx, carer, id, "", "json")
	wantFault(t, err, fault.Invalid)
	r, err := d.TakePersonReport(ctx, carer, id, person.Self, "json")
	if err != nil || len(r.Names) != 1 || len(r.Outcomes) != 1 || len(r.Counts) == 0 {
		t.Fatalf("%+v %v", r, err)
	}
	text := jsonText(t, r)
	for _, hidden := range []string{"Qanarysource", "Qanarynote", carer.Name} {
		if strings.Contains(text, hidden) {
			t.Errorf("the report holds %s", hidden)
		}
	}
	if !slices.Contains(r.Withheld, desk.ReportClass{Class: desk.WithheldSource, Count: 1}) {
		t.Errorf("it does not say what it withholds: %+v", r.Withheld)
	}
	lines, err := d.Ledger(ctx, access.Local(), 0, 10)
	if err != nil || len(lines) != 1 || lines[0].Subjects != id || lines[0].Exit != string(access.OwnFile) {
		t.Errorf("%+v %v", lines, err)
	}
	if r, err = d.PersonReport(ctx, carer, id); err != nil || len(r.Ledger) != 1 {
		t.Errorf("the next report does not tell of the first: %+v %v", r.Ledger, err)
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestErasingAPersonTakesEverythingAndLeavesNothingToOpen(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id, other := atRisk(t, d, carer), atRisk(t, d, carer)
		if err := d.StatePerson(ctx, carer, id, person.KindOutcome, person.Outcome{Code: "taken"}); err != nil {
			t.Fatal(err)
		}
		will, err := d.Consequences(ctx, access.Local(), id)
		if err != nil || will.Kind != desk.KindPerson || will.Handled != 3 {
			t.Fatalf("%+v %v", will, err)
		}
		if _, err := d.Erase(ctx, access.Local(), id, "consent_withdrawn"); err != nil {
			t.Fatal(err)
		}
		_, err = d.Person(ctx, carer, id)
		wantFault(t, err, fault.NotFound)
		if list, err := d.Persons(ctx, carer); err != nil || len(list) != 1 || list[0].ID != other {
			t.Errorf("%+v %v", list, err)
		}
		_, err = d.Consequences(ctx, access.Local(), id)
		wantFault(t, err, fault.NotFound)
	})
}
