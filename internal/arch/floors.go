// Package arch holds the floors of the house as data; its test holds the code to them.
//
// A package imports only what stands below it. Floors 0 and 1 have two steps, of which the upper may import the lower. On the steps
// 0b, 1b and 2 nobody imports a neighbour.
package arch

// Floor is one step of the house, from the ground up.
type Floor struct {
	Name       string
	Packages   []string
	Neighbours bool // packages of this step may import each other
}

// Floors lists the steps from the ground up; a package stands on exactly one.
func Floors() []Floor {
	return []Floor{
		{"0a", []string{"fault", "id", "when", "tally", "text", "lines"}, true},
		{"0a upper", []string{"vocab", "locale"}, true},
		{"test data", []string{"internal/realdata"}, true},
		{"0b", []string{"search", "chart", "document", "tlog", "seal", "notify"}, false},
		{"1a", []string{"store", "blob"}, true},
		{"1b", []string{"policy", "access", "assertion", "exchange", "bundle", "entry"}, false},
		{"2", []string{"staff", "intake", "incident", "audit", "commitment", "duty", "statement", "suitability", "facility", "reconcile", "simulate", "witness", "person", "casework", "consent", "referral", "evaluation"}, false},
		{"3", []string{"desk"}, true},
		{"3 upper", []string{"paper"}, true},
		{"4", []string{"web"}, true},
		{"5", []string{"cmd/ward"}, true},
	}
}

// Never lists imports that are forbidden beside the floors: who, and what it must not touch.
func Never() map[string][]string {
	return map[string][]string{
		"web": {"ward/store", "ward/tlog"},
		"*": { // everybody but store
			"modernc.org/sqlite", "github.com/jackc/pgx/v5/stdlib",
		},
	}
}
