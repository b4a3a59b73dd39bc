package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/evaluation"
	"ward/person"
	"ward/store/storetest"
)

// opened is a workspace in a directory, closed again before the program works on it.
func opened(t *testing.T, dir string, do func(d *desk.Desk)) {
	t.Helper()
	d, err := desk.Open(context.Background(), desk.Workspace{Dir: dir, Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }, Cost: storetest.Cheap()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	do(d)
}

// evaluated is a home with one evaluation, and the passphrase file of a visit.
func evaluated(t *testing.T) (dir, number string) {
	t.Helper()
	dir = t.TempDir()
	phrase := filepath.Join(t.TempDir(), "visit")
	if err := os.WriteFile(phrase, []byte("five words drawn by dice"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(visitPassphraseFile, phrase)
	opened(t, dir, func(d *desk.Desk) {
		ctx, who := context.Background(), access.Local()
		one, err := d.AddPerson(ctx, who, desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"detainee"}, Country: "XAA"}})
		if err == nil {
			number, err = d.RequestEvaluation(ctx, who, evaluation.Request{Person: one, Country: "XAA", Clinician: who.Name, AskedBy: "the lawyer", Purpose: "a hearing"})
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return dir, number
}

func writeThere(t *testing.T, copyDir, number string, sections ...string) {
	t.Helper()
	opened(t, copyDir, func(d *desk.Desk) {
		for _, s := range sections {
			section, _ := evaluation.SectionOf(s)
			first := section.Fields[0]
			p := evaluation.Part{Section: s, Values: map[string]string{first.Key: "written there"}, Known: map[string]string{first.Key: first.Known[0]}}
			if err := d.KeepEvaluationPart(context.Background(), access.Local(), number, p); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func mergeOf(t *testing.T, args ...string) (m mergeData) {
	t.Helper()
	out, err := program(t, append([]string{"visit", "merge", "--json"}, args...)...).Output()
	if err != nil || json.Unmarshal(out, &m) != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return m
}

func TestAVisitByCommands(t *testing.T) {
	dir, number := evaluated(t)
	away, box := filepath.Join(t.TempDir(), "copy"), t.TempDir()
	out, back := filepath.Join(box, "out.ward"), filepath.Join(box, "back.ward")
	if told, _ := must(t, "visit", "take", number, "--data="+dir, "--out="+out); !strings.Contains(told, number) {
		t.Errorf("%s", told)
	}
	if err := program(t, "visit", "take", number, "--data="+dir, "--out="+out).Run(); err == nil {
		t.Error("a file was written over")
	}
	if told, _ := must(t, "visit", "open", out, "--data="+away); !strings.Contains(told, "Heron") {
		t.Errorf("%s", told)
	}
	writeThere(t, away, number, "allegations", "background")
	if got := program(t, "visit", "destroy", "--data="+away); got.Run() == nil || got.ProcessState.ExitCode() != exitUndecided {
		t.Errorf("what was not sealed was destroyed: exit %d", got.ProcessState.ExitCode())
	}
	must(t, "visit", "return", "--data="+away, "--out="+back)
	if m := mergeOf(t, back, "--data="+dir); m.Added != 2 || m.Known != 0 {
		t.Errorf("%+v", m)
	}
	if m := mergeOf(t, back, "--data="+dir); m.Added != 0 || m.Known != 2 {
		t.Errorf("again: %+v", m)
	}
	must(t, "visit", "destroy", "--data="+away)
	if out, err := program(t, "doctor", "--data="+dir).CombinedOutput(); err != nil && strings.Contains(string(out), "red") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Whenever the program is killed, what was acknowledged is kept, and the same command completes what was begun.
func TestKilledVisits(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the signals of Unix: run it on Linux or macOS")
	}
	dir, number := evaluated(t)
	box, random := t.TempDir(), rand.New(rand.NewPCG(6, 1))
	out, back, away := filepath.Join(box, "out.ward"), filepath.Join(box, "back.ward"), filepath.Join(box, "copy")
	_, span := must(t, "visit", "take", number, "--data="+dir, "--out="+filepath.Join(box, "first.ward"))
	killWithin(t, span, random, "visit", "take", number, "--data="+dir, "--out="+out)
	if missing(box, "out.ward") {
		must(t, "visit", "take", number, "--data="+dir, "--out="+out)
	}
	_, span = must(t, "visit", "open", out, "--data="+filepath.Join(box, "other"))
	for range 4 {
		killWithin(t, span, random, "visit", "open", out, "--data="+away)
	}
	if told, err := program(t, "visit", "open", out, "--data="+away).CombinedOutput(); err != nil && !strings.Contains(string(told), "there is a workspace here already") {
		t.Fatalf("%v\n%s", err, told)
	}
	writeThere(t, away, number, "allegations", "background", "tests")
	_, span = must(t, "visit", "return", "--data="+away, "--out="+filepath.Join(box, "early.ward"))
	killWithin(t, span, random, "visit", "return", "--data="+away, "--out="+back)
	if missing(box, "back.ward") {
		must(t, "visit", "return", "--data="+away, "--out="+back)
	}
	for range 4 {
		killWithin(t, span, random, "visit", "merge", back, "--data="+dir)
	}
	if m := mergeOf(t, back, "--data="+dir); m.Added+m.Known != 3 {
		t.Errorf("%+v", m)
	}
	opened(t, dir, func(d *desk.Desk) {
		f, err := d.Evaluation(context.Background(), access.Local(), number)
		if err != nil || f.Parts["allegations"].Values["summary"] != "written there" || len(f.Parts) != 3 {
			t.Errorf("%+v, %v", f.Parts, err)
		}
	})
}
