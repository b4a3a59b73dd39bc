package desk

import (
	"context"
	"encoding/json"
	"strings"

	"ward/access"
	"ward/fault"
	"ward/store"
)

// newSubject begins the key of drafts about an incident that is not made yet.
const newSubject = "new"

func newIncidentKey(subject string) bool {
	return subject == newSubject || strings.HasPrefix(subject, newSubject+":") && len(subject) < 60
}

// Presence is somebody at work on one field of an incident within the last minute; Field "" is somebody who only looks.
type Presence struct {
	Name  string `json:"name"`
	Field string `json:"field"`
}

// Edits notes that somebody is at a field of an incident, and tells who else is.
func (d *Desk) Edits(ctx context.Context, who access.Actor, publicID, field string) ([]Presence, error) {
	if err := d.mayDraft(ctx, who, publicID); err != nil || newIncidentKey(publicID) {
		return nil, err
	}
	if len(field) > 60 {
		return nil, fault.New(fault.Invalid, "this is no field")
	}
	body, err := json.Marshal(Presence{who.Name, field})
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a presence cannot be written")
	}
	err = d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: passingEditing, Key: draftKey(who, publicID), Owner: holder(who), Body: body, Until: tx.Now().Add(presenceLife)})
	})
	if err != nil {
		return nil, err
	}
	return d.othersEditing(ctx, who, publicID)
}

// othersEditing are those who are at work on an incident just now, without the asker.
func (d *Desk) othersEditing(ctx context.Context, who access.Actor, publicID string) (out []Presence, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.PassingOf(ctx, passingEditing, "")
		for _, p := range list {
			if !strings.HasPrefix(p.Key, publicID+" ") || p.Owner == holder(who) {
				continue
			}
			var there Presence
			if err := json.Unmarshal(p.Body, &there); err != nil {
				return fault.Wrap(err, fault.Internal, "a presence cannot be read")
			}
			out = append(out, there)
		}
		return err
	})
	return out, err
}
