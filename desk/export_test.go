package desk_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/tally"
)

// exported writes the whole workspace in a format and gives the file's path.
func exported(t testing.TB, d *desk.Desk, opt desk.ExportOptions) (string, desk.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := d.Export(ctx, access.Local(), &b, opt)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	if m.SHA256 != hex.EncodeToString(sum[:]) {
		t.Error("the manifest's digest is not the file's")
	}
	path := filepath.Join(t.TempDir(), "exported."+opt.Format)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, m
}

func csvRows(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestASheetWrittenIsReadBackUnchanged(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := sind(t, event("1", "2021-03-07", "Country", "arcadia ", "Weapon Carried/Used", "Firearms, Grenade"), event("2", "2021-03-08"),
			event("2", "2021-03-08", "Health Workers Killed", "5"), event("", "2021-03-09", "Event Description", "One."),
			event("", "2021-03-09", "Event Description", "Two."), event("3", "2021-03-10", "Health Workers Killed", "censored"),
			event("4", "2021-03-10", "Health Workers Killed", "", "Latitude", "1.25", "Longitude", "-2.5", "Access Denied or Obstructed", "1"))
		takeTable(t, d, x, 7, 0, 0, 0)
		before := incidents(t, target)
		for _, hxl := range []bool{true, false} {
			path, m := exported(t, d, desk.ExportOptions{Format: "sind-xlsx", HXL: hxl})
			r := take(t, d, path, desk.ImportOptions{})
			wantCounts(t, r, 0, 0, 7, 0)
			if m.Asked != 7 || m.Records != 7 || r.Rejected != 0 {
				t.Errorf("%+v %+v", m, r.Progress)
			}
		}
		if after := incidents(t, target); len(after) != len(before) {
			t.Errorf("%d incidents became %d", len(before), len(after))
		}
		path, _ := exported(t, d, desk.ExportOptions{Format: "ward-json"})
		if b, err := os.ReadFile(path); err != nil || bytes.Contains(b, []byte(`"external_id":"~`)) || bytes.Count(b, []byte(`"external_id":`)) != 5 {
			t.Errorf("an id that no publisher gave has left (%v)", err)
		}
	})
}

// Ward's public table bears ids of Ward's own. Read again it attaches to the incidents it came from and makes none.
func TestThePublicTableNeverMakesANewIncident(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("2", "2021-03-08"), event("", "2021-03-09")), 3, 0, 0, 0)
		takeTable(t, d, file(t, "who-ssa", "who-ssa", attack("w1", "2/10/21 12:00 AM")), 1, 0, 0, 0)
		before := incidents(t, target)
		path, _ := exported(t, d, desk.ExportOptions{Format: "csv", HXL: true})
		first := take(t, d, path, desk.ImportOptions{})
		wantCounts(t, first, 4, 0, 0, 0)
		wantCounts(t, take(t, d, path, desk.ImportOptions{}), 0, 0, 4, 0)
		after := incidents(t, target)
		for key, was := range before {
			now := after[key]
			if now.ID != was.ID || now.PublicID != was.PublicID || now.Date != was.Date || !slices.Contains(now.Series, "Ward") {
				t.Errorf("%s: %+v\nwas %+v", key, now, was)
			}
			if slices.Contains(now.Contested, "date") || slices.Contains(now.Contested, "country") || slices.Contains(now.Contested, "worker.killed") {
				t.Errorf("%s: its own publication contests %v", key, now.Contested)
			}
		}
		if len(after) != len(before) {
			t.Errorf("%d incidents became %d", len(before), len(after))
		}
	})
}

// Somebody returns the public table corrected, and with an id that nobody gave.
func TestRowsUnderOwnIDsAttachOrAreRejected(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("2", "2021-03-08")), 2, 0, 0, 0)
		path, _ := exported(t, d, desk.ExportOptions{Format: "csv"})
		rows := csvRows(t, path)
		killed, id := slices.Index(rows[0], "Health workers killed"), slices.Index(rows[0], "Event ID")
		rows[1][killed] = "4"
		rows[1][id] = strings.ToLower(rows[1][id])
		strange := slices.Clone(rows[2])
		strange[id] = "WRD-XAA-2021-NOTOURS1"
		x := table{head: rows[0], rows: append(rows[1:], strange)}
		r := takeTable(t, d, x, 2, 0, 0, 0)
		if r.Rejected != 1 || len(incidents(t, target)) != 2 {
			t.Fatalf("%+v, %d incidents", r.Progress, len(incidents(t, target)))
		}
		err := d.Rejected(ctx, access.Local(), r, func(x desk.RejectedRow) error {
			if x.Row != "row" && !strings.HasPrefix(x.Reason, "own-id-unknown") {
				t.Errorf("%+v", x)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ranges := 0
		for _, inc := range incidents(t, target) {
			if inc.Count("worker.killed") == (tally.Count{Low: 1, Best: 1, High: 4}) && slices.Contains(inc.Contested, "worker.killed") {
				ranges++
			}
		}
		if ranges != 1 {
			t.Errorf("the corrected count stands in %d incidents", ranges)
		}
		// in a publisher's own layout too: the id points at the incident, whatever the series
		own := theIncident(t, target, "SiND:2").PublicID
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event(own, "2021-03-08", "Health Workers Killed", "2"),
			event("WRD-XAA-2021-NOTOURS2", "2021-03-08")), 0, 1, 1, 0)
		if got := theIncident(t, target, "SiND:2"); len(incidents(t, target)) != 2 || got.Count("worker.killed").Best != 2 {
			t.Errorf("%d incidents, %+v", len(incidents(t, target)), got)
		}
	})
}

func TestExportsObeyTheSourcesTerms(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07")), 1, 0, 0, 0)
		takeTable(t, d, file(t, "who-ssa", "who-ssa", attack("w1", "2/10/21 12:00 AM"), attack("w2", "2/11/21 12:00 AM")), 2, 0, 0, 0)
		takeTable(t, d, file(t, "awsd", "awsd-2020", cells{"Incident ID": "5", "Year": "2021", "Month": "3", "Day": "2", "Country": "Arcadia", "Total killed": "1",
			"Total wounded": "0", "Total kidnapped": "0", "Total affected": "1", "Details": "Confidential words.", "Verified": "Arc"}), 1, 0, 0, 0)
		for _, format := range []string{"csv", "ward-json", "sind-xlsx"} {
			path, m := exported(t, d, desk.ExportOptions{Format: format})
			want := []desk.ExportedSource{{Series: "AWSD", Redistribute: "unknown", Asked: 1}, {Series: "SSA", Redistribute: "noncommercial", Asked: 2, Written: 2},
				{Series: "SiND", Redistribute: "yes", Asked: 1, Written: 1}}
			for i, s := range m.Sources {
				if s.Licence == "" || s.Title == "" {
					t.Errorf("%s: %+v", format, s)
				}
				m.Sources[i].Title, m.Sources[i].Licence = "", ""
			}
			if !slices.Equal(m.Sources, want) || m.Asked != 4 || m.Records != 3 {
				t.Errorf("%s: %+v", format, m)
			}
			said := strings.Join(m.Lossy, "\n")
			if !strings.Contains(said, "1 records of") || !strings.Contains(said, "left out") || !strings.Contains(said, "non-commercial") {
				t.Errorf("%s: the manifest does not say what was left out: %s", format, said)
			}
			b, err := os.ReadFile(path)
			if err != nil || bytes.Contains(b, []byte("Confidential")) || bytes.Contains(b, []byte("AWSD")) {
				t.Errorf("%s: rows that may not leave have left (%v)", format, err)
			}
		}
		if rows := csvRows(t, first(exported(t, d, desk.ExportOptions{Format: "csv"}))); len(rows) != 4 {
			t.Errorf("%d lines", len(rows))
		}
	})
}

func first(path string, _ desk.Manifest) string { return path }

func TestAnExportHoldsWhatWasAskedFor(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("2", "2021-04-07", "Country", "Belmara", "Country ISO", "XAB"), event("3", "2022-03-07"),
			event("4", "2021-06", "Country", "Corvania", "Country ISO", "XAC")), 4, 0, 0, 0)
		for _, c := range []struct {
			query desk.IncidentQuery
			want  []string
		}{
			{desk.IncidentQuery{Filters: map[string][]string{"country": {"XAB"}}}, []string{"XAB"}},
			{desk.IncidentQuery{Filters: map[string][]string{"certainty": {"possible"}}}, []string{"XAA", "XAA", "XAB", "XAC"}},
			{desk.IncidentQuery{Filters: map[string][]string{"certainty": {"confirmed"}}}, nil},
			{desk.IncidentQuery{From: day(t, "2021-04"), To: day(t, "2021-05")}, []string{"XAB"}},
			{desk.IncidentQuery{From: day(t, "2021-06-15"), To: day(t, "2021-06-16")}, []string{"XAC"}}, // some day of that June
		} {
			path, m := exported(t, d, desk.ExportOptions{Format: "csv", Query: &c.query})
			rows := csvRows(t, path)
			var got []string
			for _, r := range rows[1:] {
				got = append(got, r[slices.Index(rows[0], "Country")])
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) || m.Records != len(c.want) {
				t.Errorf("%+v gives %v", c.query, got)
			}
		}
	})
}

func TestWhatIsGoneIsExportedOnlyWhenAskedFor(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("2", "2021-03-08"), event("3", "2021-03-09")), 3, 0, 0, 0)
		takeTable(t, d, sind(t, event("1", "2021-03-07"), event("3", "2021-03-09")), 0, 0, 2, 1)
		path, m := exported(t, d, desk.ExportOptions{Format: "sind-xlsx"})
		if m.Records != 2 || !strings.Contains(strings.Join(m.Lossy, "\n"), "1 incidents were left out") {
			t.Errorf("%+v", m)
		}
		take(t, d, path, desk.ImportOptions{})
		if got := goneOnes(t, target); !slices.Equal(got, []string{"SiND:2"}) {
			t.Errorf("after the export was read back, gone is %v", got)
		}
		asked := desk.IncidentQuery{Filters: map[string][]string{"standing": {"gone"}}}
		if _, m := exported(t, d, desk.ExportOptions{Format: "csv", Query: &asked}); m.Records != 1 {
			t.Errorf("%+v", m)
		}
	})
}
