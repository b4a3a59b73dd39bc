package seal

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"ward/fault"
)

// A share is 22 bytes: set (2), x (1), y (16), checksum (3). Sixteen words of eleven bits hold them exactly.
const (
	shareWords = 16
	shareSize  = 22
	checkSize  = 3
	wordBits   = 11
)

// maxShareText bounds what is read as a share: sixteen words with generous blanks.
const maxShareText = 4 << 10

// Share is one person's part of the way into a desk. Two different ones of a set open it; one alone says nothing about the key.
type Share struct {
	set uint16
	x   byte // 1..16
	y   [secretSize]byte
}

//go:embed words.txt
var wordFile string

// lexicon is the English list of BIP-0039: 2,048 words, of which the first four letters tell each apart.
type lexicon struct {
	words []string
	place map[string]int // by the first four letters, or the whole of a shorter word
}

var english = sync.OnceValue(func() lexicon {
	l := lexicon{words: strings.Fields(wordFile), place: map[string]int{}}
	for i, w := range l.words {
		l.place[stem(w)] = i
	}
	return l
})

func stem(word string) string { return word[:min(4, len(word))] }

// find gives the place of a word, of which its first four letters or more were written.
func (l lexicon) find(written string) (int, bool) {
	i, ok := l.place[stem(written)]
	return i, ok && strings.HasPrefix(l.words[i], written)
}

func (s Share) encode() []byte {
	raw := binary.BigEndian.AppendUint16(make([]byte, 0, shareSize), s.set)
	raw = append(append(raw, s.x), s.y[:]...)
	return append(raw, checksum(raw)...)
}

func checksum(raw []byte) []byte {
	sum := sha256.Sum256(append([]byte("ward/share/v1\x00"), raw...))
	return sum[:checkSize]
}

// String is the share as sixteen words to be written down, the secret itself: it belongs on paper and nowhere else.
func (s Share) String() string {
	words := make([]string, 0, shareWords)
	bits, held := uint32(0), 0
	for _, b := range s.encode() {
		bits, held = bits<<8|uint32(b), held+8
		if held >= wordBits {
			held -= wordBits
			words = append(words, english().words[bits>>held&(1<<wordBits-1)])
		}
	}
	return strings.Join(words, " ")
}

// ParseShare reads sixteen words in any case, with blanks and line ends as they come; of each word the first four letters suffice. It is
// Invalid when a word is not in the list (told by its place) or the checksum does not fit, which finds any single wrong or swapped
// word but for one chance in sixteen million.
func ParseShare(words string) (Share, error) {
	if len(words) > maxShareText {
		return Share{}, fault.New(fault.Invalid, "the text is too long for a key share").Do("type its sixteen words and nothing else")
	}
	written := strings.Fields(strings.ToLower(norm.NFKC.String(words)))
	if len(written) != shareWords {
		return Share{}, fault.New(fault.Invalid, "a key share has %d words; these are %d", shareWords, len(written)).Do("compare with the paper")
	}
	raw := make([]byte, 0, shareSize)
	bits, held := uint32(0), 0
	for i, w := range written {
		place, ok := english().find(w)
		if !ok {
			return Share{}, fault.New(fault.Invalid, "word %d of the key share is not in the list", i+1).Do("compare it with the paper")
		}
		bits, held = bits<<wordBits|uint32(place), held+wordBits
		for held >= 8 {
			held -= 8
			raw = append(raw, byte(bits>>held))
		}
	}
	return decodeShare(raw)
}

func decodeShare(raw []byte) (Share, error) {
	body, check := raw[:shareSize-checkSize], raw[shareSize-checkSize:]
	s := Share{set: binary.BigEndian.Uint16(body), x: body[2], y: [secretSize]byte(body[3:])}
	if !bytes.Equal(check, checksum(body)) || s.x < 1 || s.x > maxShares {
		return Share{}, fault.New(fault.Invalid, "the words are all in the list, but they do not make a key share").
			Do("look for a word that was read as a similar one, or for two that changed places")
	}
	return s, nil
}
