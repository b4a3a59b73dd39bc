package audit

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"ward/tally"
	"ward/when"
)

// tableColumns is the header of the CSV form.
var tableColumns = []string{
	"state", "clause", "year", "outcome", "why", "proposed", "moves", "environment", "binding", "reply", "reply_date",
	"floor_low", "floor_best", "floor_high", "confirmed", "probable", "possible",
	"confirmed_only_level", "confirmed_only", "with_probable_level", "with_probable", "with_possible_level", "with_possible",
	"state_only_level", "state_only", "with_unknown_level", "with_unknown", "registers", "structure", "process", "to_decide", "incidents",
	"stage", "stage_since", "cut_off", "waits_for", "next_level_needs", "reserved", "replies", "corrections", "appeals", "visits_of_year", "communications_of_year",
}

// WriteCSV writes one line per cell. Counts with a range are low..best..high; registers and indicators are name=value,
// space separated. No free text is in it.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(tableColumns); err != nil {
		return err
	}
	for i := range r.Cells {
		if err := out.Write(r.line(&r.Cells[i])); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r *Report) line(c *Cell) []string {
	num := func(n int64) string { return strconv.FormatInt(n, 10) }
	line := []string{r.State, c.Clause, itoa(c.Year), c.Outcome, c.Why, c.Proposed, strconv.FormatBool(c.Moves), c.Environment, c.Binding}
	if c.Reply != nil {
		line = append(line, c.Reply.Value, c.Reply.Date)
	} else {
		line = append(line, "", "")
	}
	line = append(line, num(c.Floor.Low), num(c.Floor.Best), num(c.Floor.High))
	for _, certainty := range []string{"confirmed", "probable", "possible"} {
		line = append(line, c.Certainty[certainty].Text())
	}
	s := c.Sensitivity
	for _, v := range []Variant{s.Confirmed, s.Probable, s.Possible, s.StateOnly, s.WithUnknown} {
		line = append(line, v.Level, v.Count.Text())
	}
	waiting := tally.Count{}
	for _, d := range c.ToDecide {
		waiting = waiting.Side(d.Count)
	}
	line = append(line, pairs(c.PerRegister), values(c.Structure), values(c.Process), waiting.Text(), itoa(len(c.Incidents)))
	return append(line, r.procedure(c)...)
}

// procedure writes how far the cell has come and what speaks of it. Visits and communications are those of its year, whatever the clause.
func (r *Report) procedure(c *Cell) []string {
	s := c.Standing
	if s == nil {
		s = &Standing{}
	}
	count := func(rows []Row) string { return itoa(len(Speaking(rows, c.Clause, c.Year))) }
	return []string{s.Stage, s.Since, s.CutOff, keysOf(s.Next), keysOf(s.Raise), strconv.FormatBool(c.Reserved),
		count(r.Replies), count(r.Corrections), count(r.Appeals), ofYear(r.Visits, c.Year), ofYear(r.Communications, c.Year)}
}

func keysOf(needs []Need) string {
	var out []string
	for _, n := range needs {
		key := strings.TrimPrefix(n.Key, "need_")
		if n.N > 0 {
			key += "=" + itoa(n.N)
		}
		out = append(out, key)
	}
	return strings.Join(out, " ")
}

// ofYear counts rows by value among those dated within a year.
func ofYear(rows []Row, year int) string {
	n := map[string]int64{}
	for _, row := range rows {
		if date, err := when.Parse(row.Date); err == nil && date.Year() == year {
			n[row.Value]++
		}
	}
	return pairs(n)
}

// Speaking lists the rows that speak of a cell, the newest first: its replies, corrections or appeals as a history.
func Speaking(rows []Row, clause string, year int) (out []Row) {
	for _, row := range rows {
		if row.speaksOf(clause, year) {
			out = append(out, row)
		}
	}
	slices.SortStableFunc(out, func(x, y Row) int { return strings.Compare(y.Date, x.Date) })
	return out
}

// pairs writes name=number by name; a name keeps no space and starts no formula.
func pairs(m map[string]int64) string {
	var out []string
	for name, n := range m {
		out = append(out, strings.Join(strings.Fields(strings.TrimLeft(name, "=+-@\t\r")), "_")+"="+strconv.FormatInt(n, 10))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func values(of []IndicatorValue) string {
	var out []string
	for _, v := range of {
		out = append(out, v.Indicator+"="+v.Value)
	}
	return strings.Join(out, " ")
}
