package reconcile

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ward/exchange"
	"ward/fault"
)

var both = By{true, true}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// register writes invented incidents in a publisher's layout; each is a list of field, value.
func register(t *testing.T, rows ...[]string) string {
	t.Helper()
	sheet, err := exchange.NewSheet("sind", "sind-2016-2023")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := exchange.NewCellWriter(&b)
	labels, _ := sheet.Header()
	put := func(cells []string) {
		if err := w.Row(cells); err != nil {
			t.Fatal(err)
		}
	}
	put(labels)
	for _, r := range rows {
		rec := exchange.Record{ExternalID: r[0]}
		for i := 1; i < len(r); i += 2 {
			rec.Values = append(rec.Values, exchange.Value{Field: r[i], Value: r[i+1]})
		}
		put(sheet.Cells(rec))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file(t, "register.csv", b.String())
}

// world is a small register: two incidents of Arcadia in 2019, one of Belmara in 2020, one of no State.
func world(t *testing.T) string {
	return register(t,
		[]string{"11", "date", "2019-03-01", "country", "XAA", "worker.killed", "2", "worker.arrested", "0", "description", "In May 2018 a clinic was hit."},
		[]string{"12", "date", "2019-07-02", "country", "XAA", "worker.killed", "0", "worker.abducted", "3", "facility.destroyed", "1", "description", "A."},
		[]string{"13", "date", "2020-01-02", "country", "XAB", "worker.injured", "1..2..4", "description", "A."},
		[]string{"14", "date", "2020-01-02", "country", "ZZZ", "worker.killed", "9"})
}

const header = "Country,Year,ISO3,Number Of Events,Health Workers Killed,Health Workers Kidnapped,Health Workers Arrested,Health Workers Injured\n"

func TestDifferencesNameTheRowsBehindThem(t *testing.T) {
	totals := file(t, "totals.csv", header+"Arcadia,2019,XAA,2,5,0,3,\nBelmara,2020,XAB,2,,,,4\nCorvania,2020,XAC,1,0,0,0,0\n")
	r := compared(t, both, world(t), totals)
	var got []string
	for _, d := range r.Differences {
		got = append(got, strings.Join([]string{d.Key.String(), d.Measure, string(d.Cause), strings.Join(d.Rows, "+")}, " "))
	}
	want := []string{"XAA-2019 killed other_counts 11", "XAA-2019 kidnapped other_measure 12", "XAA-2019 arrested other_measure ",
		"XAB-2020 events other_incidents 13", "XAB-2020 injured within_range 13"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if r.Shared != 2 || len(r.OnlyA) != 0 || len(r.OnlyB) != 1 || r.OnlyB[0].String() != "XAC-2020" {
		t.Errorf("%d shared, %v, %v", r.Shared, r.OnlyA, r.OnlyB)
	}
	if h := r.Differences[0].Hints; len(h) != 1 || h[0].About != HintYear || !slices.Equal(h[0].Rows, []string{"11"}) {
		t.Errorf("hints %+v", h)
	}
	if h := r.Differences[3].Hints; len(h) != 1 || h[0].About != HintRepeat {
		t.Errorf("hints %+v", h)
	}
}

// A blank states nothing, 0 is a number, and "unspecified" is no number.
func TestBlankZeroAndUnspecifiedAreThreeThings(t *testing.T) {
	totals := file(t, "totals.csv", header+"Arcadia,2019,XAA,2,unspecified,0,0,\nBelmara,2020,XAB,1,0,,,\n")
	r := compared(t, both, world(t), totals)
	for _, m := range r.Measures {
		want := map[string]Measure{
			"events": {"events", 2, 0, 0, 0, 0}, "killed": {"killed", 0, 0, 1, 1, 0}, "kidnapped": {"kidnapped", 0, 1, 0, 0, 1},
			"arrested": {"arrested", 1, 0, 0, 0, 1}, "injured": {"injured", 0, 0, 0, 1, 1},
		}[m.Name]
		if m != want {
			t.Errorf("%+v, want %+v", m, want)
		}
		if m.Agree+m.Differ+m.UnsaidA+m.UnsaidB+m.UnsaidAB != r.Shared {
			t.Errorf("%s does not add up", m.Name)
		}
	}
	if notes := strings.Join(append(r.A.Notes, r.B.Notes...), "\n"); !strings.Contains(notes, "of no State") || !strings.Contains(notes, "not specified") {
		t.Errorf("%q", notes)
	}
}

func TestEitherOrderAndEveryPairOfKinds(t *testing.T) {
	totals := file(t, "totals.json", `{"data":[{"State":"Arcadia","Year":2019,"Events":"3","Killed":2},{"State":"Belmara","Year":"2020","Events":1}]}`)
	rows := world(t)
	more := register(t, []string{"11", "date", "2019-03-01", "country", "XAA", "worker.killed", "1"}, []string{"12", "date", "2019-07-02", "country", "XAA", "worker.killed", "0"},
		[]string{"15", "date", "2020-07-02", "country", "XAB", "worker.killed", "1"})
	ab, ba := compared(t, both, rows, totals), compared(t, both, totals, rows)
	if len(ab.Differences) != 1 || len(ba.Differences) != 1 || ab.Differences[0].A != ba.Differences[0].B || !slices.Equal(ab.Differences[0].Rows, []string{"11", "12"}) ||
		!slices.Equal(ab.Differences[0].Rows, ba.Differences[0].Rows) {
		t.Errorf("%+v\n%+v", ab.Differences, ba.Differences)
	}
	if tt := compared(t, both, totals, totals); len(tt.Differences) != 0 || tt.Shared != 2 {
		t.Errorf("%+v", tt.Differences)
	}
	rr := compared(t, both, rows, more)
	if d := rr.Differences[0]; d.Measure != "killed" || !slices.Equal(d.Rows, []string{"11"}) {
		t.Errorf("%+v", d) // the row that both count alike is not among them
	}
}

func TestKeysAreOfStatesYearsOrBoth(t *testing.T) {
	totals := file(t, "t.csv", "Year,Incidents,Killed\n2019,2,2\n2020,2,9\nTotal,4,11\n")
	r := compared(t, By{Year: true}, world(t), totals)
	if r.Shared != 2 || len(r.Differences) != 0 {
		t.Errorf("%+v", r.Differences)
	}
	byCountry := compared(t, By{Country: true}, world(t), file(t, "c.csv", "Country,Year,Events\nXAA,2019,2\nXAA,2024,5\nXAB,2020,1\n"))
	if d := byCountry.Differences; len(d) != 1 || d[0].Key.String() != "XAA" || d[0].B != 7 || !strings.Contains(strings.Join(byCountry.A.Notes, " "), "2019 to 2020") {
		t.Errorf("%+v %q", d, byCountry.A.Notes)
	}
	if _, err := tryCompare(both, world(t), totals); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "--by year") {
		t.Errorf("%v", err)
	}
	for words, want := range map[string]By{"country": {true, false}, "year": {false, true}, "year country": both} {
		if by, err := ParseBy(strings.Fields(words)); by != want || err != nil {
			t.Errorf("%s: %v %v", words, by, err)
		}
	}
	for _, words := range []string{"", "month"} {
		if _, err := ParseBy(strings.Fields(words)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", words, err)
		}
	}
}

func TestAMoveToTheNextYearIsSeen(t *testing.T) {
	a := file(t, "a.csv", "Country,Year,Events\nXAA,2019,3\nXAA,2020,1\nXAB,2019,4\n")
	b := file(t, "b.csv", "Country,Year,Events\nXAA,2019,2\nXAA,2020,2\nXAB,2019,1\n")
	r := compared(t, both, a, b)
	got := map[string]Cause{}
	for _, d := range r.Differences {
		got[d.Key.String()] = d.Cause
	}
	if want := map[string]Cause{"XAA-2019": OtherYear, "XAA-2020": OtherYear, "XAB-2019": OtherIncidents}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	if years := r.ByYear(); !slices.Equal(years, []YearCount{{2019, 2, 2}, {2020, 1, 1}}) {
		t.Errorf("%v", years)
	}
}

// A table of totals may have the columns of a register; what it lacks is anything that tells one incident from another.
func TestTotalsInARegistersColumnsAreTotals(t *testing.T) {
	const columns = "Country,Year,Total killed,Total wounded,Total kidnapped,Total affected"
	totals := file(t, "t.csv", columns+"\nXAA,2019,1,2,3,6\n")
	rows := file(t, "r.csv", "Incident ID,"+columns+"\n5,XAA,2019,1,2,3,6\n6,XAA,2019,1,0,0,1\n")
	r := compared(t, both, totals, rows)
	if r.A.Kind != Totals || r.B.Kind != Rows || len(r.Differences) != 2 {
		t.Errorf("%s and %s, %+v", r.A.Kind, r.B.Kind, r.Differences)
	}
}

// Parts of a State stand on lines of their own and are its sum; the same line twice is a slip.
func TestHouseNamesLeadToOneState(t *testing.T) {
	a := file(t, "a.csv", "Country,Year,Events\nDRC,2019,3\nOPT,2019,2\nChechnya,2019,1\nRussia,2019,2\nInternational Waters,2019,7\n")
	b := file(t, "b.csv", "ISO3,Year,Events\nCOD,2019,3\nPSE,2019,2\nRUS,2019,3\n")
	r := compared(t, both, a, b)
	if r.Shared != 3 || len(r.Differences) != 0 || r.A.Stateless != 1 {
		t.Errorf("%d shared, %+v, %d of no State", r.Shared, r.Differences, r.A.Stateless)
	}
}

func TestEveryWrongLineIsNamedAndNothingIsCompared(t *testing.T) {
	bad := file(t, "bad.csv", "Country,ISO3,Year,Events\nArcadia,XAA,2019,3\nNowhere,,2019,1\nBelmara,XAB,19,1\nCorvania,XAC,2019,-2\nArcadia,XAA,2019,3\nBelmara,XAA,2020,3\nDorelle,QQQ,2020,=1+1\n")
	_, err := tryCompare(both, bad, bad)
	if !fault.Is(err, fault.Invalid) {
		t.Fatal(err)
	}
	for _, want := range []string{"line 3", "line 4", "line 5", "the same State and year as line 2", "line 7", "line 8"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}
}

// A comma between thousands is passed over; one before a fraction would make 50 of 5.
func TestACommaGroupsThousandsOnly(t *testing.T) {
	good := file(t, "good.csv", "Country,Year,Events\nXAA,2019,\"1,234\"\nXAB,2019,\"12,345,678\"\nXAC,2019,7.0\n")
	same := file(t, "same.csv", "Country,Year,Events\nXAA,2019,1234\nXAB,2019,12345678\nXAC,2019,7\n")
	if r := compared(t, both, good, same); r.Shared != 3 || len(r.Differences) != 0 {
		t.Errorf("%+v", r.Differences)
	}
	for _, said := range []string{"5,0", "1,2", "1234,567", ",123", "1,,234", "1,23,456"} {
		bad := file(t, "bad.csv", "Country,Year,Events\nXAA,2019,\""+said+"\"\n")
		if _, err := tryCompare(both, good, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s is read as a count: %v", said, err)
		}
	}
}

func TestWhatCannotBeComparedIsRefused(t *testing.T) {
	good := file(t, "good.csv", "Country,Year,Events\nXAA,2019,3\n")
	for name, content := range map[string]string{"empty.csv": "", "page.csv": "<html></html>", "list.json": `["a"]`, "letter.csv": "Dear\nSir\n", "deep.json": strings.Repeat("[", 10000),
		"half.json": `[{"Country":"XAA","Year":2019,"Ev`, "other.csv": "Country,Year,Population\nXAA,2019,3\n", "killed.csv": "Country,Year,Health Workers Killed\nXAA,2019,3\n"} {
		_, err := tryCompare(both, good, file(t, name, content))
		if kind := fault.KindOf(err); err == nil || kind == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Load(ctx, good, Options{By: both}); err == nil {
		t.Error("a stopped comparison went on")
	}
}

func TestLabelsOfTotals(t *testing.T) {
	for label, want := range map[string]string{
		"Number Of Events": Events, "Incidents": Events, "Total attacks": Events, "Health Workers Killed": "killed", "Health Workers Kidanpped": "kidnapped", "HW arrested": "arrested",
		"Number of Attacks on Health Facilities Reporting Damege or Dest": facilities, "Health Facilities Destroyed": "facilities_destroyed", "Aid workers wounded": "aid_injured",
		"Health Workers Sexually Assaulted": "sexually_assaulted", "Total affected": "aid_affected",
		"Nationals killed": "", "Patients killed": "", "Killed or injured": "", "Population": "", "Year": "", "": "", "Health Facilities": "", "Sexual violence": "",
	} {
		if got, _ := measureOf(label); got != want {
			t.Errorf("%q is read as %q, want %q", label, got, want)
		}
	}
}

func TestABareLabelTakesTheOtherFilesMeaning(t *testing.T) {
	bare := file(t, "a.csv", "Country,Year,Killed\nXAA,2019,3\n")
	aid := file(t, "b.csv", "Country,Year,Aid workers killed\nXAA,2019,4\n")
	r := compared(t, both, bare, aid)
	if len(r.Differences) != 1 || r.Differences[0].Measure != "aid_killed" || r.Differences[0].Cause != Unexplained {
		t.Errorf("%+v", r.Differences)
	}
}

// The shape that programs read: nothing is renamed, and no list is null.
func TestTheJSONShape(t *testing.T) {
	totals := file(t, "t.csv", "Country,Year,Events,Health Workers Arrested\nXAA,2019,2,1\n")
	var b bytes.Buffer
	if err := compared(t, both, world(t), totals).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	const golden = `{"shared":1,"only_a":1,"only_b":0,"measures":{"events":{"agree":1,"differ":0,"unstated_a":0,"unstated_b":0,"unstated_both":0},
		"arrested":{"agree":0,"differ":1,"unstated_a":0,"unstated_b":0,"unstated_both":0}},"differences":[{"key":"XAA-2019","measure":"arrested","a":0,"b":1,"rows":[]}]}`
	if err := json.Unmarshal([]byte(golden), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s", b.String())
	}
}

func FuzzTotals(f *testing.F) {
	f.Add([]byte(header + "Arcadia,2019,XAA,2,5,0,3,\n"))
	f.Add([]byte(`[{"Country":"XAA","Year":2019,"Events":1}]`))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := Load(context.Background(), path, Options{By: both}); err == nil {
			if _, err := Compare(l, l); err != nil && fault.KindOf(err) == fault.Internal {
				t.Error(err)
			}
		} else if fault.KindOf(err) == fault.Internal {
			t.Error(err)
		}
	})
}
