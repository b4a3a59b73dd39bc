package tlog

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"strings"

	"ward/fault"
)

// Field is one field of a record. Values must be valid UTF-8, or JSON changes them on the way to the reader.
type Field struct{ Name, Value string }

// Secret hides the fields of one record or event. Who has it can open all of them; destroying it erases what they commit to.
type Secret [32]byte

// NewSecret draws a secret.
func NewSecret() Secret {
	var s Secret
	rand.Read(s[:]) // never fails: crypto/rand ends the program instead
	return s
}

// derive is HMAC-SHA256 of a message under the secret.
func (s Secret) derive(message string) Hash { return sum(hmac.New(sha256.New, s[:]), message) }

func sum(mac hash.Hash, message string) Hash {
	mac.Write([]byte(message))
	var h Hash
	mac.Sum(h[:0])
	return h
}

// fieldHash commits to one field.
func fieldHash(salt Hash, name, value string) Hash {
	message := append(make([]byte, 0, 256), "ward/field/v1\x00"...)
	message = append(message, salt[:]...)
	message = append(prefixed(message, name), value...)
	return sha256.Sum256(message)
}

// prefixed appends a text after its length in bytes as four bytes, most significant first.
func prefixed(message []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32(message, uint32(len(text))), text...)
}

// commitment is one field with what hides it.
type commitment struct {
	Field
	salt, hash Hash
}

// commit hashes every field under a salt of its own, in order of name: the salt of one field opens no other.
func (s Secret) commit(fields []Field) []commitment {
	if len(fields) == 0 {
		panic("tlog: a record needs fields")
	}
	ordered := slices.SortedFunc(slices.Values(fields), func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	mac := hmac.New(sha256.New, s[:])
	list := make([]commitment, len(ordered))
	for i, f := range ordered {
		if f.Name == "" || i > 0 && f.Name == ordered[i-1].Name {
			panic("tlog: a record's fields need names, each its own")
		}
		mac.Reset()
		salt := sum(mac, "ward/salt/v1\x00"+f.Name)
		list[i] = commitment{f, salt, fieldHash(salt, f.Name, f.Value)}
	}
	return list
}

// Digest commits to the fields in order of name, whatever their order here. No fields, a field without a name or a repeated name are
// programming errors and panic.
func (s Secret) Digest(fields []Field) Hash {
	list := s.commit(fields)
	entries := make([][]byte, len(list))
	for i := range list {
		entries[i] = list[i].hash[:]
	}
	return TreeHash(entries)
}

// Shown is one field as a reader gets it: name, value and salt, or, left out, only its hash. Salt and hash are hex.
type Shown struct {
	Name  string `json:"name,omitempty"`
	Value string `json:"value,omitempty"`
	Salt  string `json:"salt,omitempty"`
	Hash  string `json:"hash,omitempty"`
}

// Show discloses the fields for which show answers true, in order of name, and leaves out the others. It panics as Digest does.
func (s Secret) Show(fields []Field, show func(name string) bool) []Shown {
	list := make([]Shown, len(fields))
	for i, f := range s.commit(fields) {
		if show(f.Name) {
			list[i] = Shown{Name: f.Name, Value: f.Value, Salt: Hex(f.salt)}
		} else {
			list[i] = Shown{Hash: Hex(f.hash)}
		}
	}
	return list
}

// ShownDigest is the digest of the record that the list shows. The names shown must ascend in byte order, and each entry must have
// exactly one of the two forms.
func ShownDigest(list []Shown) (Hash, error) {
	if len(list) == 0 {
		return Hash{}, fault.New(fault.Invalid, "the record shows no field")
	}
	entries := make([][]byte, len(list))
	last := ""
	for i, f := range list {
		sum, err := f.commitment()
		if err != nil {
			return Hash{}, fault.Wrap(err, fault.Invalid, "field %d of the record cannot be read", i+1)
		}
		if f.Name != "" && f.Name <= last {
			return Hash{}, fault.New(fault.Invalid, "field %d of the record is repeated or out of order", i+1)
		}
		if f.Name != "" {
			last = f.Name
		}
		entries[i] = sum[:]
	}
	return TreeHash(entries), nil
}

// commitment is the hash of one field, shown or left out.
func (f Shown) commitment() (Hash, error) {
	if f == (Shown{Hash: f.Hash}) {
		return ParseHash(f.Hash)
	}
	if f.Name == "" || f.Hash != "" {
		return Hash{}, fault.New(fault.Invalid, "it is neither shown with name and salt nor left out with its hash alone")
	}
	salt, err := ParseHash(f.Salt)
	return fieldHash(salt, f.Name, f.Value), err
}
