package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/locale"
	"ward/staff"
	"ward/store"
)

// Invite is an invitation in the making.
type Invite struct {
	staff.Grant
	Note string        // whom it is for
	For  time.Duration // how long it is open; 0 is staff.InvitedFor
}

// longestInvitation is how long an invitation can be open at most.
const longestInvitation = 30 * 24 * time.Hour

// Invite lets one person make an account, and returns the token by which: it is kept nowhere and cannot be shown again.
func (d *Desk) Invite(ctx context.Context, who access.Actor, i Invite) (token string, err error) {
	if err := who.May(access.ManagePeople); err != nil {
		return "", err
	}
	i.For = cmp.Or(i.For, staff.InvitedFor)
	why := i.Problem(d.Today(), isState)
	if why == "" && (i.For < 0 || i.For > longestInvitation || len(i.Note) > 4*staff.MaxName) {
		why = "an invitation is open for 30 days at most, and its note is short"
	}
	if why != "" {
		return "", invalidStaff(why)
	}
	token = staff.Token()
	return token, d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		return keepStaff(ctx, tx, id.New(tx.Now()), staff.KindInvitation,
			staff.Invitation{Hash: staff.Digest(token), Grant: i.Grant, Note: i.Note, Expires: tx.Now().Add(i.For).UnixMicro()})
	})
}

// Invitations lists who was invited, in that order.
func (d *Desk) Invitations(ctx context.Context, who access.Actor) (out []staff.Invited, err error) {
	if err := d.read(ctx, who, access.ManagePeople, access.Page, "people"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		_, out, err = d.staff.follow(ctx, tx)
		return err
	})
	return out, err
}

// Invitation is the open one of a token; NotFound for every other, whatever became of it.
func (d *Desk) Invitation(ctx context.Context, token string) (found staff.Invited, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		_, list, err := d.staff.follow(ctx, tx)
		if err == nil {
			found, err = openInvitation(list, token, tx.Now())
		}
		return err
	})
	return found, err
}

func openInvitation(list []staff.Invited, token string, now time.Time) (staff.Invited, error) {
	digest := staff.Digest(token)
	for _, i := range list {
		if i.Hash == digest && i.State(now) == staff.InvitationOpen {
			return i, nil
		}
	}
	return staff.Invited{}, fault.New(fault.NotFound, "there is no open invitation here: each can be used once, and for some days").
		Do("ask whoever invited you for another")
}

// RevokeInvitation closes an open invitation.
func (d *Desk) RevokeInvitation(ctx context.Context, who access.Actor, invitation string) error {
	if err := who.May(access.ManagePeople); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		_, list, err := staff.Load(ctx, tx)
		if err != nil {
			return err
		}
		for _, i := range list {
			if i.ID == invitation && i.State(tx.Now()) == staff.InvitationOpen {
				return keepStaff(ctx, tx, invitation, staff.KindInvited, staff.InvitationEnd{})
			}
		}
		return fault.New(fault.NotFound, "there is no open invitation of this kind").Keeping("nothing was changed")
	})
}

// Enrolment is what somebody brings to a new account.
type Enrolment struct {
	Name       string
	Passphrase string
	TOTPSecret string // base32; "" draws one
	Code       string // of the generator, to prove that it works; "" is not asked
	Lang       locale.Lang
}

// Enrolled is a new account with what its holder must keep; none of it can be shown again.
type Enrolled struct {
	Account       staff.Account
	RecoveryCodes []string
	TOTPURL       string // otpauth://...
}

// Accept makes the account to which an invitation invites, or restores that of which it speaks, whatever name was typed, and uses it up.
func (d *Desk) Accept(ctx context.Context, token string, e Enrolment) (Enrolled, error) {
	name, err := d.restoring(ctx, token)
	if err != nil {
		return Enrolled{}, err
	}
	e.Name = cmp.Or(name, e.Name)
	return d.enrol(ctx, e, e.Name, func(_ []staff.Account, list []staff.Invited, now time.Time) (staff.Invited, error) {
		return openInvitation(list, token, now)
	})
}

// First makes the first account, with all roles but the investigator's; Refused where there is one.
func (d *Desk) First(ctx context.Context, who access.Actor, e Enrolment) (Enrolled, error) {
	if err := who.May(access.ManagePeople); err != nil {
		return Enrolled{}, err
	}
	return d.enrol(ctx, e, who.Name, func(people []staff.Account, _ []staff.Invited, _ time.Time) (staff.Invited, error) {
		if len(people) > 0 {
			return staff.Invited{}, refusedStaff("somebody has an account here")
		}
		return staff.Invited{Invitation: staff.Invitation{Grant: staff.First()}}, nil
	})
}

// enrol makes an account with its authenticators in one transaction; by says by what right.
func (d *Desk) enrol(ctx context.Context, e Enrolment, who string, by func([]staff.Account, []staff.Invited, time.Time) (staff.Invited, error)) (out Enrolled, err error) {
	e.Name = strings.TrimSpace(e.Name)
	if why := staff.PassphraseProblem(e.Passphrase, e.Name); why != "" {
		return out, invalidStaff(why)
	}
	key, err := totpKey(e.Name, e.TOTPSecret)
	if err != nil {
		return out, err
	}
	if e.Code != "" && totpStep(key.Secret(), e.Code, d.db.Now()) == 0 {
		return out, invalidStaff("the code is not the one that the generator shows now")
	}
	hash, err := d.passphraseHash(ctx, e.Passphrase)
	if err != nil {
		return out, err
	}
	out.TOTPURL = key.URL()
	codes, recovery := staff.RecoveryCodes()
	out.RecoveryCodes = codes
	var made string
	err = d.db.Write(ctx, who, func(tx *store.Tx) error {
		people, list, err := staff.Load(ctx, tx)
		if err != nil {
			return err
		}
		invitation, err := by(people, list, tx.Now())
		if err != nil {
			return err
		}
		made = id.New(tx.Now())
		if invitation.Restores != "" {
			made = invitation.Restores
			return restoredAccount(ctx, tx, people, invitation,
				staff.Authenticator{Type: staff.Passphrase, Hash: hash}, staff.Authenticator{Type: staff.TOTP, Secret: key.Secret()}, recovery)
		}
		return d.newAccount(ctx, tx, people, invitation, staff.Account{ID: made, Name: e.Name, Langs: langsOf(e.Lang)},
			staff.Authenticator{Type: staff.Passphrase, Hash: hash}, staff.Authenticator{Type: staff.TOTP, Secret: key.Secret()}, recovery)
	})
	if err != nil {
		return Enrolled{}, err
	}
	out.Account, err = d.Account(ctx, access.Actor{Name: e.Name, Account: made, Roles: []access.Role{access.Auditor}}, made)
	return out, err
}

// ownNames stand in the journal for what no person did under a name of theirs.
var ownNames = []string{stranger, mailer, sequencer, "witness"}

func langsOf(l locale.Lang) []string {
	if l == "" {
		return nil
	}
	return []string{string(l)}
}

// newAccount puts an account with its authenticators on record.
func (d *Desk) newAccount(ctx context.Context, tx *store.Tx, people []staff.Account, i staff.Invited, a staff.Account, by ...staff.Authenticator) error {
	if why := staff.NameProblem(a.Name, people); why != "" {
		return invalidStaff(why)
	}
	if slices.ContainsFunc(ownNames, func(name string) bool { return staff.Key(name) == staff.Key(a.Name) }) {
		return invalidStaff("this name belongs to the journal")
	}
	a.Grant, a.Standing = i.Grant, staff.Active
	if why := staff.Orphans(append(people[:len(people):len(people)], a), d.Today()); why != "" {
		return refusedStaff(why)
	}
	list := []entry.New{{Kind: staff.KindAccount, Subject: a.ID, Body: staff.Made{Name: a.Name, Langs: a.Langs, Invitation: i.ID}},
		{Kind: staff.KindRoles, Subject: a.ID, Body: i.Grant}}
	for _, b := range by {
		list = append(list, entry.New{Kind: staff.KindAuthenticator, Subject: a.ID, Body: b})
	}
	if i.ID != "" {
		list = append(list, entry.New{Kind: staff.KindInvited, Subject: i.ID, Body: staff.InvitationEnd{Account: a.ID}})
	}
	_, err := entry.Add(ctx, tx, staff.Register, list...)
	return err
}
