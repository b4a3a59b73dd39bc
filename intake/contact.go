package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"strings"
	"time"

	"ward/fault"
	"ward/store"
)

// Contact is who a source is and how to reach them, as an age file that only officers' own keys open. Ward cannot read it.
type Contact struct {
	ID       string
	Series   string
	Officers []string // by name: whose keys open it
	At       time.Time
	File     []byte // the age file
	Erased   bool
}

// AddContact keeps a contact under a data key of its own, and journals it.
func AddContact(ctx context.Context, tx *store.Tx, c Contact) error {
	keys, err := tx.NewKeys(ctx, c.ID)
	if err != nil {
		return err
	}
	sealed := keys[c.ID].Seal("source_contact "+c.ID, c.File)
	sum := sha256.Sum256(sealed)
	number, err := tx.Journal(ctx, "contact.put", c.ID, hex.EncodeToString(sum[:]))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO source_contact (id, series, sealed, officers, journal) VALUES ($1,$2,$3,$4,$5)",
		c.ID, c.Series, sealed, strings.Join(c.Officers, "\n"), number)
	return err
}

// Contacts lists all contacts, the oldest first.
func Contacts(ctx context.Context, tx *store.Tx) ([]Contact, error) { return contacts(ctx, tx, "1=1") }

// ContactByID finds one contact.
func ContactByID(ctx context.Context, tx *store.Tx, id string) (Contact, error) {
	list, err := contacts(ctx, tx, "c.id=$1", id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "there is no contact %q here", id)
	}
	if err != nil {
		return Contact{}, err
	}
	return list[0], nil
}

func contacts(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Contact, error) {
	rows, err := tx.Query(ctx, `SELECT c.id, c.series, c.officers, c.sealed, j.at, k.wrapped FROM source_contact c JOIN journal j ON j.number=c.journal
		LEFT JOIN subject_key k ON k.subject=c.id WHERE `+where+" ORDER BY c.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Contact
	for rows.Next() {
		c, err := scanContact(tx, rows)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func scanContact(tx *store.Tx, rows *sql.Rows) (Contact, error) {
	var c Contact
	var officers string
	var at int64
	var sealed, wrapped []byte
	if err := rows.Scan(&c.ID, &c.Series, &officers, &sealed, &at, &wrapped); err != nil {
		return c, err
	}
	c.Officers, c.At = strings.Split(officers, "\n"), time.UnixMicro(at).UTC()
	key, ok, err := tx.Unwrap(c.ID, wrapped)
	if c.Erased = !ok; err != nil || !ok {
		return c, err
	}
	c.File, err = key.Open("source_contact "+c.ID, sealed)
	return c, err
}

// EraseContact empties a contact whose key was destroyed.
func EraseContact(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, "UPDATE source_contact SET sealed=NULL WHERE id=$1", id)
	return err
}
