package desk

import (
	"context"
	"io"
	"maps"
	"slices"
	"time"

	"ward/access"
	"ward/audit"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/tlog"
	"ward/vocab"
)

// AuditOptions says which years an audit covers; 0 is the workspace's first or last, but never beyond the other.
type AuditOptions struct {
	From, To int

	Leaves    string // format of a file that leaves, for the ledger; "" for a page
	Recipient string // who gets it
	Why       string // what for
}

// Audit builds the audit of a State, given by ISO3 or any name that Ward knows.
func (d *Desk) Audit(ctx context.Context, who access.Actor, state string, opt AuditOptions) (*audit.Report, error) {
	code, err := StateCode(state)
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, who, access.ReadAudit, access.AuditFile, code); err != nil {
		return nil, err
	}
	if err := d.openTo(ctx, who, code); err != nil {
		return nil, err
	}
	if opt.Leaves != "" {
		line := store.Disclosure{To: opt.Recipient, Why: opt.Why, What: "audit " + code + " " + opt.Leaves}
		if err := d.disclose(ctx, who, access.AuditFile, line); err != nil {
			return nil, err
		}
	}
	var report *audit.Report
	err = d.db.Read(ctx, func(tx *store.Tx) error { // one state of the workspace for the figures and their proofs
		proofs, err := newProver(ctx, tx)
		if err != nil {
			return err
		}
		report, err = d.audit(ctx, tx, code, opt, proofs)
		return err
	})
	return report, err
}

// audit builds the audit of a State with the proofs of its extract.
func (d *Desk) audit(ctx context.Context, tx *store.Tx, code string, opt AuditOptions, proofs *prover) (*audit.Report, error) {
	in, err := auditInput(ctx, tx, code, opt)
	if err != nil {
		return nil, err
	}
	report, err := audit.Build(in, d.corpus)
	if err != nil {
		return nil, err
	}
	report.Log, err = proofs.auditLog(report)
	return report, err
}

// StateCode reads an ISO3 code or a name.
func StateCode(state string) (string, error) {
	code, ok := vocab.Country(state)
	if !ok || code == "ZZZ" {
		return "", fault.New(fault.NotFound, "%q is not a State or territory that Ward knows", state).Do("use its three-letter ISO code")
	}
	return code, nil
}

func auditInput(ctx context.Context, tx *store.Tx, code string, opt AuditOptions) (audit.Input, error) {
	in := audit.Input{State: code, From: opt.From, To: opt.To, MadeAt: tx.Now().Format(time.RFC3339)}
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return in, err
	}
	if err := years(ctx, tx, &in); err != nil {
		return in, err
	}
	if in.Rows, err = audit.Rows(ctx, tx, code); err != nil {
		return in, err
	}
	frozen, err := newFreezer(ctx, tx, &in)
	if err != nil {
		return in, err
	}
	err = incident.Each(ctx, tx, incident.Where{State: code}, func(inc incident.Incident) error {
		if !inc.Gone && !inc.Erased {
			one := auditIncident(forAudit(inc, sources))
			one.Late = frozen.before(inc)
			in.Incidents = append(in.Incidents, one)
		}
		return nil
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

// forAudit keeps back what would point at a person: where no source has published the incident and a code alone points at somebody,
// the division is left out and the day becomes the month.
func forAudit(inc incident.Incident, sources map[string]intake.Source) incident.Incident {
	points := slices.ContainsFunc(inc.Codes, func(code string) bool {
		return !access.AuditFile.Lets(access.CodeTier(code), published(inc.Series, sources))
	})
	if points {
		inc.Adm1, inc.ActorName, inc.ActorNote, inc.Date = "", "", "", inc.Date.Month()
		inc.ExternalID = inc.PublicID // a root of its own, without the source's id
	}
	return inc
}

// auditIncident is what the audit needs to know. Each registered event is its own root: two series that share its id
// are one root, and nothing is known of what lies behind a publisher's row.
func auditIncident(inc incident.Incident) audit.Incident {
	out := audit.Incident{ID: inc.PublicID, Date: inc.Date, Country: inc.Country, Place: inc.Adm1, ActorKind: inc.ActorKind,
		ActorState: inc.ActorState, ActorName: inc.ActorName, ActorNote: inc.ActorNote, Codes: inc.Codes, Context: inc.Context,
		Certainty: inc.Certainty, Register: inc.Namespace, Sources: inc.Series, Scope: inc.Scope,
		Roots: []string{inc.Namespace + ":" + inc.ExternalID}}
	for _, field := range slices.Sorted(maps.Keys(inc.Counts)) {
		if audit.Audited(field) {
			out.Counts = append(out.Counts, audit.PeopleCount{Field: field, Count: inc.Counts[field]})
		}
	}
	return out
}

// ImportCodings reads codings, ratifications, information grades and replies. All or nothing: with one bad line
// nothing is written and every problem is listed.
func (d *Desk) ImportCodings(ctx context.Context, who access.Actor, r io.Reader) (result Stated, err error) {
	if err := who.May(access.ImportCodings); err != nil {
		return result, err
	}
	var rows []audit.Row
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		days := dater{ctx: ctx, tx: tx, steps: map[string][]audit.Recorded{}}
		rows, result.Problems, err = audit.ParseIndicators(r, days.wrong)
		if err == nil {
			err = days.err
		}
		return err
	})
	result.Rows = len(rows)
	if err == nil {
		err = result.check()
	}
	if err == nil {
		err = who.MayOn(access.ImportCodings, statesCoded(rows)...)
	}
	if err == nil {
		err = d.onlyInvented(statesCoded(rows)...)
	}
	if err != nil {
		return result, err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) (err error) {
		result.Added, err = addCodings(ctx, tx, "audit.codings", rows)
		return err
	})
	return result, err
}

// statesCoded are the States that rows speak of.
func statesCoded(rows []audit.Row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.State
	}
	return out
}

// addCodings keeps the rows that are new, as one batch of the journal under an act; it returns how many.
func addCodings(ctx context.Context, tx *store.Tx, act string, rows []audit.Row) (int, error) {
	fresh, err := audit.Fresh(ctx, tx, rows)
	if err != nil || len(fresh) == 0 {
		return 0, err
	}
	digests := make([]tlog.Hash, len(fresh))
	for i, row := range fresh {
		digests[i] = row.Commitment()
	}
	number, err := tx.JournalBatch(ctx, act, "", digests)
	if err != nil {
		return 0, err
	}
	return len(fresh), audit.AddRows(ctx, tx, fresh, number)
}
