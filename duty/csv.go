package duty

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ward/fault"
)

// Columns of the file of assessments (docs/duties-csv.md). Those after Note are for the reader and are passed over when the file is taken in.
var Columns = []string{"point", "year", "status", "proof", "owner", "due", "issued", "audience", "note", "group", "clauses", "words", "stated_at", "stated_by"}

// Internal are the columns that stay within the association.
var Internal = []string{"owner", "due", "note", "stated_by"}

// Row is an assessment as a line of the file, in the order of Columns; words are the point's.
func (l Line) Row(year int, words string) []string {
	row := []string{l.ID, strconv.Itoa(year), l.Status, "", "", "", "", "", "", l.Group, strings.Join(l.Clauses, " "), words, "", ""}
	if l.Now != nil {
		a := l.Now.Body
		copy(row[3:], []string{strings.Join(a.Proof, "\n"), a.Owner, a.Due, a.Issued, a.Audience, a.Note})
		copy(row[12:], []string{l.Now.At.Format("2006-01-02"), l.Now.By})
	}
	return row
}

// Problem is a line that cannot be used, and why.
type Problem struct {
	Line int // of the file, the head being line 1
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// Bounds of a file of assessments.
const (
	maxFile = 8 << 20
	maxRows = 20_000
)

// Parse reads a file of assessments. Lines without a problem are returned even when others have one. A line that only repeats that nobody
// assessed a point is passed over. The error is a fault where the whole cannot be read: Invalid, or Limit where it is too large.
func Parse(r io.Reader) (out []Assessment, problems []Problem, err error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(text) > maxFile {
		return nil, nil, fault.New(fault.Limit, "the file is larger than %d MB", maxFile>>20).Keeping("nothing of it was used").Do("split it by years")
	}
	if !utf8.Valid(text) {
		return nil, nil, fault.New(fault.Invalid, "the file is not UTF-8 text").Keeping("nothing of it was used").Do("save it as comma separated values in UTF-8")
	}
	in := csv.NewReader(bufio.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))))
	in.FieldsPerRecord = -1
	place, width, err := head(in)
	if err != nil {
		return nil, nil, err
	}
	return parse(in, place, width)
}

func parse(in *csv.Reader, place map[string]int, width int) (out []Assessment, problems []Problem, err error) {
	first := map[string]int{}
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, problems, nil
		}
		if err != nil {
			return nil, nil, fault.Wrap(err, fault.Invalid, "the file is not CSV").Keeping("nothing of it was used")
		}
		line, _ := in.FieldPos(0)
		a, why := read(record, place, width)
		if before := first[a.Subject()]; why == "" && before > 0 {
			why = fmt.Sprintf("line %d already assesses this point in this year", before)
		}
		switch {
		case why != "":
			problems = append(problems, Problem{line, why})
		case !a.silent():
			out = append(out, a)
			first[a.Subject()] = line
		}
		if len(out)+len(problems) > maxRows {
			return nil, nil, fault.New(fault.Limit, "the file has more than %d lines", maxRows).Keeping("nothing of it was used").Do("split it by years")
		}
	}
}

// silent reports a line that states nothing: an exported point that nobody assessed.
func (a Assessment) silent() bool {
	return a.same(Assessment{Point: a.Point, Year: a.Year, Status: NoInfo})
}

// head finds the columns by name; an unknown one is refused, because a misspelt one would silently lose what it holds.
func head(in *csv.Reader) (place map[string]int, width int, err error) {
	record, err := in.Read()
	if err != nil {
		return nil, 0, fault.Wrap(err, fault.Invalid, "the file has no head").Do("begin with the line %s", strings.Join(Columns[:9], ","))
	}
	place = map[string]int{}
	for i, name := range record {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := place[name]; twice || !slices.Contains(Columns, name) {
			return nil, 0, fault.New(fault.Invalid, "the column %.40q is unknown or stands twice", name).Do("use the columns %s", strings.Join(Columns[:9], ","))
		}
		place[name] = i
	}
	for _, need := range Columns[:3] {
		if _, ok := place[need]; !ok {
			return nil, 0, fault.New(fault.Invalid, "the column %q is missing", need).Do("use the columns %s", strings.Join(Columns[:9], ","))
		}
	}
	return place, len(record), nil
}

func read(record []string, place map[string]int, width int) (a Assessment, why string) {
	get := func(column string) string {
		i, ok := place[column]
		if !ok || i >= len(record) {
			return ""
		}
		return unquoted(strings.TrimSpace(record[i]))
	}
	a = Assessment{Point: strings.ToUpper(get("point")), Status: strings.ToLower(get("status")), Proof: Lines(get("proof")), Owner: get("owner"),
		Due: get("due"), Issued: get("issued"), Audience: get("audience"), Note: get("note")}
	a.Year, _ = strconv.Atoi(get("year"))
	if len(record) > width {
		return a, fmt.Sprintf("it has %d fields, the head %d", len(record), width)
	}
	return a, a.problem()
}

// unquoted takes off the mark by which an export keeps a spreadsheet from running a cell.
func unquoted(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}

// Lines are the lines of a text that say something.
func Lines(s string) (out []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
