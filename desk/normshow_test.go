package desk_test

import (
	"testing"

	"ward/access"
	"ward/desk"
	"ward/when"
)

// An incident that touches two clauses of a norm is one incident of the norm.
func TestANormCountsEachIncidentOnce(t *testing.T) {
	d := open(t, t.TempDir())
	takeTable(t, d, sind(t, event("1", "2021-03-04", "Health Workers Killed", "1", "Health Workers Arrested", "2"), event("2", "2021-03-05", "Health Workers Kidnapped", "1")), 2, 0, 0, 0)
	day, err := when.Parse("2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	norms, err := d.Norms(ctx, access.Local(), day.To())
	if err != nil {
		t.Fatal(err)
	}
	twice := false
	for _, n := range norms {
		for name, counted := range map[string]struct {
			norm   int
			clause func(desk.ClauseFile) int
		}{"cited": {n.Cited, func(c desk.ClauseFile) int { return c.Cited }}, "proposed": {n.Proposed, func(c desk.ClauseFile) int { return c.Proposed }}} {
			sum, most := 0, 0
			for _, c := range n.Clauses {
				sum, most = sum+counted.clause(c), max(most, counted.clause(c))
			}
			twice = twice || sum > 2
			if counted.norm > 2 || counted.norm < most {
				t.Errorf("%s: %d of 2 incidents are %s", n.Norm.ID, counted.norm, name)
			}
		}
	}
	if !twice {
		t.Error("no norm has an incident under two of its clauses: nothing was tested")
	}
}
