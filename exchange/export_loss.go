package exchange

import (
	"fmt"
	"sort"
	"strings"
)

// Loss is one step by which a format could not carry something.
type Loss struct {
	Step   string `json:"step"`            // what was lost, without the number
	About  string `json:"about,omitempty"` // the field or source it is about
	Rows   int    `json:"rows"`            // records that lost something by it
	Values int    `json:"values"`          // values lost; more than rows where one record lost several
}

// lossKey is a sentence with a place for the number, and what it is about.
type lossKey struct{ sentence, about string }

// losses counts what a format could not carry.
type losses struct {
	counts map[lossKey]*lossCount
	record int // the one at hand
}

type lossCount struct{ rows, values, last int }

func newLosses() *losses { return &losses{counts: map[lossKey]*lossCount{}} }

// next begins a record.
func (l *losses) next() { l.record++ }

func (l *losses) add(sentence, about string) {
	c := l.counts[lossKey{sentence, about}]
	if c == nil {
		c = &lossCount{}
		l.counts[lossKey{sentence, about}] = c
	}
	c.values++
	if c.last != l.record {
		c.last = l.record
		c.rows++
	}
}

// list gives one sentence a step.
func (l *losses) list() []string {
	out := make([]string, 0, len(l.counts))
	for k, c := range l.counts {
		out = append(out, k.say(c.values))
	}
	sort.Strings(out)
	return out
}

// termsNotice is told with the losses and is none: the records are in the file.
const termsNotice = "%d records of %s may be passed on for non-commercial use only"

// steps gives them as data, in the order of their words.
func (l *losses) steps() []Loss {
	out := make([]Loss, 0, len(l.counts))
	for k, c := range l.counts {
		if k.sentence == termsNotice {
			continue
		}
		_, step, _ := strings.Cut(k.say(0), " ")
		out = append(out, Loss{step, k.about, c.rows, c.values})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Step < out[j].Step })
	return out
}

func (k lossKey) say(n int) string {
	if strings.Contains(k.sentence, "%s") {
		return fmt.Sprintf(k.sentence, n, k.about)
	}
	return fmt.Sprintf(k.sentence, n)
}
