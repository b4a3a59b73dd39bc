// Package evaluation documents torture and ill-treatment as the Istanbul Protocol (2022) asks, in its order (annex IV).
//
// Terms. An evaluation is one clinician's documentation of one person's account and of what was found. A section is a part of the report, its
// fields are data; what is said in a field carries how it is known: told by the person, seen by the clinician, or taken from a document. A
// finding is one lesion or symptom: where on the body, what it looks like, what is alleged to have caused it, and how consistent the two are
// (not consistent, consistent, highly consistent, typical, diagnostic); the absence of findings disproves nothing. Only what the clinician
// verified in person is stated as found. A use is one thing that the person is asked to allow, each by itself. A peer check is a colleague's
// reading before it is signed; after signing there are addenda and no edits.
//
// Everything is a fold over entries of the register "evaluation" whose subject is the evaluation's id: pure, without clock.
package evaluation

import (
	"time"

	"ward/entry"
)

// Register is where all of it stands.
const Register = "evaluation"

// Kinds of entries; the subject is the evaluation's id.
const (
	KindRequest     = "evaluation.request"     // Request; a later one replaces it
	KindConsent     = "evaluation.consent"     // Consent; a later one replaces it
	KindPart        = "evaluation.part"        // Part; a later one of the same section replaces it
	KindFinding     = "evaluation.finding"     // Finding; a later one of the same id replaces it
	KindPhoto       = "evaluation.file"        // Photo
	KindCaption     = "evaluation.caption"     // Caption; a later one of the same photograph replaces it
	KindInterpreter = "evaluation.interpreter" // Interpreter; a later one replaces it
	KindMove        = "evaluation.move"        // Move
	KindPeer        = "evaluation.peer"        // Peer
	KindSignature   = "evaluation.signature"   // Signature
	KindAddendum    = "evaluation.addendum"    // Addendum
)

// States of an evaluation (standards 10.4).
const (
	Requested   = "requested"
	Consented   = "consented"
	Examined    = "examined"
	Drafted     = "drafted"
	PeerChecked = "peer_checked"
	Signed      = "signed"
	Released    = "released"
	Stopped     = "stopped" // it was not done: consent was refused or withdrawn, or nobody was let in
)

// How something is known: codes of the list known_how.
const (
	Told     = "told"     // by the person
	Seen     = "seen"     // by the clinician
	Document = "document" // from a document
)

// Request is who asked for an evaluation of whom.
type Request struct {
	Person    string `json:"person"`              // id of the person
	Case      string `json:"case,omitempty"`      // id of the case it belongs to
	Country   string `json:"country,omitempty"`   // ISO3, where the person is
	Clinician string `json:"clinician"`           // name of the account that examines and signs
	Checker   string `json:"checker,omitempty"`   // name of the account that reads it before it is signed
	AskedBy   string `json:"asked_by"`            // the person, the family, a lawyer, a court ... in words
	Purpose   string `json:"purpose"`             // what it is to serve
	Lang      string `json:"lang,omitempty"`      // in which it is written
	Second    string `json:"second_of,omitempty"` // id of the evaluation to which this is a second, independent one
	Why       string `json:"why,omitempty"`       // of a change
}

// Answers to the question whether a use is allowed.
const (
	Yes      = "yes"
	No       = "no"
	NotAsked = "not_asked"
)

// Consent is what the person let be done, use by use. It counts for nothing unless the purpose and the consequences of refusing were
// explained and nobody coerced it (Istanbul Protocol 2022).
type Consent struct {
	Uses      map[string]string `json:"uses"`      // code of evaluation_use -> yes, no, not_asked
	Explained bool              `json:"explained"` // what it is for, what is done, who will read it
	Refusal   bool              `json:"refusal"`   // that refusing is possible, and what follows from it
	Free      bool              `json:"free"`      // nobody coerced it
	Capacity  string            `json:"capacity"`  // yes, no, unsure: understood, weighed, decided, said so
	Minor     bool              `json:"minor,omitempty"`
	Proxy     string            `json:"proxy,omitempty"` // who answered in the person's place, and on what basis
	Lang      string            `json:"lang,omitempty"`
	Method    string            `json:"method"` // spoken, written, signed, by_phone
	Day       string            `json:"day"`
	Note      string            `json:"note,omitempty"`
}

// Part is what one section says.
type Part struct {
	Section string            `json:"section"`
	Values  map[string]string `json:"values,omitempty"` // by the fields' keys
	Known   map[string]string `json:"known,omitempty"`  // by the fields' keys: told, seen, document
	Left    string            `json:"left,omitempty"`   // why the section stays empty
}

// Kinds of findings.
const (
	Physical      = "physical"
	Psychological = "psychological"
)

// Finding is one lesion, sign or symptom that the clinician verified in person.
type Finding struct {
	Finding      string   `json:"finding"` // ULID
	Kind         string   `json:"kind"`    // physical, psychological
	View         string   `json:"view,omitempty"`
	X            int      `json:"x,omitempty"` // thousandths of the drawing's width, from its left edge
	Y            int      `json:"y,omitempty"` // thousandths of its height, from its top
	Part         string   `json:"part,omitempty"`
	Side         string   `json:"side,omitempty"` // the person's own: left, right, middle
	Type         string   `json:"type"`           // code of lesion or of mental_finding
	Description  string   `json:"description"`
	Length       int      `json:"length,omitempty"` // mm
	Width        int      `json:"width,omitempty"`  // mm
	Colour       string   `json:"colour,omitempty"`
	Shape        string   `json:"shape,omitempty"`
	Age          string   `json:"age,omitempty"`     // estimate, in words
	Symptom      string   `json:"symptom,omitempty"` // pain, loss of function: what the person feels there now
	Known        string   `json:"known"`             // seen; anything else is refused
	Methods      []string `json:"methods,omitempty"` // codes of ill_treatment alleged to have caused it
	Alleged      string   `json:"alleged,omitempty"` // what the person says caused it
	Consistency  string   `json:"consistency,omitempty"`
	Why          string   `json:"why,omitempty"` // the reasons for the degree
	Differential string   `json:"differential,omitempty"`
	Removed      bool     `json:"removed,omitempty"` // it was stated in error
}

// Photo is a photograph kept as evidence.
type Photo struct {
	entry.WithFile
	Caption
}

// Caption is what is said of a photograph. Of is the entry that holds it, "" in the Photo itself.
type Caption struct {
	Of      string `json:"of,omitempty"`
	Text    string `json:"text,omitempty"`
	Scale   string `json:"scale,omitempty"` // yes, no, unknown: a measure stands in it
	By      string `json:"by,omitempty"`    // who took it
	Taken   string `json:"taken,omitempty"` // day, or day and time as written
	Finding string `json:"finding,omitempty"`
	Removed bool   `json:"removed,omitempty"`
	Why     string `json:"why,omitempty"`
}

// Interpreter is that an interpreter's name was sealed to two officers.
type Interpreter struct {
	Box string `json:"box"` // id of the sealed contact
}

// Move is a step of the workflow. Signing and checking are entries of their own and need none.
type Move struct {
	To    string   `json:"to"`
	Why   string   `json:"why,omitempty"`
	Use   string   `json:"use,omitempty"`   // of a release: code of evaluation_use
	For   string   `json:"for,omitempty"`   // of a release: the recipient
	Rests []string `json:"rests,omitempty"` // of a release: ids of the consents and reviews on which it rests
}

// Peer is a colleague's word after reading the draft.
type Peer struct {
	Pass   bool     `json:"pass"`
	Checks []string `json:"checks,omitempty"` // codes of peer_check that hold
	Remark string   `json:"remark,omitempty"`
	Digest string   `json:"digest"`          // of the content that was read
	Alone  bool     `json:"alone,omitempty"` // whoever wrote it read it, because there is nobody else
}

// Signature freezes the content.
type Signature struct {
	Digest   string `json:"digest"` // SHA-256 of the canonical content, in hex
	Name     string `json:"name"`   // as the clinician writes it
	Standing string `json:"standing"`
	Place    string `json:"place"`
	Day      string `json:"day"`
	Truth    bool   `json:"truth"` // that what is stated is true and one's own
	Alone    bool   `json:"alone,omitempty"`
}

// Addendum is what is added after signing.
type Addendum struct {
	Text  string `json:"text"`
	Known string `json:"known,omitempty"`
	Day   string `json:"day"`
}

// Entries are all about one evaluation, the oldest first.
type Entries struct {
	Requests     []entry.Entry[Request]
	Consents     []entry.Entry[Consent]
	Parts        []entry.Entry[Part]
	Findings     []entry.Entry[Finding]
	Photos       []entry.Entry[Photo]
	Captions     []entry.Entry[Caption]
	Interpreters []entry.Entry[Interpreter]
	Moves        []entry.Entry[Move]
	Peers        []entry.Entry[Peer]
	Signatures   []entry.Entry[Signature]
	Addenda      []entry.Entry[Addendum]
}

// KeptPhoto is a photograph with its number in the report and what is said of it now.
type KeptPhoto struct {
	Number  int    // from 1, in the order in which they came
	Entry   string // id of the entry that holds the file
	File    entry.File
	Caption Caption
	By      string
	At      time.Time
}

// Evaluation is one as the entries tell of it.
type Evaluation struct {
	ID string
	Request
	Opened    time.Time
	OpenedBy  string
	State     string
	Since     time.Time
	Consent   Consent // the newest
	Asked     bool    // somebody recorded what the person answered
	Parts     map[string]Part
	Findings  []Finding // that stand, in the order in which they were first stated
	Photos    []KeptPhoto
	Box       string                  // of the interpreter's sealed name; "" where there is none
	Peer      *entry.Entry[Peer]      // the newest; nil where nobody read it
	Signature *entry.Entry[Signature] // nil until it is signed
	Addenda   []entry.Entry[Addendum] // the oldest first
	Moves     []entry.Entry[Move]     // the oldest first
	Writers   []string                // whoever wrote something into its content
	signedAs  Consent                 // as it stood when it was signed
	signedReq Request
}
