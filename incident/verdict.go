package incident

import "slices"

// Verdict is what verification came to. The latest of an incident counts; one without a certainty takes the one before back, and the
// incident is as certain again as its sources make it. Certainty is what it counts as, everywhere: of one person alone, who found more,
// Found is what that person found (docs/decisions/0020-verification.md).
type Verdict struct {
	Certainty string   `json:"certainty,omitempty"`
	Rules     string   `json:"rules"` // version of the table by which it rose
	People    []string `json:"people"`
	OnePerson bool     `json:"one_person,omitempty"` // one person alone: it never reads as verified (design.md 10.10)
	Late      bool     `json:"late,omitempty"`       // verified in a later year than it happened
	Why       string   `json:"why"`                  // the reasons of those who agree; "" while people differ
	Found     string   `json:"found,omitempty"`      // what one person alone found, where it counts as less
	Dissent   bool     `json:"dissent,omitempty"`    // people differ: this is what all of them carry, and the round goes on
	Opinions  []string `json:"opinions,omitempty"`   // ids of the opinions of the round that it closes
}

// FlagOnePerson marks an incident whose certainty rests on one person's word.
const FlagOnePerson = "one_person"

// OnePerson reports that the certainty held rests on one person's word.
func (i Incident) OnePerson() bool { return slices.Contains(i.Flags, FlagOnePerson) }
