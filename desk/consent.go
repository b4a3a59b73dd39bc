package desk

import (
	"context"
	"reflect"
	"slices"

	"ward/access"
	"ward/consent"
	"ward/entry"
	"ward/person"
	"ward/store"
	"ward/vocab"
	"ward/when"
)

// ConsentFile is what stands of a person's consent, as its page needs it. It holds no name.
type ConsentFile struct {
	Person, Pseudonym, Country string
	consent.Circumstances
	Today    when.Day
	Answers  []consent.Standing            // the newest first
	Ends     []entry.Entry[consent.End]    // the newest first
	Done     []entry.Entry[consent.Done]   // what withdrawals did, the newest first
	Reviews  []RiskReview                  // by purpose, in the order of the list
	Past     []entry.Entry[consent.Review] // every review, the newest first
	Allowed  []string                      // purposes for which some consent stands
	Danger   bool                          // in custody or hiding: consent alone is not enough
	MayKeep  bool                          // the reader may record
	MayWeigh bool                          // the reader may review the risk
}

// RiskReview is how the reviews of one purpose stand.
type RiskReview struct {
	Purpose string
	Words   []entry.Entry[consent.Review] // the newest of each person
	Lacks   string                        // review, second, objection; "" it is enough
	Alone   bool                          // one person's word stands for two
	Mine    bool                          // the reader has spoken
}

// ConsentFile opens what stands of a person's consent to whoever is on a case of theirs.
func (d *Desk) ConsentFile(ctx context.Context, who access.Actor, personID string) (f ConsentFile, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err := d.onPerson(ctx, tx, who, access.ReadCases, personID)
		if err == nil {
			f, err = d.consentFile(ctx, tx, who, p)
		}
		return err
	})
	if err != nil {
		return ConsentFile{}, err
	}
	return f, d.read(ctx, who, access.ReadCases, access.Page, "consent of "+personID)
}

func (d *Desk) consentFile(ctx context.Context, tx *store.Tx, who access.Actor, p person.Person) (f ConsentFile, err error) {
	e, err := consentsOf(ctx, tx, p.ID)
	if err != nil {
		return f, err
	}
	today := when.DayOf(tx.Now())
	f = ConsentFile{Person: p.ID, Pseudonym: p.Pseudonym, Country: p.Country, Today: today, Answers: e.Standings(today), Ends: newestFirst(e.Ends), Done: newestFirst(e.Done),
		Past: newestFirst(e.Reviews), Allowed: e.Allowed(today), MayKeep: who.Can(access.KeepConsent), MayWeigh: who.Can(access.ReviewRisk)}
	if f.Circumstances, err = d.circumstances(ctx, tx, p); err != nil {
		return f, err
	}
	f.Danger = f.Held || f.Hiding
	for _, c := range vocab.Codes("consent") {
		f.Reviews = append(f.Reviews, f.review(e, c.Code, who))
	}
	return f, nil
}

// review tells how the reviews of one purpose stand.
func (f ConsentFile) review(e consent.Entries, purpose string, who access.Actor) RiskReview {
	r := RiskReview{Purpose: purpose, Words: e.Reviewers(purpose, f.Today)}
	r.Lacks, r.Alone = e.Reviewed(purpose, f.Staff, f.Today)
	r.Mine = slices.ContainsFunc(r.Words, func(w entry.Entry[consent.Review]) bool { return consent.SameName(w.By, who.Name) })
	return r
}

func newestFirst[T any](list []entry.Entry[T]) []entry.Entry[T] {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// PutConsent puts what somebody answered on record and returns the entry's id. A form that arrives twice is one answer.
func (d *Desk) PutConsent(ctx context.Context, who access.Actor, personID string, a consent.Answer) (answer string, err error) {
	return answer, d.onConsent(ctx, who, access.KeepConsent, personID, func(tx *store.Tx, e consent.Entries) error {
		if n := len(e.Answers); n > 0 && again(tx, e.Answers[n-1], a) {
			answer = e.Answers[n-1].ID
			return nil
		}
		if err := e.Take(a, when.DayOf(tx.Now())); err != nil {
			return err
		}
		answer, err = consent.Add(ctx, tx, consent.KindAnswer, personID, a)
		return err
	})
}

// ReviewRisk puts one person's word on record on whether something about somebody may leave in spite of where they are, or may not. Two people
// give it; each later word of one person stands in the place of their earlier.
func (d *Desk) ReviewRisk(ctx context.Context, who access.Actor, personID string, r consent.Review) error {
	return d.onConsent(ctx, who, access.ReviewRisk, personID, func(tx *store.Tx, e consent.Entries) error {
		if n := len(e.Reviews); n > 0 && again(tx, e.Reviews[n-1], r) {
			return nil
		}
		if err := r.Check(when.DayOf(tx.Now())); err != nil {
			return err
		}
		_, err := consent.Add(ctx, tx, consent.KindReview, personID, r)
		return err
	})
}

// onConsent loads what stands of a person's consent for whoever may do an act on them, and does it in one transaction.
func (d *Desk) onConsent(ctx context.Context, who access.Actor, act access.Act, personID string, do func(*store.Tx, consent.Entries) error) error {
	if err := who.May(act); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if _, err := d.onPerson(ctx, tx, who, act, personID); err != nil {
			return err
		}
		e, err := consentsOf(ctx, tx, personID)
		if err != nil {
			return err
		}
		return do(tx, e)
	})
}

// again reports the newest word, said by the same person on the same day once more.
func again[T any](tx *store.Tx, newest entry.Entry[T], said T) bool {
	return newest.By == tx.Who() && when.DayOf(newest.At) == when.DayOf(tx.Now()) && reflect.DeepEqual(newest.Body, said)
}
