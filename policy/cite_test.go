package policy

import (
	"encoding/csv"
	"strings"
	"testing"

	"ward/vocab"
)

func cited(code, actor, context string) string {
	var out []string
	for _, c := range Load().Cite(code, actor, context) {
		out = append(out, c.Clause+" "+c.Bearing+" "+c.Mode)
	}
	return strings.Join(out, "; ")
}

func TestCite(t *testing.T) {
	for _, c := range []struct{ code, actor, context, want string }{
		{"ATT.HVY", "state.military", "armed_conflict", "CIHL:R28 ATTACK rule; UNSC-2286 ATTACK rule"},
		{"ATT.HVY", "foreign.military", "iac", "CIHL:R28 ATTACK rule; UNSC-2286 ATTACK rule"},
		{"ATT.HVY", "occupying", "occupation", "CIHL:R28 ATTACK rule; UNSC-2286 ATTACK rule"},
		{"ATT.HVY", "state.military", "peacetime", ""},
		{"ATT.HVY", "state.military", "", ""},
		{"ATT.HVY", "unknown", "armed_conflict", ""},
		{"ATT.HVY", "", "armed_conflict", ""},
		{"ATT.HVY", "none", "armed_conflict", ""},
		{"ATT.HVY", "multiple", "armed_conflict", ""},
		{"ATT.HVY", "nsag", "armed_conflict", ""},
		{"ATT.EMB", "state.police", "niac", "UNSC-2286 ATTACK rule"}, // only by its family
		{"PER.CRM", "state.judiciary", "peacetime", "WMA-ICOME-2022:40 PUNISH propose"},
		{"PER.CRM", "state.judiciary", "armed_conflict", "WMA-ICOME-2022:40 PUNISH propose; CIHL:R26 PUNISH rule"},
		{"PER.CRM", "state.judiciary", "iac", "WMA-ICOME-2022:40 PUNISH propose; CIHL:R26 PUNISH rule; AP1:16.1 PUNISH rule"},
		{"PER.CRM", "state.judiciary", "niac", "WMA-ICOME-2022:40 PUNISH propose; CIHL:R26 PUNISH rule; AP2:10.1 PUNISH rule"},
		{"CUS.CND", "state.prison", "", "UN-NMR-2015:R24 OBSTRUCT rule"},
		{"CUS.CND", "state.military", "", ""},
		{"CUS.DEN", "state.military", "", "UN-NMR-2015:R27 OBSTRUCT rule"},
		{"DEN.FER", "state.police", "unknown", "WMA-LISBON-2005:0 OBSTRUCT propose; WMA-LISBON-2005:0 OBSTRUCT propose"},
		{"POS.REL", "state.judiciary", "any", ""},
		{"", "state.military", "armed_conflict", ""},
	} {
		if got := cited(c.code, c.actor, c.context); got != c.want {
			t.Errorf("%s by %s in %q: %s, want %s", c.code, c.actor, c.context, got, c.want)
		}
	}
}

// TestTheTableSpeaksTheVocabulary holds each rule's codes, actors, contexts and
// bearings to the code lists.
func TestTheTableSpeaksTheVocabulary(t *testing.T) {
	all, err := csv.NewReader(strings.NewReader(citationsCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 40 {
		t.Fatalf("%d lines in the citation table", len(all))
	}
	for _, row := range all[1:] {
		for _, code := range strings.Split(row[0], ";") {
			if !known("incident", code) {
				t.Errorf("%q is no incident code", code)
			}
		}
		for _, actor := range strings.Split(row[1], ";") {
			if !known("actor", actor) {
				t.Errorf("%q is no actor", actor)
			}
		}
		if row[2] != "any" && !vocab.Has("context", row[2]) {
			t.Errorf("%q is no context", row[2])
		}
		if !vocab.Has("bearing", row[4]) {
			t.Errorf("%q is no bearing", row[4])
		}
	}
}

func known(list, pattern string) bool {
	head, isFamily := strings.CutSuffix(pattern, "*")
	if !isFamily {
		return vocab.Has(list, pattern)
	}
	for _, c := range vocab.Codes(list) {
		if strings.HasPrefix(c.Code, head) {
			return true
		}
	}
	return false
}

// TestCiteAgreesWithTheRules compares the resolved table with a plain reading of
// the rules, over every code, actor and context.
func TestCiteAgreesWithTheRules(t *testing.T) {
	var rules []citeRule
	err := rows("citations.csv", citationsCSV, citeColumns, func(r []string) error {
		rules = append(rules, citeRule{list(r[0], ";"), list(r[1], ";"), r[2], Citation{r[3], r[4], r[5], r[6]}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, code := range vocab.Codes("incident") {
		for _, actor := range vocab.Codes("actor") {
			for _, context := range vocab.Codes("context") {
				var want []string
				for _, r := range rules {
					if fits(r.codes, code.Code) && fits(r.actors, actor.Code) && admits(r.context, context.Code) {
						want = append(want, r.cite.Clause+" "+r.cite.Bearing+" "+r.cite.Mode)
					}
				}
				if got := cited(code.Code, actor.Code, context.Code); got != strings.Join(want, "; ") {
					t.Fatalf("%s %s %s: %s, want %v", code.Code, actor.Code, context.Code, got, want)
				}
				checked++
			}
		}
	}
	if checked < 10000 {
		t.Errorf("only %d combinations", checked)
	}
}

func fits(patterns []string, value string) bool {
	for _, p := range patterns {
		head, isFamily := strings.CutSuffix(p, "*")
		if p == value || isFamily && strings.HasPrefix(value, head) {
			return true
		}
	}
	return false
}

func admits(rule, context string) bool {
	switch rule {
	case "any":
		return true
	case "armed_conflict":
		return context == "armed_conflict" || context == "iac" || context == "niac" || context == "occupation"
	}
	return rule == context
}

func TestCiteDoesNotAllocate(t *testing.T) {
	c := Load()
	if n := testing.AllocsPerRun(100, func() { c.Cite("ATT.EMB", "state.military", "iac") }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}

func BenchmarkCite(b *testing.B) {
	c := Load()
	for b.Loop() {
		c.Cite("ATT.EMB", "state.military", "iac")
	}
}
