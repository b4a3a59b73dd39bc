package desk_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
)

// What leaves in a publisher's own layout comes back as unchanged, and what leaves in another's attaches to the incident it came from.
func TestExportsInPublishersLayoutsComeBackUnchanged(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07", "Event Description", "=One.\r\nTwo.", "Weapon Carried/Used", "Firearms, Grenade"), event("2", "2021-03-08", "Health Workers Killed", "censored"),
			event("3", "2021-03-09", "Health Workers Killed", "", "Latitude", "1.25", "Longitude", "-2.5")), 3, 0, 0, 0)
		takeTable(t, d, file(t, "who-ssa", "who-ssa", attack("w1", "2/10/21 12:00 AM"), attack("w2", "2/11/21 12:00 AM")), 2, 0, 0, 0)
		before := len(incidents(t, target))
		for _, c := range []struct {
			format, register string
			rows             int
		}{{"sind-csv", "SiND", 3}, {"ssa-csv", "SSA", 2}} {
			for _, hxl := range []bool{false, true} {
				q := desk.IncidentQuery{Filters: map[string][]string{"register": {c.register}}}
				path, m := exported(t, d, desk.ExportOptions{Format: c.format, HXL: hxl, Query: &q})
				if m.Asked != c.rows || m.Records != c.rows {
					t.Fatalf("%s: %+v", c.format, m)
				}
				wantCounts(t, take(t, d, path, desk.ImportOptions{}), 0, 0, c.rows, 0)
			}
		}
		if after := len(incidents(t, target)); after != before {
			t.Errorf("%d incidents became %d", before, after)
		}
	})
}

func TestTheManifestTellsWhatWasKeptBackAndWhichLineOfTheLedgerTellsOfIt(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07", "Health Workers Killed", "censored"), event("2", "2021-03-08")), 2, 0, 0, 0)
		takeTable(t, d, file(t, "awsd", "awsd-2020", cells{"Incident ID": "5", "Year": "2021", "Month": "3", "Day": "2", "Country": "Arcadia", "Total killed": "1",
			"Total wounded": "0", "Total kidnapped": "0", "Total affected": "1", "Details": "Confidential words.", "Latitude": "4.5", "Longitude": "5.5"}), 1, 0, 0, 0)
		for format, written := range map[string]int{"geojson": 2, "ssa-csv": 2, "awsd-csv": 0} {
			path, m := exported(t, d, desk.ExportOptions{Format: format, To: "Somebody"})
			ledger, err := d.Ledger(ctx, access.Local(), 0, 1)
			if err != nil || len(ledger) != 1 || ledger[0].ID != m.Ledger || ledger[0].Exit != string(access.ExportFile) || ledger[0].To != "Somebody" {
				t.Errorf("%s: %+v %v", format, ledger, err)
			}
			want := desk.Withheld{Records: 1}
			if written > 0 {
				want.Rows, want.Values = 1, 1
			}
			if m.Withheld != want || m.Records != written || m.Asked != 3 || len(m.Steps) == 0 {
				t.Errorf("%s: %+v", format, m)
			}
			b, err := os.ReadFile(path)
			if err != nil || bytes.Contains(b, []byte("Confidential")) || bytes.Contains(b, []byte("5.5")) {
				t.Errorf("%s: what may not leave has left (%v)", format, err)
			}
			said, err := json.Marshal(m)
			for _, key := range []string{`"profile"`, `"asked"`, `"records"`, `"withheld"`, `"made_at"`, `"sha256"`, `"ledger"`, `"redistribute"`, `"steps"`} {
				if key == `"profile"` && format == "geojson" {
					continue
				}
				if err != nil || !strings.Contains(string(said), key) {
					t.Errorf("%s: the manifest lacks %s: %s", format, key, said)
				}
			}
		}
	})
}
