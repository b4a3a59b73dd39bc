package desk_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/incident"
	"ward/internal/realdata"
	"ward/policy"
	"ward/tally"
)

// published is what publishers have published, in the order in which it came out, and what each import is to count.
var published = []struct {
	file                                  string
	mapping                               string
	rows, fresh, changed, unchanged, gone int
	repeated                              int
}{
	{"sind_global_2016-2023.xlsx", "", 8854, 8854, 0, 0, 0, 0},
	{"shcc_global_2022.xlsx", "labels", 1989, 1989, 0, 0, 0, 0},
	{"shcc_global_2019.xlsx", "", 1203, 1202, 0, 0, 0, 1},
	{"shcc_syria_2019.xlsx", "", 147, 0, 1, 146, 0, 0},
	{"who_ssa_2017-2024.csv.gz", "", 6277, 6277, 0, 0, 0, 0},
	{"awsd_2016-10-03.csv", "", 2088, 2088, 0, 0, 0, 0},
	{"awsd_2020-11-25.csv", "", 3002, 917, 2085, 0, 3, 0}, // its new columns say something of every incident
	{"sind_lebanon.json", "", 553, 553, 0, 0, 0, 0},
}

// world is a workspace with every real file in it, made once for all tests of the package.
type world struct {
	target  string
	desk    *desk.Desk
	results []desk.ImportResult
	held    map[string]incident.Incident // by public id

	alone           desk.Overview     // with the first file only
	twice, readBack desk.ImportResult // the first file again, and its export read again
	exported        desk.Manifest
}

var theWorld struct {
	sync.Once
	world
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if theWorld.desk != nil {
		theWorld.desk.Close()
	}
	os.RemoveAll(theWorld.target)
	os.Exit(code)
}

func everything(t *testing.T) world {
	t.Helper()
	for _, f := range published {
		realdata.Path(t, "data/incidents/"+f.file) // skips where it is missing
	}
	theWorld.Do(func() { theWorld.err = theWorld.fill(t) })
	if theWorld.err != nil {
		t.Fatal(theWorld.err)
	}
	return theWorld.world
}

func (w *world) fill(t *testing.T) (err error) {
	if w.target, err = os.MkdirTemp("", "ward-desk-test-"); err != nil {
		return err
	}
	if w.desk, err = desk.Open(ctx, at(t, w.target)); err != nil {
		return err
	}
	for _, f := range published {
		r, err := w.desk.Import(ctx, access.Local(), realdata.Path(t, "data/incidents/"+f.file), desk.ImportOptions{Map: f.mapping})
		if err != nil {
			return fmt.Errorf("%s: %w", f.file, err)
		}
		w.results = append(w.results, r)
		if len(w.results) == 1 {
			if err := w.again(t, realdata.Path(t, "data/incidents/"+f.file)); err != nil {
				return err
			}
		}
	}
	w.held = map[string]incident.Incident{}
	for _, inc := range incidents(t, w.target) {
		w.held[inc.PublicID] = inc
	}
	return nil
}

// again imports the only file so far a second time, exports it, and imports what was exported.
func (w *world) again(t *testing.T, path string) (err error) {
	if w.alone, err = w.desk.Overview(ctx, access.Local()); err != nil {
		return err
	}
	if w.twice, err = w.desk.Import(ctx, access.Local(), path, desk.ImportOptions{}); err != nil {
		return err
	}
	sheet, m := exported(t, w.desk, desk.ExportOptions{Format: "sind-xlsx", HXL: true})
	w.exported = m
	w.readBack, err = w.desk.Import(ctx, access.Local(), sheet, desk.ImportOptions{})
	return err
}

func TestEveryRealFileIsCountedRowByRow(t *testing.T) {
	w := everything(t)
	for i, f := range published {
		r := w.results[i]
		if r.Rows != f.rows || r.Rejected != 0 || r.Duplicates != f.repeated || r.New+r.Changed+r.Unchanged+r.Duplicates != r.Rows {
			t.Errorf("%s: %+v", f.file, r.Progress)
		}
		t.Run(f.file, func(t *testing.T) { wantCounts(t, r, f.fresh, f.changed, f.unchanged, f.gone) })
	}
	if got := rowsOf(t, w.target, "SELECT COUNT(*) n FROM report")[0]["n"]; got != int64(8854+1989+1202+1+6277+2088+917+2085+553) {
		t.Errorf("%v reports", got)
	}
}

func TestRegistersStandSideBySide(t *testing.T) {
	w := everything(t)
	o, err := w.desk.Overview(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	var people incident.People
	for _, x := range o.Tallies {
		got[x.Namespace] += x.Incidents
		if x.Namespace == "SSA" {
			people = people.Add(x.People)
		}
	}
	// 1,948 of SHCC's events and 21 of Lebanon's are SiND's own; three of AWSD's first edition are gone
	want := map[string]int64{"SiND": 8854 + 1989 - 1948 + 553 - 21, "SHCC-2019": 1202, "SSA": 6277, "AWSD": 3002}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if people.AllKilled.Int64 != 1902 || people.AllInjured.Int64 != 4056 || people.Killed.Valid {
		t.Errorf("WHO's totals are everybody's, never health workers': %+v", people)
	}
}

func TestSiNDGlobalGivesItsPublishedFiguresAndComesBackUnchanged(t *testing.T) {
	w := everything(t)
	var n int64
	var all incident.People
	for _, x := range w.alone.Tallies {
		n, all = n+x.Incidents, all.Add(x.People)
	}
	if n != 8854 || all.Killed.Int64 != 1634 || all.Injured.Int64 != 2519 || all.Abducted.Int64 != 1212 || all.Arrested.Int64 != 1781 {
		t.Errorf("%d events, %+v", n, all)
	}
	wantCounts(t, w.twice, 0, 0, 8854, 0)
	wantCounts(t, w.readBack, 0, 0, 8854, 0)
	if w.exported.Records != 8854 || w.readBack.Rejected != 0 {
		t.Errorf("%+v %+v", w.exported, w.readBack.Progress)
	}
}

func TestRealIncidentsCanBeRebuiltFromTheirAssertions(t *testing.T) {
	w := everything(t)
	wantCommitted(t, w.target)
	if n := rebuild(t, w.target); n != len(w.held) {
		t.Errorf("%d rebuilt of %d", n, len(w.held))
	}
}

func auditOf(t *testing.T, w world, state string) *audit.Report {
	t.Helper()
	r, err := w.desk.Audit(ctx, access.Local(), state, desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// inCells are the incidents that count in a State's cells, or wait there for a decision.
func inCells(r *audit.Report) map[string]bool {
	out := map[string]bool{}
	for _, c := range r.Cells {
		for _, id := range c.Incidents {
			out[id] = true
		}
	}
	return out
}

// Whose act: an act counts for the State whose forces are named, wherever it was done.
func TestNoActFallsToTheStateItWasDoneTo(t *testing.T) {
	w := everything(t)
	for _, c := range []struct {
		place, actor string
		least        int // acts of the actor's forces there that its own cells count
	}{{"UKR", "RUS", 900}, {"PSE", "ISR", 780}} {
		place, actor := auditOf(t, w, c.place), auditOf(t, w, c.actor)
		for _, cell := range place.Cells {
			ids := slices.Clone(cell.Incidents)
			for _, d := range cell.ToDecide {
				ids = append(ids, d.Incidents...)
			}
			for _, id := range ids {
				if inc := w.held[id]; slices.Contains(inc.ActorState, c.actor) || !slices.Contains(inc.ActorState, c.place) {
					t.Errorf("%s %s %d holds %s, an act of %v", c.place, cell.Clause, cell.Year, id, inc.ActorState)
				}
			}
		}
		counted := inCells(actor)
		for id := range counted {
			if !slices.Equal(w.held[id].ActorState, []string{c.actor}) {
				t.Errorf("%s counts %s, an act of %v", c.actor, id, w.held[id].ActorState)
			}
		}
		there, left := 0, 0
		for id, inc := range w.held {
			named := inc.Country == c.place && slices.Equal(inc.ActorState, []string{c.actor}) && inc.Scope == "health" && inc.Year() != 0
			if named && counted[id] {
				there++
			} else if named && len(inc.Codes) > 0 {
				left++
			}
		}
		t.Logf("%s: %d acts of %s count for it, %d cite no clause", c.place, there, c.actor, left)
		if there < c.least {
			t.Errorf("only %d acts of %s in %s count in its own cells", there, c.actor, c.place)
		}
	}
}

func TestRealAuditsAreProposalsOnly(t *testing.T) {
	w := everything(t)
	for _, state := range []string{"SDN", "AFG", "MMR", "UKR", "RUS", "PSE", "ISR"} {
		r := auditOf(t, w, state)
		if len(r.Cells) == 0 || len(r.Incidents) == 0 {
			t.Fatalf("%s: %d cells, %d incidents", state, len(r.Cells), len(r.Incidents))
		}
		counted := 0
		for _, c := range r.Cells {
			if c.Outcome != audit.N0 && c.Outcome != audit.NotInForce || c.Coded != "" {
				t.Errorf("%s %s %d is %s before anybody coded", state, c.Clause, c.Year, c.Outcome)
			}
			sideBySide(t, state, c)
			counted += len(c.Incidents)
			if strong := c.Certainty["confirmed"].High + c.Certainty["probable"].High; strong == 0 && c.Proposed != audit.N0 && c.Proposed != audit.F1 && c.Proposed != audit.NotInForce {
				t.Errorf("%s %s %d proposes %s on possible incidents", state, c.Clause, c.Year, c.Proposed)
			}
		}
		if counted == 0 {
			t.Errorf("%s: no cell counts anything", state)
		}
		wantRebuilt(t, r)
	}
}

// sideBySide checks that registers were never added: low and best are the largest one, high is all of them.
func sideBySide(t *testing.T, state string, c audit.Cell) {
	t.Helper()
	var most, sum int64
	for _, n := range c.PerRegister {
		most, sum = max(most, n), sum+n
	}
	if want := (tally.Count{Low: most, Best: most, High: sum}); c.Floor != want {
		t.Errorf("%s %s %d: floor %v of registers %v", state, c.Clause, c.Year, c.Floor, c.PerRegister)
	}
}

func wantRebuilt(t *testing.T, r *audit.Report) {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	result, err := audit.Check(&b, policy.Load())
	if err != nil || !result.Same() || result.Cells != len(r.Cells) {
		t.Errorf("%s: %v %+v", r.State, err, result)
	}
}

func TestWHOAndSiNDAreNeverAdded(t *testing.T) {
	w := everything(t)
	r := auditOf(t, w, "SDN")
	of := map[string]int64{}
	for _, inc := range w.held {
		if inc.Country == "SDN" && inc.Scope == "health" && !inc.Gone && inc.Year() != 0 {
			of[inc.Namespace]++
		}
	}
	most, sum := int64(0), int64(0)
	for _, n := range of {
		most, sum = max(most, n), sum+n
	}
	if of["SSA"] == 0 || of["SiND"] == 0 || most == sum {
		t.Fatalf("Sudan is documented by %v", of)
	}
	if want := (tally.Count{Low: most, Best: most, High: sum}); r.Summary.Territory != want {
		t.Errorf("on the territory %v, want %v of %v", r.Summary.Territory, want, of)
	}
	shown := map[string]int64{}
	for _, register := range r.Registers {
		shown[register.Register] = register.Incidents
	}
	if !maps.Equal(shown, of) {
		t.Errorf("the audit shows %v, the workspace has %v", shown, of)
	}
}

func TestAStateWithoutIncidentsHasTheWholeRectangle(t *testing.T) {
	w := everything(t)
	r := auditOf(t, w, "XJZ")
	years := r.To - r.From + 1
	if len(r.Incidents) != 0 || years < 8 || len(r.Cells)%years != 0 || len(r.Cells) != len(auditOf(t, w, "SDN").Cells) {
		t.Errorf("%d incidents, %d cells, %d years", len(r.Incidents), len(r.Cells), years)
	}
	for _, c := range r.Cells {
		if c.Outcome != audit.N0 && c.Outcome != audit.NotInForce || !c.Floor.IsZero() || c.Proposed != c.Outcome {
			t.Errorf("%+v", c)
		}
	}
	wantRebuilt(t, r)
}

// Somebody changes a figure of the published file by hand: one digit, anywhere in its cells.
func TestAnAlteredDigitInACellDiffers(t *testing.T) {
	w := everything(t)
	var b bytes.Buffer
	if err := auditOf(t, w, "RUS").WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	from := strings.Index(whole, `"cells":[`)
	to := from + strings.Index(whole[from:], "],\n\"agreement\"")
	figures := regexp.MustCompile(`"(low|best|high|ATTACK|SiND)":(\d+)`).FindAllStringSubmatchIndex(whole[from:to], -1)
	if len(figures) < 1000 {
		t.Fatalf("only %d figures stand in the cells", len(figures))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		at := from + figures[random.IntN(len(figures))][5] - 1
		altered := whole[:at] + string('0'+(whole[at]-'0'+1)%10) + whole[at+1:]
		result, err := audit.Check(strings.NewReader(altered), policy.Load())
		if err != nil || result.Same() || result.Differ[0].Part != "cell" {
			t.Errorf("%s: %v %+v", whole[max(0, at-60):at+1], err, result.Differ)
		}
	}
}
