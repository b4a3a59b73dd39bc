package seal

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"ward/fault"
)

// NewIdentity draws a hybrid key pair (ML-KEM-768 with X25519): the secret identity and the recipient that others seal to.
func NewIdentity() (identity, recipient string, err error) {
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", "", fault.Wrap(err, fault.Internal, "no key could be made")
	}
	return id.String(), id.Recipient().String(), nil
}

// Recipient is the public half of an identity.
func Recipient(identity string) (string, error) {
	id, err := identityOf(identity)
	if err != nil {
		return "", err
	}
	return id.Recipient().String(), nil
}

// CheckRecipient accepts hybrid recipients (age1pq1...). A classic one is Refused: what is sealed to it today may be opened by a
// quantum computer later.
func CheckRecipient(recipient string) error {
	_, err := recipientOf(recipient)
	return err
}

func recipientOf(s string) (*age.HybridRecipient, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "AGE-SECRET-KEY-") {
		return nil, fault.New(fault.Invalid, "this is the secret half of a key, not a recipient").
			Do("give the half that begins with age1pq1; if others have seen the secret half, make a new key")
	}
	r, err := age.ParseHybridRecipient(s)
	if err == nil {
		return r, nil
	}
	if _, err := age.ParseX25519Recipient(s); err == nil || strings.HasPrefix(s, "ssh-") {
		return nil, classic()
	}
	return nil, fault.New(fault.Invalid, "this is not a recipient").Do("give one that begins with age1pq1, whole and without line breaks")
}

func identityOf(s string) (*age.HybridIdentity, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "AGE-SECRET-KEY-1") {
		return nil, classic()
	}
	id, err := age.ParseHybridIdentity(s)
	if err != nil { // the cause might quote the key
		return nil, fault.New(fault.Invalid, "this is not an identity").Do("give one that begins with AGE-SECRET-KEY-PQ-1, whole and without line breaks")
	}
	return id, nil
}

func classic() error {
	return fault.New(fault.Refused, "this is a classic key: what is sealed to it now, a quantum computer may open later").
		Do("make a hybrid one with `age-keygen -pq`")
}

// SealTo writes an age file that any one of the recipients can open. It is complete only after Close, which does not close w.
func SealTo(w io.Writer, recipients ...string) (io.WriteCloser, error) {
	if len(recipients) == 0 {
		return nil, fault.New(fault.Invalid, "nobody was named who may open the file").Do("name one recipient or more")
	}
	keys := make([]age.Recipient, len(recipients))
	for i, s := range recipients {
		r, err := recipientOf(s)
		if err != nil {
			return nil, err
		}
		keys[i] = r
	}
	out, err := age.Encrypt(w, keys...)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the sealed file could not be begun")
	}
	return out, nil
}

// OpenWith reads an age file, armored or not, with the first identity that fits. It is Refused when none does and Invalid when the file is
// damaged; damage may show only later, as an error of the reader: what was read before it is authentic, but not all.
func OpenWith(r io.Reader, identities ...string) (io.Reader, error) {
	keys := make([]age.Identity, len(identities))
	for i, s := range identities {
		id, err := identityOf(s)
		if err != nil {
			return nil, err
		}
		keys[i] = id
	}
	none := fault.New(fault.Refused, "none of the keys opens this file").Do("ask whom it was sealed to")
	if len(keys) == 0 {
		return nil, none
	}
	return decrypt(r, none, keys...)
}

// decrypt opens an age file; none is the error when no key fits.
func decrypt(r io.Reader, none error, keys ...age.Identity) (io.Reader, error) {
	src := &source{r: r}
	plain, err := age.Decrypt(dearmored(src), keys...)
	if noMatch := (*age.NoIdentityMatchError)(nil); errors.As(err, &noMatch) {
		return nil, none
	}
	if err != nil {
		return nil, src.explain()
	}
	return &opened{plain: plain, src: src}, nil
}

// dearmored takes the armor off, where there is one.
func dearmored(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if start, _ := b.Peek(len(armor.Header)); string(start) == armor.Header {
		return armor.NewReader(&shortLines{r: b})
	}
	return b
}

// maxLine bounds a line of armor in bytes, which is 64 by its rules: its reader takes in a whole line before it looks.
const maxLine = 1 << 10

// shortLines fails at a line longer than maxLine.
type shortLines struct {
	r    io.Reader
	line int // bytes since the last line end
}

func (s *shortLines) Read(p []byte) (int, error) {
	n, err := s.r.Read(p[:min(len(p), maxLine)])
	if end := bytes.LastIndexByte(p[:n], '\n'); end >= 0 {
		s.line = n - end - 1
	} else {
		s.line += n
	}
	if s.line > maxLine {
		return 0, errors.New("a line of armor is too long")
	}
	return n, err
}

// source remembers why its reader failed, so that a failing disk is not taken for a damaged file.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// explain says why opening failed. The age package's own words are left out: they quote what they could not read.
func (s *source) explain() error {
	if s.err != nil {
		return s.err
	}
	return fault.New(fault.Invalid, "this is not a sealed file, or it was damaged or cut short").
		Keeping("its bytes are kept as they are").Do("ask for it again")
}

// opened is the plain text of an age file as it is read.
type opened struct {
	plain io.Reader
	src   *source
}

func (o *opened) Read(p []byte) (int, error) {
	n, err := o.plain.Read(p)
	if err != nil && err != io.EOF {
		err = o.src.explain()
	}
	return n, err
}
