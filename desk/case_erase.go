package desk

import (
	"context"
	"maps"
	"slices"

	"ward/casework"
	"ward/entry"
	"ward/fault"
	"ward/store"
)

// caseGone is what goes with a case.
type caseGone struct {
	entries []string // ids of its entries
	files   []string // stored files
}

// ofCase finds a case by its id, or by that of the entry that opened it: after a restored backup the erasure goes by entries. The people whom
// it is about stay: each is erased by themselves.
func ofCase(ctx context.Context, tx *store.Tx, named string, c *Consequences) error {
	number := named
	if found, err := entry.Find(ctx, tx, named); err == nil && found.Kind == casework.KindOpened && !found.Erased {
		number = found.Subject
	}
	list, err := casesBy(ctx, tx, []string{number})
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "there is no case %.40q", named)
	}
	if err != nil {
		return err
	}
	about, err := entry.Places(ctx, tx, number)
	if err != nil {
		return err
	}
	gone := caseGone{entries: slices.Sorted(maps.Keys(about))}
	for _, e := range list[0].Said.Documents {
		gone.files = append(gone.files, e.Body.File.Blob)
	}
	c.Kind, c.ID, c.Name = KindCase, number, number
	c.cases, c.Files, c.Handled = &gone, len(gone.files), len(gone.entries)
	return nil
}

// wholeCase erases a case with everything about it, entry by entry: the case's own id bears no key.
func (e eraser) wholeCase(gone caseGone, number string) error {
	if err := e.drafts(number); err != nil {
		return err
	}
	for _, id := range gone.entries {
		if _, err := e.destroy(id, number); err != nil {
			return err
		}
		if err := entry.Erase(e.ctx, e.tx, id); err != nil {
			return err
		}
	}
	return nil
}
