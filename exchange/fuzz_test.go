package exchange

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"ward/fault"
	"ward/vocab"
	"ward/when"
)

// try reads bytes as a file: any input gives rows or a fault, and every value
// read is one that the field may hold.
func try(t *testing.T, data []byte) {
	path := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"", "labels"} {
		h, err := tryAll(path, Options{Map: answer, Today: asOf})
		var f *fault.Error
		if err != nil && !errors.As(err, &f) {
			t.Fatalf("not a fault: %v", err)
		}
		for _, r := range h.rows {
			checkRow(t, r)
		}
	}
}

func checkRow(t *testing.T, r Row) {
	if r.Reject != nil {
		return
	}
	for _, v := range r.Values {
		switch {
		case v.Value == "" || v.Value == v.Raw:
			t.Fatalf("%s: value %q, raw %q", v.Field, v.Value, v.Raw)
		case v.Value == vocabWithheld:
		case v.Field == "date":
			if d, err := when.Parse(v.Value); err != nil || d.From() > asOf {
				t.Fatalf("date %q: %v", v.Value, err)
			}
		case v.Field == "country":
			if iso, ok := vocab.Country(v.Value); !ok || iso != v.Value {
				t.Fatalf("country %q", v.Value)
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(edition(nil)))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Add([]byte("Incident ID;Year;Month;Day;Country;Total killed\n1;2001;2;31;XAA;-1\n"))
	f.Add([]byte("Date\tCountry\tHealth Workers Killed\n\"1\t2"))
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"date":"2021-03-07","admin1":"Beirut Governorate","perpetrator":"x","healthWorkersKilled":1,"healthWorkersInjured":null,"ems":true,"eventId":"9"}]`))
	f.Add([]byte(`{"meta":{"a":[1]},"data":[{"Date":1,"Country":{"x":1},"Health Workers Killed":[2]}]}`))
	f.Add([]byte(`[{"a":1},{"b":2}`))
	f.Add([]byte("{\"incident_id\":\"1\",\"timeline\":{\"incident\":{\"year\":2021}},\"action\":{\"malware\":{\"variety\":[\"Ransomware\",[\"x\"]]}},\"security_incident\":\"Confirmed\"}\n{\"incident_id\":2}"))
	f.Add([]byte(`{"features":[{"attributes":{"martyrs":1,"health_facility_type":"PHC","governorate_name":"South"},"geometry":{"x":1,"y":2}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}

func FuzzXLSX(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>Date</v></c><c r="B1" t="str"><v>Country</v></c></row></sheetData></worksheet>`)
	f.Add(`<worksheet><sheetData><row r="9999999"><c r="ZZZ1" s="-5" t="s"><v>99</v></c></row></sheetData></worksheet>`)
	f.Add(`<worksheet><sheetData><row><c t="inlineStr"><is><t>Date</t></is></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row></sheetData></worksheet>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		raw, err := os.ReadFile(workbook(t, map[string]string{"xl/worksheets/sheet1.xml": sheet}))
		if err != nil {
			t.Fatal(err)
		}
		try(t, raw)
	})
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{`Quantity[1000, "People"]`, `Entity["A", {"NorthCarolina", "US"}]`, `DateObject[{2009, 1, 2}, "Day"]`, `Missing["x"]`, `Failure["a", <|"Input" -> "1/2/2003"|>]`, `Entity[{}]`, `X[`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		if got := plainExpression(cell); len(got) > 2*len(cell)+10 {
			t.Fatalf("%q became %q", cell, got)
		}
	})
}
