package staff

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/entry"
	"ward/when"
)

func made(id, name string) entry.Entry[Made] {
	return entry.Entry[Made]{ID: "e" + id, Subject: id, At: time.Unix(100, 0), Body: Made{Name: name}}
}

func about[T any](subject, id string, body T) entry.Entry[T] {
	return entry.Entry[T]{ID: id, Subject: subject, At: time.Unix(200, 0), Body: body}
}

func day(t *testing.T, s string) when.Day {
	t.Helper()
	d, err := when.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.From()
}

func TestTheLastWordStands(t *testing.T) {
	people := People(Record{
		Made:   []entry.Entry[Made]{made("a", "Ann"), made("b", "Ben"), about("a", "x", Made{Name: "Somebody else", Langs: []string{"fa"}})},
		Grants: []entry.Entry[Grant]{about("a", "1", Grant{Roles: []access.Role{access.Triage}}), about("a", "2", Grant{Roles: []access.Role{access.Verifier}}), about("nobody", "3", Grant{})},
		Conflicts: []entry.Entry[Conflict]{about("a", "4", Conflict{About: "XAA", Why: "born there"}), about("a", "5", Conflict{About: "XAB", Why: "kin"}),
			about("a", "6", Conflict{About: "XAA", Why: "moved", Lifted: true})},
		Moves:          []entry.Entry[Move]{about("b", "7", Move{To: TravelLocked})},
		Authenticators: []entry.Entry[Authenticator]{about("a", "set", Authenticator{Type: Recovery, Codes: []string{"x", "y", "z"}})},
		Used:           []entry.Entry[Used]{about("a", "8", Used{"set", 1}), about("a", "9", Used{"set", 1}), about("a", "10", Used{"set", 9})},
	})
	if len(people) != 2 {
		t.Fatalf("%d accounts", len(people))
	}
	ann, ben := people[0], people[1]
	if ann.Name != "Ann" || !slices.Equal(ann.Langs, []string{"fa"}) || !slices.Equal(ann.Roles, []access.Role{access.Verifier}) || !slices.Equal(ann.Barred(), []string{"XAB"}) {
		t.Errorf("%+v", ann)
	}
	if left := ann.Of(Recovery)[0].Left(); left != 2 {
		t.Errorf("%d codes are left", left)
	}
	if ben.Standing != TravelLocked || len(ben.Actor(0).Roles) != 0 {
		t.Errorf("%+v", ben)
	}
}

func TestAnAccountActsOnlyWhileItIsActive(t *testing.T) {
	today := day(t, "2026-06-30")
	verifier := Account{ID: "a", Name: "Ann", Standing: Active, Grant: Grant{Roles: []access.Role{access.Verifier}}}
	guest := Account{ID: "b", Name: "Ines", Standing: Active, Grant: Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}, Until: "2026-06-30"}}
	guest.Access = []Access{granted("2026-06-30", "XAA", "XAB")}
	late, left, scopeless, waiting, over := guest, verifier, guest, guest, guest
	late.Until, left.Standing, scopeless.Only, waiting.Access, over.Access = "2026-06-29", Left, nil, nil, []Access{granted("2026-06-29", "XAA")}
	for _, c := range []struct {
		name  string
		a     Account
		roles int
		only  []string
	}{{"active", verifier, 1, nil}, {"investigator on the last day, within what the account was given", guest, 1, []string{"XAA"}}, {"investigator whom nobody let read", waiting, 1, []string{}}, {"the day after the access", over, 1, []string{}}, {"the day after", late, 0, nil}, {"left", left, 0, nil}, {"an investigator without States sees none", scopeless, 1, []string{}}} {
		got := c.a.Actor(today)
		if len(got.Roles) != c.roles || !slices.Equal(got.Only, c.only) || (got.Only == nil) != (c.only == nil) {
			t.Errorf("%s: %+v", c.name, got)
		}
		if reads := len(c.only) > 0 || c.only == nil && c.roles > 0; got.Can(access.ReadIncidents) != reads {
			t.Errorf("%s: reads %v", c.name, !reads)
		}
	}
}

func TestWhatCannotBeGranted(t *testing.T) {
	today := day(t, "2026-06-30")
	isState := func(s string) bool { return s == "XAA" }
	i := []access.Role{access.Investigator}
	for want, g := range map[string]Grant{
		"no role":            {},
		"this is no role":    {Roles: []access.Role{access.Operator}},
		"no other role":      {Roles: []access.Role{access.Investigator, access.Triage}, Only: []string{"XAA"}, Until: "2026-07"},
		"only an":            {Roles: []access.Role{access.Triage}, Until: "2026-07-01"},
		"needs the States":   {Roles: i, Until: "2026-07-01"},
		"none that Ward":     {Roles: i, Only: []string{"XAA", "WRD"}, Until: "2026-07-01"},
		"needs a last day":   {Roles: i, Only: []string{"XAA"}, Until: "2026-07"},
		"has passed":         {Roles: i, Only: []string{"XAA"}, Until: "2026-06-29"},
		"":                   {Roles: i, Only: []string{"XAA"}, Until: "2026-06-30"},
		"needs a last day, ": {Roles: i, Only: []string{"XAA"}},
	} {
		if got := g.Problem(today, isState); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%+v: %q, want %q", g, got, want)
		}
	}
}

func TestANameIsGivenOnce(t *testing.T) {
	people := []Account{{Name: "Zoë Ak", Standing: Left}}
	for name, free := range map[string]bool{"Ann": true, "zoe ak": false, "ＺＯＥ ＡＫ": false, "local operator": false, "": false, "--": false, " Ann": false, "Ann\u202e": false, "علی‌رضا": true, strings.Repeat("a", 61): false} {
		if got := NameProblem(name, people) == ""; got != free {
			t.Errorf("%q: free %v", name, got)
		}
	}
}

func TestSomebodyAlwaysKeepsTheAccounts(t *testing.T) {
	admin := Account{ID: "a", Standing: Active, Grant: Grant{Roles: []access.Role{access.Administrator}}}
	other := Account{ID: "b", Standing: Active, Grant: Grant{Roles: []access.Role{access.Triage}}}
	demoted := admin
	demoted.Roles = nil
	if Orphans(nil, 0) != "" || Orphans([]Account{admin, other}, 0) != "" {
		t.Error("somebody keeps them, or there are none")
	}
	if Orphans(With([]Account{admin, other}, demoted), 0) == "" {
		t.Error("the last administrator was let go")
	}
}

func TestStandingsMoveAsTheTableSays(t *testing.T) {
	for from, want := range map[Standing][]Standing{Active: {TravelLocked, Left}, TravelLocked: {Active, Left}, Left: nil} {
		for _, to := range []Standing{Active, TravelLocked, Left, "odd"} {
			if got := (Account{Standing: from}).MayMove(to) == ""; got != slices.Contains(want, to) {
				t.Errorf("from %s to %s: %v", from, to, got)
			}
		}
	}
}

func TestAnInvitationEndsOnce(t *testing.T) {
	now := time.Unix(1000, 0)
	inv := func(id string, expires int64) entry.Entry[Invitation] {
		return about(id, "e"+id, Invitation{Hash: id, Expires: expires * 1e6})
	}
	list := Invitations([]entry.Entry[Invitation]{inv("open", 1001), inv("late", 1000), inv("used", 1001), inv("revoked", 1001)},
		[]entry.Entry[InvitationEnd]{about("used", "1", InvitationEnd{Account: "a"}), about("used", "2", InvitationEnd{}), about("revoked", "3", InvitationEnd{}), about("revoked", "4", InvitationEnd{Account: "b"}), about("no such", "5", InvitationEnd{})})
	for i, want := range []string{InvitationOpen, InvitationExpired, InvitationUsed, InvitationRevoked} {
		if got := list[i].State(now); got != want {
			t.Errorf("%s is %s, want %s", list[i].ID, got, want)
		}
	}
}

func TestRecoveryCodesAreReadAsPeopleTypeThem(t *testing.T) {
	codes, kept := RecoveryCodes()
	for i, c := range codes {
		for _, typed := range []string{c, strings.ToUpper(c), strings.ReplaceAll(c, "-", " ")} {
			if code, ok := RecoveryCode(typed); !ok || Digest(code) != kept.Codes[i] {
				t.Errorf("%q is read as %q", typed, code)
			}
		}
	}
	for _, no := range []string{"", "123456", "abcd-efgh-ijkl", "aaaa-aaaa-aaaa-aaa1"} {
		if _, ok := RecoveryCode(no); ok {
			t.Errorf("%q is shaped like a code", no)
		}
	}
	if len(codes) != 10 || strings.Contains(strings.Join(kept.Codes, ""), codes[0]) {
		t.Error("the codes are kept as they are")
	}
}

func TestGuessablePassphrasesAreRefused(t *testing.T) {
	for p, good := range map[string]bool{"four plain words here": true, "short": false, "aaaaaaaaaaaaaaaa": false, "Annabel Leeman": false, "چهار واژه کنار هم": true, strings.Repeat("ab cd efg ", 101): false} {
		if got := PassphraseProblem(p, "annabel leeman") == ""; got != good {
			t.Errorf("%q: %v", p, got)
		}
	}
}
