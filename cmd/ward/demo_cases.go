package main

import (
	"io"
	"slices"
	"time"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/desk"
	"ward/paper"
	"ward/person"
	"ward/referral"
	"ward/seal"
	"ward/staff"
	"ward/statement"
	"ward/store"
	"ward/when"
)

// demoCases puts people at risk on record as the invented colleagues would.
type demoCases struct {
	con    *console
	d      *desk.Desk
	people []demoPerson
	worker access.Actor
	state  string
	err    error // the first that went wrong: from then on nothing is done
}

// fillCases makes a protection case with all that belongs to it, an advice, an inquiry, a drill and a grant of access that waits.
func fillCases(con *console, d *desk.Desk, people []demoPerson, state string) error {
	m := &demoCases{con: con, d: d, people: people, worker: whoMay(people, access.WorkCases), state: state}
	m.officers()
	heron, about := m.protection()
	m.consents(about)
	m.referral(heron, about)
	m.evaluation(heron, about)
	m.advice()
	m.inquiry()
	m.drill()
	m.access()
	if m.err == nil {
		con.printf("  people at risk: 4 cases, a referral that waits for its answer, an evaluation that is being written\n")
	}
	return m.err
}

// day is a day so many days from today.
func (m *demoCases) day(after int) string { return (m.d.Today() + when.Day(after)).String() }

// inWords is a day as a text in English says it.
func (m *demoCases) inWords(after int) string {
	return m.d.Now().AddDate(0, 0, after).UTC().Format("2 January 2006")
}

// hour is an instant so many hours from now.
func (m *demoCases) hour(after int) string {
	return m.d.Now().Add(time.Duration(after) * time.Hour).UTC().Truncate(time.Minute).Format(time.RFC3339)
}

// officers names two people to whom the ways to reach somebody are sealed. Nobody keeps their keys: nothing here can be reached.
func (m *demoCases) officers() {
	for _, p := range m.people[:2] {
		_, recipient, err := seal.NewIdentity()
		if m.keep(err) {
			_, err = m.d.NameOfficer(m.con.ctx, m.con.who(), store.Officer{Name: p.Name, Recipient: recipient})
			m.keep(err)
		}
	}
}

// keep remembers the first error; true where there was none.
func (m *demoCases) keep(err error) bool {
	if m.err == nil {
		m.err = err
	}
	return m.err == nil
}

// open opens a case and returns its id.
func (m *demoCases) open(n desk.NewCase) (id string) {
	if m.err == nil {
		n.Country = m.state
		id, m.err = m.d.OpenCase(m.con.ctx, m.worker, n)
	}
	return id
}

// fact records one thing in a section.
func (m *demoCases) fact(id, section string, values map[string]string) {
	if m.err == nil {
		_, m.err = m.d.RecordFact(m.con.ctx, m.worker, id, casework.Fact{Section: section, Values: values})
	}
}

// moves takes a case through states.
func (m *demoCases) moves(id string, states ...string) {
	for _, to := range states {
		if m.err == nil {
			m.err = m.d.MoveCase(m.con.ctx, m.worker, id, casework.Move{To: to})
		}
	}
}

// settle marks as done what the playbook asked for on the way, but the tasks that are still to be done.
func (m *demoCases) settle(id string, open ...string) {
	if m.err != nil {
		return
	}
	f, err := m.d.Case(m.con.ctx, m.worker, id)
	m.keep(err)
	for _, t := range f.Case.Tasks {
		if m.err == nil && t.What != "" && !slices.Contains(open, t.What) {
			_, m.err = m.d.SetTask(m.con.ctx, m.worker, id, casework.Task{Task: t.Task, State: casework.TaskDone})
		}
	}
}

// stated puts something about a person on record.
func (m *demoCases) stated(id, kind string, body any) {
	if m.err == nil {
		m.err = m.d.StatePerson(m.con.ctx, m.worker, id, kind, body)
	}
}

// protection is a surgeon's case from the arrest to a coming hearing.
func (m *demoCases) protection() (id, about string) {
	id = m.open(desk.NewCase{
		Opened: casework.Opened{Kind: casework.Protection, Name: "Heron",
			Summary: "Taken from the ward at night, two days after the wounded of a march were treated there. The caller shares the shift and is not to be named."},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"health_worker", "detainee"}, Sex: "female", Born: "198X", Profession: "physician", Speciality: "surgery",
			Country: m.state, Employer: "a public hospital in Ölaçay", Member: "yes"},
			Names: []person.Name{{Script: "Latn", Text: "Selin Ardıçoğlu"}}, Reach: desk.SourceContact{Name: "Selin Ardıçoğlu", Reach: "through a cousin, +000 000 0100", Note: "never by text message"}},
		Facts: []casework.Fact{{Section: "risk", Values: map[string]string{"level": "high", "why": "Held without visits for five days. Needs insulin. A colleague was beaten in the same building."}}},
		Next:  "Ask the lawyer whether the insulin arrived", NextDue: m.hour(20),
	})
	if m.err == nil {
		about = m.aboutCase(id)
	}
	m.stated(about, person.KindOutcome, person.Outcome{Code: "taken", When: m.day(-9), Country: m.state, Place: "Ölaçay", Authority: "security police", Taker: person.TakerState, Source: "two colleagues who were there"})
	m.stated(about, person.KindOutcome, person.Outcome{Code: "charged", When: m.day(-4), Country: m.state, Charge: "membership of a banned group", Law: "Act on Public Calm, section 9", Source: "the lawyer"})
	for _, f := range m.heronsFacts() {
		m.fact(id, f.Section, f.Values)
	}
	m.moves(id, "risk_assessed", "plan_agreed", "active")
	m.settle(id)
	if m.err == nil {
		m.err = m.d.NoteCase(m.con.ctx, m.worker, id, "The family asks that nothing is said to the press before the hearing.")
	}
	for _, p := range m.people {
		if m.err == nil && p.Name != m.worker.Name && p.Can(access.ReviewRisk) {
			m.err = m.d.SetMember(m.con.ctx, m.worker, id, casework.Member{Name: p.Name})
		}
	}
	return id, about
}

// aboutCase is the person whom a case is about.
func (m *demoCases) aboutCase(id string) string {
	f, err := m.d.Case(m.con.ctx, m.worker, id)
	m.keep(err)
	return f.Case.Person
}

func (m *demoCases) heronsFacts() []casework.Fact {
	return []casework.Fact{
		{Section: "threat", Values: map[string]string{"kind": "licence", "from": "the hospital's director", "on": m.day(-11), "words": "Who treats them will not treat anybody again."}},
		{Section: "need", Values: map[string]string{"kind": "legal", "detail": "A lawyer who is admitted to the security court"}},
		{Section: "need", Values: map[string]string{"kind": "medical", "detail": "Insulin twice a day"}},
		{Section: "measure", Values: map[string]string{"kind": "lawyer", "detail": "Mandate signed by the spouse", "from": m.day(-7)}},
		{Section: "measure", Values: map[string]string{"kind": "check_in", "detail": "The family is called every evening", "from": m.day(-7), "until": m.day(12)}},
		{Section: "detention", Values: map[string]string{"since": m.day(-9), "authority": "Security police of Mıritepe", "place": "Holding cells, Mıriburç", "country": m.state, "whereabouts": "yes", "incommunicado": "no",
			"charge": "membership of a banned group", "law": "Act on Public Calm, section 9", "court": "Security court, Mıriburç", "health": "Diabetes. Bruises on both wrists when the lawyer came.",
			"medication": "Insulin, brought by the family since the sixth day", "family": "yes"}},
		{Section: "hearing", Values: map[string]string{"date": m.day(-4), "court": "Security court, Mıriburç", "kind": "remand", "outcome": "Held for another fortnight. The lawyer was given ten minutes."}},
		{Section: "hearing", Values: map[string]string{"date": m.day(5), "time": "09:30", "court": "Security court, Mıriburç", "kind": "remand"}},
		{Section: "appeal", Values: map[string]string{"kind": "letter", "to": "Ministry of justice", "sent": m.day(-6), "reply_due": m.day(8)}},
	}
}

// consents records what the person let be done, and what two colleagues say of the risk.
func (m *demoCases) consents(about string) {
	m.consent(about, consent.Answer{Purposes: []string{"protect", "support"}, Recipients: []string{"her lawyer"}, Classes: []string{"identity", "contact", "health", "events", "place", "documents"}, Given: m.day(-7),
		Giver: consent.Proxy, Basis: "spouse, with her mandate", Method: "by_phone", Note: "Her own answer follows when she can be seen."})
	m.consent(about, consent.Answer{Purposes: []string{"refer_un"}, Recipients: []string{"sp-urgent"}, Classes: []string{"identity", "events", "place", "employer", "health"}, Given: m.day(-3),
		Expires: m.day(120), Giver: consent.Self, Method: "through_lawyer"})
	for _, p := range m.people {
		if m.err == nil && p.Can(access.ReviewRisk) {
			m.err = m.d.ReviewRisk(m.con.ctx, p.Actor, about, consent.Review{Purpose: "refer_un", May: true, Until: m.day(20), Why: "Asked the family and the lawyer: she is safer when it is known."})
		}
	}
}

func (m *demoCases) consent(about string, a consent.Answer) {
	if m.err == nil {
		a.Answer, a.Capacity, a.Lang, a.Free = consent.Given, "yes", "tr", true
		_, m.err = m.d.PutConsent(m.con.ctx, m.worker, about, a)
	}
}

// referral takes the case to the special procedures: built, approved by two, sent, the reply awaited.
func (m *demoCases) referral(id, about string) {
	if m.err != nil {
		return
	}
	m.keep(m.d.SetLetterhead(m.con.ctx, m.con.who(), statement.Letterhead{Name: "Medical Association of Arcadia", Lines: []string{"1 Quay Street, Mıriburç"}}))
	number, err := m.d.ProposeReferral(m.con.ctx, m.worker, desk.NewReferral{Proposed: referral.Proposed{Mechanism: "sp-urgent", Case: id, Person: about, Country: m.state, Lang: "en",
		Mandates: []string{"sr-health", "wgad"}, Why: "The next remand hearing is near, and her insulin depends on the guards."}})
	if !m.keep(err) || !m.keep(m.d.CheckReprisal(m.con.ctx, m.worker, number, referral.Reprisal{Who: "The cousin who brings the insulin", How: "A summons",
		Mitigation: "Not mentioned in the package; the lawyer brings it from now on", Go: true})) {
		return
	}
	wish := m.heronsPackage()
	if _, err = m.d.CheckReferralConsent(m.con.ctx, m.worker, number, wish.Ticked); !m.keep(err) {
		return
	}
	if _, err = m.d.BuildPackage(m.con.ctx, m.worker, number, wish); m.keep(err) {
		m.approve(number)
		m.send(number)
	}
}

// heronsPackage is what the package is made of: what the mechanism requires, and little else.
func (m *demoCases) heronsPackage() desk.PackageWish {
	mechanism, _ := referral.MechanismOf("sp-urgent")
	w := desk.PackageWish{Mandates: []string{"sr-health", "wgad"}, Ticked: []string{"profession", "arrest_date", "charge", "detention_place", "custody_health"}, Values: map[string]string{
		"event_date": m.inWords(-9), "event_place": "Ölaçay", "perpetrator": "Security police of Mıritepe",
		"what_happened":   "A surgeon was taken from her ward at night, two days after the wounded of a march were treated there. She is held on a charge that names no act.",
		"confidentiality": "What is not in this package must not be asked of the family.",
		"urgency":         "Insulin reaches her only when the guards allow it. The court decides again on " + m.inWords(5) + ".",
	}}
	for _, f := range mechanism.Fields {
		if f.Required {
			w.Ticked = append(w.Ticked, f.Key)
		}
	}
	return w
}

// approve lets two of those who may approve the package.
func (m *demoCases) approve(number string) {
	given := 0
	for _, p := range m.people {
		if given == referral.Approvers || !p.Can(access.ApproveReferrals) {
			continue
		}
		f, err := m.d.Referral(m.con.ctx, p.Actor, number)
		if m.keep(err) && m.keep(m.d.ApproveReferral(m.con.ctx, p.Actor, number, f.Built.Body.Digest, "")) {
			given++
		}
	}
}

// send seals the package to a key that nobody keeps.
func (m *demoCases) send(number string) {
	_, key, err := seal.NewIdentity()
	if m.keep(err) && m.keep(m.d.SendReferral(m.con.ctx, m.worker, number, desk.SendWish{To: "Special procedures, urgent appeals", Channel: "email", Key: key, Until: m.day(365)}, paper.PrintReferral, io.Discard)) {
		m.keep(m.d.MoveReferral(m.con.ctx, m.worker, number, referral.Step{To: referral.StateAwaiting}))
	}
}

// access asks that an investigator may read; nobody has given their word yet.
func (m *demoCases) access() {
	if m.err != nil {
		return
	}
	for _, p := range m.people {
		if slices.Contains(p.Roles, access.Investigator) {
			_, err := m.d.AskAccess(m.con.ctx, whoMay(m.people, access.AskAccess), staff.AccessAsked{Account: p.Account, Purpose: "An independent lawyer's report on arrests of surgeons"},
				staff.AccessScope{States: []string{m.state}, Until: m.day(30)})
			m.keep(err)
		}
	}
}
