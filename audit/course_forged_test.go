package audit

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"ward/policy"
)

func appealRow(value, day string) Row {
	return Row{Kind: KindAppeal, Clause: units, Year: 2022, Value: value, Date: day, Body: "the ministry"}
}

func panelist(name, value, day string) Row {
	return level(value, name, on(day), func(r *Row) { r.Role = RolePanel })
}

func corrected(value, day string) Row {
	return Row{Kind: KindCorrection, Clause: units, Year: 2022, Value: value, Date: day, Coder: "Reed", Was: "x", Now: "y", Note: "misread"}
}

// published22 is a cell whose coders differ and whose level is therefore the panel's alone.
func published22() []Row {
	return []Row{stepRow(StepFrozen, "2023-01-10"), level(F2, "Ann", on("2023-02-01")), level(F1, "Ben", on("2023-02-02")), stepRow(StepPanel, "2023-02-10"),
		panelist("Oak", F2, "2023-02-11"), panelist("Elm", F2, "2023-02-12"), stepRow(StepDecided, "2023-02-13"), stepRow(StepSent, "2023-03-02"),
		stepRow(StepNoReply, "2023-05-02"), stepRow(StepFinal, "2023-05-03"), stepRow(StepPublished, "2023-05-04")}
}

func refusedFor(r *Report, why string) (n int) {
	for _, f := range r.Refused {
		if f.Why == why {
			n++
		}
	}
	return n
}

// A finding that the panel made is not unmade by somebody who appeals, nor by members who say otherwise when nobody asks them.
func TestThePanelsWordStandsUntilThePanelDecidesAnew(t *testing.T) {
	filed := appealRow(AppealFiled, "2023-06-01")
	others := []Row{panelist("Oak", F1, "2023-06-10"), panelist("Elm", F1, "2023-06-11")}
	for what, c := range map[string]struct {
		rows           []Row
		stage, outcome string
	}{
		"published":                      {nil, StagePublished, F2},
		"an appeal is filed":             {[]Row{filed}, StagePanel, F2},
		"it is dismissed":                {[]Row{filed, appealRow(AppealDismissed, "2023-07-01")}, StagePublished, F2},
		"dismissed, against two members": {append([]Row{filed, appealRow(AppealDismissed, "2023-07-01")}, others...), StagePublished, F2},
		"allowed":                        {append([]Row{filed, appealRow(AppealAllowed, "2023-07-01")}, others...), StageDraft, F1},
		"members who were not asked":     {others, StagePublished, F2},
		"members, and a level corrected": {append(others, corrected("level", "2023-06-12")), StageCorrected, F1},
		"members, and words corrected":   {append(others, corrected("words", "2023-06-12")), StageCorrected, F2},
	} {
		cell := cellAt(t, build(t, oneProbable(t), append(published22(), c.rows...)...), units, 2022)
		if cell.Standing.Stage != c.stage || cell.Outcome != c.outcome || cell.Why != whyPanel {
			t.Errorf("%s: %s, %s (%s); want %s, %s", what, cell.Standing.Stage, cell.Outcome, cell.Why, c.stage, c.outcome)
		}
	}
	if r := build(t, oneProbable(t), append(published22(), others...)...); refusedFor(r, whyNoPanelYet) != 2 {
		t.Errorf("not refused: %+v", r.Refused)
	}
	if r := build(t, oneProbable(t), append(published22(), filed)...); len(r.Refused) != 0 {
		t.Errorf("what the panel said is refused: %+v", r.Refused)
	}
}

// Only those who coded the frozen evidence have a voice on it: nobody swells or undoes a published level by a row of before, or of no day.
func TestARowFromBeforeTheFreezeOrOfNoDayHasNoVoiceAfterIt(t *testing.T) {
	for what, day := range map[string]string{"before": "2022-12-01", "of no day": "", "of that year": "2023"} {
		extra := []Row{level(F1, "Cem", on(day)), level(F1, "Dia", on(day))}
		r := build(t, oneProbable(t), append(course22(), extra...)...)
		cell := cellAt(t, r, units, 2022)
		if cell.Outcome != F2 || cell.Standing.Stage != StagePublished || refusedFor(r, whyBefore) != 2 {
			t.Errorf("%s: %s, %s, refused %+v", what, cell.Outcome, cell.Standing.Stage, r.Refused)
		}
	}
	early := []Row{stepRow(StepFrozen, "2023-01-10"), level(F2, "Ann", on("2022-12-01")), level(F2, "Ben", on(""))}
	if c := cellAt(t, build(t, oneProbable(t), early...), units, 2022); c.Outcome != F2 || c.Standing.Stage != StageFrozen {
		t.Errorf("until it is coded again the earlier level shows: %s, %s", c.Outcome, c.Standing.Stage)
	}
}

func TestACorrectionOfWordsLetsNoLevelIn(t *testing.T) {
	rows := append(course22(), level(F1, "Ann", on("2023-06-01")), level(F1, "Ben", on("2023-06-01")), corrected("words", "2023-06-02"))
	if c := cellAt(t, build(t, oneProbable(t), rows...), units, 2022); c.Outcome != F2 || c.Standing.Stage != StageCorrected {
		t.Errorf("%s, %s", c.Outcome, c.Standing.Stage)
	}
}

// A file that calls itself of the earlier format cannot carry what that format did not have: nobody would compare it.
func TestTheEarlierFormatHidesNoProcedure(t *testing.T) {
	good := func() map[string]json.RawMessage {
		var top map[string]json.RawMessage
		if err := json.Unmarshal(written(t, full(t)), &top); err != nil {
			t.Fatal(err)
		}
		for _, key := range addedSections {
			delete(top, key)
		}
		top["format"] = json.RawMessage(`"` + formatBefore + `"`)
		return top
	}
	for what, c := range map[string]struct {
		change func(map[string]json.RawMessage)
		want   string
	}{
		"a standing": {func(map[string]json.RawMessage) {}, "differs: standing"},
		"corrections": {func(top map[string]json.RawMessage) {
			top["corrections"] = json.RawMessage(`[{"clause":"CIHL:R28","year":2022,"value":"level","coder":"x","date":"2023-01-01","note":"n","was":"F2","now":"N0"}]`)
		}, "corrections differs: extra"},
	} {
		top := good()
		c.change(top)
		raw, _ := json.Marshal(top)
		got, err := Check(bytes.NewReader(raw), policy.Load())
		if err != nil || !slices.ContainsFunc(got.Differ, func(d Difference) bool { return strings.Contains(d.String(), c.want) }) {
			t.Errorf("%s: %d differ, %v", what, len(got.Differ), err)
		}
	}
}
