package desk_test

import (
	"slices"
	"testing"
	"time"

	"ward/access"
	"ward/commitment"
	"ward/desk"
	"ward/duty"
	"ward/fault"
	"ward/statement"
	"ward/suitability"
	"ward/when"
)

// noon is a clock that stands still at noon of a day until it is moved.
func noon(t *testing.T, d *desk.Desk, date string) func(string) {
	t.Helper()
	now := day(t, date).From().Time().Add(12 * time.Hour)
	d.Store().SetClock(func() time.Time { return now })
	return func(date string) { now = day(t, date).From().Time().Add(12 * time.Hour) }
}

func periodOf(t *testing.T, d *desk.Desk, from, to string) desk.Period {
	t.Helper()
	p, err := d.Period(ctx, access.Local(), day(t, from).From(), day(t, to).To())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// groupOf finds a group; one that is not there is empty.
func groupOf(p desk.Period, part, name string) desk.PeriodGroup {
	for _, x := range p.Parts {
		for _, g := range x.Groups {
			if x.Name == part && g.Name == name {
				return g
			}
		}
	}
	return desk.PeriodGroup{}
}

func wantGroups(t *testing.T, p desk.Period, want map[string]int) {
	t.Helper()
	for _, part := range p.Parts {
		for _, g := range part.Groups {
			key := part.Name + " " + g.Name
			if g.Count != want[key] && key != "open commitments" {
				t.Errorf("%s..%s: %d in %s, want %d: %+v", p.From, p.To, g.Count, key, want[key], g.Lines)
			}
			delete(want, key)
		}
	}
	for key, n := range want {
		t.Errorf("%s..%s: no %s, want %d", p.From, p.To, key, n)
	}
}

func TestAPeriodWithNothingSaysSo(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		p := periodOf(t, open(t, target), "2026-10-01", "2026-12-31")
		if len(p.Parts) != 5 {
			t.Errorf("%d parts", len(p.Parts))
		}
		wantGroups(t, p, map[string]int{})
		if g := groupOf(p, "open", "commitments"); g.Count <= len(g.Lines) || len(g.Lines) == 0 {
			t.Errorf("what norms ask is open until somebody grades it, and the list is bounded: %d of %d", len(g.Lines), g.Count)
		}
	})
}

func TestBothDaysOfAPeriodAreIncluded(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		noon(t, d, "2022-03-31")
		takeTable(t, d, sind(t, event("1", "2022-03-31"), event("2", "2022-03-30"), event("3", "2021-12-31")), 3, 0, 0, 0)
		for _, c := range []struct {
			from, to       string
			came, happened int64
		}{{"2022-03-31", "2022-03-31", 3, 1}, {"2022-03-01", "2022-03-31", 3, 2}, {"2022-03-01", "2022-03-30", 0, 1}, {"2022-04-01", "2022-06-30", 0, 0}, {"2021-12-31", "2022-01-01", 0, 1}} {
			p := periodOf(t, d, c.from, c.to)
			sum := func(g desk.PeriodGroup) (n int64) {
				if len(g.Lines) > 0 {
					n = g.Lines[0].Figures[0].N
				}
				return n
			}
			if came, happened := sum(groupOf(p, "new", "arrived")), sum(groupOf(p, "new", "dated")); came != c.came || happened != c.happened {
				t.Errorf("%s..%s: %d came and %d happened, want %d and %d", c.from, c.to, came, happened, c.came, c.happened)
			}
			if imports := groupOf(p, "new", "imports").Count; (imports == 1) != (c.came > 0) {
				t.Errorf("%s..%s: %d imports", c.from, c.to, imports)
			}
		}
	})
}

func TestRegistersStandBesideEachOther(t *testing.T) {
	d := open(t, t.TempDir())
	noon(t, d, "2022-03-31")
	takeTable(t, d, sind(t, event("1", "2022-03-31"), event("4", "2022-03")), 2, 0, 0, 0)
	takeTable(t, d, file(t, "who-ssa", "who-ssa", attack("2", "2022-03-31"), attack("3", "2022-03-02")), 2, 0, 0, 0)
	p := periodOf(t, d, "2022-03-15", "2022-03-31")
	for _, l := range groupOf(p, "new", "arrived").Lines {
		if l.State == "" && l.Figures[0].N > 3 {
			t.Errorf("two registers were added: %+v", l)
		}
	}
	var perhaps int64
	for _, l := range groupOf(p, "new", "dated").Lines {
		for _, f := range l.Figures {
			if f.Key == "perhaps" {
				perhaps += f.N
			}
		}
	}
	if perhaps != 1 {
		t.Errorf("%d incidents only may have happened in these days, want 1", perhaps)
	}
}

func TestAPeriodTellsWhatIsOpenOverdueAndAskedAsOfItsLastDay(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, who := open(t, target), access.Local()
		at := noon(t, d, "2026-10-01")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(d.OpenCommitment(ctx, who, asksState, "State:XAA", commitment.Opening{Due: "2026-11-30"}))
		assess(t, d, duty.Assessment{Point: "CYBER-4", Year: 2026, Status: duty.NotMet, Due: "2026-12-01"}, duty.Assessment{Point: "CYBER-3", Year: 2026, Status: duty.Partly, Proof: []string{"the minutes"}, Owner: "digital officer"})
		number := begin(t, d, appeal)
		must(d.AdvanceStatement(ctx, who, number, statement.Step{To: statement.Review}))
		undecided := suitability.Decision{State: "XAA", Event: "A congress", Decision: suitability.Undecided}
		congress, err := d.DecideSuitability(ctx, who, "", undecided)
		must(err)
		at("2027-01-15")
		must(d.GradeCommitment(ctx, who, asksState, "State:XAA", commitment.Grading{Grade: "C", Evidence: []string{"https://example.org/a"}, Why: "no answer"}))

		assess(t, d, duty.Assessment{Point: "CYBER-4", Year: 2026, Status: duty.Met, Proof: []string{"a rehearsal"}})
		decided := undecided
		decided.Decision, decided.Date, decided.Reasons, decided.Roles = suitability.Refrain, "2027-01-15", "colleagues are held", []string{"council", "ethics committee"}
		_, err = d.DecideSuitability(ctx, who, congress, decided)
		must(err)

		first := periodOf(t, d, "2026-10-01", "2026-11-30")
		wantGroups(t, first, map[string]int{"changed duties": 2, "changed statements": 1, "changed events": 1, "open duties": 2, "asked approvals": 1, "asked ownerless": 1, "asked events": 1})
		second := periodOf(t, d, "2026-12-01", "2026-12-31")
		wantGroups(t, second, map[string]int{"open duties": 2, "overdue duties": 1, "asked approvals": 1, "asked ownerless": 1, "asked events": 1, "asked ungraded": 1})
		third := periodOf(t, d, "2027-01-01", "2027-12-31")
		wantGroups(t, third, map[string]int{"changed graded": 1, "changed duties": 1, "changed events": 1, "asked approvals": 1})
		if third.AsOf != day(t, "2027-01-15").From() {
			t.Errorf("a period that runs is judged as of today, not %s", third.AsOf)
		}
	})
}

func TestAStateHasSixtyDaysToReply(t *testing.T) {
	d := open(t, t.TempDir())
	noon(t, d, "2027-06-30")
	takeTable(t, d, sind(t, event("1", "2021-03-04")), 1, 0, 0, 0)
	clause := "WMA-TOKYO-2016:1"
	state(t, d, "step,XAA,,2021,frozen,office,editor,2027-01-01,", "outcome,XAA,"+clause+",2021,N1,a,coder,2027-01-02,", "outcome,XAA,"+clause+",2021,N1,b,coder,2027-01-02,",
		"information,XAA,,2021,I4,a,coder,2027-01-02,", "information,XAA,,2021,I4,b,coder,2027-01-02,",
		"step,XAA,"+clause+",2021,draft,office,editor,2027-01-03,", "step,XAA,"+clause+",2021,sent,office,editor,2027-05-01,")
	p := periodOf(t, d, "2027-06-01", "2027-06-30")
	if g := groupOf(p, "open", "sent"); g.Count != 1 || g.Lines[0].Day != "2027-06-30" || !slices.Equal(g.Lines[0].Path, []string{"states", "XAA", clause, "2021"}) {
		t.Errorf("on the sixtieth day the State may still reply: %+v", g)
	}
	noon(t, d, "2027-07-01")
	p = periodOf(t, d, "2027-06-01", "2027-07-01")
	if groupOf(p, "overdue", "replies").Count != 1 || groupOf(p, "open", "sent").Count != 0 {
		t.Errorf("the day after it is overdue: %+v", p.Parts)
	}
	if g := groupOf(p, "changed", "codings"); g.Count != 1 || g.Lines[0].State != "XAA" || len(g.Lines[0].Figures) != 2 {
		t.Errorf("%+v", g)
	}
}

func TestAPeriodThatEndsBeforeItBeginsIsRefusedAndAFileLeavesALine(t *testing.T) {
	d := open(t, t.TempDir())
	if _, err := d.Period(ctx, access.Local(), 10, 9); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	if _, err := d.Period(ctx, access.Actor{Name: "x"}, 9, 10); !fault.Is(err, fault.Refused) {
		t.Errorf("a stranger reads it: %v", err)
	}
	from := when.DayOf(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
	if _, err := d.TakePeriod(ctx, access.Local(), from, from+91, desk.PeriodFile{Format: "pdf", Recipient: "the board"}); err != nil {
		t.Fatal(err)
	}
	lines, err := d.Ledger(ctx, access.Local(), 0, 9)
	if err != nil || len(lines) != 1 || lines[0].What != "period 2026-10-01 2026-12-31 pdf" || lines[0].To != "the board" {
		t.Errorf("%+v %v", lines, err)
	}
}
