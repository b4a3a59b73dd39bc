package exchange

import (
	"errors"
	"testing"

	"ward/fault"
	"ward/when"
)

// asOf fixes the day after which dates are rejected.
var asOf = func() when.Day {
	d, err := when.YMD(2026, 11, 21)
	if err != nil {
		panic(err)
	}
	return d.To()
}()

func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		file, layout string
		opt          Options
		rows         int
		totals       map[string]int64
		flags        map[string]int
	}{
		{"sind_global_2016-2023.xlsx", "sind-2016-2023", Options{}, 8854,
			map[string]int64{"worker.killed": 1634, "worker.injured": 2519, "worker.abducted": 1212, "worker.arrested": 1781},
			map[string]int{FlagCountNegative: 1, FlagPointVague: 941, FlagMonthDiffers: 84, FlagCountryMissing: 0, FlagValueUnmapped: 0, FlagDateContradiction: 0}},
		{"shcc_global_2022.xlsx", "shcc-2022", Options{Map: "labels"}, 1989,
			map[string]int64{"worker.killed": 232, "worker.injured": 370, "worker.abducted": 301, "worker.arrested": 294},
			map[string]int{FlagValueUnmapped: 0, FlagCountUnread: 0}},
		{"shcc_global_2019.xlsx", "shcc-2019", Options{}, 1203,
			map[string]int64{"worker.killed": 151, "worker.injured": 502, "worker.abducted": 90, "worker.arrested": 92},
			map[string]int{FlagCountUnread: 1, FlagDateContradiction: 2, FlagValueUnmapped: 0}},
		{"shcc_syria_2019.xlsx", "shcc-2019-country", Options{}, 147,
			map[string]int64{"worker.killed": 41, "worker.arrested": 12}, map[string]int{FlagValueUnmapped: 0}},
		{"who_ssa_2017-2024.csv.gz", "who-ssa", Options{}, 6277,
			map[string]int64{"total.killed": 1902, "total.injured": 4056, "worker.abducted": 415},
			map[string]int{FlagDateContradiction: 21, FlagValueUnmapped: 0, FlagCountryUnknown: 0}},
		{"awsd_2016-10-03.csv", "awsd-2016", Options{}, 2088,
			map[string]int64{"aid.killed": 1494, "aid.wounded": 1388, "aid.kidnapped": 1099},
			map[string]int{FlagCountryMissing: 6, FlagRepaired: 1, FlagPointUnread: 0, FlagValueUnmapped: 0}},
		{"awsd_2020-11-25.csv", "awsd-2020", Options{}, 3002,
			map[string]int64{"aid.killed": 2060, "aid.wounded": 2037, "aid.kidnapped": 1568},
			map[string]int{FlagCountryMissing: 6, FlagPointUnread: 3, FlagValueUnmapped: 0}},
		{"sind_lebanon.json", "sind-lebanon-json", Options{}, 553,
			map[string]int64{"worker.killed": 424, "worker.injured": 441}, map[string]int{FlagValueUnmapped: 0}},
	} {
		t.Run(c.file, func(t *testing.T) {
			c.opt.Today = asOf
			h := readAll(t, real(t, c.file), c.opt)
			if len(h.rows) != c.rows || h.rejects != 0 || h.layout != c.layout {
				t.Errorf("%d rows, %d rejected, layout %s; want %d, 0, %s", len(h.rows), h.rejects, h.layout, c.rows, c.layout)
			}
			for field, want := range c.totals {
				if h.totals[field] != want {
					t.Errorf("%s = %d, want %d", field, h.totals[field], want)
				}
			}
			for code, want := range c.flags {
				if h.flags[code] != want {
					t.Errorf("flag %s on %d rows, want %d", code, h.flags[code], want)
				}
			}
			t.Log(h.flags)
		})
	}
}

// Equal years in both Syrian files' ids: SY1 there and here is one incident.
func TestSyriaShares(t *testing.T) {
	world := readAll(t, real(t, "shcc_global_2019.xlsx"), Options{})
	syria := readAll(t, real(t, "shcc_syria_2019.xlsx"), Options{})
	at := map[string]string{}
	for _, r := range world.rows {
		at[r.Namespace+r.ExternalID] = r.Get("country") + r.Get("adm1") + r.Get("worker.killed")
	}
	for _, r := range syria.rows {
		if at[r.Namespace+r.ExternalID] != r.Get("country")+r.Get("adm1")+r.Get("worker.killed") {
			t.Errorf("row %d is another incident in the world file", r.Number)
		}
	}
}

func TestPartialDates(t *testing.T) {
	h := readAll(t, real(t, "shcc_global_2019.xlsx"), Options{})
	monthOnly := 0
	for _, r := range h.rows {
		d, err := when.Parse(r.Get("date"))
		if err != nil || d.IsZero() {
			t.Fatalf("row %d: %v", r.Number, err)
		}
		if !d.Exact() {
			monthOnly++
		}
	}
	if monthOnly != 3 { // one has "-" for a day, two days contradict their month
		t.Errorf("%d partial dates, want 3", monthOnly)
	}
	aid := readAll(t, real(t, "awsd_2020-11-25.csv"), Options{})
	partial := 0
	for _, r := range aid.rows {
		if d, err := when.Parse(r.Get("date")); err == nil && !d.Exact() {
			partial++
		}
	}
	if partial != 313 {
		t.Errorf("%d partial dates in AWSD 2020, want the 313 rows without a day", partial)
	}
}

func TestConflict(t *testing.T) {
	path := real(t, "shcc_global_2022.xlsx")
	_, err := Open(path, Options{})
	wantKind(t, err, fault.Undecided, "column 18", "column 19", "column 20", "--map")
	var c *Conflict
	if !errors.As(err, &c) || len(c.Columns) != 3 {
		t.Fatalf("%#v", err)
	}
	if r := c.Columns[0]; r.ByLabel != "worker.abducted" || r.ByTag != "worker.arrested" {
		t.Errorf("%+v", r)
	}
	tags := readAll(t, path, Options{Map: "tags"})
	if tags.totals["worker.abducted"] != 294 || tags.totals["worker.arrested"] != 301 {
		t.Errorf("by tags: abducted %d arrested %d", tags.totals["worker.abducted"], tags.totals["worker.arrested"])
	}
	file := write(t, "map.json", `{"Known Kidnapping or Arrest Outcome":"outcome","18":"worker.abducted","19":"worker.arrested"}`)
	if h := readAll(t, path, Options{Map: file}); h.totals["worker.abducted"] != 301 {
		t.Errorf("by mapping: abducted %d", h.totals["worker.abducted"])
	}
	half := write(t, "half.json", `{"18":"worker.abducted"}`)
	_, err = Open(path, Options{Map: half})
	wantKind(t, err, fault.Undecided, "column 19")
}

// The two blocks of shcc_global_2022 repeat headers; the first counts the
// event, the second opens the breakdown.
func TestRepeatedHeaders(t *testing.T) {
	h := readAll(t, real(t, "shcc_global_2022.xlsx"), Options{Map: "labels"})
	if a, b := h.totals["worker.injured"], h.totals["detail:health-workers-injured"]; a != 370 || b != 293 {
		t.Errorf("injured %d and in the breakdown %d, want 370 and 293", a, b)
	}
}

// Whose act: no act of the Russian army falls to Ukraine, none of the Israeli
// army to Palestine.
func TestActorsState(t *testing.T) {
	h := readAll(t, real(t, "sind_global_2016-2023.xlsx"), Options{})
	n := map[string]int{}
	for _, r := range h.rows {
		name, state := r.Get("actor.name"), r.Get("actor.state")
		switch name {
		case "Armed Forces of the Russian Federation":
			n["RUS"]++
			if state != "RUS" {
				t.Fatalf("row %d: State %q", r.Number, state)
			}
		case "Israeli Defence Forces":
			n["ISR"]++
			if state != "ISR" {
				t.Fatalf("row %d: State %q", r.Number, state)
			}
		case "", "Unidentified Armed Actor":
			if r.Get("country") == "PSE" && state != "" {
				t.Fatalf("row %d: nobody is named in PSE, yet State %q", r.Number, state)
			}
		}
	}
	if n["RUS"] != 1115 || n["ISR"] != 968 {
		t.Errorf("%v", n)
	}
}

func TestDeclined(t *testing.T) {
	for file, word := range map[string]string{
		"sind_overview_country_year.json": "ward reconcile",
	} {
		_, err := Open(real(t, file), Options{})
		wantKind(t, err, fault.Refused, word)
	}
	for _, file := range []string{"hdx_schema.csv", "hdx_attributes.csv"} {
		_, err := Open(real(t, file), Options{})
		wantKind(t, err, fault.Invalid)
	}
}
