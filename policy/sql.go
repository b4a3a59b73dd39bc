package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"ward/fault"
	"ward/store"
)

// Kept is a text that an association imported and kept: its life and points, never a copy of its words.
type Kept struct {
	ID   string
	Text Text
}

// Digest commits to what was read of a text, whatever file it stood in.
func (t Text) Digest() string {
	t.File, t.Index = "", 0
	b, err := json.Marshal(t)
	if err != nil {
		panic(err) // strings, numbers and lists of them always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// HasText reports that a text with this digest is kept already.
func HasText(ctx context.Context, tx *store.Tx, digest string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM norm_text WHERE sha256=$1", digest).Scan(&n)
	return n > 0, err
}

// KeepText stores a text under the journal row that says so; one that is there comes under that row.
func KeepText(ctx context.Context, tx *store.Tx, k Kept, number int64) error {
	parsed, err := json.Marshal(k.Text)
	if err != nil {
		return fault.Wrap(err, fault.Internal, "a text cannot be written")
	}
	_, err = tx.Exec(ctx, `INSERT INTO norm_text (id, file, position, title, parsed, sha256, journal) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (id) DO UPDATE SET journal=excluded.journal`,
		k.ID, k.Text.File, k.Text.Index, k.Text.TitleGuess, string(parsed), k.Text.Digest(), number)
	return err
}

// KeptTexts lists the kept texts by file and position.
func KeptTexts(ctx context.Context, tx *store.Tx) ([]Kept, error) {
	rows, err := tx.Query(ctx, "SELECT id, parsed FROM norm_text ORDER BY file, position, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Kept
	for rows.Next() {
		var k Kept
		var parsed string
		if err := rows.Scan(&k.ID, &parsed); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(parsed), &k.Text); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "a kept text cannot be read")
		}
		out = append(out, k)
	}
	return out, rows.Err()
}
