// Package assertion keeps what sources say about the fields of an incident and folds it into what Ward holds.
//
// An assertion is one value of one field with its source. Nothing is overwritten: a newer edition supersedes, a person
// contests or retracts, and the current value is a fold over everything active. The fold is a pure function, so an
// incident can always be rebuilt from its assertions.
package assertion

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"ward/fault"
	"ward/tally"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// Value is one field as read from a source: its canonical text, and the source's own words where they differ.
type Value struct {
	Field string
	Value string
	Raw   string
}

// Words are the source's own words.
func (v Value) Words() string {
	if v.Raw != "" {
		return v.Raw
	}
	return v.Value
}

// List is what one report asserts, in the order of the source's columns.
type List []Value

// Get returns the canonical value of a field, "" when it is not asserted.
func (l List) Get(field string) string {
	for _, v := range l {
		if v.Field == field {
			return v.Value
		}
	}
	return ""
}

// Encode writes the list as JSON: [field, value] or [field, value, raw] each.
func (l List) Encode() string {
	rows := make([][]string, len(l))
	for i, v := range l {
		rows[i] = []string{v.Field, v.Value}
		if v.Raw != "" {
			rows[i] = append(rows[i], v.Raw)
		}
	}
	out, err := json.Marshal(rows)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(out)
}

// Decode reads what Encode wrote.
func Decode(s string) (List, error) {
	var rows [][]string
	if err := json.Unmarshal([]byte(s), &rows); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a stored report cannot be read")
	}
	l := make(List, 0, len(rows))
	for _, r := range rows {
		if len(r) < 2 {
			return nil, fault.New(fault.Internal, "a stored report has an assertion without a value")
		}
		v := Value{Field: r[0], Value: r[1]}
		if len(r) > 2 {
			v.Raw = r[2]
		}
		l = append(l, v)
	}
	return l, nil
}

// Digest commits to the asserted values, whatever their order and however the source spelled them: two rows are
// "unchanged" when their digests are equal.
func (l List) Digest() string {
	lines := make([]string, len(l))
	for i, v := range l {
		lines[i] = v.Field + "\x1f" + v.Value
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\x1e")))
	return hex.EncodeToString(sum[:])
}

// Change is one field whose asserted value differs between two editions of a report.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Compare lists the fields in which two editions say something else, sorted by field. Another spelling is none of them.
func Compare(before, after List) []Change {
	changes := map[string]Change{}
	for _, v := range before {
		changes[v.Field] = Change{Field: v.Field, From: v.Value}
	}
	for _, v := range after {
		c := changes[v.Field]
		changes[v.Field] = Change{v.Field, c.From, v.Value}
	}
	var out []Change
	for _, c := range changes {
		if !same(c.Field, c.From, c.To) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return cmp.Compare(a.Field, b.Field) })
	return out
}

// Statement is what one source says about an incident as a whole.
type Statement struct {
	Series      string
	Reliability string // A-F of the Admiralty scale, "" reads as F
	Owner       bool   // the source issued the id that joins these statements
	List        List
	Credibility string // 1-6 of the Admiralty scale, "" reads as 6
}

// Folded is the value Ward holds for one field.
type Folded struct {
	Value     string
	From      string      // series of the statement it was taken from
	Count     tally.Count // for counts: the range over all statements, best from the preferred one
	Contested bool        // statements contradict each other
}

// Fold takes each field from the statement to be preferred: the better reliability, then the better credibility, then the owner of the id,
// then the series' name, so that the order of arrival does not matter. Where statements contradict each other the field is
// contested, and a count spans all that was said.
func Fold(statements []Statement) map[string]Folded {
	ordered := slices.Clone(statements)
	slices.SortStableFunc(ordered, func(a, b Statement) int {
		return cmp.Or(cmp.Compare(grade(a.Reliability), grade(b.Reliability)), cmp.Compare(cmp.Or(a.Credibility, "6"), cmp.Or(b.Credibility, "6")), preferOwner(a, b), cmp.Compare(a.Series, b.Series))
	})
	out := map[string]Folded{}
	witness := witnessOf(ordered)
	for i, s := range ordered {
		for _, v := range s.List {
			if ofActor(v.Field) && i != witness {
				continue
			}
			fold(out, s.Series, v)
		}
	}
	for i, s := range ordered {
		for _, v := range s.List {
			if held, told := out[v.Field]; told && ofActor(v.Field) && i != witness {
				held.Contested = held.Contested || Contradict(v.Field, held.Value, v.Value)
				out[v.Field] = held
			}
		}
	}
	return out
}

// ofActor reports the fields that say together who did it. They are taken from one statement: a kind from one source and a
// State from another would be an actor that nobody named.
func ofActor(field string) bool { return strings.HasPrefix(field, "actor.") }

// witnessOf is the first statement that says anything about the actor, else the first of all.
func witnessOf(ordered []Statement) int {
	for i, s := range ordered {
		for _, v := range s.List {
			if ofActor(v.Field) && !silent(v.Field, v.Value) {
				return i
			}
		}
	}
	return 0
}

// silent reports a value that states nothing: blank, or the code "unknown".
func silent(field, value string) bool {
	return value == "" || value == "unknown" && (kind(field) == "code" || kind(field) == "codes" || kind(field) == "yesno")
}

func grade(reliability string) string { return cmp.Or(reliability, "F") }

func preferOwner(a, b Statement) int {
	switch {
	case a.Owner == b.Owner:
		return 0
	case a.Owner:
		return -1
	}
	return 1
}

func fold(out map[string]Folded, series string, v Value) {
	count, isCount := countOf(v)
	held, seen := out[v.Field]
	if !seen {
		out[v.Field] = Folded{Value: v.Value, From: series, Count: count}
		return
	}
	held.Contested = held.Contested || Contradict(v.Field, held.Value, v.Value)
	if isCount {
		held.Count = held.Count.Span(count)
	}
	if silent(v.Field, held.Value) && !silent(v.Field, v.Value) {
		held.Value, held.From = v.Value, series
	}
	out[v.Field] = held
}

// Contradict reports that two values of a field cannot both hold. What states nothing contradicts nothing; a month does not contradict a day in it.
func Contradict(field, a, b string) bool {
	if same(field, a, b) || silent(field, a) || silent(field, b) {
		return false
	}
	if kind(field) != "edtf" {
		return true
	}
	x, errX := when.Parse(a)
	y, errY := when.Parse(b)
	return errX != nil || errY != nil || !x.Within(y.From(), y.To()) && !y.Within(x.From(), x.To())
}

// same reports that two values say the same: words do so whatever their case, accents and blanks.
func same(field, a, b string) bool {
	if a == b || silent(field, a) && silent(field, b) {
		return true
	}
	if a == "" || b == "" || kind(field) != "text" {
		return false
	}
	return slices.Equal(strings.Fields(text.Fold(a)), strings.Fields(text.Fold(b)))
}

// kind is what a field holds; what nobody described is text.
func kind(field string) string {
	f, known := vocab.FieldOf(field)
	if !known {
		return "text"
	}
	return f.Kind
}

// countOf reads a count field; details that a publisher calls counts stay text.
func countOf(v Value) (tally.Count, bool) {
	if kind(v.Field) != "count" {
		return tally.Count{}, false
	}
	c, err := tally.Parse(v.Value)
	return c, err == nil
}
