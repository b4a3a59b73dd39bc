package audit

// Kinds of row that people bring into an audit with `ward audit indicators import`.
const (
	KindCoding      = "coding"      // a structure or process indicator's value for a year
	KindOutcome     = "outcome"     // the level one coder accepts for a clause and year
	KindInformation = "information" // the information grade I1..I5 of a year
	KindReply       = "reply"       // what the State answered, or that it did not
	KindParty       = "party"       // the State is party to a treaty since a year
	KindCitation    = "citation"    // a person cites an incident against a clause, or declines a proposed citation

	KindStep          = "step"          // a cell, or all cells of a year, move on in the procedure: see Moves
	KindCorrection    = "correction"    // what a published cell said wrongly, and what holds now
	KindAppeal        = "appeal"        // somebody appealed against a published cell, and what became of it
	KindReservation   = "reservation"   // the State made a reservation to a treaty or one of its clauses
	KindWithdrawal    = "withdrawal"    // the State is no longer party to a treaty from a year on
	KindVisit         = "visit"         // a mechanism asked for access, and what it was given
	KindCommunication = "communication" // a mechanism wrote to the State, and what came back
	KindConflict      = "conflict"      // what a coder declares about his own ties to the State
)

// Roles of a coder.
const (
	RoleCoder       = "coder"
	RoleAdjudicator = "adjudicator" // the third person, who sees both codings
	RolePanel       = "panel"       // one of those who decide where coders agree too little, and on appeal
	RoleEditor      = "editor"      // who keeps the procedure: takes its steps and enters replies
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

	Body  string `json:"body,omitempty"`  // the mechanism of a visit or communication; who appeals
	Until string `json:"until,omitempty"` // EDTF: the evidence cut-off of a step frozen; last day of a visit; when a communication was answered or a reservation withdrawn
	Was   string `json:"was,omitempty"`   // correction rows: what was wrong
	Now   string `json:"now,omitempty"`   // correction rows: what holds now
}

// speaksOf reports that the row speaks of a cell: one without a clause or a year speaks of all.
func (r *Row) speaksOf(clause string, year int) bool {
	return (r.Clause == "" || r.Clause == clause) && (r.Year == 0 || r.Year == year)
}

// one reports that the row names one cell.
func (r *Row) one() bool { return r.Clause != "" && r.Year != 0 }

// Evidence of a citation: what besides the incident itself a person found in it.
const (
	EvidenceInstruction = "instruction"     // the act was ordered: carries a pattern
	EvidenceLaw         = "law"             // a law or standing order requires it: carries a policy
	EvidenceAcknowledge = "acknowledgement" // the State says that it does so: carries a policy
)
