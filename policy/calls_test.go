package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readOtherwise lists where the table of recommendations and the importer differ over the thirteen texts, and why. "+" stands in the table
// alone, "-" was found by the importer alone; each with place and addressee.
var readOtherwise = map[string]map[string]string{
	"WMA-IRAN-2025": {"+11 State:IRN": "says who must be protected, names nobody; in a resolution that speaks to one government"},
	"WMA-GAZA-2025": {"+0 State": "duty in the preamble", "+0 armed_party": "duty in the preamble"},
	"WMA-EVENTS-2023": {"+0 WMA": "the responsibility in the preamble: to draw attention",
		"+0 NMA": "the medical community is associations and physicians"},
	"WMA-MEMORY-2017": {"+2 NMA": "numbered duty in the preamble", "+2 physician": "numbered duty in the preamble",
		"+3 NMA": "numbered duty in the preamble", "+3 physician": "numbered duty in the preamble"},
	"WMA-FORCEDEXAM-2022": {"+0 physician": "duty in the preamble: consent in custody"},
	"WMA-KIGALI-2023": {"+1 physician": "asks without naming anybody", "+2 physician": "asks without naming anybody", "+3 physician": "asks without naming anybody",
		"+4 physician": "asks without naming anybody", "+5 all": "asks without naming anybody", "+6 educator": "medical curricula must be updated: a passive", "+6 all": "physicians shall be included in research: a passive"},
	"EMA-IRAN-2026":  {"+0 State": "must never be punished: a passive"},
	"WMA-CYBER-2016": {"+7 State": "public bodies, beside private ones"},
	"WMA-TOKYOAUDIT-2021": {"-0 all": "the mechanism is for the WMA that recommends it", "+0 WMA": "the mechanism is for the WMA that recommends it",
		"-1 all": "support must be offered: by associations", "+1 NMA": "support must be offered: by associations",
		"+4 NMA": "what the WMA should encourage is for associations to do"},
}

// duties of a code of conduct are clauses, which findings cite, and no recommendations.
const codeOfConduct = "WMA-ICOME-2022"

func TestTheTableHoldsWhatTheImporterFindsInTheThirteenTexts(t *testing.T) {
	texts := 0
	for _, path := range seeds(t) {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		found, err := Import(filepath.Base(path), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range found {
			texts++
			n, ok := Load().Titled(text.TitleGuess)
			if !ok || !n.Knows(text.Life) {
				t.Errorf("%s is no norm of the corpus as it stands", text.TitleGuess)
				continue
			}
			compareCalls(t, n.ID, text)
		}
	}
	if texts != 13 {
		t.Errorf("%d texts", texts)
	}
}

func compareCalls(t *testing.T, norm string, text Text) {
	t.Helper()
	found, shipped := map[string]bool{}, map[string]bool{}
	for _, r := range text.Recommendations {
		if norm != codeOfConduct || r.Place() == "0" {
			found[r.Place()+" "+r.Code()] = true
		}
	}
	for _, call := range Load().Calls() {
		for _, a := range call.Addressees {
			if call.Norm == norm {
				shipped[call.Place+" "+a] = true
			}
		}
	}
	var differ []string
	for key := range found {
		if !shipped[key] {
			differ = append(differ, "-"+key)
		}
	}
	for key := range shipped {
		if !found[key] {
			differ = append(differ, "+"+key)
		}
	}
	for _, d := range differ {
		if readOtherwise[norm][d] == "" {
			t.Errorf("%s: %s", norm, d)
		}
	}
	for d := range readOtherwise[norm] {
		if !slices.Contains(differ, d) {
			t.Errorf("%s: no difference %s", norm, d)
		}
	}
}

// TestWhomEachNormAsks is the table counted by norm and addressee.
func TestWhomEachNormAsks(t *testing.T) {
	want := map[string]string{
		"WMA-IRAN-2025": "State:IRN=2", "WMA-GAZA-2025": "State=2 armed_party=1 State:ISR=7 NMA=1 WHO=1", "WMA-ETHICSDAY-2025": "NMA=1",
		"WMA-EVENTS-2023": "WMA=1 NMA=2 physician=2", "WMA-ICOME-2022": "health_personnel=1", "WMA-MEMORY-2017": "physician=2 NMA=8",
		"WMA-FORCEDEXAM-2022": "physician=2 NMA=3 health_personnel=1 WHO=1", "WMA-KUNI-2017": "NMA=3 health_personnel=3",
		"WMA-KIGALI-2023": "physician=5 all=3 educator=1 institution=5 NMA=5", "WMA-TOKYOAUDIT-2021": "WMA=5 NMA=4 State=1", "WMA-SOCIAL-2022": "NMA=16",
		"WMA-CYBER-2016": "State=2 operator=1 NMA=1 institution=2 physician=1 educator=1 private_body=1", "EMA-IRAN-2026": "journal=1 NMA=1 institution=1 State=1",
	}
	order, count := map[string][]string{}, map[string]int{}
	for _, call := range Load().Calls() {
		for _, a := range call.Addressees {
			if count[call.Norm+a]++; count[call.Norm+a] == 1 {
				order[call.Norm] = append(order[call.Norm], a)
			}
		}
	}
	for norm, addressees := range order {
		for i, a := range addressees {
			addressees[i] = fmt.Sprintf("%s=%d", a, count[norm+a])
		}
		if got := strings.Join(addressees, " "); got != want[norm] {
			t.Errorf("%s asks %s", norm, got)
		}
	}
	if len(order) != len(want) {
		t.Errorf("%d norms ask", len(order))
	}
}

func TestAnAddresseeIsACodeOrOneStateOrItsAssociation(t *testing.T) {
	for code, want := range map[string]bool{"NMA": true, "State": true, "State:XAA": true, "NMA:XAB": true, "journal": true, "WHO": true, "armed_party": true,
		"State:QQQ": false, "State:Arcadia": false, "State:ZZZ": false, "WHO:XAA": false, "": false, "friend": false, "State:": false} {
		if got := IsAddressee(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}

func TestTheImportersGroupsBecomeCodes(t *testing.T) {
	for printed, want := range map[string]string{"government of Arcadia": "State:XAA", "Arcadia government": "State:XAA", "governments": "State", "": "all",
		"medical schools": "educator", "ministers of Sport & Leisure": "x-ministers-of-sport-leisure", "government of Nowhereland": "x-government-of-nowhereland"} {
		if got := (Recommendation{Addressee: printed}).Code(); got != want {
			t.Errorf("%q is %s", printed, got)
		}
	}
}

func TestATextWithALaterStepIsNotTheNormAsTheCorpusHasIt(t *testing.T) {
	n, _ := Load().Norm("WMA-GAZA-2025")
	if !n.Knows(n.Events) || !n.Knows(nil) || n.Knows(append(slices.Clone(n.Events), Event{Event: Revised, Year: 2027, Month: 10})) {
		t.Error("a life is not compared step by step")
	}
}
