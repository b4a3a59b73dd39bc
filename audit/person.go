package audit

import "ward/text"

// Reasons why a citation by a person does not count.
const (
	whyNoIncident = "no_such_incident"
	whyNoClause   = "no_such_clause"
	whyNotCounted = "does_not_count" // its certainty never counts, or it has no single year in the audit
	whyNotItsAct  = "not_the_states_act"
	whyNotInForce = "clause_not_in_force"
	whyNotBinding = "clause_not_binding"
)

// citations sorts what people cited by incident. A person's later word on a clause replaces the contrary earlier one:
// declined withdraws the citations, and a citation the declined. Of equal dates the later row is the later word.
func citations(rows []Row) map[string][]Row {
	latest := map[word]int{}
	for i := range rows {
		w := wordOf(&rows[i])
		if j, ok := latest[w]; !ok || rows[i].Date >= rows[j].Date {
			latest[w] = i
		}
	}
	out := map[string][]Row{}
	for i, row := range rows {
		contrary := wordOf(&row)
		contrary.declined = !contrary.declined
		if j, ok := latest[contrary]; ok && (rows[j].Date > row.Date || rows[j].Date == row.Date && j > i) {
			continue
		}
		out[row.Incident] = append(out[row.Incident], row)
	}
	return out
}

// word is what one person said of one incident and clause.
type word struct {
	incident, clause, coder string
	declined                bool
}

func wordOf(r *Row) word { return word{r.Incident, r.Clause, text.Key(r.Coder), r.Value == Declined} }

// byPerson counts what people cited. On somebody else's act only a bearing of omission counts: the State failed to
// protect or to investigate, and that failure is its own act.
func (c *counter) byPerson(inc *Incident, it item, year int) {
	for _, row := range c.cited[inc.ID] {
		if row.Value == Declined {
			continue
		}
		own := it
		if fails(row.Value) && own.side != doubtful {
			own.side = firm
		}
		own.evidence = evidenceOfRow(row)
		if it.side == firm || it.side == doubtful {
			own.evidence |= evidenceOf(inc.Codes)
		}
		if why := c.forbids(row, own, year); why != "" {
			c.refuse(row, year, why)
			continue
		}
		c.put(own, cite{clause: c.clauseAt[row.Clause], bearing: c.citer.bearing(row.Value)}, year)
	}
}

// forbids gives the reason why a citation may not count; "" when it may.
func (c *counter) forbids(row Row, it item, year int) string {
	clause, ok := c.clauseAt[row.Clause]
	if !ok {
		return whyNoClause
	}
	at, _ := c.cell(clause, year)
	switch {
	case it.side == beside || it.side == unknown:
		return whyNotItsAct
	case !c.gates[at].inForce:
		return whyNotInForce
	case !c.gates[at].binds:
		return whyNotBinding
	}
	return ""
}

func evidenceOfRow(row Row) uint8 {
	switch row.Evidence {
	case EvidenceInstruction:
		return evidenceOrder
	case EvidenceLaw, EvidenceAcknowledge:
		return evidenceLaw
	}
	return 0
}

func (c *counter) refuse(row Row, year int, why string) {
	c.refused = append(c.refused, Refused{Kind: KindCitation, Clause: row.Clause, Year: year, Incident: row.Incident, Value: row.Value, Why: why})
}

// refuseAll lists the citations of an incident that counts nowhere.
func (c *counter) refuseAll(inc *Incident, year int) {
	for _, row := range c.cited[inc.ID] {
		c.refuse(row, year, whyNotCounted)
	}
}

// refuseStray lists the citations of incidents that are not in the audit, in the order of the rows.
func (c *counter) refuseStray(rows []Row) {
	here := map[string]bool{}
	for _, inc := range c.incidents {
		if c.cited[inc.ID] != nil {
			here[inc.ID] = true
		}
	}
	for _, row := range rows {
		if !here[row.Incident] {
			c.refuse(row, row.Year, whyNoIncident)
		}
	}
}
