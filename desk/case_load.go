package desk

import (
	"context"
	"maps"
	"slices"

	"ward/casework"
	"ward/entry"
	"ward/store"
)

// caseEntries are the entries about some cases, by case.
type caseEntries map[string]*casework.Entries

func (e caseEntries) of(id string) *casework.Entries {
	if e[id] == nil {
		e[id] = &casework.Entries{}
	}
	return e[id]
}

// caseLoader reads entries of a kind.
type caseLoader struct {
	ctx context.Context
	tx  *store.Tx
	ids []string // of the cases; nil is all
	err error
}

// load reads the entries of one kind into their cases.
func load[T any](l *caseLoader, kind string, out caseEntries, into func(*casework.Entries) *[]entry.Entry[T]) {
	if l.err != nil {
		return
	}
	if l.ids == nil {
		var all []entry.Entry[T]
		all, l.err = entry.All[T](l.ctx, l.tx, kind)
		for _, e := range all {
			list := into(out.of(e.Subject))
			*list = append(*list, e)
		}
		return
	}
	var of map[string][]entry.Entry[T]
	of, l.err = entry.OfMany[T](l.ctx, l.tx, kind, l.ids)
	for id, list := range of {
		*into(out.of(id)) = list
	}
}

// casesBy folds the cases of these ids; nil is all. In the order of their ids.
func casesBy(ctx context.Context, tx *store.Tx, ids []string) (out []casework.Case, err error) {
	l, e := &caseLoader{ctx: ctx, tx: tx, ids: ids}, caseEntries{}
	load(l, casework.KindOpened, e, func(e *casework.Entries) *[]entry.Entry[casework.Opened] { return &e.Opened })
	load(l, casework.KindMove, e, func(e *casework.Entries) *[]entry.Entry[casework.Move] { return &e.Moves })
	load(l, casework.KindFact, e, func(e *casework.Entries) *[]entry.Entry[casework.Fact] { return &e.Facts })
	load(l, casework.KindTask, e, func(e *casework.Entries) *[]entry.Entry[casework.Task] { return &e.Tasks })
	load(l, casework.KindLink, e, func(e *casework.Entries) *[]entry.Entry[casework.Link] { return &e.Links })
	load(l, casework.KindMember, e, func(e *casework.Entries) *[]entry.Entry[casework.Member] { return &e.Members })
	load(l, casework.KindNote, e, func(e *casework.Entries) *[]entry.Entry[casework.Note] { return &e.Notes })
	load(l, casework.KindDocument, e, func(e *casework.Entries) *[]entry.Entry[casework.Document] { return &e.Documents })
	if l.err != nil {
		return nil, l.err
	}
	for _, id := range slices.Sorted(maps.Keys(e)) {
		if c, ok := casework.Fold(id, *e[id]); ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// casesSince folds the cases of which journal rows after a number brought something.
func casesSince(ctx context.Context, tx *store.Tx, number int64) ([]casework.Case, error) {
	if number <= 0 {
		return casesBy(ctx, tx, nil)
	}
	touched := map[string]bool{}
	for _, kind := range casework.EntryKinds() {
		list, err := entry.After[struct{}](ctx, tx, kind, number)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			touched[e.Subject] = true
		}
	}
	if len(touched) == 0 {
		return nil, nil
	}
	return casesBy(ctx, tx, slices.Sorted(maps.Keys(touched)))
}
