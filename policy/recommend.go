package policy

import "strings"

// ask is one request found in a sentence.
type ask struct {
	verb       string
	addressees []string
	opens      bool // it ends with a colon: its list follows
	leads      bool // the block begins with it
}

var (
	callVerb = pattern(`(?i)\b(urges|calls (?:upon|on)|calls|encourages|recommends|requests|asks|invites|demands|appeals to|advises|exhorts|implores|insists|stresses the need for|emphasi[sz]es the need for|urge|call (?:upon|on)|encourage|recommend|request|ask|invite|demand|appeal to|advise|exhort|implore)\b`)
	// speaker is what may stand before a verb: the issuer, "we", "it", or "and" in
	// a sentence of the issuer. A relative ("which encourages") reports another text.
	speaker       = pattern(`(?i)(?:\b(?:wma|association|council|assembly|committee|federation|academy|college|society|ema|it|we)|\)|,|;|\band)(?: (?:therefore|thus|also|further(?:more)?|hereby|again|as well|and|once more|\pL+ly),?)*\s*$`)
	wmaSpeaks     = pattern(`(?i)\b(?:wma|world medical association(?: \(wma\))?)(?: (?:council|general assembly|assembly))?(?: (?:therefore|thus|also|further|hereby|again|as well|and|\pL+ly),?)*\s*$`)
	speakerIsWe   = pattern(`(?i)\bwe(?: \pL+)?\s*$`)
	issuerSpeaks  = pattern(`^(?i:(?:(?:thus|therefore|furthermore|accordingly|consequently|finally),? )?(?:the )?(?:wma|world medical association|we|it|(?:\pL+ )?medical association|council)\b)`)
	implicitStart = pattern(`^\pL+s\b(?: |,)`)
	leadAdverbs   = pattern(`(?i)^(?:(?:as well|also|again|strongly|emphatically|therefore|once more|urgently|in particular|upon|on)\s+)+`)
	toVerb        = pattern(`(?i)[ ,](?:(?:in order )?to(?: \pL+ly)*(?: (?:and|or) \pL+ly)? \pL{2,}|to:|to)(?: |$|:|,|;)`)
	asked         = pattern(`(?i)\b(?:is|are) (?:(?:also|strongly|further|hereby|therefore) )?(urged|called (?:upon|on)|encouraged|requested|asked|invited|advised|recommended) to\b`)
	duty          = pattern(`(?i)\b(must|shall|should|(?:has|have) (?:an?|the) (?:[\pL-]+ ){0,3}(?:responsibility|duty|obligation) to)\b`)
	passive       = pattern(`(?i)^(?: (?:not|never|also|always|therefore|\pL+ly|all|in turn),?)* be (?:(?:not|never|also|\pL+ly) )*(\pL+)\b`)
	subordinate   = pattern(`^(?:In|When|Where|If|While|As|To|During|For|After|Before|Because|Although|Whenever|Furthermore|Moreover|Therefore|However|Finally|Additionally|Thus|Under|At|With|Wherever|Given|Since|Unless|Until|Consequently|Accordingly|On|Upon|Regardless|Irrespective|Despite|Once)\b`)
	sentenceEnd   = pattern(`[.!?;]["”’')]*\s+["“(]?`)
	abbreviation  = pattern(`(?i)(?:\b(?:dr|mr|mrs|ms|prof|e\.g|i\.e|etc|no|art|vol|st|cf|para)|\b\p{Lu})\.$`)
)

// How far from its verb a subject, a speaker and the one asked are looked for, in bytes.
const (
	maxSubject = 600
	maxSpeaker = 120
	maxAsked   = 1000
)

// asksOf reads the requests of a block; duties ("must", "should") on demand.
func asksOf(s string, duties bool) []ask {
	var out []ask
	for i, sentence := range sentencesOf(s) {
		a, ok := callIn(sentence)
		if !ok {
			a, ok = askedIn(sentence)
		}
		if !ok && duties {
			a, ok = dutyIn(sentence)
		}
		if ok {
			a.leads = i == 0
			out = append(out, a)
		}
	}
	return out
}

// sentencesOf splits prose at stops that a capital or the end follows.
func sentencesOf(s string) []string {
	var out []string
	start := 0
	for _, m := range sentenceEnd().FindAllStringIndex(s, 4096) {
		next := s[m[1]:]
		if !startsWithCapital(next) || abbreviation().MatchString(s[max(start, m[0]-12):m[0]+1]) {
			continue
		}
		out = append(out, strings.TrimSpace(s[start:m[1]]))
		start = m[1]
	}
	return append(out, strings.TrimSpace(s[start:]))
}

func startsWithCapital(s string) bool {
	for _, r := range s {
		return strings.ToUpper(string(r)) == string(r)
	}
	return false
}

// callIn finds "the WMA urges ... to ...", also at the head of a point ("Urges ...")
// and after "and" in a sentence of the issuer.
func callIn(sentence string) (ask, bool) {
	for _, m := range callVerb().FindAllStringSubmatchIndex(sentence, 16) {
		before, verb, rest := sentence[:m[2]], sentence[m[2]:m[3]], sentence[m[3]:]
		if !mayCall(before, verb) {
			continue
		}
		a, ok := requestIn(baseVerb(verb), rest)
		if ok {
			return a, true
		}
	}
	return ask{}, false
}

// mayCall tells whether the issuer speaks the verb.
func mayCall(before, verb string) bool {
	third := strings.HasSuffix(strings.Fields(verb)[0], "s")
	near := before[max(0, len(before)-maxSpeaker):]
	switch {
	case !third:
		return speakerIsWe().MatchString(near)
	case before == "":
		return true
	case !speaker().MatchString(near):
		return false
	}
	return wmaSpeaks().MatchString(near) || issuerSpeaks().MatchString(before) || implicitStart().MatchString(before)
}

// baseVerb is the verb as a request uses it: urge, call upon, appeal to.
func baseVerb(verb string) string {
	verb = strings.ToLower(verb)
	head, tail, two := strings.Cut(verb, " ")
	switch {
	case strings.Contains(verb, "the need for"):
		return strings.TrimSuffix(head, "es") + map[bool]string{true: "", false: "e"}[strings.HasPrefix(head, "stress")]
	case two:
		return strings.TrimSuffix(head, "s") + " " + tail
	}
	return strings.TrimSuffix(verb, "s")
}

// requestIn reads whom a request addresses from what follows its verb.
func requestIn(verb, rest string) (ask, bool) {
	rest = strings.TrimSpace(rest)
	opens := strings.HasSuffix(rest, ":")
	rest = leadAdverbs().ReplaceAllString(cutRunes(rest, maxAsked), "")
	if subject, that := strings.CutPrefix(rest, "that "); that {
		who, _ := groupsIn(subject)
		inside := opens && !strings.Contains(rest, "in particular")
		return ask{verb: verb, addressees: who, opens: inside}, true
	}
	group, found := rest, false
	if m := toVerb().FindStringIndex(rest); m != nil {
		group, found = rest[:m[0]], true
	}
	if !found && !opens {
		return ask{}, false
	}
	group = strings.TrimRight(group, ":, ")
	who, _ := groupsIn(group)
	if len(who) == 0 && found {
		who = asPrinted(group)
	}
	return ask{verb: verb, addressees: who, opens: opens}, true
}

// asPrinted keeps a group that no word list knows, as printed, when it is short.
func asPrinted(group string) []string {
	group = strings.TrimPrefix(strings.TrimSpace(group), "the ")
	if n := len(strings.Fields(group)); n == 0 || n > 12 || len(group) > 100 || strings.HasPrefix(group, "following") {
		return nil
	}
	return []string{group}
}

// askedIn finds "... are encouraged to ...".
func askedIn(sentence string) (ask, bool) {
	m := asked().FindStringSubmatchIndex(sentence)
	if m == nil {
		return ask{}, false
	}
	subject := sentence[max(0, m[0]-maxSubject):m[0]]
	if i := strings.LastIndex(subject, " that "); i >= 0 {
		subject = subject[i+len(" that "):]
	}
	who := coveredTail(subject)
	if len(who) == 0 {
		return ask{}, false
	}
	verb := strings.ToLower(sentence[m[2]:m[3]])
	base := map[string]string{"urged": "urge", "encouraged": "encourage", "requested": "request", "asked": "ask",
		"invited": "invite", "advised": "advise", "recommended": "recommend", "called on": "call on", "called upon": "call upon"}
	return ask{verb: base[verb], addressees: who, opens: strings.HasSuffix(sentence, ":")}, true
}

// dutyIn finds "<group> must|shall|should|have a duty to ..."; a passive ("must be
// protected") names the one protected, not the one addressed.
func dutyIn(sentence string) (ask, bool) {
	m := duty().FindStringSubmatchIndex(sentence)
	if m == nil || m[0] > maxSubject || isPassive(cutRunes(sentence[m[1]:], 100)) {
		return ask{}, false
	}
	subject := strings.TrimSpace(sentence[:m[0]])
	who, whole := groupsIn(subject)
	if !whole && subordinate().MatchString(subject) {
		who = coveredTail(subject)
		whole = len(who) > 0
	}
	if !whole || len(who) == 0 {
		return ask{}, false
	}
	verb := strings.ToLower(sentence[m[2]:m[3]])
	if words := strings.Fields(verb); len(words) > 1 {
		verb = "have a " + words[len(words)-2] + " to"
		verb = strings.Replace(verb, "a obligation", "an obligation", 1)
	}
	return ask{verb: verb, addressees: who, opens: strings.HasSuffix(sentence, ":")}, true
}

func isPassive(rest string) bool {
	m := passive().FindStringSubmatch(rest)
	if m == nil {
		return false
	}
	word := strings.ToLower(m[1])
	if adjectives := " prepared determined concerned open "; strings.Contains(adjectives, " "+word+" ") {
		return false
	}
	const irregular = " made held met kept done put set taught paid built sent brought left free dealt "
	return strings.HasSuffix(word, "ed") || strings.HasSuffix(word, "en") || strings.HasSuffix(word, "wn") ||
		strings.Contains(irregular, " "+word+" ")
}

// coveredTail is the longest end of a subject, after a comma or at its start,
// that consists of known groups only.
func coveredTail(subject string) []string {
	for tail := subject; ; {
		if who, whole := groupsIn(tail); whole && len(who) > 0 {
			return who
		}
		_, after, more := strings.Cut(tail, ", ")
		if !more {
			return nil
		}
		tail = after
	}
}
