package seal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"ward/fault"
)

// cheap makes tests quick; no workspace would use it.
var cheap = Cost{Time: 1, MemoryKiB: 64, Threads: 1}

const (
	words      = "lantern quarry, seven geese"
	otherWords = "copper kettle, no handle"
)

func newTestKeyring(t testing.TB) (*Keyring, *Desk) {
	t.Helper()
	r, d, err := NewKeyring([]byte(words), cheap)
	if err != nil {
		t.Fatal(err)
	}
	return r, d
}

// stored is the keyring as it comes back from the database.
func stored(t testing.TB, r *Keyring) *Keyring {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Keyring
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return &back
}

func mustSetSecret(t testing.TB, r *Keyring, d *Desk, name, value string) {
	t.Helper()
	if err := r.SetSecret(d, name, []byte(value)); err != nil {
		t.Fatal(err)
	}
}

func TestPassphraseOpensTheDesk(t *testing.T) {
	r, d := newTestKeyring(t)
	mustSetSecret(t, r, d, "log", "signing key")
	k := NewKey()
	wrapped := d.Wrap("report 01", k)
	if len(wrapped) != 72 {
		t.Errorf("a wrap has %d bytes", len(wrapped))
	}
	r = stored(t, r)
	again, err := r.Unlock([]byte(words + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Unwrap("report 01", wrapped); err != nil || got != k {
		t.Errorf("the data key does not come back: %v", err)
	}
	if again.Index() != d.Index() || again.Index() == (Key{}) || again.Generation() != 1 || string(again.Secret("log")) != "signing key" || again.Secret("none") != nil {
		t.Error("index key, generation or secrets differ after unlocking")
	}
	if _, err := r.Unlock([]byte(otherWords)); !fault.Is(err, fault.Refused) {
		t.Errorf("a wrong passphrase: %v", err)
	}
}

// golden is a keyring of format 1 as it was first written, with two of its shares and a data key (bytes 0 to 31) wrapped for "report 01". It
// must open for as long as there are keyrings of this format: if a test with it fails, the format has changed.
const (
	goldenFile   = "testdata/keyring.json"
	goldenShare1 = "clinic avoid jungle guide obey across wool problem gravity favorite fun fiction arrest whip labor embark"
	goldenShare2 = "clinic avoid rib sad garage correct smile ghost marine edit east charge hazard drum gaze enrich"
	goldenWrap   = "6e13fbb25da3bc59c29c2925384e441a698f95be052c8f65e96d23ac06c4c812c193d957722e45767ceffd6bbf2d8f40b1d4c7854788b28f83c754bb8ad8408f910fd81718e8b763"
)

func golden(t testing.TB) (text []byte, a, b Share) {
	t.Helper()
	text, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	a, errA := ParseShare(goldenShare1)
	b, errB := ParseShare(goldenShare2)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	return text, a, b
}

func TestKeyringOfFormatOneOpensForEver(t *testing.T) {
	text, a, b := golden(t)
	var r Keyring
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	byPass, err := r.Unlock([]byte(words))
	if err != nil {
		t.Fatal(err)
	}
	byShares, err := r.UnlockWithShares(a, b)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := hex.DecodeString(goldenWrap)
	if err != nil {
		t.Fatal(err)
	}
	var want Key
	for i := range want {
		want[i] = byte(i)
	}
	for _, d := range []*Desk{byPass, byShares} {
		if k, err := d.Unwrap("report 01", wrapped); err != nil || k != want || string(d.Secret("log")) != "an invented signing key" {
			t.Errorf("got %q, %v", d.Secret("log"), err)
		}
	}
}

func TestKeyringHoldsNothingInClear(t *testing.T) {
	r, d := newTestKeyring(t)
	mustSetSecret(t, r, d, "log", "signing key")
	if _, _, err := confirmed(r, d, 3); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := r.Shares.secret(d)
	if err != nil {
		t.Fatal(err)
	}
	for name, hidden := range map[string][]byte{"desk key": d.key[:], "index key": d.index[:], "log key": []byte("signing key"), "shared secret": secret, "passphrase": []byte(words)} {
		inJSON, err := json.Marshal(hidden)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range [][]byte{hidden, bytes.Trim(inJSON, `"=`)} {
			if bytes.Contains(text, form) {
				t.Errorf("the %s stands in the keyring", name)
			}
		}
	}
}

func TestPassphraseMayBeComposedOrNot(t *testing.T) {
	r, _, err := NewKeyring([]byte("caf\u00e9 au lait, tr\u00e8s"), cheap)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unlock([]byte("cafe\u0301 au lait, tre\u0300s")); err != nil {
		t.Errorf("the same letters, sent in another way, do not open: %v", err)
	}
}

func TestShortPassphrasesAreRefusedWithAdvice(t *testing.T) {
	r, d := newTestKeyring(t)
	before := stored(t, r)
	for _, short := range []string{"", "elevenchars", "   eleven       ", "ééééééééééé"} {
		_, _, err := NewKeyring([]byte(short), cheap)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "at random") {
			t.Errorf("new with %q: %v", short, err)
		}
		if err := r.SetPassphrase(d, []byte(short), cheap); !fault.Is(err, fault.Invalid) {
			t.Errorf("set to %q: %v", short, err)
		}
		if _, _, err := r.Rotate(d, []byte(short), cheap); !fault.Is(err, fault.Invalid) {
			t.Errorf("rotated to %q: %v", short, err)
		}
	}
	if !bytes.Equal(before.Passphrase.Sealed, r.Passphrase.Sealed) {
		t.Error("a refused passphrase changed the keyring")
	}
	if _, _, err := NewKeyring([]byte("twelve chars"), cheap); err != nil {
		t.Errorf("twelve characters: %v", err)
	}
}

func TestNewPassphraseReplacesTheFormer(t *testing.T) {
	r, d := newTestKeyring(t)
	if err := r.SetPassphrase(d, []byte(otherWords), cheap); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unlock([]byte(words)); !fault.Is(err, fault.Refused) {
		t.Errorf("the former passphrase: %v", err)
	}
	if _, err := r.Unlock([]byte(otherWords)); err != nil {
		t.Errorf("the new passphrase: %v", err)
	}
}

func TestAbsurdCostsAreRefusedBeforeAnyWork(t *testing.T) {
	for _, c := range []Cost{
		{0, 64, 1}, {17, 64, 1}, {1 << 31, 64, 1}, {1, 1<<20 + 1, 1}, {1, 1<<32 - 1, 1}, {1, 64, 0}, {1, 1 << 10, 17}, {1, 64, 255}, {1, 7, 1}, {1, 31, 4}, {},
	} {
		r, _ := newTestKeyring(t)
		r.Passphrase.Cost = c
		if _, err := stored(t, r).Unlock([]byte(words)); !fault.Is(err, fault.Limit) {
			t.Errorf("unlock with %+v: %v", c, err)
		}
		if _, _, err := NewKeyring([]byte(words), c); !fault.Is(err, fault.Limit) {
			t.Errorf("new with %+v: %v", c, err)
		}
	}
	for _, c := range []Cost{Recommended(), {16, 1 << 20, 16}, {1, 128, 16}} {
		if err := c.check(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestDamagedKeyringsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(r *Keyring, d *Desk)
		want   fault.Kind
	}{
		"empty":                 {func(r *Keyring, d *Desk) { *r = Keyring{} }, fault.Invalid},
		"older format":          {func(r *Keyring, d *Desk) { r.Version = 0 }, fault.Invalid},
		"newer format":          {func(r *Keyring, d *Desk) { r.Version = 2 }, fault.Invalid},
		"no generation":         {func(r *Keyring, d *Desk) { r.Generation = 0 }, fault.Invalid},
		"other generation":      {func(r *Keyring, d *Desk) { r.Generation = 2 }, fault.Refused},
		"no index key":          {func(r *Keyring, d *Desk) { delete(r.Secrets, "index") }, fault.Invalid},
		"short index key":       {func(r *Keyring, d *Desk) { r.Secrets["index"] = r.Secrets["index"][:30] }, fault.Internal},
		"no salt":               {func(r *Keyring, d *Desk) { r.Passphrase.Salt = nil }, fault.Invalid},
		"long salt":             {func(r *Keyring, d *Desk) { r.Passphrase.Salt = make([]byte, 1<<20) }, fault.Invalid},
		"salt of somebody else": {func(r *Keyring, d *Desk) { r.Passphrase.Salt[0] ^= 1 }, fault.Refused},
		"other cost":            {func(r *Keyring, d *Desk) { r.Passphrase.Cost.MemoryKiB += 4 }, fault.Refused},
		"no envelope":           {func(r *Keyring, d *Desk) { r.Passphrase.Sealed = nil }, fault.Refused},
		"envelope cut":          {func(r *Keyring, d *Desk) { r.Passphrase.Sealed = r.Passphrase.Sealed[:71] }, fault.Refused},
		"envelope longer":       {func(r *Keyring, d *Desk) { r.Passphrase.Sealed = append(r.Passphrase.Sealed, 0) }, fault.Refused},
		"secret altered":        {func(r *Keyring, d *Desk) { r.Secrets["log"][30] ^= 1 }, fault.Internal},
		"secrets exchanged": {func(r *Keyring, d *Desk) {
			r.Secrets["log"], r.Secrets["witness"] = r.Secrets["witness"], r.Secrets["log"]
		}, fault.Internal},
		"secret from a wrap":     {func(r *Keyring, d *Desk) { r.Secrets["log"] = d.Wrap("log", NewKey()) }, fault.Internal},
		"share secret as secret": {func(r *Keyring, d *Desk) { r.Secrets["log"] = r.Shares.Secret }, fault.Internal},
	} {
		r, d := newTestKeyring(t)
		mustSetSecret(t, r, d, "log", "one key")
		mustSetSecret(t, r, d, "witness", "other key")
		if _, _, err := confirmed(r, d, 2); err != nil {
			t.Fatal(err)
		}
		c.damage(r, d)
		_, err := stored(t, r).Unlock([]byte(words))
		if !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		} else if strings.Contains(err.Error(), "one key") || strings.Contains(err.Error(), words) {
			t.Errorf("%s: the error quotes a secret: %v", name, err)
		}
		if newer := err != nil && strings.Contains(err.Error(), "newer Ward"); newer != (name == "newer format") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeyringsOfOnePassphraseDiffer(t *testing.T) {
	r1, d1 := newTestKeyring(t)
	r2, d2 := newTestKeyring(t)
	if bytes.Equal(r1.Passphrase.Salt, r2.Passphrase.Salt) || d1.key == d2.key || d1.Index() == d2.Index() {
		t.Error("two workspaces share a salt or a key")
	}
	former := r1.Passphrase.Salt
	if err := r1.SetPassphrase(d1, []byte(words), cheap); err != nil || bytes.Equal(former, r1.Passphrase.Salt) {
		t.Errorf("the salt is used again: %v", err)
	}
}

// An index key of the wrong length can only be written by somebody with the desk key; it must not end the program.
func TestIndexKeyOfWrongLengthIsDamage(t *testing.T) {
	r, d := newTestKeyring(t)
	r.Secrets["index"] = d.key.Seal(secretContext("index"), []byte("short"))
	if _, err := r.Unlock([]byte(words)); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
	wrapped := d.key.Seal(wrapContext("report 01"), []byte("short"))
	if _, err := d.Unwrap("report 01", wrapped); !fault.Is(err, fault.Internal) {
		t.Errorf("got %v", err)
	}
}

func TestWrapsAreBoundToTheirSubject(t *testing.T) {
	_, d := newTestKeyring(t)
	wrapped := d.Wrap("report 01", NewKey())
	if _, err := d.Unwrap("report 02", wrapped); !fault.Is(err, fault.Internal) {
		t.Errorf("a wrap moved to another subject opens: %v", err)
	}
	for i := range wrapped {
		bad := bytes.Clone(wrapped)
		bad[i] ^= 0x80
		if _, err := d.Unwrap("report 01", bad); err == nil {
			t.Fatalf("a wrap opens with byte %d altered", i)
		}
	}
}

func TestSecretsAreReplacedAndCopied(t *testing.T) {
	r, d := newTestKeyring(t)
	mustSetSecret(t, r, d, "log", "first")
	mustSetSecret(t, r, d, "log", "second")
	d.Secret("log")[0] = 'X'
	again, err := r.Unlock([]byte(words))
	if err != nil {
		t.Fatal(err)
	}
	if string(d.Secret("log")) != "second" || string(again.Secret("log")) != "second" {
		t.Errorf("held %q, stored %q", d.Secret("log"), again.Secret("log"))
	}
	defer func() {
		if recover() == nil {
			t.Error("the index key was replaced")
		}
	}()
	r.SetSecret(d, "index", make([]byte, 32))
}

func TestRotationKeepsSecretsAndSharesUnderANewKey(t *testing.T) {
	r, old := newTestKeyring(t)
	mustSetSecret(t, r, old, "log", "signing key")
	a, b, err := confirmed(r, old, 3)
	if err != nil {
		t.Fatal(err)
	}
	next, d, err := r.Rotate(old, []byte(otherWords), cheap)
	if err != nil {
		t.Fatal(err)
	}
	next = stored(t, next)
	byPass, err := next.Unlock([]byte(otherWords))
	if err != nil {
		t.Fatal(err)
	}
	byShares, err := next.UnlockWithShares(a, b)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]*Desk{"new": d, "by passphrase": byPass, "by shares": byShares} {
		if got.Generation() != 2 || got.key == old.key || got.key != d.key || got.Index() != old.Index() || string(got.Secret("log")) != "signing key" {
			t.Errorf("%s: %v does not continue the workspace", name, got)
		}
	}
	if again, err := r.Unlock([]byte(words)); err != nil || again.key != old.key {
		t.Errorf("the former keyring was changed: %v", err)
	}
	if _, err := next.Unlock([]byte(words)); !fault.Is(err, fault.Refused) {
		t.Errorf("the former passphrase opens the new keyring: %v", err)
	}
}

func TestFormerDeskKeyOpensNothingNew(t *testing.T) {
	r, old := newTestKeyring(t)
	k := NewKey()
	next, d, err := r.Rotate(old, []byte(otherWords), cheap)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Unwrap("report 01", d.Wrap("report 01", k)); err == nil {
		t.Error("the former desk key opens a new wrap")
	}
	if _, err := d.Unwrap("report 01", old.Wrap("report 01", k)); err == nil {
		t.Error("the new desk key opens a former wrap: it is the same key")
	}
	if _, err := next.desk(old.key); err == nil {
		t.Error("the former desk key opens the new keyring's secrets")
	}
	conflicts := map[string]error{
		"SetSecret":     next.SetSecret(old, "log", []byte("x")),
		"SetPassphrase": next.SetPassphrase(old, []byte(words), cheap),
	}
	_, _, conflicts["NewShares"] = next.NewShares(old, 2)
	_, _, conflicts["Rotate"] = next.Rotate(old, []byte(words), cheap)
	for name, err := range conflicts {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s with the former desk: %v", name, err)
		}
	}
	if next.Secrets["log"] != nil {
		t.Error("a refused secret was kept")
	}
}

func TestRotationOfADamagedKeyringFails(t *testing.T) {
	r, d := newTestKeyring(t)
	if _, _, err := confirmed(r, d, 2); err != nil {
		t.Fatal(err)
	}
	r.Shares.Secret[40] ^= 1
	if next, desk, err := r.Rotate(d, []byte(otherWords), cheap); err == nil || next != nil || desk != nil {
		t.Errorf("the share set is lost without a word: %v", err)
	}
}
