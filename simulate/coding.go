package simulate

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// ProposedCell is a cell of an audit as it stands before anybody coded it: the level that the incidents carry.
type ProposedCell struct {
	State, Clause string
	Year          int
	Proposed      string // N0, N1, F1, F2, F3 or F4
	Open          bool   // the clause is in force and binds the State: a cell that can be coded
}

// Documented is an incident of an audit, for citations that only a person can make.
type Documented struct {
	ID         string
	State      string // where
	Year       int
	Codes      []string
	Certainty  string
	ActorKnown bool
	Own        bool // the actor is the State's
}

// The invented people who code. They are pseudonyms, as an audit's coders may be.
const (
	coderOne   = "Coder Heron"
	coderTwo   = "Coder Willow"
	coderThird = "Coder Lantern"
)

// codedOn is the date of every invented statement.
const codedOn = "2026-03-01"

// statement is one row of an indicator file.
type statement struct {
	kind, state, clause         string
	year                        int
	indicator, incident, value  string
	evidence, coder, role, date string
	source, note                string
	body, until, was, now       string
}

// header is the columns of an indicator file: docs/indicators-csv.md.
func header() []string {
	return []string{"kind", "state", "clause", "year", "indicator", "incident", "value", "evidence", "coder", "role", "date", "source", "note", "body", "until", "was", "now"}
}

func (s statement) cells() []string {
	year := ""
	if s.year != 0 {
		year = strconv.Itoa(s.year)
	}
	return []string{s.kind, s.state, s.clause, year, s.indicator, s.incident, s.value, s.evidence, s.coder, s.role, s.date, s.source, s.note, s.body, s.until, s.was, s.now}
}

// file turns statements into rows under a header.
func file(all []statement) [][]string {
	rows := [][]string{header()}
	for _, s := range all {
		rows = append(rows, s.cells())
	}
	return rows
}

// Citations invents what people found about incidents of the given States, as rows of an indicator file under a header:
// that a State failed to protect where others or unknown hands struck (and once that it had ordered so, once that a law
// requires it), that arrests punished care, and that some proposed citations are declined. Incidents may be in any order.
func Citations(found []Documented, seed uint64) [][]string {
	c := citing{rng: random(seed, streamCoding, 1)}
	slices.SortFunc(found, func(a, b Documented) int { return strings.Compare(a.ID, b.ID) })
	for _, state := range statesOf(found, func(d Documented) string { return d.State }) {
		if theGround().known(state) {
			c.state(state, found)
		}
	}
	return file(c.out)
}

type citing struct {
	rng *rand.Rand
	out []statement
}

// duty is a clause under which a failure to protect is cited.
type duty struct {
	clause string
	codes  string // what the deed's codes begin with
	since  int    // first year cited
}

// duties are cited in every second year. The fourth is cited a year before its clause was adopted, which an audit refuses.
func duties() []duty {
	return []duty{{"CIHL:R28", "ATT.", 0}, {"CIHL:R25", "PER.", 0}, {"UNSC-2286", "ATT.", 0}, {"WMA-ICOME-2022:40", "PER.", 2021}, {"WMA-LISBON-2005:0", "DEN.", 0}}
}

func (c *citing) state(state string, found []Documented) {
	for n, p := range duties() {
		years := map[int]int{}
		for _, d := range found {
			sure := d.Certainty == "probable" || d.Certainty == "confirmed"
			if d.State != state || d.ActorKnown || !sure || !begins(d.Codes, p.codes) || years[d.Year] >= 4 ||
				(d.Year+n)%2 == 1 || d.Year < p.since {
				continue
			}
			years[d.Year]++
			c.put(state, p.clause, d, "FAIL_PROTECT", c.evidence(d.Year, years[d.Year], n), "No guard was sent although it was asked for.")
		}
	}
	declined, punished := 0, map[int]int{}
	for _, d := range found {
		switch {
		case d.State != state || !d.Own || !begins(d.Codes, "PER.ARR"):
		case punished[d.Year] < 2:
			punished[d.Year]++
			c.put(state, "CIHL:R26", d, "PUNISH", "", "The charge names the treatment given.")
		case declined < 3:
			declined++
			c.put(state, "WMA-ICOME-2022:40", d, "declined", "", "Arrested over a traffic case.")
		}
	}
}

// evidence makes one clause a pattern by order and one a policy by law, each in some years only.
func (c *citing) evidence(year, nth, clause int) string {
	switch {
	case clause == 0 && nth == 1 && year >= 2022:
		return "instruction"
	case clause == 2 && nth == 1 && year%4 == 2:
		return "law"
	}
	return ""
}

func (c *citing) put(state, clause string, d Documented, value, evidence, note string) {
	c.out = append(c.out, statement{kind: "citation", state: state, clause: clause, incident: d.ID, value: value, evidence: evidence,
		coder: coderOne, role: "coder", date: codedOn, note: "Invented: " + note})
}

func begins(codes []string, with string) bool {
	return slices.ContainsFunc(codes, func(c string) bool { return strings.HasPrefix(c, with) })
}

func statesOf[T any](all []T, of func(T) string) (out []string) {
	for _, x := range all {
		out = append(out, of(x))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// known reports one of the invented States.
func (g *ground) known(state string) bool {
	return slices.ContainsFunc(g.states, func(s State) bool { return s.Code == state })
}

// closedBelow is the openness under which a State is graded I4 or I5.
const closedBelow = 0.2

// Codings invents what two coders, a third and the States said about the given cells, as rows of an indicator file under
// a header. Levels are at most what the incidents carry, but for one coding in each State that is meant to be refused.
// Beside agreement there are: one coder alone, two who differ, two who differ and a third, N1 where nothing is
// documented (refused where the State is closed), information grades, structure and process indicators, replies with a
// denial, treaties that the State is party to, visits and letters of mechanisms, and the steps of the procedure with a
// correction, an appeal and a step that is refused. Cells of real States are passed over.
func Codings(cells []ProposedCell, seed uint64) [][]string {
	var all []statement
	for _, state := range statesOf(cells, func(c ProposedCell) string { return c.State }) {
		if !theGround().known(state) {
			continue
		}
		c := coding{state: state, closed: theGround().state(state).Open < closedBelow, rng: random(seed, streamCoding, int(state[2]))}
		for _, cell := range cells {
			if cell.State == state {
				c.cells = append(c.cells, cell)
			}
		}
		c.declared()
		c.outcomes()
		c.yearly()
		c.said()
		c.procedure()
		all = append(all, c.out...)
	}
	return file(all)
}

// coding is the coding of one State.
type coding struct {
	state  string
	closed bool
	cells  []ProposedCell
	agreed []ProposedCell // with incidents, and one level by two coders
	rng    *rand.Rand
	out    []statement
}

// outcomes accepts, doubts and disputes levels.
func (c *coding) outcomes() {
	watched := c.watched()
	turn := map[string]int{}
	for _, cell := range c.cells {
		if !cell.Open {
			continue
		}
		n := turn[cell.Proposed]
		turn[cell.Proposed]++
		if cell.Proposed == "N0" || cell.Proposed == "N1" {
			if slices.Contains(watched, cell.Clause) || slices.Contains(quiet(), cell.Clause) && n%5 != 0 {
				c.level(cell, "N1", "N1", "")
			}
			continue
		}
		c.found(cell, n)
	}
}

// quiet are clauses that the coders looked into although nothing was reported.
func quiet() []string {
	return []string{"WMA-TOKYO-2016:1", "WMA-TOKYO-2016:7", "WMA-MALTA-2017:force-feeding", "WMA-ICOME-2022:9", "WMA-ICOME-2022:22", "UN-NMR-2015:R31", "AP1:16.1"}
}

// watched are the three clauses under which most was found: coded in every year, so that agreement can be computed.
func (c *coding) watched() []string {
	n := map[string]int{}
	var clauses []string
	for _, cell := range c.cells {
		if n[cell.Clause] == 0 && strings.HasPrefix(cell.Proposed, "F") {
			clauses = append(clauses, cell.Clause)
		}
		if strings.HasPrefix(cell.Proposed, "F") {
			n[cell.Clause]++
		}
	}
	slices.SortStableFunc(clauses, func(a, b string) int { return n[b] - n[a] })
	return clauses[:min(3, len(clauses))]
}

// found codes a cell in which something is documented; n is its turn among those of its level.
func (c *coding) found(cell ProposedCell, n int) {
	lower := map[string]string{"F1": "N0", "F2": "F1", "F3": "F2", "F4": "F3"}[cell.Proposed]
	switch n % 8 {
	case 2:
		c.level(cell, cell.Proposed, lower, cell.Proposed)
	case 3:
		c.level(cell, cell.Proposed, lower, "")
	case 4:
		c.level(cell, cell.Proposed, "", "")
	case 5:
		if cell.Proposed == "F1" && n == 5 {
			c.level(cell, "F3", "F3", "") // more than the incidents carry: refused
			return
		}
		c.level(cell, cell.Proposed, cell.Proposed, "")
	case 6:
		if cell.Proposed == "F1" && n == 6 {
			c.level(cell, "N1", "N1", "") // contradicted by what is documented
			return
		}
		c.level(cell, cell.Proposed, cell.Proposed, "")
	default:
		c.level(cell, cell.Proposed, cell.Proposed, "")
		c.agreed = append(c.agreed, cell)
	}
}

// level writes what each person gave; "" = nothing.
func (c *coding) level(cell ProposedCell, one, two, third string) {
	s := statement{kind: "outcome", state: c.state, clause: cell.Clause, year: cell.Year}
	c.twice(s, one, two, third)
}

// twice writes the rows of up to three people on one thing.
func (c *coding) twice(s statement, one, two, third string) {
	s.date = codedOn
	for _, by := range [...]struct{ coder, role, value string }{{coderOne, "coder", one}, {coderTwo, "coder", two}, {coderThird, "adjudicator", third}} {
		if by.value != "" {
			s.coder, s.role, s.value = by.coder, by.role, by.value
			c.out = append(c.out, s)
		}
	}
}

// yearly grades the information environment and the indicators of structure and process.
func (c *coding) yearly() {
	for _, y := range c.yearsOf() {
		s := statement{kind: "information", state: c.state, year: y}
		switch grade := c.environment(y); {
		case y == FirstYear+1:
			c.twice(s, grade, map[bool]string{true: "I4", false: "I1"}[c.closed], "") // nobody settles it
		default:
			c.twice(s, grade, grade, "")
		}
		c.indicators(y)
	}
}

func (c *coding) yearsOf() (years []int) {
	for _, cell := range c.cells {
		years = append(years, cell.Year)
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// environment is the information grade of a year.
func (c *coding) environment(year int) string {
	switch {
	case c.closed && year < FirstYear+3:
		return "I4"
	case c.closed:
		return "I5"
	case year < FirstYear+3:
		return "I3"
	}
	return "I2"
}

// indicators gives ST1 to ST10 and PR1 to PR12 of a year. A law changes seldom, conduct more often.
func (c *coding) indicators(year int) {
	structure, process := []string{"met", "partly", "not_met"}, []string{"A", "B", "C", "D", "E"}
	for n := 1; n <= 10; n++ {
		worse := (n+int(c.state[2]))%2 + year/(LastYear-2)
		if c.closed {
			worse++
		}
		c.judged("ST"+strconv.Itoa(n), year, structure, worse, n == 4)
	}
	for n := 1; n <= 12; n++ {
		worse := (n*2+year/3)%4 + 1
		if c.closed {
			worse = 3 + n%2
		}
		c.judged("PR"+strconv.Itoa(n), year, process, worse, n == 7)
	}
}

// judged writes one indicator: mostly agreed, sometimes settled by the third, sometimes left open, seldom one coder's alone.
func (c *coding) judged(indicator string, year int, scale []string, at int, disputed bool) {
	value := scale[min(at, len(scale)-1)]
	near := scale[max(0, min(at, len(scale)-1)-1)]
	s := statement{kind: "coding", state: c.state, year: year, indicator: indicator}
	switch draw := c.rng.IntN(20); {
	case disputed || draw == 0:
		c.twice(s, value, near, "")
	case draw == 1:
		c.twice(s, value, near, value)
	case draw == 2:
		c.twice(s, value, "", "")
	default:
		c.twice(s, value, value, "")
	}
}

// said is what the State answered and which treaties it joined.
func (c *coding) said() {
	put := c.put
	put(statement{kind: "party", clause: "CAT", year: 1996, value: "party", source: "invented table of ratifications"})
	if c.closed {
		put(statement{kind: "reply", value: "none", date: "2026-05-01", note: "Invented: no answer to three letters."})
		return
	}
	put(statement{kind: "party", clause: "AP1", year: 2001, value: "party", source: "invented table of ratifications"})
	put(statement{kind: "party", clause: "ICCPR", year: 1999, value: "party", source: "invented table of ratifications"})
	put(statement{kind: "reply", value: "asked", date: "2026-03-02", note: "Invented: the draft was sent with sixty days to answer."})
	denied := 0
	for _, cell := range c.cells {
		if cell.Open && strings.HasPrefix(cell.Proposed, "F") && denied < 6 {
			denied++
			put(statement{kind: "reply", clause: cell.Clause, year: cell.Year, value: []string{"received", "C", "E"}[denied%3], date: "2026-04-18",
				source: "https://example.org/invented-letter", note: "Invented: the ministry denies that its organs took part."})
		}
	}
}
