package desk_test

import (
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/evaluation"
	"ward/fault"
	"ward/person"
	"ward/store"
	"ward/store/storetest"
)

var (
	evaluator = access.Actor{Name: "Dr Alder", Account: "01EVALUATORAAAAAAAAAAAAAAA", Roles: []access.Role{access.CaseWorker}}
	outsider  = access.Actor{Name: "Dr Beech", Account: "01EVALUATORBBBBBBBBBBBBBBB", Roles: []access.Role{access.CaseWorker}}
)

// askedOf asks for an evaluation of somebody new, on a case of theirs.
func askedOf(t testing.TB, d *desk.Desk, who access.Actor) (number, inCase string) {
	t.Helper()
	id, err := d.AddPerson(ctx, who, desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"detainee"}, Country: "XAA"}})
	if err != nil {
		t.Fatal(err)
	}
	if inCase, err = d.OpenCase(ctx, who, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA", Person: id}}); err != nil {
		t.Fatal(err)
	}
	number, err = d.RequestEvaluation(ctx, who, evaluation.Request{Person: id, Case: inCase, Country: "XAA", Clinician: who.Name, AskedBy: "Qanaryasked", Purpose: "Qanarypurpose"})
	if err != nil {
		t.Fatal(err)
	}
	return number, inCase
}

func agreed(uses ...string) evaluation.Consent {
	c := evaluation.Consent{Uses: map[string]string{}, Explained: true, Refusal: true, Free: true, Capacity: "yes", Method: "spoken", Day: "2026-11-20"}
	for _, use := range uses {
		c.Uses[use] = evaluation.Yes
	}
	return c
}

func TestAnEvaluationIsForThoseOnTheCaseAlone(t *testing.T) {
	d := open(t, t.TempDir())
	number, inCase := askedOf(t, d, evaluator)
	_, hidden := d.Evaluation(ctx, outsider, number)
	_, none := d.Evaluation(ctx, outsider, strings.Repeat("0", len(number)))
	if !fault.Is(hidden, fault.NotFound) || strings.ReplaceAll(hidden.Error(), number, "") != strings.ReplaceAll(none.Error(), strings.Repeat("0", len(number)), "") {
		t.Errorf("%v, %v", hidden, none)
	}
	if list, err := d.Evaluations(ctx, outsider, desk.EvaluationQuery{}); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	if err := d.JoinCase(ctx, outsider, inCase, "they speak the language"); err != nil {
		t.Fatal(err)
	}
	f, err := d.Evaluation(ctx, outsider, number)
	if err != nil || f.MayWrite || f.Pseudonym != "Heron" {
		t.Errorf("%v, may write %v", err, f.MayWrite)
	}
	if err := d.KeepEvaluationConsent(ctx, outsider, number, agreed("exam")); !fault.Is(err, fault.Refused) {
		t.Errorf("a colleague writes it: %v", err)
	}
	barred := outsider
	barred.Barred = []string{number}
	if _, err := d.Evaluation(ctx, barred, number); !fault.Is(err, fault.Refused) {
		t.Errorf("a conflict of interest: %v", err)
	}
}

// Past every rule somebody writes into the table itself, with the key: what was signed is found to be another.
func TestWhatIsShownIsHeldAgainstWhatWasSigned(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	number, _ := askedOf(t, d, evaluator)
	signEvaluation(t, d, number)
	f, err := d.Evaluation(ctx, evaluator, number)
	if err != nil || f.Altered || !f.Intact() {
		t.Fatalf("%v, altered %v", err, f.Altered)
	}
	d.Close()
	db := storetest.At(t, target)
	err = db.Write(ctx, "somebody", func(tx *store.Tx) error {
		_, err := evaluation.Add(ctx, tx, evaluation.KindPart, number, evaluation.Part{Section: "background", Values: map[string]string{"life": "another life"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	d = open(t, target)
	if f, err = d.Evaluation(ctx, evaluator, number); err != nil || !f.Altered {
		t.Errorf("%v, altered %v", err, f.Altered)
	}
	if err := d.MoveEvaluation(ctx, evaluator, number, evaluation.Move{To: evaluation.Released, Use: "patient", For: "them"}); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "not what was signed") {
		t.Errorf("%v", err)
	}
}

// signEvaluation takes one all the way; one person only is here, and it says so.
func signEvaluation(t testing.TB, d *desk.Desk, number string) {
	t.Helper()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(d.KeepEvaluationConsent(ctx, evaluator, number, agreed("exam", "patient", "court")))
	do(d.KeepEvaluationPart(ctx, evaluator, number, evaluation.Part{Section: "circumstances", Values: map[string]string{"place": "Qanaryplace", "day": "2026-11-20", "present": "Qanarypresent", "officer": "sight",
		"restraints": "no", "interpreter": "none", "time": "enough", "remote": "no"}, Known: map[string]string{"present": "seen"}}))
	for _, s := range evaluation.Sections() {
		if len(s.Fields) > 0 && s.Key != "circumstances" {
			do(d.KeepEvaluationPart(ctx, evaluator, number, evaluation.Part{Section: s.Key, Left: "Qanaryleft"}))
		}
	}
	_, err := d.KeepFinding(ctx, evaluator, number, evaluation.Finding{Kind: evaluation.Physical, View: "front", Part: "chest", Side: "left", Type: "scar", Description: "Qanaryscar", Known: evaluation.Seen, Consistency: "consistent"})
	do(err)
	for _, to := range []string{evaluation.Consented, evaluation.Examined, evaluation.Drafted} {
		do(d.MoveEvaluation(ctx, evaluator, number, evaluation.Move{To: to}))
	}
	f, err := d.Evaluation(ctx, evaluator, number)
	do(err)
	do(d.CheckEvaluation(ctx, evaluator, number, evaluation.Peer{Pass: true, Checks: []string{"consent", "safeguards", "verified", "degrees", "absence", "names", "readable"}, Digest: f.Digest()}))
	f, err = d.Evaluation(ctx, evaluator, number)
	do(err)
	if f.Peer == nil || !f.Peer.Body.Alone {
		t.Error("one person only, and it does not say so")
	}
	do(d.SignEvaluation(ctx, evaluator, number, evaluation.Signature{Digest: f.Digest(), Name: "Qanaryname", Standing: "physician", Place: "Port", Day: "2026-11-21", Truth: true}))
}

// In custody or anywhere else: a release rests on the person's consent on record, not on the evaluation's own answer alone.
func TestAReleaseRestsOnTheConsentOnRecord(t *testing.T) {
	d := open(t, t.TempDir())
	number, _ := askedOf(t, d, evaluator)
	signEvaluation(t, d, number)
	for use, want := range map[string]string{"court": "consent does not carry", "un": "did not consent"} {
		if err := d.MoveEvaluation(ctx, evaluator, number, evaluation.Move{To: evaluation.Released, Use: use, For: "them"}); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", use, err)
		}
	}
	if err := d.MoveEvaluation(ctx, evaluator, number, evaluation.Move{To: evaluation.Released, Use: "patient", For: "the person"}); err != nil {
		t.Error(err)
	}
}

// Words planted in every part of an evaluation, in a draft and in a photograph with its name lie nowhere in the workspace.
func TestNothingOfAnEvaluationLiesInClear(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		tmp := t.TempDir()
		t.Setenv("TMPDIR", tmp)
		d := open(t, target)
		number, _ := askedOf(t, d, evaluator)
		if err := d.KeepEvaluationDraft(ctx, evaluator, number, "background", "life=Qanarydraft"); err != nil {
			t.Fatal(err)
		}
		if err := d.KeepEvaluationConsent(ctx, evaluator, number, agreed("exam", "photos")); err != nil {
			t.Fatal(err)
		}
		if err := d.KeepEvaluationPhoto(ctx, evaluator, number, "Qanaryfile.png", "image/png", strings.NewReader("\x89PNG\r\n\x1a\n"+strings.Repeat("Qanarypixels", 9000)), evaluation.Caption{Text: "Qanarycaption"}); err != nil {
			t.Fatal(err)
		}
		signEvaluation(t, d, number)
		for _, dir := range []string{at(t, target).Dir, tmp} {
			if found := holding(t, dir, spelled("Qanary")...); found != nil {
				t.Errorf("%v", found)
			}
		}
	})
}
