package desk_test

import (
	"bytes"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/facility"
	"ward/fault"
)

var clinic = facility.Facility{Type: "primary_care", Name: "Qanaryclinic", State: "XAA", Place: "Qanaryplace", Deconflicted: "yes"}

func putFacility(t *testing.T, d *desk.Desk, f facility.Facility) string {
	t.Helper()
	id, err := d.PutFacility(ctx, access.Local(), "", f)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAFacilityStandsAsItWasLastStated(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := putFacility(t, d, clinic)
		down := facility.Damage{Date: "2024-03-01", Component: "building", Damage: facility.Destroyed, Functionality: facility.None}
		first, err := d.StateDamage(ctx, access.Local(), id, down)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := d.StateDamage(ctx, access.Local(), id, down); err != nil || again != first {
			t.Errorf("a form that was sent twice states twice: %s %v", again, err)
		}
		if _, err := d.StateDamage(ctx, access.Local(), id, facility.Damage{Date: "2024-03-01", Functionality: facility.Partial, Corrects: first}); err != nil {
			t.Fatal(err)
		}
		if s, err := d.Facility(ctx, access.Local(), id, 0); err != nil || s.Functionality.Code != facility.Partial || len(s.Entries) != 2 || s.Deconflicted != "yes" {
			t.Errorf("%+v %v", s, err)
		}
		changed := clinic
		changed.Operator = "province"
		for range 2 {
			if _, err := d.PutFacility(ctx, access.Local(), id, changed); err != nil {
				t.Fatal(err)
			}
		}
		list, err := d.Facilities(ctx, access.Local(), desk.FacilityQuery{State: "XAA", Type: "primary_care", Functionality: facility.Partial})
		if err != nil || len(list) != 1 || list[0].Operator != "province" || len(list[0].Puts) != 2 {
			t.Errorf("%+v %v", list, err)
		}
		for _, q := range []desk.FacilityQuery{{State: "XAB"}, {Type: "other"}, {Functionality: desk.Unstated}, {Incident: "WRD-XAA-2024-AAAA"}} {
			if list, err := d.Facilities(ctx, access.Local(), q); err != nil || len(list) != 0 {
				t.Errorf("%+v finds %d, %v", q, len(list), err)
			}
		}
		if r, err := d.FacilityReport(ctx, access.Local(), "Arcadia", 0); err != nil || r.State != "XAA" || r.Facilities != 1 || len(r.Silent) != 1 {
			t.Errorf("%+v %v", r, err)
		}
	})
}

func TestDamageThatCannotStandWritesNothing(t *testing.T) {
	d := open(t, t.TempDir())
	id := putFacility(t, d, clinic)
	full := facility.Damage{Date: "2024", Functionality: facility.Full}
	elsewhere, unknown := full, full
	elsewhere.Incident, unknown.Corrects = "WRD-XAA-2024-AAAAAAAA", id
	for name, c := range map[string]struct {
		id   string
		d    facility.Damage
		kind fault.Kind
	}{"nothing": {id, facility.Damage{Date: "2024"}, fault.Invalid}, "incident": {id, elsewhere, fault.Invalid}, "entry": {id, unknown, fault.Invalid}, "facility": {"none", full, fault.NotFound}} {
		if _, err := d.StateDamage(ctx, access.Local(), c.id, c.d); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.PutFacility(ctx, access.Local(), "none", clinic); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
	if _, err := d.PutFacility(ctx, access.Local(), "", facility.Facility{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	guest := access.Actor{Name: "guest", Roles: []access.Role{"guest"}}
	_, err := d.StateDamage(ctx, guest, id, full)
	_, putErr := d.PutFacility(ctx, guest, "", clinic)
	_, readErr := d.Facility(ctx, guest, id, 0)
	_, takeErr := d.ImportFacilities(ctx, guest, strings.NewReader(""))
	for _, err := range []error{err, putErr, readErr, takeErr} {
		if !fault.Is(err, fault.Refused) {
			t.Errorf("a guest may: %v", err)
		}
	}
	if s, err := d.Facility(ctx, access.Local(), id, 0); err != nil || len(s.Entries) != 0 {
		t.Errorf("%+v %v", s, err)
	}
}

const facilities = "kind,facility,type,name,state,date,functionality,incident\nfacility,K1,other,One,XAA,,,\ndamage,K1,,,,2024-05,none,\n"

func TestAFileOfFacilitiesIsTakenWholeOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		result, err := d.ImportFacilities(ctx, access.Local(), strings.NewReader(facilities+"damage,K1,,,,2024,full,WRD-XAA-2024-AAAAAAAA\ndamage,K2,,,,2024,full,\n"))
		if !fault.Is(err, fault.Invalid) || len(result.Problems) != 2 || result.Problems[0].Line != 4 || result.Added != 0 {
			t.Errorf("%+v %v", result, err)
		}
		if list, err := d.Facilities(ctx, access.Local(), desk.FacilityQuery{}); err != nil || len(list) != 0 {
			t.Errorf("something was written: %d, %v", len(list), err)
		}
		for _, want := range []int{2, 0} {
			if result, err := d.ImportFacilities(ctx, access.Local(), strings.NewReader(facilities)); err != nil || result.Added != want || result.Rows != 2 {
				t.Errorf("%+v %v, want %d", result, err, want)
			}
		}
	})
}

func TestFilesOfFacilitiesLeaveALineAndNoSecret(t *testing.T) {
	d := open(t, t.TempDir())
	id := putFacility(t, d, clinic)
	if _, err := d.StateDamage(ctx, access.Local(), id, facility.Damage{Date: "2024", Functionality: facility.None, Need: "Qanaryneed"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file desk.FacilityFile
		seen bool
		exit access.Exit
	}{{desk.FacilityFile{Format: "csv", To: "ministry", Why: "claim"}, true, access.AuditFile}, {desk.FacilityFile{Format: "csv", Others: true}, false, access.ExportFile}} {
		var register, report bytes.Buffer
		if err := d.ExportFacilities(ctx, access.Local(), &register, desk.FacilityQuery{}, c.file); err != nil {
			t.Fatal(err)
		}
		if err := d.ExportFacilityReport(ctx, access.Local(), &report, desk.FacilityQuery{State: "XAA"}, c.file); err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{register.String(), report.String()} {
			if strings.Contains(out, "Qanary") != c.seen || strings.Contains(out, "deconflicted") {
				t.Errorf("others %v: %s", c.file.Others, out)
			}
		}
		ledger, err := d.Ledger(ctx, access.Local(), 0, 2)
		if err != nil || len(ledger) != 2 || ledger[0].Exit != string(c.exit) || ledger[0].What != "facilities report XAA csv" || ledger[1].What != "facilities csv" || ledger[0].To != c.file.To {
			t.Errorf("%+v %v", ledger, err)
		}
	}
	for _, q := range []desk.FacilityQuery{{State: "QQQ"}, {}} {
		if err := d.ExportFacilityReport(ctx, access.Local(), &bytes.Buffer{}, q, desk.FacilityFile{Format: "csv"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
	}
	if err := d.ExportFacilityReport(ctx, access.Local(), &bytes.Buffer{}, desk.FacilityQuery{State: "XAA"}, desk.FacilityFile{Format: "doc"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}
