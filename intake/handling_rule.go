package intake

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"ward/fault"
)

// rule is what one move needs and does.
type rule struct {
	from   []string // states in which it can be made
	to     string   // the state that it leads to; "" = as it was
	asks   []string // what must be said with it
	sleeps bool     // a snooze goes on
}

var (
	working  = []string{StateReceived, StateTriaged, StateEscalated, NeedsInfo, StateLinked}
	deciding = []string{StateReceived, StateTriaged, NeedsInfo}
	living   = []string{StateReceived, StateTriaged, StateEscalated, NeedsInfo, StateLinked, StateOutside, Duplicate, StateClosed, StateSealed}
)

// rules are the table of moves: standards 10.4 as data. A decision made at once about what was just received passes "triaged" on its way.
var rules = map[string]rule{
	Claim:     {from: working},
	Assign:    {from: working, asks: []string{"to"}},
	Release:   {from: working},
	Snooze:    {from: working, asks: []string{"until"}},
	Wake:      {from: working},
	Tag:       {from: living, asks: []string{"tag"}, sleeps: true},
	Untag:     {from: living, asks: []string{"tag"}, sleeps: true},
	Triage:    {from: []string{StateReceived}, to: StateTriaged},
	Respond:   {from: working, asks: []string{"why"}},
	Escalate:  {from: working, to: StateEscalated, asks: []string{"why"}},
	NeedsInfo: {from: working, to: NeedsInfo, asks: []string{"why"}},
	Answered:  {from: []string{NeedsInfo}, to: StateTriaged},
	ScopeOut:  {from: deciding, to: StateOutside, asks: []string{"why"}},
	Duplicate: {from: deciding, to: Duplicate, asks: []string{"report"}},
	Link:      {from: working, to: StateLinked, asks: []string{"incident"}},
	Close:     {from: []string{StateEscalated, NeedsInfo, StateOutside, Duplicate, StateLinked}, to: StateClosed, asks: []string{"why"}},
	Reopen:    {from: []string{StateOutside, Duplicate, StateLinked, StateClosed, StateSealed}, to: StateTriaged, asks: []string{"why"}},
	Withdraw:  {from: living, to: StateWithdrawn, asks: []string{"why"}},
	SealOff:   {from: without(living, StateSealed), to: StateSealed, asks: []string{"why"}},
}

// Moves are all moves but the undo, in the order in which a page offers them.
func Moves() []string {
	return []string{Claim, Assign, Release, Snooze, Wake, Tag, Untag, Triage, Respond, Escalate, NeedsInfo, Answered, Link, Duplicate, ScopeOut, Close, Reopen, Withdraw, SealOff}
}

// Asks are the fields without which a move cannot be made: to, until, tag, why, report, incident.
func Asks(move string) []string { return rules[move].asks }

// Allowed are the moves that a report's state lets somebody make.
func (s Standing) Allowed(now time.Time) (out []string) {
	for _, m := range Moves() {
		if s.lets(m, now) == "" {
			out = append(out, m)
		}
	}
	return out
}

// lets says why a move cannot be made now; "" where it can.
func (s Standing) lets(move string, now time.Time) string {
	switch {
	case !slices.Contains(rules[move].from, s.State):
		return "this cannot be done with a report that is " + strings.ReplaceAll(s.State, "_", " ")
	case s.State == StateLinked && s.Done() && !slices.Contains([]string{Link, Close, Reopen, Tag, Untag, Withdraw, SealOff, Escalate, NeedsInfo}, move):
		return "nothing waits with this report"
	case move == Release && s.Holder == "":
		return "nobody has this report"
	case move == Wake && !now.Before(s.SnoozedUntil):
		return "this report is not snoozed"
	case move == Respond && !s.InDanger():
		return "nobody in danger waits for an answer"
	case slices.Contains([]string{Close, ScopeOut, Duplicate}, move) && s.InDanger():
		return "somebody in danger waits for an answer: say first how they were answered, or escalate"
	case move == Snooze && s.Late(now):
		return "a clock of this report has run out: nothing late is put off"
	}
	return ""
}

// Check says as a fault why a move cannot be made on a report as it stands now; nil where it can.
func (s Standing) Check(h Handling, now time.Time) error {
	if h.Move == Undo {
		return s.checkUndo(h)
	}
	if problem := h.problem(now); problem != "" {
		return fault.New(fault.Invalid, "%s", problem).Keeping("nothing was written")
	}
	if why := s.lets(h.Move, now); why != "" {
		return fault.New(fault.Refused, "%s", why).Keeping("nothing was written").Do("open it and look which moves there are")
	}
	if h.Move == Untag && !slices.Contains(s.Tags, h.Tag) {
		return fault.New(fault.Refused, "it does not bear this tag").Keeping("nothing was written")
	}
	return nil
}

func (s Standing) checkUndo(h Handling) error {
	last, ok := s.Last()
	if ok && last.ID == h.Over {
		return nil
	}
	return fault.New(fault.Conflict, "what is to be taken back is not the last move of this report any more").Keeping("nothing was written").Do("look what was done since")
}

// Bounds of what a move says.
const (
	maxTag    = 40   // characters
	maxWhy    = 2000 // characters
	maxHolder = 200  // bytes
	maxAhead  = 366 * 24 * time.Hour
)

var (
	incidentForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^WRD-[A-Z]{3}-\d{4}-[0-9A-Z]{4,32}$`) })
	reportForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{26}$`) })
)

// problem says what is wrong with a move by itself; "" where nothing is.
func (h Handling) problem(now time.Time) string {
	if _, known := rules[h.Move]; !known {
		return "the form names no move"
	}
	for _, field := range rules[h.Move].asks {
		if h.field(field) == "" {
			return missing[field]
		}
	}
	switch until := dayOf(h.Until); {
	case h.Until != "" && (!until.After(now) || until.Sub(now) > maxAhead):
		return "the day must be a day such as 2026-06-30, after today and within a year"
	case utf8.RuneCountInString(h.Tag) > maxTag || strings.ContainsAny(h.Tag, "\n\t,"):
		return "a tag is one line of at most 40 characters, without a comma"
	case utf8.RuneCountInString(h.Why) > maxWhy:
		return "the reason is longer than 2,000 characters"
	case len(h.To) > maxHolder:
		return "there is nobody of that name"
	case h.Incident != "" && !incidentForm().MatchString(h.Incident):
		return "an incident is named by its id, such as WRD-XAA-2026-7K3M"
	case h.Report != "" && !reportForm().MatchString(h.Report):
		return "the other report is named by its id, 26 letters and digits"
	}
	return ""
}

// missing says what is asked for, by field.
var missing = map[string]string{"to": "say who is to have it", "until": "say until which day", "tag": "say which tag", "why": "say why, in a few words",
	"report": "say of which report it is a duplicate", "incident": "say to which incident it belongs"}

func (h Handling) field(name string) string {
	return map[string]string{"to": h.To, "until": h.Until, "tag": h.Tag, "why": strings.TrimSpace(h.Why), "report": h.Report, "incident": h.Incident}[name]
}
