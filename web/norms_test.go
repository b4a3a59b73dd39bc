package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ward/text"
	"ward/when"
)

// A norm stands as it stood on the day that is asked for: the resolution for one physician was in force in 2017 and is rescinded today.
func TestANormStandsAsOnTheDay(t *testing.T) {
	pages := pagesOf(t, workspace(t))
	shown(t, pages, "/en/norms/WMA-KUNI-2017?on=2017-06-01").says(t, "In force", "since April 2017", "seen from 1 June 2017")
	shown(t, pages, "/en/norms/WMA-KUNI-2017").says(t, "Rescinded", "since October 2024")
	shown(t, pages, "/en/norms?on=2017").says(t, "Norms", "confirmed against the instrument")
	for path, code := range map[string]int{"/en/norms/WMA-KUNI-2017?on=2016": http.StatusNotFound, "/en/norms/NOTHING": http.StatusNotFound,
		"/en/norms?on=yesterday": http.StatusBadRequest, "/fa/norms?on=" + "%DB%B2%DB%B0%DB%B1%DB%B7": http.StatusOK} {
		if got := get(t, pages, path).Code; got != code {
			t.Errorf("%s: %d, want %d", path, got, code)
		}
	}
}

// What a clause counts is what the list behind the number holds.
func TestAClauseCountsWhatItsListHolds(t *testing.T) {
	pages := pagesOf(t, simulated(t))
	page := shown(t, pages, "/en/norms/CIHL")
	page.sound(t)
	checked := 0
	for _, a := range page.all("a") {
		href := a.attr["href"]
		if !strings.Contains(href, "?clause=") && !strings.Contains(href, "?proposed=") {
			continue
		}
		checked++
		list := text.Fold(shown(t, pages, href).text())
		if !strings.Contains(list, plain(a.text)+" entries in the list") && !strings.Contains(list, plain(a.text)+" entry in the list") {
			t.Errorf("%s says %s, and the list does not", href, a.text)
		}
	}
	if checked < 4 {
		t.Errorf("only %d numbers lead to a list", checked)
	}
}

// Today is the day by which entries are dated, wherever the machine stands: what was just put on record is on today's page.
func TestTodayIsTheDayOfTheRecord(t *testing.T) {
	here := time.Local
	defer func() { time.Local = here }()
	for _, hours := range []int{-12, 14} {
		time.Local = time.FixedZone("far", hours*3600)
		day, _, err := dayAsked(httptest.NewRequest("GET", "/en/norms", nil))
		if want := when.DayOf(time.Now().UTC()); err != nil || day != want {
			t.Errorf("%d hours from Greenwich: %s, want %s", hours, day, want)
		}
	}
}

// Where all that the workspace holds is invented, every page says so: none can be taken for the real world.
func TestEveryPageOfAnInventedWorldSaysSo(t *testing.T) {
	d := simulated(t)
	pages, asked := pagesOf(t, d), 0
	for _, r := range siteOf(t, d).routes() {
		if !strings.HasPrefix(r.pattern, "GET /{lang}/") {
			continue
		}
		for _, address := range filled(r.pattern, "") {
			w := get(t, pages, address)
			if w.Code != http.StatusOK {
				continue // a record that this world does not have
			}
			if asked++; !strings.Contains(w.Body.String(), "strip invented") {
				t.Errorf("%s does not say that it is invented", address)
			}
		}
	}
	if asked < 15 {
		t.Errorf("only %d pages were there", asked)
	}
}
