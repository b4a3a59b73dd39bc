package simulate

import (
	"math"
	"math/rand/v2"
	"strings"

	"ward/chart"
	"ward/when"
)

// Event is what truly happened.
type Event struct {
	Number   int // from 1, in the order of dates
	Day      when.Day
	Year     int
	State    string // where
	Town     int    // index into the State's Towns
	At       chart.Point
	Actor    int    // index into the world's actors
	Kind     string // row of the table of kinds
	Codes    []string
	War      bool // part of an armed conflict
	Aid      bool // struck an aid organisation
	Weapon   string
	Outcome  string // of those taken; "" for nobody taken
	Counts   map[string]int64
	Severity float64 // 0..1

	kind *kind
}

// kind is one way in which care is attacked.
type kind struct {
	name, group, means, location, place string
	war                                 bool
	severity                            float64
	roles                               map[string]float64
	weapons, codes, ssa, flags          []string
	outcomes                            []string
	counts                              []chance
}

// chance is how likely a field is counted; fixed is its count, 0 for a draw with a heavy tail.
type chance struct {
	field string
	p     float64
	fixed int64
}

func kindOf(r map[string]string) kind {
	k := kind{name: r["kind"], group: r["group"], means: r["means"], location: r["location"], place: r["place"], war: r["war"] == "yes",
		severity: decimal(r["severity"]), roles: map[string]float64{}, weapons: strings.Split(r["weapons"], "|"), codes: strings.Fields(r["codes"]),
		ssa: split(r["ssa"]), flags: strings.Fields(r["flags"]), outcomes: split(r["outcomes"])}
	for word := range strings.FieldsSeq(r["roles"]) {
		role, weight, _ := strings.Cut(word, ":")
		k.roles[role] = decimal(weight)
	}
	for word := range strings.FieldsSeq(r["counts"]) {
		field, rest, _ := strings.Cut(word, ":")
		p, fixed, _ := strings.Cut(rest, "=")
		k.counts = append(k.counts, chance{field, decimal(p), int64(decimal(fixed))})
	}
	return k
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, "|")
}

// event makes the event of a number; neighbours in number are neighbours in time.
func (w *world) event(n int) Event {
	g, rng := w.ground, random(w.seed, streamEvent, n)
	e := Event{Number: n + 1, Day: g.day((float64(n) + rng.Float64()) / float64(w.events))}
	e.Year = e.Day.Year()
	y := e.Year - FirstYear
	s := &g.states[weighted(rng, len(g.states), func(i int) float64 { return g.states[i].weight[y] })]
	e.State = s.Code
	e.War = rng.Float64() < s.war[y]
	active := g.actorsIn(s.Code, e.Year)
	e.Actor = weighted(rng, len(active), func(i int) float64 { return active[i] })
	actor, habits := &g.actors[e.Actor], g.habits[e.Actor]
	at := weighted(rng, len(g.kinds), func(i int) float64 { return habits[i] * g.kinds[i].fits(actor, &e) })
	e.kind = &g.kinds[max(at, 0)]
	e.War = e.War || e.kind.war
	e.Kind, e.Codes = e.kind.name, e.kind.codes
	e.Weapon = pick(rng, e.kind.weapons)
	if len(e.kind.outcomes) > 0 {
		e.Outcome = pick(rng, e.kind.outcomes)
	}
	e.Aid = rng.Float64() < s.Aid
	e.harm(rng)
	e.where(rng, s, actor)
	return e
}

// fits is how far a deed belongs to the time: deeds of war hardly outside war, an epidemic's only during it.
func (k *kind) fits(a *Actor, e *Event) float64 {
	switch {
	case k.war && !e.War && a.Role != "foreign":
		return 0.03
	case k.has("ebola") && (e.State != "XAG" || e.Year < 2018 || e.Year > 2020):
		return 0
	}
	return 1
}

func (k *kind) has(flag string) bool {
	for _, f := range k.flags {
		if f == flag {
			return true
		}
	}
	return false
}

func pick(rng *rand.Rand, words []string) string { return words[rng.IntN(len(words))] }

// harm draws the counts, most of them one, few of them many.
func (e *Event) harm(rng *rand.Rand) {
	e.Counts = map[string]int64{}
	for _, c := range e.kind.counts {
		if rng.Float64() >= c.p {
			continue
		}
		e.Counts[c.field] = c.fixed
		if c.fixed == 0 {
			e.Counts[c.field] = tail(rng)
		}
	}
	hurt := e.Counts["worker.killed"] + e.Counts["other.killed"] + (e.Counts["worker.injured"]+e.Counts["other.injured"])/3
	e.Severity = min(1, e.kind.severity*0.8+0.1*rng.Float64()+0.05*float64(hurt))
}

// tail draws from a Pareto distribution: about two in three are 1, one in a hundred above 15.
func tail(rng *rand.Rand) int64 {
	return int64(min(math.Pow(1-rng.Float64(), -1/1.7), 80))
}

// where places the event in or near a town of the State. A de facto authority holds the two provinces farthest away.
func (e *Event) where(rng *rand.Rand, s *State, a *Actor) {
	e.Town = weighted(rng, len(s.Towns), func(i int) float64 {
		far := s.Towns[i].Far
		switch {
		case a.Role == "defacto" && far < 2:
			return 0
		case a.Role == "prison" || a.Role == "intelligence":
			return 1 / (1 + far)
		case i == 0:
			return 3
		}
		return 1
	})
	town := s.Towns[max(e.Town, 0)]
	e.Town = max(e.Town, 0)
	for range 8 {
		p := chart.Point{Lon: rounded(town.At.Lon + rng.NormFloat64()*0.05), Lat: rounded(town.At.Lat + rng.NormFloat64()*0.05)}
		if s.shape.Holds(p) {
			e.At = p
			return
		}
	}
	e.At = town.At
}
