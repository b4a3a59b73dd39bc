package tlog

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"ward/fault"
)

// Signature types of C2SP signed-note. The type is part of the key, so that a key has one use.
const (
	algEd25519     byte = 1 // a log's: over the text
	algCosignature byte = 4 // a witness's: over the text with a time before it
)

const maxName = 255 // bytes in a key's name

// key is what the text of a signing or verifying key holds.
type key struct {
	name string
	alg  byte
	raw  []byte // 32 bytes: seed or public key
}

// NewSigner makes a log's key pair: "PRIVATE+KEY+origin+id+key", secret, and "origin+id+key". The origin names the log for ever; it
// should look like example.org/ward, and has neither blanks nor plus signs.
func NewSigner(origin string) (signer, verifier string, err error) {
	return newPair(origin, algEd25519)
}

// NewWitnessSigner makes a witness's key pair, for cosignature/v1 only.
func NewWitnessSigner(name string) (signer, verifier string, err error) {
	return newPair(name, algCosignature)
}

func newPair(name string, alg byte) (signer, verifier string, err error) {
	if !validName(name) {
		return "", "", fault.New(fault.Invalid, "a key's name cannot be empty, longer than %d bytes, or have blanks or plus signs", maxName).
			Do("choose a name like example.org/ward")
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("making a signing key: %w", err)
	}
	seed := append([]byte{alg}, private.Seed()...)
	verifier = key{name, alg, public}.String()
	id := verifier[len(name)+1:][:8]
	return "PRIVATE+KEY+" + name + "+" + id + "+" + base64.StdEncoding.EncodeToString(seed), verifier, nil
}

// VerifierOf derives the verifying key from the signing key.
func VerifierOf(signer string) (string, error) {
	k, err := parseSigner(signer)
	if err != nil {
		return "", err
	}
	return k.public().String(), nil
}

// public is the verifying key of a signing key.
func (k key) public() key {
	return key{k.name, k.alg, ed25519.NewKeyFromSeed(k.raw).Public().(ed25519.PublicKey)}
}

// id is the key ID of C2SP signed-note; k is a verifying key.
func (k key) id() uint32 {
	sum := sha256.Sum256(append([]byte(k.name+"\n"+string([]byte{k.alg})), k.raw...))
	return binary.BigEndian.Uint32(sum[:])
}

// String writes a verifying key.
func (k key) String() string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.id(), base64.StdEncoding.EncodeToString(append([]byte{k.alg}, k.raw...)))
}

// parseVerifier reads a verifying key in its one form.
func parseVerifier(text string) (key, error) {
	k, ok := parseKey(text)
	if !ok || k.String() != text {
		return key{}, fault.New(fault.Invalid, "a verifying key is incomplete or mistyped").Do("copy it whole, as name+id+key")
	}
	if k.alg != algEd25519 && k.alg != algCosignature {
		return key{}, fault.New(fault.Invalid, "a verifying key is of a kind that cannot be checked here").Do("use an Ed25519 key")
	}
	return k, nil
}

// parseSigner reads a signing key; the error never quotes it.
func parseSigner(text string) (key, error) {
	rest, ok := strings.CutPrefix(text, "PRIVATE+KEY+")
	k, good := parseKey(rest)
	if !ok || !good || k.alg != algEd25519 && k.alg != algCosignature || !strings.HasPrefix(rest, fmt.Sprintf("%s+%08x+", k.name, k.public().id())) {
		return key{}, fault.New(fault.Invalid, "the signing key cannot be read")
	}
	return k, nil
}

// parseKey reads name+id+key without checking the id.
func parseKey(text string) (key, bool) {
	name, rest, _ := strings.Cut(text, "+")
	_, encoded, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || !validName(name) {
		return key{}, false
	}
	return key{name, raw[0], raw[1:]}, true
}

// validName follows C2SP signed-note, and is stricter about length and what cannot be seen.
func validName(name string) bool {
	forbidden := func(r rune) bool { return r == '+' || unicode.IsSpace(r) || unicode.IsControl(r) }
	return name != "" && len(name) <= maxName && utf8.ValidString(name) && !strings.ContainsFunc(name, forbidden)
}
