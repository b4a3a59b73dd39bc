package seal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"filippo.io/age"

	"ward/fault"
)

// lockedWork is the work factor of files behind a passphrase, as a power of two: 64 MiB of memory, as with Recommended.
const lockedWork = 16

// SealUnder writes an age file that a passphrase of 12 characters or more opens, without blanks at its ends and in composed letters
// (NFC). It is complete only after Close, which does not close w.
func SealUnder(w io.Writer, passphrase []byte) (io.WriteCloser, error) {
	if err := longEnough(passphrase); err != nil {
		return nil, err
	}
	key, err := age.NewScryptRecipient(string(canonical(passphrase)))
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the sealed file could not be begun")
	}
	key.SetWorkFactor(lockedWork)
	out, err := age.Encrypt(w, key)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the sealed file could not be begun")
	}
	return out, nil
}

// OpenEither reads an age file, asking for the passphrase where it is sealed under one, and otherwise with the first identity that fits.
// Armor is not taken off. Its errors are those of OpenWith.
func OpenEither(r io.Reader, passphrase func() ([]byte, error), identities ...string) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, _ := b.Peek(len(scryptHead))
	if !bytes.HasPrefix(head, []byte(ageHead)) {
		return nil, (&source{}).explain()
	}
	if string(head) != scryptHead {
		return OpenWith(b, identities...)
	}
	secret, err := passphrase()
	if err != nil {
		return nil, err
	}
	wrong := fault.New(fault.Refused, "the passphrase does not open this file").Do("check the keyboard's language and capitals; it is the one that was in force when the file was made")
	key, err := age.NewScryptIdentity(string(canonical(secret)))
	if err != nil {
		return nil, wrong // it is empty
	}
	key.SetMaxWorkFactor(maxScrypt)
	return decrypt(b, wrong, key)
}

// ageHead begins every age file without armor; scryptHead every one under a passphrase, which is sealed in no other way besides.
const (
	ageHead    = "age-encryption.org/v1\n"
	scryptHead = ageHead + "-> scrypt "
)

// Whole reports that an opened keyring is the one that d belongs to, in every envelope: the shares in force open the same desk key, and
// what is kept of it is what Ward writes.
func (r *Keyring) Whole(d *Desk, kept []byte) error {
	if err := r.owned(d); err != nil {
		return err
	}
	if written, err := json.Marshal(r); err != nil || !bytes.Equal(written, kept) {
		return damaged()
	}
	if r.Shares == nil {
		return nil
	}
	secret, err := r.Shares.secret(d)
	if err != nil || len(secret) != secretSize {
		return damaged()
	}
	key, err := derive(secret).openKey(r.Shares.context(r.Generation), r.Shares.Sealed)
	if err != nil || key != d.key {
		return damaged()
	}
	return nil
}
