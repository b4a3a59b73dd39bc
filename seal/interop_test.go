package seal

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// stockAge finds the `age` command. Without it the test is skipped, or fails where WARD_TEST_ALL=1.
func stockAge(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("age"); err == nil {
		return path
	}
	if home, err := exec.Command("go", "env", "GOPATH").Output(); err == nil {
		if path, err := exec.LookPath(filepath.Join(strings.TrimSpace(string(home)), "bin", "age")); err == nil {
			return path
		}
	}
	const how = "no age command: go install filippo.io/age/cmd/age@v1.3.2"
	if os.Getenv("WARD_TEST_ALL") == "1" {
		t.Fatal("WARD_TEST_ALL=1 and " + how)
	}
	t.Skip(how)
	return ""
}

// run gives what a command writes for an input.
func run(t *testing.T, input []byte, name string, args ...string) []byte {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, args[0], err, complaint.String())
	}
	return out.Bytes()
}

func TestStockAgeOpensWhatWasSealed(t *testing.T) {
	command := stockAge(t)
	id, to := newPair(t)
	_, second := newPair(t)
	keyFile := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(keyFile, []byte("# a comment\n"+id+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("a report of 2031 from XAC ", 9000)
	got := run(t, sealed(t, text, to, second), command, "-d", "-i", keyFile)
	if string(got) != text {
		t.Errorf("%d bytes of %d came back", len(got), len(text))
	}
}

func TestWhatStockAgeSealedIsOpened(t *testing.T) {
	command := stockAge(t)
	id, to := newPair(t)
	text := strings.Repeat("a report of 2032 from XAD ", 9000)
	for _, args := range [][]string{{"-r", to}, {"-a", "-r", to}} {
		got, err := openAll(bytes.NewReader(run(t, []byte(text), command, args...)), id)
		if err != nil || got != text {
			t.Errorf("%s: %d bytes of %d came back: %v", args[0], len(got), len(text), err)
		}
	}
}
