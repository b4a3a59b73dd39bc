package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// records are rows as an importer would keep them.
func records(h harvest, licence Redistribute) []Record {
	out := make([]Record, 0, len(h.rows))
	for _, r := range h.rows {
		out = append(out, Record{ID: "WRD-XAA-0000-" + r.ExternalID, Series: r.Series, Namespace: r.Namespace, ExternalID: r.ExternalID,
			Source: r.Series, Redistribute: licence, Values: r.Values})
	}
	return out
}

func export(t testing.TB, format string, opt WriteOptions, rs []Record) (string, []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(f, format, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		if _, err := w.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	lossy, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return path, lossy
}

func values(r Row) map[string]string {
	m := map[string]string{}
	for _, v := range r.Values {
		m[v.Field] = v.Value
	}
	return m
}

// Import, export with tags, import: every value of every row is the same.
func TestRoundTripSiND(t *testing.T) {
	before := readAll(t, real(t, "sind_global_2016-2023.xlsx"), Options{})
	path, lossy := export(t, FormatSiND, WriteOptions{HXL: true}, records(before, RedistributeYes))
	if len(lossy) != 0 {
		t.Errorf("lossy: %q", lossy)
	}
	after := readAll(t, path, Options{})
	if len(after.rows) != 8854 || after.layout != before.layout {
		t.Fatalf("%d rows in %s", len(after.rows), after.layout)
	}
	changed := 0
	for i, r := range after.rows {
		if r.ExternalID != before.rows[i].ExternalID || !reflect.DeepEqual(values(r), values(before.rows[i])) {
			if changed++; changed < 4 {
				t.Errorf("row %d changed: %s", r.Number, difference(values(before.rows[i]), values(r)))
			}
		}
	}
	if changed > 0 {
		t.Errorf("%d rows changed", changed)
	}
}

// difference names fields only: rows of real people are not printed.
func difference(a, b map[string]string) string {
	var out []string
	for k := range a {
		if a[k] != b[k] {
			out = append(out, k)
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			out = append(out, "+"+k)
		}
	}
	return strings.Join(out, " ")
}

func TestExportOfOtherLayouts(t *testing.T) {
	for _, file := range []string{"shcc_global_2019.xlsx", "who_ssa_2017-2024.csv.gz", "sind_lebanon.json"} {
		before := readAll(t, real(t, file), Options{})
		path, lossy := export(t, FormatSiND, WriteOptions{}, records(before, RedistributeNoncommercial))
		if len(lossy) == 0 {
			t.Errorf("%s: nothing lossy was named", file)
		}
		after := readAll(t, path, Options{})
		if len(after.rows) != len(before.rows) {
			t.Errorf("%s: %d rows of %d", file, len(after.rows), len(before.rows))
		}
		for _, field := range []string{"worker.killed", "worker.arrested", "facility.damaged"} {
			if after.totals[field] != before.totals[field] {
				t.Errorf("%s: %s %d, was %d", file, field, after.totals[field], before.totals[field])
			}
		}
	}
}

func sample() []Record {
	return []Record{
		{ID: "WRD-XAA-2021-AAAAAAAA", Source: "Alpha", Redistribute: RedistributeYes, Values: []Value{
			{"date", "2021-05-07", ""}, {"country", "XAA", ""}, {"adm1", "=1+1", ""}, {"codes", "PER.INJ PER.KIL", ""}, {"certainty", "possible", ""},
			{"worker.killed", "0", ""}, {"worker.injured", "2..2..5", ""}, {"worker.sexual", "withheld", ""}, {"description", "secret words", ""}}},
		{ID: "WRD-XAA-2021-BBBBBBBB", Source: "Beta", Redistribute: RedistributeUnknown, Values: []Value{{"date", "2021", ""}}},
	}
}

func TestPublicTable(t *testing.T) {
	path, lossy := export(t, FormatCSV, WriteOptions{HXL: true}, sample())
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	tags := map[string]bool{}
	cell := map[string]string{}
	for i, tag := range rows[1] {
		if tags[tag] || !strings.HasPrefix(tag, "#") {
			t.Errorf("tag %q is not unique", tag)
		}
		tags[tag] = true
		cell[tag] = rows[2][i]
	}
	for tag, want := range map[string]string{"#date+occurred": "2021-05", "#affected+healthworker+killed": "0", "#affected+healthworker+injured": "2..2..5",
		"#affected+healthworker+sgbv": "", "#affected+healthworker+arrested": "", "#meta+suppressed": "worker.sexual", "#adm1+name": "'=1+1", "#meta+release+id": ""} {
		if cell[tag] != want {
			t.Errorf("%s = %q, want %q", tag, cell[tag], want)
		}
	}
	if strings.Contains(string(raw), "secret") || strings.Contains(string(raw), "BBBB") {
		t.Error("a description or a source that may not be passed on left")
	}
	if all := strings.Join(lossy, "\n"); !strings.Contains(all, "1 records of Beta were left out") || !strings.Contains(all, "values of description") {
		t.Errorf("%q", lossy)
	}
}

func TestPublicTableReadsAgain(t *testing.T) {
	path, _ := export(t, FormatCSV, WriteOptions{HXL: true}, sample())
	h := readAll(t, path, Options{})
	if h.layout != "ward-public" || len(h.rows) != 1 {
		t.Fatalf("%s, %d rows", h.layout, len(h.rows))
	}
	r := h.rows[0]
	for field, want := range map[string]string{"date": "2021-05", "country": "XAA", "worker.killed": "0", "worker.injured": "2..2..5", "worker.sexual": "withheld",
		"worker.arrested": "", "codes": "PER.INJ PER.KIL"} {
		if got := r.Get(field); got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
}

func TestJSONExport(t *testing.T) {
	path, _ := export(t, FormatJSON, WriteOptions{}, sample())
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Format    string
		Incidents []struct {
			ID     string
			Values map[string]string
		}
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Incidents) != 1 || got.Incidents[0].Values["worker.injured"] != "2..2..5" {
		t.Errorf("%+v", got)
	}
}

// Every word that a layout writes for a value is read back as that value, or
// is known to be wider.
func TestWrittenWordsAreRead(t *testing.T) {
	for i := range sindLayout().Columns {
		c := &sindLayout().Columns[i]
		for code, word := range c.Write {
			var got reading
			if c.Cross == "" {
				got = readYesNo(c, "sind", word)
			} else {
				got = readCodes(c, "sind", word)
			}
			if got.value == "" {
				t.Errorf("%s: %s is written %q, which is not read", c.Labels[0], code, word)
			}
		}
	}
}
