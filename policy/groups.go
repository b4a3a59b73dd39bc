package policy

import (
	"regexp"
	"strings"
	"sync"
)

// group is a word list for one addressee: the expression is tried at the start
// of a phrase; an empty name keeps the words as printed, in lower case.
type group struct {
	name string
	find *regexp.Regexp
}

// groupList is in order of trial: longer and more particular names first.
var groupList = sync.OnceValue(func() []group {
	table := [][2]string{
		{"", `governments? of (?:the )?(?-i:\p{Lu}[\pL'’-]*)(?:(?: of the| of| the)?[ -](?-i:\p{Lu}[\pL'’-]*))*`},
		{"", `(?-i:\p{Lu}[\pL'’-]*) (?:government|authorities)`},
		{"NMA", `(?:wma )?(?:(?:constituent|national|individual|member|its) )*(?:medical associations?|member associations?|member organi[sz]ations?|constituent members?|constituent associations?)(?: \(nmas?\))?`},
		{"NMA", `nmas?|wma members|members`},
		{"WHO", `world health organi[sz]ation(?: \(who\))?|(?-i:WHO)`},
		{"WMA", `world medical association(?: \(wma\))?|(?-i:WMA)`},
		{"UN Security Council", `(?:(?:un|united nations) )?security council`},
		{"ICRC", `international committee of the red cross(?: \(icrc\))?|(?-i:ICRC)`},
		{"UN", `united nations(?: \(un\))?(?: agencies)?|(?-i:UN)(?: agencies)?`},
		{"medical education", `medical education(?: curricula)?|medical curricula`},
		{"medical schools", `medical (?:schools|faculties)|(?:schools|faculties) of medicine`},
		{"medical students", `medical students?`},
		{"medical community", `(?:(?:international|global|worldwide|entire) )?medical community`},
		{"health community", `(?:(?:international|global|worldwide) )?health ?-?care community|(?:(?:international|global|worldwide) )?health community`},
		{"international community", `international community`},
		{"medical profession", `(?:organi[sz]ed )?medical professions?|(?:organi[sz]ed )?profession`},
		{"medical journals", `medical journals?`},
		{"professional bodies", `(?:health )?professional (?:bodies|associations|organi[sz]ations|societies)|medical societies`},
		{"health professionals", `health(?:[ -]?care)? ?(?:professionals?|personnel|workers?|providers?|practitioners?)|medical (?:personnel|professionals|staff)`},
		{"nurses", `nurses`},
		{"health care institutions", `(?:medical|health(?:[ -]?care)?) (?:institutions?|facilities|establishments?)|hospitals?`},
		{"health care organizations", `health(?:[ -]?care)? organi[sz]ations?`},
		{"health authorities", `(?:public )?health(?:[ -]?care)? (?:authorities|ministries)|ministries of health`},
		{"physicians", `(?:medical )?doctors?|physicians?|medical practitioners?`},
		{"policy makers", `policy[- ]?makers?|decision[- ]?makers?|legislators?|lawmakers|parliaments?`},
		{"operators of vital infrastructure", `operators of [a-z ]{0,60}infrastructures?(?: throughout the world)?`},
		{"public and private bodies", `public (?:as well as|and|or) private bodies`},
		{"parties to conflict", `(?:warring )?parties to (?:(?:the|an?|any) )?(?:armed )?conflicts?|belligerents|warring parties`},
		{"armed forces", `armed forces|armed groups`},
		{"governments", `(?:national |local |regional )*governments?(?: worldwide)?|nation states|member states|state parties|states?(?: parties)?|(?:national |public |competent |relevant )*authorities|countries`},
		{"stakeholders", `stakeholders`},
		{"", `researchers|research ethics committees|ethics committees|regulators|regulatory (?:bodies|authorities)|civil society|non-?governmental organi[sz]ations|ngos|insurers|employers|manufacturers|(?:[a-z]+ )?industry|companies|(?:the )?media|pharmacists|patients|society|educators|universities|institutions|organi[sz]ations`},
	}
	out := make([]group, len(table))
	for i, row := range table {
		out[i] = group{row[0], regexp.MustCompile(`(?i)^(?:` + row[1] + `)\b`)}
	}
	return out
})

var (
	groupJoint = pattern(`(?i)^(?:[,;/&\s]+|(?:and|or|as well as|both|plus|together with|the|an?|its|their|our|all|any)\b)`)
	groupWords = pattern(`(?i)^(?:other|others|relevant|appropriate|competent|respective|individual|national|international|every|each|those|these|such|undergraduate|postgraduate|worldwide|therefore|also|themselves|everywhere|further|in turn|throughout the world|around the world|of the world|in all countries)\b`)
	groupNext  = pattern(`(?i),|\b(?:and|or)\b`)
)

// groupsIn names the groups of a phrase such as "its Constituent Members,
// physicians and other health professionals". whole tells that the phrase holds
// nothing else; of an unknown part the rest up to the next comma is passed over.
func groupsIn(phrase string) (names []string, whole bool) {
	whole = strings.TrimSpace(phrase) != ""
	if len(phrase) > 2000 {
		phrase, whole = cutRunes(phrase, 2000), false
	}
	for phrase = strings.TrimSpace(phrase); phrase != ""; {
		if m := groupJoint().FindString(phrase); m != "" {
			phrase = phrase[len(m):]
			continue
		}
		if name, length := groupAt(phrase); length > 0 {
			names = appendNew(names, name)
			phrase = phrase[length:]
			continue
		}
		if m := groupWords().FindString(phrase); m != "" {
			phrase = phrase[len(m):]
			continue
		}
		whole = false
		m := groupNext().FindStringIndex(phrase)
		if m == nil || m[1] == 0 {
			break
		}
		phrase = phrase[m[1]:]
	}
	return names, whole
}

// groupAt matches one group at the start; a possessive ("physicians' duties") is
// no addressee.
func groupAt(phrase string) (name string, length int) {
	for _, g := range groupList() {
		m := g.find.FindString(phrase)
		if m == "" || strings.HasPrefix(phrase[len(m):], "’") || strings.HasPrefix(phrase[len(m):], "'") ||
			strings.HasPrefix(phrase[len(m):], "-") {
			continue
		}
		if g.name != "" {
			return g.name, len(m)
		}
		return lowerFirst(m), len(m)
	}
	return "", 0
}

// lowerFirst writes "Government of Israel" as "government of Israel" and leaves
// names alone; "media" and the like come in lower case anyway.
func lowerFirst(s string) string {
	if rest, ok := strings.CutPrefix(s, "G"); ok && strings.HasPrefix(rest, "overnment") {
		return "g" + rest
	}
	return s
}

func appendNew(names []string, name string) []string {
	for _, n := range names {
		if n == name {
			return names
		}
	}
	return append(names, name)
}

func cutRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
