package suitability

import (
	"slices"
	"strings"
	"testing"

	"ward/entry"
	"ward/fault"
	"ward/policy"
)

// Persecution of clinicians is what the citation table ties to the codes of persecution, and nothing else.
func TestTheClausesAreThoseOfPersecution(t *testing.T) {
	got := Clauses(policy.Load())
	for _, want := range []string{"WMA-ICOME-2022:40", "WMA-TOKYO-2016:9", "WMA-HAMBURG-1997:4", "CIHL:R26", "AP1:16.1", "AP2:10.1"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing among %v", want, got)
		}
	}
	for _, other := range []string{"CIHL:R28", "WMA-MALTA-2017:force-feeding", "UN-NMR-2015:R24"} {
		if slices.Contains(got, other) {
			t.Errorf("%s is not about persecution", other)
		}
	}
}

func TestWhatIsKnownStandsApartFromWhatIsNot(t *testing.T) {
	a, b := "WMA-TOKYO-2016:9", "WMA-ICOME-2022:40"
	cells := []Cell{
		{Clause: a, Year: 2023, Binds: true, Outcome: "N0", Proposed: "N0", Environment: "I4"},
		{Clause: a, Year: 2024, Binds: true, Outcome: "F2", Proposed: "F1", Environment: "no_info"},
		{Clause: b, Year: 2024, Binds: true, Outcome: "N0", Proposed: "F1", Environment: "I3"},
		{Clause: b, Year: 2023, Binds: true, Outcome: "N0", Proposed: "N0", ToDecide: 2},
		{Clause: b, Year: 2022, Binds: true, Outcome: "N1", Proposed: "N0"},
		{Clause: b, Year: 2021, Binds: true, Outcome: "not_in_force"},
		{Clause: b, Year: 2020, Outcome: "F3"},
		{Clause: "CIHL:R28", Year: 2024, Binds: true, Outcome: "F4"},
	}
	p := Look(cells, []string{a, b})
	var said []string
	for _, m := range p.Matters {
		said = append(said, m.Clause+" "+m.Outcome)
	}
	if want := []string{a + " F2", b + " N0", b + " N0", b + " N1"}; !slices.Equal(said, want) || p.Matters[0].Year != 2024 || p.Matters[3].Year != 2022 {
		t.Errorf("%v", said)
	}
	if len(p.Unknown) != 2 || !slices.Equal(p.Unknown[0].Years, []int{2023}) || !slices.Equal(p.Unknown[1].Years, []int{2023, 2024}) {
		t.Errorf("%+v", p.Unknown)
	}
	if p.Environment != "I3" || p.GradedIn != 2024 {
		t.Errorf("%s in %d", p.Environment, p.GradedIn)
	}
	if basis := p.Basis(); len(basis) != 4 || basis[0].Proposed != "F1" || basis[1].Proposed != "F1" || basis[2].Proposed != "" || basis[3].Proposed != "" {
		t.Errorf("%+v", basis)
	}
	if none := Look(nil, []string{a}); none.Environment != "" || len(none.Matters)+len(none.Unknown) != 0 {
		t.Errorf("%+v", none)
	}
}

var sound = Decision{State: "XAA", Event: "Congress 2027", When: "2027-05", Decision: Support, Date: "2026-05-07", Reasons: "because", Support: []string{"named in the programme"}, Roles: []string{"council"}}

func TestADecisionIsGrounded(t *testing.T) {
	if err := sound.Check(); err != nil || !sound.Alone() {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Decision){
		"State": func(d *Decision) { d.State = "QQQ" }, "event": func(d *Decision) { d.Event = "" }, "decision": func(d *Decision) { d.Decision = "maybe" }, "day": func(d *Decision) { d.Date = "May" },
		"no day": func(d *Decision) { d.Date = "" }, "date": func(d *Decision) { d.When = "soon" }, "reasons": func(d *Decision) { d.Reasons = " " }, "blank roles": func(d *Decision) { d.Roles = []string{" "} }, "blank support": func(d *Decision) { d.Support = []string{""} }, "roles": func(d *Decision) { d.Roles = nil },
		"support": func(d *Decision) { d.Support = nil }, "too long": func(d *Decision) { d.Reasons = strings.Repeat("x", maxWords+1) }, "too many": func(d *Decision) { d.Roles = slices.Repeat([]string{"x"}, 31) },
	} {
		d := sound
		change(&d)
		if err := d.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := Decision{State: "XAA", Event: "Congress 2027", Decision: Undecided}
	if err := open.Check(); err != nil || open.Alone() {
		t.Errorf("what is not decided needs nothing: %v", err)
	}
	two := sound
	two.Roles = []string{"council", "ethics committee"}
	if two.Alone() {
		t.Error("two roles are called one")
	}
	two.Roles = []string{"council", "Council ", ""}
	if !two.Alone() {
		t.Error("one role in two spellings is called two")
	}
}

func TestTheLastWordOnAnEventStands(t *testing.T) {
	word := func(subject, decision string) Entry {
		return Entry{Subject: subject, Body: Decision{Decision: decision}}
	}
	got := Events([]entry.Entry[Decision]{word("1", Undecided), word("2", Hold), word("1", Refrain)})
	if len(got) != 2 || got[0].ID != "1" || got[0].Last.Body.Decision != Refrain || len(got[0].Words) != 2 || got[1].ID != "2" {
		t.Errorf("%+v", got)
	}
}
