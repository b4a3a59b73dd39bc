package desk_test

import (
	"slices"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/evaluation"
)

// A draft that somebody took along is released to nobody, and has left all the same.
func TestAFileOfAnEvaluationIsAmongWhatLeft(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	number, err := j.d.RequestEvaluation(ctx, me, evaluation.Request{Person: j.who, Case: j.cas, Country: "XAA", Clinician: me.Name, AskedBy: "the family", Purpose: "a court"})
	must(t, err)
	_, err = j.d.TakeEvaluation(ctx, me, number, desk.EvaluationTaking{Format: "pdf"})
	must(t, err)
	w, err := j.d.Withdrawal(ctx, me, j.who)
	must(t, err)
	if !slices.ContainsFunc(w.Exits, func(e desk.RestingExit) bool { return e.Subjects == number }) {
		t.Errorf("%+v", w.Exits)
	}
}
