package consent

import (
	"slices"

	"ward/entry"
	"ward/when"
)

// reviewed holds a verdict about somebody in danger to two people's reviews of the purpose (design 10.5).
func (e Entries) reviewed(v *Verdict, purpose string, staff int, on when.Day) {
	lacks, alone := e.Reviewed(purpose, staff, on)
	if lacks != "" {
		*v = Verdict{Lacks: lacks}
		return
	}
	v.Alone = alone
	for _, w := range e.Reviewers(purpose, on) {
		v.rests(w.ID, lastOf(w))
	}
}

// Reviewed says what the reviews of a purpose lack on a day: LacksReview, LacksSecond, LacksObjection, or nothing. Alone: one person's word
// stands for two, because there is nobody else here.
func (e Entries) Reviewed(purpose string, staff int, on when.Day) (lacks string, alone bool) {
	words := e.Reviewers(purpose, on)
	switch {
	case slices.ContainsFunc(words, func(w entry.Entry[Review]) bool { return !w.Body.May }):
		return LacksObjection, false
	case len(words) == 0:
		return LacksReview, false
	case len(words) == 1 && staff != 1:
		return LacksSecond, false
	}
	return "", len(words) == 1
}

// Reviewers are the words on a purpose that stand on a day: the newest of each person, the oldest first. Whoever's newest word ran out says
// nothing any more, also where an earlier one would still stand.
func (e Entries) Reviewers(purpose string, on when.Day) (out []entry.Entry[Review]) {
	for _, r := range e.Reviews {
		if r.Body.Purpose != purpose {
			continue
		}
		out = slices.DeleteFunc(out, func(o entry.Entry[Review]) bool { return SameName(o.By, r.By) })
		out = append(out, r)
	}
	return slices.DeleteFunc(out, func(r entry.Entry[Review]) bool { return !stands(r, on) })
}

// stands reports that a word was not over on a day.
func stands(r entry.Entry[Review], on when.Day) bool { return lastOf(r) >= on }

// lastOf is the last day of a word. One against it that cannot be read, or names none, stands until it is changed.
func lastOf(r entry.Entry[Review]) when.Day {
	until, ok := dayOf(r.Body.Until)
	life := when.DayOf(r.At) + ReviewLife
	switch {
	case !r.Body.May && !ok:
		return farthest
	case !r.Body.May:
		return until
	case !ok && r.Body.Until != "":
		return 0 // a yes until no day that is one is none
	case !ok:
		return life
	}
	return min(until, life)
}
