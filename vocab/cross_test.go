package vocab

import (
	"slices"
	"strings"
	"testing"

	"ward/text"
)

func TestCrosswalksAreSound(t *testing.T) {
	lists := map[columnKey]string{}
	seen := map[[3]string]row{}
	for _, r := range readAll("cross") {
		at := columnKey{r["scheme"], r["column"]}
		if first, ok := lists[at]; ok && first != r["list"] {
			t.Errorf("%v maps to two lists: %s and %s", at, first, r["list"])
		}
		lists[at] = r["list"]
		key := [3]string{at.scheme, at.column, text.Key(r["value"])}
		if old, ok := seen[key]; ok {
			t.Errorf("%v: %q and %q are one value", at, old["value"], r["value"])
		}
		seen[key] = r
		for _, c := range strings.Fields(r["codes"]) {
			if !Has(r["list"], c) {
				t.Errorf("%v %q: %s is no code of %s", at, r["value"], c, r["list"])
			}
		}
		if (r["codes"] == "" || r["doubt"] != "") && r["note"] == "" {
			t.Errorf("%v %q is unmapped or doubted without a reason", at, r["value"])
		}
	}
}

func TestCross(t *testing.T) {
	for _, c := range []struct {
		scheme, column, value string
		codes                 string
		doubt, unmapped, ok   bool
	}{
		{"sind", "perpetrator", "Foreign Forces: Military", "foreign.military", false, false, true},
		{"sind", "perpetrator", "foreign forces - military ", "foreign.military", false, false, true},
		{"sind", "perpetrator", "Armed Forces of Government or Self-Declared Government", "state.military", false, false, true},
		{"sind", "perpetrator", "Government/Self-Declared Government", "state.other", false, false, true},
		{"sind", "perpetrator", "Vigilante", "nsag", true, false, true},
		{"sind", "weapon", "Aerial Bomb: Drone", "ATT.HVY", false, false, true},
		{"sind", "weapon", "Hand Grenade", "ATT.IND", false, false, true},
		{"sind", "weapon", "Not Applicable: No Direct Violence", "", false, true, true},
		{"sind", "weapon", "Trebuchet", "", false, false, false},
		{"sind", "weapon", "", "", false, false, false},
		{"sind", "precision", "(4) Province, State, Governorate ", "4", false, false, true},
		{"sind", "precision", "(3) District, Communicipality or Commune ", "3", false, false, true},
		{"sind", "location", "IDP/Refugee Camp", "camp", false, false, true},
		{"sind", "outcome", "StillInCaptivity", "held", false, false, true},
		{"sind", "conflict", "ConflictEvent", "yes", false, false, true},
		{"sind", "count", "worker.killed", "PER.KIL", false, false, true},
		{"shcc2019", "context_codes", "Stealing", "ATT.LOO", true, false, true},
		{"ssa", "attack_type", "Setting fire", "ATT.ARS", false, false, true},
		{"ssa", "attack_type", "Abduction/Arrest/Detention of health personnel or patients", "PER.DET", true, false, true},
		{"ssa", "certainty", "Rumour", "rumour", false, false, true},
		{"ssa", "resource", "HC Warehouse Storage", "storage", false, false, true},
		{"awsd", "means", "KK", "PER.ABD PER.KIL", true, false, true},
		{"awsd", "means", "VBIED-RC", "ATT.IND", true, false, true},
		{"awsd", "verified", "Arc", "possible", false, false, true},
		{"awsd", "verified", "Yes", "probable", false, false, true},
		{"awsd", "actor_type", "Non-state armed group: Global ", "nsag", false, false, true},
		{"huridocs", "method", "0316", "TOR.FFD", false, false, true},
		{"mrm", "status", "not_mrm", "discounted", true, false, true},
		{"nobody", "weapon", "Firearms", "", false, false, false},
	} {
		m, ok := Cross(c.scheme, c.column, c.value)
		if ok != c.ok || strings.Join(m.Codes, " ") != c.codes || m.Doubt != c.doubt || m.Unmapped != c.unmapped {
			t.Errorf("Cross(%q, %q, %q) = %+v, %v", c.scheme, c.column, c.value, m, ok)
		}
	}
}

func TestSplit(t *testing.T) {
	heavy := "Violence with heavy weapons (requires more than one person to use such as firearms, tanks, missiles, bombs, mortars)"
	single := "Violence with individual weapons (knives, bricks, clubs, guns, grenades and improvised explosive devices (IED)"
	for _, c := range []struct {
		scheme, column, cell string
		want                 []string
	}{
		{"ssa", "attack_type", heavy + ", " + single, []string{heavy, single}},
		{"ssa", "attack_type", "Setting fire, Novel deed, done twice, " + single, []string{"Setting fire", "Novel deed, done twice", single}},
		{"sind", "weapon", "Firearms, Tasers, Live and Rubber Bullets", []string{"Firearms", "Tasers, Live and Rubber Bullets"}},
		{"sind", "weapon", "Firearms, Stones, Sticks and Gravel", []string{"Firearms", "Stones, Sticks and Gravel"}},
		{"sind", "outcome", "Freed, Missing", []string{"Freed", "Missing"}},
		{"sind", "outcome", "  ", nil},
		{"sind", "nothing", "A, B", []string{"A, B"}},
	} {
		if got := Split(c.scheme, c.column, c.cell); !slices.Equal(got, c.want) {
			t.Errorf("Split(%q) = %q, want %q", c.cell, got, c.want)
		}
	}
}

func TestHostileCells(t *testing.T) {
	commas := strings.Repeat(",", 1<<20)
	if got := Split("sind", "weapon", commas); len(got) != 1 {
		t.Errorf("a long cell became %d items", len(got))
	}
	if got := ActorsIn(strings.Repeat("A,", maxCell/2-1)); len(got) != 1 {
		t.Errorf("unknown names became %d items", len(got))
	}
	long := strings.Repeat("x", 1<<20)
	if _, ok := Cross("sind", "weapon", long); ok {
		t.Error("a long value is known")
	}
	if _, ok := Country(long); ok {
		t.Error("a long name is a country")
	}
}

// FuzzSplit holds that dividing a cell loses and invents no letter.
func FuzzSplit(f *testing.F) {
	f.Add("Firearms, Tasers, Live and Rubber Bullets, ,x")
	f.Add("Taliban and Hamas, CÃ´te")
	f.Fuzz(func(t *testing.T, cell string) {
		if len(cell) > maxCell {
			return
		}
		want := text.Key(repair(cell))
		if got := text.Key(strings.Join(Split("sind", "weapon", cell), " ")); got != want && !strings.ContainsRune(cell, '\u0345') {
			t.Errorf("Split(%q) keeps %q of %q", cell, got, want)
		}
		ActorsIn(cell)
		Country(cell)
	})
}

func BenchmarkCross(b *testing.B) {
	for b.Loop() {
		Cross("sind", "perpetrator", "Armed Forces of Government/Self-Declared Government")
	}
}
