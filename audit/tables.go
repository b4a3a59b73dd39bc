package audit

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// named gives the registers that counted anything, by name.
func (p *picture) named(perRegister []int64) map[string]int64 {
	out := map[string]int64{}
	for i, n := range perRegister {
		if n > 0 {
			out[p.c.registers[i]] = n
		}
	}
	return out
}

// territory lists the groups in their fixed order, foreign States by code, the State's acts abroad last.
func (p *picture) territory() []Group {
	keys := slices.SortedFunc(maps.Keys(p.groups), func(a, b groupKey) int {
		return cmp.Or(boolCompare(a.abroad, b.abroad),
			cmp.Compare(slices.Index(groupOrder, a.group), slices.Index(groupOrder, b.group)),
			cmp.Compare(a.state, b.state))
	})
	out := []Group{}
	for _, k := range keys {
		n := p.groups[k]
		out = append(out, Group{Group: k.group, State: k.state, Abroad: k.abroad, Floor: sideBySide(n), Registers: p.named(n)})
	}
	return out
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// sideBySideRegisters lists the registers by name.
func (p *picture) sideBySideRegisters() []Register {
	out := []Register{}
	for i, r := range p.register {
		for y, n := range p.years[i] {
			if n > 0 {
				r.Years[itoa(p.c.from+y)] = n
			}
		}
		if r.Incidents > 0 || r.Attributed > 0 {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Register) int { return cmp.Compare(a.Register, b.Register) })
	return out
}

// families lists the series by family, whose acts, and register.
func (p *picture) families() []Family {
	out := []Family{}
	for k, years := range p.family {
		out = append(out, Family{Family: k.family, Whose: k.whose, Register: p.c.registers[k.register], Years: years})
	}
	slices.SortFunc(out, func(a, b Family) int {
		return cmp.Or(cmp.Compare(a.Family, b.Family), cmp.Compare(a.Whose, b.Whose), cmp.Compare(a.Register, b.Register))
	})
	return out
}

// outcomeList gives every outcome indicator in every year, zero included: zero is what is documented, not what was.
func (p *picture) outcomeList() []Outcome {
	out := []Outcome{}
	for _, in := range Indicators() {
		if in.Kind != IndicatorOutcome {
			continue
		}
		for year := p.c.from; year <= p.c.to; year++ {
			out = append(out, Outcome{in.ID, year, sideBySide(p.outcomes[outcomeKey{in.ID, year}])})
		}
	}
	return out
}
