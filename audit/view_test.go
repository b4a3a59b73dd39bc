package audit

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"ward/policy"
	"ward/vocab"
)

func TestTheTableHasOneLinePerCell(t *testing.T) {
	r, err := Build(full(t), policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(lines) != len(r.Cells)+1 {
		t.Fatalf("%d lines for %d cells: %v", len(lines), len(r.Cells), err)
	}
	at := func(line []string, column string) string { return line[slices.Index(lines[0], column)] }
	for _, line := range lines[1:] {
		if at(line, "clause") != units || at(line, "year") != "2022" {
			continue
		}
		if at(line, "outcome") != F2 || at(line, "floor_high") != "2" || at(line, "registers") != "alpha=2" || at(line, "with_unknown") != "3..3..4" || at(line, "reply") != "received" {
			t.Errorf("%q", line)
		}
	}
	if got := pairs(map[string]int64{"=cmd|' /C x'!A0": 1, "who ssa": 2}); strings.HasPrefix(got, "=") || strings.Contains(got, "who ssa") {
		t.Errorf("a register's name is a formula or two words: %q", got)
	}
}

func TestTheViewFoldsWhatSaysNothingAndLosesNoClause(t *testing.T) {
	r, err := Build(full(t), policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	v := r.View(policy.Load())
	seen, folded := map[string]bool{}, 0
	for _, row := range v.Rows {
		seen[row.Clause.ID] = true
		if len(row.Cells) != len(v.Years) || row.Norm.ID == "" {
			t.Errorf("%s: %d cells", row.Clause.ID, len(row.Cells))
		}
	}
	for _, f := range v.Folded {
		folded += len(f.Clauses)
	}
	if len(v.Rows)+folded != len(policy.Load().Clauses()) {
		t.Errorf("%d rows and %d folded of %d clauses", len(v.Rows), folded, len(policy.Load().Clauses()))
	}
	for _, clause := range []string{units, "CIHL:R26", "WMA-ICOME-2022:40"} {
		if !seen[clause] {
			t.Errorf("%s is folded away", clause)
		}
	}
	if !v.Coded || len(v.Stated) == 0 {
		t.Errorf("coded %v, stated %+v", v.Coded, v.Stated)
	}
	for _, row := range v.Stated {
		if len(row.Values) != len(v.Years) || !slices.ContainsFunc(row.Values, func(x IndicatorValue) bool { return x.Why != whyNotCoded }) {
			t.Errorf("%s: %+v", row.ID, row.Values)
		}
	}
	if !slices.Equal(v.Columns, []string{"alpha", "beta"}) {
		t.Errorf("columns %v", v.Columns)
	}
}

func TestSmallMultiplesShareTheScaleOfTheirFamilyAndAreNotAdded(t *testing.T) {
	r, err := Build(full(t), policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	v := r.View(policy.Load())
	var got []string
	for _, c := range v.Charts {
		if c.Family.Family == "ATT" && c.Whose == "territory" {
			got = append(got, c.Register, itoa(int(c.Total)), itoa(int(c.Peak)))
		}
	}
	if want := []string{"alpha", "4", "4", "beta", "2", "4"}; !slices.Equal(got, want) {
		t.Errorf("charts %v, want %v", got, want)
	}
}

func TestWhatIsNotKnownIsCounted(t *testing.T) {
	r, err := Build(full(t), policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]Gap{}
	for _, g := range r.NotKnown {
		n[g.Key] = g
	}
	for key, want := range map[string]int{
		"actor_unknown": 1, "actor_open": 1, "place_unknown": 1, "root_unknown": 1, "date_partial": 2, "date_no_year": 1, "contested": 1,
		outNotYet: 1, "information_not_graded": 3,
	} {
		if n[key].N != want || n[key].Text == "" {
			t.Errorf("%s: %+v, want %d", key, n[key], want)
		}
	}
	if slices.Contains(n["not_known_party"].Names, "AP1") || !slices.Contains(n["not_known_party"].Names, "AP2") {
		t.Errorf("treaties not known: %v", n["not_known_party"].Names)
	}
	for _, g := range r.NotKnown {
		if strings.Contains(g.Text, "%!") {
			t.Errorf("%s: %s", g.Key, g.Text)
		}
	}
}

func TestARegisterThatNamesNoActorIsSaidSo(t *testing.T) {
	r := build(t, []Incident{attack(t, "a", "2022-01-01"), attack(t, "b", "2022-01-01", register("quiet"), by("unknown"))})
	for _, g := range r.NotKnown {
		if g.Key == "registers_without_actor" && slices.Equal(g.Names, []string{"quiet"}) {
			return
		}
	}
	t.Errorf("%+v", r.NotKnown)
}

func TestOutcomeIndicatorsCountTheStatesActs(t *testing.T) {
	r := build(t, []Incident{
		attack(t, "a", "2022-01-01"), attack(t, "b", "2022-01-01", by("nsag")), attack(t, "c", "2022-01-01", coded("POS.REL")),
		attack(t, "d", "2022-01-01", coded("PER.ARR", "PER.CRM")),
	})
	got := map[string]int64{}
	for _, o := range r.Outcomes {
		if o.Year == 2022 {
			got[o.Indicator] = o.Count.Best
		}
	}
	if got["OU8"] != 1 || got["OU11"] != 1 || got["OU3"] != 1 || got["OU5"] != 0 || len(got) != 11 {
		t.Errorf("%v", got)
	}
}

func TestTheIndicatorSetIsWholeAndItsLinksStandInTheCorpus(t *testing.T) {
	corpus, n := policy.Load(), map[string]int{}
	for _, in := range Indicators() {
		n[in.Kind]++
		for _, link := range in.Links {
			_, clause := corpus.Clause(link)
			_, norm := corpus.Norm(link)
			if in.Kind == IndicatorOutcome && !vocab.Has("incident", link) || in.Kind != IndicatorOutcome && !clause && !norm {
				t.Errorf("%s: there is no %s", in.ID, link)
			}
		}
	}
	if n[IndicatorStructure] != 10 || n[IndicatorProcess] != 12 || n[IndicatorOutcome] != 11 {
		t.Errorf("%v", n)
	}
}
