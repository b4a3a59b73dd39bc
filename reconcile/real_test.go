package reconcile

import (
	"context"
	"testing"

	"ward/internal/realdata"
)

// The figures were found by a script of another language and other libraries over the same two files: 393 country-years stand in both, 63
// differ in the number of events and 66 in some measure.
func TestThePublishersTotalsAgainstItsOwnSheet(t *testing.T) {
	sheet, totals := realdata.Path(t, "data/incidents/sind_global_2016-2023.xlsx"), realdata.Path(t, "data/incidents/sind_overview_country_year.json")
	want := map[string][2]int{"events": {330, 63}, "killed": {363, 30}, "injured": {359, 34}, "kidnapped": {365, 28}, "arrested": {361, 32}, "facilities": {362, 31}}
	for _, order := range [][2]string{{sheet, totals}, {totals, sheet}} {
		r := compared(t, By{true, true}, order[0], order[1])
		onlySheet, onlyTotals := len(r.OnlyA), len(r.OnlyB)
		if order[0] == totals {
			onlySheet, onlyTotals = onlyTotals, onlySheet
		}
		if r.Shared != 393 || onlySheet != 1 || onlyTotals != 21 || r.Keys() != 66 {
			t.Errorf("%d shared, %d in the sheet only, %d in the totals only, %d differ", r.Shared, onlySheet, onlyTotals, r.Keys())
		}
		if len(r.Measures) != len(want) {
			t.Errorf("measures %+v", r.Measures)
		}
		for _, m := range r.Measures {
			if w := want[m.Name]; m.Agree != w[0] || m.Differ != w[1] || m.UnsaidA+m.UnsaidB+m.UnsaidAB != 0 {
				t.Errorf("%+v, want %v", m, w)
			}
		}
		for _, d := range r.Differences {
			n := max(d.A, d.B)
			if d.Measure == Events && int64(len(d.Rows)) != d.A && int64(len(d.Rows)) != d.B || int64(len(d.Rows)) > n {
				t.Errorf("%s %s: %d against %d, %d rows", d.Key, d.Measure, d.A, d.B, len(d.Rows))
			}
		}
		t.Log(r.ByCause(), r.ByYear())
	}
}

func compared(t *testing.T, by By, a, b string) *Report {
	t.Helper()
	r, err := tryCompare(by, a, b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tryCompare(by By, a, b string) (*Report, error) {
	x, err := Load(context.Background(), a, Options{By: by})
	if err != nil {
		return nil, err
	}
	y, err := Load(context.Background(), b, Options{By: by})
	if err != nil {
		return nil, err
	}
	return Compare(x, y)
}
