package audit

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/lines"
)

func parse(t testing.TB, file string) ([]Row, []lines.Problem) {
	t.Helper()
	rows, problems, err := ParseIndicators(strings.NewReader(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	return rows, problems
}

const header = "kind,state,clause,year,indicator,incident,value,evidence,coder,role,date,source,note\n"

func TestEveryKindOfRowIsRead(t *testing.T) {
	rows, problems := parse(t, "\ufeff"+header+
		"coding,xaa,,2022,st5,,partly,,Ann,coder,2023-01-05,gazette,\n"+
		"outcome,XAA,CIHL:R28,2022,,,F2,,Ann,,2023-01-05,,\n"+
		",,,,,,,,,,,,\n"+
		"information,XAA,,2022,,,I3,,Ann,coder,,,\n"+
		"reply,XAA,,,,,received,,,,2023-03,https://ministry.example/1,\"denies, in two lines\nof text\"\n"+
		"party,XAA,AP1,1990,,,party,,,,,depositary,\n"+
		"citation,XAA,WMA-ICOME-2022:40,,,WRD-XAA-2022-ABC,FAIL_PROTECT,,Ann,,,,\n")
	if len(problems) > 0 || len(rows) != 6 {
		t.Fatalf("%d rows, problems %v", len(rows), problems)
	}
	want := Row{Kind: KindCoding, State: "XAA", Year: 2022, Indicator: "ST5", Value: "partly", Coder: "Ann", Role: RoleCoder, Date: "2023-01-05", Source: "gazette"}
	if rows[0] != want {
		t.Errorf("%+v, want %+v", rows[0], want)
	}
}

func TestColumnsMayStandInAnyOrderAndBeLeftOut(t *testing.T) {
	rows, problems := parse(t, "value, Coder ,kind,year,state\nI1,Ann,information,2022,XAA\nI1,Ben,information,2022\n")
	if len(rows) != 1 || len(problems) != 1 || problems[0].Line != 3 {
		t.Errorf("%+v %v", rows, problems)
	}
}

func TestAByteOrderMarkIsPassedOver(t *testing.T) {
	rows, problems := parse(t, "\ufeff\"kind\",state,date,value,note\nreply,XAA,2023-03,received,d\u00e9menti\n")
	if len(rows) != 1 || len(problems) > 0 || rows[0].Note != "d\u00e9menti" {
		t.Errorf("%+v %v", rows, problems)
	}
}

func TestEveryProblemIsNamedWithItsLine(t *testing.T) {
	cases := map[string]string{
		"verdict,XAA,CIHL:R28,2022,,,F2,,Ann,,,,":                          "kind",
		"outcome,Arcadia,CIHL:R28,2022,,,F2,,Ann,,,,":                      "State",
		"outcome,ZZZ,CIHL:R28,2022,,,F2,,Ann,,,,":                          "State",
		"outcome,XAA,,2022,,,F2,,Ann,,,,":                                  "clause",
		"outcome,XAA,CIHL:R28,,,,F2,,Ann,,,,":                              "year",
		"outcome,XAA,CIHL:R28,22,,,F2,,Ann,,,,":                            "year",
		"outcome,XAA,CIHL:R28,2022,,,F2,,,,,,":                             "coder",
		"outcome,XAA,CIHL:R28,2022,,,F2,,--,,,,":                           "coder",
		"outcome,XAA,CIHL:R28,2022,,,F5,,Ann,,,,":                          "value",
		"outcome,XAA,CIHL:R28,2022,,,not_in_force,,Ann,,,,":                "value",
		"coding,XAA,,2022,ST99,,met,,Ann,,,,":                              "indicator",
		"coding,XAA,,2022,OU1,,met,,Ann,,,,":                               "indicator",
		"coding,XAA,,2022,ST1,,A,,Ann,,,,":                                 "value",
		"coding,XAA,,2022,PR1,,met,,Ann,,,,":                               "value",
		"coding,XAA,,2022,ST1,,met,,Ann,judge,,,":                          "role",
		"coding,XAA,,2022,ST1,,met,,Ann,,5 March,,":                        "date",
		"coding,XAA,,2022,ST1,,met,law,Ann,,,,":                            "evidence",
		"party,XAA,AP1,1990,,,party,,,,,,":                                 "source",
		"reply,XAA,,,,,received,,,,,,":                                     "date",
		"citation,XAA,CIHL:R28,,,,ATTACK,,Ann,,,,":                         "incident",
		"citation,XAA,CIHL:R28,,,a,BLAME,,Ann,,,,":                         "value",
		"citation,XAA,CIHL:R28,,,a,ATTACK,rumour,Ann,,,,":                  "evidence",
		"outcome,XAA,CIHL:R28,2022,,,F2,,Ann,,,,,,,,extra":                 "fields",
		"outcome,XAA,CIHL:R28,2022,,,F2,,Ann,editor,,,":                    "role",
		"step,XAA,CIHL:R28,2022,,,draft,,Ann,panel,2023-01-01,,":           "role",
		"step,XAA,CIHL:R28,2022,,,frozen,,Ann,,2023-01-01,,":               "clause",
		"step,XAA,CIHL:R28,2022,,,draft,,Ann,,2023-01,,":                   "day",
		"step,XAA,CIHL:R28,2022,,,draft,,,,2023-01-01,,":                   "coder",
		"correction,XAA,CIHL:R28,2022,,,level,,Ann,,2023-01-01,,why":       "was",
		"appeal,XAA,CIHL:R28,2022,,,filed,,,,2023-01-01,,":                 "body",
		"visit,XAA,,,,,granted,,,,2023,,":                                  "body",
		"reservation,XAA,AP1,2000,,,reserved,,,,,,":                        "source",
		"conflict,XAA,,,,,perhaps,,Ann,,2023,,":                            "value",
		"outcome,XAA," + strings.Repeat("x", 5000) + ",2022,,,F2,,Ann,,,,": "longer",
	}
	for line, want := range cases {
		rows, problems := parse(t, header+line+"\n")
		if len(rows) != 0 || len(problems) != 1 || problems[0].Line != 2 || !strings.Contains(problems[0].Text, want) {
			t.Errorf("%.60s: %d rows, %v, want a problem with the %s", line, len(rows), problems, want)
		}
	}
}

func TestOnePersonSaysOneThingOnOneDay(t *testing.T) {
	_, problems := parse(t, header+
		"outcome,XAA,CIHL:R28,2022,,,F2,,Ann,,2023-01-05,,\n"+
		"outcome,XAA,CIHL:R28,2022,,,F1,,ANN,,2023-01-05,,\n"+
		"outcome,XAA,CIHL:R28,2022,,,F1,,Ann,,2023-02-05,,\n")
	if len(problems) != 1 || problems[0].Line != 3 {
		t.Errorf("%v", problems)
	}
}

func TestNobodyCitesAndDeclinesOnOneDay(t *testing.T) {
	line := func(value, day string) string { return "citation,XAA,CIHL:R28,,,a," + value + ",,Ann,," + day + ",,\n" }
	for what, c := range map[string]struct {
		file string
		want int // line of the problem; 0 = none
	}{
		"two bearings":         {line("ATTACK", "2023-01-05") + line("COMPEL", "2023-01-05"), 0},
		"declined later":       {line("ATTACK", "2023-01-05") + line(Declined, "2023-01-06"), 0},
		"declined on the day":  {line("ATTACK", "2023-01-05") + line(Declined, "2023-01-05"), 3},
		"cited on the day":     {line(Declined, "2023-01-05") + line("ATTACK", "2023-01-05"), 3},
		"declined after two":   {line("ATTACK", "2023-01-05") + line("COMPEL", "2023-01-05") + line(Declined, "2023-01-05"), 4},
		"the same cited twice": {line("ATTACK", "2023-01-05") + line("ATTACK", "2023-01-05"), 3},
	} {
		_, problems := parse(t, header+c.file)
		if c.want == 0 && len(problems) > 0 || c.want > 0 && (len(problems) != 1 || problems[0].Line != c.want) {
			t.Errorf("%s: %v", what, problems)
		}
	}
}

func TestAFileThatIsNoTableIsRefused(t *testing.T) {
	for what, c := range map[string]struct {
		file string
		kind fault.Kind
	}{
		"empty":           {"", fault.Invalid},
		"other columns":   {"name,value\nx,1\n", fault.Invalid},
		"a column twice":  {"kind,state,value,value\n", fault.Invalid},
		"a missing one":   {"kind,value,year\n", fault.Invalid},
		"broken quotes":   {header + "coding,XAA,\"x\n", fault.Invalid},
		"too large":       {header + strings.Repeat(strings.Repeat("x", 1<<20)+"\n", 65), fault.Limit},
		"all wrong":       {header + strings.Repeat("x\n", lines.MaxProblems+1), fault.Limit},
		"Latin-1":         {header + "reply,XAA,,,,,received,,,,2023-03,,d\xe9menti\n", fault.Invalid},
		"UTF-16":          {"\xff\xfek\x00i\x00n\x00d\x00", fault.Invalid},
		"cut in a letter": {header + "reply,XAA,,,,,received,,,,2023-03,,d\xc3", fault.Invalid},
		"a workbook":      {"PK\x03\x04\x00\x00", fault.Invalid},
	} {
		if _, _, err := ParseIndicators(strings.NewReader(c.file), nil); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// The example in the manual is read, and does what the manual says.
func TestTheExampleInTheManualIsRead(t *testing.T) {
	page, err := os.ReadFile("../docs/indicators-csv.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := bytes.Cut(page, []byte("```csv\n"))
	example, _, closed := bytes.Cut(rest, []byte("```"))
	if !found || !closed {
		t.Fatal("the page has no example")
	}
	rows, problems := parse(t, string(example))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, kind := range kinds {
		if !slices.ContainsFunc(rows, func(r Row) bool { return r.Kind == kind }) {
			t.Errorf("the example has no %s row", kind)
		}
	}
	for _, column := range Columns {
		if !bytes.Contains(page, []byte("| `"+column+"` |")) {
			t.Errorf("the page does not explain the column %s", column)
		}
	}
}

func FuzzParseIndicators(f *testing.F) {
	f.Add([]byte(header + "coding,XAA,,2022,ST5,,partly,,Ann,coder,2023-01-05,gazette,\n"))
	f.Add([]byte("kind,state,value\nreply,XAA,none\n\"\"\"\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, problems, err := ParseIndicators(bytes.NewReader(raw), nil)
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Errorf("an input is never an internal error: %v", err)
		}
		for _, r := range rows {
			if r.problem() != "" || r.State == "" {
				t.Errorf("a bad row came through: %+v", r)
			}
		}
		for _, p := range problems {
			if p.Line < 2 {
				t.Errorf("a problem without a line: %+v", p)
			}
		}
	})
}
