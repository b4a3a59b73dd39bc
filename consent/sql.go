package consent

import (
	"context"

	"ward/entry"
	"ward/store"
)

// Load reads everything said about one person's consent; nothing where nobody was asked.
func Load(ctx context.Context, tx *store.Tx, person string) (e Entries, err error) {
	if e.Answers, err = entry.Of[Answer](ctx, tx, KindAnswer, person); err != nil {
		return e, err
	}
	if e.Ends, err = entry.Of[End](ctx, tx, KindEnd, person); err != nil {
		return e, err
	}
	if e.Reviews, err = entry.Of[Review](ctx, tx, KindReview, person); err != nil {
		return e, err
	}
	e.Done, err = entry.Of[Done](ctx, tx, KindDone, person)
	return e, err
}

// Add puts something about a person's consent on record and returns the entry's id.
func Add(ctx context.Context, tx *store.Tx, kind, person string, body any) (string, error) {
	ids, err := entry.Add(ctx, tx, Register, entry.New{Kind: kind, Subject: person, Body: body})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}
