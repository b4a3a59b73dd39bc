package commitment

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"ward/fault"
)

// Columns of a file of commitments (docs/commitments-csv.md). Those from Told on are for the reader: an export writes them, an import passes
// over them.
var Columns = []string{"recommendation", "addressee", "answers", "due", "grade", "evidence", "why", "review",
	"text", "title", "point", "strength", "basis", "summary", "clauses", "standing", "ended", "status", "overdue", "falls_due", "graded_on"}

// Told is how many columns an import reads.
const Told = 8

// Row is what one line of a file puts on record about a commitment.
type Row struct {
	Line      int // of the file, the head being line 1
	Demand    string
	Addressee string
	Opening   *Opening
	Grading   *Grading
}

// Problem is a line that cannot be used, and why.
type Problem struct {
	Line int
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// Bounds of a file of commitments.
const (
	maxFile = 8 << 20
	maxRows = 20_000
)

// Parse reads a file of commitments against the demands that there are. Rows without a problem are returned even when others have one; a
// line that states nothing, as an export writes of what nobody opened, is passed over. The error is a fault where the file as a whole
// cannot be read: Invalid, or Limit where it is too large.
func Parse(r io.Reader, demands []Demand) ([]Row, []Problem, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return nil, nil, fault.Wrap(err, fault.Invalid, "the file cannot be read").Keeping("nothing of it was used")
	case len(body) > maxFile:
		return nil, nil, fault.New(fault.Limit, "the file is larger than %d MB", maxFile>>20).Keeping("nothing of it was used").Do("split it")
	case !utf8.Valid(body):
		return nil, nil, fault.New(fault.Invalid, "the file is not UTF-8 text").Keeping("nothing of it was used").Do("save it as comma separated values in UTF-8")
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\ufeff")))
	in.FieldsPerRecord = -1
	head, err := in.Read()
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.Invalid, "the file has no head").Do("begin with the line %s", strings.Join(Columns[:Told], ","))
	}
	place, err := placesOf(head)
	if err != nil {
		return nil, nil, err
	}
	p := parser{place: place, demands: map[string]Demand{}, first: map[string]int{}}
	for _, d := range demands {
		p.demands[d.ID] = d
	}
	return p.read(in)
}

// placesOf finds the columns by name; an unknown one is refused, because a misspelt one would silently lose what it holds.
func placesOf(head []string) (map[string]int, error) {
	place := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := place[name]; twice || !slices.Contains(Columns, name) {
			return nil, fault.New(fault.Invalid, "the column %.40q is unknown or stands twice", name).Do("use the columns %s", strings.Join(Columns[:Told], ","))
		}
		place[name] = i
	}
	for _, need := range Columns[:2] {
		if _, ok := place[need]; !ok {
			return nil, fault.New(fault.Invalid, "the column %q is missing", need).Do("use the columns %s", strings.Join(Columns[:Told], ","))
		}
	}
	return place, nil
}

// parser gathers rows and problems.
type parser struct {
	place    map[string]int
	demands  map[string]Demand
	first    map[string]int // line that first spoke of a commitment
	rows     []Row
	problems []Problem
}

func (p *parser) read(in *csv.Reader) ([]Row, []Problem, error) {
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return p.rows, p.problems, nil
		}
		if err != nil {
			return nil, nil, fault.Wrap(err, fault.Invalid, "the file is not CSV").Keeping("nothing of it was used")
		}
		line, _ := in.FieldPos(0)
		p.take(line, record)
		if len(p.rows)+len(p.problems) > maxRows {
			return nil, nil, fault.New(fault.Limit, "the file has more than %d lines", maxRows).Keeping("nothing of it was used").Do("split it")
		}
	}
}

func (p *parser) take(line int, record []string) {
	if !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return
	}
	row, why := p.row(line, record)
	subject := Subject(row.Demand, row.Addressee)
	if before := p.first[subject]; why == "" && before > 0 {
		why = fmt.Sprintf("line %d already speaks of this commitment", before)
	}
	switch {
	case why != "":
		p.problems = append(p.problems, Problem{line, why})
	case row.Opening != nil || row.Grading != nil:
		p.first[subject] = line
		p.rows = append(p.rows, row)
	}
}

func (p *parser) row(line int, record []string) (row Row, why string) {
	if len(record) > len(p.place) {
		return row, fmt.Sprintf("it has %d fields, the head %d", len(record), len(p.place))
	}
	get := func(column string) string {
		if i, ok := p.place[column]; ok && i < len(record) {
			return unmarked(strings.TrimSpace(record[i]))
		}
		return ""
	}
	row = Row{Line: line, Demand: get("recommendation"), Addressee: get("addressee")}
	if why := p.fits(row); why != "" {
		return row, why
	}
	grade, reason, due, review, evidence := get("grade"), get("why"), get("due"), get("review"), strings.Fields(get("evidence"))
	if grade == "" && (review != "" || len(evidence) > 0) {
		return row, "evidence or a review day without a grade"
	}
	if grade != "" && due != "" {
		return row, "a grade takes a review day, not a due day"
	}
	if grade != "" {
		row.Grading, reason = &Grading{Grade: grade, Evidence: evidence, Why: reason, Review: review}, ""
		why = row.Grading.Problem()
	}
	if o := (Opening{Answers: get("answers"), Due: due, Why: reason}); why == "" && o != (Opening{}) {
		row.Opening = &o
		why = o.Problem()
	}
	return row, why
}

// fits says why a row's recommendation and addressee do not belong together; "" where they do.
func (p *parser) fits(row Row) string {
	d, ok := p.demands[row.Demand]
	switch {
	case !ok:
		return fmt.Sprintf("there is no recommendation %.60q", row.Demand)
	case row.Addressee == "State":
		return "a recommendation to all States is graded for one State, such as State:XAA"
	case !d.Takes(row.Addressee):
		return fmt.Sprintf("%s is addressed to %s, not to %.40q", d.ID, strings.Join(d.Addressees, ", "), row.Addressee)
	}
	return ""
}

// unmarked takes off the mark by which an export keeps a spreadsheet from running a cell.
func unmarked(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}

// Fresh takes out of a row what is on record already, so that a file can be imported twice: an opening that would change nothing, and a
// grading that was made before, word for word.
func (c Commitment) Fresh(row Row) Row {
	if o := row.Opening; o != nil && (o.Answers == "" || o.Answers == c.Answers) && (o.Due == "" || o.Due == c.Due) && (o.Why == "" || c.said(*o)) {
		row.Opening = nil
	}
	if g := row.Grading; g != nil && slices.ContainsFunc(c.History, func(s Step) bool { return s.Body.Grading != nil && g.same(*s.Body.Grading) }) {
		row.Grading = nil
	}
	return row
}

// same reports that two gradings say the same, word for word. No evidence is no evidence, as a list of none or as none.
func (g Grading) same(o Grading) bool {
	return g.Grade == o.Grade && g.Why == o.Why && g.Review == o.Review && slices.Equal(g.Evidence, o.Evidence)
}

// said reports that an opening like this one was made before.
func (c Commitment) said(o Opening) bool {
	return slices.ContainsFunc(c.History, func(s Step) bool { return s.Body.Opening != nil && *s.Body.Opening == o })
}
