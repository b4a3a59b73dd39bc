package desk_test

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/staff"
)

const (
	goodWords  = "canary horse battery staple"
	goodSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

// codeAt is what the generator shows at a time.
func codeAt(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// clock is a time that a test turns.
type clock struct{ now time.Time }

func (c *clock) turn(by time.Duration) { c.now = c.now.Add(by) }

// staffed is a workspace with Ann, who holds the first account, at a clock that stands still.
func staffed(t testing.TB, target string) (*desk.Desk, desk.Enrolled, *clock) {
	t.Helper()
	d := open(t, target)
	c := &clock{time.Now().UTC().Truncate(time.Second)}
	d.Store().SetClock(func() time.Time { return c.now })
	ann, err := d.First(ctx, access.Local(), desk.Enrolment{Name: "Ann", Passphrase: goodWords, TOTPSecret: goodSecret, Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return d, ann, c
}

// guest is a further account with roles.
func guest(t testing.TB, d *desk.Desk, name string, g staff.Grant) desk.Enrolled {
	t.Helper()
	token, err := d.Invite(ctx, access.Local(), desk.Invite{Grant: g})
	if err != nil {
		t.Fatal(err)
	}
	made, err := d.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: goodWords, TOTPSecret: goodSecret})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func proof(t testing.TB, name string, c *clock) desk.Proof {
	return desk.Proof{Name: name, Passphrase: goodWords, Code: codeAt(t, goodSecret, c.now)}
}

// signedIn signs somebody in and tells who they are then.
func signedIn(t testing.TB, d *desk.Desk, name string, c *clock) (desk.SignedIn, access.Actor) {
	t.Helper()
	c.turn(31 * time.Second)
	in, err := d.SignIn(ctx, proof(t, name, c), "")
	if err != nil {
		t.Fatal(err)
	}
	return in, asking(t, d, in.Token)
}

func asking(t testing.TB, d *desk.Desk, token string) access.Actor {
	t.Helper()
	who, _, err := d.Asking(ctx, token)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func TestTheFirstAccountEndsTheOpenDesk(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		if who := asking(t, d, ""); who.Name != access.Local().Name {
			t.Fatalf("without accounts %q asks", who.Name)
		}
		made, err := d.First(ctx, access.Local(), desk.Enrolment{Name: "Ann", Passphrase: goodWords, TOTPSecret: goodSecret})
		if err != nil || len(made.RecoveryCodes) != 10 || len(made.Account.Roles) != len(access.Roles())-1 {
			t.Fatalf("%+v, %v", made, err)
		}
		if who := asking(t, d, ""); len(who.Roles) != 0 {
			t.Errorf("%q asks without a session", who.Name)
		}
		_, err = d.First(ctx, access.Local(), desk.Enrolment{Name: "Ben", Passphrase: goodWords})
		wantFault(t, err, fault.Refused)
	})
}

func TestACodeSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ann, c := staffed(t, target)
		in, err := d.SignIn(ctx, proof(t, "  ANN ", c), "")
		if err != nil {
			t.Fatal(err)
		}
		if who := asking(t, d, in.Token); who.Name != "Ann" || who.Account != ann.Account.ID || !who.Can(access.ManagePeople) {
			t.Errorf("%+v asks", who)
		}
		_, err = d.SignIn(ctx, proof(t, "Ann", c), "")
		wantFault(t, err, fault.Refused)
		c.turn(30 * time.Second)
		if _, err = d.SignIn(ctx, proof(t, "Ann", c), ""); err != nil {
			t.Errorf("the next code: %v", err)
		}
	})
}

func TestWhateverIsWrongTheAnswerIsOne(t *testing.T) {
	d, ann, c := staffed(t, t.TempDir())
	guest(t, d, "Ines", staff.Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}, Until: c.now.Format(time.DateOnly)})
	guest(t, d, "Lou", staff.Grant{Roles: []access.Role{access.Triage}})
	gone := guest(t, d, "Leo", staff.Grant{Roles: []access.Role{access.Triage}})
	if err := d.MoveAccount(ctx, access.Local(), gone.Account.ID, staff.Move{To: staff.Left}); err != nil {
		t.Fatal(err)
	}
	c.turn(48 * time.Hour)
	right := proof(t, "Ann", c)
	for range 10 {
		d.SignIn(ctx, desk.Proof{Name: "Lou", Passphrase: "wrong", Code: "1"}, "")
	}
	want := ""
	for what, p := range map[string]desk.Proof{
		"no such name":  {Name: "Nobody", Passphrase: right.Passphrase, Code: right.Code},
		"passphrase":    {Name: "Ann", Passphrase: "wrong horse battery staple", Code: right.Code},
		"code":          {Name: "Ann", Passphrase: right.Passphrase, Code: "000001"},
		"recovery code": {Name: "Ann", Passphrase: right.Passphrase, Code: "AAAA-AAAA-AAAA-AAAA"},
		"expired":       proof(t, "Ines", c), "locked": proof(t, "Lou", c), "left": proof(t, "Leo", c), "nothing": {},
	} {
		in, err := d.SignIn(ctx, p, "")
		wantFault(t, err, fault.Refused)
		if want == "" {
			want = err.Error()
		}
		if err.Error() != want || in != (desk.SignedIn{}) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := d.SignIn(ctx, right, ""); err != nil {
		t.Errorf("%s cannot sign in any more: %v", ann.Account.Name, err)
	}
}

func TestNobodyIsLockedOutForLongerThanAQuarterOfAnHour(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ann, c := staffed(t, target)
		known, _ := signedIn(t, d, "Ann", c)
		wrong := desk.Proof{Name: "Ann", Passphrase: "wrong", Code: "1"}
		for range 30 {
			d.SignIn(ctx, wrong, "")
		}
		c.turn(time.Minute)
		_, err := d.SignIn(ctx, proof(t, "Ann", c), "")
		wantFault(t, err, fault.Refused)
		if _, err := d.SignIn(ctx, proof(t, "Ann", c), known.Device); err != nil {
			t.Errorf("the browser that Ann uses is locked too: %v", err)
		}
		for range 13 { // an outsider goes on all the time
			c.turn(time.Minute)
			d.SignIn(ctx, wrong, "")
		}
		c.turn(time.Minute)
		if _, err := d.SignIn(ctx, proof(t, "Ann", c), ""); err != nil {
			t.Errorf("after 15 minutes: %v", err)
		}
		for range 30 {
			d.SignIn(ctx, wrong, "")
		}
		p := proof(t, "Ann", c)
		p.Code = ann.RecoveryCodes[0]
		if _, err := d.SignIn(ctx, p, ""); err != nil {
			t.Errorf("a recovery code while locked: %v", err)
		}
	})
}

func TestARecoveryCodeWorksOnceAndIsToldOf(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ann, _ := staffed(t, target)
		p := desk.Proof{Name: "Ann", Passphrase: goodWords, Code: ann.RecoveryCodes[3]}
		in, err := d.SignIn(ctx, p, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.SignIn(ctx, p, "")
		wantFault(t, err, fault.Refused)
		who := asking(t, d, in.Token)
		a, err := d.Account(ctx, who, who.Account)
		if err != nil || len(a.UsedCodes) != 1 || a.Of(staff.Recovery)[0].Left() != 9 {
			t.Errorf("%+v, %v", a, err)
		}
		fresh, err := d.NewRecoveryCodes(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		p.Code = ann.RecoveryCodes[4]
		_, err = d.SignIn(ctx, p, "")
		wantFault(t, err, fault.Refused)
		p.Code = fresh[0]
		if _, err = d.SignIn(ctx, p, ""); err != nil {
			t.Error(err)
		}
	})
}
