package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"ward/fault"
	"ward/store"
)

// ResealContact puts a contact's file, sealed anew to other officers, in the place of the former, under a new data key: what the former one
// sealed opens no more, and the secrets of the journal are kept.
func ResealContact(ctx context.Context, tx *store.Tx, c Contact) error {
	if err := tx.Renew(ctx, c.ID); err != nil {
		return err
	}
	keys, err := tx.Keys(ctx, c.ID)
	if err != nil {
		return err
	}
	key, ok := keys[c.ID]
	if !ok {
		return fault.New(fault.Internal, "a contact has no key")
	}
	sealed := key.Seal("source_contact "+c.ID, c.File)
	sum := sha256.Sum256(sealed)
	number, err := tx.Journal(ctx, "contact.reseal", c.ID, hex.EncodeToString(sum[:]))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE source_contact SET sealed=$1, officers=$2, journal=$3 WHERE id=$4", sealed, strings.Join(c.Officers, "\n"), number, c.ID)
	return err
}
