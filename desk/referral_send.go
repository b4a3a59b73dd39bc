package desk

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/casework"
	"ward/fault"
	"ward/id"
	"ward/locale"
	"ward/referral"
	"ward/seal"
	"ward/store"
	"ward/when"
)

// SendWish is how an approved package leaves.
type SendWish struct {
	To         string // in words, for the ledger
	Channel    string // portal, email, post, hand, link
	Key        string // the recipient's age key; or
	Passphrase []byte // told by another way; or
	Open       bool   // not sealed: the recipient's own portal seals it on its way
	Until      string // last day on which the recipient may use it; "" no end was agreed
	Reference  string
	Due        string // day by which a reply is asked, where the mechanism's clock does not say it
}

// Channels are the ways by which a package leaves.
func Channels() []string { return []string{"portal", "email", "post", "hand", "link"} }

// ApproveReferral is one of the two who let a package leave; digest is that of the package they saw. Where only one person could, it is approved
// and marked so.
func (d *Desk) ApproveReferral(ctx context.Context, who access.Actor, number, digest, why string) error {
	if err := who.May(access.ApproveReferrals); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		r, c, err := d.toApprove(ctx, tx, who, number)
		if err != nil {
			return err
		}
		switch {
		case r.State != referral.StateBuilt || r.Built == nil:
			return fault.New(fault.Refused, "a referral that is %s is not approved", r.State).Keeping("the referral stays as it is").Do("build its package first")
		case digest != r.Built.Body.Digest:
			return fault.New(fault.Conflict, "the package is another one by now").Keeping("nothing was approved").Do("look at it again")
		case r.ApprovedBy(who.Name):
			return fault.New(fault.Refused, "%s approved this package already", who.Name).Keeping("the referral stays as it is").Do("the second approval is a colleague's")
		}
		if err := d.stillMay(ctx, tx, r, c); err != nil {
			return err
		}
		could, err := d.approvers(ctx, tx, r)
		if err != nil {
			return err
		}
		s := referral.Step{To: referral.StateApproved, Digest: digest, Why: strings.TrimSpace(why), Alone: could < referral.Approvers}
		if err := r.Check(s, d.Today()); err != nil {
			return err
		}
		_, err = addReferral(ctx, tx, number, referral.KindStep, s)
		return err
	})
}

// stillMay is nil where the package as it stands may leave now: nobody is in danger by it that was not looked at, the consent carries what is
// ticked, and it rests on as much as when it was built.
func (d *Desk) stillMay(ctx context.Context, tx *store.Tx, r referral.Referral, c casework.Case) error {
	if err := d.freshReprisal(r); err != nil {
		return err
	}
	return d.carried(ctx, tx, r, c)
}

// namesNobody is nil where the package as it stands names nobody whom it may not name now: somebody can have been put on record as accused since.
func (d *Desk) namesNobody(ctx context.Context, tx *store.Tx, r referral.Referral, c casework.Case) error {
	lang, _ := locale.Parse(r.Lang)
	g := gathered{lang: r.Lang, words: locale.For(lang), values: map[string]string{}}
	if err := g.ofPeople(ctx, tx, r, c); err != nil {
		return err
	}
	built := r.Built.Body
	if len(built.Package.Naming(referral.Wish{Ticked: built.Ticked, Accused: g.accused, Person: g.person, Third: g.third})) == 0 {
		return nil
	}
	return fault.New(fault.Refused, "the package names somebody whom it may not name").Keeping("nothing left").Do("write it otherwise, and build the package anew")
}

// SendReferral writes the package, sealed, to w and puts its disclosure on record. The consent is asked once more. What was put on record stands
// even where writing fails: it may have left.
func (d *Desk) SendReferral(ctx context.Context, who access.Actor, number string, wish SendWish, print Printer, w io.Writer) error {
	if err := who.May(access.PrepareReferrals); err != nil {
		return err
	}
	if err := d.checkSending(wish); err != nil {
		return err
	}
	r, sealed, err := d.sealedPackage(ctx, who, number, wish.Key, wish.Passphrase, wish.Open, print)
	if err != nil {
		return err
	}
	err = d.step(ctx, who, access.PrepareReferrals, number, func(tx *store.Tx, now referral.Referral, c casework.Case) (s referral.Step, err error) {
		if err := now.May(referral.StateSent); err != nil {
			return s, err
		}
		if now.Built == nil || now.Built.Body.Digest != r.Built.Body.Digest {
			return s, fault.New(fault.Conflict, "the package is another one by now").Keeping("nothing left").Do("look at it again")
		}
		if err := d.stillMay(ctx, tx, now, c); err != nil {
			return s, err
		}
		return d.sent(ctx, tx, now, c, wish)
	})
	if err != nil {
		return err
	}
	_, err = w.Write(sealed)
	return err
}

// checkSending holds the way by which a package leaves to what a way must say.
func (d *Desk) checkSending(w SendWish) error {
	bad := func(text, do string) error {
		return fault.New(fault.Invalid, "%s", text).Keeping("nothing left").Do("%s", do)
	}
	switch {
	case strings.TrimSpace(w.To) == "" || len(w.To) > 500 || len(w.Reference) > 500:
		return bad("it is not said to whom it goes", "name the addressee in a line")
	case !slices.Contains(Channels(), w.Channel):
		return bad("it is not said by which way it goes", "choose one of the list")
	case w.Open && w.Channel != "portal" && w.Channel != "hand":
		return bad("what goes by "+w.Channel+" goes sealed", "give the recipient's key or a passphrase that you tell them by another way")
	case !w.Open && (w.Key == "") == (len(w.Passphrase) == 0):
		return bad("it is sealed either to a key or under a passphrase", "give one of the two")
	case w.Until != "" && (!isDay(w.Until) || w.Until < d.Today().String()):
		return bad("the last day of use is no day to come", "write it as 2026-01-31, or leave it blank")
	case w.Due != "" && !isDay(w.Due):
		return bad("the day by which a reply is asked is no day", "write it as 2026-01-31, or leave it blank")
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// dueAfter is the day by which a mechanism is asked to reply, counted from a day; "" where it has no clock.
func dueAfter(m referral.Mechanism, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return m.DueOn(when.DayOf(t))
}

// sealedPackage makes the bytes that leave, in memory alone.
func (d *Desk) sealedPackage(ctx context.Context, who access.Actor, number, key string, passphrase []byte, open bool, print Printer) (r referral.Referral, _ []byte, err error) {
	var c casework.Case
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		r, c, err = d.onReferral(ctx, tx, who, access.PrepareReferrals, number)
		return err
	})
	if err == nil && (r.Built == nil || r.State == referral.StateBuilt || r.State == referral.StateWithdrawn || r.State == referral.StateRecalled) {
		err = fault.New(fault.Refused, "a referral that is %s has no package that may leave", r.State).Keeping("nothing left").Do("let two people approve its package first")
	}
	if err != nil {
		return r, nil, err
	}
	var out bytes.Buffer
	into, err := sealing(&out, key, passphrase, open)
	if err != nil {
		return r, nil, err
	}
	built := r.Built.Body
	err = built.Package.Write(into, print, func(f referral.File) (io.ReadCloser, error) { return d.openPackageFile(c, built, f) })
	if err == nil {
		err = into.Close()
	}
	return r, out.Bytes(), err
}

// unsealed is a writer that Close does nothing to.
type unsealed struct{ io.Writer }

func (unsealed) Close() error { return nil }

func sealing(w io.Writer, key string, passphrase []byte, open bool) (io.WriteCloser, error) {
	switch {
	case open:
		return unsealed{w}, nil
	case key != "":
		return seal.SealTo(w, strings.TrimSpace(key))
	}
	return seal.SealUnder(w, passphrase)
}

// sent puts what leaves on record: the ledger's line, the disclosure with what it rests on, and from when a reply is awaited.
func (d *Desk) sent(ctx context.Context, tx *store.Tx, r referral.Referral, c casework.Case, wish SendWish) (s referral.Step, err error) {
	m, _ := referral.MechanismOf(r.Mechanism)
	j, err := d.judge(ctx, tx, r, c, r.Built.Body.Ticked)
	if err != nil {
		return s, err
	}
	p := r.Built.Body.Package
	line := store.Disclosure{ID: id.New(tx.Now()), Exit: string(access.PackageFile), Tier: access.T3.String(), Records: 1, To: wish.To, Why: "referral: " + m.Purpose,
		What: "package " + m.ID + ": " + strings.Join(p.Keys(), " "), Subjects: strings.Join(given(append([]string{r.ID, r.Person}, r.Incidents...)...), " ")}
	if err := tx.Disclose(ctx, line); err != nil {
		return s, err
	}
	told := referral.Disclosure{Line: line.ID, Person: r.Person, Fields: p.Keys(), Classes: m.Classes(p.Keys()), To: wish.To, Mechanism: m.ID, Purpose: m.Purpose,
		Basis: j.Rests, From: d.Today().String(), Until: wish.Until}
	disclosure, err := addReferral(ctx, tx, r.ID, referral.KindDisclosure, told)
	s = referral.Step{To: referral.StateSent, Digest: r.Built.Body.Digest, Due: wish.Due, Alone: r.Alone,
		Sent: &referral.Sent{To: wish.To, Channel: wish.Channel, Key: strings.TrimSpace(wish.Key), Sealed: sealedBy(wish), Reference: wish.Reference, Disclosure: disclosure}}
	if m.From == "sent" {
		s.Due = cmp.Or(wish.Due, m.DueOn(d.Today()))
	}
	return s, err
}

func sealedBy(w SendWish) string {
	switch {
	case w.Open:
		return "open"
	case w.Key != "":
		return "key"
	}
	return "passphrase"
}

// RecallReferral calls back what left: its disclosures are revoked and what was offered is deleted. What the recipient has, only the recipient
// can destroy: whoever recalls asks them to.
func (d *Desk) RecallReferral(ctx context.Context, who access.Actor, number, why string) error {
	err := d.step(ctx, who, access.PrepareReferrals, number, func(tx *store.Tx, r referral.Referral, _ casework.Case) (s referral.Step, err error) {
		s = referral.Step{To: referral.StateRecalled, Why: strings.TrimSpace(why)}
		if err := r.Check(s, d.Today()); err != nil {
			return s, err
		}
		for _, e := range r.Disclosures {
			if e.Body.Revoked != "" {
				continue
			}
			if _, err := addReferral(ctx, tx, r.ID, referral.KindEnd, referral.End{Of: e.ID, Why: s.Why}); err != nil {
				return s, err
			}
			s.Recalled = append(s.Recalled, e.ID)
		}
		return s, tx.Disclose(ctx, handedLine(tx, r, "recalled"))
	})
	if err == nil {
		_, err = d.SweepPackages(ctx)
	}
	return err
}
