package audit

import "ward/tally"

// reading is one way to take what is uncertain: the least certainty and the sides that count.
type reading struct {
	least uint8
	sides []side
}

var (
	ownSides   = []side{firm, doubtful}
	everything = []side{firm, doubtful, unknown}
	onlyFirm   = []side{firm}
)

func (r reading) holds(it item) bool {
	if it.rank < r.least {
		return false
	}
	for _, s := range r.sides {
		if s == it.side {
			return true
		}
	}
	return false
}

// sum counts one register's incidents under the reading.
func (r reading) sum(p *perRegister) (n int64) {
	for _, s := range r.sides {
		for k := r.least; k <= confirmed; k++ {
			n += p.n[s][k]
		}
	}
	return n
}

// sensitivity computes the five readings of one cell.
func (c *counter) sensitivity(clause, year int) Sensitivity {
	v := func(least uint8, sides []side) Variant {
		r := reading{least, sides}
		at, _ := c.cell(clause, year)
		return Variant{Count: c.grid[at].counts.floor(r.sum), Level: c.level(clause, year, r)}
	}
	return Sensitivity{
		Confirmed:   v(confirmed, ownSides),
		Probable:    v(probable, ownSides),
		Possible:    v(possible, ownSides),
		StateOnly:   v(possible, onlyFirm),
		WithUnknown: v(possible, everything),
	}
}

// Moves reports that the proposed level is not the same under all readings.
func (s Sensitivity) moves() bool {
	l := s.Possible.Level
	return s.Confirmed.Level != l || s.Probable.Level != l || s.StateOnly.Level != l || s.WithUnknown.Level != l
}

// level is what the incidents carry: F1 rests on possible ones, F2 to F4 on probable or confirmed ones.
func (c *counter) level(clause, year int, r reading) string {
	at, _ := c.cell(clause, year)
	cell := &c.grid[at]
	all := cell.counts.floor(r.sum)
	if all == (tally.Count{}) {
		return N0
	}
	r.least = max(r.least, probable)
	if cell.counts.floor(r.sum) == (tally.Count{}) {
		return F1
	}
	var evidence uint8
	for _, s := range r.sides {
		for k := r.least; k <= confirmed; k++ {
			evidence |= cell.evidence[s][k]
		}
	}
	switch {
	case evidence&evidenceLaw != 0:
		return F4
	case evidence&evidenceOrder != 0 || c.pattern(clause, year, r):
		return F3
	}
	return F2
}

// height orders levels; what is no level is -1.
func height(level string) int {
	for i, l := range [...]string{N0, N1, F1, F2, F3, F4} {
		if l == level {
			return i
		}
	}
	return -1
}
