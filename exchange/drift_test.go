package exchange

import (
	"slices"
	"strings"
	"testing"

	"ward/fault"
)

// edition makes a SiND file of invented rows: header cells by field.
func edition(change func(header, row []string) ([]string, []string)) string {
	header := []string{"Date", "Event Description", "Country", "Country ISO", "Admin 1", "Latitude", "Longitude", "Geo Precision", "Reported Perpetrator",
		"Reported Perpetrator Name", "Weapon Carried/Used", "Location of Incident", "Number of Attacks on Health Facilities Reporting Destruction",
		"Number of Attacks on Health Facilities Reporting Damaged", "Health Workers Killed", "Health Workers Injured", "Health Workers Kidnapped",
		"Health Workers Arrested", "Health Workers Threatened", "Conflict-Related Violence", "SiND Event ID"}
	row := []string{"2021-03-07", "March 2021: Something invented.", "XAA", "XAA", "North", "1.5", "2.5", "(2) 25 km Precision ", "Police", "No Information",
		"Firearms", "Road", "0", "1", "2", "0", "", "1", "0", "ConflictEvent", "900001"}
	if change != nil {
		header, row = change(header, row)
	}
	return csvOf(header, row)
}

func one(t *testing.T, content string, opt Options) (Row, harvest) {
	t.Helper()
	h := readAll(t, write(t, "edition.csv", content), opt)
	if len(h.rows) != 1 {
		t.Fatalf("%d rows", len(h.rows))
	}
	return h.rows[0], h
}

func TestEditionPlain(t *testing.T) {
	r, _ := one(t, edition(nil), Options{})
	for field, want := range map[string]string{"date": "2021-03-07", "country": "XAA", "point": "1.5,2.5", "precision": "2", "actor.kind": "state.police",
		"actor.state": "XAA", "actor.note": "de facto possible", "worker.killed": "2", "worker.abducted": "", "worker.injured": "0",
		"codes": "ATT.IND PER.ARR PER.KIL", "resources": "facility personnel", "context": "armed_conflict"} {
		if got := r.Get(field); got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
	if r.ExternalID != "900001" || r.Namespace != "SiND" || r.Series != "SiND" {
		t.Errorf("%+v", r)
	}
}

// An edition nobody here has seen: columns in another order, misspelt,
// doubled blanks, one more column, another delimiter, a title line above.
func TestEditionDrifted(t *testing.T) {
	plain, _ := one(t, edition(nil), Options{})
	for name, change := range map[string]func(h, r []string) ([]string, []string){
		"reversed": func(h, r []string) ([]string, []string) { slices.Reverse(h); slices.Reverse(r); return h, r },
		"misspelt": func(h, r []string) ([]string, []string) {
			h[16], h[14], h[10] = "Health  Workers Kidanpped ", "HEALTH WORKERS KILLED", "Weapon Caried/Used"
			return h, r
		},
		"one more, empty": func(h, r []string) ([]string, []string) { return append(h, "Region of Origin"), append(r, "") },
		"ids as floats":   func(h, r []string) ([]string, []string) { r[20] += ".0"; r[14] = "2.0"; return h, r },
	} {
		t.Run(name, func(t *testing.T) {
			r, h := one(t, edition(change), Options{})
			if d := difference(values(plain), values(r)); d != "" || r.ExternalID != plain.ExternalID {
				t.Errorf("changed: %s, id %s", d, r.ExternalID)
			}
			for _, w := range h.warnings {
				if strings.Contains(w, "not known") {
					t.Error(w)
				}
			}
		})
	}
	tabbed := strings.ReplaceAll(edition(nil), ",", ";")
	if r, _ := one(t, "\ufeffIncidents of an invented year\n\n"+tabbed+";;;;;;\n", Options{}); r.ExternalID != "900001" {
		t.Errorf("title line and semicolons: %+v", r)
	}
}

func TestNewColumnWithContent(t *testing.T) {
	r, h := one(t, edition(func(h, r []string) ([]string, []string) { return append(h, "Drone Type"), append(r, "quadcopter") }), Options{})
	if r.Raw[len(r.Raw)-1] != "quadcopter" || !strings.Contains(strings.Join(h.warnings, "\n"), `"Drone Type" is not known`) {
		t.Errorf("raw %v, warnings %q", r.Raw, h.warnings)
	}
}

func drop(fields ...string) func(h, r []string) ([]string, []string) {
	return func(h, r []string) ([]string, []string) {
		var nh, nr []string
		for i := range h {
			if !slices.Contains(fields, h[i]) {
				nh, nr = append(nh, h[i]), append(nr, r[i])
			}
		}
		return nh, nr
	}
}

func TestMissingColumns(t *testing.T) {
	_, h := one(t, edition(drop("Weapon Carried/Used")), Options{})
	if !strings.Contains(strings.Join(h.warnings, "\n"), "Weapon Carried/Used") {
		t.Errorf("%q", h.warnings)
	}
	_, err := Open(write(t, "a.csv", edition(drop("Date"))), Options{})
	wantKind(t, err, fault.Invalid, "lacks", `"Date"`, "--map")
	health := []string{"Health Workers Killed", "Health Workers Injured", "Health Workers Arrested", "Health Workers Kidnapped",
		"Number of Attacks on Health Facilities Reporting Destruction", "Number of Attacks on Health Facilities Reporting Damaged"}
	_, err = Open(write(t, "b.csv", edition(drop(health...))), Options{})
	wantKind(t, err, fault.Invalid, "what happened")
	r, _ := one(t, edition(drop("SiND Event ID")), Options{})
	if r.ExternalID != "" || r.Key != "XAA|2021-03-07|north|facility.damaged=1 worker.killed=2 worker.arrested=1" {
		t.Errorf("key %q", r.Key)
	}
}

func TestMappingFile(t *testing.T) {
	content := edition(func(h, r []string) ([]string, []string) { h[0] = "Tag der Tat"; return h, r })
	_, err := Open(write(t, "a.csv", content), Options{})
	wantKind(t, err, fault.Invalid, `"Date"`)
	r, _ := one(t, content, Options{Map: write(t, "m.json", `{"Tag der Tat":"date"}`)})
	if r.Get("date") != "2021-03-07" {
		t.Errorf("%+v", r.Values)
	}
	for _, bad := range []string{`{"No such":"date"}`, `{"Tag der Tat":"no.such"}`, `[1]`} {
		_, err := Open(write(t, "a.csv", content), Options{Map: write(t, "m.json", bad)})
		wantKind(t, err, fault.Invalid)
	}
	_, err = Open(write(t, "a.csv", content), Options{Map: "no-such-file.json"})
	wantKind(t, err, fault.NotFound)
}

// Tags: one that is vaguer warns, two that are swapped ask.
func TestTags(t *testing.T) {
	tagged := func(killed, injured string) string {
		plain := strings.SplitAfterN(edition(nil), "\n", 2)
		tags := make([]string, 21)
		tags[0], tags[2], tags[14], tags[15], tags[20] = "#date", "#country +name", killed, injured, "#event +id"
		return plain[0] + csvOf(tags) + plain[1]
	}
	r, h := one(t, tagged("#affected+killed", "#affected +injured +healthworker"), Options{})
	if r.Get("worker.killed") != "2" || !strings.Contains(strings.Join(h.warnings, "\n"), "less or more") {
		t.Errorf("%v %q", r.Values, h.warnings)
	}
	_, err := Open(write(t, "a.csv", tagged("#affected+healthworker+injured", "#affected+healthworker+killed")), Options{})
	wantKind(t, err, fault.Undecided, "column 15", "column 16")
}

func TestTagsWithoutHeaders(t *testing.T) {
	tags := []string{"#date", "#country+name", "#country+ISO", "#affected+healthworker+killed", "#affected+healthworker+injured", "#affected+healthworker+arrested",
		"#affected+healthworker+kidnapped", "#affected+healthworker+threatened", "#affected+healthworker+assaulted", "#adm1", "#event+id", "#weapon", "#loc",
		"#indicator+health_facility+damaged+num", "#group+perp", "#description"}
	row := []string{"2021-03-07", "XAA", "XAA", "3", "0", "0", "0", "0", "0", "North", "900001", "Firearms", "Road", "0", "NSA", "Invented."}
	r, _ := one(t, csvOf(tags, row), Options{})
	if r.Get("worker.killed") != "3" || r.ExternalID != "900001" {
		t.Errorf("%+v", r.Values)
	}
}

func TestLebanonShapeElsewhere(t *testing.T) {
	rec := `{"date":"2021-03-07","admin1":"%s","perpetrator":"No Information","weapon":"Firearms","location":"Road","facilitiesDestroyed":0,"facilitiesDamaged":1,
"healthWorkersKilled":0,"healthWorkersInjured":0,"healthWorkersKidnapped":0,"healthWorkersArrested":0,"transportDestroyed":0,"transportDamaged":0,"ems":true,"eventId":"900001"}`
	north := `{"data":[` + strings.Replace(rec, "%s", "Nowhere Province", 1) + `]}`
	_, err := Open(write(t, "a.json", north), Options{})
	wantKind(t, err, fault.Invalid, "names no country", "constants")
	r, _ := one(t, north, Options{Map: write(t, "m.json", `{"constants":{"country":"XAA"}}`)})
	if r.Get("country") != "XAA" || r.Get("ems") != "yes" {
		t.Errorf("%+v", r.Values)
	}
}

func TestCells(t *testing.T) {
	count := &Column{Field: "worker.killed", Codec: "count"}
	for cell, want := range map[string]string{"": "", "0": "0", " 3 ": "3", "3.0": "3", "1,200": "1200", "-2": "", ".": "", "2-3": "2..2..3", "2 to 3": "2..2..3",
		"at least 4": "4", "4+": "4", "dozens": "", "censored": "withheld", "1e99": "", "99999999": "", "Unknown": ""} {
		if got := readCount(count, "sind", cell); got.value != want {
			t.Errorf("count %q = %q, want %q", cell, got.value, want)
		}
	}
	for cell, want := range map[string]string{"2021-03-07": "2021-03-07", "2/8/24 12:00 AM": "2024-02-08", "28 Feb 2017": "2017-02-28", "Feb 28, 2017": "2017-02-28",
		"2019-05": "2019-05", "2019": "2019", "1727222400000": "2024-09-25", "44262": "2021-03-07", "20210307": "2021-03-07", "31/12/2020": "2020-12-31", "May 2021": "2021-05",
		"2021-03-07T10:30:00Z": "2021-03-07", "2021/03/07": "2021-03-07", "13/13/2020": "", "yesterday": "", "2021-02-30": ""} {
		m, ok := parseDate(cell, "mdy")
		d, valid := m.date()
		if got := d.String(); ok && valid && got != want || !(ok && valid) && want != "" {
			t.Errorf("date %q = %q, want %q", cell, got, want)
		}
	}
	if m, ok := parseDate("2/8/2024", ""); !ok || !m.ambiguous || m.m != 0 {
		t.Errorf("%+v", m)
	}
}

func TestRowDecisions(t *testing.T) {
	for name, c := range map[string]struct {
		at     map[int]string
		flag   string
		reject string
		field  string
		want   string
	}{
		"future":             {map[int]string{0: "2999-01-01"}, "", RejectDateImpossible, "", ""},
		"before 1900":        {map[int]string{0: "1899-01-01"}, "", RejectDateImpossible, "", ""},
		"no date":            {map[int]string{0: ""}, "", RejectDateMissing, "", ""},
		"no country":         {map[int]string{2: "", 3: ""}, FlagCountryMissing, "", "country", "ZZZ"},
		"unknown country":    {map[int]string{2: "Atlantis Major", 3: ""}, FlagCountryUnknown, "", "country", "ZZZ"},
		"censored":           {map[int]string{4: "censored", 5: "censored", 6: "censored", 7: "censored"}, "", "", "point", "withheld"},
		"country level":      {map[int]string{7: "(6) Country"}, FlagPointVague, "", "precision", "6"},
		"two in one":         {map[int]string{5: "1.5, 2.5", 6: "2.5)"}, FlagRepaired, "", "point", "1.5,2.5"},
		"negative":           {map[int]string{14: "-2"}, FlagCountNegative, "", "worker.killed", ""},
		"another month":      {map[int]string{1: "May 2021: Something invented."}, FlagMonthDiffers, "", "", ""},
		"unknown category":   {map[int]string{8: "Pirate Parrot"}, FlagValueUnmapped, "", "detail:reported-perpetrator", "Pirate Parrot"},
		"mojibake":           {map[int]string{4: "Province de la MÃ¨re"}, FlagRepaired, "", "adm1", "Province de la Mère"},
		"military no name":   {map[int]string{8: "Government: Military"}, "", "", "actor.state", "XAA"},
		"foreign no name":    {map[int]string{8: "Foreign Forces: Military"}, "", "", "actor.state", ""},
		"group called State": {map[int]string{8: "NSA", 9: "Armed Forces of the Russian Federation"}, FlagActorContradicts, "", "actor.state", "RUS"},
		"army abroad":        {map[int]string{8: "Government: Military", 9: "Armed Forces of the Russian Federation"}, "", "", "actor.kind", "foreign.military"},
	} {
		t.Run(name, func(t *testing.T) {
			// a second, sound row keeps the sample credible
			content := edition(nil)
			header, sound, _ := strings.Cut(content, "\n")
			changed := edition(func(h, r []string) ([]string, []string) {
				for i, v := range c.at {
					r[i] = v
				}
				return h, r
			})
			_, bad, _ := strings.Cut(changed, "\n")
			h := readAll(t, write(t, "a.csv", header+"\n"+sound+bad), Options{})
			r := h.rows[1]
			if c.reject != "" {
				if r.Reject == nil || r.Reject.Code != c.reject || len(r.Raw) != 21 {
					t.Fatalf("%+v", r.Reject)
				}
				return
			}
			if c.flag != "" && h.flags[c.flag] != 1 {
				t.Errorf("flags %v, want %s", r.Flags, c.flag)
			}
			if c.field != "" && r.Get(c.field) != c.want {
				t.Errorf("%s = %q, want %q", c.field, r.Get(c.field), c.want)
			}
		})
	}
}
