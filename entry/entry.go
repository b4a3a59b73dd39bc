// Package entry keeps what people put on record about a subject, whatever the subject is: sealed, in order, committed to the log.
//
// Terms. An entry is what one person stated about one subject at one time. Its body is the statement itself, a struct of the package
// that owns the kind. Its kind says which body it holds ("commitment.grade"); its subject says what it speaks of, as a code or id that
// may stand in the open ("WMA-GAZA-2025:1|XAA"). An entry is never edited: whoever errs makes a later one, and the reader decides, by
// pure rules of the owning package, what the entries come to together.
//
// Every top-level field of the body is committed to by itself, so that one can be shown without the others. A field that is empty and
// marked omitempty is not committed to: a body may gain fields later without any older entry reading otherwise. A field is never
// renamed or removed.
package entry

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"ward/fault"
	"ward/tlog"
)

// Entry is one statement on record with who made it and when.
type Entry[T any] struct {
	ID      string // ULID
	Kind    string
	Subject string
	By      string
	At      time.Time // to the microsecond, UTC
	Log     Place     // where the log commits to it
	Body    T
}

// New is a statement to be put on record.
type New struct {
	Kind    string
	Subject string
	Body    any // a struct, or what else marshals to a JSON object
}

// kept is an entry as its table holds it.
type kept struct {
	id, kind, subject string
	by                string
	at                int64
	body              []byte // a JSON object
	secret            tlog.Secret
	log               Place
}

func bodyOf(n New) ([]byte, error) {
	b, err := json.Marshal(n.Body)
	if err == nil && (len(b) < 2 || b[0] != '{') {
		err = fault.New(fault.Internal, "the body of a %s is no object", n.Kind)
	}
	if err == nil && (n.Kind == "" || n.Subject == "") {
		err = fault.New(fault.Internal, "an entry needs a kind and a subject")
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "an entry cannot be written")
	}
	return b, nil
}

// commitment is the digest of an entry, each field salted by itself.
func (k kept) commitment() (tlog.Hash, error) {
	var body map[string]json.RawMessage
	if err := json.Unmarshal(k.body, &body); err != nil {
		return tlog.Hash{}, fault.Wrap(err, fault.Internal, "an entry cannot be read")
	}
	fields := []tlog.Field{{Name: "@id", Value: k.id}, {Name: "@kind", Value: k.kind}, {Name: "@subject", Value: k.subject},
		{Name: "@by", Value: k.by}, {Name: "@at", Value: strconv.FormatInt(k.at, 10)}}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		fields = append(fields, tlog.Field{Name: name, Value: string(body[name])})
	}
	return k.secret.Digest(fields), nil
}

// opened is the entry with its body read into T; fields that T does not know are passed over.
func opened[T any](k kept) (Entry[T], error) {
	e := Entry[T]{ID: k.id, Kind: k.kind, Subject: k.subject, By: k.by, At: time.UnixMicro(k.at).UTC(), Log: k.log}
	if err := json.Unmarshal(k.body, &e.Body); err != nil {
		return e, fault.Wrap(err, fault.Internal, "an entry cannot be read")
	}
	return e, nil
}

// Latest keeps the last entry of each subject, in the order in which they were made.
func Latest[T any](entries []Entry[T]) []Entry[T] {
	last := map[string]int{}
	for i, e := range entries {
		last[e.Subject] = i
	}
	var out []Entry[T]
	for _, i := range slices.Sorted(maps.Values(last)) {
		out = append(out, entries[i])
	}
	return out
}
