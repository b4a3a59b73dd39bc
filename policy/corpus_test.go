package policy

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/internal/realdata"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

func shippedTables() tables { return tables{normsCSV, eventsCSV, clausesCSV, citationsCSV, callsCSV} }

func TestCorpusHoldsEveryNormOfTheField(t *testing.T) {
	c := Load()
	if n := len(c.Norms()); n < 45 {
		t.Errorf("%d norms, want at least 45", n)
	}
	if n := len(c.Clauses()); n < 280 {
		t.Errorf("%d clauses, want at least 280", n)
	}
	for _, id := range []string{"UNSC-2286", "AP1:16.1", "AP2:10.1", "CIHL:R113", "UN-NMR-2015:R24", "WMA-LISBON-2005:0",
		"WMA-TOKYO-2016:9", "WMA-ICOME-2022:40", "GC1:18", "CA3", "CAT:12", "ICCPR:7", "UN-PME-1982:P4b"} {
		cl, ok := c.Clause(id)
		if !ok || cl.ID != id {
			t.Errorf("clause %s does not resolve", id)
		}
	}
	if _, ok := c.Clause("WMA-TOKYO-2016"); ok {
		t.Error("a norm without a whole-norm clause must not resolve as a clause")
	}
	for _, n := range c.Norms() {
		asks := slices.ContainsFunc(c.Calls(), func(call Call) bool { return call.Norm == n.ID })
		if len(n.Clauses) == 0 && !asks {
			t.Errorf("norm %s says nothing", n.ID)
		}
	}
}

func TestClausesUseTheCodeLists(t *testing.T) {
	for _, cl := range Load().Clauses() {
		if !vocab.Has("force", cl.Force) {
			t.Errorf("%s: force %q is in no code list", cl.ID, cl.Force)
		}
		for _, a := range strings.Fields(cl.Addressee) {
			iso, named := strings.CutPrefix(a, statePrefix)
			switch {
			case named && vocab.CountryName(iso, "en") == "":
				t.Errorf("%s: %q names no State", cl.ID, a)
			case !named && a != "WMA" && a != "WHO" && !vocab.Has("addressee", a):
				t.Errorf("%s: addressee %q is in no code list", cl.ID, a)
			}
		}
	}
}

func TestDoubtIsMarked(t *testing.T) {
	c := Load()
	for id, confirmed := range map[string]bool{"WMA-TOKYO-2016:1": true, "WMA-TOKYO-2016:8": false, "CIHL:R26": true,
		"CIHL:R25": false, "CIHL:R113": false, "AP1:16.1": true, "UN-NMR-2015:R27": false, "UN-NMR-2015:R32": true,
		"UN-BKK-2010:R6": false, "WMA-MALTA-2017:force-feeding": false, "WMA-ICOME-2022:40": true} {
		if cl, _ := c.Clause(id); cl.Confirmed != confirmed {
			t.Errorf("%s: confirmed = %v", id, cl.Confirmed)
		}
	}
}

func TestABrokenTableIsRefused(t *testing.T) {
	for name, breakIt := range map[string]func(*tables){
		"columns":            func(s *tables) { s.norms = strings.Replace(s.norms, "id,title", "id,name", 1) },
		"norm twice":         func(s *tables) { s.norms += "CAT,Again,Again,UN,,treaty,State,,no,\n" },
		"unknown force":      func(s *tables) { s.norms += "X-1,X,X,X,,wish,State,,no,\n" },
		"life out of order":  func(s *tables) { s.events += "CAT,revised,,UN,0,,no,1901,1\n" },
		"unknown event":      func(s *tables) { s.events += "CAT,praised,,UN,0,,no,2001,1\n" },
		"event of nobody":    func(s *tables) { s.events += "NONE,revised,,UN,0,,no,2001,1\n" },
		"norm without life":  func(s *tables) { s.norms += "X-1,X,X,X,,treaty,State,,no,\n" },
		"clause twice":       func(s *tables) { s.clauses += "CAT,4,Again,Again.,State,1987,force,no,party\n" },
		"long label":         func(s *tables) { s.clauses += "CAT,99,one two three four five six,S.,State,1987,force,no,party\n" },
		"drifting since":     func(s *tables) { s.clauses += "CAT,99,Label,S.,State,1988,force,no,party\n" },
		"custom for parties": func(s *tables) { s.clauses += "CIHL,R99,Label,S.,State,1950,custom,no,party\n" },
		"unknown binding":    func(s *tables) { s.clauses += "CAT,99,Label,S.,State,1987,force,no,perhaps\n" },
		"no such clause":     func(s *tables) { s.citations += "ATT.HVY,state.*,any,CAT:99,ATTACK,rule,\n" },
		"unknown context":    func(s *tables) { s.citations += "ATT.HVY,state.*,war,CAT:4,ATTACK,rule,\n" },
		"unknown bearing":    func(s *tables) { s.citations += "ATT.HVY,state.*,any,CAT:4,HURT,rule,\n" },
		"failure by rule":    func(s *tables) { s.citations += "ATT.HVY,state.*,any,CAT:4,FAIL_PROTECT,rule,\n" },
		"compulsion by rule": func(s *tables) { s.citations += "TOR.KNO,state.*,any,CAT:4,COMPEL,rule,\n" },
		"unknown mode":       func(s *tables) { s.citations += "ATT.HVY,state.*,any,CAT:4,ATTACK,often,\n" },
		"call of no norm":    func(s *tables) { s.calls += "NONE,1,1,,NMA,urge,asked,S.,yes\n" },
		"call twice":         func(s *tables) { s.calls += "WMA-GAZA-2025,2,2,2,NMA,urge,asked,,yes\n" },
		"call of no clause":  func(s *tables) { s.calls += "CAT,99,99,99,State,urge,asked,,yes\n" },
		"call to nobody":     func(s *tables) { s.calls += "CAT,99,99,,,urge,asked,S.,yes\n" },
		"call to a stranger": func(s *tables) { s.calls += "CAT,99,99,,State:QQQ,urge,asked,S.,yes\n" },
		"call without words": func(s *tables) { s.calls += "CAT,99,99,,State,urge,asked,,yes\n" },
		"weak call":          func(s *tables) { s.calls += "CAT,99,99,,State,wish,asked,S.,yes\n" },
		"short row":          func(s *tables) { s.citations += "ATT.HVY,state.*\n" },
	} {
		s := shippedTables()
		breakIt(&s)
		if _, err := parseCorpus(s); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := parseCorpus(shippedTables()); err != nil {
		t.Errorf("the shipped tables: %v", err)
	}
}

// TestSummariesAreOurOwnWords looks for runs of eight words that stand in the
// texts that the corpus summarises.
func TestSummariesAreOurOwnWords(t *testing.T) {
	var all strings.Builder
	for _, folder := range []string{"seeds", "domain"} {
		root := os.DirFS(realdata.Path(t, folder))
		err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".csv") {
				return err
			}
			body, err := fs.ReadFile(root, path)
			all.WriteString(" " + strings.Join(text.Tokens(string(body)), " "))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	const run = 8
	summaries := map[string]string{}
	for _, cl := range Load().Clauses() {
		summaries[cl.ID] = cl.Summary
	}
	for _, call := range Load().Calls() {
		summaries["recommendation "+call.ID] = call.Summary
	}
	for id, summary := range summaries {
		words := text.Tokens(summary)
		for i := 0; i+run <= len(words); i++ {
			if phrase := strings.Join(words[i:i+run], " "); strings.Contains(all.String(), phrase) {
				t.Errorf("%s copies %q", id, phrase)
			}
		}
	}
}

func day(t *testing.T, s string) when.Day {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return when.DayOf(at)
}

func standing(t *testing.T, norm, on string) (Standing, bool) {
	t.Helper()
	for _, s := range Load().AsOf(day(t, on)) {
		if s.Norm.ID == norm {
			return s, true
		}
	}
	return Standing{}, false
}

func TestAsOf(t *testing.T) {
	for _, c := range []struct {
		norm, on, state, since string
		earlier                bool
	}{
		{"WMA-KUNI-2017", "2017-03-31", "", "", false},
		{"WMA-KUNI-2017", "2017-04-01", StateInForce, "2017-04", false},
		{"WMA-KUNI-2017", "2017-06-01", StateInForce, "2017-04", false},
		{"WMA-KUNI-2017", "2024-09-30", StateInForce, "2017-04", false},
		{"WMA-KUNI-2017", "2024-10-01", StateRescinded, "2024-10", false},
		{"WMA-TOKYO-2016", "1990-01-01", StateInForce, "1975-10", true},
		{"WMA-TOKYO-2016", "2016-10-01", StateInForce, "1975-10", false},
		{"CAT", "1985-01-01", "", "", false},
		{"CAT", "1987-06-01", StateInForce, "1987-06", false},
		{"CIHL", "1960-01-01", StateInForce, "1950", false},
		{"ETH-HCIC-2015", "2015-01-01", StateInForce, "2015", false},
	} {
		s, found := standing(t, c.norm, c.on)
		if !found {
			s = Standing{}
		}
		if s.State != c.state || s.Since.String() != c.since || s.Earlier != c.earlier {
			t.Errorf("%s on %s: %q since %q earlier %v", c.norm, c.on, s.State, s.Since, s.Earlier)
		}
	}
}

func TestAsOfGivesTheNameOfTheDay(t *testing.T) {
	before, _ := standing(t, "WMA-KIGALI-2023", "2024-09-30")
	after, _ := standing(t, "WMA-KIGALI-2023", "2024-10-01")
	if before.Title == after.Title || !strings.Contains(after.Title, "Kigali") || strings.Contains(before.Title, "Kigali") {
		t.Errorf("before %q, after %q", before.Title, after.Title)
	}
	if after.Last.Event != Renamed || before.Last.Event != Revised {
		t.Errorf("last steps %q and %q", before.Last.Event, after.Last.Event)
	}
}

func TestInForce(t *testing.T) {
	for _, c := range []struct {
		clause string
		year   int
		want   bool
	}{
		{"WMA-TOKYO-2016:1", 1974, false}, {"WMA-TOKYO-2016:1", 1975, true}, {"WMA-ICOME-2022:40", 2021, false},
		{"WMA-ICOME-2022:40", 2022, true}, {"UNSC-2286", 2015, false}, {"UNSC-2286", 2016, true},
		{"WMA-KUNI-2017:release", 2016, false}, {"WMA-KUNI-2017:release", 2024, true}, {"WMA-KUNI-2017:release", 2025, false},
		{"NONE:1", 2020, false},
	} {
		if got := Load().InForce(c.clause, c.year); got != c.want {
			t.Errorf("%s in %d: %v", c.clause, c.year, got)
		}
	}
}

func TestBinds(t *testing.T) {
	parties := []Party{{"XAA", "AP1", 1990}, {"XAA", "AP2", 2020}, {"XAB", "AP1", 0}}
	for _, c := range []struct {
		clause, state string
		year          int
		want          bool
		why           string
	}{
		{"CIHL:R28", "XAA", 2020, true, "customary"},
		{"UNSC-2286", "XAA", 2020, true, "Security Council"},
		{"UNSC-2286", "XAA", 2015, false, "not in force in 2015"},
		{"GC4:18", "XAA", 2020, true, "Geneva Conventions"},
		{"CA3", "XAA", 2020, true, "Geneva Conventions"},
		{"WMA-TOKYO-2016:1", "XAA", 2020, true, "professional duty"},
		{"UN-PME-1982:P4b", "XAA", 2020, true, "professional duty"},
		{"AP1:16.1", "XAA", 2020, true, "party since 1990"},
		{"AP2:10.1", "XAA", 2019, false, "party only since 2020"},
		{"AP1:16.1", "XAB", 2020, false, "not known to be party"},
		{"CAT:4", "XAA", 2020, false, "not known to be party"},
		{"UN-NMR-2015:R24", "XAA", 2020, true, "addressed to States"},
		{"WMA-IRAN-2025:10", "IRN", 2020, true, "this State"},
		{"WMA-IRAN-2025:10", "XAA", 2020, false, "State:IRN"},
		{"WMA-SOCIAL-2022:2", "XAA", 2023, false, "NMA"},
		{"NONE:1", "XAA", 2023, false, "no such clause"},
	} {
		got, why := Load().Binds(c.clause, c.state, c.year, parties)
		if got != c.want || !strings.Contains(why, c.why) {
			t.Errorf("%s, %s, %d: %v, %q", c.clause, c.state, c.year, got, why)
		}
	}
}
