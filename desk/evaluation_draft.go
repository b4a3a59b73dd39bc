package desk

import (
	"context"
	"encoding/json"

	"ward/access"
	"ward/fault"
	"ward/store"
)

// passingEvaluation is what somebody typed into a section or a finding of an evaluation and did not put on record, for two weeks.
const passingEvaluation = "evaluation.draft"

// evaluationDraftKey tells whose draft it is, of which evaluation, and where in it: a section's key or a finding's id.
func evaluationDraftKey(who access.Actor, number, where string) string {
	return number + " " + where + " " + holder(who)
}

// KeepEvaluationDraft keeps what was typed, over the draft before. It is no statement: the journal does not have it.
func (d *Desk) KeepEvaluationDraft(ctx context.Context, who access.Actor, number, where, form string) error {
	if len(form) > longestDraft || len(where) > 40 {
		return fault.New(fault.Limit, "the draft is longer than %d characters", longestDraft).Keeping("the draft before it").Do("save the section first")
	}
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		_, err := d.ownEvaluation(ctx, tx, who, number)
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(Draft{Form: form})
	if err != nil {
		return fault.Wrap(err, fault.Internal, "a draft cannot be written")
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: passingEvaluation, Key: evaluationDraftKey(who, number, where), Owner: holder(who), Body: body, Until: tx.Now().Add(draftLife)})
	})
}

// EvaluationDraft is what somebody typed and did not save; ok is false where there is nothing.
func (d *Desk) EvaluationDraft(ctx context.Context, who access.Actor, number, where string) (draft Draft, ok bool, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := d.onEvaluation(ctx, tx, who, access.WriteEvaluations, number); err != nil {
			return err
		}
		kept, found, err := tx.Passing(ctx, passingEvaluation, evaluationDraftKey(who, number, where))
		if err != nil || !found {
			return err
		}
		ok, draft.At = true, kept.At
		return json.Unmarshal(kept.Body, &draft)
	})
	return draft, ok, err
}

// DropEvaluationDraft forgets a draft: it was saved, or is not wanted.
func (d *Desk) DropEvaluationDraft(ctx context.Context, who access.Actor, number, where string) error {
	if err := who.May(access.WriteEvaluations); err != nil {
		return err
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.DropPassing(ctx, passingEvaluation, evaluationDraftKey(who, number, where), "")
	})
}
