package exchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/vocab"
	"ward/when"
)

// Whose act: a name that is not known as a State's organ is never made the country's own force by the category.
func TestACategoryGivesNoStateToANameOfSomebody(t *testing.T) {
	for _, category := range []string{"Police", "Government: Military", "Armed Forces of Government/Self-Declared Government"} {
		for name, want := range map[string]string{
			"": "own", "No Information": "own", "Unidentified Armed Actor": "own", "Unidentified armed men": "own", "Police": "own", "Security Forces": "own", "Military": "own",
			"Armed Forces of the Russian Federation": "RUS", "Russian Armed Forces": "RUS",
			"Russian Aerospace Forces": "not own", "Russian soldiers": "not own", "Kadyrovites": "not own", "Rosgvardia": "not own", "DNR forces": "not own",
			"Occupation authorities": "not own", "RF Armed Forces": "not own", "United Nations Security Council": "not own", "Police, Kadyrovites": "not own",
			"Police (DNR)": "not own", "Military/Wagner": "not own", "censored": "not own", "Youths": "not own",
		} {
			r, h := one(t, edition(func(h, r []string) ([]string, []string) {
				r[2], r[3], r[8], r[9] = "Ukraine", "UKR", category, name
				return h, r
			}), Options{})
			if _, known := vocab.Cross("sind", "perpetrator", category); !known || !sindHome(category) {
				t.Fatalf("%s is not a category of a State's own organs", category)
			}
			state, flagged := r.Get("actor.state"), h.flags[FlagActorNameUnknown] == 1
			switch want {
			case "own":
				if state != "UKR" || r.Get("actor.note") == "" || flagged {
					t.Errorf("%s, %q: State %q, flags %v", category, name, state, r.Flags)
				}
			case "not own":
				if state == "UKR" || r.Get("actor.note") != "" || state == "" && !flagged || !strings.HasPrefix(r.Get("actor.kind"), "state.") && state == "" {
					t.Errorf("%s, %q: State %q, kind %q, flags %v", category, name, state, r.Get("actor.kind"), r.Flags)
				}
			default:
				if state != want {
					t.Errorf("%s, %q: State %q, want %s", category, name, state, want)
				}
			}
		}
	}
	if (Flag{Code: FlagActorNameUnknown}).Notice() || Meaning(FlagActorNameUnknown) == FlagActorNameUnknown {
		t.Error("the flag asks for a look at the row and has a meaning")
	}
	for key := range nobody() {
		if a, ok := vocab.ActorNamed(key, when.Date{}); !ok && key != "notapplicable" || a.State != "" || ok && a.Kind != "unknown" {
			t.Errorf("%s is no entry of nobody: %+v", key, a)
		}
	}
}

func sindHome(category string) bool {
	for _, c := range sindLayout().Columns {
		for _, home := range c.Home {
			if home == category {
				return true
			}
		}
	}
	return false
}

// In the publisher's sheet of the world no State is named by a category against a name; their own armies keep their acts.
func TestStatesOfTheWorldSheet(t *testing.T) {
	h := readAll(t, real(t, "sind_global_2016-2023.xlsx"), Options{})
	got := map[string]int{}
	bombed, attacked := 0, 0
	for _, r := range h.rows {
		for _, s := range strings.Fields(r.Get("actor.state")) {
			got[s]++
		}
		if r.Get("certainty") != possible {
			t.Fatalf("row %d asserts the certainty %q", r.Number, r.Get("certainty"))
		}
		for _, f := range r.Flags {
			if f.Code == FlagDoubt && strings.Contains(f.Detail, "nothing is counted") {
				bombed++
				if r.Get("codes") != "ATT.BMB" {
					attacked++
				}
			}
		}
	}
	for state, want := range map[string]int{"UKR": 14, "CHN": 4, "MMR": 928, "SDN": 162, "SYR": 449, "RUS": 1254} {
		if got[state] != want {
			t.Errorf("%s: %d rows, want %d", state, got[state], want)
		}
	}
	if h.flags[FlagActorNameUnknown] != 1 || bombed != 295 || attacked != 0 || h.flags[FlagUncoded] != 1193 {
		t.Errorf("%d names unknown, %d bombings by weapon and place alone, %d of them called more, %d uncoded", h.flags[FlagActorNameUnknown], bombed, attacked, h.flags[FlagUncoded])
	}
}

// Where nothing is counted, weapon and place make no attack: at most a bombing near by, which a person judges.
func TestNothingCounted(t *testing.T) {
	for _, c := range []struct{ weapon, location, codes string }{
		{"Aerial Bomb: Plane", "Health Building", "ATT.BMB"},
		{"Unspecified IED", "Health Building", "ATT.BMB"},
		{"Firearms, Aerial Bomb: Plane", "Health Building", "ATT.BMB"},
		{"Firearms", "Health Building", ""},
		{"Arson", "Health Building", ""},
		{"Knife", "Health Building", ""},
		{"Aerial Bomb: Plane", "Road", ""},
	} {
		r, h := one(t, edition(func(h, r []string) ([]string, []string) {
			r[10], r[11], r[12], r[13], r[14], r[17] = c.weapon, c.location, "0", "0", "0", "0"
			return h, r
		}), Options{})
		if r.Get("codes") != c.codes || (c.codes == "") != (h.flags[FlagUncoded] == 1) {
			t.Errorf("%s at %s: codes %q, flags %v", c.weapon, c.location, r.Get("codes"), r.Flags)
		}
	}
}

// Every row asserts a certainty; another Ward's grade counts as possible at most.
func TestEveryRowAssertsItsCertainty(t *testing.T) {
	r, _ := one(t, edition(nil), Options{})
	says(t, r, map[string]string{"certainty": "possible"})
	for grade, want := range map[string]string{"confirmed": "possible", "probable": "possible", "possible": "possible", "rumour": "rumour", "": "possible", "nonsense": "possible"} {
		rec := sample()[:1]
		rec[0].Values = slices.Clone(rec[0].Values)
		for i := range rec[0].Values {
			if rec[0].Values[i].Field == "certainty" {
				rec[0].Values[i].Value = grade
			}
		}
		path, _ := export(t, FormatCSV, WriteOptions{}, rec)
		got := readAll(t, path, Options{}).rows[0]
		n := 0
		for _, v := range got.Values {
			if v.Field == "certainty" {
				n++
				if v.Value != want || v.Value != grade && grade != "" && grade != "nonsense" && v.Raw != grade {
					t.Errorf("%q is read as %+v", grade, v)
				}
			}
		}
		if n != 1 || grade == "nonsense" && got.Get("detail:certainty") != grade {
			t.Errorf("%q: %d certainties, %+v", grade, n, got.Values)
		}
	}
	_, lossy := export(t, FormatSiND, WriteOptions{}, []Record{{ID: "a", Redistribute: RedistributeYes, Values: []Value{{"date", "2021", ""}, {"certainty", "confirmed", ""}}}})
	if !strings.Contains(strings.Join(lossy, "\n"), "values of certainty") {
		t.Errorf("a grade was lost in silence: %q", lossy)
	}
}

func TestRealFilesAssertACertainty(t *testing.T) {
	for _, file := range []string{"shcc_global_2022.xlsx", "shcc_global_2019.xlsx", "who_ssa_2017-2024.csv.gz", "awsd_2016-10-03.csv", "awsd_2020-11-25.csv", "sind_lebanon.json"} {
		for _, r := range readAll(t, real(t, file), Options{Map: mapLabels}).rows {
			if r.Reject == nil && !vocab.Has("certainty", r.Get("certainty")) {
				t.Fatalf("%s, row %d: certainty %q", file, r.Number, r.Get("certainty"))
			}
		}
	}
}

// manyRows are rows of an edition whose descriptions are quoted, each with its own id.
func manyRows(n int, change func(i int, row []string)) string {
	header, row := cellsOf(nil)
	var b strings.Builder
	b.WriteString(strings.Join(header, ",") + "\n")
	for i := range n {
		r := slices.Clone(row)
		r[1], r[len(r)-1] = `"Shelling, and a fire."`, fmt.Sprint(900000+i)
		if change != nil {
			change(i, r)
		}
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return b.String()
}

// A quotation mark that is not closed must not take rows away in silence.
func TestAnOpenQuoteIsRefused(t *testing.T) {
	open := func(at int, cell string) string {
		return manyRows(300, func(i int, r []string) {
			if i == at {
				r[1] = cell
			}
		})
	}
	plain := func(at int, field int, cell string) string {
		return manyRows(300, func(i int, r []string) {
			r[1] = "Shelling."
			if i == at {
				r[field] = cell
			}
		})
	}
	over := manyRows(300, func(i int, r []string) {
		switch {
		case i == 30:
			r[1] = `"Shelling.`
		case i < 100:
			r[1] = "Shelling."
		}
	})
	for name, c := range map[string]struct {
		content string
		line    int
	}{
		"to the next quoted cell":   {open(30, `"Shelling, and a fire.`), 32},
		"in the first data row":     {open(0, `"Shelling`), 2},
		"behind the sample":         {open(260, `"Shelling`), 262},
		"in the last row":           {open(299, `"Shelling`), 301},
		"to the end of the file":    {plain(30, 1, `"Shelling.`), 32},
		"in the last cell":          {plain(299, 20, `"900299`), 301},
		"escaped at the end":        {plain(299, 20, `"900299""`), 301},
		"no line end":               {strings.TrimSuffix(plain(299, 20, `"900299`), "\n"), 301},
		"a word in quotes leads":    {plain(30, 1, `"Masked" men came`), 32},
		"over some unquoted rows":   {over, 32},
		"bare carriage returns":     {strings.ReplaceAll(plain(30, 1, `"Shelling.`), "\n", "\r"), 32},
		"carriage returns and more": {strings.ReplaceAll(open(30, `"Shelling`), "\n", "\r\n"), 32},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tryAll(write(t, "a.csv", c.content), Options{})
			wantKind(t, err, fault.Invalid, fmt.Sprintf("quotation mark opened in line %d ", c.line), "take it away")
		})
	}
}

func TestDescriptionsOfSeveralLinesAreRead(t *testing.T) {
	for name, cell := range map[string]string{
		"two lines":        "\"First, then second.\nMore, and more; and still more, of it.\"",
		"many lines":       "\"" + strings.Repeat("A line, with some, commas in it.\n", 200) + "\"",
		"quotes inside":    "\"He said \"\"no\"\", and left.\nThey said \"\"yes\"\".\"",
		"blank lines":      "\"A\n\n\nB\"",
		"ends with a line": "\"A\n\"",
		"a long list":      "\"" + strings.Repeat("one, ", 60) + "\nthe end, and no more\"",
		"two long lists":   "\"" + strings.Repeat("one, ", 60) + "\nthe middle,\n" + strings.Repeat("two, ", 60) + "\"",
	} {
		t.Run(name, func(t *testing.T) {
			h := readAll(t, write(t, "a.csv", manyRows(300, func(i int, r []string) {
				if i%7 == 3 {
					r[1] = cell
				}
			})), Options{})
			if len(h.rows) != 300 || !strings.Contains(h.rows[3].Get("description"), "\n") && name != "ends with a line" {
				t.Errorf("%d rows, %q", len(h.rows), h.rows[3].Get("description"))
			}
		})
	}
	for _, end := range []string{"", "\n", "\r\n", "\n\n\n", "\n.", "\n.\n"} {
		h, err := tryAll(write(t, "a.csv", strings.TrimSuffix(manyRows(3, nil), "\n")+end), Options{})
		want := 3 + strings.Count(end, ".")
		if err != nil || len(h.rows) != want {
			t.Errorf("ending %q: %d rows, %v", end, len(h.rows), err)
		}
	}
	narrow := "Date,Country,Health Workers Killed,Event Description\n2021-03-07,XAA,1,\"One, two, three,\nfour, five, six, seven\"\n"
	if h, err := tryAll(write(t, "a.csv", narrow), Options{Profile: "sind"}); err != nil || len(h.rows) != 1 {
		t.Errorf("a narrow table: %d rows, %v", len(h.rows), err)
	}
}

func TestJSONThatIsKnownAndNotRead(t *testing.T) {
	path, _ := export(t, FormatJSON, WriteOptions{}, sample())
	_, err := Open(path, Options{})
	wantKind(t, err, fault.Refused, "Ward's own export", "other programs", "--format csv")
	_, err = Open(write(t, "a.json", `{"hasZ":false,"features":[{"attributes":{"name":"x"},"geometry":{"x":1,"y":2}}]}`), Options{})
	wantKind(t, err, fault.Invalid, "Nothing was written")
	_, err = Open(real(t, "sind_overview_country_year.json"), Options{})
	wantKind(t, err, fault.Refused, "never incidents", "ward reconcile")
}
