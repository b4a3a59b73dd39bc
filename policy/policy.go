// Package policy is the registry of norms: the instruments that bind or address
// those who give care, those who hold people, and States.
//
// A norm is an instrument through its whole life (adopted, revised, reaffirmed,
// renamed, reclassified, rescinded, archived); the year in its id names the
// wording whose clauses are coded. A clause is one point of it, in our own
// words, cited as NORM:number; a slug stands where the instrument prints no
// number or where we have not checked it, and a clause without a number is the
// norm as a whole (id "UNSC-2286"). A citation says which clause an incident
// touches and how the State bears on it. A call is a recommendation of a norm,
// read by eye: what is asked, of whom, how strongly. A text is an association's
// own copy, read by Import: its life, its points, and whom it asks for what.
//
// The corpus ships as five tables (norms, events, clauses, citations,
// recommendations). What is marked unconfirmed was written from memory and is to
// be checked against the instrument before it is shown as fact. See
// docs/life-of-a-norm.md and docs/life-of-a-commitment.md.
package policy

import (
	_ "embed"
	"slices"
	"sync"
)

// Norm is one instrument with its life and clauses.
type Norm struct {
	ID, Title, Short, Issuer string
	OfficialNo               string // the issuer's own number of the latest version that we know; "" = none known
	Force                    string // treaty | custom | UNSC | UNGA_soft | professional
	Addressee                string // whom it speaks to first; codes as in Clause.Addressee
	Aliases                  []string
	Confirmed                bool // every event of its life was read in a copy or a register
	Events                   []Event
	Clauses                  []Clause

	marks []string // folded words that a copy of this norm contains
}

// Event is one step of a norm's life. Month 0 = unknown; Year 0 = undated.
// An event known to the month takes effect on its first day, one known to the
// year on 1 January.
type Event struct {
	Event   string `json:"event"` // see the Event constants
	As      string `json:"as"`    // new name or class ("Resolution")
	Body    string `json:"body"`
	Ordinal int    `json:"ordinal"` // 0 = none printed
	Place   string `json:"place"`
	Online  bool   `json:"online"`
	Year    int    `json:"year"`
	Month   int    `json:"month"`
}

// The events of a life (standards 6.1); EnteredIntoForce is for treaties.
const (
	Adopted           = "adopted"
	Revised           = "revised"
	EditoriallyRev    = "editorially_revised"
	Reaffirmed        = "reaffirmed"
	ReaffirmedMinor   = "reaffirmed_minor"
	Renamed           = "renamed"
	Reclassified      = "reclassified"
	Rescinded         = "rescinded"
	Archived          = "archived"
	EnteredIntoForce  = "entered_into_force"
	statePrefix       = "State:"
	forceTreaty       = "treaty"
	forceCustom       = "custom"
	forceUNSC         = "UNSC"
	forceSoft         = "UNGA_soft"
	forceProfessional = "professional"
)

// Clause is one point that an incident or a recommendation can cite.
type Clause struct {
	ID, Norm, Number string
	Summary          string // our own words
	Short            string // at most five words, for the row of a matrix
	Addressee        string // codes, space separated; State:IRN is one named State
	Force            string // the norm's
	Since            int    // first year the clause or its predecessor stood
	SinceBy          string // how Since was decided: first | revision | version | force | custom
	Confirmed        bool   // content and number were read, not remembered
	Binding          string // all | party | addressee: see Binds
}

// Corpus is the whole registry. It never changes after Load and may be shared.
// Slices that it returns belong to it: read them, copy before changing.
type Corpus struct {
	norms    []Norm
	clauses  []Clause
	normAt   map[string]int
	clauseAt map[string]int
	calls    []Call
	cites    citeTable

	fingerprinting sync.Once
	fingerprint    string
}

//go:embed norms.csv
var normsCSV string

//go:embed events.csv
var eventsCSV string

//go:embed clauses.csv
var clausesCSV string

//go:embed citations.csv
var citationsCSV string

var shipped = sync.OnceValues(func() (*Corpus, error) {
	return parseCorpus(tables{normsCSV, eventsCSV, clausesCSV, citationsCSV, callsCSV})
})

// Load gives the corpus that ships with the program, parsed once. The tables
// are part of the program, so a defect in them is a defect of the build.
func Load() *Corpus {
	c, err := shipped()
	if err != nil {
		panic("policy: the shipped tables do not parse: " + err.Error())
	}
	return c
}

// Norms lists every norm in corpus order.
func (c *Corpus) Norms() []Norm { return slices.Clip(c.norms) }

// Norm finds a norm by id.
func (c *Corpus) Norm(id string) (Norm, bool) {
	i, ok := c.normAt[id]
	if !ok {
		return Norm{}, false
	}
	return c.norms[i], true
}

// Clauses lists every clause in corpus order.
func (c *Corpus) Clauses() []Clause { return slices.Clip(c.clauses) }

// Clause finds a clause by id ("AP1:16.1"; "UNSC-2286" is a norm as a whole).
func (c *Corpus) Clause(id string) (Clause, bool) {
	i, ok := c.clauseAt[id]
	if !ok {
		return Clause{}, false
	}
	return c.clauses[i], true
}
