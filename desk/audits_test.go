package desk_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/desk"
)

// round makes the audits that a mark leaves to be made.
func round(t testing.TB, d *desk.Desk, since desk.AuditMark) (desk.AuditRound, map[string]*audit.Report) {
	t.Helper()
	reports := map[string]*audit.Report{}
	r, err := d.AuditAll(ctx, access.Local(), since, desk.AuditOptions{}, func(one *audit.Report) error {
		reports[one.State] = one
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, reports
}

func in(country string) []string { return []string{"Country", country, "Country ISO", country} }

// A round after the first makes only the audits again that something touched, and the one that an incident left among them.
func TestOnlyWhatWasTouchedIsAuditedAgain(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-04", in("Arcadia")...), event("2", "2021-03-05", in("Belmara")...), event("3", "2021-04-05", in("Corvania")...)), 3, 0, 0, 0)
		first, reports := round(t, d, desk.AuditMark{})
		if strings.Join(first.Made, " ") != "XAA XAB XAC" || len(reports) != 3 {
			t.Fatalf("%+v", first)
		}
		again, _ := round(t, d, first.Mark)
		if len(again.Made) != 0 || len(again.States) != 3 {
			t.Errorf("nothing happened, and %v were made", again.Made)
		}
		takeTable(t, d, sind(t, event("1", "2021-03-04", in("Belmara")...), event("2", "2021-03-05", in("Belmara")...), event("3", "2021-04-05", in("Corvania")...)), 0, 1, 2, 0)
		moved, _ := round(t, d, again.Mark)
		if !slices.Contains(moved.Made, "XAB") || slices.Contains(moved.Made, "XAC") || slices.Contains(moved.States, "XAA") && !slices.Contains(moved.Made, "XAA") {
			t.Errorf("an incident moved from XAA to XAB: %+v", moved)
		}
		coded := "kind,state,year,coder,value,date\ninformation,XAC,2021,coder 4,I3,2022-01-01\n"
		if _, err := d.ImportCodings(ctx, access.Local(), strings.NewReader(coded)); err != nil {
			t.Fatal(err)
		}
		after, _ := round(t, d, moved.Mark)
		if strings.Join(after.Made, " ") != "XAC" {
			t.Errorf("XAC was coded: %v", after.Made)
		}
	})
}

// Whatever the mark cannot answer for makes every audit again.
func TestARoundThatCannotTellMakesAll(t *testing.T) {
	d := open(t, t.TempDir())
	takeTable(t, d, sind(t, event("1", "2021-03-04", in("Arcadia")...), event("2", "2021-03-05", in("Belmara")...)), 2, 0, 0, 0)
	first, _ := round(t, d, desk.AuditMark{})
	for name, spoil := range map[string]func(*desk.AuditMark){
		"rules":    func(m *desk.AuditMark) { m.Rules = "older" },
		"norms":    func(m *desk.AuditMark) { m.Norms = "older" },
		"codes":    func(m *desk.AuditMark) { m.Codebook = "older" },
		"years":    func(m *desk.AuditMark) { m.To++ },
		"origin":   func(m *desk.AuditMark) { m.Origin = "elsewhere" },
		"terms":    func(m *desk.AuditMark) { m.Sources = "older" },
		"journal":  func(m *desk.AuditMark) { m.Journal += 1000 },
		"no round": func(m *desk.AuditMark) { *m = desk.AuditMark{} },
	} {
		mark := first.Mark
		spoil(&mark)
		if r, _ := round(t, d, mark); len(r.Made) != 2 {
			t.Errorf("%s: only %v", name, r.Made)
		}
	}
	inc, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Erase(ctx, access.Local(), inc.Incidents[0].PublicID, "error"); err != nil {
		t.Fatal(err)
	}
	if r, _ := round(t, d, first.Mark); len(r.Made) != len(r.States) || len(r.States) != 1 {
		t.Errorf("erased: %+v", r)
	}
}

// An audit of a round is the audit that is asked for alone.
func TestARoundGivesWhatEachAuditGives(t *testing.T) {
	d := open(t, t.TempDir())
	takeTable(t, d, sind(t, event("1", "2021-03-04", in("Arcadia")...), event("2", "2021-03-05", in("Belmara")...)), 2, 0, 0, 0)
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
	_, reports := round(t, d, desk.AuditMark{})
	for state, one := range reports {
		alone, err := d.Audit(ctx, access.Local(), state, desk.AuditOptions{})
		if err != nil {
			t.Fatal(err)
		}
		alone.MadeAt, one.MadeAt = "", ""
		var a, b bytes.Buffer
		if alone.WriteJSON(&a) != nil || one.WriteJSON(&b) != nil || a.String() != b.String() {
			t.Errorf("%s differs", state)
		}
	}
}
