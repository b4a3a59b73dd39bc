package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// scripts are events whose words stand in several scripts.
func scripts() []cells {
	return []cells{
		event("1", "2021-03-07", "Event Description", "An ambulance was stopped at a checkpoint.", "Health Workers Killed", "3"),
		event("2", "2021-04-01", "Event Description", "آمبولانس در ایست بازرسی متوقف شد", "Admin 1", "کوهستان", "Health Workers Killed", "0", "Health Workers Arrested", "2"),
		event("3", "2022-01-31", "Event Description", "Машину скорой помощи остановили", "Country", "Belmara", "Country ISO", "XAB", "Health Workers Killed", ""),
		event("4", "2023-05", "Event Description", "أوقفت سيارة إسعاف عند حاجز", "Reported Perpetrator", "NSA"),
	}
}

func TestWordsOfSeveralScriptsAreFound(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", scripts()...)
	h := pagesOf(t, d)
	for words, want := range map[string]int{"ambulance checkpoint": 1, "AMBULANCE": 1, "آمبولانس": 1, "آمبولانس بازرسى": 1, "скорой": 1, "إسعاف": 1, "اسعاف": 1, "Arcadia": 3, "آرکادیا": 3, "کوهستان": 1} {
		for _, lang := range []string{"en", "fa"} {
			doc := shown(t, h, "/"+lang+"/incidents?q="+url.QueryEscape(words))
			if got := len(doc.rows("incidents")); got != want {
				t.Errorf("%s finds %d, want %d", words, got, want)
			}
		}
	}
}

func TestFiltersJoinLeaveAndStayInTheAddress(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", scripts()...)
	h := pagesOf(t, d)
	doc := shown(t, h, "/en/incidents?q=Arcadia&year=2021")
	doc.says(t, "2 entries in the list", "Year: 2021")
	if got := doc.href(t, "Year: 2021 ×"); got != "/en/incidents?q=Arcadia" {
		t.Errorf("without the year: %s", got)
	}
	if got := doc.href(t, "2023"); got != "/en/incidents?q=Arcadia&year=2021&year=2023" {
		t.Errorf("a second year: %s", got)
	}
	shown(t, h, doc.href(t, "2023")).says(t, "3 entries in the list", "Year: 2023")
	var hidden []string
	for _, e := range doc.all("input") {
		if e.attr["type"] == "hidden" {
			hidden = append(hidden, e.attr["name"]+"="+e.attr["value"])
		}
	}
	if !slices.Equal(hidden, []string{"year=2021"}) {
		t.Errorf("a new search keeps %v", hidden)
	}
	for query, want := range map[string]int{"from=2021-04": 3, "to=2021-03": 1, "from=2021-04&to=2022": 2, "from=" + url.QueryEscape("۲۰۲۲"): 2, "country=XAB": 1, "country=XAB&country=XAA": 4,
		"actor=nsag": 1, "code=PER.KIL&year=2021": 1, "register=none": 0, "": 4} {
		if got := len(shown(t, h, "/en/incidents?"+query).rows("incidents")); got != want {
			t.Errorf("%s finds %d, want %d", query, got, want)
		}
	}
}

func TestTheListSortsAndSaysHow(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", scripts()...)
	h := pagesOf(t, d)
	killed := func(path string) (out []string) {
		for _, row := range shown(t, h, path).rows("incidents") {
			out = append(out, row[2])
		}
		return out
	}
	if got := fmt.Sprint(killed("/en/incidents?sort=killed")); got != "[3 1 0 ]" {
		t.Errorf("most first: %s", got)
	}
	doc := shown(t, h, "/en/incidents?sort=killed")
	if got := killed(doc.href(t, "Killed")); fmt.Sprint(got) != "[0 1 3 ]" {
		t.Errorf("turned around: %v", got)
	}
	sorted := ""
	for _, e := range doc.all("th") {
		if e.attr["aria-sort"] != "" {
			sorted += plain(e.text) + " " + e.attr["aria-sort"]
		}
	}
	if sorted != "Killed ↓ descending" {
		t.Errorf("the table says %q", sorted)
	}
}

// A count that nobody stated is hatched and said so; a stated zero is a zero.
func TestUnstatedIsNotZero(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07", "Health Workers Killed", "", "Health Workers Injured", "0"))
	h := pagesOf(t, d)
	for _, lang := range []string{"en", "fa"} {
		doc := shown(t, h, "/"+lang+"/incidents")
		row := doc.rows("incidents")[0]
		if row[2] != "" || !slices.Contains([]string{"0", "۰"}, row[3]) {
			t.Errorf("killed %q, injured %q", row[2], row[3])
		}
		if got := doc.one(t, "span.unsaid").attr["aria-label"]; got == "" {
			t.Error("a reader of the screen hears nothing of what is not stated")
		}
	}
	file := shown(t, h, shown(t, h, "/en/incidents").href(t, "7 March 2021"))
	file.says(t, "Stated as none, or answered no: Health workers injured")
	if strings.Contains(file.text(), "Health workers killed") {
		t.Error("what nobody stated is listed")
	}
}

func TestALongListIsPaged(t *testing.T) {
	d := workspace(t)
	var rows []cells
	for i := range 120 {
		rows = append(rows, event(fmt.Sprint(i+1), fmt.Sprintf("2021-03-%02d", i%28+1), "Event Description", strings.Repeat("words of a long report ", 20)))
	}
	publish(t, d, "sind", "sind-2016-2023", rows...)
	h := pagesOf(t, d)
	seen := map[string]bool{}
	path := "/en/incidents?country=XAA"
	for n := 1; path != ""; n++ {
		doc := shown(t, h, path)
		doc.says(t, fmt.Sprintf("Page %d of 3", n))
		path = ""
		for _, e := range doc.all("a") {
			if strings.HasPrefix(e.attr["href"], "/en/incidents/WRD-") {
				seen[e.attr["href"]] = true
			}
			if e.attr["rel"] == "next" {
				path = e.attr["href"]
			}
		}
		for _, row := range doc.rows("incidents") {
			if !strings.HasSuffix(row[1], "…") || utf8.RuneCountInString(row[1]) > 300 {
				t.Fatalf("a row says %q", row[1])
			}
		}
	}
	if len(seen) != 120 {
		t.Errorf("the pages show %d incidents", len(seen))
	}
	shown(t, h, "/en/incidents?page=900").says(t, "120 entries")
}

func TestWhatLeavesIsWhatThePageShows(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", scripts()...)
	h := pagesOf(t, d)
	doc := shown(t, h, "/en/incidents?year=2021&sort=killed")
	w := get(t, h, doc.href(t, "CSV"))
	lines, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(lines) != 4 { // labels, tags and two incidents
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	var ids []string
	for _, e := range doc.all("a") {
		if _, id, is := strings.Cut(e.attr["href"], "/en/incidents/"); is && strings.HasPrefix(id, "WRD-") {
			ids = append(ids, id)
		}
	}
	for i, id := range ids {
		if !slices.Contains(lines[i+2], id) {
			t.Errorf("line %d is not %s: %v", i, id, lines[i+2])
		}
	}
	w = get(t, h, doc.href(t, "JSON"))
	if !json.Valid(w.Body.Bytes()) || strings.Count(w.Body.String(), "WRD-XAA-2021-") < 2 {
		t.Errorf("JSON: %.200s", w.Body)
	}
	for _, href := range []string{doc.href(t, "CSV"), doc.href(t, "Excel (SiND columns)")} {
		if got := get(t, h, href).Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") {
			t.Errorf("%s opens in the page: %q", href, got)
		}
	}
}

func TestWordsThatOccurNowhereLeadToOnesThatDo(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", scripts()...)
	h := pagesOf(t, d)
	doc := shown(t, h, "/en/incidents?q=ambulanze+checkpoynt&year=2021")
	doc.says(t, "0 entries in the list", "Words that do occur:")
	if got := doc.href(t, "ambulance checkpoynt"); got != "/en/incidents?q=ambulance+checkpoynt&year=2021" {
		t.Errorf("the suggestion leads to %s", got)
	}
	shown(t, h, "/en/incidents?q="+strings.Repeat("nowhere+", 30)+"x")
	apart := shown(t, h, "/en/incidents?q=checkpoint+%D1%81%D0%BA%D0%BE%D1%80%D0%BE%D0%B9")
	shown(t, h, apart.href(t, "checkpoint")).says(t, "1 entry in the list")
}

func TestStatesAreSortedAndLeaveAsCSV(t *testing.T) {
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", scripts()...)
	publish(t, d, "who-ssa", "who-ssa", attack("XAB1", "3/7/21 12:00 AM", "Country / Territory", "Belmara"), attack("XAB2", "3/8/21 12:00 AM", "Country / Territory", "Belmara"))
	h := pagesOf(t, d)
	order := func(path string) (out []string) {
		for _, row := range shown(t, h, path).rows("states") {
			out = append(out, row[0])
		}
		return out
	}
	for path, want := range map[string]string{"": "[Arcadia Belmara]", "?order=up": "[Belmara Arcadia]", "?sort=SSA": "[Belmara Arcadia]", "?sort=name": "[Arcadia Belmara]",
		"?sort=name&order=down": "[Belmara Arcadia]"} {
		if got := fmt.Sprint(order("/en/states" + path)); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
	w := get(t, h, shown(t, h, "/en/states").href(t, "CSV"))
	lines, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || fmt.Sprint(lines) != "[[iso3 name SiND SSA at_least at_most first_year last_year] [XAA Arcadia 3 0 3 3 2021 2023] [XAB Belmara 1 2 2 3 2021 2022]]" {
		t.Errorf("%v %v", lines, err)
	}
	if w := get(t, h, "/en/states/find?name=Belmara"); w.Header().Get("Location") != "/en/states/XAB" {
		t.Errorf("a name leads to %s", w.Header().Get("Location"))
	}
}

func TestRealIncidentsFilteredSortedPagedAndOpened(t *testing.T) {
	h := realFiles(t, "incidents/sind_lebanon.json")
	all := shown(t, h, "/en/incidents?sort=killed")
	all.says(t, "553 entries", "Page 1 of 12", "CC BY-SA")
	filtered := shown(t, h, "/en/incidents?code=PER.KIL")
	filtered.says(t, "185 entries")
	for _, e := range filtered.all("a") {
		if _, id, is := strings.Cut(e.attr["href"], "/en/incidents/WRD-LBN-"); is {
			for _, lang := range []string{"en", "fa"} {
				shown(t, h, "/"+lang+"/incidents/WRD-LBN-"+id).says(t, "WRD-LBN-"+id)
			}
			break
		}
	}
	w := get(t, h, "/export/incidents/csv?code=PER.KIL")
	if lines, err := csv.NewReader(w.Body).ReadAll(); w.Code != http.StatusOK || err != nil || len(lines) != 187 {
		t.Errorf("export: %d, %d lines, %v", w.Code, len(lines), err)
	}
	if got := shown(t, h, "/fa/states/LBN").one(t, "html").attr["dir"]; got != "rtl" {
		t.Errorf("the Persian page runs %s", got)
	}
}
