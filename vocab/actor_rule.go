package vocab

import (
	"slices"
	"strings"
	"sync"

	"ward/text"
)

// wording is what a common word in a name says about who is meant.
type wording struct{ kind, note string }

// wordings is actor_words.csv: words that with a State name one of its forces, and words that at the end or the beginning
// of a name say what kind of group it is. Keys are folded words joined by spaces.
type wordings struct{ state, end, begin map[string]wording }

var actorWords = sync.OnceValue(func() wordings {
	w := wordings{map[string]wording{}, map[string]wording{}, map[string]wording{}}
	into := map[string]map[string]wording{"state": w.state, "end": w.end, "begin": w.begin}
	for _, r := range read("actor_words.csv") {
		into[r["where"]][r["words"]] = wording{r["kind"], r["note"]}
	}
	return w
})

// maxWords is the longest name, in words, that the rules read.
const maxWords = 16

// stateForce reads a name made of a State and a kind of force.
func stateForce(name string) (Actor, bool) {
	words := text.Tokens(name)
	if strings.ContainsAny(name, ",;&") || len(words) > maxWords {
		return Actor{}, false
	}
	for i, w := range words {
		if a, ok := force(name, words[i:], words[:i]); ok { // "Syrian Armed Forces"
			return a, true
		}
		if w != "of" {
			continue
		}
		if a, ok := force(name, words[:i], words[i+1:]); ok { // "Armed Forces of the Philippines"
			return a, true
		}
	}
	if open := strings.IndexByte(name, '('); open > 0 { // "National Police (Azerbaijan)"
		return force(name, text.Tokens(name[:open]), text.Tokens(name[open:]))
	}
	return Actor{}, false
}

// force is the actor whose kind and State are given in words.
func force(name string, kind, state []string) (Actor, bool) {
	if len(kind) == 0 || len(state) == 0 {
		return Actor{}, false
	}
	w, ok := actorWords().state[strings.Join(kind, " ")]
	if !ok {
		return Actor{}, false
	}
	iso3, ok := stateNamed(state)
	return Actor{Name: name, Kind: w.kind, State: iso3}, ok
}

// worded reads names that tell what kind of group is meant by a common word; whose it is stays open.
func worded(name string) (Actor, bool) {
	words := text.Tokens(name)
	if len(words) < 2 || len(words) > maxWords || strings.ContainsAny(name, ",;") ||
		slices.Contains(words, "and") || slices.Contains(words, "or") {
		return Actor{}, false
	}
	table := actorWords()
	for n := 1; n < min(3, len(words)); n++ {
		w, ok := table.end[strings.Join(words[len(words)-n:], " ")]
		if !ok {
			w, ok = table.begin[strings.Join(words[:n], " ")]
		}
		if ok {
			return Actor{Name: name, Kind: w.kind, Note: w.note, Open: true}, true
		}
	}
	return Actor{}, false
}
