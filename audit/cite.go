package audit

import (
	"strings"

	"ward/policy"
	"ward/vocab"
)

// cite is one entry of the citation table met by an incident, with the clause as a position in the corpus.
type cite struct {
	clause  int
	bearing uint8
	note    string
}

// cites are what one code gives: rules count at once, proposals wait for a person.
type cites struct{ rules, proposals []cite }

// citeKey is what the citation table looks at. A kind of "*" stands for any kind through which a State acts.
type citeKey struct{ code, kind, context string }

// anyState asks what would be cited if the actor were the State's.
const anyState = "*"

// citer remembers the answers of the citation table: a million incidents ask the same few hundred questions.
type citer struct {
	corpus   *policy.Corpus
	clauseAt map[string]int
	bearings []string
	states   []string // actor kinds through which a State acts
	memo     map[citeKey]cites
}

func newCiter(corpus *policy.Corpus, clauseAt map[string]int) *citer {
	c := &citer{corpus: corpus, clauseAt: clauseAt, memo: map[citeKey]cites{}}
	for _, code := range vocab.Codes("actor") {
		if isState(code.Code) {
			c.states = append(c.states, code.Code)
		}
	}
	return c
}

// memoLimit bounds the memory that invented codes and contexts can take.
const memoLimit = 100_000

// of gives the citations of one code; clauses that the corpus does not hold are passed over.
func (c *citer) of(code, kind, context string) cites {
	key := citeKey{code, kind, context}
	if got, ok := c.memo[key]; ok {
		return got
	}
	kinds := []string{kind}
	if kind == anyState {
		kinds = c.states
	}
	var out cites
	seen := map[cite]bool{}
	for _, kind := range kinds {
		for _, entry := range c.corpus.Cite(code, kind, context) {
			c.add(&out, entry, seen)
		}
	}
	if len(c.memo) < memoLimit {
		c.memo[key] = out
	}
	return out
}

func (c *citer) add(out *cites, entry policy.Citation, seen map[cite]bool) {
	at, ok := c.clauseAt[entry.Clause]
	if !ok {
		return
	}
	one := cite{clause: at, bearing: c.bearing(entry.Bearing), note: entry.Note}
	if seen[one] {
		return
	}
	seen[one] = true
	if entry.Mode == "rule" {
		out.rules = append(out.rules, one)
	} else {
		out.proposals = append(out.proposals, one)
	}
}

// bearing numbers the way in which the State bears on a clause; at most bearingSlots are told apart.
func (c *citer) bearing(name string) uint8 {
	for i, known := range c.bearings {
		if known == name {
			return uint8(i)
		}
	}
	if len(c.bearings) < bearingSlots {
		c.bearings = append(c.bearings, name)
	}
	return uint8(len(c.bearings) - 1)
}

// bearingSlots leaves room beside the seven bearings there are.
const bearingSlots = 16

// fails reports a bearing of omission, which may rest on anybody's act.
func fails(bearing string) bool { return strings.HasPrefix(bearing, "FAIL_") }

// citedKind is the kind under which an actor's act is looked up: what is the State's only by name is looked up as
// its other agents.
func citedKind(kind string) string {
	if byName(kind) {
		return "state.other"
	}
	return kind
}
