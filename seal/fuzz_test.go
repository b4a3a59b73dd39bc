package seal

import (
	"encoding/json"
	"strings"
	"testing"
)

func FuzzParseShare(f *testing.F) {
	f.Add(aShare().String())
	f.Add(strings.ToUpper(aShare().String()))
	f.Add(strings.Repeat("zoo ", 16))
	f.Add("ﬃ İ \xff\x00 abandon")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseShare(text)
		if err != nil {
			return
		}
		if again, err := ParseShare(s.String()); err != nil || again != s {
			t.Errorf("%q is not read back: %v", text, err)
		}
	})
}

func FuzzKeyring(f *testing.F) {
	good, a, b := golden(f)
	f.Add(good)
	f.Add([]byte(`{"version":1,"generation":1,"passphrase":{"cost":{"time":1,"memoryKiB":4294967295,"threads":255}},"shares":{},"secrets":{"index":""}}`))
	f.Add([]byte(`{"version":1,"generation":-1,"secrets":null}`))
	var r Keyring
	if err := json.Unmarshal(good, &r); err != nil {
		f.Fatal(err)
	}
	d, err := r.Unlock([]byte(words))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r Keyring
		if json.Unmarshal(text, &r) != nil {
			return
		}
		if desk, err := r.UnlockWithShares(a, b); err == nil && desk.key != d.key {
			t.Error("shares open another key")
		}
		if c := r.Passphrase.Cost; c.check() == nil && (c.MemoryKiB > 1<<10 || c.Time > 2) {
			return // allowed, but too dear for a fuzzer
		}
		if desk, err := r.Unlock([]byte(words)); err == nil && desk.key != d.key {
			t.Error("the passphrase opens another key")
		}
	})
}
