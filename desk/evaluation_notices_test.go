package desk_test

import (
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/evaluation"
	"ward/person"
)

// evaluationNotices are the kinds of notices about evaluations that somebody is told.
func evaluationNotices(t *testing.T, d *desk.Desk, who access.Actor) (kinds []string) {
	t.Helper()
	for _, line := range noticesTold(t, d, who) {
		if kind, _, _ := strings.Cut(line, " "); strings.HasPrefix(kind, "evaluation_") {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func TestWhoIsToActOnAnEvaluationIsToldAndNobodyElse(t *testing.T) {
	d := open(t, t.TempDir())
	enrolled(t, d, "ada", "", access.Administrator)
	alder, beech, cedar := enrolled(t, d, "alder", "", access.CaseWorker), enrolled(t, d, "beech", "", access.CaseWorker), enrolled(t, d, "cedar", "", access.CaseWorker)
	number, inCase := askedOf(t, d, alder)
	tells := func(when string, who access.Actor, want ...string) {
		t.Helper()
		if got := evaluationNotices(t, d, who); !slices.Equal(got, want) {
			t.Errorf("%s: %s is told %v, want %v", when, who.Name, got, want)
		}
	}
	tells("asked for by the clinician", alder)
	f, err := d.Evaluation(ctx, alder, number)
	must(t, err)
	must(t, d.JoinCase(ctx, beech, inCase, "they speak the language"))
	second, err := d.RequestEvaluation(ctx, beech, evaluation.Request{Person: f.Person, Case: inCase, Country: "XAA", Clinician: alder.Name, AskedBy: "the family", Purpose: "a court"})
	must(t, err)
	tells("asked for by a colleague", alder, desk.NoticeEvaluation)
	must(t, d.MoveEvaluation(ctx, alder, second, evaluation.Move{To: evaluation.Stopped, Why: "asked for twice"}))
	tells("stopped", alder)

	draftEvaluation(t, d, alder, number)
	tells("finished", beech, desk.NoticeReading)
	tells("finished", alder)
	tells("finished", cedar)
	f, err = d.Evaluation(ctx, beech, number)
	must(t, err)
	must(t, d.CheckEvaluation(ctx, beech, number, evaluation.Peer{Remark: "name the light", Digest: f.Digest()}))
	tells("sent back", alder, desk.NoticeMending)
	tells("sent back", beech)
	must(t, d.MoveEvaluation(ctx, alder, number, evaluation.Move{To: evaluation.Drafted}))
	tells("finished again", alder)
	must(t, d.CheckEvaluation(ctx, beech, number, evaluation.Peer{Pass: true, Checks: []string{"consent", "safeguards", "verified", "degrees", "absence", "names", "readable"}, Digest: f.Digest()}))
	tells("found ready", alder, desk.NoticeSigning)
	tells("found ready", beech)
	erase(t, d, number)
	tells("erased", alder)
}

// Who was asked to read a draft is told, and not the rest of the case.
func TestAReaderWhoWasChosenIsToldAlone(t *testing.T) {
	d := open(t, t.TempDir())
	enrolled(t, d, "ada", "", access.Administrator)
	alder, beech, cedar := enrolled(t, d, "alder", "", access.CaseWorker), enrolled(t, d, "beech", "", access.CaseWorker), enrolled(t, d, "cedar", "", access.CaseWorker)
	id, err := d.AddPerson(ctx, alder, desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"detainee"}, Country: "XAA"}})
	must(t, err)
	number, err := d.RequestEvaluation(ctx, alder, evaluation.Request{Person: id, Country: "XAA", Clinician: alder.Name, Checker: cedar.Name, AskedBy: "the family", Purpose: "a court"})
	must(t, err)
	draftEvaluation(t, d, alder, number)
	if got := evaluationNotices(t, d, cedar); !slices.Equal(got, []string{desk.NoticeReading}) {
		t.Errorf("who was chosen is told %v", got)
	}
	if got := evaluationNotices(t, d, beech); len(got) > 0 {
		t.Errorf("a colleague is told %v", got)
	}
}

// draftEvaluation takes one to a finished draft, with as little as it needs.
func draftEvaluation(t *testing.T, d *desk.Desk, who access.Actor, number string) {
	t.Helper()
	must(t, d.KeepEvaluationConsent(ctx, who, number, agreed("exam")))
	must(t, d.KeepEvaluationPart(ctx, who, number, evaluation.Part{Section: "circumstances", Values: map[string]string{"place": "Port", "day": "2026-11-20", "present": "nobody", "officer": "none",
		"restraints": "no", "interpreter": "none", "time": "enough", "remote": "no"}, Known: map[string]string{"present": "seen"}}))
	for _, s := range evaluation.Sections() {
		if len(s.Fields) > 0 && s.Key != "circumstances" {
			must(t, d.KeepEvaluationPart(ctx, who, number, evaluation.Part{Section: s.Key, Left: "not asked for"}))
		}
	}
	for _, to := range []string{evaluation.Consented, evaluation.Examined, evaluation.Drafted} {
		must(t, d.MoveEvaluation(ctx, who, number, evaluation.Move{To: to}))
	}
}
