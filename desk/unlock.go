package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"ward/access"
	"ward/fault"
	"ward/seal"
	"ward/store"
	"ward/tlog"
)

// Names of the workspace's own secrets, sealed under its desk key.
const (
	secretLog     = "log"     // the key that signs this log's checkpoints
	secretWitness = "witness" // the key that cosigns other logs' checkpoints
)

// unlock opens the desk key with the passphrase, or founds the workspace with it.
func (d *Desk) unlock(ctx context.Context) error {
	lock, err := d.db.Lock(ctx)
	if err != nil {
		return err
	}
	if lock.Keyring == "" {
		err := d.create(ctx)
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		if lock, err = d.db.Lock(ctx); err != nil { // somebody else founded it at this moment
			return err
		}
	}
	keyring, err := readKeyring(lock.Keyring)
	if err != nil {
		return err
	}
	passphrase, err := d.passphrase(false)
	if err != nil {
		return err
	}
	key, err := keyring.Unlock(passphrase)
	if err != nil {
		return err
	}
	d.db.Unlock(key, lock.Origin)
	return nil
}

func (d *Desk) passphrase(fresh bool) ([]byte, error) {
	if d.place.Passphrase == nil {
		return nil, fault.New(fault.Refused, "the workspace is locked").Keeping("nothing was read or written").
			Do("name a file that holds its passphrase in WARD_PASSPHRASE_FILE")
	}
	return d.place.Passphrase(fresh)
}

func readKeyring(body string) (*seal.Keyring, error) {
	var r seal.Keyring
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return nil, fault.New(fault.Internal, "the workspace's keyring is damaged").Do("restore the newest backup with ward restore")
	}
	return &r, nil
}

func writeKeyring(r *seal.Keyring) string {
	body, err := json.Marshal(r)
	if err != nil {
		panic(err) // bytes and numbers always marshal
	}
	return string(body)
}

// cost is what a guess at a new passphrase costs; never what a stored keyring says, which somebody may have lowered.
func (d *Desk) cost() seal.Cost {
	if d.place.Cost == (seal.Cost{}) {
		return seal.Recommended()
	}
	return d.place.Cost
}

// create makes the first desk key, the workspace's own data key and the log's signing key, all in one transaction.
func (d *Desk) create(ctx context.Context) error {
	passphrase, err := d.passphrase(true)
	if err != nil {
		return err
	}
	keyring, key, err := seal.NewKeyring(passphrase, d.cost())
	if err != nil {
		return err
	}
	origin := d.place.Origin
	if origin == "" {
		origin = "ward/" + strings.ToLower(rand.Text()[:12])
	}
	signer, verifier, err := tlog.NewSigner(origin)
	if err != nil {
		return err
	}
	if err := keyring.SetSecret(key, secretLog, []byte(signer)); err != nil {
		return err
	}
	err = d.db.Write(ctx, access.Local().Name, func(tx *store.Tx) error {
		tx.Use(key, origin)
		if err := tx.PutLock(ctx, store.Lock{Keyring: writeKeyring(keyring), Origin: origin}); err != nil {
			return err
		}
		if _, err := tx.NewKeys(ctx, store.Workspace); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(verifier))
		if _, err := tx.Journal(ctx, "workspace.found", store.Workspace, hex.EncodeToString(sum[:])); err != nil {
			return err
		}
		return d.markTraining(ctx, tx)
	})
	if err != nil {
		return err
	}
	d.db.Unlock(key, origin)
	return nil
}
