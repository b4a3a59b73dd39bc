package intake

import (
	"slices"
	"time"

	"ward/entry"
	"ward/when"
)

// KindHandling is the kind of entry that holds one move of a report; its register and subject are those of what was received.
const KindHandling = "report.handling"

// Handling is one move: what somebody did with a report. A move is never edited; the latest can be taken back by a later Undo over it.
type Handling struct {
	Move     string `json:"move"`
	To       string `json:"to,omitempty"`       // name of whom it is assigned to
	Until    string `json:"until,omitempty"`    // day: end of a snooze, or by when information is awaited
	Tag      string `json:"tag,omitempty"`      // one word of the association's own
	Incident string `json:"incident,omitempty"` // public id of the incident that it is linked to
	Report   string `json:"report,omitempty"`   // id of the report of which it is a duplicate
	Over     string `json:"over,omitempty"`     // of an undo: id of the entry that is taken back
	Why      string `json:"why,omitempty"`
}

// The moves.
const (
	Claim     = "claim"
	Assign    = "assign"
	Release   = "release"
	Snooze    = "snooze"
	Wake      = "wake"
	Tag       = "tag"
	Untag     = "untag"
	Triage    = "triage"     // read, in scope, to be worked on
	Respond   = "respond"    // whoever is in danger was answered
	Escalate  = "escalate"   // handed at once to who can help
	NeedsInfo = "needs_info" // asked back; as a state: waits for that answer
	Answered  = "answered"   // what was asked came
	ScopeOut  = "scope_out"
	Duplicate = "duplicate" // as a state: another report says the same
	Link      = "link"
	Close     = "close"
	Reopen    = "reopen"
	Withdraw  = "withdraw"
	SealOff   = "seal"
	Undo      = "undo"
)

// The states (standards 10.4) that do not bear the name of a move.
const (
	StateReceived  = "received"
	StateTriaged   = "triaged"
	StateEscalated = "emergency_escalated"
	StateOutside   = "out_of_scope"
	StateLinked    = "linked"
	StateClosed    = "closed"
	StateWithdrawn = "withdrawn"
	StateSealed    = "sealed"
)

// States are all states, in the order in which a report passes them.
func States() []string {
	return []string{StateReceived, StateTriaged, StateEscalated, NeedsInfo, StateLinked, StateOutside, Duplicate, StateClosed, StateWithdrawn, StateSealed}
}

// settled are the states in which nothing waits for triage any more.
var settled = []string{StateOutside, Duplicate, StateLinked, StateClosed, StateWithdrawn, StateSealed}

// How long after receipt somebody in danger is answered and a report is read (standards 10.4), and after how long without an answer
// somebody asks again.
const (
	DangerHours = 24
	TriageHours = 72
	AskAgain    = 7 * 24 * time.Hour
)

// The clocks.
const (
	ClockDanger = "danger"
	ClockTriage = "triage"
	ClockInfo   = "info"
)

// Clock is something that is due.
type Clock struct {
	Kind string
	Due  time.Time
}

// Standing is what the moves of a report come to. It holds no time of reading: what is late or asleep depends on when one asks.
type Standing struct {
	State        string
	Holder       string    // name of who has it; "" = nobody
	SnoozedUntil time.Time // zero = not snoozed
	Tags         []string
	Incidents    []string // public ids
	DuplicateOf  string   // id of a report
	Clocks       []Clock  // that run, the earliest first
	Kept         []entry.Entry[Handling]
	Seen         string // id of the newest entry about it: who knows it knows everything

	received time.Time
	danger   bool // somebody is in danger and was not answered
	awaited  time.Time
}

// StateOf tells what the moves of a report, the oldest first, come to.
func StateOf(r entry.Entry[Received], moves []entry.Entry[Handling]) Standing {
	s := Standing{State: StateReceived, Seen: r.ID, received: receipt(r), danger: r.Body.Danger == dangerAnswer, Kept: kept(moves)}
	if len(moves) > 0 {
		s.Seen = moves[len(moves)-1].ID
	}
	for _, e := range s.Kept {
		s.apply(e)
	}
	s.wind()
	return s
}

// receipt is when a report came: when it was taken down, or the end of the day on which it came where that was earlier.
func receipt(r entry.Entry[Received]) time.Time {
	day, err := when.Parse(r.Body.Day)
	if err != nil || day.IsZero() {
		return r.At
	}
	if end := (day.To() + 1).Time(); end.Before(r.At) {
		return end
	}
	return r.At
}

// kept are the moves that nobody took back.
func kept(moves []entry.Entry[Handling]) (out []entry.Entry[Handling]) {
	for _, e := range moves {
		switch last := len(out) - 1; {
		case e.Body.Move != Undo:
			out = append(out, e)
		case last >= 0 && out[last].ID == e.Body.Over:
			out = out[:last]
		}
	}
	return out
}

// apply takes one move into account, as it was made.
func (s *Standing) apply(e entry.Entry[Handling]) {
	m := e.Body
	rule := rules[m.Move]
	if rule.to != "" {
		s.State = rule.to
	}
	if !rule.sleeps {
		s.SnoozedUntil = time.Time{}
	}
	switch m.Move {
	case Claim:
		s.Holder = e.By
	case Assign:
		s.Holder = m.To
	case Release:
		s.Holder = ""
	case Snooze:
		s.SnoozedUntil = dayOf(m.Until)
	case Tag:
		s.Tags = append(without(s.Tags, m.Tag), m.Tag)
	case Untag:
		s.Tags = without(s.Tags, m.Tag)
	case Link:
		s.Incidents = append(without(s.Incidents, m.Incident), m.Incident)
	case Duplicate:
		s.DuplicateOf = m.Report
	case Escalate:
		s.danger = false
	case Respond:
		s.respond()
	case NeedsInfo:
		if s.awaited = dayOf(m.Until); s.awaited.IsZero() {
			s.awaited = e.At.Add(AskAgain)
		}
	}
}

// respond notes that whoever is in danger was answered; a report that was answered was read.
func (s *Standing) respond() {
	if s.danger = false; s.State == StateReceived {
		s.State = StateTriaged
	}
}

// wind sets the clocks that run.
func (s *Standing) wind() {
	if s.danger && (s.State == StateLinked || !slices.Contains(settled, s.State)) {
		s.Clocks = append(s.Clocks, Clock{ClockDanger, s.received.Add(DangerHours * time.Hour)})
	}
	if s.State == StateReceived {
		s.Clocks = append(s.Clocks, Clock{ClockTriage, s.received.Add(TriageHours * time.Hour)})
	}
	if s.State == NeedsInfo {
		s.Clocks = append(s.Clocks, Clock{ClockInfo, s.awaited})
	}
	slices.SortStableFunc(s.Clocks, func(a, b Clock) int { return a.Due.Compare(b.Due) })
}

// Done reports that nothing waits for anybody. A report that is linked while somebody in danger waits for an answer is not done.
func (s Standing) Done() bool { return slices.Contains(settled, s.State) && len(s.Clocks) == 0 }

// InDanger reports that somebody in danger waits for an answer.
func (s Standing) InDanger() bool {
	return slices.ContainsFunc(s.Clocks, func(c Clock) bool { return c.Kind == ClockDanger })
}

// Came is when the report came, from which its clocks run.
func (s Standing) Came() time.Time { return s.received }

// Next is the clock that is due first; ok is false where none runs.
func (s Standing) Next() (c Clock, ok bool) {
	if len(s.Clocks) == 0 {
		return c, false
	}
	return s.Clocks[0], true
}

// Late reports that a clock has run out.
func (s Standing) Late(now time.Time) bool {
	c, ok := s.Next()
	return ok && !now.Before(c.Due)
}

// Asleep reports that the report is snoozed. A clock that runs out wakes it: a snooze never hides what is late.
func (s Standing) Asleep(now time.Time) bool {
	return !s.Done() && now.Before(s.SnoozedUntil) && !s.Late(now)
}

// Last is the move that can be taken back; ok is false where there is none.
func (s Standing) Last() (e entry.Entry[Handling], ok bool) {
	if len(s.Kept) == 0 {
		return e, false
	}
	return s.Kept[len(s.Kept)-1], true
}

// dayOf is the beginning of a day in full, UTC; zero where it is none.
func dayOf(day string) time.Time {
	d, err := when.Parse(day)
	if day == "" || err != nil || !d.Exact() {
		return time.Time{}
	}
	return d.From().Time()
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == one })
}
