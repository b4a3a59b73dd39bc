package intake

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
)

var start = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// moved is a report with its moves, a clock and a pen.
type moved struct {
	t     *testing.T
	r     entry.Entry[Received]
	moves []entry.Entry[Handling]
	now   time.Time
}

func came(t *testing.T, danger string) *moved {
	return &moved{t: t, r: entry.Entry[Received]{ID: "E", At: start, Body: Received{Danger: danger}}, now: start.Add(time.Hour)}
}

func (x *moved) state() Standing { return StateOf(x.r, x.moves) }

// does makes a move by Ana, or gives why it cannot be made.
func (x *moved) does(h Handling) error {
	if err := x.state().Check(h, x.now); err != nil {
		return err
	}
	x.moves = append(x.moves, entry.Entry[Handling]{ID: fmt.Sprint("M", len(x.moves)), At: x.now, By: "Ana", Body: h})
	return nil
}

func (x *moved) must(moves ...Handling) *moved {
	x.t.Helper()
	for _, h := range moves {
		if err := x.does(h); err != nil {
			x.t.Fatalf("%s: %v", h.Move, err)
		}
	}
	return x
}

// full is a move with everything that it asks for.
func full(move string) Handling {
	h := Handling{Move: move}
	for _, field := range Asks(move) {
		switch field {
		case "to":
			h.To = "Ben"
		case "until":
			h.Until = "2026-11-09"
		case "tag":
			h.Tag = "night"
		case "why":
			h.Why = "because"
		case "report":
			h.Report = "01JC0000000000000000000000"
		case "incident":
			h.Incident = "WRD-XAA-2026-7K3M"
		}
	}
	return h
}

// Standards 10.4: every way that a report can go, and none besides.
func TestAReportGoesOnlyTheWaysOfTheStandard(t *testing.T) {
	ways := map[string]string{ // from, by which moves to which state
		StateReceived:  "triage>triaged escalate>emergency_escalated needs_info>needs_info scope_out>out_of_scope duplicate>duplicate link>linked withdraw>withdrawn seal>sealed",
		StateTriaged:   "escalate>emergency_escalated needs_info>needs_info scope_out>out_of_scope duplicate>duplicate link>linked withdraw>withdrawn seal>sealed",
		StateEscalated: "needs_info>needs_info link>linked close>closed withdraw>withdrawn seal>sealed escalate>emergency_escalated",
		NeedsInfo:      "answered>triaged escalate>emergency_escalated scope_out>out_of_scope duplicate>duplicate link>linked close>closed withdraw>withdrawn seal>sealed needs_info>needs_info",
		StateLinked:    "escalate>emergency_escalated needs_info>needs_info link>linked close>closed reopen>triaged withdraw>withdrawn seal>sealed",
		StateOutside:   "close>closed reopen>triaged withdraw>withdrawn seal>sealed",
		Duplicate:      "close>closed reopen>triaged withdraw>withdrawn seal>sealed",
		StateClosed:    "reopen>triaged withdraw>withdrawn seal>sealed",
		StateSealed:    "reopen>triaged withdraw>withdrawn",
		StateWithdrawn: "",
	}
	roads := map[string][]string{StateReceived: nil, StateTriaged: {Triage}, StateEscalated: {Escalate}, NeedsInfo: {NeedsInfo}, StateLinked: {Link}, StateOutside: {ScopeOut},
		Duplicate: {Duplicate}, StateClosed: {Link, Close}, StateSealed: {SealOff}, StateWithdrawn: {Withdraw}}
	for _, state := range States() {
		got := map[string]bool{}
		for _, move := range Moves() {
			x := came(t, "no")
			for _, step := range roads[state] {
				x.must(full(step))
			}
			if s := x.state().State; s != state {
				t.Fatalf("%v leads to %s, not to %s", roads[state], s, state)
			}
			if rules[move].to != "" && x.does(full(move)) == nil {
				got[move+">"+x.state().State] = true
			}
		}
		want := strings.Fields(ways[state])
		for _, way := range want {
			if !got[way] {
				t.Errorf("from %s there is no %s", state, way)
			}
		}
		if len(got) != len(want) {
			t.Errorf("from %s there are %v, want %v", state, got, want)
		}
	}
}

func TestClocksRunFromReceiptAndStopByWhatTheyAskFor(t *testing.T) {
	x := came(t, "yes")
	if c := x.state().Clocks; len(c) != 2 || c[0] != (Clock{ClockDanger, start.Add(24 * time.Hour)}) || c[1] != (Clock{ClockTriage, start.Add(72 * time.Hour)}) {
		t.Fatalf("the clocks of a report in danger are %v", c)
	}
	x.must(full(Claim), full(Triage))
	if c := x.state().Clocks; len(c) != 1 || c[0].Kind != ClockDanger {
		t.Errorf("after it was read %v runs", c)
	}
	x.must(full(Link))
	if s := x.state(); s.Done() || !s.InDanger() {
		t.Error("a link answers nobody who is in danger")
	}
	if err := x.does(full(Close)); !fault.Is(err, fault.Refused) {
		t.Errorf("it was closed while somebody in danger waits: %v", err)
	}
	if s := x.must(full(Respond)).state(); !s.Done() || s.State != StateLinked {
		t.Errorf("after the answer it is %s with %v", s.State, s.Clocks)
	}
	if c := came(t, "yes").must(full(Escalate)).state().Clocks; len(c) != 0 {
		t.Errorf("after it was escalated %v runs", c)
	}
	if c := came(t, "no").must(full(NeedsInfo)).state().Clocks; len(c) != 1 || c[0] != (Clock{ClockInfo, start.Add(time.Hour + AskAgain)}) {
		t.Errorf("after a question %v runs", c)
	}
	if c := came(t, "unknown").state().Clocks; len(c) != 1 || c[0].Kind != ClockTriage {
		t.Errorf("where danger is not known %v runs", c)
	}
}

func TestASnoozeNeverHidesWhatIsLate(t *testing.T) {
	x := came(t, "no").must(full(Snooze)) // until the 9th; read by the 5th
	s := x.state()
	for _, at := range []struct {
		hours  int
		asleep bool
	}{{2, true}, {71, true}, {72, false}, {100, false}} {
		if now := start.Add(time.Duration(at.hours) * time.Hour); s.Asleep(now) != at.asleep {
			t.Errorf("after %d hours asleep is %v", at.hours, !at.asleep)
		}
	}
	x.now = start.Add(73 * time.Hour)
	if err := x.does(full(Snooze)); !fault.Is(err, fault.Refused) {
		t.Errorf("what is late was put off: %v", err)
	}
	if s := came(t, "no").must(full(Snooze), full(Tag)).state(); !s.Asleep(start.Add(2 * time.Hour)) {
		t.Error("a tag woke it")
	}
	if s := came(t, "no").must(full(Snooze), full(Assign)).state(); s.Asleep(start.Add(2 * time.Hour)) {
		t.Error("an assigned report sleeps on")
	}
}

func TestOnlyTheLastMoveCanBeTakenBack(t *testing.T) {
	x := came(t, "no").must(full(Claim), full(ScopeOut))
	if err := x.does(Handling{Move: Undo, Over: "M0"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an earlier move was taken back: %v", err)
	}
	x.must(Handling{Move: Undo, Over: "M1"})
	if s := x.state(); s.State != StateReceived || s.Holder != "Ana" || s.Seen != "M2" {
		t.Errorf("after the undo it is %s with %q", s.State, s.Holder)
	}
	if err := x.does(Handling{Move: Undo, Over: "M1"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("it was taken back twice: %v", err)
	}
	x.must(Handling{Move: Undo, Over: "M0"})
	if s := x.state(); s.Holder != "" {
		t.Errorf("after both %q has it", s.Holder)
	}
}

func TestWhatAMoveAsksForMustBeSaid(t *testing.T) {
	for _, move := range Moves() {
		for _, field := range Asks(move) {
			x := came(t, "yes")
			if err := x.does(Handling{Move: move}); err == nil {
				t.Errorf("%s without %s was taken", move, field)
			}
		}
	}
	for name, h := range map[string]Handling{"no move": {}, "unknown": {Move: "burn"}, "past day": {Move: Snooze, Until: "2026-11-01"}, "far day": {Move: Snooze, Until: "2029-01-01"},
		"month": {Move: Snooze, Until: "2026-12"}, "two tags": {Move: Tag, Tag: "a,b"}, "long tag": {Move: Tag, Tag: strings.Repeat("a", 41)},
		"incident": {Move: Link, Incident: "../x"}, "report": {Move: Duplicate, Report: "7"}, "long why": {Move: ScopeOut, Why: strings.Repeat("a", 2001)}} {
		if err := came(t, "no").does(h); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever people do, a report that is open is seen: it sleeps only while nothing is late, and what Allowed offers can be done.
func TestRandomMovesKeepTheRules(t *testing.T) {
	for seed := range uint64(300) {
		dice := rand.New(rand.NewPCG(seed, 5))
		x := came(t, []string{"yes", "no", "unknown"}[dice.IntN(3)])
		for range 25 {
			x.now = x.now.Add(time.Duration(dice.IntN(30)) * time.Hour)
			s := x.state()
			allowed := s.Allowed(x.now)
			for _, m := range Moves() {
				h := full(m)
				if m == Snooze {
					h.Until = x.now.AddDate(0, 0, 1+dice.IntN(9)).Format(time.DateOnly)
				}
				if m == Untag && !slices.Contains(s.Tags, h.Tag) {
					continue
				}
				if err := s.Check(h, x.now); (err == nil) != slices.Contains(allowed, m) {
					t.Fatalf("seed %d: %s of %s is offered: %v, and %v", seed, m, s.State, slices.Contains(allowed, m), err)
				}
			}
			h := full(Moves()[dice.IntN(len(Moves()))])
			if h.Move == Snooze {
				h.Until = x.now.AddDate(0, 0, 1+dice.IntN(9)).Format(time.DateOnly)
			}
			if last, made := s.Last(); made && dice.IntN(4) == 0 {
				h = Handling{Move: Undo, Over: last.ID}
			}
			_ = x.does(h)
			if s = x.state(); s.Late(x.now) && (s.Asleep(x.now) || s.Done()) {
				t.Fatalf("seed %d: a late report is hidden: %+v", seed, s)
			}
		}
	}
}

func TestNobodyGetsOnlyDistressingReports(t *testing.T) {
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 6))
		people := []string{"Ana", "Ben", "Cyra", "Dov", "Eda"}[:1+dice.IntN(5)]
		var reports []Share
		hard := map[string]bool{}
		for i := range dice.IntN(40) {
			one := Share{fmt.Sprint(i), dice.IntN(2) == 0}
			reports, hard[one.ID] = append(reports, one), one.Distressing
		}
		var all, distressing []int
		seen := map[string]bool{}
		dealt := Deal(reports, people)
		for _, name := range people {
			n := 0
			for _, id := range dealt[name] {
				if seen[id] = true; hard[id] {
					n++
				}
			}
			all, distressing = append(all, len(dealt[name])), append(distressing, n)
		}
		if len(seen) != len(reports) || slices.Max(all)-slices.Min(all) > 1 || slices.Max(distressing)-slices.Min(distressing) > 1 {
			t.Fatalf("seed %d: %d of %d reports dealt %v, distressing %v", seed, len(seen), len(reports), all, distressing)
		}
	}
}

// A letter typed in days after it came is as late as it is.
func TestClocksRunFromTheDayOnWhichAReportCame(t *testing.T) {
	for day, want := range map[string]time.Duration{"": 24, start.Format(time.DateOnly): 24, start.AddDate(0, 0, 1).Format(time.DateOnly): 24} {
		x := came(t, "yes")
		x.r.Body.Day = day
		if c, _ := StateOf(x.r, nil).Next(); !c.Due.Equal(start.Add(want * time.Hour)) {
			t.Errorf("came %q: due %v", day, c.Due)
		}
	}
	x := came(t, "yes")
	x.r.Body.Day = start.AddDate(0, 0, -4).Format(time.DateOnly)
	s := StateOf(x.r, nil)
	if c, _ := s.Next(); !c.Due.Equal(start.Truncate(24*time.Hour).AddDate(0, 0, -2)) || !s.Late(start) {
		t.Errorf("a letter of four days ago is due %v", c.Due)
	}
}

func TestWhoeverIsInDangerIsAnsweredBeforeTheReportIsPutAside(t *testing.T) {
	for _, m := range []Handling{full(ScopeOut), full(Duplicate)} {
		x := came(t, "yes")
		if err := StateOf(x.r, nil).Check(m, x.now); !fault.Is(err, fault.Refused) {
			t.Errorf("%s: the clock of somebody in danger is silently stopped: %v", m.Move, err)
		}
		x.must(full(Respond), m)
	}
}
