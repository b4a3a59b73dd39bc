package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/locale"
	"ward/notify"
	"ward/notify/notifytest"
	"ward/staff"
	"ward/store/storetest"
)

// watch is a workspace whose clock the test sets.
func watch(t *testing.T, target string) (*desk.Desk, *time.Time) {
	t.Helper()
	d := open(t, target)
	now := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	d.Store().SetClock(func() time.Time { return now })
	return d, &now
}

// enrolled makes an account through an invitation and returns it as an actor.
func enrolled(t *testing.T, d *desk.Desk, name, email string, roles ...access.Role) access.Actor {
	t.Helper()
	token, err := d.Invite(ctx, access.Local(), desk.Invite{Grant: staff.Grant{Roles: roles}})
	if err != nil {
		t.Fatal(err)
	}
	made, err := d.Accept(ctx, token, desk.Enrolment{Name: name, Passphrase: "eleven grey herons walk", Lang: locale.Persian})
	if err != nil {
		t.Fatal(err)
	}
	who := made.Account.Actor(d.Today())
	if who.Name != name {
		t.Fatalf("%+v", made.Account)
	}
	if email != "" {
		if err := d.SetProfile(ctx, who, email, []string{"fa"}); err != nil {
			t.Fatal(err)
		}
	}
	return who
}

func received(t *testing.T, d *desk.Desk, danger string) string {
	t.Helper()
	id, err := d.TakeReport(ctx, access.Local(), intake.Received{Channel: "call", Mode: "anonymous", Day: d.Today().String(), Danger: danger, Narrative: "trampoline", Country: "XAA"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// noticesTold are the kinds and subjects of somebody's notices, late ones with a mark.
func noticesTold(t *testing.T, d *desk.Desk, who access.Actor) (out []string) {
	t.Helper()
	list, err := d.Notices(ctx, who)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		if n.Kind == desk.NoticeBackup {
			continue
		}
		line := n.Kind + " " + n.Subject
		if n.Late {
			line += " late"
		}
		out = append(out, line)
	}
	return out
}

func wantTold(t *testing.T, d *desk.Desk, who access.Actor, when string, want ...string) {
	t.Helper()
	if got := noticesTold(t, d, who); !slices.Equal(got, want) {
		t.Errorf("%s: %s is told %q, want %q", when, who.Name, got, want)
	}
}

func TestClocksOfReportsCallThoseWhoTriage(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, now := watch(t, target)
		one, two, auditor := as("One", access.Triage), as("Two", access.Triage), as("Three", access.Auditor)
		danger, plain := received(t, d, "yes"), received(t, d, "no")
		wantTold(t, d, one, "at once", "danger "+danger)
		wantTold(t, d, auditor, "no content")
		if err := d.Handle(ctx, one, []string{danger}, intake.Handling{Move: intake.Claim}); err != nil {
			t.Fatal(err)
		}
		wantTold(t, d, two, "somebody has it")
		wantTold(t, d, one, "it is mine", "danger "+danger)
		*now = now.Add(25 * time.Hour)
		wantTold(t, d, two, "nobody answered for a day", "danger "+danger+" late")
		*now = now.Add(24 * time.Hour)
		wantTold(t, d, two, "the last day of triage", "danger "+danger+" late", "triage "+plain)
		if err := d.Handle(ctx, two, []string{plain}, intake.Handling{Move: intake.ScopeOut, Why: "a bill"}); err != nil {
			t.Fatal(err)
		}
		wantTold(t, d, two, "scoped out", "danger "+danger+" late")
	})
}

// as is somebody with roles and without an account.
func as(name string, roles ...access.Role) access.Actor {
	return access.Actor{Name: name, Account: "acc-" + name, Roles: roles}
}

func TestAConflictOfInterestOrAScopeKeepsANoticeAway(t *testing.T) {
	d, _ := watch(t, t.TempDir())
	id := received(t, d, "yes")
	barred, scoped := as("Barred", access.Triage), as("Scoped", access.Triage)
	barred.Barred, scoped.Only = []string{"XAA"}, []string{"XAB"}
	wantTold(t, d, barred, "a conflict with XAA")
	wantTold(t, d, scoped, "sees XAB only")
	scoped.Only = []string{"XAA"}
	wantTold(t, d, scoped, "sees XAA", "danger "+id)
}

func TestAnAwaitedOpinionIsToldWithoutWhatWasFound(t *testing.T) {
	d, _ := watch(t, t.TempDir())
	inc, err := d.NewIncident(ctx, access.Local(), incident.Stated{Move: incident.Assert, Field: "country", Value: "XAA"}, incident.Stated{Move: incident.Assert, Field: "date", Value: "2026-05-02"})
	if err != nil {
		t.Fatal(err)
	}
	enrolled(t, d, "Noor Tamari", "", access.Administrator)
	one, two := enrolled(t, d, "Ilan Vesper", "", access.Verifier), enrolled(t, d, "Sira Holt", "", access.Verifier)
	wantTold(t, d, two, "nobody spoke")
	if _, err := d.Opine(ctx, one, inc, incident.Opinion{Certainty: "rumour", Why: "only a call", Rules: incident.CertaintyRules}); err != nil {
		t.Fatal(err)
	}
	wantTold(t, d, one, "I spoke")
	list, err := d.Notices(ctx, two)
	if err != nil || len(list) != 1 || list[0].Kind != desk.NoticeOpinion || list[0].Subject != inc || strings.Contains(strings.Join(list[0].Path, " ")+list[0].Subject, "rumour") {
		t.Errorf("%+v %v", list, err)
	}
}

func TestNoticesAreReadByEachForThemselvesAndComeBackWhenLate(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, now := watch(t, target)
		one, two := as("One", access.Triage), as("Two", access.Triage)
		received(t, d, "yes")
		want := func(when string, who access.Actor, want int) {
			t.Helper()
			if n, err := d.UnreadNotices(ctx, who); err != nil || n != want {
				t.Errorf("%s: %d unread, want %d; %v", when, n, want, err)
			}
		}
		want("new", one, 1)
		if err := d.MarkNotices(ctx, one); err != nil {
			t.Fatal(err)
		}
		want("marked", one, 0)
		want("another's", two, 1)
		*now = now.Add(24 * time.Hour)
		want("late", one, 1)
	})
}

func TestARecoveryCodeAndALockAreToldToThoseConcerned(t *testing.T) {
	d, now := watch(t, t.TempDir())
	one := enrolled(t, d, "Noor Tamari", "", access.Administrator)
	two := enrolled(t, d, "Ilan Vesper", "", access.Triage)
	wantTold(t, d, one, "an invitation was used", "joined Ilan Vesper")
	wantTold(t, d, two, "not of one's own")
	if err := d.MoveAccount(ctx, one, two.Account, staff.Move{To: staff.TravelLocked}); err != nil {
		t.Fatal(err)
	}
	wantTold(t, d, one, "locked", "joined Ilan Vesper", "locked Ilan Vesper")
	*now = now.Add(20 * 24 * time.Hour)
	wantTold(t, d, one, "weeks later", "locked Ilan Vesper")
}

// post keeps what is to be carried.
type post struct {
	to   []notify.To
	fail string
}

func (p *post) carry(_ context.Context, _ time.Time, to ...notify.To) (failed []notify.To, err error) {
	for _, one := range to {
		if one.Address == p.fail {
			failed, err = append(failed, one), errors.New("refused")
		} else {
			p.to = append(p.to, one)
		}
	}
	return failed, err
}

func TestOneMailADayGoesWhetherOrNotAnythingWaits(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, now := watch(t, target)
		enrolled(t, d, "Noor Tamari", "noor@association.example", access.Administrator)
		enrolled(t, d, "Ilan Vesper", "ilan@association.example", access.Triage)
		enrolled(t, d, "Without Address", "", access.Triage)
		box := &post{}
		tend := func(when string, wantErr bool, want int) {
			t.Helper()
			err := d.TendMail(ctx, 6, box.carry)
			if (err != nil) != wantErr || len(box.to) != want {
				t.Errorf("%s: %d mails, want %d; %v", when, len(box.to), want, err)
			}
		}
		tend("first day, nothing waits", false, 2)
		tend("again", false, 2)
		*now = time.Date(2027, 3, 2, 5, 59, 0, 0, time.UTC)
		tend("before the hour", false, 2)
		*now = now.Add(time.Minute)
		received(t, d, "yes")
		box.fail = "ilan@association.example"
		tend("second day, work waits, one fails", true, 3)
		box.fail = ""
		d.Close()
		d = open(t, target)
		d.Store().SetClock(func() time.Time { return *now })
		tend("after a restart only what failed is tried again", false, 4)
		if box.to[0].Lang != locale.Persian {
			t.Errorf("%+v", box.to[0])
		}
	})
}

// What goes over the wire is as long on a day on which work waits as on one on which none does, and after a failure too.
func TestTheMailIsAsLongWhetherOrNotWorkWaits(t *testing.T) {
	d, now := watch(t, t.TempDir())
	enrolled(t, d, "Noor Tamari", "noor@association.example", access.Administrator, access.Triage)
	box := notifytest.New(t, true)
	relay := notify.Relay{Address: box.Address, From: "ward@association.example", Roots: box.Roots}
	for day := range 3 {
		*now = time.Date(2027, 3, 9+day, 6, 30, 0, 0, time.UTC)
		if day == 1 {
			for range 9 {
				received(t, d, "yes")
			}
		}
		box.Refuse(map[int]string{2: "noor@"}[day])
		if err := d.TendMail(ctx, 6, relay.Send); (err != nil) != (day == 2) || err != nil && strings.Contains(err.Error(), "noor@") {
			t.Errorf("day %d: %v", day, err)
		}
		box.Refuse("")
		if err := d.TendMail(ctx, 6, relay.Send); err != nil {
			t.Errorf("day %d, again: %v", day, err)
		}
	}
	mails := box.Mails()
	if len(mails) != 3 {
		t.Fatalf("%d mails in three days", len(mails))
	}
	for day, m := range mails {
		if len(m.Text) != len(mails[0].Text) || !m.Sealed || strings.Contains(m.Text, "Noor") {
			t.Errorf("day %d: %d bytes, then %d; sealed %v", day, len(mails[0].Text), len(m.Text), m.Sealed)
		}
	}
}

func TestACalendarIsFoundByItsTokenAloneAndTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, now := watch(t, target)
		enrolled(t, d, "Ilan Vesper", "", access.Administrator)
		who := enrolled(t, d, "Noor Tamari", "noor@association.example", access.Triage)
		first, err := d.NewCalendar(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		token, err := d.NewCalendar(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		id := received(t, d, "yes")
		body, err := d.Calendar(ctx, token)
		text := string(body)
		if err != nil || strings.Count(text, "CLASS:PRIVATE") != 1 || !strings.Contains(text, "DTSTART:20270302T120000Z") {
			t.Errorf("%v\n%s", err, text)
		}
		for _, word := range []string{id, "trampoline", "XAA", who.Account, who.Name, "danger", "LOCATION", "20270301T120000.", "call"} {
			if strings.Contains(text, word) {
				t.Errorf("the calendar tells %q", word)
			}
		}
		for _, wrong := range []string{first, "", "x", token + "x", strings.Repeat("a", 4000)} {
			if _, err := d.Calendar(ctx, wrong); !fault.Is(err, fault.NotFound) {
				t.Errorf("%.20q: %v", wrong, err)
			}
		}
		if err := d.EndCalendar(ctx, who); err != nil {
			t.Fatal(err)
		}
		if since, err := d.HasCalendar(ctx, who); err != nil || !since.IsZero() {
			t.Errorf("%v %v", since, err)
		}
		if _, err := d.Calendar(ctx, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("an ended address: %v", err)
		}
		*now = now.Add(time.Hour)
		if token, err = d.NewCalendar(ctx, who); err != nil {
			t.Fatal(err)
		}
		if err := d.MoveAccount(ctx, access.Local(), who.Account, staff.Move{To: staff.TravelLocked}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Calendar(ctx, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("a locked account: %v", err)
		}
	})
}

func TestNeitherAnAddressNorATokenLiesOnDisk(t *testing.T) {
	dir := t.TempDir()
	d, _ := watch(t, dir)
	who := enrolled(t, d, "Noor Tamari", "noor.canary@association.example", access.Administrator)
	token, err := d.NewCalendar(ctx, who)
	if err != nil {
		t.Fatal(err)
	}
	received(t, d, "yes")
	if err := d.TendMail(ctx, 0, (&post{}).carry); err != nil {
		t.Fatal(err)
	}
	if err := d.MarkNotices(ctx, who); err != nil {
		t.Fatal(err)
	}
	d.Close()
	var words []string
	for _, word := range []string{"noor.canary", token, staff.Digest(token)} {
		words = append(words, storetest.Spellings(word)...)
	}
	storetest.WantUnseen(t, dir, "entry.notice", words...)
}
