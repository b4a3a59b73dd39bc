package commitment

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"ward/policy"
	"ward/text"
	"ward/when"
)

// imported lists what a kept text asks beyond the corpus. known holds norm, place and addressee of what is asked already; what is found
// here is added, so that a text that was kept twice asks once.
func imported(corpus *policy.Corpus, k policy.Kept, known map[string]bool, day when.Day) []Demand {
	norm, ofCorpus := corpus.Titled(k.Text.TitleGuess)
	standing, begun := k.Text.Standing(day)
	if !begun || ofCorpus && norm.Knows(k.Text.Life) {
		return nil
	}
	at := map[string]int{}
	var out []Demand
	for _, r := range k.Text.Recommendations {
		id, addressee := idOf(k.Text, r), r.Code()
		if known[norm.ID+" "+r.Place()+" "+addressee] || known[id+" "+addressee] {
			continue
		}
		known[id+" "+addressee] = true
		if i, same := at[id]; same {
			out[i].Addressees = append(out[i].Addressees, addressee)
			continue
		}
		d := Demand{ID: id, Text: k.ID, Title: k.Text.TitleGuess, Point: pointOf(k.Text, r), Addressees: []string{addressee},
			Strength: r.Strength(), Verb: r.Verb, Basis: policy.Asked}
		if standing.State != policy.StateInForce {
			d.Ended = standing.Since
		}
		at[id] = len(out)
		out = append(out, d)
	}
	return out
}

// idOf names a recommendation of an imported text for good: it follows from its title and from the hash of its words, so that reading
// the text anew finds the same one.
func idOf(t policy.Text, r policy.Recommendation) string {
	sum := sha256.Sum256([]byte(strings.Join(text.Tokens(t.TitleGuess), " ") + "\n" + r.SHA256))
	return "TEXT-" + hex.EncodeToString(sum[:8])
}

// pointOf is the number that the text prints, with the bullet after it; a bullet of prose has its own number.
func pointOf(t policy.Text, r policy.Recommendation) string {
	i := slices.IndexFunc(t.Clauses, func(p policy.Point) bool { return p.Index == r.Clause })
	if i < 0 || t.Clauses[i].Number == "" {
		return r.Place()
	}
	number := t.Clauses[i].Number
	if _, bullet, ok := strings.Cut(r.Place(), "."); ok {
		number += "." + bullet
	}
	return number
}
