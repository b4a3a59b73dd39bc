package text

import (
	"strings"
	"unicode"
)

// Hidden reports a sign that nobody sees and that makes a line read as another than it is: a control character, a separator of lines, or one that
// turns the direction of writing. Joiners and direction marks, which Persian and Arabic need, are none.
func Hidden(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	})
}

// Seen drops the signs of format that nobody sees, joiners among them.
func Seen(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}
