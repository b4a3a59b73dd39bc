package desk_test

import (
	"bytes"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/commitment"
	"ward/desk"
	"ward/fault"
	"ward/policy"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

// long is an invented description whose repetition would be noticed.
const long = "A canary-word of forty letters and more, about a clinic that never was in Arcadia."

// livedIn fills a workspace with something of every kind that a doctor looks at, over some days, and closes it. It gives the public id of
// the incident that was erased.
func livedIn(t testing.TB, target string) (erased string) {
	t.Helper()
	d := open(t, target)
	who := access.Local()
	begun := time.Now().Add(-50 * time.Hour)
	at := func(h int) { d.Store().SetClock(func() time.Time { return begun.Add(time.Duration(h) * time.Hour) }) }
	at(0)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	first := sind(t, event("1", "2023-01-02", "Event Description", long), event("2", "2023-02-03"), event("3", "2023-03-04"), event("4", "2023-04-05"),
		event("5", "2023-05"), event("6", "some day"))
	take(t, d, write(t, first.csv()), desk.ImportOptions{})
	take(t, d, write(t, shcc(t, event("1", "2023-01-02", "Health Workers Killed", "3")).csv()), desk.ImportOptions{})
	_, err := d.Incidents(ctx, who, desk.IncidentQuery{Limit: 10})
	must(err)
	at(26)
	must(d.CloseHours(ctx))
	second := sind(t, event("1", "2023-01-02", "Event Description", long), event("2", "2023-02-03", "Health Workers Killed", "4"), event("3", "2023-03-04"), event("5", "2023-05"))
	take(t, d, write(t, second.csv()), desk.ImportOptions{}) // 4 is gone
	var b bytes.Buffer
	b.WriteString("kind,state,year,indicator,value,coder,date,note\ncoding,XAA,2023,ST1,met,Ann,2024-01-01,A canary-note.\ncoding,XAA,2022,ST2,met,Ann,2024-01-01,\n")
	_, err = d.ImportCodings(ctx, who, &b)
	must(err)
	_, err = d.KeepTexts(ctx, who, []policy.Text{{File: "invented.txt", Index: 1, TitleGuess: "An invented norm"}})
	must(err)
	must(d.GradeCommitment(ctx, who, "WMA-SOCIAL-2022:12", "NMA", commitment.Grading{Grade: "C", Evidence: []string{"https://example.org/a"}, Why: "A canary-reason."}))
	setUpKeys(t, d)
	_, err = d.Export(ctx, who, io.Discard, desk.ExportOptions{Format: "csv", To: "A list", Why: "a reason"})
	must(err)
	erased = theIncident(t, target, "SiND:3").PublicID
	_, err = d.Erase(ctx, who, erased, "consent_withdrawn")
	must(err)
	_, other, err := tlog.NewSigner("log.example/other")
	must(err)
	_, err = d.Watch(ctx, who, other)
	must(err)
	at(50)
	must(d.CloseHours(ctx))
	growLog(t, d)
	_, err = d.Backup(ctx, who, desk.BackupOptions{To: t.TempDir()})
	must(err)
	must(d.Close())
	return erased
}

// setUpKeys names officers, keeps a contact for them and puts key shares in force.
func setUpKeys(t testing.TB, d *desk.Desk) {
	t.Helper()
	nameOfficers(t, d)
	list, err := d.ContactOfficers(ctx, access.Local(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = d.PutContact(ctx, access.Local(), "sind", desk.SourceContact{Name: "canary-source", Reach: "nowhere"}, list); err != nil {
		t.Fatal(err)
	}
	shares, err := d.NewShares(ctx, access.Local(), 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ConfirmShares(ctx, access.Local(), shares, shares.Shares[0], shares.Shares[1]); err != nil {
		t.Fatal(err)
	}
}

// growLog makes the log larger than one tile and has it cosigned.
func growLog(t testing.TB, d *desk.Desk) {
	t.Helper()
	for range 18 {
		_, err := d.Export(ctx, access.Local(), io.Discard, desk.ExportOptions{Format: "csv", To: "A list", Why: "a reason"})
		if _, failed := d.FlushLog(ctx, access.Local()); err != nil || failed != nil {
			t.Fatal(err, failed)
		}
	}
	key, url := serveWitness(t, verifierOf(t, d))
	if err := d.AddWitness(ctx, access.Local(), store.Witness{Verifier: key, URL: url}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cosign(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
}

func verifierOf(t testing.TB, d *desk.Desk) string {
	t.Helper()
	head, err := d.LogHead(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	return head.Verifier
}

// nameOfficers names two officers and gives the key of the first.
func nameOfficers(t testing.TB, d *desk.Desk) (identity string) {
	t.Helper()
	for _, name := range []string{"Bo", "Aya"} {
		var recipient string
		var err error
		if identity, recipient, err = seal.NewIdentity(); err != nil {
			t.Fatal(err)
		}
		if _, err := d.NameOfficer(ctx, access.Local(), store.Officer{Name: name, Recipient: recipient}); err != nil {
			t.Fatal(err)
		}
	}
	return identity
}

// serveWitness makes another association's workspace a witness of a log, and gives its key and its address.
func serveWitness(t testing.TB, verifier string) (key, url string) {
	t.Helper()
	other := open(t, t.TempDir())
	if _, err := other.Watch(ctx, access.Local(), verifier); err != nil {
		t.Fatal(err)
	}
	handler, key, err := other.Witness(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return key, server.URL
}

// private makes a directory that only its owner may look into.
func private(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "w")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// doctor looks at a workspace.
func doctor(t testing.TB, w desk.Workspace, opt desk.DoctorOptions) desk.Checks {
	t.Helper()
	checks, err := desk.Doctor(ctx, access.Local(), w, opt)
	if err != nil {
		t.Fatal(err)
	}
	return checks
}

// lit finds one check by its name.
func lit(t testing.TB, checks desk.Checks, name string) desk.Check {
	t.Helper()
	for _, c := range checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no check %s", name)
	return desk.Check{}
}

// wantOnly checks that the first of the checks named is red, names what is wrong and says what to do, and that none is red but those named.
func wantOnly(t testing.TB, checks desk.Checks, names, word string) {
	t.Helper()
	first := names
	for _, c := range checks {
		if strings.HasPrefix(names, c.Name+" ") {
			first = c.Name
		}
	}
	c := lit(t, checks, first)
	if c.Light != desk.Red || !strings.Contains(c.Says+strings.Join(c.Found, "\n"), word) || c.Do == "" {
		t.Errorf("%s is %s: %s %v. Do: %s; want red with %q", first, c.Light, c.Says, c.Found, c.Do, word)
	}
	wantNoRed(t, checks, names)
}

func wantNoRed(t testing.TB, checks desk.Checks, but ...string) {
	t.Helper()
	for _, c := range checks {
		if c.Light == desk.Red && !strings.Contains(strings.Join(but, " "), c.Name) {
			t.Errorf("%s is red too: %s %v", c.Name, c.Says, c.Found)
		}
	}
}

// alone are checks whose light does not depend on the workspace alone.
var alone = map[string]bool{"disk": true, "permissions": true}

// change runs a statement over a workspace's database past every rule.
func change(t testing.TB, w desk.Workspace, statement string, args ...any) {
	t.Helper()
	target := w.Dir
	if w.DB != "" {
		target = w.DB
	}
	db, err := store.Open(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := storetest.Unlock(ctx, db); err != nil && !fault.Is(err, fault.Refused) {
		t.Fatal(err)
	}
	storetest.Change(t, db, statement, args...)
}
