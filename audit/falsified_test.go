package audit

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/policy"
)

// Go's reader takes a key in other letters for the one it knows, others do not: such a file would be two reports.
func TestAKeyThatCanBeTakenForAnotherIsRefused(t *testing.T) {
	good := string(written(t, full(t)))
	first := func(old, new string) string {
		changed := strings.Replace(good, old, new, 1)
		if changed == good {
			t.Fatalf("nothing to change: %s", old)
		}
		return changed
	}
	end := func(more string) string { return strings.TrimSuffix(good, "\n}\n") + ",\n" + more + "\n}\n" }
	cases := map[string]string{
		"cells at the end, long s":      end(`"cellſ":[]`),
		"cells at the end, capital":     end(`"Cells":[]`),
		"cells at the end, escaped":     end(`"cell\u017f":[]`),
		"incidents at the end":          end(`"incidentſ":[]`),
		"state in Cyrillic":             end(`"stаte":"XBB"`),
		"codes in an incident, long s":  first(`"codes":["ATT.HVY"]`, `"codes":["ATT.HVY"],"codeſ":[]`),
		"codes in an incident, capital": first(`"codes":["ATT.HVY"]`, `"codes":["ATT.HVY"],"Codes":[]`),
		"only the capital":              first(`"codes":["ATT.HVY"]`, `"Codes":["ATT.HVY"]`),
		"incidents of a cell":           first(`"proposed":"N0"`, `"proposed":"N0","incidentſ":["a"]`),
		"year of a cell":                first(`"proposed":"N0"`, `"proposed":"N0","Year":1999`),
		"best of a floor":               first(`"floor":{`, `"floor":{"beſt":9,`),
		"best of a reading":             first(`"confirmed_only":{`, `"confirmed_only":{"Best":9,`),
		"low of a register's people":    first(`"worker.killed":{`, `"worker.killed":{"Low":9,`),
		"coder of a coding":             first(`"coder":"Ann"`, `"coder":"Ann","Coder":"Ben"`),
		"rules of the method":           first(`"rules":`, `"ruleſ":"x","rules":`),
		"n of what is not known":        first(`"key":"actor_unknown",`, `"key":"actor_unknown","N":0,`),
	}
	for what, raw := range cases {
		if got, err := Check(strings.NewReader(raw), policy.Load()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v %v", what, got.Differ, err)
		}
	}
}

// Names of registers and of counted fields are data: they may be in any letters, and two may be alike.
func TestNamesInTablesMayHaveAnyLetters(t *testing.T) {
	in := full(t)
	in.Incidents[0].Register, in.Incidents[1].Register, in.Incidents[2].Register = "Ministère", "cellſ", "CELLS"
	in.Incidents[0].Place = "Ñ ſ"
	got, err := Check(bytes.NewReader(written(t, in)), policy.Load())
	if err != nil || !got.Same() {
		t.Errorf("%v %v", got.Differ, err)
	}
}

func TestCheckComparesAllThatFollows(t *testing.T) {
	good := string(written(t, full(t)))
	cases := []struct{ what, old, new, want string }{
		{"the summary", `"summary":{"counted":{"low":`, `"summary":{"counted":{"low":1`, "summary differs"},
		{"a gap's number", `{"key":"contested","n":1,`, `{"key":"contested","n":2,`, "not_known differs"},
		{"a gap's words", `"text":"1 incidents are contested`, `"text":"0 incidents are contested`, "not_known differs"},
		{"a gap left out", `{"key":"contested","n":1,"text":"1 incidents are contested and count nowhere"},`, ``, "not_known differs"},
		{"the words of what was left out", `1 incidents are rumours`, `2 incidents are rumours`, "not_known differs"},
		{"a gap of one's own", `"not_known":[`, `"not_known":[{"key":"none","n":1,"text":"Nothing is missing."},`, "not_known differs"},
		{"a level's words", `Indications: at least one possible`, `Proven: at least one possible`, "method differs: levels"},
		{"a rule", `the place alone never counts`, `the place always counts`, "method differs: rule"},
		{"a definition", `"Two people gave this value."`, `"Ten people gave this value."`, "method differs: definitions"},
		{"the cut-off in the method", `"cut_off":"2023-12-31","profile"`, `"cut_off":"2024-12-31","profile"`, "method differs: cut_off"},
		{"the profile", `"Tokyo profile`, `"Other profile`, "method differs: profile"},
		{"a word more in the method", `"profile":`, `"verdict":"guilty","profile":`, "method differs: verdict"},
		{"a part more", `"method":`, `"verdict":"guilty","method":`, `"verdict" differs: extra`},
		{"a word more in a cell", `"proposed":"N0"`, `"proposed":"N0","verdict":"guilty"`, "differs: verdict"},
		{"a word more in an incident", `{"id":"a",`, `{"id":"a","verdict":"guilty",`, `incident "a" differs: verdict`},
		{"the source in words", `"source":"Alpha; `, `"source":"Omega; `, `incident "a" differs: source`},
		{"a word more in a coding", `"codings":[` + "\n{", `"codings":[` + "\n" + `{"verdict":"guilty",`, "codings differs"},
		{"an incident of nobody", `"incidents":[` + "\n" + `{"id":"a"`, `"incidents":[{"id":"0","date":"2022-01-01","country":"XBB","actor_kind":"nsag","actor_state":null,"codes":[],"certainty":"probable","register":"alpha","source":"Alpha","scope":"health"},{"id":"a"`, `incident "0" differs: extra`},
		{"a rumour in the extract", `{"id":"i","date":"2022-08-01","country":"XAA","place":"place of i","actor_kind":"state.military","actor_state":"XAA","codes":["ATT.HVY"],"context":"armed_conflict","certainty":"contested"`,
			`{"id":"i","date":"2022-08-01","country":"XAA","place":"place of i","actor_kind":"state.military","actor_state":"XAA","codes":["ATT.HVY"],"context":"armed_conflict","certainty":"rumour"`, `incident "i" differs: extra`},
	}
	for _, c := range cases {
		changed := strings.Replace(good, c.old, c.new, 1)
		if changed == good {
			t.Errorf("%s: nothing to change", c.what)
			continue
		}
		got, err := Check(strings.NewReader(changed), policy.Load())
		if err != nil || !slices.ContainsFunc(got.Differ, func(d Difference) bool { return strings.Contains(d.String(), c.want) }) {
			t.Errorf("%s: %v %v, want %s", c.what, got.Differ, err, c.want)
		}
	}
}

// Every part of the report is compared: taken away or emptied, it differs.
func TestCheckMissesNoPart(t *testing.T) {
	raw := written(t, full(t))
	r, err := Build(full(t), policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.sections() {
		if slices.Contains([]string{"format", "state", "from", "to"}, s.key) {
			continue // without them there is no report
		}
		var top map[string]json.RawMessage
		if err := json.Unmarshal(raw, &top); err != nil {
			t.Fatal(err)
		}
		delete(top, s.key)
		without, err := json.Marshal(top)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Check(bytes.NewReader(without), policy.Load()); err != nil || got.Same() {
			t.Errorf("without %s: %v %v", s.key, got.Differ, err)
		}
	}
}

// What was left out of the extract cannot be counted again: the figure is taken as given, and that is said.
func TestCheckSaysWhatItDidNotCompare(t *testing.T) {
	good := string(written(t, full(t)))
	got, err := Check(strings.NewReader(good), policy.Load())
	if err != nil || len(got.NotCompared) != 4 || !strings.HasSuffix(got.NotCompared[2], "certainty_rumour 1") {
		t.Errorf("%q %v", got.NotCompared, err)
	}
	more := strings.NewReplacer(`{"key":"certainty_rumour","n":1,"text":"1 `, `{"key":"certainty_rumour","n":7,"text":"7 `).Replace(good)
	got, err = Check(strings.NewReader(more), policy.Load())
	if err != nil || !got.Same() || !strings.HasSuffix(got.NotCompared[2], "certainty_rumour 7") {
		t.Errorf("%+v %v", got, err)
	}
	plain := full(t)
	plain.Incidents = plain.Incidents[:9]
	got, err = Check(bytes.NewReader(written(t, plain)), policy.Load())
	if err != nil || !got.Same() || len(got.NotCompared) != 3 {
		t.Errorf("%+v %v", got, err)
	}
}
