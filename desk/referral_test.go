package desk_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/casework"
	"ward/consent"
	"ward/desk"
	"ward/fault"
	"ward/paper"
	"ward/person"
	"ward/referral"
	"ward/seal"
	letter "ward/statement"
	"ward/store/storetest"
)

// jailed is a colleague in custody with a word in every field that a package could take, and one in each that none ever takes.
type jailed struct {
	d                 *desk.Desk
	now               *time.Time
	cas, who, accused string // ids
	incident          string
}

// referralWord marks a field's value; words that no package takes begin with it and Never.
const referralWord = "Qanaryref"

func takenColleague(t *testing.T, target string) *jailed {
	t.Helper()
	d, now := watch(t, target)
	j := &jailed{d: d, now: now, incident: byHand(t, d)}
	me := access.Local()
	must(t, d.SetLetterhead(ctx, me, letter.Letterhead{Name: "Arcadian Medical Association", Lines: []string{"1 Quay, Port Arcady"}}))
	w := func(s string) string { return referralWord + s }
	j.cas = openedCase(t, d, me, desk.NewCase{
		Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA", Summary: w("Neversummary"), Incidents: []string{j.incident}},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"health_worker"}, Sex: "female", Profession: "physician", Speciality: w("speciality"),
			Employer: w("employer"), Country: "XAA", Member: "yes"}, Names: []person.Name{{Script: "Latn", Text: w("one") + " " + w("two")}, {Script: "Arab", Text: "مرجانه دریاچه"}}},
		Facts: []casework.Fact{{Section: "detention", Values: map[string]string{"place": w("place"), "authority": w("authority"), "charge": w("charge"), "law": w("law"),
			"court": w("court"), "lawyer": w("Neverlawyer"), "health": w("health"), "family_note": w("Neverfamily")}}},
	})
	j.who = caseOf(t, d, me, j.cas).Case.Person
	must(t, d.NoteCase(ctx, me, j.cas, w("Nevernote")))
	must(t, d.StatePerson(ctx, me, j.who, person.KindOutcome, person.Outcome{Code: "taken", When: "2027-02-20", Country: "XAA", Place: w("arrestplace"), Authority: w("arrester"),
		Law: w("arrestlaw"), Source: w("Neversource"), Note: w("Neveroutcomenote")}))
	var err error
	j.accused, err = d.AddPerson(ctx, me, desk.NewPerson{Made: person.Made{Pseudonym: "Granite", Roles: []string{"alleged_perpetrator"}, Profession: "physician", Country: "XAA"},
		Names: []person.Name{{Script: "Latn", Text: "Ostrin Valdemark"}, {Script: "Arab", Text: "آسترین والدمارک"}}})
	must(t, err)
	return j
}

// agrees records that the person agreed, for a mechanism's purpose, and that two reviewed the risk, or one who is alone.
func (j *jailed) agrees(t *testing.T, mechanism string, classes ...string) string {
	t.Helper()
	m, _ := referral.MechanismOf(mechanism)
	if len(classes) == 0 {
		classes = []string{"identity", "events", "place", "employer", "health", "pictures", "documents", "contact"}
	}
	id, err := j.d.PutConsent(ctx, access.Local(), j.who, consent.Answer{Answer: consent.Given, Giver: "self", Capacity: "yes", Lang: "en", Purposes: []string{m.Purpose}, Recipients: []string{m.ID},
		Classes: classes, Given: j.d.Today().String(), Free: true, Method: "through_lawyer"})
	must(t, err)
	return id
}

func (j *jailed) reviewed(t *testing.T, mechanism string, by ...access.Actor) {
	t.Helper()
	m, _ := referral.MechanismOf(mechanism)
	for _, who := range by {
		must(t, j.d.ReviewRisk(ctx, who, j.who, consent.Review{Purpose: m.Purpose, May: true, Until: (j.d.Today() + 5).String(), Why: "they are safer when it is known"}))
	}
}

func (j *jailed) proposed(t *testing.T, mechanism string) string {
	t.Helper()
	id, err := j.d.ProposeReferral(ctx, access.Local(), desk.NewReferral{Proposed: referral.Proposed{Mechanism: mechanism, Case: j.cas, Person: j.who, Incidents: []string{j.incident}, Lang: "en", Why: "release"}})
	must(t, err)
	return id
}

func (j *jailed) looked(t *testing.T, id string) {
	t.Helper()
	must(t, j.d.CheckReprisal(ctx, access.Local(), id, referral.Reprisal{Who: "the family", How: "summons", Mitigation: "they agree", Go: true}))
}

// required ticks what a mechanism requires, and types where nothing is there.
func required(m referral.Mechanism) desk.PackageWish {
	w := desk.PackageWish{Values: map[string]string{}}
	for _, f := range m.Fields {
		if f.Required {
			w.Ticked = append(w.Ticked, f.Key)
			if f.From == "" || strings.HasPrefix(f.From, "incident.") {
				w.Values[f.Key] = referralWord + "typed"
			}
		}
	}
	return w
}

// built brings a referral to its package.
func (j *jailed) built(t *testing.T, mechanism string, wish desk.PackageWish) (id, digest string) {
	t.Helper()
	id = j.proposed(t, mechanism)
	j.looked(t, id)
	verdict, err := j.d.CheckReferralConsent(ctx, access.Local(), id, wish.Ticked)
	must(t, err)
	if !verdict.May {
		t.Fatalf("the consent lacks %s", verdict.Lacks)
	}
	problems, err := j.d.BuildPackage(ctx, access.Local(), id, wish)
	must(t, err)
	if len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	return id, j.file(t, id).Built.Body.Digest
}

func (j *jailed) file(t *testing.T, id string) desk.ReferralFile {
	t.Helper()
	f, err := j.d.Referral(ctx, access.Local(), id)
	must(t, err)
	return f
}

// released is a referral to a mechanism that was sent, by somebody who is alone here, and what was written.
func (j *jailed) released(t *testing.T, mechanism string, wish desk.PackageWish) (id string, plain []byte) {
	t.Helper()
	j.agrees(t, mechanism)
	j.reviewed(t, mechanism, access.Local())
	id, digest := j.built(t, mechanism, wish)
	must(t, j.d.ApproveReferral(ctx, access.Local(), id, digest, ""))
	identity, key, err := seal.NewIdentity()
	must(t, err)
	var sealed bytes.Buffer
	must(t, j.d.SendReferral(ctx, access.Local(), id, desk.SendWish{To: "Working group", Channel: "email", Key: key, Until: "2027-12-31"}, inWords, &sealed))
	if bytes.Contains(sealed.Bytes(), []byte(referral.ManifestName)) {
		t.Error("the package is not sealed")
	}
	r, err := seal.OpenWith(&sealed, identity)
	must(t, err)
	plain, err = io.ReadAll(r)
	must(t, err)
	return id, plain
}

func TestAReferralGoesItsWayFromProposalToAnswer(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		j := takenColleague(t, target)
		m, _ := referral.MechanismOf("sp-urgent")
		id, plain := j.released(t, m.ID, required(m))
		f := j.file(t, id)
		if f.State != referral.StateSent || !f.Alone || f.Due != "2027-04-30" || len(f.Disclosures) != 1 || len(plain) == 0 {
			t.Fatalf("%s alone %v due %s, %d disclosures, %d bytes", f.State, f.Alone, f.Due, len(f.Disclosures), len(plain))
		}
		told := f.Disclosures[0].Body
		if !slices.Contains(told.Fields, "person_name") || told.Purpose != "refer_un" || len(told.Basis) == 0 || told.Until != "2027-12-31" || !slices.Contains(told.Classes, "identity") {
			t.Errorf("%+v", told)
		}
		lines, err := j.d.Ledger(ctx, access.Local(), 0, 1)
		if err != nil || lines[0].To != "Working group" || lines[0].Tier != "T3" || !strings.Contains(lines[0].Subjects, j.who) {
			t.Errorf("%+v %v", lines, err)
		}
		for _, s := range []referral.Step{
			{To: referral.StateAcknowledged, Receipt: &referral.Receipt{Day: "2027-03-01", Reference: "UA 1"}},
			{To: referral.StateAwaiting, Due: "2027-03-20"},
		} {
			must(t, j.d.MoveReferral(ctx, access.Local(), id, s))
		}
		wantFault(t, j.d.MoveReferral(ctx, access.Local(), id, referral.Step{To: referral.StateNoReply}), fault.Refused)
		*j.now = j.now.AddDate(0, 0, 20)
		must(t, j.d.MoveReferral(ctx, access.Local(), id, referral.Step{To: referral.StateNoReply}))
		must(t, j.d.ReferralReply(ctx, access.Local(), id, referral.Reply{Day: "2027-03-21", From: "state", Text: "There is no such detention."}))
		must(t, j.d.MoveReferral(ctx, access.Local(), id, referral.Step{To: referral.StateGraded, Grade: "E"}))
		must(t, j.d.MoveReferral(ctx, access.Local(), id, referral.Step{To: referral.StateFollowUp, Why: "to the committee"}))
		must(t, j.d.MoveReferral(ctx, access.Local(), id, referral.Step{To: referral.StateClosed}))
		if f := j.file(t, id); f.State != referral.StateClosed || f.Grade != "E" || len(f.Replies) != 1 {
			t.Errorf("%s %s %d", f.State, f.Grade, len(f.Replies))
		}
	})
}

// Rule 10.5: nobody in custody is shown on consent alone. It is asked when the package is built, approved and sent.
func TestRule5ConsentAloneIsNotEnoughAtAnyStep(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	m, _ := referral.MechanismOf("sp-urgent")
	wish := required(m)
	j.agrees(t, m.ID)
	id := j.proposed(t, m.ID)
	_, err := j.d.CheckReferralConsent(ctx, me, id, wish.Ticked)
	wantFault(t, err, fault.Refused, "looked")
	j.looked(t, id)
	if v, err := j.d.CheckReferralConsent(ctx, me, id, wish.Ticked); err != nil || v.May || v.Lacks != "review" {
		t.Fatalf("%+v %v", v, err)
	}
	if _, err := j.d.BuildPackage(ctx, me, id, wish); err == nil {
		t.Fatal("a package was built on consent alone")
	}
	j.reviewed(t, m.ID, me)
	id, digest := j.built(t, m.ID, wish)
	*j.now = j.now.AddDate(0, 0, 10) // the review is over
	wantFault(t, j.d.ApproveReferral(ctx, me, id, digest, ""), fault.Refused, "consent")
	j.reviewed(t, m.ID, me)
	must(t, j.d.ApproveReferral(ctx, me, id, digest, ""))
	must(t, j.d.ReviewRisk(ctx, me, j.who, consent.Review{Purpose: m.Purpose, May: false, Why: "they threaten the family"}))
	var out bytes.Buffer
	send := desk.SendWish{To: "x", Channel: "hand", Open: true}
	wantFault(t, j.d.SendReferral(ctx, me, id, send, paper.PrintReferral, &out), fault.Refused, "consent")
	if out.Len() > 0 || len(j.file(t, id).Disclosures) > 0 {
		t.Error("something left")
	}
}

func TestAClassThatTheConsentDoesNotNameDoesNotLeave(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	j.agrees(t, m.ID, "identity", "events", "place")
	j.reviewed(t, m.ID, access.Local())
	wish := required(m)
	id, _ := j.built(t, m.ID, wish)
	wish.Ticked = append(wish.Ticked, "custody_health")
	if _, err := j.d.BuildPackage(ctx, access.Local(), id, wish); !fault.Is(err, fault.Refused) {
		t.Errorf("health left on a consent that does not name it: %v", err)
	}
	v, err := j.d.CheckReferralConsent(ctx, access.Local(), id, wish.Ticked)
	if f := j.file(t, id); err != nil || v.May || f.State != referral.StateReprisal || f.Built != nil {
		t.Errorf("%+v %v, %s", v, err, f.State)
	}
}

// Rule 10.4: who wrote cannot name a physician as accused, in whatever spelling, field or script.
func TestRule4NoPhysicianIsNamedAsAccused(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, access.Local())
	id, _ := j.built(t, m.ID, required(m))
	for _, said := range []string{"Ostrin Valdemark was there", "VALDEMARK, ostrin", "Dr. Valdemark signed", "the prison's Ostrin-Valdemark", "دکتر والدمارک امضا کرد", "آسترین والدمارک", "ﺁﺳﺘﺮﯾﻦ والدمارك"} {
		wish := required(m)
		wish.Values["what_happened"] = said
		problems, err := j.d.BuildPackage(ctx, access.Local(), id, wish)
		if err != nil || !slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Word == referral.Accused }) {
			t.Errorf("%q: %+v %v", said, problems, err)
		}
	}
	wish := required(m)
	wish.Values["perpetrator"] = "Dr Somebody of the prison"
	if problems, err := j.d.BuildPackage(ctx, access.Local(), id, wish); err != nil || !slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Word == referral.Title }) {
		t.Errorf("%+v %v", problems, err)
	}
	wish.Values["perpetrator"], wish.To = "prison administration", "against Ostrin Valdemark"
	if problems, err := j.d.BuildPackage(ctx, access.Local(), id, wish); err != nil || len(problems) == 0 {
		t.Errorf("the addressee names the accused: %+v %v", problems, err)
	}
}

func TestRule4DuressUnknownIsSaid(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, access.Local())
	wish := required(m)
	wish.Ticked = append(wish.Ticked, "participation")
	wish.Values["participation"] = "a physician was made to certify"
	id := j.proposed(t, m.ID)
	j.looked(t, id)
	_, err := j.d.CheckReferralConsent(ctx, access.Local(), id, wish.Ticked)
	must(t, err)
	if problems, err := j.d.BuildPackage(ctx, access.Local(), id, wish); err != nil || len(problems) != 1 || problems[0].Word != referral.Duress {
		t.Fatalf("%+v %v", problems, err)
	}
	wish.Ticked = append(wish.Ticked, "duress")
	if problems, err := j.d.BuildPackage(ctx, access.Local(), id, wish); err != nil || len(problems) > 0 {
		t.Fatalf("%+v %v", problems, err)
	}
	if said, _ := j.file(t, id).Built.Body.Package.Field("duress"); said != "Unknown" {
		t.Errorf("duress says %q", said)
	}
}

// Rule 10.10: two different people approve; where there is one, it goes on and is marked.
func TestRule10TwoDifferentPeopleApprove(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		j := takenColleague(t, target)
		m, _ := referral.MechanismOf("sp-allegation")
		enrolled(t, j.d, "ada", "", access.Administrator)
		one := enrolled(t, j.d, "ana", "", access.Referrer)
		two := enrolled(t, j.d, "ben", "", access.Publisher)
		third := enrolled(t, j.d, "cem", "", access.Referrer)
		for _, who := range []access.Actor{one, third} {
			must(t, j.d.JoinCase(ctx, who, j.cas, "to refer it"))
		}
		j.agrees(t, m.ID)
		j.reviewed(t, m.ID, one, third)
		id, digest := j.built(t, m.ID, required(m))
		must(t, j.d.ApproveReferral(ctx, one, id, digest, ""))
		wantFault(t, j.d.ApproveReferral(ctx, one, id, digest, ""), fault.Refused)
		again := one
		again.Name = "ANA"
		wantFault(t, j.d.ApproveReferral(ctx, again, id, digest, ""), fault.Refused)
		var out bytes.Buffer
		send := desk.SendWish{To: "x", Channel: "hand", Open: true}
		wantFault(t, j.d.SendReferral(ctx, one, id, send, paper.PrintReferral, &out), fault.Refused)
		wantFault(t, j.d.ApproveReferral(ctx, two, id, "another", ""), fault.Conflict)
		must(t, j.d.ApproveReferral(ctx, two, id, digest, ""))
		if f := j.file(t, id); f.State != referral.StateApproved || f.Alone || len(f.Approvals) != 2 {
			t.Fatalf("%s %v %d", f.State, f.Alone, len(f.Approvals))
		}
		// another tick after the approvals voids them
		wish := required(m)
		wish.Ticked = append(wish.Ticked, "court")
		if problems, err := j.d.BuildPackage(ctx, one, id, wish); err != nil || len(problems) > 0 {
			t.Fatalf("%+v %v", problems, err)
		}
		if f := j.file(t, id); f.State != referral.StateBuilt || len(f.Approvals) != 0 {
			t.Errorf("%s with %d approvals", f.State, len(f.Approvals))
		}
		wantFault(t, j.d.SendReferral(ctx, one, id, send, paper.PrintReferral, &out), fault.Refused)
	})
}

func TestWhoOnlyApprovesSeesThePackageAndNothingElse(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-allegation")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, access.Local())
	id, digest := j.built(t, m.ID, required(m))
	enrolled(t, j.d, "ada", "", access.Administrator)
	ben := enrolled(t, j.d, "ben", "", access.Publisher)
	f, err := j.d.Referral(ctx, ben, id)
	if err != nil || f.Works || len(f.Candidates) > 0 || len(f.Files) > 0 || f.Built == nil || !f.MayApprove {
		t.Errorf("%v works %v, %d candidates, %d files", err, f.Works, len(f.Candidates), len(f.Files))
	}
	ben.Barred = []string{"XAA"}
	wantFault(t, j.d.ApproveReferral(ctx, ben, id, digest, ""), fault.Refused, "conflict")
	dan := enrolled(t, j.d, "dan", "", access.CaseWorker)
	if _, err := j.d.Referral(ctx, dan, id); err == nil {
		t.Error("a case worker who is not on the case read its referral")
	}
	if _, err := j.d.BuildPackage(ctx, ben, id, required(m)); err == nil {
		t.Error("who only approves built a package")
	}
}

func TestALookAtReprisalsIsMadeAnewAfterThirtyDays(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-allegation")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, access.Local())
	id, digest := j.built(t, m.ID, required(m))
	*j.now = j.now.AddDate(0, 0, 31)
	j.reviewed(t, m.ID, access.Local())
	wantFault(t, j.d.ApproveReferral(ctx, access.Local(), id, digest, ""), fault.Refused, "looked")
	j.looked(t, id)
	must(t, j.d.ApproveReferral(ctx, access.Local(), id, digest, ""))
	must(t, j.d.CheckReprisal(ctx, access.Local(), id, referral.Reprisal{Who: "the family", How: "arrest", Go: false}))
	if f := j.file(t, id); f.State != referral.StateProposed || len(f.Approvals) > 0 {
		t.Errorf("after a look that says no it is %s", f.State)
	}
}

// What is in the record of the case and the person and was not ticked is in no byte of what leaves, and what no package takes is never offered.
func TestOnlyWhatIsTickedLeavesTheDesk(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("wgad")
	wish := required(m)
	wish.Ticked = append(wish.Ticked, "charge")
	id, plain := j.released(t, m.ID, wish)
	all := strings.ToLower(archived(t, plain))
	for word, leaves := range map[string]bool{"one": true, "typed": true, "charge": true, "place": true, "authority": true, "arrester": true, "arrestplace": true,
		"employer": false, "speciality": false, "court": false, "health": false, "arrestlaw": false, "never": false} {
		if got := strings.Contains(all, strings.ToLower(referralWord+word)); got != leaves {
			t.Errorf("%s: in the package %v, want %v", word, got, leaves)
		}
	}
	for _, inner := range []string{id, j.cas, j.who, j.incident, "Heron", "local operator"} {
		if strings.Contains(all, strings.ToLower(inner)) {
			t.Errorf("the package says %s", inner)
		}
	}
	for _, c := range j.file(t, id).Candidates {
		if strings.Contains(c.Value, referralWord+"Never") {
			t.Errorf("%s offers %s", c.Key, c.Value)
		}
	}
}

func TestAPictureLeavesWithoutWhatTheCameraWrote(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	var picture bytes.Buffer
	must(t, jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8)), nil))
	raw := picture.Bytes()
	secret := []byte("QanaryGPSzz")
	segment := append([]byte{0xff, 0xe1, 0, byte(2 + len(secret))}, secret...)
	raw = slices.Concat(raw[:2], segment, raw[2:])
	doc, err := j.d.KeepCaseFile(ctx, me, j.cas, "bruise", "QanaryName.jpg", "image/jpeg", bytes.NewReader(raw))
	must(t, err)
	m, _ := referral.MechanismOf("sp-urgent")
	for _, original := range []bool{false, true} {
		wish := required(m)
		wish.Ticked = append(wish.Ticked, "pictures")
		wish.Files = []desk.AttachWish{{Entry: doc, Original: original}}
		_, plain := j.released(t, m.ID, wish)
		if got := strings.Contains(archived(t, plain), string(secret)); got != original {
			t.Errorf("original %v: what the camera wrote is there: %v", original, got)
		}
		if strings.Contains(archived(t, plain), "QanaryName") {
			t.Error("the package tells the file's former name")
		}
	}
	other, err := j.d.KeepCaseFile(ctx, me, j.cas, "letter", "letter.pdf", "application/pdf", strings.NewReader("%PDF-1.7 x"))
	must(t, err)
	wish := required(m)
	wish.Ticked, wish.Files = append(wish.Ticked, "documents"), []desk.AttachWish{{Entry: other}}
	_, err = j.d.BuildPackage(ctx, me, j.proposed(t, m.ID), wish)
	wantFault(t, err, fault.Refused, "freed")
}

// The ledger tells everybody who reads it what left to whom; whose it was, only whoever is on the case.
func TestTheLedgerTellsWhoseItWasToTheCaseAlone(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	id, _ := j.released(t, m.ID, required(m))
	enrolled(t, j.d, "ada", "", access.Administrator)
	ben := enrolled(t, j.d, "ben", "", access.Publisher)
	rows, err := j.d.Disclosures(ctx, ben, desk.DisclosureQuery{})
	if err != nil || len(rows) != 1 || rows[0].Body.Person != "" || rows[0].Body.Fields != nil || rows[0].Body.To != "Working group" {
		t.Fatalf("%+v %v", rows, err)
	}
	if rows, _ := j.d.Disclosures(ctx, ben, desk.DisclosureQuery{Person: j.who}); len(rows) > 0 {
		t.Error("the ledger answers of whom a disclosure speaks")
	}
	*j.now = j.now.AddDate(1, 0, 0)
	rows, err = j.d.Disclosures(ctx, access.Local(), desk.DisclosureQuery{Expired: true, Referral: id})
	if err != nil || len(rows) != 1 || !rows[0].Revocable {
		t.Fatalf("%+v %v", rows, err)
	}
	must(t, j.d.RevokeDisclosure(ctx, access.Local(), rows[0].ID, "its time is over"))
	wantFault(t, j.d.RevokeDisclosure(ctx, access.Local(), rows[0].ID, "again"), fault.Refused)
}

// Sent, unanswered, escalated: the next mechanism begins with what was ticked, and goes the whole way anew.
func TestAnUrgentAppealThatStaysUnansweredIsEscalated(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	id, _ := j.released(t, m.ID, required(m))
	_, err := j.d.EscalateReferral(ctx, access.Local(), id, "wgad", "no answer")
	wantFault(t, err, fault.Refused)
	must(t, j.d.MoveReferral(ctx, access.Local(), id, referral.Step{To: referral.StateAwaiting}))
	*j.now = j.now.AddDate(0, 0, 61)
	if f := j.file(t, id); !f.Late {
		t.Errorf("it is not late after %s", f.Due)
	}
	must(t, j.d.MoveReferral(ctx, access.Local(), id, referral.Step{To: referral.StateNoReply}))
	next, err := j.d.EscalateReferral(ctx, access.Local(), id, "wgad", "no answer")
	must(t, err)
	f := j.file(t, next)
	if f.After != id || f.State != referral.StateProposed || !slices.Contains(f.Ticked, "person_name") || slices.Contains(f.Ticked, "event_date") {
		t.Errorf("%+v %s", f.Ticked, f.State)
	}
	_, err = j.d.EscalateReferral(ctx, access.Local(), id, "icrc", "no answer")
	wantFault(t, err, fault.Invalid)
	wantFault(t, j.d.ApproveReferral(ctx, access.Local(), next, "", ""), fault.Refused)
}

func lines(t *testing.T, d *desk.Desk) []string {
	t.Helper()
	list, err := d.Ledger(ctx, access.Local(), 0, 1000)
	must(t, err)
	var out []string
	for _, l := range list {
		out = append(out, l.What)
	}
	return out
}

// referralNotices are the kinds of what waits for somebody about referrals.
func referralNotices(t *testing.T, d *desk.Desk, who access.Actor) (kinds []string) {
	t.Helper()
	list, err := d.Notices(ctx, who)
	must(t, err)
	for _, n := range list {
		if strings.HasPrefix(n.Kind, "referral_") {
			kinds = append(kinds, n.Kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

func TestWhoCouldApproveAndWhoSentAreTold(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-urgent")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, access.Local())
	id, digest := j.built(t, m.ID, required(m))
	enrolled(t, j.d, "ada", "", access.Administrator)
	ben, eve := enrolled(t, j.d, "ben", "", access.Publisher), enrolled(t, j.d, "eve", "", access.Referrer)
	if got := referralNotices(t, j.d, ben); !slices.Equal(got, []string{desk.NoticeApproval}) {
		t.Errorf("who could approve is told %v", got)
	}
	must(t, j.d.ApproveReferral(ctx, ben, id, digest, ""))
	if got := referralNotices(t, j.d, ben); len(got) > 0 {
		t.Errorf("who approved is told %v", got)
	}
	must(t, j.d.ApproveReferral(ctx, eve, id, digest, ""))
	var out bytes.Buffer
	must(t, j.d.SendReferral(ctx, access.Local(), id, desk.SendWish{To: "x", Channel: "hand", Open: true, Until: "2027-04-28"}, inWords, &out))
	if got := referralNotices(t, j.d, access.Local()); !slices.Equal(got, []string{desk.NoticeConsent}) {
		t.Errorf("on the day of sending who is on the case is told %v", got)
	}
	*j.now = j.now.AddDate(0, 0, 50)
	j.reviewed(t, m.ID, access.Local())
	if got := referralNotices(t, j.d, access.Local()); !slices.Equal(got, []string{desk.NoticeConsent, desk.NoticeDisclosure, desk.NoticeReferral}) {
		t.Errorf("before the days are over who is on the case is told %v", got)
	}
	if got := referralNotices(t, j.d, eve); len(got) > 0 {
		t.Errorf("who is not on the case is told %v", got)
	}
}

// A conflict of interest bars from a referral's case, State, person and the referral itself.
func TestAConflictOfInterestBarsFromReferrals(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	id := j.proposed(t, "sp-urgent")
	for _, subject := range []string{id, j.cas, j.who, "XAA"} {
		me := access.Local()
		me.Barred = []string{subject}
		err := j.d.CheckReprisal(ctx, me, id, referral.Reprisal{Who: "a", How: "b", Mitigation: "c", Go: true})
		wantFault(t, err, fault.Refused, "conflict")
	}
}

func TestAReferralToNobodysConsentSpeaksOfNobody(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	id, err := j.d.ProposeReferral(ctx, me, desk.NewReferral{Proposed: referral.Proposed{Mechanism: "upr", Case: j.cas, Lang: "en", Why: "review"}})
	must(t, err)
	j.looked(t, id)
	wish := desk.PackageWish{Ticked: []string{"submitter", "title", "issues", "recommendations"}, Values: map[string]string{"title": "Care", "issues": "Two were taken.", "recommendations": "Release them."}}
	if v, err := j.d.CheckReferralConsent(ctx, me, id, wish.Ticked); err != nil || !v.Needless || !v.May {
		t.Fatalf("%+v %v", v, err)
	}
	for said, word := range map[string]string{"Qanaryrefone Qanaryreftwo was taken": referral.Third, strings.Repeat("word ", 2816): referral.Words} {
		again := wish
		again.Values = map[string]string{"title": "Care", "issues": said, "recommendations": "x"}
		if problems, err := j.d.BuildPackage(ctx, me, id, again); err != nil || !slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Word == word }) {
			t.Errorf("%s: %+v %v", word, problems, err)
		}
	}
	if problems, err := j.d.BuildPackage(ctx, me, id, wish); err != nil || len(problems) > 0 {
		t.Errorf("%+v %v", problems, err)
	}
}

func TestNothingOfAReferralLiesOpenOnDisk(t *testing.T) {
	dir := t.TempDir()
	j := takenColleague(t, dir)
	m, _ := referral.MechanismOf("sp-urgent")
	j.released(t, m.ID, required(m))
	storetest.WantUnseen(t, dir, referral.KindPackage, referralWord+"typed", referralWord+"one", "Working group")
}
