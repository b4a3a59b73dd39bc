package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ward/access"
	"ward/fault"
	"ward/seal"
	"ward/store"
)

// Setup is how far a workspace's keys are set up.
type Setup struct {
	Origin   string // the log's name
	Officers []store.Officer
	Shares   int // key shares in force, any two of which open the workspace; 0 = none
	Backups  int
}

// Setup tells how far the workspace's keys are set up.
func (d *Desk) Setup(ctx context.Context, who access.Actor) (s Setup, err error) {
	if err := who.May(access.ManageKeys); err != nil {
		return s, err
	}
	keyring, lock, err := d.keyring(ctx)
	if err != nil {
		return s, err
	}
	if s.Origin = lock.Origin; keyring.Shares != nil {
		s.Shares = keyring.Shares.Number
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if s.Officers, err = tx.Officers(ctx); err != nil {
			return err
		}
		s.Backups, _, err = tx.Backups(ctx, time.Time{})
		return err
	})
	return s, err
}

// keyring reads the keyring as it stands now, with the edition that replaces it.
func (d *Desk) keyring(ctx context.Context) (*seal.Keyring, store.Lock, error) {
	lock, err := d.db.Lock(ctx)
	if err != nil {
		return nil, lock, err
	}
	keyring, err := readKeyring(lock.Keyring)
	return keyring, lock, err
}

// PendingShares are key shares that do not count yet.
type PendingShares struct {
	Shares  []seal.Share // shown once and kept nowhere
	pending seal.Envelope
}

// NewShares makes n key shares (2 to 16), of which any two shall open the workspace. They count only after ConfirmShares.
func (d *Desk) NewShares(ctx context.Context, who access.Actor, n int) (p PendingShares, err error) {
	if err := who.May(access.ManageKeys); err != nil {
		return p, err
	}
	keyring, _, err := d.keyring(ctx)
	if err != nil {
		return p, err
	}
	p.Shares, p.pending, err = keyring.NewShares(d.db.Key(), n)
	return p, err
}

// ConfirmShares puts shares in force, in place of a former set, once two of them were recombined: shares that nobody has tried are no way
// back in.
func (d *Desk) ConfirmShares(ctx context.Context, who access.Actor, p PendingShares, a, b seal.Share) error {
	if err := who.May(access.ManageKeys); err != nil {
		return err
	}
	keyring, lock, err := d.keyring(ctx)
	if err != nil {
		return err
	}
	if err := keyring.ConfirmShares(d.db.Key(), p.pending, a, b); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error { return putKeyring(ctx, tx, "keys.share", keyring, lock) })
}

// putKeyring replaces the keyring that lock was read with, and journals it.
func putKeyring(ctx context.Context, tx *store.Tx, act string, keyring *seal.Keyring, lock store.Lock) error {
	lock.Keyring = writeKeyring(keyring)
	if err := tx.PutLock(ctx, lock); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(lock.Keyring)) // of ciphertext only
	_, err := tx.Journal(ctx, act, store.Workspace, hex.EncodeToString(sum[:]))
	return err
}

// Recovery is what Recover asks for, in this order.
type Recovery struct {
	Shares     func() (a, b seal.Share, err error)
	Passphrase func() ([]byte, error) // the new one
}

// Recover opens a workspace with two of its key shares and gives it a new passphrase, in place of the forgotten one. left says what of
// the former remains on the disk; "" is nothing.
func Recover(ctx context.Context, who access.Actor, p Workspace, ask Recovery) (left string, err error) {
	if err := who.May(access.ManageKeys); err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(p.Dir, store.FileName)); p.DB == "" && errors.Is(err, fs.ErrNotExist) {
		return "", noWorkspace()
	}
	db, err := store.Open(ctx, p.database())
	if err != nil {
		return "", err
	}
	defer db.Close()
	d := &Desk{db: db, place: p}
	return d.recover(ctx, who, ask)
}

func noWorkspace() error {
	return fault.New(fault.NotFound, "there is no workspace here").Keeping("nothing was made").Do("name its directory with --data DIR")
}

func (d *Desk) recover(ctx context.Context, who access.Actor, ask Recovery) (left string, err error) {
	lock, err := d.db.Lock(ctx)
	if err != nil {
		return "", err
	}
	if lock.Keyring == "" {
		return "", noWorkspace()
	}
	keyring, err := readKeyring(lock.Keyring)
	if err != nil {
		return "", err
	}
	a, b, err := ask.Shares()
	if err != nil {
		return "", err
	}
	key, err := keyring.UnlockWithShares(a, b)
	if err != nil {
		return "", err
	}
	passphrase, err := ask.Passphrase()
	if err != nil {
		return "", err
	}
	if err := keyring.SetPassphrase(key, passphrase, d.cost()); err != nil {
		return "", err
	}
	d.db.Unlock(key, lock.Origin)
	if err := d.db.Write(ctx, who.Name, func(tx *store.Tx) error { return putKeyring(ctx, tx, "keys.recover", keyring, lock) }); err != nil {
		return "", err
	}
	return d.db.Scrub(ctx)
}

// Rotation is what a change of the desk key came to.
type Rotation struct {
	Generation int    // of the new desk key
	Keys       int    // data keys wrapped anew
	Shares     int    // key shares that open it as they did the former; 0 = none
	Left       string // what of the former wraps remains on the disk; "" is nothing
}

// Rotate replaces the desk key: every data key is wrapped anew, under a keyring that this passphrase opens. The former desk key opens
// none of the new wraps; but the data keys are the same, so that whoever already has an old copy of the database with the old passphrase
// has those keys, the workspace's own among them. Records made from now on get keys of which that copy knows nothing. Key shares stay in force.
func (d *Desk) Rotate(ctx context.Context, who access.Actor, passphrase []byte) (r Rotation, err error) {
	if err := who.May(access.ManageKeys); err != nil {
		return r, err
	}
	former, lock, err := d.keyring(ctx)
	if err != nil {
		return r, err
	}
	keyring, key, err := former.Rotate(d.db.Key(), passphrase, d.cost())
	if err != nil {
		return r, err
	}
	if r.Generation = key.Generation(); keyring.Shares != nil {
		r.Shares = keyring.Shares.Number
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if r.Keys, err = tx.Rewrap(ctx, key); err != nil {
			return err
		}
		tx.Use(key, lock.Origin)
		return putKeyring(ctx, tx, "keys.rotate", keyring, lock)
	})
	if err != nil {
		return r, err
	}
	d.db.Unlock(key, lock.Origin)
	r.Left, err = d.db.Scrub(ctx)
	return r, err
}
