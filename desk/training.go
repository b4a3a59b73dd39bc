package desk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ward/fault"
	"ward/store"
	"ward/vocab"
)

// A training space is a workspace in which everything is invented. It is one from its founding and for ever; a workspace of real reports
// never becomes one. Its mark is a setting, and an open line of the journal beside the line of the founding.
const (
	settingSpace  = "space"
	spaceTraining = "training"
)

// Training reports that everything in the workspace is invented and made to be practised on.
func (d *Desk) Training() bool { return d.training }

// markTraining marks a workspace that is being founded, where it was asked for as a training space.
func (d *Desk) markTraining(ctx context.Context, tx *store.Tx) error {
	if !d.place.Training {
		return nil
	}
	if err := tx.SetSetting(ctx, settingSpace, spaceTraining); err != nil {
		return err
	}
	_, err := tx.JournalPublic(ctx, "workspace.training", store.Workspace, spaceTraining)
	return err
}

// findTraining reads the mark. A workspace without it is not opened as a training space.
func (d *Desk) findTraining(ctx context.Context) error {
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		space, err := tx.Setting(ctx, settingSpace)
		d.training = space == spaceTraining
		return err
	})
	if err == nil && d.place.Training && !d.training {
		return fault.New(fault.Refused, "this workspace was not founded as a training space, and cannot become one").Keeping("it is as it was").
			Do("name an empty directory for the training space")
	}
	return err
}

// onlyInvented refuses what a training space may not hold: a word about a real State. "" and no country pass. Elsewhere it refuses nothing.
func (d *Desk) onlyInvented(states ...string) error {
	if !d.training {
		return nil
	}
	for _, s := range states {
		if s != "" && s != vocab.NoCountry && !vocab.Invented(s) {
			return fault.New(fault.Refused, "this is a training space, and %s is a real State", s).Keeping("nothing of it was kept here").
				Do("put it into the workspace in which you work on real reports")
		}
	}
	return nil
}

// DiscardTraining throws a training space away, with all that was practised in it. It is opened as one first, so that no other workspace
// can be meant; what else lies in its directory stays. The caller sees to it that nothing runs on it.
func DiscardTraining(ctx context.Context, p Workspace) error {
	if p.DB != "" {
		return fault.New(fault.Refused, "a training space in PostgreSQL is not thrown away from here").Keeping("it is as it was").Do("make an empty database, or use a directory")
	}
	if _, err := os.Stat(filepath.Join(p.Dir, store.FileName)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	p.Training = true
	d, err := Open(ctx, p)
	if err != nil {
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	for _, name := range []string{store.FileName, store.FileName + "-wal", store.FileName + "-shm", filesDir, logDir, tombstoneFile} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(p.Dir, name)))
	}
	return err
}
