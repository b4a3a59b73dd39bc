package desk_test

import (
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/staff"
	"ward/store/storetest"
)

func TestAnInvitationIsUsedOnceAndCloses(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, _, c := staffed(t, target)
		triage := staff.Grant{Roles: []access.Role{access.Triage}}
		invite := func() string {
			token, err := d.Invite(ctx, access.Local(), desk.Invite{Grant: triage, For: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		used, revoked, late := invite(), invite(), invite()
		bea := desk.Enrolment{Name: "Bea", Passphrase: goodWords}
		if _, err := d.Accept(ctx, used, bea); err != nil {
			t.Fatal(err)
		}
		list, err := d.Invitations(ctx, access.Local())
		if err != nil {
			t.Fatal(err)
		}
		if err := d.RevokeInvitation(ctx, access.Local(), list[1].ID); err != nil {
			t.Fatal(err)
		}
		wantFault(t, d.RevokeInvitation(ctx, access.Local(), list[0].ID), fault.NotFound)
		c.turn(time.Hour)
		for _, token := range []string{used, revoked, late, "", staff.Token()} {
			_, err := d.Accept(ctx, token, desk.Enrolment{Name: "Cem", Passphrase: goodWords})
			wantFault(t, err, fault.NotFound)
			_, err = d.Invitation(ctx, token)
			wantFault(t, err, fault.NotFound)
		}
	})
}

func TestOnlyWhoKeepsTheAccountsInvites(t *testing.T) {
	d, _, c := staffed(t, t.TempDir())
	guest(t, d, "Bea", staff.Grant{Roles: []access.Role{access.Publisher, access.CaseWorker}})
	_, bea := signedIn(t, d, "Bea", c)
	all := staff.First()
	_, err := d.Invite(ctx, bea, desk.Invite{Grant: all})
	wantFault(t, err, fault.Refused)
	wantFault(t, d.SetRoles(ctx, bea, bea.Account, all), fault.Refused)
	_, err = d.SignInLink(ctx, bea, bea.Account, c.now.Add(time.Hour))
	wantFault(t, err, fault.Refused)
	_, ann := signedIn(t, d, "Ann", c)
	_, err = d.SignInLink(ctx, ann, bea.Account, c.now.Add(time.Hour))
	wantFault(t, err, fault.Refused)
	people, err := d.Accounts(ctx, bea)
	if err != nil || people[0].Name != "Ann" || len(people[0].Authenticators) != 0 || people[0].Email != "" {
		t.Errorf("what a colleague sees: %+v, %v", people, err)
	}
}

func TestTheLastAdministratorRemains(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ann, c := staffed(t, target)
		triage := staff.Grant{Roles: []access.Role{access.Triage}}
		wantFault(t, d.SetRoles(ctx, access.Local(), ann.Account.ID, triage), fault.Refused, "nobody would be left")
		wantFault(t, d.MoveAccount(ctx, access.Local(), ann.Account.ID, staff.Move{To: staff.Left}), fault.Refused, "nobody would be left")
		guest(t, d, "Bea", staff.Grant{Roles: []access.Role{access.Administrator}})
		if err := d.SetRoles(ctx, access.Local(), ann.Account.ID, triage); err != nil {
			t.Fatal(err)
		}
		if _, who := signedIn(t, d, "Ann", c); who.Can(access.ManagePeople) {
			t.Error("Ann still keeps the accounts")
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, _, c := staffed(t, target)
		bea := guest(t, d, "Bea", staff.Grant{Roles: []access.Role{access.Triage}}).Account.ID
		over := func(why, token string) {
			t.Helper()
			if who := asking(t, d, token); len(who.Roles) != 0 {
				t.Errorf("%s: %q still asks", why, who.Name)
			}
		}
		in, who := signedIn(t, d, "Bea", c)
		second, _ := signedIn(t, d, "Bea", c)
		if err := d.EndOtherSessions(ctx, who, staff.Digest(in.Token)); err != nil {
			t.Fatal(err)
		}
		over("ended from elsewhere", second.Token)
		if err := d.SetRoles(ctx, access.Local(), bea, staff.Grant{Roles: []access.Role{access.Verifier}}); err != nil {
			t.Fatal(err)
		}
		over("other roles", in.Token)
		in, _ = signedIn(t, d, "Bea", c)
		c.turn(29 * time.Minute)
		if len(asking(t, d, in.Token).Roles) == 0 {
			t.Error("it ended before half an hour")
		}
		c.turn(29 * time.Minute)
		if len(asking(t, d, in.Token).Roles) == 0 {
			t.Error("a request does not keep it")
		}
		c.turn(30 * time.Minute)
		over("half an hour without a request", in.Token)
		in, _ = signedIn(t, d, "Bea", c)
		for range 12 * 3 {
			asking(t, d, in.Token)
			c.turn(20 * time.Minute)
		}
		over("twelve hours", in.Token)
		in, who = signedIn(t, d, "Bea", c)
		if err := d.SignOut(ctx, in.Token); err != nil {
			t.Fatal(err)
		}
		over("signed out", in.Token)
		in, _ = signedIn(t, d, "Bea", c)
		if err := d.MoveAccount(ctx, who, bea, staff.Move{To: staff.TravelLocked}); err != nil {
			t.Fatal(err)
		}
		over("travel lock", in.Token)
	})
}

func TestNobodyEndsTheSessionOfAnother(t *testing.T) {
	d, _, c := staffed(t, t.TempDir())
	guest(t, d, "Bea", staff.Grant{Roles: []access.Role{access.Triage}})
	ann, _ := signedIn(t, d, "Ann", c)
	_, bea := signedIn(t, d, "Bea", c)
	if err := d.EndSession(ctx, bea, staff.Digest(ann.Token)); err != nil {
		t.Fatal(err)
	}
	if len(asking(t, d, ann.Token).Roles) == 0 {
		t.Error("Bea ended Ann's session")
	}
}

func TestAProofIsFreshForTenMinutes(t *testing.T) {
	d, _, c := staffed(t, t.TempDir())
	in, _ := signedIn(t, d, "Ann", c)
	fresh := func() bool {
		_, s, err := d.Asking(ctx, in.Token)
		if err != nil {
			t.Fatal(err)
		}
		return s.Fresh(c.now)
	}
	c.turn(10*time.Minute - time.Second)
	if !fresh() {
		t.Error("after less than ten minutes")
	}
	c.turn(time.Second)
	if fresh() {
		t.Error("after ten minutes")
	}
	wantFault(t, d.Prove(ctx, in.Token, desk.Proof{Passphrase: goodWords, Code: "000001"}), fault.Refused)
	if fresh() {
		t.Error("a wrong code is a proof")
	}
	if err := d.Prove(ctx, in.Token, proof(t, "", c)); err != nil || !fresh() {
		t.Errorf("a right one is none: %v", err)
	}
}

func TestAConflictOfInterestBarsTheActor(t *testing.T) {
	d, _, c := staffed(t, t.TempDir())
	id := guest(t, d, "Bea", staff.Grant{Roles: []access.Role{access.CaseWorker}}).Account.ID
	in, bea := signedIn(t, d, "Bea", c)
	if err := d.DeclareConflict(ctx, bea, id, staff.Conflict{About: "XAA", Why: "worked for its ministry"}); err != nil {
		t.Fatal(err)
	}
	bea = asking(t, d, in.Token)
	wantFault(t, bea.MayOn(access.EditIncidents, "XAA"), fault.Refused)
	wantFault(t, d.DeclareConflict(ctx, bea, id, staff.Conflict{About: "XAA", Why: "no more", Lifted: true}), fault.Refused)
	for _, about := range []string{"", "Arcadia", "WRD-", "WRD-XAA-" + strings.Repeat("x", 80), "ZZZ"} {
		wantFault(t, d.DeclareConflict(ctx, access.Local(), id, staff.Conflict{About: about, Why: "w"}), fault.Invalid)
	}
	if err := d.DeclareConflict(ctx, access.Local(), id, staff.Conflict{About: "XAA", Why: "no more", Lifted: true}); err != nil {
		t.Fatal(err)
	}
	if err := asking(t, d, in.Token).MayOn(access.EditIncidents, "XAA"); err != nil {
		t.Error(err)
	}
}

func TestAFormerPassphraseAndAddressAreGone(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, _, c := staffed(t, target)
		_, ann := signedIn(t, d, "Ann", c)
		for _, address := range []string{"canary-first@example.org", "canary-second@example.org", ""} {
			if err := d.SetProfile(ctx, ann, address, []string{"fa"}); err != nil {
				t.Fatal(err)
			}
			if a, err := d.Account(ctx, ann, ann.Account); err != nil || a.Email != address || len(a.AddressEntries()) > 1 {
				t.Errorf("%+v, %v", a, err)
			}
		}
		wantFault(t, d.SetProfile(ctx, ann, "Ann <ann@example.org>", nil), fault.Invalid)
		if err := d.ChangePassphrase(ctx, ann, "another canary of words"); err != nil {
			t.Fatal(err)
		}
		c.turn(time.Minute)
		_, err := d.SignIn(ctx, proof(t, "Ann", c), "")
		wantFault(t, err, fault.Refused)
		p := proof(t, "Ann", c)
		p.Passphrase = "another canary of words"
		if _, err := d.SignIn(ctx, p, ""); err != nil {
			t.Error(err)
		}
	})
}

// Nothing by which somebody signs in, and no address, lies on the disk in a form that can be read.
func TestNoSecretOfSignInLiesOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	d, ann, c := staffed(t, dir)
	in, who := signedIn(t, d, "Ann", c)
	if err := d.SetProfile(ctx, who, "canary-address@example.org", nil); err != nil {
		t.Fatal(err)
	}
	token, err := d.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Triage}}, Note: "canary-note"})
	if err != nil {
		t.Fatal(err)
	}
	link, err := d.SignInLink(ctx, access.Local(), ann.Account.ID, c.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	d.SignIn(ctx, desk.Proof{Name: "canary-name", Passphrase: "canary-passphrase", Code: "canary-code"}, "")
	for _, secret := range []string{"canary", goodWords, goodSecret, in.Token, in.Device, token, link, ann.RecoveryCodes[0],
		strings.ToUpper(strings.ReplaceAll(ann.RecoveryCodes[0], "-", "")), "argon2id"} {
		if found := storetest.Holding(t, dir, secret); found != nil {
			t.Errorf("%q lies in %v", secret, found)
		}
	}
}

func TestALinkSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ann, c := staffed(t, target)
		link := func() string {
			token, err := d.SignInLink(ctx, access.Local(), ann.Account.ID, c.now.Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		token, late := link(), link()
		in, err := d.SignInByLink(ctx, token)
		if err != nil || asking(t, d, in.Token).Name != "Ann" {
			t.Fatalf("%+v, %v", in, err)
		}
		c.turn(time.Hour)
		for _, bad := range []string{token, late, ""} {
			_, err = d.SignInByLink(ctx, bad)
			wantFault(t, err, fault.NotFound)
		}
		_, err = d.SignInLink(ctx, access.Local(), ann.Account.ID, c.now.Add(25*time.Hour))
		wantFault(t, err, fault.Invalid)
	})
}
