package seal

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"ward/fault"
)

const phrase = "an invented passphrase"

func under(t *testing.T, plain, passphrase string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := SealUnder(&out, []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, plain)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func told(passphrase string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(passphrase), nil }
}

func never(t *testing.T) func() ([]byte, error) {
	return func() ([]byte, error) { t.Error("a passphrase was asked for"); return nil, io.EOF }
}

func TestAFileOpensUnderItsPassphraseOrAnIdentity(t *testing.T) {
	file := under(t, "words", phrase+"\n")
	r, err := OpenEither(bytes.NewReader(file), told(phrase))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); string(b) != "words" || err != nil {
		t.Errorf("%q %v", b, err)
	}
	if _, err := OpenEither(bytes.NewReader(file), told(phrase+"x")); !fault.Is(err, fault.Refused) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if _, err := SealUnder(io.Discard, []byte("short")); !fault.Is(err, fault.Invalid) {
		t.Errorf("a short passphrase: %v", err)
	}
	identity, recipient, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := SealTo(&out, recipient)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "words")
	w.Close()
	r, err = OpenEither(bytes.NewReader(out.Bytes()), never(t), identity)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); string(b) != "words" || err != nil {
		t.Errorf("%q %v", b, err)
	}
}

// Every byte of a keyring that changes is noticed by whoever holds the desk key, in the share envelope too, which nobody opens by day.
func TestAKeyringIsWholeOrItIsNot(t *testing.T) {
	ring, d, err := NewKeyring([]byte(phrase), Cost{Time: 1, MemoryKiB: 64, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	shares, pending, err := ring.NewShares(d, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := ring.ConfirmShares(d, pending, shares[0], shares[2]); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(ring)
	if err != nil {
		t.Fatal(err)
	}
	whole := func(body []byte) bool {
		var r Keyring
		if json.Unmarshal(body, &r) != nil {
			return false
		}
		open, err := r.Unlock([]byte(phrase))
		return err == nil && r.Whole(open, body) == nil
	}
	if !whole(body) {
		t.Fatal("an untouched keyring is not whole")
	}
	for i := range body {
		for bit := range 8 {
			flipped := bytes.Clone(body)
			flipped[i] ^= 1 << bit
			if whole(flipped) {
				t.Errorf("bit %d of byte %d is not missed: %.40q", bit, i, flipped[max(0, i-20):])
			}
		}
	}
}
