package person

import (
	"context"

	"ward/entry"
	"ward/fault"
	"ward/store"
)

// Load reads one person; NotFound where there is none, or none any more.
func Load(ctx context.Context, tx *store.Tx, id string) (Person, error) {
	var e Entries
	var err error
	for _, read := range []func() error{
		func() (err error) { e.Made, err = entry.Of[Made](ctx, tx, KindMade, id); return err },
		func() (err error) { e.Names, err = entry.Of[Name](ctx, tx, KindName, id); return err },
		func() (err error) { e.Outcomes, err = entry.Of[Outcome](ctx, tx, KindOutcome, id); return err },
		func() (err error) { e.Contacts, err = entry.Of[Contact](ctx, tx, KindContact, id); return err },
		func() (err error) { e.Corrections, err = entry.Of[Correction](ctx, tx, KindCorrection, id); return err },
	} {
		if err = read(); err != nil {
			return Person{}, err
		}
	}
	p, ok := Fold(id, e)
	if !ok {
		return p, Nobody(id)
	}
	return p, nil
}

// Nobody is the answer about a person who is not there, or of whom the asker may not hear.
func Nobody(id string) error {
	return fault.New(fault.NotFound, "there is nobody %.40q here", id).Do("look for them among the people of your cases")
}

// Add puts something about a person on record and returns the entry's id.
func Add(ctx context.Context, tx *store.Tx, kind, id string, body any) (string, error) {
	ids, err := entry.Add(ctx, tx, Register, entry.New{Kind: kind, Subject: id, Body: body})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}
