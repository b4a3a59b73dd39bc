package duty

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/vocab"
	"ward/when"
)

// Every duty leads back to a clause, is said in every language, and keeps the number that its text prints.
func TestEveryPointHasItsClauseAndItsWords(t *testing.T) {
	per := map[string]int{}
	for _, p := range Points() {
		per[p.Group]++
		for _, clause := range p.Clauses {
			if _, ok := policy.Load().Clause(clause); !ok {
				t.Errorf("%s rests on %s, which the corpus lacks", p.ID, clause)
			}
		}
		for _, code := range p.Codes {
			if vocab.Definition("incident", code) == "" {
				t.Errorf("%s is found as %s, which is no code", p.ID, code)
			}
		}
		for _, lang := range locale.Langs() {
			for _, key := range []string{"duty.point." + p.ID, "duty.bearer." + p.Bearer, "duty.group." + p.Group} {
				if !locale.For(lang).Has(key) && !locale.For(locale.English).Has(key) {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
		if len(p.Clauses) == 0 {
			t.Errorf("%s rests on nothing", p.ID)
		}
	}
	want := map[string]int{Custody: 6, Memory: 7, Teaching: 5, Day: 1, Procedures: 16, Social: 16, Cyber: 7}
	for _, group := range Groups() {
		if per[group] != want[group] {
			t.Errorf("%s has %d points, want %d", group, per[group], want[group])
		}
	}
	if len(Points()) != 58 {
		t.Errorf("%d points: one stands in no group", len(Points()))
	}
}

func TestWhatIsMetIsProved(t *testing.T) {
	day, proof := "2026-03-01", []string{"https://nma.example/letter"}
	for name, c := range map[string]struct {
		a    Assessment
		want string // part of what is wrong; "" = it stands
	}{
		"met with a proof":                   {Assessment{Point: "SOCIAL-2", Year: 2026, Status: Met, Proof: proof}, ""},
		"met without one":                    {Assessment{Point: "SOCIAL-2", Year: 2026, Status: Met}, "proof"},
		"partly without one":                 {Assessment{Point: "SOCIAL-2", Year: 2026, Status: Partly}, "proof"},
		"not met needs none":                 {Assessment{Point: "SOCIAL-2", Year: 2026, Status: NotMet, Due: day}, ""},
		"a procedure needs a day":            {Assessment{Point: "PROC-1", Year: 2026, Status: Met, Proof: proof, Audience: "all members"}, "day"},
		"and an audience":                    {Assessment{Point: "PROC-1", Year: 2026, Status: Met, Proof: proof, Issued: day}, "whom"},
		"with both":                          {Assessment{Point: "PROC-1", Year: 2026, Status: Met, Proof: proof, Issued: day, Audience: "all members"}, ""},
		"ethics day needs its day":           {Assessment{Point: "DAY-1", Year: 2026, Status: Met, Proof: proof}, "day"},
		"an ethics day of another year":      {Assessment{Point: "DAY-1", Year: 2026, Status: Met, Proof: proof, Issued: "2019-09-18", Audience: "all members"}, "2026"},
		"an ethics day of its year":          {Assessment{Point: "DAY-1", Year: 2026, Status: Met, Proof: proof, Issued: "2026-09-18", Audience: "all members"}, ""},
		"a word of a later year":             {Assessment{Point: "PROC-1", Year: 2025, Status: Met, Proof: proof, Issued: day, Audience: "all members"}, "2025"},
		"a word that still holds":            {Assessment{Point: "PROC-1", Year: 2030, Status: Met, Proof: proof, Issued: day, Audience: "all members"}, ""},
		"a proof of blanks":                  {Assessment{Point: "SOCIAL-2", Year: 2026, Status: Met, Proof: []string{" "}}, "proof"},
		"an audience of blanks":              {Assessment{Point: "PROC-1", Year: 2026, Status: Met, Proof: proof, Issued: day, Audience: "\u2003"}, "whom"},
		"what does not apply says why":       {Assessment{Point: "CYBER-7", Year: 2026, Status: NA}, "why"},
		"an unknown point":                   {Assessment{Point: "SOCIAL-17", Year: 2026, Status: NoInfo}, "no point"},
		"an unknown status":                  {Assessment{Point: "SOCIAL-2", Year: 2026, Status: "80%"}, "status"},
		"no year":                            {Assessment{Point: "SOCIAL-2", Status: NoInfo}, "year"},
		"a day that is none":                 {Assessment{Point: "SOCIAL-2", Year: 2026, Status: NotMet, Due: "soon"}, "day"},
		"a field without end":                {Assessment{Point: "SOCIAL-2", Year: 2026, Status: NotMet, Note: strings.Repeat("ی", 2001)}, "longer"},
		"one proof too many":                 {Assessment{Point: "SOCIAL-2", Year: 2026, Status: Met, Proof: slices.Repeat(proof, 21)}, "proofs"},
		"two thousand letters of any script": {Assessment{Point: "SOCIAL-2", Year: 2026, Status: NotMet, Note: strings.Repeat("ی", 2000)}, ""},
	} {
		err := c.a.Check()
		if c.want == "" && err != nil || c.want != "" && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func stated(list ...Assessment) (out []Entry) {
	for i, a := range list {
		out = append(out, Entry{ID: strconv.Itoa(i), Kind: Kind, Subject: a.Subject(), By: "secretary", At: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC), Body: a})
	}
	return out
}

func lineOf(t *testing.T, lines []Line, point string) Line {
	t.Helper()
	at := slices.IndexFunc(lines, func(l Line) bool { return l.ID == point })
	if at < 0 {
		t.Fatalf("no line for %s", point)
	}
	return lines[at]
}

func TestAYearStandsByItsOwnWord(t *testing.T) {
	today := when.DayOf(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	entries := stated(
		Assessment{Point: "CYBER-2", Year: 2024, Status: NotMet},
		Assessment{Point: "CYBER-2", Year: 2025, Status: Met, Proof: []string{"x"}},
		Assessment{Point: "CYBER-2", Year: 2023, Status: Partly, Proof: []string{"x"}},
		Assessment{Point: "CYBER-3", Year: 2026, Status: NotMet, Due: "2026-05-31"},
		Assessment{Point: "CYBER-4", Year: 2026, Status: NotMet, Due: "2026-06-01"},
		Assessment{Point: "CYBER-5", Year: 2026, Status: NotMet, Due: "2026-05-31"},
		Assessment{Point: "CYBER-5", Year: 2026, Status: Met, Proof: []string{"x"}, Due: "2026-05-31"})
	lines := Standing(entries, 2026, today)
	if l := lineOf(t, lines, "CYBER-2"); l.Status != NoInfo || l.Now != nil || l.Before == nil || l.Before.Body.Year != 2025 {
		t.Errorf("an earlier word was carried over: %+v", l)
	}
	for point, want := range map[string]bool{"CYBER-3": true, "CYBER-4": false, "CYBER-5": false, "CYBER-2": false} {
		if l := lineOf(t, lines, point); l.Overdue != want {
			t.Errorf("%s overdue: %v", point, l.Overdue)
		}
	}
	if l := lineOf(t, lines, "CYBER-5"); l.Status != Met || len(l.History) != 2 {
		t.Errorf("the later word does not stand, or the earlier is gone: %+v", l)
	}
	if got := Years(entries); !slices.Equal(got, []int{2026, 2025, 2024, 2023}) {
		t.Errorf("years %v", got)
	}
	changes := Compare(Standing(entries, 2024, today), Standing(entries, 2025, today))
	if len(changes) != 1 || changes[0].ID != "CYBER-2" || changes[0].From != NotMet || changes[0].To != Met {
		t.Errorf("%+v", changes)
	}
}

// What is exported is what comes back, cell for cell, and adds nothing.
func TestAFileComesBackAsItWent(t *testing.T) {
	list := []Assessment{
		{Point: "PROC-4", Year: 2026, Status: Met, Proof: []string{"https://nma.example/4", "minutes, page 3"}, Owner: "ethics officer", Issued: "2026-02-03", Audience: "all members", Note: "with \"quotes\", a comma"},
		{Point: "SOCIAL-1", Year: 2026, Status: NotMet, Due: "2026-12-01"}}
	entries := stated(list...)
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Write(Columns)
	for _, l := range Standing(entries, 2026, 0) {
		w.Write(l.Row(2026, "words"))
	}
	w.Flush()
	got, problems, err := Parse(strings.NewReader("\ufeff" + b.String()))
	if err != nil || len(problems) > 0 || len(got) != 2 || !got[0].same(list[0]) && !got[0].same(list[1]) {
		t.Fatalf("%+v %v %v", got, problems, err)
	}
	if fresh := Fresh(entries, got); len(fresh) != 0 {
		t.Errorf("a file that came back adds %+v", fresh)
	}
	got[0].Note = "otherwise"
	if fresh := Fresh(entries, got); len(fresh) != 1 {
		t.Errorf("a change is not seen: %+v", fresh)
	}
}

func TestEachBadLineIsNamed(t *testing.T) {
	file := "point,year,status,proof,note\nSOCIAL-1,2026,met,,\nsocial-2,2026,not_met,,'=A1\nSOCIAL-2,2026,partly,x,\nNONE,2026,met,x,\nSOCIAL-3,2026,no_info,,\nSOCIAL-4,2026,partly,x,,lost\n"
	got, problems, err := Parse(strings.NewReader(file))
	if err != nil || len(got) != 1 || got[0].Point != "SOCIAL-2" || got[0].Note != "=A1" {
		t.Errorf("%+v %v", got, err)
	}
	if len(problems) != 4 || problems[3].Line != 7 || problems[0].Line != 2 || problems[1].String() != "line 4: line 3 already assesses this point in this year" || problems[2].Line != 5 {
		t.Errorf("%v", problems)
	}
	for name, bad := range map[string]string{"empty": "", "no status": "point,year\n", "misspelt": "point,year,status,prof\n", "twice": "point,year,status,status\n",
		"not text": "point,year,status\n\xff", "a quote left open": "point,year,status\n\"x"} {
		if _, _, err := Parse(strings.NewReader(bad)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := Parse(strings.NewReader(strings.Repeat("x", maxFile+2))); !fault.Is(err, fault.Limit) {
		t.Errorf("a file without end: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("point,year,status\nSOCIAL-1,2026,no_info\n")
	f.Fuzz(func(t *testing.T, file string) {
		got, _, err := Parse(strings.NewReader(file))
		for _, a := range got {
			if err == nil && a.Check() != nil {
				t.Errorf("%+v was taken", a)
			}
		}
	})
}
