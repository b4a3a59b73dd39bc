package commitment

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"ward/exchange"
)

// Record is a commitment as it leaves in a file. Who answers for it and who graded it stay within the association.
type Record struct {
	Demand
	Addressee string   `json:"addressee"`
	Standing  string   `json:"standing"`        // asked | no_longer_asked
	Ended     string   `json:"ended,omitempty"` // since when it is no longer asked
	Status    string   `json:"status"`          // open, A, B, C, D, E, no_info
	Due       string   `json:"due,omitempty"`
	Overdue   bool     `json:"overdue"`
	History   []Stated `json:"history"` // the oldest first
}

// Stated is one entry of a history as it leaves in a file.
type Stated struct {
	On       string   `json:"on"` // day on which it was stated
	Due      string   `json:"due,omitempty"`
	Grade    string   `json:"grade,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
	Why      string   `json:"why,omitempty"`
}

// Record makes the commitment ready to leave.
func (c Commitment) Record() Record {
	r := Record{Demand: c.Demand, Addressee: c.Addressee, Standing: "asked", Status: c.Status, Due: c.Due, Overdue: c.Overdue, History: []Stated{}}
	r.Addressees = []string{c.Addressee}
	if !c.Standing() {
		r.Standing, r.Ended = "no_longer_asked", c.Ended.String()
	}
	for _, s := range c.History {
		on := s.At.Format("2006-01-02")
		if g := s.Body.Grading; g != nil {
			r.History = append(r.History, Stated{On: on, Due: g.Review, Grade: g.Grade, Evidence: g.Evidence, Why: g.Why})
		} else {
			r.History = append(r.History, Stated{On: on, Due: s.Body.Opening.Due})
		}
	}
	return r
}

// WriteJSON writes commitments with their histories.
func WriteJSON(w io.Writer, list []Commitment) error {
	records := []Record{}
	for _, c := range list {
		records = append(records, c.Record())
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(records)
}

// WriteCSV writes one line per commitment, in the order of Columns; an import reads it again.
func WriteCSV(w io.Writer, list []Commitment) error {
	out := csv.NewWriter(w)
	if err := out.Write(Columns); err != nil {
		return err
	}
	for _, c := range list {
		line := c.line()
		for i, cell := range line {
			line[i] = exchange.SafeCell(cell)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (c Commitment) line() []string {
	r := c.Record()
	line := []string{c.ID, c.Addressee, "", c.Due, "", "", "", "", c.Text, c.Title, c.Point, c.Strength, c.Basis, c.Summary, strings.Join(c.Clauses, " "),
		r.Standing, r.Ended, c.Status, strconv.FormatBool(c.Overdue), c.Due, c.GradedOn()}
	if g := c.Grading(); g != nil {
		copy(line[3:], []string{"", g.Grade, strings.Join(g.Evidence, " "), g.Why, g.Review})
	}
	return line
}

// GradedOn is the day of the last grading; "" where there is none.
func (c Commitment) GradedOn() (day string) {
	for _, s := range c.History {
		if s.Body.Grading != nil {
			day = s.At.Format("2006-01-02")
		}
	}
	return day
}
