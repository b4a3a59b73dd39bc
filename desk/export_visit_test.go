package desk

import (
	"time"

	"ward/entry"
)

// ComingHome is what a visit's entries become, whatever their file says of them.
func ComingHome(evaluation, traveller string, entries ...entry.Brought) ([]entry.Brought, []string, error) {
	return comingHome(visitParcel{Evaluation: evaluation, Entries: entries}, traveller, time.Now())
}
