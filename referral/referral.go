// Package referral takes a case to an authority with the least disclosure that serves its purpose.
//
// Terms. A mechanism is where cases are taken to (standards 5): its own fields, checks, word limits, languages and clock stand in data. A
// referral goes its way from proposal to answer (standards 10.4). Its package is a new object made from the fields that somebody ticked and
// from nothing else; the manifest names each of them and why it is needed. A disclosure is what left: which fields, to whom, for what, on
// which consent, until when; it can be revoked, and what cannot be called back is said.
//
// Everything is a fold over entries of the register "referral" whose subject is the referral's id: pure, without clock.
package referral

import (
	"time"

	"ward/entry"
)

// Register is where all of it stands.
const Register = "referral"

// Kinds of entries; the subject is the referral's id.
const (
	KindProposed   = "referral.proposed"   // Proposed
	KindStep       = "referral.step"       // Step
	KindPackage    = "referral.package"    // Built; the latest is the one that may leave
	KindDisclosure = "referral.disclosure" // Disclosure
	KindEnd        = "referral.end"        // End
	KindOffer      = "referral.offer.file" // Offer
	KindTaken      = "referral.taken"      // Taken
)

// Proposed is how a referral began.
type Proposed struct {
	Mechanism string   `json:"mechanism"` // id
	Case      string   `json:"case"`
	Person    string   `json:"person,omitempty"`    // whose consent it rests on; "" where it speaks of nobody
	Country   string   `json:"country,omitempty"`   // ISO3: the State it is about
	Incidents []string `json:"incidents,omitempty"` // WRD-...
	Lang      string   `json:"lang"`                // of the package, "en"
	To        string   `json:"to,omitempty"`        // the addressee in words, where the mechanism has several
	Mandates  []string `json:"mandates,omitempty"`  // of special procedures
	Why       string   `json:"why"`
	After     string   `json:"after,omitempty"`  // id of the referral that stayed unanswered and that this one escalates
	Ticked    []string `json:"ticked,omitempty"` // carried over from it
}

// Step is a move of the state machine with what it rests on. Of the parts only that of its state is set.
type Step struct {
	To       string    `json:"to"`
	Why      string    `json:"why,omitempty"`
	Alone    bool      `json:"alone,omitempty"` // one person stood for two (design 10.10)
	Reprisal *Reprisal `json:"reprisal,omitempty"`
	Consent  *Judged   `json:"consent,omitempty"`
	Digest   string    `json:"digest,omitempty"` // of the package that is approved or sent
	Due      string    `json:"due,omitempty"`    // day by which something is awaited
	Sent     *Sent     `json:"sent,omitempty"`
	Receipt  *Receipt  `json:"receipt,omitempty"`
	Reply    *Reply    `json:"reply,omitempty"`
	Grade    string    `json:"grade,omitempty"`    // A to E (code list grade)
	Recalled []string  `json:"recalled,omitempty"` // ids of the disclosures that were revoked with it
}

// Reprisal is a dated look at who could be harmed by the referral; it is made anew after 30 days.
type Reprisal struct {
	Who        string `json:"who"` // who could be harmed
	How        string `json:"how"`
	Mitigation string `json:"mitigation,omitempty"`
	Go         bool   `json:"go,omitempty"` // it may go on
}

// Judged is how the consent stood when somebody asked.
type Judged struct {
	May       bool     `json:"may,omitempty"`
	Needless  bool     `json:"needless,omitempty"` // nothing ticked speaks of a person
	Ticked    []string `json:"ticked,omitempty"`
	Purpose   string   `json:"purpose"`
	Recipient string   `json:"recipient"`
	Classes   []string `json:"classes,omitempty"`
	Rests     []string `json:"rests,omitempty"` // ids of the entries on which it rests
	Alone     bool     `json:"alone,omitempty"`
	Until     string   `json:"until,omitempty"` // last day on which all of them stand
	Lacks     string   `json:"lacks,omitempty"` // word of consent.Verdict
}

// Sent is how a package left.
type Sent struct {
	To         string `json:"to"`            // in words
	Channel    string `json:"channel"`       // portal, email, post, hand, link
	Sealed     string `json:"sealed"`        // key, passphrase, open
	Key        string `json:"key,omitempty"` // the recipient's age key
	Reference  string `json:"reference,omitempty"`
	Disclosure string `json:"disclosure"` // id
}

// Receipt is that the mechanism said it has it.
type Receipt struct {
	Day       string `json:"day"`
	Reference string `json:"reference,omitempty"`
	Note      string `json:"note,omitempty"`
}

// Reply is what the mechanism, or the State through it, answered. It lowers nothing by itself (design 10.3).
type Reply struct {
	Day  string `json:"day"`
	From string `json:"from"` // mechanism, state, other
	Text string `json:"text"`
}

// Built is a package as it was put together, with where its parts come from. It stays sealed here.
type Built struct {
	Package Package           `json:"package"`
	Digest  string            `json:"digest"` // of the package, SHA-256
	Ticked  []string          `json:"ticked"`
	Typed   map[string]string `json:"typed,omitempty"`
	Files   []Attached        `json:"files,omitempty"`
}

// Attached is a file that goes along.
type Attached struct {
	Entry    string `json:"entry"`              // id of the entry that holds it
	Original bool   `json:"original,omitempty"` // as it came, with what it tells of itself
	Name     string `json:"name"`               // in the package: 1.jpg
	SHA256   string `json:"sha256"`             // of what goes along
}

// Disclosure is what left, to whom, why, on which consent, until when (M12). Its subject is the referral.
type Disclosure struct {
	Line      string   `json:"line"`             // id of the ledger's line
	Person    string   `json:"person,omitempty"` // whose
	Fields    []string `json:"fields"`
	Classes   []string `json:"classes,omitempty"`
	To        string   `json:"to"` // in words
	Mechanism string   `json:"mechanism"`
	Purpose   string   `json:"purpose"`
	Basis     []string `json:"basis,omitempty"` // ids of the entries of consent on which it rests
	From      string   `json:"from"`            // day
	Until     string   `json:"until,omitempty"` // last day on which it may be used
	Downloads int      `json:"downloads,omitempty"`
	Revoked   string   `json:"revoked,omitempty"` // day; set by the fold
	Why       string   `json:"why,omitempty"`     // of the revocation; set by the fold
}

// End is that a disclosure was revoked, or that what was offered is here no more.
type End struct {
	Of  string `json:"of"` // id of the entry of the disclosure or the offer
	Why string `json:"why"`
}

// Reasons for which an offer ends.
const (
	Expired  = "expired"
	UsedUp   = "used_up"
	Recall   = "recalled"
	Replaced = "replaced"
)

// Offer is a sealed package that whoever has the token may fetch. Ward keeps the token's hash alone.
type Offer struct {
	entry.WithFile
	Token      string `json:"token"` // SHA-256 of the token, in hexadecimal digits
	Disclosure string `json:"disclosure"`
	Downloads  int    `json:"downloads"` // at most
	Until      string `json:"until"`     // last day
}

// Taken is that an offer was fetched once. What let it leave stands beside it, because an offer that is over is erased.
type Taken struct {
	Offer      string `json:"offer"`
	Disclosure string `json:"disclosure,omitempty"`
}

// Entries are all of one referral, the oldest first.
type Entries struct {
	Proposed    []entry.Entry[Proposed]
	Steps       []entry.Entry[Step]
	Packages    []entry.Entry[Built]
	Disclosures []entry.Entry[Disclosure]
	Ends        []entry.Entry[End]
	Offers      []entry.Entry[Offer]
	Taken       []entry.Entry[Taken]
}

// Referral is one as its entries tell of it.
type Referral struct {
	ID    string
	State string
	Proposed
	By    string
	Begun time.Time
	Steps []entry.Entry[Step] // the oldest first

	Reprisal    *entry.Entry[Reprisal]
	Consent     *entry.Entry[Judged]
	Built       *entry.Entry[Built]
	Approvals   []entry.Entry[Step] // of the package as it stands, by different people
	Alone       bool                // one person approved where two are asked for
	Sent        *entry.Entry[Sent]
	Receipt     *entry.Entry[Receipt]
	Due         string // day by which a reply is awaited; "" no clock runs
	Replies     []entry.Entry[Reply]
	Grade       string
	Disclosures []entry.Entry[Disclosure]
	Offers      []Offering

	builds  []entry.Entry[Built]
	fetched map[string]int // by disclosure
}

// Offering is an offer with how often it was fetched.
type Offering struct {
	entry.Entry[Offer]
	Taken int
	Ended string // why; "" while it stands
}
