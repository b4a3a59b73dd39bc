package exchange

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Dirt of real files that no other test counts. The figures are counts of rows.
func TestKnownDirtOfRealFiles(t *testing.T) {
	for _, c := range []struct {
		file string
		opt  Options
		what string
		is   func(Row) bool
		want int
	}{
		{"sind_global_2016-2023.xlsx", Options{}, "two outcomes in one cell", func(r Row) bool { return strings.Contains(r.Get("outcome"), " ") }, 48},
		{"shcc_global_2022.xlsx", Options{Map: "labels"}, "two outcomes in one cell", func(r Row) bool { return strings.Contains(r.Get("outcome"), " ") }, 14},
		{"sind_global_2016-2023.xlsx", Options{}, "letters broken by an encoding", flagged(FlagRepaired), 337},
		{"shcc_global_2022.xlsx", Options{Map: "labels"}, "letters broken by an encoding", flagged(FlagRepaired), 21},
		{"who_ssa_2017-2024.csv.gz", Options{}, "an attack type and no code for it", func(r Row) bool { return r.Get("codes") == "" && r.Get("detail:attack-type") != "" }, 0},
		{"awsd_2020-11-25.csv", Options{}, "neither verified nor not", func(r Row) bool { return r.Get("certainty") != "probable" && r.Get("certainty") != "possible" }, 0},
		{"hhs_ocr_breaches_2009-2016.csv", Options{}, "an expression left in a value", func(r Row) bool {
			for _, v := range r.Values {
				for _, head := range []string{"Quantity[", "Entity[", "DateObject[", "Missing[", "Failure["} {
					if strings.HasPrefix(v.Value, head) {
						return true
					}
				}
			}
			return false
		}, 0},
		{"moph_lebanon_2024_b.json", Options{}, "totals among the features", func(r Row) bool { return r.Reject != nil && r.Reject.Code == RejectTotal }, 3},
	} {
		n := 0
		for _, r := range readAll(t, real(t, c.file), c.opt).rows {
			if c.is(r) {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%s: %d rows with %s, want %d", c.file, n, c.what, c.want)
		}
	}
}

func flagged(code string) func(Row) bool {
	return func(r Row) bool {
		for _, f := range r.Flags {
			if f.Code == code {
				return true
			}
		}
		return false
	}
}

func TestLatin1WithoutAMarkIsSaid(t *testing.T) {
	h := readAll(t, real(t, "awsd_2016-10-03.csv"), Options{})
	if !strings.Contains(strings.Join(h.warnings, "\n"), "Windows-1252") {
		t.Errorf("%q", h.warnings)
	}
	for _, r := range h.rows {
		for _, v := range r.Values {
			if strings.ContainsRune(v.Value, '\ufffd') {
				t.Fatalf("row %d lost a letter of %s", r.Number, v.Field)
			}
		}
	}
}

// Blank says nothing, 0 says none, and what a publisher counts as one where no number is known cannot be told from a one.
func TestBlankZeroAndOneForUnspecifiedAreThreeThings(t *testing.T) {
	for cell, want := range map[string]string{"": "", "0": "0", "1": "1", "unspecified": ""} {
		r, _ := one(t, edition(func(h, r []string) ([]string, []string) { r[14] = cell; return h, r }), Options{})
		if got := r.Get("worker.killed"); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
	for profile, words := range map[string][]string{"sind": {"one is counted", "killed in captivity"}, "shcc": {"one is counted"}, "awsd": {"kidnapped and killed"}} {
		p, _ := Find(profile)
		for _, w := range words {
			if !strings.Contains(strings.Join(p.Caveats, " "), w) {
				t.Errorf("no caveat of %s speaks of %q: %q", profile, w, p.Caveats)
			}
		}
	}
}

// Every line of the table of dirt names a test, and the test exists.
func TestEveryLineOfDirtHasItsTest(t *testing.T) {
	doc, err := os.ReadFile("../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, dir := range []string{".", "../vocab", "../desk"} {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(b)
		}
	}
	_, table, ok := strings.Cut(string(doc), "## Known dirt")
	table, _, _ = strings.Cut(table, "\n## ")
	name := regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	lines := 0
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| dirt") {
			continue
		}
		lines++
		tests := name.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("no test stands beside %s", line)
		}
		for _, n := range tests {
			if !strings.Contains(source.String(), "func "+n[1]+"(") {
				t.Errorf("there is no %s", n[1])
			}
		}
	}
	if !ok || lines < 30 {
		t.Errorf("only %d lines of dirt", lines)
	}
}
