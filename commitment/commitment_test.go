package commitment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/policy"
	"ward/when"
)

func day(t testing.TB, s string) when.Day {
	t.Helper()
	d, err := when.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.To()
}

// graded is a grading made at noon of a day.
func graded(t testing.TB, subject, on string, g Grading) entry.Entry[Grading] {
	t.Helper()
	return entry.Entry[Grading]{Kind: Graded, Subject: subject, By: "Ann", At: day(t, on).Time().Add(12 * time.Hour), Body: g}
}

func opened(t testing.TB, subject, on string, o Opening) entry.Entry[Opening] {
	t.Helper()
	return entry.Entry[Opening]{Kind: Opened, Subject: subject, By: "Ann", At: day(t, on).Time().Add(11 * time.Hour), Body: o}
}

const who = "WHO"

var ask = Demand{ID: "N:1", Text: "N", Addressees: []string{"WHO", "State", "NMA"}, Strength: "urge", Summary: "Do it."}

// state is the commitment of WHO on a day, after the entries.
func state(t testing.TB, made Entries, on string) Commitment {
	t.Helper()
	return On([]Demand{ask}, made, day(t, on))[0]
}

func TestACommitmentIsOverdueFromTheDayAfterItFallsDue(t *testing.T) {
	s := Subject(ask.ID, who)
	openings := []entry.Entry[Opening]{opened(t, s, "2026-01-10", Opening{Due: "2026-06-30"})}
	first := graded(t, s, "2026-07-02", Grading{Grade: "C", Review: "2026-12-31"})
	last := graded(t, s, "2027-01-01", Grading{Grade: "A"})
	made := Entries{openings, []entry.Entry[Grading]{first, last}}
	for on, want := range map[string]string{
		"2026-01-09": "open  false", "2026-01-10": "open 2026-06-30 false", "2026-06-30": "open 2026-06-30 false", "2026-07-01": "open 2026-06-30 true",
		"2026-07-02": "C 2026-12-31 false", "2026-12-31": "C 2026-12-31 false", "2027-01-01": "A  false", "2030-01-01": "A  false",
	} {
		c := state(t, made, on)
		if got := fmt.Sprintf("%s %s %v", c.Status, c.Due, c.Overdue); got != want {
			t.Errorf("%s: %s, want %s", on, got, want)
		}
	}
	early := Entries{openings, []entry.Entry[Grading]{first}}
	if c := state(t, early, "2027-01-01"); !c.Overdue || c.Status != "C" {
		t.Errorf("a review day that passed without a later grading: %+v", c)
	}
	reopened := Entries{append(openings, opened(t, s, "2027-02-01", Opening{Answers: "Bo", Due: "2027-03-01"})), early.Gradings}
	if c := state(t, reopened, "2027-02-02"); c.Overdue || c.Due != "2027-03-01" || c.Answers != "Bo" || c.Status != "C" {
		t.Errorf("a new due day: %+v", c)
	}
}

func TestTheLastGradeCountsAndTheHistoryStays(t *testing.T) {
	s := Subject(ask.ID, who)
	made := Entries{nil, []entry.Entry[Grading]{graded(t, s, "2026-01-01", Grading{Grade: "E"}), graded(t, s, "2026-02-01", Grading{Grade: "B", Why: "new law"})}}
	c := state(t, made, "2026-03-01")
	if c.Status != "B" || len(c.History) != 2 || c.Grading().Why != "new law" || c.GradedOn() != "2026-02-01" || !c.Done() {
		t.Errorf("%+v", c)
	}
	if got := Count([]Commitment{c, state(t, Entries{}, "2026-03-01"), state(t, made, "2026-01-15")}); got != (Tally{Asked: 3, Done: 1, NotDone: 1, Open: 1}) {
		t.Errorf("%+v", got)
	}
}

func TestAllStatesTogetherCommitToNothingUntilOneIsOpened(t *testing.T) {
	names := func(made Entries) (out []string) {
		for _, c := range On([]Demand{ask}, made, day(t, "2026-05-01")) {
			out = append(out, c.Addressee)
		}
		return out
	}
	if got := names(Entries{}); !slices.Equal(got, []string{"WHO", "NMA"}) {
		t.Errorf("without entries: %v", got)
	}
	some := func(addressee string) entry.Entry[Opening] {
		return opened(t, Subject(ask.ID, addressee), "2026-01-01", Opening{Why: "asked here"})
	}
	got := names(Entries{Openings: []entry.Entry[Opening]{some("State:XAB"), some("NMA:XAA"), some("State:XAA"), some("State:QQQ"), some("friend"), some("State")}})
	if want := []string{"WHO", "State:XAA", "State:XAB", "NMA", "NMA:XAA"}; !slices.Equal(got, want) {
		t.Errorf("opened: %v", got)
	}
}

func find(list []Demand, id string) (Demand, bool) {
	i := slices.IndexFunc(list, func(d Demand) bool { return d.ID == id })
	if i < 0 {
		return Demand{}, false
	}
	return list[i], true
}

func TestWhatARescindedNormAskedIsNoLongerAsked(t *testing.T) {
	const id = "WMA-KUNI-2017:release"
	for on, want := range map[string]string{"2017-03-31": "absent", "2017-04-01": "asked", "2024-09-30": "asked", "2024-10-01": "ended"} {
		d, ok := find(Demands(policy.Load(), nil, day(t, on)), id)
		got := "absent"
		if ok {
			got = map[bool]string{true: "asked", false: "ended"}[d.Ended.IsZero()]
		}
		if got != want {
			t.Errorf("on %s it is %s, want %s", on, got, want)
		}
	}
	d, _ := find(Demands(policy.Load(), nil, day(t, "2025-01-01")), id)
	made := Entries{nil, []entry.Entry[Grading]{graded(t, Subject(id, "NMA"), "2024-01-01", Grading{Grade: "C", Review: "2024-12-01"})}}
	c := On([]Demand{d}, made, day(t, "2025-01-01"))[0]
	if c.Overdue || c.Standing() || c.Status != "C" || Count([]Commitment{c}) != (Tally{Ended: 1}) {
		t.Errorf("%+v", c)
	}
}

func TestARecommendationOfALaterWordingIsNotAskedBefore(t *testing.T) {
	for id, since := range map[string]int{"WMA-SOCIAL-2022:1": 2022, "WMA-ICOME-2022:adoption": 2022, "WMA-ETHICSDAY-2025:observance": 2003, "WMA-IRAN-2025:10": 2009} {
		for year := range map[int]bool{since - 1: false, since: true} {
			if _, ok := find(Demands(policy.Load(), nil, day(t, fmt.Sprintf("%d-12-31", year))), id); ok != (year == since) {
				t.Errorf("%s in %d: %v", id, year, ok)
			}
		}
	}
}

// copyOf is a text as the importer gives it.
func copyOf(title string, life []policy.Event, recs ...policy.Recommendation) policy.Kept {
	return policy.Kept{ID: "01TEXT", Text: policy.Text{TitleGuess: title, Life: life, Recommendations: recs, Clauses: []policy.Point{{Index: 4, Number: "3"}, {Index: 5, Number: "4"}}}}
}

func TestAnImportedRecommendationOfTheCorpusIsNotASecondCommitment(t *testing.T) {
	norm, _ := policy.Load().Norm("WMA-GAZA-2025")
	recs := []policy.Recommendation{{Addressee: "governments", Verb: "urge", Clause: 4, SHA256: "a"}, {Addressee: "governments", Verb: "urge", Clause: 5, SHA256: "b"}}
	on := day(t, "2028-01-01")
	bare := len(Demands(policy.Load(), nil, on))
	if got := Demands(policy.Load(), []policy.Kept{copyOf(strings.ToUpper(norm.Title), norm.Events, recs...)}, on); len(got) != bare {
		t.Errorf("a copy of the norm asks %d more", len(got)-bare)
	}
	later := append(slices.Clone(norm.Events), policy.Event{Event: policy.Revised, Year: 2027, Month: 10})
	got := Demands(policy.Load(), []policy.Kept{copyOf(norm.Title, later, recs...), copyOf(norm.Title, later, recs...)}, on)
	if len(got) != bare+1 {
		t.Fatalf("a later wording asks %d more, want 1", len(got)-bare)
	}
	d := got[bare]
	if d.Point != "4" || d.Strength != "urge" || d.Verb != "urge" || !slices.Equal(d.Addressees, []string{"State"}) || !d.Imported() || !strings.HasPrefix(d.ID, "TEXT-") {
		t.Errorf("%+v", d)
	}
}

func TestATextOfOnesOwnAsksByItsLife(t *testing.T) {
	life := []policy.Event{{Event: policy.Adopted, Year: 2020, Month: 5}, {Event: policy.Rescinded, Year: 2023, Month: 5}}
	k := copyOf("An invented charter", life,
		policy.Recommendation{Addressee: "government of Arcadia", Verb: "call upon", Clause: 4, Bullet: 2, SHA256: "x"},
		policy.Recommendation{Addressee: "NMA", Verb: "call upon", Clause: 4, Bullet: 2, SHA256: "x"})
	for on, want := range map[string]string{"2020-04-30": "", "2020-05-01": "3.2 State:XAA NMA true", "2023-05-01": "3.2 State:XAA NMA false"} {
		list := Demands(policy.Load(), []policy.Kept{k}, day(t, on))
		got := ""
		if d := list[len(list)-1]; d.Imported() {
			got = fmt.Sprintf("%s %s %v", d.Point, strings.Join(d.Addressees, " "), d.Ended.IsZero())
		}
		if got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}

func TestAGradeNeedsEvidenceAndAReason(t *testing.T) {
	link := []string{"https://example.org/law"}
	for want, g := range map[string]Grading{
		"":                {Grade: "B", Evidence: []string{"WRD-XAA-2024-0A1B2C3D", "cell:XAA/AP1:16.1/2024", "statement:01JABCDEFGHJKMNPQRSTVWXYZ0"}, Why: "w", Review: "2027-01-31"},
		"is no grade":     {Grade: "F", Evidence: link, Why: "w"},
		"needs evidence":  {Grade: "A", Why: "w"},
		"needs a reason":  {Grade: "A", Evidence: link, Why: " \n"},
		"is not a day":    {Grade: "A", Evidence: link, Why: "w", Review: "2027-01"},
		"is no evidence":  {Grade: "A", Evidence: []string{"javascript:alert(1)"}, Why: "w"},
		"longer than":     {Grade: "A", Evidence: link, Why: strings.Repeat("é", MaxWhy+1)},
		"more than":       {Grade: "A", Evidence: slices.Repeat(link, 51), Why: "w"},
		`"cell:XAA/NONE:`: {Grade: "A", Evidence: []string{"cell:XAA/NONE:1/2024"}, Why: "w"},
	} {
		if got := g.Problem(); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%+v: %q, want %q", g, got, want)
		}
	}
	if why := (Grading{Grade: NoInfo, Why: "nobody answered"}).Problem(); why != "" {
		t.Error(why)
	}
	if why := (Opening{Answers: " ", Why: "\t"}).Problem(); why == "" {
		t.Error("an opening of blanks is taken")
	}
}

const head = "recommendation,addressee,answers,due,grade,evidence,why,review\n"

func TestProblemsOfAFileAreNamedByLine(t *testing.T) {
	demands := []Demand{ask}
	rows, problems, err := Parse(strings.NewReader("\ufeff"+head+
		"N:1,WHO,Aya,,C,https://example.org/a WRD-XAA-2024-0A1B2C3D,'=slow,2027-01-31\n"+
		"N:1,State:XAA,,2026-12-31,,,because,\n"+
		"\n"+
		"N:9,WHO,,,,,,\n"+
		"N:1,State,,2026-12-31,,,,\n"+
		"N:1,physician,,2026-12-31,,,,\n"+
		"N:1,State:QQQ,,2026-12-31,,,,\n"+
		"N:1,WHO,,2026-12-31,,,,\n"+
		"N:1,NMA,,2026-12-31,A,https://example.org,w,\n"+
		"N:1,NMA,,,,https://example.org,,\n"+
		"N:1,NMA,,soon,,,,\n"+
		"N:1,NMA,,,A,,w,\n"+
		"N:1,NMA,,,,,,,too many\n"+
		"N:1,NMA,,,,,,\n"), demands)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if r := rows[0]; r.Line != 2 || *r.Opening != (Opening{Answers: "Aya"}) || r.Grading.Why != "=slow" || len(r.Grading.Evidence) != 2 {
		t.Errorf("%+v %+v %+v", r, r.Opening, r.Grading)
	}
	if r := rows[1]; r.Grading != nil || *r.Opening != (Opening{Due: "2026-12-31", Why: "because"}) {
		t.Errorf("%+v", r)
	}
	want := []string{"line 5: there is no recommendation", "line 6: a recommendation to all States", "line 7: N:1 is addressed to", "line 8: N:1 is addressed to",
		"line 9: line 2 already speaks", "line 10: a grade takes a review day", "line 11: evidence or a review day without", "line 12: \"soon\" is not a day",
		"line 13: a grade needs evidence", "line 14: it has 9 fields"}
	for i, p := range problems {
		if i >= len(want) || !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("%s", p)
		}
	}
	if len(problems) != len(want) {
		t.Errorf("%d problems", len(problems))
	}
}

func TestAFileThatCannotBeReadAsAWholeIsRefused(t *testing.T) {
	for body, kind := range map[string]fault.Kind{"": fault.Invalid, "recommendation,adressee\n": fault.Invalid, "recommendation\n": fault.Invalid,
		"recommendation,addressee,due,due\n": fault.Invalid, head + "\"": fault.Invalid, head + "\xff": fault.Invalid,
		head + strings.Repeat("N:9,WHO\n", maxRows+1): fault.Limit, head + strings.Repeat("x", maxFile): fault.Limit} {
		if _, _, err := Parse(strings.NewReader(body), nil); fault.KindOf(err) != kind {
			t.Errorf("%.40q: %v", body, err)
		}
	}
}

func TestAnExportReadAgainStatesNothingNew(t *testing.T) {
	s := Subject(ask.ID, who)
	other := Subject(ask.ID, "State:XAA")
	made := Entries{[]entry.Entry[Opening]{opened(t, s, "2026-01-01", Opening{Answers: "Qanaryname", Due: "2026-06-30", Why: "for the congress"}),
		opened(t, other, "2026-01-02", Opening{Due: "2026-08-01"})},
		[]entry.Entry[Grading]{graded(t, s, "2026-02-01", Grading{Grade: "D", Evidence: []string{"https://example.org/a"}, Why: "=no, answer", Review: "2027-01-01"})}}
	list := On([]Demand{ask}, made, day(t, "2026-09-01"))
	var b, j bytes.Buffer
	if err := WriteCSV(&b, list); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&j, list); err != nil || !json.Valid(j.Bytes()) {
		t.Fatal(err)
	}
	for _, file := range []string{b.String(), j.String()} {
		if strings.Contains(file, "Qanaryname") || strings.Contains(file, "Ann") || !strings.Contains(file, "State:XAA") {
			t.Errorf("%s", file)
		}
	}
	if !strings.Contains(b.String(), `"'=no, answer"`) {
		t.Errorf("a cell that a spreadsheet would run:\n%s", &b)
	}
	rows, problems, err := Parse(&b, []Demand{ask})
	if err != nil || len(problems) > 0 || len(rows) != 2 {
		t.Fatalf("%v %v %v", rows, problems, err)
	}
	for _, row := range rows {
		i := slices.IndexFunc(list, func(c Commitment) bool { return c.Addressee == row.Addressee })
		if fresh := list[i].Fresh(row); fresh.Opening != nil || fresh.Grading != nil {
			t.Errorf("%s states %+v %+v anew", row.Addressee, fresh.Opening, fresh.Grading)
		}
	}
	changed := rows[0]
	changed.Grading = &Grading{Grade: "C", Evidence: []string{"https://example.org/b"}, Why: "an answer"}
	if list[0].Fresh(changed).Grading == nil {
		t.Error("a new grade is taken for an old one")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(head + "N:1,WHO,Aya,,C,https://example.org/a,why,2027-01-31\n")
	f.Add(head + "N:1,State:XAA,,2026-12-31,,,because,\n")
	f.Fuzz(func(t *testing.T, body string) {
		rows, _, err := Parse(strings.NewReader(body), []Demand{ask})
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Error(err)
		}
		for _, r := range rows {
			if r.Opening != nil && r.Opening.Problem() != "" || r.Grading != nil && r.Grading.Problem() != "" {
				t.Errorf("%+v", r)
			}
		}
	})
}
