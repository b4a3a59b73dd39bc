package person

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"ward/entry"
)

var update = flag.Bool("update", false, "write the golden file anew")

// stories are written as "code[@day][/taker][!]": ! says that a taking ended within a day.
var stories = []struct{ name, told string }{
	{"arrested, then killed while held", "taken@2026-01-02/state killed@2026-01-05"},
	{"kidnapped, then killed while held", "taken@2026-01-02/not_state killed@2026-01-05"},
	{"killed, never held", "killed@2026-01-05"},
	{"arrested, released, killed later", "taken@2026-01-02/state released@2026-01-05 killed@2026-02-01"},
	{"arrested twice", "taken@2026-01-02/state released@2026-01-05 taken@2026-03-01/state"},
	{"held for an hour", "taken@2026-01-02/state! released@2026-01-02"},
	{"kidnapped and escaped", "taken@2026-01-02/not_state escaped@2026-01-09"},
	{"taken, nobody knows by whom", "taken@2026-01-02/unknown"},
	{"taken, nobody said by whom, then missing", "taken@2026-01-02 missing@2026-01-20"},
	{"charged, never taken", "charged@2026-01-02 tried@2026-02-01 acquitted@2026-03-01"},
	{"charged after an arrest", "taken@2026-01-02/state charged@2026-01-09 bailed@2026-01-12 convicted@2026-05-01 sentenced@2026-05-01"},
	{"died while held", "taken@2026-01-02/state died_custody@2026-02-01"},
	{"sentenced and executed", "taken@2026-01-02/state sentenced@2026-02-01 executed@2026-03-01"},
	{"said out of order", "released@2026-01-09 taken@2026-01-02/state"},
	{"still held, says a source", "held@2026-01-09"},
	{"exiled", "exiled@2026-01-09"},
	{"nothing known", "unknown"},
}

func told(s string) (out []entry.Entry[Outcome]) {
	for i, word := range strings.Fields(s) {
		word, short := strings.CutSuffix(word, "!")
		word, taker, _ := strings.Cut(word, "/")
		code, when, _ := strings.Cut(word, "@")
		o := Outcome{Code: code, When: when, Taker: taker}
		if short {
			o.Hours = Under24
		}
		out = append(out, entry.Entry[Outcome]{ID: "o" + string(rune('a'+i)), At: time.Unix(int64(i), 0), Body: o})
	}
	return standing(out)
}

// A person's story is counted by each register's own rule (design.md 4): the golden file is what people checked by hand.
func TestEachRegisterCountsAStoryByItsOwnRule(t *testing.T) {
	const golden = "testdata/counts.json"
	type counted map[string][]Counted
	got := map[string]counted{}
	for _, s := range stories {
		got[s.name] = counted{}
		for _, r := range Registers() {
			got[s.name][r] = Counts(r, told(s.told))
		}
	}
	b, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != string(b)+"\n" {
		t.Errorf("%v: the counts are not those of %s:\n%s", err, golden, b)
	}
}

// The difference that the registers are known for: killed while held is kidnapped or arrested in one, killed in the other (standards 0.3).
func TestWhoWasKilledWhileHeldIsCountedOnceAndDifferently(t *testing.T) {
	story := told("taken@2026-01-02/not_state killed@2026-01-05")
	if c := Counts(SiND, story); len(c) != 1 || c[0].Column != Kidnapped || c[0].End != "killed" {
		t.Errorf("SiND: %+v", c)
	}
	if c := Counts(AWSD, story); len(c) != 1 || c[0].Column != Killed {
		t.Errorf("AWSD: %+v", c)
	}
	if Counts("another", story) != nil {
		t.Error("an unknown register counts")
	}
}
