package vocab

import (
	"strings"
	"sync"

	"ward/text"
	"ward/when"
)

// Actor is a force, a group or a kind of people that publishers name. Kind is a code of the list actor. State holds the
// ISO3 codes, space separated, of the State whose organ it is, "" when it is none's or when that is left open. Group is
// the armed group, party or authority it belongs to. From and To bound the time in which this holds; zero is unbounded.
// Open marks what a person must decide, Note says why.
//
// A State's army is state.military wherever it acts: whether it acts abroad follows from comparing State with the country.
type Actor struct {
	Name, Kind, State, Group, Note string
	From, To                       when.Date
	Open                           bool
}

// maxName is the longest name of one actor, in bytes.
const maxName = 400

var actors = sync.OnceValue(func() map[string][]Actor {
	out := map[string][]Actor{}
	for _, r := range read("actors.csv") {
		a := Actor{
			Name: r["name"], Kind: r["kind"], State: r["state"], Group: r["group"], Note: r["note"],
			From: day(r["from"]), To: day(r["to"]), Open: r["open"] != "",
		}
		for _, key := range namesOf(r) {
			out[key] = append(out[key], a)
		}
	}
	return out
})

// namesOf gives the keys of an actor's name and aliases, each once.
func namesOf(r row) []string {
	var keys []string
	seen := map[string]bool{}
	for _, name := range append([]string{r["name"]}, strings.Split(r["aliases"], ";")...) {
		if key := text.Key(name); key != "" && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// day reads a bound of actors.csv; a test reads every one of them.
func day(s string) when.Date {
	d, err := when.Parse(s)
	if s != "" && err != nil {
		panic("vocab: actors.csv: " + err.Error())
	}
	return d
}

// ActorNamed finds who a publisher's name means on a date. It knows the names of actors.csv, and beyond them reads names
// made of a State and a kind of force ("X Armed Forces", "Government of X", "National Police (X)") and of a few common
// words ("... militia"). The zero date is an unknown one: where the answer depends on the date, the actor is then of kind
// unknown and open. False means that the name is not known; so is every name of one person.
func ActorNamed(name string, on when.Date) (Actor, bool) {
	if len(name) > maxName {
		return Actor{}, false
	}
	forms := shorter(repair(name))
	for _, form := range forms {
		if a, ok := listed(form, on); ok {
			return a, true
		}
		if a, ok := stateForce(form); ok {
			return a, true
		}
	}
	for _, form := range forms {
		if a, ok := worded(form); ok {
			return a, true
		}
	}
	return Actor{}, false
}

// listed looks a name up in actors.csv.
func listed(name string, on when.Date) (Actor, bool) {
	periods := actors()[text.Key(name)]
	if len(periods) == 0 {
		return Actor{}, false
	}
	return pick(periods, on), true
}

// shorter gives a name and, when it is one name, what is left of it without what stands in brackets or after a slash.
func shorter(name string) []string {
	out := []string{name}
	if strings.ContainsAny(name, ",;") {
		return out
	}
	if open := strings.IndexByte(name, '('); open > 0 {
		out = append(out, strings.TrimSpace(name[:open]))
	}
	if before, _, ok := strings.Cut(name, "/"); ok {
		out = append(out, strings.TrimSpace(before))
	}
	return out
}

// pick chooses among the periods of one actor.
func pick(periods []Actor, on when.Date) Actor {
	for _, a := range periods {
		if unbounded(a) || !on.IsZero() && on.Within(first(a), last(a)) {
			return a
		}
	}
	a := periods[0]
	if len(periods) == 1 && on.IsZero() {
		return a
	}
	a.Open = true
	a.Note = "named outside the time for which it is known"
	if len(periods) > 1 {
		a.Kind, a.State, a.Note = "unknown", "", undated(periods)
		a.From, a.To = when.Date{}, when.Date{}
	}
	return a
}

func unbounded(a Actor) bool { return a.From.IsZero() && a.To.IsZero() }

// Days before and after every date that can be written.
const (
	dawn = when.Day(-1 << 30)
	dusk = when.Day(1 << 30)
)

func first(a Actor) when.Day {
	if a.From.IsZero() {
		return dawn
	}
	return a.From.From()
}

func last(a Actor) when.Day {
	if a.To.IsZero() {
		return dusk
	}
	return a.To.To()
}

// undated says between which periods a date would have decided.
func undated(periods []Actor) string {
	var b strings.Builder
	b.WriteString("the date does not decide between")
	for i, a := range periods {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(" " + a.Kind)
		if !a.From.IsZero() {
			b.WriteString(" from " + a.From.String())
		}
		if !a.To.IsZero() {
			b.WriteString(" to " + a.To.String())
		}
	}
	return b.String()
}

// actorWindow is the most commas in a listed name.
var actorWindow = sync.OnceValue(func() int {
	most := 0
	for _, r := range read("actors.csv") {
		most = max(most, strings.Count(r["name"], ","))
	}
	return most
})

// ActorsIn divides a cell that names several actors ("A, B", "A and B", "A or B") into names. Listed names are never
// divided, the longest wins, and what is not known stays one item. A blank cell has no items.
func ActorsIn(cell string) []string {
	var out []string
	for _, item := range splitKnown(cell, actorWindow(), isActor) {
		out = append(out, pair(item)...)
	}
	return out
}

// isActor reports a name that ActorNamed finds on some date.
func isActor(name string) bool {
	_, ok := ActorNamed(name, when.Date{})
	return ok
}

// pair divides "A and B", "A & B", "A or B" when the whole is not listed and both halves are known.
func pair(item string) []string {
	if _, ok := listed(item, when.Date{}); ok {
		return []string{item}
	}
	for _, word := range []string{" and ", " & ", " or "} {
		a, b, ok := strings.Cut(item, word)
		if ok && isActor(a) && isActor(b) {
			return []string{strings.TrimSpace(a), strings.TrimSpace(b)}
		}
	}
	return []string{item}
}
