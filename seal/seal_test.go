package seal

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"ward/fault"
)

func TestSealedValueOpensOnlyWithItsKeyAndContext(t *testing.T) {
	k := NewKey()
	plain := []byte("the clinic at Oru in XAB")
	sealed := k.Seal("report 01 text", plain)
	if len(sealed) != len(plain)+Overhead || Overhead != 40 {
		t.Errorf("%d bytes for %d", len(sealed), len(plain))
	}
	got, err := k.Open("report 01 text", sealed)
	if err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := k.Open("report 02 text", sealed); !fault.Is(err, fault.Internal) {
		t.Errorf("a value moved to another report opens: %v", err)
	}
	if _, err := NewKey().Open("report 01 text", sealed); !fault.Is(err, fault.Internal) {
		t.Errorf("another key opens it: %v", err)
	}
	if bytes.Equal(sealed, k.Seal("report 01 text", plain)) {
		t.Error("two sealings of one text are equal: the nonce is not random")
	}
}

func TestEveryFlippedBitAndEveryCutOfASealedValueIsRefused(t *testing.T) {
	k := NewKey()
	sealed := k.Seal("c", []byte("secret words"))
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			if _, err := k.Open("c", bad); err == nil {
				t.Fatalf("opens with bit %d of byte %d flipped", bit, i)
			}
		}
		_, err := k.Open("c", sealed[:i])
		if err == nil {
			t.Fatalf("opens when cut to %d bytes", i)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Fatalf("the error quotes what it protects: %v", err)
		}
	}
}

func TestEmptyTextIsSealedToo(t *testing.T) {
	k := NewKey()
	if got, err := k.Open("c", k.Seal("c", nil)); err != nil || len(got) != 0 {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestBlindTellsPartsApartAndNeedsTheKey(t *testing.T) {
	k := Key{1, 2, 3}
	// HMAC-SHA256 with this key over "ward/blind/v1\0", u64 2, "ab", u64 1, "c", computed apart with Python's hmac module.
	if got := k.Blind("ab", "c"); got != "92de5cbae422dcab53c91af0b0e40359" {
		t.Errorf("got %s", got)
	}
	seen := map[string]string{}
	for _, c := range []struct {
		name  string
		key   Key
		parts []string
	}{
		{"ab c", k, []string{"ab", "c"}}, {"a bc", k, []string{"a", "bc"}}, {"abc", k, []string{"abc"}},
		{"none", k, nil}, {"empty", k, []string{""}}, {"other key", Key{9}, []string{"ab", "c"}},
	} {
		got := c.key.Blind(c.parts...)
		if other, taken := seen[got]; taken {
			t.Errorf("%s and %s are equal", c.name, other)
		}
		seen[got] = c.name
	}
}

func TestKeysAreNotPrinted(t *testing.T) {
	k := Key{0xab, 0xcd}
	_, d := newTestKeyring(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		if got := fmt.Sprintf(verb, k); got != "[key]" {
			t.Errorf("%s prints %s", verb, got)
		}
		if got := fmt.Sprintf(verb, d); got != "[desk key 1]" {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}
