package desk_test

import (
	"slices"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/staff"
)

const ownPassphrase = "four words of their own"

// member is somebody with an account, as they act, and what they sign in by.
type member struct {
	access.Actor
	codes []string // recovery codes, each good once
}

// joined makes an account; the first of a workspace has every role, whatever is asked for.
func joined(t *testing.T, d *desk.Desk, name string, roles ...access.Role) *member {
	t.Helper()
	has, err := d.HasAccounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var e desk.Enrolled
	if !has {
		e, err = d.First(ctx, access.Local(), desk.Enrolment{Name: name, Passphrase: ownPassphrase})
	} else {
		var token string
		if token, err = d.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: roles}}); err != nil {
			t.Fatal(err)
		}
		e, err = d.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: ownPassphrase})
	}
	if err != nil {
		t.Fatal(err)
	}
	return &member{e.Account.Actor(d.Today()), e.RecoveryCodes}
}

// enters signs in; nil error is that it worked.
func (m *member) enters(d *desk.Desk) (token string, err error) {
	code := m.codes[0]
	in, err := d.SignIn(ctx, desk.Proof{Name: m.Name, Passphrase: ownPassphrase, Code: code}, "")
	if err == nil {
		m.codes = m.codes[1:]
	}
	return in.Token, err
}

func TestATravelLockLeavesNoWayInAndTwoColleaguesLiftIt(t *testing.T) {
	d := open(t, t.TempDir())
	joined(t, d, "Ada")
	ines := joined(t, d, "Ines", access.CaseWorker, access.Verifier)
	bea, cem := joined(t, d, "Bea", access.Triage), joined(t, d, "Cem", access.Analyst)
	auditor := joined(t, d, "Uma", access.Auditor)
	if err := d.DeclareConflict(ctx, ines.Actor, ines.Account, staff.Conflict{About: "XAB", Why: "family there"}); err != nil {
		t.Fatal(err)
	}
	session, err := ines.enters(d)
	if err != nil {
		t.Fatal(err)
	}
	link, err := d.SignInLink(ctx, access.Local(), ines.Account, d.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.TravelLock(ctx, ines.Actor); err != nil {
		t.Fatal(err)
	}
	if who, _, err := d.Asking(ctx, session); err != nil || who.Account != "" || len(who.Roles) > 0 {
		t.Errorf("the session goes on: %+v %v", who, err)
	}
	if _, err := d.SignInByLink(ctx, link); !fault.Is(err, fault.NotFound) {
		t.Errorf("the link opens: %v", err)
	}
	_, locked := ines.enters(d)
	_, unknown := (&member{access.Actor{Name: "Nobody Here"}, ines.codes}).enters(d)
	if locked == nil || unknown == nil || locked.Error() != unknown.Error() {
		t.Errorf("locked: %v; unknown: %v", locked, unknown)
	}
	if a, err := d.Account(ctx, access.Local(), ines.Account); err != nil || a.Standing != staff.TravelLocked || len(a.Authenticators) > 0 {
		t.Errorf("%+v %v", a, err)
	}
	for _, nobody := range []access.Actor{auditor.Actor, access.Nobody(), {Name: "x", Account: "1", Roles: []access.Role{access.Investigator}}} {
		if _, err := d.RestoreColleague(ctx, nobody, ines.Account); !fault.Is(err, fault.Refused) {
			t.Errorf("%v restores: %v", nobody.Roles, err)
		}
	}
	if _, err := d.RestoreColleague(ctx, ines.Actor, ines.Account); !fault.Is(err, fault.NotFound) {
		t.Errorf("one restores oneself: %v", err)
	}
	if _, err := d.RestoreColleague(ctx, bea.Actor, cem.Account); !fault.Is(err, fault.NotFound) {
		t.Errorf("an account that is not locked is restored: %v", err)
	}
	token, err := d.RestoreColleague(ctx, bea.Actor, ines.Account)
	if err != nil || token != "" {
		t.Fatalf("one word suffices: %q %v", token, err)
	}
	if _, err := d.RestoreColleague(ctx, bea.Actor, ines.Account); !fault.Is(err, fault.Refused) {
		t.Errorf("one colleague counts twice: %v", err)
	}
	list, err := d.LockedColleagues(ctx, cem.Actor)
	if err != nil || len(list) != 1 || !slices.Equal(list[0].Words, []string{"Bea"}) || list[0].Own || list[0].Open {
		t.Errorf("%+v %v", list, err)
	}
	if token, err = d.RestoreColleague(ctx, cem.Actor, ines.Account); err != nil || token == "" {
		t.Fatalf("%q %v", token, err)
	}
	back, err := d.Accept(ctx, token, desk.Enrolment{Name: "Another Name", Passphrase: ownPassphrase})
	if err != nil || back.Account.ID != ines.Account || back.Account.Name != "Ines" {
		t.Fatalf("%+v %v", back.Account, err)
	}
	again := member{back.Account.Actor(d.Today()), back.RecoveryCodes}
	if _, err := again.enters(d); err != nil || !slices.Equal(again.Roles, ines.Roles) || !slices.Equal(again.Barred, []string{"XAB"}) {
		t.Errorf("%+v %v", again.Actor, err)
	}
	if _, err := d.Accept(ctx, token, desk.Enrolment{Name: "Again", Passphrase: ownPassphrase}); !fault.Is(err, fault.NotFound) {
		t.Errorf("the invitation is used twice: %v", err)
	}
	if _, err := d.RestoreColleague(ctx, bea.Actor, ines.Account); !fault.Is(err, fault.NotFound) {
		t.Errorf("what is not locked is restored: %v", err)
	}
}

// A word for a colleague counts for the lock it was given to, and once.
func TestAWordForARestorationIsUsedUp(t *testing.T) {
	d := open(t, t.TempDir())
	joined(t, d, "Ada")
	ines := joined(t, d, "Ines", access.CaseWorker)
	bea, cem := joined(t, d, "Bea", access.Triage), joined(t, d, "Cem", access.Analyst)
	lock := func() {
		t.Helper()
		if _, err := d.TravelLock(ctx, ines.Actor); err != nil {
			t.Fatal(err)
		}
	}
	lock()
	restore := func(who access.Actor, whole bool) string {
		t.Helper()
		token, err := d.RestoreColleague(ctx, who, ines.Account)
		if err != nil || (token != "") != whole {
			t.Fatalf("%s: %q %v", who.Name, token, err)
		}
		return token
	}
	restore(bea.Actor, false)
	first := restore(cem.Actor, true)
	restore(cem.Actor, false) // the invitation was lost: another needs two words again
	second := restore(bea.Actor, true)
	if _, err := d.Accept(ctx, first, desk.Enrolment{Name: "Ines", Passphrase: ownPassphrase}); !fault.Is(err, fault.NotFound) {
		t.Errorf("the former invitation is open: %v", err)
	}
	if _, err := d.Accept(ctx, second, desk.Enrolment{Name: "Ines", Passphrase: ownPassphrase}); err != nil {
		t.Fatal(err)
	}
	lock()
	restore(bea.Actor, false) // not the word of last time with this one
	alone, err := d.RestoreColleague(ctx, access.Local(), ines.Account)
	if err != nil || alone == "" {
		t.Fatalf("the command line restores nobody: %v", err)
	}
}
