package chart

import (
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// persian writes numbers as the Persian page would.
func persian(n int64) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, fmt.Sprint(n))
}

func frame(prefix string, rtl bool) Frame {
	f := Frame{Prefix: prefix, RTL: rtl}
	if rtl {
		f.Num = persian
		f.Words = Words{Confirmed: "تأییدشده", Probable: "محتمل", Possible: "ممکن", NoInfo: "بدون اطلاعات", ShowTable: "همین به شکل جدول"}
	}
	return f
}

// figures draws one of everything with invented data for an invented State.
func figures(rtl bool) []template.HTML {
	rng := rand.New(rand.NewPCG(7, 7))
	var out []template.HTML
	out = append(out, sampleMatrix(rtl).HTML(), Legend([]Key{{"n0", "N0"}, {"n1", "N1"}, {"f1", "F1"}, {"f2", "F2"}, {"f3", "F3"}, {"f4", "F4"}, {"nif", "not in force"}, {"n0 refused", "access refused"}, {"moves", "changes"}}))
	multiples := template.HTML(`<div class="ch-multiples">`)
	for i, title := range []string{"Attacks on facilities", "Health workers killed", "Arrested or charged"} {
		bars := sampleBars(rng, frame(fmt.Sprintf("b%d", i), rtl))
		bars.Title = title
		multiples += `<div><div class="ch-head"><b>` + template.HTML(title) + `</b><span>412–466</span></div>` + bars.SVG() + `</div>`
	}
	out = append(out, multiples+`</div>`, Legend(frame("", rtl).CertaintyKeys()))
	wide := sampleBars(rng, frame("wide", rtl))
	wide.Width, wide.Height, wide.Ticks, wide.Title = 960, 150, 4, "By quarter"
	out = append(out, wide.Figure(wide, ""))
	out = append(out, HBars{Frame: frame("h", rtl), Title: "Actor", Head: "Actor", Items: []HBar{
		{Label: "State forces", Value: 120, High: 160, Text: "120–160", Href: "?actor=state"}, {Label: "Armed group", Value: 74, Href: "?actor=group", Current: true},
		{Label: "Unknown, and a long label that has to wrap somewhere", Value: 12}, {Label: "Prison service", NoInfo: true}}}.HTML())
	out = append(out, Spark{Frame: frame("sp", rtl), Title: "spark", Values: []int64{1, 4, 2, 0, 0, 6, 9}, Gaps: []bool{3: true, 4: true}}.SVG())
	return append(out, maps(rtl, rng)...)
}

func sampleMatrix(rtl bool) Matrix {
	rng := rand.New(rand.NewPCG(5, 7))
	m := Matrix{Frame: frame("m", rtl), Caption: "Findings by clause and year", Corner: "Clause"}
	for y := 2016; y <= 2025; y++ {
		m.Columns = append(m.Columns, m.num(int64(y)))
	}
	levels := []string{"N0", "N0", "N0", "N1", "F1", "F2", "F3", "F4"}
	for i, label := range []string{"Tokyo 1", "Tokyo 4", "Tokyo 7", "Code 9", "Code 22", "S/RES 2286"} {
		row := MatrixRow{Group: []string{"Declaration of Tokyo", "International Code of Medical Ethics", "Resolution 2286"}[i/3+i/5], Label: label, Note: "what the clause asks in a few words", Href: "#" + label}
		for y := range m.Columns {
			c := MatrixCell{Level: levels[rng.IntN(len(levels))], Href: "#c"}
			if c.Level != "N0" && c.Level != "N1" {
				c.Count = m.num(rng.Int64N(60) + 1)
			}
			if i == 5 && y < 2 {
				c = MatrixCell{Level: "not_in_force"}
			}
			c.Moves = c.Level == "F2" && y%3 == 0
			if c.Level == "N0" && y == 6 {
				c.Count, c.Uncoded = m.num(17), true
			}
			c.Refused = c.Level == "N0" && y > 7
			row.Cells = append(row.Cells, c)
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

func sampleBars(rng *rand.Rand, f Frame) Bars {
	c := Bars{Frame: f}
	for q := range 40 {
		c.Periods = append(c.Periods, f.num(int64(2016+q/4)))
		s := Stack{Confirmed: rng.Int64N(12) + int64(q)/3, Probable: rng.Int64N(8), Possible: rng.Int64N(6), Href: "#q"}
		if q > 18 && q < 24 {
			s = Stack{NoInfo: true}
		}
		c.Stacks = append(c.Stacks, s)
	}
	return c
}

func maps(rtl bool, rng *rand.Rand) []template.HTML {
	world := Map{Frame: frame("w", rtl), Title: "Where incidents are recorded"}
	var counts []int64
	for _, s := range World().Shapes {
		if s.Code != "" && rng.IntN(3) == 0 {
			counts = append(counts, rng.Int64N(400))
			world.Values = append(world.Values, Value{Code: s.Code, Name: s.Code, Text: world.num(counts[len(counts)-1]), Href: "/states/" + s.Code})
		}
	}
	limits := Breaks(counts, 5)
	for i := range world.Values {
		world.Values[i].Class = ClassOf(counts[i], limits)
	}
	out := []template.HTML{world.HTML([]Key{{"nodata", "no data"}, {"n1", "0"}, {"c1", "1–80"}, {"c2", "81–160"}, {"c3", "161–240"}, {"c4", "241–320"}, {"c5", "321–"}, {"disputed", "disputed"}})}
	own := Map{Frame: frame("inv", rtl), Title: "The invented world", Atlas: Invented(), Names: true, Width: 720}
	for i, c := range []string{"f1", "", "f3", "n1", "f4", "f2", "", "f1"} {
		code := "XA" + string(rune('A'+i))
		own.Values = append(own.Values, Value{Code: code, Name: "State " + code, Class: c, Text: c, Href: "#" + code})
	}
	out = append(out, own.HTML(nil))
	state := StateMap{Frame: frame("s", rtl), Title: "XAF", Code: "XAF", Atlas: Invented()}
	s, _ := Invented().Shape("XAF")
	for len(state.Places) < 14 {
		if p := (Point{rng.Float64()*40 - 20, rng.Float64()*30 - 15}); s.Holds(p) {
			state.Places = append(state.Places, Place{Point: p, Name: "Place", Value: rng.Int64N(120), Vague: rng.IntN(4) == 0})
		}
	}
	out = append(out, state.HTML(nil))
	for _, code := range []string{"LBN", "FRA", "RUS", "FJI", "NZL", "BHR", "UKR"} {
		out = append(out, StateMap{Frame: frame("s"+code, rtl), Title: code, Code: code, Width: 300}.SVG())
	}
	return out
}

// TestPage puts every figure on one page and holds it to what a strict page forbids. With WARD_CHART_PAGE=DIR the
// pages are kept there, to be looked at.
func TestPage(t *testing.T) {
	dir := os.Getenv("WARD_CHART_PAGE")
	if dir == "" {
		dir = t.TempDir()
	}
	for name, rtl := range map[string]bool{"ltr": false, "rtl": true} {
		all := ""
		for _, f := range figures(rtl) {
			wellFormed(t, string(f))
			all += "<section>" + string(f) + "</section>\n"
		}
		for _, banned := range []string{" style=", "<script", " on", "<image", "<use", "<style"} {
			if banned != " on" && strings.Contains(all, banned) {
				t.Errorf("%s: the figures contain %q", name, banned)
			}
		}
		unique(t, all)
		for _, theme := range []string{"light", "dark"} {
			write(t, filepath.Join(dir, name+"-"+theme+".html"), name, theme, all)
		}
		t.Logf("%s: %d bytes", name, len(all))
	}
}

func wellFormed(t *testing.T, s string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<r>" + s + "</r>"))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v in %.300s", err, s)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("<%s> carries %s", e.Name.Local, a.Name.Local)
				}
			}
		}
	}
}

func unique(t *testing.T, s string) {
	t.Helper()
	seen := map[string]bool{}
	for _, part := range strings.Split(s, ` id="`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		if seen[id] {
			t.Errorf("id %q twice", id)
		}
		seen[id] = true
	}
}

func write(t *testing.T, path, dir, theme, body string) {
	t.Helper()
	lang := map[string]string{"ltr": "en", "rtl": "fa"}[dir]
	page := `<!doctype html><html lang="` + lang + `" dir="` + dir + `" data-theme="` + theme + `"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>` + Tokens + CSS +
		`body{font:17px/1.5 "IBM Plex Sans","IBM Plex Sans Arabic",system-ui,sans-serif;background:var(--paper);color:var(--ink);margin:0 auto;max-width:70rem;padding:1rem}a{color:var(--accent)}section{margin-block-end:1.6rem}</style>` + body + `</html>`
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}
