package desk_test

import (
	"os"
	"path/filepath"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/facility"
	"ward/fault"
	"ward/simulate"
	"ward/suitability"
)

// trainingSpace founds a training space at a target.
func trainingSpace(t *testing.T, target string) *desk.Desk {
	t.Helper()
	place := at(t, target)
	place.Training = true
	d, err := desk.Open(ctx, place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestATrainingSpaceIsOneForEver(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := trainingSpace(t, target)
		acts, err := d.LogPage(ctx, access.Local(), 0, 50)
		marked := false
		for _, a := range acts.Acts {
			marked = marked || a.Act == "workspace.training"
		}
		if err != nil || !d.Training() || !marked {
			t.Errorf("training %v, in the log %v, %v", d.Training(), marked, err)
		}
		d.Close()
		if again := open(t, target); !again.Training() { // opened by a command that knows nothing of it
			t.Error("the mark was lost")
		}
	})
}

func TestAWorkspaceOfRealReportsCannotBecomeATrainingSpace(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	place := at(t, dir)
	place.Training = true
	if _, err := desk.Open(ctx, place); !fault.Is(err, fault.Refused) {
		t.Errorf("%v", err)
	}
	if open(t, dir).Training() {
		t.Error("it became one")
	}
}

func TestATrainingSpaceTakesNothingAboutARealState(t *testing.T) {
	d := trainingSpace(t, t.TempDir())
	real := filepath.Join(t.TempDir(), "real.csv")
	if err := os.WriteFile(real, []byte(file(t, "who-ssa", "who-ssa", with(attack("w1", "2/10/21 12:00 AM"), "Country / Territory", "France")).csv()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Import(ctx, access.Local(), real, desk.ImportOptions{}); !fault.Is(err, fault.Refused) {
		t.Errorf("a real State's row: %v", err)
	}
	if o, err := d.Overview(ctx, access.Local()); err != nil || len(o.Runs)+len(o.Tallies) != 0 {
		t.Errorf("something stayed: %+v %v", o, err)
	}
	if _, err := d.PutFacility(ctx, access.Local(), "", facility.Facility{Type: "hospital.general", Name: "H", State: "FRA"}); !fault.Is(err, fault.Refused) {
		t.Errorf("a facility: %v", err)
	}
	if _, err := d.DecideSuitability(ctx, access.Local(), "", suitability.Decision{State: "FRA", Event: "E", When: "2027", Decision: "hold_with_support", Date: "2026-01-01", Reasons: "r", Support: []string{"s"}, Roles: []string{"board"}}); !fault.Is(err, fault.Refused) {
		t.Errorf("an event: %v", err)
	}
	dir := t.TempDir()
	files, err := simulate.Write(ctx, dir, 1, 60, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Layout != "" {
			take(t, d, filepath.Join(dir, f.Name), desk.ImportOptions{})
		}
	}
}
