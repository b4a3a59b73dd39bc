package policy

import (
	"regexp"
	"strconv"
	"strings"
)

// How a life is written. One entry runs up to its year: "revised by the 63rd WMA
// General Assembly, Bangkok, Thailand, October 2012". An entry without a verb
// ("and the 215th WMA Council, ...") carries on with the verb before it.
var (
	lifeStart  = pattern(`(?i)^\(?(?:(?:originally|first|initially|also) )?(?:adopted|approved|endorsed|initiated|amended|edited|revised|editorially|reaffirmed|renamed|reclassified|rescinded|archived|reviewed)\b`)
	lifeGoesOn = pattern(`(?i)^(?:(?:and|&|then)\b ?,?)?(?:(?:was|has been|later|also|subsequently) )*(?:adopted|approved|endorsed|amended|edited|revised|editorially|reaffirmed|renamed|retitled|reclassified|rescinded|archived|withdrawn|reviewed|(?:by|at) (?:the|its)\b|(?:the )?\d{1,3} ?(?:st|nd|rd|th)\b|(?:the )?(?:wma|world medical) )`)
	lifeBody   = pattern(`(?i)\b(?:assembly|council|board|committee|congress|conference|executive|presidium|bureau|meeting|session)\b`)
	lifeBy     = pattern(`(?i)\b(?:by|at)\b`)
	lifeYear   = pattern(`\b(?:19|20)\d{2}\b`)
	lifeProse  = pattern(`(?i)\b(?:is|was|were|has|have|had|which|that|will|must|should|shall|can|may be)\b`)
	openEnd    = pattern(`(?i)(?:[,;:&]|\b(?:and|by|the|at|of|in|as|wma|\d{1,3} ?(?:st|nd|rd|th)))$`)
	lifeVerb   = pattern(`(?i)\b(?:editorially (?:revised|amended|edited|corrected)|(?:revised|amended) editorially|reaffirmed,? with (?:a )?minor (?:editorial )?(?:revisions?|changes?|amendments?)|rescinded(?: and archived)?|adopted|approved|endorsed|initiated|revised|amended|edited|reaffirmed|renamed|retitled|reclassified|archived|withdrawn|with minor (?:revisions?|changes?))\b`)
	lifeTail   = pattern(`^\s*\(([^()]{1,80})\)`)
	truncated  = pattern(`\.\.\.|…`)
)

// isTruncated tells a line of a listing that a web page cut short.
func isTruncated(line string) bool { return truncated().MatchString(line) }

// startsLife tells whether a life begins at line i: with a verb of life, "by" or
// "at", a body, and no sentence of prose. Printed copies break "the 29th" from
// its assembly, so an open line is read with the next two.
func startsLife(lines []string, i int) bool {
	line := lines[i]
	if len(line) > 1500 || !lifeStart().MatchString(line) || isTruncated(line) {
		return false
	}
	for j := i + 1; j < len(lines) && j < i+3 && endsOpen(line); j++ {
		line += " " + lines[j]
	}
	return len(line) < 3000 && lifeBy().MatchString(line) && !isProse(line) && lifeBody().MatchString(line)
}

// isProse tells a sentence from an entry: entries have no finite verb before
// their first year and none in a long tail after the last.
func isProse(line string) bool {
	years := lifeYear().FindAllStringIndex(line, 64)
	if len(years) == 0 {
		return lifeProse().MatchString(line)
	}
	tail := line[years[len(years)-1][1]:]
	return lifeProse().MatchString(line[:years[0][0]]) || len(tail) > 40 && lifeProse().MatchString(tail)
}

// continuesLife tells whether a line belongs to the life written so far.
func continuesLife(sofar, line string) bool {
	if len(sofar) > 6000 || len(line) > 1500 || isTruncated(line) {
		return false
	}
	if endsOpen(sofar) && !isPoint(line) {
		return true
	}
	return lifeGoesOn().MatchString(line) && !isProse(line) &&
		(lifeYear().MatchString(line) || lifeBody().MatchString(line) || endsOpen(line))
}

// endsOpen tells a life that cannot end here: "... and", "by the 74th".
func endsOpen(s string) bool { return openEnd().MatchString(s[max(0, len(s)-40):]) }

// isLooseLife tells an entry that stands alone without a verb, where no life
// precedes it: nothing says what happened then.
func isLooseLife(line string) bool {
	return len(line) < 200 && !endsSentence(line) && !isPoint(line) && lifeGoesOn().MatchString(line) && !isProse(line) &&
		lifeBody().MatchString(line) && lifeYear().MatchString(line)
}

// readLife parses a joined life; what it cannot place is given back.
func readLife(life string) (events []Event, unread []string) {
	verb := ""
	for life != "" {
		at := lifeYear().FindStringIndex(life)
		if at == nil {
			break
		}
		entry, rest := life[:at[1]], life[at[1]:]
		note := ""
		if tail := lifeTail().FindStringSubmatchIndex(rest); tail != nil {
			note, rest = rest[tail[2]:tail[3]], rest[tail[1]:]
		}
		life = rest
		var found []Event
		found, verb = readEntry(entry, note, verb)
		if len(found) == 0 {
			unread = append(unread, fragment(strings.Trim(entry, " ,;")))
		}
		events = append(events, found...)
	}
	life = strings.Trim(life, " ,;.")
	if life == "" {
		return events, unread
	}
	if late, _ := readEntry(life, "", ""); len(late) > 0 && lifeBody().MatchString(life) {
		return append(events, late...), unread
	}
	return events, append(unread, fragment(life))
}

// readEntry reads one entry: usually one event, several for "revised and
// reclassified as a Statement". It gives the verb that a next entry may carry on.
func readEntry(entry, note, carried string) ([]Event, string) {
	names := verbsOf(entry)
	if len(names) == 0 {
		if carried == "" || !lifeBody().MatchString(entry) {
			return nil, carried
		}
		names = []string{carried}
	}
	e := readCircumstances(entry, note)
	as := newName(entry)
	var out []Event
	for _, name := range names {
		e.Event, e.As = name, ""
		if len(names) == 1 || name == Renamed || name == Reclassified {
			e.As = as
		}
		out = append(out, e)
	}
	return out, names[len(names)-1]
}

// verbsOf names the events that an entry speaks of, each once, in its order.
func verbsOf(entry string) []string {
	var out []string
	for _, found := range lifeVerb().FindAllString(entry, 8) {
		name := eventOf(strings.ToLower(found))
		if len(out) == 0 || out[len(out)-1] != name {
			out = append(out, name)
		}
	}
	return out
}

func eventOf(verb string) string {
	switch {
	case strings.Contains(verb, "editorially"), verb == "edited":
		return EditoriallyRev
	case strings.Contains(verb, "minor"):
		return ReaffirmedMinor
	case verb == "revised", verb == "amended":
		return Revised
	case verb == "renamed", verb == "retitled":
		return Renamed
	case verb == "withdrawn", strings.HasPrefix(verb, "rescinded"):
		return Rescinded
	case verb == "reaffirmed", verb == "reclassified", verb == "archived":
		return verb
	}
	return Adopted
}

var (
	quotedName = pattern(`(?i)\b(?:renamed|retitled|reclassified|as|to)\b[^“”"]{0,20}[“"]([^“”"]{2,200})[”"]`)
	plainName  = pattern(`(?i)\b(?:as|into|renamed|retitled|reclassified)(?: to| as)? (?:(?:an?|the|its) )?([^“”",;]{2,120}?),? (?:by|at) (?:the|its)\b`)
)

// newName is what an entry calls the norm from then on, or its class.
func newName(entry string) string {
	for _, re := range []*regexp.Regexp{quotedName(), plainName()} {
		if m := re.FindStringSubmatch(entry); m != nil {
			return strings.TrimSpace(m[1])
		}
	}
	return ""
}

var (
	online    = pattern(`(?i)\(?\b(?:online|virtual(?:ly)?|remote|hybrid)(?: (?:session|meeting))?\b\)?`)
	entryDate = pattern(`(?i)(?:\b\d{1,2}(?:st|nd|rd|th)?(?: ?[-–] ?\d{1,2})?,? )?(?:\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: ?[/–-] ?[a-z]+)?(?: \d{1,2}(?:st|nd|rd|th)?)?,?(?: of)? )?\b((?:19|20)\d{2})$`)
	venue     = pattern(`(?i)\b(?:by|at|in|during)(?: the| its)?:? (?:(\d{1,3}) ?(?:st|nd|rd|th)\b|(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b)?|^(?:[\s,;]|and\b|&|the\b)*(\d{1,3}) ?(?:st|nd|rd|th)\b`)
	bodyWords = pattern(`(?i)^(?:wma |world medical association(?:'s|’s)? )?(?:(?:extraordinary|special|annual) )?(general assembly(?: of the (?:wma|world medical association))?|world medical assembly|council(?: session| meeting)?|executive committee|assembly)\b(?: session)?`)
)

// readCircumstances reads body, ordinal, place, online and date of an entry.
func readCircumstances(entry, note string) Event {
	e := Event{}
	if m := entryDate().FindStringSubmatchIndex(entry); m != nil {
		if m[2] >= 0 {
			e.Month = monthOf(entry[m[2]:m[3]])
		}
		e.Year, _ = strconv.Atoi(entry[m[4]:m[5]])
		entry = entry[:m[0]]
	}
	e.Online = online().MatchString(entry) || online().MatchString(note)
	entry = online().ReplaceAllString(entry, " ")
	e.Ordinal, entry = afterVenue(entry)
	entry = strings.Join(strings.Fields(entry), " ")
	e.Body, e.Place = bodyAndPlace(entry)
	return e
}

// afterVenue finds "by the 60th" and gives the ordinal and what follows. The last
// one counts: "reaffirmed as a Resolution by the ...".
func afterVenue(entry string) (ordinal int, rest string) {
	all := venue().FindAllStringSubmatchIndex(entry, 16)
	if len(all) == 0 {
		return 0, ""
	}
	m := all[0]
	for _, next := range all {
		if lifeBody().MatchString(entry[next[1]:]) {
			m = next
		}
	}
	for _, group := range []int{2, 4, 6} {
		if m[group] >= 0 {
			ordinal = ordinalOf(entry[m[group]:m[group+1]])
		}
	}
	return ordinal, entry[m[1]:]
}

func ordinalOf(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	for i, word := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth") {
		if strings.EqualFold(s, word) {
			return i + 1
		}
	}
	return 0
}

// bodyAndPlace cuts "WMA General Assembly, Kigali, Rwanda," at the body. An
// unknown body runs to the first comma.
func bodyAndPlace(s string) (body, place string) {
	s = strings.TrimSpace(s)
	if m := bodyWords().FindStringSubmatchIndex(s); m != nil {
		body, place = canonicalBody(s[m[2]:m[3]]), s[m[1]:]
	} else {
		body, place, _ = strings.Cut(s, ",")
	}
	place = strings.Join(strings.FieldsFunc(place, func(r rune) bool { return r == ',' || r == ';' }), ",")
	parts := strings.Split(place, ",")
	kept := parts[:0]
	for _, p := range parts {
		if p = strings.Trim(p, " ."); p != "" && p != "()" {
			kept = append(kept, strings.TrimPrefix(p, "in "))
		}
	}
	return strings.TrimSpace(body), strings.Join(kept, ", ")
}

func canonicalBody(s string) string {
	switch s = strings.ToLower(s); {
	case strings.HasPrefix(s, "general assembly"):
		return "General Assembly"
	case strings.HasPrefix(s, "council"):
		return "Council"
	case s == "world medical assembly":
		return "World Medical Assembly"
	case s == "executive committee":
		return "Executive Committee"
	}
	return "Assembly"
}

func monthOf(s string) int {
	const months = "janfebmaraprmayjunjulaugsepoctnovdec"
	return strings.Index(months, strings.ToLower(s)[:3])/3 + 1
}
