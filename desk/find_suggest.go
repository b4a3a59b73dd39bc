package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/search"
)

// Limits of suggesting.
const (
	suggestWords = 8 // words of a query that are looked at
	suggestEach  = 4 // proposals for a word
)

// shelf is an index with the query that somebody may put to it.
type shelf struct {
	index *search.Index
	query func(words string) search.Query
}

// Suggest offers, for each word of a query that occurs nowhere, words that begin alike and do occur; where every word occurs, but never
// together, it offers each alone. Papers says that reports, facilities and statements are looked through too. What the asker may not read
// suggests nothing.
func (d *Desk) Suggest(ctx context.Context, who access.Actor, q IncidentQuery, papers bool) (out []string, err error) {
	shelves, err := d.shelves(ctx, who, q, papers)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(q.Words)
	words = words[:min(len(words), suggestWords)]
	for i, word := range words {
		total, err := totalOn(shelves, word)
		if err != nil {
			return nil, err
		}
		if total > 0 {
			if len(words) > 1 {
				out = append(out, word)
			}
			continue
		}
		mended, err := mend(shelves, words, i)
		if err != nil {
			return nil, err
		}
		out = append(out, mended...)
	}
	return out, nil
}

func (d *Desk) shelves(ctx context.Context, who access.Actor, q IncidentQuery, papers bool) ([]shelf, error) {
	if err := d.read(ctx, who, access.ReadIncidents, access.Page, "incidents"); err != nil {
		return nil, err
	}
	q.Offset, q.Limit = 0, 0
	x, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	out := []shelf{{x.Index, func(words string) search.Query { q.Words = words; return searchQuery(who, q, nil) }}}
	kinds := paperKinds(who)
	if !papers || len(kinds) == 0 || q.speaksOfIncidents() {
		return out, nil
	}
	p, err := d.followPapers(ctx)
	return append(out, shelf{p, func(words string) search.Query { q.Words = words; return paperQuery(who, kinds, q) }}), err
}

// totalOn is how much a word finds.
func totalOn(shelves []shelf, word string) (n int, err error) {
	for _, s := range shelves {
		found, err := s.index.Search(s.query(word))
		if err != nil {
			return 0, err
		}
		n += found.Total
	}
	return n, nil
}

// mend shortens one word until something begins with it.
func mend(shelves []shelf, words []string, i int) (out []string, err error) {
	letters := []rune(words[i])
	for n := min(len(letters)-1, 64); n >= 2 && len(out) == 0; n-- {
		for _, s := range shelves {
			found, err := s.index.Complete(s.query(string(letters[:n])), suggestEach)
			if err != nil {
				return nil, err
			}
			for _, k := range found {
				mended := slices.Clone(words)
				mended[i] = k.Value
				out = append(out, strings.Join(mended, " "))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
