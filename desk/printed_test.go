package desk_test

import (
	"testing"

	"ward/access"
	"ward/commitment"
	"ward/desk"
	"ward/duty"
)

func TestWhatIsPrintedForOthersLeavesOutWhatStaysWithin(t *testing.T) {
	d, who := open(t, t.TempDir()), access.Local()
	assess(t, d, duty.Assessment{Point: "CYBER-4", Year: 2025, Status: duty.NotMet, Due: "2025-12-31", Owner: "digital officer", Note: "Qanarynote"})
	for _, c := range []struct {
		others            bool
		exit, owner, note string
		overdue           int
	}{{false, "audit", "digital officer", "Qanarynote", 1}, {true, "export", "", "", 0}} {
		got, err := d.TakeDuties(ctx, who, desk.DutiesFile{Year: 2025, Others: c.others, Recipient: "the board"}, "pdf")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range got.Lines {
			if l.ID == "CYBER-4" && (l.Now.Body.Owner != c.owner || l.Now.Body.Note != c.note || l.Overdue == c.others || c.others && l.Now.By != "") {
				t.Errorf("for others %v: %+v", c.others, l.Now)
			}
		}
		lines, err := d.Ledger(ctx, who, 0, 1)
		if err != nil || lines[0].Exit != c.exit || lines[0].What != "duties 2025 pdf" || lines[0].To != "the board" || got.Overdue != c.overdue {
			t.Errorf("%+v, %d overdue, %v", lines, got.Overdue, err)
		}
	}
	if got, err := d.Duties(ctx, who, 2025, 0); err != nil || got.Overdue != 1 {
		t.Errorf("what was printed changed what is held: %+v %v", got.Overdue, err)
	}
}

func TestCommitmentsArePrintedWithoutNames(t *testing.T) {
	d, who := open(t, t.TempDir()), access.Local()
	if err := d.OpenCommitment(ctx, who, asksState, "State:XAA", commitment.Opening{Answers: "Qanaryaya", Due: "2027-03-02"}); err != nil {
		t.Fatal(err)
	}
	list, err := d.TakeCommitments(ctx, who, desk.CommitmentQuery{Addressee: "State:XAA"}, desk.CommitmentFile{Format: "odt", To: "the board"})
	if err != nil || len(list) != 1 || list[0].Answers != "" || list[0].History[0].By != "" {
		t.Errorf("%+v %v", list, err)
	}
	lines, err := d.Ledger(ctx, who, 0, 1)
	if err != nil || lines[0].What != "commitments State:XAA odt" || lines[0].Records != 1 {
		t.Errorf("%+v %v", lines, err)
	}
}
