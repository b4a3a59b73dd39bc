package exchange

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/fault"
)

// rowsOf reads a whole file; contradictions between labels and tags are answered with the labels.
func allRows(t *testing.T, path string) (*Reader, []Row) {
	t.Helper()
	r, err := Open(path, Options{Map: "labels"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	var rows []Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r, rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

// rewritten writes rows in their own layout and reads the file again.
func rewritten(t *testing.T, profile, layout, name string, rows []Row) (*Reader, []Row) {
	t.Helper()
	sheet, err := NewSheet(profile, layout)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := NewCellWriter(file)
	if strings.HasSuffix(name, ".xlsx") {
		if w, err = NewBookWriter(file, "Incidents", sheet.At("date")); err != nil {
			t.Fatal(err)
		}
	}
	labels, tags := sheet.Header()
	lines := [][]string{labels, tags}
	if strings.Join(tags, "") == "" {
		lines = lines[:1]
	}
	for _, row := range rows {
		lines = append(lines, sheet.Cells(Record{ExternalID: row.ExternalID, Values: row.Values}))
	}
	for _, line := range lines {
		if err := w.Row(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return allRows(t, path)
}

// said is what a row asserts, field by field.
func asserted(row Row) map[string]string {
	out := map[string]string{"id": row.ExternalID}
	for _, v := range row.Values {
		out[v.Field] = v.Value
	}
	return out
}

// compareRows counts rows that say something else than before, and shows the first.
func compareRows(t *testing.T, before, after []Row) {
	t.Helper()
	if len(before) != len(after) {
		t.Fatalf("%d rows written, %d read back", len(before), len(after))
	}
	differ := map[string]int{}
	for i := range before {
		a, b := asserted(before[i]), asserted(after[i])
		for field, value := range a {
			if b[field] != value {
				differ[field]++
				if differ[field] == 1 {
					t.Errorf("row %d, %s: %.60q became %.60q", i+1, field, value, b[field])
				}
			}
		}
		for field := range b {
			if _, ok := a[field]; !ok {
				differ["new "+field]++
			}
		}
	}
	if len(differ) > 0 {
		t.Errorf("rows that differ by field: %v", differ)
	}
}

func TestASheetIsReadBackAsItWasWritten(t *testing.T) {
	common := []Value{{Field: "country", Value: "XAB"}, {Field: "adm1", Value: "Жулево"}}
	rows := []Row{
		{ExternalID: "20001", Values: append([]Value{{Field: "date", Value: "2022-05-07"}, {Field: "worker.killed", Value: "2..2..5"}, {Field: "worker.injured", Value: "0"},
			{Field: "point", Value: "1.25,-3.5"}, {Field: "precision", Value: "3"}, {Field: "related.conflict", Value: "yes"}, {Field: "related.covid", Value: "no"},
			{Field: "actor.kind", Value: "nsag"}, {Field: "actor.name", Value: "Marsh Front"}, {Field: "location", Value: "road"}, {Field: "outcome", Value: "missing released"}}, common...)},
		{ExternalID: "20002", Values: append([]Value{{Field: "date", Value: "2022-06"}, {Field: "adm1", Value: "withheld"}}, common[:1]...)},
	}
	for _, name := range []string{"a.xlsx", "a.csv"} {
		r, back := rewritten(t, "sind", "sind-2016-2023", name, rows)
		if r.Layout() != "sind-2016-2023" || len(back) != 2 {
			t.Fatalf("read as %s with %d rows", r.Layout(), len(back))
		}
		for i, row := range rows {
			for _, v := range row.Values {
				if got := back[i].Get(v.Field); got != v.Value {
					t.Errorf("%s, row %d, %s: wrote %q, read %q", name, i+1, v.Field, v.Value, got)
				}
			}
		}
	}
}

func TestRealFilesRewrittenSayTheSame(t *testing.T) {
	for _, name := range []string{"sind_global_2016-2023.xlsx", "shcc_global_2022.xlsx", "who_ssa_2017-2024.csv.gz", "awsd_2020-11-25.csv", "awsd_2016-10-03.csv"} {
		t.Run(name, func(t *testing.T) {
			r, rows := allRows(t, real(t, name))
			kept := rows[:0]
			for _, row := range rows {
				if row.Reject == nil {
					kept = append(kept, row)
				}
			}
			format := ".csv"
			if strings.HasSuffix(name, ".xlsx") {
				format = ".xlsx"
			}
			_, back := rewritten(t, r.Profile().Name, r.Layout(), "again"+format, kept)
			compareRows(t, kept, back)
		})
	}
}

func TestASheetNeedsAKnownLayout(t *testing.T) {
	if _, err := NewSheet("sind", "shcc-2022"); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	s, err := NewSheet("awsd", "awsd-2020")
	if err != nil {
		t.Fatal(err)
	}
	labels, _ := s.Header()
	if labels[s.At("year")] != "Year" || labels[s.At("lat")] != "Latitude" || s.At("nothing") != -1 || s.AtCodec("check.year") != -1 {
		t.Errorf("columns are not where they should be")
	}
}
