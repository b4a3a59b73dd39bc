package audit

import (
	"slices"
	"testing"

	"ward/policy"
)

func TestAPatternNeedsThreeOriginsTwoPlacesAnd24Months(t *testing.T) {
	p, q := at("P"), at("Q")
	cases := []struct {
		what string
		all  []Incident
		want string
	}{
		{"three origins, two places, one year", []Incident{attack(t, "a", "2022-01-01", p), attack(t, "b", "2022-02-01", p), attack(t, "c", "2022-03-01", q)}, F3},
		{"two incidents", []Incident{attack(t, "a", "2022-01-01", p), attack(t, "b", "2022-02-01", q)}, F2},
		{"one place", []Incident{attack(t, "a", "2022-01-01", p), attack(t, "b", "2022-02-01", p), attack(t, "c", "2022-03-01", p)}, F2},
		{"the other place unknown", []Incident{attack(t, "a", "2022-01-01", p), attack(t, "b", "2022-02-01", p), attack(t, "c", "2022-03-01", at(""))}, F2},
		{"the other place withheld", []Incident{attack(t, "a", "2022-01-01", p), attack(t, "b", "2022-02-01", p), attack(t, "c", "2022-03-01", at(withheld))}, F2},
		{"places unknown, two countries", []Incident{attack(t, "a", "2022-01-01", at("")), attack(t, "b", "2022-02-01", at("")), attack(t, "c", "2022-03-01", at(""), in(them), by("foreign.military", us))}, F3},
		{"one origin shared by two", []Incident{attack(t, "a", "2022-01-01", p, root("w")), attack(t, "b", "2022-02-01", p, root("w")), attack(t, "c", "2022-03-01", q)}, F2},
		{"a bridge of origins hides no pattern", []Incident{attack(t, "a", "2022-01-01", p, root("1")), attack(t, "b", "2022-02-01", p, root("1", "2")), attack(t, "c", "2022-03-01", q, root("2")), attack(t, "d", "2022-04-01", q, root("3"))}, F3},
		{"origins unknown", []Incident{attack(t, "a", "2022-01-01", p, root()), attack(t, "b", "2022-02-01", p, root()), attack(t, "c", "2022-03-01", q, root())}, F2},
		{"only possible", []Incident{attack(t, "a", "2022-01-01", p, sure("possible")), attack(t, "b", "2022-02-01", p), attack(t, "c", "2022-03-01", q)}, F2},
		{"within 24 months", []Incident{attack(t, "a", "2020-03-01", p), attack(t, "b", "2021-02-01", p), attack(t, "c", "2022-03-01", q)}, F3},
		{"24 months to the day", []Incident{attack(t, "a", "2020-02-28", p), attack(t, "b", "2021-02-01", p), attack(t, "c", "2022-02-28", q)}, F3},
		{"a day more than 24 months", []Incident{attack(t, "a", "2020-02-28", p), attack(t, "b", "2021-02-01", p), attack(t, "c", "2022-03-01", q)}, F2},
		{"perhaps more than 24 months", []Incident{attack(t, "a", "2020", p), attack(t, "b", "2021-02-01", p), attack(t, "c", "2022-03-01", q)}, F2},
		{"the year before the audit belongs to the window", []Incident{attack(t, "a", "2019-06-01", p), attack(t, "b", "2019-07-01", q), attack(t, "c", "2022-03-01", q)}, F2},
		{"the other place only in another register", []Incident{attack(t, "a", "2022-01-01", p), attack(t, "b", "2022-02-01", p), attack(t, "c", "2022-03-01", p), attack(t, "d", "2022-03-01", q, register("beta"))}, F2},
		{"two registers that may hold one event", []Incident{attack(t, "a", "2022-01-01", p), attack(t, "b", "2022-02-01", p), attack(t, "c", "2022-03-01", q, register("beta"))}, F2},
	}
	for _, c := range cases {
		if got := cellAt(t, build(t, c.all), units, 2022).Proposed; got != c.want {
			t.Errorf("%s: proposed %s, want %s", c.what, got, c.want)
		}
	}
}

func TestAPatternEndsInTheYearOfItsCell(t *testing.T) {
	r := build(t, []Incident{attack(t, "a", "2019-11-01", at("P")), attack(t, "b", "2019-12-01", at("Q")), attack(t, "c", "2020-03-01"), attack(t, "d", "2023-03-01")})
	for year, want := range map[int]string{2020: F3, 2021: N0, 2022: N0, 2023: F2} {
		if got := cellAt(t, r, units, year).Proposed; got != want {
			t.Errorf("%d: proposed %s, want %s", year, got, want)
		}
	}
	if c := cellAt(t, r, units, 2020); len(c.Incidents) != 1 {
		t.Errorf("2020 lists %v, the years before the audit only support the pattern", c.Incidents)
	}
}

func TestTheSearchForAPatternStaysBounded(t *testing.T) {
	var all []*Incident
	for i := range 20_000 {
		inc := attack(t, itoa(i), "2022-01-01", root("one wire"), at(itoa(i%7)))
		all = append(all, &inc)
	}
	if new(counter).patternIn(all, len(all)) {
		t.Error("copies of one wire are no pattern")
	}
}

func TestOrdersCarryAPatternAndLawsAPolicy(t *testing.T) {
	one := func(change ...func(*Incident)) []Incident { return []Incident{attack(t, "a", "2022-01-01", change...)} }
	for _, c := range []struct {
		what string
		all  []Incident
		rows []Row
		want string
	}{
		{"an order was coded", one(coded("ATT.HVY", "ETH.ORD")), nil, F3},
		{"a policy was coded", one(coded("ATT.HVY", "SYS.POL")), nil, F4},
		{"a law was coded", one(coded("ATT.HVY", "SYS.LAW")), nil, F4},
		{"a policy, but only possibly", one(coded("ATT.HVY", "SYS.POL"), sure("possible")), nil, F1},
		{"a person found the order", one(), []Row{{Kind: KindCitation, Clause: units, Incident: "a", Value: "ATTACK", Evidence: EvidenceInstruction, Coder: "A"}}, F3},
		{"a person found the acknowledgement", one(), []Row{{Kind: KindCitation, Clause: units, Incident: "a", Value: "ATTACK", Evidence: EvidenceAcknowledge, Coder: "A"}}, F4},
	} {
		if got := cellAt(t, build(t, c.all, c.rows...), units, 2022).Proposed; got != c.want {
			t.Errorf("%s: proposed %s, want %s", c.what, got, c.want)
		}
	}
}

func TestSensitivityShowsWhatTheLevelRestsOn(t *testing.T) {
	r := build(t, []Incident{
		attack(t, "a", "2022-01-01", sure("confirmed")),
		attack(t, "b", "2022-02-01"),
		attack(t, "c", "2022-03-01", sure("possible")),
		attack(t, "d", "2022-04-01", note(NoteDeFacto)),
		attack(t, "e", "2022-05-01", by("unknown")),
		attack(t, "f", "2022-06-01", by("state.military")),
		attack(t, "g", "2022-07-01", by("nsag")),
	})
	c := cellAt(t, r, units, 2022)
	for _, v := range []struct {
		name  string
		got   Variant
		count int64
		level string
	}{
		{"confirmed only", c.Sensitivity.Confirmed, 1, F2},
		{"with probable", c.Sensitivity.Probable, 3, F3},
		{"with possible", c.Sensitivity.Possible, 4, F3},
		{"State only", c.Sensitivity.StateOnly, 3, F2},
		{"with unknown", c.Sensitivity.WithUnknown, 6, F3},
	} {
		if v.got.Best != v.count || v.got.Level != v.level {
			t.Errorf("%s: %+v, want %d %s", v.name, v.got, v.count, v.level)
		}
	}
	if !c.Moves || c.Certainty["confirmed"].Best != 1 || c.Certainty["probable"].Best != 2 || c.Certainty["possible"].Best != 1 {
		t.Errorf("moves %v, certainty %v", c.Moves, c.Certainty)
	}
	steady := cellAt(t, build(t, []Incident{attack(t, "a", "2022-01-01", sure("confirmed"))}), units, 2022)
	if steady.Moves {
		t.Error("a confirmed incident of the State alone does not move")
	}
}

func TestProposedCitationsRaiseNothingUntilAPersonDecides(t *testing.T) {
	const clause = "CIHL:R26"
	arrest := []Incident{attack(t, "a", "2022-01-01", coded("PER.ARR"))}
	c := cellAt(t, build(t, arrest), clause, 2022)
	if c.Proposed != N0 || c.Floor.High != 0 || len(c.ToDecide) != 1 || c.ToDecide[0].Bearing != "PUNISH" || c.ToDecide[0].Count.Best != 1 {
		t.Errorf("undecided: %+v", c)
	}
	yes := Row{Kind: KindCitation, Clause: clause, Incident: "a", Value: "PUNISH", Coder: "A"}
	if c = cellAt(t, build(t, arrest, yes), clause, 2022); c.Proposed != F2 || len(c.ToDecide) != 0 || c.Bearings["PUNISH"] != 1 {
		t.Errorf("accepted: %+v", c)
	}
	no := yes
	no.Value = Declined
	if c = cellAt(t, build(t, arrest, no), clause, 2022); c.Proposed != N0 || len(c.ToDecide) != 0 {
		t.Errorf("declined: %+v", c)
	}
}

func TestOfOthersActsOnlyTheFailureToProtectIsTheStates(t *testing.T) {
	const clause = "WMA-ICOME-2022:40"
	all := []Incident{attack(t, "a", "2022-01-01", coded("PER.KIL"), by("nsag"))}
	row := Row{Kind: KindCitation, Clause: clause, Incident: "a", Value: "FAIL_PROTECT", Coder: "A"}
	if c := cellAt(t, build(t, all, row), clause, 2022); c.Proposed != F2 || !slices.Equal(c.Incidents, []string{"a"}) {
		t.Errorf("failure to protect: %+v", c)
	}
	row.Value = "ATTACK"
	r := build(t, all, row)
	if c := cellAt(t, r, clause, 2022); c.Floor.High != 0 {
		t.Errorf("an armed group's attack is counted as the State's: %+v", c)
	}
	if len(r.Refused) != 1 || r.Refused[0].Why != whyNotItsAct {
		t.Errorf("refused %+v", r.Refused)
	}
	for _, c := range []struct {
		change func(*Row)
		why    string
	}{
		{func(r *Row) { r.Incident = "z" }, whyNoIncident},
		{func(r *Row) { r.Clause = "NO:1" }, whyNoClause},
		{func(r *Row) { r.Clause = "AP1:16.1" }, whyNotBinding},
	} {
		bad := Row{Kind: KindCitation, Clause: clause, Incident: "a", Value: "FAIL_PROTECT", Coder: "A"}
		c.change(&bad)
		if r := build(t, all, bad); len(r.Refused) != 1 || r.Refused[0].Why != c.why {
			t.Errorf("%s: refused %+v", c.why, r.Refused)
		}
	}
}

func TestUnknownActorAndFailureToProtectCountOnce(t *testing.T) {
	all := []Incident{attack(t, "a", "2022-01-01", by("unknown"))}
	row := Row{Kind: KindCitation, Clause: units, Incident: "a", Value: "FAIL_PROTECT", Coder: "A"}
	c := cellAt(t, build(t, all, row), units, 2022)
	if c.Floor.Best != 1 || c.Sensitivity.WithUnknown.Best != 1 || len(c.Incidents) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestWhatHappenedBeforeTheClauseWasInForceSupportsNoPattern(t *testing.T) {
	in := Input{State: us, From: 2014, To: 2017, Incidents: []Incident{
		attack(t, "a", "2015-11-01"), attack(t, "b", "2015-12-01"), attack(t, "c", "2016-02-01"),
	}}
	r, err := Build(in, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	if got := cellAt(t, r, "UNSC-2286", 2016).Proposed; got != F2 {
		t.Errorf("the resolution of 2016: proposed %s, want F2", got)
	}
	if got := cellAt(t, r, units, 2016).Proposed; got != F3 {
		t.Errorf("custom: proposed %s, want F3", got)
	}
}

func TestAMilitiaNamedAsTheStatesIsSeenInTheSensitivity(t *testing.T) {
	c := cellAt(t, build(t, []Incident{attack(t, "a", "2022-01-01", by("pro_state_militia", us), sure("confirmed"))}), units, 2022)
	if c.Sensitivity.StateOnly.Level != N0 || c.Proposed != F2 || !c.Moves {
		t.Errorf("%+v", c.Sensitivity)
	}
}

func TestUnknownActorsElsewhereAreNotThisStates(t *testing.T) {
	all := []Incident{attack(t, "a", "2022-01-01", by("unknown"), in(them))}
	row := Row{Kind: KindCitation, Clause: "WMA-ICOME-2022:40", Incident: "a", Value: "FAIL_PROTECT", Coder: "A"}
	if c := cellAt(t, build(t, all, row), units, 2022); c.Sensitivity.WithUnknown.High != 0 {
		t.Errorf("%+v", c.Sensitivity)
	}
}

func TestOthersActsAreNotToBeDecided(t *testing.T) {
	for what, inc := range map[string]Incident{
		"a foreign army":   attack(t, "a", "2022-01-01", coded("ATT.BMB"), by("foreign.military", them)),
		"an unknown actor": attack(t, "a", "2022-01-01", coded("ATT.BMB"), by("unknown")),
	} {
		if c := cellAt(t, build(t, []Incident{inc}), units, 2022); len(c.ToDecide) != 0 {
			t.Errorf("%s: %+v", what, c.ToDecide)
		}
	}
}

func TestALawOfUnknownAuthorsIsNoPolicyOfTheState(t *testing.T) {
	all := []Incident{attack(t, "a", "2022-01-01", by("unknown"), coded("ATT.HVY", "SYS.LAW"))}
	row := Row{Kind: KindCitation, Clause: units, Incident: "a", Value: "FAIL_PROTECT", Coder: "A"}
	if got := cellAt(t, build(t, all, row), units, 2022).Proposed; got != F2 {
		t.Errorf("proposed %s, want F2", got)
	}
}
