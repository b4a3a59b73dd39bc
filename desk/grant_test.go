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

// granting is a workspace with an investigator of Arcadia, two who may let them read, and one who asks.
func granting(t *testing.T, target string) (d *desk.Desk, c *clock, ines string, asks, first, second access.Actor) {
	t.Helper()
	d, _, c = staffed(t, target)
	ines = guest(t, d, "Ines", staff.Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}, Until: c.now.AddDate(1, 0, 0).Format(time.DateOnly)}).Account.ID
	guest(t, d, "Mo", staff.Grant{Roles: []access.Role{access.Administrator}})
	guest(t, d, "Pia", staff.Grant{Roles: []access.Role{access.Publisher}})
	guest(t, d, "Rae", staff.Grant{Roles: []access.Role{access.Referrer}})
	_, asks = signedIn(t, d, "Mo", c)
	_, first = signedIn(t, d, "Pia", c)
	_, second = signedIn(t, d, "Rae", c)
	return d, c, ines, asks, first, second
}

func askFor(t *testing.T, d *desk.Desk, who access.Actor, account string, until time.Time) (grant, scope string) {
	t.Helper()
	grant, err := d.AskAccess(ctx, who, staff.AccessAsked{Account: account, Purpose: "an inquiry into arrests"}, staff.AccessScope{States: []string{"XAA"}, Until: until.Format(time.DateOnly)})
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.Access(ctx, who, grant)
	if err != nil {
		t.Fatal(err)
	}
	return grant, f.Scopes[0].ID
}

// M18: two different people, neither of them the investigator; by the clock of the database; and an open session reads no more at once.
func TestAnInvestigatorReadsFromTheSecondApprovalUntilTheLastDayOrItsRevocation(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, c, ines, asks, first, second := granting(t, target)
		in, waiting := signedIn(t, d, "Ines", c)
		reads := func(want bool, when string) {
			t.Helper()
			who := asking(t, d, in.Token)
			_, err := d.Incidents(ctx, who, desk.IncidentQuery{Limit: 1})
			if (err == nil) != want || who.Name != "Ines" || !who.Can(access.OwnAccount) {
				t.Errorf("%s: %v", when, err)
			}
		}
		reads(false, "before anybody asked")
		grant, scope := askFor(t, d, asks, ines, c.now.AddDate(0, 0, 1))
		wantFault(t, d.ApproveAccess(ctx, waiting, grant, scope, ""), fault.Refused)
		wantFault(t, d.ApproveAccess(ctx, asks, grant, scope, ""), fault.Refused)
		if err := d.ApproveAccess(ctx, first, grant, scope, "it serves the inquiry"); err != nil {
			t.Fatal(err)
		}
		wantFault(t, d.ApproveAccess(ctx, first, grant, scope, ""), fault.Refused, "somebody else's")
		reads(false, "with one approval")
		if err := d.ApproveAccess(ctx, second, grant, scope, ""); err != nil {
			t.Fatal(err)
		}
		reads(true, "with two")
		if f, err := d.Access(ctx, asks, grant); err != nil || f.State != staff.AccessActive || f.Alone() {
			t.Errorf("%+v %v", f.State, err)
		}
		if err := d.RevokeAccess(ctx, asks, grant, "the inquiry ended"); err != nil {
			t.Fatal(err)
		}
		reads(false, "revoked by one")
		wantFault(t, d.ApproveAccess(ctx, first, grant, scope, ""), fault.Conflict)
		grant, scope = askFor(t, d, asks, ines, c.now)
		for _, who := range []access.Actor{first, second} {
			if err := d.ApproveAccess(ctx, who, grant, scope, ""); err != nil {
				t.Fatal(err)
			}
		}
		reads(true, "on the last day")
		c.turn(24 * time.Hour)
		in, _ = signedIn(t, d, "Ines", c)
		reads(false, "the day after")
	})
}

func TestAWiderScopeAsksForNewApprovals(t *testing.T) {
	d, c, ines, asks, first, second := granting(t, t.TempDir())
	grant, scope := askFor(t, d, asks, ines, c.now.AddDate(0, 0, 1))
	if err := d.ApproveAccess(ctx, first, grant, scope, ""); err != nil {
		t.Fatal(err)
	}
	if err := d.ScopeAccess(ctx, asks, grant, staff.AccessScope{States: []string{"XAA"}, Until: c.now.AddDate(0, 0, 90).Format(time.DateOnly)}); err != nil {
		t.Fatal(err)
	}
	wantFault(t, d.ApproveAccess(ctx, second, grant, scope, ""), fault.Conflict)
	wantFault(t, d.ScopeAccess(ctx, asks, grant, staff.AccessScope{States: []string{"XAB"}, Until: c.now.Format(time.DateOnly)}), fault.Invalid, "account was given")
	wantFault(t, d.ScopeAccess(ctx, asks, grant, staff.AccessScope{States: []string{"XAA"}, Until: c.now.AddDate(0, 0, 181).Format(time.DateOnly)}), fault.Invalid, "180")
	if f, err := d.Access(ctx, asks, grant); err != nil || f.State != staff.AccessScoped {
		t.Errorf("%s %v", f.State, err)
	}
}

// Design.md 10.10: where nobody else could, one word does, and is marked.
func TestOnePersonAloneLetsSomebodyReadAndItSaysSo(t *testing.T) {
	d, _, c := staffed(t, t.TempDir())
	ines := guest(t, d, "Ines", staff.Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}, Until: c.now.AddDate(1, 0, 0).Format(time.DateOnly)}).Account.ID
	_, ann := signedIn(t, d, "Ann", c)
	grant, scope := askFor(t, d, ann, ines, c.now)
	if err := d.ApproveAccess(ctx, ann, grant, scope, ""); err != nil {
		t.Fatal(err)
	}
	if f, err := d.Access(ctx, ann, grant); err != nil || f.State != staff.AccessActive || !f.Alone() {
		t.Errorf("%+v %v", f, err)
	}
}

func TestEachRecordInAListIsAReadingOfAnInvestigator(t *testing.T) {
	d, who, inside, outside := scoped(t)
	if _, err := d.Incidents(ctx, who, desk.IncidentQuery{Limit: 10}); err != nil {
		t.Fatal(err)
	}
	list, err := d.Readings(ctx, access.Local(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, r := range list {
		if r.Who == who.Name {
			read = append(read, r.Subject)
		}
	}
	for _, id := range inside {
		if !slices.Contains(read, id) {
			t.Errorf("%s is not in %v", id, read)
		}
	}
	for _, id := range outside {
		if slices.Contains(read, id) {
			t.Errorf("%s is", id)
		}
	}
}

func TestWhoMayApproveIsToldThatAccessWaits(t *testing.T) {
	d, c, ines, asks, first, second := granting(t, t.TempDir())
	grant, scope := askFor(t, d, asks, ines, c.now)
	told := func(who access.Actor) bool {
		list, err := d.Notices(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(list, func(n desk.Notice) bool { return n.Kind == desk.NoticeAccess && n.Subject == grant })
	}
	if !told(first) || !told(second) || told(asks) {
		t.Errorf("%v %v %v", told(first), told(second), told(asks))
	}
	if err := d.ApproveAccess(ctx, first, grant, scope, ""); err != nil {
		t.Fatal(err)
	}
	if told(first) || !told(second) {
		t.Error("who spoke is told again, or who did not is not")
	}
}
