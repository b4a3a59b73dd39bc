package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/consent"
	"ward/incident"
	"ward/person"
	"ward/referral"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// WithdrawalWish is what somebody takes back.
type WithdrawalWish struct {
	Purposes []string // none is all
	By       string   // self, proxy
	Day      string   // on which they said it
	Why      string
	Lang     string // of the letters
}

// Withdraw takes a person's word back and does what follows from it, in one transaction: nothing more leaves on it, referrals are recalled or
// stopped, links are closed, what rests on their own report is retracted and counted anew, and a letter to each recipient is drafted. A second
// press does nothing twice. What has left cannot be unsaid: the letters ask for it back.
func (d *Desk) Withdraw(ctx context.Context, who access.Actor, personID string, wish WithdrawalWish) (done WithdrawalDone, err error) {
	if err := who.May(access.KeepConsent); err != nil {
		return done, err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		p, err := d.onPerson(ctx, tx, who, access.KeepConsent, personID)
		if err != nil {
			return err
		}
		w, err := d.resting(ctx, tx, who, p)
		if err != nil {
			return err
		}
		done, err = d.withdraw(ctx, tx, p, w, wish)
		return err
	})
	if err != nil || done.Again {
		return done, err
	}
	_, err = d.SweepPackages(ctx)
	return done, err
}

// withdraw is Withdraw within the transaction, once everything that rests on the word is known.
func (d *Desk) withdraw(ctx context.Context, tx *store.Tx, p person.Person, w Withdrawal, wish WithdrawalWish) (done WithdrawalDone, err error) {
	wish.Purposes = inOrder(wish.Purposes)
	end := consent.End{Of: consent.All, Had: w.answers(), Purposes: wish.Purposes, By: wish.By, Day: wish.Day, Why: wish.Why}
	if err := end.Check(when.DayOf(tx.Now())); err != nil {
		return done, err
	}
	todo := withdrawing{d: d, ctx: ctx, tx: tx, w: w, wish: wish, sent: w.asked()}
	if earlier := todo.earlier(); earlier != nil {
		return WithdrawalDone{*earlier, true}, nil
	}
	if todo.done.End, err = consent.Add(ctx, tx, consent.KindEnd, p.ID, end); err != nil {
		return done, err
	}
	todo.done.Purposes, todo.done.Lists, todo.done.Backups = wish.Purposes, w.Lists, w.Backups
	if !w.Expire.IsZero() {
		todo.done.Expire = when.DayOf(w.Expire).String()
	}
	for _, step := range []func() error{todo.referrals, todo.assertions, todo.letters} {
		if err := step(); err != nil {
			return done, err
		}
	}
	_, err = consent.Add(ctx, tx, consent.KindDone, p.ID, todo.done)
	return WithdrawalDone{Done: todo.done}, err
}

// answers are the ids of all answers on record.
func (w Withdrawal) answers() (out []string) {
	for _, a := range w.Answers {
		out = append(out, a.ID)
	}
	return out
}

// inOrder is a set of purposes in the order of the list, with what is none of them at the end.
func inOrder(purposes []string) (out []string) {
	for _, c := range vocab.Codes("consent") {
		if slices.Contains(purposes, c.Code) {
			out = append(out, c.Code)
		}
	}
	for _, p := range purposes {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// withdrawing is one withdrawal under way.
type withdrawing struct {
	d    *Desk
	ctx  context.Context
	tx   *store.Tx
	w    Withdrawal
	wish WithdrawalWish
	sent map[string]bool // ids of what an earlier letter asked back
	done consent.Done
}

// asked are the ids of what earlier letters asked back.
func (w Withdrawal) asked() map[string]bool {
	out := map[string]bool{}
	for _, done := range w.Done {
		for _, l := range done.Body.Letters {
			for _, item := range l.Items {
				out[item] = true
			}
		}
	}
	return out
}

// earlier is what the last withdrawal of the same scope did, where nothing of the scope is left to do; else nil.
func (t *withdrawing) earlier() *consent.Done {
	stands := slices.ContainsFunc(t.w.Purposes, func(p string) bool { return concerns(t.wish.Purposes, p) })
	open := slices.ContainsFunc(t.w.Referrals, func(r RestingReferral) bool {
		return concerns(t.wish.Purposes, r.Purpose) && (r.Links > 0 || !r.Over)
	})
	counts := concerns(t.wish.Purposes, countedFor()...) && slices.ContainsFunc(t.w.Incidents, func(i RestingIncident) bool { return len(i.Assertions) > 0 })
	if stands || open || counts || len(t.recipients()) > 0 {
		return nil
	}
	for _, done := range t.w.Done {
		if slices.Equal(done.Body.Purposes, t.wish.Purposes) || len(done.Body.Purposes) == 0 {
			return &done.Body
		}
	}
	return nil
}

// referrals recalls what left, stops what has not, and closes the links.
func (t *withdrawing) referrals() error {
	list, err := referralsAbout(t.ctx, t.tx, t.w.Person)
	if err != nil {
		return err
	}
	for _, r := range list {
		if !concerns(t.wish.Purposes, purposeOf(r)) {
			continue
		}
		for _, o := range openOffers(r) {
			if _, err := addReferral(t.ctx, t.tx, r.ID, referral.KindEnd, referral.End{Of: o.ID, Why: referral.Recall}); err != nil {
				return err
			}
			t.done.Links++
		}
		if err := t.recall(r); err != nil {
			return err
		}
	}
	return nil
}

// recall brings one referral to its end: recalled where something of it left, withdrawn where nothing did.
func (t *withdrawing) recall(r referral.Referral) error {
	step := referral.Step{To: referral.StateWithdrawn, Why: consentWithdrawn}
	for _, d := range r.Disclosures {
		if d.Body.Revoked != "" {
			continue
		}
		if _, err := addReferral(t.ctx, t.tx, r.ID, referral.KindEnd, referral.End{Of: d.ID, Why: consentWithdrawn}); err != nil {
			return err
		}
		step.Recalled = append(step.Recalled, d.ID)
	}
	switch {
	case r.State == referral.StateRecalled || r.State == referral.StateWithdrawn:
		return nil
	case r.Left():
		step.To = referral.StateRecalled
		t.done.Recalled = append(t.done.Recalled, r.ID)
		if err := t.tx.Disclose(t.ctx, handedLine(t.tx, r, "recalled")); err != nil {
			return err
		}
	case r.Over():
		return nil
	default:
		t.done.Stopped = append(t.done.Stopped, r.ID)
	}
	_, err := addReferral(t.ctx, t.tx, r.ID, referral.KindStep, step)
	return err
}

// consentWithdrawn is the reason that stands where a withdrawal ended something: never the person's own.
const consentWithdrawn = "consent_withdrawn"

// assertions retracts what rests on the person's own report, and folds the incidents anew; the audits that count them follow.
func (t *withdrawing) assertions() error {
	if !concerns(t.wish.Purposes, countedFor()...) {
		return nil
	}
	for _, i := range t.w.Incidents {
		if len(i.Assertions) == 0 {
			continue
		}
		var moves []incident.Stated
		for _, a := range i.Assertions {
			moves = append(moves, incident.Stated{Move: incident.Retract, Field: a.Field, Over: a.Entry, Why: consentWithdrawn})
			t.done.Retracted = append(t.done.Retracted, a.Entry)
		}
		if err := checkStated(moves); err != nil {
			return err
		}
		if _, err := addStated(t.ctx, t.tx, i.ID, moves); err != nil {
			return err
		}
		inc, err := incident.Get(t.ctx, t.tx, i.ID)
		if err != nil {
			return err
		}
		if err := foldAgain(t.ctx, t.tx, inc); err != nil {
			return err
		}
		t.done.Incidents = append(t.done.Incidents, i.ID)
	}
	for _, f := range t.w.Findings {
		if f.Counted && !slices.Contains(t.done.Findings, f.Ref()) {
			t.done.Findings = append(t.done.Findings, f.Ref())
		}
	}
	slices.SortFunc(t.done.Findings, strings.Compare)
	return nil
}
