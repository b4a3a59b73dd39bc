package simulate

import (
	"math"
	"strings"
	"testing"
	"unicode"

	"ward/chart"
	"ward/fault"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// invented is the world that most tests look at.
func invented(t *testing.T) *Truth {
	t.Helper()
	w, err := World(7, 3000)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAWorldHasTheNumberOfReportsAskedForInTheOrderOfTheDates(t *testing.T) {
	for _, n := range []int{1, 40, 3000} {
		w, err := World(3, n)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for i := range w.Events {
			found += len(w.Found[i])
			if i > 0 && w.Events[i].Day < w.Events[i-1].Day {
				t.Fatalf("event %d lies before the one before it", i+1)
			}
		}
		if found != n {
			t.Errorf("%d reports, want %d", found, n)
		}
	}
	for _, n := range []int{0, -1, MaxReports + 1} {
		if _, err := World(3, n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d reports: %v", n, err)
		}
	}
}

func TestEveryTownAndEventLiesInItsState(t *testing.T) {
	w := invented(t)
	for _, s := range w.States {
		for _, town := range s.Towns {
			if at := chart.Invented().At(town.At); at != s.Code {
				t.Errorf("%s of %s lies in %q", town.Name, s.Code, at)
			}
		}
	}
	for _, e := range w.Events {
		if at := chart.Invented().At(e.At); at != e.State {
			t.Errorf("event %d of %s lies in %q", e.Number, e.State, at)
		}
	}
	for i, found := range w.Found {
		for _, r := range found {
			if at := chart.Invented().At(r.At); at != w.Events[i].State {
				t.Errorf("report %s of %s is placed in %q", r.ID, w.Events[i].State, at)
			}
		}
	}
}

// share is how many of the events that hold are captured by a register.
func (t *Truth) share(r Register, holds func(e *Event, s *State) bool) (captured, all float64) {
	g := theGround()
	for i := range t.Events {
		e := &t.Events[i]
		if !holds(e, g.state(e.State)) {
			continue
		}
		all++
		for _, f := range t.Found[i] {
			if f.Register == r {
				captured++
			}
		}
	}
	return captured, all
}

func TestRegistersAreBiasedAsStated(t *testing.T) {
	w := invented(t)
	rate := func(r Register, holds func(e *Event, s *State) bool) float64 {
		n, all := w.share(r, holds)
		if all < 30 {
			t.Fatalf("only %.0f events to judge by", all)
		}
		return n / all
	}
	in := func(state string) func(*Event, *State) bool {
		return func(e *Event, _ *State) bool { return e.State == state }
	}
	if closed, open := rate(SiND, in("XAD")), rate(SiND, in("XAF")); closed > 0.03 || open < 0.25 {
		t.Errorf("the closed State is seen at %.3f, an open one at %.3f", closed, open)
	}
	capital := rate(SiND, func(e *Event, s *State) bool {
		return e.State == "XAE" && s.Towns[e.Town].Far < 1 && e.kind.group != "custody"
	})
	remote := rate(SiND, func(e *Event, s *State) bool { return e.State == "XAE" && s.Towns[e.Town].Far > 3 })
	if capital < 1.3*remote {
		t.Errorf("near the capital %.3f, far from it %.3f", capital, remote)
	}
	early := rate(SiND, func(e *Event, _ *State) bool { return e.State == "XAE" && e.Year < 2019 })
	late := rate(SiND, func(e *Event, _ *State) bool { return e.State == "XAE" && e.Year > 2022 })
	if late < 1.2*early {
		t.Errorf("early years %.3f, late years %.3f", early, late)
	}
	for _, r := range Registers() {
		if n, _ := w.share(r, func(e *Event, _ *State) bool { return e.kind.group == "custody" }); n > 0 {
			t.Errorf("%s has %.0f events in cells", r, n)
		}
	}
}

func TestEachRegisterHasOnlyWhatItWatches(t *testing.T) {
	w := invented(t)
	g := theGround()
	counts, shared := map[Register]int{}, 0
	grades := map[string]int{}
	for i, e := range w.Events {
		ids := map[Register]string{}
		for _, r := range w.Found[i] {
			counts[r.Register]++
			ids[r.Register] = r.ID
			s := g.state(e.State)
			switch r.Register {
			case SSA:
				grades[r.Certainty]++
				if s.Since == 0 || e.Year < s.Since {
					t.Errorf("%s: graded outside an emergency", r.ID)
				}
			case AWSD:
				if !e.Aid || e.aidVictims() == 0 {
					t.Errorf("%s: no aid worker", r.ID)
				}
			case SHCC:
				if e.Year != sheetYear {
					t.Errorf("%s: in the sheet of another year", r.ID)
				}
			}
			if math.Abs(float64(r.Day-e.Day)) > 3 {
				t.Errorf("%s is %d days off", r.ID, r.Day-e.Day)
			}
		}
		if ids[SHCC] != "" && ids[SHCC] == ids[SiND] {
			shared++
		}
	}
	for _, r := range Registers() {
		if counts[r] < 40 {
			t.Errorf("%s has %d reports only", r, counts[r])
		}
	}
	if shared < counts[SHCC]*8/10 || shared == counts[SHCC] {
		t.Errorf("%d of %d rows of the yearly sheet are in the first register", shared, counts[SHCC])
	}
	if grades["confirmed"] == 0 || grades["probable"] == 0 || grades["possible"] == 0 {
		t.Errorf("grades %v", grades)
	}
}

func TestWhoActsWhere(t *testing.T) {
	w := invented(t)
	g := theGround()
	abroad, defacto := 0, 0
	for _, e := range w.Events {
		a := w.Actors[e.Actor]
		if a.State != "" && a.State != e.State {
			abroad++
			if a.State != "XAC" || e.State != "XAF" {
				t.Errorf("an organ of %s acts in %s", a.State, e.State)
			}
		}
		if a.Role == "defacto" {
			defacto++
			if e.State != "XAE" || g.state("XAE").Towns[e.Town].Far < 2 {
				t.Errorf("the de facto authority acts in %s, town %d", e.State, e.Town)
			}
		}
	}
	if abroad < 50 || defacto < 50 {
		t.Errorf("%d deeds of a foreign army, %d of a de facto authority", abroad, defacto)
	}
	for _, a := range w.Actors {
		if a.State == "" {
			continue
		}
		got, ok := vocab.ActorNamed(a.Name, when.On(w.Events[0].Day))
		if !ok || got.State != a.State {
			t.Errorf("%q is read as %+v", a.Name, got)
		}
	}
}

func TestCountsHaveHeavyTails(t *testing.T) {
	w := invented(t)
	one, many := 0, 0
	for _, e := range w.Events {
		switch n := e.Counts["worker.arrested"]; {
		case n == 1:
			one++
		case n >= 10:
			many++
		}
	}
	if one < 20*many || many == 0 {
		t.Errorf("%d arrests of one, %d of ten and more", one, many)
	}
}

func TestTheGroundIsWhole(t *testing.T) {
	g := theGround()
	if len(g.states) != 8 {
		t.Fatalf("%d States", len(g.states))
	}
	scripts, names := map[string]int{}, map[string]bool{}
	for _, s := range g.states {
		if len(s.Towns) < 20 || s.Name == s.Code || len(g.names[s.Language]) == 0 {
			t.Errorf("%s has %d towns", s.Code, len(s.Towns))
		}
		for _, town := range s.Towns {
			if names[text.Key(town.Name)] {
				t.Errorf("%s stands twice", town.Name)
			}
			names[text.Key(town.Name)] = true
			scripts[scriptOf(town.Native)]++
		}
		for _, k := range g.kinds {
			for _, lang := range []string{"en", s.Language} {
				if k.group != "custody" && len(g.words[[2]string{lang, k.group}]) == 0 {
					t.Errorf("no words of %s for %s", lang, k.group)
				}
			}
		}
	}
	for _, script := range []string{"Latin", "Arabic", "Cyrillic", "Hebrew"} {
		if scripts[script] < 20 {
			t.Errorf("%d towns in %s script", scripts[script], script)
		}
	}
	for _, k := range g.kinds {
		for _, code := range k.codes {
			if !vocab.Has("incident", code) {
				t.Errorf("%s: no code %s", k.name, code)
			}
		}
		for _, short := range k.ssa {
			if attackTypes[short] == "" {
				t.Errorf("%s: no attack type %q", k.name, short)
			}
		}
	}
}

func scriptOf(s string) string {
	for _, r := range s {
		for name, table := range map[string]*unicode.RangeTable{"Latin": unicode.Latin, "Arabic": unicode.Arabic, "Cyrillic": unicode.Cyrillic, "Hebrew": unicode.Hebrew} {
			if unicode.Is(table, r) {
				return name
			}
		}
	}
	return strings.ToValidUTF8(s, "")
}
