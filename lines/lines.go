// Package lines reads files in which people state things: CSV in UTF-8 under one line that names the columns.
//
// A record is a line of the file that says something; one with quotes may run over several and goes by the first. A problem says why a record
// cannot be used and goes by its line, so that a person can mend it. What cannot be read as a whole is a fault.
package lines

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"ward/fault"
)

// MaxProblems is how many problems are gathered before a file is given up.
const MaxProblems = 1000

// Layout is what a file must look like and how large it may be.
type Layout struct {
	Columns []string // that people fill, in lower case; in any order in the file
	Needed  []string // those of them that must be there
	Told    []string // that an export adds for the reader: known and passed over
	Bytes   int64    // of the file, at most; 1 MB or more
	Rows    int      // records, at most
	Field   int      // bytes of a field, at most; 0 = as many as the file
}

// Problem is a record that cannot be used, and why.
type Problem struct {
	Line int // of the file, the head being line 1
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// Record is what one line of a file says.
type Record struct {
	Line   int // of the file, the head being line 1
	place  map[string]int
	fields []string
}

// Has reports that the file has a column.
func (r Record) Has(column string) bool {
	_, ok := r.place[column]
	return ok
}

// Get is the value in a column, without space around it and without the mark by which an export keeps a spreadsheet from running a cell; ""
// where there is none.
func (r Record) Get(column string) string {
	i, ok := r.place[column]
	if !ok || i >= len(r.fields) {
		return ""
	}
	s := strings.TrimSpace(r.fields[i])
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}

// Read hands each record to take, which says why it cannot be used, or "". Blank lines are passed over. Take must not keep the record. The
// problems come in the order of the file. The error is a fault where the file as a whole cannot be used: not UTF-8, not CSV, other columns
// (Invalid), or too large or wrong (Limit); the problems found until then come with it.
func (l Layout) Read(r io.Reader, take func(Record) (why string)) (problems []Problem, err error) {
	f, err := l.open(r)
	if err != nil {
		return nil, err
	}
	for rows := 1; ; rows++ {
		record, err := f.next()
		switch {
		case errors.Is(err, io.EOF):
			return problems, nil
		case err != nil:
			return problems, err
		case rows > l.Rows:
			return problems, fault.New(fault.Limit, "the file has more than %d lines", l.Rows).Keeping("nothing of it was used").Do("split it")
		}
		why := f.misshapen(record.fields)
		if why == "" {
			why = take(record)
		}
		if why != "" && len(problems) == MaxProblems {
			return problems, fault.New(fault.Limit, "the file has more than %d problems", MaxProblems).Keeping("nothing of it was used").Do("correct the first ones")
		}
		if why != "" {
			problems = append(problems, Problem{record.Line, why})
		}
	}
}

// file is a file whose head was read.
type file struct {
	Layout
	limited *io.LimitedReader
	in      *csv.Reader
	head    []string
	place   map[string]int
}

func (l Layout) open(r io.Reader) (*file, error) {
	f := file{Layout: l, limited: &io.LimitedReader{R: r, N: l.Bytes + 1}}
	f.in = csv.NewReader(withoutMark(transform.NewReader(f.limited, encoding.UTF8Validator)))
	f.in.FieldsPerRecord = -1
	f.in.ReuseRecord = true
	head, err := f.in.Read()
	if err != nil || f.limited.N <= 0 {
		return nil, f.unreadable(err)
	}
	f.head = slices.Clone(head)
	f.place, err = l.places(f.head)
	return &f, err
}

// next gives the next record that is not blank; io.EOF after the last.
func (f *file) next() (Record, error) {
	for {
		fields, err := f.in.Read()
		if errors.Is(err, io.EOF) && f.limited.N > 0 {
			return Record{}, io.EOF
		}
		if err != nil {
			return Record{}, f.unreadable(err)
		}
		if !blank(fields) {
			line, _ := f.in.FieldPos(0)
			return Record{line, f.place, fields}, nil
		}
	}
}

// withoutMark passes over the byte order mark that spreadsheets put before UTF-8.
func withoutMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		b.Discard(len(mark)) // they were peeked at: it cannot fail
	}
	return b
}

func (f *file) unreadable(err error) error {
	var parse *csv.ParseError
	switch {
	case f.limited.N <= 0:
		return fault.New(fault.Limit, "the file is larger than %d MB", f.Bytes>>20).Keeping("nothing of it was used").Do("split it")
	case errors.Is(err, io.EOF):
		return fault.New(fault.Invalid, "the file is empty").Do("begin with the line %s", strings.Join(f.Columns, ","))
	case errors.Is(err, encoding.ErrInvalidUTF8):
		return fault.New(fault.Invalid, "the file is not UTF-8 text").Keeping("nothing of it was used").Do("save it as comma separated values in UTF-8")
	case errors.As(err, &parse):
		return fault.Wrap(err, fault.Invalid, "the file is not CSV").Keeping("nothing of it was used").Do("save it as comma separated values in UTF-8")
	}
	return fault.Wrap(err, fault.Invalid, "the file cannot be read").Keeping("nothing of it was used")
}

// places finds the columns by name; an unknown one is refused, because a misspelt one would silently lose what it holds. A column without a
// name is what a spreadsheet leaves at the end of its lines.
func (l Layout) places(head []string) (map[string]int, error) {
	place := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "" {
			continue
		}
		if _, twice := place[name]; twice || !slices.Contains(l.Columns, name) && !slices.Contains(l.Told, name) {
			return nil, fault.New(fault.Invalid, "the column %.40q is unknown or stands twice", name).Do("use the columns %s", strings.Join(l.Columns, ","))
		}
		place[name] = i
	}
	for _, need := range l.Needed {
		if _, ok := place[need]; !ok {
			return nil, fault.New(fault.Invalid, "the column %q is missing", need).Do("use the columns %s", strings.Join(l.Columns, ","))
		}
	}
	return place, nil
}

func blank(fields []string) bool {
	return !slices.ContainsFunc(fields, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// misshapen says why a record does not fit under the head; one with fewer fields has nothing in the last columns.
func (f *file) misshapen(fields []string) string {
	if len(fields) > len(f.head) {
		return fmt.Sprintf("it has %d fields, the head %d", len(fields), len(f.head))
	}
	for i, field := range fields {
		if f.Field > 0 && len(field) > f.Field {
			return fmt.Sprintf("field %d is longer than %d bytes", i+1, f.Field)
		}
		if strings.TrimSpace(field) != "" && strings.TrimSpace(f.head[i]) == "" {
			return fmt.Sprintf("field %d stands in a column without a name", i+1)
		}
	}
	return ""
}
