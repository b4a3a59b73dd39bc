package audit

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/policy"
	"ward/tally"
)

// full is a report with something in every part.
func full(t testing.TB) Input {
	t.Helper()
	people := func(i *Incident) {
		i.Counts = []PeopleCount{{"worker.killed", tally.Exact(2)}, {"worker.injured", tally.Count{Low: 1, Best: 2, High: 4}}}
		i.Sources = []string{"Alpha", "Ministry, \"daily\" <list>"}
	}
	in := Input{State: us, From: 2020, To: 2023, CutOff: "2023-12-31", MadeAt: "2024-01-05T00:00:00Z"}
	in.Incidents = []Incident{
		attack(t, "a", "2022-01-01", people), attack(t, "b", "2022-02"), attack(t, "c", "2021-03-01~", register("beta"), sure("confirmed")),
		attack(t, "d", "2022-04-01", by("unknown"), register("beta"), at(""), root()), attack(t, "e", "2022-05-01", by("state.military", us, them)),
		attack(t, "f", "2022-06-01", by("nsag"), coded("PER.KIL", "ATT.ENT")), attack(t, "g", "2022-07-01", coded("PER.ARR", "DEN.CHK")),
		attack(t, "h", "2022-12-30/2023-01-02"), attack(t, "i", "2022-08-01", sure("contested")), attack(t, "j", "2022-08-01", sure("rumour")),
	}
	in.Rows = []Row{
		level(F2, "Ann"), level(F2, "Ben"), grade("I2", "Ann"), grade("I2", "Ben"),
		{Kind: KindCoding, Indicator: "ST5", Year: 2022, Value: "met", Coder: "Ann"}, {Kind: KindCoding, Indicator: "ST5", Year: 2022, Value: "met", Coder: "Ben"},
		{Kind: KindCoding, Indicator: "ST9", Year: 2022, Value: "partly", Coder: "Ann"},
		{Kind: KindReply, Value: "received", Date: "2023-05-01", Source: "https://ministry.example/1"},
		{Kind: KindParty, Clause: "AP1", Year: 2021, Value: "party", Source: "depositary"},
		{Kind: KindCitation, Clause: "WMA-ICOME-2022:40", Incident: "f", Value: "FAIL_PROTECT", Coder: "Ann"},
		{Kind: KindCitation, Clause: "WMA-ICOME-2022:40", Incident: "j", Value: "FAIL_PROTECT", Coder: "Ann"},
	}
	for i := range in.Rows {
		in.Rows[i].State = us
	}
	return in
}

func written(t testing.TB, in Input) []byte {
	t.Helper()
	r, err := Build(in, policy.Load())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheReportIsJSONWithTheAgreedKeys(t *testing.T) {
	raw := written(t, full(t))
	var top map[string]json.RawMessage
	if err := json.Unmarshal(raw, &top); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"state", "from", "to", "cells", "incidents", "indicators", "replies", "method"} {
		if top[key] == nil {
			t.Errorf("the key %q is missing", key)
		}
	}
	var cells, incidents []map[string]json.RawMessage
	if err := json.Unmarshal(top["cells"], &cells); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"clause", "year", "structure", "process", "outcome", "proposed", "environment", "reply", "floor", "sensitivity", "moves", "incidents"} {
		if cells[0][key] == nil {
			t.Errorf("a cell lacks the key %q", key)
		}
	}
	if err := json.Unmarshal(top["incidents"], &incidents); err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, inc := range incidents {
		for _, key := range []string{"id", "date", "country", "actor_kind", "actor_state", "codes", "certainty", "source"} {
			if inc[key] == nil {
				t.Errorf("an incident lacks the key %q", key)
			}
		}
		states = append(states, string(inc["actor_state"]))
	}
	if !slices.Contains(states, "null") || !slices.Contains(states, `"XAA"`) || !slices.Contains(states, `["XAA","XBB"]`) {
		t.Errorf("actor_state is %v, want null, a code and a list", states)
	}
}

func TestTheOrderOfTheInputDoesNotMatter(t *testing.T) {
	want := written(t, full(t))
	for seed := range uint64(5) {
		in := full(t)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(in.Incidents), func(i, j int) {
			in.Incidents[i], in.Incidents[j] = in.Incidents[j], in.Incidents[i]
		})
		if !bytes.Equal(want, written(t, in)) {
			t.Fatalf("seed %d gives another report", seed)
		}
	}
}

func TestCheckRebuildsEveryCell(t *testing.T) {
	raw := written(t, full(t))
	got, err := Check(bytes.NewReader(raw), policy.Load())
	if err != nil || !got.Same() || len(got.Versions) > 0 || got.State != us || got.Cells == 0 || got.Incidents != 9 {
		t.Fatalf("%+v %v", got, err)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	spaced, err := json.MarshalIndent(v, "", "   ")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Check(bytes.NewReader(spaced), policy.Load()); err != nil || !got.Same() {
		t.Errorf("the same report in another layout: %+v %v", got.Differ, err)
	}
}

func TestCheckNamesTheCellThatDiffers(t *testing.T) {
	raw := string(written(t, full(t)))
	cases := []struct{ what, old, new, want string }{
		{"an incident's certainty", `"certainty":"probable","register":"alpha","source":"Alpha; `, `"certainty":"confirmed","register":"alpha","source":"Alpha; `, "cell CIHL:R28 in 2022"},
		{"a coder's level", `"year":2022,"value":"F2","coder":"Ann"`, `"year":2022,"value":"F1","coder":"Ann"`, "cell CIHL:R28 in 2022"},
		{"a reply", `"replies":[`, `"replies":[{"value":"E","date":"2023-12-01"},`, "cell CIHL:R28 in 2022"},
		{"a ratification", `{"clause":"AP1","year":2021,`, `{"clause":"AP1","year":2023,`, "cell AP1:8 in 2021"},
	}
	for _, c := range cases {
		changed := strings.Replace(raw, c.old, c.new, 1)
		if changed == raw {
			t.Fatalf("%s: nothing to change", c.what)
		}
		got, err := Check(strings.NewReader(changed), policy.Load())
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if !slices.ContainsFunc(got.Differ, func(d Difference) bool { return strings.HasPrefix(d.String(), c.want) }) {
			t.Errorf("%s: %v, want %s", c.what, got.Differ, c.want)
		}
	}
}

// edited gives the report with one cell changed as a dishonest publisher would.
func edited(t *testing.T, change func(cells []map[string]any) []map[string]any) []byte {
	t.Helper()
	var top map[string]json.RawMessage
	if err := json.Unmarshal(written(t, full(t)), &top); err != nil {
		t.Fatal(err)
	}
	var cells []map[string]any
	if err := json.Unmarshal(top["cells"], &cells); err != nil {
		t.Fatal(err)
	}
	top["cells"], _ = json.Marshal(change(cells))
	out, _ := json.Marshal(top)
	return out
}

func TestCheckFindsACellThatWasEditedAddedOrTakenAway(t *testing.T) {
	cases := map[string]func([]map[string]any) []map[string]any{
		"outcome": func(c []map[string]any) []map[string]any { c[7]["outcome"] = "F4"; return c },
		"moves":   func(c []map[string]any) []map[string]any { c[7]["moves"] = !c[7]["moves"].(bool); return c },
		"floor":   func(c []map[string]any) []map[string]any { delete(c[7], "floor"); return c },
		"coded":   func(c []map[string]any) []map[string]any { c[7]["coded"] = "F4"; return c },
		"missing": func(c []map[string]any) []map[string]any { return append(c[:7], c[8:]...) },
		"twice":   func(c []map[string]any) []map[string]any { return append(c, c[7]) },
		"extra": func(c []map[string]any) []map[string]any {
			return append(c, map[string]any{"clause": "NO:1", "year": 2022})
		},
	}
	for want, change := range cases {
		got, err := Check(bytes.NewReader(edited(t, change)), policy.Load())
		if err != nil || len(got.Differ) != 1 || !slices.Contains(got.Differ[0].Keys, want) {
			t.Errorf("%s: %v %v", want, got.Differ, err)
		}
	}
}

func TestCheckTellsOfOtherVersions(t *testing.T) {
	raw := strings.Replace(string(written(t, full(t))), NormsVersion(policy.Load()), "0123456789abcdef", 1)
	got, err := Check(strings.NewReader(raw), policy.Load())
	if err != nil || len(got.Versions) != 1 || !strings.Contains(got.Versions[0], "norms") {
		t.Errorf("%v %v", got.Versions, err)
	}
}

func TestCheckRefusesWhatIsNoReport(t *testing.T) {
	good := string(written(t, full(t)))
	cases := map[string]string{
		"empty":                    "",
		"not JSON":                 "state,clause",
		"a list":                   "[]",
		"another format":           `{"format":"other/1","state":"XAA","from":2020,"to":2021}`,
		"no years":                 `{"format":"ward-audit/1","state":"XAA"}`,
		"too many years":           `{"format":"ward-audit/1","state":"XAA","from":1800,"to":2200}`,
		"cut short":                good[:len(good)/2],
		"a second one":             good + "{}",
		"a key twice":              strings.Replace(good, `"cells":[`, `"cells":[],"cells":[`, 1),
		"a key twice, in capitals": strings.Replace(good, `"cells":[`, `"Cells":[],"cells":[`, 1),
		"a bad date":               strings.Replace(good, `"date":"2022-01-01"`, `"date":"2022-13-01"`, 1),
		"a bad count":              strings.Replace(good, `"worker.killed":"2"`, `"worker.killed":"-2"`, 1),
		"a bad value":              strings.Replace(good, `"value":"F2","coder"`, `"value":"F9","coder"`, 1),
		"an id twice":              strings.Replace(good, `{"id":"b"`, `{"id":"a"`, 1),
	}
	for what, raw := range cases {
		if _, err := Check(strings.NewReader(raw), policy.Load()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	deep := `{"format":"ward-audit/1","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}"
	if _, err := Check(strings.NewReader(deep), policy.Load()); !fault.Is(err, fault.Limit) {
		t.Errorf("nested deep: %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(written(f, full(f)), &top); err != nil {
		f.Fatal(err)
	}
	for _, key := range []string{"cells", "method", "families", "outcomes", "not_known"} {
		delete(top, key) // a short seed is varied faster
	}
	short, err := json.Marshal(top)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(short)
	f.Add([]byte(`{"format":"ward-audit/1","state":"XAA","from":2020,"to":2021,"cells":[{"clause":"CIHL:R28","year":2020}],"incidents":[{"id":"a","actor_state":["XAA"],"codes":null}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got, err := Check(bytes.NewReader(raw), policy.Load()); err != nil && fault.KindOf(err) == fault.Internal {
			t.Errorf("%+v: an input is never an internal error: %v", got, err)
		}
	})
}
