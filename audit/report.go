package audit

import "ward/tally"

// Levels of a cell, lowest first.
const (
	N0         = "N0"
	N1         = "N1"
	F1         = "F1"
	F2         = "F2"
	F3         = "F3"
	F4         = "F4"
	NotInForce = "not_in_force"
	NoInfo     = "no_info"
)

// Input is everything a State's audit is built from. Incidents may hold those of every State: what does not bear on
// this one is passed over. The report keeps pointers into Incidents; the caller must not change them afterwards.
type Input struct {
	State     string // ISO3
	From, To  int    // years; 0 = the first and last year of the incidents
	CutOff    string // ISO day: what is dated later is left out; "" = none but that of each frozen year
	MadeAt    string // RFC 3339, as given to the report
	Incidents []Incident
	Rows      []Row // those of other States are passed over
}

// Report is the audit of one State; its JSON is the published form.
type Report struct {
	Format      string      `json:"format"`
	State       string      `json:"state"`
	From        int         `json:"from"`
	To          int         `json:"to"`
	CutOff      string      `json:"cut_off"`
	MadeAt      string      `json:"made_at,omitempty"`
	Summary     Summary     `json:"summary"`
	Cells       []Cell      `json:"cells"` // clauses in corpus order, years rising within each
	Agreement   []Agreement `json:"agreement"`
	Outcomes    []Outcome   `json:"outcomes"`
	Families    []Family    `json:"families"`
	Territory   []Group     `json:"territory"`
	Registers   []Register  `json:"registers"`
	NotKnown    []Gap       `json:"not_known"`
	Refused     []Refused   `json:"refused"`
	Incidents   []*Incident `json:"incidents"`
	Indicators  []Row       `json:"indicators"`
	Codings     []Row       `json:"codings"`
	Information []Row       `json:"information"`
	Replies     []Row       `json:"replies"`
	Parties     []Row       `json:"parties"`
	Citations   []Row       `json:"citations"`
	Steps       []Row       `json:"steps"`       // moves in the procedure, each with who took it and when
	Corrections []Row       `json:"corrections"` // the corrections log
	Appeals     []Row       `json:"appeals"`

	Reservations   []Row `json:"reservations"`
	Withdrawals    []Row `json:"withdrawals"`
	Visits         []Row `json:"visits"`         // access asked for by mechanisms, and what they were given
	Communications []Row `json:"communications"` // letters of mechanisms to the State, and what came back
	Conflicts      []Row `json:"conflicts"`      // what coders declared about their ties to the State

	Method Method `json:"method"`
	Log    *Log   `json:"log"` // null where the audit was made without proofs
}

// Cell is what is established for one clause in one year.
type Cell struct {
	Clause      string                 `json:"clause"`
	Year        int                    `json:"year"`
	Binding     string                 `json:"binding"` // why the clause holds for the State, or that it is not known to
	Binds       bool                   `json:"binds"`
	Structure   []IndicatorValue       `json:"structure"`
	Process     []IndicatorValue       `json:"process"`
	Outcome     string                 `json:"outcome"`
	Why         string                 `json:"why"` // key into Method.Definitions
	Coders      []string               `json:"coders,omitempty"`
	Coded       string                 `json:"coded,omitempty"` // the level that coders gave and that was refused
	Proposed    string                 `json:"proposed"`
	Environment string                 `json:"environment"` // I1..I5 or no_info
	Reply       *Reply                 `json:"reply"`
	Floor       tally.Count            `json:"floor"`
	Certainty   map[string]tally.Count `json:"certainty"`
	PerRegister map[string]int64       `json:"registers"`
	Bearings    map[string]int64       `json:"bearings"`
	Sensitivity Sensitivity            `json:"sensitivity"`
	Moves       bool                   `json:"moves"`
	ToDecide    []ToDecide             `json:"to_decide"`
	Incidents   []string               `json:"incidents"`
	Reserved    bool                   `json:"reserved,omitempty"` // the State made a reservation to the clause; its effect is not judged
	Standing    *Standing              `json:"standing,omitempty"` // how far its procedure has come; nil where the clause does not hold
}

// IndicatorValue is one indicator in a cell, with why it says no_info when it does.
type IndicatorValue struct {
	Indicator string `json:"indicator"`
	Value     string `json:"value"`
	Why       string `json:"why,omitempty"`
}

// Variant is the floor and proposed level under one reading of what is uncertain.
type Variant struct {
	tally.Count
	Level string `json:"level"`
}

// Sensitivity recomputes a cell under five readings. Possible incidents are in the last three.
type Sensitivity struct {
	Confirmed   Variant `json:"confirmed_only"`
	Probable    Variant `json:"with_probable"`
	Possible    Variant `json:"with_possible"`
	StateOnly   Variant `json:"state_only"`   // without actors that are the State's only perhaps or by being named so
	WithUnknown Variant `json:"with_unknown"` // and acts by unknown actors, as if they were the State's
}

// Reply is what the State answered to a cell. It stands beside the outcome and changes nothing in it.
type Reply struct {
	Value  string `json:"value"` // asked, received, none, or a grade A..E
	Date   string `json:"date,omitempty"`
	Source string `json:"source,omitempty"`
	Note   string `json:"note,omitempty"`
}

// ToDecide lists incidents whose citation only a person can make; they raise no level.
type ToDecide struct {
	Bearing   string      `json:"bearing"`
	Count     tally.Count `json:"count"`
	Note      string      `json:"note,omitempty"`
	Incidents []string    `json:"incidents"`
}

// Refused is a statement of a person that a rule does not let count, with the reason.
type Refused struct {
	Kind     string `json:"kind"`
	Clause   string `json:"clause,omitempty"`
	Year     int    `json:"year,omitempty"`
	Incident string `json:"incident,omitempty"`
	Value    string `json:"value"`
	Why      string `json:"why"` // key into Method.Definitions
}

// Summary is the first sentence's figures. Counted = State-attributed incidents of counting certainty in the years.
type Summary struct {
	Counted   tally.Count `json:"counted"`
	Territory tally.Count `json:"territory"` // on the State's territory, whoever did it
	Cells     int         `json:"cells"`
	InForce   int         `json:"in_force"` // of them, where a clause is in force and holds for the State
	Coded     int         `json:"coded"`    // of those, with an outcome that two people accepted
	ToDecide  int         `json:"to_decide"`
	Published int         `json:"published"` // cells published, or corrected since
}
