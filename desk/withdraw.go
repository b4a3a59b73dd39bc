package desk

import (
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/entry"
	"ward/id"
	"ward/person"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// Withdrawal is everything that rests on a person's word, told before it is taken back. Each part names the purposes that it serves, so that who
// takes back a part sees what of it goes.
type Withdrawal struct {
	ConsentFile
	Purposes    []string // for which some consent stands, in the order of the list
	Findings    []RestingFinding
	Incidents   []RestingIncident
	Referrals   []RestingReferral
	Evaluations []RestingRelease
	Exits       []RestingExit // exports, bundles, files that name the person, their cases or their incidents
	Letters     []RestingLetter
	Links       int // handed-over links that are still open
	Lists       int // files of whole lists in which their incidents may have left
	Backups     int // copies that cannot be changed
	Expire      time.Time

	cases []casework.Case
	since time.Time       // when the first of it came here
	told  map[string]bool // ids of the ledger's lines that stand with a referral
}

// RestingFinding is a cell of an audit that cites an incident of theirs.
type RestingFinding struct {
	State, Clause string
	Year          int
	Incident      string
	Named         bool // a coder named the incident
	Counted       bool // it rests on their own report: it is counted anew
}

// RestingIncident is an incident that their cases or their story name.
type RestingIncident struct {
	ID         string // WRD-...
	Assertions []Citing
	Others     int // assertions by others, which stay
}

// RestingReferral is a referral about them.
type RestingReferral struct {
	ID, Mechanism, State string
	To, Day, Digest      string // as sent
	Purpose              string
	Left, Over           bool // something left the house; nothing more is to be done
	Links                int  // that are still open
	Disclosures          []string
}

// RestingRelease is an evaluation that was given to somebody.
type RestingRelease struct {
	ID, Entry, Use, To, Day, Purpose string
}

// RestingExit is a line of the ledger.
type RestingExit struct {
	store.Disclosure
	Purposes []string
	Theirs   bool // it names them, a case of theirs or an incident that rests on their report: it is called back
}

// RestingLetter is a statement or letter that a case of theirs links, or that cites a finding of theirs.
type RestingLetter struct {
	ID, Kind, Title, State, Day string
	To                          []string
	Purposes                    []string
	Linked                      bool // by a case of theirs
}

// Withdrawal lists what rests on a person's word, for whoever may record that it is taken back. It changes nothing.
func (d *Desk) Withdrawal(ctx context.Context, who access.Actor, personID string) (w Withdrawal, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err := d.onPerson(ctx, tx, who, access.KeepConsent, personID)
		if err == nil {
			w, err = d.resting(ctx, tx, who, p)
		}
		return err
	})
	if err != nil {
		return Withdrawal{}, err
	}
	return w, d.read(ctx, who, access.KeepConsent, access.Page, "withdrawal of "+personID)
}

// resting finds what rests on a person's word.
func (d *Desk) resting(ctx context.Context, tx *store.Tx, who access.Actor, p person.Person) (w Withdrawal, err error) {
	if w.ConsentFile, err = d.consentFile(ctx, tx, who, p); err != nil {
		return w, err
	}
	for _, c := range vocab.Codes("consent") {
		if slices.Contains(w.Allowed, c.Code) {
			w.Purposes = append(w.Purposes, c.Code)
		}
	}
	if w.cases, err = d.casesAbout(ctx, tx, p.ID); err != nil {
		return w, err
	}
	w.since, _ = id.Time(p.ID)
	w.told = map[string]bool{}
	for _, find := range []func(context.Context, *store.Tx, person.Person) error{d.restingIncidents(&w), restingReferrals(&w), restingReleases(&w), restingLetters(&w), restingExits(&w)} {
		if err := find(ctx, tx, p); err != nil {
			return w, err
		}
	}
	if w.Backups, w.Expire, err = tx.Backups(ctx, w.since); w.Backups > 0 {
		w.Expire = w.Expire.Add(backupLife)
	}
	return w, err
}

// concerns reports that a part which serves some purposes goes when others are taken back; none taken back is all of them.
func concerns(taken []string, serves ...string) bool {
	return len(taken) == 0 || slices.ContainsFunc(serves, func(p string) bool { return slices.Contains(taken, p) })
}

// countedFor are the purposes for which a person's own report counts in incidents and findings.
func countedFor() []string { return []string{"verify", "statistics"} }

// own are the names under which a person's own word stands as the source of an assertion: they themselves, and the reports about their cases that
// they or their family sent.
func (w Withdrawal) own(ctx context.Context, tx *store.Tx, p person.Person) (out []string, err error) {
	out = []string{"person:" + p.ID, p.Pseudonym}
	for _, c := range w.cases {
		reports := []string{c.Report}
		for _, l := range c.Links {
			if l.Kind == casework.LinkReport {
				reports = append(reports, l.To)
			}
		}
		for _, r := range reports {
			theirs, err := sentByThem(ctx, tx, r)
			if err != nil {
				return nil, err
			}
			if theirs {
				out = append(out, sourceOfReport(r))
			}
		}
	}
	return out, nil
}

// WithdrawalDone is what a withdrawal came to.
type WithdrawalDone struct {
	consent.Done
	Again bool // nothing of it was left: it is what an earlier press did
}

// dayOfEntry is the day of an entry.
func dayOfEntry[T any](e entry.Entry[T]) string { return when.DayOf(e.At).String() }
