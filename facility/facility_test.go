package facility

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/when"
)

const north = "01KAAAAAAAAAAAAAAAAAAAAAAA"

func day(t testing.TB, text string) when.Day {
	t.Helper()
	d, err := when.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d.To()
}

func entryID(n int) string { return fmt.Sprintf("01KB%022d", n) }

// history is one facility with damage entries, each stated on 1 July 2024 or later, in their order.
func history(t testing.TB, list ...Damage) Record {
	t.Helper()
	at := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	puts := []entry.Entry[Facility]{{ID: entryID(99), Kind: Put, Subject: north, At: at, Body: Facility{Type: "hospital.general", Name: "North", State: "XAA"}}}
	var damages []entry.Entry[Damage]
	for i, d := range list {
		if why := d.Problem(day(t, "2024-12-31")); why != "" {
			t.Fatalf("entry %d: %s", i, why)
		}
		damages = append(damages, entry.Entry[Damage]{ID: entryID(i), Kind: Damaged, Subject: north, At: at.Add(time.Duration(i) * 24 * time.Hour), Body: d})
	}
	records := Records(puts, damages)
	if len(records) != 1 {
		t.Fatalf("%d records", len(records))
	}
	return records[0]
}

func number64(n int64) *int64 { return &n }

func TestEachAxisIsWhatWasLastStatedOfIt(t *testing.T) {
	r := history(t,
		Damage{Date: "2024-03-01", Component: "building", Damage: Destroyed, Functionality: None, Access: Full},
		Damage{Date: "2024-01-10", Component: "building", Damage: None, Functionality: Full}, // stated later, about an earlier day
		Damage{Date: "2024-05-01", Functionality: Partial, Services: []string{"surgery"}})
	for on, want := range map[string][4]string{
		"2024-01-09": {"", "", "", ""}, "2024-01-10": {Full, "", None, ""}, "2024-03-01": {None, Full, Destroyed, ""}, "2024-05-01": {Partial, Full, Destroyed, "surgery"},
	} {
		s := r.On(day(t, on))
		got := [4]string{s.Functionality.Code, s.Access.Code, s.Parts[0].Damage.Code, strings.Join(s.Services, " ")}
		if got != want {
			t.Errorf("%s: %v, want %v", on, got, want)
		}
	}
}

func TestFunctionIsNeverInferredFromDamage(t *testing.T) {
	s := history(t, Damage{Date: "2024-03-01", Component: "building", Damage: Destroyed}).On(day(t, "2024-06-01"))
	if s.Functionality.Code != "" || s.Down || s.Idle != (Days{}) {
		t.Errorf("%+v", s)
	}
}

func TestACorrectionTakesThePlaceAndTheHistoryKeepsBoth(t *testing.T) {
	r := history(t, Damage{Date: "2024-03-01", Component: "building", Damage: Destroyed, Functionality: None},
		Damage{Date: "2024-03-01", Component: "building", Damage: Partial, Corrects: entryID(0)},
		Damage{Date: "2024-03-02", Functionality: Partial},
		Damage{Date: "2024-03-02", Corrects: entryID(2), Note: "another hospital was meant"})
	s := r.On(day(t, "2024-04-01"))
	if s.Parts[0].Damage.Code != Partial || s.Functionality.Code != "" || s.Down || len(s.Entries) != 4 || s.Entries[0].Corrected != entryID(1) || s.Entries[2].Corrected != entryID(3) {
		t.Errorf("%+v", s)
	}
	if !s.Known || s.Last != day(t, "2024-03-01") {
		t.Errorf("a withdrawal counts as knowledge: %v %v", s.Known, s.Last)
	}
	for id, want := range map[string]string{"": "", entryID(1): "", entryID(0): "corrected before", entryID(50): "no entry"} {
		if why := r.Corrects(Damage{Corrects: id}); want == "" && why != "" || !strings.Contains(why, want) {
			t.Errorf("%s: %q", id, why)
		}
	}
}

func TestDaysWithoutFunctionAreARangeWhereDatesAre(t *testing.T) {
	down, up := func(date string) Damage { return Damage{Date: date, Functionality: None} }, func(date string) Damage { return Damage{Date: date, Functionality: Full} }
	for name, c := range map[string]struct {
		list []Damage
		on   string
		want Days
		now  bool
	}{
		"never":            {nil, "2024-04-10", Days{}, false},
		"still":            {[]Damage{down("2024-04-01")}, "2024-04-11", Days{10, 10}, true},
		"said again":       {[]Damage{down("2024-04-01"), down("2024-04-05")}, "2024-04-11", Days{10, 10}, true},
		"ended":            {[]Damage{down("2024-04-01"), up("2024-04-05")}, "2024-06-30", Days{4, 4}, false},
		"twice":            {[]Damage{down("2024-04-01"), up("2024-04-05"), down("2024-04-10")}, "2024-04-11", Days{5, 5}, true},
		"a month":          {[]Damage{down("2024-04"), up("2024-06-10")}, "2024-06-30", Days{41, 70}, false},
		"months that meet": {[]Damage{down("2024-04"), up("2024-04")}, "2024-06-30", Days{0, 29}, false},
		"partly is not":    {[]Damage{down("2024-04-01"), {Date: "2024-04-03", Functionality: Partial}}, "2024-04-11", Days{2, 2}, false},
		"not yet":          {[]Damage{down("2024-04-20")}, "2024-04-11", Days{}, false},
	} {
		if s := history(t, c.list...).On(day(t, c.on)); s.Idle != c.want || s.Down != c.now {
			t.Errorf("%s: %v %v, want %v %v", name, s.Idle, s.Down, c.want, c.now)
		}
	}
}

// "2024" said in July 2024 is about the months before July.
func TestAStatementIsNotLaterThanTheDayOnWhichItWasMade(t *testing.T) {
	r := history(t, Damage{Date: "2024", Functionality: None})
	if s := r.On(day(t, "2024-07-01")); s.Functionality.Code != None {
		t.Errorf("%+v", s.Functionality)
	}
	if s := r.On(day(t, "2024-06-30")); s.Known {
		t.Error("it is known before it must have been so")
	}
}

func TestCostsAreNotAddedAcrossCurrenciesOrPriceDates(t *testing.T) {
	cost := func(component string, low int64, best *int64, high int64, currency, priced string) Damage {
		return Damage{Date: "2024-03-01", Component: component, Damage: Partial, Cost: &Cost{low, best, high, currency, priced}}
	}
	r := history(t, cost("building", 5, number64(5), 5, "EUR", "2024"), cost("building", 10, number64(15), 20, "EUR", "2024"), // the later one counts
		cost("equipment", 1, nil, 3, "EUR", "2024"), cost("utilities", 7, nil, 7, "EUR", "2023"), cost("supplies", 8, number64(8), 8, "USD", "2024"),
		Damage{Date: "2024-03-01", Component: "transport", Damage: Destroyed})
	got := ReportOn([]Record{r}, "XAA", day(t, "2024-06-01"), Window)
	want := []CostSum{{"EUR", "2023", 1, 1, 7, 0, 7, 0}, {"EUR", "2024", 1, 2, 11, 15, 23, 1}, {"USD", "2024", 1, 1, 8, 8, 8, 1}}
	if !slices.Equal(got.Costs, want) || got.Uncosted != 1 {
		t.Errorf("%+v, %d without cost", got.Costs, got.Uncosted)
	}
}

func TestEveryAxisAddsUpToAllFacilitiesAndSilenceIsNamed(t *testing.T) {
	r := history(t, Damage{Date: "2024-01-01", Functionality: Partial, Compensation: Claimed, Compensated: &Money{70, "EUR"}, Need: "everything"},
		Damage{Date: "2024-05-01", Component: "building", Damage: Partial, Need: "a roof"})
	quiet, other := r, r
	quiet.ID, quiet.Entries = "01KAAAAAAAAAAAAAAAAAAAAAAB", nil
	other.ID, other.State = "01KAAAAAAAAAAAAAAAAAAAAAAC", "XAB"
	got := ReportOn([]Record{r, quiet, other}, "XAA", day(t, "2024-12-31"), Window)
	for _, a := range got.Axes {
		n := a.Unstated
		for _, s := range a.Shares {
			n += s.Facilities
		}
		if n != 2 || got.Facilities != 2 {
			t.Errorf("%s adds up to %d of %d", a.Name, n, got.Facilities)
		}
	}
	if f := got.Axes[0].Shares[1]; f != (Share{Partial, 1, 1}) || got.Axes[0].Unstated != 1 {
		t.Errorf("%+v", got.Axes[0])
	}
	if len(got.Silent) != 2 || got.Silent[0].Since != "2024-05-01" || got.Silent[1].Since != "" {
		t.Errorf("%+v", got.Silent)
	}
	if !slices.Equal(got.Paid, []Compensation{{Claimed, "EUR", 1, 70}}) || got.Compensate.Unstated != 1 || len(got.Needs) != 2 || got.Needs[1].Component != "" {
		t.Errorf("%+v %d %+v", got.Paid, got.Compensate.Unstated, got.Needs)
	}
	if fresh := ReportOn([]Record{r}, "XAA", day(t, "2024-05-02"), Window); len(fresh.Silent) != 0 || fresh.Axes[0].Shares[1].Old != 0 {
		t.Errorf("%+v", fresh.Silent)
	}
}

func TestWhatCannotStandSaysWhy(t *testing.T) {
	long := strings.Repeat("x", MaxWords+1)
	for name, c := range map[string]struct {
		d    Damage
		want string
	}{
		"no date": {Damage{Functionality: Full}, "not a date"}, "future": {Damage{Date: "2025", Functionality: Full}, "not come yet"},
		"nothing": {Damage{Date: "2024"}, "states nothing"}, "withdrawn without why": {Damage{Date: "2024", Corrects: entryID(1)}, "needs a note"},
		"code": {Damage{Date: "2024", Functionality: "half"}, "not one of full, partial, none"}, "no component": {Damage{Date: "2024", Damage: Partial}, "which one is missing"},
		"cost without component": {Damage{Date: "2024", Cost: &Cost{1, nil, 2, "EUR", "2024"}}, "which one is missing"},
		"cost in disorder":       {Damage{Date: "2024", Component: "building", Cost: &Cost{3, nil, 2, "EUR", "2024"}}, "low, best, high"},
		"best outside":           {Damage{Date: "2024", Component: "building", Cost: &Cost{1, number64(9), 2, "EUR", "2024"}}, "low, best, high"},
		"too much":               {Damage{Date: "2024", Component: "building", Cost: &Cost{1, nil, maxAmount + 1, "EUR", "2024"}}, "low, best, high"},
		"currency":               {Damage{Date: "2024", Component: "building", Cost: &Cost{1, nil, 2, "QQQ", "2024"}}, "currency"},
		"prices":                 {Damage{Date: "2024", Component: "building", Cost: &Cost{1, nil, 2, "EUR", ""}}, "date of its prices"},
		"paid without status":    {Damage{Date: "2024", Functionality: Full, Compensated: &Money{1, "EUR"}}, "needs to be claimed"},
		"negative":               {Damage{Date: "2024", Compensation: Full, Compensated: &Money{-1, "EUR"}}, "from 0"},
		"incident":               {Damage{Date: "2024", Functionality: Full, Incident: "WRD-1"}, "public id"},
		"long":                   {Damage{Date: "2024", Functionality: Full, Note: long}, "longer than"},
		"control":                {Damage{Date: "2024", Functionality: Full, Source: "a\x00b"}, "control characters"},
		"many":                   {Damage{Date: "2024", Functionality: Full, Evidence: make([]string, maxItems+1)}, "more than"},
		"entry":                  {Damage{Date: "2024", Functionality: Full, Corrects: "x"}, "not the id"},
		"all right":              {Damage{Date: "2024", Component: "building", Damage: None, Cost: &Cost{0, nil, 0, "XTS", "2024-05"}}, ""},
	} {
		if why := c.d.Problem(day(t, "2024-12-31")); c.want == "" && why != "" || !strings.Contains(why, c.want) {
			t.Errorf("%s: %q", name, why)
		}
	}
	for want, f := range map[string]Facility{"no type": {Type: "castle", Name: "x", State: "XAA"}, "no name": {Type: "other", State: "XAA"}, "three-letter": {Type: "other", Name: "x", State: "Arcadia"},
		"yes, no": {Type: "other", Name: "x", State: "XAA", Emblem: "maybe"}, "longer": {Type: "other", Name: long, State: "XAA"}} {
		if why := f.Problem(); !strings.Contains(why, want) {
			t.Errorf("%q: %q", want, why)
		}
	}
}

// What leaves for others names nobody that is not public already, and passes no words on.
func TestAFileForOthersHoldsOnlyWhatIsPublic(t *testing.T) {
	r := history(t, Damage{Date: "2024-01-01", Component: "building", Damage: Partial, Functionality: None, Need: "Qanaryneed", Note: "Qanarynote", Source: "Qanarysource", Evidence: []string{"Qanaryevidence"}, Services: []string{"Qanaryservice"}})
	r.Name, r.Place, r.Deconflicted, r.External = "Qanaryname", "Qanaryplace", "Qanarysecret", []string{"Qanaryid"}
	public := r
	public.ID, public.Name, public.Place, public.Published = "01KAAAAAAAAAAAAAAAAAAAAAAB", "Open", "Square", "https://moh.example/list"
	var ours, theirs bytes.Buffer
	for _, err := range []error{WriteCSV(&ours, []Record{r, public}, false), WriteCSV(&theirs, []Record{r, public}, true)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if s := ours.String(); strings.Contains(s, "Qanarysecret") || !strings.Contains(s, "Qanaryname") || !strings.Contains(s, "Qanaryneed") {
		t.Errorf("ours: %s", s)
	}
	if s := theirs.String(); strings.Contains(s, "Qanary") || !strings.Contains(s, "Square") || strings.Contains(s, north) {
		t.Errorf("theirs: %s", s)
	}
	report := ReportOn([]Record{r, public}, "XAA", day(t, "2024-12-31"), Window).ForOthers()
	for _, write := range []func() ([]byte, error){func() ([]byte, error) { return json.Marshal(report) }, func() ([]byte, error) {
		var b bytes.Buffer
		return b.Bytes(), report.WriteCSV(&b)
	}} {
		if b, err := write(); err != nil || bytes.Contains(b, []byte("Qanary")) {
			t.Errorf("%s %v", b, err)
		}
	}
	if report.Facilities != 2 || report.Axes[0].Shares[2].Facilities != 2 {
		t.Errorf("a sum lost somebody: %+v", report)
	}
}

func TestAReportAsATableHasItsFiguresAndRunsNowhere(t *testing.T) {
	r := history(t, Damage{Date: "2024-01-01", Functionality: None, Need: "=cmd()"})
	var b bytes.Buffer
	if err := ReportOn([]Record{r}, "XAA", day(t, "2024-02-01"), Window).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) < 30 || !slices.Equal(rows[0], ReportColumns) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	all := ""
	for _, row := range rows {
		all += strings.Join(row, "|") + "\n"
	}
	for _, want := range []string{"XAA|2024-02-01|axis|functionality|none|||||1|0|", "days_without_function||now|" + north + "|North||||||31|||31||2024-01-01", "|'=cmd()|"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %s", want, all)
		}
	}
}
