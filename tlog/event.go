package tlog

import (
	"crypto/rand"
	"crypto/sha256"

	"ward/fault"
)

// LeafSize is the length of every entry of the log, in bytes.
const LeafSize = 36

// Leaf is an entry of the log: "WL", version 1, a class, and 32 bytes that commit to something.
type Leaf [LeafSize]byte

// Classes of leaves.
const (
	ClassPrivate byte = 0 // an event, or filling
	ClassPublic  byte = 1 // the hash of a body that everybody may read
)

// newLeaf puts a commitment into a leaf.
func newLeaf(class byte, commitment Hash) Leaf {
	l := Leaf{'W', 'L', 1, class}
	copy(l[4:], commitment[:])
	return l
}

// valid tells whether a leaf is of a version and class known here.
func (l Leaf) valid() bool {
	return l == newLeaf(l[3], Hash(l[4:])) && (l[3] == ClassPrivate || l[3] == ClassPublic)
}

// PublicLeaf commits to a body that is shown beside the log, such as the reason of an erasure.
func PublicLeaf(body []byte) Leaf { return newLeaf(ClassPublic, sha256.Sum256(body)) }

// Filler is a leaf that commits to nothing. Nobody can tell it from the leaf of an event whose secret they lack.
func Filler() Leaf {
	var c Hash
	rand.Read(c[:]) // never fails: crypto/rand ends the program instead
	return newLeaf(ClassPrivate, c)
}

// Event is one line of the journal. The secret is drawn for it alone.
type Event struct {
	Tenant, Act, Subject string
	Secret               Secret
	At, Who              string
	Digest               string // of the record or batch it is about, as Hex writes it
}

// Names of the three fields of an event's own record, in order.
const (
	fieldAt     = "at"
	fieldDigest = "digest"
	fieldWho    = "who"
)

func (e Event) fields() []Field {
	return []Field{{fieldAt, e.At}, {fieldDigest, e.Digest}, {fieldWho, e.Who}}
}

// macKey opens the leaf and nothing else: neither the secret nor a salt follows from it.
func (e Event) macKey() Hash { return e.Secret.derive("ward/mac/v1") }

// Leaf commits to the event.
func (e Event) Leaf() Leaf {
	return eventLeaf(e.macKey(), e.Tenant, e.Act, e.Subject, e.Secret.Digest(e.fields()))
}

// eventLeaf commits to what happened to whom and to the digest of the event's fields.
func eventLeaf(key Hash, tenant, act, subject string, fields Hash) Leaf {
	message := []byte("ward/leaf/v1\x00")
	for _, part := range []string{tenant, act, subject, "1"} { // "1": the generation of this layout
		message = prefixed(message, part)
	}
	return newLeaf(ClassPrivate, Secret(key).derive(string(message)+string(fields[:])))
}

// Opening is what a bundle discloses of an event, so that a reader can compute its leaf.
type Opening struct {
	Tenant  string  `json:"tenant"`
	Act     string  `json:"act"`
	Subject string  `json:"subject"`
	Key     string  `json:"key"`   // of the leaf's MAC, in hex
	Shown   []Shown `json:"shown"` // at, digest, who
}

// Open discloses the event with its digest. Show is asked whether "at" and "who" are disclosed too; a reader cannot guess what is left
// out, because the salts that hide it follow only from the secret.
func (e Event) Open(show func(name string) bool) Opening {
	shown := e.Secret.Show(e.fields(), func(name string) bool { return name == fieldDigest || show(name) })
	return Opening{e.Tenant, e.Act, e.Subject, Hex(e.macKey()), shown}
}

// Leaf computes the leaf that the opening opens to, and reads the digest it shows.
func (o Opening) Leaf() (Leaf, Hash, error) {
	if !o.showsAnEvent() {
		return Leaf{}, Hash{}, fault.New(fault.Invalid, "the opening does not show the digest between the time and the person")
	}
	key, err := ParseHash(o.Key)
	if err != nil {
		return Leaf{}, Hash{}, fault.Wrap(err, fault.Invalid, "the opening's key cannot be read")
	}
	fields, err := ShownDigest(o.Shown)
	if err != nil {
		return Leaf{}, Hash{}, err
	}
	digest, err := ParseHash(o.Shown[1].Value)
	if err != nil {
		return Leaf{}, Hash{}, fault.Wrap(err, fault.Invalid, "the opening's digest cannot be read")
	}
	return eventLeaf(key, o.Tenant, o.Act, o.Subject, fields), digest, nil
}

// showsAnEvent tells whether the three fields stand in their places; the first and the last may be left out.
func (o Opening) showsAnEvent() bool {
	if len(o.Shown) != 3 {
		return false
	}
	at, digest, who := o.Shown[0].Name, o.Shown[1].Name, o.Shown[2].Name
	return (at == fieldAt || at == "") && digest == fieldDigest && (who == fieldWho || who == "")
}
