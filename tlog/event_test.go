package tlog

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func inventedEvent() Event {
	return Event{
		Tenant: "ward-xab", Act: "report.received", Subject: "report 01INVENTED", Secret: NewSecret(),
		At: "2026-03-05T10:00:00Z", Who: "coder-2", Digest: Hex(sha256.Sum256([]byte("invented record"))),
	}
}

func leafOf(t *testing.T, o Opening) (Leaf, Hash) {
	t.Helper()
	leaf, digest, err := o.Leaf()
	if err != nil {
		t.Fatal(err)
	}
	return leaf, digest
}

func TestLeafIsTheOneWrittenDown(t *testing.T) {
	e := Event{Tenant: "t", Act: "a", Subject: "s", At: "2026", Who: "w", Digest: Hex(Hash{})}
	const want = "03a108d7ad9be421508af8f808bdc8bd14d348974817e7d6872b2a4b59af577f"
	leaf := e.Leaf()
	if got := Hex(Hash(leaf[4:])); got != want || string(leaf[:4]) != "WL\x01\x00" {
		t.Errorf("leaf %x", leaf)
	}
}

func TestAnOpeningOpensToTheLeaf(t *testing.T) {
	e := inventedEvent()
	for _, names := range [][]string{nil, {"at"}, {"who"}, {"at", "who"}} {
		text, err := json.Marshal(e.Open(only(names...)))
		if err != nil {
			t.Fatal(err)
		}
		for _, hidden := range []struct{ name, value string }{{"at", e.At}, {"who", e.Who}} {
			if strings.Contains(string(text), hidden.value) != slices.Contains(names, hidden.name) {
				t.Errorf("showing %v: %s", names, text)
			}
		}
		var o Opening
		if err := json.Unmarshal(text, &o); err != nil {
			t.Fatal(err)
		}
		leaf, digest := leafOf(t, o)
		if leaf != e.Leaf() || Hex(digest) != e.Digest {
			t.Errorf("showing %v opens to another leaf or digest", names)
		}
	}
}

// A reader who knows everything disclosed, and what the time and the person might be, cannot find out whether they are.
func TestWhatAnOpeningLeavesOutCannotBeGuessed(t *testing.T) {
	e := inventedEvent()
	o := e.Open(nothing)
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []Hash{Hash(e.Secret), e.Secret.derive("ward/salt/v1\x00at"), e.Secret.derive("ward/salt/v1\x00who")} {
		if strings.Contains(string(text), Hex(secret)) {
			t.Error("the opening tells a secret")
		}
	}
	var keys []Secret
	for _, s := range []string{o.Key, o.Shown[0].Hash, o.Shown[1].Salt, o.Shown[2].Hash, Hex(Hash{})} {
		h, err := ParseHash(s)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, Secret(h))
	}
	guess := []Field{{"at", e.At}, {"digest", e.Digest}, {"who", e.Who}}
	for _, key := range keys {
		for i, f := range guess {
			for _, salt := range []Hash{key.derive("ward/salt/v1\x00" + f.Name), Hash(key), key.derive("ward/mac/v1")} {
				if i != 1 && Hex(fieldHash(salt, f.Name, f.Value)) == o.Shown[i].Hash {
					t.Errorf("%s can be guessed", f.Name)
				}
			}
		}
		if key != (Secret{}) && key.derive("ward/mac/v1") == e.macKey() {
			t.Error("the key follows from what is shown")
		}
	}
	again := e
	again.Secret = NewSecret()
	if o2 := again.Open(nothing); o2.Shown[0] == o.Shown[0] || o2.Shown[2] == o.Shown[2] {
		t.Error("two events by one person at one time can be joined")
	}
}

func TestAnyChangeOfAnOpeningIsFound(t *testing.T) {
	e := inventedEvent()
	o := e.Open(only("at"))
	want, _ := leafOf(t, o)
	texts := []func(*Opening) *string{
		func(o *Opening) *string { return &o.Tenant }, func(o *Opening) *string { return &o.Act },
		func(o *Opening) *string { return &o.Subject }, func(o *Opening) *string { return &o.Key },
	}
	for i := range o.Shown {
		texts = append(texts,
			func(o *Opening) *string { return &o.Shown[i].Name }, func(o *Opening) *string { return &o.Shown[i].Value },
			func(o *Opening) *string { return &o.Shown[i].Salt }, func(o *Opening) *string { return &o.Shown[i].Hash })
	}
	for n, text := range texts {
		other := o
		other.Shown = slices.Clone(o.Shown)
		at := text(&other)
		whole := *at
		for _, changed := range append(changes(whole), whole+"0", whole+" ") {
			*at = changed
			if leaf, _, err := other.Leaf(); err == nil && leaf == want {
				t.Errorf("text %d: %q for %q is not found", n, changed, whole)
			}
		}
	}
	moved := o
	moved.Act, moved.Subject = o.Act+o.Subject[:1], o.Subject[1:]
	if leaf, _ := leafOf(t, moved); leaf == want {
		t.Error("act and subject run together")
	}
}

// changes are the texts one byte away.
func changes(s string) []string {
	var out []string
	for i := range s {
		b := []byte(s)
		b[i] ^= 1
		out = append(out, string(b), s[:i]+s[i+1:])
	}
	return out
}

func TestOpeningsOfAnotherFormAreRefused(t *testing.T) {
	e := inventedEvent()
	whole := e.Open(everything)
	hidden := e.Secret.Show(e.fields(), nothing)
	more := e.Secret.Show(append(e.fields(), Field{"why", "x"}), everything)
	short := e
	short.Digest = "abc"
	for name, o := range map[string]Opening{
		"digest left out": {whole.Tenant, whole.Act, whole.Subject, whole.Key, hidden},
		"a field more":    {whole.Tenant, whole.Act, whole.Subject, whole.Key, more},
		"a field less":    {whole.Tenant, whole.Act, whole.Subject, whole.Key, whole.Shown[:2]},
		"no key":          {whole.Tenant, whole.Act, whole.Subject, "", whole.Shown},
		"no digest":       short.Open(everything),
		"earlier name":    {whole.Tenant, whole.Act, whole.Subject, whole.Key, []Shown{{Name: "a", Salt: whole.Shown[0].Salt}, whole.Shown[1], whole.Shown[2]}},
		"another name":    {whole.Tenant, whole.Act, whole.Subject, whole.Key, []Shown{whole.Shown[0], whole.Shown[1], {Name: "whose", Salt: whole.Shown[2].Salt}}},
		"nothing":         {},
	} {
		if _, _, err := o.Leaf(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Filling must look like events: the same head, and bytes without a pattern.
func TestFillersLookLikeEvents(t *testing.T) {
	seen := map[Leaf]bool{}
	var ones [2]int
	for range 2000 {
		for i, l := range []Leaf{Filler(), inventedEvent().Leaf()} {
			if seen[l] {
				t.Fatal("a leaf came twice")
			}
			seen[l] = true
			if string(l[:4]) != "WL\x01\x00" || !l.valid() {
				t.Fatalf("head %q", l[:4])
			}
			for _, b := range l[4:] {
				for ; b > 0; b &= b - 1 {
					ones[i]++
				}
			}
		}
	}
	for _, n := range ones { // 512,000 bits each: 10 standard deviations are 3,578
		if n < 256_000-3578 || n > 256_000+3578 {
			t.Errorf("%d of 512,000 bits are set", n)
		}
	}
}

func TestPublicLeaf(t *testing.T) {
	sum := sha256.Sum256([]byte("body"))
	if l := PublicLeaf([]byte("body")); string(l[:]) != "WL\x01\x01"+string(sum[:]) {
		t.Errorf("%x", l)
	}
}

func TestEntryBundles(t *testing.T) {
	leaves := []Leaf{Filler(), PublicLeaf(nil), inventedEvent().Leaf()}
	whole := EntryBundle(leaves)
	if got, err := ParseEntryBundle(whole); err != nil || !slices.Equal(got, leaves) || whole[0] != 0 || whole[1] != 36 {
		t.Fatal(got, err)
	}
	full := make([]Leaf, 257)
	for i := range full {
		full[i] = Filler()
	}
	if _, err := ParseEntryBundle(EntryBundle(full[:256])); err != nil {
		t.Error(err)
	}
	change := func(at int, to byte) []byte {
		b := slices.Clone(whole)
		b[at] = to
		return b
	}
	for name, b := range map[string][]byte{
		"nothing": nil, "one too many": EntryBundle(full), "a byte less": whole[1:], "a byte more": append(slices.Clone(whole), 0),
		"another length": change(39, 35), "another head": change(2, 'X'), "another version": change(4, 2), "another class": change(5, 2),
	} {
		if _, err := ParseEntryBundle(b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
