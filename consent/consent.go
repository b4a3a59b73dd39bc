// Package consent says what a person let be done with what is held on them, and whether a disclosure may rest on it.
//
// Terms. A consent is given by the person, or by a proxy on a basis, to purposes (code list consent), recipients and data classes, in a language
// they understand, until a day; without a word that nobody coerced it, it is none (Istanbul Protocol 2022: consent under duress or on partial
// information is void). It may be refused or not possible, narrowed, withdrawn, or expire. A review is one named person's dated word that
// something about somebody may leave in spite of where they are, or may not.
//
// In custody or hiding consent alone is never enough (design.md 10.5): two people renew a dated review; the default is off; one word against
// it stops it at once. Consent is asked at every disclosure, never remembered as a yes.
package consent

import (
	"ward/entry"
	"ward/when"
)

// Register is where all of it stands.
const Register = "consent"

// Kinds of entries; the subject is the id of the person whose consent it is.
const (
	KindAnswer = "consent.answer" // Answer
	KindEnd    = "consent.end"    // End
	KindReview = "consent.review" // Review
)

// Answers to the question.
const (
	Given       = "given"
	Refused     = "refused"
	NotPossible = "not_possible"
)

// Answer is what somebody said when they were asked (standards 10.2 consent).
type Answer struct {
	Answer     string   `json:"answer"`               // given, refused, not_possible
	Giver      string   `json:"giver"`                // self, proxy
	Basis      string   `json:"basis,omitempty"`      // of a proxy: parent, spouse, lawyer with a mandate ...
	Capacity   string   `json:"capacity"`             // yes, no, unsure
	Lang       string   `json:"lang"`                 // in which it was asked
	Purposes   []string `json:"purposes,omitempty"`   // codes of consent
	Recipients []string `json:"recipients,omitempty"` // mechanisms or names; none is none
	Classes    []string `json:"classes,omitempty"`    // codes of data_class
	Given      string   `json:"given"`                // the day
	Expires    string   `json:"expires,omitempty"`    // the last day; "" a year after Given
	Free       bool     `json:"free,omitempty"`       // nobody coerced it, what follows and what else there is was explained
	Method     string   `json:"method"`               // spoken, written, signed, by_phone, through_lawyer, through_family
	Witness    string   `json:"witness,omitempty"`
	Narrows    string   `json:"narrows,omitempty"` // id of the entry in whose place it stands
	Note       string   `json:"note,omitempty"`
}

// End is that a consent was withdrawn.
type End struct {
	Of  string `json:"of"` // id of the answer; "all" = every one that stands
	By  string `json:"by"` // self, proxy
	Day string `json:"day"`
	Why string `json:"why,omitempty"`
}

// Review is one person's word on whether something about somebody in danger may leave.
type Review struct {
	Purpose string `json:"purpose"` // code of consent
	May     bool   `json:"may,omitempty"`
	Until   string `json:"until,omitempty"` // last day on which the word stands
	Why     string `json:"why"`
}

// Entries are all about one person, the oldest first.
type Entries struct {
	Answers []entry.Entry[Answer]
	Ends    []entry.Entry[End]
	Reviews []entry.Entry[Review]
}

// Need is what a disclosure asks for.
type Need struct {
	Purpose   string   // code of consent
	Recipient string   // mechanism or name
	Classes   []string // of data_class
}

// Circumstances are those of the person on the day of the disclosure.
type Circumstances struct {
	Held, Hiding, Dead bool
	Staff              int // people here who could review; one is enough where there is but one, and it is marked
}

// Verdict is whether a disclosure may rest on the consent there is.
type Verdict struct {
	May   bool
	Alone bool     // one person's review stood for two
	Rests []string // ids of the entries on which it rests
	Lacks string   // what is missing, as a word: consent, purpose, recipient, class, capacity, free, expired, withdrawn, review, second, objection
}

// Judge asks whether the entries allow what is needed on a day.
func (e Entries) Judge(n Need, c Circumstances, on when.Day) Verdict {
	return Verdict{Lacks: "consent"}
}
