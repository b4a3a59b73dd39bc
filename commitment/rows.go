package commitment

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ward/lines"
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

// Bounds of a file of commitments.
const (
	maxFile = 8 << 20
	maxRows = 20_000
)

// Parse reads a file of commitments against the demands that there are. Rows without a problem are returned even when others have one; a
// line that states nothing, as an export writes of what nobody opened, is passed over. The error is a fault where the file as a whole
// cannot be read: Invalid, or Limit where it is too large.
func Parse(r io.Reader, demands []Demand) ([]Row, []lines.Problem, error) {
	p := parser{demands: map[string]Demand{}, first: map[string]int{}}
	for _, d := range demands {
		p.demands[d.ID] = d
	}
	layout := lines.Layout{Columns: Columns[:Told], Needed: Columns[:2], Told: Columns[Told:], Bytes: maxFile, Rows: maxRows}
	problems, err := layout.Read(r, p.take)
	if err != nil {
		return nil, problems, err
	}
	return p.rows, problems, nil
}

// parser gathers rows.
type parser struct {
	demands map[string]Demand
	first   map[string]int // line that first spoke of a commitment
	rows    []Row
}

func (p *parser) take(r lines.Record) string {
	row, why := p.row(r)
	if why != "" {
		return why
	}
	subject := Subject(row.Demand, row.Addressee)
	if before := p.first[subject]; before > 0 {
		return fmt.Sprintf("line %d already speaks of this commitment", before)
	}
	if row.Opening != nil || row.Grading != nil {
		p.first[subject] = r.Line
		p.rows = append(p.rows, row)
	}
	return ""
}

func (p *parser) row(r lines.Record) (row Row, why string) {
	row = Row{Line: r.Line, Demand: r.Get("recommendation"), Addressee: r.Get("addressee")}
	if why := p.fits(row); why != "" {
		return row, why
	}
	grade, reason, due, review, evidence := r.Get("grade"), r.Get("why"), r.Get("due"), r.Get("review"), strings.Fields(r.Get("evidence"))
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
	if o := (Opening{Answers: r.Get("answers"), Due: due, Why: reason}); why == "" && o != (Opening{}) {
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
