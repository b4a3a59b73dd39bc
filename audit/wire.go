package audit

import (
	"encoding/json"
	"strings"

	"ward/fault"
	"ward/tally"
	"ward/when"
)

// extract is the published form of an incident: what a cell was built from and nothing else.
type extract struct {
	ID         string      `json:"id"`
	Date       string      `json:"date"`
	Country    string      `json:"country"`
	Place      string      `json:"place,omitempty"`
	ActorKind  string      `json:"actor_kind"`
	ActorState stateList   `json:"actor_state"`
	ActorName  string      `json:"actor_name,omitempty"`
	ActorNote  string      `json:"actor_note,omitempty"`
	Codes      []string    `json:"codes"`
	Context    string      `json:"context,omitempty"`
	Certainty  string      `json:"certainty"`
	Register   string      `json:"register"`
	Source     string      `json:"source"`
	Sources    []string    `json:"sources,omitempty"` // when there are several
	Scope      string      `json:"scope"`
	Roots      []string    `json:"roots,omitempty"`
	Counts     peopleCount `json:"counts,omitempty"`
}

// stateList is null, one code, or a list.
type stateList []string

// MarshalJSON writes null for none, a string for one, a list for several.
func (s stateList) MarshalJSON() ([]byte, error) {
	switch len(s) {
	case 0:
		return []byte("null"), nil
	case 1:
		return json.Marshal(s[0])
	}
	return json.Marshal([]string(s))
}

// UnmarshalJSON reads the three forms.
func (s *stateList) UnmarshalJSON(b []byte) error {
	*s = nil
	switch {
	case string(b) == "null":
		return nil
	case len(b) > 0 && b[0] == '"':
		var one string
		err := json.Unmarshal(b, &one)
		*s = stateList{one}
		return err
	}
	return json.Unmarshal(b, (*[]string)(s))
}

// peopleCount is an object of canonical counts by field, in the order of the field names.
type peopleCount map[string]string

// MarshalJSON writes the extract of the incident.
func (i *Incident) MarshalJSON() ([]byte, error) {
	e := extract{
		ID: i.ID, Date: i.Date.String(), Country: i.Country, Place: i.Place, ActorKind: i.ActorKind, ActorState: i.ActorState,
		ActorName: i.ActorName, ActorNote: i.ActorNote, Codes: i.Codes, Context: i.Context, Certainty: i.Certainty, Register: i.Register,
		Source: strings.Join(i.Sources, "; "), Scope: i.Scope, Roots: i.Roots,
	}
	if e.Codes == nil {
		e.Codes = []string{}
	}
	if len(i.Sources) > 1 {
		e.Sources = i.Sources
	}
	if len(i.Counts) > 0 {
		e.Counts = peopleCount{}
		for _, c := range i.Counts {
			e.Counts[c.Field] = c.Count.Text()
		}
	}
	return json.Marshal(e)
}

// incident reads an extract back; Counts come in the order of their names.
func (e *extract) incident() (Incident, error) {
	i := Incident{
		ID: e.ID, Country: e.Country, Place: e.Place, ActorKind: e.ActorKind, ActorState: e.ActorState, ActorName: e.ActorName,
		ActorNote: e.ActorNote, Codes: e.Codes, Context: e.Context, Certainty: e.Certainty, Register: e.Register, Sources: e.Sources,
		Scope: e.Scope, Roots: e.Roots,
	}
	if len(i.Sources) == 0 && e.Source != "" {
		i.Sources = []string{e.Source}
	}
	if e.Date != "" {
		date, err := when.Parse(e.Date)
		if err != nil {
			return i, fault.Wrap(err, fault.Invalid, "the incident %.60q has a date that cannot be read", e.ID)
		}
		i.Date = date
	}
	for field, value := range e.Counts {
		n, err := tally.Parse(value)
		if err != nil {
			return i, fault.Wrap(err, fault.Invalid, "the incident %.60q has a count that cannot be read", e.ID)
		}
		i.Counts = append(i.Counts, PeopleCount{field, n})
	}
	return i, nil
}
