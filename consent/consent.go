// Package consent says what a person let be done with what is held on them, and whether a disclosure may rest on it.
//
// Terms. A consent is given by the person, or by a proxy on a basis, to purposes (code list consent), recipients and data classes, in a language
// they understand, until a day; without a word that nobody coerced it, it is none (Istanbul Protocol 2022: consent under duress or on partial
// information is void). It may be refused or not possible, narrowed, withdrawn, or expire. A review is one named person's dated word that
// something about somebody may leave in spite of where they are, or may not.
//
// One consent stands for a disclosure where it covers the purpose and the recipient; every data class must be covered so, by one consent or by
// several. The newest word counts: a later refusal or withdrawal stops what was given before it, within what it names.
//
// In custody or hiding consent alone is never enough (design.md 10.5): two people renew a dated review; the default is off; one word against
// it stops it at once. Consent is asked at every disclosure, never remembered as a yes.
package consent

import (
	"ward/entry"
)

// Register is where all of it stands.
const Register = "consent"

// Kinds of entries; the subject is the id of the person whose consent it is.
const (
	KindAnswer = "consent.answer" // Answer
	KindEnd    = "consent.end"    // End
	KindReview = "consent.review" // Review
	KindDone   = "consent.done"   // Done
)

// Answers to the question.
const (
	Asked       = "asked" // the question is open
	Given       = "given"
	Refused     = "refused"
	NotPossible = "not_possible"
)

// What becomes of a question that was asked, and of a consent that was given (standards 10.4).
const (
	Answered  = "answered"
	Narrowed  = "narrowed"
	Withdrawn = "withdrawn"
	Expired   = "expired"
)

// Who gives it.
const (
	Self  = "self"
	Proxy = "proxy"
)

// Everything, as the scope of an End.
const All = "all"

// Answer is what somebody said when they were asked (standards 10.2 consent).
type Answer struct {
	Answer     string   `json:"answer"`               // asked, given, refused, not_possible
	Giver      string   `json:"giver"`                // self, proxy
	Basis      string   `json:"basis,omitempty"`      // of a proxy: parent, spouse, lawyer with a mandate ...
	Capacity   string   `json:"capacity"`             // yes, no, unsure
	Lang       string   `json:"lang"`                 // in which it was asked
	Purposes   []string `json:"purposes,omitempty"`   // codes of consent; of a refusal, none is every one
	Recipients []string `json:"recipients,omitempty"` // mechanisms or names; none is none, of a refusal everybody
	Classes    []string `json:"classes,omitempty"`    // codes of data_class; of a refusal, none is every one
	Given      string   `json:"given"`                // the day
	Expires    string   `json:"expires,omitempty"`    // the last day; "" a year after Given
	Free       bool     `json:"free,omitempty"`       // nobody coerced it, what follows and what else there is was explained
	Method     string   `json:"method"`               // spoken, written, signed, by_phone, through_lawyer, through_family
	Witness    string   `json:"witness,omitempty"`
	Narrows    string   `json:"narrows,omitempty"` // id of the entry in whose place it stands: one that was open, or a wider consent
	Note       string   `json:"note,omitempty"`
}

// End is that a consent was withdrawn. It counts from when it was put on record, whatever its day.
type End struct {
	Of       string   `json:"of"`                 // id of the answer; "all" = every one given before
	Had      []string `json:"had,omitempty"`      // of all: ids of the answers that were on record, so that a clock set back keeps none alive
	Purposes []string `json:"purposes,omitempty"` // codes of consent for which it is taken back; none is for all
	By       string   `json:"by"`                 // self, proxy
	Day      string   `json:"day"`
	Why      string   `json:"why,omitempty"`
}

// Review is one person's word on whether something about somebody in danger may leave.
type Review struct {
	Purpose string `json:"purpose"` // code of consent
	May     bool   `json:"may,omitempty"`
	Until   string `json:"until,omitempty"` // last day on which the word stands; "" of a yes is ReviewLife after it was said, of a no until it is changed
	Why     string `json:"why"`
}

// Done is what the house did upon a withdrawal, so that a second press and a later reader find it.
type Done struct {
	End       string   `json:"end"`                // id of the End
	Purposes  []string `json:"purposes,omitempty"` // none is all
	Letters   []Letter `json:"letters,omitempty"`
	Recalled  []string `json:"recalled,omitempty"`  // ids of referrals that had left
	Stopped   []string `json:"stopped,omitempty"`   // ids of referrals that had not
	Links     int      `json:"links,omitempty"`     // handed-over links that were closed
	Retracted []string `json:"retracted,omitempty"` // ids of assertions that rested on the person's own report
	Incidents []string `json:"incidents,omitempty"` // WRD-... that were folded anew
	Findings  []string `json:"findings,omitempty"`  // "XAA|WMA-ICOME-2022:40|2024" that cite them
	Lists     int      `json:"lists,omitempty"`     // files of whole lists in which it may have left
	Backups   int      `json:"backups,omitempty"`   // copies that cannot be changed, until Expire
	Expire    string   `json:"expire,omitempty"`
}

// Letter is a letter that asks a recipient to give back what they have. It stands among the statements as a draft.
type Letter struct {
	Statement string   `json:"statement"` // id
	To        string   `json:"to"`
	Items     []string `json:"items"` // ids of the disclosures, ledger lines, releases and statements that it recalls
}

// How long a word stands that names no last day.
const (
	Life       = 365 // days after it was given, of a consent
	ReviewLife = 90  // days after it was said, of a review that lets something leave; none may be longer
)

// Entries are all about one person, the oldest first.
type Entries struct {
	Answers []entry.Entry[Answer]
	Ends    []entry.Entry[End]
	Reviews []entry.Entry[Review]
	Done    []entry.Entry[Done]
}
