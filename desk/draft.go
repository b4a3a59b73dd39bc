package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"ward/access"
	"ward/fault"
	"ward/store"
)

// What passes while somebody edits: a draft of a form, for two weeks; where somebody is just now, for a minute.
const (
	passingDraft   = "draft"
	passingEditing = "editing"
	draftLife      = 14 * 24 * time.Hour
	presenceLife   = time.Minute
)

// longestDraft is the longest draft, in bytes: a full form and a long description.
const longestDraft = 200_000

// Draft is what somebody typed and did not yet put on record.
type Draft struct {
	Form string    `json:"form"` // as it was typed: the form, encoded
	At   time.Time `json:"-"`
}

// draftKey tells a draft or a presence from others: the incident's public id, or "new" with the report it is made from, and whose it is.
func draftKey(who access.Actor, subject string) string { return subject + " " + holder(who) }

// holder is whose a draft is: an account, or the operator at this machine.
func holder(who access.Actor) string { return cmp.Or(who.Account, who.Name) }

// KeepDraft keeps what was typed into the form about an incident, over the draft before. It is no statement: the journal does not have it.
func (d *Desk) KeepDraft(ctx context.Context, who access.Actor, subject, form string) error {
	if err := d.mayDraft(ctx, who, subject); err != nil {
		return err
	}
	if len(form) > longestDraft {
		return fault.New(fault.Limit, "the draft is longer than %d characters", longestDraft).Keeping("the draft before it").Do("save some of the fields first")
	}
	body, err := json.Marshal(Draft{Form: form})
	if err != nil {
		return fault.Wrap(err, fault.Internal, "a draft cannot be written")
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: passingDraft, Key: draftKey(who, subject), Owner: holder(who), Body: body, Until: tx.Now().Add(draftLife)})
	})
}

// Draft gives what somebody typed about an incident and did not save; ok is false where there is nothing.
func (d *Desk) Draft(ctx context.Context, who access.Actor, subject string) (draft Draft, ok bool, err error) {
	if err := who.May(access.EditIncidents); err != nil {
		return draft, false, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		kept, found, err := tx.Passing(ctx, passingDraft, draftKey(who, subject))
		if err != nil || !found {
			return err
		}
		ok, draft.At = true, kept.At
		return json.Unmarshal(kept.Body, &draft)
	})
	return draft, ok, err
}

// DropDraft forgets a draft: it was saved, or is not wanted.
func (d *Desk) DropDraft(ctx context.Context, who access.Actor, subject string) error {
	if err := who.May(access.EditIncidents); err != nil {
		return err
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.DropPassing(ctx, passingDraft, draftKey(who, subject), "")
	})
}

// mayDraft refuses a draft about what somebody may not edit, or what is not there.
func (d *Desk) mayDraft(ctx context.Context, who access.Actor, subject string) error {
	if err := who.May(access.EditIncidents); err != nil || newIncidentKey(subject) {
		return err
	}
	return d.db.Read(ctx, func(tx *store.Tx) error {
		inc, err := seen(ctx, tx, who, subject)
		if err == nil && inc.Erased {
			err = erased(inc.PublicID)
		}
		return err
	})
}
