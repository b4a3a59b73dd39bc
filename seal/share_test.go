package seal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ward/fault"
)

func aShare() Share {
	s := Share{set: 0xbeef, x: 3}
	for i := range s.y {
		s.y[i] = byte(17 * i)
	}
	return s
}

func TestWordListIsTheOneOfBIP39(t *testing.T) {
	list := english().words
	if len(list) != 2048 || list[0] != "abandon" || list[2047] != "zoo" {
		t.Fatalf("%d words", len(list))
	}
	if !slices.IsSorted(list) {
		t.Error("the words are out of order")
	}
	if n := len(english().place); n != 2048 {
		t.Errorf("only %d of the words differ in their first four letters", n)
	}
	sum := sha256.Sum256([]byte(wordFile))
	if got := hex.EncodeToString(sum[:]); got != "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda" {
		t.Errorf("the list was altered: SHA-256 %s", got)
	}
}

// The words were computed apart: a few lines of Python over the published list.
func TestShareKnownWords(t *testing.T) {
	const want = "same job scale car case peasant few solve mass snap puzzle often ten lemon enlist tunnel"
	if got := aShare().String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, err := ParseShare(want); err != nil || got != aShare() {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestShareIsReadAsPeopleTypeIt(t *testing.T) {
	text := aShare().String()
	var short []string
	for _, w := range strings.Fields(text) {
		short = append(short, w[:min(4, len(w))])
	}
	var wide strings.Builder
	for _, r := range text {
		if r >= 'a' && r <= 'z' {
			r += 'ａ' - 'a'
		}
		wide.WriteRune(r)
	}
	for name, typed := range map[string]string{
		"as printed": text, "capitals": strings.ToUpper(text), "four letters": strings.Join(short, " "), "full width": wide.String(),
		"lines and blanks": "\n\t" + strings.ReplaceAll(text, " ", " \r\n\u00a0 "),
	} {
		if got, err := ParseShare(typed); err != nil || got != aShare() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryWrongWordAndSwapIsFound(t *testing.T) {
	good := strings.Fields(aShare().String())
	for i := range good {
		for _, step := range []int{1, 77, 1024} {
			bad := slices.Clone(good)
			place, _ := english().find(bad[i])
			bad[i] = english().words[(place+step)%2048]
			if _, err := ParseShare(strings.Join(bad, " ")); !fault.Is(err, fault.Invalid) {
				t.Errorf("word %d read as another: %v", i+1, err)
			}
		}
		if i > 0 && good[i] != good[i-1] {
			bad := slices.Clone(good)
			bad[i], bad[i-1] = bad[i-1], bad[i]
			if _, err := ParseShare(strings.Join(bad, " ")); !fault.Is(err, fault.Invalid) {
				t.Errorf("words %d and %d swapped: %v", i, i+1, err)
			}
		}
	}
}

func TestErrorsNameThePlaceAndQuoteNothing(t *testing.T) {
	good := strings.Fields(aShare().String())
	for i := range good {
		bad := slices.Clone(good)
		bad[i] = "xylograph"
		_, err := ParseShare(strings.Join(bad, " "))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), fmt.Sprintf("word %d of", i+1)) {
			t.Errorf("unknown word %d: %v", i+1, err)
		}
		if err != nil && strings.Contains(err.Error(), "xylograph") {
			t.Errorf("the error quotes the word: %v", err)
		}
	}
	for text, want := range map[string]string{
		"":                          "these are 0",
		"abandon":                   "these are 1",
		strings.Join(good[1:], " "): "these are 15",
		strings.Join(append(slices.Clone(good), "zoo"), " "): "these are 17",
		strings.Repeat("zoo ", 1e6):                          "too long",
	} {
		if _, err := ParseShare(text); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%d words: %v", len(strings.Fields(text)), err)
		}
	}
}

func TestWordsShorterThanFourLettersAreWhole(t *testing.T) {
	for written, want := range map[string]bool{"zoo": true, "zo": false, "zoos": false, "act": true, "acto": true, "abou": true, "abo": false, "abouts": false, "": false} {
		if _, ok := english().find(written); ok != want {
			t.Errorf("%q found: %t", written, ok)
		}
	}
}

func TestPointsThatWereNeverDrawnAreRefused(t *testing.T) {
	for _, x := range []byte{0, 17, 255} {
		s := aShare()
		s.x = x
		if _, err := ParseShare(s.String()); !fault.Is(err, fault.Invalid) {
			t.Errorf("x = %d: %v", x, err)
		}
	}
}
