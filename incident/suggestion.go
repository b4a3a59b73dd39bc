package incident

import (
	"slices"
	"strings"

	"ward/entry"
	"ward/fault"
	"ward/text"
	"ward/vocab"
)

// Kinds of entries about what the program proposed; their subject is the incident's public id. A proposal is no assertion: what is accepted
// becomes one, by the person who accepted it.
const (
	KindSuggested = "suggestion.made"    // Suggestion: what was proposed, put on record when a person decides on it
	KindDecided   = "suggestion.decided" // Decision: what a person made of it
)

// What can be suggested.
const (
	SuggestCode      = "code"      // the description has the words of a code that nobody asserted
	SuggestDuplicate = "duplicate" // another incident may be the same event
)

// SuggestRules is the version of the rules by which suggestions are made.
const SuggestRules = "1"

// Suggestion is one proposal by the program.
type Suggestion struct {
	What  string   `json:"what"`
	Value string   `json:"value"`           // a code, or the public id of the other incident
	Why   []string `json:"why,omitempty"`   // the words found, or the codes shared
	Rules string   `json:"rules,omitempty"` // version
}

// Decision is what a person made of a suggestion.
type Decision struct {
	What     string `json:"what"`
	Value    string `json:"value"`
	Accepted bool   `json:"accepted"`
	Why      string `json:"why,omitempty"`
}

// Check says what is wrong with a decision; it is Invalid.
func (d Decision) Check() error {
	wrong := ""
	switch {
	case d.What != SuggestCode && d.What != SuggestDuplicate:
		wrong = "this is no kind of suggestion"
	case d.Value == "" || len(d.Value) > 60:
		wrong = "it does not say which suggestion it decides"
	case len(d.Why) > longestStated:
		wrong = "the reason is too long"
	}
	if wrong != "" {
		return fault.New(fault.Invalid, "%s", wrong).Keeping("nothing was written").Do("use a suggestion of the page")
	}
	return nil
}

// Undecided leaves out what a person has decided already.
func Undecided(made []Suggestion, decided []entry.Entry[Decision]) []Suggestion {
	return slices.DeleteFunc(slices.Clone(made), func(s Suggestion) bool {
		return slices.ContainsFunc(decided, func(d entry.Entry[Decision]) bool { return d.Body.What == s.What && d.Body.Value == s.Value })
	})
}

// mostSuggested is how many codes are suggested at most: a longer list is not read.
const mostSuggested = 5

// SuggestCodes proposes the codes whose label stands in the description, in whichever of the languages, word by word in any order; codes that
// are asserted already are left out. Words shorter than four letters are passed over.
func SuggestCodes(description string, have, langs []string) (out []Suggestion) {
	words := map[string]bool{}
	for _, w := range text.Tokens(description) {
		words[w] = true
	}
	for _, c := range vocab.Codes("incident") {
		if slices.Contains(have, c.Code) || len(out) == mostSuggested {
			continue
		}
		for _, lang := range langs {
			if found := labelIn(words, vocab.Label("incident", c.Code, lang)); found != nil {
				out = append(out, Suggestion{What: SuggestCode, Value: c.Code, Why: found, Rules: SuggestRules})
				break
			}
		}
	}
	return out
}

// labelIn gives the telling words of a label where all of them are among the words; nil where one is not, or none tells anything.
func labelIn(words map[string]bool, label string) (found []string) {
	for _, w := range text.Tokens(label) {
		if len([]rune(w)) < 4 || strings.ContainsAny(w, "0123456789") {
			continue
		}
		if !words[w] {
			return nil
		}
		found = append(found, w)
	}
	return found
}

// MayBeSame proposes another incident as the same event where both lie in one country, may have happened on one day and share a code, and
// their sources do not themselves tell them apart by the ids of one register.
func MayBeSame(a, b Incident) (s Suggestion, ok bool) {
	sameDays := !a.Date.IsZero() && !b.Date.IsZero() && a.Date.From() <= b.Date.To() && b.Date.From() <= a.Date.To()
	if a.PublicID == b.PublicID || a.Country != b.Country || !sameDays || a.Namespace == b.Namespace && a.Namespace != ownNamespace {
		return s, false
	}
	for _, code := range a.Codes {
		if slices.Contains(b.Codes, code) {
			s.Why = append(s.Why, code)
		}
	}
	s.What, s.Value, s.Rules = SuggestDuplicate, b.PublicID, SuggestRules
	return s, len(s.Why) > 0
}

// ownNamespace is that of incidents made here by hand.
const ownNamespace = "ward"
