package chart

import (
	"encoding/xml"
	"fmt"
	"html/template"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const hostile = `<script>alert("x")</script>&'` + "\x00\x1f\xff"

// everything draws each chart with the given text in every place that takes text.
func everything(s string) []template.HTML {
	f := Frame{Prefix: s, Num: func(n int64) string { return s }, Words: Words{Confirmed: s, NoInfo: s, ShowTable: s, Moves: s}}
	bars := Bars{Frame: f, Title: s, Periods: []string{s, s}, Stacks: []Stack{{Confirmed: 3, Href: s, Title: s}, {NoInfo: true}}}
	state := StateMap{Frame: f, Title: s, Code: s, Atlas: Invented(), Shapes: Invented().Shapes[:1], Disclaimer: s, Places: []Place{{Point: Point{1, 1}, Name: s, Text: s, Class: s, Href: s, Value: 4}}}
	m := Map{Frame: f, Title: s, Atlas: Invented(), Names: true, Disclaimer: s, Values: []Value{{Code: "XAA", Name: s, Class: s, Text: s, Href: s}}}
	return []template.HTML{
		bars.Figure(bars, Legend([]Key{{s, s}})), state.HTML([]Key{{s, s}}), m.HTML(nil),
		HBars{Frame: f, Title: s, Head: s, Items: []HBar{{Label: s, Href: s, Value: 2, Text: s, Class: s}}}.HTML(),
		Spark{Frame: f, Title: s, Values: []int64{1}}.SVG(),
		Matrix{Frame: f, Caption: s, Corner: s, Columns: []string{s}, Rows: []MatrixRow{{Group: s, GroupHref: s, Label: s, Note: s, Href: s,
			Cells: []MatrixCell{{Level: s, Count: s, Href: s, Title: s, Moves: true}}}}}.HTML(),
	}
}

func TestHostileTextStaysText(t *testing.T) {
	for i, out := range everything(hostile) {
		wellFormed(t, string(out))
		if strings.Contains(string(out), "<script") {
			t.Errorf("figure %d lets a tag through", i)
		}
	}
	for i, out := range everything("javascript:alert(1)") {
		if strings.Contains(string(out), "<a") {
			t.Errorf("figure %d links to a script", i)
		}
	}
	for i, out := range everything("/states/XAA?year=2020#c") {
		if i < 4 && !strings.Contains(string(out), `href="/states/XAA?year=2020#c"`) {
			t.Errorf("figure %d lost a good link", i)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add(hostile)
	f.Add("متن\u202e]]>--")
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range everything(s) {
			wellFormed(t, string(out))
		}
	})
}

func TestSameInputSameBytes(t *testing.T) {
	first, second := figures(true), figures(true)
	for i := range first {
		if first[i] != second[i] {
			t.Errorf("figure %d differs between two runs", i)
		}
	}
}

type rect struct {
	class      string
	x, y, w, h float64
}

func rects(t *testing.T, svg template.HTML) []rect {
	t.Helper()
	var out []rect
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := d.Token()
		if err != nil {
			return out
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "rect" {
			continue
		}
		var r rect
		for _, a := range e.Attr {
			n, _ := strconv.ParseFloat(a.Value, 64)
			switch a.Name.Local {
			case "class":
				r.class = a.Value
			case "x":
				r.x = n
			case "y":
				r.y = n
			case "width":
				r.w = n
			case "height":
				r.h = n
			}
		}
		if r.class == "conf" || r.class == "prob" || r.class == "poss" {
			out = append(out, r)
		}
	}
}

// Property: over random charts every part is as high as its share of the scale, parts stand on each other, and nothing
// leaves the drawing.
func TestBarsAreProportional(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		c := Bars{Width: float64(100 + rng.IntN(900)), Height: float64(60 + rng.IntN(200)), Max: rng.Int64N(80)}
		var parts []int64
		for range 1 + rng.IntN(40) {
			s := Stack{Confirmed: rng.Int64N(50), Probable: rng.Int64N(20), Possible: rng.Int64N(9)}
			c.Stacks = append(c.Stacks, s)
			for _, n := range []int64{s.Confirmed, s.Probable, s.Possible} {
				if n > 0 {
					parts = append(parts, n)
				}
			}
		}
		got := rects(t, c.SVG())
		if len(got) != len(parts) {
			t.Fatalf("seed %d: %d parts drawn of %d", seed, len(got), len(parts))
		}
		unit := (c.Height - barsTop - barsBottom) / float64(c.Scale())
		for i, r := range got {
			if math.Abs(r.h-float64(parts[i])*unit) > 0.002 {
				t.Errorf("seed %d: %d is %.3f high, want %.3f", seed, parts[i], r.h, float64(parts[i])*unit)
			}
			if r.y < barsTop-0.01 || r.y+r.h > c.Height-barsBottom+0.01 || r.x < 0 || r.x+r.w > c.Width+0.1 {
				t.Errorf("seed %d: %+v leaves the drawing", seed, r)
			}
			if r.class != "conf" && i > 0 && got[i-1].x == r.x && math.Abs(got[i-1].y-r.y-r.h) > 0.01 {
				t.Errorf("seed %d: %+v does not stand on %+v", seed, r, got[i-1])
			}
		}
	}
}

func TestRightToLeftMirrors(t *testing.T) {
	c := Bars{Width: 300, Periods: []string{"2020", "2021", "2022"}, Stacks: []Stack{{Confirmed: 1}, {Confirmed: 2, Probable: 1}, {Possible: 3}}}
	left := rects(t, c.SVG())
	c.RTL = true
	right := rects(t, c.SVG())
	for i := range left {
		if want := 300 - left[i].x - left[i].w; math.Abs(want-right[i].x) > 0.11 || left[i].h != right[i].h {
			t.Errorf("part %d: x %.1f, mirrored %.1f, want %.1f", i, left[i].x, right[i].x, want)
		}
	}
	m := Map{Atlas: Invented()}
	plain := m.SVG()
	m.RTL = true
	if paths := regexp.MustCompile(` d="[^"]*"`); paths.FindString(string(plain)) != paths.FindString(string(m.SVG())) {
		t.Error("a map was mirrored")
	}
}

func TestTableEqualsData(t *testing.T) {
	c := Bars{Frame: Frame{Num: persian}, Title: "Attacks", Periods: []string{"a", "b", "c"},
		Stacks: []Stack{{Confirmed: 5, Probable: 2, Possible: 1}, {NoInfo: true}, {Possible: 2, NoInfo: true}}}
	want := [][]string{{"a", "۵", "۲", "۱", "۸"}, {"b", "", "", "", "no information"}, {"c", "۰", "۰", "۲", "۲ (no information)"}}
	if got := fmt.Sprint(c.Table().Rows); got != fmt.Sprint(want) {
		t.Errorf("table %v, want %v", got, want)
	}
	html := string(c.Table().HTML())
	for _, cell := range []string{"<caption>Attacks</caption>", `<th scope="row">a</th>`, "<td>۸</td>", "<td>no information</td>"} {
		if !strings.Contains(html, cell) {
			t.Errorf("the table lacks %s", cell)
		}
	}
}

func TestNegativeAndHugeCountsDrawSomething(t *testing.T) {
	c := Bars{Stacks: []Stack{{Confirmed: -2}, {Confirmed: math.MaxInt64}, {}}}
	wellFormed(t, string(c.SVG()))
	if strings.Contains(string(c.SVG()), "NaN") || strings.Contains(string(c.SVG()), "Inf") {
		t.Error("a coordinate is no number")
	}
	for _, empty := range []Drawing{Bars{}, Map{Values: []Value{{Code: "QQQ"}}, Zoom: true}, StateMap{Code: "QQQ"},
		StateMap{Places: []Place{{Point: Point{math.NaN(), 1}}, {Point: Point{500, 99}}}}} {
		svg := string(empty.SVG())
		wellFormed(t, svg)
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%T: a coordinate is no number", empty)
		}
	}
}

func TestMatrixSaysWhatItShows(t *testing.T) {
	m := Matrix{Columns: []string{"2020", "2021", "2022"}, Rows: []MatrixRow{{Label: "Tokyo 1", Cells: []MatrixCell{
		{Level: "F2", Count: "3", Moves: true, Href: "/c"}, {Level: "not_in_force"}}}}}
	html := string(m.HTML())
	for _, want := range []string{
		`<td role="cell" class="f2 moves"><a href="/c" aria-label="Tokyo 1, 2020: F2, 3, changes when uncertain cases are left out"`, "<b>F2</b> <i>3</i>",
		`<td role="cell" class="nif">`, `<td role="cell" class="n0"><span role="img" aria-label="Tokyo 1, 2022: N0"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the matrix lacks %s", want)
		}
	}
	if LevelClass("F9") != "n0" {
		t.Error("an unknown level must read as not known")
	}
}

func TestBreaks(t *testing.T) {
	if got := fmt.Sprint(Breaks([]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 5)); got != "[3 5 7 9]" {
		t.Errorf("limits %s", got)
	}
	if got := Breaks([]int64{0, 4, 4, 4}, 5); len(got) != 0 {
		t.Errorf("equal values need no limits, got %v", got)
	}
	if got := []string{ClassOf(0, nil), ClassOf(1, []int64{3}), ClassOf(3, []int64{3}), ClassOf(9, []int64{1, 2, 3, 4, 5, 6})}; fmt.Sprint(got) != "[n1 c1 c2 c5]" {
		t.Errorf("classes %v", got)
	}
}

// The text on every level must be readable in both themes (WCAG 2.2 AA).
func TestTokensHaveContrast(t *testing.T) {
	themes := strings.Split(Tokens, "--paper:")[1:]
	for i, theme := range themes {
		colour := map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+):(#[0-9a-f]{3,6})`).FindAllStringSubmatch("--paper:"+theme, -1) {
			colour[m[1]] = m[2]
		}
		for _, pair := range [][2]string{{"n1t", "n1"}, {"f1t", "f1"}, {"f2t", "f2"}, {"f3t", "f3"}, {"f4t", "f4"}, {"ink", "paper"}, {"soft", "paper"}, {"accent", "paper"}, {"paper", "accent"}} {
			if c := contrast(colour[pair[0]], colour[pair[1]]); c < 4.5 {
				t.Errorf("theme %d: %s on %s has contrast %.2f", i, pair[0], pair[1], c)
			}
		}
		if c := contrast(colour["conf"], colour["paper"]); c < 3 {
			t.Errorf("theme %d: confirmed bars have contrast %.2f", i, c)
		}
	}
	if len(themes) != 3 || themes[1][:strings.Index(themes[1], "}")] != themes[2][:strings.Index(themes[2], "}")] {
		t.Error("the two ways into the dark theme differ")
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, _ := strconv.ParseUint(hex, 16, 32)
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(n>>(16-8*i)&255) / 255
		if c <= 0.03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
