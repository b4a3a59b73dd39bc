package audit

import (
	"fmt"
	"slices"
	"testing"

	"ward/fault"
	"ward/policy"
	"ward/when"
)

// The invented States of these tests: XAA is audited, XBB is its neighbour.
const (
	us   = "XAA"
	them = "XBB"
)

func date(t testing.TB, s string) when.Date {
	t.Helper()
	if s == "" {
		return when.Date{}
	}
	d, err := when.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// attack is a probable shelling of a hospital by the audited State's army at home, in a place and from an origin of
// its own; change alters it.
func attack(t testing.TB, id, day string, change ...func(*Incident)) Incident {
	t.Helper()
	inc := Incident{
		ID: id, Date: date(t, day), Country: us, Place: "place of " + id, ActorKind: "state.military", ActorState: []string{us},
		Codes: []string{"ATT.HVY"}, Context: "armed_conflict", Certainty: "probable", Register: "alpha",
		Sources: []string{"Alpha"}, Scope: "health", Roots: []string{"root of " + id},
	}
	for _, f := range change {
		f(&inc)
	}
	return inc
}

func sure(certainty string) func(*Incident) { return func(i *Incident) { i.Certainty = certainty } }
func coded(codes ...string) func(*Incident) { return func(i *Incident) { i.Codes = codes } }
func root(roots ...string) func(*Incident)  { return func(i *Incident) { i.Roots = roots } }
func at(place string) func(*Incident)       { return func(i *Incident) { i.Place = place } }
func in(country string) func(*Incident)     { return func(i *Incident) { i.Country = country } }
func register(name string) func(*Incident)  { return func(i *Incident) { i.Register = name } }
func during(name string) func(*Incident)    { return func(i *Incident) { i.Context = name } }
func note(text string) func(*Incident)      { return func(i *Incident) { i.ActorNote = text } }
func by(kind string, states ...string) func(*Incident) {
	return func(i *Incident) { i.ActorKind, i.ActorState = kind, states }
}

func build(t testing.TB, incidents []Incident, rows ...Row) *Report {
	t.Helper()
	for i := range rows {
		if rows[i].State == "" {
			rows[i].State = us
		}
	}
	r, err := Build(Input{State: us, From: 2020, To: 2023, CutOff: "2023-12-31", Incidents: incidents, Rows: rows}, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func cellAt(t testing.TB, r *Report, clause string, year int) *Cell {
	t.Helper()
	for i := range r.Cells {
		if r.Cells[i].Clause == clause && r.Cells[i].Year == year {
			return &r.Cells[i]
		}
	}
	t.Fatalf("no cell %s %d", clause, year)
	return nil
}

// units is the clause that attacks on facilities cite by rule.
const units = "CIHL:R28"

func TestOnlyTheStatesOwnActsCountAndThePlaceNever(t *testing.T) {
	cases := []struct {
		what   string
		change []func(*Incident)
		counts bool
	}{
		{"its army at home", nil, true},
		{"its army abroad", []func(*Incident){in(them), by("foreign.military", us)}, true},
		{"its army as occupier", []func(*Incident){in(them), by("occupying", us)}, true},
		{"a self-declared government perhaps", []func(*Incident){note("de facto possible: the publisher does not tell")}, true},
		{"a militia named as the State's", []func(*Incident){by("pro_state_militia", us)}, true},
		{"allied forces acting together", []func(*Incident){by("state.military foreign.military", us, them), note(NoteJoint)}, true},
		{"one State or another", []func(*Incident){by("state.military", us, them)}, false},
		{"its army or an armed group", []func(*Incident){by("state.military nsag", us)}, false},
		{"its police and a de facto authority", []func(*Incident){by("state.other defacto_authority", us)}, false},
		{"a de facto authority and its army abroad", []func(*Incident){in(them), by("defacto_authority foreign.military", us)}, false},
		{"its army and a militia", []func(*Incident){by("pro_state_militia state.military", us)}, false},
		{"a militia and a de facto authority", []func(*Incident){by("defacto_authority pro_state_militia", us)}, false},
		{"its army and a militia acting together", []func(*Incident){by("pro_state_militia state.military", us), note(NoteJoint)}, true},
		{"a militia nobody's", []func(*Incident){by("pro_state_militia")}, false},
		{"a foreign army on its territory", []func(*Incident){by("foreign.military", them)}, false},
		{"a foreign army, unnamed", []func(*Incident){by("foreign.military")}, false},
		{"a State's army, which is not said", []func(*Incident){by("state.military")}, false},
		{"a de facto authority", []func(*Incident){by("defacto_authority")}, false},
		{"an armed group", []func(*Incident){by("nsag")}, false},
		{"unknown", []func(*Incident){by("unknown")}, false},
		{"nothing said", []func(*Incident){by("")}, false},
		{"its nationals, as criminals", []func(*Incident){by("criminal", us)}, false},
	}
	for _, c := range cases {
		r := build(t, []Incident{attack(t, "a", "2022-03-01", c.change...)})
		cell := cellAt(t, r, units, 2022)
		if got := len(cell.Incidents) == 1; got != c.counts || (cell.Floor.Best == 1) != c.counts {
			t.Errorf("%s: counted %v, want %v", c.what, got, c.counts)
		}
	}
}

func TestWhatOthersDidStandsBesideInTheTerritoryTable(t *testing.T) {
	r := build(t, []Incident{
		attack(t, "a", "2022-03-01"),
		attack(t, "b", "2022-03-02", by("foreign.military", them)),
		attack(t, "c", "2022-03-03", by("nsag")),
		attack(t, "d", "2022-03-04", by("unknown"), register("beta")),
		attack(t, "e", "2022-03-05", by("defacto_authority")),
		attack(t, "f", "2022-03-06", by("state.military", us, them)),
		attack(t, "g", "2022-03-07", in(them), by("foreign.military", us)),
		attack(t, "h", "2022-03-08", by("patient_family")),
	})
	var got []string
	for _, g := range r.Territory {
		got = append(got, fmt.Sprintf("%s %s %v %d", g.Group, g.State, g.Abroad, g.Floor.Best))
	}
	want := []string{"state  false 1", "foreign XBB false 1", "open  false 1", "defacto  false 1", "armed_groups  false 1", "others  false 1", "actor_unknown  false 1", "state  true 1"}
	if !slices.Equal(got, want) {
		t.Errorf("territory\n%q, want\n%q", got, want)
	}
	if r.Summary.Counted.High != 2 || r.Summary.Territory.Low != 6 || r.Summary.Territory.High != 7 {
		t.Errorf("summary %+v", r.Summary)
	}
}

func TestCertaintyDecidesBetweenIndicationsAndSubstance(t *testing.T) {
	for certainty, want := range map[string]string{
		"possible": F1, "probable": F2, "confirmed": F2, "rumour": N0, "contested": N0, "refuted": N0, "discounted": N0, "": N0,
	} {
		cell := cellAt(t, build(t, []Incident{attack(t, "a", "2022-03-01", sure(certainty))}), units, 2022)
		if cell.Proposed != want || cell.Outcome != N0 || cell.Why != whyNotCoded {
			t.Errorf("%s: proposed %s, outcome %s (%s)", certainty, cell.Proposed, cell.Outcome, cell.Why)
		}
	}
}

func TestRegistersAreNeverAdded(t *testing.T) {
	r := build(t, []Incident{
		attack(t, "a", "2022-03-01"), attack(t, "b", "2022-03-02"), attack(t, "c", "2022-03-03"),
		attack(t, "d", "2022-03-01", register("beta")), attack(t, "e", "2022-03-02", register("beta")),
	})
	f := cellAt(t, r, units, 2022).Floor
	if f.Low != 3 || f.Best != 3 || f.High != 5 {
		t.Errorf("floor %+v, want at least 3 and at most 5", f)
	}
}

func TestScopeCutOffAndYears(t *testing.T) {
	r := build(t, []Incident{
		attack(t, "a", "2022-03-01", func(i *Incident) { i.Scope = "aid" }),
		attack(t, "b", "2022-03-01", func(i *Incident) { i.Scope = "" }),
		attack(t, "c", "2024-01-01"),
		attack(t, "d", "2022-12-30/2023-01-02"),
		attack(t, "e", ""),
		attack(t, "f", "1990-01-01"),
	})
	for year := 2020; year <= 2023; year++ {
		if c := cellAt(t, r, units, year); len(c.Incidents) > 0 {
			t.Errorf("%d counts %v", year, c.Incidents)
		}
	}
	if len(r.Incidents) != 2 {
		t.Errorf("%d incidents in the extract, want the two without a year", len(r.Incidents))
	}
}

func TestACutOffWithinTheYearLeavesLaterIncidentsOut(t *testing.T) {
	in := Input{State: us, From: 2022, To: 2022, CutOff: "2022-06-30", Incidents: []Incident{attack(t, "a", "2022-06-30"), attack(t, "b", "2022-07-01")}}
	r, err := Build(in, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	if c := cellAt(t, r, units, 2022); !slices.Equal(c.Incidents, []string{"a"}) {
		t.Errorf("counted %v", c.Incidents)
	}
}

func TestHumanitarianLawNeedsItsContext(t *testing.T) {
	for ctx, want := range map[string]int{"armed_conflict": 1, "iac": 1, "niac": 1, "occupation": 1, "disturbance": 0, "peacetime": 0, "unknown": 0, "": 0} {
		cell := cellAt(t, build(t, []Incident{attack(t, "a", "2022-03-01", during(ctx))}), units, 2022)
		if len(cell.Incidents) != want {
			t.Errorf("%s: %d counted, want %d", ctx, len(cell.Incidents), want)
		}
	}
}

func TestATreatyHoldsForPartiesSinceTheyJoined(t *testing.T) {
	inc := func(year, ctx string) Incident {
		return attack(t, "i"+year+ctx, year+"-05-05", coded("PER.CRM"), during(ctx))
	}
	all := []Incident{inc("2021", "iac"), inc("2022", "iac"), inc("2022", "armed_conflict")}
	const clause = "AP1:16.1"
	if c := cellAt(t, build(t, all), clause, 2022); c.Outcome != N0 || c.Why != whyNotBinding || c.Floor.High != 0 || c.Binds {
		t.Errorf("without a ratification: %+v", c)
	}
	r := build(t, all, Row{Kind: KindParty, Clause: "AP1", Year: 2022, Value: "party", Source: "depositary"})
	late := Row{Kind: KindParty, Clause: "AP1", Year: 2030, Value: "party", Source: "another list"}
	early := Row{Kind: KindParty, Clause: "AP1", Year: 2022, Value: "party", Source: "depositary"}
	if c := cellAt(t, build(t, all, early, late), clause, 2022); !c.Binds {
		t.Error("of two dates the earlier holds")
	}
	if c := cellAt(t, r, clause, 2021); c.Binds || len(c.Incidents) != 0 {
		t.Errorf("before joining: %+v", c)
	}
	if c := cellAt(t, r, clause, 2022); !c.Binds || !slices.Equal(c.Incidents, []string{"i2022iac"}) {
		t.Errorf("after joining, only the classified conflict: %+v", c)
	}
}

func TestTheRectangleIsFullAndKnowsWhatWasNotInForce(t *testing.T) {
	in := Input{State: us, From: 2014, To: 2023, Incidents: []Incident{attack(t, "a", "2015-03-01"), attack(t, "b", "2017-03-01")}}
	r, err := Build(in, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	if want := len(policy.Load().Clauses()) * 10; len(r.Cells) != want {
		t.Errorf("%d cells, want %d", len(r.Cells), want)
	}
	const clause = "UNSC-2286"
	if c := cellAt(t, r, clause, 2015); c.Outcome != NotInForce || c.Proposed != NotInForce || len(c.Incidents) != 0 || c.Moves {
		t.Errorf("before 2016: %+v", c)
	}
	if c := cellAt(t, r, clause, 2017); c.Proposed != F2 {
		t.Errorf("2017: proposed %s", c.Proposed)
	}
}

// An actor left open is said to be so, in the territory table and among what is not known.
func TestAnAuthorityBesideTheStateLeavesTheActorOpen(t *testing.T) {
	r := build(t, []Incident{attack(t, "a", "2022-03-01", by("state.other defacto_authority", us))})
	if len(r.Territory) != 1 || r.Territory[0].Group != GroupOpen {
		t.Errorf("territory %+v", r.Territory)
	}
	if !slices.ContainsFunc(r.NotKnown, func(g Gap) bool { return g.Key == "actor_open" && g.N == 1 }) {
		t.Errorf("not known %+v", r.NotKnown)
	}
	if c := cellAt(t, r, units, 2022); c.Sensitivity.WithUnknown.Count.Best != 1 || c.Floor.High != 0 {
		t.Errorf("%+v", c)
	}
}

func TestAYearThatWasNotAskedForNeverLiesBeyondTheOther(t *testing.T) {
	for _, c := range []struct{ from, to, wantFrom, wantTo int }{
		{0, 0, 2016, 2024}, {0, 2010, 2010, 2010}, {0, 2020, 2016, 2020}, {2030, 0, 2030, 2030}, {2020, 0, 2020, 2024}, {2010, 2030, 2010, 2030}, {2020, 2010, 2020, 2010},
	} {
		if from, to := Span(c.from, c.to, 2016, 2024); from != c.wantFrom || to != c.wantTo {
			t.Errorf("%d to %d of 2016 to 2024: %d to %d, want %d to %d", c.from, c.to, from, to, c.wantFrom, c.wantTo)
		}
	}
}

func TestAStateIsNamedAndNotTheSea(t *testing.T) {
	for _, state := range []string{"", "ZZZ", "xaa", "XA", "XAAA"} {
		if _, err := Build(Input{State: state, From: 2020, To: 2021}, policy.Load()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", state, err)
		}
	}
	if _, err := Build(Input{State: us, From: 2021, To: 2020}, policy.Load()); !fault.Is(err, fault.Invalid) {
		t.Errorf("years reversed: %v", err)
	}
	twice := []Incident{attack(t, "a", "2020-01-01"), attack(t, "a", "2020-01-02")}
	if _, err := Build(Input{State: us, Incidents: twice}, policy.Load()); !fault.Is(err, fault.Invalid) {
		t.Errorf("one id twice: %v", err)
	}
}

func TestAStateWithoutIncidentsHasItsFullEmptyAudit(t *testing.T) {
	in := Input{State: "XCC", MadeAt: "2024-05-01T10:00:00Z", Incidents: []Incident{attack(t, "a", "2021-01-01"), attack(t, "b", "2023-01-01")}}
	r, err := Build(in, policy.Load())
	if err != nil || r.From != 2021 || r.To != 2023 || len(r.Incidents) != 0 {
		t.Fatalf("%v, %d to %d", err, r.From, r.To)
	}
	for i := range r.Cells {
		if c := &r.Cells[i]; c.Outcome != N0 && c.Outcome != NotInForce || c.Moves {
			t.Errorf("%+v", c)
		}
	}
}
