package desk

import (
	"context"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/staff"
	"ward/store"
)

// eraseReason is the class of reason on the tombstone of an authenticator or address that was taken away.
const eraseReason = "other"

// own runs a change of one's own account.
func (d *Desk) own(ctx context.Context, who access.Actor, change func(tx *store.Tx, a staff.Account) error) error {
	if err := who.May(access.OwnAccount); err != nil {
		return err
	}
	if who.Account == "" {
		return refusedStaff("the command line has no account of its own")
	}
	return d.changed(ctx, who, who.Account, func(tx *store.Tx, _ []staff.Account, a staff.Account) error { return change(tx, a) })
}

// destroyed destroys the keys of entries in a transaction; sweep follows it.
func (d *Desk) destroyed(ctx context.Context, tx *store.Tx, entries ...string) error {
	for _, id := range entries {
		if _, err := (eraser{ctx, tx, eraseReason, tx.Now()}).destroy(id, id); err != nil {
			return err
		}
		if err := entry.Erase(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// replaced adds an authenticator and destroys those of its type.
func (d *Desk) replaced(ctx context.Context, who access.Actor, next staff.Authenticator) error {
	err := d.own(ctx, who, func(tx *store.Tx, a staff.Account) error {
		for _, h := range a.Of(next.Type) {
			if err := d.destroyed(ctx, tx, h.ID); err != nil {
				return err
			}
		}
		return keepStaff(ctx, tx, a.ID, staff.KindAuthenticator, next)
	})
	if err != nil {
		return err
	}
	_, err = d.sweep(ctx)
	return err
}

// ChangePassphrase sets one's own passphrase; the former one's key is destroyed. Other sessions go on: end them by EndOtherSessions.
func (d *Desk) ChangePassphrase(ctx context.Context, who access.Actor, passphrase string) error {
	if why := staff.PassphraseProblem(passphrase, who.Name); why != "" {
		return invalidStaff(why)
	}
	hash, err := d.passphraseHash(ctx, passphrase)
	if err != nil {
		return err
	}
	return d.replaced(ctx, who, staff.Authenticator{Type: staff.Passphrase, Hash: hash})
}

// Generator is a code generator that is not yet anybody's: its secret and otpauth address. An empty secret draws one.
func (d *Desk) Generator(name, secret string) (secretOut, url string, err error) {
	key, err := totpKey(name, secret)
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// ChangeTOTP sets one's own code generator once it shows the right code; the former one's key is destroyed.
func (d *Desk) ChangeTOTP(ctx context.Context, who access.Actor, secret, code string) error {
	key, err := totpKey(who.Name, secret)
	if err != nil {
		return err
	}
	if totpStep(key.Secret(), code, d.db.Now()) == 0 {
		return invalidStaff("the code is not the one that the generator shows now")
	}
	return d.replaced(ctx, who, staff.Authenticator{Type: staff.TOTP, Secret: key.Secret()})
}

// NewRecoveryCodes draws a set of recovery codes; the former set's key is destroyed. They cannot be shown again.
func (d *Desk) NewRecoveryCodes(ctx context.Context, who access.Actor) ([]string, error) {
	codes, kept := staff.RecoveryCodes()
	return codes, d.replaced(ctx, who, kept)
}

// RemovePasskey destroys the key of one of one's own passkeys.
func (d *Desk) RemovePasskey(ctx context.Context, who access.Actor, id string) error {
	err := d.own(ctx, who, func(tx *store.Tx, a staff.Account) error {
		for _, h := range a.Of(staff.Passkey) {
			if h.ID == id {
				return d.destroyed(ctx, tx, id)
			}
		}
		return fault.New(fault.NotFound, "there is no such passkey").Keeping("nothing was changed")
	})
	if err != nil {
		return err
	}
	_, err = d.sweep(ctx)
	return err
}

// SetProfile says in which languages, and at which address if any, one wishes to be spoken to. The key of a former address is destroyed.
func (d *Desk) SetProfile(ctx context.Context, who access.Actor, email string, langs []string) error {
	if why := staff.EmailProblem(email); why != "" {
		return invalidStaff(why)
	}
	for _, l := range langs {
		if _, known := locale.Parse(l); !known {
			return invalidStaff("this is no language that Ward speaks")
		}
	}
	gone := false
	err := d.own(ctx, who, func(tx *store.Tx, a staff.Account) error {
		if err := keepStaff(ctx, tx, a.ID, staff.KindAccount, staff.Made{Name: a.Name, Langs: langs, Invitation: a.Invitation}); err != nil || email == a.Email {
			return err
		}
		gone = len(a.AddressEntries()) > 0
		if err := d.destroyed(ctx, tx, a.AddressEntries()...); err != nil || email == "" {
			return err
		}
		return keepStaff(ctx, tx, a.ID, staff.KindAddress, staff.Address{Email: email})
	})
	if err != nil || !gone {
		return err
	}
	_, err = d.sweep(ctx)
	return err
}
