package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	chrome "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"ward/access"
	"ward/desk"
	"ward/intake"
	"ward/locale"
	"ward/staff"
)

// The six tasks of a working day, each done in Chromium by keyboard alone from the page Today, in no more steps than stated; what came of
// it is looked at on the page and in the workspace.

func TestTaskOneAPhoneCallIsTakenDownByKeyboardAlone(t *testing.T) {
	d := workspace(t)
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	h := newHand(t, server.URL, "/en/today")
	h.follow("/en/reports/new", "Write a report down")
	h.typed("Police took a nurse from the ward at the old bridge.") // the form opens on its first question
	h.press(" ", "Yes", "danger now")
	h.write("2020-11-03", "Day, month or year")
	h.write("XAA", "Country")
	h.choose("Health", "Who", "harmed")
	h.choose("Arr", "What was done", "harmed")
	h.write("1", "How many", "harmed")
	h.choose("State: pol", "Who did it")
	h.choose("Was", "How the source knows")
	h.press(" ", "A lawyer")
	h.press(" ", "Protect the people")
	h.follow("/en/reports/0", "Save the report")
	h.says("Next: somebody may be in danger", "3 November 2020", "Health worker arrested", "C3", "Protect the people")
	h.took("a phone call about an arrest, to a sealed report with its next action", 13)
	page, err := d.Inbox(ctx, access.Local(), desk.InboxQuery{View: desk.ViewDanger})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%d reports tell of danger: %v", len(page.Rows), err)
	}
	f, err := d.Received(ctx, access.Local(), strings.TrimPrefix(eval[string](h.tab, "location.pathname"), "/en/reports/"))
	if err != nil || f.Country != "XAA" || f.When != "2020-11-03" || f.Danger != "yes" || len(f.Harmed) != 1 || f.Harmed[0] != (intake.Harm{Who: "worker", Kind: "arrested", Count: "1"}) || !slices.Contains(f.Needs, "lawyer") {
		t.Errorf("on record is %+v %v", f.Received, err)
	}
}

// In either direction of writing.
func TestTaskTwoTenReportsAreTriagedByKeyboardAlone(t *testing.T) {
	for _, lang := range []locale.Lang{locale.English, locale.Persian} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			var words []string
			for i := range 10 {
				words = append(words, fmt.Sprint("Report number ", i))
			}
			d, _ := waiting(t, words...)
			server := httptest.NewServer(pagesOf(t, d))
			defer server.Close()
			h := newHand(t, server.URL, "/"+string(lang)+"/today")
			counts := func(want map[string]int) {
				t.Helper()
				page, err := d.Inbox(ctx, access.Local(), desk.InboxQuery{})
				for view, n := range want {
					if err != nil || page.Counts[view] != n {
						t.Fatalf("%s holds %d, want %d: %v", view, page.Counts[view], n, err)
					}
				}
			}
			h.follow("/"+string(lang)+"/inbox", locale.For(lang).T("nav.inbox"))
			h.hit("e") // whoever is in danger stands first
			h.typed("handed to the hotline")
			h.goes("Enter")
			counts(map[string]int{desk.ViewDue: 0, desk.ViewUnclaimed: 10})
			h.goes("u")
			counts(map[string]int{desk.ViewDue: 1})
			h.goes("c")
			counts(map[string]int{desk.ViewMine: 1})
			for range 3 {
				h.hit("x")
				h.hit("j")
			}
			h.hit("q")
			h.typed("not about care")
			h.goes("Enter")
			counts(map[string]int{desk.ViewClosed: 3, desk.ViewUnclaimed: 6})
			h.hit("t")
			h.typed("cjk night") // no key acts while one types
			h.goes("Enter")
			h.hit("X")
			h.goes("c")
			counts(map[string]int{desk.ViewMine: 7, desk.ViewUnclaimed: 0})
			h.says(locale.For(lang).T("inbox.write"))
			h.took("triage of ten reports, a move taken back among it ("+string(lang)+")", 21)
			if page, _ := d.Inbox(ctx, access.Local(), desk.InboxQuery{View: desk.ViewMine}); len(page.Rows) != 7 || !slices.ContainsFunc(page.Rows, func(r desk.InboxRow) bool { return slices.Contains(r.Tags, "cjk night") }) {
				t.Errorf("%d are hers", len(page.Rows))
			}
		})
	}
}

// An incident is coded from a report in Persian, in Persian, and a wrong date in it corrected.
func TestTasksThreeAndSixAnIncidentIsCodedAndItsDateCorrectedByKeyboardAlone(t *testing.T) {
	d := workspace(t)
	_, err := d.TakeReport(ctx, access.Local(), intake.Received{Channel: "call", Lang: "fas", Mode: "confidential", Known: "there", Day: "2026-11-20", Danger: "no",
		Narrative: "دو پرستار را در برابر درمانگاه بازداشت کردند.", When: "2026-11-18", Country: "XAA", Place: "شمال", Harmed: []intake.Harm{{Who: "worker", Kind: "arrested", Count: "2"}}, Actor: "state.police", ActorState: "XAA"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	h := newHand(t, server.URL, "/fa/today")
	h.follow("/fa/reports/0", "باز کردن این گزارش")
	h.follow("/fa/incidents/new?report=", "باز کردن فرم کامل")
	h.write("بازداشت", "یافتن کد")
	h.hit("Enter")
	if !h.hears("بازداشت") {
		t.Errorf("after the search the keyboard is at %q", eval[string](h.tab, spoken))
	}
	h.hit(" ")
	h.follow("/fa/incidents/WRD-", "ثبت")
	h.took("an incident coded from a report in Persian", 6)
	id := eval[string](h.tab, `location.pathname.split("/").pop()`)
	f := fileOf(t, d, id)
	if f.Date.String() != "2026-11-18" || f.Country != "XAA" || len(f.Codes) < 2 || f.Counts["worker.arrested"].Best != 2 || f.Summary == "" {
		t.Errorf("%+v", f.Incident)
	}
	h.steps, h.keys = 0, 0
	h.follow("/fa/incidents/"+id+"/edit", "ویرایش")
	h.press("Enter", "تغییر", "۱۸ نوامبر")
	h.write("2026-11-17", "تاریخ")
	h.write("در برگ احضار آمده است", "چرا مقدار دیگر")
	h.follow("/fa/incidents/"+id+"/edit#field-date", "جایگزین کن")
	h.back("تاریخچه")
	h.goes("Enter")
	h.arrives("/fa/incidents/" + id + "/history")
	h.says("در برگ احضار", "۱۸ نوامبر", "۱۷ نوامبر")
	h.took("a wrong date corrected, with its history", 6)
	if f := fileOf(t, d, id); f.Date.String() != "2026-11-17" {
		t.Errorf("the date is %s", f.Date)
	}
}

// Two people with accounts of their own, each in a browser of their own, verify an incident: neither reads the other before both have spoken.
func TestTaskFourTwoAccountsVerifyByKeyboardAlone(t *testing.T) {
	const firstWords, secondWords = "Qanaryfirstzz: the nurse told me herself.", "Qanarysecondzz: I read the order of the court."
	d, _ := staffedDesk(t)
	const otherSecret = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
	token, err := d.Invite(ctx, localActor, desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Verifier}}})
	if err == nil {
		_, err = d.Accept(ctx, token, desk.Enrolment{Name: "Ben", Passphrase: goodWords, TOTPSecret: otherSecret, Lang: "en"})
	}
	if err != nil {
		t.Fatal(err)
	}
	id := putDown(t, d, "PER.ARR")
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	page := "/en/incidents/" + id + "/verify"
	ann, ben := newHand(t, server.URL, "/en/verification"), newHand(t, server.URL, "/en/verification")
	comesIn(ann, "Ann", goodSecret, page)
	comesIn(ben, "Ben", otherSecret, page)
	speaks(ann, firstWords, page)
	ann.says("It waits for a second person", firstWords)
	ben.visit(page)
	ben.says("One person has spoken")
	if f := fileOf(t, d, id); strings.Contains(ben.text(), "Qanaryfirst") || len(f.Verdicts) > 0 || f.Certainty == "confirmed" {
		t.Errorf("before both have spoken: %s, %d verdicts, and Ben reads %q", f.Certainty, len(f.Verdicts), ben.text())
	}
	speaks(ben, secondWords, page)
	ben.says(firstWords, secondWords, "Ann")
	ann.visit(page)
	ann.says(firstWords, secondWords, "Ben")
	ann.took("verification, the first of two accounts, signing in counted", 10)
	ben.took("verification, the second of two accounts, signing in counted", 10)
	if f := fileOf(t, d, id); f.Certainty != "confirmed" || len(f.Verdicts) != 1 {
		t.Errorf("%s after %d verdicts", f.Certainty, len(f.Verdicts))
	}
	if got := len(signedInOf(t, d)); got != 2 {
		t.Errorf("%d people are signed in", got)
	}
}

// comesIn signs somebody in on the page to which a stranger is led, and goes on to the incident that waits.
func comesIn(h *hand, name, secret, page string) {
	h.Helper()
	h.arrives("/en/sign-in?next=")
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		h.Fatal(err)
	}
	h.write(name, "Name")
	h.write(goodWords, "Passphrase")
	h.write(code, "Code")
	h.goes("Enter")
	h.arrives("/en/verification")
	h.follow(page, "Health worker arrested")
}

// speaks puts an opinion on record: confirmed, by both origins.
func speaks(h *hand, why, page string) {
	h.Helper()
	h.pick("Confirmed", "How certain is it")
	h.press(" ", "a nurse")
	h.press(" ", "a court paper")
	h.write(why, "Reasons")
	h.follow(page, "Put my opinion on record")
}

// signedInOf are the people who have a session.
func signedInOf(t testing.TB, d *desk.Desk) (names []string) {
	t.Helper()
	people, err := d.Accounts(ctx, localActor)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if sessions, err := d.Sessions(ctx, p.Actor(d.Today())); err == nil && len(sessions) > 0 {
			names = append(names, p.Name)
		}
	}
	return names
}

// Every arrest of health workers in a State is found, exported and quoted: page, file, sentence and workspace agree.
func TestTaskFiveEveryArrestIsFoundExportedAndQuotedByKeyboardAlone(t *testing.T) {
	d := workspace(t)
	var rows []cells
	for i := range 12 {
		more := []string{"Health Workers Killed", "0", "Health Workers Arrested", "1"}
		if i >= 7 {
			more = map[bool][]string{true: {"Country", "Brumal", "Country ISO", "XAB", "Health Workers Arrested", "1"}, false: nil}[i%2 == 0]
		}
		rows = append(rows, event(strconv.Itoa(i+1), fmt.Sprintf("2021-%02d-07", i+1), more...))
	}
	publish(t, d, "sind", "sind-2016-2023", rows...)
	query := desk.IncidentQuery{Filters: map[string][]string{"country": {"XAA"}, "code": {"PER.ARR"}}, Limit: 50}
	found, err := d.Incidents(ctx, access.Local(), query)
	if err != nil || found.Total != 7 {
		t.Fatalf("the workspace holds %d: %v", found.Total, err)
	}
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	h := newHand(t, server.URL, "/en/today")
	into := h.saves()
	h.follow("/en/search", "Search")
	h.choose("Arc", "Country")
	h.choose("Health worker arr", "What was done")
	h.follow("/en/search?", "Search")
	h.says("7 entries in the list")
	h.press("Enter", "CSV")
	file := saved(t, into)
	h.back("Quote this number")
	h.goes("Enter")
	h.arrives("/en/quote?")
	h.took("every arrest of health workers in a State found, exported and quoted", 6)
	quoted, err := d.Quote(ctx, access.Local(), query, "incidents")
	if err != nil || quoted.Count.Best != int64(found.Total) {
		t.Fatalf("the workspace quotes %+v: %v", quoted.Count, err)
	}
	h.says("Arcadia", "7")
	if number := eval[string](h.tab, `document.querySelector("main table td.num").innerText`); number != "7" {
		t.Errorf("the page quotes %s", number)
	}
	for _, inc := range found.Incidents {
		if !slices.ContainsFunc(file, func(row []string) bool { return slices.Contains(row, inc.PublicID) }) {
			t.Errorf("the file lacks %s", inc.PublicID)
		}
	}
	if len(file) != found.Total+2 { // a head, and the HXL tags below it
		t.Errorf("the file has %d rows", len(file))
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 9)
	if err != nil || len(ledger) != 1 || ledger[0].Records != int64(found.Total) {
		t.Errorf("the ledger says %+v %v", ledger, err)
	}
}

// saves lets the browser keep files, and says where.
func (b *tab) saves() (dir string) {
	b.Helper()
	dir = b.TempDir()
	b.do(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, chrome.SetDownloadBehavior, chrome.SetDownloadBehaviorParams{Behavior: chrome.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir})
		return err
	})
	return dir
}

// saved waits for the one CSV file that the browser keeps there, and reads it.
func saved(t testing.TB, dir string) [][]string {
	t.Helper()
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		names, _ := filepath.Glob(filepath.Join(dir, "*.csv"))
		if len(names) != 1 {
			continue
		}
		b, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll(); err == nil && len(rows) > 0 {
			return rows
		}
	}
	t.Fatal("the browser kept no file")
	return nil
}
