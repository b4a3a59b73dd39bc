package tlog

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"ward/fault"
)

// lastSecond ends the year 9999: later times cannot be written down, and cosignatures that claim them are refused.
const lastSecond = 253402300799

// cosigned is the message of cosignature/v1: a time before the note's text.
func cosigned(second uint64, text []byte) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", second, text)
}

// Cosign signs a checkpoint as a witness and gives the signature line. It looks at neither the log's signature nor the history:
// WitnessRequest.Consider does. The time is kept to the second.
func Cosign(signer string, signed []byte, at time.Time) (line []byte, err error) {
	k, err := parseSigner(signer)
	if err != nil {
		return nil, err
	}
	if k.alg != algCosignature {
		return nil, fault.New(fault.Invalid, "a log's key does not cosign").Do("make a witness's key")
	}
	c, err := ReadCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	second := at.Unix()
	if second < 0 || second > lastSecond {
		return nil, fault.New(fault.Invalid, "a cosignature cannot have a time before 1970 or after 9999").Do("set the clock")
	}
	sum := ed25519.Sign(ed25519.NewKeyFromSeed(k.raw), cosigned(uint64(second), []byte(c.text())))
	raw := binary.BigEndian.AppendUint32(nil, k.public().id())
	raw = append(binary.BigEndian.AppendUint64(raw, uint64(second)), sum...)
	return []byte(sigLine(note.Signature{Name: k.name, Base64: base64.StdEncoding.EncodeToString(raw)})), nil
}

// Cosignature finds, among the lines that a witness answered with, the one that its key made for this checkpoint, and the time it
// states. Lines of other keys are passed over. Errors are ErrUnknownKey when there is none, ErrSignature and ErrMalformed.
func Cosignature(signed, answer []byte, verifier string) (line []byte, at time.Time, err error) {
	w, err := witnessVerifier(verifier)
	if err != nil {
		return nil, time.Time{}, err
	}
	c, err := ReadCheckpoint(signed)
	if err != nil {
		return nil, time.Time{}, err
	}
	n, err := openLines(c.text(), answer, w)
	if err != nil {
		return nil, time.Time{}, err
	}
	return []byte(sigLine(n.Sigs[0])), cosignatureTime(n.Sigs[0]), nil
}

// AddCosignature adds a line that Cosignature found, in place of an earlier one by the same key.
func AddCosignature(signed, line []byte) ([]byte, error) {
	n, err := readNote(signed)
	if err != nil {
		return nil, err
	}
	added, err := openLines(n.Text, line)
	if err != nil && !errors.Is(err, ErrUnknownKey) {
		return nil, err
	}
	if len(added.UnverifiedSigs) != 1 {
		return nil, malformed("a cosignature is not one line")
	}
	out := []byte(n.Text + "\n")
	for _, s := range n.UnverifiedSigs {
		if s.Name != added.UnverifiedSigs[0].Name || s.Hash != added.UnverifiedSigs[0].Hash {
			out = append(out, sigLine(s)...)
		}
	}
	out = append(out, line...)
	_, err = readNote(out)
	return out, err
}

// openLines reads signature lines under a text, as openNote does. Lines that would change where the text ends are refused.
func openLines(text string, lines []byte, known ...note.Verifier) (*note.Note, error) {
	n, err := openNote(append([]byte(text+"\n"), lines...), known...)
	if n != nil && n.Text != text {
		return nil, malformed("signature lines contain a text")
	}
	return n, err
}

// cosigner checks a witness's cosignatures.
type cosigner struct{ key }

func (w cosigner) Name() string    { return w.name }
func (w cosigner) KeyHash() uint32 { return w.id() }

// Verify reports whether sig is a time and the witness's signature over it and the text.
func (w cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	second := binary.BigEndian.Uint64(sig)
	return second <= lastSecond && ed25519.Verify(w.raw, cosigned(second, text), sig[8:])
}

// witnessVerifier makes a verifier of a witness's key; a log's key is none.
func witnessVerifier(text string) (cosigner, error) {
	k, err := parseVerifier(text)
	if err == nil && k.alg != algCosignature {
		err = fault.New(fault.Invalid, "a log's key stands where a witness's key belongs")
	}
	return cosigner{k}, err
}

// cosignatureTime reads the time in a cosignature that a cosigner has verified.
func cosignatureTime(s note.Signature) time.Time {
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil {
		panic(errors.New("tlog: a verified signature is not base64"))
	}
	return time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0).UTC()
}
