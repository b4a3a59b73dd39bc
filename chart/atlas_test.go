package chart

import (
	"math"
	"strings"
	"testing"
)

// Places where an atlas shows what it was drawn for, checked at both levels of detail.
func TestPlacesLieInTheirStates(t *testing.T) {
	for _, p := range []struct {
		name string
		at   Point
		code string
	}{
		{"Simferopol", Point{34.1, 44.95}, "UKR"}, {"Donetsk", Point{37.8, 48}, "UKR"}, {"Laayoune", Point{-13.0, 27.15}, "ESH"},
		{"Hebron", Point{35.1, 31.53}, "PSE"}, {"Ramallah", Point{35.2, 31.9}, "PSE"}, {"Hargeisa", Point{44.06, 9.56}, "SOM"},
		{"east of Kyrenia", Point{33.6, 35.25}, "CYP"}, {"Gaza city", Point{34.42, 31.46}, "PSE"}, {"Khartoum", Point{32.5, 15.6}, "SDN"}, {"Juba", Point{31.6, 4.85}, "SSD"},
		{"Anadyr, beyond the date line", Point{-175, 67}, "RUS"}, {"Taipei", Point{121.5, 25}, "TWN"}, {"mid-Atlantic", Point{-30, 0}, ""},
	} {
		if got := World().At(p.at); got != p.code {
			t.Errorf("world: %s lies in %q, want %q", p.name, got, p.code)
		}
		if got := Detail().At(p.at); got != p.code {
			t.Errorf("detail: %s lies in %q, want %q", p.name, got, p.code)
		}
	}
	if got := Detail().At(Point{50.55, 26.1}); got != "BHR" {
		t.Errorf("the middle of Bahrain lies in %q, want BHR", got)
	}
}

func TestAtlasesAreWhole(t *testing.T) {
	for name, a := range map[string]*Atlas{"world": World(), "detail": Detail(), "invented": Invented()} {
		for _, s := range a.Shapes {
			if len(s.Rings) == 0 {
				t.Errorf("%s: %s has no outline", name, s.Code)
			}
			for _, r := range s.Rings {
				if len(r) < 4 || r[0].Lat != r[len(r)-1].Lat || math.Abs(r[0].Lon-r[len(r)-1].Lon) > 1e-9 {
					t.Errorf("%s: %s has a ring of %d points that is not closed", name, s.Code, len(r))
				}
			}
		}
		if len(a.Disputed) == 0 {
			t.Errorf("%s has no disputed line", name)
		}
	}
	if n, m := len(World().Shapes), len(Detail().Shapes); n != m || n < 230 {
		t.Errorf("the world has %d shapes, the detail %d", n, m)
	}
	for _, code := range []string{"BHR", "MLT", "PSE", "XKX", "SGP", "MDV", "LBN"} {
		if _, ok := World().Shape(code); !ok {
			t.Errorf("%s is missing from the world", code)
		}
	}
}

func TestInventedStatesShareBordersAndNothingElse(t *testing.T) {
	a := Invented()
	if len(a.Shapes) != 8 {
		t.Fatalf("%d invented States, want 8", len(a.Shapes))
	}
	owners := map[Point]map[string]bool{}
	for _, s := range a.Shapes {
		for _, r := range s.Rings {
			for _, p := range r {
				if math.Abs(p.Lon) > 20 || math.Abs(p.Lat) > 15 {
					t.Errorf("%s reaches %v", s.Code, p)
				}
				if owners[p] == nil {
					owners[p] = map[string]bool{}
				}
				owners[p][s.Code] = true
			}
		}
	}
	neighbours := map[string]int{}
	for _, o := range owners {
		for code := range o {
			neighbours[code] += len(o) - 1
		}
	}
	for _, s := range a.Shapes {
		if neighbours[s.Code] < 10 {
			t.Errorf("%s shares %d points with its neighbours", s.Code, neighbours[s.Code])
		}
	}
	for lon := -19.9; lon < 20; lon += 0.7 {
		for lat := -14.9; lat < 15; lat += 0.7 {
			held := 0
			for _, s := range a.Shapes {
				if s.Holds(Point{lon, lat}) {
					held++
				}
			}
			if held > 1 {
				t.Errorf("%.1f, %.1f lies in %d States", lon, lat, held)
			}
		}
	}
}

func TestProjections(t *testing.T) {
	// Equal Earth reaches 2.7066 at 180 degrees on the equator and 1.3173 at the pole (table of the authors).
	if p, _ := equalEarth(Point{180, 0}); math.Abs(p.x-2.70663) > 1e-4 {
		t.Errorf("x at 180 is %.5f", p.x)
	}
	if p, _ := equalEarth(Point{0, 90}); math.Abs(p.y-1.31736) > 1e-4 {
		t.Errorf("y at the pole is %.5f", p.y)
	}
	at := azimuthal(Point{10, 50})
	if p, _ := at(Point{10, 50}); math.Hypot(p.x, p.y) > 1e-9 {
		t.Errorf("the centre lies at %v", p)
	}
	if _, ok := at(Point{-170, -50}); ok {
		t.Error("the antipode cannot be shown")
	}
	if p, _ := at(Point{10, 60}); math.Abs(p.y-2*math.Sin(5*rad)) > 1e-9 {
		t.Errorf("ten degrees north lies at %v", p)
	}
}

// A map without values hatches everything; a value takes the hatching away; a State too small to see gets a dot.
func TestMapHatchesSilence(t *testing.T) {
	silent := string(Map{}.SVG())
	if n := strings.Count(silent, `class="ch-land" fill="url(#chart-h)"`); n != len(World().Shapes) {
		t.Errorf("%d of %d shapes are hatched", n, len(World().Shapes))
	}
	one := string(Map{Values: []Value{{Code: "BHR", Name: "Bahrain", Class: "c3", Text: "12", Href: "/states/BHR"}}}.SVG())
	if n := strings.Count(one, "url(#chart-h)"); n != len(World().Shapes)-1 {
		t.Errorf("%d shapes are hatched beside one value", n)
	}
	for _, want := range []string{`<circle class="ch-land c3"`, "<title>Bahrain: 12</title>", `<a href="/states/BHR"`, "ch-disputed"} {
		if !strings.Contains(one, want) {
			t.Errorf("the map lacks %s", want)
		}
	}
	if len(silent) > 90_000 {
		t.Errorf("the map of the world has %d bytes", len(silent))
	}
}

func TestCirclesGrowByArea(t *testing.T) {
	m := StateMap{}
	if big, small := m.radius(400, 400), m.radius(100, 400); math.Abs(big-2*small) > 1e-9 {
		t.Errorf("four times the value has %.2f times the radius, want 2", big/small)
	}
	svg := string(StateMap{Code: "XAF", Atlas: Invented(), Places: []Place{{Point: Point{0, -1}, Name: "A", Value: 3, Vague: true}}}.SVG())
	for _, want := range []string{"ch-own", "ch-near", `class="ch-place vague"`, "<title>A: 3</title>"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the map lacks %s", want)
		}
	}
}

func TestMainlandLeavesRemoteIslandsOut(t *testing.T) {
	for code, reach := range map[string]float64{"FRA": 11, "RUS": 60, "NZL": 12, "USA": 60, "FJI": 5} {
		s, _ := Detail().Shape(code)
		rings := s.mainRings()
		heart := centre(rings)
		for _, r := range rings {
			for _, p := range r {
				if d := heart.distance(p); d > reach {
					t.Fatalf("%s reaches %.1f degrees from its middle", code, d)
				}
			}
		}
	}
}

func BenchmarkWorldMap(b *testing.B) {
	World()
	b.ReportAllocs()
	for b.Loop() {
		Map{}.SVG()
	}
}
