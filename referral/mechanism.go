package referral

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/*.csv
var files embed.FS

// Whether a mechanism asks for the consent of the person.
const (
	ConsentRequired = "required"  // always
	ConsentOfPerson = "if_person" // where something ticked speaks of one
)

// Mechanism is where cases are taken to, as data.
type Mechanism struct {
	ID       string
	Version  string
	Family   string   // un, treaty, court, humanitarian, regional, national
	Name     string   // in English; people read it by the key "referral.mechanism." + ID
	Purpose  string   // code of consent
	Who      []string // who may submit: person, family, representative, ngo, nma, anyone
	Unnamed  bool     // it takes what nobody signs
	Consent  string
	Langs    []string // in which it takes a text; none is any
	Words    int      // of the whole text, at most; 0 no limit
	Clock    int      // days in which a reply is asked; 0 none
	From     string   // from when it runs: sent, acknowledged
	Urgent   string   // urgent, within_months:3, "" not
	Marks    []string // bilateral, never_evidence, signed, confidential, reprisal_first
	Next     []string // mechanisms to which silence leads
	Source   string   // clause or paper
	Doubt    string   // what is from memory or still to be confirmed; "" nothing
	Mandates bool     // it is addressed to mandates of special procedures
	Fields   []Field
}

// Field is one that a package may hold.
type Field struct {
	Key      string // "arrest_place"; people read it by the key "referral.field." + Key
	Section  string // submitter, person, events, detention, remedies, request, report, files; by the key "referral.section." + Section
	From     string // where its value comes from: "person.name", "case.detention.place"; "" it is typed
	Class    string // code of data_class; "" it speaks of nobody
	Required bool
	Words    int    // at most; 0 no limit but the field's bytes
	Long     bool   // several lines
	Accused  bool   // it says who did it: an authority or a unit, never a person of a health profession
	Label    string // in English
	Why      string // why it is needed, in English; people read it by the key "referral.why." + Key
}

// Mandate is one of the special procedures.
type Mandate struct {
	ID    string   // "sr-health"; people read it by the key "referral.mandate." + ID
	Name  string   // in English
	Codes []string // incident codes and families to which it answers
	Doubt string
}

// Withheld is a kind of field that no mechanism is offered.
type Withheld struct {
	What string // "source.name"; people read it by the key "referral.never." + What
	Why  string // in English
}

// Move is a step of the state machine as the data tell of it.
type Move struct {
	From, To string
	By       string // prepare, approve
	Rule     string // in English
}

// catalogue is everything of the data files.
type catalogue struct {
	fields     []Field
	mechanisms []Mechanism
	mandates   []Mandate
	never      []Withheld
	moves      []Move
}

// Never are kinds of fields that no mechanism is offered.
func Never() []Withheld { return slices.Clone(data().never) }

// Mechanisms are all, in the order of the list.
func Mechanisms() []Mechanism { return slices.Clone(data().mechanisms) }

// MechanismOf is one of them.
func MechanismOf(id string) (Mechanism, bool) {
	for _, m := range data().mechanisms {
		if m.ID == id {
			return m, true
		}
	}
	return Mechanism{}, false
}

// Fields are all fields that any mechanism knows; whether one is required is the mechanism's.
func Fields() []Field { return slices.Clone(data().fields) }

// Mandates are the special procedures, in the order of the list.
func Mandates() []Mandate { return slices.Clone(data().mandates) }

// Moves are all steps of the state machine.
func Moves() []Move { return slices.Clone(data().moves) }

// MandatesFor are those that answer to any of the incident codes.
func MandatesFor(codes []string) (out []Mandate) {
	for _, m := range data().mandates {
		if slices.ContainsFunc(codes, m.answers) {
			out = append(out, m)
		}
	}
	return out
}

func (m Mandate) answers(code string) bool {
	family, _, _ := strings.Cut(code, ".")
	return slices.Contains(m.Codes, code) || slices.Contains(m.Codes, family)
}

// Field is the mechanism's field of a key.
func (m Mechanism) Field(key string) (Field, bool) {
	for _, f := range m.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Classes are the data classes of fields, sorted.
func (m Mechanism) Classes(ticked []string) []string {
	var out []string
	for _, f := range m.Fields {
		if f.Class != "" && slices.Contains(ticked, f.Key) {
			out = append(out, f.Class)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Within is the number of months after an event in which an urgent mechanism takes it; 0 no such limit.
func (m Mechanism) Within() int {
	_, months, _ := strings.Cut(m.Urgent, "within_months:")
	n, _ := strconv.Atoi(months)
	return n
}

// line is a row of a data file by its column names.
type line map[string]string

func (l line) list(column string) []string { return strings.Fields(l[column]) }
func (l line) yes(column string) bool      { return l[column] == "1" }

func (l line) number(column string) int {
	n, err := strconv.Atoi(l[column])
	if err != nil || n < 0 {
		panic(fmt.Sprintf("referral: %s is no number in %v", column, l))
	}
	return n
}

// read parses one data file. The files are part of the program and a test reads each: a broken one is a defect.
func read(name string) (out []line) {
	b, err := files.ReadFile("data/" + name)
	if err != nil {
		panic(fmt.Sprintf("referral: %v", err))
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("referral: %s: %v", name, err))
	}
	for _, cells := range rows[1:] {
		l := line{}
		for i, c := range cells {
			l[rows[0][i]] = c
		}
		out = append(out, l)
	}
	return out
}

var data = sync.OnceValue(func() (c catalogue) {
	byKey := map[string]Field{}
	for _, l := range read("fields.csv") {
		f := Field{Key: l["key"], Section: l["section"], From: l["from"], Class: l["class"], Words: l.number("words"), Long: l.yes("long"),
			Accused: l.yes("accused"), Label: l["label_en"], Why: l["why_en"]}
		c.fields, byKey[f.Key] = append(c.fields, f), f
	}
	for _, l := range read("mechanisms.csv") {
		c.mechanisms = append(c.mechanisms, mechanismOf(l, c.fields, byKey))
	}
	for _, l := range read("mandates.csv") {
		c.mandates = append(c.mandates, Mandate{ID: l["id"], Name: l["name_en"], Codes: l.list("codes"), Doubt: l["doubt"]})
	}
	for _, l := range read("never.csv") {
		c.never = append(c.never, Withheld{What: l["what"], Why: l["why_en"]})
	}
	for _, l := range read("moves.csv") {
		c.moves = append(c.moves, Move{From: l["from"], To: l["to"], By: l["by"], Rule: l["rule"]})
	}
	return c
})

// mechanismOf makes a mechanism of its line; its fields stand in the order of the catalogue.
func mechanismOf(l line, all []Field, byKey map[string]Field) Mechanism {
	m := Mechanism{ID: l["id"], Version: l["version"], Family: l["family"], Name: l["name_en"], Purpose: l["purpose"], Who: l.list("who"),
		Unnamed: l.yes("unnamed"), Consent: l["consent"], Langs: l.list("langs"), Words: l.number("words"), Clock: l.number("clock"), From: l["from"],
		Urgent: l["urgent"], Marks: l.list("marks"), Next: l.list("next"), Source: l["source"], Doubt: l["doubt"], Mandates: l.yes("mandates")}
	asked := map[string]bool{} // by key: whether it is required
	for _, key := range l.list("optional") {
		asked[key] = false
	}
	for _, key := range l.list("required") {
		asked[key] = true
	}
	for key := range maps.Keys(asked) {
		if _, ok := byKey[key]; !ok {
			panic(fmt.Sprintf("referral: %s asks for %s, which is no field", m.ID, key))
		}
	}
	for _, f := range all {
		if required, is := asked[f.Key]; is {
			f.Required = required
			m.Fields = append(m.Fields, f)
		}
	}
	return m
}
