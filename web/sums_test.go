package web

import (
	"testing"
)

// A register says nothing of the years outside those it holds: its chart shows a gap there, never a nought.
func TestARegisterHasNoNoughtOutsideItsYears(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2018-03-04"), event("2", "2020-03-04"))
	publish(t, d, "who-ssa", "who-ssa", attack("3", "2021-05-04"), attack("4", "2021-06-04"))
	pages := pagesOf(t, d)
	gaps, noughts := 0, 0
	for _, row := range shown(t, pages, "/en/").rows("ch-data") {
		if len(row) == 5 && row[4] == "no information" {
			gaps++
		}
		if len(row) == 5 && row[0] == "2019" && row[4] == "0" {
			noughts++
		}
	}
	if gaps != 4 || noughts != 1 {
		t.Errorf("%d gaps and %d noughts, want 4 and 1: one register holds 2018 to 2020, the other 2021", gaps, noughts)
	}
}
