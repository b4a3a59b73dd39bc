package incident

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/tally"
	"ward/vocab"
	"ward/when"
)

// Kinds of entries about an incident; their subject is its public id.
const (
	KindStated  = "incident.stated"  // Stated: what a person put on record about one field
	KindVerdict = "incident.verdict" // Verdict: how certain two people found it
)

// Moves by which a person changes what is asserted. Nothing is overwritten.
const (
	Assert    = "assert"    // add a value
	Contest   = "contest"   // say that a value is doubted: it still counts, and the field is contested
	Retract   = "retract"   // take a value, a contest or a supersession back
	Supersede = "supersede" // put a value in the place of another
)

// Stated is one move by one person.
type Stated struct {
	Move        string `json:"move"`
	Field       string `json:"field"`
	Value       string `json:"value,omitempty"`       // canonical text, of assert and supersede
	Raw         string `json:"raw,omitempty"`         // the source's own words
	Source      string `json:"source,omitempty"`      // who says so: "report:<ULID>", a pseudonym, or a title
	Reliability string `json:"reliability,omitempty"` // of the source, A-F
	Credibility string `json:"credibility,omitempty"` // of this information, 1-6
	Root        string `json:"root,omitempty"`        // independent origin; equal roots are one; "" is the source itself
	Direct      bool   `json:"direct,omitempty"`      // eyewitness, clinician, document, authenticated media
	Over        string `json:"over,omitempty"`        // id of the assertion that is contested, retracted or superseded
	Why         string `json:"why,omitempty"`
}

// States of an assertion.
const (
	Active     = "active"
	Contested  = "contested"
	Retracted  = "retracted"
	Superseded = "superseded"
)

// Assertion is one value of one field with who says so, as it stands now.
type Assertion struct {
	ID          string // of the entry; "<report>/<field>" for a publisher's
	Field       string
	Value       string
	Raw         string
	Series      string // of a publisher's report; Own for what people stated here
	Source      string
	Reliability string
	Credibility string
	Root        string
	Direct      bool
	Owner       bool // the source issued the id that joins the reports
	State       string
	By          string // who stated it here; "" for a publisher's
	At          time.Time
	Why         string
	Moves       []entry.Entry[Stated] // what was done about it later, the oldest first
}

// Own is the series under which people's own assertions stand beside publishers'.
const Own = "desk"

// longestStated is the longest text of a field, in bytes: some ten pages.
const longestStated = 40_000

// Stand applies what people stated, in order, to what the reports assert: each assertion with its state. The strongest move that holds
// decides it. A move that speaks of an assertion that is no longer there (a newer edition says something else) changes nothing.
func Stand(reported []Assertion, stated []entry.Entry[Stated]) []Assertion {
	all, hold := slices.Clone(reported), holding(stated)
	at := func(id string) *Assertion {
		i := slices.IndexFunc(all, func(a Assertion) bool { return a.ID == id })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	for _, e := range stated {
		s := e.Body
		if over := at(s.Over); over != nil {
			over.Moves = append(over.Moves, e)
			if state := after(s.Move); hold[e.ID] && slices.Index(weaker, over.State) < slices.Index(weaker, state) {
				over.State = state
			}
		}
		if s.Move == Assert || s.Move == Supersede {
			all = append(all, Assertion{ID: e.ID, Field: s.Field, Value: s.Value, Raw: s.Raw, Series: Own, Source: s.Source, Reliability: s.Reliability,
				Credibility: s.Credibility, Root: cmp.Or(s.Root, s.Source, e.ID), Direct: s.Direct, State: Active, By: e.By, At: e.At, Why: s.Why})
		}
	}
	return all
}

// weaker lists the states of an assertion, each before those that a move cannot lift it out of.
var weaker = []string{Active, Contested, Superseded, Retracted}

// holding tells which moves hold, by id: those that were not taken back, by a retraction that itself holds. A value that was taken back
// after another was put in its place leaves what it had replaced replaced.
func holding(stated []entry.Entry[Stated]) map[string]bool {
	hold, undone, replaced := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, e := range slices.Backward(stated) { // a move speaks of what stood before it
		hold[e.ID] = !undone[e.ID] || replaced[e.ID]
		switch {
		case e.Body.Move == Retract && hold[e.ID]:
			undone[e.Body.Over] = true
		case e.Body.Move == Supersede && hold[e.ID]:
			replaced[e.Body.Over] = true
		}
	}
	return hold
}

// after is the state in which a move leaves the assertion that it speaks of.
func after(move string) string {
	return map[string]string{Contest: Contested, Retract: Retracted, Supersede: Superseded}[move]
}

// Speaks reports an assertion that counts: it is neither retracted nor superseded.
func (a Assertion) Speaks() bool { return a.State == Active || a.State == Contested }

// Check says what is wrong with a move; it is Invalid.
func (s Stated) Check() error {
	field, known := vocab.FieldOf(s.Field)
	wrong := ""
	switch {
	case !known || field.Key == "certainty" || strings.HasPrefix(s.Field, "detail:"):
		return fault.New(fault.Invalid, "%.40q is no field that can be stated", s.Field).Keeping("nothing was written").Do("take a field of the list; certainty rises by verification only")
	case after(s.Move) == "" && s.Move != Assert:
		wrong = "the move is none of assert, contest, retract, supersede"
	case s.Move != Assert && s.Over == "":
		wrong = "it does not say which assertion it speaks of"
	case s.Move != Assert && strings.TrimSpace(s.Why) == "":
		wrong = "no reason is given"
	case len(s.Value) > longestStated || len(s.Raw) > longestStated || len(s.Why) > longestStated || len(s.Source) > 300 || len(s.Root) > 300:
		wrong = "a text is too long"
	case !slices.Contains([]string{"", "A", "B", "C", "D", "E", "F"}, s.Reliability) || !slices.Contains([]string{"", "1", "2", "3", "4", "5", "6"}, s.Credibility):
		wrong = "reliability is A to F, credibility 1 to 6"
	case (s.Move == Assert || s.Move == Supersede) && !fits(field, s.Value):
		wrong = "the value does not fit the field"
	case (s.Move == Contest || s.Move == Retract) && s.Value != "":
		wrong = "a value stands where none belongs"
	}
	if wrong != "" {
		return fault.New(fault.Invalid, "%s: %s", vocab.Label("field", s.Field, "en"), wrong).Keeping("nothing was written").Do("correct it and send it again")
	}
	return nil
}

// fits reports a value that can be read as its field's kind.
func fits(f vocab.Field, value string) bool {
	if value == "" {
		return false
	}
	switch f.Kind {
	case "edtf":
		_, err := when.Parse(value)
		return err == nil
	case "country":
		return isCountry(value)
	case "point":
		_, _, ok := Point(value)
		return ok
	case "count":
		_, err := tally.Parse(value)
		return err == nil
	case "yesno":
		return value == "yes" || value == "no" || value == "unknown"
	case "code", "codes":
		return fitCodes(f, value)
	}
	return true
}

func fitCodes(f vocab.Field, value string) bool {
	codes := strings.Fields(value)
	for _, code := range codes {
		if f.List == "" && !isCountry(code) || f.List != "" && !vocab.Has(f.List, code) {
			return false
		}
	}
	return len(codes) > 0 && (f.Kind == "codes" || len(codes) == 1)
}

func isCountry(code string) bool {
	iso3, ok := vocab.Country(code)
	return ok && iso3 == code
}

// Point reads "latitude,longitude" in degrees; ok is false for what lies outside the globe.
func Point(value string) (lat, lon float64, ok bool) {
	a, b, _ := strings.Cut(value, ",")
	lat, err1 := strconv.ParseFloat(a, 64)
	lon, err2 := strconv.ParseFloat(b, 64)
	return lat, lon, err1 == nil && err2 == nil && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
}
