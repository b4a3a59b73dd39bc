package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// block is one paragraph, heading, numbered point or bullet of a body.
type block struct {
	kind  blockKind
	label string // number as printed, without its stop
	level int    // 0 prose, 1 "5.", 2 "5.1", ... lettered 8, bullet 9
	text  string
}

type blockKind int

const (
	prose blockKind = iota
	heading
	numbered
	bulleted
)

const (
	letterLevel = 8
	bulletLevel = 9
)

var (
	numberMark = pattern(`^\(?(\d{1,3}(?:\.\d{1,3}){0,5})[.)](?: (.*)|([^\d ].*))?$`)
	dottedMark = pattern(`^(\d{1,3}(?:\.\d{1,3}){1,5}) (\D.*)$`)
	letterMark = pattern(`^\(?([a-z]|[ivx]{2,5})[.)] (.+)$`)
	bulletMark = pattern(`^[•·▪◦‣●○∙⁃–—*-] ?(\pL.*|[“"(].*)$`)
	headWords  = pattern(`(?i)^(?:preamble|introduction|background|whereas|recommendations?|resolution|declaration|principles|guidelines|therefore\b[^.]{0,80})[:,.]?$`)
)

// asPoint reads a line that opens a point.
func asPoint(line string) (block, bool) {
	if line == "" || line[0] >= 'A' && line[0] <= 'Z' {
		return block{}, false // the common case, without an expression
	}
	if m := numberMark().FindStringSubmatch(line); m != nil {
		return block{numbered, m[1], 1 + strings.Count(m[1], "."), m[2] + m[3]}, true
	}
	if m := dottedMark().FindStringSubmatch(line); m != nil {
		return block{numbered, m[1], 1 + strings.Count(m[1], "."), m[2]}, true
	}
	if m := letterMark().FindStringSubmatch(line); m != nil {
		return block{numbered, m[1], letterLevel, m[2]}, true
	}
	if m := bulletMark().FindStringSubmatch(line); m != nil {
		return block{bulleted, "", bulletLevel, m[1]}, true
	}
	return block{}, false
}

func isPoint(line string) bool {
	_, ok := asPoint(line)
	return ok
}

// isHeading tells a short line that is no sentence.
func isHeading(line string) bool {
	if headWords().MatchString(line) {
		return true
	}
	return line != "" && len(line) <= 110 && len(strings.Fields(line)) <= 12 && !isPoint(line) &&
		startsUpper(line) && !endsSentence(line) && !strings.HasSuffix(line, ",")
}

func endsSentence(line string) bool {
	line = strings.TrimRight(line, "\"”’')")
	return line != "" && strings.ContainsAny(line[len(line)-1:], ".;:!?")
}

// blocksOf joins lines into blocks. A line that follows without a blank and opens
// nothing belongs to the block before, unless that is a heading or ended a sentence.
func blocksOf(lines []string) []block {
	var out []block
	joinable := false
	for _, line := range lines {
		b, point := asPoint(line)
		switch {
		case line == "":
			joinable = joinable && len(out) > 0 && out[len(out)-1].text == "" // "1." alone on its line
			continue
		case point:
			out = append(out, b)
		case joinable && (out[len(out)-1].text == "" || !endsSentence(out[len(out)-1].text)):
			last := &out[len(out)-1]
			last.text = strings.TrimSpace(last.text + " " + line)
		case isHeading(line):
			out = append(out, block{kind: heading, text: line})
		default:
			out = append(out, block{kind: prose, text: line})
		}
		joinable = out[len(out)-1].kind != heading && len(out[len(out)-1].text) < 1<<16
	}
	return out
}

// Canonical is the form of a clause that is hashed: compatibility characters
// unified (NFKC), quotes and dashes plain, blanks single, the printed number left
// out by the caller. Retyping keeps the hash; another word or case changes it.
func Canonical(s string) string {
	plain := strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`,
		"‘", "'", "’", "'", "–", "-", "—", "-", "‑", "-", "‐", "-")
	s = plain.Replace(norm.NFKC.String(s))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(Canonical(s)))
	return hex.EncodeToString(sum[:])
}
