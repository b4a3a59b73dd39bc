package audit

import (
	"slices"
	"strings"
	"time"

	"ward/fault"
	"ward/policy"
	"ward/tally"
	"ward/when"
)

// Certainty as a rank; 0 never counts.
const (
	possible  = 1
	probable  = 2
	confirmed = 3
)

func rank(certainty string) uint8 {
	switch certainty {
	case "confirmed":
		return confirmed
	case "probable":
		return probable
	case "possible":
		return possible
	}
	return 0
}

// Evidence that an incident carries beyond itself, as bits.
const (
	evidenceOrder = 1 << iota // an order was given: pattern
	evidenceLaw               // law, policy or acknowledgement: policy
)

// item is one incident in one cell.
type item struct {
	at       int32 // position among the gathered incidents
	side     side
	rank     uint8
	register uint8
	evidence uint8
}

// perRegister counts a cell's incidents of one register by side (firm, doubtful, unknown) and certainty.
type perRegister struct {
	register uint8
	n        [sides][confirmed + 1]int64
}

// registerCounts is a short list, because a State is documented by a handful of registers.
type registerCounts []perRegister

func (r *registerCounts) add(it item) {
	for i := range *r {
		if (*r)[i].register == it.register {
			(*r)[i].n[it.side][it.rank]++
			return
		}
	}
	*r = append(*r, perRegister{register: it.register})
	(*r)[len(*r)-1].n[it.side][it.rank]++
}

// decide gathers the incidents of one cell that only a person can cite with one bearing.
type decide struct {
	bearing uint8
	note    string
	counts  registerCounts
	at      []int32
}

// tallied is one cell while counting.
type tallied struct {
	items    []item
	counts   registerCounts
	evidence [sides][confirmed + 1]uint8
	bearings [bearingSlots]int32
	decide   []decide
}

// gate says whether a clause can be cited in a year.
type gate struct {
	inForce, binds bool
	reserved       bool // by a reservation of the State
	why            string
}

// lookBack is how many years before the audit are counted, because a pattern of 24 months may begin there.
const lookBack = 2

// counter walks the incidents once and fills the grid clause x year.
type counter struct {
	state     string
	from, to  int // the audit's years
	clauses   []policy.Clause
	clauseAt  map[string]int
	citer     *citer
	gates     []gate
	grid      []tallied
	incidents []*Incident // those that bear on the State, by id
	sides     []side      // of incidents
	year      []int       // of incidents; 0 = none, or several
	registers []string
	cited     map[string][]Row
	cutOffs   map[int]when.Day // last day of evidence, of the years that are frozen
	refused   []Refused
	stamps    []int32 // per clause x bearing: the last incident that was counted there
	waiting   []int32 // the same for proposals
}

func (c *counter) years() int { return c.to - c.from + 1 + lookBack }

// cell finds a clause and year in the grid; ok is false outside the years that are counted.
func (c *counter) cell(clause, year int) (at int, ok bool) {
	y := year - c.from + lookBack
	return clause*c.years() + y, y >= 0 && y < c.years()
}

// maxRegisters is far above the number of registers there are.
const maxRegisters = 200

func (c *counter) register(name string) (uint8, error) {
	for i, known := range c.registers {
		if known == name {
			return uint8(i), nil
		}
	}
	if len(c.registers) >= maxRegisters {
		return 0, fault.New(fault.Limit, "the incidents come from more than %d registers", maxRegisters).
			Do("group the sources that share ids into one register")
	}
	c.registers = append(c.registers, name)
	return uint8(len(c.registers) - 1), nil
}

// openGates asks the corpus once per clause and year.
func (c *counter) openGates(corpus *policy.Corpus, bound bindings) {
	c.gates = make([]gate, len(c.clauses)*c.years())
	c.grid = make([]tallied, len(c.gates))
	for i, clause := range c.clauses {
		for year := c.from - lookBack; year <= c.to; year++ {
			at, _ := c.cell(i, year)
			g := &c.gates[at]
			g.inForce = corpus.InForce(clause.ID, year)
			g.binds, g.why, g.reserved = bound.of(corpus, clause, c.state, year)
		}
	}
}

// gather keeps the incidents that bear on the State, in the order of their ids, and what was left out.
func (c *counter) gather(in *Input, cutOff when.Day) (leftOut map[string]int, err error) {
	leftOut = map[string]int{}
	for i := range in.Incidents {
		inc := &in.Incidents[i]
		if inc.Country != c.state && !slices.Contains(inc.ActorState, c.state) && (len(c.cited) == 0 || c.cited[inc.ID] == nil) {
			continue
		}
		if why := c.unfit(inc, cutOff); why != "" {
			leftOut[why]++
			continue
		}
		c.incidents = append(c.incidents, inc)
	}
	byID := func(a, b *Incident) int { return strings.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(c.incidents, byID) {
		slices.SortFunc(c.incidents, byID)
	}
	for i := 1; i < len(c.incidents); i++ {
		if c.incidents[i].ID == c.incidents[i-1].ID {
			return nil, fault.New(fault.Invalid, "the incident %q stands twice", c.incidents[i].ID).
				Do("give each incident once, with all its sources")
		}
	}
	return leftOut, nil
}

// Reasons why an incident that bears on the State is not in the audit.
const (
	outScope   = "out_of_scope"
	outCutOff  = "after_cut_off"
	outYears   = "outside_years"
	outLate    = "entered_after_cut_off"
	outNotYet  = "certainty_rumour"
	outRefuted = "certainty_refuted"
	outOther   = "certainty_discounted"
)

// unfit tells why an incident stays out of the extract: rumours and what was refuted or discounted are not published.
// Contested incidents stay visible and count nowhere.
func (c *counter) unfit(inc *Incident, cutOff when.Day) string {
	switch inc.Certainty {
	case "rumour":
		return outNotYet
	case "refuted":
		return outRefuted
	case "discounted":
		return outOther
	}
	switch {
	case inc.Scope != "health":
		return outScope
	case inc.Date.IsZero():
		return ""
	case inc.Date.From() > min(cutOff, c.cutOffOf(inc.Date.Year())):
		return outCutOff
	case inc.Late:
		return outLate
	case inc.Date.To() < firstDay(c.from-lookBack) || inc.Date.From() >= firstDay(c.to+1):
		return outYears
	}
	return ""
}

// firstDay is the first of January.
func firstDay(year int) when.Day { return when.DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)) }

// count places every gathered incident in the cells that it bears on.
func (c *counter) count() error {
	c.stamps = make([]int32, len(c.clauses)*bearingSlots)
	c.waiting = make([]int32, len(c.clauses)*bearingSlots)
	c.sides, c.year = make([]side, len(c.incidents)), make([]int, len(c.incidents))
	for i, inc := range c.incidents {
		c.sides[i], c.year[i] = sideOf(inc, c.state), inc.Date.Year()
		register, err := c.register(inc.Register)
		if err != nil {
			return err
		}
		it := item{at: int32(i), side: c.sides[i], rank: rank(inc.Certainty), register: register}
		year := c.year[i]
		if _, ok := c.cell(0, year); !ok || it.rank == 0 {
			c.refuseAll(inc, year)
			continue
		}
		c.byPerson(inc, it, year)
		c.byTable(inc, it, year)
		if it.side == firm || it.side == doubtful {
			c.propose(inc, it, year)
		}
	}
	return nil
}

// byTable counts what the citation table cites by rule.
func (c *counter) byTable(inc *Incident, it item, year int) {
	if it.side == beside {
		return
	}
	it.evidence = evidenceOf(inc.Codes)
	c.eachCite(inc, it.side, func(found cites) {
		for _, one := range found.rules {
			c.put(it, one, year)
		}
	})
}

// eachCite looks up every code under every kind of the actor that is the State's.
func (c *counter) eachCite(inc *Incident, s side, use func(cites)) {
	for _, code := range inc.Codes {
		if s == unknown {
			use(c.citer.of(code, anyState, inc.Context))
			continue
		}
		for kind := range strings.FieldsSeq(inc.ActorKind) {
			if isState(kind) || byName(kind) {
				use(c.citer.of(code, citedKind(kind), inc.Context))
			}
		}
	}
}

func evidenceOf(codes []string) (bits uint8) {
	for _, code := range codes {
		switch code {
		case "ETH.ORD":
			bits |= evidenceOrder
		case "SYS.LAW", "SYS.POL":
			bits |= evidenceLaw
		}
	}
	return bits
}

// put counts an item once per clause and once per bearing, if the clause was in force and held for the State.
func (c *counter) put(it item, one cite, year int) {
	at, _ := c.cell(one.clause, year)
	if !c.gates[at].inForce || !c.gates[at].binds {
		return
	}
	cell, stamp := &c.grid[at], it.at+1
	base := one.clause * bearingSlots
	if it.side != unknown && c.stamps[base+int(one.bearing)] != stamp {
		c.stamps[base+int(one.bearing)] = stamp
		cell.bearings[one.bearing]++
	}
	if n := len(cell.items); n == 0 || cell.items[n-1].at != it.at {
		cell.items = append(cell.items, it)
		cell.counts.add(it)
	} // else it is counted already, by another code or as the State's failure
	cell.evidence[it.side][it.rank] |= it.evidence
}

// propose lists the citations that a person must decide, unless one of the same bearing already counts.
func (c *counter) propose(inc *Incident, it item, year int) {
	c.eachCite(inc, it.side, func(found cites) {
		for _, one := range found.proposals {
			slot := one.clause*bearingSlots + int(one.bearing)
			at, _ := c.cell(one.clause, year)
			if c.stamps[slot] == it.at+1 || c.waiting[slot] == it.at+1 || !c.gates[at].inForce || !c.gates[at].binds || c.declined(inc, one.clause) {
				continue
			}
			c.waiting[slot] = it.at + 1
			c.grid[at].wait(it, one)
		}
	})
}

func (t *tallied) wait(it item, one cite) {
	i := slices.IndexFunc(t.decide, func(d decide) bool { return d.bearing == one.bearing })
	if i < 0 {
		t.decide = append(t.decide, decide{bearing: one.bearing, note: one.note})
		i = len(t.decide) - 1
	}
	t.decide[i].counts.add(it)
	t.decide[i].at = append(t.decide[i].at, it.at)
}

func (c *counter) declined(inc *Incident, clause int) bool {
	return slices.ContainsFunc(c.cited[inc.ID], func(r Row) bool {
		return r.Value == Declined && r.Clause == c.clauses[clause].ID
	})
}

// floor sets the registers side by side: at least the largest, at most all together.
func (r registerCounts) floor(sum func(*perRegister) int64) tally.Count {
	var out tally.Count
	for i := range r {
		out = out.Side(tally.Exact(sum(&r[i])))
	}
	return out
}
