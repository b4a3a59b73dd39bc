package policy

import (
	"strings"
	"unicode"
)

// section is one text before it is read: its title line, its life in one line,
// its body, and leftovers that belong to no text of their own.
type section struct {
	title  string
	life   string
	body   []string
	unread []string
}

var (
	docType     = pattern(`(?i)\b(?:declaration|statement|resolution|recommendation|code|regulations?|guidelines?|principles|position|policy|manifesto|charter|pledge)\b`)
	issuerStart = pattern(`(?i)^(?:wma|world medical association)\b.{8,}`)
	pageNoise   = pattern(`(?i)^(?:[a-z]+ translation|handbook of wma policies|world medical association.{0,6}[a-z]{1,2}-\d{4}-\d{2}-\d{4}|pdf upload|download.{0,40}|share|print|read more|related (?:policies|documents).{0,20}|policy tags?:?|archived(?: versions?)?|page \d+.{0,12})$|©|all rights reserved`)
	organ       = pattern(`\b(?:ASSOCIATION|COLLEGE|FEDERATION|ACADEMY|SOCIETY|UNION|ORGANI[SZ]ATION)\b`)
)

// splitTexts cuts a file into its texts. A text begins with its title line, where
// there is one, or with its life; a text of another body, which has no life,
// begins with its title in capitals that names an association. What stands
// before the first life is a text of its own only if it has a body.
func splitTexts(lines []string) []section {
	var out []section
	current := section{}
	turn := func(next section) {
		switch {
		case current.life != "" || current.title != "" || hasBody(current.body):
			out = append(out, current)
		case len(out) > 0:
			out[len(out)-1].unread = append(out[len(out)-1].unread, fragments(current.body)...)
		default:
			next.unread = fragments(current.body)
		}
		current = next
	}
	for i := 0; i < len(lines); {
		switch {
		case startsLife(lines, i) && !inListing(lines, i):
			title := takeTitle(&current)
			turn(section{title: title})
			current.life, i = takeLife(lines, i)
		case startsForeign(lines, i):
			turn(section{title: lines[i]})
			i++
		default:
			current.body = append(current.body, lines[i])
			i++
		}
	}
	if len(out) == 0 && strings.Join(current.body, "") != "" {
		out = append(out, current)
	} else {
		turn(section{})
	}
	for i := range out {
		trimEnds(&out[i])
	}
	return out
}

func hasBody(body []string) bool {
	for _, line := range body {
		if len(line) > 120 || len(line) > 0 && !pageNoise().MatchString(line) && strings.ContainsAny(line[len(line)-1:], ".;:") {
			return true
		}
	}
	return false
}

// takeLife joins the lines of a life, over blank lines too as long as they go on.
func takeLife(lines []string, i int) (life string, next int) {
	life = lines[i]
	for i++; i < len(lines); {
		j := i
		for j < len(lines) && lines[j] == "" && j-i < 3 {
			j++
		}
		if j == len(lines) || lines[j] == "" || !continuesLife(life, lines[j]) {
			return life, i
		}
		life += " " + lines[j]
		i = j + 1
	}
	return life, i
}

// inListing tells a whole line "Adopted by ..." inside a list of related
// policies: no body of its own follows before a line that the page cut short.
func inListing(lines []string, i int) bool {
	_, next := takeLife(lines, i)
	for n := 0; next < len(lines) && n < 6; next++ {
		line := lines[next]
		switch {
		case line == "":
			continue
		case isTruncated(line) && lifeStart().MatchString(line):
			return true
		case len(line) > 60 && endsSentence(line) || startsLife(lines, next) || isPoint(line) || headWords().MatchString(line):
			return false
		}
		n++
	}
	return false
}

// startsForeign tells the title line of a text that gives no life: capitals that
// name an association, not followed by a life of its own.
func startsForeign(lines []string, i int) bool {
	line := lines[i]
	if i > 0 && lines[i-1] != "" || len(strings.Fields(line)) < 4 || !isCapitals(line) || !organ().MatchString(line) {
		return false
	}
	for j := i + 1; j < len(lines); j++ {
		if lines[j] != "" {
			return !startsLife(lines, j)
		}
	}
	return false
}

// takeTitle removes the title from the end of what stands before a life; a title
// in capitals may run over several lines.
func takeTitle(before *section) string {
	body := before.body
	for len(body) > 0 && body[len(body)-1] == "" {
		body = body[:len(body)-1]
	}
	at := len(body) - 1
	if at < 0 {
		return ""
	}
	first := before.life == "" && before.title == "" && strings.Join(body[:at], "") == ""
	if !isTitle(body[at], first || at > 0 && body[at-1] == "") {
		return ""
	}
	for at > 0 && isCapitals(body[at]) && isCapitals(body[at-1]) && len(body[at-1]) < 300 && len(body)-at < 8 {
		at--
	}
	before.body = body[:at]
	return strings.Trim(strings.Join(body[at:], " "), " –—-")
}

// isTitle tells a title line. One that stands alone needs no word such as
// "Statement", but must not look like a keyword line or page furniture.
func isTitle(line string, alone bool) bool {
	if len(line) > 300 || isPoint(line) || pageNoise().MatchString(line) || isTruncated(line) ||
		strings.ContainsAny(line[len(line)-1:], ".;:,?!") {
		return false
	}
	if issuerStart().MatchString(line) || isCapitals(line) && len(strings.Fields(line)) > 2 {
		return true
	}
	return alone && !isKeywords(line) && (docType().MatchString(line) || len(line) < 160 && startsUpper(line))
}

func startsUpper(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return unicode.IsUpper(r)
		}
	}
	return false
}

func isCapitals(s string) bool {
	return strings.ToUpper(s) == s && strings.ToLower(s) != s
}

// isKeywords tells the line of subject words under a web page: at least three
// short items, each with a capital, and no stop.
func isKeywords(line string) bool {
	items := strings.Split(line, ",")
	if len(items) < 3 || strings.HasSuffix(line, ".") || isPoint(line) {
		return false
	}
	for _, item := range items {
		if n := len(strings.Fields(item)); n == 0 || n > 4 || !startsUpper(item) {
			return false
		}
	}
	return true
}

// trimEnds moves what follows the last sentence of a body to the unread: keyword
// lines, related policies, translations, signatures. Furniture of the page goes
// wherever it stands.
func trimEnds(s *section) {
	end := len(s.body)
	for end > 0 && (s.body[end-1] == "" || isTail(s.body[end-1])) {
		end--
	}
	kept := s.body[:0]
	var noise []string
	for i, line := range s.body {
		switch {
		case line == "":
			kept = append(kept, line)
		case i >= end || pageNoise().MatchString(line) || isTruncated(line) && lifeStart().MatchString(line), isLooseLife(line):
			noise = append(noise, fragment(line))
		default:
			kept = append(kept, line)
		}
	}
	s.body, s.unread = kept, append(noise, s.unread...)
}

// isTail tells a line that ends no sentence and is no point.
func isTail(line string) bool {
	return pageNoise().MatchString(line) || isTruncated(line) || isKeywords(line) ||
		!isPoint(line) && len(line) < 200 && !strings.ContainsAny(line[len(line)-1:], ".;:!?)\"") && !strings.HasSuffix(line, "”")
}

func fragments(lines []string) []string {
	var out []string
	for _, line := range lines {
		if line != "" {
			out = append(out, fragment(line))
		}
	}
	return out
}
