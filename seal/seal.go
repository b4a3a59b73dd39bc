// Package seal keeps what is stored unreadable to whoever lacks the keys, and tells who may have them.
//
// A data key belongs to one subject (a report, an incident, an import) and seals its texts; destroying every copy of it
// erases the subject. The desk key wraps the data keys. It is never written in clear: a keyring holds it in envelopes that a
// passphrase or two key shares open, next to the workspace's own secrets. Files that leave the desk are age files to hybrid
// (post-quantum) recipients. The package knows no files, no SQL and no network.
//
// Every sealed value is bound to a context, a few public words that say what it is ("report 01J..."). It opens only under the same
// words, so that a value moved to another row or column is noticed. Keys stay in memory while the desk runs: Go cannot promise
// that a copy is wiped.
package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"

	"ward/fault"
)

// Key is a secret of 256 bits: the data key of one subject, or the key under the blind index.
type Key [32]byte

// Overhead is by how many bytes a sealed value is longer than its plain text.
const Overhead = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

// NewKey draws a key from the system's random source.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails: the program ends instead
	return k
}

// Format keeps the key out of logs and messages, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { io.WriteString(f, "[key]") }

// Seal encrypts with XChaCha20-Poly1305 under a random nonce: 24 bytes of nonce, the ciphertext, 16 bytes of tag. Context is
// authenticated and not stored.
func (k Key) Seal(context string, plain []byte) []byte {
	out := make([]byte, chacha20poly1305.NonceSizeX, len(plain)+Overhead)
	rand.Read(out)
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic(err) // the length of a Key is right by its type
	}
	return aead.Seal(out, out, plain, []byte(context))
}

// Open gives the plain text of what Seal made with the same key and context. It is Internal when a single bit differs: the store was
// altered, or the value stands in the wrong place.
func (k Key) Open(context string, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead {
		return nil, misdirected()
	}
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic(err) // the length of a Key is right by its type
	}
	nonce, ciphertext := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	plain, err := aead.Open(nil, nonce, ciphertext, []byte(context))
	if err != nil {
		return nil, misdirected()
	}
	return plain, nil
}

// openKey opens a sealed key.
func (k Key) openKey(context string, sealed []byte) (Key, error) {
	plain, err := k.Open(context, sealed)
	if err != nil {
		return Key{}, err
	}
	if len(plain) != len(Key{}) {
		return Key{}, misdirected()
	}
	return Key(plain), nil
}

func misdirected() error {
	return fault.New(fault.Internal, "a sealed value was altered or misdirected").
		Keeping("its bytes are kept as they are").Do("compare the database with the last good backup")
}

// Blind is a look-up key in hex (128 bits) that confirms no guess to somebody without k. The parts are told apart: ("ab", "c") and
// ("a", "bc") differ.
func (k Key) Blind(parts ...string) string {
	mac := hmac.New(sha256.New, k[:])
	io.WriteString(mac, "ward/blind/v1\x00")
	for _, p := range parts {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(p)))
		mac.Write(size[:])
		io.WriteString(mac, p)
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
