package casework

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Playbook is how cases of one kind go: data, one file for each kind.
type Playbook struct {
	Kind     string    `json:"kind"`
	Version  int       `json:"version"`
	Source   string    `json:"source"` // whose the states are
	States   []State   `json:"states"` // in the order of a list; a case begins in the first
	Sections []Section `json:"sections"`
}

// State is where a case can stand.
type State struct {
	State    string   `json:"state"`
	Moves    []Way    `json:"moves,omitempty"`
	Outcomes []string `json:"outcomes,omitempty"` // whoever moves here says one
	Final    bool     `json:"final,omitempty"`    // nothing is to be done any more: no clock runs, no task is open
	Tasks    []Due    `json:"tasks,omitempty"`    // that it brings
}

// Way is a move that a state allows.
type Way struct {
	To    string   `json:"to"`
	Needs []string `json:"needs,omitempty"` // sections, or section.field, that are filled in before
	Why   bool     `json:"why,omitempty"`   // it asks for a reason

	Unless map[string]string `json:"unless,omitempty"` // of a need, where it is none: "section.field=value"
}

// Due is a task with the time there is for it.
type Due struct {
	Task    string `json:"task"`
	Within  Span   `json:"within,omitempty"`  // from the move; 0 is no clock
	Reached string `json:"reached,omitempty"` // a state: once the case comes to it, the task is done
}

// Section is a set of fields that belong together.
type Section struct {
	Section string  `json:"section"`
	Repeats bool    `json:"repeats,omitempty"`
	Fields  []Field `json:"fields"`
	Clocks  []Watch `json:"clocks,omitempty"`
	Review  *Review `json:"review,omitempty"`
	Asks    []Ask   `json:"asks,omitempty"`
	After   string  `json:"after,omitempty"` // a state: nothing is recorded here before the case was in it
}

// Types of fields.
const (
	Text    = "text"    // one line
	Long    = "long"    // several lines
	Day     = "day"     // EDTF
	Instant = "instant" // RFC 3339, kept in UTC
	Coded   = "code"    // of List
	Bool    = "bool"    // "yes" or ""
	Number  = "number"  // a whole number from 0
	Clause  = "clause"  // id of the norm corpus
	Country = "country" // ISO 3166 alpha-3
	Name    = "name"    // of a person or a body (T3)
)

// Field is one thing that a section asks for.
type Field struct {
	Field    string `json:"field"`
	Type     string `json:"type"`
	List     string `json:"list,omitempty"`     // of codes
	Required bool   `json:"required,omitempty"` // nobody can record the section without
}

// Watch is a clock that runs from a field of a section.
type Watch struct {
	Clock   string   `json:"clock"`
	Field   string   `json:"field"`             // a day or an instant
	Plus    Span     `json:"plus,omitempty"`    // due so long after it
	Ends    []string `json:"ends,omitempty"`    // fields of the same item of which each stops it
	Reached string   `json:"reached,omitempty"` // a state: once the case was in it, the clock is stopped
	Passed  string   `json:"passed,omitempty"`  // what the clock is called when its time has come and nothing stopped it
}

// Ask is that a field with a certain value needs another field beside it.
type Ask struct {
	Field string `json:"field"`
	Is    string `json:"is"`
	Needs string `json:"needs"`
}

// Review is the longest time to the next review, by a code.
type Review struct {
	By     string          `json:"by"`     // the field with the code
	Field  string          `json:"field"`  // the instant of the next review
	Within map[string]Span `json:"within"` // a code that is not here has no bound
}

// Span is a length of time, written "72h".
type Span time.Duration

// UnmarshalJSON reads a length of time.
func (s *Span) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	d, err := time.ParseDuration(text)
	*s = Span(d)
	return err
}

//go:embed playbooks/*.json
var files embed.FS

// Kinds are the kinds of cases, in the order of a list.
func Kinds() []string { return []string{Protection, Advice, Inquiry, Conduct, Breach} }

// books reads the playbooks once. They are part of the program and a test reads each: a broken one is a defect.
var books = sync.OnceValue(func() map[string]*Playbook {
	out := map[string]*Playbook{}
	for _, kind := range Kinds() {
		b, err := files.ReadFile("playbooks/" + kind + ".json")
		p := &Playbook{}
		if err == nil {
			err = json.Unmarshal(b, p)
		}
		if err != nil {
			panic(fmt.Sprintf("casework: playbook %s: %v", kind, err))
		}
		out[kind] = p
	}
	return out
})

// PlaybookOf is the playbook of a kind of cases. It is shared: nobody changes it.
func PlaybookOf(kind string) (*Playbook, bool) {
	p, ok := books()[kind]
	return p, ok
}

// State finds a state by its name.
func (p *Playbook) State(name string) (State, bool) {
	at := slices.IndexFunc(p.States, func(s State) bool { return s.State == name })
	if at < 0 {
		return State{}, false
	}
	return p.States[at], true
}

// Section finds a section by its name.
func (p *Playbook) Section(name string) (Section, bool) {
	at := slices.IndexFunc(p.Sections, func(s Section) bool { return s.Section == name })
	if at < 0 {
		return Section{}, false
	}
	return p.Sections[at], true
}

// Field finds a field by its name.
func (s Section) Field(name string) (Field, bool) {
	at := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Field == name })
	if at < 0 {
		return Field{}, false
	}
	return s.Fields[at], true
}

// reaches reports that a task is done once a case comes to a state.
func (p *Playbook) reaches(task, state string) bool {
	return slices.ContainsFunc(p.States, func(s State) bool {
		return slices.ContainsFunc(s.Tasks, func(t Due) bool { return t.Task == task && t.Reached == state })
	})
}

// Words are the keys of all words that pages need to speak of cases, sorted: case.kind.<kind>, case.state.<kind>.<state>,
// case.outcome.<outcome>, case.section.<section>, case.field.<section>.<field>, case.task.<task>, case.clock.<clock>.
func Words() []string {
	var out []string
	for kind, p := range books() {
		out = append(out, "case.kind."+kind)
		for _, s := range p.States {
			out = append(out, "case.state."+kind+"."+s.State)
			for _, o := range s.Outcomes {
				out = append(out, "case.outcome."+o)
			}
			for _, t := range s.Tasks {
				out = append(out, "case.task."+t.Task)
			}
		}
		for _, s := range p.Sections {
			out = append(out, s.words()...)
		}
	}
	out = append(out, "case.clock."+ClockTask)
	slices.Sort(out)
	return slices.Compact(out)
}

func (s Section) words() []string {
	out := []string{"case.section." + s.Section}
	for _, f := range s.Fields {
		out = append(out, "case.field."+s.Section+"."+f.Field)
	}
	for _, w := range s.Clocks {
		out = append(out, "case.clock."+w.Clock)
		if w.Passed != "" {
			out = append(out, "case.clock."+w.Passed)
		}
	}
	return out
}
