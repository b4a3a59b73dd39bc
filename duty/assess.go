package duty

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ward/entry"
	"ward/fault"
	"ward/when"
)

// Register is where assessments stand, and Kind what their entries are.
const (
	Register = "duty"
	Kind     = "duty.assessment"
)

// What an assessment can say of a point (standards 9.3, structure).
const (
	Met    = "met"
	Partly = "partly"
	NotMet = "not_met"
	NoInfo = "no_info"
	NA     = "n/a"
)

// Statuses are all that an assessment can say.
func Statuses() []string { return []string{Met, Partly, NotMet, NoInfo, NA} }

// Assessment is what somebody stated about one point in one year.
type Assessment struct {
	Point    string   `json:"point"`
	Year     int      `json:"year"`
	Status   string   `json:"status"`
	Proof    []string `json:"proof,omitempty"`    // links, or words that say where to look
	Owner    string   `json:"owner,omitempty"`    // a role, never a person's name
	Due      string   `json:"due,omitempty"`      // day by which it is to be met, 2006-01-02
	Issued   string   `json:"issued,omitempty"`   // day of the written word to members, or of the event that was held
	Audience string   `json:"audience,omitempty"` // whom that word or event reached
	Note     string   `json:"note,omitempty"`
}

// Entry is an assessment on record.
type Entry = entry.Entry[Assessment]

// Subject says in the open what an assessment speaks of.
func (a Assessment) Subject() string { return a.Point + "|" + strconv.Itoa(a.Year) }

// Bounds of an assessment.
const (
	firstYear = 1947 // the WMA's first
	lastYear  = 2200
	maxProofs = 20
	maxWords  = 2000 // characters of one field
)

// Check is nil where the assessment can stand: Invalid with what is wrong otherwise. What is met or partly met has a proof; a procedure is
// met only by a dated word to a named audience, not of a later year; Medical Ethics Day by an event of that year; what does not apply says why.
func (a Assessment) Check() error {
	if why := a.problem(); why != "" {
		return fault.New(fault.Invalid, "%s", why).Keeping("nothing was written")
	}
	return nil
}

func (a Assessment) problem() string {
	point, known := PointOf(a.Point)
	switch {
	case !known:
		return "there is no point " + strconv.QuoteToASCII(clip(a.Point))
	case a.Year < firstYear || a.Year > lastYear:
		return "the year is missing or none"
	case !slices.Contains(Statuses(), a.Status):
		return "the status is none of " + strings.Join(Statuses(), ", ")
	case !isDay(a.Due) || !isDay(a.Issued):
		return "a day is not written as 2026-05-07"
	case len(a.Proof) > maxProofs || slices.ContainsFunc(append([]string{a.Owner, a.Audience, a.Note}, a.Proof...), tooLong):
		return "a field is longer than " + strconv.Itoa(maxWords) + " characters, or there are more than " + strconv.Itoa(maxProofs) + " proofs"
	}
	return a.unproved(point)
}

// unproved says what a status lacks.
func (a Assessment) unproved(p Point) string {
	dated := p.Group == Procedures || p.Group == Day
	switch {
	case (a.Status == Met || a.Status == Partly) && !slices.ContainsFunc(a.Proof, filled):
		return "what is met, or partly, needs a proof"
	case a.Status == Met && dated && a.Issued == "":
		return "this point is met by something done on a day: the day is missing"
	case a.Status == Met && dated && !filled(a.Audience):
		return "this point is met by reaching somebody: whom is missing"
	case a.Status == Met && dated && a.Issued[:4] > strconv.Itoa(a.Year):
		return "what was done in " + a.Issued[:4] + " meets nothing in " + strconv.Itoa(a.Year)
	case a.Status == Met && p.Group == Day && a.Issued[:4] != strconv.Itoa(a.Year):
		return "this point is met anew each year: the day does not lie in " + strconv.Itoa(a.Year)
	case a.Status == NA && !filled(a.Note):
		return "what does not apply needs a note that says why"
	}
	return ""
}

func filled(s string) bool { return strings.TrimSpace(s) != "" }

func tooLong(s string) bool { return utf8.RuneCountInString(s) > maxWords }

func clip(s string) string { return string([]rune(s)[:min(len([]rune(s)), 40)]) }

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

// same reports that two assessments state the same.
func (a Assessment) same(b Assessment) bool {
	return a.Subject() == b.Subject() && a.Status == b.Status && slices.Equal(a.Proof, b.Proof) && a.Owner == b.Owner && a.Due == b.Due &&
		a.Issued == b.Issued && a.Audience == b.Audience && a.Note == b.Note
}

// Fresh leaves out what the entries already state.
func Fresh(stated []Entry, made []Assessment) (out []Assessment) {
	now := map[string]Assessment{}
	for _, e := range stated {
		now[e.Subject] = e.Body
	}
	for _, a := range made {
		if was, is := now[a.Subject()]; !is || !was.same(a) {
			out = append(out, a)
		}
	}
	return out
}

// Line is one point as it stands in a year.
type Line struct {
	Point
	Status  string // NoInfo where nobody assessed it
	Now     *Entry // the last word on that year; nil where nobody assessed it
	Before  *Entry // the last word on the nearest earlier year that was assessed; nil where there is none
	History []Entry
	Overdue bool
}

// Moved reports that the point stood otherwise in the nearest earlier year that was assessed.
func (l Line) Moved() bool {
	return l.Now != nil && l.Before != nil && l.Before.Body.Status != l.Now.Body.Status
}

// Standing is how every point stands in a year, from all entries in their order. A year that nobody assessed says so: an earlier word is
// shown beside it and never carried over. Overdue is what should have been met by a day before today, and is not.
func Standing(entries []Entry, year int, today when.Day) []Line {
	of := map[string][]Entry{}
	for _, e := range entries {
		of[e.Body.Point] = append(of[e.Body.Point], e)
	}
	lines := make([]Line, len(points()))
	for i, p := range points() {
		lines[i] = stand(p, of[p.ID], year, today)
	}
	return lines
}

func stand(p Point, entries []Entry, year int, today when.Day) Line {
	l := Line{Point: p, Status: NoInfo}
	for i := range entries {
		e := &entries[i]
		switch {
		case e.Body.Year == year:
			l.Now, l.Status = e, e.Body.Status
			l.History = append(l.History, *e)
		case e.Body.Year < year && (l.Before == nil || e.Body.Year >= l.Before.Body.Year):
			l.Before = e
		}
	}
	l.Overdue = l.Now != nil && l.Now.Body.overdue(today)
	return l
}

func (a Assessment) overdue(today when.Day) bool {
	return a.Due != "" && a.Due < today.String() && a.Status != Met && a.Status != NA
}

// Years are the years that somebody assessed, the newest first.
func Years(entries []Entry) (out []int) {
	for _, e := range entries {
		if !slices.Contains(out, e.Body.Year) {
			out = append(out, e.Body.Year)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// Change is a point that two years do not state alike.
type Change struct {
	Point
	From, To string // statuses; NoInfo where a year was not assessed
}

// Compare lists what differs between two years of this association, in the order of the points.
func Compare(from, to []Line) (out []Change) {
	for i, l := range to {
		if before := from[i]; before.Status != l.Status {
			out = append(out, Change{l.Point, before.Status, l.Status})
		}
	}
	return out
}
