package policy

import (
	"slices"
	"strings"

	"ward/text"
)

// guessTitle names a text: by its title line, else by the norm of the corpus
// whose life it shares and whose marks it carries, else by the last renaming in
// its life. "" is the honest answer to anything else.
func guessTitle(c *Corpus, s section, life []Event) string {
	if s.title != "" {
		return s.title
	}
	if n, ok := c.Match(life, strings.Join(s.body, " ")); ok {
		return n.Title
	}
	for i := len(life) - 1; i >= 0; i-- {
		if life[i].Event == Renamed && life[i].As != "" {
			return life[i].As
		}
	}
	return ""
}

// Match finds the norm that a text is a copy of: it was adopted in the same month
// by the same session, and the body of the text carries every mark of the norm.
// Of several the one that shares most of its life counts; a tie is no match.
func (c *Corpus) Match(life []Event, body string) (Norm, bool) {
	if len(life) == 0 {
		return Norm{}, false
	}
	folded := strings.Join(text.Tokens(body), " ")
	found, best, tie := Norm{}, 0, false
	for _, n := range c.norms {
		if len(n.marks) == 0 || !sameStep(n.Events[0], life[0]) || !carriesAll(folded, n.marks) {
			continue
		}
		switch shared := sharedSteps(n.Events, life); {
		case shared > best:
			found, best, tie = n, shared, false
		case shared == best:
			tie = true
		}
	}
	return found, best > 0 && !tie
}

// sharedSteps counts the steps of a life that a norm knows, less those it does not.
func sharedSteps(known, life []Event) int {
	count := 100
	for _, e := range life {
		if slices.ContainsFunc(known, func(k Event) bool { return sameStep(k, e) }) {
			count++
		} else {
			count--
		}
	}
	return count
}

func sameStep(a, b Event) bool {
	return a.Event == b.Event && a.Year == b.Year && (a.Month == b.Month || a.Month == 0 || b.Month == 0) &&
		(a.Ordinal == b.Ordinal || a.Ordinal == 0 || b.Ordinal == 0)
}

func carriesAll(folded string, marks []string) bool {
	for _, m := range marks {
		if !strings.Contains(folded, m) {
			return false
		}
	}
	return true
}
