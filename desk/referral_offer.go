package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/referral"
	"ward/store"
)

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
	return store.Disclosure{ID: id.New(tx.Now()), Exit: string(access.PackageFile), Tier: access.T3.String(), Records: 1, To: r.Sent.Body.To, Why: "referral",
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
		_, err = addReferral(ctx, tx, ref.ID, referral.KindTaken, referral.Taken{Offer: o.ID, Disclosure: o.Body.Disclosure})
		return err
	})
	if err != nil {
		return nil, err
	}
	b, err := d.openFile(o.Body.File)
	if err != nil {
		return nil, err
	}
	return handed{b, d, o.Taken+1 >= o.Body.Downloads}, nil
}

// handed is a package on its way out; with the last that may be fetched, what is kept of it goes.
type handed struct {
	io.ReadCloser
	desk *Desk
	last bool
}

// Close lets go of the package, and deletes it where nobody may fetch it again.
func (h handed) Close() error {
	err := h.ReadCloser.Close()
	if !h.last {
		return err
	}
	if _, failed := h.desk.SweepPackages(context.Background()); err == nil {
		err = failed
	}
	return err
}

// carried is nil where the consent still carries the package, and it names nobody whom it may not name.
func (d *Desk) carried(ctx context.Context, tx *store.Tx, r referral.Referral, c casework.Case) error {
	j, err := d.judge(ctx, tx, r, c, r.Built.Body.Ticked)
	if err == nil {
		err = consented(j)
	}
	if err != nil {
		return err
	}
	return d.namesNobody(ctx, tx, r, c)
}

// offered finds the offer of a token's hash; the zero offer stands for none. Offers are few: nothing else is read for a token that is none.
func offered(ctx context.Context, tx *store.Tx, hash string) (r referral.Referral, o referral.Offering, err error) {
	all, err := entry.All[referral.Offer](ctx, tx, referral.KindOffer)
	at := slices.IndexFunc(all, func(e entry.Entry[referral.Offer]) bool { return e.Body.Token == hash })
	if err != nil || at < 0 {
		return r, o, err
	}
	if r, err = referralIn(ctx, tx, all[at].Subject); err != nil {
		return r, o, err
	}
	for _, one := range r.Offers {
		if one.ID == all[at].ID {
			o = one
		}
	}
	return r, o, nil
}

// ending is an offer that is over, and why.
type ending struct {
	of  referral.Referral
	o   referral.Offering
	why string
}

// endings are the offers that are over.
func (d *Desk) endings(ctx context.Context, tx *store.Tx) (out []ending, err error) {
	all, err := entry.All[referral.Offer](ctx, tx, referral.KindOffer)
	_, order := bySubject(all)
	for _, id := range order {
		r, err := referralIn(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		for _, o := range r.Offers {
			if why := o.Over(d.Today(), r); why != "" {
				out = append(out, ending{r, o, why})
			}
		}
	}
	return out, err
}

// SweepPackages deletes what was offered and is past its day, fetched often enough, or called back, and tells how many. The log keeps that there
// was one. Where nothing is offered it costs nothing: call it as often as you like.
func (d *Desk) SweepPackages(ctx context.Context) (swept int, err error) {
	var over []ending
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		over, err = d.endings(ctx, tx)
		return err
	})
	var blobs []string
	for _, e := range over {
		var gone []string
		if gone, err = d.endOffer(ctx, e); err != nil {
			break
		}
		swept, blobs = swept+1, append(blobs, gone...)
	}
	if swept > 0 {
		_, failed := d.sweep(ctx, blobs...)
		err = errors.Join(err, failed)
	}
	return swept, err
}

// endOffer puts the end of an offer on record and destroys the key of what was offered; it returns the stored bytes that go.
func (d *Desk) endOffer(ctx context.Context, e ending) (blobs []string, err error) {
	err = d.db.Write(ctx, sequencer, func(tx *store.Tx) error {
		if e.o.Ended == "" {
			if _, err := addReferral(ctx, tx, e.of.ID, referral.KindEnd, referral.End{Of: e.o.ID, Why: e.why}); err != nil {
				return err
			}
		}
		if err := tx.Disclose(ctx, handedLine(tx, e.of, e.why)); err != nil {
			return err
		}
		gone, err := consequences(ctx, tx, e.o.ID)
		if err != nil {
			return err
		}
		blobs = gone.blobs()
		return eraser{ctx, tx, "other", tx.Now()}.carryOut(gone)
	})
	return blobs, err
}
