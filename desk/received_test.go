package desk_test

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
)

// arrestCall is a call about an arrest in an invented State.
func arrestCall() intake.Received {
	return intake.Received{Channel: "call", Lang: "en", Mode: "confidential", Known: "there", Relation: "colleague", Day: "2026-11-20", Danger: "yes",
		Narrative: "Police took a nurse from the ward at the old bridge.", What: []string{"entered"}, When: "2026-11-03", Country: "XAA", Place: "Old bridge",
		Harmed: []intake.Harm{{Who: "worker", Kind: "arrested", Count: "1"}}, Actor: "state.police", ActorState: "XAA", Needs: []string{"lawyer"}, Consent: []string{"verify"}}
}

func takeReport(t testing.TB, d *desk.Desk, r intake.Received, from ...desk.Caller) string {
	t.Helper()
	id, err := d.TakeReport(ctx, access.Local(), r, from...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func keepFile(t testing.TB, d *desk.Desk, name, body string) entry.File {
	t.Helper()
	a, err := d.KeepFile(ctx, access.Local(), name, "application/octet-stream", strings.NewReader(body), intake.MaxFileBytes)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAReportIsKeptAsItWasTold(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		r := arrestCall()
		r.Files = []entry.File{keepFile(t, d, "scan.png", "\x89PNG\r\n\x1a\nrest"), keepFile(t, d, "نامه.pdf", "%PDF-1.4 rest")}
		id := takeReport(t, d, r)
		f, err := d.Received(ctx, access.Local(), id)
		if err != nil || f.Narrative != r.Narrative || f.ID != id || f.By == "" || len(f.Files) != 2 || f.Files[0].Type != "image/png" || f.Files[1].Type != "application/pdf" || !f.Covered() {
			t.Fatalf("%+v %v", f, err)
		}
		a, body, err := d.TakeReportFile(ctx, access.Local(), id, 2)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(body)
		if body.Close(); err != nil || string(got) != "%PDF-1.4 rest" || a.Name != "نامه.pdf" || a.Bytes != int64(len(got)) {
			t.Errorf("%q %+v %v", got, a, err)
		}
		if ledger, err := d.Ledger(ctx, access.Local(), 0, 10); err != nil || len(ledger) != 1 || ledger[0].Subjects != id || strings.Contains(ledger[0].What, "نامه") {
			t.Errorf("%+v %v", ledger, err)
		}
		for _, n := range []int{0, 3, -1} {
			if _, _, err := d.ReportFile(ctx, access.Local(), id, n); !fault.Is(err, fault.NotFound) {
				t.Errorf("file %d: %v", n, err)
			}
		}
		wantCommitted(t, target)
	})
}

func TestAReportWithoutAnAnswerIsRefusedWhole(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		r := arrestCall()
		r.Danger = ""
		if _, err := d.TakeReport(ctx, access.Local(), r); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "bridge") {
			t.Errorf("%v", err)
		}
		if _, err := d.TakeReport(ctx, access.Local(), arrestCall(), desk.Caller{SourceContact: desk.SourceContact{Name: "Somebody"}}); !fault.Is(err, fault.Refused) {
			t.Errorf("a contact without officers: %v", err)
		}
		if page, err := d.Inbox(ctx, access.Local(), desk.InboxQuery{View: desk.ViewAll}); err != nil || page.Total != 0 {
			t.Errorf("%d reports, %v", page.Total, err)
		}
	})
}

func TestWhoMayNotReadReportsFindsNone(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := takeReport(t, d, arrestCall())
		analyst := access.Actor{Name: "Ann", Roles: []access.Role{access.Analyst}}
		if _, err := d.Received(ctx, analyst, id); !fault.Is(err, fault.Refused) {
			t.Errorf("%v", err)
		}
		elsewhere := access.Actor{Name: "Tom", Roles: []access.Role{access.Triage}, Only: []string{"XBB"}}
		for _, try := range []string{id, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "", "x"} {
			if _, err := d.Received(ctx, elsewhere, try); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %v", try, err)
			}
		}
		if _, _, err := d.ReportFile(ctx, elsewhere, id, 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestFilesWaitForWhoeverUploadedThem(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		files := []entry.File{keepFile(t, d, "a.txt", "words")}
		key, err := d.HoldFiles(ctx, access.Local(), files)
		if err != nil || key == "" {
			t.Fatal(key, err)
		}
		mine, err := d.HeldFiles(ctx, access.Local(), key)
		if err != nil || !slices.Equal(mine, files) {
			t.Errorf("%+v %v", mine, err)
		}
		other := access.Actor{Name: "Tom", Account: "t", Roles: []access.Role{access.Triage}}
		if got, err := d.HeldFiles(ctx, other, key); err != nil || got != nil {
			t.Errorf("somebody else's files: %+v %v", got, err)
		}
		if err := d.DropFiles(ctx, access.Local(), key); err != nil {
			t.Fatal(err)
		}
		if got, err := d.HeldFiles(ctx, access.Local(), key); err != nil || got != nil {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestAFileThatIsTooLargeIsNotKept(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	if _, err := d.KeepFile(ctx, access.Local(), "a", "", strings.NewReader("12345"), 4); !fault.Is(err, fault.Limit) {
		t.Errorf("%v", err)
	}
	if n := storedFiles(t, target); n != 0 {
		t.Errorf("%d files are stored", n)
	}
}

func storedFiles(t testing.TB, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dir, "files"), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What a person ticks is put on record with the report as its source; what is not ticked is on record as refused.
func TestAReportBecomesAnIncident(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := takeReport(t, d, arrestCall())
		publicID, err := d.IncidentOfReport(ctx, access.Local(), id, desk.Taking{Keys: []string{"date", "country", "actor.kind", "description", "codes:PER.ARR"}, Grade: intake.Grade{Reliability: "C", Credibility: "3"}})
		if err != nil {
			t.Fatal(err)
		}
		f, err := d.Incident(ctx, access.Local(), publicID)
		if err != nil || !slices.Equal(f.Codes, []string{"PER.ARR"}) || f.Certainty != "rumour" || f.Country != "XAA" {
			t.Fatalf("%+v %v", f.Incident, err)
		}
		for _, a := range f.Standing {
			if a.Source != "report:"+id || a.Reliability != "C" || a.Credibility != "3" || !a.Direct || a.Root != "report:"+id {
				t.Errorf("%+v", a)
			}
		}
		h, err := d.Handling(ctx, access.Local(), id)
		if err != nil || !slices.Equal(h.Incidents, []string{publicID}) {
			t.Errorf("%+v %v", h.Standing, err)
		}
		reading(t, target, func(tx *store.Tx) error {
			made, err := entry.Of[intake.Decided](ctx, tx, intake.KindDecided, id)
			if err != nil || len(made) != 1 || made[0].Body.Incident != publicID || !slices.Contains(made[0].Body.Refused, "codes:ATT.ENT") || !slices.Contains(made[0].Body.Taken, "codes:PER.ARR") {
				t.Errorf("%+v %v", made, err)
			}
			return err
		})
		wantCommitted(t, target)
	})
}

func TestASecondReportJoinsAnIncidentUnderOneRoot(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		first := arrestCall()
		first.Origin, first.Known = "https://example.org/post/1", "online"
		second := first
		second.Narrative = "Another caller read the same post."
		a, b := takeReport(t, d, first), takeReport(t, d, second)
		publicID, err := d.IncidentOfReport(ctx, access.Local(), a, desk.Taking{Keys: []string{"date", "country", "codes:PER.ARR"}, Grade: first.Grade()})
		if err != nil {
			t.Fatal(err)
		}
		likely, err := d.LikelyIncidents(ctx, access.Local(), second)
		if err != nil || len(likely) != 1 || likely[0].PublicID != publicID || !slices.Equal(likely[0].Shared, []string{"PER.ARR"}) {
			t.Errorf("%+v %v", likely, err)
		}
		if got, err := d.IncidentOfReport(ctx, access.Local(), b, desk.Taking{Keys: []string{"date"}, Grade: second.Grade(), Incident: publicID}); err != nil || got != publicID {
			t.Fatal(got, err)
		}
		f, err := d.Incident(ctx, access.Local(), publicID)
		roots := map[string]bool{}
		for _, s := range f.Standing {
			roots[s.Root] = true
		}
		if err != nil || len(roots) != 1 || len(f.Standing) != 4 {
			t.Errorf("%v %+v %v", roots, f.Standing, err)
		}
	})
}

func TestNothingIsHalfDoneWhereAReportCannotBecomeAnIncident(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		id := takeReport(t, d, arrestCall())
		barred := access.Actor{Name: "Cas", Roles: []access.Role{access.CaseWorker}, Barred: []string{"XAA"}}
		triage := access.Actor{Name: "Tom", Roles: []access.Role{access.Triage}}
		for name, try := range map[string]struct {
			who  access.Actor
			t    desk.Taking
			want fault.Kind
		}{
			"neither date nor country": {access.Local(), desk.Taking{Keys: []string{"codes:PER.ARR"}}, fault.Invalid},
			"nothing ticked":           {access.Local(), desk.Taking{}, fault.Invalid},
			"no such incident":         {access.Local(), desk.Taking{Keys: []string{"date"}, Incident: "WRD-XAA-2026-00000000"}, fault.Invalid},
			"a conflict of interest":   {barred, desk.Taking{Keys: []string{"date"}}, fault.Refused},
			"another role":             {triage, desk.Taking{Keys: []string{"date"}}, fault.Refused},
			"moved since":              {access.Local(), desk.Taking{Keys: []string{"date"}, Seen: "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, fault.Conflict},
		} {
			if _, err := d.IncidentOfReport(ctx, try.who, id, try.t); !fault.Is(err, try.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 1})
		h, wrong := d.Handling(ctx, access.Local(), id)
		if err != nil || wrong != nil || page.Total != 0 || len(h.Incidents) != 0 {
			t.Errorf("%d incidents, %+v, %v %v", page.Total, h.Standing, err, wrong)
		}
	})
}

func TestWhoCalledIsForTheOfficersAlone(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		officer(t, d, "Ada")
		_, key := officer(t, d, "Ben")
		id := takeReport(t, d, arrestCall(), desk.Caller{SourceContact: desk.SourceContact{Name: "Canary-Caller", Reach: "canary@example.invalid"}})
		f, err := d.Received(ctx, access.Local(), id)
		if err != nil || f.Contact == "" {
			t.Fatalf("%+v %v", f, err)
		}
		text, err := d.OpenContact(ctx, access.Local(), f.Contact, key)
		if err != nil || !strings.Contains(text, "Canary-Caller") || !strings.Contains(text, strings.ToLower(id)) {
			t.Errorf("%q %v", text, err)
		}
	})
}

// erased is a report with a file, a contact, moves and an incident, erased by its id; what stays is said before.
func TestAReportIsErasedWithEverythingAboutIt(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		twoOfficers(t, d)
		r := arrestCall()
		r.Files = []entry.File{keepFile(t, d, "scan.png", "\x89PNG\r\n\x1a\nrest")}
		id := takeReport(t, d, r, desk.Caller{SourceContact: desk.SourceContact{Name: "Somebody"}})
		other := takeReport(t, d, arrestCall())
		publicID, err := d.IncidentOfReport(ctx, access.Local(), id, desk.Taking{Keys: []string{"date", "country"}, Grade: r.Grade()})
		if err != nil {
			t.Fatal(err)
		}
		will, err := d.Consequences(ctx, access.Local(), id)
		if err != nil || will.Kind != desk.KindReceived || will.Files != 1 || will.Contact == "" || will.Handled < 2 || len(will.Citing) != 2 || will.Citing[0].Incident != publicID {
			t.Fatalf("%+v %v", will, err)
		}
		files := storedFiles(t, at(t, target).Dir)
		if e := erase(t, d, id); e.Name != id {
			t.Errorf("%+v", e)
		}
		if now := storedFiles(t, at(t, target).Dir); now != files-1 {
			t.Errorf("%d files, %d before", now, files)
		}
		if _, err := d.Received(ctx, access.Local(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
		if page, err := d.Inbox(ctx, access.Local(), desk.InboxQuery{View: desk.ViewAll, Limit: 10}); err != nil || page.Total != 1 || page.Rows[0].ID != other {
			t.Errorf("%+v %v", page.Rows, err)
		}
		if _, err := d.Consequences(ctx, access.Local(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
		reading(t, target, func(tx *store.Tx) error {
			contacts, err := intake.Contacts(ctx, tx)
			if err != nil || len(contacts) != 1 || !contacts[0].Erased {
				t.Errorf("%+v %v", contacts, err)
			}
			stated, err := entry.Of[incident.Stated](ctx, tx, incident.KindStated, publicID)
			if err != nil || len(stated) != 2 {
				t.Errorf("what stays: %+v %v", stated, err)
			}
			return err
		})
		wantVerifies(t, d, target)
	})
}

// The doctor and backups know the files of reports.
func TestFilesOfReportsAreNoStrays(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		r := arrestCall()
		r.Files = []entry.File{keepFile(t, d, "a.txt", "words")}
		id := takeReport(t, d, r)
		reading(t, target, func(tx *store.Tx) error {
			want, err := intake.Blobs(ctx, tx)
			if err != nil || want[r.Files[0].Blob] != id {
				t.Errorf("%v %v", want, err)
			}
			return err
		})
	})
}

// Words planted in every answer, in files, their names and the contact lie nowhere in the workspace.
func TestNothingOfAReportLiesInClear(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		const canary = "Qanaryreportzz"
		tmp := t.TempDir()
		t.Setenv("TMPDIR", tmp)
		d := open(t, target)
		twoOfficers(t, d)
		r := arrestCall()
		r.Narrative, r.Place, r.ActorWords, r.Elsewhere, r.Note, r.Origin = canary+" story", canary+" place", canary, canary, canary, "https://"+canary+".invalid"
		r.Files = []entry.File{keepFile(t, d, canary+".txt", strings.Repeat(canary, 9000))}
		if _, err := d.HoldFiles(ctx, access.Local(), r.Files); err != nil {
			t.Fatal(err)
		}
		id := takeReport(t, d, r, desk.Caller{SourceContact: desk.SourceContact{Name: canary, Reach: canary, Note: canary}})
		if _, err := d.IncidentOfReport(ctx, access.Local(), id, desk.Taking{Keys: []string{"date", "country", "place", "actor.note", "description"}, Grade: r.Grade()}); err != nil {
			t.Fatal(err)
		}
		if _, body, err := d.TakeReportFile(ctx, access.Local(), id, 1); err != nil {
			t.Fatal(err)
		} else {
			body.Close()
		}
		for _, dir := range []string{at(t, target).Dir, tmp} {
			if found := holding(t, dir, spelled(canary)...); found != nil {
				t.Errorf("%v", found)
			}
		}
	})
}
