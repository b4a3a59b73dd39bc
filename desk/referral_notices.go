package desk

import (
	"context"
	"errors"
	"time"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/entry"
	"ward/person"
	"ward/referral"
	"ward/store"
	"ward/when"
)

// Kinds of notices about referrals.
const (
	NoticeApproval   = "referral_approval"   // a package waits for an approval
	NoticeReceipt    = "referral_receipt"    // nobody said that they have it
	NoticeReferral   = "referral_reply"      // a reply is awaited
	NoticeDisclosure = "referral_disclosure" // a disclosure comes to its last day
	NoticeConsent    = "referral_consent"    // the consent under a disclosure comes to its last day
)

// How long before it is due something begins to be told, and for how many days a receipt is waited for.
const (
	tellDisclosure = 14 * 24 * time.Hour
	tellReceipt    = 3 * 24 * time.Hour
	receiptDays    = 14
)

// referralsChanged reports that something came on which calls about referrals rest.
func referralsChanged(ctx context.Context, tx *store.Tx, _ string, after int64) (changed bool, err error) {
	for _, register := range []string{referral.Register, consent.Register, person.Register, casework.Register} {
		one, failed := entry.Changed(ctx, tx, register, after)
		changed, err = changed || one, errors.Join(err, failed)
	}
	return changed, err
}

// referralCalls are what waits for somebody about referrals: approvals for who could give one, the rest for whoever is on the case.
func (d *Desk) referralCalls(ctx context.Context, tx *store.Tx) (out []call, err error) {
	all, err := referralsIn(ctx, tx, "")
	if err != nil || len(all) == 0 {
		return nil, err
	}
	b, err := d.cases.within(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		c := call{about: aboutReferral(r), states: given(r.Country), Notice: Notice{Subject: r.ID, Path: []string{"referrals", r.ID}}}
		out = append(out, approvalCalls(r, c)...)
		t, ok := b.find(r.Case)
		if !ok || r.State == referral.StateRecalled {
			continue
		}
		c.act = access.PrepareReferrals
		ending, err := d.endingCalls(ctx, tx, r, c)
		if err != nil {
			return nil, err
		}
		for _, one := range append(awaitedCalls(r, c), ending...) {
			out = append(out, t.toTeam(one)...)
		}
	}
	return out, nil
}

// approvalCalls tell who could approve, and has not, that a package waits.
func approvalCalls(r referral.Referral, c call) []call {
	if r.State != referral.StateBuilt {
		return nil
	}
	c.act, c.Kind = access.ApproveReferrals, NoticeApproval
	for _, a := range r.Approvals {
		c.not = append(c.not, a.By)
	}
	return []call{c}
}

// awaitedCalls tell that a reply is awaited, or, where no clock runs, that nobody said that they have it.
func awaitedCalls(r referral.Referral, c call) []call {
	if !r.Awaits() || r.Sent == nil {
		return nil
	}
	if due := endOf(r.Due); !due.IsZero() {
		c.Kind, c.Due, c.WholeDay, c.from = NoticeReferral, due, true, due.Add(-tellReply)
		return []call{c}
	}
	if r.State != referral.StateSent {
		return nil
	}
	due := endOf((when.DayOf(r.Sent.At) + receiptDays).String())
	c.Kind, c.Due, c.WholeDay, c.from = NoticeReceipt, due, true, due.Add(-tellReceipt)
	return []call{c}
}

// endingCalls tell that a disclosure that stands comes to its last day, and that the consent under it does.
func (d *Desk) endingCalls(ctx context.Context, tx *store.Tx, r referral.Referral, c call) (out []call, err error) {
	for _, e := range r.Disclosures {
		if e.Body.Revoked != "" || e.Body.Expired(d.Today().String()) {
			continue
		}
		ends := map[string]string{NoticeDisclosure: e.Body.Until}
		if e.Body.Person != "" && len(e.Body.Classes) > 0 {
			kase, err := caseIn(ctx, tx, r.Case)
			if err != nil {
				return nil, err
			}
			v, err := d.verdictOn(ctx, tx, e.Body.Person, kase, consent.Need{Purpose: e.Body.Purpose, Recipient: e.Body.Mechanism, Classes: e.Body.Classes})
			if err != nil {
				return nil, err
			}
			if v.May {
				ends[NoticeConsent] = v.Until.String()
			}
		}
		for kind, day := range ends {
			if due := endOf(day); !due.IsZero() {
				c.Kind, c.Due, c.WholeDay, c.from = kind, due, true, due.Add(-tellDisclosure)
				out = append(out, c)
			}
		}
	}
	return out, nil
}
