package intake

import (
	"slices"
	"strings"

	"ward/tally"
	"ward/vocab"
)

// Offer is a value that the answers of a report suggest for a field of an incident. What is Derived was worked out by rule and is a proposal;
// what is not is the answer itself. Neither is a fact before a person takes it over.
type Offer struct {
	Key     string // tells it from the others of its report: "date", "codes:PER.ARR"
	Field   string
	Value   string // canonical
	Derived bool
}

// Grade is how reliable a source and how credible its information is taken to be, as a proposal (standards 3, 10.3).
type Grade struct{ Reliability, Credibility string }

// Grade proposes a grade: whoever is known here and was there, or holds a document, is fairly reliable and what they say possibly true (C3); of
// anybody else neither can be judged at first (F6).
func (r Received) Grade() Grade {
	if r.Mode != Anonymous && r.Mode != "" && r.Direct() {
		return Grade{"C", "3"}
	}
	return Grade{"F", "6"}
}

// Offers are the values that the answers suggest, answers first, then codes in the order of their list.
func (r Received) Offers() (out []Offer) {
	add := func(field, value string) {
		if value != "" {
			out = append(out, Offer{Key: field, Field: field, Value: value})
		}
	}
	add("date", r.Happened())
	add("country", r.Country)
	add("place", r.Place)
	if r.Actor != unknownAnswer {
		add("actor.kind", r.Actor)
	}
	add("actor.state", r.ActorState)
	add("actor.note", strings.TrimSpace(r.ActorWords))
	add("description", strings.TrimSpace(r.Narrative))
	for _, field := range countFields {
		if c, told := r.counted()[field]; told {
			out = append(out, Offer{Key: field, Field: field, Value: c.Text(), Derived: true})
		}
	}
	for _, code := range r.Codes() {
		out = append(out, Offer{Key: "codes:" + code, Field: "codes", Value: code, Derived: true})
	}
	return out
}

// countFields are the fields of counts that answers can fill.
var countFields = []string{"worker.killed", "worker.injured", "worker.abducted", "worker.arrested", "worker.detained", "worker.threatened", "worker.assaulted", "worker.sexual",
	"patient.abducted", "patient.arrested", "patient.detained"}

// counts leads from a harm to the last part of the field that counts it.
var counts = map[string]string{"killed": "killed", "injured": "injured", "taken": "abducted", "arrested": "arrested", "held": "detained", "threatened": "threatened",
	"beaten": "assaulted", "sexual": "sexual"}

// counted adds up how many were harmed; rows that do not say how many count for nothing.
func (r Received) counted() map[string]tally.Count {
	out := map[string]tally.Count{}
	for _, h := range r.Harmed {
		field := h.Who + "." + counts[r.kindOf(h)]
		c, err := tally.Parse(h.Count)
		if err == nil && slices.Contains(countFields, field) {
			out[field] = out[field].Add(c)
		}
	}
	return out
}

// kindOf is a harm as its code means it: whom a group that is no authority "arrested" was abducted, whom police "abducted" was arrested.
func (r Received) kindOf(h Harm) string {
	authority := strings.HasPrefix(r.Actor, "state.") || slices.Contains([]string{"foreign.military", "occupying", "defacto_authority"}, r.Actor)
	known := r.Actor != "" && r.Actor != unknownAnswer && r.Actor != "other" && r.Actor != "multiple" && r.Actor != "pro_state_militia"
	switch {
	case h.Kind == "arrested" && known && !authority:
		return "taken"
	case h.Kind == "taken" && authority:
		return "arrested"
	}
	return h.Kind
}

// harmCodes leads from who was harmed and how to a code; "*" stands for any harm that is not listed but a release.
var harmCodes = map[string]map[string]string{
	"worker": {"killed": "PER.KIL", "injured": "PER.INJ", "beaten": "PER.ASL", "arrested": "PER.ARR", "held": "PER.DET", "taken": "PER.ABD", "disappeared": "PER.DIS",
		"tortured": "PER.TOR", "sexual": "PER.SEX", "threatened": "PER.THR", "charged": "PER.CHG", "sentenced": "PER.SEN", "death_sentence": "PER.DPN",
		"dismissed": "PER.JOB", "licence": "PER.LIC", "travel": "PER.TRV", "raided": "PER.RAI", "watched": "PER.SUR", "released": "POS.REL"},
	"patient": {"killed": "ATT.PAT", "injured": "ATT.PAT", "beaten": "ATT.PAT", "sexual": "ATT.PAT", "tortured": "ATT.PAT", "taken": "ATT.REM", "arrested": "ATT.REM",
		"disappeared": "ATT.REM", "released": "POS.REL"},
	"detainee": {"killed": "CUS.DTH", "denied_care": "CUS.DEN", "released": "POS.REL"},
	"family":   {"*": "PER.FAM"},
}

// deedCodes leads from what was done to a code. A deed that fits no code, or several, leads to none.
var deedCodes = map[string]string{"shelled": "ATT.HVY", "nearby": "ATT.BMB", "shot": "ATT.IND", "gas": "ATT.CHM", "fire": "ATT.ARS", "entered": "ATT.ENT", "searched": "ATT.SRC",
	"occupied": "ATT.OCC", "military": "ATT.MIL", "looted": "ATT.LOO", "ambulance": "ATT.TRN", "power": "ATT.UTL", "patients_taken": "ATT.REM", "blocked": "DEN.PHY",
	"checkpoint": "DEN.CHK", "permits": "DEN.ADM", "supplies": "DEN.SUP", "afraid": "DEN.FER", "prosecuted_care": "PER.CRM", "association": "PER.ASC",
	"isolation": "CUS.SOL", "died_custody": "CUS.DTH", "force_fed": "TOR.FFD", "clinician_torture": "TOR.PRS", "false_record": "ETH.FAL", "denounce": "ETH.REP",
	"data": "ETH.COF", "smeared": "INF.SMR", "gagged": "INF.CEN", "rule": "SYS.POL"}

// Codes are the incident codes that the answers suggest, in the order of the list.
func (r Received) Codes() (out []string) {
	found := map[string]bool{}
	for _, w := range r.What {
		found[deedCodes[w]] = true
	}
	for _, h := range r.Harmed {
		codes := harmCodes[h.Who]
		code := codes[r.kindOf(h)]
		if code == "" && h.Kind != "released" {
			code = codes["*"]
		}
		found[code] = true
	}
	for _, c := range vocab.Codes("incident") {
		if found[c.Code] {
			out = append(out, c.Code)
		}
	}
	return out
}

// KindDecided is the kind of entry that tells what a person decided about the offers of a report. Its subject is the report's.
const KindDecided = "report.decided"

// Decided is which offers of a report were taken over into an incident, and which were not, by their keys.
type Decided struct {
	Incident string   `json:"incident"` // WRD-...
	Taken    []string `json:"taken,omitempty"`
	Refused  []string `json:"refused,omitempty"`
}
