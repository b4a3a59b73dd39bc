package audit

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"ward/policy"
	"ward/vocab"
)

func level(value, coder string, change ...func(*Row)) Row {
	r := Row{Kind: KindOutcome, Clause: units, Year: 2022, Value: value, Coder: coder, Role: RoleCoder}
	for _, f := range change {
		f(&r)
	}
	return r
}

func grade(value, coder string) Row {
	return Row{Kind: KindInformation, Year: 2022, Value: value, Coder: coder}
}

func asThird(r *Row) { r.Role = RoleAdjudicator }

func TestACellLeavesN0OnlyByTwoNamedPeople(t *testing.T) {
	two := []Incident{attack(t, "a", "2022-01-01"), attack(t, "b", "2022-02-01")}
	cases := []struct {
		what      string
		incidents []Incident
		rows      []Row
		want, why string
	}{
		{"nobody", two, nil, N0, whyNotCoded},
		{"one", two, []Row{level(F2, "Ann")}, N0, whyOneCoder},
		{"one under two spellings", two, []Row{level(F2, "Ann B."), level(F2, "ann b")}, N0, whyOneCoder},
		{"two", two, []Row{level(F2, "Ann"), level(F2, "Ben")}, F2, whyCoded},
		{"two, lower than proposed", two, []Row{level(F1, "Ann"), level(F1, "Ben")}, F1, whyCoded},
		{"two who differ", two, []Row{level(F2, "Ann"), level(F1, "Ben")}, N0, whyDiffer},
		{"a third decides", two, []Row{level(F2, "Ann"), level(F1, "Ben"), level(F2, "Cem", asThird)}, F2, whyCoded},
		{"a third with a third level", two, []Row{level(F2, "Ann"), level(F1, "Ben"), level(N0, "Cem", asThird)}, N0, whyDiffer},
		{"a correction", two, []Row{level(F1, "Ann"), level(F2, "Ben"), level(F2, "Ann")}, F2, whyCoded},
		{"above what the incidents carry", two, []Row{level(F3, "Ann"), level(F3, "Ben")}, N0, whyAbove},
		{"F2 on possible incidents", []Incident{attack(t, "a", "2022-01-01", sure("possible"))}, []Row{level(F2, "Ann"), level(F2, "Ben")}, N0, whyAbove},
		{"N1 where incidents are counted", two, []Row{level(N1, "Ann"), level(N1, "Ben"), grade("I1", "Ann"), grade("I1", "Ben")}, N0, whyContradicts},
		{"N1 where one can look", nil, []Row{level(N1, "Ann"), level(N1, "Ben"), grade("I3", "Ann"), grade("I3", "Ben")}, N1, whyCoded},
		{"N1 where access is refused", nil, []Row{level(N1, "Ann"), level(N1, "Ben"), grade("I4", "Ann"), grade("I4", "Ben")}, N0, whyAccess},
		{"N1 where all is closed", nil, []Row{level(N1, "Ann"), level(N1, "Ben"), grade("I5", "Ann"), grade("I5", "Ben")}, N0, whyAccess},
		{"N1 without a grade", nil, []Row{level(N1, "Ann"), level(N1, "Ben")}, N0, whyNoGrade},
		{"N1 with one person's grade", nil, []Row{level(N1, "Ann"), level(N1, "Ben"), grade("I1", "Ann")}, N0, whyNoGrade},
	}
	for _, c := range cases {
		cell := cellAt(t, build(t, c.incidents, c.rows...), units, 2022)
		if cell.Outcome != c.want || cell.Why != c.why {
			t.Errorf("%s: %s (%s), want %s (%s)", c.what, cell.Outcome, cell.Why, c.want, c.why)
		}
	}
}

func TestARefusedLevelIsShownWithItsReason(t *testing.T) {
	r := build(t, []Incident{attack(t, "a", "2022-01-01")}, level(F4, "Ann"), level(F4, "Ben"))
	c := cellAt(t, r, units, 2022)
	if c.Coded != F4 || !slices.Equal(c.Coders, []string{"Ann", "Ben"}) || len(r.Refused) != 1 || r.Method.Definitions[r.Refused[0].Why] == "" {
		t.Errorf("cell %+v, refused %+v", c, r.Refused)
	}
}

func TestNobodyCodesAClauseThatWasNotInForceOrDoesNotHold(t *testing.T) {
	both := func(clause string) []Row {
		set := func(r *Row) { r.Clause = clause }
		return []Row{level(F1, "Ann", set), level(F1, "Ben", set)}
	}
	r := build(t, nil, both("AP1:16.1")...)
	if c := cellAt(t, r, "AP1:16.1", 2022); c.Outcome != N0 || c.Coded != F1 || len(r.Refused) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestAReplyStandsBesideAndChangesNothing(t *testing.T) {
	all := []Incident{attack(t, "a", "2022-01-01"), attack(t, "b", "2022-02-01", sure("possible"))}
	codings := []Row{level(F2, "Ann"), level(F2, "Ben")}
	denial := Row{Kind: KindReply, Value: "received", Date: "2023-01-05", Source: "https://ministry.example/denial", Note: "denies it"}
	before, after := build(t, all, codings...), build(t, all, append(codings, denial)...)
	c := cellAt(t, after, units, 2022)
	if c.Reply == nil || c.Reply.Date != "2023-01-05" || c.Reply.Source == "" {
		t.Fatalf("reply %+v", c.Reply)
	}
	for i := range after.Cells {
		after.Cells[i].Reply = nil
	}
	x, _ := json.Marshal(before.Cells)
	y, _ := json.Marshal(after.Cells)
	if !bytes.Equal(x, y) {
		t.Error("the reply changed a cell")
	}
}

func TestTheNearestAndLatestReplyIsShown(t *testing.T) {
	reply := func(value, day, clause string) Row {
		return Row{Kind: KindReply, Value: value, Date: day, Clause: clause}
	}
	r := build(t, nil, reply("asked", "2023-01-01", ""), reply("received", "2023-02-01", units), reply("B", "2023-03-01", ""))
	if c := cellAt(t, r, units, 2022); c.Reply.Value != "B" {
		t.Errorf("reply %+v", c.Reply)
	}
	r = build(t, nil, reply("C", "2023-03-01", units), reply("none", "2023-03-01", ""))
	if c := cellAt(t, r, units, 2022); c.Reply.Value != "C" {
		t.Errorf("reply %+v", c.Reply)
	}
}

func TestIndicatorValuesNeedTwoPeople(t *testing.T) {
	value := func(value, coder string) Row {
		return Row{Kind: KindCoding, Indicator: "ST5", Year: 2022, Value: value, Coder: coder}
	}
	find := func(rows ...Row) IndicatorValue {
		for _, v := range cellAt(t, build(t, nil, rows...), "CIHL:R26", 2022).Structure {
			if v.Indicator == "ST5" {
				return v
			}
		}
		t.Fatal("ST5 does not stand at its clause")
		return IndicatorValue{}
	}
	if v := find(); v.Value != NoInfo || v.Why != whyNotCoded {
		t.Errorf("nobody: %+v", v)
	}
	if v := find(value("met", "Ann"), value("met", "Ben")); v.Value != "met" {
		t.Errorf("two: %+v", v)
	}
	if v := find(value("met", "Ann"), value("partly", "Ben")); v.Value != NoInfo || v.Why != whyDiffer {
		t.Errorf("two who differ: %+v", v)
	}
}

// The reliability data of Krippendorff, "Computing Krippendorff's alpha-reliability" (2011): four observers, twelve
// units, five values; ordinal alpha 0.815.
func TestAlphaGivesThePublishedOrdinalValue(t *testing.T) {
	observers := [][]int{
		{1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
		{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
		{0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
		{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0},
	}
	units := make([][]int, 12)
	for _, o := range observers {
		for u, v := range o {
			if v > 0 {
				units[u] = append(units[u], v-1)
			}
		}
	}
	a, ok := alpha(units, 5)
	if !ok || a < 0.8145 || a >= 0.8155 {
		t.Errorf("alpha %.4f, published 0.815", a)
	}
}

func TestAgreementSaysTooFewUnderTenPairs(t *testing.T) {
	rows := func(years int) (out []Row) {
		for y := range years {
			set := func(r *Row) { r.Year = 2010 + y; r.Clause = "CIHL:R28" }
			out = append(out, level([]string{F1, F2}[y%2], "Ann", set), level([]string{F1, F2}[y%2], "Ben", set))
		}
		return out
	}
	r := func(years int) Agreement {
		in := Input{State: us, From: 2010, To: 2023, Rows: rows(years)}
		for i := range in.Rows {
			in.Rows[i].State = us
		}
		return agreementOf(t, in)
	}
	if a := r(9); a.Verdict != "too_few" || a.Alpha != nil || a.Pairs != 9 {
		t.Errorf("nine pairs: %+v", a)
	}
	if a := r(10); a.Verdict != "good" || a.Alpha == nil || *a.Alpha != 1 {
		t.Errorf("ten pairs: %+v", a)
	}
}

func TestAgreementLeavesOutNoInfoAndTheThirdPerson(t *testing.T) {
	a := agreement("c", "structure", [][]Row{{
		{Value: "met", Coder: "Ann"}, {Value: NoInfo, Coder: "Ben"}, {Value: "met", Coder: "Cem", Role: RoleAdjudicator}, {Value: "partly", Coder: "Dan"},
	}})
	if a.Pairs != 1 {
		t.Errorf("%d pairs, want that of Ann and Dan", a.Pairs)
	}
}

func agreementOf(t *testing.T, in Input) Agreement {
	t.Helper()
	r, err := Build(in, policy.Load())
	if err != nil || len(r.Agreement) != 1 {
		t.Fatalf("%v, %d agreements", err, len(r.Agreement))
	}
	return r.Agreement[0]
}

func TestEveryReasonHasItsWords(t *testing.T) {
	for _, why := range []string{
		whyCoded, whyNotCoded, whyOneCoder, whyDiffer, whyAbove, whyAccess, whyNoGrade, whyContradicts,
		whyNoIncident, whyNoClause, whyNotCounted, whyNotItsAct, whyNotInForce, whyNotBinding,
	} {
		if reasonWords[why] == "" {
			t.Errorf("%s has no words", why)
		}
	}
}

func TestTheValuesOfRowsAreThoseOfTheCodeLists(t *testing.T) {
	for _, c := range []struct{ list, kind, indicator string }{
		{"structure", KindCoding, IndicatorStructure}, {"grade", KindCoding, IndicatorProcess},
		{"information", KindInformation, ""}, {"outcome_level", KindOutcome, ""}, {"bearing", KindCitation, ""},
	} {
		for _, value := range allowed(c.kind, c.indicator) {
			if value != Declined && !(c.kind == KindOutcome && value == NoInfo) && !vocab.Has(c.list, value) {
				t.Errorf("%s is not in the list %s", value, c.list)
			}
		}
	}
}
