package audit

// Kinds of row that people bring into an audit with `ward audit indicators import`.
const (
	KindCoding      = "coding"      // a structure or process indicator's value for a year
	KindOutcome     = "outcome"     // the level one coder accepts for a clause and year
	KindInformation = "information" // the information grade I1..I5 of a year
	KindReply       = "reply"       // what the State answered, or that it did not
	KindParty       = "party"       // the State is party to a treaty since a year
	KindCitation    = "citation"    // a person cites an incident against a clause, or declines a proposed citation
)

// Roles of a coder.
const (
	RoleCoder       = "coder"
	RoleAdjudicator = "adjudicator" // the third person, who sees both codings
)

// Declined is the value of a citation row that takes a proposed citation off the list to decide.
const Declined = "declined"

// Row is one statement by one person. Which fields it needs depends on its kind: docs/indicators-csv.md.
type Row struct {
	Kind      string `json:"-"`
	State     string `json:"-"`
	Clause    string `json:"clause,omitempty"` // a clause id; the norm id in a party row; "" = all clauses in a reply
	Year      int    `json:"year,omitempty"`   // since when, in a party row; 0 = all years in a reply
	Indicator string `json:"indicator,omitempty"`
	Incident  string `json:"incident,omitempty"`
	Value     string `json:"value"`
	Evidence  string `json:"evidence,omitempty"` // citation rows: instruction, law or acknowledgement
	Coder     string `json:"coder,omitempty"`    // a name or a lasting pseudonym
	Role      string `json:"role,omitempty"`
	Date      string `json:"date,omitempty"` // EDTF, of the statement
	Source    string `json:"source,omitempty"`
	Note      string `json:"note,omitempty"`
}

// Evidence of a citation: what besides the incident itself a person found in it.
const (
	EvidenceInstruction = "instruction"     // the act was ordered: carries a pattern
	EvidenceLaw         = "law"             // a law or standing order requires it: carries a policy
	EvidenceAcknowledge = "acknowledgement" // the State says that it does so: carries a policy
)
