package consent

import (
	"slices"
	"strings"

	"ward/entry"
	"ward/when"
)

// Standing is an answer with what has become of it.
type Standing struct {
	entry.Entry[Answer]
	State string   // asked, answered, given, refused, not_possible, narrowed, withdrawn, expired
	Left  []string // purposes for which a yes still stands
	Last  string   // last day of a yes
}

// Standings are all answers as they are on a day, the newest first.
func (e Entries) Standings(on when.Day) (out []Standing) {
	for _, a := range slices.Backward(e.Answers) {
		s := Standing{Entry: a, State: e.State(a, on)}
		if a.Body.Answer == Given {
			s.Last = a.Body.last().String()
		}
		if s.State == Given {
			s.Left = e.left(a)
		}
		out = append(out, s)
	}
	return out
}

// State is what has become of an answer by a day.
func (e Entries) State(a entry.Entry[Answer], on when.Day) string {
	switch {
	case a.Body.Answer == Asked && e.replaced(a):
		return Answered
	case a.Body.Answer != Given:
		return a.Body.Answer
	case len(e.left(a)) == 0:
		return Withdrawn
	case e.replaced(a):
		return Narrowed
	case a.Body.last() < on:
		return Expired
	}
	return Given
}

// left are the purposes of a yes that nobody took back or refused as a whole since.
func (e Entries) left(a entry.Entry[Answer]) (out []string) {
	for _, p := range a.Body.Purposes {
		if !e.ended(a, p) && !e.refusedWholly(a, p) {
			out = append(out, p)
		}
	}
	return out
}

// refusedWholly reports a no to a purpose that leaves nothing of a yes to it.
func (e Entries) refusedWholly(a entry.Entry[Answer], purpose string) bool {
	for _, r := range a.Body.Recipients {
		for _, c := range a.Body.Classes {
			if !e.refused(a, Need{purpose, r, []string{c}}) {
				return false
			}
		}
	}
	return len(a.Body.Recipients)*len(a.Body.Classes) > 0
}

// Allowed are the purposes for which some consent stands on a day, sorted.
func (e Entries) Allowed(on when.Day) (out []string) {
	for _, s := range e.Standings(on) {
		out = append(out, s.Left...)
	}
	slices.SortFunc(out, strings.Compare)
	return slices.Compact(out)
}

func (e Entries) answer(id string) (entry.Entry[Answer], bool) {
	at := slices.IndexFunc(e.Answers, func(a entry.Entry[Answer]) bool { return a.ID == id })
	if at < 0 {
		return entry.Entry[Answer]{}, false
	}
	return e.Answers[at], true
}
