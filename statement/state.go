package statement

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ward/entry"
	"ward/fault"
	"ward/policy"
	"ward/text"
	"ward/vocab"
)

// States of a statement.
const (
	Drafted    = "draft"
	Review     = "review"
	Approved   = "approved"
	Issued     = "issued"
	Answered   = "answered"
	Unanswered = "unanswered"
	Closed     = "closed"
	Withdrawn  = "withdrawn"
)

// moves are the steps that a person may take from each state. An answer comes by a reply, never by a step.
var moves = map[string][]string{
	Drafted:    {Review, Withdrawn},
	Review:     {Approved, Drafted, Withdrawn},
	Approved:   {Issued, Drafted, Withdrawn},
	Issued:     {Unanswered, Closed},
	Answered:   {Closed},
	Unanswered: {Closed},
}

// States are all states, in the order of a list.
func States() []string {
	return []string{Drafted, Review, Approved, Issued, Unanswered, Answered, Closed, Withdrawn}
}

// Next are the states to which a person may move the statement.
func (s Statement) Next() []string { return slices.Clip(moves[s.State]) }

// Revisable reports that the text may still be changed: what is under review is returned to its draft first, so that nobody approves a text
// that moves.
func (s Statement) Revisable() bool { return s.State == Drafted }

// Answerable reports that a reply can be kept.
func (s Statement) Answerable() bool {
	return s.State == Issued || s.State == Unanswered || s.State == Answered
}

// Fold puts a statement together from its entries, each list in its order. Alone is said where the one who last approved also wrote a draft,
// under whatever spelling of one name.
func Fold(id string, drafts []entry.Entry[Draft], steps []entry.Entry[Step], replies []entry.Entry[Reply]) Statement {
	s := Statement{ID: id, Drafts: drafts, Steps: steps, Replies: replies, State: Drafted}
	if len(drafts) > 0 {
		s.Draft = drafts[len(drafts)-1].Body
	}
	for _, e := range steps {
		s.State = e.Body.To
		switch e.Body.To {
		case Approved:
			s.Alone = slices.ContainsFunc(drafts, func(d entry.Entry[Draft]) bool { return text.Key(d.By) == text.Key(e.By) })
		case Drafted:
			s.Alone = false
		case Issued:
			s.Due = e.Body.Due
		}
	}
	if len(replies) > 0 && (s.State == Issued || s.State == Unanswered) {
		s.State = Answered
	}
	return s
}

// Bounds of what a statement holds.
const (
	maxTitle = 300
	maxText  = 200_000
	maxLine  = 500
	maxList  = 60
)

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).Keeping("nothing was written")
}

// Check is nil where a draft can stand; its places need not be filled in yet.
func (d Draft) Check() error {
	switch {
	case !slices.Contains(Kinds(), d.Kind):
		return invalid("%.40q is no kind of statement", d.Kind).Do("take one of %s", strings.Join(Kinds(), ", "))
	case isBlank(d.Title) || utf8.RuneCountInString(d.Title) > maxTitle || strings.Contains(d.Title, "\n"):
		return invalid("the title is missing, longer than %d characters or more than one line", maxTitle)
	case len(d.Paragraphs()) == 0 || utf8.RuneCountInString(d.Text) > maxText:
		return invalid("the text is missing, or longer than %d characters", maxText)
	case len(d.Lang) < 2 || len(d.Lang) > 12:
		return invalid("%.20q is no code of a language", d.Lang)
	case !isDay(d.Date):
		return invalid("%.20q is not a day", d.Date).Do("write it as 2026-05-07")
	}
	for name, list := range map[string][]string{"addressees": d.Addressees, "signatories": d.Signatories, "findings": d.Findings, "clauses": d.Clauses} {
		if len(list) > maxList || slices.ContainsFunc(list, func(s string) bool { return utf8.RuneCountInString(s) > maxLine }) {
			return invalid("there are more than %d %s, or one is longer than %d characters", maxList, name, maxLine)
		}
	}
	return d.checkCited()
}

// checkCited holds what is cited to the norm corpus and the list of States.
func (d Draft) checkCited() error {
	corpus := policy.Load()
	for _, id := range d.Clauses {
		if _, ok := corpus.Clause(id); !ok {
			return invalid("the norm corpus has no clause %.60q", id)
		}
	}
	for _, f := range d.Findings {
		r, ok := ParseRef(f)
		if !ok {
			return invalid("%.60q is no finding", f).Do("write State, clause and year as XAA|WMA-ICOME-2022:40|2024")
		}
		if code, known := vocab.Country(r.State); !known || code != r.State {
			return invalid("no State has the code %.10q", r.State)
		}
		if _, ok := corpus.Clause(r.Clause); !ok {
			return invalid("the norm corpus has no clause %.60q", r.Clause)
		}
	}
	return nil
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

// Advance says whether a step can be taken: Refused where the state does not lead there or something is still to be filled in, Invalid where
// the step itself cannot stand.
func (s Statement) Advance(step Step) error {
	if !slices.Contains(moves[s.State], step.To) {
		why := fault.New(fault.Refused, "what is in the state %q cannot become %.20q", s.State, step.To).Keeping("nothing was written")
		if next := s.Next(); len(next) > 0 {
			return why.Do("it can become %s", strings.Join(next, ", "))
		}
		return why
	}
	if !isDay(step.Due) || utf8.RuneCountInString(step.Note) > maxLine*4 {
		return invalid("the day is none, or the note is longer than %d characters", maxLine*4)
	}
	if open := s.Draft.Places(); len(open) > 0 && (step.To == Approved || step.To == Issued) {
		return fault.New(fault.Refused, "%d places are still to be filled in: %s", len(open), strings.Join(open, "; ")).
			Keeping("nothing was written").Do("return it to its draft and fill them in")
	}
	if step.To == Issued && s.Draft.Kind != Public && len(s.Draft.Addressees) == 0 {
		return fault.New(fault.Refused, "a %s needs an addressee", s.Draft.Kind).Keeping("nothing was written").Do("return it to its draft and name one")
	}
	if step.To == Withdrawn && isBlank(step.Note) {
		return invalid("a withdrawal needs a note that says why")
	}
	return nil
}

// Revise says whether a draft can stand as the next one.
func (s Statement) Revise(d Draft) error {
	if !s.Revisable() {
		return fault.New(fault.Refused, "a statement in the state %q is not revised", s.State).Keeping("nothing was written").
			Do("return it to its draft, or, once it is issued, make a statement that corrects it")
	}
	return d.Check()
}

// Take says whether a reply can be kept.
func (s Statement) Take(r Reply) error {
	switch {
	case !s.Answerable():
		return fault.New(fault.Refused, "a statement in the state %q has no reply", s.State).Keeping("nothing was written").Do("keep replies to what was issued")
	case r.Date == "" || !isDay(r.Date):
		return invalid("the day of the reply is missing or none").Do("write it as 2026-05-07")
	case isBlank(r.From) || utf8.RuneCountInString(r.From) > maxLine:
		return invalid("who replied is missing or too long")
	case !slices.Contains(Grades(), r.Grade):
		return invalid("%.10q is no grade", r.Grade).Do("take A, B, C, D or E")
	case utf8.RuneCountInString(r.Text) > maxText || utf8.RuneCountInString(r.Source) > maxLine:
		return invalid("the words of the reply or its source are too long")
	case r.Date < s.Issued():
		return invalid("the reply is dated before the statement was issued, %s", s.Issued())
	}
	return nil
}

// Check is nil where a letterhead can stand.
func (h Letterhead) Check() error {
	long := func(s string) bool { return utf8.RuneCountInString(s) > maxLine }
	if isBlank(h.Name) || long(h.Name) || long(h.Written) {
		return invalid("the association's name is missing or too long")
	}
	if len(h.Lines)+len(h.Foot) > 20 || slices.ContainsFunc(append(slices.Clone(h.Lines), h.Foot...), long) {
		return invalid("a letterhead has at most 20 lines of %d characters", maxLine)
	}
	return nil
}

// Corrections notes by whom each issued statement was corrected.
func Corrections(list []Statement) {
	for i := range list {
		for _, s := range list {
			if s.Draft.Corrects == list[i].ID && s.Issued() != "" {
				list[i].CorrectedBy = append(list[i].CorrectedBy, s.ID)
			}
		}
	}
}
