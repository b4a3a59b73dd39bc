package desk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/intake"
	"ward/store/storetest"
)

// reportUnder finds the current report of a series under an id.
func reportUnder(t testing.TB, target, series, externalID string) intake.Report {
	t.Helper()
	var found []intake.Report
	for _, r := range reports(t, target) {
		if r.Series == series && r.ExternalID == externalID {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d reports of %s under %s", len(found), series, externalID)
	}
	return found[0]
}

// destroy destroys a subject's key past the desk, as an erasure does at its heart.
func destroy(t testing.TB, target, subject string) {
	t.Helper()
	db := storetest.At(t, target)
	defer db.Close()
	storetest.Erase(t, db, subject)
}

// wantKeptOut checks that an import rejected n rows because they were erased, kept none of their words, and that none are readable.
func wantKeptOut(t testing.TB, d *desk.Desk, target string, r desk.ImportResult, n int, words string) {
	t.Helper()
	refused := 0
	err := d.Rejected(ctx, access.Local(), r, func(x desk.RejectedRow) error {
		if strings.HasPrefix(x.Reason, "erased ") {
			refused++
			if len(x.Cells) != 0 {
				t.Errorf("row %s is kept: %q", x.Row, x.Cells)
			}
		}
		return nil
	})
	if err != nil || refused != n || r.Rejected != n {
		t.Errorf("%v: %d rows are refused, %d rejected, want %d", err, refused, r.Rejected, n)
	}
	for _, report := range reports(t, target) {
		if strings.Contains(fmt.Sprint(report.Raw, report.Assertions), words) {
			t.Errorf("a report says %q again: %+v", words, report)
		}
	}
	for _, list := range rejected(t, target) {
		if strings.Contains(fmt.Sprint(list), words) {
			t.Errorf("a rejected row says %q again", words)
		}
	}
}

// Somebody asked that a record be erased; the publisher's next edition has it still.
func TestAnErasedReportIsNotBroughtBack(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		const words = "Words that were taken back."
		d := open(t, target)
		second := event("2", "2021-02-10", "Event Description", words)
		x := sind(t, event("1", "2021-01-10"), second, event("3", "2021-03-10"))
		takeTable(t, d, x, 3, 0, 0, 0)
		r := reportUnder(t, target, "SiND", "2")
		destroy(t, target, r.ID)
		changed := sind(t, event("1", "2021-01-10"), with(second, "Health Workers Killed", "9"), event("3", "2021-03-10"), with(second, "Admin 1", "West"))
		for name, file := range map[string]table{"the same edition": x, "a newer edition, twice": changed} {
			for _, dry := range []bool{true, false} {
				got := take(t, d, write(t, file.csv()), desk.ImportOptions{DryRun: dry})
				wantCounts(t, got, 0, 0, 2, 0)
				wantKeptOut(t, d, target, got, len(file.rows)-2, words)
				if now := reports(t, target)[r.ID]; !now.Erased || len(reports(t, target)) != 3 {
					t.Errorf("%s: %d reports, %+v", name, len(reports(t, target)), now)
				}
			}
		}
		// a file without it: only what can still be read can be gone
		without := sind(t, event("1", "2021-01-10"), event("3", "2021-03-10"))
		take(t, d, write(t, without.csv()), desk.ImportOptions{})
		take(t, d, write(t, x.csv()), desk.ImportOptions{})
		wantCommitted(t, target)
	})
}

// An incident was erased; another series of the same namespace, which had not told of it, tells of it now.
func TestAnErasedIncidentIsNotBroughtBackByAnotherSeries(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		const words = "Words that were taken back."
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-02-10", "Event Description", words)), 2, 0, 0, 0)
		inc := theIncident(t, target, "SiND:2")
		if _, err := d.Erase(ctx, access.Local(), inc.PublicID, "consent_withdrawn"); err != nil {
			t.Fatal(err)
		}
		got := takeTable(t, d, shcc(t, event("1", "2021-01-10"), event("2", "2021-02-10", "Health Workers Killed", "7"), event("2", "2021-02-10", "Health Workers Killed", "8"),
			event("2", "soon", "Reported Perpetrator", words)), 1, 0, 0, 0) // the last cannot be read, and must not be kept verbatim
		wantKeptOut(t, d, target, got, 3, words)
		got = takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-02-10", "Event Description", words)), 0, 0, 1, 0)
		wantKeptOut(t, d, target, got, 1, words)
		for _, r := range reports(t, target) {
			if r.IncidentID == inc.ID && !r.Erased {
				t.Errorf("the erased incident has a report again: %+v", r)
			}
		}
		wantCommitted(t, target)
	})
}

// Of two incidents under one id the second was erased: another series' second row under it has nowhere to go.
func TestAnErasedSecondIncidentUnderOneIDIsNotBroughtBack(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		const words = "Words that were taken back."
		d := open(t, target)
		takeTable(t, d, sind(t, event("2", "2021-02-10"), event("2", "2021-02-10", "Event Description", words)), 2, 0, 0, 0)
		if _, err := d.Erase(ctx, access.Local(), theIncident(t, target, "SiND:2#2").PublicID, "error"); err != nil {
			t.Fatal(err)
		}
		got := takeTable(t, d, shcc(t, event("2", "2021-02-10"), event("2", "2021-02-10", "Reported Perpetrator", words)), 1, 0, 0, 0)
		wantKeptOut(t, d, target, got, 1, words)
		if now := theIncident(t, target, "SiND:2"); !slices.Equal(now.Series, []string{"SHCC", "SiND"}) {
			t.Errorf("%+v", now)
		}
	})
}

// A row may bear Ward's own id of what was erased: the incident's, or that of an incident whose row of this series was erased.
func TestWhatWasErasedIsNotBroughtBackUnderWardsOwnID(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		const words = "Words that were taken back."
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-02-10", "Event Description", words), event("3", "2021-03-10")), 3, 0, 0, 0)
		takeTable(t, d, shcc(t, event("2", "2021-02-10")), 1, 0, 0, 0)
		whole, partly := theIncident(t, target, "SiND:1"), theIncident(t, target, "SiND:2")
		if _, err := d.Erase(ctx, access.Local(), whole.PublicID, "error"); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Erase(ctx, access.Local(), reportUnder(t, target, "SiND", "2").ID, "error"); err != nil {
			t.Fatal(err)
		}
		got := takeTable(t, d, sind(t, event(whole.PublicID, "2021-01-10"), event(strings.ToLower(partly.PublicID), "2021-02-10", "Event Description", words),
			event("3", "2021-03-10")), 0, 0, 1, 0)
		wantKeptOut(t, d, target, got, 2, words)
		if now := theIncident(t, target, "SiND:2"); !slices.Equal(now.Series, []string{"SHCC"}) || strings.Contains(now.Summary, words) {
			t.Errorf("%+v", now)
		}
		wantCommitted(t, target)
	})
}

// Whoever takes the disk, with its sealed files and its log, reads no word of a publisher's file.
func TestNoWordOfAFileIsReadableInTheWorkspace(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	words := []string{"canary-words", "canary-division", "canary-name", "canary-id-7", "canary-cell", "canary-file", "12.34567"}
	x := sind(t, event("canary-id-7", "2021-01-10", "Event Description", strings.Repeat("canary-words ", 20), "Admin 1", "canary-division", "Latitude", "12.34567", "Longitude", "8.5",
		"Reported Perpetrator Name", "canary-name", "Weapon Carried/Used", "canary-cell"), event("8", "soon", "Event Description", "canary-words"))
	path := filepath.Join(t.TempDir(), "canary-file.csv")
	for _, killed := range []string{"1", "2"} { // the second import folds the incident anew
		set(&x, x.rows[0], "Health Workers Killed", killed)
		if err := os.WriteFile(path, []byte(x.csv()), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := take(t, d, path, desk.ImportOptions{}); r.Rejected != 1 {
			t.Fatalf("%+v", r)
		}
	}
	inc := theIncident(t, dir, "SiND:canary-id-7")
	if _, err := d.Incident(ctx, access.Local(), inc.PublicID); err != nil || inc.Adm1 != "canary-division" || !strings.Contains(inc.Summary, "canary-words") {
		t.Fatalf("%v %+v", err, inc)
	}
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
	storetest.WantUnseen(t, dir, inc.PublicID, words...)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.WantUnseen(t, dir, inc.PublicID, words...)
	if originals, err := filepath.Glob(filepath.Join(dir, "files", "*", "*")); err != nil || len(originals) != 2 {
		t.Errorf("%v: %d originals were searched", err, len(originals))
	}
}
