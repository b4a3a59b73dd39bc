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
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"ward/entry"
	"ward/when"
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
	Taker     string `json:"taker,omitempty"` // who took them: one of Takers; registers count by it
	Hours     string `json:"hours,omitempty"` // of a taking that ended within a day: under_24; "" is longer, or not known
	Law       string `json:"law,omitempty"`   // under which
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
	By          string // who put them on record
	Corrections []entry.Entry[Correction]
}

// Fold puts a person together; false where nobody was made.
func Fold(id string, e Entries) (p Person, ok bool) {
	if len(e.Made) == 0 {
		return p, false
	}
	p = Person{ID: id, By: e.Made[0].By, Made: e.Made[len(e.Made)-1].Body, Corrections: e.Corrections, Outcomes: standing(e.Outcomes)}
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

// standing are the outcomes that nobody withdrew, in the order in which they happened: by the first day on which each can have been, then by
// the last, then as they were put on record. Those of which no day is known come last.
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
	slices.SortStableFunc(out, func(a, b entry.Entry[Outcome]) int {
		from, to := a.Body.days()
		otherFrom, otherTo := b.Body.days()
		return cmp.Or(cmp.Compare(from, otherFrom), cmp.Compare(to, otherTo))
	})
	return out
}

// days are the first and the last on which an outcome can have been; the last of all days where none is known.
func (o Outcome) days() (from, to when.Day) {
	d, err := when.Parse(o.When)
	if err != nil {
		return math.MaxInt32, math.MaxInt32
	}
	return d.From(), d.To()
}

// takes and frees are the outcomes after which somebody is held or cannot be found, and after which they are not.
var (
	takes = []string{"taken", "whereabouts_denied", "located", "incommunicado_ended", "sentenced", "held", "missing"}
	frees = []string{"released", "exchanged", "escaped", "bailed", "acquitted", "exiled", "died_custody", "executed", "killed"}
	dies  = []string{"died_custody", "executed", "killed"}
)

// Held reports that, by the last outcome which says either, somebody is in custody or missing. A release of which no day is known ends only
// what was on record before it: it may have been an earlier one. Where nothing says so, it is false: whoever decides asks the case's
// detention file too.
func (p Person) Held() (held bool) {
	var since time.Time // the newest word that they are held was put on record
	for _, o := range p.Outcomes {
		switch {
		case slices.Contains(takes, o.Body.Code):
			held = true
			if o.At.After(since) {
				since = o.At
			}
		case slices.Contains(frees, o.Body.Code):
			held = held && o.Body.When == "" && o.At.Before(since)
		}
	}
	return held
}

// Dead reports that the person died. Their privacy does not end with it (WMA-ICOME-2022:22).
func (p Person) Dead() bool {
	return slices.ContainsFunc(p.Outcomes, func(o entry.Entry[Outcome]) bool { return slices.Contains(dies, o.Body.Code) })
}

// NameTexts are the names that stand, in every script.
func (p Person) NameTexts() (out []string) {
	for _, n := range p.Names {
		out = append(out, n.Body.Text)
	}
	return out
}

// Asking is a correction that was asked for, and how it was settled.
type Asking struct {
	entry.Entry[Correction]
	Settled *entry.Entry[Correction] // nil while it is open
}

// Open reports that nobody settled it.
func (a Asking) Open() bool { return a.Settled == nil }

// Asked are the corrections that were asked for, the oldest first. The first word that settles one stands.
func (p Person) Asked() (out []Asking) {
	for _, c := range p.Corrections {
		if c.Body.Of == "" {
			out = append(out, Asking{Entry: c})
			continue
		}
		at := slices.IndexFunc(out, func(a Asking) bool { return a.ID == c.Body.Of })
		if at >= 0 && out[at].Open() {
			out[at].Settled = &c
		}
	}
	return out
}
