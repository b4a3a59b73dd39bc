package store_test

import (
	"slices"
	"testing"

	"ward/fault"
	"ward/store"
)

// unpacked cuts n texts out of what was packed.
func unpacked(packed []byte, n int) ([]string, error) {
	out, into := make([]string, n), make([]*string, n)
	for i := range out {
		into[i] = &out[i]
	}
	return out, store.Unpack(packed, into...)
}

func TestPackedTextsComeApartAsTheyWere(t *testing.T) {
	long := string(make([]byte, 70000))
	for _, texts := range [][]string{nil, {""}, {"", "", ""}, {"a", "", "b"}, {"\x00\xff", "words, \"quoted\"\n"}, {long, "x", long}} {
		got, err := unpacked(store.Pack(texts...), len(texts))
		if err != nil || !slices.Equal(got, texts) {
			t.Errorf("%d texts: %v, %d come back", len(texts), err, len(got))
		}
	}
}

func TestATornOrOverlongRowIsRefused(t *testing.T) {
	packed := store.Pack("one", "", "three")
	for n := range packed {
		if _, err := unpacked(packed[:n], 3); !fault.Is(err, fault.Internal) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	for what, count := range map[string]int{"fewer": 2, "more": 4, "none": 0} {
		if _, err := unpacked(packed, count); !fault.Is(err, fault.Internal) {
			t.Errorf("read as %s texts: %v", what, err)
		}
	}
	huge := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 'x'} // a length of 2^64-1
	if _, err := unpacked(huge, 1); !fault.Is(err, fault.Internal) {
		t.Errorf("a length beyond all memory: %v", err)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte{}, 0)
	f.Add(store.Pack("a", "", "words"), 3)
	f.Add([]byte{0x80, 0x00}, 1)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, 2)
	f.Fuzz(func(t *testing.T, packed []byte, n int) {
		n = int(uint(n) % 12)
		texts, err := unpacked(packed, n)
		if err != nil {
			return
		}
		sum := 0
		for _, s := range texts {
			sum += len(s)
		}
		if sum > len(packed) {
			t.Errorf("%d bytes came out of %d", sum, len(packed))
		}
		again, err := unpacked(store.Pack(texts...), n)
		if err != nil || !slices.Equal(again, texts) {
			t.Errorf("%v: %q became %q", err, texts, again)
		}
	})
}
