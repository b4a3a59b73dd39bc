package entry

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ward/fault"
	"ward/id"
	"ward/store"
	"ward/tlog"
)

// Brought is an entry on its way between a workspace and a copy that travelled, with who made it and when.
type Brought struct {
	ID      string          `json:"id"`
	Kind    string          `json:"kind"`
	Subject string          `json:"subject"`
	By      string          `json:"by"`
	At      time.Time       `json:"at"` // to the microsecond
	Body    json.RawMessage `json:"body"`
}

// Carry lists the living entries about a subject, whatever their kind, the oldest first, as they can travel.
func Carry(ctx context.Context, tx *store.Tx, subject string) ([]Brought, error) {
	found, err := list[json.RawMessage](ctx, tx, "e.subject=$1", subject)
	out := make([]Brought, len(found))
	for i, e := range found {
		out[i] = Brought{e.ID, e.Kind, e.Subject, e.By, e.At, e.Body}
	}
	return out, err
}

// Bring puts on record what was stated in another workspace, under the ids, names and times that it has there; the journal says who brought it.
// Ids that stand here already, erased ones among them, are passed over, so that bringing twice brings once. It returns the ids that were new.
// What cannot be an entry is Invalid, and nothing is written.
func Bring(ctx context.Context, tx *store.Tx, register string, brought []Brought) (added []string, err error) {
	fresh, err := unknown(ctx, tx, brought)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(fresh, batch) {
		list, ids := make([]kept, len(part)), make([]string, len(part))
		digests := make([]tlog.Hash, len(part))
		for i, b := range part {
			ids[i] = b.ID
			list[i] = kept{id: b.ID, kind: b.Kind, subject: b.Subject, by: b.By, at: b.At.UnixMicro(), body: b.Body, secret: tlog.NewSecret()}
			if digests[i], err = list[i].commitment(); err != nil {
				return nil, err
			}
		}
		number, err := tx.JournalBatch(ctx, acts+register, "", digests)
		if err != nil {
			return nil, err
		}
		if err := insert(ctx, tx, ids, list, number); err != nil {
			return nil, err
		}
		added = append(added, ids...)
	}
	return added, nil
}

// unknown are those that do not stand here, each once.
func unknown(ctx context.Context, tx *store.Tx, brought []Brought) (out []Brought, err error) {
	seen := map[string]bool{}
	for _, b := range brought {
		if err := b.check(); err != nil {
			return nil, err
		}
		_, err := Find(ctx, tx, b.ID)
		switch {
		case fault.Is(err, fault.NotFound) && !seen[b.ID]:
			out = append(out, b)
		case err != nil && !fault.Is(err, fault.NotFound):
			return nil, err
		}
		seen[b.ID] = true
	}
	return out, nil
}

func (b Brought) check() error {
	const most = 1 << 20 // bytes of a body
	var body map[string]json.RawMessage
	_, ok := id.Time(b.ID)
	if !ok || b.Kind == "" || b.Subject == "" || b.By == "" || b.At.IsZero() || len(b.Body) > most || json.Unmarshal(b.Body, &body) != nil {
		return fault.New(fault.Invalid, "what was brought is no entry").Keeping("nothing was written")
	}
	return nil
}
