package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/audit"
	"ward/fault"
	"ward/store"
)

// DecideCitation puts on record that an incident bears on a clause as the citation table proposes, or that it does not: a row of the audit of
// the State whose act it was, by whoever keeps that audit. Invalid where the table proposes no such thing, Undecided where it is not stated
// whose act it was.
func (d *Desk) DecideCitation(ctx context.Context, who access.Actor, publicID, clause, bearing string, accept bool, note string) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		inc, _, err := d.heard(ctx, tx, who, access.ImportCodings, publicID)
		if err != nil {
			return err
		}
		proposed := slices.ContainsFunc(d.cite(inc), func(c CitedClause) bool {
			return c.Clause.ID == clause && c.Bearing == bearing && c.Mode == citeProposed
		})
		if !proposed {
			return fault.New(fault.Invalid, "this is not proposed for the incident").Keeping("nothing was written").Do("decide on one of the clauses of its page")
		}
		if len(inc.ActorState) == 0 {
			return fault.New(fault.Undecided, "it is not stated whose act it was").Keeping("nothing was written").Do("state the actor's State first: a citation stands in that State's audit")
		}
		var rows []audit.Row
		for _, state := range inc.ActorState {
			row := audit.Row{Kind: audit.KindCitation, State: state, Clause: clause, Incident: publicID, Value: bearing, Coder: who.Name, Date: d.Today().String(), Note: note}
			if !accept {
				row.Value = audit.Declined
			}
			if why := row.Problem(); why != "" {
				return fault.New(fault.Invalid, "%s", why).Keeping("nothing was written").Do("mend it and decide again")
			}
			rows = append(rows, row)
		}
		n, err := addCodings(ctx, tx, "audit.codings", rows)
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "this was decided so before, today").Keeping("nothing was written")
		}
		return err
	})
}

// citeProposed is the mode of a citation that waits for a person.
const citeProposed = "propose"

// CitationsDecided are what people decided about the citations of an incident, in the audits of the States whose act it was.
func (d *Desk) CitationsDecided(ctx context.Context, who access.Actor, file IncidentFile) (out []audit.Row, err error) {
	if !who.Can(access.ReadAudit) || len(file.ActorState) == 0 {
		return nil, nil
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		for _, state := range file.ActorState {
			rows, err := audit.Rows(ctx, tx, state)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if r.Kind == audit.KindCitation && r.Incident == file.PublicID {
					out = append(out, r)
				}
			}
		}
		return nil
	})
	return out, err
}
