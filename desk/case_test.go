package desk_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/person"
	"ward/staff"
	"ward/store"
)

const caseCanary = "Qanarycasezz"

// phoneCall is what a call about a colleague tells, with a canary in every field that holds words.
func phoneCall() desk.NewCase {
	return desk.NewCase{
		Opened:   casework.Opened{Kind: casework.Protection, Name: "Heron", Country: "XAA", Summary: caseCanary + " taken from the ward"},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Heron", Roles: []string{"health_worker"}, Country: "XAA"}, Names: []person.Name{{Script: "Latn", Text: caseCanary + " Name"}}},
		Facts:    []casework.Fact{{Section: "risk", Values: map[string]string{"level": "imminent", "why": caseCanary}}},
		Next:     caseCanary + " find a lawyer", NextDue: "2027-03-01T15:00:00Z",
	}
}

func openedCase(t testing.TB, d *desk.Desk, who access.Actor, n desk.NewCase) string {
	t.Helper()
	id, err := d.OpenCase(ctx, who, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func caseOf(t testing.TB, d *desk.Desk, who access.Actor, id string) desk.CaseFile {
	t.Helper()
	f, err := d.Case(ctx, who, id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAPhoneCallBecomesASealedCaseWithItsNextAction(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, now := watch(t, target)
		n := phoneCall()
		twoOfficers(t, d)
		n.Somebody.Reach = desk.SourceContact{Reach: caseCanary + " 0100"}
		id := openedCase(t, d, access.Local(), n)
		f := caseOf(t, d, access.Local(), id)
		if !f.On || f.Case.Kind != casework.Protection || f.Case.State != "requested" || f.Case.Person == "" || len(f.Persons) != 1 || f.Persons[0].Pseudonym != "Heron" {
			t.Fatalf("%+v", f)
		}
		var due []string
		for _, k := range f.Clocks {
			due = append(due, k.Kind+" "+k.Due.Format(time.RFC3339))
		}
		day := now.Add(24 * time.Hour).Format(time.RFC3339)
		if want := []string{"task 2027-03-01T15:00:00Z", "risk_review " + day, "task " + day, "task " + day, "task " + now.Add(72*time.Hour).Format(time.RFC3339)}; !slices.Equal(due, want) {
			t.Errorf("%q, want %q", due, want)
		}
		if f.Case.Tasks[0].Text != n.Next || f.Case.Tasks[0].For != access.Local().Name || f.Case.Team[0].Name != access.Local().Name {
			t.Errorf("%+v %+v", f.Case.Tasks, f.Case.Team)
		}
		p, err := d.Person(ctx, access.Local(), f.Case.Person)
		if err != nil || p.Box == "" {
			t.Errorf("the way to reach them is not sealed: %+v %v", p, err)
		}
	})
}

// All or nothing: where a part cannot stand, no case and no person is there.
func TestNothingOfACaseIsOpenedWhereAPartCannotStand(t *testing.T) {
	d := open(t, t.TempDir())
	for name, change := range map[string]func(*desk.NewCase){
		"fact": func(n *desk.NewCase) { n.Facts[0].Values = map[string]string{"level": "awful"} }, "link": func(n *desk.NewCase) {
			n.Links = []casework.Link{{To: "X", Kind: casework.LinkPerson, Relation: "about"}}
		},
		"report": func(n *desk.NewCase) { n.Report = "01J" }, "incident": func(n *desk.NewCase) { n.Incidents = []string{"WRD-XAA-2026-AAAA"} }, "due": func(n *desk.NewCase) { n.NextDue = "soon" },
		"for": func(n *desk.NewCase) { n.NextFor = "nobody" }, "person": func(n *desk.NewCase) { n.Person = "01J" }, "officers": func(n *desk.NewCase) { n.Somebody.Reach.Reach = "0100" },
	} {
		n := phoneCall()
		change(&n)
		if id, err := d.OpenCase(ctx, access.Local(), n); err == nil || id != "" {
			t.Errorf("%s: %q %v", name, id, err)
		}
	}
	if b, err := d.Cases(ctx, access.Local(), desk.CaseQuery{}); err != nil || b.Total != 0 {
		t.Errorf("%+v %v", b, err)
	}
}

func TestAFormThatArrivesTwiceIsOneCase(t *testing.T) {
	d := open(t, t.TempDir())
	n := phoneCall()
	n.Form = "form-1"
	if a, b := openedCase(t, d, access.Local(), n), openedCase(t, d, access.Local(), n); a != b {
		t.Errorf("%s and %s", a, b)
	}
	n.Form = "form-2"
	openedCase(t, d, access.Local(), n)
	if b, _ := d.Cases(ctx, access.Local(), desk.CaseQuery{}); b.Total != 2 {
		t.Errorf("%d cases", b.Total)
	}
}

// acts are everything that can be done to or read of a case beyond its top, each by its name.
func caseActs(d *desk.Desk, number, document, personID string) map[string]func(access.Actor) error {
	return map[string]func(access.Actor) error{
		"move": func(w access.Actor) error {
			return d.MoveCase(ctx, w, number, casework.Move{To: "closed", Outcome: "safe", Why: "w"})
		},
		"fact": func(w access.Actor) error {
			_, err := d.RecordFact(ctx, w, number, casework.Fact{Section: "risk", Values: map[string]string{"level": "low"}})
			return err
		},
		"task": func(w access.Actor) error {
			_, err := d.SetTask(ctx, w, number, casework.Task{Text: "x", State: casework.TaskOpen})
			return err
		},
		"link": func(w access.Actor) error {
			return d.LinkCase(ctx, w, number, casework.Link{To: number, Kind: casework.LinkCase, Relation: "about"})
		},
		"note":   func(w access.Actor) error { return d.NoteCase(ctx, w, number, "x") },
		"member": func(w access.Actor) error { return d.SetMember(ctx, w, number, casework.Member{Name: w.Name}) },
		"keep": func(w access.Actor) error {
			_, err := d.KeepCaseFile(ctx, w, number, "x", "x.txt", "text/plain", strings.NewReader("x"))
			return err
		},
		"file":   func(w access.Actor) error { _, _, err := d.CaseDocument(ctx, w, number, document); return err },
		"take":   func(w access.Actor) error { _, _, err := d.TakeCaseDocument(ctx, w, number, document); return err },
		"person": func(w access.Actor) error { _, err := d.Person(ctx, w, personID); return err },
		"about": func(w access.Actor) error {
			n := phoneCall()
			n.Person = personID
			_, err := d.OpenCase(ctx, w, n)
			return err
		},
	}
}

func withDocument(t testing.TB, d *desk.Desk, who access.Actor, number string) string {
	t.Helper()
	document, err := d.KeepCaseFile(ctx, who, number, caseCanary+" warrant", caseCanary+".txt", "text/plain", strings.NewReader(strings.Repeat(caseCanary, 5000)))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestWhoIsNotOnACaseReadsNothingItHoldsOfPeople(t *testing.T) {
	d := open(t, t.TempDir())
	joined(t, d, "Ada")
	cay := joined(t, d, "Cay", access.CaseWorker).Actor
	dov, ref, vic := joined(t, d, "Dov", access.CaseWorker).Actor, joined(t, d, "Ref", access.Referrer).Actor, joined(t, d, "Vic", access.Verifier).Actor
	number := openedCase(t, d, cay, phoneCall())
	document := withDocument(t, d, cay, number)
	personID := caseOf(t, d, cay, number).Case.Person
	for _, who := range []access.Actor{dov, ref, vic} {
		before := caseRows(t, d)
		for name, act := range caseActs(d, number, document, personID) {
			if err := act(who); !fault.Is(err, fault.Refused) && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s, %s: %v", who.Name, name, err)
			}
		}
		if after := caseRows(t, d); after != before {
			t.Errorf("%s wrote something: %d rows, %d before", who.Name, after, before)
		}
	}
	f := caseOf(t, d, dov, number)
	if f.On || f.Top.Name != "Heron" || len(f.Timeline)+len(f.Persons)+len(f.Ways) > 0 || f.Case.ID != "" {
		t.Errorf("a colleague beside the case reads %+v", f)
	}
	if _, err := d.Case(ctx, vic, number); !fault.Is(err, fault.Refused) {
		t.Errorf("who may not read cases: %v", err)
	}
	none, there := d.NoteCase(ctx, vic, "01JXXXXXXXXXXXXXXXXXXXXXXX", "x"), d.NoteCase(ctx, vic, number, "x")
	if none.Error() != there.Error() {
		t.Errorf("a case that is there is told from one that is not: %v, %v", none, there)
	}
	if err := d.JoinCase(ctx, dov, number, "night shift"); err != nil {
		t.Fatal(err)
	}
	if f := caseOf(t, d, dov, number); !f.On || !f.Work || f.Case.Summary == "" || f.Case.Team[1].Why == "" || f.Top.Team[1].Why != "" {
		t.Errorf("%+v", f)
	}
	if _, err := d.Person(ctx, dov, personID); err != nil {
		t.Error(err)
	}
}

// caseRows is how many entries there are about cases.
func caseRows(t testing.TB, d *desk.Desk) (n int) {
	t.Helper()
	err := d.Store().Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(ctx, "SELECT COUNT(*) FROM entry WHERE kind LIKE 'case.%'").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWordsAreFoundOnlyWhereTheReaderMayRead(t *testing.T) {
	d := open(t, t.TempDir())
	joined(t, d, "Ada")
	cay, dov := joined(t, d, "Cay", access.CaseWorker).Actor, joined(t, d, "Dov", access.CaseWorker).Actor
	number := openedCase(t, d, cay, phoneCall())
	for _, tt := range []struct {
		who   access.Actor
		words string
		want  int
	}{{cay, "lawyer", 1}, {dov, "lawyer", 0}, {dov, "heron", 1}, {cay, "heron ward", 1}, {dov, "heron ward", 0}, {cay, "kestrel", 0}} {
		b, err := d.Cases(ctx, tt.who, desk.CaseQuery{Words: tt.words})
		if err != nil || b.Total != tt.want {
			t.Errorf("%s finds %d of %q: %v", tt.who.Name, b.Total, tt.words, err)
		}
	}
	if err := d.NoteCase(ctx, cay, number, "the kestrel called"); err != nil {
		t.Fatal(err)
	}
	if b, _ := d.Cases(ctx, cay, desk.CaseQuery{Words: "kestrel", Mine: true, Kind: casework.Protection, State: "requested", Country: "XAA"}); b.Total != 1 || b.Counts["mine"] != 1 {
		t.Errorf("the board does not follow: %+v", b)
	}
	if b, _ := d.Cases(ctx, dov, desk.CaseQuery{Mine: true}); b.Total != 0 || b.Counts[casework.Protection] != 1 {
		t.Errorf("%+v", b)
	}
}

func TestAConflictOfInterestKeepsFromACase(t *testing.T) {
	d := open(t, t.TempDir())
	joined(t, d, "Ada")
	cay, dov := joined(t, d, "Cay", access.CaseWorker).Actor, joined(t, d, "Dov", access.CaseWorker).Actor
	number := openedCase(t, d, cay, phoneCall())
	for _, about := range []string{number, "XAA"} {
		barred := dov
		barred.Barred = []string{about}
		if err := d.JoinCase(ctx, barred, number, "let me"); !fault.Is(err, fault.Refused) {
			t.Errorf("joined in spite of a conflict with %s: %v", about, err)
		}
		if f := caseOf(t, d, barred, number); f.On || !f.Barred {
			t.Errorf("%+v", f)
		}
		mine := cay
		mine.Barred = []string{about}
		if f := caseOf(t, d, mine, number); f.On {
			t.Errorf("one declared since still reads: %s", about)
		}
		if err := d.NoteCase(ctx, mine, number, "x"); !fault.Is(err, fault.Refused) {
			t.Errorf("%v", err)
		}
	}
	if err := d.DeclareConflict(ctx, dov, dov.Account, staff.Conflict{About: "XAA", Why: "family there"}); err != nil {
		t.Fatal(err)
	}
	if err := d.SetMember(ctx, cay, number, casework.Member{Name: "Dov"}); !fault.Is(err, fault.Refused) {
		t.Errorf("brought on the case in spite of it: %v", err)
	}
	n := phoneCall()
	dov.Barred = []string{"XAA"}
	if _, err := d.OpenCase(ctx, dov, n); !fault.Is(err, fault.Refused) {
		t.Errorf("opened in spite of it: %v", err)
	}
}

func TestATeamIsJoinedWithAReasonAndLeftWithASuccessor(t *testing.T) {
	d := open(t, t.TempDir())
	joined(t, d, "Ada")
	cay, dov, eve := joined(t, d, "Cay", access.CaseWorker).Actor, joined(t, d, "Dov", access.CaseWorker).Actor, joined(t, d, "Eve", access.CaseWorker).Actor
	number := openedCase(t, d, cay, phoneCall())
	if err := d.SetMember(ctx, cay, number, casework.Member{Name: "Eve"}); err != nil {
		t.Fatal(err)
	}
	if err := d.JoinCase(ctx, dov, number, "  "); !fault.Is(err, fault.Invalid) {
		t.Errorf("joined without a word: %v", err)
	}
	if err := d.SetMember(ctx, cay, number, casework.Member{Name: "Cay", Gone: true}); !fault.Is(err, fault.Refused) {
		t.Errorf("the lead left without another: %v", err)
	}
	if err := d.JoinCase(ctx, dov, number, "night shift"); err != nil {
		t.Fatal(err)
	}
	if got := noticesTold(t, d, cay); !slices.Contains(got, "case_joined "+number) {
		t.Errorf("the lead is not told: %q", got)
	}
	for _, who := range []access.Actor{dov, eve} {
		if got := noticesTold(t, d, who); slices.Contains(got, "case_joined "+number) {
			t.Errorf("%s, who leads nothing, is told: %q", who.Name, got)
		}
	}
	if err := d.SetMember(ctx, dov, number, casework.Member{Name: "Eve", Gone: true}); !fault.Is(err, fault.Refused) {
		t.Errorf("who does not lead took somebody off: %v", err)
	}
	for _, m := range []casework.Member{{Name: "Eve", Gone: true}, {Name: "Dov", Lead: true}, {Name: "Cay", Gone: true}} {
		if err := d.SetMember(ctx, cay, number, m); err != nil {
			t.Fatal(err)
		}
	}
	if f := caseOf(t, d, cay, number); f.On || len(f.Top.Team) != 1 {
		t.Errorf("who left still reads: %+v", f.Top.Team)
	}
	if err := d.NoteCase(ctx, cay, number, "x"); !fault.Is(err, fault.Refused) {
		t.Errorf("%v", err)
	}
}

func TestTheTeamIsToldWhatIsDueAndNobodyElse(t *testing.T) {
	d, now := watch(t, t.TempDir())
	joined(t, d, "Ada")
	cay, dov := enrolled(t, d, "Cay", "", access.CaseWorker), enrolled(t, d, "Dov", "", access.CaseWorker)
	n := phoneCall()
	n.Next, n.Facts[0].Values["level"] = "", "low"
	number := openedCase(t, d, cay, n)
	if _, err := d.RecordFact(ctx, cay, number, casework.Fact{Section: "hearing", Values: map[string]string{"date": "2027-03-08", "court": "Court 3"}}); err != nil {
		t.Fatal(err)
	}
	task := "case_task " + number
	wantTold(t, d, cay, "at the opening", task, task)
	*now = now.Add(25 * time.Hour)
	wantTold(t, d, cay, "a day later", task+" late", task+" late")
	for _, open := range caseOf(t, d, cay, number).Case.Tasks {
		open.State = casework.TaskDone
		if _, err := d.SetTask(ctx, cay, number, open); err != nil {
			t.Fatal(err)
		}
	}
	wantTold(t, d, cay, "when they are done")
	*now = time.Date(2027, 3, 6, 1, 0, 0, 0, time.UTC)
	wantTold(t, d, cay, "before the hearing", "hearing "+number)
	*now = time.Date(2027, 3, 9, 0, 0, 0, 0, time.UTC)
	wantTold(t, d, cay, "after the hearing", "hearing_unrecorded "+number+" late")
	wantTold(t, d, dov, "who is not on the case")
	if _, err := d.SetTask(ctx, cay, number, casework.Task{Text: "call the lawyer", State: casework.TaskOpen, For: "Dov"}); !fault.Is(err, fault.Refused) {
		t.Errorf("a task for somebody beside the case: %v", err)
	}
	if err := d.SetMember(ctx, cay, number, casework.Member{Name: "Dov"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SetTask(ctx, cay, number, casework.Task{Text: "call the lawyer", State: casework.TaskOpen, For: "Dov"}); err != nil {
		t.Fatal(err)
	}
	wantTold(t, d, dov, "when brought on the case", "hearing_unrecorded "+number+" late", task)
}

// A conflict of interest is declared with one case as with a State or a record, and bars from that case alone.
func TestAConflictOfInterestWithOneCaseBarsFromItAlone(t *testing.T) {
	d := open(t, t.TempDir())
	joined(t, d, "Ada")
	cay := joined(t, d, "Cay", access.CaseWorker).Actor
	one, other := openedCase(t, d, cay, phoneCall()), openedCase(t, d, cay, phoneCall())
	if err := d.DeclareConflict(ctx, cay, cay.Account, staff.Conflict{About: one, Why: "we trained together"}); err != nil {
		t.Fatal(err)
	}
	a, err := d.Account(ctx, access.Local(), cay.Account)
	must(t, err)
	cay = a.Actor(d.Today())
	if f := caseOf(t, d, cay, one); f.On || !f.Barred {
		t.Errorf("whoever declared a conflict reads the case: %+v", f.Top)
	}
	if f := caseOf(t, d, cay, other); !f.On {
		t.Error("a conflict with one case bars from another")
	}
	wantFault(t, d.NoteCase(ctx, cay, one, "a word"), fault.Refused)
}

func TestALeaversCasesGoToAColleagueInTheSameAct(t *testing.T) {
	d := open(t, t.TempDir())
	ada := joined(t, d, "Ada").Actor
	cay, dov, eve := joined(t, d, "Cay", access.CaseWorker).Actor, joined(t, d, "Dov", access.CaseWorker).Actor, joined(t, d, "Eve", access.CaseWorker).Actor
	joined(t, d, "Tri", access.Triage)
	plain, barred, shared := openedCase(t, d, cay, phoneCall()), "", openedCase(t, d, eve, phoneCall())
	n := phoneCall()
	n.Country, n.Somebody.Made.Country = "XAB", "XAB"
	barred = openedCase(t, d, cay, n)
	if err := d.JoinCase(ctx, cay, shared, "to help"); err != nil {
		t.Fatal(err)
	}
	if err := d.DeclareConflict(ctx, dov, dov.Account, staff.Conflict{About: "XAB", Why: "family there"}); err != nil {
		t.Fatal(err)
	}
	if h := handed(t, d, ada, cay.Account); h.Cases != 3 || h.Moved() || !slices.Contains(h.Heirs, "Dov") {
		t.Errorf("%+v", h)
	}
	for _, nobody := range []string{"", "Tri"} {
		if _, err := d.HandOver(ctx, ada, cay.Account, nobody, "moved away"); !fault.Is(err, fault.Invalid) {
			t.Errorf("handed over to %q: %v", nobody, err)
		}
	}
	if _, err := d.HandOver(ctx, ada, cay.Account, "Dov", "moved away"); err != nil {
		t.Fatal(err)
	}
	if f := caseOf(t, d, dov, plain); !f.On || !f.Case.Leads("Dov") || f.Case.On("Cay") || !slices.ContainsFunc(f.Case.Tasks, func(k casework.Task) bool { return k.For == "Dov" }) {
		t.Errorf("%+v %+v", f.Top.Team, f.Case.Tasks)
	}
	if f := caseOf(t, d, eve, shared); f.Case.On("Cay") || !f.Case.Leads("Eve") {
		t.Errorf("%+v", f.Top.Team)
	}
	dov.Barred = []string{"XAB"}
	if f := caseOf(t, d, dov, barred); f.On || !f.Top.On("Cay") {
		t.Errorf("a case went where a conflict of interest bars it: %+v", f.Top.Team)
	}
	if h := handed(t, d, ada, cay.Account); h.Cases != 1 || h.Done() {
		t.Errorf("%+v", h)
	}
	if _, err := d.HandOver(ctx, ada, cay.Account, "Eve", "the rest"); err != nil {
		t.Fatal(err)
	}
	if h := handed(t, d, ada, cay.Account); h.Cases != 0 || !caseOf(t, d, eve, barred).On {
		t.Errorf("%+v", h)
	}
}

func TestACorrectionOfAnAlteredRecordIsTiedToIt(t *testing.T) {
	d := open(t, t.TempDir())
	breach := openedCase(t, d, access.Local(), desk.NewCase{Opened: casework.Opened{Kind: casework.Breach, Name: "Night of the 3rd"}})
	about := openedCase(t, d, access.Local(), phoneCall())
	fix := func(record string) error {
		_, err := d.RecordFact(ctx, access.Local(), breach, casework.Fact{Section: "correction", Values: map[string]string{"record": record, "altered": "the date", "now": "3 May", "signed": "the secretary"}})
		return err
	}
	if err := fix("01JXXXXXXXXXXXXXXXXXXXXXXX"); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
	for range 2 {
		if err := fix(about); err != nil {
			t.Fatal(err)
		}
	}
	c := caseOf(t, d, access.Local(), breach).Case
	if want := []casework.Link{{To: about, Kind: casework.LinkCase, Relation: "corrected"}}; !slices.Equal(c.Links, want) || len(c.Items("correction")) != 2 {
		t.Errorf("%+v %+v", c.Links, c.Items("correction"))
	}
}

func TestAFileOfACaseIsSealedAndLeavesALineWhenItIsTaken(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		number := openedCase(t, d, access.Local(), phoneCall())
		document := withDocument(t, d, access.Local(), number)
		f, r, err := d.TakeCaseDocument(ctx, access.Local(), number, document)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if body, err := io.ReadAll(r); err != nil || len(body) != 5000*len(caseCanary) || f.Name != caseCanary+".txt" {
			t.Errorf("%d bytes of %q, %v", len(body), f.Name, err)
		}
		list, err := d.Ledger(ctx, access.Local(), 0, 10)
		if err != nil || len(list) != 1 || list[0].Subjects != number || strings.Contains(list[0].What, caseCanary) {
			t.Errorf("%+v %v", list, err)
		}
		if _, _, err := d.CaseDocument(ctx, access.Local(), number, "01J"); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
		reading(t, target, func(tx *store.Tx) error {
			held, err := entry.Files(ctx, tx)
			if held[f.Blob] == "" {
				t.Error("the doctor does not know the file")
			}
			return err
		})
	})
}

func TestACaseIsErasedWithEverythingAboutIt(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		number, other := openedCase(t, d, access.Local(), phoneCall()), openedCase(t, d, access.Local(), phoneCall())
		document := withDocument(t, d, access.Local(), number)
		personID := caseOf(t, d, access.Local(), number).Case.Person
		will, err := d.Consequences(ctx, access.Local(), number)
		if err != nil || will.Kind != desk.KindCase || will.Files != 1 || will.Handled < 5 {
			t.Fatalf("%+v %v", will, err)
		}
		if b, err := d.Cases(ctx, access.Local(), desk.CaseQuery{}); err != nil || b.Total != 2 {
			t.Fatalf("%+v %v", b, err)
		}
		files := storedFiles(t, at(t, target).Dir)
		if e := erase(t, d, number); e.Name != number {
			t.Errorf("%+v", e)
		}
		if now := storedFiles(t, at(t, target).Dir); now != files-1 {
			t.Errorf("%d files, %d before", now, files)
		}
		for name, act := range caseActs(d, number, document, "") {
			if name != "person" && name != "about" && !fault.Is(act(access.Local()), fault.NotFound) {
				t.Errorf("%s: %v", name, act(access.Local()))
			}
		}
		if b, err := d.Cases(ctx, access.Local(), desk.CaseQuery{}); err != nil || b.Total != 1 || b.Rows[0].ID != other {
			t.Errorf("%+v %v", b.Rows, err)
		}
		if _, err := d.Person(ctx, access.Local(), personID); err != nil {
			t.Errorf("the person went with the case: %v", err)
		}
		reading(t, target, func(tx *store.Tx) error {
			left, err := entry.Places(ctx, tx, number)
			if len(left) > 0 {
				t.Errorf("%d entries about the case are left", len(left))
			}
			return err
		})
		if _, err := d.Consequences(ctx, access.Local(), number); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
		wantVerifies(t, d, target)
	})
}

// Words planted in every part of a case, in its files and their names, lie nowhere in the workspace.
func TestNothingOfACaseLiesInClear(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		tmp := t.TempDir()
		t.Setenv("TMPDIR", tmp)
		d := open(t, target)
		twoOfficers(t, d)
		n := phoneCall()
		n.Name, n.Somebody.Reach = "Qanaryeidola", desk.SourceContact{Name: "Qanarysealed", Reach: caseCanary}
		n.Somebody.Made.Pseudonym = "Heron"
		number := openedCase(t, d, access.Local(), n)
		withDocument(t, d, access.Local(), number)
		for _, err := range []error{d.NoteCase(ctx, access.Local(), number, caseCanary), d.SetMember(ctx, access.Local(), number, casework.Member{Name: access.Local().Name, Lead: true, Why: caseCanary}),
			d.MoveCase(ctx, access.Local(), number, casework.Move{To: "closed", Outcome: "safe", Why: caseCanary})} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Cases(ctx, access.Local(), desk.CaseQuery{Words: caseCanary}); err != nil {
			t.Fatal(err)
		}
		dir := at(t, target).Dir
		for _, place := range []string{dir, tmp} {
			if found := holding(t, place, slices.Concat(spelled(caseCanary), spelled("Qanaryeidola"), spelled("Qanarysealed"))...); found != nil {
				t.Errorf("%v", found)
			}
		}
	})
}
