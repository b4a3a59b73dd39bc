package desk

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ward/access"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/person"
	"ward/seal"
	"ward/store"
)

// VisitSource opens a visit file anew each time: it is read once to see that it is whole, and again to keep what it holds.
type VisitSource func() (io.ReadCloser, error)

// read reads the parcel with what opens its seal.
func (s VisitSource) read(open func(io.Reader) (io.Reader, error), keep func(string, io.Reader) error) (p visitParcel, err error) {
	f, err := s()
	if err != nil {
		return p, err
	}
	defer f.Close()
	plain, err := open(f)
	if err != nil {
		return p, err
	}
	return readParcel(plain, keep)
}

// OpenVisit founds a workspace for a visit from the file that was taken along, and returns it open. What a crash left half-made is completed.
func OpenVisit(ctx context.Context, place Workspace, from VisitSource, passphrase func() ([]byte, error)) (d *Desk, v Visit, err error) {
	typed, err := passphrase()
	if err != nil {
		return nil, v, err
	}
	open := func(r io.Reader) (io.Reader, error) {
		return seal.OpenEither(r, func() ([]byte, error) { return typed, nil })
	}
	p, err := from.read(open, nil)
	if err == nil && (p.Way != wayOut || p.Visit == "" || seal.CheckRecipient(p.Recipient) != nil) {
		err = fault.New(fault.Refused, "this file is not one that was taken along").Keeping("nothing was written").Do("open the file that ward visit take wrote")
	}
	if err != nil {
		return nil, v, err
	}
	if d, err = Open(ctx, place); err != nil {
		return nil, v, err
	}
	if err = d.beginVisit(ctx, p, from, open); err == nil {
		v, _, err = d.VisitCopy(ctx)
	}
	if err != nil {
		return nil, v, errors.Join(err, d.Close())
	}
	return d, v, nil
}

// beginVisit fills an empty workspace with what travelled.
func (d *Desk) beginVisit(ctx context.Context, p visitParcel, from VisitSource, open func(io.Reader) (io.Reader, error)) error {
	if err := d.emptyForVisit(ctx); err != nil {
		return err
	}
	if _, err := from.read(open, keepParcelFiles(ctx, d.files)); err != nil {
		return err
	}
	here := visitHere{Visit: p.Visit, Traveller: p.Traveller, Taken: p.Taken, Recipient: p.Recipient, Secret: p.Secret}
	var own, about []entry.Brought
	for _, b := range p.Entries {
		switch {
		case b.Subject == p.Evaluation && strings.HasPrefix(b.Kind, evaluation.Register+"."):
			own, here.Had = append(own, b), append(here.Had, b.ID)
		case b.Kind == person.KindMade || b.Kind == person.KindName:
			about = append(about, b)
		default:
			return badParcel("it holds what no visit takes along")
		}
	}
	return d.db.Write(ctx, access.Local().Name, func(tx *store.Tx) error {
		if err := tx.SetSetting(ctx, settingSpace, spaceVisit); err != nil {
			return err
		}
		if _, err := entry.Bring(ctx, tx, evaluation.Register, own); err != nil {
			return err
		}
		if _, err := entry.Bring(ctx, tx, person.Register, about); err != nil {
			return err
		}
		_, err := entry.Add(ctx, tx, registerVisit, entry.New{Kind: kindHere, Subject: p.Evaluation, Body: here})
		return err
	})
}

// emptyForVisit refuses a workspace in which anything stands: a copy is made in one of its own.
func (d *Desk) emptyForVisit(ctx context.Context) error {
	return d.db.Read(ctx, func(tx *store.Tx) error {
		journal, err := tx.Since(ctx, 0, 2)
		if err == nil && len(journal) > 1 {
			err = fault.New(fault.Refused, "there is a workspace here already").Keeping("it is as it was").Do("name an empty directory with --data DIR")
		}
		return err
	})
}

// VisitCopy tells which visit this workspace is the copy of; false for every other workspace.
func (d *Desk) VisitCopy(ctx context.Context) (v Visit, ok bool, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		space, err := tx.Setting(ctx, settingSpace)
		if err != nil || space != spaceVisit {
			return err
		}
		here, err := visitIn(ctx, tx)
		if err != nil {
			return err
		}
		ok, v = true, Visit{ID: here.Body.Visit, Evaluation: here.Subject, Traveller: here.Body.Traveller, Taken: here.Body.Taken}
		made, sent, err := madeHere(ctx, tx, here)
		if err != nil {
			return err
		}
		v.Added = len(made)
		for _, b := range made {
			if !slices.Contains(sent, b.ID) {
				v.Unreturned++
			}
		}
		e, err := evaluation.Load(ctx, tx, here.Subject)
		if err != nil {
			return err
		}
		p, err := person.Load(ctx, tx, e.Person)
		v.Pseudonym = p.Pseudonym
		return err
	})
	return v, ok, err
}

func visitIn(ctx context.Context, tx *store.Tx) (entry.Entry[visitHere], error) {
	list, err := entry.All[visitHere](ctx, tx, kindHere)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.Internal, "the copy does not know which visit it is of").Do("open the file again in an empty directory")
	}
	if err != nil {
		return entry.Entry[visitHere]{}, err
	}
	return list[0], nil
}

// madeHere are the entries of the evaluation that were made in the copy, and the ids of those that were sealed for the way home.
func madeHere(ctx context.Context, tx *store.Tx, here entry.Entry[visitHere]) (made []entry.Brought, sent []string, err error) {
	all, err := entry.Carry(ctx, tx, here.Subject)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range all {
		if strings.HasPrefix(b.Kind, evaluation.Register+".") && !slices.Contains(here.Body.Had, b.ID) {
			made = append(made, b)
		}
	}
	returned, err := entry.Of[visitReturned](ctx, tx, kindReturned, here.Subject)
	for _, r := range returned {
		sent = append(sent, r.Body.Entries...)
	}
	return made, sent, err
}

// ReturnVisit seals everything that was written in the copy for the way home. It can be done again, after more was written.
func (d *Desk) ReturnVisit(ctx context.Context, who access.Actor, w io.Writer) (v Visit, err error) {
	if err := who.May(access.WriteEvaluations); err != nil {
		return v, err
	}
	v, ok, err := d.VisitCopy(ctx)
	if err == nil && !ok {
		err = notACopy()
	}
	if err != nil {
		return v, err
	}
	var p visitParcel
	var recipient string
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		here, err := visitIn(ctx, tx)
		if err != nil {
			return err
		}
		recipient = here.Body.Recipient
		p = visitParcel{Version: parcelVersion, Way: wayHome, Visit: v.ID, Evaluation: v.Evaluation, Traveller: v.Traveller, Taken: v.Taken, Secret: here.Body.Secret}
		p.Entries, _, err = madeHere(ctx, tx, here)
		return err
	})
	if err != nil {
		return v, err
	}
	sealed, err := seal.SealTo(w, recipient)
	if err != nil {
		return v, err
	}
	if err := p.write(sealed, d.files, filesOf(p.Entries)); err != nil {
		return v, err
	}
	if err := sealed.Close(); err != nil {
		return v, err
	}
	return v, d.noteReturned(ctx, who, p)
}

func notACopy() error {
	return fault.New(fault.Refused, "this workspace is no visit copy").Keeping("it is as it was").Do("name the directory of the copy with --data DIR")
}

func (d *Desk) noteReturned(ctx context.Context, who access.Actor, p visitParcel) error {
	var sent visitReturned
	for _, b := range p.Entries {
		sent.Entries = append(sent.Entries, b.ID)
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		_, err := entry.Add(ctx, tx, registerVisit, entry.New{Kind: kindReturned, Subject: p.Evaluation, Body: sent})
		return err
	})
}

// DiscardVisit destroys a copy: its keys, its database and its files. What was written in it and was not sealed for the way home keeps it, unless
// it is given up by force. It is opened first, so that no other workspace can be meant; what else lies in its directory stays.
func DiscardVisit(ctx context.Context, p Workspace, force bool) error {
	if p.DB != "" {
		return fault.New(fault.Refused, "a visit copy lies in a directory").Keeping("nothing was destroyed").Do("name it with --data DIR")
	}
	if _, err := os.Stat(filepath.Join(p.Dir, store.FileName)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	d, err := Open(ctx, p)
	if err != nil {
		return err
	}
	v, ok, err := d.VisitCopy(ctx)
	switch err = errors.Join(err, d.Close()); {
	case err != nil:
		return err
	case !ok:
		return notACopy()
	case v.Unreturned > 0 && !force:
		return fault.New(fault.Undecided, "%d entries were written here and not sealed for the way home", v.Unreturned).Keeping("the copy is as it was").
			Do("run ward visit return first, or give them up with --unreturned")
	}
	for _, name := range []string{store.FileName, store.FileName + "-wal", store.FileName + "-shm", filesDir, logDir, tombstoneFile} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(p.Dir, name)))
	}
	return err
}
