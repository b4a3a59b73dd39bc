package paper

import (
	"strings"
	"testing"
	"time"

	"ward/commitment"
	"ward/desk"
	"ward/duty"
	"ward/entry"
	"ward/locale"
	"ward/policy"
	"ward/when"
)

func TestTheDutiesArePrintedGroupByGroupWithNoScore(t *testing.T) {
	entries := []duty.Entry{{By: "Qanaryada", At: time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC), Subject: "CYBER-4|2026",
		Body: duty.Assessment{Point: "CYBER-4", Year: 2026, Status: duty.Partly, Proof: []string{"the minutes"}, Owner: "digital officer", Due: "2026-06-30"}}}
	d := desk.Duties{Year: 2026, Lines: duty.Standing(entries, 2026, dayOf(t, "2026-07-01")), Unknown: len(duty.Points()) - 1, Overdue: 1}
	got := words(t, Duties(d, locale.English))
	for _, want := range []string{"Our own duties", "Nothing here is added up", "1 point is overdue", "Partly met", "the minutes", "digital officer", "by 30 June 2026", "Overdue", "No information"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(got, "CYBER-"); n != 7 {
		t.Errorf("%d points on attacks, want 7", n)
	}
	if strings.Contains(got, "Qanary") {
		t.Error("who assessed is named")
	}
	if fa := words(t, Duties(d, locale.Persian)); !strings.Contains(fa, "۲۰۲۶") || !strings.Contains(fa, "وظیفه‌های خود ما") {
		t.Error("the Persian paper is not Persian")
	}
}

func TestCommitmentsArePrintedTextByTextWithTheirLastGrade(t *testing.T) {
	on := dayOf(t, "2026-07-01")
	demands := commitment.Demands(policy.Load(), nil, on)
	subject := commitment.Subject("WMA-SOCIAL-2022:1", "NMA")
	made := commitment.Entries{Gradings: []entry.Entry[commitment.Grading]{{By: "Qanaryada", At: time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC), Subject: subject,
		Body: commitment.Grading{Grade: "B", Why: "most of it", Evidence: []string{"https://nma.example/guide"}, Review: "2026-06-30"}}}}
	list := commitment.On(demands, made, on)
	got := words(t, Commitments(list, on, locale.English))
	for _, want := range []string{"there is no score", "WMA-SOCIAL-2022:1", "Our association", "B Partial", "by 30 June 2026", "overdue", "most of it", "https://nma.example/guide", "never graded", "As of · 1 July 2026"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(got, "Qanary") {
		t.Error("who graded is named")
	}
	if none := words(t, Commitments(nil, when.Day(0), locale.English)); !strings.Contains(none, "No commitment is like this.") {
		t.Error("an empty list does not say so")
	}
}
