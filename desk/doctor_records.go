package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"ward/audit"
	"ward/entry"
	"ward/exchange"
	"ward/incident"
	"ward/intake"
	"ward/policy"
	"ward/store"
	"ward/witness"
)

// records compares every record with what the journal commits to.
func (x *examination) records() {
	if x.locked("records", "codings") {
		return
	}
	x.check("records", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		reports, err := intake.Check(x.ctx, tx, textKey, x.progress("reports", 0), wrong)
		if err != nil {
			return "", err
		}
		incidents, err := incident.Check(x.ctx, tx, x.progress("incidents", 0), wrong)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("All %d reports and %d incidents are as they were journalled.", reports, incidents), x.homeless(tx, wrong)
	})
	x.check("codings", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		codings, err := audit.CheckKept(x.ctx, tx, x.progress("codings", 0), wrong)
		if err != nil {
			return "", err
		}
		entries, err := entry.Check(x.ctx, tx, x.progress("entries", 0), wrong)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("All %d codings, %d entries of registers and the kept texts are as they were journalled.", codings, entries),
			policy.CheckKept(x.ctx, tx, wrong)
	})
}

// homeless looks for reports whose incident is gone, and incidents that neither a report nor anybody here tells of; what was erased is left out.
func (x *examination) homeless(tx *store.Tx, wrong store.Wrong) error {
	rows, err := tx.Query(x.ctx, `SELECT 'report '||r.id, 'has no incident' FROM report r LEFT JOIN incident i ON i.id=r.incident_id WHERE i.id IS NULL
		UNION ALL SELECT 'incident '||i.public_id, 'has no report and nobody states it' FROM incident i WHERE NOT EXISTS (SELECT 1 FROM report r WHERE r.incident_id=i.id)
		AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.kind=$1 AND e.subject=i.public_id) AND EXISTS (SELECT 1 FROM subject_key k WHERE k.subject=i.id AND k.wrapped IS NOT NULL)`, incident.KindStated)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var which, what string
		if err := rows.Scan(&which, &what); err != nil {
			return err
		}
		wrong(which, what)
	}
	return rows.Err()
}

// ledger compares what the workspace keeps about itself with the journal.
func (x *examination) ledger() {
	if x.locked("ledger", "tombstones", "sources") {
		return
	}
	x.check("ledger", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		return "The access log, the ledger, the officers and the backups are noted as they were journalled.", tx.CheckLedger(x.ctx, wrong)
	})
	x.check("tombstones", "ward backup, which completes the list; where a leaf is missing: "+restoreAdvice, x.tombstones)
	x.check("sources", "import the publisher's file again, which brings its description up to date", x.sources)
	if c := &x.checks[len(x.checks)-1]; c.Light == Red {
		c.Light = Yellow // a newer program's description may differ without harm
	}
}

// sources compares what is kept of each publisher with what this program knows of it: its terms decide what may leave.
func (x *examination) sources(tx *store.Tx, wrong store.Wrong) (string, error) {
	list, err := intake.Sources(x.ctx, tx)
	if err != nil {
		return "", err
	}
	for _, s := range list {
		run, err := intake.NewestRun(x.ctx, tx, s.Series)
		if err != nil {
			return "", err
		}
		if p, ok := exchange.Find(run.Profile); ok && !describes(p, run.Layout, s) {
			wrong("source "+s.Series, "is described otherwise than this program describes it")
		}
	}
	return fmt.Sprintf("%d sources are described as this program describes them.", len(list)), nil
}

// describes reports that a profile, in one of its layouts, gives this description.
func describes(p exchange.Profile, layout string, s intake.Source) bool {
	series, namespace := p.Series, p.Namespace
	for _, l := range p.Layouts {
		if l.Name == layout {
			series, namespace = cmp.Or(l.Series, series), cmp.Or(l.Namespace, namespace)
		}
	}
	return s == intake.Source{Series: series, Namespace: namespace, Title: p.Title, Publisher: p.Publisher, Licence: p.Licence,
		Redistribute: string(p.Redistribute), Scope: p.Scope, Reliability: p.Reliability, Caveats: strings.Join(p.Caveats, "\n")}
}

func checkWatched(ctx context.Context, tx *store.Tx, wrong store.Wrong) error {
	return witness.Check(ctx, tx, wrong)
}
