package audit

import (
	"slices"
	"strings"

	"ward/tally"
	"ward/vocab"
	"ward/when"
)

// Group is one row of the territory table: what one group of actors did, register beside register.
type Group struct {
	Group     string           `json:"group"`
	State     string           `json:"state,omitempty"` // of a foreign force, when named
	Abroad    bool             `json:"abroad,omitempty"`
	Floor     tally.Count      `json:"floor"`
	Registers map[string]int64 `json:"registers"`
}

// Register is what one register holds on the State's territory. Figures of two registers are never added.
type Register struct {
	Register   string                 `json:"register"`
	Incidents  int64                  `json:"incidents"`
	Attributed int64                  `json:"attributed"` // to the State, anywhere
	NamesActor bool                   `json:"names_actor"`
	Years      map[string]int64       `json:"years"`
	People     map[string]tally.Count `json:"people"` // by field, such as worker.killed
}

// Family is one series for a small multiple: a code family in one register, by year and certainty.
type Family struct {
	Family   string       `json:"family"`
	Whose    string       `json:"whose"` // "state" (its acts, anywhere) or "territory" (whoever did it)
	Register string       `json:"register"`
	Years    []FamilyYear `json:"years"`
}

// FamilyYear counts a year of a series. An incident with codes of two families stands in both.
type FamilyYear struct {
	Year      int   `json:"year"`
	Confirmed int64 `json:"confirmed"`
	Probable  int64 `json:"probable"`
	Possible  int64 `json:"possible"`
}

// Outcome is an outcome indicator: a family of codes counted over the State's acts in a year.
type Outcome struct {
	Indicator string      `json:"indicator"`
	Year      int         `json:"year"`
	Count     tally.Count `json:"count"`
}

// picture gathers what stands around the cells in one walk over the incidents.
type picture struct {
	c        *counter
	groups   map[groupKey][]int64 // per register
	register []Register
	family   map[familyKey][]FamilyYear
	outcomes map[outcomeKey][]int64 // per register
	ofCode   map[string][]string    // outcome indicators by code
	known    map[string]bool        // families of the code list
	own      []int64                // State-attributed, per register
	land     []int64                // on the territory, per register
	years    [][]int64              // on the territory, per register and year
	gaps     gapCounts
	from, to when.Day // the audit's years
}

// groupKey is the key of a territory row.
type groupKey struct {
	group, state string
	abroad       bool
}

type familyKey struct {
	family, whose string
	register      uint8
}

type outcomeKey struct {
	indicator string
	year      int
}

func newPicture(c *counter) *picture {
	p := &picture{c: c, groups: map[groupKey][]int64{}, family: map[familyKey][]FamilyYear{}, outcomes: map[outcomeKey][]int64{}, ofCode: map[string][]string{}, known: map[string]bool{}}
	for _, code := range vocab.Codes("incident") {
		p.known[familyOf(code.Code)] = true
	}
	p.from, p.to = firstDay(c.from), firstDay(c.to+1)-1
	for _, name := range c.registers {
		p.years = append(p.years, make([]int64, c.to-c.from+1))
		p.register = append(p.register, Register{Register: name, Years: map[string]int64{}, People: map[string]tally.Count{}})
	}
	p.own, p.land = make([]int64, len(c.registers)), make([]int64, len(c.registers))
	return p
}

// walk adds every incident that lies wholly in the audit's years.
func (p *picture) walk() error {
	for i, inc := range p.c.incidents {
		register, err := p.c.register(inc.Register)
		if err != nil {
			return err
		}
		s, year := p.c.sides[i], p.c.year[i]
		p.gaps.look(inc, s, year, p.c)
		if !inc.Date.Within(p.from, p.to) || rank(inc.Certainty) == 0 {
			continue
		}
		own, land := s == firm || s == doubtful, inc.Country == p.c.state
		if own || land {
			p.addGroup(inc, s, own && !land, register)
			p.addRegister(inc, year, register, own, land)
		}
		if own {
			p.addFamilies(inc, year, "state", register)
			p.addOutcomes(inc, year, register)
		}
		if land {
			p.addFamilies(inc, year, "territory", register)
		}
	}
	return nil
}

func (p *picture) addGroup(inc *Incident, s side, abroad bool, register uint8) {
	group, foreign := groupOf(inc, s)
	key := groupKey{group, foreign, abroad}
	n := p.groups[key]
	if n == nil {
		n = make([]int64, len(p.c.registers))
		p.groups[key] = n
	}
	n[register]++
}

func (p *picture) addRegister(inc *Incident, year int, register uint8, own, land bool) {
	r := &p.register[register]
	if own {
		r.Attributed++
		p.own[register]++
	}
	if !land {
		return
	}
	p.land[register]++
	r.Incidents++
	r.NamesActor = r.NamesActor || !isUnknown(inc.ActorKind)
	if year != 0 {
		p.years[register][year-p.c.from]++
	}
	for _, pc := range inc.Counts {
		r.People[pc.Field] = r.People[pc.Field].Add(pc.Count)
	}
}

func (p *picture) addFamilies(inc *Incident, year int, whose string, register uint8) {
	if year == 0 {
		return
	}
	for i, code := range inc.Codes {
		family := familyOf(code)
		if !p.known[family] {
			continue
		}
		if slices.ContainsFunc(inc.Codes[:i], func(c string) bool { return familyOf(c) == family }) {
			continue
		}
		key := familyKey{family, whose, register}
		years := p.family[key]
		if years == nil {
			years = p.emptyYears()
			p.family[key] = years
		}
		years[year-p.c.from].add(rank(inc.Certainty))
	}
}

func (p *picture) emptyYears() []FamilyYear {
	years := make([]FamilyYear, p.c.to-p.c.from+1)
	for i := range years {
		years[i].Year = p.c.from + i
	}
	return years
}

func (f *FamilyYear) add(rank uint8) {
	switch rank {
	case confirmed:
		f.Confirmed++
	case probable:
		f.Probable++
	default:
		f.Possible++
	}
}

func familyOf(code string) string {
	family, _, _ := strings.Cut(code, ".")
	return family
}

func (p *picture) addOutcomes(inc *Incident, year int, register uint8) {
	if year == 0 {
		return
	}
	var done []string
	for _, code := range inc.Codes {
		of, ok := p.ofCode[code]
		if !ok {
			of = outcomesOf(code)
			p.ofCode[code] = of
		}
		for _, indicator := range of {
			if slices.Contains(done, indicator) {
				continue
			}
			done = append(done, indicator)
			key := outcomeKey{indicator, year}
			if p.outcomes[key] == nil {
				p.outcomes[key] = make([]int64, len(p.c.registers))
			}
			p.outcomes[key][register]++
		}
	}
}

// sideBySide never adds registers: at least the largest, at most all together.
func sideBySide(perRegister []int64) (out tally.Count) {
	for _, n := range perRegister {
		out = out.Side(tally.Exact(n))
	}
	return out
}
