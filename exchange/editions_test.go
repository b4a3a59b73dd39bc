package exchange

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ward/fault"
)

// cellsOf is the invented edition as a header and rows of cells.
func cellsOf(change func(h, r []string) ([]string, []string)) (header, row []string) {
	var h, r []string
	edition(func(header, row []string) ([]string, []string) {
		h, r = header, row
		if change != nil {
			h, r = change(header, row)
		}
		return h, r
	})
	return h, r
}

// bookOf writes a workbook of the given sheets, in order of their names.
func bookOf(t *testing.T, sheets map[string][][]any, edit func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	for _, name := range sortedKeys(sheets) {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range sheets[name] {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(f)
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func anys(cells []string) []any {
	out := make([]any, len(cells))
	for i, c := range cells {
		out[i] = numericOrBlank(c)
	}
	return out
}

func numericOrBlank(c string) any {
	if c == "" {
		return nil
	}
	return numeric(c)
}

func says(t *testing.T, r Row, want map[string]string) {
	t.Helper()
	for field, w := range want {
		if got := r.Get(field); got != w {
			t.Errorf("%s = %q, want %q", field, got, w)
		}
	}
}

var plainly = map[string]string{"date": "2021-03-07", "country": "XAA", "worker.killed": "2", "worker.injured": "0", "worker.abducted": "", "point": "1.5,2.5"}

func TestEditionsOfText(t *testing.T) {
	plain := edition(nil)
	header, row, _ := strings.Cut(plain, "\n")
	date := func(s string) string {
		return edition(func(h, r []string) ([]string, []string) { r[0] = s; return h, r })
	}
	h, r := cellsOf(nil)
	r[5], r[6] = "1,5", "2,5"
	semicolons := strings.Join(h, ";") + "\n" + strings.Join(r, ";") + "\n"
	group := strings.Repeat(",", 11) + "Facilities,,Health workers,,,,,,\n"
	for name, content := range map[string]string{
		"titles above":            "Attacks on health care\nMade for a test\n\nEdition of no year\n" + plain,
		"a title with commas":     "Attacks, threats, and more; of no year\n" + strings.ReplaceAll(plain, ",", ";"),
		"groups above the header": group + plain,
		"sep line":                "sep=;\n" + strings.Join(h, ";") + "\n" + strings.Join(r, ";"),
		"decimal commas":          semicolons,
		"pipes":                   strings.ReplaceAll(plain, ",", "|"),
		"tags above the labels":   "#date,,#country+name,#country+iso,,,,,,,,,,,#affected+healthworker+killed,,,,,,\n" + plain,
		"dots":                    date("07.03.2021"),
		"slashes":                 date("07/03/2021"),
		"words":                   date("7 March 2021"),
		"day of the week":         date("Sunday, March 7, 2021"),
		"zone":                    date("2021-03-07T00:00:00.000Z"),
		"serial":                  date("44262"),
		"serial with fraction":    date("44262.0"),
		"crlf":                    strings.ReplaceAll(plain, "\n", "\r\n"),
		"quoted":                  `"` + strings.Join(h, `","`) + "\"\n\"" + strings.Join(r, `","`) + "\"\n",
		"tail":                    header + "\n" + row + strings.Repeat(",", 20) + "\n,,\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := one(t, content, Options{})
			says(t, got, plainly)
		})
	}
}

func TestUTF16BigEndian(t *testing.T) {
	var b strings.Builder
	b.WriteString("\xfe\xff")
	for _, c := range strings.ReplaceAll(edition(nil), ",", "\t") {
		b.WriteByte(byte(c >> 8))
		b.WriteByte(byte(c))
	}
	got, _ := one(t, b.String(), Options{})
	says(t, got, plainly)
	_, err := Open(write(t, "a.csv", b.String()[2:]), Options{})
	wantKind(t, err, fault.Invalid, "UTF-16")
}

// A row of totals is no incident, and neither is a header that stands again.
func TestRowsThatAreNoIncidents(t *testing.T) {
	h, r := cellsOf(nil)
	totals := make([]string, len(h))
	totals[0], totals[14] = "Total", "2"
	blank := slices.Clone(totals)
	blank[0], blank[2] = "", "Grand total"
	got := readAll(t, write(t, "a.csv", csvOf(h, r, totals, h, r, blank)), Options{})
	if len(got.rows) != 5 || got.rejects != 3 {
		t.Errorf("%d rows, %d rejected", len(got.rows), got.rejects)
	}
}

func TestCellsThatToolsLeaveBehind(t *testing.T) {
	content := edition(func(h, r []string) ([]string, []string) {
		r[4], r[14], r[15], r[9] = "#N/A", "#REF!", "NaN", "nan"
		return h, r
	})
	r, h := one(t, content, Options{})
	says(t, r, map[string]string{"adm1": "", "worker.killed": "", "worker.injured": "", "actor.name": ""})
	if h.flags[FlagValueUnread] != 1 {
		t.Errorf("%v", r.Flags)
	}
	r, _ = one(t, edition(func(h, r []string) ([]string, []string) { r[1], r[4] = "a\x01b", "'=1+1"; return h, r }), Options{})
	says(t, r, map[string]string{"description": "ab", "adm1": "=1+1"})
}

// A separator that nobody quoted moves all cells behind it.
func TestRowsLongerThanTheHeader(t *testing.T) {
	h, r := cellsOf(nil)
	moved := slices.Insert(slices.Clone(r), 4, "of no place")
	got := readAll(t, write(t, "a.csv", csvOf(append(h, ""), append(r, "", ""), moved, append(moved, "x"))), Options{})
	if len(got.rows) != 3 || got.flags[FlagRowLonger] != 1 {
		t.Errorf("%d rows, %v", len(got.rows), got.flags)
	}
}

// Day or month first: what the file shows, else the layout's way, said so.
func TestOrderOfDayAndMonth(t *testing.T) {
	h, r := cellsOf(nil)
	dated := func(days ...string) harvest {
		rows := [][]string{h}
		for i, d := range days {
			row := slices.Clone(r)
			row[0], row[20] = d, fmt.Sprint(i)
			rows = append(rows, row)
		}
		return readAll(t, write(t, "a.csv", csvOf(rows...)), Options{})
	}
	if got := dated("3/7/2021", "3/25/2021").rows[0].Get("date"); got != "2021-03-07" {
		t.Errorf("month first: %s", got)
	}
	if got := dated("07-03-2021", "25-03-2021").rows[0].Get("date"); got != "2021-03-07" {
		t.Errorf("day first: %s", got)
	}
	if got := dated("03-07-2021", "03-25-2021").rows[0].Get("date"); got != "2021-03-07" {
		t.Errorf("month first, with hyphens: %s", got)
	}
	both := dated("3/7/2021", "3/25/2021", "25/3/2021")
	if both.rows[0].Get("date") != "2021" || both.flags[FlagDateAmbiguous] != 1 {
		t.Errorf("both: %v", both.flags)
	}
	silent := dated("7/3/2021")
	if silent.rows[0].Get("date") != "2021-03-07" || !strings.Contains(strings.Join(silent.warnings, "\n"), "the day first") {
		t.Errorf("no evidence: %v %q", silent.rows[0].Get("date"), silent.warnings)
	}
	var swapped []string
	for i := range enoughDates {
		swapped = append(swapped, fmt.Sprintf("2021-%02d-07", i+1))
	}
	mixed := dated(append(swapped, "25/03/2021")...)
	if !strings.Contains(strings.Join(mixed.warnings, "\n"), "swapped") {
		t.Errorf("swapped by a spreadsheet: %q", mixed.warnings)
	}
	late := slices.Repeat([]string{"7/3/2021"}, headRows+10)
	turned := dated(append(late, "3/25/2021")...)
	if turned.flags[FlagDateContradiction] != 1 {
		t.Errorf("evidence behind the sample: %v", turned.flags)
	}
}

func TestEditionsOfWorkbooks(t *testing.T) {
	h, r := cellsOf(nil)
	sheet := [][]any{anys(h), anys(r)}
	with := func(at int, value any) [][]any {
		row := anys(r)
		row[at] = value
		return [][]any{anys(h), row}
	}
	for name, path := range map[string]string{
		"plain":        bookOf(t, map[string][][]any{"Data": sheet}, nil),
		"notes first":  bookOf(t, map[string][][]any{"About": {{"About this file"}, {"Country", "of no name"}}, "Data": sheet}, nil),
		"serial":       bookOf(t, map[string][][]any{"Data": with(0, 44262)}, nil),
		"with a clock": bookOf(t, map[string][][]any{"Data": with(0, 44262.4375)}, nil),
		"text day":     bookOf(t, map[string][][]any{"Data": with(0, "07/03/2021")}, nil),
		"merged title": bookOf(t, map[string][][]any{"Data": {{"Attacks of no year"}, {}, anys(h), anys(r)}}, func(f *excelize.File) { f.MergeCell("Data", "A1", "T1") }),
		"hidden copy": bookOf(t, map[string][][]any{"A old": with(14, 7), "Data": sheet}, func(f *excelize.File) {
			f.SetActiveSheet(1)
			f.SetSheetVisible("A old", false)
		}),
		"chart": bookOf(t, map[string][][]any{"Data": sheet}, func(f *excelize.File) {
			if err := f.AddChartSheet("A chart", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Data!$O$1", Values: "Data!$O$2:$O$2"}}}); err != nil {
				t.Fatal(err)
			}
		}),
		"a sheet of totals": bookOf(t, map[string][][]any{"Data": sheet, "A": {{"Country", "Year", "Health Workers Killed"}, {"XAA", 2021, 2}}}, nil),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tryAll(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.rows) != 1 {
				t.Fatalf("%d rows", len(got.rows))
			}
			says(t, got.rows[0], plainly)
		})
	}
}

// A header over two rows, as merged cells leave it.
func TestHeaderOverTwoRows(t *testing.T) {
	h, r := cellsOf(nil)
	upper, lower := slices.Clone(h), make([]string, len(h))
	for i := 12; i < 19; i++ {
		upper[i], lower[i] = "", h[i]
	}
	upper[12], upper[14] = "Facilities", "Health workers"
	got, _ := one(t, csvOf(upper, lower, r), Options{})
	says(t, got, plainly)
	for i := range h {
		upper[i], lower[i] = "", h[i]
	}
	for i := range 4 {
		upper[i], lower[i] = h[i], ""
	}
	got, _ = one(t, csvOf(upper, lower, r), Options{})
	says(t, got, plainly)
}

func TestSeveralDataSheets(t *testing.T) {
	h, r := cellsOf(nil)
	next := slices.Clone(r)
	next[0], next[20] = "2022-03-07", "900002"
	got := readAll(t, bookOf(t, map[string][][]any{"2021": {anys(h), anys(r)}, "2022": {anys(h), anys(next)}, "Notes": {{"words"}}}, nil), Options{})
	if len(got.rows) != 2 || got.rows[1].Get("date") != "2022-03-07" || got.rows[1].Number != 2 || !strings.Contains(strings.Join(got.warnings, "\n"), `"2022"`) {
		t.Errorf("%d rows, %q", len(got.rows), got.warnings)
	}
	h2, n2 := slices.Clone(h), slices.Clone(next)
	h2[14], h2[15], n2[14], n2[15] = h2[15], h2[14], n2[15], n2[14]
	_, err := Open(bookOf(t, map[string][][]any{"2021": {anys(h), anys(r)}, "2022": {anys(h2), anys(n2)}}, nil), Options{})
	wantKind(t, err, fault.Invalid, `"2021"`, `"2022"`, "file of its own")
}

func TestEditionsOfJSON(t *testing.T) {
	h, r := cellsOf(nil)
	var pairs []string
	for i := range h {
		if i != 5 && i != 6 {
			pairs = append(pairs, fmt.Sprintf("%q:%q", h[i], r[i]))
		}
	}
	flat := "{" + strings.Join(pairs, ",") + `,"Latitude":1.5,"Longitude":2.5}`
	feature := `{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[2.5,1.5]},"properties":{` + strings.Join(pairs, ",") + "}}"
	for name, content := range map[string]string{
		"list": "[" + flat + "]", "data": `{"meta":{"n":1},"data":[` + flat + `]}`, "API": `{"success":true,"result":{"fields":[{"id":"x"}],"records":[` + flat + `]}}`,
		"features": `{"type":"FeatureCollection","crs":{"type":"name"},"features":[` + feature + `]}`, "nulls": "[" + strings.Replace(flat, `:""`, `:null`, 1) + "]",
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := one(t, content, Options{})
			says(t, got, plainly)
		})
	}
	for _, bad := range []string{`{"data":[]}`, `{"data":{}}`, `[]`, `{"features":[{"type":"Feature"}]}`, `{"a":1}`} {
		_, err := Open(write(t, "a.json", bad), Options{})
		wantKind(t, err, fault.Invalid)
	}
	late := "[" + strings.Repeat(strings.Replace(flat, `"Health Workers Killed":"2",`, "", 1)+",", headRows+10) + flat + "]"
	got := readAll(t, write(t, "a.json", late), Options{})
	says(t, got.rows[headRows+10], plainly)
}

func TestNotATable(t *testing.T) {
	for content, words := range map[string]string{"<!DOCTYPE html><html><body>sign in</body></html>": "web page", "<?xml version='1.0'?><a/>": "XML"} {
		_, err := Open(write(t, "a.csv", content), Options{})
		wantKind(t, err, fault.Invalid, words)
	}
}

// Cells of every type that a workbook knows: text in place, with formats and in the shared table, results of formulas,
// yes and no, a day, a failed formula, a share.
func TestCellTypes(t *testing.T) {
	h, _ := cellsOf(nil)
	var b strings.Builder
	b.WriteString(`<row r="1">`)
	for _, label := range h {
		fmt.Fprintf(&b, `<c t="inlineStr"><is><r><t>%s</t></r><r><t xml:space="preserve">%s</t></r></is></c>`, label[:1], label[1:])
	}
	b.WriteString(`</row><row r="2"><c t="d"><v>2021-03-07T00:00:00</v></c><c t="s"><v>0</v></c><c t="str"><f>"X"&amp;"AA"</f><v>XAA</v></c>` +
		`<c t="str"><f>""</f><v></v></c><c t="e"><v>#N/A</v></c><c><v>1.5</v></c><c><v>2.5</v></c><c/><c/><c/><c/><c/><c t="b"><v>1</v></c><c><f>0/2</f><v>0.5</v></c>` +
		`<c><f t="shared" ref="O2:O3" si="0">1+1</f><v>2</v></c><c><f t="shared" si="0"/><v>0</v></c></row>`)
	path := workbook(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + b.String() + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml": `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>In words</t></si></sst>`})
	got := readAll(t, path, Options{})
	if len(got.rows) != 1 || got.flags[FlagCountUnread] != 1 {
		t.Fatalf("%d rows, %v", len(got.rows), got.flags)
	}
	says(t, got.rows[0], plainly)
	says(t, got.rows[0], map[string]string{"adm1": "", "facility.destroyed": "1", "facility.damaged": "", "description": "In words"})
}

// A workbook's time of day is a share of a day.
func TestTimesOfDay(t *testing.T) {
	for cell, want := range map[string]string{"0.4375": "10:30", "0.999999": "00:00", "0.5": "12:00", "0": "", "1": "", "-0.5": "", "10:30": "", "0x1p-2": "", "NaN": ""} {
		if got, _ := clockText(cell); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
}

// What Ward writes of a date is read again: spans and approximate dates too.
func TestDatesInWardsSpelling(t *testing.T) {
	for _, date := range []string{"2021-05-07/2021-05-09", "2019/2020", "2019-05~", "2021", "1903-05-07"} {
		path, _ := export(t, FormatSiND, WriteOptions{}, []Record{{ID: "WRD-XAA-2021-AAAAAAAA", Namespace: "ward", Redistribute: RedistributeYes,
			Values: []Value{{"date", date, ""}, {"country", "XAA", ""}, {"adm1", "007", ""}, {"worker.killed", "1", ""}}}})
		got := readAll(t, path, Options{})
		says(t, got.rows[0], map[string]string{"date": date, "adm1": "007", "worker.killed": "1"})
	}
}

// A formula whose result was never saved would read as blank: nobody killed.
func TestFormulasWithoutResults(t *testing.T) {
	cells := `<row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t>Country</t></is></c><c r="C1" t="inlineStr"><is><t>Health Workers Killed</t></is></c></row>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>2021-03-07</t></is></c><c r="B2" t="str"><v>XAA</v></c>%s</row>`
	for _, c := range []string{`<c r="C2"><f>1+1</f><v></v></c>`, `<c r="C2"><f>1+1</f><v /></c>`, `<c r="C2"><f>1+1</f></c>`} {
		path := workbook(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + fmt.Sprintf(cells, c) + `</sheetData></worksheet>`})
		_, err := tryAll(path, Options{Profile: "sind"})
		wantKind(t, err, fault.Invalid, "formula")
	}
}
