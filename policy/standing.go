package policy

import (
	"fmt"
	"strconv"
	"strings"

	"ward/when"
)

// States of a norm on a day. Revised, renamed and reclassified norms are in
// force again at once: Standing.Last tells the step.
const (
	StateInForce   = "in_force"
	StateRescinded = Rescinded
	StateArchived  = Archived
)

// Standing is how a norm stood on a day.
type Standing struct {
	Norm    Norm
	State   string    // in_force | rescinded | archived
	Since   when.Date // since when that state holds
	Title   string    // its title on that day: an earlier name before the renaming, where the corpus knows it
	Last    Event     // the latest step of its life up to that day
	Earlier bool      // it stood in a wording older than the one whose clauses the corpus carries
}

// AsOf gives every norm that had begun by the day, in corpus order. A treaty
// begins with its entry into force and a customary rule with its earliest clause.
func (c *Corpus) AsOf(day when.Day) []Standing {
	var out []Standing
	for _, n := range c.norms {
		if s, begun := standingOf(n, day); begun {
			out = append(out, s)
		}
	}
	return out
}

func standingOf(n Norm, day when.Day) (Standing, bool) {
	s := Standing{Norm: n, State: StateInForce, Since: n.begin(), Title: n.Title}
	if s.Since.From() > day {
		return s, false
	}
	for _, e := range n.Events {
		switch past := e.Date().From() <= day; {
		case !past && (e.Event == Revised || e.Event == EditoriallyRev):
			s.Earlier = true
		case !past && e.Event == Renamed && len(n.Aliases) > 0:
			s.Title = n.formerTitle()
		case past:
			s.Last = e
			if e.Event == Rescinded || e.Event == Archived {
				s.State, s.Since = e.Event, e.Date()
			}
		}
	}
	return s, true
}

// formerTitle is the full title among the aliases, or today's title.
func (n Norm) formerTitle() string {
	for _, a := range n.Aliases {
		if strings.HasPrefix(a, n.Issuer+" ") {
			return a
		}
	}
	return n.Title
}

// begin is the first day on which the norm can be cited.
func (n Norm) begin() when.Date {
	if n.Force == forceCustom {
		return Event{Year: n.earliest()}.Date()
	}
	for _, e := range n.Events {
		if e.Event == EnteredIntoForce {
			return e.Date()
		}
	}
	return n.Events[0].Date()
}

func (n Norm) earliest() int {
	first := 9999
	for _, cl := range n.Clauses {
		first = min(first, cl.Since)
	}
	return first
}

// end is the year in which the norm was rescinded; 0 = it stands.
func (n Norm) end() int {
	for _, e := range n.Events {
		if e.Event == Rescinded {
			return e.Year
		}
	}
	return 0
}

// Date is the event's partial date; an undated event has none. It takes effect on the first day of it.
func (e Event) Date() when.Date {
	d, err := when.YMD(e.Year, e.Month, 0)
	if err != nil {
		return when.Date{}
	}
	return d
}

// InForce reports that the clause, or its predecessor, stood on some day of the
// year. Earlier years of an audit read "not_in_force".
func (c *Corpus) InForce(clauseID string, year int) bool {
	cl, ok := c.Clause(clauseID)
	if !ok || year < cl.Since {
		return false
	}
	n, _ := c.Norm(cl.Norm)
	return n.end() == 0 || year <= n.end()
}

// Party says that a State is party to a treaty since a year.
type Party struct {
	State string // ISO3
	Norm  string
	Since int
}

// Binds tells whether the clause holds for the State (ISO3) in the year, and why
// or why not, as a phrase for people (design 11): "all" clauses hold for every
// State; "party" clauses only for a State in the imported table of parties; a
// recommendation only for its addressee.
func (c *Corpus) Binds(clauseID, state string, year int, parties []Party) (ok bool, why string) {
	cl, found := c.Clause(clauseID)
	switch {
	case !found:
		return false, "no such clause"
	case !c.InForce(clauseID, year):
		return false, "not in force in " + strconv.Itoa(year)
	case cl.Binding == "party":
		return boundAsParty(cl.Norm, state, year, parties)
	case cl.Binding == "addressee":
		return boundAsAddressee(cl, state)
	}
	return true, whyAll(cl)
}

func whyAll(cl Clause) string {
	switch cl.Force {
	case forceCustom:
		return "customary law holds for every State"
	case forceUNSC:
		return "a Security Council resolution holds for every State"
	case forceTreaty:
		return "the Geneva Conventions hold for every State"
	}
	return "a professional duty: holds by how the State bears on it"
}

func boundAsParty(norm, state string, year int, parties []Party) (bool, string) {
	later := 0
	for _, p := range parties {
		switch {
		case p.State != state || p.Norm != norm || p.Since == 0:
		case p.Since <= year:
			return true, fmt.Sprintf("party since %d", p.Since)
		default:
			later = p.Since
		}
	}
	if later > 0 {
		return false, fmt.Sprintf("party only since %d", later)
	}
	return false, "not known to be party"
}

// boundAsAddressee reads a recommendation: organs of a State count as the State.
func boundAsAddressee(cl Clause, state string) (bool, string) {
	for _, a := range strings.Fields(cl.Addressee) {
		switch {
		case a == statePrefix+state:
			return true, "a recommendation addressed to this State"
		case a == "State" || a == "custodial_authority" || a == "court" || a == "armed_party" || a == "all":
			return true, "a recommendation addressed to States"
		}
	}
	return false, "a recommendation addressed to " + strings.ReplaceAll(cl.Addressee, " ", ", ")
}
