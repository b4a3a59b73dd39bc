package document

import (
	"strings"
	"unicode"
)

// Characters of the bidirectional algorithm and of line layout that clean speaks of.
const (
	lineBreak    = '\u2028'
	isolateStart = '\u2068' // first strong isolate: takes its direction from what is in it
	isolateEnd   = '\u2069'
	softHyphen   = '\u00ad'
	maxIsolates  = 40 // of the 125 that the algorithm allows
)

// clean makes hostile text harmless: controls go, embeddings and overrides go, every kind of isolate becomes one that cannot lie about
// its direction and ends within the text, every kind of line end becomes U+2028. Bytes that are not UTF-8 read as U+FFFD.
func clean(s string) []rune {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	out := make([]rune, 0, len(s))
	open := 0
	for _, r := range s {
		switch {
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
			out = append(out, lineBreak)
		case r == '\t':
			out = append(out, ' ')
		case r == isolateEnd:
			if open > 0 {
				open--
				out = append(out, isolateEnd)
			}
		case r >= '\u2066' && r <= isolateStart:
			if open < maxIsolates {
				open++
				out = append(out, isolateStart)
			}
		case !dropped(r):
			out = append(out, r)
		}
	}
	for ; open > 0; open-- {
		out = append(out, isolateEnd)
	}
	return out
}

// dropped tells characters that print nothing and can only mislead.
func dropped(r rune) bool {
	switch {
	case r >= '\u202a' && r <= '\u202e', // embeddings and overrides
		r >= '\u206a' && r <= '\u206f', r >= '\ufff9' && r <= '\ufffb',
		r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe, // not characters
		r >= 0xe0000 && r <= 0xe0fff, // tags and variation selectors
		r == '\ufeff', r == softHyphen, unicode.IsControl(r):
		return true
	}
	return false
}

// unseen tells characters that steer layout and leave no glyph.
func unseen(r rune) bool {
	switch r {
	case lineBreak, isolateStart, isolateEnd, '\u200b', '\u200e', '\u200f', '\u061c', '\u2060':
		return true
	}
	return false
}

// blank tells spaces, at which a line may end without their taking width.
func blank(r rune) bool {
	return r == ' ' || r == lineBreak || r == '\u200b' || r == isolateEnd || (r >= '\u2000' && r <= '\u200a' && r != '\u2007')
}
