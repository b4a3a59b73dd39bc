package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"ward/access"
	"ward/audit"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/vocab"
)

// AuditMark says up to where audits of all States were made, so that the next round makes only those again that something touched.
type AuditMark struct {
	Origin   string `json:"origin"`   // of the workspace's log
	Journal  int64  `json:"journal"`  // the last row that was seen
	From     int    `json:"from"`     // years that the audits cover
	To       int    `json:"to"`       // years that the audits cover
	Rules    string `json:"rules"`    // audit.Rules
	Norms    string `json:"norms"`    // fingerprint of the corpus
	Codebook string `json:"codebook"` // fingerprint of the codes
	Sources  string `json:"sources"`  // fingerprint of what the sources let be passed on
}

// fresh reports that audits made under the mark still cover what these would.
func (m AuditMark) fresh(now AuditMark) bool {
	m.Journal = now.Journal
	return m == now
}

// AuditRound is what a round over all States did.
type AuditRound struct {
	Mark   AuditMark
	States []string // all that there is anything about, sorted
	Made   []string // of them, those made in this round
}

// AuditAll audits every State of which anything is on record, as one state of the workspace, and hands each report to fn. With the mark
// of an earlier round it makes only the audits again that something since has touched: an incident in any edition that names the State
// as its place or its actor, or a coding. Years that moved, other rules, norms or codes, and an erasure make all of them again.
func (d *Desk) AuditAll(ctx context.Context, who access.Actor, since AuditMark, opt AuditOptions, fn func(*audit.Report) error) (round AuditRound, err error) {
	if err := d.read(ctx, who, access.ReadAudit, access.AuditFile, "all"); err != nil {
		return round, err
	}
	if opt.Leaves != "" {
		line := store.Disclosure{To: opt.Recipient, Why: opt.Why, What: "audit all " + opt.Leaves}
		if err := d.disclose(ctx, who, access.AuditFile, line); err != nil {
			return round, err
		}
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if round, err = d.plan(ctx, tx, since, opt); err != nil {
			return err
		}
		proofs, err := newProver(ctx, tx)
		if err != nil {
			return err
		}
		for _, state := range round.Made {
			report, err := d.audit(ctx, tx, state, opt, proofs)
			if err == nil {
				err = fn(report)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return round, err
}

// plan settles which States there are and which of them must be audited again.
func (d *Desk) plan(ctx context.Context, tx *store.Tx, since AuditMark, opt AuditOptions) (round AuditRound, err error) {
	span := audit.Input{From: opt.From, To: opt.To}
	if err := years(ctx, tx, &span); err != nil {
		return round, err
	}
	last, err := tx.Last(ctx)
	if err != nil {
		return round, err
	}
	round.Mark = AuditMark{Origin: tx.Origin(), Journal: last, From: span.From, To: span.To, Rules: audit.Rules, Norms: audit.NormsVersion(d.corpus), Codebook: audit.CodebookVersion()}
	if round.Mark.Sources, err = terms(ctx, tx); err != nil {
		return round, err
	}
	known := states{}
	if err := known.all(ctx, tx); err != nil {
		return round, err
	}
	round.States = known.sorted()
	round.Made = round.States
	if !since.fresh(round.Mark) || since.Journal > last {
		return round, nil
	}
	touched := states{}
	whole, err := touched.since(ctx, tx, since.Journal)
	if err == nil && !whole {
		round.Made = slices.DeleteFunc(touched.sorted(), func(s string) bool { return !known[s] })
	}
	return round, err
}

// states is a set of States and territories by ISO3.
type states map[string]bool

func (s states) add(codes ...string) {
	for _, c := range codes {
		if c != "" && c != vocab.NoCountry {
			s[c] = true
		}
	}
}

func (s states) sorted() []string { return slices.Sorted(maps.Keys(s)) }

// all adds every State that is the place or the actor of a health incident, or that somebody coded.
func (s states) all(ctx context.Context, tx *store.Tx) error {
	named, err := incident.States(ctx, tx)
	if err != nil {
		return err
	}
	s.add(named...)
	coded, err := audit.StatesSince(ctx, tx, 0)
	s.add(coded...)
	return err
}

// mostTouched is how many changed incidents are looked at one by one; with more, every audit is made again.
const mostTouched = 20_000

// since adds the States that anything after a journal row touched. Whole says that they cannot be told apart from the others: what was
// erased no longer says whom it named.
func (s states) since(ctx context.Context, tx *store.Tx, journal int64) (whole bool, err error) {
	if whole, err = tx.Did(ctx, "erase", journal); err != nil || whole {
		return true, err
	}
	coded, err := audit.StatesSince(ctx, tx, journal)
	if err != nil {
		return false, err
	}
	s.add(coded...)
	var changed []string
	err = incident.Each(ctx, tx, incident.Where{JournalAfter: journal}, func(inc incident.Incident) error {
		if len(changed) <= mostTouched {
			s.add(append(inc.ActorState, inc.Country)...)
			changed = append(changed, inc.ID)
		}
		return nil
	})
	if err != nil || len(changed) > mostTouched {
		return true, err
	}
	for _, id := range changed {
		if err := s.editions(ctx, tx, id); err != nil {
			return false, err
		}
	}
	return false, nil
}

// editions adds the States that any edition of an incident's reports ever named: the audit that it left must change too.
func (s states) editions(ctx context.Context, tx *store.Tx, id string) error {
	reports, err := intake.Editions(ctx, tx, id)
	for _, r := range reports {
		for _, v := range r.Assertions {
			if v.Field == "country" || v.Field == "actor.state" {
				s.add(strings.Fields(v.Value)...)
			}
		}
	}
	return err
}

// terms is a fingerprint of what each source lets be passed on: an audit keeps back what is not published.
func terms(ctx context.Context, tx *store.Tx) (string, error) {
	sources, err := intake.Sources(ctx, tx)
	said := make([]string, len(sources))
	for i, src := range sources {
		said[i] = src.Series + " " + src.Redistribute
	}
	slices.Sort(said)
	sum := sha256.Sum256([]byte(strings.Join(said, "\n")))
	return hex.EncodeToString(sum[:8]), err
}
