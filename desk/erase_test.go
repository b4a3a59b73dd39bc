package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/bundle"
	"ward/desk"
	"ward/fault"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

// What must be found nowhere after an erasure.
const (
	toldWords = "Canary-Qwandel was taken from the clinic at the old bridge."
	toldNote  = "canary-zorbette"
)

// told is a workspace in which two series tell of incident 1, SiND in two editions and with canaries, and SiND alone of incident 2. It
// gives the runs as well.
func told(t testing.TB, d *desk.Desk) (runs []string) {
	t.Helper()
	take := func(x table, fresh, changed, unchanged int) {
		runs = append(runs, takeTable(t, d, x, fresh, changed, unchanged, 0).Run)
	}
	rest := event("2", "2023-02-02", "Event Description", "An ambulance was stopped.")
	take(sind(t, event("1", "2023-01-01", "Event Description", toldWords), rest), 2, 0, 0)
	take(sind(t, event("1", "2023-01-01", "Event Description", toldWords+" "+toldNote), rest), 0, 1, 1)
	take(shcc(t, event("1", "2023-01-01", "Health Workers Killed", "4")), 1, 0, 0)
	return runs
}

// erase erases and fails the test where that fails.
func erase(t testing.TB, d *desk.Desk, id string) desk.Erased {
	t.Helper()
	e, err := d.Erase(ctx, who, id, "consent_withdrawn")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// wantVerifies checks the log as anybody can who has its files: the tree over its tiles is the one that the checkpoint signs, and every
// leaf of the journal stands in it.
func wantVerifies(t testing.TB, d *desk.Desk, target string) {
	t.Helper()
	if _, err := d.FlushLog(ctx, who); err != nil {
		t.Fatal(err)
	}
	head, err := d.LogHead(ctx, who)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := tlog.OpenCheckpoint([]byte(head.Checkpoint), head.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	reading(t, target, func(tx *store.Tx) error {
		root, err := tlog.Root(signed.Size, tx.Tiles(ctx))
		if err != nil || root != signed.Root {
			t.Errorf("the tree over the tiles is not the one that is signed: %v", err)
		}
		entries, err := tx.Since(ctx, 0, 1000)
		for _, e := range entries {
			leaf, err := tx.Leaves(ctx, e.Position, 1)
			if err != nil || e.Position < 0 || leaf[0].Leaf != e.Leaf {
				t.Errorf("the leaf of %s is not in the log: %v", e.Act, err)
			}
		}
		return err
	})
}

func TestErasedIncidentsAreGoneFromEveryFileAndPage(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		told(t, d)
		inc, dir := theIncident(t, target, "SiND:1"), at(t, target).Dir
		if page, err := d.Incidents(ctx, who, desk.IncidentQuery{Words: "qwandel", Limit: 9}); err != nil || page.Total != 1 {
			t.Fatalf("%d found before, %v", page.Total, err)
		}
		const belongs = " WHERE id=$1 OR id IN (SELECT id FROM report WHERE incident_id=$2)"
		keys := sealedBytes(t, target, "SELECT wrapped FROM subject_key"+strings.ReplaceAll(belongs, "id=$1 OR id", "subject=$1 OR subject"), inc.ID, inc.ID)
		sealed := append(sealedBytes(t, target, "SELECT sealed FROM incident WHERE id=$1", inc.ID), sealedBytes(t, target, "SELECT sealed FROM report WHERE incident_id=$1", inc.ID)...)
		if len(keys) != 4 || len(sealed) != 4 || dir == target && len(holding(t, dir, append(keys, sealed...)...)) < 8 {
			t.Fatalf("%d keys and %d sealed rows are not found where they are", len(keys), len(sealed))
		}
		e := erase(t, d, inc.PublicID)
		if e.Kind != desk.KindIncident || e.Reports != 2 || e.Editions != 3 || dir == target && e.Left != "" {
			t.Errorf("%+v", e.Consequences)
		}
		d.Close()
		d = open(t, target)
		if found := holding(t, dir, append(append(keys, sealed...), spelled("Qwandel", "clinic at the old bridge", toldNote)...)...); found != nil {
			t.Errorf("what was erased stands in %v", found)
		}
		wantAllGone(t, d, target, inc.PublicID, inc.ID)
		wantVerifies(t, d, target)
		if r, _ := bundled(t, d, inc.PublicID, desk.BundleOptions{}); r.Code != bundle.WasErased || len(r.Failures) > 0 || r.Records[0].Erased.Reason != "consent_withdrawn" {
			t.Errorf("%+v", r)
		}
	})
}

// wantAllGone checks that nothing of an incident is shown, found, exported or left in open columns.
func wantAllGone(t testing.TB, d *desk.Desk, target, publicID, id string) {
	t.Helper()
	_, err := d.Incident(ctx, who, publicID)
	wantFault(t, err, fault.NotFound, "erased on request")
	for _, words := range []string{"qwandel", "zorbette", publicID} {
		if page, err := d.Incidents(ctx, who, desk.IncidentQuery{Words: words, Limit: 9}); err != nil || page.Total != 0 {
			t.Errorf("%q finds %d, %v", words, page.Total, err)
		}
	}
	if found, err := d.CompleteWords(ctx, who, desk.IncidentQuery{Words: "qwand"}, 9); err != nil || len(found) != 0 {
		t.Errorf("%v completes what was erased: %v", found, err)
	}
	var out bytes.Buffer
	if m, err := d.Export(ctx, who, &out, desk.ExportOptions{Format: "ward-json"}); err != nil || m.Asked != 1 || strings.Contains(out.String(), "Qwandel") || strings.Contains(out.String(), publicID) {
		t.Errorf("the export: %+v, %v", m, err)
	}
	row := rowsOf(t, target, "SELECT * FROM incident WHERE id=$1", id)[0]
	for _, kept := range []string{"id", "public_id", "namespace", "external_key", "gone", "journal"} {
		delete(row, kept)
	}
	for column, v := range row {
		if v != nil && v != "" && v != int64(0) {
			t.Errorf("%s still says %v", column, v)
		}
	}
	for _, row := range rowsOf(t, target, "SELECT sealed, country, day_from, day_to, text_key FROM report WHERE incident_id=$1", id) {
		if row["sealed"] != nil || row["country"] != "" || row["day_from"] != int64(0) || row["day_to"] != int64(0) || row["text_key"] != "" {
			t.Errorf("a report still says %v", row)
		}
	}
}

func TestConsequencesAreToldBeforeAnythingIsErased(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		imports := told(t, d)
		inc, other := theIncident(t, target, "SiND:1").PublicID, theIncident(t, target, "SiND:2").PublicID
		coded := "kind,state,clause,year,incident,value,coder\ncitation,XAA,CIHL:R25,2023,%s,%s,coder %d\n"
		for n, line := range []string{inc, other} {
			if _, err := d.ImportCodings(ctx, who, strings.NewReader(fmt.Sprintf(coded, line, "declined", n+1))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Export(ctx, who, io.Discard, desk.ExportOptions{Format: "csv", To: "A list", Why: "a reason"}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.FlushLog(ctx, who); err != nil {
			t.Fatal(err)
		}
		for id, to := range map[string]string{inc: "A court", other: "Another court"} {
			if err := d.Bundle(ctx, who, io.Discard, id, desk.BundleOptions{To: to, Why: "evidence"}); err != nil {
				t.Fatal(err)
			}
		}
		backUp(t, target)
		before := whole(t, target)
		c, err := d.Consequences(ctx, who, inc)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, whole(t, target), before)
		var originals []string
		for _, run := range c.Originals {
			originals = append(originals, run.ID)
		}
		slices.Sort(originals)
		if len(c.Codings) != 1 || c.Codings[0].Clause != "CIHL:R25" || len(c.Left) != 1 || c.Left[0].To != "A court" || len(c.Lists) != 1 || c.Lists[0].To != "A list" ||
			!slices.Equal(originals, imports) || c.Backups != 1 || time.Until(c.Expire) < 34*24*time.Hour {
			t.Errorf("%+v; originals %v of %v", c, originals, imports)
		}
		if e := erase(t, d, c.Codings[0].ID); e.Kind != desk.KindCoding {
			t.Errorf("%+v", e.Consequences)
		}
		if again, err := d.Consequences(ctx, who, inc); err != nil || len(again.Codings) != 0 {
			t.Errorf("%v, %v", again.Codings, err)
		}
		if r, err := d.ImportCodings(ctx, who, strings.NewReader(fmt.Sprintf(coded, inc, "declined", 1))); err != nil || r.Added != 0 {
			t.Errorf("an erased coding came back: %+v, %v", r, err)
		}
	})
}

// backUp notes a backup as made now.
func backUp(t testing.TB, target string) {
	t.Helper()
	db := storetest.At(t, target)
	defer db.Close()
	err := db.Write(ctx, "t", func(tx *store.Tx) error {
		number, err := tx.Journal(ctx, "backup.make", "", "")
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO backup_run (id, at, size, bytes, sha256, journal) VALUES ('b',$1,1,1,'',$2)", tx.Micros(), number)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An incident of which others still tell is folded anew from what remains, under another key, and can be proved.
func TestErasedReportsLeaveWhatOthersTell(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		told(t, d)
		inc := theIncident(t, target, "SiND:1")
		key := sealedBytes(t, target, "SELECT wrapped FROM subject_key WHERE subject=$1", inc.ID)
		e := erase(t, d, reportOf(t, target, inc.ID, "SiND", false)) // the earlier edition: the record goes whole
		if e.Kind != desk.KindReport || e.Editions != 2 || e.Emptied || e.Incident != inc.PublicID {
			t.Errorf("%+v", e.Consequences)
		}
		if found := holding(t, at(t, target).Dir, append(key, spelled("Qwandel", toldNote)...)...); found != nil {
			t.Errorf("what was erased stands in %v", found)
		}
		file, err := d.Incident(ctx, who, inc.PublicID)
		if err != nil || file.Summary != "" || file.Count("worker.killed").Best != 4 || !slices.Equal(file.Series, []string{"SHCC"}) {
			t.Errorf("%+v, %v", file.Incident, err)
		}
		for _, r := range append(file.Reports, file.Earlier...) {
			if r.Series == "SiND" {
				t.Error("an erased report is shown")
			}
		}
		if page, err := d.Incidents(ctx, who, desk.IncidentQuery{Words: "qwandel", Limit: 9}); err != nil || page.Total != 0 {
			t.Errorf("%d found, %v", page.Total, err)
		}
		wantVerifies(t, d, target)
		if r, _ := bundled(t, d, inc.PublicID, desk.BundleOptions{}); r.Code != bundle.Holds || len(r.Failures) > 0 {
			t.Errorf("%+v", r)
		}
		if e := erase(t, d, reportOf(t, target, inc.ID, "SHCC", true)); !e.Emptied {
			t.Errorf("%+v", e.Consequences)
		}
		wantAllGone(t, d, target, inc.PublicID, inc.ID)
	})
}

// reportOf is the id of a series' report of an incident: the current one, or an earlier edition.
func reportOf(t testing.TB, target, incident, series string, current bool) string {
	t.Helper()
	for _, r := range reports(t, target) {
		if r.IncidentID == incident && r.Series == series && r.Retired != current {
			return r.ID
		}
	}
	t.Fatalf("there is no such report of %s", series)
	return ""
}

func TestErasedRunsAndContactsAreGone(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		run := told(t, d)[0]
		blobs := func() int { return len(globbed(t, at(t, target).Dir, "files", "??", "*")) }
		contact, err := d.PutContact(ctx, who, "sind", desk.SourceContact{Name: "Canary"}, twoOfficers(t, d))
		if err != nil || blobs() != 3 {
			t.Fatalf("%d originals, %v", blobs(), err)
		}
		keys := sealedBytes(t, target, "SELECT wrapped FROM subject_key WHERE subject=$1 OR subject=$2", run, contact)
		if e := erase(t, d, run); e.Kind != desk.KindRun || e.Rows != 2 || blobs() != 2 {
			t.Errorf("%+v; %d originals are left", e.Consequences, blobs())
		}
		if e := erase(t, d, contact); e.Kind != desk.KindContact {
			t.Errorf("%+v", e.Consequences)
		}
		if found := holding(t, at(t, target).Dir, keys...); found != nil {
			t.Errorf("keys stand in %v", found)
		}
		_, err = d.OriginalKey(ctx, who, run)
		wantFault(t, err, fault.NotFound, "erased on request")
		_, err = d.OpenContact(ctx, who, contact, "")
		wantFault(t, err, fault.Invalid)
		for _, row := range rowsOf(t, target, "SELECT sealed FROM import_run WHERE id=$1", run) {
			if row["sealed"] != nil {
				t.Error("the run is still there")
			}
		}
		if _, err := d.Incident(ctx, who, theIncident(t, target, "SiND:1").PublicID); err != nil {
			t.Errorf("a report whose file was erased cannot be shown: %v", err)
		}
		wantVerifies(t, d, target)
		r, _ := bundled(t, d, theIncident(t, target, "SiND:2").PublicID, desk.BundleOptions{})
		if r.Code != bundle.WasErased || len(r.Failures) > 0 {
			t.Errorf("%+v", r)
		}
	})
}

func globbed(t testing.TB, parts ...string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestOnlyWhatIsThereIsErasedAndOnce(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		told(t, d)
		id := theIncident(t, target, "SiND:1").PublicID
		before := whole(t, target)
		for _, none := range []string{"", "WRD-XAA-2023-NOTTHERE", "01ARZ3NDEKTSV4RRFFQ69G5FAV", strings.Repeat("0", 32), store.Workspace} {
			_, err := d.Erase(ctx, who, none, "error")
			wantFault(t, err, fault.NotFound)
		}
		_, err := d.Erase(ctx, who, id, "a person's name")
		wantFault(t, err, fault.Invalid, "consent_withdrawn")
		wantSame(t, whole(t, target), before)
		erase(t, d, id)
		_, err = d.Erase(ctx, who, id, "error")
		wantFault(t, err, fault.NotFound, "erased on request")
	})
}

// A backup made before an erasure must not bring anything back.
func TestReplayedTombstonesEraseARestoredBackup(t *testing.T) {
	target, copied := t.TempDir(), t.TempDir()
	d := open(t, target)
	imports := told(t, d)
	one, two := theIncident(t, target, "SiND:1"), theIncident(t, target, "SiND:2")
	d.Close()
	if err := os.CopyFS(copied, os.DirFS(target)); err != nil {
		t.Fatal(err)
	}
	d = open(t, target)
	erase(t, d, reportOf(t, target, one.ID, "SHCC", true))
	erase(t, d, one.PublicID)
	erase(t, d, imports[0])
	list, err := d.Tombstones(ctx)
	if err != nil || len(list) != 5 {
		t.Fatalf("%v, %v", list, err)
	}
	text, err := os.ReadFile(filepath.Join(target, "tombstones"))
	if err != nil {
		t.Fatal(err)
	}
	if parsed, err := desk.ParseTombstones(text); err != nil || len(parsed) != len(list) || bytes.Contains(text, []byte("XAA")) {
		t.Errorf("the list beside the database:\n%s%v", text, err)
	}
	restored := open(t, copied)
	if n, err := restored.Replay(ctx, append(slices.Concat(list, list), store.Erasure{Subject: "01ARZ3NDEKTSV4RRFFQ69G5FAV", At: time.Now(), Reason: "error"})); err != nil || n == 0 {
		t.Fatalf("%d replayed, %v", n, err)
	}
	wantAllGone(t, restored, copied, one.PublicID, one.ID)
	wantVerifies(t, restored, copied)
	if _, err := restored.Incident(ctx, who, two.PublicID); err != nil {
		t.Error(err)
	}
	if n := len(globbed(t, copied, "files", "??", "*")); n != 2 {
		t.Errorf("%d originals are left, want 2", n)
	}
	if n, err := restored.Replay(ctx, list); err != nil || n != 0 {
		t.Errorf("%d replayed again, %v", n, err)
	}
	again, err := restored.Tombstones(ctx)
	if err != nil || len(again) != len(list)+1 {
		t.Errorf("%d tombstones, want those replayed, those unknown here as well: %v", len(again), err)
	}
	if text, err = os.ReadFile(filepath.Join(copied, "tombstones")); err != nil || bytes.Count(text, []byte("\n")) != len(again) {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestTombstonesAreReadAsWritten(t *testing.T) {
	const good = "2026-11-22T01:44:01Z 01M80ER5RJEHBFS6M6HMYDHV0Z error\n"
	for text, want := range map[string]int{"": 0, good: 1, good + good: 2, good + "2026-11-22T01:4": 1, "x": 0} {
		if got, err := desk.ParseTombstones([]byte(text)); err != nil || len(got) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, bad := range []string{good + "x\n", "yesterday a error\n", "2026-11-22T01:44:01Z a b c\n" + good} {
		_, err := desk.ParseTombstones([]byte(bad))
		wantFault(t, err, fault.Invalid)
	}
}

// After a crash in the middle of a line, the next erasure lists what is missing.
func TestTornTombstonesAreListedAgain(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	told(t, d)
	erase(t, d, theIncident(t, target, "SiND:1").PublicID)
	path := filepath.Join(target, "tombstones")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-10], 0o600); err != nil {
		t.Fatal(err)
	}
	erase(t, d, theIncident(t, target, "SiND:2").PublicID)
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := desk.ParseTombstones(body)
	if err != nil || len(list) != 6 {
		t.Errorf("%d tombstones, %v\n%s", len(list), err, body)
	}
}

// Nothing is half erased where the work was stopped.
func TestStoppedErasureErasesNothing(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		told(t, d)
		id, before := theIncident(t, target, "SiND:1").PublicID, whole(t, target)
		stopped, stop := context.WithCancel(ctx)
		stop()
		if _, err := d.Erase(stopped, who, id, "error"); err == nil {
			t.Error("a stopped erasure says that it was done")
		}
		wantSame(t, whole(t, target), before)
	})
}
