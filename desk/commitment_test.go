package desk_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/commitment"
	"ward/desk"
	"ward/fault"
	"ward/policy"
	"ward/when"
)

const (
	asksState = "WMA-GAZA-2025:4" // a recommendation to all States
	asksOwn   = "WMA-SOCIAL-2022:1"
)

func theCommitment(t *testing.T, d *desk.Desk, id, addressee string) commitment.Commitment {
	t.Helper()
	c, err := d.Commitment(ctx, access.Local(), id, addressee)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACommitmentIsOpenedGradedAndGradedAnew(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, who := open(t, target), access.Local()
		now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
		d.Store().SetClock(func() time.Time { return now })
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		count := func(q desk.CommitmentQuery) int {
			t.Helper()
			list, err := d.Commitments(ctx, who, q)
			must(err)
			return len(list)
		}
		if n := count(desk.CommitmentQuery{Addressee: "State:XAA"}); n != 0 {
			t.Errorf("%d commitments of a State that nobody opened", n)
		}
		must(d.OpenCommitment(ctx, who, asksState, "State:XAA", commitment.Opening{Answers: "Aya", Due: "2027-03-02"}))
		must(d.GradeCommitment(ctx, who, asksState, "State:XAA", commitment.Grading{Grade: "D", Evidence: []string{"https://example.org/a"}, Why: "no answer", Review: "2027-06-01"}))
		now = now.AddDate(0, 4, 0)
		if c := theCommitment(t, d, asksState, "State:XAA"); !c.Overdue || c.Status != "D" || len(c.History) != 2 || c.Answers != "Aya" || c.History[1].By != who.Name {
			t.Errorf("%+v", c)
		}
		if n := count(desk.CommitmentQuery{Overdue: true}); n != 1 {
			t.Errorf("%d overdue", n)
		}
		must(d.GradeCommitment(ctx, who, asksState, "State:XAA", commitment.Grading{Grade: "B", Evidence: []string{"https://example.org/b"}, Why: "half was done"}))
		if c := theCommitment(t, d, asksState, "State:XAA"); c.Overdue || c.Status != "B" || len(c.History) != 3 {
			t.Errorf("%+v", c)
		}
		past, err := when.Parse("2027-06-30")
		must(err)
		if n := count(desk.CommitmentQuery{Addressee: "State", Status: "D", On: past.To()}); n != 1 {
			t.Errorf("as of an earlier day: %d graded D", n)
		}
	})
}

func TestACommitmentThatNobodyIsAskedIsRefused(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, who := open(t, target), access.Local()
		good := commitment.Grading{Grade: "C", Evidence: []string{"https://example.org/a"}, Why: "w"}
		lost := good
		lost.Evidence = []string{"WRD-XAA-2024-0A1B2C3D"}
		for name, c := range map[string]struct {
			id, addressee string
			g             commitment.Grading
			kind          fault.Kind
		}{
			"no such recommendation": {"NONE:1", "NMA", good, fault.NotFound},
			"another addressee":      {asksOwn, "WHO", good, fault.NotFound},
			"all States":             {asksState, "State", good, fault.NotFound},
			"no such State":          {asksState, "State:QQQ", good, fault.NotFound},
			"no evidence":            {asksOwn, "NMA", commitment.Grading{Grade: "A", Why: "w"}, fault.Invalid},
			"no such incident":       {asksOwn, "NMA", lost, fault.Invalid},
		} {
			if err := d.GradeCommitment(ctx, who, c.id, c.addressee, c.g); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		stranger := access.Actor{Name: "stranger"}
		if err := d.GradeCommitment(ctx, stranger, asksOwn, "NMA", good); !fault.Is(err, fault.Refused) {
			t.Errorf("a stranger: %v", err)
		}
		if _, err := d.Commitments(ctx, stranger, desk.CommitmentQuery{}); !fault.Is(err, fault.Refused) {
			t.Errorf("a stranger reads: %v", err)
		}
		for q, kind := range map[desk.CommitmentQuery]fault.Kind{{Status: "F"}: fault.Invalid, {Addressee: "friend"}: fault.NotFound, {Addressee: "x-nobody"}: fault.NotFound,
			{Text: "NONE"}: fault.NotFound, {Text: "WMA-TOKYO-2016"}: "", {Addressee: "State:XAB"}: ""} {
			if _, err := d.Commitments(ctx, who, q); fault.KindOf(err) != kind {
				t.Errorf("%+v: %v", q, err)
			}
		}
		if c := theCommitment(t, d, asksOwn, "NMA"); len(c.History) > 0 {
			t.Errorf("something was written: %+v", c.History)
		}
	})
}

func TestAFileOfCommitmentsIsTakenWholeOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, who := open(t, target), access.Local()
		head := strings.Join(commitment.Columns[:commitment.Told], ",") + "\n"
		good := head + asksState + ",State:XAA,Aya,,C,https://example.org/a,too little,2030-01-01\n" + asksOwn + ",NMA,Bo,2030-01-01,,,,\n" + asksOwn + ",NMA:XAB,,,no_info,,nobody answered,\n"
		bad := good + asksOwn + ",WHO,Bo,2030-01-01,,,,\n" + asksOwn + ",NMA:XAA,,,A,WRD-XAA-2024-0A1B2C3D,w,\n"
		result, err := d.ImportCommitments(ctx, who, strings.NewReader(bad))
		if !fault.Is(err, fault.Invalid) || len(result.Problems) != 2 || result.Problems[0].Line != 5 || result.Problems[1].Line != 6 {
			t.Errorf("%v %v", err, result.Problems)
		}
		if c := theCommitment(t, d, asksOwn, "NMA"); len(c.History) > 0 {
			t.Error("half of a file was taken")
		}
		for i, want := range []int{4, 0} {
			if result, err := d.ImportCommitments(ctx, who, strings.NewReader(good)); err != nil || result.Added != want || result.Rows != 3 {
				t.Errorf("time %d: %+v %v", i+1, result, err)
			}
		}
	})
}

func TestCommitmentsThatLeaveStandInTheLedger(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, who := open(t, target), access.Local()
		if err := d.OpenCommitment(ctx, who, asksOwn, "NMA", commitment.Opening{Answers: "Qanaryname"}); err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"csv", "json"} {
			var b bytes.Buffer
			if err := d.ExportCommitments(ctx, who, &b, desk.CommitmentQuery{Text: "WMA-SOCIAL-2022"}, desk.CommitmentFile{Format: format, To: "A congress", Why: "a talk"}); err != nil {
				t.Fatal(err)
			}
			lines, err := d.Ledger(ctx, who, 0, 1)
			if err != nil || len(lines) != 1 {
				t.Fatal(lines, err)
			}
			if l := lines[0]; l.What != "commitments WMA-SOCIAL-2022 "+format || l.Records != 16 || l.To != "A congress" || l.Exit != string(access.AuditFile) {
				t.Errorf("%+v", l)
			}
			if strings.Contains(b.String(), "Qanaryname") || strings.Count(b.String(), "Doctors and students learn") != 1 || strings.Contains(b.String(), "GAZA") {
				t.Errorf("%s", &b)
			}
		}
		part := desk.CommitmentQuery{Text: "WMA-SOCIAL-2022", Status: "open", Overdue: true, On: day(t, "2025-01-31").To()}
		if err := d.ExportCommitments(ctx, who, &bytes.Buffer{}, part, desk.CommitmentFile{Format: "csv"}); err != nil {
			t.Fatal(err)
		}
		if lines, err := d.Ledger(ctx, who, 0, 1); err != nil || lines[0].What != "commitments WMA-SOCIAL-2022 open overdue as of 2025-01-31 csv" || lines[0].Records != 0 {
			t.Errorf("a part of them left, and the ledger says %+v %v", lines, err)
		}
		if err := d.ExportCommitments(ctx, who, &bytes.Buffer{}, desk.CommitmentQuery{}, desk.CommitmentFile{Format: "pdf"}); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

func TestATextThatWasKeptAsksBesideTheCorpus(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, who := open(t, target), access.Local()
		text := policy.Text{File: "invented.txt", Index: 1, TitleGuess: "An invented charter", Clauses: []policy.Point{{Index: 1, Number: "1"}},
			Recommendations: []policy.Recommendation{{Index: 1, Number: "1", Addressee: "government of Arcadia", Verb: "urge", Clause: 1, SHA256: "ab"}}}
		if _, err := d.KeepTexts(ctx, who, []policy.Text{text}); err != nil {
			t.Fatal(err)
		}
		list, err := d.Commitments(ctx, who, desk.CommitmentQuery{Addressee: "State:XAA"})
		if err != nil || len(list) != 1 || list[0].Point != "1" || !list[0].Imported() {
			t.Fatalf("%+v %v", list, err)
		}
		g := commitment.Grading{Grade: "E", Evidence: []string{"https://example.org/a"}, Why: "w"}
		if err := d.GradeCommitment(ctx, who, list[0].ID, "State:XAA", g); err != nil {
			t.Fatal(err)
		}
		if c := theCommitment(t, d, list[0].ID, "State:XAA"); c.Status != "E" {
			t.Errorf("%+v", c)
		}
	})
}
