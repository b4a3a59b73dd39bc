package audit

import (
	"maps"
	"slices"

	"ward/text"
)

// Reasons why a value or an outcome is what it is; Method.Definitions puts each into words.
const (
	whyCoded       = "two_coders"
	whyNotCoded    = "not_coded"
	whyOneCoder    = "one_coder"
	whyDiffer      = "coders_differ"
	whyAbove       = "above_evidence"
	whyAccess      = "access_refused"
	whyNoGrade     = "information_not_graded"
	whyContradicts = "incidents_contradict"
	whyPanel       = "panel_decided"
	whyOutOfOrder  = "out_of_order"
	whyIdle        = "moves_no_cell"
	whyNoLevel     = "no_level_stands"
	whyTimeRuns    = "reply_time_runs"
	whyPanelOpen   = "panel_has_not_decided"
	whyAppealOpen  = "appeal_is_open"
	whyNoAppeal    = "no_appeal"
	whyNoPanelYet  = "not_before_the_panel"
	whyOwnCase     = "own_case"
	whyAfterFinal  = "after_final"
	whyBefore      = "before_freeze"
	whyConflict    = "conflict_declared"
)

// NoConflict is the value of a coder's declaration that nothing ties him to the State.
const NoConflict = "none"

// accepted reports that people's word on a cell stands.
func accepted(why string) bool { return why == whyCoded || why == whyPanel }

// decision is what the people who coded one thing came to.
type decision struct {
	value  string // "" when nothing stands
	why    string
	coders []string // those who gave the value, by name
}

// resolve applies the rule of two: a value stands when two different people gave it and no other value has as many;
// between equals the adjudicator, who must side with a coder, decides. A person's later row replaces the earlier.
func resolve(rows []Row) decision {
	if len(rows) == 0 {
		return decision{why: whyNotCoded}
	}
	people := latest(rows)
	if len(people) == 1 {
		return decision{why: whyOneCoder}
	}
	votes, adjudged := map[string]int{}, ""
	for _, row := range people {
		votes[row.Value]++
		if row.Role == RoleAdjudicator {
			adjudged = row.Value
		}
	}
	best, tie := leading(votes)
	switch {
	case tie && votes[adjudged] == votes[best]:
		best = adjudged
	case tie:
		return decision{why: whyDiffer}
	}
	if votes[best] < 2 {
		return decision{why: whyDiffer}
	}
	return decision{value: best, why: whyCoded, coders: namesOf(people, best)}
}

// latest keeps one row per person: the one with the last date, and of equal dates the last row.
func latest(rows []Row) []Row {
	var people []Row
	at := map[string]int{}
	for _, row := range rows {
		key := text.Key(row.Coder)
		i, known := at[key]
		switch {
		case !known:
			at[key] = len(people)
			people = append(people, row)
		case row.Date >= people[i].Date:
			people[i] = row
		}
	}
	return people
}

// leading gives the value with most votes, the first in the alphabet of equals, and whether there are equals.
func leading(votes map[string]int) (best string, tie bool) {
	for value, n := range votes {
		switch {
		case n > votes[best] || best == "":
			best, tie = value, false
		case n == votes[best]:
			best, tie = min(best, value), true
		}
	}
	return best, tie
}

func namesOf(people []Row, value string) (names []string) {
	for _, p := range people {
		if p.Value == value {
			names = append(names, p.Coder)
		}
	}
	slices.Sort(names)
	return names
}

// outcome decides a cell's level from what coders gave and what the incidents carry.
func outcome(coded decision, carried, environment string) (level, why, given string) {
	switch {
	case coded.value == "":
		return N0, coded.why, ""
	case coded.value == NoInfo || coded.value == N0:
		return N0, coded.why, ""
	case coded.value == N1:
		if why := forbidsN1(carried, environment); why != "" {
			return N0, why, N1
		}
	case height(coded.value) > height(carried):
		return N0, whyAbove, coded.value
	}
	return coded.value, coded.why, ""
}

// forbidsN1: "looked, and nothing substantiated" needs no counted incident and an environment in which one can look.
func forbidsN1(carried, environment string) string {
	switch {
	case carried != N0:
		return whyContradicts
	case environment == "I4" || environment == "I5":
		return whyAccess
	case !slices.Contains([]string{"I1", "I2", "I3"}, environment):
		return whyNoGrade
	}
	return ""
}

// desk sorts the rows of one State by what they speak of.
type desk struct {
	codings  map[string][]Row // indicator|year
	outcomes map[string][]Row // clause|year
	grades   map[int]string   // year
	replies  map[string]*Row  // clause|year, either empty or 0: the latest
	events   events
	years    []int // in which anybody gave a level or a value, in order
	tied     []Row // statements of people who declared a tie to the State
}

func yearKey(name string, year int) string { return name + "|" + itoa(year) }

func newDesk(byKind map[string][]Row) desk {
	d := desk{codings: map[string][]Row{}, outcomes: map[string][]Row{}, grades: map[int]string{}, replies: map[string]*Row{}, events: newEvents(byKind)}
	byKind, d.tied = withoutTies(byKind)
	for _, r := range byKind[KindCoding] {
		k := yearKey(r.Indicator, r.Year)
		d.codings[k] = append(d.codings[k], r)
	}
	for _, r := range byKind[KindOutcome] {
		k := yearKey(r.Clause, r.Year)
		d.outcomes[k] = append(d.outcomes[k], r)
	}
	for _, r := range slices.Concat(byKind[KindCoding], byKind[KindOutcome]) {
		if i, known := slices.BinarySearch(d.years, r.Year); !known {
			d.years = slices.Insert(d.years, i, r.Year)
		}
	}
	information := map[int][]Row{}
	for _, r := range byKind[KindInformation] {
		information[r.Year] = append(information[r.Year], r)
	}
	for year, rows := range information {
		d.grades[year] = resolve(rows).value
	}
	for i := range byKind[KindReply] {
		r := &byKind[KindReply][i]
		k := yearKey(r.Clause, r.Year)
		if d.replies[k] == nil || r.Date >= d.replies[k].Date {
			d.replies[k] = r
		}
	}
	return d
}

// environment is the year's information grade.
func (d desk) environment(year int) string {
	if grade := d.grades[year]; grade != "" {
		return grade
	}
	return NoInfo
}

// values gives each indicator's value in a year; what does not stand is no_info, with the reason.
func (d desk) values(indicators []Indicator, year int) []IndicatorValue {
	out := []IndicatorValue{}
	for _, in := range indicators {
		got := resolve(d.codings[yearKey(in.ID, year)])
		v := IndicatorValue{Indicator: in.ID, Value: got.value}
		if got.value == "" {
			v.Value, v.Why = NoInfo, got.why
		}
		out = append(out, v)
	}
	return out
}

// reply is the latest word of the State on a clause and year: of equal dates the one that speaks of this cell most
// closely.
func (d desk) reply(clause string, year int) *Reply {
	var best *Row
	for _, key := range []string{yearKey("", 0), yearKey("", year), yearKey(clause, 0), yearKey(clause, year)} {
		if r := d.replies[key]; r != nil && (best == nil || r.Date >= best.Date) {
			best = r
		}
	}
	if best == nil {
		return nil
	}
	return &Reply{Value: best.Value, Date: best.Date, Source: best.Source, Note: best.Note}
}

// withoutTies sets aside what people stated about findings who declared a tie to the State (standards 9.3 a); of a person's
// declarations the latest holds.
func withoutTies(byKind map[string][]Row) (free map[string][]Row, tied []Row) {
	declared := map[string]bool{}
	for _, row := range latest(byKind[KindConflict]) {
		declared[text.Key(row.Coder)] = row.Value != NoConflict
	}
	free = maps.Clone(byKind)
	for _, kind := range []string{KindCoding, KindOutcome, KindInformation, KindCitation} {
		free[kind] = nil
		for _, row := range byKind[kind] {
			if declared[text.Key(row.Coder)] {
				tied = append(tied, row)
			} else {
				free[kind] = append(free[kind], row)
			}
		}
	}
	return free, tied
}
