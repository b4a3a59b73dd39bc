package statement

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/when"
)

var sound = Draft{Kind: Letter, Title: "For Dr N.", Lang: "en", Text: "First.\n\nSecond.", Addressees: []string{"Ministry of Health of Arcadia"},
	Findings: []string{"XAA|WMA-ICOME-2022:40|2024"}, Clauses: []string{"WMA-HAMBURG-1997:4"}}

func made[T any](by string, day int, body T) entry.Entry[T] {
	return entry.Entry[T]{By: by, At: time.Date(2026, 5, day, 9, 0, 0, 0, time.UTC), Body: body}
}

// at is a statement that went through the states named, one a day, by one person; the draft is by another.
func at(states ...string) Statement {
	var steps []entry.Entry[Step]
	for i, to := range states {
		steps = append(steps, made("president", 2+i, Step{To: to}))
	}
	return Fold("S", []entry.Entry[Draft]{made("secretary", 1, sound)}, steps, nil)
}

// The table of moves is written out here once more: whoever changes it must say so twice.
func TestOnlyTheMovesOfTheTableAreTaken(t *testing.T) {
	ways := map[string][]string{Drafted: nil, Review: {Review}, Approved: {Review, Approved}, Issued: {Review, Approved, Issued}, Unanswered: {Review, Approved, Issued, Unanswered},
		Closed: {Review, Approved, Issued, Closed}, Withdrawn: {Withdrawn}}
	want := map[string]string{Drafted: "review withdrawn", Review: "draft approved withdrawn", Approved: "draft issued withdrawn", Issued: "unanswered closed", Unanswered: "closed", Closed: "", Withdrawn: ""}
	for state, way := range ways {
		s := at(way...)
		if s.State != state {
			t.Fatalf("%v leads to %s", way, s.State)
		}
		var taken []string
		for _, to := range append(States(), "", "lost") {
			err := s.Advance(Step{To: to, Note: "why"})
			if err == nil {
				taken = append(taken, to)
			} else if !fault.Is(err, fault.Refused) {
				t.Errorf("%s to %q: %v", state, to, err)
			}
		}
		if got := strings.Join(taken, " "); got != want[state] {
			t.Errorf("from %s one comes to %q, want %q", state, got, want[state])
		}
		if s.Revisable() != (state == Drafted) || (s.Revise(sound) == nil) != (state == Drafted) {
			t.Errorf("%s revisable: %v", state, s.Revisable())
		}
	}
}

func TestNothingIsApprovedWithPlacesLeftOpen(t *testing.T) {
	s := at(Review)
	s.Draft.Text, s.Draft.Signatories = "Dear [[name of the minister]]", []string{"[[name]], [[name]]"}
	err := s.Advance(Step{To: Approved})
	if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "2 places") || !strings.Contains(err.Error(), "name of the minister") {
		t.Errorf("%v", err)
	}
	for _, text := range []string{"Dear [[]]", "Dear [[" + strings.Repeat("x", 200) + "]]"} {
		s := at(Review)
		s.Draft.Text = text
		if err := s.Advance(Step{To: Approved}); !fault.Is(err, fault.Refused) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if err := s.Advance(Step{To: Drafted}); err != nil {
		t.Errorf("it cannot be returned: %v", err)
	}
	letter := at(Review, Approved)
	letter.Draft.Addressees = nil
	if err := letter.Advance(Step{To: Issued}); !fault.Is(err, fault.Refused) {
		t.Errorf("a letter to nobody: %v", err)
	}
	if err := at().Advance(Step{To: Withdrawn, Note: " "}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a withdrawal without a word: %v", err)
	}
}

func TestWhoApprovesTheirOwnTextIsMarked(t *testing.T) {
	drafts := []entry.Entry[Draft]{made("secretary", 1, sound), made("treasurer", 2, sound)}
	for by, alone := range map[string]bool{"president": false, "secretary": true, "treasurer": true, "Secretary ": true, "SECRETARY": true} {
		if s := Fold("S", drafts, []entry.Entry[Step]{made("x", 3, Step{To: Review}), made(by, 4, Step{To: Approved})}, nil); s.Alone != alone {
			t.Errorf("%s: %v", by, s.Alone)
		}
	}
}

func TestAReplyAnswersAndLateIsLate(t *testing.T) {
	steps := []entry.Entry[Step]{made("p", 2, Step{To: Review}), made("p", 3, Step{To: Approved}), made("p", 4, Step{To: Issued, Due: "2026-06-01"})}
	drafts := []entry.Entry[Draft]{made("s", 1, sound)}
	s := Fold("S", drafts, steps, nil)
	day := func(text string) when.Day {
		d, err := when.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return d.From()
	}
	if s.Overdue(day("2026-06-01")) || !s.Overdue(day("2026-06-02")) || s.Issued() != "2026-05-04" {
		t.Errorf("%+v", s)
	}
	good := Reply{Date: "2026-05-20", From: "Ministry", Grade: "C"}
	if err := s.Take(good); err != nil {
		t.Error(err)
	}
	answered := Fold("S", drafts, steps, []entry.Entry[Reply]{made("s", 20, good)})
	if answered.State != Answered || answered.Overdue(day("2027-01-01")) || !slices.Equal(answered.Next(), []string{Closed}) {
		t.Errorf("%+v", answered)
	}
	waited := append(slices.Clone(steps), made("p", 5, Step{To: Unanswered}))
	if late := Fold("S", drafts, waited, []entry.Entry[Reply]{made("s", 20, good)}); late.State != Answered {
		t.Errorf("a late answer is none: %s", late.State)
	}
	for name, bad := range map[string]Reply{"no day": {From: "M", Grade: "A"}, "nobody": {Date: "2026-05-20", Grade: "A"}, "blanks": {Date: "2026-05-20", From: " ", Grade: "A"}, "no grade": {Date: "2026-05-20", From: "M", Grade: "F"},
		"before its time": {Date: "2026-05-03", From: "M", Grade: "A"}, "no such day": {Date: "2026-02-30", From: "M", Grade: "A"}} {
		if err := s.Take(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := at(Review).Take(good); !fault.Is(err, fault.Refused) {
		t.Errorf("a reply to a draft: %v", err)
	}
}

func TestADraftThatCannotStandIsRefused(t *testing.T) {
	if err := sound.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Draft){
		"kind": func(d *Draft) { d.Kind = "tweet" }, "title": func(d *Draft) { d.Title = "" }, "blank title": func(d *Draft) { d.Title = " " }, "lines": func(d *Draft) { d.Title = "a\nb" }, "text": func(d *Draft) { d.Text = " \n\n " },
		"lang": func(d *Draft) { d.Lang = "" }, "day": func(d *Draft) { d.Date = "May" }, "clause": func(d *Draft) { d.Clauses = []string{"WMA-X:1"} },
		"finding": func(d *Draft) { d.Findings = []string{"XAA 2024"} }, "finding's year": func(d *Draft) { d.Findings = []string{"XAA|WMA-ICOME-2022:40|9999"} }, "finding's State": func(d *Draft) { d.Findings = []string{"QQQ|WMA-ICOME-2022:40|2024"} },
		"finding's clause": func(d *Draft) { d.Findings = []string{"XAA|ICOME:400|2024"} }, "too many": func(d *Draft) { d.Addressees = slices.Repeat([]string{"x"}, 61) },
		"too long": func(d *Draft) { d.Text = strings.Repeat("x", maxText+1) },
	} {
		d := sound
		change(&d)
		if err := d.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A template is a draft that stands, rests on clauses that are there, and says what is left to fill in, in every language.
func TestEveryTemplateBeginsADraft(t *testing.T) {
	for _, tm := range Templates() {
		for _, lang := range locale.Langs() {
			d := Begin(tm.ID, string(lang))
			if err := d.Check(); err != nil {
				t.Errorf("%s in %s: %v", tm.ID, lang, err)
			}
			if len(d.Places()) < 2 || len(d.Paragraphs()) < 3 || strings.Contains(d.Text, "statement.template") {
				t.Errorf("%s in %s: %q", tm.ID, lang, d.Text)
			}
		}
		for _, clause := range tm.Clauses {
			if _, ok := policy.Load().Clause(clause); !ok {
				t.Errorf("%s rests on %s", tm.ID, clause)
			}
		}
	}
	if d := Begin("none", "en"); d.Kind != Public || d.Text != "" {
		t.Errorf("%+v", d)
	}
}

func TestWhatIsIssuedIsCorrectedByALaterOne(t *testing.T) {
	first, second, third := at(Review, Approved, Issued), at(Review, Approved, Issued), at(Review)
	first.ID, second.ID, third.ID = "1", "2", "3"
	second.Draft.Corrects, third.Draft.Corrects = "1", "1"
	list := []Statement{first, second, third}
	Corrections(list)
	if !slices.Equal(list[0].CorrectedBy, []string{"2"}) {
		t.Errorf("%v", list[0].CorrectedBy)
	}
}

func TestALetterheadHasAName(t *testing.T) {
	if err := (Letterhead{Name: "Medical Association of Arcadia", Lines: []string{"1 Hill"}}).Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []Letterhead{{}, {Name: strings.Repeat("x", 501)}, {Name: "x", Lines: slices.Repeat([]string{"y"}, 21)}} {
		if !fault.Is(bad.Check(), fault.Invalid) {
			t.Errorf("%.60v", bad)
		}
	}
}
