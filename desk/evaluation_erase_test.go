package desk_test

import (
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/store"
)

// An evaluation goes with its photographs, the interpreter's sealed name and what was typed and not saved; no key of it is left, and nothing
// of it lies anywhere. The person and another evaluation stay.
func TestAnEvaluationIsErasedWithEverythingAboutIt(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		twoOfficers(t, d)
		number, _ := askedOf(t, d, evaluator)
		other, _ := askedOf(t, d, evaluator)
		must(t, d.KeepEvaluationConsent(ctx, evaluator, number, agreed("exam", "photos")))
		must(t, d.KeepEvaluationPhoto(ctx, evaluator, number, "one.png", "image/png", strings.NewReader("\x89PNG\r\n\x1a\n"+strings.Repeat("Qanarypixels", 900)), evaluation.Caption{Text: "Qanarycaption"}))
		must(t, d.SealInterpreter(ctx, evaluator, number, desk.SourceContact{Name: "Qanaryname"}, []string{"Ana", "Bo"}))
		must(t, d.KeepEvaluationDraft(ctx, evaluator, number, "background", "life=Qanarydraft"))
		file := readEvaluation(t, d, number)
		keys := keysAbout(t, target, number, file.Box)

		will, err := d.Consequences(ctx, access.Local(), number)
		if err != nil || will.Kind != desk.KindEvaluation || will.Files != 1 || will.Boxes != 1 || will.Handled != 4 {
			t.Fatalf("%+v %v", will, err)
		}
		erase(t, d, number)
		if n := storedFiles(t, at(t, target).Dir); n != 0 {
			t.Errorf("%d photographs are left", n)
		}
		_, err = d.Evaluation(ctx, evaluator, number)
		wantFault(t, err, fault.NotFound)
		_, err = d.Consequences(ctx, access.Local(), number)
		wantFault(t, err, fault.NotFound)
		if f := readEvaluation(t, d, other); f.Pseudonym != "Heron" {
			t.Errorf("what stays: %+v", f)
		}
		if _, err := d.Person(ctx, evaluator, file.Person); err != nil {
			t.Errorf("the person went with the evaluation: %v", err)
		}
		reading(t, target, func(tx *store.Tx) error {
			left, err := tx.Keys(ctx, keys...)
			if err != nil || len(left) > 0 {
				t.Errorf("keys are left: %v", left)
			}
			drafts, err := tx.PassingOf(ctx, "evaluation.draft", "")
			if len(drafts) > 0 {
				t.Errorf("%d drafts are left", len(drafts))
			}
			return err
		})
		wantVerifies(t, d, target)
		wantGreen(t, d, target)
		if found := holding(t, at(t, target).Dir, spelled("Qanary")...); found != nil {
			t.Errorf("%v", found)
		}
	})
}

// A backup knows an erasure by its entries: the first of them takes the whole evaluation, whichever comes first.
func TestTheRequestOfAnEvaluationErasesAllOfIt(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	number, _ := askedOf(t, d, evaluator)
	request := readEvaluation(t, d, number).Request
	request.Why, request.Purpose = "another purpose", "a court"
	must(t, d.ReassignEvaluation(ctx, evaluator, number, request))
	var asked []entry.Entry[evaluation.Request]
	reading(t, target, func(tx *store.Tx) (err error) {
		asked, err = entry.Of[evaluation.Request](ctx, tx, evaluation.KindRequest, number)
		return err
	})
	if will, err := d.Consequences(ctx, access.Local(), asked[1].ID); err != nil || will.Kind != desk.KindEntry {
		t.Errorf("a later one: %+v %v", will, err)
	}
	if will, err := d.Consequences(ctx, access.Local(), asked[0].ID); err != nil || will.Kind != desk.KindEvaluation || will.Name != number {
		t.Errorf("the first: %+v %v", will, err)
	}
}

func readEvaluation(t testing.TB, d *desk.Desk, number string) desk.EvaluationFile {
	t.Helper()
	f, err := d.Evaluation(ctx, evaluator, number)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// keysAbout are the subjects of keys that seal what is on record about something, and others that are named.
func keysAbout(t testing.TB, target, number string, more ...string) []string {
	t.Helper()
	out := slices.Clone(more)
	reading(t, target, func(tx *store.Tx) error {
		places, err := entry.Places(ctx, tx, number)
		for id := range places {
			out = append(out, id)
		}
		keys, failed := tx.Keys(ctx, out...)
		if err != nil || failed != nil || len(keys) != len(out) {
			t.Fatalf("%d keys of %d, %v %v", len(keys), len(out), err, failed)
		}
		return nil
	})
	return out
}

// wantGreen closes a workspace and has the doctor look at it.
func wantGreen(t testing.TB, d *desk.Desk, target string) {
	t.Helper()
	d.Close()
	checks, err := desk.Doctor(ctx, access.Local(), at(t, target), desk.DoctorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Light == desk.Red && c.Name != "database" { // the PostgreSQL of the tests keeps nothing over a loss of power
			t.Errorf("%+v", c)
		}
	}
}
