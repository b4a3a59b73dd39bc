package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"ward/desk"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
)

// killRounds is how often each program is killed.
const killRounds = 10

// killable is a workspace with more than a thousand reports, and a key to which its backups are sealed.
func killable(t *testing.T) (dir, identityFile, recipient string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs the signals of Unix: run it on Linux or macOS")
	}
	pass := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(pass, []byte(storetest.Passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseFile, pass)
	dir = t.TempDir()
	must(t, "import", "--data="+dir, big(t, 1500))
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	identityFile = filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(identityFile, []byte(identity+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, identityFile, recipient
}

// must runs the program, which must end well, and gives what it printed and how long it took.
func must(t *testing.T, args ...string) (string, time.Duration) {
	t.Helper()
	begun := time.Now()
	out, err := program(t, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("ward %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), time.Since(begun)
}

// killWithin starts the program and kills it at a random moment of the time that it needs.
func killWithin(t *testing.T, span time.Duration, random *rand.Rand, args ...string) {
	t.Helper()
	cmd := program(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(random.Float64() * float64(span)))
	cmd.Process.Signal(syscall.SIGKILL)
	cmd.Wait()
}

// A backup that was killed at any moment leaves none that counts by half, harms nothing, and the next one clears up behind it.
func TestKilledBackups(t *testing.T) {
	dir, identity, recipient := killable(t)
	to := t.TempDir()
	backup := []string{"backup", "--data=" + dir, "--to=" + to, "--recipient=" + recipient}
	_, span := must(t, backup...)
	random := rand.New(rand.NewPCG(11, 1))
	for range killRounds {
		killWithin(t, span, random, backup...)
	}
	must(t, backup...)
	for _, pattern := range []string{filepath.Join(to, "*.part"), filepath.Join(dir, "*.tmp")} {
		if left, _ := filepath.Glob(pattern); left != nil {
			t.Errorf("%v were left", left)
		}
	}
	all, _ := filepath.Glob(filepath.Join(to, "*.age"))
	t.Logf("%d backups count", len(all))
	if len(all) < 2 {
		t.Fatalf("only %d backups", len(all))
	}
	for _, file := range all {
		must(t, "restore", file, "--data="+filepath.Join(t.TempDir(), "w"), "--identity="+identity, "--no-tombstones")
	}
	if out, err := program(t, "doctor", "--data="+dir).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A restore that was killed at any moment leaves no workspace by half: nobody can open it, or it is whole; and the same command goes
// on or says what to do.
func TestKilledRestores(t *testing.T) {
	dir, identity, recipient := killable(t)
	out, _ := must(t, "backup", "--data="+dir, "--to="+t.TempDir(), "--recipient="+recipient)
	file, _, _ := strings.Cut(out[strings.Index(out, string(filepath.Separator)):], "\n")
	for name, target := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return storetest.Postgres(t) }} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(12, uint64(len(name))))
			restore := func(where, db string) []string {
				args := []string{"restore", file, "--data=" + where, "--identity=" + identity, "--no-tombstones"}
				if db != "" {
					args = append(args, "--db="+db)
				}
				return args
			}
			_, span := must(t, restore(filepath.Join(t.TempDir(), "w"), target(t))...)
			again := 0
			for range killRounds {
				where, db := filepath.Join(t.TempDir(), "w"), target(t)
				killWithin(t, span, random, restore(where, db)...)
				if finish(t, where, db, restore(where, db)) {
					again++
				}
			}
			t.Logf("%d of %d had to begin anew", again, killRounds)
		})
	}
}

// finish brings a killed restore to its end; it reports that the restore had to be done again.
func finish(t *testing.T, where, db string, restore []string) (again bool) {
	t.Helper()
	out, err := program(t, restore...).CombinedOutput()
	again = err == nil
	if !again && !bytes.Contains(out, []byte("is not empty")) && !bytes.Contains(out, []byte("holds a workspace already")) {
		t.Errorf("it neither goes on nor says what to do: %s", out)
	}
	if !again && db != "" {
		return false // an empty database, and the same again
	}
	if left, _ := filepath.Glob(filepath.Join(where, "*.tmp")); left != nil {
		t.Errorf("%v were left", left)
	}
	flags := []string{"doctor", "--json", "--data=" + where}
	if db != "" {
		flags = append(flags, "--db="+db)
	}
	out, _ = program(t, flags...).Output()
	var said struct{ Checks desk.Checks }
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range said.Checks {
		if c.Light == desk.Red && !(db != "" && c.Name == "database") { // the tests' server does not wait for its disk
			t.Errorf("%+v", c)
		}
	}
	return again
}

// A server makes a backup soon after it starts, and a doctor knows that it should.
func TestAServerMakesBackups(t *testing.T) {
	dir, identity, _ := killable(t)
	to := t.TempDir()
	cmd := program(t, "serve", "--data="+dir, "--listen=127.0.0.1:0", "--backup="+to)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	file := waitFor(t, filepath.Join(to, "*.check"))
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, said.String())
	}
	backup := strings.TrimSuffix(file, ".check") + ".age"
	must(t, "restore", backup, "--data="+filepath.Join(t.TempDir(), "w"), "--no-tombstones") // under the passphrase: nobody is an officer
	if _, err := os.Stat(identity); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	db := storetest.At(t, dir)
	err := db.Read(ctx, func(tx *store.Tx) error {
		_, any, err := tx.NewestBackup(ctx)
		if !any {
			t.Error("the backup was not noted")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func waitFor(t *testing.T, pattern string) string {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if found, _ := filepath.Glob(pattern); found != nil {
			time.Sleep(300 * time.Millisecond) // until it is noted
			return found[0]
		}
	}
	t.Fatalf("nothing came at %s in a minute", pattern)
	return ""
}
