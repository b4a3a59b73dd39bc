package audit

import (
	"encoding/json"
	"slices"
	"testing"
)

// The rules that no feature may break, design 10.1 to 10.3, each by the name under which it stands there.

func TestDesign101AFindingCountsOnlyTheStatesOwnActs(t *testing.T) {
	for what, c := range map[string]struct {
		change []func(*Incident)
		want   string
	}{
		"its army":                         {nil, F2},
		"its army abroad":                  {[]func(*Incident){in(them), by("foreign.military", us)}, F2},
		"an authority named as its own":    {[]func(*Incident){by("defacto_authority", us)}, F2},
		"an authority not named":           {[]func(*Incident){by("defacto_authority")}, N0},
		"a militia not named":              {[]func(*Incident){by("pro_state_militia")}, N0},
		"an armed group on its territory":  {[]func(*Incident){by("nsag")}, N0},
		"a foreign force on its territory": {[]func(*Incident){by("foreign.military", them)}, N0},
	} {
		r := build(t, []Incident{attack(t, "a", "2022-01-01", c.change...)})
		if got := cellAt(t, r, units, 2022).Proposed; got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
		if c.want == N0 && len(r.Territory) != 1 {
			t.Errorf("%s does not stand beside the cells: %+v", what, r.Territory)
		}
	}
}

func TestDesign101AForeignForceCountsForItsOwnState(t *testing.T) {
	all := []Incident{attack(t, "a", "2022-01-01", by("foreign.military", them))}
	theirs := build(t, all)
	if c := cellAt(t, theirs, units, 2022); c.Floor.High != 0 {
		t.Errorf("counted for the State of the place: %+v", c.Floor)
	}
	foreign := attack(t, "a", "2022-01-01", in(them), by("foreign.military", us))
	if c := cellAt(t, build(t, []Incident{foreign}), units, 2022); c.Floor.Best != 1 {
		t.Errorf("not counted for its own State: %+v", c.Floor)
	}
}

func TestDesign101AFailureCountsOnlyWhereAPersonCodedIt(t *testing.T) {
	const clause = "WMA-ICOME-2022:40"
	all := []Incident{attack(t, "a", "2022-01-01", coded("PER.KIL"), by("nsag"))}
	if c := cellAt(t, build(t, all), clause, 2022); c.Floor.High != 0 || len(c.ToDecide) != 0 {
		t.Errorf("by itself: %+v", c)
	}
	for value, want := range map[string]string{"FAIL_PROTECT": F2, "FAIL_INVESTIGATE": F2, "ATTACK": N0} {
		row := Row{Kind: KindCitation, Clause: clause, Incident: "a", Value: value, Coder: "Ann"}
		if got := cellAt(t, build(t, all, row), clause, 2022).Proposed; got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

func TestDesign101ASelfDeclaredGovernmentIsLeftOutOfTheStrictReading(t *testing.T) {
	c := cellAt(t, build(t, []Incident{attack(t, "a", "2022-01-01", note(NoteDeFacto))}), units, 2022)
	if c.Sensitivity.StateOnly.Best != 0 || c.Floor.Best != 1 || !c.Moves {
		t.Errorf("%+v", c)
	}
}

func TestDesign102ACellLeavesN0OnlyWhenTwoNamedCodersAcceptTheLevel(t *testing.T) {
	for what, c := range map[string]struct {
		rows []Row
		want string
	}{
		"nobody":                     {nil, N0},
		"one":                        {[]Row{level(F2, "Ann")}, N0},
		"one, as two":                {[]Row{level(F2, "Ann"), level(F2, "ANN.")}, N0},
		"one, and as the third":      {[]Row{level(F2, "Ann"), level(F2, "Ann", asThird)}, N0},
		"two":                        {[]Row{level(F2, "Ann"), level(F2, "Ben")}, F2},
		"a panel nobody called":      {[]Row{level(F2, "Oak", func(r *Row) { r.Role = RolePanel }), level(F2, "Elm", func(r *Row) { r.Role = RolePanel })}, N0},
		"two levels":                 {[]Row{level(F2, "Ann"), level(F1, "Ben")}, N0},
		"a published step by itself": {[]Row{stepRow(StepFrozen, "2023-01-01"), stepRow(StepDraft, "2023-01-02")}, N0},
	} {
		if got := cellAt(t, build(t, oneProbable(t), c.rows...), units, 2022).Outcome; got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

func TestDesign102F1RestsOnPossibleAndTheRestOnProbableOrConfirmed(t *testing.T) {
	for certainty, want := range map[string]string{"rumour": N0, "possible": F1, "probable": F2, "confirmed": F2, "contested": N0} {
		if got := cellAt(t, build(t, []Incident{attack(t, "a", "2022-01-01", sure(certainty), coded("ATT.HVY"))}), units, 2022).Proposed; got != want {
			t.Errorf("%s: %s, want %s", certainty, got, want)
		}
	}
	three := []Incident{attack(t, "a", "2022-01-01", sure("possible")), attack(t, "b", "2022-02-01", sure("possible")), attack(t, "c", "2022-03-01", sure("possible"))}
	if got := cellAt(t, build(t, three, level(F3, "Ann"), level(F3, "Ben")), units, 2022); got.Outcome != N0 || got.Proposed != F1 {
		t.Errorf("a pattern of possible incidents: %s, %s", got.Outcome, got.Proposed)
	}
	law := []Incident{attack(t, "a", "2022-01-01", sure("possible"), coded("ATT.HVY", "SYS.LAW"))}
	if got := cellAt(t, build(t, law), units, 2022).Proposed; got != F1 {
		t.Errorf("a law and a possible incident: %s", got)
	}
}

func TestDesign103ADenialLowersNothing(t *testing.T) {
	rows := []Row{level(F2, "Ann"), level(F2, "Ben")}
	for _, value := range []string{"asked", "none", "received", "A", "B", "C", "D", "E"} {
		reply := Row{Kind: KindReply, Clause: units, Year: 2022, Value: value, Date: "2023-01-05", Source: "https://ministry.example/1", Note: "denies all"}
		before, after := build(t, oneProbable(t), rows...), build(t, oneProbable(t), append(slices.Clone(rows), reply)...)
		c := cellAt(t, after, units, 2022)
		if c.Reply == nil || c.Reply.Date != "2023-01-05" || c.Reply.Source == "" {
			t.Fatalf("%s is not shown at once: %+v", value, c.Reply)
		}
		for i := range after.Cells {
			after.Cells[i].Reply = nil
		}
		x, _ := json.Marshal(before.Cells)
		y, _ := json.Marshal(after.Cells)
		if string(x) != string(y) {
			t.Errorf("%s changed a cell", value)
		}
		for i := range after.Incidents {
			if after.Incidents[i].Certainty != before.Incidents[i].Certainty {
				t.Errorf("%s lowered a certainty", value)
			}
		}
	}
}

func TestDesign103AReplyStandsBesideEveryCellThatItSpeaksOf(t *testing.T) {
	for _, c := range []struct {
		clause string
		year   int
		beside bool
	}{{"", 0, true}, {"", 2022, true}, {units, 0, true}, {units, 2022, true}, {"CIHL:R25", 0, false}, {"", 2021, false}} {
		reply := Row{Kind: KindReply, Clause: c.clause, Year: c.year, Value: "received", Date: "2023-01-05"}
		if got := cellAt(t, build(t, nil, reply), units, 2022).Reply != nil; got != c.beside {
			t.Errorf("a reply to %q %d stands beside: %v", c.clause, c.year, got)
		}
	}
}
