package desk

import (
	"context"
	"maps"
	"slices"

	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/intake"
	"ward/store"
)

// evaluationGone is what goes with an evaluation.
type evaluationGone struct {
	entries []string // ids of its entries
	files   []string // stored photographs
	boxes   []string // the interpreters' sealed names
}

// goneWith finds what goes with an evaluation: every photograph, a removed one too, and every name that was sealed for it.
func goneWith(ctx context.Context, tx *store.Tx, number string) (gone evaluationGone, err error) {
	places, err := entry.Places(ctx, tx, number)
	if err != nil {
		return gone, err
	}
	gone.entries = slices.Sorted(maps.Keys(places))
	photos, err := entry.Of[evaluation.Photo](ctx, tx, evaluation.KindPhoto, number)
	for _, p := range photos {
		gone.files = append(gone.files, p.Body.File.Blob)
	}
	if err != nil {
		return gone, err
	}
	names, err := entry.Of[evaluation.Interpreter](ctx, tx, evaluation.KindInterpreter, number)
	for _, n := range names {
		box, failed := intake.ContactByID(ctx, tx, n.Body.Box)
		if failed != nil && !fault.Is(failed, fault.NotFound) {
			return gone, failed
		}
		if failed == nil && !box.Erased {
			gone.boxes = append(gone.boxes, n.Body.Box)
		}
	}
	return gone, err
}

// ofEvaluation finds an evaluation by its id, or by that of the entry with which it was asked for: after a restored backup the erasure goes
// by entries. The person, the case and the referrals that speak of it stay.
func ofEvaluation(ctx context.Context, tx *store.Tx, named string, c *Consequences) error {
	number := named
	if found, err := entry.Find(ctx, tx, named); err == nil && found.Kind == evaluation.KindRequest && !found.Erased {
		asked, err := entry.Of[evaluation.Request](ctx, tx, evaluation.KindRequest, found.Subject)
		if err != nil {
			return err
		}
		if len(asked) > 0 && asked[0].ID == named {
			number = found.Subject
		}
	}
	if _, err := evaluation.Load(ctx, tx, number); err != nil {
		return err
	}
	gone, err := goneWith(ctx, tx, number)
	c.Kind, c.ID, c.Name = KindEvaluation, number, number
	c.evaluation, c.Files, c.Handled, c.Boxes = &gone, len(gone.files), len(gone.entries), len(gone.boxes)
	return err
}

// wholeEvaluation erases an evaluation with everything about it, entry by entry: its own id bears no key.
func (e eraser) wholeEvaluation(gone evaluationGone, number string) error {
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
	return e.boxes(gone.boxes)
}

// boxes erases sealed contacts.
func (e eraser) boxes(list []string) error {
	for _, box := range list {
		if _, err := e.destroy(box, box); err != nil {
			return err
		}
		if err := intake.EraseContact(e.ctx, e.tx, box); err != nil {
			return err
		}
	}
	return nil
}
