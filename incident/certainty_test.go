package incident

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/when"
)

// told is one thing that one source says; more changes it.
func told(root string, more ...func(*Assertion)) Assertion {
	a := Assertion{ID: root + "1", Field: "codes", Value: "PER.ARR", Series: Own, Source: root, Root: root, Reliability: "C", State: Active}
	for _, m := range more {
		m(&a)
	}
	return a
}

func graded(reliability, credibility string) func(*Assertion) {
	return func(a *Assertion) { a.Reliability, a.Credibility = reliability, credibility }
}

func direct(a *Assertion) { a.Direct = true }

func contested(a *Assertion) { a.State = Contested }

func field(name, value string) func(*Assertion) {
	return func(a *Assertion) { a.Field, a.Value = name, value }
}

// Each rule of the table, kept and broken once (standards 10.3).
func TestEvidenceCarriesWhatTheTableSays(t *testing.T) {
	wire := strings.Repeat("Two nurses were taken from the ward at night. ", 3)
	for name, c := range map[string]struct {
		given string
		said  []Assertion
		want  string
		lacks string // for the next level
	}{
		"nothing":                             {said: nil, want: "rumour", lacks: NeedGraded},
		"an anonymous source that is only F6": {said: []Assertion{told("a", graded("F", "6"))}, want: "rumour", lacks: NeedGraded},
		"reliability D and credibility 4":     {said: []Assertion{told("a", graded("D", "4"))}, want: "rumour", lacks: NeedGraded},
		"a source of reliability C":           {said: []Assertion{told("a", graded("C", "6"))}, want: "possible", lacks: NeedRootsOrDirect},
		"an F source credible by its content": {said: []Assertion{told("a", graded("F", "3"))}, want: "possible", lacks: NeedRootsOrDirect},
		"without any source":                  {said: []Assertion{told("", func(a *Assertion) { a.ID, a.Root = "x", "x" })}, want: "rumour", lacks: NeedGraded},
		"a decisive fact is contested":        {said: []Assertion{told("a"), told("b", contested)}, want: "rumour", lacks: NeedUncontradicted},
		"two days that exclude each other":    {said: []Assertion{told("a", field("date", "2026-03-01")), told("b", direct, field("date", "2026-05-01"))}, want: "rumour", lacks: NeedUncontradicted},
		"a day within a month":                {said: []Assertion{told("a", field("date", "2026-03")), told("b", direct, field("date", "2026-03-01"))}, want: "confirmed"},
		"two countries":                       {said: []Assertion{told("a", field("country", "XAA")), told("b", direct, field("country", "XAB"))}, want: "rumour", lacks: NeedUncontradicted},
		"a number is contested":               {said: []Assertion{told("a"), told("b", field("worker.killed", "3"), contested)}, want: "probable", lacks: NeedDirect},
		"two origins":                         {said: []Assertion{told("a"), told("b", graded("F", "6"))}, want: "probable", lacks: NeedDirect},
		"two that nobody can judge":           {said: []Assertion{told("a", graded("F", "6")), told("b", graded("F", "6"))}, want: "rumour", lacks: NeedGraded},
		"one direct witness":                  {said: []Assertion{told("a", direct)}, want: "probable", lacks: NeedRoots},
		"one origin said five times":          {said: []Assertion{told("a"), told("a", field("date", "2026")), told("A"), told(" a "), told("a")}, want: "possible", lacks: NeedRootsOrDirect},
		"a retracted second origin":           {said: []Assertion{told("a"), told("b", func(a *Assertion) { a.State = Retracted })}, want: "possible", lacks: NeedRootsOrDirect},
		"two sources with one wire's words":   {said: []Assertion{told("a", field("description", wire)), told("b", field("description", strings.ToUpper(wire)))}, want: "possible", lacks: NeedRootsOrDirect},
		"two registers of one namespace":      {said: []Assertion{told("sind", func(a *Assertion) { a.Series = "sind" }), told("sind", func(a *Assertion) { a.Series, a.Source = "shcc", "SHCC" })}, want: "possible", lacks: NeedRootsOrDirect},
		"two origins, one of them direct":     {said: []Assertion{told("a"), told("b", direct)}, want: "confirmed"},
		"the same, contradicted":              {said: []Assertion{told("a"), told("b", direct, contested)}, want: "rumour", lacks: NeedUncontradicted},
		"a publisher's own grade":             {given: "confirmed", said: []Assertion{told("ssa")}, want: "confirmed"},
		"a publisher that grades nothing":     {given: "possible", said: []Assertion{told("x", graded("F", ""))}, want: "possible", lacks: NeedRootsOrDirect},
	} {
		t.Run(name, func(t *testing.T) {
			s := Ladder(c.said, c.given)
			if s.Highest != c.want || s.Rules != CertaintyRules {
				t.Fatalf("carries %s, want %s", s.Highest, c.want)
			}
			if c.lacks == "" {
				return
			}
			next := rungs[height(c.want)+1].Level
			if !slices.ContainsFunc(s.Missing[next], func(n Need) bool { return n.Key == c.lacks && n.Have < n.Want }) {
				t.Errorf("%s lacks %v, want %s", next, s.Missing[next], c.lacks)
			}
			if s.Carries(next) || !s.Carries(c.want) || !s.Carries(Refuted) {
				t.Error("what may be proposed does not follow from it")
			}
		})
	}
}

// voices makes a round of "person finding" pairs.
func voices(pairs ...string) (r Round) {
	for i := 0; i < len(pairs); i += 2 {
		r.Opinions = append(r.Opinions, entry.Entry[Opinion]{ID: string(rune('a' + i)), By: pairs[i], Body: Opinion{Certainty: pairs[i+1], Why: "because"}})
	}
	return r
}

func TestTwoPeopleDecide(t *testing.T) {
	strong := Ladder([]Assertion{told("a"), told("b", direct)}, "rumour")
	weak := Ladder([]Assertion{told("a")}, "rumour")
	three := []string{"Ana", "Ben", "Cem"}
	for name, c := range map[string]struct {
		q         Question
		certainty string // of the verdict, "" for none
		awaits    string
		one       bool
		dissent   bool
	}{
		"nobody spoke":                    {q: Question{Round: voices(), Ladder: strong, Able: three}, awaits: AwaitsFirst},
		"one of three spoke":              {q: Question{Round: voices("Ana", "probable"), Ladder: strong, Able: three}, awaits: AwaitsSecond},
		"one spoke twice":                 {q: Question{Round: voices("Ana", "probable", "Ana", "probable"), Ladder: strong, Able: three}, awaits: AwaitsSecond},
		"two agree":                       {q: Question{Round: voices("Ana", "confirmed", "Ben", "confirmed"), Ladder: strong, Able: three}, certainty: "confirmed"},
		"two agree above the evidence":    {q: Question{Round: voices("Ana", "confirmed", "Ben", "confirmed"), Ladder: weak, Able: three}, awaits: AwaitsEvidence},
		"two differ":                      {q: Question{Round: voices("Ana", "confirmed", "Ben", "probable"), Now: "possible", Ladder: strong, Able: three}, certainty: "probable", awaits: AwaitsThird, dissent: true},
		"one wants it lower":              {q: Question{Round: voices("Ana", "confirmed", "Ben", "rumour"), Now: "possible", Ladder: strong, Able: three}, awaits: AwaitsThird},
		"one refutes":                     {q: Question{Round: voices("Ana", "confirmed", "Ben", Refuted), Now: "rumour", Ladder: strong, Able: three}, awaits: AwaitsThird},
		"the third sides":                 {q: Question{Round: voices("Ana", "confirmed", "Ben", Refuted, "Cem", Refuted), Now: "rumour", Ladder: strong, Able: three}, certainty: Refuted},
		"one comes round":                 {q: Question{Round: voices("Ana", "confirmed", "Ben", "probable", "Ben", "confirmed"), Now: "probable", Ladder: strong, Able: three}, certainty: "confirmed"},
		"two against two":                 {q: Question{Round: voices("Ana", "confirmed", "Ben", Refuted, "Cem", Refuted, "Dia", "confirmed"), Now: "rumour", Ladder: strong, Able: three}, certainty: "", awaits: AwaitsThird},
		"two coders, a third is free":     {q: Question{Round: voices("Ana", "probable", "Ben", "probable"), Stated: []string{"Ana", "Ben"}, Ladder: strong, Able: three}, awaits: AwaitsIndependent},
		"two coders, nobody else":         {q: Question{Round: voices("Ana", "probable", "Ben", "probable"), Stated: []string{"Ana", "Ben"}, Ladder: strong, Able: three[:2]}, certainty: "possible", one: true},
		"a coder and one who is free":     {q: Question{Round: voices("Ana", "probable", "Ben", "probable"), Stated: []string{"Ana"}, Ladder: strong, Able: three}, certainty: "probable"},
		"one person alone":                {q: Question{Round: voices("Ana", "confirmed"), Ladder: strong, Able: three[:1]}, certainty: "possible", one: true},
		"one alone, on a publisher's own": {q: Question{Round: voices("Ana", "confirmed"), Ladder: Ladder([]Assertion{told("a"), told("b", direct)}, "probable"), Able: three[:1]}, certainty: "probable", one: true},
		"one alone, above what two found": {q: Question{Round: voices("Ana", "confirmed"), Ladder: strong, Able: three[:1], Now: "probable"}, awaits: AwaitsSecond},
		"one alone, below what two found": {q: Question{Round: voices("Ana", "possible"), Ladder: strong, Able: three[:1], Now: "probable"}, certainty: "possible", one: true},
		"one alone refutes":               {q: Question{Round: voices("Ana", Refuted), Ladder: strong, Able: three[:1]}, certainty: Refuted, one: true},
	} {
		t.Run(name, func(t *testing.T) {
			got := Decide(c.q)
			if got.Awaits != c.awaits || (got.Verdict == nil) != (c.certainty == "") {
				t.Fatalf("%+v", got)
			}
			if v := got.Verdict; v != nil && (v.Certainty != c.certainty || v.OnePerson != c.one || v.Dissent != c.dissent) {
				t.Errorf("%+v", v)
			}
		})
	}
}

// Standards 10.4: late verification is flagged when the year changed.
func TestAVerdictInALaterYearIsLate(t *testing.T) {
	happened, _ := when.Parse("2025-12-31")
	q := Question{Round: voices("Ana", "possible", "Ben", "possible"), Ladder: Ladder([]Assertion{told("a")}, "rumour"), Able: []string{"Ana", "Ben"}, Happened: happened}
	for day, late := range map[string]bool{"2025-12-31": false, "2026-01-01": true} {
		q.Today, _ = time.Parse(time.DateOnly, day)
		if v := Decide(q).Verdict; v == nil || v.Late != late {
			t.Errorf("%s: %+v", day, v)
		}
	}
}

// Nobody sees another's opinion before both have spoken, and a third not before speaking.
func TestAnOpenRoundShowsOneselfOnly(t *testing.T) {
	one, two := voices("Ana", "probable"), voices("Ana", "probable", "Ben", "confirmed")
	for _, c := range []struct {
		round Round
		name  string
		want  int
	}{{one, "Ana", 1}, {one, "Ben", 0}, {one, "", 0}, {two, "Ana", 2}, {two, "Ben", 2}, {two, "Cem", 0}} {
		if got := len(c.round.Shown(c.name)); got != c.want {
			t.Errorf("%s is shown %d of %d opinions, want %d", c.name, got, len(c.round.Opinions), c.want)
		}
	}
	two.Verdict = &entry.Entry[Verdict]{}
	if len(two.Shown("Cem")) != 2 {
		t.Error("a closed round is hidden")
	}
}

func TestAnOpinionNeedsReasonsAndSaysWhatItLookedAt(t *testing.T) {
	on := Ladder([]Assertion{told("a"), told("b", direct)}, "rumour")
	weighed := Ladder([]Assertion{told("a"), told("b", contested)}, "possible")
	for name, c := range map[string]struct {
		o  Opinion
		on Standing
		ok bool
	}{
		"sound":                      {Opinion{Certainty: "confirmed", Why: "x", Roots: []string{"a"}}, on, true},
		"no reason":                  {Opinion{Certainty: "confirmed", Why: " ", Roots: []string{"a"}}, on, false},
		"nothing looked at":          {Opinion{Certainty: "probable", Why: "x"}, on, false},
		"an origin that is not":      {Opinion{Certainty: "probable", Why: "x", Roots: []string{"z"}}, on, false},
		"no finding":                 {Opinion{Certainty: "sure", Why: "x"}, on, false},
		"refuted, with a reason":     {Opinion{Certainty: Refuted, Why: "x"}, on, true},
		"refuted, without":           {Opinion{Certainty: Refuted}, on, false},
		"above the evidence":         {Opinion{Certainty: "probable", Why: "x", Roots: []string{"a"}}, weighed, false},
		"silent on a contradiction":  {Opinion{Certainty: "possible", Why: "x", Roots: []string{"a"}}, weighed, false},
		"a contradiction considered": {Opinion{Certainty: "possible", Why: "x", Roots: []string{"a"}, Contradictions: "y"}, weighed, true},
	} {
		if err := c.o.Check(c.on); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
