package desk_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/exchange"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
	"ward/when"
)

var ctx = context.Background()

// each runs a test once on SQLite and once on PostgreSQL; target is what a Desk opens.
func each(t *testing.T, test func(t *testing.T, target string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, t.TempDir()) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.Postgres(t)) })
}

func open(t testing.TB, target string) *desk.Desk {
	t.Helper()
	d, err := desk.Open(ctx, at(t, target))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// dirs are the directories of workspaces whose records lie in PostgreSQL.
var dirs sync.Map

// at is the workspace of a target: a directory, or a PostgreSQL address with a directory of its own.
func at(t testing.TB, target string) desk.Workspace {
	t.Helper()
	w := desk.Workspace{Dir: target, Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }, Cost: storetest.Cheap()}
	if strings.Contains(target, "://") {
		dir, ok := dirs.Load(target)
		if !ok {
			dir, _ = dirs.LoadOrStore(target, t.TempDir())
		}
		w.Dir, w.DB = dir.(string), target
	}
	return w
}

func take(t testing.TB, d *desk.Desk, path string, opt desk.ImportOptions) desk.ImportResult {
	t.Helper()
	r, err := d.Import(ctx, access.Local(), path, opt)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return r
}

// table is a publisher's file in the making.
type table struct {
	head []string
	rows [][]string
}

// cells are one row, by label; labels that are not named stay blank.
type cells map[string]string

// file makes a table in a publisher's layout.
func file(t testing.TB, profile, layout string, rows ...cells) table {
	t.Helper()
	sheet, err := exchange.NewSheet(profile, layout)
	if err != nil {
		t.Fatal(err)
	}
	labels, _ := sheet.Header()
	out := table{head: labels}
	for _, r := range rows {
		row := make([]string, len(labels))
		for label, value := range r {
			at := slices.Index(labels, label)
			if at < 0 {
				t.Fatalf("%s has no column %q", layout, label)
			}
			row[at] = value
		}
		out.rows = append(out.rows, row)
	}
	return out
}

// sind is a file in SiND's layout.
func sind(t testing.TB, rows ...cells) table {
	t.Helper()
	return file(t, "sind", "sind-2016-2023", rows...)
}

// event is an invented SiND event; more are pairs of label and value.
func event(id, date string, more ...string) cells {
	return with(cells{"SiND Event ID": id, "Date": date, "Country": "Arcadia", "Country ISO": "XAA", "Admin 1": "North", "Reported Perpetrator": "Police",
		"Weapon Carried/Used": "Firearms", "Health Workers Killed": "1", "Health Workers Injured": "0", "Event Description": "Something invented."}, more...)
}

// attack is an invented row of WHO's layout.
func attack(id, date string, more ...string) cells {
	return with(cells{"Attack ID": id, "Attack Date": date, "Country / Territory": "Arcadia", "Certainty Level": "Confirmed",
		"Attack Type": "Violence with heavy weapons", "Total Injured": "0", "Total Death": "1"}, more...)
}

func with(row cells, more ...string) cells {
	row = maps.Clone(row)
	for i := 0; i < len(more); i += 2 {
		row[more[i]] = more[i+1]
	}
	return row
}

// shcc is a file in SHCC's layout of 2022, which shares SiND's ids; it has no column for the place and none for words.
func shcc(t testing.TB, rows ...cells) table {
	t.Helper()
	fewer := make([]cells, len(rows))
	for i, r := range rows {
		fewer[i] = maps.Clone(r)
		delete(fewer[i], "Admin 1")
		delete(fewer[i], "Event Description")
	}
	return file(t, "shcc", "shcc-2022", fewer...)
}

func (x table) csv() string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(x.head)
	w.WriteAll(x.rows)
	return b.String()
}

func (x table) clone() table {
	out := table{head: slices.Clone(x.head)}
	for _, r := range x.rows {
		out.rows = append(out.rows, slices.Clone(r))
	}
	return out
}

// write makes a file of invented content and gives its path.
func write(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "invented.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// takeTable imports a table and checks what the import counted: new, changed, unchanged, gone.
func takeTable(t testing.TB, d *desk.Desk, x table, fresh, changed, unchanged, gone int) desk.ImportResult {
	t.Helper()
	r := take(t, d, write(t, x.csv()), desk.ImportOptions{})
	wantCounts(t, r, fresh, changed, unchanged, gone)
	if r.Rows != len(x.rows) {
		t.Errorf("%d rows, want %d", r.Rows, len(x.rows))
	}
	return r
}

func wantCounts(t testing.TB, r desk.ImportResult, fresh, changed, unchanged, gone int) {
	t.Helper()
	got := [4]int{r.New, r.Changed, r.Unchanged, r.Gone}
	if want := [4]int{fresh, changed, unchanged, gone}; got != want {
		t.Errorf("new, changed, unchanged, gone = %v, want %v", got, want)
	}
}

func wantFault(t testing.TB, err error, kind fault.Kind, words ...string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("got %v (%s), want %s", err, fault.KindOf(err), kind)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

// reading runs fn over the database itself, past the desk.
func reading(t testing.TB, target string, fn func(tx *store.Tx) error) {
	t.Helper()
	db := storetest.At(t, target)
	defer db.Close()
	if err := db.Read(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// incidents are all that the table holds, by namespace and external id.
func incidents(t testing.TB, target string) map[string]incident.Incident {
	t.Helper()
	out := map[string]incident.Incident{}
	reading(t, target, func(tx *store.Tx) error {
		return incident.Each(ctx, tx, incident.Where{}, func(inc incident.Incident) error {
			out[inc.Namespace+":"+inc.ExternalID] = inc
			return nil
		})
	})
	return out
}

func theIncident(t testing.TB, target, key string) incident.Incident {
	t.Helper()
	inc, ok := incidents(t, target)[key]
	if !ok {
		t.Fatalf("there is no incident %s", key)
	}
	return inc
}

// sources are the descriptions the database has of its series.
func sources(t testing.TB, target string) map[string]intake.Source {
	t.Helper()
	out := map[string]intake.Source{}
	reading(t, target, func(tx *store.Tx) error {
		list, err := intake.Sources(ctx, tx)
		for _, s := range list {
			out[s.Series] = s
		}
		return err
	})
	return out
}

var tables = []string{"journal", "subject_key", "keyring", "setting", "source", "import_run", "report", "report_rejected", "incident", "audit_value", "norm_text"}

// whole is everything in a database, a line for each row, sealed as it stands.
func whole(t testing.TB, target string) []string {
	t.Helper()
	var out []string
	for _, name := range tables {
		for _, row := range rowsOf(t, target, "SELECT * FROM "+name) {
			out = append(out, name+" "+fmt.Sprint(row))
		}
	}
	slices.Sort(out)
	return out
}

// reports are all editions that the table holds, by id.
func reports(t testing.TB, target string) map[string]intake.Report {
	t.Helper()
	var ids []string
	for _, row := range rowsOf(t, target, "SELECT id FROM report") {
		ids = append(ids, row["id"].(string))
	}
	out := map[string]intake.Report{}
	reading(t, target, func(tx *store.Tx) error {
		for chunk := range slices.Chunk(ids, 5000) {
			found, err := intake.ByID(ctx, tx, chunk)
			if err != nil {
				return err
			}
			maps.Copy(out, found)
		}
		return nil
	})
	if len(out) != len(ids) {
		t.Errorf("%d reports are read of %d", len(out), len(ids))
	}
	return out
}

// rejected are all rejected rows, by run.
func rejected(t testing.TB, target string) map[string][]intake.Rejected {
	t.Helper()
	out := map[string][]intake.Rejected{}
	for _, r := range runs(t, target) {
		reading(t, target, func(tx *store.Tx) error {
			return intake.EachRejected(ctx, tx, r.ID, func(x intake.Rejected) error { out[r.ID] = append(out[r.ID], x); return nil })
		})
	}
	return out
}

func runs(t testing.TB, target string) (list []intake.Run) {
	t.Helper()
	reading(t, target, func(tx *store.Tx) (err error) { list, err = intake.Runs(ctx, tx); return err })
	return list
}

// settled is what a workspace comes to: incidents, reports and rejected rows without the ids, times, keys and salts that differ
// between two ways to the same state.
func settled(t testing.TB, target string) []string {
	t.Helper()
	var out []string
	keys, byID := map[string]string{}, map[string]incident.Incident{}
	for key, inc := range incidents(t, target) {
		keys[inc.ID], byID[inc.ID] = key, inc
	}
	for _, open := range rowsOf(t, target, "SELECT * FROM incident") {
		inc := byID[open["id"].(string)]
		for _, own := range []string{"id", "public_id", "journal", "leaf", "external_key", "sealed"} {
			delete(open, own)
		}
		out = append(out, fmt.Sprint("incident ", open, without(inc.Fields(), "id", "ward_id")))
	}
	held := reports(t, target)
	for _, open := range rowsOf(t, target, "SELECT id, gone, country, day_from, day_to, CASE text_key WHEN '' THEN 'no' ELSE 'yes' END long_text FROM report WHERE current=1") {
		r := held[open["id"].(string)]
		delete(open, "id")
		out = append(out, fmt.Sprint("report ", keys[r.IncidentID], open, r.Digest, r.Assertions, without(r.Fields(), "id", "incident", "run", "supersedes")))
	}
	for _, list := range rejected(t, target) {
		for _, x := range list {
			out = append(out, fmt.Sprintf("rejected %+v", x))
		}
	}
	slices.Sort(out)
	return slices.Compact(out) // two runs may have rejected the same row
}

// without are the fields of a record but those that are named.
func without(fields []tlog.Field, names ...string) []tlog.Field {
	return slices.DeleteFunc(fields, func(f tlog.Field) bool { return slices.Contains(names, f.Name) })
}

func rowsOf(t testing.TB, target, query string, args ...any) (out []map[string]any) {
	t.Helper()
	reading(t, target, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			values, into := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			row := map[string]any{}
			for i, n := range names {
				row[n] = values[i]
			}
			out = append(out, row)
		}
		return rows.Err()
	})
	return out
}

// wantSame compares two states line by line and shows the first that differ.
func wantSame(t testing.TB, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	t.Errorf("%d lines, want %d", len(got), len(want))
	shown := 0
	for i := range max(len(got), len(want)) {
		var g, w string
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if cmp.Compare(g, w) != 0 && shown < 3 {
			shown++
			t.Errorf("\n got %s\nwant %s", g, w)
		}
	}
}

func day(t testing.TB, text string) when.Date {
	t.Helper()
	d, err := when.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
