package facility

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
)

const twoLines = `kind,facility,type,name,state,date,component,damage,functionality,cost_low,cost_best,cost_high,currency,prices,compensation,amount,amount_currency,services
facility,N-1,hospital.general,North,xaa,,,,,,,,,,,,,
damage,N-1,,,,2024-03,building,partial,partial,,100,,eur,2024,claimed,50,EUR,"surgery
birth"
`

func mint() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("01KC%022d", n) }
}

// taken puts entries on record as a workspace would.
func taken(made []entry.New) []Record {
	var puts []entry.Entry[Facility]
	var damages []entry.Entry[Damage]
	for i, m := range made {
		at := time.Date(2024, 7, 1, 0, 0, i, 0, time.UTC)
		switch body := m.Body.(type) {
		case Facility:
			puts = append(puts, entry.Entry[Facility]{ID: fmt.Sprintf("01KE%022d", i), Subject: m.Subject, At: at, Body: body})
		case Damage:
			damages = append(damages, entry.Entry[Damage]{ID: fmt.Sprintf("01KE%022d", i), Subject: m.Subject, At: at, Body: body})
		}
	}
	return Records(puts, damages)
}

func parsed(t *testing.T, text string) []Row {
	t.Helper()
	rows, problems, err := Parse(strings.NewReader(text), day(t, "2024-12-31"))
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	return rows
}

func TestAFileCanBeTakenInTwice(t *testing.T) {
	made, problems := Fresh(nil, parsed(t, twoLines), mint())
	if len(made) != 2 || len(problems) != 0 || made[0].Subject != made[1].Subject {
		t.Fatalf("%+v %v", made, problems)
	}
	d := made[1].Body.(Damage)
	if d.Cost.Low != 100 || *d.Cost.Best != 100 || d.Cost.Currency != "EUR" || d.Compensated.Amount != 50 || len(d.Services) != 2 {
		t.Errorf("%+v %+v", d, d.Cost)
	}
	if again, problems := Fresh(taken(made), parsed(t, twoLines), mint()); len(again) != 0 || len(problems) != 0 {
		t.Errorf("%+v %v", again, problems)
	}
}

// What an export leaves out, an import of it does not wipe out.
func TestAnExportTakenInAgainChangesNothing(t *testing.T) {
	made, _ := Fresh(nil, parsed(t, twoLines), mint())
	f := made[0].Body.(Facility)
	f.Deconflicted, f.Operator = "yes", "=operator"
	made[0].Body = f
	var b bytes.Buffer
	if err := WriteCSV(&b, taken(made), false); err != nil {
		t.Fatal(err)
	}
	if again, problems := Fresh(taken(made), parsed(t, b.String()), mint()); len(again) != 0 || len(problems) != 0 {
		t.Errorf("%+v %v\n%s", again, problems, b.String())
	}
}

func TestEveryProblemIsNamedByItsLine(t *testing.T) {
	text := twoLines + `castle,N-1,,,,,,,,,,,,,,,,
damage,,,,,2024,,,full,,,,,,,,,
facility,N-1,other,Twice,XAA,,,,,,,,,,,,,
facility,N-2,castle,x,XAA,,,,,,,,,,,,,
damage,N-1,,,,2024,building,partial,,1,2,,EUR,2024,,,,
damage,N-1,,,,2024,,,full,,,,,,claimed,many,EUR,
damage,N-1,,,,2024,,,full,,,,,,,,,,,,,
`
	_, problems, err := Parse(strings.NewReader(text), day(t, "2024-12-31"))
	want := []string{"line 5: the kind", "line 6: the facility's id", "line 7: line 2 already", "line 8: \"castle\" is no type", "line 9: a cost is whole numbers", "line 10: an amount", "line 11: it has 22 fields"}
	if err != nil || len(problems) != len(want) {
		t.Fatalf("%v %v", problems, err)
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("%q, want %q", p, want[i])
		}
	}
	_, problems = Fresh(nil, parsed(t, "kind,facility,date,functionality,type,name,state,corrects,note\ndamage,nowhere,2024,full,,,,,\nfacility,"+north+",,,other,x,XAA,,\n"), mint())
	if len(problems) != 2 || problems[0].Line != 2 || problems[1].Line != 3 {
		t.Errorf("%v", problems)
	}
}

func TestTwoLinesCannotCorrectOneEntry(t *testing.T) {
	made, _ := Fresh(nil, parsed(t, twoLines), mint())
	records := taken(made)
	id := records[0].Entries[0].ID
	rows := parsed(t, fmt.Sprintf("kind,facility,date,functionality,corrects\ndamage,N-1,2024,full,%s\ndamage,N-1,2024,full,%s\ndamage,N-1,2024,none,%s\n", id, id, id))
	made, problems := Fresh(records, rows, mint())
	if len(made) != 1 || len(problems) != 1 || problems[0].Line != 4 {
		t.Errorf("%+v %v", made, problems)
	}
}

func TestAHostileFileIsRefusedWhole(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind fault.Kind
	}{
		"empty": {"", fault.Invalid}, "not text": {"kind,facility\n\xff", fault.Invalid}, "unknown column": {"kind,facility,danage\n", fault.Invalid},
		"column twice": {"kind,kind,facility\n", fault.Invalid}, "no facility": {"kind\n", fault.Invalid}, "open quote": {"kind,facility\n\"x", fault.Invalid},
		"huge": {strings.Repeat("x", maxFile+1), fault.Limit}, "too many": {"kind,facility\n" + strings.Repeat("x,y\n", maxRows+1), fault.Limit},
	} {
		if rows, _, err := Parse(strings.NewReader(c.text), day(t, "2024-12-31")); !fault.Is(err, c.kind) || rows != nil {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(twoLines)
	f.Add("kind,facility\ndamage,\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, _, err := Parse(strings.NewReader(text), day(t, "2024-12-31"))
		if err != nil {
			return
		}
		Fresh(nil, rows, mint())
	})
}
