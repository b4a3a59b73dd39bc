package desk

import (
	"cmp"
	"context"
	"slices"

	"ward/entry"
	"ward/fault"
	"ward/lines"
	"ward/store"
)

// Stated is what the import of a file found in which people state things.
type Stated struct {
	Rows     int
	Added    int // rows of an audit, else entries, of which a row may state two; what is on record already adds none
	Problems []lines.Problem
}

// check refuses a file of which any line has a problem; the problems are in the order of its lines then.
func (s *Stated) check() error {
	if len(s.Problems) == 0 {
		return nil
	}
	slices.SortStableFunc(s.Problems, func(a, b lines.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return fault.New(fault.Invalid, "%d lines cannot be used", len(s.Problems)).Keeping("nothing was written").Do("mend them and import the file again")
}

// add puts what is new on record.
func (s *Stated) add(ctx context.Context, tx *store.Tx, register string, made []entry.New) error {
	_, err := entry.Add(ctx, tx, register, made...)
	if err == nil {
		s.Added = len(made)
	}
	return err
}
