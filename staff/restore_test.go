package staff

import (
	"slices"
	"testing"
	"time"

	"ward/entry"
)

func TestAWordCountsAfterTheLockForSevenDaysAndOnce(t *testing.T) {
	lock := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	a := Account{ID: "1", Name: "Lea", Since: lock}
	word := func(by, account string, hours int) entry.Entry[Restore] {
		return entry.Entry[Restore]{Subject: account, By: by, At: lock.Add(time.Duration(hours) * time.Hour)}
	}
	words := []entry.Entry[Restore]{word("Ada", "1", -1), word("Bea", "1", 1), word("Bea", "1", 2), word("Lea", "1", 2), word("Cem", "2", 2), word("Dee", "1", 3)}
	invited := func(account string, hours int) []Invited {
		return []Invited{{Invitation: Invitation{Restores: account}, At: lock.Add(time.Duration(hours) * time.Hour)}}
	}
	for name, c := range map[string]struct {
		invitations []Invited
		hours       int
		want        []string
	}{
		"in time":                      {nil, 4, []string{"Bea", "Dee"}},
		"the first too long ago":       {nil, 7*24 + 2, []string{"Dee"}},
		"used for an invitation":       {invited("1", 2), 4, []string{"Dee"}},
		"an invitation of another":     {invited("2", 2), 4, []string{"Bea", "Dee"}},
		"an invitation of last time":   {invited("1", -5), 4, []string{"Bea", "Dee"}},
		"all used for an invitation":   {invited("1", 3), 4, nil},
		"all of them are too long ago": {nil, 24 * 30, nil},
	} {
		if got := Restorers(a, words, c.invitations, lock.Add(time.Duration(c.hours)*time.Hour)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
