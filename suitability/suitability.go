// Package suitability helps to decide where a medical event is held (WMA-EVENTS-2023): what is found on the persecution of those who give
// care in a State, what is not known, and what was decided and why. It gives no score and ranks no State: people decide, and their decision
// stays on record with what they knew on that day.
//
// Terms. A cell is one clause in one year of a State's audit. A matter is a cell that says something and whose clause is about clinicians
// being harmed, punished or kept from their profession. An event is a meeting whose place is to be decided; each further word on it is a
// decision beside the earlier ones.
package suitability

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ward/entry"
	"ward/fault"
	"ward/policy"
	"ward/tally"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// Register is where decisions stand, and Kind what their entries are.
const (
	Register = "suitability"
	Kind     = "suitability.decision"
)

// Decisions that can be taken.
const (
	Refrain   = "refrain"
	Support   = "hold_with_support"
	Hold      = "hold"
	Undecided = "undecided"
)

// Decisions are all that can be decided.
func Decisions() []string { return []string{Refrain, Support, Hold, Undecided} }

// Decision is a word on one event in one State. Basis is what was found on that day.
type Decision struct {
	State    string   `json:"state"` // ISO3
	Event    string   `json:"event"`
	When     string   `json:"when,omitempty"` // of the event: 2027, 2027-05 or 2027-05-07
	Decision string   `json:"decision"`
	Date     string   `json:"date,omitempty"` // of the decision, 2006-01-02
	Reasons  string   `json:"reasons,omitempty"`
	Support  []string `json:"support,omitempty"` // offered to colleagues there
	Roles    []string `json:"roles,omitempty"`   // who decided; never a person's name
	Basis    []Basis  `json:"basis,omitempty"`
}

// Basis is one matter as it stood when a decision was put on record.
type Basis struct {
	Clause   string `json:"clause"`
	Year     int    `json:"year"`
	Outcome  string `json:"outcome"`
	Proposed string `json:"proposed,omitempty"`
}

// Entry is a decision on record; its subject is the event's id.
type Entry = entry.Entry[Decision]

// Alone reports that fewer than two roles decided, one role in two spellings being one: one person only.
func (d Decision) Alone() bool {
	roles := map[string]bool{}
	for _, role := range d.Roles {
		if filled(role) {
			roles[text.Key(role)] = true
		}
	}
	return d.Decision != Undecided && len(roles) < 2
}

func filled(s string) bool { return strings.TrimSpace(s) != "" }

// Bounds of a decision.
const (
	maxWords = 20_000
	maxLine  = 500
	maxList  = 30
)

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).Keeping("nothing was written")
}

// Check is nil where a decision can stand. What is decided has reasons, a day and who decided; holding with support says which.
func (d Decision) Check() error {
	code, known := vocab.Country(d.State)
	long := func(s string) bool { return utf8.RuneCountInString(s) > maxLine }
	switch {
	case !known || code != d.State:
		return invalid("no State has the code %.10q", d.State)
	case !filled(d.Event) || long(d.Event):
		return invalid("the event's name is missing or too long")
	case !slices.Contains(Decisions(), d.Decision):
		return invalid("%.30q is no decision", d.Decision).Do("take one of %s", strings.Join(Decisions(), ", "))
	case !isDay(d.Date):
		return invalid("%.20q is not a day", d.Date).Do("write it as 2026-05-07")
	case len(d.Support)+len(d.Roles) > maxList || slices.ContainsFunc(append(slices.Clone(d.Support), d.Roles...), long) || utf8.RuneCountInString(d.Reasons) > maxWords:
		return invalid("something is too long")
	}
	if _, err := when.Parse(d.When); err != nil && d.When != "" {
		return invalid("%.20q is not a date", d.When).Do("write it as 2027, 2027-05 or 2027-05-07")
	}
	return d.grounded()
}

func (d Decision) grounded() error {
	switch {
	case d.Decision == Undecided:
		return nil
	case !filled(d.Reasons):
		return invalid("a decision needs its reasons")
	case d.Date == "":
		return invalid("a decision needs its day")
	case !slices.ContainsFunc(d.Roles, filled):
		return invalid("a decision needs those who decided, by their roles")
	case d.Decision == Support && !slices.ContainsFunc(d.Support, filled):
		return invalid("to hold it with support, the support must be named")
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

// Cell is what an audit says of one clause in one year, in plain values.
type Cell struct {
	Clause      string
	Year        int
	Binds       bool
	Outcome     string // N0, N1, F1-F4 or not_in_force
	Proposed    string // what incidents alone would come to
	Floor       tally.Count
	Bearings    map[string]int64 // counted incidents by how the State bears on them
	ToDecide    int              // incidents whose bearing only a person can tell
	Environment string           // I1-I5 or no_info
}

// persecuted are the codes of clinicians harmed, punished or kept from their profession; contexts are where their clauses hold.
const persecuted = "PER."

var contexts = []string{"peacetime", "armed_conflict", "iac", "niac"}

// Clauses are those that an incident of persecution touches by the citation table, in the order of the corpus.
func Clauses(corpus *policy.Corpus) (out []string) {
	touched := map[string]bool{}
	for _, code := range vocab.Codes("incident") {
		if !strings.HasPrefix(code.Code, persecuted) {
			continue
		}
		for _, context := range contexts {
			for _, c := range corpus.Cite(code.Code, "state.police", context) {
				touched[c.Clause] = true
			}
		}
	}
	for _, cl := range corpus.Clauses() {
		if touched[cl.ID] {
			out = append(out, cl.ID)
		}
	}
	return out
}

// Unknown is a clause about which nothing is found in some years.
type Unknown struct {
	Clause string
	Years  []int
}

// Picture is what is known and what is not.
type Picture struct {
	Matters     []Cell // the newest year first, then in the order of the corpus
	Unknown     []Unknown
	Environment string // of the newest year that was graded; "" where none was
	GradedIn    int
}

// Look sorts a State's cells into what matters to a host and what is not known. A cell without a level is unknown even where incidents wait
// for a person to decide; then it is a matter as well.
func Look(cells []Cell, clauses []string) (p Picture) {
	unknown := map[string][]int{}
	for _, c := range cells {
		if strings.HasPrefix(c.Environment, "I") && c.Year > p.GradedIn {
			p.Environment, p.GradedIn = c.Environment, c.Year
		}
		if !slices.Contains(clauses, c.Clause) || !c.Binds || c.Outcome == "not_in_force" {
			continue
		}
		if c.speaks() {
			p.Matters = append(p.Matters, c)
		}
		if c.Outcome == "N0" {
			unknown[c.Clause] = append(unknown[c.Clause], c.Year)
		}
	}
	slices.SortStableFunc(p.Matters, func(a, b Cell) int {
		if a.Year != b.Year {
			return b.Year - a.Year
		}
		return slices.Index(clauses, a.Clause) - slices.Index(clauses, b.Clause)
	})
	for _, clause := range clauses {
		if years := unknown[clause]; len(years) > 0 {
			slices.Sort(years)
			p.Unknown = append(p.Unknown, Unknown{clause, years})
		}
	}
	return p
}

func (c Cell) speaks() bool {
	return c.Outcome != "N0" || strings.HasPrefix(c.Proposed, "F") || c.ToDecide > 0
}

// Basis is the picture as a decision keeps it.
func (p Picture) Basis() (out []Basis) {
	for _, c := range p.Matters {
		b := Basis{Clause: c.Clause, Year: c.Year, Outcome: c.Outcome}
		if c.Proposed != c.Outcome && c.Proposed != "N0" {
			b.Proposed = c.Proposed
		}
		out = append(out, b)
	}
	return out
}

// Event is one event with every word on it, the last one standing.
type Event struct {
	ID    string
	Last  Entry
	Words []Entry // the oldest first
}

// Events puts decisions together by event, the one with the newest word first.
func Events(entries []Entry) (out []Event) {
	for _, last := range slices.Backward(entry.Latest(entries)) {
		e := Event{ID: last.Subject, Last: last}
		for _, word := range entries {
			if word.Subject == e.ID {
				e.Words = append(e.Words, word)
			}
		}
		out = append(out, e)
	}
	return out
}
