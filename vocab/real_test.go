package vocab

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"ward/internal/realdata"
	"ward/text"
	"ward/when"
)

// shared reads a publisher's file.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(realdata.Path(t, "data/incidents/"+name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// table is a file as rows of cells by trimmed header; the first of two equal headers counts.
type table []map[string]string

func tabled(header []string, lines [][]string) table {
	var out table
	for _, cells := range lines {
		r := map[string]string{}
		for i := len(header) - 1; i >= 0; i-- {
			if i < len(cells) {
				r[strings.TrimSpace(header[i])] = cells[i]
			} else {
				r[strings.TrimSpace(header[i])] = ""
			}
		}
		out = append(out, r)
	}
	return out
}

// workbooks keeps what was read, for the larger sheets take a second each. Tests of this package do not run in parallel.
var workbooks = map[string]table{}

// workbook reads the first sheet and leaves a tag row out.
func workbook(t *testing.T, name string) table {
	if w, ok := workbooks[name]; ok {
		return w
	}
	f, err := excelize.OpenReader(bytes.NewReader(shared(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	body := lines[1:]
	if slices.ContainsFunc(body[0], func(s string) bool { return strings.HasPrefix(s, "#") }) {
		body = body[1:]
	}
	workbooks[name] = tabled(lines[0], body)
	return workbooks[name]
}

func commaFile(t *testing.T, r io.Reader) table {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.LazyQuotes = true
	lines, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return tabled(lines[0], lines[1:])
}

func awsd2016(t *testing.T) table {
	return commaFile(t, charmap.ISO8859_1.NewDecoder().Reader(bytes.NewReader(shared(t, "awsd_2016-10-03.csv"))))
}

func awsd2020(t *testing.T) table {
	return commaFile(t, bytes.NewReader(bytes.TrimPrefix(shared(t, "awsd_2020-11-25.csv"), []byte("\ufeff"))))
}

func whoSSA(t *testing.T) table {
	z, err := gzip.NewReader(bytes.NewReader(shared(t, "who_ssa_2017-2024.csv.gz")))
	if err != nil {
		t.Fatal(err)
	}
	return commaFile(t, z)
}

func lebanon(t *testing.T) table {
	var objects []map[string]any
	if err := json.Unmarshal(shared(t, "sind_lebanon.json"), &objects); err != nil {
		t.Fatal(err)
	}
	var out table
	for _, o := range objects {
		r := map[string]string{}
		for k, v := range o {
			r[k] = fmt.Sprint(v)
		}
		out = append(out, r)
	}
	return out
}

// coded is a column of a real file and the column of the crosswalk that reads it; list says that a cell may hold several.
type coded struct {
	header, scheme, column string
	list                   bool
}

var sindColumns = []coded{
	{"Reported Perpetrator", "sind", "perpetrator", false},
	{"Weapon Carried/Used", "sind", "weapon", true},
	{"Known Kidnapping or Arrest Outcome", "sind", "outcome", true},
	{"Conflict-Related Violence", "sind", "conflict", false},
	{"Conflict-Related Violence", "sind", "context", false},
	{"Political-Related Violence", "sind", "political", false},
	{"COVID-19-Related Violence", "sind", "covid", false},
	{"Ebola-Related Violence", "sind", "ebola", false},
	{"Vaccination-Related Violence", "sind", "vaccination", false},
}

var shcc2019Columns = []coded{
	{"Perpetrator", "shcc2019", "perpetrator", false},
	{"SHCC Attack Type", "shcc2019", "attack_type", false},
	{"SHCC Attack Context", "shcc2019", "context", false},
	{"SHCC Attack Context", "shcc2019", "context_codes", false},
	{"SHCC Attack Context", "shcc2019", "context_resources", false},
	{"Deprivation of liberty", "shcc2019", "outcome", false},
}

var awsdColumns = []coded{
	{"Means of attack", "awsd", "means", false},
	{"Attack context", "awsd", "context", false},
	{"Location", "awsd", "location", false},
}

// Every value of every coded column of the real files is mapped or unmapped with a reason.
func TestRealValuesAreMapped(t *testing.T) {
	for _, c := range []struct {
		name    string
		open    func(*testing.T) table
		rows    int // at least
		columns []coded
	}{
		{"sind_global_2016-2023", func(t *testing.T) table { return workbook(t, "sind_global_2016-2023.xlsx") }, 8854,
			append([]coded{{"Geo Precision", "sind", "precision", false}, {"Location", "sind", "location", false}}, sindColumns...)},
		{"shcc_global_2022", func(t *testing.T) table { return workbook(t, "shcc_global_2022.xlsx") }, 1989,
			append([]coded{{"Reported Health Worker Profession", "sind", "profession", true}}, sindColumns...)},
		{"shcc_global_2019", func(t *testing.T) table { return workbook(t, "shcc_global_2019.xlsx") }, 1203, shcc2019Columns},
		{"shcc_syria_2019", func(t *testing.T) table { return workbook(t, "shcc_syria_2019.xlsx") }, 147, shcc2019Columns},
		{"sind_lebanon", lebanon, 553,
			[]coded{{"weapon", "sind", "weapon", true}, {"location", "sind", "location", false}}},
		{"who_ssa", whoSSA, 6277, []coded{
			{"Certainty Level", "ssa", "certainty", false}, {"Attack Type", "ssa", "attack_type", true},
			{"Type of Facility", "ssa", "facility", false}, {"HC Facilities", "ssa", "affected", false},
			{"HC Transport", "ssa", "affected", false}, {"HC Personnel", "ssa", "affected", false},
			{"HC Patients", "ssa", "affected", false}, {"HC Supplies Assets", "ssa", "affected", false},
			{"HC Warehouse Storage", "ssa", "affected", false},
		}},
		{"awsd_2016", awsd2016, 2088, awsdColumns},
		{"awsd_2020", awsd2020, 3002, append([]coded{
			{"Actor type", "awsd", "actor_type", false}, {"Verified", "awsd", "verified", false}, {"Source", "awsd", "source", false},
		}, awsdColumns...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := c.open(t)
			if len(rows) < c.rows {
				t.Fatalf("%d rows, want %d", len(rows), c.rows)
			}
			for _, col := range c.columns {
				checkColumn(t, rows, col)
			}
		})
	}
}

// checkColumn reads one column whole and logs how many of its values stay without a code.
func checkColumn(t *testing.T, rows table, c coded) {
	if _, ok := rows[0][c.header]; !ok {
		t.Errorf("no column %q", c.header)
		return
	}
	seen, mapped, doubted := map[string]bool{}, 0, 0
	for _, r := range rows {
		items := []string{r[c.header]}
		if c.list {
			items = Split(c.scheme, c.column, r[c.header])
		}
		for _, item := range items {
			if strings.TrimSpace(item) == "" || seen[item] {
				continue
			}
			seen[item] = true
			m, ok := Cross(c.scheme, c.column, item)
			switch {
			case !ok:
				t.Errorf("%s %s: %q is not in the table", c.scheme, c.column, item)
			case m.Unmapped && m.Note == "":
				t.Errorf("%s %s: %q is unmapped without a reason", c.scheme, c.column, item)
			case m.Doubt:
				doubted++
			case !m.Unmapped:
				mapped++
			}
		}
	}
	if len(seen) == 0 {
		t.Errorf("%q holds nothing", c.header)
	}
	t.Logf("%-18s %-15s %2d values: %2d mapped, %2d in doubt, %2d without a code", c.scheme, c.column, len(seen), mapped, doubted, len(seen)-mapped-doubted)
}

// Every country as it is written in the real files is read, and where the file gives a code beside it they agree.
func TestRealCountriesResolve(t *testing.T) {
	files := map[string]func(*testing.T) table{
		"Country":             func(t *testing.T) table { return workbook(t, "sind_global_2016-2023.xlsx") },
		"Country ":            func(t *testing.T) table { return workbook(t, "shcc_global_2022.xlsx") },
		" Country":            func(t *testing.T) table { return workbook(t, "shcc_global_2019.xlsx") },
		" Country ":           awsd2016,
		"Country  ":           awsd2020,
		"Country / Territory": whoSSA,
		"country": func(t *testing.T) table {
			return commaFile(t, bytes.NewReader(shared(t, "ucdp_ged_sample_1000.csv")))
		},
	}
	for header, open := range files {
		header, seen := strings.TrimSpace(header), map[string]bool{}
		for _, r := range open(t) {
			name := r[header]
			if name == "" || seen[name] {
				continue
			}
			seen[name] = true
			iso3, ok := Country(name)
			if !ok {
				t.Errorf("%q is not read", name)
			}
			if code := r["Country ISO"]; code != "" && code != iso3 {
				t.Errorf("%q is read as %s, the file says %s", name, iso3, code)
			}
		}
		t.Logf("%s: %d spellings", header, len(seen))
	}
}

// unresolved names are those that are left out because they name one person.
const unresolvedNames = 1

// Every name of a force or group in the real files is one that Ward knows; the log says how many are what.
func TestRealActorsResolve(t *testing.T) {
	cells := map[string]bool{}
	for _, f := range []struct {
		header string
		rows   table
	}{
		{"Reported Perpetrator Name", workbook(t, "sind_global_2016-2023.xlsx")},
		{"Reported Perpetrator Name", workbook(t, "shcc_global_2022.xlsx")},
		{"perpetrator", lebanon(t)},
		{"Actor name", awsd2020(t)},
	} {
		for _, r := range f.rows {
			if c := repair(r[f.header]); c != "" {
				cells[c] = true
			}
		}
	}
	names, unknown := map[string]string{}, map[string]bool{}
	for cell := range cells {
		for _, n := range ActorsIn(cell) {
			if _, ok := ActorNamed(n, when.Date{}); !ok {
				unknown[n] = true
			}
			names[text.Key(n)] = n
		}
	}
	count := map[string]int{}
	recent := on(t, "2022-06-01")
	for _, n := range names {
		count[describe(n, recent)]++
	}
	t.Logf("%d cells, %d names on 2022-06-01: %v", len(cells), len(names), count)
	if len(unknown) > unresolvedNames {
		t.Errorf("%d names are not known: %v", len(unknown), unknown)
	}
	if count["State"] < 90 || count["group"] < 90 {
		t.Errorf("too few are told: %v", count)
	}
}

// describe says what a name leads to.
func describe(name string, d when.Date) string {
	a, ok := ActorNamed(name, d)
	switch {
	case !ok:
		return "not known"
	case a.Open:
		return "open"
	case a.State != "":
		return "State"
	case a.Group != "":
		return "group"
	}
	return "generic"
}
