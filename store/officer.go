package store

import (
	"context"

	"ward/fault"
)

// Officer is somebody to whose own key the identities of sources are sealed. Ward holds the public half only.
type Officer struct {
	Name      string
	Recipient string // age1pq1...
}

// Officers lists the officers by name.
func (t *Tx) Officers(ctx context.Context) ([]Officer, error) {
	rows, err := t.tx.QueryContext(ctx, "SELECT name, recipient FROM officer ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Officer
	for rows.Next() {
		var o Officer
		if err := rows.Scan(&o.Name, &o.Recipient); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// AddOfficer names an officer, who was journalled under a number. A name or a key that stands there already is a Conflict.
func (t *Tx) AddOfficer(ctx context.Context, o Officer, number int64) error {
	have, err := t.Officers(ctx)
	if err != nil {
		return err
	}
	for _, h := range have {
		if h.Name == o.Name || h.Recipient == o.Recipient {
			return fault.New(fault.Conflict, "there is an officer %s already, or another with this key", o.Name).Keeping("the officers stay as they are").
				Do("choose another name, or another key")
		}
	}
	_, err = t.Exec(ctx, "INSERT INTO officer (name, recipient, journal) VALUES ($1,$2,$3)", o.Name, o.Recipient, number)
	return err
}

// DropOfficer takes an officer off the list; the caller journals that.
func (t *Tx) DropOfficer(ctx context.Context, name string) error {
	_, err := t.Exec(ctx, "DELETE FROM officer WHERE name=$1", name)
	return err
}
