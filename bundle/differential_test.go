package bundle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ward/tlog"
)

func someTime() time.Time { return time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC) }

// secondVerifier skips the test where Node is missing, and fails it where WARD_TEST_ALL=1.
func secondVerifier(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err == nil {
		return
	}
	if os.Getenv("WARD_TEST_ALL") == "1" {
		t.Fatal("WARD_TEST_ALL=1 and node is missing: install Node 20 or later")
	}
	t.Skip("node is missing: install Node 20 or later to compare with the second verifier")
}

func setting(name string, otherwise uint64) uint64 {
	if n, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// verdict is what the second verifier writes of one bundle.
type verdict struct {
	Path  string
	Code  int
	Codes []int
}

// runNode runs the second verifier over a folder of bundles.
func runNode(t *testing.T, folder string, n int, policy string) []verdict {
	t.Helper()
	args := []string{"../tools/verify-bundle/verify.mjs", "--batch"}
	if policy != "" {
		file := filepath.Join(folder, "policy.txt")
		if err := os.WriteFile(file, []byte(policy), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	var paths strings.Builder
	for i := range n {
		fmt.Fprintln(&paths, mutantPath(folder, i))
	}
	cmd := exec.Command("node", args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(paths.String()), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []verdict
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var v verdict
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

func mutantPath(folder string, i int) string { return filepath.Join(folder, fmt.Sprint(i, ".zip")) }

func codes(res Result) []int {
	list := []int{}
	for _, f := range res.Failures {
		list = append(list, f.Code)
	}
	if res.Code == WasErased {
		list = append(list, WasErased)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// The two verifiers were written apart from each other: they agree on good, damaged and forged bundles, in every code.
// WARD_TEST_MUTANTS says how many (2,000), WARD_TEST_SEED repeats the choices; keys are new in each run, so what they differ on is kept.
func TestTheSecondVerifierAgrees(t *testing.T) {
	secondVerifier(t)
	seed := setting("WARD_TEST_SEED", rand.Uint64())
	n := int(setting("WARD_TEST_MUTANTS", 2000))
	t.Logf("WARD_TEST_SEED=%d WARD_TEST_MUTANTS=%d", seed, n)
	w := newWorld(sheet()).withErased()
	m := mutator{rand.New(rand.NewPCG(seed, 0)), w, newWorld(sheet())}
	plain := newWorld([]byte("x"))
	plain.signer, plain.verifier, plain.witnesses, plain.policy = w.signer, w.verifier, w.witnesses, w.policy
	plain.content.Verifier = w.verifier
	bases := [][]byte{w.bundle(2), w.bundle(3), w.bundle(1), w.bundle(0), plain.bundle(2), plain.bundle(2), m.other.bundle(2), m.other.bundle(3)}
	rules := w.policyText[:strings.Index(w.policyText, "group")]
	all := append(order(), Holds)
	noPolicy := slices.DeleteFunc(slices.Clone(all), func(code int) bool { return code == UnknownKey || code == NoQuorum })
	for _, part := range []struct {
		name, policy string
		n            int
		expect       []int // codes that must occur among many
	}{
		{"2 of 3", w.policyText, n * 4 / 10, all},
		{"without policy", "", n * 4 / 10, noPolicy},
		{"groups in groups", "# a comment\n\n" + rules + "group a any w1 w2\ngroup b all a\tw3\nquorum b\n", n / 10, nil},
		{"no quorum", strings.ReplaceAll(rules, "w2 ", "w2   ") + "quorum none\n", n / 10, nil},
	} {
		t.Run(part.name, func(t *testing.T) {
			seen := compare(t, m, bases, part.n, part.policy)
			t.Logf("bundles by code: %v", seen)
			for _, code := range part.expect {
				if part.n >= 800 && seen[code] == 0 {
					t.Errorf("no bundle gave %d: the mutations have grown tame", code)
				}
			}
		})
	}
}

// compare judges n mutants with both verifiers and counts the codes.
func compare(t *testing.T, m mutator, bases [][]byte, n int, text string) map[int]int {
	folder, seen := t.TempDir(), map[int]int{}
	var policy *tlog.Policy
	if text != "" {
		policy = must(tlog.ParsePolicy(text))
	}
	var ours []Result
	for i := range n {
		archive := m.mutant(pick(m, bases))
		if err := os.WriteFile(mutantPath(folder, i), archive, 0o600); err != nil {
			t.Fatal(err)
		}
		ours = append(ours, judged(archive, policy))
		seen[ours[i].Code]++
	}
	theirs := runNode(t, folder, n, text)
	if len(theirs) != n {
		t.Fatalf("%d verdicts on %d bundles", len(theirs), n)
	}
	wrong := 0
	for i, v := range theirs {
		if v.Code == ours[i].Code && slices.Equal(v.Codes, codes(ours[i])) {
			continue
		}
		if wrong++; wrong < 10 {
			kept := filepath.Join(os.TempDir(), fmt.Sprintf("ward-differs-%d.zip", i))
			data, _ := os.ReadFile(v.Path)
			_ = os.WriteFile(kept, data, 0o600)
			t.Errorf("%s: Go %d %v, Node %d %v: %v", kept, ours[i].Code, codes(ours[i]), v.Code, v.Codes, ours[i].Failures)
		}
	}
	return seen
}

// One bundle and its policy are kept for ever: whatever else changes, what was given to a court in 2026 can be checked. The
// original of testdata/v1.zip was made by this package when the format was fixed.
func TestTheFormatStaysAsItIs(t *testing.T) {
	archive, policy := golden(t)
	wantCode(t, "v1.zip", judged(archive, must(tlog.ParsePolicy(policy))), WasErased)
	again := forge(archive, func(map[string][]byte) {})
	if !bytes.Equal(again, archive) {
		t.Error("packing the contents again gives another archive")
	}
}

func golden(t *testing.T) (archive []byte, policy string) {
	t.Helper()
	archive, err := os.ReadFile("testdata/v1.zip")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/v1.policy")
	if err != nil {
		t.Fatal(err)
	}
	return archive, string(text)
}

// People run the second verifier by hand: it says what it found and ends with the code.
func TestTheSecondVerifierSpeaks(t *testing.T) {
	secondVerifier(t)
	folder, w := t.TempDir(), newWorld(sheet())
	policy := filepath.Join(folder, "policy.txt")
	for name, data := range map[string]string{"good.zip": string(w.bundle(2)), "few.zip": string(w.bundle(1)), "cut.zip": string(w.bundle(1)[:500]), "policy.txt": w.policyText} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{Holds, "Everything holds.\n", []string{filepath.Join(folder, "good.zip"), policy}},
		{Holds, "nobody has vouched", []string{filepath.Join(folder, "few.zip")}},
		{NoQuorum, "14: Too few witnesses", []string{filepath.Join(folder, "few.zip"), policy}},
		{Damaged, "16: The archive", []string{filepath.Join(folder, "cut.zip")}},
		{WasErased, "20: Everything holds", []string{"testdata/v1.zip", "testdata/v1.policy"}},
		{1, "", []string{filepath.Join(folder, "none.zip")}},
		{1, "", []string{filepath.Join(folder, "good.zip"), filepath.Join(folder, "good.zip")}},
		{1, "", nil},
	} {
		cmd := exec.Command("node", append([]string{"../tools/verify-bundle/verify.mjs"}, c.args...)...)
		out, err := cmd.Output()
		if cmd.ProcessState.ExitCode() != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%v: %v, %s", c.args, err, out)
		}
	}
}

// The second verifier is worth something because it is short enough to be read and borrows nothing.
func TestTheSecondVerifierIsSmallAndAlone(t *testing.T) {
	data, err := os.ReadFile("../tools/verify-bundle/verify.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(data, []byte("\n")); n >= 300 {
		t.Errorf("it has %d lines", n)
	}
	for line := range strings.Lines(string(data)) {
		if from, ok := strings.CutPrefix(line, "import "); ok && !strings.HasSuffix(from, "'node:crypto'\n") && !strings.HasSuffix(from, "'node:fs'\n") {
			t.Errorf("it borrows: %s", line)
		}
	}
}
