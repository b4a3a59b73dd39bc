// Package person keeps who is at risk, and what became of them.
//
// Terms. A person is known by a pseudonym, under which everybody works. Names (T3) are entries of their own, so that they can be shown, recorded
// and erased by themselves; identifiers and ways to reach somebody (T4) are sealed to two officers as those of a source are, and only the
// seal's id stands here. An outcome is one thing that became of them (standards 10.3: taken, charged, released, died): the ordered list is
// their story, from which every register's count is derived, because the registers count differently. A correction is what somebody asked
// to be put right about themselves.
//
// Everything is a fold over entries of the register "person" whose subject is the person's id: pure, without clock.
package person

import (
	"slices"
	"strings"

	"ward/entry"
)

// Register is where all of it stands.
const Register = "person"

// Kinds of entries; the subject is the person's id.
const (
	KindMade       = "person.made"       // Made; a later one replaces it
	KindName       = "person.name"       // Name; a later one in the same script replaces it
	KindOutcome    = "person.outcome"    // Outcome
	KindContact    = "person.contact"    // Contact
	KindCorrection = "person.correction" // Correction
)

// Made is who a person is as far as the case team works with it (T2; the speciality is T3).
type Made struct {
	Pseudonym  string   `json:"pseudonym"`            // never a name, initials or a place of work
	Roles      []string `json:"roles"`                // codes of person_role
	Sex        string   `json:"sex,omitempty"`        // code of sex
	Born       string   `json:"born,omitempty"`       // EDTF, a decade as a rule: "198X"
	Profession string   `json:"profession,omitempty"` // code of profession
	ISCO       string   `json:"isco,omitempty"`       // ISCO-08 unit group
	Speciality string   `json:"speciality,omitempty"`
	Country    string   `json:"country,omitempty"` // ISO3, where they are
	Employer   string   `json:"employer,omitempty"`
	Member     string   `json:"member,omitempty"` // yes, no, unknown: of the national association
	Hiding     bool     `json:"hiding,omitempty"` // they are in hiding
	Why        string   `json:"why,omitempty"`    // of a change
}

// Name is a person's name in one script (T3).
type Name struct {
	Script string `json:"script"` // ISO 15924: Latn, Arab, Cyrl ...
	Text   string `json:"text"`
	Why    string `json:"why,omitempty"` // of a correction
}

// Outcome is one thing that became of a person. One that was said in error is withdrawn by a later one that names it.
type Outcome struct {
	Code      string `json:"code,omitempty"` // of the list outcome
	When      string `json:"when,omitempty"` // EDTF
	Country   string `json:"country,omitempty"`
	Place     string `json:"place,omitempty"`
	Authority string `json:"authority,omitempty"`
	Law       string `json:"law,omitempty"` // under which
	Charge    string `json:"charge,omitempty"`
	Source    string `json:"source,omitempty"` // who says so
	Incident  string `json:"incident,omitempty"`
	Note      string `json:"note,omitempty"`
	Withdraws string `json:"withdraws,omitempty"` // id of the entry that was said in error
	Why       string `json:"why,omitempty"`
}

// Contact is that the ways to reach somebody were sealed to two officers.
type Contact struct {
	Box string `json:"box"` // id of the sealed contact
}

// Correction is what the person, or who speaks for them, asked to be put right, and what was done about it.
type Correction struct {
	Of      string `json:"of,omitempty"` // id of the correction that this one settles; "" where it is asked
	Field   string `json:"field,omitempty"`
	Asked   string `json:"asked,omitempty"`
	By      string `json:"by,omitempty"`      // self, proxy
	Settled string `json:"settled,omitempty"` // done, refused
	Why     string `json:"why,omitempty"`
}

// Entries are all about one person, the oldest first.
type Entries struct {
	Made        []entry.Entry[Made]
	Names       []entry.Entry[Name]
	Outcomes    []entry.Entry[Outcome]
	Contacts    []entry.Entry[Contact]
	Corrections []entry.Entry[Correction]
}

// Person is somebody as the entries tell of them.
type Person struct {
	ID string
	Made
	Names       []entry.Entry[Name] // that stand, one for each script
	Outcomes    []entry.Entry[Outcome]
	Box         string // id of the newest sealed contact; "" where there is none
	Corrections []entry.Entry[Correction]
}

// Fold puts a person together; false where nobody was made.
func Fold(id string, e Entries) (p Person, ok bool) {
	if len(e.Made) == 0 {
		return p, false
	}
	p = Person{ID: id, Made: e.Made[len(e.Made)-1].Body, Corrections: e.Corrections, Outcomes: standing(e.Outcomes)}
	for _, n := range e.Names {
		p.Names = slices.DeleteFunc(p.Names, func(o entry.Entry[Name]) bool { return o.Body.Script == n.Body.Script })
		p.Names = append(p.Names, n)
	}
	p.Names = slices.DeleteFunc(p.Names, func(n entry.Entry[Name]) bool { return strings.TrimSpace(n.Body.Text) == "" })
	if n := len(e.Contacts); n > 0 {
		p.Box = e.Contacts[n-1].Body.Box
	}
	return p, true
}

// standing are the outcomes that nobody withdrew, in the order in which they happened: by date, then as they were put on record.
func standing(all []entry.Entry[Outcome]) (out []entry.Entry[Outcome]) {
	gone := map[string]bool{}
	for _, o := range all {
		gone[o.Body.Withdraws] = true
	}
	for _, o := range all {
		if o.Body.Withdraws == "" && !gone[o.ID] {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b entry.Entry[Outcome]) int { return strings.Compare(a.Body.When, b.Body.When) })
	return out
}

// takes and frees are the outcomes after which somebody is held, and after which they are not.
var (
	takes = []string{"taken", "whereabouts_denied", "located", "incommunicado_ended", "sentenced"}
	frees = []string{"released", "exchanged", "escaped", "bailed", "acquitted", "exiled", "died_custody", "executed", "killed"}
)

// Held reports that, by the last outcome which says either, somebody is in custody or missing in it. Where nothing says so, it is false: whoever
// decides asks the case's detention file too.
func (p Person) Held() (held bool) {
	for _, o := range p.Outcomes {
		switch {
		case slices.Contains(takes, o.Body.Code):
			held = true
		case slices.Contains(frees, o.Body.Code):
			held = false
		}
	}
	return held
}

// Dead reports that the person died. Their privacy does not end with it (WMA-ICOME-2022:22).
func (p Person) Dead() bool {
	return slices.ContainsFunc(p.Outcomes, func(o entry.Entry[Outcome]) bool {
		return slices.Contains([]string{"died_custody", "executed", "killed"}, o.Body.Code)
	})
}
