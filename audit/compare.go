package audit

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"ward/fault"
)

type cellKey struct {
	Clause string `json:"clause"`
	Year   int    `json:"year"`
}

// since gives the keys that a file of the earlier format cannot have.
func since(before bool, keys ...string) []string {
	if before {
		return keys
	}
	return nil
}

// addedSections are the parts that a file of the earlier format cannot have.
var addedSections = []string{"steps", "corrections", "appeals", "reservations", "withdrawals", "visits", "communications", "conflicts"}

// compareCells compares by clause and year, not by position.
func compareCells(given []json.RawMessage, built []Cell, before bool) (out []Difference, err error) {
	at := map[cellKey]json.RawMessage{}
	for _, raw := range given {
		var key cellKey
		if err := json.Unmarshal(raw, &key); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "a cell of the file cannot be read")
		}
		if _, twice := at[key]; twice {
			out = append(out, Difference{Part: "cell", Clause: key.Clause, Year: key.Year, Keys: []string{"twice"}})
		}
		at[key] = raw
	}
	for i := range built {
		key := cellKey{built[i].Clause, built[i].Year}
		keys := []string{"missing"}
		if raw, ok := at[key]; ok {
			if keys, err = compareObject(raw, &built[i], passed{barred: since(before, "standing", "reserved")}); err != nil {
				return nil, err
			}
		}
		delete(at, key)
		if len(keys) > 0 {
			out = append(out, Difference{Part: "cell", Clause: key.Clause, Year: key.Year, Keys: keys})
		}
	}
	return append(out, extras(at)...), nil
}

func extras(left map[cellKey]json.RawMessage) (out []Difference) {
	for key := range left {
		out = append(out, Difference{Part: "cell", Clause: key.Clause, Year: key.Year, Keys: []string{"extra"}})
	}
	slices.SortFunc(out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Year, b.Year))
	})
	return out
}

// compareIncidents finds incidents of the extract that the audit would not have published, because they bear on
// nothing in it, and those that are not written as what was read from them. Their order is not compared.
func compareIncidents(given []json.RawMessage, read []Incident, built []*Incident) (out []Difference, err error) {
	gathered := map[*Incident]bool{}
	for _, inc := range built {
		gathered[inc] = true
	}
	for i := range read {
		keys := []string{"extra"}
		if gathered[&read[i]] {
			if keys, err = compareObject(given[i], &read[i], passed{}); err != nil {
				return nil, err
			}
		}
		if len(keys) > 0 {
			out = append(out, Difference{Part: "incident", Incident: read[i].ID, Keys: keys})
		}
	}
	return out, nil
}

// passed are keys of an object that are not compared: over whatever they say, barred because the file cannot have them; one that it has differs.
type passed struct{ over, barred []string }

// compareObject names the keys in which the file's object is not the rebuilt one, those among them that only one of
// the two has.
func compareObject(raw json.RawMessage, built any, but passed) ([]string, error) {
	ours, err := json.Marshal(built)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a part of the audit cannot be written")
	}
	if bytes.Equal(raw, ours) && len(but.barred) == 0 {
		return nil, nil
	}
	var theirs, mine map[string]json.RawMessage
	if err := json.Unmarshal(ours, &mine); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a part of the audit cannot be read back")
	}
	if err := json.Unmarshal(raw, &theirs); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "a part of the file that must be an object is none")
	}
	var keys []string
	for key, value := range mine {
		_, given := theirs[key]
		if slices.Contains(but.barred, key) && !given || slices.Contains(but.over, key) {
			continue
		}
		if slices.Contains(but.barred, key) || !equal(theirs[key], value) {
			keys = append(keys, key)
		}
	}
	for key := range theirs {
		if _, ok := mine[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// equal reports that two values say the same, in whatever layout; what is absent equals nothing.
func equal(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, err := canonical(a)
	if err != nil {
		return false
	}
	y, err := canonical(b)
	return err == nil && bytes.Equal(x, y)
}

// compareParts compares all but cells and incidents, and finds parts that the format does not have. Of what is not
// known, the numbers of incidents left out are taken from the file, since the extract does not hold those incidents;
// leftOut names them. made_at, likewise, can only be what the file says.
func compareParts(raw []byte, built *Report, before bool) (out []Difference, leftOut []string, err error) {
	var theirs map[string]json.RawMessage
	if err := json.Unmarshal(raw, &theirs); err != nil {
		return nil, nil, fault.Wrap(err, fault.Invalid, "the file is not a State's audit")
	}
	for _, s := range built.sections() {
		part := theirs[s.key]
		delete(theirs, s.key)
		var keys []string
		same := true
		switch {
		case before && slices.Contains(addedSections, s.key):
			if part != nil {
				same, keys = false, []string{"extra"}
			}
		case s.key == "not_known":
			var want []Gap
			want, leftOut, err = withLeftOut(part, built.NotKnown)
			same = err == nil && sameSection(part, list(s.key, want))
		default:
			same, keys, err = comparePart(part, s, built, before)
		}
		if err != nil {
			return nil, nil, err
		}
		if !same {
			out = append(out, Difference{Part: s.key, Keys: keys})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(theirs)) {
		out = append(out, Difference{Part: fmt.Sprintf("%.60q", key), Keys: []string{"extra"}})
	}
	return out, leftOut, nil
}

// comparePart compares one part; keys are what differs in an object.
func comparePart(part json.RawMessage, s section, built *Report, before bool) (same bool, keys []string, err error) {
	var object any
	var but passed
	switch s.key {
	case "cells", "incidents", "log": // each is judged by itself
		return true, nil, nil
	case "format": // it was read already, and may be the earlier one
		return true, nil, nil
	case "method": // its versions are told apart by themselves
		object, but.over = built.Method, slices.Concat([]string{"rules", "norms", "codebook"}, since(before, "levels", "rule", "definitions", "kept"))
	case "summary":
		object, but.barred = built.Summary, since(before, "published")
	default:
		return sameSection(part, s), nil, nil
	}
	if part == nil {
		return false, nil, nil
	}
	keys, err = compareObject(part, object, but)
	return len(keys) == 0, keys, err
}

// sameSection compares a part with the section as it would be written.
func sameSection(theirs json.RawMessage, s section) bool {
	var ours bytes.Buffer
	w := bufio.NewWriter(&ours)
	if s.write(w) != nil || w.Flush() != nil {
		return false
	}
	return equal(theirs, ours.Bytes())
}

// withLeftOut adds to the rebuilt list the counts of incidents left out that the file gives, in the words and the
// order in which they must stand.
func withLeftOut(raw json.RawMessage, built []Gap) (want []Gap, leftOut []string, err error) {
	var given []Gap
	if raw != nil {
		if err := json.Unmarshal(raw, &given); err != nil {
			return nil, nil, fault.Wrap(err, fault.Invalid, "what the file says is not known cannot be read")
		}
	}
	want = slices.DeleteFunc(slices.Clone(built), func(g Gap) bool { return slices.Contains(outReasons, g.Key) })
	for _, reason := range outReasons {
		i := slices.IndexFunc(given, func(g Gap) bool { return g.Key == reason && g.N > 0 })
		if i < 0 {
			continue
		}
		want = append(want, gapOf(reason, Gap{N: given[i].N}))
		leftOut = append(leftOut, fmt.Sprintf("%s %d", reason, given[i].N))
	}
	return want, leftOut, nil
}
