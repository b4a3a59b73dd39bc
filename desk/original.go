package desk

import (
	"context"
	"io"

	"ward/access"
	"ward/fault"
	"ward/intake"
	"ward/store"
)

// OriginalKey is the age identity that opens the original file of one import run, and nothing else. Whoever gets it can read that
// file for good: it is a disclosure.
func (d *Desk) OriginalKey(ctx context.Context, who access.Actor, run string) (string, error) {
	original, err := d.disclosed(ctx, who, run, store.Disclosure{What: "key of the original of " + run})
	return original.Identity, err
}

// ExportOriginal writes the original file of one import run as it is kept: an age file, which that run's key opens.
func (d *Desk) ExportOriginal(ctx context.Context, who access.Actor, run string, w io.Writer, to, why string) error {
	original, err := d.disclosed(ctx, who, run, store.Disclosure{What: "sealed original of " + run, To: to, Why: why})
	if err != nil {
		return err
	}
	sealed, err := d.files.Get(original.Blob)
	if err != nil {
		return err
	}
	defer sealed.Close()
	_, err = io.Copy(w, sealed)
	return err
}

// disclosed finds a run's original and writes down, before it leaves, that it does.
func (d *Desk) disclosed(ctx context.Context, who access.Actor, id string, line store.Disclosure) (intake.Original, error) {
	if err := who.May(access.ExportIncidents); err != nil {
		return intake.Original{}, err
	}
	var run intake.Run
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if run, err = intake.RunByID(ctx, tx, id); err != nil || run.Erased {
			return err
		}
		return guardErased(ctx, tx, run, line.To, line.Why)
	})
	if err != nil {
		return intake.Original{}, err
	}
	if run.Erased {
		return intake.Original{}, erased(id)
	}
	if run.Original.Blob == "" {
		return intake.Original{}, fault.New(fault.NotFound, "the file of import %s was not kept", id)
	}
	if err := d.read(ctx, who, access.ExportIncidents, access.OriginalFile, id); err != nil {
		return intake.Original{}, err
	}
	line.Records, line.Subjects = int64(run.Progress.Rows), id
	return run.Original, d.disclose(ctx, who, access.OriginalFile, line)
}
