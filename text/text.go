// Package text compares words across scripts and repairs what encodings broke.
//
// A fold is the form under which two spellings of one word are equal: lower case, without marks, with the letter
// variants of Arabic, Persian, Turkish and Cyrillic brought together and every digit in ASCII. A token is a folded word.
// A key is a fold reduced to letters and digits, for comparing headers, names and code values.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// variants brings together letters that writers and keyboards interchange and that no normal form unites.
var variants = map[rune]string{
	'ي': "ی", 'ى': "ی", 'ئ': "ی", 'ې': "ی", 'ك': "ک", 'ۀ': "ه", 'ة': "ه", 'ە': "ه", 'ۃ': "ه",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ؤ': "و", 'ء': "",
	'ı': "i", 'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ß': "ss", 'æ': "ae", 'œ': "oe",
	'ё': "е", 'ї': "і", 'ґ': "г",
	'ـ':      "",                                           // tatweel
	'\u200c': "", '\u200d': "", '\u200e': "", '\u200f': "", // joiners and direction marks
	'\u00ad': "", '\u2060': "", '\ufeff': "",
	'’': "'", '‘': "'", 'ʼ': "'", 'ʻ': "'", '`': "'", '´': "'", '′': "'",
}

// Fold gives the form under which spellings are compared. It is idempotent: Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	if plain(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	composes := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\ufffd")) {
		if r < utf8.RuneSelf && r != '`' {
			b.WriteByte(lowerASCII(byte(r)))
			continue
		}
		composes = composes || r >= firstComposing
		foldRune(&b, r)
	}
	if !composes {
		return b.String()
	}
	return norm.NFC.String(b.String())
}

// firstComposing begins the scripts whose letters compose with each other; below it only marks compose, and a fold has none.
const firstComposing = 0x0700

func lowerASCII(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// plain reports ASCII that folding only lowers.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] == '`' {
			return false
		}
	}
	return true
}

func foldRune(b *strings.Builder, r rune) {
	if unicode.Is(unicode.Mn, r) {
		return
	}
	r = unicode.ToLower(r)
	if v, ok := variants[r]; ok {
		b.WriteString(v)
		return
	}
	if d, ok := digit(r); ok {
		b.WriteByte(d)
		return
	}
	b.WriteRune(r)
}

// digit gives the ASCII digit for any decimal digit: every block of Nd starts at a multiple of ten values.
func digit(r rune) (byte, bool) {
	if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	zero := r
	for i := 0; i < 9 && unicode.Is(unicode.Nd, zero-1); i++ {
		zero--
	}
	for _, block := range digitBlocks {
		if r >= block && r <= block+9 {
			zero = block
		}
	}
	return byte('0' + (r-zero)%10), true
}

// digitBlocks are the zeros of the digits in the scripts Ward is read in, which digit needs no guess for.
var digitBlocks = []rune{0x0660, 0x06f0, 0x0966, 0x09e6}

// Tokens splits a text into folded words. Apostrophes join ("n'djamena" is one word), everything else that is
// neither letter nor digit divides.
func Tokens(s string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range Fold(s) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsNumber(r):
			b.WriteRune(r)
		case r == '\'':
		default:
			flush()
		}
	}
	flush()
	return out
}

// Key reduces a text to the letters and digits of its fold.
func Key(s string) string {
	f := Fold(s)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, f)
}

// FixMojibake undoes UTF-8 that was once read as Windows-1252 ("CÃ´te d'Ivoire"). It reports whether it changed
// anything; a text that was right stays as it is.
func FixMojibake(s string) (string, bool) {
	if !strings.ContainsAny(s, "ÃÂâÄÅØÙÐÑ") {
		return s, false
	}
	var raw []byte
	for _, r := range s {
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok && r < 0x100 {
			b, ok = byte(r), true // the five bytes that Windows-1252 leaves open
		}
		if !ok {
			return s, false
		}
		raw = append(raw, b)
	}
	if !utf8.Valid(raw) || utf8.RuneCount(raw) == len(raw) {
		return s, false
	}
	return string(raw), true
}
