package desk

import (
	"time"

	"ward/entry"
)

// ComingHome is what a visit's entries become, whatever their file says of them.
func ComingHome(evaluation, traveller string, entries ...entry.Brought) ([]entry.Brought, []string, error) {
	return comingHome(visitParcel{Evaluation: evaluation, Entries: entries}, traveller, time.Now())
}

// Recognised is the answer to a file of a visit that was taken with the secret "right".
func Recognised(secret string) error {
	taken := []entry.Entry[visitTaken]{{Subject: "E", Body: visitTaken{Visit: "V", Secret: "right"}}}
	_, err := recognised(visitParcel{Way: wayHome, Visit: "V", Evaluation: "E", Secret: secret}, taken)
	return err
}
