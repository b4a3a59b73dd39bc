package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ward/access"
	"ward/fault"
	"ward/seal"
	"ward/store"
)

// Two officers share what only they may open, so that an absence loses nothing and each sees the other's openings.
const fewestOfficers = 2

// maxOfficerName is in characters.
const maxOfficerName = 64

// Officers lists those to whose keys the identities of sources are sealed.
func (d *Desk) Officers(ctx context.Context, who access.Actor) (out []store.Officer, err error) {
	if err := who.May(access.ManageKeys); err != nil {
		return nil, err
	}
	return d.officers(ctx)
}

func (d *Desk) officers(ctx context.Context) (out []store.Officer, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.Officers(ctx)
		return err
	})
	return out, err
}

// NameOfficer names somebody by the public half of their own key. The same officer again changes nothing (false); an officer's name, or key,
// is never given to another.
func (d *Desk) NameOfficer(ctx context.Context, who access.Actor, o store.Officer) (added bool, err error) {
	if err := d.MayNameOfficer(ctx, who, o.Name); err != nil && !fault.Is(err, fault.Conflict) {
		return false, err
	}
	o.Recipient = strings.TrimSpace(o.Recipient)
	if err := seal.CheckRecipient(o.Recipient); err != nil {
		return false, err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		have, err := tx.Officers(ctx)
		if err != nil {
			return err
		}
		for _, h := range have {
			if h == o {
				return nil
			}
		}
		sum := sha256.Sum256([]byte(o.Recipient))
		number, err := tx.Journal(ctx, "officer.name", o.Name, hex.EncodeToString(sum[:]))
		if err != nil {
			return err
		}
		added = true
		return tx.AddOfficer(ctx, o, number)
	})
	return added && err == nil, err
}

// MayNameOfficer tells, before a key is made, whether a name can be given: Conflict when an officer bears it.
func (d *Desk) MayNameOfficer(ctx context.Context, who access.Actor, name string) error {
	if err := who.May(access.ManageKeys); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(name); n == 0 || n > maxOfficerName || strings.TrimSpace(name) != name || strings.ContainsFunc(name, unfitForName) {
		return fault.New(fault.Invalid, "this is no name for an officer").Keeping("nothing was changed").
			Do("take 1 to %d characters without commas, signs of equality or line breaks", maxOfficerName)
	}
	officers, err := d.officers(ctx)
	for _, o := range officers {
		if o.Name == name {
			return fault.New(fault.Conflict, "there is an officer %s already", name).Keeping("the officers stay as they are").Do("choose another name")
		}
	}
	return err
}

func unfitForName(r rune) bool { return r == ',' || r == '=' || !unicode.IsPrint(r) }

// MadeOfficer is a new officer with the key that was made for them: the secret half lies in File behind a passphrase of their own.
type MadeOfficer struct {
	store.Officer
	File []byte // armored age file, to be kept by the officer alone
}

// MakeOfficer makes a key for somebody who has none. Nobody is named yet: first the file must be safe, then NameOfficer.
func MakeOfficer(name string, passphrase []byte) (MadeOfficer, error) {
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		return MadeOfficer{}, err
	}
	file, err := seal.SealIdentity(identity, passphrase)
	return MadeOfficer{store.Officer{Name: name, Recipient: recipient}, file}, err
}

// RemoveOfficer takes somebody off the officers, for nothing more to be sealed to them. Refused while contacts are sealed to them, and for
// the last one.
func (d *Desk) RemoveOfficer(ctx context.Context, who access.Actor, name string) error {
	if err := who.May(access.ManageKeys); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		officers, err := tx.Officers(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(officers, func(o store.Officer) bool { return o.Name == name })
		if at < 0 {
			return fault.New(fault.NotFound, "there is no officer of this name").Keeping("the officers stay as they are").Do("ward init lists the officers")
		}
		if len(officers) == 1 {
			return fault.New(fault.Refused, "%s is the only officer", name).Keeping("the officers stay as they are").
				Do("name another first: ward init --make-officer NAME=FILE")
		}
		left, err := sealedTo(ctx, tx, name)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			return fault.New(fault.Refused, "%d contacts are sealed to %s", len(left), name).Keeping("the officers stay as they are").
				Do("seal them anew first: ward contact reseal --leaver NAME --identity FILE")
		}
		sum := sha256.Sum256([]byte(officers[at].Recipient))
		if _, err := tx.Journal(ctx, "officer.remove", name, hex.EncodeToString(sum[:])); err != nil {
			return err
		}
		return tx.DropOfficer(ctx, name)
	})
}
