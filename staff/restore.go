package staff

import (
	"context"
	"slices"
	"time"

	"ward/entry"
	"ward/store"
)

// KindRestore is that a colleague says of an account that its travel lock may be lifted; the subject is the account's id.
const KindRestore = "staff.restore"

// RestoreNeeds is how many colleagues lift a travel lock, and RestoreLasts for how long the word of one waits for that of the next.
const (
	RestoreNeeds = 2
	RestoreLasts = 7 * 24 * time.Hour
)

// Restore is one colleague's word. Alone says that the command line lifted the lock by itself: one person only.
type Restore struct {
	Alone bool `json:"alone,omitempty"`
}

// Restorers are the colleagues, each once, whose word for an account counts at a time: it was given after the lock, not too long ago, and
// since the last invitation was made of such words.
func Restorers(a Account, words []entry.Entry[Restore], invitations []Invited, now time.Time) (names []string) {
	since := a.Since
	for _, i := range invitations {
		if i.Restores == a.ID && i.At.After(since) {
			since = i.At
		}
	}
	for _, w := range words {
		if w.Subject == a.ID && w.At.After(since) && now.Sub(w.At) < RestoreLasts && w.By != a.Name && !slices.Contains(names, w.By) {
			names = append(names, w.By)
		}
	}
	return names
}

// Restores reads every word for a restoration.
func Restores(ctx context.Context, tx *store.Tx) ([]entry.Entry[Restore], error) {
	return entry.All[Restore](ctx, tx, KindRestore)
}
