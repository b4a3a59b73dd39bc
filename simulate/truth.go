package simulate

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"ward/chart"
)

// truthWriter streams truth.json: the ground first, then one event a line, then the totals and files.
type truthWriter struct {
	w      io.Writer
	world  *world
	first  bool
	totals map[string]*total
}

// total is one State's year.
type total struct {
	State    string           `json:"state"`
	Year     int              `json:"year"`
	Events   int              `json:"events"`
	Captured map[Register]int `json:"captured"`
	Any      int              `json:"captured_by_any"`
	Killed   int64            `json:"health_workers_killed"`
	Own      int              `json:"by_own_organs"`
}

// trace is what one register made of an event.
type trace struct {
	Register  Register         `json:"register"`
	ID        string           `json:"id"`
	Row       int              `json:"row"` // from 1, blank rows not counted
	Date      string           `json:"date"`
	Counts    map[string]int64 `json:"counts,omitempty"`
	Known     bool             `json:"actor_known"`
	Precision int              `json:"precision"`
	Certainty string           `json:"certainty,omitempty"`
	Dirt      []string         `json:"dirt,omitempty"`
}

func traceOf(r *Report, row int, dirt []string) trace {
	return trace{r.Register, r.ID, row, r.Day.String(), r.Counts, r.Actor != theGround().unknown(), r.Precision, r.Certainty, dirt}
}

// happened is an event as truth.json tells it.
type happened struct {
	Number   int              `json:"number"`
	Date     string           `json:"date"`
	State    string           `json:"state"`
	Province string           `json:"province"`
	Town     string           `json:"town"`
	At       [2]float64       `json:"lat_lon"`
	Actor    string           `json:"actor,omitempty"`
	Role     string           `json:"role"`
	Of       string           `json:"actor_state,omitempty"`
	Kind     string           `json:"kind"`
	Codes    []string         `json:"codes"`
	War      bool             `json:"armed_conflict"`
	Aid      bool             `json:"aid"`
	Weapon   string           `json:"weapon"`
	Outcome  string           `json:"outcome,omitempty"`
	Counts   map[string]int64 `json:"counts"`
	Severity float64          `json:"severity"`
	Reports  []trace          `json:"reports"`
}

// stateTruth and actorTruth are the ground as truth.json tells it.
type stateTruth struct {
	Code, Name, Native, Language string
	Open                         float64
	MonitoredSince               int `json:",omitempty"`
	Capital                      string
	Towns                        []townTruth
}

type townTruth struct {
	Name, Native, Province, ProvinceNative string
	At                                     chart.Point
}

type actorTruth struct{ Role, Kind, State, Name string }

func newTruthWriter(w io.Writer, world *world) (*truthWriter, error) {
	t := &truthWriter{w: w, world: world, first: true, totals: map[string]*total{}}
	var states []stateTruth
	for _, s := range world.ground.states {
		st := stateTruth{s.Code, s.Name, s.Native, s.Language, s.Open, s.Since, s.Towns[0].Name, nil}
		for _, town := range s.Towns {
			st.Towns = append(st.Towns, townTruth{town.Name, town.Native, town.Province, town.ProvinceNative, town.At})
		}
		states = append(states, st)
	}
	var actors []actorTruth
	for _, a := range world.ground.actors {
		actors = append(actors, actorTruth{a.Role, a.Kind, a.State, a.Name})
	}
	head, err := json.Marshal(map[string]any{"format": "ward-simulated-truth/1", "seed": world.seed, "reports": world.reports, "states": states, "actors": actors, "stains": stainTruth()})
	if err == nil {
		_, err = fmt.Fprintf(w, "%s,\"events\":[", strings.TrimSuffix(string(head), "}"))
	}
	if err != nil {
		return nil, unwritten(err)
	}
	return t, nil
}

// stainTruth tells each kind of dirt, how often it is laid and which flag a reader should raise.
func stainTruth() (out []map[string]any) {
	for _, s := range stains() {
		out = append(out, map[string]any{"dirt": s.name, "registers": s.in, "one_in": s.every, "flag": s.flag})
	}
	return out
}

func (t *truthWriter) event(e *Event, traces []trace) error {
	g := t.world.ground
	town, a := g.state(e.State).Towns[e.Town], g.actors[e.Actor]
	t.count(e, &a, traces)
	line, err := json.Marshal(happened{e.Number, e.Day.String(), e.State, town.Province, town.Name, [2]float64{e.At.Lat, e.At.Lon}, a.Name, a.Role, a.State,
		e.Kind, e.Codes, e.War, e.Aid, e.Weapon, e.Outcome, e.Counts, rounded(e.Severity), traces})
	if err != nil {
		return err
	}
	separator := ",\n"
	if t.first {
		separator, t.first = "\n", false
	}
	_, err = fmt.Fprintf(t.w, "%s%s", separator, line)
	return err
}

func (t *truthWriter) count(e *Event, a *Actor, traces []trace) {
	key := fmt.Sprintf("%s %d", e.State, e.Year)
	n := t.totals[key]
	if n == nil {
		n = &total{State: e.State, Year: e.Year, Captured: map[Register]int{}}
		t.totals[key] = n
	}
	n.Events++
	n.Killed += e.Counts["worker.killed"]
	if a.State == e.State {
		n.Own++
	}
	if len(traces) > 0 {
		n.Any++
	}
	for _, tr := range traces {
		n.Captured[tr.Register]++
	}
}

// end writes the totals by State and year, and the files.
func (t *truthWriter) end(files []File) error {
	var totals []*total
	for _, n := range t.totals {
		totals = append(totals, n)
	}
	slices.SortFunc(totals, func(a, b *total) int {
		return strings.Compare(fmt.Sprint(a.State, a.Year), fmt.Sprint(b.State, b.Year))
	})
	tail, err := json.Marshal(map[string]any{"totals": totals, "files": files})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.w, "\n],%s\n", strings.TrimPrefix(string(tail), "{"))
	return err
}

// noteText is the README beside the files.
func noteText(w *world, files []File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Invented data, made by `ward simulate --seed %d --reports %d`.\n\n", w.seed, w.reports)
	b.WriteString("No State, place, force, organisation's finding or person in these files exists. The codes XAA to XAH are among those that\n" +
		"ISO 3166-1 leaves to its users. The files have the layouts of real registers, with the faults that real ones have.\n\n")
	for _, f := range files {
		fmt.Fprintf(&b, "%-16s %7d rows, layout %s of the profile %s\n", f.Name, f.Rows, f.Layout, f.Register)
	}
	b.WriteString("truth.json       what truly happened, which register has it under which id, and the faults of each row\n\n")
	b.WriteString("Registers differ on purpose: Dorelle (XAD) is closed, so that hardly anything of what happens there is reported; the register\n" +
		"who-ssa watches emergencies only and names no actor; awsd has aid organisations only; the more years pass, the more is\n" +
		"looked at. A rise in reports is therefore not a rise in acts. What happens in cells no register has.\n")
	return b.String()
}
