package desk_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/evaluation"
	"ward/fault"
	"ward/paper"
	"ward/person"
	"ward/referral"
)

// The name of a case stands in lists that everybody who reads cases sees: it is held to the names as the pseudonym is.
func TestACaseIsNotNamedAfterThePersonWhomItIsAbout(t *testing.T) {
	d := open(t, t.TempDir())
	me := access.Local()
	called := []person.Name{{Script: "Latn", Text: "Ostrin Valdemark"}}
	made := person.Made{Pseudonym: "Heron", Roles: []string{"detainee"}, Country: "XAA"}
	_, err := d.OpenCase(ctx, me, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Dr Valdemark", Country: "XAA"}, Somebody: desk.NewPerson{Made: made, Names: called}})
	wantFault(t, err, fault.Invalid)
	if list, err := d.Persons(ctx, me); err != nil || len(list) > 0 {
		t.Errorf("a half-made person stays: %v %v", list, err)
	}
	id, err := d.AddPerson(ctx, me, desk.NewPerson{Made: made, Names: called})
	must(t, err)
	_, err = d.OpenCase(ctx, me, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Valdemark", Country: "XAA", Person: id}})
	wantFault(t, err, fault.Invalid)
	if err != nil && strings.Contains(err.Error(), "Valdemark") {
		t.Errorf("the error quotes the name: %v", err)
	}
}

// A direction override makes a line read as another than it is.
func TestNoNameInAListTurnsTheDirectionOfWriting(t *testing.T) {
	d := open(t, t.TempDir())
	me := access.Local()
	for _, c := range []string{"\u202e", "\u2066", "\x00", "\u2028"} {
		_, err := d.AddPerson(ctx, me, desk.NewPerson{Made: person.Made{Pseudonym: "He" + c + "ron", Country: "XAA"}})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("pseudonym with %q: %v", c, err)
		}
		_, err = d.OpenCase(ctx, me, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "He" + c + "ron", Country: "XAA"}})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("case named with %q: %v", c, err)
		}
	}
	if _, err := d.OpenCase(ctx, me, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "می\u200cروم", Country: "XAA"}}); err != nil {
		t.Errorf("a joiner is part of Persian: %v", err)
	}
}

// Rule 10.4 where the name was written in another way once, or is made to look alike.
func TestRule4HoldsForNamesAsTheyWereAndAsTheyLook(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	must(t, j.d.StatePerson(ctx, me, j.accused, person.KindName, person.Name{Script: "Latn", Text: "Austrin Waldemarq", Why: "written wrongly"}))
	m, _ := referral.MechanismOf("sp-urgent")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, me)
	id, _ := j.built(t, m.ID, required(m))
	for _, said := range []string{"Ostrin Valdemark was there", "Austrin Waldemarq was there", "Dr Walde\u200bmarq signed", "Dr Walde\u202cmarq signed", "Аustrin Wаldemarq signed"} {
		wish := required(m)
		wish.Values["what_happened"] = said
		problems, err := j.d.BuildPackage(ctx, me, id, wish)
		if err != nil || !slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Word == referral.Accused }) {
			t.Errorf("%q: %+v %v", said, problems, err)
		}
	}
}

// Rule 10.4 is asked as late as the consent is: who was put on record as accused since the package was built is not named by it.
func TestRule4IsAskedAgainWhenAPackageIsApprovedAndSent(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	m, _ := referral.MechanismOf("sp-urgent")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, me)
	wish := required(m)
	wish.Values["what_happened"] = "Belka Morrow of the prison was there"
	id, digest := j.built(t, m.ID, wish)
	accuse := func() {
		_, err := j.d.AddPerson(ctx, me, desk.NewPerson{Made: person.Made{Pseudonym: "Slate", Roles: []string{"alleged_perpetrator"}, Profession: "physician", Country: "XAA"},
			Names: []person.Name{{Script: "Latn", Text: "Belka Morrow"}}})
		must(t, err)
	}
	must(t, j.d.ApproveReferral(ctx, me, id, digest, ""))
	accuse()
	var out bytes.Buffer
	wantFault(t, j.d.SendReferral(ctx, me, id, desk.SendWish{To: "x", Channel: "hand", Open: true}, paper.PrintReferral, &out), fault.Refused)
	if out.Len() > 0 || len(j.file(t, id).Disclosures) > 0 {
		t.Error("it left with the name")
	}
}

// The addressee's line is part of the package: it names nobody whose name is not ticked.
func TestTheAddresseesLineNamesNobody(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	m, _ := referral.MechanismOf("sp-allegation")
	j.agrees(t, m.ID)
	j.reviewed(t, m.ID, access.Local())
	wish := required(m)
	wish.Ticked = slices.DeleteFunc(wish.Ticked, func(k string) bool { return k == referral.FieldName })
	id := j.proposed(t, m.ID)
	wish.To = "about " + referralWord + "one " + referralWord + "two"
	_, problems, err := j.d.PreviewPackage(ctx, access.Local(), id, wish)
	if err != nil || !slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Field == "" && p.Word == referral.Named }) {
		t.Errorf("%+v %v", problems, err)
	}
}

// A text goes along as it came only where it names nobody whom the fields may not name.
func TestRule4HoldsForTextsThatGoAlong(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	doc, err := j.d.KeepCaseFile(ctx, me, j.cas, "note", "note.txt", "text/plain", strings.NewReader("Signed by Ostrin Valdemark."))
	must(t, err)
	m, _ := referral.MechanismOf("sp-urgent")
	id := j.proposed(t, m.ID)
	wish := required(m)
	wish.Ticked, wish.Files = append(wish.Ticked, referral.FieldDocuments), []desk.AttachWish{{Entry: doc, Original: true}}
	_, problems, err := j.d.PreviewPackage(ctx, me, id, wish)
	if err != nil || !slices.ContainsFunc(problems, func(p referral.Problem) bool { return p.Word == referral.Accused }) {
		t.Errorf("%+v %v", problems, err)
	}
}

// Nothing of an exercise happened: nothing of it goes to an authority.
func TestADrillRefersNothing(t *testing.T) {
	d := open(t, t.TempDir())
	me := access.Local()
	drill, err := d.OpenCase(ctx, me, desk.NewCase{Opened: casework.Opened{Kind: casework.Breach, Name: "Exercise", Country: "XAA", Drill: true}})
	must(t, err)
	_, err = d.ProposeReferral(ctx, me, desk.NewReferral{Proposed: referral.Proposed{Mechanism: "sp-other", Case: drill, Lang: "en", Why: "exercise"}})
	wantFault(t, err, fault.Refused)
}

// What was typed about somebody and not saved goes with them.
func TestAnErasedPersonLeavesNoDraftOfAnEvaluation(t *testing.T) {
	d := open(t, t.TempDir())
	me := access.Local()
	number, _ := askedOf(t, d, me)
	must(t, d.KeepEvaluationDraft(ctx, me, number, "allegations", "summary=Qanarydraft"))
	f, err := d.Evaluation(ctx, me, number)
	must(t, err)
	_, err = d.Erase(ctx, me, f.Person, "consent_withdrawn")
	must(t, err)
	if n := d.DraftsOfEvaluations(ctx); n != 0 {
		t.Errorf("%d drafts stay", n)
	}
}

// A conflict of interest tells nobody that there is a person of whom they may not hear.
func TestAConflictOfInterestTellsOfNobody(t *testing.T) {
	d := open(t, t.TempDir())
	id, err := d.AddPerson(ctx, evaluator, desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Country: "XAA"}})
	must(t, err)
	barred := outsider
	barred.Barred = []string{"XAA"}
	_, err = d.Person(ctx, barred, id)
	wantFault(t, err, fault.NotFound)
}

// Custody is what the detention file of the evaluation's own case says too, whether or not that case links the person.
func TestRule5AReleaseHeedsTheDetentionFileOfItsCase(t *testing.T) {
	d := open(t, t.TempDir())
	me := access.Local()
	who, err := d.AddPerson(ctx, me, desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Country: "XAA"}})
	must(t, err)
	inCase, err := d.OpenCase(ctx, me, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA"},
		Facts: []casework.Fact{{Section: "detention", Values: map[string]string{"place": "Northern prison"}}}})
	must(t, err)
	_, err = d.RequestEvaluation(ctx, me, evaluation.Request{Person: who, Case: inCase, Clinician: me.Name, AskedBy: "a lawyer", Purpose: "a hearing", Lang: "en"})
	wantFault(t, err, fault.Refused)
}

// Who only approves sees what is to leave, and nothing that the case's team wrote beside it.
func TestWhoOnlyApprovesReadsNothingOfTheTeamsWords(t *testing.T) {
	j := takenColleague(t, t.TempDir())
	me := access.Local()
	m, _ := referral.MechanismOf("sp-urgent")
	id, _ := j.released(t, m.ID, required(m))
	must(t, j.d.MoveReferral(ctx, me, id, referral.Step{To: referral.StateAcknowledged, Receipt: &referral.Receipt{Day: j.d.Today().String(), Note: "Qanaryreceipt"}}))
	must(t, j.d.RecallReferral(ctx, me, id, "Qanaryrecall"))
	publisher := access.Actor{Name: "Pia", Account: "01PUBLISHERAAAAAAAAAAAAAAA", Roles: []access.Role{access.Publisher}}
	f, err := j.d.Referral(ctx, publisher, id)
	must(t, err)
	said := f.Why
	if f.Receipt != nil {
		said += f.Receipt.Body.Note
	}
	for _, s := range f.Steps {
		said += s.Body.Why
	}
	if said != "" {
		t.Errorf("they read %q", said)
	}
}

// Rule 10.4 holds for an evaluation too, and is asked while it can still be written otherwise.
func TestRule4AnEvaluationNamesNoAccusedPhysician(t *testing.T) {
	d := open(t, t.TempDir())
	number, _ := askedOf(t, d, evaluator)
	_, err := d.AddPerson(ctx, access.Local(), desk.NewPerson{Made: person.Made{Pseudonym: "Slate", Roles: []string{"alleged_perpetrator"}, Profession: "physician", Country: "XAA"},
		Names: []person.Name{{Script: "Latn", Text: "Belka Morrow"}}})
	must(t, err)
	must(t, d.KeepEvaluationConsent(ctx, evaluator, number, agreed("exam", "patient", "court")))
	must(t, d.KeepEvaluationPart(ctx, evaluator, number, evaluation.Part{Section: "circumstances", Values: map[string]string{"place": "prison", "day": "2026-11-20", "present": "nobody", "officer": "sight",
		"restraints": "no", "interpreter": "none", "time": "enough", "remote": "no"}, Known: map[string]string{"present": "seen"}}))
	for _, s := range evaluation.Sections() {
		if len(s.Fields) > 0 && s.Key != "circumstances" {
			must(t, d.KeepEvaluationPart(ctx, evaluator, number, evaluation.Part{Section: s.Key, Left: "Dr\nMorrow stopped it"}))
		}
	}
	for _, to := range []string{evaluation.Consented, evaluation.Examined} {
		must(t, d.MoveEvaluation(ctx, evaluator, number, evaluation.Move{To: to}))
	}
	wantFault(t, d.MoveEvaluation(ctx, evaluator, number, evaluation.Move{To: evaluation.Drafted}), fault.Refused)
}
