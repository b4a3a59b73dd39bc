package desk

import (
	"bytes"
	"context"
	"io"
	"slices"

	"ward/access"
	"ward/fault"
	"ward/id"
	"ward/intake"
	"ward/seal"
	"ward/store"
)

// Resealing is what sealing contacts anew came to.
type Resealing struct {
	Done int      // contacts sealed anew
	Left int      // contacts that this key does not open and that stay sealed to the officer who leaves
	Keys []string // officers whose keys open those
}

// ResealContacts opens with a remaining officer's own key each contact that is sealed to one who leaves, and seals it anew to the first and
// one more: with, or the only other. What was opened is in this process's memory alone; each opening is a line of the ledger.
func (d *Desk) ResealContacts(ctx context.Context, who access.Actor, identity, leaver, with string) (done Resealing, err error) {
	if err := who.May(access.OpenContacts); err != nil {
		return done, err
	}
	var opener string
	var list []intake.Contact
	var officers []store.Officer
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if opener, err = officerOf(ctx, tx, identity); err != nil {
			return err
		}
		if officers, err = tx.Officers(ctx); err != nil {
			return err
		}
		list, err = sealedTo(ctx, tx, leaver)
		return err
	})
	if err != nil {
		return done, err
	}
	to, err := heirs(officers, opener, leaver, with)
	if err != nil {
		return done, err
	}
	who.Name = opener
	for _, c := range list {
		if !slices.Contains(c.Officers, opener) {
			done.leave(c, leaver)
			continue
		}
		if err := d.resealContact(ctx, who, c, identity, to); err != nil {
			return done, err
		}
		done.Done++
	}
	return done, nil
}

func (r *Resealing) leave(c intake.Contact, leaver string) {
	r.Left++
	for _, name := range c.Officers {
		if name != leaver && !slices.Contains(r.Keys, name) {
			r.Keys = append(r.Keys, name)
		}
	}
}

// sealedTo lists the contacts that an officer's key opens.
func sealedTo(ctx context.Context, tx *store.Tx, officer string) ([]intake.Contact, error) {
	list, err := intake.Contacts(ctx, tx)
	return slices.DeleteFunc(list, func(c intake.Contact) bool { return c.Erased || !slices.Contains(c.Officers, officer) }), err
}

// heirs are the two officers to whom what a third could open is sealed anew: the one who opens it, and another who stays.
func heirs(all []store.Officer, opener, leaver, with string) ([]store.Officer, error) {
	if opener == leaver {
		return nil, fault.New(fault.Refused, "this is the key of the officer who leaves").Keeping("nothing was opened").Do("use the key of an officer who stays")
	}
	if !slices.ContainsFunc(all, func(o store.Officer) bool { return o.Name == leaver }) {
		return nil, fault.New(fault.NotFound, "there is no officer of this name").Keeping("nothing was opened").Do("ward init lists the officers")
	}
	var to, others []store.Officer
	for _, o := range all {
		switch {
		case o.Name == opener:
			to = append(to, o)
		case o.Name != leaver && (with == "" || o.Name == with):
			others = append(others, o)
		}
	}
	switch {
	case len(others) == 0 && with != "":
		return nil, fault.New(fault.Invalid, "%s is no other officer who stays", with).Keeping("nothing was opened").Do("name one of those that ward init lists")
	case len(others) == 0:
		return nil, fault.New(fault.Refused, "nobody but this officer would be left").Keeping("nothing was opened").
			Do("name another officer first: ward init --make-officer NAME=FILE")
	case len(others) > 1:
		return nil, fault.New(fault.Undecided, "%d other officers stay", len(others)).Keeping("nothing was opened").Do("say with which of them, with --officer")
	}
	return append(to, others[0]), nil
}

// resealContact opens one contact and seals it to others, in one transaction with the line of the ledger that says so.
func (d *Desk) resealContact(ctx context.Context, who access.Actor, c intake.Contact, identity string, to []store.Officer) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		line := store.Disclosure{ID: id.New(tx.Now()), Exit: string(access.OfficerBox), Tier: access.OfficerBox.Ceiling().String(), Records: 1, To: who.Name,
			What: "contact of a source, opened to be sealed anew", Subjects: c.ID}
		if err := tx.Disclose(ctx, line); err != nil {
			return err
		}
		plain, err := seal.OpenWith(bytes.NewReader(c.File), identity)
		if err != nil {
			return err
		}
		if c.File, err = sealedAnew(plain, to); err != nil {
			return err
		}
		c.Officers = []string{to[0].Name, to[1].Name}
		slices.Sort(c.Officers)
		return intake.ResealContact(ctx, tx, c)
	})
}

// sealedAnew seals a plain text to officers; it lies nowhere but in memory.
func sealedAnew(plain io.Reader, to []store.Officer) ([]byte, error) {
	var file bytes.Buffer
	sealed, err := seal.SealTo(&file, to[0].Recipient, to[1].Recipient)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(sealed, plain); err != nil {
		return nil, err
	}
	if err := sealed.Close(); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}
