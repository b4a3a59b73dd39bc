package search

import (
	"bytes"
	"cmp"
	"slices"
)

const maxCompletions = 100

// Complete continues the last word of q.Words: the folded words that begin with it, each with the number of documents that
// have it within the rest of the query, most frequent first, at most n of them (and never over 100). A last word that is
// quoted or excluded has no completion. Page, order and facets of the query are ignored; errors are those of Search.
func (x *Index) Complete(q Query, n int) ([]Count, error) {
	p, err := x.schema.plan(q)
	last := len(p.clauses) - 1
	if err != nil || last < 0 || !p.clauses[last].prefix || n <= 0 {
		return nil, err
	}
	ending := p.clauses[last]
	p.clauses = p.clauses[:last]
	for _, word := range ending.words[:len(ending.words)-1] {
		p.clauses = append(p.clauses, clause{words: []string{word}})
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return p.complete(x.now, ending.words[len(ending.words)-1], min(n, maxCompletions)), nil
}

func (p *plan) complete(t *table, prefix string, n int) []Count {
	type counted struct {
		code uint32
		docs int
	}
	rows, _ := p.base(t)
	t.narrow(rows, p.counted)
	var found []counted
	for _, code := range t.sorted.prefixed(t.words, []byte(prefix)) {
		if docs := t.postings[code].countIn(rows); docs > 0 {
			found = append(found, counted{code, docs})
		}
	}
	slices.SortFunc(found, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.docs, a.docs), bytes.Compare(t.words.at(a.code), t.words.at(b.code)))
	})
	var best []Count
	for _, c := range found[:min(n, len(found))] {
		best = append(best, Count{Value: string(t.words.at(c.code)), Docs: c.docs})
	}
	return best
}
