package incident

// Verdict is what verification came to. The latest of an incident counts; one without a certainty takes the one before back, and the
// incident is as certain again as its sources make it.
type Verdict struct {
	Certainty string   `json:"certainty,omitempty"`
	Rules     string   `json:"rules"` // version of the table by which it rose
	People    []string `json:"people"`
	OnePerson bool     `json:"one_person,omitempty"` // one person alone: it never reads as verified (design.md 10.10)
	Late      bool     `json:"late,omitempty"`       // verified in a later year than it happened
	Why       string   `json:"why"`
}

// FlagOnePerson marks an incident whose certainty rests on one person's word.
const FlagOnePerson = "one_person"
