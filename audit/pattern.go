package audit

import "ward/when"

// patternDays is the window of a pattern: 24 months at their longest. The earliest possible day of the first incident
// and the latest possible day of the last lie no further apart.
const patternDays = 731

// patternSize is how many independent incidents make a pattern.
const patternSize = 3

// pattern reports that under the reading three substantiated incidents of one register, pairwise without a common
// root and not all in one place, fall within 24 months, the last of them in the cell's year. They must be of one
// register because two registers that were not linked may hold the same event twice.
func (c *counter) pattern(clause, year int, r reading) bool {
	at, _ := c.cell(clause, year)
	for i := range c.grid[at].counts {
		register := c.grid[at].counts[i].register
		if c.substantiated(clause, year, register, r) < patternSize {
			continue
		}
		few, own := c.window(clause, year, register, r, enough)
		if c.patternIn(few, own) {
			return true
		}
		if len(few) == enough && c.patternIn(c.window(clause, year, register, r, len(c.incidents)+enough)) {
			return true
		}
	}
	return false
}

// substantiated counts one register's incidents in the cell's year and the two before it.
func (c *counter) substantiated(clause, year int, register uint8, r reading) (n int64) {
	for back := 0; back <= lookBack; back++ {
		at, ok := c.cell(clause, year-back)
		if !ok {
			break
		}
		for i := range c.grid[at].counts {
			if p := &c.grid[at].counts[i]; p.register == register {
				n += r.sum(p)
			}
		}
	}
	return n
}

// enough incidents settle nearly every pattern, without a walk over all.
const enough = 256

// window lists at most limit of those incidents, the cell's own year first; own is how many are of that year.
func (c *counter) window(clause, year int, register uint8, r reading, limit int) (all []*Incident, own int) {
	for back := 0; back <= lookBack; back++ {
		at, ok := c.cell(clause, year-back)
		if !ok {
			break
		}
		for _, it := range c.grid[at].items {
			if len(all) < limit && it.register == register && r.holds(it) {
				all = append(all, c.incidents[it.at])
			}
		}
		if back == 0 {
			own = len(all)
		}
	}
	return all, own
}

// patternIn looks for three incidents that fit, the last among the first own. Incidents without an exact year never
// come here. The search gives up after a number of comparisons in proportion to the incidents, which only inputs made
// for it reach: then no pattern is proposed.
func (c *counter) patternIn(all []*Incident, own int) bool {
	if !twoPlaces(all) {
		return false
	}
	budget := 16*len(all) + 1<<17
	for i, a := range all[:own] {
		for j, b := range all {
			if budget--; budget < 0 {
				return false
			}
			if i == j || !independent(a, b) || !withinWindow(a, b) {
				continue
			}
			if third(a, b, all, &budget) {
				return true
			}
		}
	}
	return false
}

// third looks for an incident that makes a pattern with the two given.
func third(a, b *Incident, all []*Incident, budget *int) bool {
	differ := apart(a, b)
	for _, z := range all {
		if *budget--; *budget < 0 {
			return false
		}
		if z == a || z == b || !differ && !apart(a, z) && !apart(b, z) {
			continue
		}
		if independent(a, z) && independent(b, z) && withinWindow(a, z) && withinWindow(b, z) {
			return true
		}
	}
	return false
}

func withinWindow(a, b *Incident) bool {
	return max(a.Date.To(), b.Date.To())-min(a.Date.From(), b.Date.From()) <= when.Day(patternDays)
}

// twoPlaces reports that at least two of the incidents happened in certainly different places. It is exact and linear:
// either two countries are named, or two known divisions of one.
func twoPlaces(all []*Incident) bool {
	var first *Incident // the first whose country is known
	var known *Incident // the first whose division is known
	for _, inc := range all {
		if !hasCountry(inc) {
			continue
		}
		if first == nil {
			first = inc
		}
		if known == nil && inc.knownPlace() {
			known = inc
		}
		if apart(first, inc) || known != nil && apart(known, inc) {
			return true
		}
	}
	return false
}
