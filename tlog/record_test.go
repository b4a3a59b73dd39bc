package tlog

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func invented() []Field {
	return []Field{
		{"date", "2026-03-05"}, {"country", "XAB"}, {"place", "Invented Town"}, {"killed", ""}, {"actor", "Invented Militia"},
		{"Date", "5 March"}, {"original.sha256", strings.Repeat("ab", 32)}, {"e\u0301", "x"},
	}
}

func only(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

func everything(string) bool { return true }
func nothing(string) bool    { return false }

func digestOf(t *testing.T, list []Shown) Hash {
	t.Helper()
	h, err := ShownDigest(list)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The layout is fixed here so that another implementation can follow it: computed by hand from the comment in the contract.
func TestDigestIsTheOneWrittenDown(t *testing.T) {
	var s Secret
	for i := range s {
		s[i] = byte(i)
	}
	const want = "61711a0c0ebdb2623e18948cbb47219d479a31e76f7307911a9524f86e4cf26f"
	if got := Hex(s.Digest([]Field{{"b", "two"}, {"a", "one"}, {"c", ""}})); got != want {
		t.Errorf("digest %s", got)
	}
}

func TestWhateverIsShownTheDigestIsTheSame(t *testing.T) {
	s, fields := NewSecret(), invented()
	want := s.Digest(fields)
	for range 50 {
		rand.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		mask := rand.Uint32()
		n := 0
		list := s.Show(fields, func(string) bool { n++; return mask>>n&1 == 1 })
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		var read []Shown
		if err := json.Unmarshal(text, &read); err != nil || !slices.Equal(read, list) {
			t.Fatal("JSON changes what is shown", err)
		}
		if digestOf(t, read) != want {
			t.Fatalf("showing %b gives another digest", mask)
		}
	}
	if NewSecret().Digest(fields) == want {
		t.Error("another secret, the same digest")
	}
}

// Every byte of every text of every entry counts.
func TestAnyChangeOfWhatIsShownIsFound(t *testing.T) {
	s, fields := NewSecret(), invented()
	want := s.Digest(fields)
	list := s.Show(fields, only("date", "place", "killed", "e\u0301"))
	found := func(what string, list []Shown) {
		t.Helper()
		if h, err := ShownDigest(list); err == nil && h == want {
			t.Errorf("not found: %s", what)
		}
	}
	for i := range list {
		for _, text := range []func(*Shown) *string{
			func(f *Shown) *string { return &f.Name }, func(f *Shown) *string { return &f.Value },
			func(f *Shown) *string { return &f.Salt }, func(f *Shown) *string { return &f.Hash },
		} {
			other := slices.Clone(list)
			at := text(&other[i])
			whole := *at
			for j := range whole {
				changed := []byte(whole)
				changed[j] ^= 1
				*at = string(changed)
				found("a changed byte", other)
				*at = whole[:j] + whole[j+1:]
				found("a missing byte", other)
				*at = strings.ToUpper(whole)
				if *at != whole {
					found("upper case", other)
				}
			}
			*at = whole + "0"
			found("a byte more", other)
		}
		found("a missing entry", slices.Delete(slices.Clone(list), i, i+1))
		found("a repeated entry", slices.Insert(slices.Clone(list), i, list[i]))
		for j := range i {
			other := slices.Clone(list)
			other[i], other[j] = other[j], other[i]
			found("entries in another order", other)
		}
	}
}

// Salts follow from names: a value and its salt under another name are another field.
func TestAValueMovedToAnotherNameIsFound(t *testing.T) {
	s := NewSecret()
	fields := []Field{{"injured", "3"}, {"killed", "5"}}
	list := s.Show(fields, everything)
	list[0].Value, list[1].Value = list[1].Value, list[0].Value
	if digestOf(t, list) == s.Digest(fields) {
		t.Error("two values changed places")
	}
	list[0].Salt, list[1].Salt = list[1].Salt, list[0].Salt
	if digestOf(t, list) == s.Digest(fields) {
		t.Error("two values changed places with their salts")
	}
	if list[0].Salt == list[1].Salt {
		t.Error("two names, one salt")
	}
}

// Without lengths, the end of a name could become the beginning of a value.
func TestNamesAndValuesDoNotRunTogether(t *testing.T) {
	s := NewSecret()
	list := s.Show([]Field{{"ab", "c"}}, everything)
	want := digestOf(t, list)
	list[0].Name, list[0].Value = "a", "bc"
	if digestOf(t, list) == want {
		t.Error("ab|c and a|bc are one")
	}
}

func TestShownDigestRefuses(t *testing.T) {
	s := NewSecret()
	fields := []Field{{"a", "1"}, {"b", "2"}, {"c", "3"}}
	all, none := s.Show(fields, everything), s.Show(fields, nothing)
	double := all[1]
	double.Hash = none[1].Hash
	for name, list := range map[string][]Shown{
		"nothing":              nil,
		"out of order":         {all[1], all[0], all[2]},
		"out of order, apart":  {all[2], none[1], all[0]},
		"repeated":             {all[0], all[0], all[2]},
		"repeated, apart":      {all[0], none[1], all[0]},
		"both forms":           {all[0], double, all[2]},
		"neither form":         {all[0], {}, all[2]},
		"no salt":              {{Name: "a", Value: "1"}},
		"no name":              {{Value: "1", Salt: all[0].Salt}},
		"hash and value":       {{Value: "1", Hash: none[0].Hash}},
		"hash and name":        {{Name: "a", Hash: none[0].Hash}},
		"hash and salt":        {{Salt: all[0].Salt, Hash: none[0].Hash}},
		"short salt":           {{Name: "a", Value: "1", Salt: all[0].Salt[:62]}},
		"upper-case hash":      {{Hash: strings.Repeat("AB", 32)}},
		"a hash with a prefix": {{Hash: "0x" + none[0].Hash[2:]}},
	} {
		if h, err := ShownDigest(list); err == nil {
			t.Errorf("%s: accepted as %s", name, Hex(h))
		}
	}
}

func TestProgrammingErrorsPanic(t *testing.T) {
	for name, fields := range map[string][]Field{"repeated": {{"a", "1"}, {"b", ""}, {"a", "2"}}, "unnamed": {{"", "1"}}, "none": nil} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			NewSecret().Digest(fields)
		}()
	}
}

func TestParseHash(t *testing.T) {
	h := TreeHash(nil)
	if got, err := ParseHash(Hex(h)); err != nil || got != h {
		t.Error(err)
	}
	for _, s := range []string{"", "ab", Hex(h)[1:], Hex(h) + "0", strings.ToUpper(Hex(h)), "g" + Hex(h)[1:], " " + Hex(h)[1:]} {
		if _, err := ParseHash(s); err == nil {
			t.Errorf("%q", s)
		}
	}
}
