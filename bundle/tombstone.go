package bundle

import (
	"crypto/hmac"
	"crypto/sha256"

	"ward/fault"
	"ward/tlog"
)

// A tombstone is the body of a public leaf. It says on which day a record was erased and for what class of reason, and names
// the record only to those to whom the key is disclosed.
type tombstone struct {
	Version int    `json:"v"`
	Kind    string `json:"kind"`
	Reason  string `json:"reason"`
	Day     string `json:"day"`
	Subject string `json:"subject"`
}

// NewTombstone makes the body of the public leaf that says that the record of this id was erased. The key must be new; it is
// kept with what remains of the record. Reason is a class in small letters, such as consent_withdrawn; day is YYYY-MM-DD.
func NewTombstone(key tlog.Secret, id, day, reason string) ([]byte, error) {
	if !isID(id) || !isDay(day) || !isWord(reason) {
		return nil, fault.New(fault.Invalid, "a tombstone needs an id, a day and a class of reason").
			Do("write the day as 2026-01-31 and the reason as one word in small letters")
	}
	return canonical(tombstone{1, "tombstone", reason, day, tombstoneSubject(key, id)})
}

func tombstoneSubject(key tlog.Secret, id string) string {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("ward/tombstone/v1\x00" + id))
	return tlog.Hex(tlog.Hash(mac.Sum(nil)))
}

func readTombstone(body []byte) (tombstone, error) {
	t, err := readCanonical[tombstone](newCanon(), body)
	if err == nil && (t.Version != 1 || t.Kind != "tombstone" || !isWord(t.Reason) || !isDay(t.Day) || !isHash(t.Subject)) {
		err = errNotCanonical
	}
	return t, err
}
