package audit

import (
	"ward/tally"
	"ward/when"
)

// Incident is what an audit needs to know of one incident. Blank means not known.
type Incident struct {
	ID         string
	Date       when.Date
	Country    string   // ISO3 of the place; ZZZ for none
	Place      string   // first-level division; "withheld" when the source hides it
	ActorKind  string   // codes of the list actor, space separated when the source names several
	ActorState []string // ISO3 of the States whose actor is named; empty = not known
	ActorName  string
	ActorNote  string // NoteDeFacto, NoteJoint, or words
	Codes      []string
	Context    string
	Certainty  string
	Register   string   // the id namespace
	Sources    []string // who published it
	Scope      string   // only "health" enters an audit
	Roots      []string // independent origins; incidents without any share one unknown root
	Counts     []PeopleCount
	Late       bool // entered after the evidence of its year was frozen: left out
}

// PeopleCount is one counted field of an incident, such as worker.killed.
type PeopleCount struct {
	Field string
	Count tally.Count
}

// Notes of an actor that rules read.
const (
	NoteDeFacto = "de facto possible" // the government named may be a self-declared one: counted, and left out of state_only
	NoteJoint   = "joint"             // the States or forces named acted together; without it several names leave the actor open
)

// withheld is the place of an incident whose source hides it.
const withheld = "withheld"

// noCountry stands for the high seas, the air and places of no State.
const noCountry = "ZZZ"

// place is where an incident happened as far as it can be told apart from elsewhere.
func (i *Incident) knownPlace() bool { return i.Place != "" && i.Place != withheld }

// apart reports that two incidents certainly happened in different places: in different countries, or in different
// known divisions of one.
func apart(a, b *Incident) bool {
	if !hasCountry(a) || !hasCountry(b) {
		return false
	}
	if a.Country != b.Country {
		return true
	}
	return a.knownPlace() && b.knownPlace() && a.Place != b.Place
}

func hasCountry(i *Incident) bool { return i.Country != "" && i.Country != noCountry }

// independent reports that two incidents share no root. An incident without roots shares the unknown one with all
// others that have none.
func independent(a, b *Incident) bool {
	if len(a.Roots) == 0 && len(b.Roots) == 0 {
		return false
	}
	for _, x := range a.Roots {
		for _, y := range b.Roots {
			if x == y {
				return false
			}
		}
	}
	return true
}
