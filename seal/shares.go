package seal

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"

	"ward/fault"
)

// maxShares is how many people may hold a share; two of them always suffice.
const maxShares = 16

// Envelope is what two key shares open; it holds the desk key.
type Envelope struct {
	Set    uint16 `json:"set"`    // tells sets apart: printed in every share of the set
	Number int    `json:"number"` // how many shares were made, 2..16
	Sealed []byte `json:"sealed"` // the desk key under a key derived from the shared secret
	Secret []byte `json:"secret"` // the shared secret under the desk key, so that Rotate can seal the next one
}

// newEnvelope seals the desk key for the holders of a set.
func newEnvelope(d *Desk, set uint16, number int, secret []byte) Envelope {
	e := Envelope{Set: set, Number: number}
	e.Sealed = derive(secret).Seal(e.context(d.generation), d.key[:])
	e.Secret = d.key.Seal(e.context(d.generation), secret)
	return e
}

func (e Envelope) context(generation int) string {
	return fmt.Sprintf("ward/shares/v1 %d %d %d", generation, e.Set, e.Number)
}

func derive(secret []byte) Key {
	out, err := hkdf.Key(sha256.New, secret, nil, "ward/shares/v1", len(Key{}))
	if err != nil {
		panic(err) // only for an absurd length
	}
	return Key(out)
}

// secret gives the shared secret to the desk whose key the envelope holds.
func (e Envelope) secret(d *Desk) ([]byte, error) {
	return d.key.Open(e.context(d.generation), e.Secret)
}

// open gives the desk key to two shares of the set.
func (e Envelope) open(generation int, a, b Share) (Key, error) {
	if err := e.pair(a, b); err != nil {
		return Key{}, err
	}
	secret := combine(a, b)
	key, err := derive(secret[:]).openKey(e.context(generation), e.Sealed)
	if err != nil {
		return Key{}, fault.New(fault.Refused, "these two shares do not open this workspace").
			Keeping("nothing was changed").Do("try with a third person's share")
	}
	return key, nil
}

// pair refuses shares that cannot belong together.
func (e Envelope) pair(a, b Share) error {
	switch {
	case a.set != b.set:
		return fault.New(fault.Refused, "the two shares are from different sets").Do("use two that were made on the same day")
	case a.set != e.Set:
		return fault.New(fault.Refused, "the shares are from another set than the one in force").Do("use the newest shares; destroy older ones")
	case a.x == b.x:
		return fault.New(fault.Refused, "the same share was given twice").Do("ask a second person for theirs")
	}
	return nil
}

// NewShares makes 2 to 16 shares of which any two will open the desk. Nothing counts yet, and a former set stays in force, until two holders
// have given theirs to ConfirmShares. The pending envelope holds only ciphertext and may be stored meanwhile; the shares are
// shown once and never stored.
func (r *Keyring) NewShares(d *Desk, n int) (shares []Share, pending Envelope, err error) {
	if n < 2 || n > maxShares {
		return nil, Envelope{}, fault.New(fault.Invalid, "%d shares were asked for", n).Keeping("nothing was made").Do("choose 2 to %d", maxShares)
	}
	if err := r.owned(d); err != nil {
		return nil, Envelope{}, err
	}
	var secret, slope [secretSize]byte
	rand.Read(secret[:])
	rand.Read(slope[:])
	set := r.nextSet()
	return split(set, secret, slope, n), newEnvelope(d, set, n, secret[:]), nil
}

// nextSet draws a set's number, other than the one in force.
func (r *Keyring) nextSet() uint16 {
	for {
		var b [2]byte
		rand.Read(b[:])
		if set := binary.BigEndian.Uint16(b[:]); r.Shares == nil || set != r.Shares.Set {
			return set
		}
	}
}

// ConfirmShares puts a pending set in force, in place of a former one. It wants two different shares of this set and recombines them: a set
// that never was recombined does not count. Anything else is Refused.
func (r *Keyring) ConfirmShares(d *Desk, pending Envelope, a, b Share) error {
	if err := r.owned(d); err != nil {
		return err
	}
	secret, err := pending.secret(d)
	if err != nil {
		return fault.New(fault.Conflict, "these shares were made for another desk key").Keeping("the former shares stay in force").Do("make new shares")
	}
	key, err := pending.open(d.generation, a, b)
	if err != nil {
		return err
	}
	combined := combine(a, b)
	if subtle.ConstantTimeCompare(secret, combined[:]) != 1 || subtle.ConstantTimeCompare(key[:], d.key[:]) != 1 {
		return fault.New(fault.Refused, "the two shares do not belong to this set").Keeping("the former shares stay in force").Do("make new shares")
	}
	r.Shares = &pending
	return nil
}
