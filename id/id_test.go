package id

import (
	"regexp"
	"testing"
	"time"
)

func TestULIDTimePartFollowsTheSpecification(t *testing.T) {
	// 2016-07-30T23:54:10.259Z is the worked example of the ULID specification (time part 01ARZ3NDEK).
	got := New(time.UnixMilli(1469922850259))
	if got[:10] != "01ARZ3NDEK" {
		t.Errorf("time part %s", got[:10])
	}
	if len(got) != 26 {
		t.Errorf("length %d", len(got))
	}
	if made, ok := Time(got); !ok || made.UnixMilli() != 1469922850259 {
		t.Errorf("made at %v, %t", made, ok)
	}
	for _, none := range []string{"", got[1:], "u" + got[1:], "WRD-XAA-2023-ABCDEFGHJKMNP"} {
		if _, ok := Time(none); ok {
			t.Errorf("%q is taken for a ULID", none)
		}
	}
}

func TestULIDsSortByTimeAndDoNotRepeat(t *testing.T) {
	early, late := New(time.UnixMilli(1000)), New(time.UnixMilli(2000))
	if early >= late {
		t.Errorf("%s does not sort before %s", early, late)
	}
	seen := map[string]bool{}
	for range 10000 {
		x := New(time.UnixMilli(5))
		if seen[x] {
			t.Fatal("repeated")
		}
		seen[x] = true
	}
}

func TestPublicIDShape(t *testing.T) {
	shape := regexp.MustCompile(`^WRD-XAA-2023-[0-9A-HJKMNP-TV-Z]{8}$`)
	if got := Public("XAA", 2023); !shape.MatchString(got) {
		t.Errorf("got %s", got)
	}
}
