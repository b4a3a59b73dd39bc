package desk_test

import (
	"io"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
)

// Whoever may not read the log sees none of it, by no way.
func TestNobodyElseIsShownTheLog(t *testing.T) {
	d := open(t, t.TempDir())
	takeTable(t, d, sind(t, event("1", "2021-03-07")), 1, 0, 0, 0)
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	id, stranger := page.Incidents[0].PublicID, access.Actor{Name: "stranger", Roles: []access.Role{"guest"}}
	for name, ask := range map[string]func(who access.Actor) error{
		"LogPage":     func(who access.Actor) error { _, err := d.LogPage(ctx, who, 0, 5); return err },
		"Act":         func(who access.Actor) error { _, err := d.Act(ctx, who, 1); return err },
		"LedgerPage":  func(who access.Actor) error { _, err := d.LedgerPage(ctx, who, desk.LedgerQuery{Limit: 5}); return err },
		"WriteLedger": func(who access.Actor) error { return d.WriteLedger(ctx, who, io.Discard, desk.LedgerQuery{}) },
		"ReadingPage": func(who access.Actor) error {
			_, err := d.ReadingPage(ctx, who, desk.LedgerQuery{Limit: 5})
			return err
		},
		"Proof": func(who access.Actor) error { _, err := d.Proof(ctx, who, id); return err },
	} {
		if err := ask(stranger); !fault.Is(err, fault.Refused) {
			t.Errorf("%s answers a stranger: %v", name, err)
		}
		if err := ask(access.Local()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.Remains(ctx, stranger, id); !fault.Is(err, fault.Refused) {
		t.Errorf("Remains answers a stranger: %v", err)
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 10)
	if err != nil || len(ledger) != 1 || ledger[0].Who != access.Local().Name {
		t.Errorf("the ledger has %+v, %v", ledger, err)
	}
}

// What somebody asks for in vain leaves no line: else the access log could be filled with words from outside.
func TestAskingInVainLeavesNoLine(t *testing.T) {
	d := open(t, t.TempDir())
	const invented = "WRD-XAA-2020-AAAAAAAA"
	for name, ask := range map[string]func() error{
		"Proof":   func() error { _, err := d.Proof(ctx, access.Local(), invented); return err },
		"Remains": func() error { _, err := d.Remains(ctx, access.Local(), invented); return err },
		"Act":     func() error { _, err := d.Act(ctx, access.Local(), 99); return err },
	} {
		if err := ask(); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	readings, err := d.Readings(ctx, access.Local(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range readings {
		if r.Subject != "acts" && r.Subject != "readings" { // the two lists that were read here
			t.Errorf("there is a line about %q", r.Subject)
		}
	}
}
