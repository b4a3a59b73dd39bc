// Package casework follows work for somebody from its opening to its end: one engine for every kind of case, and playbooks as data.
//
// Terms. A case is work for somebody; its kind (protection, advice, inquiry, conduct, breach) names its playbook: the states and the moves
// between them, the sections that are filled in, the tasks that a state brings and their clocks. A section is a set of fields that belong
// together (a threat, a hearing, the detention file); one that repeats has items. A fact is what somebody recorded in a section; a later one
// on the same item stands in its place and the earlier stays in the history. The team is who is on the case: they alone read what it holds of
// people (T3); everybody else who reads cases sees its name, which is never a person's, its kind, state and clocks (T2).
//
// Everything is a fold over entries of the register "case" whose subject is the case's id: pure, without clock. What the hour decides, such as
// a clock that ran out, is asked with the hour.
package casework

import "ward/entry"

// Register is where all of it stands.
const Register = "case"

// Kinds of entries; the subject is the case's id.
const (
	KindOpened   = "case.opened" // Opened
	KindMove     = "case.move"   // Move
	KindFact     = "case.fact"   // Fact
	KindTask     = "case.task"   // Task
	KindLink     = "case.link"   // Link
	KindMember   = "case.member" // Member
	KindNote     = "case.note"   // Note
	KindDocument = "case.file"   // Document
)

// EntryKinds are all kinds of entries about a case.
func EntryKinds() []string {
	return []string{KindOpened, KindMove, KindFact, KindTask, KindLink, KindMember, KindNote, KindDocument}
}

// Kinds of cases.
const (
	Protection = "protection" // M5
	Advice     = "advice"     // to a clinician under orders, before a violation
	Inquiry    = "inquiry"    // M4
	Conduct    = "conduct"    // M13
	Breach     = "breach"     // M14
)

// Opened is how a case began.
type Opened struct {
	Kind      string   `json:"kind"`
	Name      string   `json:"name"`              // T2: a pseudonym or a word, never a person's name
	Country   string   `json:"country,omitempty"` // ISO3
	Person    string   `json:"person,omitempty"`  // id of the person it is about
	Summary   string   `json:"summary,omitempty"` // T3
	Report    string   `json:"report,omitempty"`  // id of the report it began with
	Incidents []string `json:"incidents,omitempty"`
	Drill     bool     `json:"drill,omitempty"` // an exercise: nothing of it happened
}

// Move is a step of the state machine.
type Move struct {
	To      string `json:"to"`
	Outcome string `json:"outcome,omitempty"` // of a closing move
	Why     string `json:"why,omitempty"`
}

// Fact is what somebody recorded in a section.
type Fact struct {
	Section string            `json:"section"`
	Item    string            `json:"item,omitempty"` // of a repeated section: ULID
	Values  map[string]string `json:"values,omitempty"`
	Removed bool              `json:"removed,omitempty"` // the item was recorded in error
	Why     string            `json:"why,omitempty"`
}

// Task is something to be done; a later entry of the same task says what became of it.
type Task struct {
	Task  string `json:"task"`           // ULID
	What  string `json:"what,omitempty"` // key of the playbook; "" where Text says it
	Text  string `json:"text,omitempty"`
	Due   string `json:"due,omitempty"` // RFC 3339, UTC
	For   string `json:"for,omitempty"` // name of a member; "" the team
	State string `json:"state"`         // open, done, dropped
	Why   string `json:"why,omitempty"`
}

// Link ties a case to something else on record.
type Link struct {
	To       string `json:"to"`       // WRD-..., or the id of a person, report, case, statement, evaluation or referral
	Kind     string `json:"kind"`     // incident, person, report, case, statement, evaluation, referral
	Relation string `json:"relation"` // code of case_link
	Gone     bool   `json:"gone,omitempty"`
	Why      string `json:"why,omitempty"`
}

// Member is that somebody joined the team, leads it, or left it.
type Member struct {
	Name string `json:"name"` // of the account, as it stands in the journal
	Lead bool   `json:"lead,omitempty"`
	Gone bool   `json:"gone,omitempty"`
	Why  string `json:"why,omitempty"` // asked of who joins a case that others lead
}

// Note is a word on the case.
type Note struct {
	Text string `json:"text"`
}

// Document is a file of the case.
type Document struct {
	entry.WithFile
	Title string `json:"title"`
}
