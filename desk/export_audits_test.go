package desk

import (
	"context"

	"ward/incident"
	"ward/store"
)

// EachIncident reads and opens the incidents of a State, and nothing else.
func EachIncident(d *Desk, state string, fn func(incident.Incident) error) error {
	return d.db.Read(context.Background(), func(tx *store.Tx) error {
		return incident.Each(context.Background(), tx, incident.Where{State: state}, fn)
	})
}
