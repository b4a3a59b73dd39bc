package desk_test

import (
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/audit"
	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/staff"
)

// signIns are the journal's lines of sign-ins: who stands in each.
func signIns(t *testing.T, d *desk.Desk) (out []string) {
	t.Helper()
	page, err := d.LogPage(ctx, access.Local(), 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range page.Acts {
		if a.Act == "staff.signed_in" {
			out = append(out, a.Who)
		}
	}
	return out
}

func TestASignInStandsUnderTheNameOfWhoSignedIn(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ann, c := staffed(t, target)
		token, err := d.SignInLink(ctx, access.Local(), ann.Account.ID, c.now.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.SignInByLink(ctx, token); err != nil {
			t.Fatal(err)
		}
		p := proof(t, "  ANN ", c)
		if _, err := d.SignIn(ctx, p, ""); err != nil {
			t.Fatal(err)
		}
		for range 12 {
			d.SignIn(ctx, desk.Proof{Name: "Ann", Passphrase: "guessed", Code: "1"}, "")
		}
		if got := signIns(t, d); strings.Join(got, ",") != "Ann,Ann" {
			t.Errorf("%q", got)
		}
		page, err := d.LogPage(ctx, access.Local(), 0, 200)
		for _, a := range page.Acts {
			if a.Act == "staff.locked" && a.Who == "Ann" {
				t.Error("a guess stands under the name that was guessed")
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
}

func TestALockDestroysEveryWayIn(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, _, c := staffed(t, target)
		bea := guest(t, d, "Bea", staff.Grant{Roles: []access.Role{access.Triage}}).Account.ID
		_, who := signedIn(t, d, "Bea", c)
		if err := d.MoveAccount(ctx, who, bea, staff.Move{To: staff.TravelLocked}); err != nil {
			t.Fatal(err)
		}
		a, err := d.Account(ctx, access.Local(), bea)
		if err != nil || len(a.Authenticators) != 0 {
			t.Errorf("%d ways to sign in are left, %v", len(a.Authenticators), err)
		}
	})
}

func TestALinkMadeBeforeRolesChangedIsClosed(t *testing.T) {
	d, _, c := staffed(t, t.TempDir())
	bea := guest(t, d, "Bea", staff.Grant{Roles: []access.Role{access.Triage}}).Account.ID
	token, err := d.SignInLink(ctx, access.Local(), bea, c.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SetRoles(ctx, access.Local(), bea, staff.Grant{Roles: []access.Role{access.Administrator}}); err != nil {
		t.Fatal(err)
	}
	_, err = d.SignInByLink(ctx, token)
	wantFault(t, err, fault.NotFound)
}

func TestNobodyTakesANameThatTheJournalUsesOfItself(t *testing.T) {
	d, _, _ := staffed(t, t.TempDir())
	for _, name := range []string{"Somebody not signed in", "Daily Mail"} {
		token, err := d.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Triage}}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: goodWords, TOTPSecret: goodSecret})
		wantFault(t, err, fault.Invalid)
	}
}

func TestASessionThatIsOverProvesNothing(t *testing.T) {
	d, _, c := staffed(t, t.TempDir())
	in, _ := signedIn(t, d, "Ann", c)
	if err := d.SignOut(ctx, in.Token); err != nil {
		t.Fatal(err)
	}
	wantFault(t, d.Prove(ctx, in.Token, proof(t, "Ann", c)), fault.Refused)
}

func TestATrainingSpaceTakesNoReportEditCodingOrReplyAboutARealState(t *testing.T) {
	d := trainingSpace(t, t.TempDir())
	local := access.Local()
	real := arrestCall()
	real.Files = nil
	for _, change := range []func(*intake.Received){func(r *intake.Received) { r.Country = "FRA" }, func(r *intake.Received) { r.ActorState = "FRA" }} {
		r := real
		r.Country, r.ActorState = "XAA", "XAA"
		change(&r)
		_, err := d.TakeReport(ctx, local, r)
		wantFault(t, err, fault.Refused, "training space")
	}
	id, err := d.NewIncident(ctx, local, said("date", "2026-01-02"), said("country", "XAA"))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"country", "actor.state"} {
		wantFault(t, d.StateIncident(ctx, local, id, said(field, "FRA")), fault.Refused, "training space")
	}
	_, err = d.ImportCodings(ctx, local, strings.NewReader("kind,state,year,indicator,value,coder,date,note\ncoding,FRA,2023,ST1,met,Ann,2024-01-01,A\n"))
	wantFault(t, err, fault.Refused, "training space")
	_, err = d.EnterReply(ctx, local, audit.Row{State: "FRA", Value: "received", Date: "2026-01-01", Note: "x"})
	wantFault(t, err, fault.Refused, "training space")
}

func said(field, value string) incident.Stated {
	return incident.Stated{Move: incident.Assert, Field: field, Value: value, Source: "s", Reliability: "C", Credibility: "3"}
}

func TestWhoIsBarredFromAStateMakesNoIncidentOneOfIt(t *testing.T) {
	d := open(t, t.TempDir())
	barred := actsAs("ana", access.CaseWorker)
	barred.Barred = []string{"XAB"}
	id, err := d.NewIncident(ctx, barred, said("date", "2026-01-02"), said("country", "XAA"))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"country", "actor.state"} {
		wantFault(t, d.StateIncident(ctx, barred, id, said(field, "XAB")), fault.Refused, "conflict of interest")
	}
}

func TestAnInvestigatorSeesNoSharedSearch(t *testing.T) {
	d := open(t, t.TempDir())
	key, err := d.SaveSearch(ctx, actsAs("ana", access.Triage), "Dr Canary of XAB", true, desk.Search{Words: "canary"})
	if err != nil {
		t.Fatal(err)
	}
	ines := actsAs("ines", access.Investigator)
	ines.Only = []string{"XAA"}
	list, err := d.SavedSearches(ctx, ines)
	if err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
	_, err = d.SearchByID(ctx, ines, key)
	wantFault(t, err, fault.NotFound)
}

func TestADraftGoesWithWhatItIsAbout(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, ana := open(t, target), actsAs("ana", access.CaseWorker)
		id, err := d.NewIncident(ctx, ana, said("date", "2026-01-02"), said("country", "XAA"))
		if err != nil {
			t.Fatal(err)
		}
		report := takeReport(t, d, arrestCall())
		for subject, erased := range map[string]string{id: id, "new:" + report: report} {
			if err := d.KeepDraft(ctx, ana, subject, "value=canary"); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Erase(ctx, access.Local(), erased, "consent_withdrawn"); err != nil {
				t.Fatal(err)
			}
			if _, ok, err := d.Draft(ctx, ana, subject); ok || err != nil {
				t.Errorf("the draft of %s is there, %v", subject, err)
			}
		}
	})
}

func TestNobodyDropsTheFilesOfAnother(t *testing.T) {
	d := open(t, t.TempDir())
	ana, ben := actsAs("ana", access.Triage), actsAs("ben", access.Triage)
	key, err := d.HoldFiles(ctx, ana, []entry.File{keepFile(t, d, "a.txt", "x")})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.DropFiles(ctx, ben, key); err != nil {
		t.Fatal(err)
	}
	if held, err := d.HeldFiles(ctx, ana, key); len(held) != 1 || err != nil {
		t.Errorf("%v %v", held, err)
	}
}

func TestAFormThatIsSentTwiceMakesOneReport(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		ana, ben := actsAs("ana", access.Triage), actsAs("ben", access.Triage)
		take := func(who access.Actor, form string) string {
			t.Helper()
			id, err := d.TakeReportOnce(ctx, who, form, arrestCall())
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		first := take(ana, "a")
		if again := take(ana, "a"); again != first {
			t.Errorf("a second report %s", again)
		}
		if take(ana, "b") == first || take(ben, "a") == first || take(ana, "") == first {
			t.Error("another form's report is given")
		}
		corrected := arrestCall()
		corrected.Narrative += " And a porter."
		if id, err := d.TakeReportOnce(ctx, ana, "a", corrected); id == first || err != nil {
			t.Errorf("what was said besides is lost: %v", err)
		}
	})
}
