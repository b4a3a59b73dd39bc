package desk_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/intake"
)

// called takes a call down; more changes what was said.
func called(t testing.TB, d *desk.Desk, words string, more ...func(*intake.Received)) string {
	t.Helper()
	r := intake.Received{Channel: "call", Lang: "en", Mode: "confidential", Day: d.Today().String(), Danger: "no", Narrative: words, Country: "XAA"}
	for _, change := range more {
		change(&r)
	}
	id, err := d.TakeReport(ctx, access.Local(), r)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func inDanger(r *intake.Received) { r.Danger = "yes" }
func hard(r *intake.Received)     { r.Distressing = true }

func inbox(t testing.TB, d *desk.Desk, who access.Actor, q desk.InboxQuery) desk.InboxPage {
	t.Helper()
	page, err := d.Inbox(ctx, who, q)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// listed are the ids of a view in their order.
func listed(t testing.TB, d *desk.Desk, who access.Actor, q desk.InboxQuery) (ids []string) {
	t.Helper()
	for _, r := range inbox(t, d, who, q).Rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var ana = access.Actor{Name: "Ana", Account: "A", Roles: []access.Role{access.Triage}}

// What the answers tell of covers the words in the inbox, as it does on the report's page, also where nobody ticked that they distress.
func TestTheInboxCoversWhatTheReportCovers(t *testing.T) {
	d := open(t, t.TempDir())
	called(t, d, "He died in the cell.", func(r *intake.Received) { r.What = []string{"died_custody"} })
	if rows := inbox(t, d, ana, desk.InboxQuery{}).Rows; len(rows) != 1 || !rows[0].Distressing {
		t.Errorf("%+v", rows)
	}
}

func TestTwoProcessesSeeEachOthersMoves(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		one, other := open(t, target), open(t, target)
		id := called(t, one, "They took the nurse.")
		if got := listed(t, other, ana, desk.InboxQuery{}); !slices.Equal(got, []string{id}) {
			t.Fatalf("the other sees %v", got)
		}
		must(t, other.Handle(ctx, access.Local(), []string{id}, intake.Handling{Move: intake.Claim}))
		page := inbox(t, one, access.Local(), desk.InboxQuery{View: desk.ViewMine})
		if len(page.Rows) != 1 || page.Rows[0].Holder != "local operator" || page.Counts[desk.ViewUnclaimed] != 0 {
			t.Fatalf("after a claim elsewhere there are %+v", page.Counts)
		}
		if page.Rows[0].First != "They took the nurse." {
			t.Errorf("the first words are %q", page.Rows[0].First)
		}
		if _, err := one.Erase(ctx, access.Local(), page.Rows[0].Moves()[0].ID, "error"); err != nil {
			t.Fatal(err)
		}
		if page := inbox(t, other, ana, desk.InboxQuery{}); len(page.Rows) != 1 || page.Rows[0].Holder != "" {
			t.Errorf("after the claim was erased the other sees %+v", page.Counts)
		}
	})
}

func TestAMoveIsMadeWithAllReportsOrWithNone(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		a, b := called(t, d, "one"), called(t, d, "two")
		rows := inbox(t, d, ana, desk.InboxQuery{Sort: desk.ByAge}).Rows
		seen := []desk.Seen{{ID: rows[0].ID, Entry: rows[0].Seen}, {ID: rows[1].ID, Entry: rows[1].Seen}}
		must(t, d.Handle(ctx, access.Local(), []string{b}, intake.Handling{Move: intake.Tag, Tag: "night"}))
		err := d.HandleSeen(ctx, ana, seen, intake.Handling{Move: intake.Claim})
		wantFault(t, err, fault.Conflict, b)
		if got := listed(t, d, ana, desk.InboxQuery{View: desk.ViewUnclaimed}); len(got) != 2 {
			t.Fatalf("a refused move claimed something: %v are left", got)
		}
		wantFault(t, d.Handle(ctx, ana, []string{a, "01JC0000000000000000000000"}, intake.Handling{Move: intake.Claim}), fault.NotFound)
		wantFault(t, d.Handle(ctx, ana, nil, intake.Handling{Move: intake.Claim}), fault.Invalid)
		wantFault(t, d.Handle(ctx, ana, slices.Repeat([]string{a}, 201), intake.Handling{Move: intake.Claim}), fault.Invalid)
		wantFault(t, d.Handle(ctx, ana, []string{a}, intake.Handling{Move: intake.Assign, To: "Nobody"}), fault.Invalid)
		wantFault(t, d.Handle(ctx, ana, []string{a}, intake.Handling{Move: intake.Duplicate, Report: a}), fault.Invalid, "itself")
		wantFault(t, d.Handle(ctx, ana, []string{a}, intake.Handling{Move: intake.Link, Incident: "WRD-XAA-2026-7K3M"}), fault.Invalid)
		must(t, d.Handle(ctx, ana, []string{b}, intake.Handling{Move: intake.Duplicate, Report: a}))
		wantFault(t, d.Handle(ctx, ana, []string{a}, intake.Handling{Move: intake.Duplicate, Report: b}), fault.Invalid, a)
		inc, err := d.NewIncident(ctx, access.Local(), incident.Stated{Move: incident.Assert, Field: "country", Value: "XAA", Reliability: "C", Credibility: "3"})
		must(t, err)
		must(t, d.Handle(ctx, ana, []string{a}, intake.Handling{Move: intake.Link, Incident: inc}))
		if page := inbox(t, d, ana, desk.InboxQuery{View: desk.ViewClosed}); len(page.Rows) != 2 {
			t.Errorf("a duplicate and a linked report are done: %v", page.Counts)
		}
	})
}

func TestAnActIsTakenBackAsAWhole(t *testing.T) {
	d, now := watch(t, t.TempDir())
	var ids []string
	for i := range 10 {
		ids = append(ids, called(t, d, fmt.Sprint("call ", i)))
	}
	must(t, d.Handle(ctx, ana, ids[:1], intake.Handling{Move: intake.Claim}))
	*now = now.Add(time.Minute)
	must(t, d.Handle(ctx, ana, ids, intake.Handling{Move: intake.ScopeOut, Why: "not about care"}))
	undo := inbox(t, d, ana, desk.InboxQuery{}).Undo
	if undo == nil || undo.Move != intake.ScopeOut || len(undo.Reports) != 10 {
		t.Fatalf("what can be taken back: %+v", undo)
	}
	if other := inbox(t, d, access.Local(), desk.InboxQuery{}).Undo; other != nil {
		t.Errorf("a colleague is offered to take back %+v", other)
	}
	must(t, d.TakeBack(ctx, ana, undo.Reports))
	page := inbox(t, d, ana, desk.InboxQuery{})
	if page.Counts[desk.ViewUnclaimed] != 9 || page.Counts[desk.ViewMine] != 1 || page.Undo.Move != intake.Claim {
		t.Errorf("afterwards there are %v, and %+v", page.Counts, page.Undo)
	}
	wantFault(t, d.TakeBack(ctx, ana, undo.Reports), fault.Conflict)
	*now = now.Add(2 * time.Hour)
	if late := inbox(t, d, ana, desk.InboxQuery{}).Undo; late != nil {
		t.Errorf("two hours later %+v is offered", late)
	}
}

// Nothing is silently dropped: whatever people do, every report is in exactly one of four views, and what is late is in Due.
func TestNothingIsSilentlyDropped(t *testing.T) {
	d, now := watch(t, t.TempDir())
	dice := rand.New(rand.NewPCG(7, 11))
	var ids []string
	for i := range 30 {
		ids = append(ids, called(t, d, fmt.Sprint("call ", i), func(r *intake.Received) { r.Danger = []string{"yes", "no", "unknown"}[i%3] }))
	}
	for range 400 {
		*now = now.Add(time.Duration(dice.IntN(90)) * time.Minute)
		id := ids[dice.IntN(len(ids))]
		h := intake.Handling{Move: intake.Moves()[dice.IntN(len(intake.Moves()))], To: "local operator", Tag: "night", Why: "because", Report: ids[dice.IntN(len(ids))], Until: now.AddDate(0, 0, 1+dice.IntN(9)).Format(time.DateOnly)}
		if err := d.Handle(ctx, access.Local(), []string{id}, h); fault.KindOf(err) == fault.Internal {
			t.Fatal(err)
		}
		in, due, late := map[string]int{}, map[string]bool{}, map[string]bool{}
		for _, view := range []string{desk.ViewUnclaimed, desk.ViewHeld, desk.ViewSnoozed, desk.ViewClosed} {
			for _, r := range inbox(t, d, access.Local(), desk.InboxQuery{View: view}).Rows {
				in[r.ID]++
				late[r.ID] = r.Late
				if r.Late && (view == desk.ViewSnoozed || view == desk.ViewClosed) {
					t.Fatalf("a late report is in %s", view)
				}
			}
		}
		for _, id := range listed(t, d, access.Local(), desk.InboxQuery{View: desk.ViewDue}) {
			due[id] = true
		}
		for _, id := range ids {
			if in[id] != 1 || late[id] && !due[id] {
				t.Fatalf("%s is in %d views, late %v, in Due %v", id, in[id], late[id], due[id])
			}
		}
	}
}

func TestAnInboxIsChosenFromAndOrdered(t *testing.T) {
	d, now := watch(t, t.TempDir())
	old := called(t, d, "The clinic at the river was searched.")
	*now = now.Add(50 * time.Hour)
	danger := called(t, d, "Somebody hides.", inDanger)
	*now = now.Add(time.Minute)
	fa := called(t, d, "کلینیک کنار رود", func(r *intake.Received) { r.Lang, r.Country = "fa", "XAB" })
	if got := listed(t, d, ana, desk.InboxQuery{}); !slices.Equal(got, []string{danger, old, fa}) {
		t.Errorf("by clock: %v, want %v", got, []string{danger, old, fa})
	}
	if got := listed(t, d, ana, desk.InboxQuery{Sort: desk.ByNew, Limit: 1}); !slices.Equal(got, []string{fa}) {
		t.Errorf("the newest: %v", got)
	}
	for want, q := range map[string]desk.InboxQuery{old: {Words: "CLINIC river"}, fa: {Words: "كلينيك"}, danger: {View: desk.ViewDanger}} {
		if got := listed(t, d, ana, q); !slices.Equal(got, []string{want}) {
			t.Errorf("%+v finds %v", q, got)
		}
	}
	if got := listed(t, d, ana, desk.InboxQuery{Lang: "fa", Country: "XAA"}); got != nil {
		t.Errorf("both filters hold: %v", got)
	}
	if got := listed(t, d, access.Actor{Name: "X", Roles: []access.Role{access.Triage}, Only: []string{"XAB"}}, desk.InboxQuery{}); !slices.Equal(got, []string{fa}) {
		t.Errorf("a scope lets %v through", got)
	}
}

func TestWhoMayNotHandleReportsMovesNone(t *testing.T) {
	d := open(t, t.TempDir())
	id := called(t, d, "one")
	claim := intake.Handling{Move: intake.Claim}
	reader := access.Actor{Name: "R", Roles: []access.Role{access.Verifier}}
	wantFault(t, d.Handle(ctx, reader, []string{id}, claim), fault.Refused)
	wantFault(t, d.TakeBack(ctx, reader, []desk.Seen{{ID: id}}), fault.Refused)
	wantFault(t, d.ShareOut(ctx, reader, []string{id}, []string{"R"}), fault.Refused)
	if h, err := d.Handling(ctx, reader, id); err != nil || h.Allowed != nil {
		t.Errorf("who only reads is offered %v, %v", h.Allowed, err)
	}
	_, err := d.Inbox(ctx, access.Actor{Name: "A", Roles: []access.Role{access.Analyst}}, desk.InboxQuery{})
	wantFault(t, err, fault.Refused)
	barred := ana
	barred.Barred = []string{"XAA"}
	wantFault(t, d.Handle(ctx, barred, []string{id}, claim), fault.Refused, "conflict of interest")
	scoped := ana
	scoped.Only = []string{"XAB"}
	wantFault(t, d.Handle(ctx, scoped, []string{id}, claim), fault.NotFound)
	wantFault(t, d.Look(ctx, scoped, id), fault.NotFound)
}

func TestReportsAreSharedOutAmongThoseWhoAreThere(t *testing.T) {
	d := open(t, t.TempDir())
	enrolled(t, d, "Chief", "", access.Administrator, access.Triage)
	ben := enrolled(t, d, "Ben", "", access.CaseWorker)
	enrolled(t, d, "Cyra", "", access.Analyst)
	var ids []string
	for i := range 9 {
		more := func(*intake.Received) {}
		if i < 5 {
			more = hard
		}
		ids = append(ids, called(t, d, fmt.Sprint(i), more))
	}
	wantFault(t, d.ShareOut(ctx, ben, ids, []string{"Ben", "Cyra"}), fault.Invalid, "Cyra")
	must(t, d.ShareOut(ctx, ben, ids, []string{"Chief", "Ben"}))
	counts := map[string][2]int{}
	for _, r := range inbox(t, d, ben, desk.InboxQuery{View: desk.ViewHeld}).Rows {
		n := counts[r.Holder]
		if n[0]++; r.Distressing {
			n[1]++
		}
		counts[r.Holder] = n
	}
	if counts["Chief"] != [2]int{5, 3} || counts["Ben"] != [2]int{4, 2} {
		t.Errorf("dealt, and of these distressing: %v", counts)
	}
	wantFault(t, d.ShareOut(ctx, ben, ids[:1], []string{"Ben"}), fault.Conflict)
}

func TestOthersSeeForAMinuteWhoHasAReportOpen(t *testing.T) {
	d, now := watch(t, t.TempDir())
	id := called(t, d, "one")
	must(t, d.Look(ctx, ana, id))
	if got := inbox(t, d, access.Local(), desk.InboxQuery{}).Rows[0].Looking; !slices.Equal(got, []string{"Ana"}) {
		t.Errorf("others see %v", got)
	}
	if got := inbox(t, d, ana, desk.InboxQuery{}).Rows[0].Looking; got != nil {
		t.Errorf("she sees %v", got)
	}
	*now = now.Add(61 * time.Second)
	if got := inbox(t, d, access.Local(), desk.InboxQuery{}).Rows[0].Looking; got != nil {
		t.Errorf("a minute later others see %v", got)
	}
}

func TestADayShowsWhatPressesFirst(t *testing.T) {
	d, now := watch(t, t.TempDir())
	called(t, d, "old")
	*now = now.Add(60 * time.Hour)
	danger := called(t, d, "danger", inDanger)
	mine := called(t, d, "mine", inDanger)
	must(t, d.Handle(ctx, access.Local(), []string{mine}, intake.Handling{Move: intake.Claim}))
	*now = now.Add(27 * time.Hour)
	a, err := d.Agenda(ctx, ana)
	must(t, err)
	if a.Next == nil || a.Next.ID != danger || !a.Next.Late || len(a.Mine) != 0 || a.Counts[desk.ViewUnclaimed] != 2 {
		t.Errorf("Ana is to begin with %+v of %v", a.Next, a.Counts)
	}
	if len(a.Changes) != 0 {
		t.Errorf("a day later she hears of %+v", a.Changes)
	}
	must(t, d.Handle(ctx, access.Local(), []string{mine}, intake.Handling{Move: intake.Respond, Why: "called back"}))
	must(t, d.Handle(ctx, access.Local(), []string{mine}, intake.Handling{Move: intake.Tag, Tag: "night"}))
	if a, err = d.Agenda(ctx, ana); err != nil || len(a.Changes) != 1 || a.Changes[0].Act != "entry.report" || a.Changes[0].Times != 2 {
		t.Errorf("she hears of %+v, %v", a.Changes, err)
	}
	for _, role := range []access.Role{access.Auditor, access.Administrator, access.Analyst, access.Investigator} {
		b, err := d.Agenda(ctx, access.Actor{Name: "B", Roles: []access.Role{role}})
		if err != nil || b.Counts != nil || b.Next != nil || slices.ContainsFunc(b.Notices, func(n desk.Notice) bool { return n.Kind == desk.NoticeDanger }) {
			t.Errorf("%s is told of reports: %+v, %v", role, b, err)
		}
		if role != access.Investigator {
			continue
		}
		if len(b.Changes) != 0 {
			t.Errorf("an investigator is told of %+v", b.Changes)
		}
	}
}

func TestNothingThatWasToldLiesOpenOnDisk(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	id := called(t, d, "Qanarystory happened")
	must(t, d.Handle(ctx, ana, []string{id}, intake.Handling{Move: intake.Tag, Tag: "Qanarytag"}))
	must(t, d.Handle(ctx, ana, []string{id}, intake.Handling{Move: intake.ScopeOut, Why: "Qanarywhy"}))
	must(t, d.Look(ctx, ana, id))
	inbox(t, d, ana, desk.InboxQuery{Words: "Qanarystory"})
	must(t, d.Close())
	must(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(path+string(b), "Qanary") {
			t.Errorf("%s holds a word of a report", path)
		}
		return err
	}))
}
