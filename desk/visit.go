package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/id"
	"ward/person"
	"ward/seal"
	"ward/store"
	"ward/text"
)

// A visit copy takes one evaluation to where there is no network, such as a prison, and brings home what was written there. It is a workspace of
// its own that holds that evaluation and the person's pseudonym, and nothing else. The way out is sealed under a passphrase; the way home is
// sealed to a key that only the workspace at home has, so that the laptop itself cannot open what it sealed.
const (
	registerVisit = "visit"
	kindTaken     = "visit.taken"    // visitTaken, at home
	kindHere      = "visit.here"     // visitHere, in the copy
	kindReturned  = "visit.returned" // visitReturned, in the copy
	kindHome      = "visit.home"     // VisitHome, at home
	spaceVisit    = "visit"          // the mark of a copy, beside that of a training space
)

// visitTaken is that a copy was made, with what recognises it when it comes home.
type visitTaken struct {
	Visit     string   `json:"visit"` // ULID
	Traveller string   `json:"traveller"`
	Names     bool     `json:"names,omitempty"`
	Identity  string   `json:"identity"` // opens what comes home
	Secret    string   `json:"secret"`   // which only the copy knows besides
	Had       []string `json:"had"`      // ids of the evaluation's entries that it took along
}

// visitHere is what a copy knows of itself.
type visitHere struct {
	Visit     string    `json:"visit"`
	Traveller string    `json:"traveller"`
	Taken     time.Time `json:"taken"`
	Recipient string    `json:"recipient"` // to which the way home is sealed
	Secret    string    `json:"secret"`
	Had       []string  `json:"had"`
}

// visitReturned is that what was written was sealed for the way home.
type visitReturned struct {
	Entries []string `json:"entries"`
}

// VisitHome is what came home from a visit.
type VisitHome struct {
	Visit   string   `json:"visit"`
	Entries []string `json:"entries"`            // ids of the entries that came
	Both    []string `json:"both,omitempty"`     // what was changed at home and on the visit, as visitPlace names it
	LeftOut []string `json:"left_out,omitempty"` // kinds of entries that are made at home only
}

// Visit is one copy of an evaluation.
type Visit struct {
	ID         string
	Evaluation string
	Pseudonym  string
	Traveller  string
	Taken      time.Time
	Added      int // entries that were made in the copy
	Unreturned int // of those, since it was last sealed for the way home
}

// VisitTaking is what somebody takes along.
type VisitTaking struct {
	Evaluation string
	Traveller  string // "" = the evaluation's clinician
	Names      bool   // the person's names too
	Passphrase []byte // under which it travels
}

// TakeVisit seals a copy of one evaluation to w, after its line stands in the ledger.
func (d *Desk) TakeVisit(ctx context.Context, who access.Actor, t VisitTaking, w io.Writer) (v Visit, err error) {
	if _, ok, err := d.VisitCopy(ctx); err != nil {
		return v, err
	} else if ok {
		return v, fault.New(fault.Refused, "this is a visit copy itself").Keeping("nothing was written").Do("take it along, or make another one at home")
	}
	taken, parcel, files, err := d.packVisit(ctx, who, t)
	if err != nil {
		return v, err
	}
	v = parcel.visit()
	err = d.disclose(ctx, who, access.OriginalFile, store.Disclosure{Records: 1, To: v.Traveller, Why: "visit", What: "visit copy " + v.ID + " of evaluation " + v.Evaluation, Subjects: v.Evaluation})
	if err != nil {
		return v, err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		_, err := entry.Add(ctx, tx, registerVisit, entry.New{Kind: kindTaken, Subject: v.Evaluation, Body: taken})
		return err
	})
	if err != nil {
		return v, err
	}
	sealed, err := seal.SealUnder(w, t.Passphrase)
	if err != nil {
		return v, err
	}
	if err := parcel.write(sealed, d.files, files); err != nil {
		return v, err
	}
	return v, sealed.Close()
}

// packVisit gathers what travels: the evaluation without its interpreter's seal and its case, the person's newest description without what
// points at them, and the sealed photographs.
func (d *Desk) packVisit(ctx context.Context, who access.Actor, t VisitTaking) (taken visitTaken, p visitParcel, files []string, err error) {
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		return taken, p, nil, err
	}
	taken = visitTaken{Visit: id.New(d.db.Now()), Identity: identity, Secret: rand.Text(), Names: t.Names}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		e, err := d.onEvaluation(ctx, tx, who, access.WriteEvaluations, t.Evaluation)
		if err != nil {
			return err
		}
		if taken.Traveller = strings.TrimSpace(t.Traveller); taken.Traveller == "" {
			taken.Traveller = e.Clinician
		}
		if !slices.Contains([]string{text.Key(e.Clinician), text.Key(who.Name)}, text.Key(taken.Traveller)) {
			return fault.New(fault.Refused, "an evaluation travels with the clinician who examines").Keeping("nothing was written").Do("assign it to %s first", taken.Traveller)
		}
		p = visitParcel{Version: parcelVersion, Way: wayOut, Visit: taken.Visit, Evaluation: e.ID, Traveller: taken.Traveller, Taken: d.db.Now(), Recipient: recipient, Secret: taken.Secret}
		if p.Entries, err = travelling(ctx, tx, e); err != nil {
			return err
		}
		for _, b := range p.Entries {
			taken.Had = append(taken.Had, b.ID)
		}
		about, err := travellingPerson(ctx, tx, e.Person, t.Names)
		p.Entries, files = append(p.Entries, about...), filesOf(p.Entries)
		return err
	})
	return taken, p, files, err
}

// travelling are the entries of an evaluation that go along.
func travelling(ctx context.Context, tx *store.Tx, e evaluation.Evaluation) (out []entry.Brought, err error) {
	all, err := entry.Carry(ctx, tx, e.ID)
	for _, b := range all {
		switch {
		case !strings.HasPrefix(b.Kind, evaluation.Register+".") || b.Kind == evaluation.KindInterpreter:
			continue
		case b.Kind == evaluation.KindRequest:
			var r evaluation.Request
			if err := json.Unmarshal(b.Body, &r); err != nil {
				return nil, err
			}
			r.Case, r.Second = "", "" // they are not in the copy
			if b.Body, err = json.Marshal(r); err != nil {
				return nil, err
			}
		}
		out = append(out, b)
	}
	return out, err
}

// travellingPerson is the person as the copy knows them: the pseudonym, and names only where they were asked for.
func travellingPerson(ctx context.Context, tx *store.Tx, personID string, names bool) (out []entry.Brought, err error) {
	all, err := entry.Carry(ctx, tx, personID)
	var made *entry.Brought
	for _, b := range all {
		switch {
		case b.Kind == person.KindMade:
			made = &b
		case b.Kind == person.KindName && names:
			out = append(out, b)
		}
	}
	if err != nil || made == nil {
		return out, err
	}
	var m person.Made
	if err := json.Unmarshal(made.Body, &m); err != nil {
		return nil, err
	}
	m = person.Made{Pseudonym: m.Pseudonym, Roles: m.Roles, Sex: m.Sex, Country: m.Country}
	made.Body, err = json.Marshal(m)
	return append(out, *made), err
}

// filesOf are the sealed files that entries hold.
func filesOf(entries []entry.Brought) (out []string) {
	for _, b := range entries {
		var held entry.WithFile
		if b.Kind == evaluation.KindPhoto && json.Unmarshal(b.Body, &held) == nil && held.File.Blob != "" && !slices.Contains(out, held.File.Blob) {
			out = append(out, held.File.Blob)
		}
	}
	return out
}
