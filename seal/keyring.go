package seal

import (
	"ward/fault"
)

const version = 1

// secretIndex names the key under the blind look-ups. Every keyring has it, so it also tells whether a desk and a keyring belong together.
const secretIndex = "index"

// Keyring is what a workspace keeps of its keys, as JSON: ciphertext, salts and costs, nothing that helps without a passphrase or two key
// shares. A method that fails leaves it as it was.
type Keyring struct {
	Version    int               `json:"version"`    // of this format: 1
	Generation int               `json:"generation"` // of the desk key inside
	Passphrase Lock              `json:"passphrase"`
	Shares     *Envelope         `json:"shares,omitempty"` // nil until a set of shares was confirmed
	Secrets    map[string][]byte `json:"secrets"`          // by name, sealed under the desk key
}

// NewKeyring draws a desk key and an index key and puts them behind a passphrase of 12 characters or more.
func NewKeyring(passphrase []byte, cost Cost) (*Keyring, *Desk, error) {
	index := NewKey()
	return build(1, map[string][]byte{secretIndex: index[:]}, passphrase, cost)
}

// build makes a keyring and its desk around a fresh desk key.
func build(generation int, secrets map[string][]byte, passphrase []byte, cost Cost) (*Keyring, *Desk, error) {
	d := &Desk{generation: generation, key: NewKey(), index: Key(secrets[secretIndex]), secrets: map[string][]byte{}}
	lock, err := newLock(d, passphrase, cost)
	if err != nil {
		return nil, nil, err
	}
	r := &Keyring{Version: version, Generation: generation, Passphrase: lock, Secrets: map[string][]byte{}}
	for name, value := range secrets {
		r.put(d, name, value)
	}
	return r, d, nil
}

// Unlock opens the desk with the passphrase. It is Refused when the passphrase is wrong (or its envelope was altered: the two cannot be
// told apart), Limit when the keyring asks for absurd work, Invalid when it is damaged.
func (r *Keyring) Unlock(passphrase []byte) (*Desk, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	key, err := r.Passphrase.open(r.Generation, passphrase)
	if err != nil {
		return nil, err
	}
	return r.desk(key)
}

// UnlockWithShares opens the desk with two different shares of the confirmed set; anything else is Refused.
func (r *Keyring) UnlockWithShares(a, b Share) (*Desk, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if r.Shares == nil {
		return nil, fault.New(fault.Refused, "this workspace has no key shares").Do("unlock it with the passphrase")
	}
	key, err := r.Shares.open(r.Generation, a, b)
	if err != nil {
		return nil, err
	}
	return r.desk(key)
}

// check looks at the form, before any key is known.
func (r *Keyring) check() error {
	switch {
	case r.Version > version:
		return fault.New(fault.Invalid, "the keyring was written by a newer Ward (format %d)", r.Version).Do("use that version or a later one")
	case r.Version != version || r.Generation < 1:
		return damaged()
	}
	return nil
}

func damaged() error {
	return fault.New(fault.Invalid, "the keyring is damaged").Keeping("nothing was changed").Do("restore it from a backup")
}

// desk opens the workspace's secrets with the desk key.
func (r *Keyring) desk(key Key) (*Desk, error) {
	d := &Desk{generation: r.Generation, key: key, secrets: map[string][]byte{}}
	for name, sealed := range r.Secrets {
		value, err := key.Open(secretContext(name), sealed)
		if err != nil {
			return nil, err
		}
		d.secrets[name] = value
	}
	if len(d.secrets[secretIndex]) != len(Key{}) {
		return nil, damaged()
	}
	d.index = Key(d.secrets[secretIndex])
	return d, nil
}

// owned is Conflict unless d is the desk of this very keyring.
func (r *Keyring) owned(d *Desk) error {
	if _, err := d.key.Open(secretContext(secretIndex), r.Secrets[secretIndex]); err != nil {
		return fault.New(fault.Conflict, "the desk was unlocked before its key was replaced").
			Keeping("nothing was changed").Do("unlock it again")
	}
	return nil
}

// SetPassphrase replaces the passphrase. Whoever knows the former one and has a copy of the former keyring still opens that copy, and with
// it the same desk key: after a leak, Rotate.
func (r *Keyring) SetPassphrase(d *Desk, passphrase []byte, cost Cost) error {
	if err := r.owned(d); err != nil {
		return err
	}
	lock, err := newLock(d, passphrase, cost)
	if err != nil {
		return err
	}
	r.Passphrase = lock
	return nil
}

// SetSecret keeps one of the workspace's own secrets, in place of a former one of this name. It is Conflict when d is not the desk of this
// keyring. The name "index" is taken: to use it is a programming error.
func (r *Keyring) SetSecret(d *Desk, name string, value []byte) error {
	if name == secretIndex {
		panic("seal: the index key is never replaced")
	}
	if err := r.owned(d); err != nil {
		return err
	}
	r.put(d, name, value)
	return nil
}

func (r *Keyring) put(d *Desk, name string, value []byte) {
	r.Secrets[name] = d.key.Seal(secretContext(name), value)
	d.hold(name, value)
}

// Rotate makes a keyring around a new desk key: with the same secrets, the index key among them, and the same key shares, and with this
// passphrase. r stays as it is. The caller unwraps every data key with old, wraps it with the new desk, and stores keyring and wraps in one
// transaction.
//
// The secret behind the shares is kept sealed under the desk key, so whoever has the former desk key and a former keyring can compute
// it. After a theft of the desk key, make and confirm new shares as well: they replace the set.
func (r *Keyring) Rotate(old *Desk, passphrase []byte, cost Cost) (*Keyring, *Desk, error) {
	if err := r.owned(old); err != nil {
		return nil, nil, err
	}
	held, err := r.desk(old.key)
	if err != nil {
		return nil, nil, err
	}
	next, d, err := build(r.Generation+1, held.secrets, passphrase, cost)
	if err != nil || r.Shares == nil {
		return next, d, err
	}
	secret, err := r.Shares.secret(old)
	if err != nil {
		return nil, nil, err
	}
	e := newEnvelope(d, r.Shares.Set, r.Shares.Number, secret)
	next.Shares = &e
	return next, d, nil
}
