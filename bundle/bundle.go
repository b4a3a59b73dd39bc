package bundle

import (
	"time"

	"ward/tlog"
)

// Content is what a bundle is made of.
type Content struct {
	Origin   string // the log's name
	Incident string // id of the incident that the bundle is about; one record must be of kind incident with this id
	Language string // of the values shown, such as "en" or "fa"
	Verifier string // the log's verifying key, as tlog.NewSigner gives it
	Records  []Record
	Files    []File
}

// Record is one record with its proof, or the tombstone of one that was erased. All proofs of a bundle carry one checkpoint.
type Record struct {
	Kind, ID string
	Shown    []tlog.Shown
	Batch    *Batch // nil when the event's digest is the record's own
	Opening  tlog.Opening
	Proof    tlog.Proof
	File     string  // name of the File whose hash the field original.sha256 shows; "" when none is enclosed
	Erased   *Erased // when set, only Kind, ID and Proof stand beside it
}

// Batch leads from a record to the digest of the event it was part of.
type Batch struct {
	Index, Size int
	Path        []tlog.Hash
}

// Erased shows that the public leaf which Proof proves is the tombstone of this record.
type Erased struct {
	Key  tlog.Secret // made for this tombstone alone; NewTombstone has used it
	Body []byte      // as NewTombstone made it
}

// File is an original, enclosed as it came.
type File struct {
	Name string // letters, digits, dots, dashes and underlines
	Data []byte // at most MaxFile bytes
}

// FileField is the name of the field that binds a file to a record: its value is the file's SHA-256 in hex.
const FileField = "original.sha256"

// Codes of a result and exit codes of the verifiers.
const (
	Holds       = 0  // everything holds
	Differs     = 10 // an entry is not what was packed or signed, or not in its form
	Missing     = 11 // an entry is missing, or one is there that nothing asks for
	NotIncluded = 12 // the chain from the fields shown to the checkpoint is broken
	BadSigned   = 13 // the manifest's, the checkpoint's or a witness's signature does not hold
	NoQuorum    = 14 // too few of the policy's witnesses have cosigned
	UnknownKey  = 15 // the log is none of the policy's
	Damaged     = 16 // the archive is cut off, damaged or not in its one form
	WasErased   = 20 // everything holds, and a record was lawfully erased
)

// order is that of judgement: of several failures the first named here gives the code.
func order() []int {
	return []int{Damaged, Differs, Missing, BadSigned, UnknownKey, NotIncluded, NoQuorum, WasErased}
}

// Result is what Verify found. Texts are sentences for people; Code is for programs.
type Result struct {
	Code     int       `json:"code"`
	Failures []Failure `json:"failures"`
	Notes    []string  `json:"notes"` // what was not judged, and what an erasure means

	// What the bundle says of itself. It is empty as long as the archive is damaged, and means nothing while Code is under 14.
	Origin   string `json:"origin"`
	Incident string `json:"incident"`
	Language string `json:"language"`
	Key      string `json:"key"`  // the log's verifying key, to be compared with one had from elsewhere
	Size     int64  `json:"size"` // leaves under the checkpoint

	Cosigned []Cosigned      `json:"cosigned"` // by witnesses of the policy
	Records  []RecordSummary `json:"records"`  // empty unless the chains hold, which Code 0, 14, 15 and 20 say
}

// Failure is one thing that does not hold.
type Failure struct {
	Code int    `json:"code"`
	Text string `json:"text"`
}

// Cosigned says that a witness had seen the checkpoint at a time, in its own clock's seconds.
type Cosigned struct {
	Witness string    `json:"witness"`
	At      time.Time `json:"at"`
}

// RecordSummary is one record as the bundle shows it. Who and the values of Fields are the record's own words: whoever prints them
// must expect control characters and every script. All else is printable ASCII.
type RecordSummary struct {
	Kind   string   `json:"kind"`
	ID     string   `json:"id"`
	Act    string   `json:"act,omitempty"` // what happened to it when it was logged
	At     string   `json:"at,omitempty"`  // when, by the desk's clock; empty when hidden
	Who    string   `json:"who,omitempty"`
	Leaf   int64    `json:"leaf"` // number in the log
	Fields []Shown  `json:"fields"`
	Hidden int      `json:"hidden"` // fields that exist and are not shown
	File   string   `json:"file,omitempty"`
	Erased *Erasure `json:"erased,omitempty"`
}

// Shown is a field that the bundle shows.
type Shown struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Erasure is what remains of an erased record.
type Erasure struct {
	Day    string `json:"day"`    // YYYY-MM-DD
	Reason string `json:"reason"` // a class such as consent_withdrawn
}
