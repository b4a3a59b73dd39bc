package casework

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
)

// t0 is a Saturday on which summer time ends in much of the world: in UTC nothing happens.
var t0 = time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)

// story puts entries on record, an hour apart.
type story struct {
	e Entries
	n int
}

func put[T any](s *story, list *[]entry.Entry[T], by string, body T) *story {
	*list = append(*list, entry.Entry[T]{ID: "E" + strconv.Itoa(s.n), By: by, At: t0.Add(time.Duration(s.n) * time.Hour), Log: entry.Place{Number: int64(s.n)}, Body: body})
	s.n++
	return s
}

func begun(kind string) *story {
	s := &story{}
	return put(s, &s.e.Opened, "ana", Opened{Kind: kind, Name: "Heron", Summary: "a call"})
}

func (s *story) move(to, outcome string) *story {
	return put(s, &s.e.Moves, "ana", Move{To: to, Outcome: outcome})
}

func (s *story) fact(section, item string, pairs ...string) *story {
	return put(s, &s.e.Facts, "bo", Fact{Section: section, Item: item, Values: values(pairs...)})
}

func values(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func (s *story) fold(t *testing.T) Case {
	t.Helper()
	c, ok := Fold("C", s.e)
	if !ok {
		t.Fatal("there is no case")
	}
	return c
}

// moves is every move of every kind, written out here once more: whoever changes a playbook must say so twice.
var moves = map[string]map[string]string{
	Protection: {"requested": "closed risk_assessed", "risk_assessed": "closed plan_agreed", "plan_agreed": "active closed risk_assessed", "active": "closed monitoring risk_assessed",
		"monitoring": "active closed", "closed": "risk_assessed"},
	Advice: {"asked": "closed norms_found", "norms_found": "advised closed", "advised": "closed decided norms_found", "decided": "closed followed", "followed": "advised closed", "closed": "advised"},
	Inquiry: {"assigned": "accepted declined", "accepted": "gathering", "declined": "assigned", "gathering": "heard", "heard": "concluded gathering", "concluded": "heard reported_back",
		"reported_back": "follow_up", "follow_up": "closed gathering", "closed": "gathering"},
	Conduct: {"reported": "captured closed", "captured": "assessed closed", "assessed": "closed colleague_asked", "colleague_asked": "answered closed", "answered": "closed colleague_asked remedy_checked",
		"remedy_checked": "closed colleague_asked", "closed": "assessed"},
	Breach: {"suspected": "aware closed", "aware": "contained", "contained": "assessed", "assessed": "contained sources_warned", "sources_warned": "authority_notified", "authority_notified": "persons_notified",
		"persons_notified": "records_corrected", "records_corrected": "reviewed", "reviewed": "closed", "closed": "aware"},
}

func TestOnlyTheMovesOfTheTableAreMade(t *testing.T) {
	for kind, table := range moves {
		p, _ := PlaybookOf(kind)
		for _, from := range p.States {
			c := begun(kind).move(from.State, "").fold(t)
			var taken []string
			for _, to := range append(p.States, State{State: "lost"}, State{}) {
				for _, outcome := range append([]string{""}, to.Outcomes...) {
					err := c.Advance(Move{To: to.State, Outcome: outcome, Why: "why"})
					if err == nil || strings.Contains(err.Error(), "is recorded") {
						taken = append(taken, to.State)
					}
				}
			}
			if got := strings.Join(slices.Compact(slices.Sorted(slices.Values(taken))), " "); got != table[from.State] {
				t.Errorf("%s: from %s one comes to %q, want %q", kind, from.State, got, table[from.State])
			}
		}
		if len(p.States) != len(table) {
			t.Errorf("%s has %d states, the table %d", kind, len(p.States), len(table))
		}
	}
}

// needs are what each move asks for first, written out here once more; "from to".
var needs = map[string]map[string]string{
	Protection: {"requested risk_assessed": "risk.level", "risk_assessed plan_agreed": "need measure", "active monitoring": "risk.level"},
	Advice:     {"asked norms_found": "order.what norm", "norms_found advised": "advice", "advised decided": "decision.what", "decided followed": "support"},
	Inquiry: {"assigned accepted": "mandate.asked", "accepted gathering": "at_risk.at_risk", "gathering heard": "heard.was_heard", "heard concluded": "finding duress.duress at_risk.at_risk",
		"concluded reported_back": "report_back.at"},
	Conduct: {"reported captured": "capture", "captured assessed": "content.identifiable content.patient_aware harm", "assessed colleague_asked": "request.remedy", "colleague_asked answered": "reply.words",
		"answered remedy_checked": "remedy.done"},
	Breach: {"suspected aware": "awareness.at", "aware contained": "containment", "contained assessed": "assessment.risk assessment.sources assessment.persons assessment.records_altered",
		"assessed sources_warned": "warning", "sources_warned authority_notified": "authority_notice.at", "authority_notified persons_notified": "person_notice", "persons_notified records_corrected": "correction",
		"records_corrected reviewed": "review.changed"},
}

func TestAMoveIsRefusedUntilWhatItNeedsIsRecorded(t *testing.T) {
	for kind, table := range moves {
		for from, list := range table {
			for to := range strings.FieldsSeq(list) {
				c := begun(kind).move(from, "").fold(t)
				ways := c.Ways()
				at := slices.IndexFunc(ways, func(w Way) bool { return w.To == to })
				want := needs[kind][from+" "+to]
				if got := strings.Join(c.Missing(ways[at]), " "); got != want {
					t.Errorf("%s: %s to %s needs %q, want %q", kind, from, to, got, want)
				}
				target, _ := c.Playbook().State(to)
				err := c.Advance(Move{To: to, Why: "why", Outcome: first(target.Outcomes)})
				if fault.Is(err, fault.Refused) != (want != "") || want != "" && !strings.Contains(err.Error(), strings.Fields(want)[0]) {
					t.Errorf("%s: %s to %s: %v", kind, from, to, err)
				}
			}
		}
	}
	c := begun(Protection).fact("risk", "", "level", "low").fold(t)
	if err := c.Advance(Move{To: "risk_assessed"}); err != nil {
		t.Error(err)
	}
}

func first(list []string) string { return append(slices.Clone(list), "")[0] }

func TestAnEndSaysHowItEnded(t *testing.T) {
	c := begun(Protection).move("monitoring", "").fold(t)
	for outcome, good := range map[string]bool{"": false, "won": false, "safe": true, "deceased": true} {
		if err := c.Advance(Move{To: "closed", Outcome: outcome, Why: "w"}); (err == nil) != good || !good && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", outcome, err)
		}
	}
	if err := c.Advance(Move{To: "closed", Outcome: "safe", Why: " "}); !fault.Is(err, fault.Invalid) {
		t.Errorf("closed without a word: %v", err)
	}
	if err := c.Advance(Move{To: "active", Outcome: "safe", Why: "w"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an outcome in the middle: %v", err)
	}
}

func TestWhatIsOpenedAgainHasNoEnd(t *testing.T) {
	s := begun(Protection).move("closed", "released")
	if c := s.fold(t); c.Outcome != "released" || c.Open() || c.Since != t0.Add(time.Hour) {
		t.Errorf("%+v", c)
	}
	if c := s.move("risk_assessed", "").fold(t); c.Outcome != "" || !c.Open() {
		t.Errorf("%+v", c)
	}
	if c := begun(Inquiry).move("concluded", "coerced").move("reported_back", "").fold(t); c.Outcome != "coerced" {
		t.Errorf("the conclusion is gone: %+v", c)
	}
}

func TestTheNextReviewOfADangerIsNotPutOff(t *testing.T) {
	c := begun(Protection).fold(t)
	at := func(d time.Duration) string { return t0.Add(d).Format(time.RFC3339) }
	for _, tt := range []struct {
		level, next, want string // want "" is refused, "-" is none
	}{
		{"imminent", "", at(24 * time.Hour)}, {"imminent", at(24 * time.Hour), at(24 * time.Hour)}, {"imminent", at(24*time.Hour + time.Second), ""},
		{"high", "", at(7 * 24 * time.Hour)}, {"high", at(7 * 24 * time.Hour), at(7 * 24 * time.Hour)}, {"high", at(7*24*time.Hour + time.Second), ""},
		{"elevated", "", "-"}, {"elevated", at(60 * 24 * time.Hour), at(60 * 24 * time.Hour)}, {"low", "", "-"},
		{"high", "2026-10-25T01:30+03:30", "2026-10-24T22:00:00Z"}, {"high", "2026-10-26T09:30", "2026-10-26T09:30:00Z"},
	} {
		f, err := c.Normal(Fact{Section: "risk", Values: values("level", tt.level, "review", strings.Replace(tt.next, "+03:30", ":00+03:30", 1))}, t0)
		got := f.Values["review"]
		switch {
		case tt.want == "" && !fault.Is(err, fault.Invalid), tt.want != "" && err != nil, tt.want == "-" && got != "", tt.want != "-" && tt.want != "" && got != tt.want:
			t.Errorf("%s, next %q: %q, %v", tt.level, tt.next, got, err)
		}
	}
}

// kinds are the clocks at a time: "kind item due late".
func kinds(c Case, now time.Time) (out []string) {
	for _, k := range c.Clocks(now) {
		word := k.Kind + " " + k.Due.Format("01-02T15:04")
		if k.Late {
			word += " late"
		}
		out = append(out, word)
	}
	return out
}

func TestClocksRunFromWhatIsRecorded(t *testing.T) {
	s := begun(Protection).fact("hearing", "H1", "date", "2026-10-26").fact("hearing", "H2", "date", "2026-11", "outcome", "adjourned").
		fact("appeal", "A1", "kind", "letter", "to", "the ministry", "reply_due", "2026-10-30").fact("deadline", "D", "what", "bail money", "due", "2026-10-27", "done", "2026-10-25").
		fact("risk", "", "level", "imminent", "review", "2026-10-25T22:00:00Z")
	put(s, &s.e.Tasks, "ana", Task{Task: "T", Text: "call", Due: "2026-10-24T23:00:00Z", State: TaskOpen})
	for at, want := range map[string]string{
		"2026-10-24T22:30:00Z": "task 10-24T23:00, risk_review 10-25T22:00, hearing 10-27T00:00, appeal_reply 10-31T00:00",
		"2026-10-26T23:59:59Z": "task 10-24T23:00 late, risk_review_late 10-25T22:00 late, hearing 10-27T00:00, appeal_reply 10-31T00:00",
		"2026-10-27T00:00:00Z": "task 10-24T23:00 late, risk_review_late 10-25T22:00 late, hearing_unrecorded 10-27T00:00 late, appeal_reply 10-31T00:00",
		"2026-10-31T00:00:00Z": "task 10-24T23:00 late, risk_review_late 10-25T22:00 late, hearing_unrecorded 10-27T00:00 late, appeal_unanswered 10-31T00:00 late",
	} {
		now, _ := time.Parse(time.RFC3339, at)
		if got := strings.Join(kinds(s.fold(t), now), ", "); got != want {
			t.Errorf("at %s: %s\nwant %s", at, got, want)
		}
	}
	put(s, &s.e.Tasks, "bo", Task{Task: "T", State: TaskDone})
	s.fact("hearing", "H1", "date", "2026-10-26", "outcome", "remanded").fact("appeal", "A1", "kind", "letter", "to", "the ministry", "reply_due", "2026-10-30", "reply", "no").fact("risk", "", "level", "low")
	if got := kinds(s.fold(t), t0.AddDate(0, 1, 0)); len(got) > 0 {
		t.Errorf("they still run: %v", got)
	}
}

func TestNoClockRunsInACaseThatIsClosed(t *testing.T) {
	c := begun(Protection).fact("hearing", "H", "date", "2026-10-26").move("closed", "safe").fold(t)
	if got := c.Clocks(t0.AddDate(1, 0, 0)); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

func TestTheAuthorityIsToldWithinSeventyTwoHours(t *testing.T) {
	s := begun(Breach).fact("awareness", "", "at", "2026-10-24T22:00:00Z").move("aware", "")
	due := t0.Add(72 * time.Hour)
	for _, tt := range []struct {
		at   time.Time
		want string
	}{{due.Add(-time.Second), "authority_notice 10-27T22:00"}, {due, "authority_notice_late 10-27T22:00 late"}} {
		if got := strings.Join(kinds(s.fold(t), tt.at), ", "); got != tt.want {
			t.Errorf("at %s: %s", tt.at, got)
		}
	}
	if got := kinds(s.move("sources_warned", "").fold(t), due); len(got) != 1 {
		t.Errorf("warning the sources stops the clock: %v", got)
	}
	if got := kinds(s.move("authority_notified", "").fold(t), due); len(got) != 0 {
		t.Errorf("it runs on: %v", got)
	}
}

func TestSourcesAreWarnedBeforeTheAuthority(t *testing.T) {
	assessed := func(sources string) *story {
		return begun(Breach).fact("assessment", "", "risk", "high", "sources", sources, "persons", "0", "records_altered", "no").fact("authority_notice", "", "authority", "A", "at", "2026-10-24T22:00:00Z").move("assessed", "")
	}
	c := assessed("2").fold(t)
	if err := c.Advance(Move{To: "authority_notified"}); !fault.Is(err, fault.Refused) {
		t.Errorf("the authority is told first: %v", err)
	}
	if err := c.Advance(Move{To: "sources_warned"}); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "warning") {
		t.Errorf("nobody was warned: %v", err)
	}
	if err := assessed("0").fold(t).Advance(Move{To: "sources_warned"}); err != nil {
		t.Errorf("there is nobody to warn: %v", err)
	}
	if _, err := c.Normal(Fact{Section: "authority_notice", Values: values("authority", "A", "at", "2026-10-24T22:00:00Z")}, t0); !fault.Is(err, fault.Refused) {
		t.Errorf("a notice is recorded before the sources were warned: %v", err)
	}
	if _, err := assessed("2").move("sources_warned", "").fold(t).Normal(Fact{Section: "authority_notice", Values: values("authority", "A", "at", "2026-10-24T22:00:00Z")}, t0); err != nil {
		t.Error(err)
	}
	told := assessed("2").fact("warning", "W", "whom", "Tern", "at", "2026-10-24T23:00:00Z").fold(t)
	if err := told.Advance(Move{To: "sources_warned"}); err != nil {
		t.Error(err)
	}
	if err := begun(Breach).fact("assessment", "", "persons", "0", "records_altered", "no").move("authority_notified", "").fold(t).Advance(Move{To: "persons_notified"}); err != nil {
		t.Errorf("there is nobody to tell: %v", err)
	}
}

func TestDuressUnknownIsNeverNone(t *testing.T) {
	c := begun(Inquiry).fold(t)
	if c.Duress() != "unknown" {
		t.Errorf("not asked is %q", c.Duress())
	}
	if _, err := c.Normal(Fact{Section: "duress", Values: values("duress", "none")}, t0); !fault.Is(err, fault.Invalid) {
		t.Errorf("none without saying how it was examined: %v", err)
	}
	for _, good := range []map[string]string{values("duress", "unknown"), values("duress", "none", "examined", "we asked"), values("duress", "force")} {
		if _, err := c.Normal(Fact{Section: "duress", Values: good}, t0); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
}

func TestALaterFactReplacesAndTheEarlierStaysInTheHistory(t *testing.T) {
	s := begun(Protection).fact("hearing", "H1", "date", "2026-10-26", "court", "Court 3").fact("hearing", "H2", "date", "2026-10-28").fact("hearing", "H1", "date", "2026-10-27", "outcome", "adjourned")
	c := s.fold(t)
	items := c.Items("hearing")
	if len(items) != 2 || items[0].ID != "H1" || !maps.Equal(items[0].Values, values("date", "2026-10-27", "outcome", "adjourned")) || c.Value("hearing", "court") != "" {
		t.Errorf("%+v", items)
	}
	put(s, &s.e.Facts, "bo", Fact{Section: "hearing", Item: "H2", Removed: true, Why: "another person's"})
	c = s.fold(t)
	if len(c.Items("hearing")) != 1 {
		t.Errorf("%+v", c.Items("hearing"))
	}
	line := c.Timeline()
	if len(line) != 5 || !line[0].Removed || line[0].Why == "" || line[4].Kind != KindOpened || line[4].Text != "a call" {
		t.Fatalf("%+v", line)
	}
	want := []Change{{"court", "Court 3", ""}, {"date", "2026-10-26", "2026-10-27"}, {"outcome", "", "adjourned"}}
	if !slices.Equal(line[1].Changes, want) || line[0].Changes[0] != (Change{"date", "2026-10-28", ""}) {
		t.Errorf("%+v", line[1].Changes)
	}
}

func TestTheTimelineIsInTheOrderInWhichThingsWereSaid(t *testing.T) {
	s := begun(Protection)
	put(s, &s.e.Notes, "ana", Note{"a word"})
	s.fact("risk", "", "level", "low").move("risk_assessed", "")
	put(s, &s.e.Members, "bo", Member{Name: "bo", Why: "on call"})
	put(s, &s.e.Links, "bo", Link{To: "WRD-XAA-2026-AAAA", Kind: LinkIncident, Relation: "about"})
	s.move("closed", "safe")
	var got []string
	for _, e := range s.fold(t).Timeline() {
		got = append(got, e.Kind)
	}
	if strings.Join(got, " ") != "case.move case.link case.member case.move case.fact case.note case.opened" {
		t.Errorf("%v", got)
	}
	if e := s.fold(t).Timeline()[0]; e.From != "risk_assessed" || e.To != "closed" || e.Outcome != "safe" {
		t.Errorf("%+v", e)
	}
}

func TestWhatIsNoneOfItsTypeIsRefused(t *testing.T) {
	c := begun(Protection).fold(t)
	long := strings.Repeat("x", MaxLong+1)
	for name, f := range map[string]Fact{
		"section": {Section: "duress", Values: values("duress", "none")}, "field": {Section: "risk", Values: values("level", "low", "lev", "x")}, "code": {Section: "risk", Values: values("level", "awful")},
		"missing": {Section: "hearing", Values: values("court", "x")}, "day": {Section: "hearing", Values: values("date", "tomorrow")}, "instant": {Section: "risk", Values: values("level", "low", "review", "soon")},
		"long": {Section: "risk", Values: values("level", "low", "why", long)}, "lines": {Section: "hearing", Values: values("date", "2026-10-26", "court", "a\nb")}, "country": {Section: "detention", Values: values("country", "Arcadia")},
		"nothing": {Section: "detention", Values: values("place", "  ")}, "item of a single one": {Section: "risk", Item: "X", Values: values("level", "low")}, "removed without a word": {Section: "risk", Removed: true},
	} {
		if _, err := c.Normal(f, t0); !fault.Is(err, fault.Invalid) && !(f.Removed && fault.Is(err, fault.NotFound)) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "tomorrow") {
			t.Errorf("%s: the error repeats what was typed: %v", name, err)
		}
	}
	b := begun(Breach).fold(t)
	if _, err := b.Normal(Fact{Section: "assessment", Values: values("risk", "low", "sources", "-1")}, t0); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	if _, err := begun(Advice).fold(t).Normal(Fact{Section: "norm", Values: values("clause", "WMA-X:1")}, t0); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	f, err := begun(Advice).fold(t).Normal(Fact{Section: "norm", Values: values("clause", "WMA-TOKYO-2016:1", "bearing", " no part in it ")}, t0)
	if err != nil || f.Values["bearing"] != "no part in it" {
		t.Errorf("%+v %v", f, err)
	}
}

func TestWhatCannotBeOpenedIsRefused(t *testing.T) {
	sound := Opened{Kind: Breach, Name: "Heron", Country: "XAA", Drill: true}
	if err := sound.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Opened){"kind": func(o *Opened) { o.Kind = "war" }, "name": func(o *Opened) { o.Name = " " }, "lines": func(o *Opened) { o.Name = "a\nb" },
		"country": func(o *Opened) { o.Country = "Arcadia" }, "drill": func(o *Opened) { o.Kind = Protection }, "summary": func(o *Opened) { o.Summary = strings.Repeat("x", MaxLong+1) }} {
		o := sound
		change(&o)
		if err := o.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok := Fold("C", Entries{}); ok {
		t.Error("a case that nobody opened")
	}
}

func TestTheLastOneLeavesNoOpenCase(t *testing.T) {
	s := begun(Protection)
	if err := s.fold(t).Leave("ana"); !fault.Is(err, fault.Refused) {
		t.Errorf("%v", err)
	}
	follower := begun(Protection)
	if err := put(follower, &follower.e.Members, "ana", Member{Name: "ana"}).fold(t).Leave("ana"); !fault.Is(err, fault.Refused) {
		t.Errorf("the last one, who leads nothing, left: %v", err)
	}
	put(s, &s.e.Members, "bo", Member{Name: "bo", Why: "on call"})
	c := s.fold(t)
	if err := c.Leave("ana"); !fault.Is(err, fault.Refused) || !c.Leads("ana") || c.Leads("bo") || c.Leave("bo") != nil {
		t.Errorf("the lead leaves without another: %v, %+v", err, c.Team)
	}
	put(s, &s.e.Members, "ana", Member{Name: "bo", Lead: true})
	if err := s.fold(t).Leave("ana"); err != nil {
		t.Error(err)
	}
	put(s, &s.e.Members, "ana", Member{Name: "ana", Gone: true})
	if c := s.fold(t); c.On("ana") || len(c.Team) != 1 || !fault.Is(c.Leave("ana"), fault.NotFound) {
		t.Errorf("%+v", c.Team)
	}
	if err := s.move("closed", "safe").fold(t).Leave("bo"); err != nil {
		t.Errorf("a closed case holds nobody: %v", err)
	}
}

func TestAStateBringsItsTasksOnce(t *testing.T) {
	s := begun(Protection)
	n := 0
	tasks := s.fold(t).Brings("requested", t0, func() string { n++; return strconv.Itoa(n) })
	if len(tasks) != 3 || tasks[0].What != "call_back" || tasks[0].Due != "2026-10-25T22:00:00Z" || tasks[0].Task == tasks[1].Task {
		t.Fatalf("%+v", tasks)
	}
	put(s, &s.e.Tasks, "ana", tasks[0])
	if again := s.fold(t).Brings("requested", t0, func() string { return "x" }); len(again) != 2 || again[0].What != "assess_risk" {
		t.Errorf("%+v", again)
	}
	put(s, &s.e.Tasks, "ana", Task{Task: tasks[0].Task, State: TaskDone})
	if c := s.fold(t); c.Tasks[0].State != TaskDone || c.Tasks[0].What != "call_back" || c.Tasks[0].Due == "" {
		t.Errorf("%+v", c.Tasks)
	}
}

func TestSomebodyIsHeldUntilTheFileSaysOtherwise(t *testing.T) {
	s := begun(Protection)
	if s.fold(t).Held() || !s.fact("detention", "", "place", "the old mill").fold(t).Held() || s.fact("detention", "", "place", "the old mill", "ended", "2026-10-26").fold(t).Held() {
		t.Error("held, or not, against the file")
	}
}

func TestAMoveEndsTheTasksThatItShowsToBeDone(t *testing.T) {
	s := begun(Protection)
	for i, what := range []string{"call_back", "assess_risk", "ask_consent"} {
		put(s, &s.e.Tasks, "ana", Task{Task: strconv.Itoa(i), What: what, State: TaskOpen})
	}
	ended := s.fold(t).Ends("risk_assessed")
	if len(ended) != 1 || ended[0].What != "assess_risk" || ended[0].State != TaskDone || ended[0].Task != "1" {
		t.Errorf("%+v", ended)
	}
	if ended := s.fold(t).Ends("closed"); len(ended) != 0 {
		t.Errorf("a move elsewhere ends %+v", ended)
	}
}
