package desk_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/store"
)

// What a child process does with the workspace that the variable names.
const (
	childMoves  = "WARD_TEST_CHILD_MOVES"
	childStarts = "WARD_TEST_CHILD_STARTS"
)

// TestMovingChild is the child: it opens one workspace and ends.
func TestMovingChild(t *testing.T) {
	dir := os.Getenv(childMoves)
	if dir == "" {
		t.Skip("runs only as the child of TestAMoveKilledAtAnyMomentIsDoneOnce")
	}
	open(t, dir).Close()
}

// TestStartingChild is the other: it opens a workspace again and again as Ward's first version did, until that is told that the
// workspace is newer.
func TestStartingChild(t *testing.T) {
	dir := os.Getenv(childStarts)
	if dir == "" {
		t.Skip("runs only as the child of TestAnEarlierVersionThatStartsMeanwhileDestroysNothing")
	}
	file := "file:" + filepath.Join(dir, store.FileName) + "?_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate&mode=rw"
	for version, end := 0, time.Now().Add(2*time.Minute); version < 2; {
		if _, err := os.Stat(dir); err != nil || time.Now().After(end) {
			t.Fatal("the workspace is gone, or nobody moved it")
		}
		db, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		if tx, err := db.Begin(); err == nil {
			tx.QueryRow("SELECT MAX(version) FROM schema_version").Scan(&version)
			tx.Rollback()
		}
		db.Close()
		time.Sleep(time.Millisecond)
	}
}

// child starts this test binary once more for one of these.
func child(t testing.TB, test, variable, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), variable+"="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// rounds is how often a test tries what goes wrong only now and then.
func rounds(usual, all int) int {
	if os.Getenv("WARD_TEST_ALL") == "1" {
		return all
	}
	return usual
}

// A program that had opened the old file when the new one took its name could play the log of the one into the other.
func TestAnEarlierVersionThatStartsMeanwhileDestroysNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows renames no file that somebody has open: run it on Linux or macOS")
	}
	p := pastOf(t, 200)
	for range rounds(4, 10) {
		dir := t.TempDir()
		p.write(t, dir)
		cmd := child(t, "TestStartingChild", childStarts, dir)
		var d *desk.Desk
		for d == nil {
			var err error
			if d, err = desk.Open(ctx, at(t, dir)); err != nil && !fault.Is(err, fault.Conflict) {
				t.Fatal(err)
			}
		}
		if err := errors.Join(cmd.Wait(), d.Close()); err != nil {
			t.Fatal(err)
		}
		wantPast(t, dir, p)
	}
}

func TestAMoveKilledAtAnyMomentIsDoneOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the signals of Unix: run it on Linux or macOS")
	}
	p := pastOf(t, 300)
	p.plant(t)
	first := t.TempDir()
	p.write(t, first)
	body, err := os.ReadFile(filepath.Join(first, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := child(t, "TestMovingChild", childMoves, first).Wait(); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(begun)
	random := rand.New(rand.NewPCG(3, 5))
	found := map[string]int{}
	for range rounds(10, 30) {
		dir := filepath.Join(t.TempDir(), "w")
		if err := errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, store.FileName), body, 0o600)); err != nil {
			t.Fatal(err)
		}
		for range 1 + random.IntN(3) {
			cmd := child(t, "TestMovingChild", childMoves, dir)
			time.Sleep(time.Duration(random.Float64() * float64(whole)))
			cmd.Process.Kill()
			cmd.Wait()
			found[stage(dir)]++
		}
		open(t, dir).Close()
		wantPast(t, dir, p)
		if lies(t, dir, canary) {
			t.Fatal("something lies in clear")
		}
		os.RemoveAll(dir)
	}
	t.Logf("killed at %v", found)
}

// stage says how far a move came, as its files tell.
func stage(dir string) string {
	is := func(name string) bool { _, err := os.Stat(filepath.Join(dir, name)); return err == nil }
	return fmt.Sprintf("clear=%v gone=%v new=%v", is(store.ClearName), is("ward.gone.db"), is(store.FileName))
}
