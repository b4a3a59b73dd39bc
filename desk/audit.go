package desk

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/audit"
	"ward/fault"
	"ward/incident"
	"ward/store"
	"ward/tlog"
	"ward/vocab"
)

// AuditOptions says which years an audit covers; 0 is the workspace's first or last, but never beyond the other.
type AuditOptions struct {
	From, To int
}

// Audit builds the audit of a State, given by ISO3 or any name that Ward knows.
func (d *Desk) Audit(ctx context.Context, who access.Actor, state string, opt AuditOptions) (*audit.Report, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return nil, err
	}
	in, err := d.auditInput(ctx, state, opt)
	if err != nil {
		return nil, err
	}
	return audit.Build(in, d.corpus)
}

// StateCode reads an ISO3 code or a name.
func StateCode(state string) (string, error) {
	code, ok := vocab.Country(state)
	if !ok || code == "ZZZ" {
		return "", fault.New(fault.NotFound, "%q is not a State or territory that Ward knows", state).Do("use its three-letter ISO code")
	}
	return code, nil
}

func (d *Desk) auditInput(ctx context.Context, state string, opt AuditOptions) (audit.Input, error) {
	code, err := StateCode(state)
	if err != nil {
		return audit.Input{}, err
	}
	in := audit.Input{State: code, From: opt.From, To: opt.To}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		in.MadeAt = tx.Now().Format(time.RFC3339)
		if err := years(ctx, tx, &in); err != nil {
			return err
		}
		if in.Rows, err = audit.Rows(ctx, tx, code); err != nil {
			return err
		}
		return incident.Each(ctx, tx, incident.Where{State: code}, func(inc incident.Incident) error {
			if !inc.Gone {
				in.Incidents = append(in.Incidents, auditIncident(inc))
			}
			return nil
		})
	})
	return in, err
}

// years settles the span from what was asked for and the workspace's own; a workspace without incidents has this year only.
func years(ctx context.Context, tx *store.Tx, in *audit.Input) error {
	first, last, err := incident.Years(ctx, tx)
	if first == 0 {
		first, last = tx.Now().Year(), tx.Now().Year()
	}
	in.From, in.To = audit.Span(in.From, in.To, first, last)
	return err
}

// auditIncident is what the audit needs to know. Each registered event is its own root: two series that share its id
// are one root, and nothing is known of what lies behind a publisher's row.
func auditIncident(inc incident.Incident) audit.Incident {
	out := audit.Incident{ID: inc.PublicID, Date: inc.Date, Country: inc.Country, Place: inc.Adm1, ActorKind: inc.ActorKind,
		ActorState: inc.ActorState, ActorName: inc.ActorName, ActorNote: inc.ActorNote, Codes: inc.Codes, Context: inc.Context,
		Certainty: inc.Certainty, Register: inc.Namespace, Sources: inc.Series, Scope: inc.Scope,
		Roots: []string{inc.Namespace + ":" + inc.ExternalID}}
	for _, field := range slices.Sorted(maps.Keys(inc.Counts)) {
		if strings.HasPrefix(field, "worker.") || strings.HasPrefix(field, "patient.") || strings.HasPrefix(field, "total.") {
			out.Counts = append(out.Counts, audit.PeopleCount{Field: field, Count: inc.Counts[field]})
		}
	}
	return out
}

// CodingsResult is what an import of codings found.
type CodingsResult struct {
	Rows     int
	Added    int // the rest was there already
	Problems []audit.Problem
}

// ImportCodings reads codings, ratifications, information grades and replies. All or nothing: with one bad line
// nothing is written and every problem is listed.
func (d *Desk) ImportCodings(ctx context.Context, who access.Actor, r io.Reader) (CodingsResult, error) {
	if err := who.May(access.ImportCodings); err != nil {
		return CodingsResult{}, err
	}
	rows, problems, err := audit.ParseIndicators(r)
	if err != nil {
		return CodingsResult{}, err
	}
	result := CodingsResult{Rows: len(rows), Problems: problems}
	if len(problems) > 0 {
		return result, fault.New(fault.Invalid, "%d lines cannot be read", len(problems)).Keeping("nothing was written").Do("mend them and import the file again")
	}
	leaves := make([][]byte, len(rows))
	for i, row := range rows {
		leaves[i] = leaf(row.Digest())
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		number, err := tx.Journal(ctx, "audit.codings", "", tlog.TreeHash(leaves))
		if err != nil {
			return err
		}
		result.Added, err = audit.AddRows(ctx, tx, rows, number)
		return err
	})
	return result, err
}
