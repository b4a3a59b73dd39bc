package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/casework"
	"ward/fault"
	"ward/id"
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

// OfferWish is how a sealed package is handed over by a link.
type OfferWish struct {
	Key        string
	Passphrase []byte
	Downloads  int    // at most, 1 to 10
	Until      string // last day, within 30 days
}

// Bounds of an offer.
const (
	mostDownloads = 10
	offerDays     = 30
)

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
	j, err := d.judge(ctx, tx, r, c, r.Built.Body.Ticked)
	if err != nil {
		return err
	}
	return consented(j)
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
	line := store.Disclosure{ID: id.New(tx.Now()), Exit: string(access.BundleFile), Tier: access.T3.String(), Records: 1, To: wish.To, Why: "referral: " + m.Purpose,
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

// OfferPackage keeps a sealed copy of a package that was sent for whoever has the token, and returns the token, which is shown once: Ward keeps
// its hash.
func (d *Desk) OfferPackage(ctx context.Context, who access.Actor, number string, wish OfferWish, print Printer) (token string, err error) {
	if err := who.May(access.PrepareReferrals); err != nil {
		return "", err
	}
	if err := d.checkOffer(wish); err != nil {
		return "", err
	}
	r, sealed, err := d.sealedPackage(ctx, who, number, wish.Key, wish.Passphrase, false, print)
	if err == nil {
		err = offerable(r)
	}
	if err != nil {
		return "", err
	}
	file, err := d.sealFile(ctx, "package.age", "application/octet-stream", bytes.NewReader(sealed), int64(len(sealed)), int64(len(sealed)))
	if err != nil {
		return "", err
	}
	secret := make([]byte, 24)
	rand.Read(secret) //nolint:errcheck // never fails
	token = base64.RawURLEncoding.EncodeToString(secret)
	return token, d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		r, c, err := d.onReferral(ctx, tx, who, access.PrepareReferrals, number)
		if err == nil {
			err = offerable(r)
		}
		if err == nil {
			err = d.stillMay(ctx, tx, r, c)
		}
		if err != nil {
			return err
		}
		o := referral.Offer{Token: tokenHash(token), Disclosure: r.Sent.Body.Disclosure, Downloads: wish.Downloads, Until: wish.Until}
		o.File = file
		if err := tx.Disclose(ctx, handedLine(tx, r, "offered")); err != nil {
			return err
		}
		_, err = addReferral(ctx, tx, number, referral.KindOffer, o)
		return err
	})
}

// offerable is nil where something left and was not called back.
func offerable(r referral.Referral) error {
	if r.Sent != nil && r.Built != nil && r.State != referral.StateRecalled && !r.Revoked(r.Sent.Body.Disclosure) {
		return nil
	}
	return fault.New(fault.Refused, "nothing of this referral is being handed over").Keeping("nothing was offered").Do("send it first, by the channel link")
}

func (d *Desk) checkOffer(w OfferWish) error {
	bad := func(text, do string) error {
		return fault.New(fault.Invalid, "%s", text).Keeping("nothing was offered").Do("%s", do)
	}
	switch {
	case (w.Key == "") == (len(w.Passphrase) == 0):
		return bad("it is sealed either to a key or under a passphrase", "give one of the two")
	case w.Downloads < 1 || w.Downloads > mostDownloads:
		return bad("it can be fetched one to ten times", "say how often")
	case !isDay(w.Until) || w.Until < d.Today().String() || w.Until > (d.Today()+offerDays).String():
		return bad("it is offered until a day within the next thirty", "say the day as 2026-01-31")
	}
	return nil
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte("ward handed " + token))
	return hex.EncodeToString(sum[:])
}

// handedLine is the ledger's line of an offer, of one download, and of its end.
func handedLine(tx *store.Tx, r referral.Referral, what string) store.Disclosure {
	return store.Disclosure{ID: id.New(tx.Now()), Exit: string(access.BundleFile), Tier: access.T3.String(), Records: 1, To: r.Sent.Body.To, Why: "referral",
		What: "package " + r.Mechanism + " " + what, Subjects: strings.Join(given(r.ID, r.Person), " ")}
}

// recipientName stands in the journal for whoever fetched a package by its token.
const recipientName = "recipient"

// FetchPackage gives the sealed package of a token and puts it on record first. What is not there, past its day, fetched often enough, called back,
// or no more carried by a consent is the same NotFound. Whoever calls closes it.
func (d *Desk) FetchPackage(ctx context.Context, token string) (r io.ReadCloser, err error) {
	gone := fault.New(fault.NotFound, "there is nothing here").Do("ask who gave you the address")
	if len(token) != base64.RawURLEncoding.EncodedLen(24) {
		return nil, gone
	}
	var o referral.Offering
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		_, o, err = offered(ctx, tx, tokenHash(token))
		return err
	})
	if err == nil && !o.Stands(d.Today()) {
		err = gone
	}
	if err != nil {
		return nil, err
	}
	err = d.db.Write(ctx, recipientName, func(tx *store.Tx) error {
		ref, o, err := offered(ctx, tx, tokenHash(token))
		if err != nil {
			return err
		}
		c, err := caseIn(ctx, tx, ref.Case)
		if err != nil {
			return err
		}
		if !o.Stands(d.Today()) || offerable(ref) != nil || d.carried(ctx, tx, ref, c) != nil {
			return gone
		}
		if err := tx.Disclose(ctx, handedLine(tx, ref, "fetched")); err != nil {
			return err
		}
		_, err = addReferral(ctx, tx, ref.ID, referral.KindTaken, referral.Taken{Offer: o.ID})
		return err
	})
	if err != nil {
		return nil, err
	}
	b, err := d.openFile(o.Body.File)
	if err != nil {
		return nil, err
	}
	return handed{b, d}, nil
}

// handed is a package on its way out; with the last that may be fetched, what is kept of it goes.
type handed struct {
	io.ReadCloser
	desk *Desk
}

// Close lets go of the package, and deletes it where nobody may fetch it again.
func (h handed) Close() error {
	err := h.ReadCloser.Close()
	if _, failed := h.desk.SweepPackages(context.Background()); err == nil {
		err = failed
	}
	return err
}

// carried is nil where the consent still carries the package.
func (d *Desk) carried(ctx context.Context, tx *store.Tx, r referral.Referral, c casework.Case) error {
	j, err := d.judge(ctx, tx, r, c, r.Built.Body.Ticked)
	if err != nil {
		return err
	}
	return consented(j)
}

// offered finds the offer of a token's hash; the zero offer stands for none.
func offered(ctx context.Context, tx *store.Tx, hash string) (referral.Referral, referral.Offering, error) {
	all, err := referralsIn(ctx, tx, "")
	for _, r := range all {
		for _, o := range r.Offers {
			if o.Body.Token == hash {
				return r, o, err
			}
		}
	}
	return referral.Referral{}, referral.Offering{}, err
}

// SweepPackages deletes what was offered and is past its day, fetched often enough, or called back, and tells how many. The log keeps that there
// was one.
func (d *Desk) SweepPackages(ctx context.Context) (swept int, err error) {
	type ending struct {
		of  referral.Referral
		o   referral.Offering
		why string
	}
	var over []ending
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := referralsIn(ctx, tx, "")
		for _, r := range all {
			for _, o := range r.Offers {
				if why := o.Over(d.Today(), r); why != "" {
					over = append(over, ending{r, o, why})
				}
			}
		}
		return err
	})
	var blobs []string
	for _, e := range over {
		if err != nil {
			break
		}
		err = d.db.Write(ctx, sequencer, func(tx *store.Tx) error {
			if _, err := addReferral(ctx, tx, e.of.ID, referral.KindEnd, referral.End{Of: e.o.ID, Why: e.why}); err != nil {
				return err
			}
			if err := tx.Disclose(ctx, handedLine(tx, e.of, e.why)); err != nil {
				return err
			}
			gone, err := consequences(ctx, tx, e.o.ID)
			if err != nil {
				return err
			}
			blobs = append(blobs, gone.blobs()...)
			return eraser{ctx, tx, "other", tx.Now()}.carryOut(gone)
		})
		if err == nil {
			swept++
		}
	}
	if swept > 0 {
		if _, failed := d.sweep(ctx, blobs...); err == nil {
			err = failed
		}
	}
	return swept, err
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
