package desk

import (
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/staff"
	"ward/store"
)

// TravelLock locks one's own account before a journey: every session ends, and the keys of all by which one signs in are destroyed. Left
// says what of them remains on this disk nevertheless; "" is nothing that Ward knows of.
func (d *Desk) TravelLock(ctx context.Context, who access.Actor) (left string, err error) {
	err = d.own(ctx, who, func(tx *store.Tx, a staff.Account) error {
		return d.shutOut(ctx, tx, []staff.Account{a}, a, staff.Move{To: staff.TravelLocked})
	})
	if err != nil {
		return "", err
	}
	return d.sweep(ctx)
}

// shutOut brings an account to another standing and destroys every way into it: sessions, links, known browsers, and the keys of its
// authenticators.
func (d *Desk) shutOut(ctx context.Context, tx *store.Tx, people []staff.Account, a staff.Account, m staff.Move) error {
	if err := d.moveAccount(ctx, tx, people, a, m); err != nil {
		return err
	}
	if err := tx.DropPassing(ctx, passingDevice, "", a.ID); err != nil {
		return err
	}
	for _, h := range a.Authenticators {
		if err := d.destroyed(ctx, tx, h.ID); err != nil {
			return err
		}
	}
	return nil
}

// LockedAccount is an account whose holder locked it, with the colleagues who would restore it.
type LockedAccount struct {
	ID, Name string
	Since    time.Time
	Words    []string // names of those who gave their word
	Own      bool     // the asker is one of them
	Open     bool     // an invitation to come back is open
}

// LockedColleagues lists the accounts that are travel-locked, those locked first before others.
func (d *Desk) LockedColleagues(ctx context.Context, who access.Actor) (out []LockedAccount, err error) {
	if err := d.read(ctx, who, access.RestoreColleague, access.Page, "travel locks"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		people, invitations, err := d.staff.follow(ctx, tx)
		if err != nil {
			return err
		}
		words, err := staff.Restores(ctx, tx)
		for _, a := range people {
			if a.Standing == staff.TravelLocked {
				names := staff.Restorers(a, words, invitations, tx.Now())
				open := slices.ContainsFunc(invitations, func(i staff.Invited) bool { return i.Restores == a.ID && i.State(tx.Now()) == staff.InvitationOpen })
				out = append(out, LockedAccount{ID: a.ID, Name: a.Name, Since: a.Since, Words: names, Own: slices.Contains(names, who.Name), Open: open})
			}
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b LockedAccount) int { return a.Since.Compare(b.Since) })
	return out, err
}

// RestoreColleague gives one's word that a colleague's travel lock may be lifted. The second colleague's word makes an invitation back to
// the same account, whose token is returned once and kept nowhere; before that the token is "". The command line needs no second: what it
// does is marked as done by one person only.
func (d *Desk) RestoreColleague(ctx context.Context, who access.Actor, account string) (token string, err error) {
	if err := who.May(access.RestoreColleague); err != nil {
		return "", err
	}
	alone := who.Account == ""
	err = d.changed(ctx, who, account, func(tx *store.Tx, people []staff.Account, a staff.Account) error {
		if a.Standing != staff.TravelLocked || account == who.Account {
			return noAccount()
		}
		words, err := staff.Restores(ctx, tx)
		if err != nil {
			return err
		}
		_, invitations, err := staff.Load(ctx, tx)
		if err != nil {
			return err
		}
		names := staff.Restorers(a, words, invitations, tx.Now())
		if slices.Contains(names, who.Name) {
			return fault.New(fault.Refused, "you gave your word already").Keeping("the account stays locked").Do("a second colleague must give theirs")
		}
		if err := keepStaff(ctx, tx, a.ID, staff.KindRestore, staff.Restore{Alone: alone}); err != nil {
			return err
		}
		if !alone && len(names)+1 < staff.RestoreNeeds {
			return nil
		}
		token = staff.Token()
		return inviteBack(ctx, tx, a, invitations, token)
	})
	return token, err
}

// inviteBack makes the invitation by which a holder comes back to an account; former ones are closed.
func inviteBack(ctx context.Context, tx *store.Tx, a staff.Account, invitations []staff.Invited, token string) error {
	for _, i := range invitations {
		if i.Restores == a.ID && i.State(tx.Now()) == staff.InvitationOpen {
			if err := keepStaff(ctx, tx, i.ID, staff.KindInvited, staff.InvitationEnd{}); err != nil {
				return err
			}
		}
	}
	return keepStaff(ctx, tx, id.New(tx.Now()), staff.KindInvitation, staff.Invitation{Hash: staff.Digest(token), Grant: a.Grant, Restores: a.ID,
		Note: a.Name, Expires: tx.Now().Add(staff.InvitedFor).UnixMicro()})
}

// restoring is the name of the account that an open invitation leads back to; "" where it leads to a new one.
func (d *Desk) restoring(ctx context.Context, token string) (name string, err error) {
	i, err := d.Invitation(ctx, token)
	if err != nil || i.Restores == "" {
		return "", err
	}
	people, err := d.people(ctx)
	a, _ := staff.Find(people, i.Restores)
	return a.Name, err
}

// restoredAccount makes a travel-locked account active again under new authenticators. What it is trusted with, and its conflicts of
// interest, are those of before.
func restoredAccount(ctx context.Context, tx *store.Tx, people []staff.Account, i staff.Invited, by ...staff.Authenticator) error {
	a, ok := staff.Find(people, i.Restores)
	if !ok || a.Standing != staff.TravelLocked {
		return fault.New(fault.NotFound, "there is no open invitation here: each can be used once, and for some days").Do("ask your colleagues for another")
	}
	list := []entry.New{{Kind: staff.KindStanding, Subject: a.ID, Body: staff.Move{To: staff.Active}}, {Kind: staff.KindInvited, Subject: i.ID, Body: staff.InvitationEnd{Account: a.ID}}}
	for _, b := range by {
		list = append(list, entry.New{Kind: staff.KindAuthenticator, Subject: a.ID, Body: b})
	}
	_, err := entry.Add(ctx, tx, staff.Register, list...)
	return err
}
