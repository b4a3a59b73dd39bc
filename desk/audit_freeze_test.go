package desk_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/fault"
)

func audited(t testing.TB, d *desk.Desk) *audit.Report {
	t.Helper()
	r, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func state(t testing.TB, d *desk.Desk, lines ...string) {
	t.Helper()
	file := "kind,state,clause,year,value,coder,role,date,until\n" + strings.Join(lines, "\n") + "\n"
	if r, err := d.ImportCodings(ctx, access.Local(), strings.NewReader(file)); err != nil {
		t.Fatal(err, r.Problems)
	}
}

// What is entered after the evidence of its year was frozen stays out and is counted; the freeze's date may lie in the past, for the log
// says when it came. A superseded freeze lets it in.
func TestWhatIsEnteredAfterTheFreezeStaysOutOfTheAudit(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("2", "2022-04-01")), 2, 0, 0, 0)
		state(t, d, "step,XAA,,2021,frozen,Editor Reed,,2022-02-01,2022-01-31")
		if r := audited(t, d); len(r.Incidents) != 2 || r.CutOff != "" {
			t.Fatalf("%d incidents, cut-off %q: what was there before the freeze stays", len(r.Incidents), r.CutOff)
		}
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("2", "2022-04-01"), event("3", "2021-05-01"), event("4", "2022-05-01")), 2, 0, 2, 0)
		r := audited(t, d)
		if len(r.Incidents) != 3 || !slices.ContainsFunc(r.NotKnown, func(g audit.Gap) bool { return g.Key == "entered_after_cut_off" && g.N == 1 }) {
			t.Errorf("%d incidents, not known %+v", len(r.Incidents), r.NotKnown)
		}
		state(t, d, "step,XAA,,2022,frozen,Editor Reed,,2023-02-01,")
		if r := audited(t, d); r.CutOff != "2023-02-01" {
			t.Errorf("cut-off of the whole audit %q", r.CutOff)
		}
		state(t, d, "step,XAA,,2021,superseded,Editor Reed,,2023-03-01,", "step,XAA,,2021,frozen,Editor Reed,,2023-03-02,")
		if r := audited(t, d); len(r.Incidents) != 4 {
			t.Errorf("%d incidents after a later freeze", len(r.Incidents))
		}
	})
}

func TestAReplyIsEnteredOnceAndChecked(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07")), 1, 0, 0, 0)
		denial := audit.Row{State: "Arcadia", Clause: "CIHL:R28", Year: 2021, Value: "received", Date: "2021-06-01", Source: "https://ministry.example/1"}
		for i, want := range []bool{true, false} {
			if added, err := d.EnterReply(ctx, access.Local(), denial); err != nil || added != want {
				t.Errorf("%d: %v %v", i, added, err)
			}
		}
		r := audited(t, d)
		if len(r.Replies) != 1 || r.Replies[0].Coder != "" {
			t.Errorf("%+v", r.Replies)
		}
		for what, change := range map[string]func(*audit.Row){
			"no date": func(r *audit.Row) { r.Date = "" }, "a year of another age": func(r *audit.Row) { r.Year = 3000 },
			"nothing said": func(r *audit.Row) { r.Source = "" }, "no such clause": func(r *audit.Row) { r.Clause = "NO:1" },
			"a day to come": func(r *audit.Row) { r.Date = "2199-01-01" },
			"a long note":   func(r *audit.Row) { r.Note = strings.Repeat("x", 5000) },
		} {
			bad := denial
			change(&bad)
			if _, err := d.EnterReply(ctx, access.Local(), bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := d.EnterReply(ctx, access.Actor{Name: "nobody"}, denial); !fault.Is(err, fault.Refused) {
			t.Errorf("without leave: %v", err)
		}
	})
}

// Rows with the later columns are committed to as they are kept: the doctor compares each with the journal.
func TestTheDoctorFindsRowsOfEveryKindAsTheyWereJournalled(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	f, err := os.Open(filepath.Join("..", "audit", "testdata", "arcadia.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := d.ImportCodings(ctx, access.Local(), f)
	if err != nil || r.Added < 100 {
		t.Fatal(r, err)
	}
	d.Close()
	checks, err := desk.Doctor(ctx, access.Local(), at(t, target), desk.DoctorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Name == "codings" && (c.Light != desk.Green || len(c.Found) > 0) {
			t.Errorf("%+v", c)
		}
	}
}
