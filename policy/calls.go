package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"ward/text"
	"ward/vocab"
	"ward/when"
)

// Call is a recommendation of the corpus: what a norm asks of somebody, read by eye and put into our own words. What Import finds in an
// association's copy is a Recommendation; calls are what a person made of it.
type Call struct {
	ID         string // norm and point, "WMA-GAZA-2025:1.1"
	Norm       string
	Point      string
	Place      string   // where Import finds it: number of the point, with the bullet, as in Recommendation.Place
	Clauses    []string // ids of the clauses that say the same
	Addressees []string // codes: see IsAddressee
	Strength   string   // must | urge | encourage
	Basis      string   // asked, or implied: a duty stated where the instrument names nobody, or in its preamble
	Summary    string   // our own words
	Confirmed  bool     // read in the instrument
}

// Strengths are how strongly a norm can ask: must (must, shall, is obliged), urge (urges, calls upon), encourage (should, recommends, encourages).
func Strengths() []string { return []string{"must", "urge", "encourage"} }

// Basis of a call.
const (
	Asked   = "asked"
	Implied = "implied"
)

//go:embed recommendations.csv
var callsCSV string

// others are addressees beside the code list "addressee", which names those whom clauses bind.
var others = []string{"WHO", "WMA", "institution", "operator", "educator", "private_body", "journal"}

// Calls lists the recommendations of every norm, in the order of the table.
func (c *Corpus) Calls() []Call { return slices.Clip(c.calls) }

// IsAddressee reports whether a code names somebody to whom a norm can speak: a code of the list "addressee"; WHO, WMA, institution,
// operator, educator, private_body or journal; one State ("State:XAA") or the medical association of one ("NMA:XAA").
func IsAddressee(code string) bool {
	group, state, one := strings.Cut(code, ":")
	if one {
		iso3, known := vocab.Country(state)
		return (group == "State" || group == "NMA") && known && iso3 == state && iso3 != "ZZZ"
	}
	return vocab.Has("addressee", code) || slices.Contains(others, code)
}

func (c *Corpus) readCalls(body string) error {
	const columns = "norm,point,place,clauses,addressees,strength,basis,summary,confirmed"
	seen := map[string]bool{}
	return rows("recommendations.csv", body, columns, func(row []string) error {
		call := Call{ID: row[0] + ":" + row[1], Norm: row[0], Point: row[1], Place: row[2], Addressees: strings.Fields(row[4]),
			Strength: row[5], Basis: row[6], Summary: row[7], Confirmed: row[8] == "yes"}
		if seen[call.ID] {
			return fmt.Errorf("recommendation %s stands twice", call.ID)
		}
		seen[call.ID] = true
		for _, number := range strings.Fields(row[3]) {
			cl, ok := c.Clause(clauseID(call.Norm, number))
			if !ok {
				return fmt.Errorf("%s: no clause %q", call.ID, number)
			}
			call.Clauses = append(call.Clauses, cl.ID)
			if call.Summary == "" {
				call.Summary = cl.Summary // said once, in the table of clauses
			}
		}
		c.calls = append(c.calls, call)
		return c.checkCall(call)
	})
}

func (c *Corpus) checkCall(call Call) error {
	stranger := slices.IndexFunc(call.Addressees, func(a string) bool { return !IsAddressee(a) })
	_, known := c.Norm(call.Norm)
	switch {
	case !known:
		return fmt.Errorf("no norm %q", call.Norm)
	case call.Point == "" || call.Place == "" || call.Summary == "":
		return fmt.Errorf("%s: point, place and a summary, or a clause that has one, are required", call.ID)
	case len(call.Addressees) == 0 || stranger >= 0:
		return fmt.Errorf("%s: addressees %v", call.ID, call.Addressees)
	case !slices.Contains(Strengths(), call.Strength):
		return fmt.Errorf("%s: unknown strength %q", call.ID, call.Strength)
	case call.Basis != Asked && call.Basis != Implied:
		return fmt.Errorf("%s: unknown basis %q", call.ID, call.Basis)
	}
	return nil
}

// Standing is how a norm stood on a day; false where there is none or it had not begun.
func (c *Corpus) Standing(norm string, day when.Day) (Standing, bool) {
	n, ok := c.Norm(norm)
	if !ok {
		return Standing{}, false
	}
	return standingOf(n, day)
}

// Titled finds the norm that bears a title, whatever its case and punctuation.
func (c *Corpus) Titled(title string) (Norm, bool) {
	key := strings.Join(text.Tokens(title), " ")
	i := slices.IndexFunc(c.norms, func(n Norm) bool { return key != "" && strings.Join(text.Tokens(n.Title), " ") == key })
	if i < 0 {
		return Norm{}, false
	}
	return c.norms[i], true
}

// Knows reports whether every step of a text's life stands in the norm's: the text is the norm as the corpus has it, or an earlier one.
func (n Norm) Knows(life []Event) bool {
	return !slices.ContainsFunc(life, func(e Event) bool {
		return !slices.ContainsFunc(n.Events, func(k Event) bool { return sameStep(k, e) })
	})
}

// Place is where a recommendation stands in its text: the index of its numbered point (0 = prose) and, after a stop, of its bullet.
func (r Recommendation) Place() string {
	if r.Bullet == 0 {
		return fmt.Sprint(r.Clause)
	}
	return fmt.Sprintf("%d.%d", r.Clause, r.Bullet)
}

// printedGroups says which code a group of Import stands for. Groups that are not here keep their words.
var printedGroups = map[string]string{
	"NMA": "NMA", "WHO": "WHO", "WMA": "WMA", "medical profession": "NMA", "professional bodies": "NMA",
	"governments": "State", "policy makers": "State", "health authorities": "State", "parties to conflict": "armed_party", "armed forces": "armed_party",
	"physicians": "physician", "medical community": "physician", "health professionals": "health_personnel", "nurses": "health_personnel",
	"health community": "health_personnel", "others who are involved in healthcare": "health_personnel",
	"health care institutions": "institution", "health care organizations": "institution", "operators of vital infrastructure": "operator",
	"medical education": "educator", "medical schools": "educator", "public and private bodies": "private_body",
	"medical journals": "journal", "stakeholders": "all", "international community": "all", "": "all",
}

var oneGovernment = pattern(`(?i)^(?:governments? of (?:the )?(.+)|(.+) (?:government|authorities))$`)

var notSlug = pattern(`[^\p{L}\p{N}]+`)

// longestGroup bounds the code of a group that nobody has a code for, in characters.
const longestGroup = 60

// Code is whom a recommendation addresses: a code for which IsAddressee holds, or "x-" and the words as printed, for a group without one.
func (r Recommendation) Code() string {
	if code, known := printedGroups[r.Addressee]; known {
		return code
	}
	if m := oneGovernment().FindStringSubmatch(r.Addressee); m != nil {
		if iso3, known := vocab.Country(m[1] + m[2]); known && iso3 != "ZZZ" {
			return statePrefix + iso3
		}
	}
	slug := strings.Trim(notSlug().ReplaceAllString(strings.ToLower(r.Addressee), "-"), "-")
	return "x-" + cutRunes(slug, longestGroup)
}

// strengthOf puts the verbs of texts into the three strengths.
var strengthOf = map[string]string{"must": "must", "shall": "must", "have an obligation to": "must", "have a responsibility to": "must", "have a duty to": "must",
	"urge": "urge", "call": "urge", "call on": "urge", "call upon": "urge", "demand": "urge", "stress": "urge"}

// Strength is how strongly a recommendation asks, as in Strengths.
func (r Recommendation) Strength() string {
	if s, known := strengthOf[r.Verb]; known {
		return s
	}
	return "encourage"
}

// Standing is how a text stood on a day, by the life that it tells of itself; false where it had not begun. A text that tells none stands.
func (t Text) Standing(day when.Day) (Standing, bool) {
	if len(t.Life) == 0 {
		return Standing{State: StateInForce, Title: t.TitleGuess}, true
	}
	return standingOf(Norm{Title: t.TitleGuess, Events: t.Life}, day)
}
