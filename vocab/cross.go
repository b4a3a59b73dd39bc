package vocab

import (
	"strings"
	"sync"
)

// Mapping is what a publisher's value stands for. Codes are codes of List and must not be changed by the caller. Doubt
// marks a value that cannot be carried over with certainty, Note says why. Unmapped marks a value that is known and has
// no code on purpose; Note gives the reason and the value stays the source's word.
type Mapping struct {
	List     string
	Codes    []string
	Doubt    bool
	Note     string
	Unmapped bool
}

// columnKey names a column of a scheme; both are Ward's own words and compared as they are.
type columnKey struct{ scheme, column string }

// column is one column's table.
type column struct {
	values map[string]Mapping // by text.Key of the value
	window int                // most commas in one value
}

var crosswalks = sync.OnceValue(func() map[columnKey]*column {
	out := map[columnKey]*column{}
	for _, r := range readAll("cross") {
		k := columnKey{r["scheme"], r["column"]}
		if out[k] == nil {
			out[k] = &column{values: map[string]Mapping{}}
		}
		out[k].add(r)
	}
	return out
})

func (c *column) add(r row) {
	codes := strings.Fields(r["codes"])
	c.values[keyOf(r["value"])] = Mapping{r["list"], codes, r["doubt"] != "", r["note"], len(codes) == 0}
	c.window = max(c.window, strings.Count(r["value"], ","))
}

// Cross carries a publisher's value into Ward's codes. Schemes and their columns:
//
//	sind      perpetrator weapon location precision outcome profession conflict context political covid ebola vaccination
//	shcc2019  perpetrator attack_type context context_codes context_resources outcome
//	ssa       attack_type certainty facility resource affected
//	awsd      means context location actor_type verified source motive
//	mrm       violation attack_type status
//	hhs       breach_type
//	veris     actor_external actor_internal malware hacking disclosure integrity availability
//	moph      facility
//	huridocs  act method medical_attention perpetrator involvement victim_status violation_status
//
// In the columns count (sind, shcc2019, ssa) and resource (sind, shcc2019) the value is the key of a field whose count is
// above zero, in ssa's resource it is the header of a column that says YES. False means that the table does not know the value.
func Cross(scheme, column, value string) (Mapping, bool) {
	c := crosswalks()[columnKey{scheme, column}]
	key := keyOf(value)
	if c == nil || key == "" {
		return Mapping{}, false
	}
	m, ok := c.values[key]
	return m, ok
}

// Split divides a cell that lists several values of a column, although values contain commas themselves: the longest
// known value wins, and what is not known stays one item. A blank cell has no items.
func Split(scheme, column, cell string) []string {
	c := crosswalks()[columnKey{scheme, column}]
	if c == nil {
		return splitKnown(cell, 0, func(string) bool { return false })
	}
	return splitKnown(cell, c.window, func(s string) bool {
		_, ok := c.values[keyOf(s)]
		return ok
	})
}

// Crossing is a publisher's value and the codes it stands for.
type Crossing struct {
	Value string
	Codes []string
}

// Crossed are the values of all publishers that stand for some code of a list, in the order of the files.
func Crossed(list string) (out []Crossing) {
	for _, r := range readAll("cross") {
		if r["list"] == list && r["codes"] != "" && r["column"] != "count" && r["column"] != "resource" {
			out = append(out, Crossing{r["value"], strings.Fields(r["codes"])})
		}
	}
	return out
}
