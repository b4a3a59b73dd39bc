package casework

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// The diagrams of the docs are those of the playbooks, in the order of Kinds.
func TestTheDiagramsShowThePlaybooks(t *testing.T) {
	page, err := os.ReadFile("../docs/life-of-a-case.md")
	if err != nil {
		t.Fatal(err)
	}
	diagrams := strings.Split(string(page), "```mermaid")[1:]
	if len(diagrams) != len(Kinds()) {
		t.Fatalf("%d diagrams", len(diagrams))
	}
	for i, kind := range Kinds() {
		body, _, _ := strings.Cut(diagrams[i], "```")
		p, _ := PlaybookOf(kind)
		want := map[string]bool{"[*] --> " + p.States[0].State: true}
		for _, s := range p.States {
			for _, w := range s.Moves {
				want[s.State+" --> "+w.To] = true
			}
		}
		got := map[string]bool{}
		for line := range strings.Lines(body) {
			if arrow, _, _ := strings.Cut(strings.TrimSpace(line), ":"); strings.Contains(arrow, "-->") {
				got[arrow] = true
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: the page shows\n%s\nthe playbook\n%s", kind, strings.Join(slices.Sorted(maps.Keys(got)), "\n"), strings.Join(slices.Sorted(maps.Keys(want)), "\n"))
		}
		for _, s := range p.States {
			for _, o := range s.Outcomes {
				if !strings.Contains(string(page), "`"+o+"`") {
					t.Errorf("the page does not tell of the outcome %s", o)
				}
			}
		}
	}
}
