package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"ward/vocab"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fourRegisters are invented incidents of several registers: of WHO's, of the aid workers' database, of Insecurity Insight's, and Ward's own with what the others cannot say.
func fourRegisters() []Record {
	ssa := Record{ID: "WRD-XAA-2021-SSA00001", Namespace: "SSA", Source: "WHO", Licence: "terms", Redistribute: RedistributeNoncommercial, ExternalID: "x000001", Values: []Value{
		{"date", "2021-05-07", "5/7/21 12:00 AM"}, {"country", "XAA", "Arcadia"}, {"certainty", "confirmed", "Confirmed"}, {"time", "06:00", ""},
		{"codes", "ATT.IND DEN.PHY", "Violence with individual weapons, Obstruction to health care delivery"}, {"total.killed", "0", "0.0"}, {"total.injured", "2", "2.0"},
		{"detail:hc-facilities", "yes", "YES"}, {"detail:hc-transport", "unknown", "Unknown"}, {"facility.type", "primary_care", "Primary"}, {"resources", "facility", ""}, {"context", "unknown", ""}}}
	awsd := Record{ID: "WRD-XAB-2020-AWSD0001", Namespace: "AWSD", Source: "Aid", Redistribute: RedistributeYes, ExternalID: "77", Values: []Value{
		{"date", "2020-03", ""}, {"country", "XAB", "Belmara"}, {"adm1", "=North", ""}, {"point", "4.1234567,-5.50", ""}, {"aid.killed", "1", ""}, {"aid.wounded", "0", ""}, {"aid.national.killed", "1", ""},
		{"weapon", "Shooting", "S"}, {"location", "road", "Road"}, {"actor.kind", "nsag", "Non-state armed group: National"}, {"actor.name", "Marsh Front", ""},
		{"certainty", "probable", "Yes"}, {"description", "One aid worker was killed, at 5.", ""}, {"context", "unknown", ""}}}
	sind := Record{ID: "WRD-XAA-2022-SIND0001", Namespace: "SiND", Source: "Insight", Redistribute: RedistributeYes, ExternalID: "20001", Values: []Value{
		{"date", "2022-01-02", ""}, {"country", "XAA", "Arcadia"}, {"adm1", "South", ""}, {"point", "1.25,-2.5", ""}, {"precision", "6", "(6) Country"}, {"worker.killed", "2..2..5", "2-5"}, {"worker.arrested", "1", ""},
		{"worker.injured", "withheld", "censored"}, {"facility.damaged", "1", ""}, {"actor.kind", "state.military", "Armed Forces of Government/Self-Declared Government"}, {"actor.state", "XAA", ""},
		{"codes", "ATT.IND PER.ARR PER.KIL", ""}, {"resources", "facility personnel", ""}, {"certainty", "possible", ""}, {"weapon", "Firearms", ""}, {"location", "health_building", "Health Building"}}}
	own := Record{ID: "WRD-XAC-2023-OWN00001", Namespace: "WRD", Source: "Doctors", Redistribute: RedistributeYes, Values: []Value{
		{"date", "2023-04", ""}, {"country", "XAC", ""}, {"point", "10.5,20.125", ""}, {"precision", "1", ""}, {"codes", "ATT.UTL DEN.CHK PER.LIC", ""}, {"resources", "records_data transport", ""},
		{"certainty", "probable", ""}, {"worker.killed", "1", ""}, {"aid.killed", "1", ""}, {"actor.kind", "occupying", ""}, {"actor.state", "XAB", ""}, {"facility.type", "hospital.children", ""}, {"location", "checkpoint", ""}}}
	hidden := Record{ID: "WRD-XAC-2023-NONE0001", Source: "Shy", Redistribute: RedistributeUnknown, Values: own.Values}
	return []Record{ssa, awsd, sind, own, hidden}
}

// The files as they leave, byte by byte, with the steps that lost something.
func TestEveryFormatAsItLeaves(t *testing.T) {
	for _, format := range []string{FormatSiNDCSV, FormatSSA, FormatAWSD, FormatGeo, FormatCSV} {
		var b bytes.Buffer
		w, err := NewWriter(&b, format, WriteOptions{HXL: true})
		if err != nil {
			t.Fatal(err)
		}
		before, after := fourRegisters(), fourRegisters()
		for _, r := range after {
			if _, err := w.Put(r); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(before, after) {
			t.Errorf("%s: a record was changed by being written", format)
		}
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, s := range w.Steps() {
			line, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString("-- " + string(line) + "\n")
		}
		golden(t, "export-"+format, b.Bytes())
	}
}

// golden holds that what was written is what stands in a file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name + ".golden"
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("it is no longer written as in %s:\n%s", path, got)
	}
}

// The crosswalk of incident codes into WHO's attack types, code by code; "~" marks a type that is wider than the code.
func TestEveryIncidentCodeInWHOsWords(t *testing.T) {
	var b bytes.Buffer
	for _, c := range vocab.Codes("incident") {
		told := ""
		out, fits := toSSA(Record{Values: []Value{{"codes", c.Code, ""}}}, func(string, string) { told = "~" })
		v, _ := out.get("codes")
		if !fits {
			told = "~(left out)"
		}
		b.WriteString(c.Code + " " + told + v.Raw + "\n")
	}
	golden(t, "codes-ssa", b.Bytes())
}

// A register written in its own layout and read again says the same in every row, and nothing is lost on the way.
func TestARegisterInItsOwnLayoutComesBackUnchanged(t *testing.T) {
	for _, c := range []struct{ file, format string }{{"sind_global_2016-2023.xlsx", FormatSiNDCSV}, {"who_ssa_2017-2024.csv.gz", FormatSSA}, {"awsd_2020-11-25.csv", FormatAWSD}, {"awsd_2016-10-03.csv", FormatAWSD}} {
		for _, hxl := range []bool{false, true} {
			before := readAll(t, real(t, c.file), Options{Today: asOf})
			path, lossy := export(t, c.format, WriteOptions{HXL: hxl}, records(before, RedistributeYes))
			after := readAll(t, path, Options{Today: asOf})
			if len(lossy) != 0 || len(after.rows) != len(before.rows) || after.rejects != 0 {
				t.Errorf("%s: %d rows of %d, %d rejected, lossy %q", c.file, len(after.rows), len(before.rows), after.rejects, lossy)
				continue
			}
			changed := 0
			for i, r := range after.rows {
				if r.ExternalID != before.rows[i].ExternalID || !reflect.DeepEqual(values(r), values(before.rows[i])) {
					if changed++; changed < 4 {
						t.Errorf("%s: row %d changed: %s", c.file, r.Number, difference(values(before.rows[i]), values(r)))
					}
				}
			}
			if changed > 0 {
				t.Errorf("%s: %d rows changed", c.file, changed)
			}
		}
	}
}

// Every word of the crosswalks is read by the layout it is written into: as its own code where it is not called wider, as something where it is.
func TestWordsOfTheCrosswalksAreRead(t *testing.T) {
	for _, c := range []struct {
		scheme, column string
		words          map[string]string
		exact          func(string) bool
	}{
		{"ssa", "attack_type", ssaTypes, func(code string) bool { return ssaExact[code] }},
		{"ssa", "certainty", ssaCertainty, func(string) bool { return true }},
		{"ssa", "facility", ssaFacilities, func(code string) bool { return !ssaWiderFacilities[code] }},
		{"awsd", "location", awsdLocations, func(code string) bool { return !awsdWiderLocations[code] }},
		{"awsd", "actor_type", awsdActors, func(code string) bool { return !awsdWiderActors[code] }},
	} {
		for code, word := range c.words {
			m, ok := vocab.Cross(c.scheme, c.column, word)
			if same := strings.Join(m.Codes, " ") == code; !ok || same != c.exact(code) {
				t.Errorf("%s %s: %s is written %q, which is read as %v", c.scheme, c.column, code, word, m.Codes)
			}
		}
	}
}

// No code of violence is lost in silence on its way to WHO's columns: it has a type, or a count, or is told of.
func TestEveryIncidentCodeIsCarriedOrToldOf(t *testing.T) {
	for _, c := range vocab.Codes("incident") {
		said := 0
		out, _ := toSSA(Record{Values: []Value{{"codes", c.Code, ""}}}, func(string, string) { said++ })
		v, written := out.get("codes")
		switch {
		case ssaExact[c.Code]:
			if !written || said != 0 {
				t.Errorf("%s: %v, told %d times", c.Code, v, said)
			}
		case said != 1:
			t.Errorf("%s is lost and told of %d times", c.Code, said)
		}
	}
}

func TestNoPointIsMovedAndNoneIsDrawnThatIsNotCleared(t *testing.T) {
	for _, c := range []struct {
		point, precision string
		want             string
	}{
		{"4.1234567,-5.50", "1", "[-5.5,4.1234567]"}, {"4.5,5.5", "3", "[5.5,4.5]"}, {"4.5,5.5", "", "[5.5,4.5]"}, {"05.2,.5", "2", "[0.5,5.2]"},
		{"4.5,5.5", "4", "null"}, {"4.5,5.5", "6", "null"}, {"4.5,5.5", "7", "null"}, {"4.5,5.5", "withheld", "null"}, {"withheld", "1", "null"}, {"", "1", "null"}, {"95,0", "1", "null"}, {"NaN,0", "1", "null"},
	} {
		r := Record{ID: "a", Redistribute: RedistributeYes, Values: []Value{{"point", c.point, ""}, {"precision", c.precision, ""}}}
		path, lossy := export(t, FormatGeo, WriteOptions{}, []Record{r})
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var layer struct {
			Type     string
			Features []struct {
				Geometry   *struct{ Coordinates json.RawMessage }
				Properties map[string]any
			}
		}
		if err := json.Unmarshal(raw, &layer); err != nil || len(layer.Features) != 1 || layer.Type != "FeatureCollection" {
			t.Fatalf("%v %s", err, raw)
		}
		got := "null"
		if g := layer.Features[0].Geometry; g != nil {
			got = string(g.Coordinates)
		}
		if got != c.want || got == "null" && len(lossy) == 0 {
			t.Errorf("%+v: %s, %q", c, got, lossy)
		}
		if p := layer.Features[0].Properties["precision"]; c.precision != "" && c.precision != "withheld" && p != c.precision {
			t.Errorf("%+v: precision %v", c, p)
		}
	}
}

func TestNoCellOfACSVIsRunBySpreadsheets(t *testing.T) {
	var values []Value
	for _, f := range vocab.Fields() {
		if f.Kind == "text" {
			values = append(values, Value{f.Key, "=cmd|' /C calc'!A0", "@SUM(1)"})
		}
	}
	for _, format := range []string{FormatCSV, FormatSiNDCSV, FormatSSA, FormatAWSD} {
		r := Record{ID: "a", ExternalID: "+1", Source: "=x", Namespace: "SiND", Redistribute: RedistributeYes, Values: append(values, Value{"aid.killed", "1", ""}, Value{"country", "XAA", "=Arcadia"})}
		path, _ := export(t, format, WriteOptions{}, []Record{r})
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %d rows, %v", format, len(rows), err)
		}
		for i, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("%s, %s: %q", format, rows[0][i], cell)
			}
		}
	}
}

// Values and rows are two numbers: three codes of one record are one row.
func TestLossesCountRowsAndValues(t *testing.T) {
	l := newLosses()
	for range 2 {
		l.next()
		l.add("%d values of %s have no column here", "x")
		l.add("%d values of %s have no column here", "x")
	}
	if got := l.steps(); len(got) != 1 || got[0] != (Loss{"values of x have no column here", "x", 2, 4}) || l.list()[0] != "4 values of x have no column here" {
		t.Errorf("%+v %v", got, l.list())
	}
}
