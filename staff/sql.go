package staff

import (
	"context"

	"ward/entry"
	"ward/store"
)

// Load reads all that stands about accounts. Authenticators and addresses whose keys were destroyed are not in it.
func Load(ctx context.Context, tx *store.Tx) (people []Account, invitations []Invited, err error) {
	var r Record
	var made []entry.Entry[Invitation]
	var ends []entry.Entry[InvitationEnd]
	load(ctx, tx, KindAccount, &r.Made, &err)
	load(ctx, tx, KindAddress, &r.Addresses, &err)
	load(ctx, tx, KindRoles, &r.Grants, &err)
	load(ctx, tx, KindConflict, &r.Conflicts, &err)
	load(ctx, tx, KindStanding, &r.Moves, &err)
	load(ctx, tx, KindAuthenticator, &r.Authenticators, &err)
	load(ctx, tx, KindUsed, &r.Used, &err)
	load(ctx, tx, KindAccessAsked, &r.Access.Asked, &err)
	load(ctx, tx, KindAccessScope, &r.Access.Scopes, &err)
	load(ctx, tx, KindAccessVoice, &r.Access.Voices, &err)
	load(ctx, tx, KindAccessEnd, &r.Access.Ends, &err)
	load(ctx, tx, KindInvitation, &made, &err)
	load(ctx, tx, KindInvited, &ends, &err)
	return People(r), Invitations(made, ends), err
}

// load reads the entries of a kind, unless something failed before.
func load[T any](ctx context.Context, tx *store.Tx, kind string, into *[]entry.Entry[T], err *error) {
	if *err == nil {
		*into, *err = entry.All[T](ctx, tx, kind)
	}
}

// Changed reports whether anything of what Load reads came or was erased after a journal row.
func Changed(ctx context.Context, tx *store.Tx, after int64) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM journal WHERE number>$1 AND (act=$2 OR act LIKE 'erase.%')", after, "entry."+Register).Scan(&n)
	return n > 0, err
}
