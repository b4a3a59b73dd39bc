package duty

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"ward/lines"
	"ward/text"
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

// Bounds of a file of assessments.
const (
	maxFile = 8 << 20
	maxRows = 20_000
	told    = 9 // columns that an import reads
)

// Parse reads a file of assessments. Lines without a problem are returned even when others have one. A line that only repeats that nobody
// assessed a point is passed over. The error is a fault where the whole cannot be read: Invalid, or Limit where it is too large.
func Parse(r io.Reader) (out []Assessment, problems []lines.Problem, err error) {
	first := map[string]int{}
	layout := lines.Layout{Columns: Columns[:told], Needed: Columns[:3], Told: Columns[told:], Bytes: maxFile, Rows: maxRows}
	problems, err = layout.Read(r, func(r lines.Record) string {
		a := read(r)
		if why := a.problem(); why != "" {
			return why
		}
		if before := first[a.Subject()]; before > 0 {
			return fmt.Sprintf("line %d already assesses this point in this year", before)
		}
		if !a.silent() {
			out = append(out, a)
			first[a.Subject()] = r.Line
		}
		return ""
	})
	if err != nil {
		return nil, problems, err
	}
	return out, problems, nil
}

// silent reports a line that states nothing: an exported point that nobody assessed.
func (a Assessment) silent() bool {
	return a.same(Assessment{Point: a.Point, Year: a.Year, Status: NoInfo})
}

func read(r lines.Record) Assessment {
	year, _ := strconv.Atoi(r.Get("year")) // what is no number is no year: a problem of the assessment
	return Assessment{Point: strings.ToUpper(r.Get("point")), Year: year, Status: strings.ToLower(r.Get("status")), Proof: text.Lines(r.Get("proof")),
		Owner: r.Get("owner"), Due: r.Get("due"), Issued: r.Get("issued"), Audience: r.Get("audience"), Note: r.Get("note")}
}
