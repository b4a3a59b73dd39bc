package exchange

import (
	"strings"
	"testing"

	"ward/fault"
	"ward/tally"
	"ward/vocab"
)

// sums are the totals of one count over a file, rejected rows left out.
func (h *harvest) sums(field string) (n tally.Count) {
	for _, r := range h.rows {
		if c, err := tally.Parse(r.Get(field)); err == nil && r.Reject == nil {
			n = n.Add(c)
		}
	}
	return n
}

// The figures were counted independently of this program, straight from the publishers' files.
func TestRealPublishersOfOtherScopes(t *testing.T) {
	for _, c := range []struct {
		file, layout, scope string
		rows, rejects       int
		field               string
		sums                tally.Count
		flags               map[string]int
	}{
		{"iraq_body_count_incidents.csv.gz", "ibc-incidents", "civilian", 51607, 0, "total.killed", tally.Count{Low: 171120, Best: 171120, High: 190936},
			map[string]int{FlagCountUnordered: 20, FlagCountUnread: 0, FlagDateContradiction: 0, FlagIDMissing: 0}},
		{"ucdp_ged_sample_1000.csv", "ucdp-ged", "civilian", 1000, 0, "total.killed", tally.Count{Low: 6213, Best: 9561, High: 22026},
			map[string]int{FlagCountUnordered: 13, FlagPointVague: 12, FlagCountryUnknown: 0, FlagValueUnmapped: 0, FlagCountNegative: 0}},
		{"hhs_ocr_breaches_2009-2016.csv", "hhs-breaches", "cyber", 1688, 0, "data.subjects", tally.Exact(168814997),
			map[string]int{FlagCountDiffers: 98, FlagValueUnmapped: 0, FlagCountUnread: 0, FlagValueUnread: 0, FlagIDMissing: 1688}},
		{"vcdb_sample_3.jsonl", "veris", "cyber", 3, 0, "data.subjects", tally.Exact(290001),
			map[string]int{FlagSectorOther: 1, FlagValueUnmapped: 0, FlagIDMissing: 0}},
		{"moph_lebanon_2024_b.json", "moph-lebanon", "health", 78, 3, "total.injured", tally.Exact(60),
			map[string]int{FlagDateContradiction: 75, FlagColumnsDiffer: 0, FlagValueUnmapped: 0, FlagIDMissing: 0}},
	} {
		t.Run(c.file, func(t *testing.T) {
			h := readAll(t, real(t, c.file), Options{Today: asOf})
			p, _ := Find(strings.TrimSuffix(c.layout, "-incidents"))
			if len(h.rows) != c.rows || h.rejects != c.rejects || h.layout != c.layout || p.Scope != c.scope {
				t.Errorf("%d rows, %d rejected, layout %s, scope %q", len(h.rows), h.rejects, h.layout, p.Scope)
			}
			if got := h.sums(c.field); got != c.sums {
				t.Errorf("%s adds up to %+v, want %+v", c.field, got, c.sums)
			}
			for code, want := range c.flags {
				if h.flags[code] != want {
					t.Errorf("flag %s on %d rows, want %d", code, h.flags[code], want)
				}
			}
			for _, r := range h.rows {
				for _, v := range r.Values {
					if _, ok := vocab.FieldOf(v.Field); !ok {
						t.Fatalf("row %d asserts %q, which is no field", r.Number, v.Field)
					}
				}
			}
		})
	}
}

// Low and high of the file add up whatever their order: 171,238 least and 190,818 most.
func TestNoDeathOfIraqBodyCountIsLost(t *testing.T) {
	h := readAll(t, real(t, "iraq_body_count_incidents.csv.gz"), Options{Today: asOf})
	n := h.sums("total.killed")
	spans := 0
	for _, r := range h.rows {
		if strings.Contains(r.Get("date"), "/") {
			spans++
		}
	}
	if n.Low+n.High != 171238+190818 || spans != 2851 {
		t.Errorf("%+v, %d spans of days", n, spans)
	}
}

func TestLowBestAndHighInColumnsOfTheirOwn(t *testing.T) {
	const head = "id,type_of_violence,dyad_name,number_of_sources,where_prec,country,date_start,date_end,event_clarity,date_prec,side_a,side_b,deaths_a,best,high,low\n"
	for _, c := range []struct{ best, high, low, want, flag string }{
		{"2", "3", "1", "1..2..3", ""}, {"2", "2", "2", "2", ""}, {"2", "2", "3", "2..2..3", FlagCountUnordered}, {"10", "9", "9", "9..10..10", FlagCountUnordered},
		{"", "3", "1", "1..1..3", ""}, {"2", "", "", "2", ""}, {"", "3", "", "0..0..3", ""}, {"2", "", "1", "1..2..2", ""}, {"", "", "", "", ""},
		{"2", "3", "-1", "2..2..3", FlagCountNegative}, {"x", "3", "1", "1..1..3", FlagCountUnread}, {"censored", "3", "1", "withheld", ""},
	} {
		row := "1,3,a,-1,6,XAA,2021-03-07,2021-03-09,2,2,a,b,0," + c.best + "," + c.high + "," + c.low + "\n"
		r, h := one(t, head+row, Options{})
		if got := r.Get("total.killed"); got != c.want || h.flags[c.flag] != min(1, len(c.flag)) {
			t.Errorf("best %q, high %q, low %q: %q %v, want %q %s", c.best, c.high, c.low, got, r.Flags, c.want, c.flag)
		}
		says(t, r, map[string]string{"date": "2021-03-07/2021-03-09", "precision": "6", "detail:event-clarity": "2 not clear", "detail:number-of-sources": "", "actor.kind": ""})
	}
}

func TestASpanOfDaysThatCannotBe(t *testing.T) {
	const head = "ibc_code,start_date,end_date,time,location,target,weapons,reported_minimum,reported_maximum,sources\n"
	for end, want := range map[string]struct{ date, flag string }{
		"27 Feb 2017": {"2017-02-28", FlagDateContradiction}, "soon": {"2017-02-28", FlagValueUnread}, "1 Mar 2100": {"2017-02-28", FlagDateContradiction},
		"28 Feb 2017": {"2017-02-28", ""}, "": {"2017-02-28", ""}, "Mar 2017": {"2017-02-28/2017-03", ""}, "1 Mar 2017": {"2017-02-28/2017-03-01", ""},
	} {
		r, h := one(t, head+"x1,28 Feb 2017,"+end+",PM,Somewhere,a car,-,1,2,\"A 1 Mar, B\"\n", Options{Today: asOf})
		if r.Get("date") != want.date || h.flags[want.flag] != min(1, len(want.flag)) {
			t.Errorf("%q: %s %v", end, r.Get("date"), r.Flags)
		}
		says(t, r, map[string]string{"country": "IRQ", "weapon": "", "total.killed": "1..1..2", "detail:sources": "A 1 Mar, B"})
	}
}

func TestExpressionsOfATable(t *testing.T) {
	for cell, want := range map[string]string{
		`Quantity[1000, "People"]`: "1000", `Quantity["", "People"]`: "", `Missing["NotAvailable"]`: "", `Entity["Country", "PuertoRico"]`: "Puerto Rico",
		`Entity["AdministrativeDivision", {"DistrictOfColumbia", "UnitedStates"}]`: "District of Columbia", `DateObject[{2009, 1, 2}, "Day", "Gregorian", -5.]`: "2009-01-02",
		`Failure["ConnectionFailure", <|"MessageParameters" -> <|"Input" -> "10/08/2014"|>, "Input" -> "10/08/2014"|>]`: "10/08/2014",
		"Theft, Loss": "Theft, Loss", "Dr. X [sic]": "Dr. X [sic]", "A[": "A[", "Quantity[]": "", "": "", `Quantity[{[`: `Quantity[{[`,
	} {
		if got := plainExpression(cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
}

// The portal's own table, without expressions, is the same register; the words contradict one of its counts.
func TestBreachesAsThePortalWritesThem(t *testing.T) {
	const head = "Name of Covered Entity,State,Covered Entity Type,Individuals Affected,Breach Submission Date,Type of Breach,Location of Breached Information,Business Associate Present,Web Description\n"
	r, h := one(t, head+`A clinic,TX,Healthcare Provider,"78,800,000",10/08/2014,"Loss, Theft",Laptop,No,"A binder of up to 1,272 individuals was stolen."`+"\n", Options{})
	says(t, r, map[string]string{"date": "2014-10-08", "country": "USA", "adm1": "TX", "data.subjects": "78800000", "codes": "CYB.EXF", "resources": "records_data", "actor.state": ""})
	if h.flags[FlagCountDiffers] != 1 || h.flags[FlagDoubt] != 1 {
		t.Errorf("%v", r.Flags)
	}
}

func TestVerisRecords(t *testing.T) {
	const record = `{"incident_id":"9","security_incident":"False positive","summary":"Something","timeline":{"incident":{"year":2021,"month":3}},"victim":{"country":["XA","XB"],"industry":"622110","victim_id":"A clinic"},
		"actor":{"external":{"variety":["State-affiliated"],"country":["RU"]},"internal":{"variety":["Doctor or nurse"]}},"action":{"malware":{"variety":["Ransomware","C2"]}},
		"attribute":{"confidentiality":{"data":[{"amount":5,"variety":"Medical"},{"variety":"Personal"}],"data_disclosure":"No"},"availability":{"variety":["Interruption"]}},"plus":{"care_impact":["diversion","cancelled"]}}`
	for name, content := range map[string]string{"alone": record, "line by line": record + "\n" + record, "list": "[" + record + "]"} {
		h := readAll(t, write(t, "a.json", content), Options{})
		if h.layout != "veris" || len(h.rows) != max(1, strings.Count(name, "line")) && name == "alone" {
			t.Errorf("%s: %s, %d rows", name, h.layout, len(h.rows))
		}
		says(t, h.rows[0], map[string]string{"date": "2021-03", "certainty": "discounted", "country": "ZZZ", "actor.kind": "cyber_group health_professional", "actor.state": "",
			"codes": "CYB.DDS CYB.RAN", "detail:attribute-confidentiality-data-variety": "Medical, Personal", "care.impact": "", "place": "A clinic"})
	}
	impact := strings.Replace(record, `["diversion","cancelled"]`, `"diversion cancelled"`, 1)
	r := readAll(t, write(t, "a.json", impact), Options{}).rows[0]
	says(t, r, map[string]string{"care.impact": "cancelled diversion"})
}

func TestJSONLinesThatAreBroken(t *testing.T) {
	for content, words := range map[string]string{
		"{\"incident_id\":\"1\"}\n{\"incident_id\":": "ends early", "{\"a\":1}\n{\"a\":2}\n]": "broken", "{\"a\":1}\n{\"b\":2}\n3": "not a record", "{\"a\":1} {\"b\" 2}": "broken",
		"{}\n{}": "no records",
	} {
		_, err := tryAll(write(t, "a.jsonl", content), Options{})
		wantKind(t, err, fault.Invalid, words)
	}
	_, err := tryAll(write(t, "a.jsonl", "{\"a\":1}\n{\"b\":\""+strings.Repeat("x", 3*maxRecord)+"\"}\n"), Options{})
	wantKind(t, err, fault.Limit, "longer than")
	wide := "{\"a\":" + strings.Repeat("{\"x\":", maxDepth+5) + "1" + strings.Repeat("}", maxDepth+6) + "\n{\"a\":1}"
	if _, err := tryAll(write(t, "a.jsonl", wide), Options{}); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}

// Arabic and English columns of the ministry's layer say the same twice; where they do not, a person is asked to look.
func TestTheMinistrysLayer(t *testing.T) {
	layer := func(attributes string) string {
		return `{"hasZ":false,"fields":[{"name":"x"}],"features":[{"attributes":{"globalid":"{1}","health_facility_type":"PHC","governorate_name":"South",` + attributes + `},"geometry":{"x":35.5,"y":33.5}}]}`
	}
	r, h := one(t, layer(`"تاريخ_الاعتداء":"2/8/24 12:00 AM","dateofincident":1722546000000,"martyrs":1,"عدد_الشهداء":2,"injuries":null,"عدد_الجرحى":4,"name":"A clinic","vehicles":1,"total":null`), Options{Today: asOf})
	says(t, r, map[string]string{"date": "2024-08-02", "country": "LBN", "total.killed": "1", "total.injured": "4", "facility.type": "primary_care", "point": "33.5,35.5", "codes": "ATT.TRN", "actor.kind": ""})
	if h.flags[FlagColumnsDiffer] != 1 || h.flags[FlagDateContradiction] != 0 {
		t.Errorf("%v", r.Flags)
	}
	for _, other := range []string{"1729890000000", "1724619600000"} { // a month later, a month earlier
		r, _ = one(t, layer(`"تاريخ_الاعتداء":"26/09/2024","martyrs":0,"vehicles":0,"dateofincident":`+other), Options{Today: asOf})
		if r.Get("date") != "2024-09-26" || len(r.Flags) == 0 || r.Flags[0].Code != FlagDateContradiction {
			t.Errorf("%+v", r)
		}
	}
	r, _ = one(t, strings.Replace(layer(`"تاريخ_الاعتداء":null,"dateofincident":1728464400000,"total":87`), "PHC", "Healthcare Workers Fatalities", 1), Options{Today: asOf})
	if r.Reject == nil || r.Reject.Code != RejectTotal || !strings.Contains(Meaning(r.Reject.Code), "ward reconcile") {
		t.Errorf("%+v", r.Reject)
	}
	r, _ = one(t, layer(`"تاريخ_الاعتداء":null,"dateofincident":1728464400000,"martyrs":1`), Options{Today: asOf})
	if r.Reject == nil || r.Reject.Code != RejectDateMissing {
		t.Errorf("a row that only the wrong column dates: %+v", r)
	}
}

// The description that reads a register writes it, and what it wrote says the same. VERIS is left out: its codes stand in
// several columns at once.
func TestRegistersOfOtherScopesRewrittenSayTheSame(t *testing.T) {
	for _, name := range []string{"ucdp_ged_sample_1000.csv", "iraq_body_count_incidents.csv.gz", "hhs_ocr_breaches_2009-2016.csv", "moph_lebanon_2024_b.json"} {
		t.Run(name, func(t *testing.T) {
			r, rows := allRows(t, real(t, name))
			kept := rows[:0]
			for _, row := range rows {
				if row.Reject == nil {
					kept = append(kept, row)
				}
			}
			_, back := rewritten(t, r.Profile().Name, r.Layout(), "again.csv", kept)
			compareRows(t, kept, back)
		})
	}
}
