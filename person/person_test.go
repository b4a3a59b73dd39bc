package person

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/when"
)

func today(t *testing.T) when.Day {
	t.Helper()
	d, err := when.Parse("2026-06-30")
	if err != nil {
		t.Fatal(err)
	}
	return d.From()
}

func TestAStoryIsToldInTheOrderInWhichItHappened(t *testing.T) {
	for said, want := range map[string]string{
		"released@2026-05-02 taken@2026-05-01":                  "taken released",
		"charged@2026-05 taken@2026-05-01":                      "taken charged",
		"tried@2027 sentenced@2026-12-31":                       "sentenced tried",
		"unknown taken@2026-05-01 missing":                      "taken unknown missing",
		"released@2026-05-01 taken@2026-05-01":                  "released taken",
		"located@2026-05-01/state hospitalised@2026-05-01~":     "located hospitalised",
		"bailed@2026-05-04 taken@2026-05-01 charged@2026-05-03": "taken charged bailed",
	} {
		var got []string
		for _, o := range told(said) {
			got = append(got, o.Body.Code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is told as %v", said, got)
		}
	}
}

func TestWhoIsHeld(t *testing.T) {
	for said, want := range map[string]bool{
		"": false, "taken@2026-05-01": true, "taken@2026-05-01 released@2026-05-02": false, "taken@2026-05-01 hospitalised@2026-05-02": true,
		"missing@2026-05-01": true, "held@2026-05-01": true, "taken@2026-05-01 killed@2026-05-02": false, "sentenced@2026-05-01": true,
		"released@2026-05-01 taken@2026-05-01": true, "taken@2026-05-01 released": false, "released taken@2026-05-01": true, "released": false,
		"taken@2026-05-01 released@2026-05-02 taken@2026-06-01": true, "exiled@2026-05-01": false,
	} {
		if got := (Person{Outcomes: told(said)}).Held(); got != want {
			t.Errorf("%q: held %v", said, got)
		}
	}
}

func TestWhatWasSaidInErrorIsTakenBackAndStaysOnRecord(t *testing.T) {
	made := []entry.Entry[Made]{{ID: "m", Body: Made{Pseudonym: "Cedar"}}}
	e := Entries{Made: made, Outcomes: []entry.Entry[Outcome]{{ID: "1", Body: Outcome{Code: "taken"}}, {ID: "2", Body: Outcome{Code: "killed"}}, {ID: "3", Body: Outcome{Withdraws: "2", Why: "another person"}}}}
	p, ok := Fold("p", e)
	if !ok || len(p.Outcomes) != 1 || p.Dead() || len(e.Outcomes) != 3 {
		t.Errorf("%+v", p.Outcomes)
	}
	if err := (Outcome{Withdraws: "2", Why: "again"}).Check(today(t), p); !fault.Is(err, fault.Conflict) {
		t.Errorf("it is withdrawn twice: %v", err)
	}
	if err := (Outcome{Withdraws: "1"}).Check(today(t), p); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
}

func TestALaterNameReplacesThatOfItsScript(t *testing.T) {
	p, _ := Fold("p", Entries{Made: []entry.Entry[Made]{{}}, Names: []entry.Entry[Name]{{Body: Name{"Latn", "Mina Sol", ""}}, {Body: Name{"Arab", "مینا", ""}}, {Body: Name{"Latn", "Mina Sola", "misspelt"}}}})
	if got := p.NameTexts(); !slices.Equal(got, []string{"مینا", "Mina Sola"}) {
		t.Errorf("%v", got)
	}
}

func TestAPseudonymBetraysNoName(t *testing.T) {
	for _, c := range []struct {
		pseudonym, name string
		betrays         bool
	}{
		{"Cedar", "Mina Solá", false}, {"MINA of the north", "Mina Solá", true}, {"Dr Sola", "Mina Solá", true}, {"minasola7", "Mina Solá", true}, {"Xsolax", "Mina Solá", true},
		{"علي", "علی رضا", true}, {"River Li", "Li Wei", true}, {"Lilac", "Li Wei", false}, {"Cedar", "", false}, {"M-i-n-a S.", "Mina Solá", true},
	} {
		if got := Betrays(c.pseudonym, c.name); got != c.betrays {
			t.Errorf("%q betrays %q: %v", c.pseudonym, c.name, got)
		}
	}
	err := Made{Pseudonym: "Sola"}.Check(today(t), "Mina Solá")
	if !fault.Is(err, fault.Invalid) || strings.Contains(strings.ToLower(err.Error()), "sol") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatCannotBeSaidOfAPerson(t *testing.T) {
	long := strings.Repeat("x", 5000)
	good := Made{Pseudonym: "Cedar", Roles: []string{"health_worker"}, Sex: "female", Born: "198X", Profession: "nurse", ISCO: "2221", Country: "XAA", Member: "yes"}
	if err := good.Check(today(t)); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Made){
		"pseudonym": func(m *Made) { m.Pseudonym = " " }, "long": func(m *Made) { m.Pseudonym = long }, "lines": func(m *Made) { m.Pseudonym = "a\nb" },
		"role": func(m *Made) { m.Roles = []string{"king"} }, "sex": func(m *Made) { m.Sex = "f" }, "born": func(m *Made) { m.Born = "eighties" },
		"born in the future": func(m *Made) { m.Born = "2026-07" }, "profession": func(m *Made) { m.Profession = "king" }, "isco": func(m *Made) { m.ISCO = "22" },
		"state": func(m *Made) { m.Country = "Arcadia" }, "employer": func(m *Made) { m.Employer = long }, "member": func(m *Made) { m.Member = "perhaps" },
	} {
		m := good
		if spoil(&m); !fault.Is(m.Check(today(t)), fault.Invalid) {
			t.Errorf("%s is taken", name)
		}
	}
	for name, n := range map[string]Name{"script": {Script: "Klingon", Text: "x"}, "text": {Script: "Latn", Text: long}, "why": {Script: "Latn", Why: long}} {
		if !fault.Is(n.Check(), fault.Invalid) {
			t.Errorf("%s is taken", name)
		}
	}
	for name, o := range map[string]Outcome{"code": {Code: "vanished"}, "future": {Code: "taken", When: "2026-07-01"}, "date": {Code: "taken", When: "yesterday"}, "state": {Code: "taken", Country: "X"},
		"taker": {Code: "taken", Taker: "police"}, "incident": {Code: "taken", Incident: "WRD-1"}, "place": {Code: "taken", Place: long}, "note": {Code: "taken", Note: long}} {
		if !fault.Is(o.Check(today(t), Person{}), fault.Invalid) {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestACorrectionIsAskedAndThenSettledOnce(t *testing.T) {
	asked := entry.Entry[Correction]{ID: "1", Body: Correction{Field: "name", Asked: "with an h", By: Self}, At: time.Unix(1, 0)}
	done := entry.Entry[Correction]{ID: "2", Body: Correction{Of: "1", Settled: Done, Why: "changed"}}
	open, _ := Fold("p", Entries{Made: []entry.Entry[Made]{{}}, Corrections: []entry.Entry[Correction]{asked}})
	if err := done.Body.Check(open); err != nil {
		t.Error(err)
	}
	closed, _ := Fold("p", Entries{Made: []entry.Entry[Made]{{}}, Corrections: []entry.Entry[Correction]{asked, done}})
	if a := closed.Asked(); len(a) != 1 || a[0].Open() || a[0].Settled.Body.Settled != Done {
		t.Errorf("%+v", a)
	}
	for name, c := range map[string]struct {
		c Correction
		p Person
	}{"twice": {done.Body, closed}, "without a reason": {Correction{Of: "1", Settled: Refused}, open}, "neither": {Correction{Of: "1", Why: "x"}, open}, "of nothing": {Correction{Of: "9", Settled: Done, Why: "x"}, open},
		"asked by nobody": {Correction{Field: "name", Asked: "x"}, open}, "asked of nothing": {Correction{Field: "shoes", Asked: "x", By: Self}, open}, "asked and done": {Correction{Field: "name", Asked: "x", By: Self, Settled: Done}, open}} {
		if c.c.Check(c.p) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
