package main

import (
	"crypto/rand"
	"encoding/base32"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/simulate"
	"ward/staff"
	"ward/when"
)

// demoPerson is an invented colleague with all by which they sign in.
type demoPerson struct {
	access.Actor
	does       string
	passphrase string
	secret     string // of the code generator, base32
}

// demoPeople are the colleagues of an invented association of three, whom the work needs at the least, and an investigator from outside.
func demoPeople() []demoPerson {
	return []demoPerson{
		{Actor: access.Actor{Name: "Odile Karam", Roles: []access.Role{access.Administrator, access.Publisher, access.Verifier, access.Auditor}},
			does: "keeps accounts and keys, decides what is said, gives the second opinion"},
		{Actor: access.Actor{Name: "Mira Solenne", Roles: []access.Role{access.Triage, access.CaseWorker}}, does: "takes reports in, makes incidents of them, leads the cases"},
		{Actor: access.Actor{Name: "Tarek Ilvane", Roles: []access.Role{access.Verifier, access.Analyst, access.Referrer}}, does: "verifies incidents, codes the audit, approves referrals"},
		{Actor: access.Actor{Name: "Livia Oren", Roles: []access.Role{access.Investigator}, Only: demoStates[:1]}, does: "comes from outside; reads nothing until two people have let her"},
	}
}

// makeAccounts lets the invented colleagues in, each by an invitation.
func makeAccounts(con *console, d *desk.Desk) ([]demoPerson, error) {
	people := demoPeople()
	for i := range people {
		p := &people[i]
		token, err := d.Invite(con.ctx, con.who(), desk.Invite{Grant: granted(p.Actor, d.Today())})
		if err != nil {
			return nil, err
		}
		p.passphrase, p.secret = newPassphrase(), newSecret()
		made, err := d.Accept(con.ctx, token, desk.Enrolment{Name: p.Name, Passphrase: p.passphrase, TOTPSecret: p.secret, Lang: "en"})
		if err != nil {
			return nil, err
		}
		p.Actor = made.Account.Actor(d.Today())
	}
	return people, nil
}

// granted is what somebody's invitation gives them; an investigator's has an end.
func granted(a access.Actor, today when.Day) staff.Grant {
	g := staff.Grant{Roles: a.Roles, Only: a.Only}
	if len(a.Only) > 0 {
		g.Until = (today + investigatorStays).String()
	}
	return g
}

// investigatorStays is how many days an invented investigator's account lasts.
const investigatorStays = 90

func newPassphrase() string {
	return strings.ToLower(rand.Text()[:5] + " " + rand.Text()[:5] + " " + rand.Text()[:5])
}

// newSecret is of a code generator, base32.
func newSecret() string {
	b := make([]byte, 20)
	rand.Read(b) // it never fails
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// whoMay is the first of the people who may do something.
func whoMay(people []demoPerson, act access.Act) access.Actor {
	for _, p := range people {
		if p.Can(act) {
			return p.Actor
		}
	}
	return access.Nobody()
}

// fillDesk makes a desk at work: people, an inbox in which some reports have been dealt with, an incident that waits for a second opinion,
// and people at risk.
func fillDesk(con *console, d *desk.Desk) ([]demoPerson, error) {
	people, err := makeAccounts(con, d)
	if err != nil {
		return nil, err
	}
	reports, err := fillInbox(con, d, whoMay(people, access.TakeReports))
	if err != nil {
		return nil, err
	}
	if err := dealWith(con, d, whoMay(people, access.TriageReports), reports); err != nil {
		return nil, err
	}
	if err := halfVerified(con, d, people, reports); err != nil {
		return nil, err
	}
	return people, fillCases(con, d, people, demoStates[0])
}

// demoReport is an invented report that was put on record.
type demoReport struct {
	id string
	simulate.Letter
}

// fillInbox puts the invented reports on record in the name of whoever takes reports in.
func fillInbox(con *console, d *desk.Desk, worker access.Actor) (out []demoReport, err error) {
	for _, l := range simulate.Inbox() {
		id, err := d.TakeReport(con.ctx, worker, takenDown(l, d.Today()))
		if err != nil {
			return nil, err
		}
		out = append(out, demoReport{id, l})
	}
	con.printf("  inbox: %d invented reports in seven languages\n", len(out))
	return out, nil
}

// dealWith makes one move of each kind, so that the inbox shows what each comes to.
func dealWith(con *console, d *desk.Desk, worker access.Actor, reports []demoReport) error {
	tomorrow := d.Today() + 1
	for _, step := range []struct {
		pick func(demoReport) bool
		move intake.Handling
	}{
		{func(r demoReport) bool { return r.Danger == "yes" && r.Lang == "fr" }, intake.Handling{Move: intake.Claim}},
		{func(r demoReport) bool { return r.Danger == "yes" && r.Lang == "tr" }, intake.Handling{Move: intake.Escalate, Why: "A lawyer is told today."}},
		{func(r demoReport) bool { return r.Mode == "named" && r.Lang == "es" }, intake.Handling{Move: intake.ScopeOut, Why: "About a bill; told where to turn."}},
		{func(r demoReport) bool { return strings.HasPrefix(r.Note, "No date") }, intake.Handling{Move: intake.NeedsInfo, Until: (tomorrow + 6).String(), Why: "Where and when was it?"}},
		{func(r demoReport) bool { return strings.HasPrefix(r.Note, "Says she") }, intake.Handling{Move: intake.Snooze, Until: tomorrow.String(), Why: "She calls again."}},
		{func(r demoReport) bool { return r.Lang == "en" && r.Country == "XAD" }, intake.Handling{Move: intake.Tag, Tag: "duty to report"}},
	} {
		for _, r := range reports {
			if !step.pick(r) {
				continue
			}
			if err := d.Handle(con.ctx, worker, []string{r.id}, step.move); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// halfVerified makes an incident of two reports of one event, of which one person has given an opinion.
func halfVerified(con *console, d *desk.Desk, people []demoPerson, reports []demoReport) error {
	worker, incidentID := whoMay(people, access.EditIncidents), ""
	for _, r := range reports {
		if r.Place != "Morabray" {
			continue
		}
		taken := desk.Taking{Grade: intake.Grade{Reliability: "C", Credibility: "3"}, Incident: incidentID}
		for _, o := range takenDown(r.Letter, d.Today()).Offers() {
			taken.Keys = append(taken.Keys, o.Key)
		}
		made, err := d.IncidentOfReport(con.ctx, worker, r.id, taken)
		if err != nil {
			return err
		}
		incidentID = made
	}
	if incidentID == "" {
		return fault.New(fault.Internal, "the invented inbox lacks the reports of which an incident is made")
	}
	verifier := whoMay(people[1:], access.VerifyIncidents)
	file, err := d.Verify(con.ctx, verifier, incidentID)
	if err != nil {
		return err
	}
	opinion := incident.Opinion{Certainty: "possible", Why: "Two colleagues tell the same of one checkpoint; neither was there."}
	for _, root := range file.Ladder.Roots {
		opinion.Roots = append(opinion.Roots, root.Name)
	}
	if len(file.Ladder.Contradictions) > 0 {
		opinion.Contradictions = "They differ in words only."
	}
	if _, err := d.Opine(con.ctx, verifier, incidentID, opinion); err != nil {
		return err
	}
	con.printf("  incident %s waits for a second opinion\n", incidentID)
	return nil
}

// tellAccounts prints by what each of the invented colleagues signs in.
func tellAccounts(con *console, d *desk.Desk, people []demoPerson, address string) error {
	con.printf("\nThree invented colleagues and an investigator can sign in at %sen/sign-in\n", address)
	for _, p := range people {
		link, err := d.SignInLink(con.ctx, con.who(), p.Account, d.Now().Add(linkLasts))
		if err != nil {
			return err
		}
		con.printf("\n  %s: %s\n    passphrase      %s\n    code generator  %s\n    or a link, once %sen/sign-in/link/%s\n", p.Name, p.does, p.passphrase, p.secret, address, link)
	}
	return nil
}
