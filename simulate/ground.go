package simulate

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"

	"ward/chart"
	"ward/vocab"
	"ward/when"
)

//go:embed data/*.csv
var files embed.FS

// State is an invented State.
type State struct {
	Code     string  // XAA to XAH
	Name     string  // English
	Native   string  // in its own script
	Language string  // of its people, by a code of two letters
	Open     float64 // 0 closed to documenters, 1 open
	Aid      float64 // share of health care that aid organisations give
	Since    int     // first year of an emergency that the grading register watches; 0 = none
	Sparse   float64 // how much less is seen per degree of distance from the capital
	Towns    []Town  // the capital first

	weight []float64 // events by year, in proportion to those of the other States
	war    []float64 // share of armed conflict by year
	shape  chart.Shape
}

// Town is an invented town.
type Town struct {
	Name, Native             string
	Province, ProvinceNative string
	At                       chart.Point
	Far                      float64 // from the capital, in degrees
}

// Actor is an invented force or group.
type Actor struct {
	Role  string // army, police, prison, intelligence, foreign, group, defacto, criminal, crowd, family, unknown
	Kind  string // code of the list actor
	State string // whose organ it is; "" for none's
	Name  string // "" where nobody gives one

	sind, awsd string // the registers' words for its kind
	acts       []presence
}

// presence is where, how much and when an actor acts.
type presence struct {
	state    string
	weight   float64
	from, to int
}

// ground is all that does not depend on the seed.
type ground struct {
	states []State
	actors []Actor
	kinds  []kind
	words  map[[2]string][]string // by language and group
	names  map[string][]string    // of facilities, by language
	reach  []float64              // share of the world's events up to the end of each year
	active [][]float64            // by State and year: what each actor does there
	habits [][]float64            // by actor: how often it does what each kind is
}

// theGround is read once; nothing changes it afterwards.
var theGround = sync.OnceValue(func() *ground {
	g := &ground{words: map[[2]string][]string{}, names: map[string][]string{}}
	g.readStates()
	g.readActors()
	for _, r := range table("kinds.csv") {
		g.kinds = append(g.kinds, kindOf(r))
	}
	for _, r := range table("words.csv") {
		k := [2]string{r["lang"], r["group"]}
		g.words[k] = append(g.words[k], r["text"])
	}
	for _, r := range table("facilities.csv") {
		g.names[r["lang"]] = append(g.names[r["lang"]], r["text"])
	}
	g.sumYears()
	g.weigh()
	return g
})

// table reads one embedded file; a broken one is a defect and a test reads them all.
func table(name string) []map[string]string {
	b, err := files.ReadFile("data/" + name)
	if err != nil {
		panic("simulate: " + err.Error())
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		panic("simulate: " + name + ": " + err.Error())
	}
	var out []map[string]string
	for _, cells := range rows[1:] {
		r := map[string]string{}
		for i, c := range cells {
			r[rows[0][i]] = c
		}
		out = append(out, r)
	}
	return out
}

func decimal(s string) float64 {
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("simulate: " + err.Error())
	}
	return f
}

func (g *ground) readStates() {
	places := table("places.csv")
	for _, r := range table("states.csv") {
		s := State{Code: r["state"], Name: vocab.CountryName(r["state"], "en"), Native: r["native"], Language: r["lang"],
			Open: decimal(r["open"]), Aid: decimal(r["aid"]), Since: int(decimal(r["monitored"])), Sparse: decimal(r["sparse"])}
		for y := FirstYear; y <= LastYear; y++ {
			s.weight = append(s.weight, decimal(r[fmt.Sprintf("w%d", y)]))
			s.war = append(s.war, decimal(r[fmt.Sprintf("war%d", y)])/100)
		}
		shape, ok := chart.Invented().Shape(s.Code)
		if !ok {
			panic("simulate: no outline of " + s.Code)
		}
		s.shape = shape
		for _, p := range places {
			if p["state"] == s.Code {
				s.Towns = append(s.Towns, Town{Name: p["town"], Native: p["town_native"], Province: p["adm1"], ProvinceNative: p["adm1_native"]})
			}
		}
		s.settle()
		g.states = append(g.states, s)
	}
}

// settle gives the towns their places: the provinces' seats far from each other, the capital in the middle, each
// further town in the province whose seat is nearest.
func (s *State) settle() {
	var seats []int
	for i, t := range s.Towns {
		if i == 0 || t.Province != s.Towns[i-1].Province {
			seats = append(seats, i)
		}
	}
	land := s.land(900)
	middle := heart(land)
	taken := []chart.Point{nearest(land, middle)}
	for len(taken) < len(seats) {
		taken = append(taken, farthest(land, taken))
	}
	for n, at := range seats {
		s.Towns[at].At = taken[n]
	}
	for n, at := range seats {
		var own []chart.Point
		for _, p := range land {
			if nearest(taken, p) == taken[n] {
				own = append(own, p)
			}
		}
		chosen := []chart.Point{taken[n]}
		for i := at + 1; i < len(s.Towns) && s.Towns[i].Province == s.Towns[at].Province; i++ {
			chosen = append(chosen, farthest(own, chosen))
			s.Towns[i].At = chosen[len(chosen)-1]
		}
	}
	for i := range s.Towns {
		s.Towns[i].Far = distance(s.Towns[i].At, s.Towns[0].At)
	}
}

// land scatters points over the State's largest land, away from its border.
func (s *State) land(n int) []chart.Point {
	ring := s.shape.Rings[0]
	for _, r := range s.shape.Rings {
		if len(r) > len(ring) {
			ring = r
		}
	}
	low, high := ring[0], ring[0]
	for _, p := range ring {
		low.Lon, low.Lat = min(low.Lon, p.Lon), min(low.Lat, p.Lat)
		high.Lon, high.Lat = max(high.Lon, p.Lon), max(high.Lat, p.Lat)
	}
	rng := random(1, streamGround, int(s.Code[2]))
	var out []chart.Point
	for tries := 0; len(out) < n && tries < 100*n; tries++ {
		p := chart.Point{Lon: rounded(low.Lon + rng.Float64()*(high.Lon-low.Lon)), Lat: rounded(low.Lat + rng.Float64()*(high.Lat-low.Lat))}
		if s.well(p) {
			out = append(out, p)
		}
	}
	return out
}

// well reports a point inside the outline with some land around it.
func (s *State) well(p chart.Point) bool {
	const margin = 0.12
	for _, d := range [...]chart.Point{{}, {Lon: margin}, {Lon: -margin}, {Lat: margin}, {Lat: -margin}} {
		if !s.shape.Holds(chart.Point{Lon: p.Lon + d.Lon, Lat: p.Lat + d.Lat}) {
			return false
		}
	}
	return true
}

// rounded cuts a coordinate to ten metres or so, as registers give them.
func rounded(f float64) float64 { return math.Round(f*1e4) / 1e4 }

func distance(a, b chart.Point) float64 { return math.Hypot(a.Lon-b.Lon, a.Lat-b.Lat) }

func heart(points []chart.Point) (c chart.Point) {
	for _, p := range points {
		c.Lon += p.Lon / float64(len(points))
		c.Lat += p.Lat / float64(len(points))
	}
	return c
}

func nearest(points []chart.Point, to chart.Point) chart.Point {
	return slices.MinFunc(points, func(a, b chart.Point) int { return compare(distance(a, to), distance(b, to)) })
}

// farthest gives the point whose nearest neighbour among those taken is farthest away.
func farthest(points, taken []chart.Point) chart.Point {
	return slices.MaxFunc(points, func(a, b chart.Point) int {
		return compare(distance(a, nearest(taken, a)), distance(b, nearest(taken, b)))
	})
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// readActors gives every State its organs, and the groups their grounds.
func (g *ground) readActors() {
	for _, r := range table("actors.csv") {
		for _, s := range g.states {
			a := Actor{Role: r["role"], Kind: r["kind"], Name: r["name"], sind: r["sind"], awsd: r["awsd"]}
			switch r["of"] {
			case "home":
				a.State, a.Name = s.Code, strings.ReplaceAll(a.Name, "{state}", s.Name)
				a.acts = presences(r["acts"], s.Code)
			default:
				a.State, a.acts = r["of"], presences(r["acts"], "")
			}
			g.actors = append(g.actors, a)
			if r["of"] != "home" {
				break
			}
		}
	}
}

// presences reads "XAE:22-2016-2025 *:5-2016-2025"; the star stands for home, or for every State where there is none.
func presences(list, home string) (out []presence) {
	for word := range strings.FieldsSeq(list) {
		state, rest, _ := strings.Cut(word, ":")
		part := strings.Split(rest, "-")
		if home != "" && state != home && state != "*" {
			continue
		}
		if state == "*" {
			state = home
		}
		out = append(out, presence{state, decimal(part[0]), int(decimal(part[1])), int(decimal(part[2]))})
	}
	return out
}

// in is how much an actor does in a State and year; a line of its own for a State replaces the one for all.
func (a *Actor) in(state string, year int) (w float64) {
	for _, p := range a.acts {
		if (p.state == state || p.state == "") && p.from <= year && year <= p.to {
			w = max(w, p.weight)
		}
	}
	return w
}

// sumYears prepares the draw of years and of States.
func (g *ground) sumYears() {
	sum := 0.0
	for y := range years() {
		for _, s := range g.states {
			sum += s.weight[y]
		}
		g.reach = append(g.reach, sum)
	}
	for y := range g.reach {
		g.reach[y] /= sum
	}
}

// weigh works out beforehand what every draw of an actor and of a kind needs.
func (g *ground) weigh() {
	for _, s := range g.states {
		for y := FirstYear; y <= LastYear; y++ {
			var row []float64
			for i := range g.actors {
				row = append(row, g.actors[i].in(s.Code, y))
			}
			g.active = append(g.active, row)
		}
	}
	for _, a := range g.actors {
		var row []float64
		for _, k := range g.kinds {
			row = append(row, k.roles[a.Role])
		}
		g.habits = append(g.habits, row)
	}
}

// actorsIn are the weights of all actors in a State and year.
func (g *ground) actorsIn(state string, year int) []float64 {
	return g.active[int(state[2]-'A')*years()+year-FirstYear]
}

// years is how many the world has.
func years() int { return LastYear - FirstYear + 1 }

// day draws a day so that share runs evenly through the world's events: rising share, rising day.
func (g *ground) day(share float64) when.Day {
	y := 0
	for y < years()-1 && share >= g.reach[y] {
		y++
	}
	before := 0.0
	if y > 0 {
		before = g.reach[y-1]
	}
	first, err := when.YMD(FirstYear+y, 0, 0)
	if err != nil {
		panic("simulate: " + err.Error())
	}
	days := float64(first.To()-first.From()) + 1
	return first.From() + when.Day(days*min((share-before)/(g.reach[y]-before), 0.9999))
}

// weighted draws an index in proportion to the weights; -1 when all are zero.
func weighted(rng *rand.Rand, n int, weight func(int) float64) int {
	sum := 0.0
	for i := range n {
		sum += weight(i)
	}
	if sum <= 0 {
		return -1
	}
	at := rng.Float64() * sum
	for i := range n {
		if at -= weight(i); at < 0 {
			return i
		}
	}
	return n - 1
}
