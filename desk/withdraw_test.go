package desk_test

import (
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/paper"
	"ward/referral"
	letter "ward/statement"
)

// yes is a consent to one purpose and recipient.
func yes(d *desk.Desk, purpose, to string) consent.Answer {
	return consent.Answer{Answer: consent.Given, Giver: "self", Capacity: "yes", Lang: "en", Purposes: []string{purpose}, Recipients: []string{to}, Classes: []string{"identity", "events"},
		Given: d.Today().String(), Free: true, Method: "spoken"}
}

func all(d *desk.Desk) desk.WithdrawalWish {
	return desk.WithdrawalWish{By: "self", Day: d.Today().String(), Why: referralWord + "Neverwhy", Lang: "en"}
}

// Design rule 5, where it is held: two people on the case review a dated risk, and the word of one against it stops it.
func TestRule5NobodyInCustodyIsShownOnConsentAlone(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, now := watch(t, target)
		enrolled(t, d, "Ada", "", access.Administrator)
		first := enrolled(t, d, "Cara", "", access.CaseWorker)
		second := enrolled(t, d, "Cem", "", access.Referrer, access.CaseWorker)
		third := enrolled(t, d, "Odo", "", access.CaseWorker)
		number := openedCase(t, d, first, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA"},
			Somebody: phoneCall().Somebody, Facts: []casework.Fact{{Section: "detention", Values: map[string]string{"place": "a prison"}}}})
		who := caseOf(t, d, first, number).Case.Person
		must(t, d.SetMember(ctx, first, number, casework.Member{Name: second.Name}))
		must(t, d.SetMember(ctx, first, number, casework.Member{Name: third.Name}))
		_, err := d.PutConsent(ctx, first, who, yes(d, "refer_un", "wgad"))
		must(t, err)
		says := func(by access.Actor, may bool) {
			t.Helper()
			must(t, d.ReviewRisk(ctx, by, who, consent.Review{Purpose: "refer_un", May: may, Until: (d.Today() + 5).String(), Why: "weighed"}))
		}
		want := func(lacks string) {
			t.Helper()
			f, err := d.ConsentFile(ctx, first, who)
			must(t, err)
			at := slices.IndexFunc(f.Reviews, func(r desk.RiskReview) bool { return r.Purpose == "refer_un" })
			if !f.Danger || !f.Held || f.Reviews[at].Lacks != lacks || f.Reviews[at].Alone {
				t.Fatalf("danger %v, %+v, want %q", f.Danger, f.Reviews[at], lacks)
			}
		}
		want(consent.LacksReview)
		says(first, true)
		says(first, true)
		want(consent.LacksSecond)
		says(second, true)
		want("")
		says(third, false)
		want(consent.LacksObjection)
		says(third, true)
		want("")
		*now = now.AddDate(0, 0, 6)
		want(consent.LacksReview)
	})
}

func TestConsentIsRecordedByWhoIsOnTheCase(t *testing.T) {
	d := open(t, t.TempDir())
	who := atRisk(t, d, carer)
	_, err := d.PutConsent(ctx, carer2, who, yes(d, "protect", "Lawyer K."))
	wantFault(t, err, fault.NotFound)
	wantFault(t, d.ReviewRisk(ctx, carer2, who, consent.Review{Purpose: "protect", Why: "w"}), fault.NotFound)
	_, err = d.Withdraw(ctx, carer2, who, all(d))
	wantFault(t, err, fault.NotFound)
	_, err = d.Withdrawal(ctx, carer2, who)
	wantFault(t, err, fault.NotFound)
	_, err = d.ConsentFile(ctx, carer2, who)
	wantFault(t, err, fault.NotFound)
	verifier := access.Actor{Name: "vera", Account: "3", Roles: []access.Role{access.Verifier, access.Publisher}}
	_, err = d.PutConsent(ctx, verifier, who, yes(d, "protect", "Lawyer K."))
	wantFault(t, err, fault.Refused)
	one, err := d.PutConsent(ctx, carer, who, yes(d, "protect", "Lawyer K."))
	must(t, err)
	if two, err := d.PutConsent(ctx, carer, who, yes(d, "protect", "Lawyer K.")); err != nil || two != one {
		t.Errorf("a form that came twice is two answers: %s %s %v", one, two, err)
	}
	if f, err := d.ConsentFile(ctx, carer, who); err != nil || len(f.Answers) != 1 || !slices.Equal(f.Allowed, []string{"protect"}) {
		t.Errorf("%+v %v", f, err)
	}
}

// theirReport lets the colleague's own report make an incident that the case names, and adds a fact that somebody else told.
func (j *jailed) theirReport(t *testing.T) (publicID string) {
	t.Helper()
	me := access.Local()
	report, err := j.d.TakeReport(ctx, me, intake.Received{Channel: "call", Lang: "en", Mode: "confidential", Known: "there", Relation: "victim", Day: "2027-02-20", When: "2027-02-20", Danger: "yes",
		Narrative: "They came at night.", Country: "XAA", Actor: "state.police", ActorState: "XAA", Harmed: []intake.Harm{{Who: "worker", Kind: "arrested", Count: "1"}}})
	must(t, err)
	f, err := j.d.Received(ctx, me, report)
	must(t, err)
	var keys []string
	for _, o := range f.Offers() {
		keys = append(keys, o.Key)
	}
	publicID, err = j.d.IncidentOfReport(ctx, me, report, desk.Taking{Keys: keys, Grade: f.Grade()})
	must(t, err)
	must(t, j.d.StateIncident(ctx, me, publicID, incident.Stated{Move: incident.Assert, Field: "date", Value: "2027-02-21", Source: "a nurse"},
		incident.Stated{Move: incident.Assert, Field: "country", Value: "XAA", Source: "a nurse"}))
	must(t, j.d.DecideCitation(ctx, me, publicID, "WMA-ICOME-2022:40", "PUNISH", true, "care was the reason"))
	must(t, j.d.LinkCase(ctx, me, j.cas, casework.Link{To: report, Kind: casework.LinkReport, Relation: "origin"}))
	must(t, j.d.LinkCase(ctx, me, j.cas, casework.Link{To: publicID, Kind: casework.LinkIncident, Relation: "about"}))
	return publicID
}

// Design rule 11: a withdrawal lists every consequence first, then does it and writes the recall letters.
func TestRule11AWithdrawalListsEveryConsequenceFirstThenDoesIt(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		j := takenColleague(t, target)
		d, me := j.d, access.Local()
		publicID := j.theirReport(t)
		m, _ := referral.MechanismOf("sp-urgent")
		sent, _ := j.released(t, m.ID, required(m))
		token, err := d.OfferPackage(ctx, me, sent, desk.OfferWish{Passphrase: []byte("twelve grey herons walk by"), Downloads: 2, Until: "2027-03-10"}, paper.PrintReferral)
		must(t, err)
		waiting := j.proposed(t, "wgad")
		number, err := d.BeginStatement(ctx, me, letter.Draft{Kind: letter.Letter, Title: "For our colleague", Lang: "en", Text: "Sir.", Addressees: []string{"Ministry of Justice of Arcadia"}})
		must(t, err)
		for _, to := range []string{letter.Review, letter.Approved, letter.Issued} {
			must(t, d.AdvanceStatement(ctx, me, number, letter.Step{To: to}))
		}
		must(t, d.LinkCase(ctx, me, j.cas, casework.Link{To: number, Kind: casework.LinkStatement, Relation: "related"}))

		before := opened(t, d, publicID)
		w, err := d.Withdrawal(ctx, me, j.who)
		must(t, err)
		if len(w.Referrals) != 2 || w.Links != 1 || len(w.Letters) != 1 || !slices.Equal(w.Purposes, []string{m.Purpose}) {
			t.Errorf("%d referrals, %d links, %d letters, %v", len(w.Referrals), w.Links, len(w.Letters), w.Purposes)
		}
		at := slices.IndexFunc(w.Incidents, func(i desk.RestingIncident) bool { return i.ID == publicID })
		if at < 0 || len(w.Incidents[at].Assertions) == 0 || w.Incidents[at].Others < 2 {
			t.Fatalf("%+v", w.Incidents)
		}
		counted := slices.IndexFunc(w.Findings, func(f desk.RestingFinding) bool {
			return f.Incident == publicID && f.Counted && f.Named && f.State == "XAA" && f.Year == 2027
		})
		if counted < 0 {
			t.Fatalf("no finding cites it: %+v", w.Findings)
		}
		if len(w.Done)+len(w.Ends) != 0 || len(opened(t, d, publicID).Standing) != len(before.Standing) {
			t.Error("looking at what would follow changed something")
		}

		done, err := d.Withdraw(ctx, me, j.who, all(d))
		must(t, err)
		if done.Again || !slices.Equal(done.Recalled, []string{sent}) || !slices.Equal(done.Stopped, []string{waiting}) || done.Links != 1 || len(done.Retracted) != len(w.Incidents[at].Assertions) || len(done.Letters) != 2 {
			t.Errorf("%+v", done)
		}
		if !slices.Contains(done.Findings, w.Findings[counted].Ref()) {
			t.Errorf("%v", done.Findings)
		}
		if s := j.file(t, sent).State; s != referral.StateRecalled {
			t.Errorf("what was sent is %s", s)
		}
		if s := j.file(t, waiting).State; s != referral.StateWithdrawn {
			t.Errorf("what was not sent is %s", s)
		}
		_, err = d.FetchPackage(ctx, token)
		wantFault(t, err, fault.NotFound)
		after := opened(t, d, publicID)
		for _, a := range after.Standing {
			if strings.HasPrefix(a.Source, "report:") && a.Speaks() {
				t.Errorf("%s of their own report still speaks", a.Field)
			}
		}
		if after.Date.String() != "2027-02-21" || len(after.Codes) != 0 {
			t.Errorf("it was not counted anew: %s %v", after.Date, after.Codes)
		}
		wantRecalls(t, j, done, "Working group", "Ministry of Justice of Arcadia")

		again, err := d.Withdraw(ctx, me, j.who, all(d))
		must(t, err)
		statements, err := d.Statements(ctx, me, desk.StatementQuery{})
		must(t, err)
		f, err := d.ConsentFile(ctx, me, j.who)
		must(t, err)
		if !again.Again || len(again.Letters) != 2 || len(statements) != 3 || len(f.Done) != 1 || len(f.Ends) != 1 || len(f.Allowed) != 0 {
			t.Errorf("a second press: %+v, %d statements, %d done", again, len(statements), len(f.Done))
		}
		_, err = d.BuildPackage(ctx, me, waiting, required(m))
		if err == nil {
			t.Error("a package is built after the withdrawal")
		}
	})
}

// wantRecalls holds the letters to their recipients, and to telling nothing about the person.
func wantRecalls(t *testing.T, j *jailed, done desk.WithdrawalDone, to ...string) {
	t.Helper()
	for _, l := range done.Letters {
		s, err := j.d.Statement(ctx, access.Local(), l.Statement)
		must(t, err)
		if s.State != letter.Drafted || s.Draft.Kind != letter.Letter || !slices.Contains(to, l.To) || !slices.Equal(s.Draft.Addressees, []string{l.To}) || !strings.Contains(s.Draft.Text, "2027-03-01") {
			t.Errorf("%+v", s.Draft)
		}
		for _, never := range []string{referralWord, "Heron", "Arcady", j.who, j.cas, j.incident, "custody", "prison", "health"} {
			if strings.Contains(s.Draft.Text+s.Draft.Title, never) {
				t.Errorf("the letter to %s tells %q", l.To, never)
			}
		}
	}
}

func TestAWithdrawalOfOnePurposeLeavesTheOthers(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	publicID := j.theirReport(t)
	m, _ := referral.MechanismOf("sp-urgent")
	sent, _ := j.released(t, m.ID, required(m))
	_, err := j.d.PutConsent(ctx, access.Local(), j.who, yes(j.d, "statistics", "the association"))
	must(t, err)
	wish := all(j.d)
	wish.Purposes = []string{"statistics", "publication"}
	done, err := j.d.Withdraw(ctx, access.Local(), j.who, wish)
	must(t, err)
	if len(done.Recalled)+len(done.Letters) != 0 || !slices.Contains(done.Incidents, publicID) {
		t.Errorf("%+v", done)
	}
	if s := j.file(t, sent).State; s != referral.StateSent {
		t.Errorf("another purpose's referral is %s", s)
	}
	f, err := j.d.ConsentFile(ctx, access.Local(), j.who)
	if err != nil || !slices.Equal(f.Allowed, []string{m.Purpose}) {
		t.Errorf("%v %v", f.Allowed, err)
	}
	rest, err := j.d.Withdraw(ctx, access.Local(), j.who, all(j.d))
	if err != nil || rest.Again || !slices.Equal(rest.Recalled, []string{sent}) || len(rest.Letters) != 1 {
		t.Errorf("%+v %v", rest, err)
	}
}

func TestAWithdrawalThatSaysNothingIsNone(t *testing.T) {
	d := open(t, t.TempDir())
	who := atRisk(t, d, carer)
	for name, wish := range map[string]desk.WithdrawalWish{"nobody": {Day: d.Today().String()}, "no day": {By: "self"}, "no purpose": {By: "self", Day: d.Today().String(), Purposes: []string{"fun"}}} {
		if _, err := d.Withdraw(ctx, carer, who, wish); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
