package desk_test

import (
	"bytes"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/duty"
	"ward/fault"
)

func assess(t *testing.T, d *desk.Desk, list ...duty.Assessment) int {
	t.Helper()
	n, err := d.Assess(ctx, access.Local(), list...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDutiesStandAsTheyWereLastStated(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		met := duty.Assessment{Point: "PROC-1", Year: 2025, Status: duty.Met, Proof: []string{"https://nma.example/1"}, Issued: "2025-03-01", Audience: "all members"}
		if n := assess(t, d, met, duty.Assessment{Point: "CYBER-4", Year: 2025, Status: duty.NotMet, Due: "2025-12-31", Owner: "digital officer"}); n != 2 {
			t.Errorf("%d are new", n)
		}
		if n := assess(t, d, met); n != 0 {
			t.Errorf("what is on record was stated again: %d", n)
		}
		got, err := d.Duties(ctx, access.Local(), 2025, 2024)
		if err != nil || got.Unknown != len(duty.Points())-2 || got.Overdue != 1 || len(got.Changes) != 2 {
			t.Errorf("unknown %d, overdue %d, changes %v, %v", got.Unknown, got.Overdue, got.Changes, err)
		}
		one, err := d.Duty(ctx, access.Local(), "PROC-1", 2026)
		if err != nil || one.Line.Status != duty.NoInfo || one.Line.Before == nil || len(one.History) != 1 {
			t.Errorf("%+v %v", one, err)
		}
		if _, err := d.Duty(ctx, access.Local(), "PROC-99", 0); !fault.Is(err, fault.NotFound) {
			t.Errorf("a duty that is none: %v", err)
		}
	})
}

func TestABadAssessmentWritesNothing(t *testing.T) {
	d := open(t, t.TempDir())
	good := duty.Assessment{Point: "SOCIAL-1", Year: 2026, Status: duty.NotMet}
	if _, err := d.Assess(ctx, access.Local(), good, duty.Assessment{Point: "SOCIAL-2", Year: 2026, Status: duty.Met}); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	result, err := d.ImportDuties(ctx, access.Local(), strings.NewReader("point,year,status\nSOCIAL-1,2026,not_met\nSOCIAL-2,2026,met\n"))
	if !fault.Is(err, fault.Invalid) || len(result.Problems) != 1 || result.Added != 0 {
		t.Errorf("%+v %v", result, err)
	}
	if got, err := d.Duties(ctx, access.Local(), 2026, 0); err != nil || got.Unknown != len(duty.Points()) {
		t.Errorf("something was written: %d unknown, %v", got.Unknown, err)
	}
	if _, err := d.Assess(ctx, access.Actor{Name: "guest", Roles: []access.Role{"guest"}}, good); !fault.Is(err, fault.Refused) {
		t.Errorf("a guest may assess: %v", err)
	}
}

// The file for others lacks what is the association's own business; either leaves a line in the ledger, and ours can be taken in again.
func TestDutiesLeaveByTheExitThatSuitsTheReader(t *testing.T) {
	d := open(t, t.TempDir())
	assess(t, d, duty.Assessment{Point: "SOCIAL-1", Year: 2026, Status: duty.NotMet, Owner: "Qanaryowner", Due: "2026-12-01", Note: "=Qanarynote"})
	write := func(others bool) string {
		var b bytes.Buffer
		if err := d.WriteDuties(ctx, access.Local(), &b, desk.DutiesFile{Year: 2026, Others: others, Recipient: "WMA", Words: func(id string) string { return "words of " + id }}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	ours, theirs := write(false), write(true)
	if !strings.Contains(ours, "Qanaryowner") || !strings.Contains(ours, "'=Qanarynote") {
		t.Error("our own file lacks what is ours")
	}
	for _, kept := range []string{"Qanary", "2026-12-01", "local operator", "owner"} {
		if strings.Contains(theirs, kept) {
			t.Errorf("the file for others holds %q", kept)
		}
	}
	if !strings.Contains(theirs, "SOCIAL-1,2026,not_met") {
		t.Errorf("the file for others lacks the status: %.300s", theirs)
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 9)
	if err != nil || len(ledger) != 2 || ledger[0].Exit != string(access.ExportFile) || ledger[1].Exit != string(access.AuditFile) || ledger[0].To != "WMA" {
		t.Errorf("%+v %v", ledger, err)
	}
	if result, err := d.ImportDuties(ctx, access.Local(), strings.NewReader(ours)); err != nil || result.Rows != 1 || result.Added != 0 {
		t.Errorf("our own file does not come back: %+v %v", result, err)
	}
}
