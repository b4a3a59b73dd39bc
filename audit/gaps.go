package audit

import (
	"fmt"
	"slices"
	"strings"

	"ward/policy"
)

// Gap is one line of "what is not known": N of Of, or a list of names.
type Gap struct {
	Key   string   `json:"key"` // stable, for translation
	N     int      `json:"n"`
	Of    int      `json:"of,omitempty"`
	Names []string `json:"names,omitempty"`
	Text  string   `json:"text"` // in English
}

// gapCounts counts, over the incidents of counting certainty in the audit's years, what they leave open.
type gapCounts struct {
	land, landUnknown, landPossible int
	all, noPlace, hidden            int
	partial, noYear, contested      int
	open, deFacto, noRoot           int
}

// look counts one incident. One that spans years or has no date is in no cell whatever its years.
func (g *gapCounts) look(inc *Incident, s side, year int, c *counter) {
	if inc.Certainty == "contested" {
		g.contested++
	}
	if rank(inc.Certainty) == 0 {
		return
	}
	if year == 0 {
		g.noYear++
	}
	if year < c.from || year > c.to {
		return
	}
	g.all++
	count(&g.hidden, inc.Place == withheld)
	count(&g.noPlace, inc.Place == "")
	count(&g.partial, !inc.Date.Exact() || strings.HasSuffix(inc.Date.String(), "~") || strings.HasSuffix(inc.Date.String(), "?"))
	count(&g.noRoot, len(inc.Roots) == 0)
	count(&g.deFacto, s == doubtful)
	count(&g.open, s == unknown && !isUnknown(inc.ActorKind))
	if inc.Country != c.state {
		return
	}
	g.land++
	count(&g.landUnknown, isUnknown(inc.ActorKind))
	count(&g.landPossible, inc.Certainty == "possible")
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// gapText is the English sentence of each gap; %[1]d is N, %[2]d is Of.
var gapText = []struct{ key, format string }{
	{"actor_unknown", "%[1]d of %[2]d incidents on the territory name no actor"},
	{"actor_open", "%[1]d of %[2]d incidents leave open between several actors, or name a State's forces without the State"},
	{"actor_doubtful", "%[1]d of %[2]d incidents are the State's only perhaps, or through a militia or authority named as its own"},
	{"possible_only", "%[1]d of %[2]d incidents on the territory are possible only: no second independent origin is recorded"},
	{"place_unknown", "%[1]d of %[2]d incidents are placed no finer than the country"},
	{"place_withheld", "%[1]d of %[2]d incidents have a place that the source withholds"},
	{"root_unknown", "%[1]d of %[2]d incidents have no recorded origin and prove no pattern"},
	{"date_partial", "%[1]d of %[2]d incidents have no exact day"},
	{"date_no_year", "%[1]d incidents have no date or span years and stand in no year"},
	{"contested", "%[1]d incidents are contested and count nowhere"},
	{"registers_without_actor", "%[1]d of %[2]d registers name no actor at all"},
	{"cells_not_coded", "%[1]d of %[2]d cells in force were not coded by two people"},
	{"information_not_graded", "%[1]d of %[2]d years have no information grade"},
	{"not_known_party", "%[1]d treaties: it is not known whether the State is party"},
	{"numbering_unconfirmed", "%[1]d of %[2]d clauses have a number or wording that nobody confirmed against the text"},
	{outNotYet, "%[1]d incidents are rumours and left out"},
	{outRefuted, "%[1]d incidents were refuted and left out"},
	{outOther, "%[1]d incidents were discounted as out of scope and left out"},
	{outCutOff, "%[1]d incidents are dated after the evidence cut-off and left out"},
	{outLate, "%[1]d incidents were entered after the evidence of their year was frozen and are left out"},
	{outScope, "%[1]d incidents concern aid or civilians but not health care and are left out"},
}

// outReasons are the gaps that count incidents which are not in the extract, in the order of gapText, where they come
// last.
var outReasons = []string{outNotYet, outRefuted, outOther, outCutOff, outLate, outScope}

// gaps writes the list, leaving out what is zero.
func (b *builder) gaps(p *picture) []Gap {
	g := p.gaps
	quiet := b.quietRegisters()
	parties := b.notParty()
	n := map[string]Gap{
		"actor_unknown":           {N: g.landUnknown, Of: g.land},
		"actor_open":              {N: g.open, Of: g.all},
		"actor_doubtful":          {N: g.deFacto, Of: g.all},
		"possible_only":           {N: g.landPossible, Of: g.land},
		"place_unknown":           {N: g.noPlace, Of: g.all},
		"place_withheld":          {N: g.hidden, Of: g.all},
		"root_unknown":            {N: g.noRoot, Of: g.all},
		"date_partial":            {N: g.partial, Of: g.all},
		"date_no_year":            {N: g.noYear},
		"contested":               {N: g.contested},
		"registers_without_actor": {N: len(quiet), Of: len(b.report.Registers), Names: quiet},
		"cells_not_coded":         {N: b.report.Summary.InForce - b.report.Summary.Coded, Of: b.report.Summary.InForce},
		"information_not_graded":  {N: b.ungraded(), Of: b.to - b.from + 1},
		"not_known_party":         {N: len(parties), Names: parties},
		"numbering_unconfirmed":   {N: unconfirmed(b.clauses), Of: len(b.clauses)},
	}
	for why, k := range b.leftOut {
		n[why] = Gap{N: k}
	}
	out := []Gap{}
	for _, t := range gapText {
		gap := n[t.key]
		if gap.N == 0 {
			continue
		}
		out = append(out, gapOf(t.key, gap))
	}
	return out
}

// gapOf gives a gap its key and words.
func gapOf(key string, gap Gap) Gap {
	for _, t := range gapText {
		if t.key == key {
			gap.Key, gap.Text = key, fmt.Sprintf(t.format, gap.N, gap.Of)
		}
	}
	return gap
}

func (b *builder) quietRegisters() (names []string) {
	for _, r := range b.report.Registers {
		if r.Incidents > 0 && !r.NamesActor {
			names = append(names, r.Register)
		}
	}
	return names
}

// notParty lists the norms that bind parties only and whose clauses hold in no year of the audit.
func (b *builder) notParty() (norms []string) {
	for i, clause := range b.clauses {
		if clause.Binding != "party" || slices.Contains(norms, clause.Norm) {
			continue
		}
		if at, _ := b.cell(i, b.to); !b.gates[at].binds {
			norms = append(norms, clause.Norm)
		}
	}
	slices.Sort(norms)
	return norms
}

func (b *builder) ungraded() (n int) {
	for year := b.from; year <= b.to; year++ {
		count(&n, b.desk.environment(year) == NoInfo)
	}
	return n
}

func unconfirmed(clauses []policy.Clause) (n int) {
	for _, c := range clauses {
		count(&n, !c.Confirmed)
	}
	return n
}
