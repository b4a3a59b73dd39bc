package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/audit"
	"ward/casework"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/id"
	"ward/incident"
	"ward/intake"
	"ward/person"
	"ward/referral"
	letter "ward/statement"
	"ward/store"
)

// restingFinder is one way to find what rests on a person's word.
type restingFinder = func(context.Context, *store.Tx, person.Person) error

// sentByThem reports a report that the person, or their family for them, sent.
func sentByThem(ctx context.Context, tx *store.Tx, report string) (bool, error) {
	if report == "" {
		return false, nil
	}
	list, err := entry.Of[intake.Received](ctx, tx, intake.KindReceived, report)
	return len(list) > 0 && slices.Contains([]string{"victim", "family"}, list[0].Body.Relation), err
}

// restingIncidents finds the incidents that their cases and their story name, what of them rests on their own report, and the findings that
// cite them.
func (d *Desk) restingIncidents(w *Withdrawal) restingFinder {
	return func(ctx context.Context, tx *store.Tx, p person.Person) error {
		own, err := w.own(ctx, tx, p)
		if err != nil {
			return err
		}
		all, err := incidentsNamed(ctx, tx, w.named(p))
		if err != nil || len(all) == 0 {
			return err
		}
		sources, err := sourcesBySeries(ctx, tx)
		if err != nil {
			return err
		}
		about, err := saidOf(ctx, tx, all)
		if err != nil {
			return err
		}
		for _, inc := range all {
			r := RestingIncident{ID: inc.PublicID}
			for _, a := range about[inc.ID].standing(sources) {
				switch {
				case a.Speaks() && a.Series == incident.Own && slices.Contains(own, a.Source):
					r.Assertions = append(r.Assertions, Citing{a.ID, inc.PublicID, a.Field})
				case a.Speaks():
					r.Others++
				}
			}
			w.Incidents = append(w.Incidents, r)
			if made, ok := id.Time(inc.ID); ok && made.Before(w.since) {
				w.since = made
			}
			if err := d.restingFindings(ctx, tx, w, inc, len(r.Assertions) > 0); err != nil {
				return err
			}
		}
		return nil
	}
}

// named are the incidents that their story and their cases name, each once.
func (w Withdrawal) named(p person.Person) (out []string) {
	for _, o := range p.Outcomes {
		out = append(out, o.Body.Incident)
	}
	for _, c := range w.cases {
		out = append(out, c.Incidents...)
		for _, l := range c.Links {
			if l.Kind == casework.LinkIncident {
				out = append(out, l.To)
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(s string) bool { return s == "" })
}

// incidentsNamed loads those of the incidents that are there.
func incidentsNamed(ctx context.Context, tx *store.Tx, ids []string) (out []incident.Incident, err error) {
	for _, id := range ids {
		inc, err := incident.Get(ctx, tx, id)
		if fault.Is(err, fault.NotFound) || err == nil && inc.Erased {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, inc)
	}
	return out, nil
}

// restingFindings notes the cells that cite an incident: by the clauses that its codes bear on, and by what coders named.
func (d *Desk) restingFindings(ctx context.Context, tx *store.Tx, w *Withdrawal, inc incident.Incident, counted bool) error {
	named, err := audit.Naming(ctx, tx, inc.PublicID)
	if err != nil {
		return err
	}
	put := func(f RestingFinding) {
		same := func(o RestingFinding) bool {
			return o.State == f.State && o.Clause == f.Clause && o.Year == f.Year && o.Incident == f.Incident
		}
		if i := slices.IndexFunc(w.Findings, same); i >= 0 {
			w.Findings[i].Named = w.Findings[i].Named || f.Named
			return
		}
		w.Findings = append(w.Findings, f)
	}
	for _, row := range named {
		put(RestingFinding{row.State, row.Clause, cmp.Or(row.Year, inc.Date.Year()), inc.PublicID, true, counted})
	}
	for _, state := range inc.ActorState {
		for _, c := range d.cite(inc) {
			if c.Mode != citeProposed {
				put(RestingFinding{state, c.Clause.ID, inc.Date.Year(), inc.PublicID, false, counted})
			}
		}
	}
	return nil
}

// restingReferrals finds the referrals about them, and the links by which a package can still be fetched.
func restingReferrals(w *Withdrawal) restingFinder {
	return func(ctx context.Context, tx *store.Tx, p person.Person) error {
		list, err := referralsAbout(ctx, tx, p.ID)
		for _, r := range list {
			out := RestingReferral{ID: r.ID, Mechanism: r.Mechanism, State: r.State, Left: r.Left(), Over: r.Over(), Purpose: purposeOf(r), Links: len(openOffers(r))}
			if r.Sent != nil {
				out.To, out.Day = r.Sent.Body.To, dayOfEntry(*r.Sent)
			}
			if r.Built != nil {
				out.Digest = r.Built.Body.Digest
			}
			for _, d := range r.Disclosures {
				out.Disclosures = append(out.Disclosures, d.ID)
				w.told[d.Body.Line] = true
			}
			w.Links += out.Links
			w.Referrals = append(w.Referrals, out)
		}
		return err
	}
}

// purposeOf is the purpose of consent that a referral serves.
func purposeOf(r referral.Referral) string {
	if m, ok := referral.MechanismOf(r.Mechanism); ok {
		return m.Purpose
	}
	return "refer_national"
}

// openOffers are the links by which a sealed package can still be fetched.
func openOffers(r referral.Referral) (out []referral.Offering) {
	for _, o := range r.Offers {
		if o.Ended == "" {
			out = append(out, o)
		}
	}
	return out
}

// restingReleases finds to whom evaluations of them were given.
func restingReleases(w *Withdrawal) restingFinder {
	return func(ctx context.Context, tx *store.Tx, p person.Person) error {
		list, err := evaluationsOf(ctx, tx, p.ID)
		for _, e := range list {
			for _, m := range e.Moves {
				if m.Body.To == evaluation.Released && purposes[m.Body.Use] != "" { // their own copy stays theirs
					w.Evaluations = append(w.Evaluations, RestingRelease{e.ID, m.ID, m.Body.Use, m.Body.For, dayOfEntry(m), purposes[m.Body.Use]})
				}
			}
		}
		return err
	}
}

// restingLetters finds the statements that their cases link, and those that cite a finding of theirs.
func restingLetters(w *Withdrawal) restingFinder {
	return func(ctx context.Context, tx *store.Tx, _ person.Person) error {
		linked := map[string]bool{}
		for _, c := range w.cases {
			for _, l := range c.Links {
				linked[l.To] = linked[l.To] || l.Kind == casework.LinkStatement
			}
		}
		all, err := allStatements(ctx, tx)
		for _, s := range all {
			cites := slices.ContainsFunc(s.Draft.Findings, func(ref string) bool {
				return slices.ContainsFunc(w.Findings, func(f RestingFinding) bool { return f.Ref() == ref })
			})
			if linked[s.ID] || cites {
				w.Letters = append(w.Letters, RestingLetter{s.ID, s.Draft.Kind, s.Draft.Title, s.State, s.Issued(), s.Draft.Addressees, letterServes(s.Draft.Kind), linked[s.ID]})
			}
		}
		return err
	}
}

// letterServes are the purposes that a kind of statement serves.
func letterServes(kind string) []string {
	if kind == letter.Public || kind == letter.Circular {
		return []string{"publication"}
	}
	return []string{"protect", "support", "refer_national", "refer_un"}
}

// Ref is the finding as statements write it.
func (f RestingFinding) Ref() string { return f.State + "|" + f.Clause + "|" + itoa(f.Year) }

// restingExits finds the ledger's lines that name them, their cases, their incidents, referrals or evaluations.
func restingExits(w *Withdrawal) restingFinder {
	return func(ctx context.Context, tx *store.Tx, p person.Person) error {
		evaluated, err := evaluationsOf(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		theirs, others := w.ledgerNames(p, evaluated)
		const page = 1000
		for offset := 0; ; offset += page {
			lines, err := tx.Disclosures(ctx, offset, page)
			if err != nil || len(lines) == 0 {
				return err
			}
			for _, line := range lines {
				if w.told[line.ID] || w.packaged(line) || line.Exit == string(access.OwnFile) || line.Exit == string(access.OfficerBox) {
					continue
				}
				w.exit(line, theirs, others)
			}
		}
	}
}

// packaged reports a line that stands with a referral: what was sent, offered, fetched or recalled of its package.
func (w Withdrawal) packaged(line store.Disclosure) bool {
	return strings.HasPrefix(line.What, "package ") && slices.ContainsFunc(w.Referrals, func(r RestingReferral) bool { return strings.Contains(line.Subjects, r.ID) })
}

// exit notes one line of the ledger.
func (w *Withdrawal) exit(line store.Disclosure, theirs, others map[string]bool) {
	names := func(set map[string]bool) bool {
		return slices.ContainsFunc(strings.Fields(line.Subjects+" "+line.What), func(s string) bool { return set[s] })
	}
	switch {
	case names(theirs), names(others):
		w.Exits = append(w.Exits, RestingExit{line, exitServes(line.Exit), names(theirs)})
	case line.Subjects == "" && line.Exit == string(access.ExportFile) && len(w.Incidents) > 0 && !line.At.Before(w.since):
		w.Lists++
	}
}

// ledgerNames are the ids under which they stand in the ledger: those that rest on their word, and those of incidents that others told of.
func (w Withdrawal) ledgerNames(p person.Person, evaluated []evaluation.Evaluation) (theirs, others map[string]bool) {
	theirs, others = map[string]bool{p.ID: true}, map[string]bool{}
	for _, c := range w.cases {
		theirs[c.ID] = true
	}
	for _, r := range w.Referrals {
		theirs[r.ID] = true
	}
	for _, e := range evaluated {
		theirs[e.ID] = true
	}
	for _, i := range w.Incidents {
		if len(i.Assertions) > 0 {
			theirs[i.ID] = true
		} else {
			others[i.ID] = true
		}
	}
	return theirs, others
}

// exitServes are the purposes that an exit serves.
func exitServes(exit string) []string {
	switch access.Exit(exit) {
	case access.ExportFile, access.BundleFile, access.AuditFile:
		return []string{"publication", "statistics", "research"}
	}
	return []string{"protect", "support", "refer_national", "refer_un", "refer_court", "training"}
}
