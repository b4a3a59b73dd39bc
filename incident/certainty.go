package incident

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"ward/assertion"
	"ward/text"
)

// CertaintyRules is the version of the table by which certainty rises (standards 10.3). Thresholds that change make a new version.
const CertaintyRules = "ward-certainty/1"

// Findings that stand beside the ladder: each needs reasons, none needs evidence of its own.
const (
	IsContested = "contested"  // credible accounts contradict each other
	Refuted     = "refuted"    // verification showed that it did not happen
	Discounted  = "discounted" // it happened and does not belong here
)

// What a level asks for.
const (
	NeedGraded         = "graded"          // origins of reliability C or better, or with credibility 3 or better
	NeedUncontradicted = "uncontradicted"  // nothing decisive that is contested
	NeedRootsOrDirect  = "roots_or_direct" // independent origins; one direct witness or official record weighs as two
	NeedRoots          = "roots"           // independent origins
	NeedDirect         = "direct"          // origins that are eyewitness, clinician, document or authenticated media
)

// Need is one thing that a level asks for: how much there is, and how much it wants.
type Need struct {
	Key        string
	Have, Want int
}

// Rung is a level of certainty with everything that it asks of the evidence.
type Rung struct {
	Level string
	Asks  []Need
}

// rungs is the table, the lowest first. Each level asks what those below it ask.
var rungs = []Rung{
	{"rumour", nil},
	{"possible", []Need{{Key: NeedGraded, Want: 1}, {Key: NeedUncontradicted, Want: 1}}},
	{"probable", []Need{{Key: NeedGraded, Want: 1}, {Key: NeedUncontradicted, Want: 1}, {Key: NeedRootsOrDirect, Want: 2}}},
	{"confirmed", []Need{{Key: NeedGraded, Want: 1}, {Key: NeedUncontradicted, Want: 1}, {Key: NeedRoots, Want: 2}, {Key: NeedDirect, Want: 1}}},
}

// Rungs is the table, for pages that draw it. Callers must not change it.
func Rungs() []Rung { return rungs }

// Findings lists what an opinion can propose: the levels, then what stands beside them.
func Findings() (out []string) {
	for _, r := range rungs {
		out = append(out, r.Level)
	}
	return append(out, IsContested, Refuted, Discounted)
}

// height is a level's place on the ladder; -1 of what stands beside it.
func height(level string) int {
	return slices.IndexFunc(rungs, func(r Rung) bool { return r.Level == level })
}

// decisive are the fields on which a contradiction says that it may not have happened so: whether, when, where and what. A number that
// sources give differently is a range, and whose act it was is a question of its own.
var decisive = []string{"date", "country", "adm1", "place", "point", "codes", "description"}

// Root is one independent origin with everything that it is said to say.
type Root struct {
	Name        string // as it was first written
	Sources     []string
	Reliability string // the best of its grades; "" where none was given
	Credibility string
	Direct      bool
	Assertions  []Assertion // that speak, publishers' first
}

// graded reports an origin good enough for a first step: a source of fair reliability, or content of fair credibility.
func (r Root) graded() bool {
	return r.Reliability != "" && r.Reliability <= "C" || r.Credibility != "" && r.Credibility <= "3"
}

// Standing is where the evidence of an incident stands on the ladder.
type Standing struct {
	Rules          string
	Given          string            // what the publishers' own grades make of it (design 10.2); "rumour" where none tells of it
	Highest        string            // highest level that people may agree on
	Missing        map[string][]Need // what each level above the highest still lacks
	Roots          []Root
	Unsourced      []Assertion // that speak and name no origin: they raise nothing
	Contradictions []Assertion // decisive ones that are contested
}

// Ladder weighs what is asserted. Independent origins are counted, never items: one origin is one, however many sources, fields or
// publishers repeat it. A publisher's own grade carries as far as its import did.
func Ladder(assertions []Assertion, given string) Standing {
	s := Standing{Rules: CertaintyRules, Given: given, Highest: rungs[0].Level, Missing: map[string][]Need{}}
	s.gather(assertions)
	lacking := false
	for at, r := range rungs {
		missing := s.lacks(r)
		lacking = lacking || len(missing) > 0
		switch {
		case !lacking || at <= height(given):
			s.Highest = r.Level
		case len(missing) > 0:
			s.Missing[r.Level] = missing
		}
	}
	return s
}

// Carries reports that the evidence lets people agree on a finding. What stands beside the ladder needs reasons, not origins.
func (s Standing) Carries(finding string) bool {
	return height(finding) <= height(s.Highest)
}

func (s *Standing) gather(assertions []Assertion) {
	same := copies(assertions)
	for _, a := range assertions {
		switch {
		case !a.Speaks():
			continue
		case unsourced(a):
			s.Unsourced = append(s.Unsourced, a)
		default:
			s.root(same, a).add(a)
		}
		if a.State == Contested && slices.Contains(decisive, a.Field) || excluded(assertions, a) {
			s.Contradictions = append(s.Contradictions, a)
		}
	}
}

// excluded reports a day or a country that another word which speaks excludes, whether or not anybody contested either.
func excluded(assertions []Assertion, a Assertion) bool {
	return slices.Contains([]string{"date", "country"}, a.Field) && slices.ContainsFunc(assertions, func(b Assertion) bool {
		return b.Field == a.Field && b.Speaks() && assertion.Contradict(a.Field, a.Value, b.Value)
	})
}

// root finds an assertion's origin, or begins it.
func (s *Standing) root(same map[string]string, a Assertion) *Root {
	key := origin(same, a)
	for i := range s.Roots {
		if origin(same, s.Roots[i].Assertions[0]) == key {
			return &s.Roots[i]
		}
	}
	s.Roots = append(s.Roots, Root{Name: a.Root})
	return &s.Roots[len(s.Roots)-1]
}

func (r *Root) add(a Assertion) {
	if !slices.Contains(r.Sources, a.Source) && a.Source != "" {
		r.Sources = append(r.Sources, a.Source)
	}
	r.Reliability, r.Credibility = better(r.Reliability, a.Reliability), better(r.Credibility, a.Credibility)
	r.Direct = r.Direct || a.Direct
	r.Assertions = append(r.Assertions, a)
}

// better is the higher of two grades, of which the first letter or digit is the best.
func better(a, b string) string {
	if a == "" || b == "" {
		return cmp.Or(a, b)
	}
	return min(a, b)
}

// unsourced reports what somebody put down without saying where it comes from.
func unsourced(a Assertion) bool { return a.Series == Own && a.Source == "" && a.Root == a.ID }

// wireLength is from how many letters on the same words are no coincidence.
const wireLength = 60

// copies tells which origins are one because they bring the same words: by key of an origin the key of the first that brought them.
func copies(assertions []Assertion) map[string]string {
	same, first := map[string]string{}, map[string]string{}
	for _, a := range assertions {
		words := text.Key(a.Value)
		if !a.Speaks() || unsourced(a) || a.Field != "description" || utf8.RuneCountInString(words) < wireLength {
			continue
		}
		key := origin(same, a)
		if earlier, brought := first[words]; !brought {
			first[words] = key
		} else if earlier = followed(same, earlier); earlier != key {
			same[key] = earlier
		}
	}
	return same
}

func origin(same map[string]string, a Assertion) string {
	return followed(same, cmp.Or(text.Key(a.Root), a.Root))
}

func followed(same map[string]string, key string) string {
	for same[key] != "" {
		key = same[key]
	}
	return key
}

// lacks lists what a level still asks for.
func (s *Standing) lacks(r Rung) (out []Need) {
	for _, ask := range r.Asks {
		if ask.Have = s.have(ask.Key); ask.Have < ask.Want {
			out = append(out, ask)
		}
	}
	return out
}

func (s *Standing) have(key string) int {
	graded, direct := 0, 0
	for _, r := range s.Roots {
		if r.graded() {
			graded++
		}
		if r.Direct {
			direct++
		}
	}
	switch key {
	case NeedGraded:
		return graded
	case NeedRoots:
		return len(s.Roots)
	case NeedDirect:
		return direct
	case NeedRootsOrDirect:
		return max(len(s.Roots), 2*min(direct, 1))
	}
	return min(1, max(0, 1-len(s.Contradictions))) // NeedUncontradicted
}
