package lines

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"ward/fault"
)

var people = Layout{Columns: []string{"name", "place", "note"}, Needed: []string{"name"}, Told: []string{"stated_on"}, Bytes: 1 << 20, Rows: 3000, Field: 40}

// read gives the records as "line:name/place/note"; a record named "bad" has a problem.
func read(l Layout, r io.Reader) (got []string, problems []Problem, err error) {
	problems, err = l.Read(r, func(r Record) string {
		got = append(got, fmt.Sprintf("%d:%s/%s/%s", r.Line, r.Get("name"), r.Get("place"), r.Get("note")))
		if r.Get("name") == "bad" {
			return "it is bad"
		}
		return ""
	})
	return got, problems, err
}

func TestRecordsAreReadByTheNamesOfTheirColumns(t *testing.T) {
	for what, c := range map[string]struct{ file, want string }{
		"the template":                {"name,place,note\nAnn,Aville,x\n", "2:Ann/Aville/x"},
		"another order and case":      {" NOTE ,Name\nx, Ann \n", "2:Ann//x"},
		"a byte order mark":           {"\ufeff\"name\",place\nAnn,Aville\n", "2:Ann/Aville/"},
		"a column that an export has": {"name,stated_on\nAnn,2024-01-01\n", "2:Ann//"},
		"a column of nothing":         {"name,,place\nAnn, ,Aville\n", "2:Ann/Aville/"},
		"a short record":              {"name,place,note\nAnn\n", "2:Ann//"},
		"blank lines":                 {"name,place\n\n,\n  , \nAnn,\n\nBen,\n", "5:Ann// 7:Ben//"},
		"quotes across lines":         {"name,note\n\"A\nnn\",\"two\nlines\"\nBen,\n", "2:A\nnn//two\nlines 5:Ben//"},
		"a head across lines":         {"name,\"note\n\"\nAnn,x\n", "3:Ann//x"},
		"line ends of another system": {"name,place\r\nAnn,Aville\r\n", "2:Ann/Aville/"},
		"no end of the last line":     {"name\nAnn", "2:Ann//"},
		"the mark of an export":       {"name,place,note\n'=1+1,'-x,'n\n", "2:=1+1/-x/'n"},
		"a head alone":                {"name\n", ""},
		"a field of the most bytes":   {"name\n" + strings.Repeat("x", 40), "2:" + strings.Repeat("x", 40) + "//"},
	} {
		got, problems, err := read(people, strings.NewReader(c.file))
		if strings.Join(got, " ") != c.want || len(problems) > 0 || err != nil {
			t.Errorf("%s: %q %v %v, want %q", what, got, problems, err, c.want)
		}
	}
}

func TestEveryProblemGoesByItsLine(t *testing.T) {
	file := "name,note,\nbad,\nAnn,\"a\n\nb\"\n,\nBen,x,,lost\nCem," + strings.Repeat("x", 41) + "\nDan,x,value\nbad,\n"
	got, problems, err := read(people, strings.NewReader(file))
	want := []string{"line 2: it is bad", "line 7: it has 4 fields, the head 3", "line 8: field 2 is longer than 40 bytes",
		"line 9: field 3 stands in a column without a name", "line 10: it is bad"}
	var told []string
	for _, p := range problems {
		told = append(told, p.String())
	}
	if err != nil || !slices.Equal(told, want) {
		t.Errorf("%q %v", told, err)
	}
	if len(got) != 3 {
		t.Errorf("records out of shape are handed on: %q", got)
	}
}

func TestAFileThatCannotBeUsedAsAWholeIsAFault(t *testing.T) {
	known := "Use the columns name,place,note"
	for what, c := range map[string]struct {
		file string
		kind fault.Kind
		want []string // parts of the message
	}{
		"empty":                  {"", fault.Invalid, []string{"is empty", "the line name,place,note"}},
		"a mark alone":           {"\ufeff", fault.Invalid, []string{"is empty"}},
		"an unknown column":      {"name,plaice\n", fault.Invalid, []string{`"plaice"`, known}},
		"a column twice":         {"name,note,Note\n", fault.Invalid, []string{`"note"`, "stands twice", known}},
		"a needed one missing":   {"place,note\n", fault.Invalid, []string{`"name" is missing`, known}},
		"Latin-1":                {"name\nd\xe9menti\n", fault.Invalid, []string{"not UTF-8"}},
		"UTF-16":                 {"\xff\xfen\x00", fault.Invalid, []string{"not UTF-8"}},
		"cut in a letter":        {"name\nd\xc3", fault.Invalid, []string{"not UTF-8"}},
		"an open quote":          {"name\n\"Ann\n", fault.Invalid, []string{"not CSV", "line 2"}},
		"a quote within":         {"name\nA\"nn\n", fault.Invalid, []string{"not CSV", "line 2"}},
		"too large":              {"name\n" + strings.Repeat("\n", 1<<20), fault.Limit, []string{"larger than 1 MB"}},
		"too large in one line":  {strings.Repeat("x", 1<<20+1), fault.Limit, []string{"larger than 1 MB"}},
		"too large in one quote": {"name\n\"" + strings.Repeat("x", 1<<20), fault.Limit, []string{"larger than 1 MB"}},
		"too many rows":          {"name\n" + strings.Repeat("Ann\n", 3001), fault.Limit, []string{"more than 3000 lines"}},
		"too many problems":      {"name\n" + strings.Repeat("bad\n", MaxProblems+1), fault.Limit, []string{"more than 1000 problems"}},
	} {
		_, _, err := read(people, strings.NewReader(c.file))
		for _, part := range c.want {
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v, want %s with %q", what, err, c.kind, part)
			}
		}
	}
}

func TestBoundsAreReachedBeforeTheyArePassed(t *testing.T) {
	most := people
	most.Rows = MaxProblems
	file := "name\n" + strings.Repeat("bad\n", MaxProblems)
	most.Bytes = int64(len(file))
	if got, problems, err := read(most, strings.NewReader(file)); err != nil || len(got) != MaxProblems || len(problems) != MaxProblems {
		t.Errorf("%d records, %d problems, %v", len(got), len(problems), err)
	}
	if _, _, err := read(most, strings.NewReader(file+"\n")); !fault.Is(err, fault.Limit) {
		t.Errorf("a byte more: %v", err)
	}
}

func TestTheFirstProblemsComeWithTheFault(t *testing.T) {
	_, problems, err := read(people, strings.NewReader("name\n"+strings.Repeat("bad\n", MaxProblems+1)))
	if err == nil || len(problems) != MaxProblems || problems[0].Line != 2 {
		t.Errorf("%d problems, %v", len(problems), err)
	}
}

func TestAFileThatBreaksOffIsAFault(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, _, err := read(people, io.MultiReader(strings.NewReader("name\nAnn\n"), iotest.ErrReader(broken)))
	if !fault.Is(err, fault.Invalid) || !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestARecordKnowsItsColumns(t *testing.T) {
	_, err := people.Read(strings.NewReader("name,note\nAnn\n"), func(r Record) string {
		if !r.Has("name") || !r.Has("note") || r.Has("place") || r.Get("place") != "" {
			t.Errorf("%+v", r)
		}
		return ""
	})
	if err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("\ufeffname,note\nAnn,\"a\nb\"\n\n,\nbad,x,y\n")
	f.Add("name\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		last := 1
		problems, err := people.Read(strings.NewReader(text), func(r Record) string {
			if r.Line <= last {
				t.Errorf("line %d after line %d", r.Line, last)
			}
			last = r.Line
			return r.Get("note")
		})
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Errorf("an input is never an internal error: %v", err)
		}
		for _, p := range problems {
			if p.Line < 2 || p.Text == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
