package desk

import (
	"context"
	"time"

	"ward/access"
	"ward/bundle"
	"ward/fault"
	"ward/incident"
	"ward/store"
)

// IncidentProof says how one incident stands in the log, and what a bundle without choices would show of it.
type IncidentProof struct {
	Act     ActFile // the journal row that holds the incident as it stands now
	Index   int64   // its place in that row's batch, from 0
	Ready   bool    // a bundle can be made
	Records []ProofRecord
}

// ProofRecord is one record of a bundle by the names of its fields.
type ProofRecord struct {
	Kind, ID string
	Shown    []string
	Hidden   []string // names, where the record is the incident itself
	Kept     int      // how many fields are hidden
}

// Proof tells how an incident stands in the log.
func (d *Desk) Proof(ctx context.Context, who access.Actor, id string) (proof IncidentProof, err error) {
	if err := who.May(access.ReadIncidents); err != nil {
		return proof, err
	}
	var inc incident.Incident
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if inc, err = seen(ctx, tx, who, id); err != nil {
			return err
		}
		if inc.Erased {
			return erased(inc.PublicID)
		}
		if proof.Act, err = actFile(ctx, tx, inc.Journal); err != nil {
			return err
		}
		proof.Index = int64(inc.Leaf)
		b, err := d.newBundler(ctx, tx, BundleOptions{})
		if err != nil {
			return err
		}
		if err := b.gather(id); fault.Is(err, fault.Undecided) {
			return nil // an hour is still open
		} else if err != nil {
			return err
		}
		proof.Ready, proof.Records = true, proofRecords(b.content.Records, inc)
		return nil
	})
	if err == nil {
		err = d.read(ctx, who, access.ReadIncidents, access.Page, inc.PublicID)
	}
	return proof, err
}

func proofRecords(records []bundle.Record, inc incident.Incident) []ProofRecord {
	out := make([]ProofRecord, len(records))
	for i, r := range records {
		out[i].Kind, out[i].ID = r.Kind, r.ID
		shown := map[string]bool{}
		for _, f := range r.Shown {
			if f.Name == "" {
				out[i].Kept++
				continue
			}
			shown[f.Name] = true
			out[i].Shown = append(out[i].Shown, f.Name)
		}
		if r.ID != inc.PublicID {
			continue
		}
		for _, f := range inc.Fields() {
			if !shown[f.Name] {
				out[i].Hidden = append(out[i].Hidden, f.Name)
			}
		}
	}
	return out
}

// Remains is what is left of an erased record.
type Remains struct {
	PublicID string
	Reason   string // a class, such as consent_withdrawn
	At       time.Time
	Act      ActFile // the public leaf that says so
}

// Remains tells what is left of an incident that was erased; NotFound when none of that id was.
func (d *Desk) Remains(ctx context.Context, who access.Actor, id string) (r Remains, err error) {
	if err := who.May(access.ReadIncidents); err != nil {
		return r, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		stone, err := tx.Tombstone(ctx, id)
		if err != nil {
			return err
		}
		if !who.Sees(stateOfID(stone.PublicID)) {
			return fault.New(fault.NotFound, "there is no tombstone of %q here", id)
		}
		r.PublicID, r.Reason, r.At = stone.PublicID, stone.Reason, stone.At
		r.Act, err = actFile(ctx, tx, stone.Number)
		return err
	})
	if err == nil {
		err = d.read(ctx, who, access.ReadIncidents, access.Page, r.PublicID)
	}
	return r, err
}
