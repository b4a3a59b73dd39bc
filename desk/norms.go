package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"ward/access"
	"ward/id"
	"ward/policy"
	"ward/store"
)

// KeptText is a norm's text that an association imported and kept: its life and points, never a copy of its words.
type KeptText struct {
	ID     string
	Text   policy.Text
	SHA256 string
}

// KeepTexts stores what was read from an association's own copies; a text that is kept already is passed over. It
// returns how many were new.
func (d *Desk) KeepTexts(ctx context.Context, who access.Actor, texts []policy.Text) (added int, err error) {
	if err := who.May(access.ImportNorms); err != nil {
		return 0, err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		for _, t := range texts {
			n, err := keepText(ctx, tx, t)
			if err != nil {
				return err
			}
			added += n
		}
		return nil
	})
	return added, err
}

func keepText(ctx context.Context, tx *store.Tx, t policy.Text) (int, error) {
	parsed, err := json.Marshal(t)
	if err != nil {
		return 0, err
	}
	digest, err := textDigest(t)
	if err != nil {
		return 0, err
	}
	var known int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM norm_text WHERE sha256=$1", digest).Scan(&known); err != nil || known > 0 {
		return 0, err
	}
	key := id.New(tx.Now())
	number, err := tx.Journal(ctx, "norm.keep", key, digest)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO norm_text (id, file, position, title, parsed, sha256, journal) VALUES ($1,$2,$3,$4,$5,$6,$7)",
		key, t.File, t.Index, t.TitleGuess, string(parsed), digest, number)
	return 1, err
}

// textDigest commits to what was read of a text, whatever file it stood in.
func textDigest(t policy.Text) (string, error) {
	t.File, t.Index = "", 0
	b, err := json.Marshal(t)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// Texts lists the kept texts by file and position.
func (d *Desk) Texts(ctx context.Context, who access.Actor) ([]KeptText, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return nil, err
	}
	var out []KeptText
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, "SELECT id, parsed, sha256 FROM norm_text ORDER BY file, position, id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var k KeptText
			var parsed string
			if err := rows.Scan(&k.ID, &parsed, &k.SHA256); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(parsed), &k.Text); err != nil {
				return err
			}
			out = append(out, k)
		}
		return rows.Err()
	})
	return out, err
}
