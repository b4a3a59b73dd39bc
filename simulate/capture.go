package simulate

import (
	"math"
	"math/rand/v2"

	"ward/chart"
	"ward/when"
)

// Register is an organisation that documents, by the name of its profile in exchange.
type Register string

// The registers. The yearly sheet is the same organisation's second look at one year and shares the ids of the first.
const (
	SiND Register = "sind"    // all States, good for capitals, weak where a State is closed
	SSA  Register = "who-ssa" // emergencies only, without actors and places, with grades
	AWSD Register = "awsd"    // aid organisations only
	SHCC Register = "shcc"    // one year
)

// Registers lists all four in the order in which their files are written.
func Registers() []Register { return []Register{SiND, SSA, AWSD, SHCC} }

// sheetYear is the year of the yearly sheet.
const sheetYear = 2022

// Report is one event as one register has it.
type Report struct {
	Register  Register
	ID        string
	Day       when.Day
	Counts    map[string]int64
	Range     string // a field whose count is given as a range from itself to twice as many; "" for none
	Actor     int    // index into the world's actors; that of role unknown where the register does not know
	Named     bool   // with the actor's name
	Precision int    // 2 near the town, 3 district, 4 province, 6 country
	At        chart.Point
	Certainty string // of a register that grades
}

// capture tells which registers have the event, and what they have.
func (w *world) capture(e *Event) []Report {
	rng := random(w.seed, streamFound, e.Number)
	s := w.ground.state(e.State)
	var out []Report
	for _, r := range Registers() {
		p, draw := seen(r, e, s), rng.Float64()
		if r == SHCC && len(out) > 0 && out[0].Register == SiND && p > 0 {
			p = 0.94 // what the organisation has it publishes twice
		}
		if draw >= p {
			continue
		}
		out = append(out, w.report(rng, r, e, s))
	}
	return out
}

func (g *ground) state(code string) *State { return &g.states[code[2]-'A'] }

// seen is the probability that a register has an event.
func seen(r Register, e *Event, s *State) float64 {
	if e.kind.group == "custody" {
		return 0 // what happens in cells no register of attacks has
	}
	near := math.Exp(-s.Sparse * s.Towns[e.Town].Far)
	effort := 0.55 + 0.05*float64(e.Year-FirstYear) // more is looked at each year: a rise in reports is not a rise in acts
	switch r {
	case SiND:
		return min(0.97, s.Open*near*(0.35+0.75*e.Severity)*effort*1.15)
	case SSA:
		if s.Since == 0 || e.Year < s.Since || e.kind.name == "prosecution" {
			return 0
		}
		return math.Sqrt(s.Open) * (0.15 + 0.55*e.Severity) * (0.6 + 0.4*near)
	case AWSD:
		if !e.Aid || e.aidVictims() == 0 {
			return 0
		}
		return 0.75 * math.Sqrt(s.Open)
	case SHCC:
		if e.Year != sheetYear {
			return 0
		}
		return 0.02 * s.Open
	}
	return 0
}

// aidVictims counts whom the register of aid workers would count.
func (e *Event) aidVictims() int64 {
	return e.Counts["worker.killed"] + e.Counts["worker.injured"] + e.Counts["worker.abducted"] + e.Counts["worker.arrested"]
}

// report is the event as the register has it.
func (w *world) report(rng *rand.Rand, r Register, e *Event, s *State) Report {
	out := Report{Register: r, ID: idOf(r, e), Day: e.Day, Counts: map[string]int64{}, Actor: e.Actor, Named: true, At: e.At}
	if rng.Float64() < 0.25 {
		out.Day += when.Day(rng.IntN(7) - 3)
	}
	out.Day = inside(out.Day, e.Year)
	for _, c := range e.kind.counts {
		n, ok := e.Counts[c.field]
		if !ok {
			continue
		}
		out.Counts[c.field] = n
		if n > 1 && rng.Float64() < 0.3 {
			out.Counts[c.field] = max(1, n+int64(rng.IntN(5))-2)
		}
		if n > 1 && r == SiND && out.Range == "" && rng.Float64() < 0.05 {
			out.Range = c.field
		}
	}
	w.attribute(rng, &out, e, s)
	out.place(rng, e, s)
	if r == SSA {
		out.Certainty = grade(rng, e, s)
	}
	return out
}

// inside keeps a shifted day within the event's year, so that totals by year compare.
func inside(d when.Day, year int) when.Day {
	y, err := when.YMD(year, 0, 0)
	if err != nil {
		panic("simulate: " + err.Error())
	}
	return min(max(d, y.From()), y.To())
}

// attribute loses the actor sometimes, most often where the State is closed.
func (w *world) attribute(rng *rand.Rand, out *Report, e *Event, s *State) {
	lost := 0.08 + 0.20*(1-s.Open)
	if draw := rng.Float64(); draw < lost {
		out.Actor = w.ground.unknown()
	} else if draw < lost+0.15 {
		out.Named = false
	}
}

func (g *ground) unknown() int { return len(g.actors) - 1 }

// place blurs where it happened: near the town, the province's seat, or the country.
func (out *Report) place(rng *rand.Rand, e *Event, s *State) {
	switch draw := rng.Float64(); {
	case draw < 0.55:
		out.Precision = 2
	case draw < 0.75:
		out.Precision, out.At = 3, s.Towns[e.Town].At
	case draw < 0.90:
		out.Precision, out.At = 4, s.seat(s.Towns[e.Town].Province)
	default:
		out.Precision, out.At = 6, s.Towns[0].At
	}
}

// seat is the first town of a province.
func (s *State) seat(province string) chart.Point {
	for _, t := range s.Towns {
		if t.Province == province {
			return t.At
		}
	}
	return s.Towns[0].At
}

// grade is the certainty that the grading register gives: more is confirmed where more can look.
func grade(rng *rand.Rand, e *Event, s *State) string {
	score := 0.45*s.Open + 0.35*e.Severity + 0.45*rng.Float64()
	switch {
	case score > 0.62:
		return "confirmed"
	case score > 0.48:
		return "probable"
	}
	return "possible"
}
