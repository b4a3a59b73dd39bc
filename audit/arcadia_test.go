package audit

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"ward/policy"
)

// arcadia is the invented State of testdata: a procedure that reaches every outcome and every stage.
func arcadia(t testing.TB) Input {
	t.Helper()
	f, err := os.Open("testdata/arcadia.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, problems, err := ParseIndicators(f, nil)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return Input{State: us, From: 2015, To: 2024, Incidents: arcadiaIncidents(t), Rows: rows}
}

func arcadiaIncidents(t testing.TB) (out []Incident) {
	t.Helper()
	f, err := os.Open("testdata/arcadia-incidents.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines[1:] {
		inc := Incident{ID: l[0], Date: date(t, l[1]), Country: us, Place: l[2], ActorKind: l[3], Codes: strings.Fields(l[4]), Context: l[5], Certainty: l[6],
			Register: "alpha", Sources: []string{"Alpha"}, Scope: "health", Roots: []string{l[7]}}
		if isState(l[3]) {
			inc.ActorState = []string{us}
		}
		out = append(out, inc)
	}
	return out
}

func arcadiaReport(t testing.TB) *Report {
	t.Helper()
	r, err := Build(arcadia(t), policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestArcadiaReachesEveryOutcomeAndEveryStage(t *testing.T) {
	r := arcadiaReport(t)
	cases := []struct {
		clause string
		year   int
		want   string // outcome, reason, proposed, stage, since
	}{
		{units, 2015, "N0 not_coded N0 scheduled "},
		{units, 2016, "N0 one_coder N0 evidence_frozen 2025-01-31"},
		{units, 2017, "N0 coders_differ N0 coded_twice 2025-02-05"},
		{units, 2018, "N1 two_coders N0 published 2025-06-10"},
		{units, 2019, "N0 panel_decided F1 draft 2025-08-10"},
		{units, 2020, "F1 two_coders F2 corrected 2025-07-01"},
		{units, 2021, "F3 two_coders F3 published 2025-08-10"},
		{units, 2022, "F4 two_coders F4 published 2025-06-10"},
		{units, 2023, "N0 above_evidence F1 published 2025-06-10"},
		{units, 2024, "N0 access_refused N0 superseded 2025-09-01"},
		{"UNSC-2286", 2015, "not_in_force clause_not_in_force not_in_force  "},
		{"UNSC-2286", 2019, "F1 two_coders F1 no_reply 2025-05-01"},
		{"UNSC-2286", 2020, "F2 two_coders F2 adjudicated 2025-02-20"},
		{"UNSC-2286", 2021, "F2 two_coders F3 sent_for_reply 2025-03-02"},
		{"UNSC-2286", 2022, "F2 two_coders F3 replied 2025-03-12"},
		{"UNSC-2286", 2023, "F1 two_coders F1 final 2025-05-02"},
		{"CIHL:R25", 2015, "N0 coders_differ N0 scheduled "},
		{"CIHL:R25", 2020, "N0 coders_differ N0 panel 2025-02-20"},
		{"CIHL:R25", 2021, "F2 panel_decided F2 draft 2025-03-25"},
		{"CIHL:R25", 2022, "N0 coders_differ N0 panel 2025-02-05"},
	}
	outcomes, stages := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		cell := cellAt(t, r, c.clause, c.year)
		s := cell.Standing
		if s == nil {
			s = &Standing{}
		}
		outcomes[cell.Outcome], stages[s.Stage] = true, true
		if got := strings.Join([]string{cell.Outcome, cell.Why, cell.Proposed, s.Stage, s.Since}, " "); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.clause, c.year, got, c.want)
		}
	}
	for _, level := range []string{N0, N1, F1, F2, F3, F4, NotInForce} {
		if !outcomes[level] {
			t.Errorf("no cell is %s", level)
		}
	}
	for _, m := range moves {
		if !stages[m.To] {
			t.Errorf("no cell is at the stage %s", m.To)
		}
	}
}

// What the rules do not let count is listed with its reason, and nothing else is.
func TestArcadiaListsWhatWasRefused(t *testing.T) {
	var got []string
	for _, r := range arcadiaReport(t).Refused {
		got = append(got, strings.Join([]string{r.Kind, r.Clause, itoa(r.Year), r.Value, r.Why}, " "))
	}
	want := []string{
		"outcome CIHL:R28 2016 N1 conflict_declared",
		"step UNSC-2286 2015 draft clause_not_in_force",
		"step CIHL:R25 2020 decided panel_has_not_decided",
		"step CIHL:R25 2022 draft out_of_order",
		"step CIHL:R28 2019 no_reply reply_time_runs",
		"outcome CIHL:R28 2019 F1 own_case",
		"outcome CIHL:R28 2021 F1 not_before_the_panel",
		"outcome CIHL:R28 2022 F2 after_final",
		"outcome CIHL:R28 2023 F4 above_evidence",
		"outcome CIHL:R28 2024 N1 access_refused",
		"step UNSC-2286 2021 published out_of_order",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("refused\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
