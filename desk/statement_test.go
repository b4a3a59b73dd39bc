package desk_test

import (
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/statement"
	"ward/store"
)

var appeal = statement.Draft{Kind: statement.Appeal, Title: "For a colleague", Lang: "en", Text: "Release Qanarycolleague.", Addressees: []string{"Ministry of Justice"},
	Signatories: []string{"President"}, Findings: []string{"XAA|WMA-ICOME-2022:40|2021"}, Clauses: []string{"WMA-HAMBURG-1997:4"}}

func begin(t *testing.T, d *desk.Desk, draft statement.Draft) string {
	t.Helper()
	number, err := d.BeginStatement(ctx, access.Local(), draft)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func advance(t *testing.T, d *desk.Desk, number string, states ...string) {
	t.Helper()
	for _, to := range states {
		if err := d.AdvanceStatement(ctx, access.Local(), number, statement.Step{To: to, Due: "2027-01-01"}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAStatementGoesItsWayWithItsFindings(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		number := begin(t, d, appeal)
		again := appeal
		again.Title = "For our colleague"
		if err := d.ReviseStatement(ctx, access.Local(), number, again); err != nil {
			t.Fatal(err)
		}
		advance(t, d, number, statement.Review, statement.Approved, statement.Issued)
		if err := d.ReviseStatement(ctx, access.Local(), number, appeal); !fault.Is(err, fault.Refused) {
			t.Errorf("what is issued was revised: %v", err)
		}
		s, err := d.Statement(ctx, access.Local(), number)
		if err != nil || s.State != statement.Issued || !s.Alone || len(s.Drafts) != 2 || s.Draft.Title != again.Title || s.Due != "2027-01-01" {
			t.Errorf("%+v %v", s, err)
		}
		if cited := s.Cited(); len(cited) != 1 || cited[0].Finding != appeal.Findings[0] || cited[0].Outcome == "" {
			t.Errorf("the issue does not keep how its findings stood: %+v", cited)
		}
		if err := d.KeepReply(ctx, access.Local(), number, statement.Reply{Date: "2099-01-01", From: "Ministry", Grade: "D"}); err != nil {
			t.Fatal(err)
		}
		if s, err := d.Statement(ctx, access.Local(), number); err != nil || s.State != statement.Answered || len(s.Replies) != 1 {
			t.Errorf("%+v %v", s, err)
		}
	})
}

func TestACorrectionFollowsWhatWasIssued(t *testing.T) {
	d := open(t, t.TempDir())
	first := begin(t, d, appeal)
	second := appeal
	second.Corrects = first
	if _, err := d.BeginStatement(ctx, access.Local(), second); !fault.Is(err, fault.Refused) {
		t.Errorf("a draft is corrected: %v", err)
	}
	advance(t, d, first, statement.Review, statement.Approved, statement.Issued)
	advance(t, d, begin(t, d, second), statement.Review, statement.Approved, statement.Issued)
	if s, err := d.Statement(ctx, access.Local(), first); err != nil || len(s.CorrectedBy) != 1 {
		t.Errorf("%+v %v", s, err)
	}
	second.Corrects = "none"
	if _, err := d.BeginStatement(ctx, access.Local(), second); !fault.Is(err, fault.NotFound) {
		t.Errorf("nothing is corrected: %v", err)
	}
}

func TestTheRegisterIsAskedBothWays(t *testing.T) {
	d := open(t, t.TempDir())
	begin(t, d, appeal)
	public := statement.Draft{Kind: statement.Public, Title: "بیانیه", Lang: "fa", Text: "متن"}
	advance(t, d, begin(t, d, public), statement.Review)
	for q, want := range map[desk.StatementQuery]int{{}: 2, {Kind: statement.Appeal}: 1, {State: statement.Review}: 1, {Words: "qanary"}: 1, {About: "XAA"}: 1, {About: "XAB"}: 0, {Overdue: true}: 0, {Words: "بيانيه"}: 1} {
		if got, err := d.Statements(ctx, access.Local(), q); err != nil || len(got) != want {
			t.Errorf("%+v: %d, %v", q, len(got), err)
		}
	}
}

func TestAStatementLeavesWithALineInTheLedger(t *testing.T) {
	d := open(t, t.TempDir())
	if err := d.SetLetterhead(ctx, access.Local(), statement.Letterhead{Name: "Medical Association of Arcadia"}); err != nil {
		t.Fatal(err)
	}
	public := appeal
	public.Kind = statement.Public
	number := begin(t, d, public)
	take := func() desk.StatementFile {
		f, err := d.TakeStatement(ctx, access.Local(), number, "pdf", "", "sent")
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if f := take(); f.Issued != "" || f.Letterhead.Name == "" || len(f.Cited) != 1 {
		t.Errorf("%+v", f)
	}
	advance(t, d, number, statement.Review, statement.Approved, statement.Issued)
	if f := take(); f.Issued == "" {
		t.Errorf("%+v", f)
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 9)
	if err != nil || len(ledger) != 2 || ledger[0].Exit != string(access.ExportFile) || ledger[1].Exit != string(access.AuditFile) || ledger[0].To != "Ministry of Justice" || !strings.Contains(ledger[0].What, number) {
		t.Errorf("%+v %v", ledger, err)
	}
}

// Who takes a letter away, or issues it, has read the cells that it cites.
func TestWhoTakesAStatementHasReadItsFindings(t *testing.T) {
	for what, act := range map[string]func(*desk.Desk, string) error{
		"taken": func(d *desk.Desk, number string) error {
			_, err := d.TakeStatement(ctx, access.Local(), number, "txt", "", "")
			return err
		},
		"issued": func(d *desk.Desk, number string) error {
			advance(t, d, number, statement.Review, statement.Approved, statement.Issued)
			return nil
		},
	} {
		d := open(t, t.TempDir())
		if err := act(d, begin(t, d, appeal)); err != nil {
			t.Fatal(err)
		}
		read, err := d.Readings(ctx, access.Local(), 0, 50)
		if err != nil || !slices.ContainsFunc(read, func(r store.Reading) bool { return r.Place == string(access.AuditFile) && r.Subject == "XAA" }) {
			t.Errorf("%s: %+v %v", what, read, err)
		}
	}
}

func TestAStrangerWritesNoStatement(t *testing.T) {
	d := open(t, t.TempDir())
	guest := access.Actor{Name: "guest", Roles: []access.Role{"guest"}}
	number := begin(t, d, appeal)
	_, began := d.BeginStatement(ctx, guest, appeal)
	for name, err := range map[string]error{"begin": began, "revise": d.ReviseStatement(ctx, guest, number, appeal), "advance": d.AdvanceStatement(ctx, guest, number, statement.Step{To: statement.Review}),
		"reply": d.KeepReply(ctx, guest, number, statement.Reply{}), "letterhead": d.SetLetterhead(ctx, guest, statement.Letterhead{Name: "x"})} {
		if !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.TakeStatement(ctx, guest, number, "txt", "", ""); !fault.Is(err, fault.Refused) {
		t.Errorf("take: %v", err)
	}
}
