package desk_test

import (
	"slices"
	"testing"
	"time"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/fault"
	"ward/incident"
)

// benchYear is the year that these tests code.
const benchYear = 2021

// cycle is a workspace with an incident of XAA's own in a year whose evidence is frozen, and people who may code and decide.
func cycle(t *testing.T, names ...string) (*desk.Desk, []access.Actor) {
	t.Helper()
	target := t.TempDir()
	d := open(t, target)
	takeTable(t, d, sind(t, event("1", "2021-03-07", "Forceful Entry into Health Facility", "1"), event("2", "2020-03-07", "Forceful Entry into Health Facility", "1")), 2, 0, 0, 0)
	war := incident.Stated{Move: incident.Assert, Field: "context", Value: "armed_conflict", Source: "a lawyer", Reliability: "A"}
	for _, inc := range incidents(t, target) {
		if err := d.StateIncident(ctx, coder, inc.PublicID, war); err != nil {
			t.Fatal(err)
		}
	}
	people := employ(t, target, names...)
	if err := d.TakeStep(ctx, people[len(people)-1], audit.Row{Kind: audit.KindStep, State: "XAA", Year: benchYear, Value: audit.StepFrozen}); err != nil {
		t.Fatal(err)
	}
	return d, people
}

// anyCell finds a cell in which something counts.
func anyCell(t *testing.T, d *desk.Desk, who access.Actor) (clause string) {
	t.Helper()
	board, err := d.Board(ctx, who, "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range board.Cells {
		if c.Year == benchYear && c.Incidents > 0 {
			return c.Clause.ID
		}
	}
	t.Fatalf("no cell has anything to code: %+v", board)
	return ""
}

func codeAs(t *testing.T, d *desk.Desk, who access.Actor, clause, level string) {
	t.Helper()
	if err := d.Code(ctx, who, "XAA", clause, benchYear, desk.Coded{Level: level, Note: "reason of " + who.Name}); err != nil {
		t.Fatalf("%s: %v", who.Name, err)
	}
}

// A coder sees the evidence, and neither the other's coding nor last year's outcome nor the proposal until they have coded; by no page and by
// no export of the audit either.
func TestCodersAreBlindUntilTheyHaveCoded(t *testing.T) {
	d, people := cycle(t, "Ana", "Ben", "Cem")
	clause := anyCell(t, d, people[0])
	codeAs(t, d, people[0], clause, "F1")
	for _, who := range people[1:] {
		f, err := d.Coding(ctx, who, "XAA", clause, benchYear)
		if err != nil || !f.Blind || !f.MayCode || f.Coders != 1 || len(f.Incidents) == 0 {
			t.Fatalf("%+v, %v", f, err)
		}
		if len(f.Codings)+len(f.Answers)+len(f.History)+len(f.Choices) != 0 || f.Outcome != "" || f.Last != "" || f.Proposed != "" || f.Agreement != nil {
			t.Errorf("%s sees what others gave: %+v", who.Name, f)
		}
		board, err := d.Board(ctx, who, "XAA", desk.AuditOptions{})
		if err != nil || !board.Blind || board.Agreed != nil {
			t.Errorf("%+v, %v", board, err)
		}
		for _, c := range board.Cells {
			if c.Outcome != "" || c.Differ {
				t.Errorf("the board tells %s of %s %d: %+v", who.Name, c.Clause.ID, c.Year, c)
			}
		}
		for _, opt := range []desk.AuditOptions{{}, {From: 2020, To: 2020}, {Leaves: "json", Recipient: "x", Why: "y"}} {
			_, err = d.Audit(ctx, who, "XAA", opt)
			wantFault(t, err, fault.Refused, "wait for your coding")
		}
	}
	if lines, err := d.Ledger(ctx, access.Local(), 0, 10); err != nil || len(lines) != 0 {
		t.Errorf("what was refused stands in the ledger as gone: %+v, %v", lines, err)
	}
	if f, err := d.Coding(ctx, people[0], "XAA", clause, benchYear); err != nil || len(f.Codings) != 1 {
		t.Errorf("one's own coding is hidden: %+v, %v", f, err)
	}
}

func TestTwoCodersWhoDifferAreDecidedByAThird(t *testing.T) {
	d, people := cycle(t, "Ana", "Ben", "Cem")
	clause := anyCell(t, d, people[0])
	codeAs(t, d, people[0], clause, "F1")
	codeAs(t, d, people[1], clause, "N0")
	f, err := d.Coding(ctx, people[1], "XAA", clause, benchYear)
	if err != nil || f.MayDecide || f.Stage != audit.StageCoded {
		t.Fatalf("who coded may decide: %+v, %v", f, err)
	}
	wantFault(t, d.Code(ctx, people[1], "XAA", clause, benchYear, desk.Coded{Level: "N0"}), fault.Invalid)
	third := people[2]
	third.Roles = []access.Role{access.Publisher}
	if f, err = d.Coding(ctx, third, "XAA", clause, benchYear); err != nil || !f.MayDecide || len(f.Codings) != 2 || !slices.Equal(f.Choices, []string{"F1", "N0"}) {
		t.Fatalf("%+v, %v", f, err)
	}
	wantFault(t, d.Code(ctx, third, "XAA", clause, benchYear, desk.Coded{Level: "F4"}), fault.Invalid)
	codeAs(t, d, third, clause, "F1")
	if f, err = d.Coding(ctx, third, "XAA", clause, benchYear); err != nil || f.Outcome != "F1" || f.Stage != audit.StageAdjudicated {
		t.Errorf("%s at %s, %v", f.Outcome, f.Stage, err)
	}
}

// Draft, sent, sixty days, reply or none, final, published: each in its turn, and none before.
func TestTheStepsOfACellAreTakenInTheirOrder(t *testing.T) {
	d, people := cycle(t, "Ana", "Ben", "Cem")
	clause := anyCell(t, d, people[0])
	take := func(value string) error {
		return d.TakeStep(ctx, people[2], audit.Row{Kind: audit.KindStep, State: "XAA", Clause: clause, Year: benchYear, Value: value})
	}
	wantFault(t, take(audit.StepDraft), fault.Invalid)
	codeAs(t, d, people[0], clause, "F1")
	codeAs(t, d, people[1], clause, "F1")
	for _, step := range []string{audit.StepDraft, audit.StepSent} {
		if err := take(step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	wantFault(t, take(audit.StepNoReply), fault.Invalid)
	wantFault(t, take(audit.StepFinal), fault.Invalid)
	today := time.Now().UTC().Format(time.DateOnly)
	if _, err := d.EnterReply(ctx, people[2], audit.Row{State: "XAA", Clause: clause, Year: benchYear, Value: "received", Date: today, Note: "they deny it"}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{audit.StepFinal, audit.StepPublished} {
		if err := take(step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	if err := d.TakeStep(ctx, people[2], audit.Row{Kind: audit.KindCorrection, State: "XAA", Clause: clause, Year: benchYear, Value: "words", Was: "a", Now: "b", Note: "c"}); err != nil {
		t.Fatal(err)
	}
	f, err := d.Coding(ctx, people[0], "XAA", clause, benchYear)
	if err != nil || f.Stage != audit.StageCorrected || f.Outcome != "F1" {
		t.Errorf("%s at %s, %v", f.Outcome, f.Stage, err)
	}
	coder := people[0]
	coder.Roles = []access.Role{access.Analyst}
	wantFault(t, d.TakeStep(ctx, coder, audit.Row{Kind: audit.KindStep, State: "XAA", Year: benchYear, Value: audit.StepSuperseded}), fault.Refused)
	barred := people[2]
	barred.Barred = []string{"XAA"}
	wantFault(t, d.TakeStep(ctx, barred, audit.Row{Kind: audit.KindStep, State: "XAA", Year: benchYear, Value: audit.StepSuperseded}), fault.Refused, "conflict of interest")
}

// A coding made on screen is the row that a file would bring: under the coder's name, in the same record.
func TestACodingOnScreenIsTheRowOfAFile(t *testing.T) {
	d, people := cycle(t, "Ana", "Ben")
	clause := anyCell(t, d, people[0])
	codeAs(t, d, people[0], clause, "F1")
	codeAs(t, d, people[1], clause, "F1")
	report, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil || len(report.Codings) != 2 {
		t.Fatalf("%+v, %v", report.Codings, err)
	}
	for _, r := range report.Codings {
		if r.Clause != clause || r.Year != benchYear || r.Value != "F1" || r.Note != "reason of "+r.Coder || r.Role != audit.RoleCoder {
			t.Errorf("%+v", r)
		}
	}
}
