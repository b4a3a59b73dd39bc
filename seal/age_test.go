package seal

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"filippo.io/age"
	"filippo.io/age/armor"

	"ward/fault"
)

func newPair(t testing.TB) (identity, recipient string) {
	t.Helper()
	identity, recipient, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return identity, recipient
}

func sealed(t testing.TB, text string, recipients ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := SealTo(&file, recipients...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, text)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func openAll(r io.Reader, identities ...string) (string, error) {
	plain, err := OpenWith(r, identities...)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(plain)
	return string(text), err
}

// classicPair makes keys of the kind that is refused.
func classicPair(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestEachRecipientOpensAndNobodyElse(t *testing.T) {
	id1, to1 := newPair(t)
	id2, to2 := newPair(t)
	stranger, _ := newPair(t)
	if !strings.HasPrefix(to1, "age1pq1") || !strings.HasPrefix(id1, "AGE-SECRET-KEY-PQ-1") {
		t.Errorf("keys are not hybrid: %.10s, %.20s", to1, id1)
	}
	text := strings.Repeat("who the source is ", 10_000)
	file := sealed(t, text, to1, to2)
	for _, ids := range [][]string{{id1}, {id2}, {stranger, id2}, {"\n" + id1 + "\n"}} {
		if got, err := openAll(bytes.NewReader(file), ids...); err != nil || got != text {
			t.Errorf("does not open: %v", err)
		}
	}
	for _, ids := range [][]string{{stranger}, {}} {
		if _, err := openAll(bytes.NewReader(file), ids...); !fault.Is(err, fault.Refused) {
			t.Errorf("%d strangers: %v", len(ids), err)
		}
	}
}

func TestRecipientOfAnIdentity(t *testing.T) {
	identity, recipient := newPair(t)
	if got, err := Recipient(" " + identity + "\n"); err != nil || got != recipient {
		t.Errorf("%.20s, %v", got, err)
	}
	if _, err := Recipient(recipient); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), recipient[8:]) {
		t.Errorf("a recipient is no identity: %v", err)
	}
}

func TestClassicAndOtherKeysAreRefusedWithASentence(t *testing.T) {
	_, to := newPair(t)
	id, _ := newPair(t)
	old := classicPair(t)
	for name, c := range map[string]struct {
		recipient string
		kind      fault.Kind
		says      string
	}{
		"classic":        {old.Recipient().String(), fault.Refused, "a quantum computer"},
		"ssh":            {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", fault.Refused, "a quantum computer"},
		"secret":         {id, fault.Invalid, "the secret half"},
		"classic secret": {old.String(), fault.Invalid, "the secret half"},
		"cut":            {to[:200], fault.Invalid, "not a recipient"},
		"typo":           {strings.Replace(to, to[500:501], "b", 1), fault.Invalid, "not a recipient"},
		"empty":          {"", fault.Invalid, "not a recipient"},
	} {
		err := CheckRecipient(c.recipient)
		if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), id) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := SealTo(io.Discard, to, c.recipient); !fault.Is(err, c.kind) {
			t.Errorf("sealed to %s: %v", name, err)
		}
	}
	if err := CheckRecipient(to); err != nil {
		t.Error(err)
	}
	if _, err := SealTo(io.Discard); !fault.Is(err, fault.Invalid) {
		t.Errorf("sealed to nobody: %v", err)
	}
	if _, err := OpenWith(strings.NewReader(""), old.String()); !fault.Is(err, fault.Refused) {
		t.Errorf("classic identity: %v", err)
	}
	if _, err := OpenWith(strings.NewReader(""), id[:50]); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), id[:50]) {
		t.Errorf("cut identity: %v", err)
	}
}

func TestFlippedAndCutFilesAreRefused(t *testing.T) {
	id, to := newPair(t)
	file := sealed(t, "a short text", to)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 1
		if _, err := openAll(bytes.NewReader(bad), id); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Refused) {
			t.Fatalf("byte %d altered: %v", i, err)
		}
		if _, err := openAll(bytes.NewReader(file[:i]), id); !fault.Is(err, fault.Invalid) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := openAll(strings.NewReader("a plain text about Dr. Imre Vold"), id); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "plain") {
		t.Errorf("a plain text: %v", err)
	}
}

func TestLongFileCutAfterItsFirstChunkSaysSo(t *testing.T) {
	id, to := newPair(t)
	file := sealed(t, strings.Repeat("x", 200_000), to)
	got, err := openAll(bytes.NewReader(file[:100_000]), id)
	if !fault.Is(err, fault.Invalid) || len(got) == 0 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestFailingDiskIsNotADamagedFile(t *testing.T) {
	id, to := newPair(t)
	file := sealed(t, strings.Repeat("x", 200_000), to)
	broken := errors.New("disk gone")
	for _, at := range []int{0, 100, 100_000} {
		r := io.MultiReader(bytes.NewReader(file[:at]), iotest.ErrReader(broken))
		if _, err := openAll(r, id); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", at, err)
		}
	}
}

func TestArmorComesOff(t *testing.T) {
	id, to := newPair(t)
	var file bytes.Buffer
	a := armor.NewWriter(&file)
	_, err := a.Write(sealed(t, "armored", to))
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	if got, err := openAll(&file, id); err != nil || got != "armored" {
		t.Errorf("got %q, %v", got, err)
	}
}

// endless is armor whose one line never ends; it counts what was taken of it.
type endless struct{ taken int }

func (e *endless) Read(p []byte) (int, error) {
	if e.taken > 1<<20 {
		return 0, errors.New("a mebibyte was taken")
	}
	n := 0
	if e.taken == 0 {
		n = copy(p, armor.Header+"\n")
	}
	for ; n < len(p); n++ {
		p[n] = 'A'
	}
	e.taken += n
	return n, nil
}

func TestEndlessLineOfArmorIsRefused(t *testing.T) {
	id, _ := newPair(t)
	e := &endless{}
	if _, err := OpenWith(e, id); !fault.Is(err, fault.Invalid) || e.taken > 16<<10 {
		t.Errorf("after %d bytes: %v", e.taken, err)
	}
}

func typed(s string) func() ([]byte, error) { return func() ([]byte, error) { return []byte(s), nil } }

func TestIdentityFileBehindAPassphrase(t *testing.T) {
	id, to := newPair(t)
	file, err := SealIdentity(id, []byte(words))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(file), armor.Header) || bytes.Contains(file, []byte(id)) {
		t.Errorf("not armored, or in clear: %.60s", file)
	}
	got, err := OpenIdentity(file, typed(words))
	if err != nil || got != id {
		t.Fatalf("got %v", err)
	}
	if text, err := openAll(bytes.NewReader(sealed(t, "hello", to)), got); err != nil || text != "hello" {
		t.Errorf("the identity does not open: %v", err)
	}
	if _, err := OpenIdentity(file, typed(otherWords)); !fault.Is(err, fault.Refused) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := OpenIdentity(file, typed("")); !fault.Is(err, fault.Refused) {
		t.Errorf("no passphrase: %v", err)
	}
	given := fault.New(fault.Cancelled, "no")
	if _, err := OpenIdentity(file, func() ([]byte, error) { return nil, given }); !errors.Is(err, given) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := SealIdentity(id, []byte("elevenchars")); !fault.Is(err, fault.Invalid) {
		t.Errorf("short passphrase: %v", err)
	}
	if _, err := SealIdentity(classicPair(t).String(), []byte(words)); !fault.Is(err, fault.Refused) {
		t.Errorf("classic identity: %v", err)
	}
}

func TestPlainIdentityFile(t *testing.T) {
	id, _ := newPair(t)
	other, _ := newPair(t)
	never := func() ([]byte, error) {
		t.Error("a passphrase was asked for")
		return nil, io.EOF
	}
	for _, file := range []string{id, "# created by hand\r\n\r\n" + id + "\r\n", "\ufeff" + id} {
		if got, err := OpenIdentity([]byte(file), never); err != nil || got != id {
			t.Errorf("%.20q: %v", file, err)
		}
	}
	for name, c := range map[string]struct {
		file string
		kind fault.Kind
	}{
		"empty":   {"", fault.Invalid},
		"comment": {"# nothing", fault.Invalid},
		"two":     {id + "\n" + other, fault.Invalid},
		"classic": {classicPair(t).String(), fault.Refused},
		"cut":     {id[:40], fault.Invalid},
		"large":   {strings.Repeat("#", maxIdentity+1), fault.Limit},
	} {
		if _, err := OpenIdentity([]byte(c.file), never); !fault.Is(err, c.kind) || strings.Contains(err.Error(), id[:40]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// scryptFile seals text as `age -p` does, with little work.
func scryptFile(t testing.TB, text string) []byte {
	t.Helper()
	key, err := age.NewScryptRecipient(words)
	if err != nil {
		t.Fatal(err)
	}
	key.SetWorkFactor(1)
	var file bytes.Buffer
	w, err := age.Encrypt(&file, key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, text)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// A binary file may end in a byte that looks like a blank.
func TestBinaryIdentityFileEndingInABlank(t *testing.T) {
	id, _ := newPair(t)
	for range 10_000 {
		file := scryptFile(t, id)
		if !strings.ContainsRune(" \t\r\n", rune(file[len(file)-1])) {
			continue
		}
		if got, err := OpenIdentity(file, typed(words)); err != nil || got != id {
			t.Errorf("got %v", err)
		}
		return
	}
	t.Error("no file ended in a blank")
}

func TestAbsurdWorkFactorIsRefused(t *testing.T) {
	id, _ := newPair(t)
	file := scryptFile(t, id)
	for _, factor := range []string{"21", "30", "64"} {
		bad := bytes.Replace(file, []byte(" 1\n"), []byte(" "+factor+"\n"), 1)
		if bytes.Equal(bad, file) {
			t.Fatal("the work factor was not found in the header")
		}
		if _, err := OpenIdentity(bad, typed(words)); !fault.Is(err, fault.Invalid) {
			t.Errorf("2^%s: %v", factor, err)
		}
	}
}

func TestSealedIdentityFileWithMuchInside(t *testing.T) {
	id, _ := newPair(t)
	file := scryptFile(t, strings.Repeat("#", 60<<10)+"\n"+id)
	if len(file) > maxIdentity {
		t.Fatal("the test's file is too large itself")
	}
	if got, err := OpenIdentity(file, typed(words)); err != nil || got != id {
		t.Errorf("got %v", err)
	}
}
