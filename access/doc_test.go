package access

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table that people read is the one that the program asks: docs/access.md has a row for every act, with a mark for each role that may.
func TestTheDocumentedTableIsTheTable(t *testing.T) {
	page, err := os.ReadFile("../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	roles := append(Roles(), Operator)
	row := regexp.MustCompile("(?m)^\\| (.+) \\| `([a-z.]+)`(!?) \\| (.*) \\|$")
	seen := map[Act]bool{}
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		act, cells := Act(m[2]), strings.Split(m[4], " | ")
		if seen[act] = true; len(cells) != len(roles) {
			t.Errorf("%s has %d cells", act, len(cells))
			continue
		}
		for i, role := range roles {
			may := slices.Contains(allowed[role], act)
			if said := strings.TrimSpace(cells[i]) == "yes"; said != may {
				t.Errorf("the page says of %s and %s: %v", role, act, said)
			}
		}
		if Dangerous(act) != (m[3] == "!") {
			t.Errorf("the page does not say rightly whether %s asks for a fresh proof", act)
		}
	}
	for act := range table {
		if !seen[act] {
			t.Errorf("the page has no row for %s", act)
		}
	}
	for act := range seen {
		if _, known := table[act]; !known {
			t.Errorf("the page has a row for %s, which is no act", act)
		}
	}
}
