package reconcile

import (
	"slices"
	"strconv"
	"strings"

	"ward/text"
)

func yearText(y int) string { return strconv.Itoa(y) }

// Events is the number of incidents.
const Events = "events"

// facilities joins two columns of a register: publishers' totals give attacks with damage or destruction as one number.
const facilities = "facilities"

// measures lists what may be compared and the fields of a register that add up to each. A measure of people without a prefix is of
// health workers.
var measures = []struct {
	name   string
	fields []string
}{
	{Events, nil},
	{"killed", []string{"worker.killed"}}, {"injured", []string{"worker.injured"}}, {"kidnapped", []string{"worker.abducted"}},
	{"arrested", []string{"worker.arrested"}}, {"detained", []string{"worker.detained"}}, {"threatened", []string{"worker.threatened"}},
	{"assaulted", []string{"worker.assaulted"}}, {"sexually_assaulted", []string{"worker.sexual"}},
	{facilities, []string{"facility.destroyed", "facility.damaged"}},
	{"facilities_destroyed", []string{"facility.destroyed"}}, {"facilities_damaged", []string{"facility.damaged"}},
	{"transports_destroyed", []string{"transport.destroyed"}}, {"transports_damaged", []string{"transport.damaged"}}, {"transports_taken", []string{"transport.taken"}},
	{"all_killed", []string{"total.killed"}}, {"all_injured", []string{"total.injured"}},
	{"aid_killed", []string{"aid.killed"}}, {"aid_injured", []string{"aid.wounded"}}, {"aid_kidnapped", []string{"aid.kidnapped"}},
	{"aid_detained", []string{"aid.detained"}}, {"aid_affected", []string{"aid.affected"}},
}

// stems are the words by which a column of totals is known, in any order and with any others that words knows.
var stems = []struct{ word, measure string }{
	{"killed", "killed"}, {"deaths", "killed"}, {"death", "killed"}, {"dead", "killed"}, {"injured", "injured"}, {"wounded", "injured"}, {"injuries", "injured"},
	{"kidnapped", "kidnapped"}, {"kidanpped", "kidnapped"}, {"abducted", "kidnapped"}, {"arrested", "arrested"}, {"detained", "detained"},
	{"threatened", "threatened"}, {"assaulted", "assaulted"}, {"affected", "affected"},
}

// filler are words of labels that say nothing about what is counted.
var filler = words("number of no the total totals sum count reported reporting attacks attack on and or num n")

// whose are words for the people counted, and the prefix of their measures.
var whose = map[string]string{"health": "", "healthcare": "", "care": "", "worker": "", "workers": "", "hw": "", "hcw": "", "personnel": "", "staff": "",
	"aid": "aid_", "humanitarian": "aid_", "all": "all_", "people": "all_", "persons": "all_"}

// things are the words of columns that count buildings and vehicles.
var things = map[string]string{"facility": facilities, "facilities": facilities, "hospital": facilities, "hospitals": facilities,
	"transport": "transports", "transports": "transports", "transportation": "transports", "ambulances": "transports"}

// harm are the words for what was done to a thing; "Damege" is a slip that a publisher has kept.
var harm = map[string]string{"destroyed": "destroyed", "destruction": "destroyed", "dest": "destroyed", "damaged": "damaged", "damage": "damaged", "damege": "damaged",
	"taken": "taken", "stolen": "taken", "hijacked": "taken"}

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// measureOf reads the label of a column of totals; bare says that the label does not tell whose count it is. "" is a column that is
// not compared, such as nationals killed: a wrong guess would be worse than none.
func measureOf(label string) (measure string, bare bool) {
	tokens := text.Tokens(label)
	left := slices.DeleteFunc(slices.Clone(tokens), func(w string) bool { return filler[w] })
	switch strings.Join(left, " ") {
	case "events", "incidents", "event", "incident", "health care events", "health care incidents":
		return Events, false
	case "":
		if slices.Contains(tokens, "attacks") {
			return Events, false
		}
	case "health care", "health":
		if slices.Contains(tokens, "attacks") {
			return Events, false
		}
	}
	if m := thingOf(left); m != "" {
		return m, false
	}
	return peopleOf(left)
}

// thingOf reads "Health Facilities Damaged or Destroyed".
func thingOf(tokens []string) string {
	thing, done := "", map[string]bool{}
	for _, w := range tokens {
		switch {
		case things[w] != "":
			thing = things[w]
		case harm[w] != "":
			done[harm[w]] = true
		case w != "health" && w != "care":
			return ""
		}
	}
	switch {
	case thing == facilities && done["destroyed"] && done["damaged"] && len(done) == 2:
		return facilities
	case thing == "" || len(done) != 1:
		return ""
	}
	for d := range done {
		return thing + "_" + d
	}
	return ""
}

// peopleOf reads "Health Workers Killed", "Aid workers wounded" and, bare, "Killed".
func peopleOf(tokens []string) (measure string, bare bool) {
	prefix, named, sexual := "", false, false
	for _, w := range tokens {
		p, isWhose := whose[w]
		stem := stemOf(w)
		switch {
		case w == "sexually" || w == "sexual":
			sexual = true
		case isWhose:
			named = true
			prefix += p
		case stem == "" || measure != "":
			return "", false
		default:
			measure = stem
		}
	}
	if sexual && measure == "assaulted" {
		measure = "sexually_assaulted"
	} else if sexual {
		return "", false
	}
	if !known(prefix + measure) {
		if !named && known("aid_"+measure) {
			return "aid_" + measure, false
		}
		return "", false
	}
	return prefix + measure, !named
}

func stemOf(word string) string {
	for _, s := range stems {
		if s.word == word {
			return s.measure
		}
	}
	return ""
}

func known(measure string) bool {
	for _, m := range measures {
		if m.name == measure {
			return true
		}
	}
	return false
}

// inOrder sorts measures as the table of measures has them.
func inOrder(set map[string]bool) (out []string) {
	for _, m := range measures {
		if set[m.name] {
			out = append(out, m.name)
		}
	}
	return out
}
