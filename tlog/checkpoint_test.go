package tlog

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"ward/fault"
)

const origin = "log.example/xab"

// pair is a key pair.
type pair struct{ signer, verifier string }

func logKey(t testing.TB, name string) pair {
	t.Helper()
	s, v, err := NewSigner(name)
	if err != nil {
		t.Fatal(err)
	}
	return pair{s, v}
}

func witnessKey(t testing.TB, name string) pair {
	t.Helper()
	s, v, err := NewWitnessSigner(name)
	if err != nil {
		t.Fatal(err)
	}
	return pair{s, v}
}

func signed(t testing.TB, by pair, c Checkpoint) []byte {
	t.Helper()
	b, err := SignCheckpoint(by.signer, c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func cosignedBy(t testing.TB, checkpoint []byte, by ...pair) []byte {
	t.Helper()
	for i, w := range by {
		line, err := Cosign(w.signer, checkpoint, time.Unix(1_800_000_000+int64(i), 0))
		if err != nil {
			t.Fatal(err)
		}
		if checkpoint, err = AddCosignature(checkpoint, line); err != nil {
			t.Fatal(err)
		}
	}
	return checkpoint
}

func inventedCheckpoint() Checkpoint {
	return Checkpoint{origin, 20852163, sha256.Sum256([]byte("an invented root"))}
}

func TestACheckpointIsReadAsItWasSigned(t *testing.T) {
	k, c := logKey(t, origin), inventedCheckpoint()
	b := signed(t, k, c)
	if got, err := OpenCheckpoint(b, k.verifier); err != nil || got != c {
		t.Error(got, err)
	}
	if got, err := ReadCheckpoint(b); err != nil || got != c {
		t.Error(got, err)
	}
	v, err := note.NewVerifier(k.verifier)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(b, note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	if want := origin + "\n20852163\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"; n.Text != want {
		t.Errorf("%q, want %q", n.Text, want)
	}
}

// The example of C2SP tlog-cosignature: a log's signature and a witness's.
func TestTheExampleOfTheSpecificationIsRead(t *testing.T) {
	const example = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
		"— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" +
		"— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
	c, err := ReadCheckpoint([]byte(example))
	if err != nil || c.Origin != "example.com/behind-the-sofa" || c.Size != 20852163 {
		t.Error(c, err)
	}
}

// The line was made by the signer of github.com/transparency-dev/formats, version 0.1.1, with this key.
func TestACosignatureIsTheSameAsElsewhere(t *testing.T) {
	const signer = "PRIVATE+KEY+witness.example/w1+0709800f+BDOED1Vgoc7lwqFHq8Az0zswuHW9ka85rgt80Mcpq9Eo"
	const second = 0x6b023fa5
	const want = "— witness.example/w1 BwmADwAAAABrAj+lWq8M3XYhJN7mnIicbnBZ4Edn1ikfaWimF/MTHvMCiXUr58By+nkjeTXm2fo5e9I/+KxVtRCJzHBjbkTORBp9Bw==\n"
	b := signed(t, logKey(t, "log.example/one"), Checkpoint{"log.example/one", 2, TreeHash([][]byte{[]byte("a"), []byte("b")})})
	line, err := Cosign(signer, b, time.Unix(second, 999))
	if err != nil || string(line) != want {
		t.Errorf("%s, %v", line, err)
	}
	verifier, err := VerifierOf(signer)
	if err != nil {
		t.Fatal(err)
	}
	got, at, err := Cosignature(b, line, verifier)
	if err != nil || string(got) != want || at.Unix() != second || at.Location() != time.UTC {
		t.Error(string(got), at, err)
	}
}

func TestKeys(t *testing.T) {
	for _, k := range []pair{logKey(t, origin), witnessKey(t, "witness.example/é")} {
		if v, err := VerifierOf(k.signer); err != nil || v != k.verifier {
			t.Error(v, err)
		}
		for _, bad := range changes(k.verifier) {
			if _, err := parseVerifier(bad); err == nil {
				t.Errorf("%s passes for %s", bad, k.verifier)
			}
		}
		for _, bad := range []string{"", "PRIVATE+KEY+", k.verifier, k.signer[1:], k.signer[:len(k.signer)-4], strings.Replace(k.signer, "example", "exampel", 1)} {
			_, err := VerifierOf(bad)
			if err == nil {
				t.Errorf("signing key %q", bad)
			} else if strings.Contains(err.Error(), k.signer[len(k.signer)-20:]) {
				t.Errorf("the error quotes the key: %v", err)
			}
		}
	}
	for _, name := range []string{"", "a b", "a+b", "a\nb", "a\u2028b", "a\x7f", "\xff", strings.Repeat("a", 256)} {
		if _, _, err := NewSigner(name); err == nil {
			t.Errorf("a key for %q", name)
		}
	}
}

// A key has one use: logs sign texts, witnesses cosign.
func TestKeysAreNotMixedUp(t *testing.T) {
	l, w := logKey(t, origin), witnessKey(t, origin)
	c := inventedCheckpoint()
	b := signed(t, l, c)
	if _, err := SignCheckpoint(w.signer, c); !fault.Is(err, fault.Invalid) {
		t.Error("a witness's key signs a checkpoint")
	}
	if _, err := Cosign(l.signer, b, time.Unix(1, 0)); !fault.Is(err, fault.Invalid) {
		t.Error("a log's key cosigns")
	}
	if _, err := OpenCheckpoint(b, w.verifier); !fault.Is(err, fault.Invalid) {
		t.Error("a witness's key opens")
	}
	if name, err := WitnessName(w.verifier); err != nil || name != origin {
		t.Error(name, err)
	}
	if _, err := WitnessName(l.verifier); !fault.Is(err, fault.Invalid) {
		t.Error("a log's key names a witness")
	}
	if _, _, err := Cosignature(b, b, l.verifier); !fault.Is(err, fault.Invalid) {
		t.Error("a log's key for a cosignature")
	}
	if _, err := SignCheckpoint(logKey(t, "other.example").signer, c); err == nil {
		t.Error("one log signs for another")
	}
	for _, size := range []int64{-1, 1 << 62} {
		if _, err := SignCheckpoint(l.signer, Checkpoint{origin, size, c.Root}); err == nil {
			t.Errorf("size %d is signed", size)
		}
	}
}

func TestErrorsOfACheckpointAreToldApart(t *testing.T) {
	k, c := logKey(t, origin), inventedCheckpoint()
	b := signed(t, k, c)
	altered := []byte(strings.Replace(string(b), "20852163", "20852164", 1))
	foreign, err := SignText(logKey(t, "other.example").signer, c.text())
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := SignText(k.signer, Checkpoint{"other.example", 1, c.Root}.text())
	if err != nil {
		t.Fatal(err)
	}
	extended, err := SignText(k.signer, c.text()+"extension\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, case1 := range map[string]struct {
		b    []byte
		want error
	}{
		"altered":                {altered, ErrSignature},
		"another log's key":      {foreign, ErrUnknownKey},
		"same name, another key": {signed(t, logKey(t, origin), c), ErrUnknownKey},
		"another origin":         {elsewhere, ErrUnknownKey},
		"extension lines":        {extended, ErrMalformed},
		"nothing":                {nil, ErrMalformed},
		"truncated":              {b[:len(b)-1], ErrMalformed},
		"too large":              {append(slices.Clone(b), make([]byte, maxInput)...), ErrMalformed},
		"the signature twice":    {append(slices.Clone(b), b[strings.Index(string(b), "— "):]...), ErrMalformed},
	} {
		if _, err := OpenCheckpoint(case1.b, k.verifier); !errors.Is(err, case1.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every byte of a note with one signature counts, the spare bits of its base64 too.
func TestAnyChangedByteOfANoteIsFound(t *testing.T) {
	k := logKey(t, origin)
	const text = "ward-bundle/v1\n\nwith a blank line\n"
	b, err := SignText(k.signer, text)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenText(b, k.verifier); err != nil || got != text {
		t.Fatal(got, err)
	}
	for i := range b {
		for bit := range 8 {
			other := slices.Clone(b)
			other[i] ^= 1 << bit
			if _, err := OpenText(other, k.verifier); err == nil {
				t.Errorf("byte %d, bit %d: accepted %q", i, bit, other)
			}
		}
		for _, other := range [][]byte{slices.Delete(slices.Clone(b), i, i+1), slices.Insert(slices.Clone(b), i, b[i]), slices.Insert(slices.Clone(b), i, '\n')} {
			if _, err := OpenText(other, k.verifier); err == nil {
				t.Errorf("byte %d: accepted %q", i, other)
			}
		}
	}
	second, err := SignText(logKey(t, "other.example").signer, text)
	if err != nil {
		t.Fatal(err)
	}
	both := append(slices.Clone(b), second[strings.Index(string(second), "— "):]...)
	if _, err := OpenText(both, k.verifier); !errors.Is(err, ErrMalformed) {
		t.Error("a second signature is passed over", err)
	}
	for _, bad := range []string{"", "no end of line", "a\tb\n", "a\x00\n", "\xff\n", strings.Repeat("x\n", maxInput/2)} {
		if _, err := SignText(k.signer, bad); err == nil {
			t.Errorf("%q is signed", bad)
		}
	}
}

func TestCheckpointTextHasOneForm(t *testing.T) {
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, text := range []string{
		"a\n1\n" + root, "a\n1\n", "a\n01\n" + root + "\n", "a\n+1\n" + root + "\n", "a\n-1\n" + root + "\n", "a\n\n" + root + "\n",
		"a\n4611686018427387904\n" + root + "\n", "\n1\n" + root + "\n", "a b\n1\n" + root + "\n", "a+b\n1\n" + root + "\n",
		"a\n1\n" + root[:43] + "\n", "a\n1\n" + root[:42] + "B=\n", "a\n1\n" + root + "\r\n", "a\n1\n" + root + "\n\n", "a\n1\n" + root[:40] + "\r\n" + root[40:] + "\n",
	} {
		if c, err := parseCheckpoint(text); err == nil {
			t.Errorf("%q is read as %v", text, c)
		}
	}
	if _, err := parseCheckpoint("a\n1\n" + root + "\n"); err != nil {
		t.Error(err)
	}
}

func TestCosignaturesAreFoundAndAdded(t *testing.T) {
	l, w1, w2 := logKey(t, origin), witnessKey(t, "witness.example/1"), witnessKey(t, "witness.example/2")
	b := signed(t, l, inventedCheckpoint())
	line1, err := Cosign(w1.signer, b, time.Unix(100, 0))
	if err != nil {
		t.Fatal(err)
	}
	line2, err := Cosign(w2.signer, b, time.Unix(200, 0))
	if err != nil {
		t.Fatal(err)
	}
	answer := slices.Concat(line2, line1)
	got, at, err := Cosignature(b, answer, w1.verifier)
	if err != nil || string(got) != string(line1) || at.Unix() != 100 {
		t.Fatal(string(got), at, err)
	}
	once, err := AddCosignature(b, line1)
	if err != nil || string(once) != string(b)+string(line1) {
		t.Fatal(string(once), err)
	}
	later, err := Cosign(w1.signer, once, time.Unix(300, 0))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := AddCosignature(once, later); err != nil || string(again) != string(b)+string(later) {
		t.Error("a later cosignature does not replace the earlier one", string(again), err)
	}
	other := signed(t, l, Checkpoint{origin, 5, Hash{}})
	if _, _, err := Cosignature(other, line1, w1.verifier); !errors.Is(err, ErrSignature) {
		t.Error("a cosignature for another checkpoint", err)
	}
	if _, _, err := Cosignature(b, line2, w1.verifier); !errors.Is(err, ErrUnknownKey) {
		t.Error("another witness's cosignature", err)
	}
	text := inventedCheckpoint().text()
	inner, err := SignText(l.signer, text+"\nx\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Cosignature(b, inner[len(text)+1:], w1.verifier); !errors.Is(err, ErrMalformed) {
		t.Error("an answer continues the text", err)
	}
	for name, bad := range map[string][]byte{
		"nothing": nil, "two lines": answer, "no line end": line1[:len(line1)-1], "text": []byte("hello\n"), "a note": slices.Concat([]byte("x\n\n"), line1),
	} {
		if _, err := AddCosignature(b, bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnyChangedByteOfACosignatureIsFound(t *testing.T) {
	w := witnessKey(t, "witness.example/1")
	b := signed(t, logKey(t, origin), inventedCheckpoint())
	line, err := Cosign(w.signer, b, time.Unix(1_800_000_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	for i := range line {
		other := slices.Clone(line)
		other[i] ^= 1
		if _, _, err := Cosignature(b, other, w.verifier); err == nil {
			t.Errorf("byte %d: accepted %q", i, other)
		}
	}
	k, err := parseSigner(w.signer)
	if err != nil {
		t.Fatal(err)
	}
	for second, want := range map[uint64]bool{0: true, lastSecond: true, lastSecond + 1: false, 1 << 63: false} {
		sum := ed25519.Sign(ed25519.NewKeyFromSeed(k.raw), cosigned(second, []byte("text\n")))
		if got := (cosigner{k.public()}).Verify([]byte("text\n"), append(binary.BigEndian.AppendUint64(nil, second), sum...)); got != want {
			t.Errorf("a cosignature at second %d: %v", second, got)
		}
	}
	for _, at := range []int64{-1, lastSecond + 1} {
		if _, err := Cosign(w.signer, b, time.Unix(at, 0)); err == nil {
			t.Errorf("cosigned at %d", at)
		}
	}
}

func TestANoteMayHaveManySignatures(t *testing.T) {
	b := signed(t, logKey(t, origin), inventedCheckpoint())
	for i := range 99 {
		b = cosignedBy(t, b, witnessKey(t, fmt.Sprint("witness.example/", i)))
	}
	line, err := Cosign(witnessKey(t, "one.more").signer, b, time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := AddCosignature(b, line); !errors.Is(err, ErrMalformed) {
		t.Error("a note that nobody could read is made", err)
	}
}
