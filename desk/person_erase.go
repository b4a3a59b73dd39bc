package desk

import (
	"context"
	"maps"
	"slices"

	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/person"
	"ward/referral"
	"ward/store"
)

// personGone is what goes with a person.
type personGone struct {
	drafted []string // ids of what somebody can have typed about and not saved
	entries []string // ids of entries: of the person, their consent and evaluations, the packages that were built about them
	files   []string // stored files
	boxes   []string // sealed contacts, in every edition
}

// ofPerson finds a person by their id, or by that of the entry that made them: after a restored backup the erasure goes by entries. Cases and
// referrals stay, under the pseudonym: without them nobody could tell the recipients.
func ofPerson(ctx context.Context, tx *store.Tx, named string, c *Consequences) error {
	personID := named
	if found, err := entry.Find(ctx, tx, named); err == nil && found.Kind == person.KindMade && !found.Erased {
		personID = found.Subject
	}
	if _, err := person.Load(ctx, tx, personID); err != nil {
		return err
	}
	gone := &personGone{drafted: []string{personID}}
	for _, part := range []func(context.Context, *store.Tx, string) error{gone.self, gone.evaluations, gone.packages} {
		if err := part(ctx, tx, personID); err != nil {
			return err
		}
	}
	c.Kind, c.ID, c.Name = KindPerson, personID, personID
	c.person, c.Files, c.Handled, c.Boxes = gone, len(gone.files), len(gone.entries), len(gone.boxes)
	return nil
}

// self is what stands under the person's own id: who they are, their names, their story, their consent, and the contacts sealed for them.
func (g *personGone) self(ctx context.Context, tx *store.Tx, personID string) error {
	if err := g.about(ctx, tx, personID); err != nil {
		return err
	}
	contacts, err := entry.Of[person.Contact](ctx, tx, person.KindContact, personID)
	for _, e := range contacts {
		box, err := intake.ContactByID(ctx, tx, e.Body.Box)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil && !box.Erased {
			g.boxes = append(g.boxes, e.Body.Box)
		}
	}
	return err
}

// about adds every living entry about a subject.
func (g *personGone) about(ctx context.Context, tx *store.Tx, subject string) error {
	places, err := entry.Places(ctx, tx, subject)
	g.entries = append(g.entries, slices.Sorted(maps.Keys(places))...)
	return err
}

func (g *personGone) evaluations(ctx context.Context, tx *store.Tx, personID string) error {
	list, err := evaluationsOf(ctx, tx, personID)
	if err != nil {
		return err
	}
	for _, e := range list {
		g.drafted = append(g.drafted, e.ID)
		gone, err := goneWith(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		g.entries, g.files, g.boxes = append(g.entries, gone.entries...), append(g.files, gone.files...), append(g.boxes, gone.boxes...)
	}
	return nil
}

// packages are what was put together to leave; that it left stays.
func (g *personGone) packages(ctx context.Context, tx *store.Tx, personID string) error {
	about, err := referralsAbout(ctx, tx, personID)
	if err != nil {
		return err
	}
	for _, r := range about {
		built, err := entry.Of[referral.Built](ctx, tx, referral.KindPackage, r.ID)
		if err != nil {
			return err
		}
		offers, err := entry.Of[entry.WithFile](ctx, tx, referral.KindOffer, r.ID)
		if err != nil {
			return err
		}
		for _, b := range built {
			g.entries = append(g.entries, b.ID)
		}
		for _, o := range offers {
			g.entries, g.files = append(g.entries, o.ID), append(g.files, o.Body.File.Blob)
		}
	}
	return nil
}

// wholePerson erases a person with everything about them, entry by entry: the person's own id bears no key.
func (e eraser) wholePerson(gone personGone, personID string) error {
	for _, id := range gone.drafted {
		if err := e.drafts(id); err != nil {
			return err
		}
	}
	for _, id := range gone.entries {
		if _, err := e.destroy(id, personID); err != nil {
			return err
		}
		if err := entry.Erase(e.ctx, e.tx, id); err != nil {
			return err
		}
	}
	return e.boxes(gone.boxes)
}
