package seal

import (
	"bytes"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"ward/fault"
)

// maxIdentity bounds an identity file in bytes; a key is 80 of them, the rest is comment and armor.
const maxIdentity = 64 << 10

// maxScrypt is the largest work factor that is tried, as a power of two: 1 GiB of memory, as with maxMemoryKiB.
const maxScrypt = 20

// SealIdentity puts an identity behind a passphrase of 12 characters or more, as an armored age file that the `age` command also takes for an
// identity. The passphrase is used byte for byte, as that command does.
func SealIdentity(identity string, passphrase []byte) ([]byte, error) {
	id, err := identityOf(identity)
	if err != nil {
		return nil, err
	}
	if err := longEnough(passphrase); err != nil {
		return nil, err
	}
	key, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the key could not be sealed")
	}
	var file bytes.Buffer
	armored := armor.NewWriter(&file)
	w, err := age.Encrypt(armored, key)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the key could not be sealed")
	}
	_, err = io.WriteString(w, "# public key: "+id.Recipient().String()+"\n"+id.String()+"\n")
	for _, c := range []io.Closer{w, armored} {
		if e := c.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the key could not be sealed")
	}
	return file.Bytes(), nil
}

// OpenIdentity reads the one hybrid identity of a file, plain or behind a passphrase, which is asked for only then. It is Refused when
// the passphrase is wrong.
func OpenIdentity(file []byte, passphrase func() ([]byte, error)) (string, error) {
	if len(file) > maxIdentity {
		return "", fault.New(fault.Limit, "the key file has more than %d bytes", maxIdentity).Do("give the file that holds the key alone")
	}
	file = bytes.TrimLeft(file, "\ufeff \t\r\n") // some editors put a mark before the text; the end may be ciphertext
	if !bytes.HasPrefix(file, []byte(armor.Header)) && !bytes.HasPrefix(file, []byte("age-encryption.org/")) {
		return identityIn(file)
	}
	secret, err := passphrase()
	if err != nil {
		return "", err
	}
	wrong := fault.New(fault.Refused, "the passphrase does not open this key file").Do("check the keyboard's language and capitals")
	key, err := age.NewScryptIdentity(string(secret))
	if err != nil {
		return "", wrong // it is empty
	}
	key.SetMaxWorkFactor(maxScrypt)
	plain, err := decrypt(bytes.NewReader(file), wrong, key)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(plain, maxIdentity))
	if err != nil {
		return "", err
	}
	return identityIn(text)
}

// identityIn finds the one key in the lines of a plain identity file.
func identityIn(file []byte) (string, error) {
	var found []string
	for line := range strings.Lines(string(file)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			found = append(found, line)
		}
	}
	if len(found) != 1 {
		return "", fault.New(fault.Invalid, "the key file holds %d keys", len(found)).Do("give a file with exactly one")
	}
	if _, err := identityOf(found[0]); err != nil {
		return "", err
	}
	return found[0], nil
}
