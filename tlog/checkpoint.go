package tlog

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"ward/fault"
)

// Checkpoint says how large a log is and what it holds. The origin is the name of the log's key.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// text is the note text of C2SP tlog-checkpoint, without extension lines.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// parseCheckpoint reads a note text in its one form; extension lines are refused, as nothing here would honour them.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, malformed("a checkpoint does not have exactly three lines")
	}
	size, ok := number(lines[1])
	root, good := base64Hash(lines[2])
	if !ok || !good || !validName(lines[0]) {
		return Checkpoint{}, malformed("a checkpoint has no proper origin, size or root")
	}
	return Checkpoint{lines[0], size, root}, nil
}

func malformed(what string) error { return fault.Wrap(ErrMalformed, fault.Invalid, "%s", what) }

// SignCheckpoint signs with the log's own key, whose name must be the origin.
func SignCheckpoint(signer string, c Checkpoint) ([]byte, error) {
	if _, err := parseCheckpoint(c.text()); err != nil {
		return nil, err
	}
	k, err := parseSigner(signer)
	if err != nil {
		return nil, err
	}
	if k.name != c.Origin {
		return nil, fault.New(fault.Invalid, "the signing key is another log's")
	}
	return SignText(signer, c.text())
}

// ReadCheckpoint reads the checkpoint in a signed note and checks no signature.
func ReadCheckpoint(signed []byte) (Checkpoint, error) {
	n, err := readNote(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	return parseCheckpoint(n.Text)
}

// OpenCheckpoint reads a checkpoint signed by the log's key, whatever else has signed it. Errors are ErrMalformed, ErrUnknownKey when
// the log has not signed it, and ErrSignature.
func OpenCheckpoint(signed []byte, verifier string) (Checkpoint, error) {
	v, err := logVerifier(verifier)
	if err != nil {
		return Checkpoint{}, err
	}
	n, err := openNote(signed, v)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := parseCheckpoint(n.Text)
	if err == nil && c.Origin != v.Name() {
		return Checkpoint{}, fault.Wrap(ErrUnknownKey, fault.Invalid, "the checkpoint is another log's")
	}
	return c, err
}

// SignText signs a text of whole lines. The text may have blank lines, but no control characters.
func SignText(signer, text string) ([]byte, error) {
	k, err := parseSigner(signer)
	if err != nil {
		return nil, err
	}
	if k.alg != algEd25519 {
		return nil, fault.New(fault.Invalid, "a witness's key signs nothing but cosignatures")
	}
	s, err := note.NewSigner(signer)
	if err != nil {
		return nil, errors.New("a signing key that was read cannot sign") // without the cause: it may quote
	}
	signed, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		return nil, malformed("a text to be signed does not end its last line")
	}
	_, err = readNote(signed)
	return signed, err
}

// OpenText reads what SignText signed. The key's signature must be the only one: every byte of the note is then accounted for.
// Errors are those of OpenCheckpoint.
func OpenText(signed []byte, verifier string) (string, error) {
	v, err := logVerifier(verifier)
	if err != nil {
		return "", err
	}
	n, err := openNote(signed, v)
	if err != nil {
		return "", err
	}
	if len(n.UnverifiedSigs) > 0 {
		return "", malformed("a note has further signatures")
	}
	return n.Text, nil
}

// logVerifier makes a verifier of a log's key; a witness's key is none.
func logVerifier(text string) (note.Verifier, error) {
	k, err := parseVerifier(text)
	if err != nil {
		return nil, err
	}
	if k.alg != algEd25519 {
		return nil, fault.New(fault.Invalid, "a witness's key stands where a log's key belongs")
	}
	return note.NewVerifier(text)
}

// openNote reads a signed note. At least one of the verifiers must have signed, and no signature of theirs may be wrong.
func openNote(signed []byte, known ...note.Verifier) (*note.Note, error) {
	if len(signed) > maxInput {
		return nil, fault.Wrap(ErrMalformed, fault.Limit, "a signed note is larger than %d bytes", maxInput)
	}
	n, err := note.Open(signed, note.VerifierList(known...))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		n, err = unverified.Note, fault.Wrap(ErrUnknownKey, fault.Invalid, "a note is signed by none of the keys that are trusted")
	case errors.As(err, &invalid):
		return nil, fault.Wrap(ErrSignature, fault.Invalid, "a note or its signature was altered")
	case err != nil:
		return nil, malformed("a signed note cannot be read")
	}
	if !canonical(n, signed) {
		return nil, malformed("a signed note repeats a signature or spells one unusually")
	}
	return n, err
}

// readNote reads a signed note without checking who signed it.
func readNote(signed []byte) (*note.Note, error) {
	n, err := openNote(signed)
	if errors.Is(err, ErrUnknownKey) {
		err = nil
	}
	return n, err
}

// canonical tells whether the note accounts for every byte: package note skips repeated signatures and lets base64 vary.
func canonical(n *note.Note, signed []byte) bool {
	length := len(n.Text) + 1
	for _, s := range append(n.Sigs[:len(n.Sigs):len(n.Sigs)], n.UnverifiedSigs...) {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return false
		}
		length += len(sigLine(s))
	}
	return length == len(signed)
}

// sigLine writes one signature line.
func sigLine(s note.Signature) string { return "— " + s.Name + " " + s.Base64 + "\n" }
