package web

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"ward/audit"
	"ward/chart"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/locale"
	"ward/policy"
	"ward/vocab"
)

// cellView is one clause in one year for one State: what is counted, how it moves, and the incidents.
type cellView struct {
	view
	*audit.Cell
	State    string
	Name     string
	Norm     policy.Norm
	Point    policy.Clause
	Strip    template.HTML // the clause in every year
	Readings []readingRow
	Counted  incidentTable
	Waiting  incidentTable // a person must decide whether they count
	Decide   int           // how many wait
	More     int           // incidents beyond the page

	Next, Raise          []string // what the procedure waits for, and what the next level would need
	Replies, Corrections []audit.Row
	Appeals              []audit.Row
	Form                 replyForm
}

// readingRow is one line of the sensitivity table.
type readingRow struct {
	Key string
	audit.Variant
}

// cellIncidents is how many incidents a cell's page lists; the audit's JSON has them all.
const cellIncidents = 200

func (s *Site) cell(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showCell(w, r, lang, replyForm{})
}

// showCell draws the page; typed is what somebody entered there that could not be taken.
func (s *Site) showCell(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed replyForm) error {
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || year < 1800 || year > 2200 {
		return fault.New(fault.NotFound, "there is no year %q", r.PathValue("year"))
	}
	report, err := s.auditWith(r, year)
	if codesBlind(r, err) {
		http.Redirect(w, r, address(lang, "workbench", r.PathValue("state"), r.PathValue("clause"), r.PathValue("year")), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	at := slices.IndexFunc(report.Cells, func(c audit.Cell) bool { return c.Clause == r.PathValue("clause") && c.Year == year })
	if at < 0 {
		return fault.New(fault.NotFound, "the norm corpus has no clause %q", r.PathValue("clause"))
	}
	v := cellView{Cell: &report.Cells[at], State: report.State, Name: vocab.CountryName(report.State, string(lang))}
	v.Point, _ = s.desk.Corpus().Clause(v.Clause)
	v.Norm, _ = s.desk.Corpus().Norm(v.Point.Norm)
	v.Readings = readings(v.Sensitivity)
	v.Strip = v.strip(report, lang)
	if err := s.listCell(r, &v); err != nil {
		return err
	}
	c := locale.For(lang)
	v.keepStanding(report, c)
	v.Form = typed
	v.Form.State, v.Form.Clause, v.Form.Year, v.Form.Cell = v.State, v.Clause, strconv.Itoa(year), true
	v.view = newView(r, lang, "states", c.T("cell.page", v.Norm.Short+" "+v.Point.Number, v.Name, c.Year(year)))
	v.Invented = vocab.Invented(v.State)
	return s.render(w, typed.code(), lang, "cell", v)
}

// auditWith builds the audit over the workspace's years, and the year asked for: a pattern shows only over years.
func (s *Site) auditWith(r *http.Request, year int) (*audit.Report, error) {
	report, err := s.desk.Audit(r.Context(), whoOf(r.Context()), r.PathValue("state"), desk.AuditOptions{})
	if err != nil || report.From <= year && year <= report.To {
		return report, err
	}
	return s.desk.Audit(r.Context(), whoOf(r.Context()), r.PathValue("state"), desk.AuditOptions{From: min(year, report.From), To: max(year, report.To)})
}

// strip draws the clause in every year of the audit, as a way to the others.
func (v *cellView) strip(report *audit.Report, lang locale.Lang) template.HTML {
	var years []int
	row := chart.MatrixRow{Label: v.Point.Number, Note: v.Point.Short, Title: v.Point.Summary}
	for i := range report.Cells {
		if cell := &report.Cells[i]; cell.Clause == v.Clause {
			years = append(years, cell.Year)
			row.Cells = append(row.Cells, matrixCell(cell, cellAddress(lang, v.State, cell), lang))
		}
	}
	m := newMatrix(lang, years)
	m.Rows = []chart.MatrixRow{row}
	return m.HTML()
}

func readings(s audit.Sensitivity) []readingRow {
	return []readingRow{{"confirmed_only", s.Confirmed}, {"with_probable", s.Probable}, {"with_possible", s.Possible},
		{"state_only", s.StateOnly}, {"with_unknown", s.WithUnknown}}
}

// listCell loads the cell's incidents, those that count and those that wait for a person, the newest first.
func (s *Site) listCell(r *http.Request, v *cellView) error {
	var waiting []string
	for _, d := range v.ToDecide {
		waiting = append(waiting, d.Incidents...)
	}
	slices.Sort(waiting)
	waiting = slices.Compact(waiting)
	v.Decide = len(waiting)
	v.More = max(0, len(v.Cell.Incidents)-cellIncidents) + max(0, len(waiting)-cellIncidents)
	var err error
	if v.Counted.Rows, err = s.newest(r, v.Cell.Incidents); err != nil {
		return err
	}
	v.Waiting.Rows, err = s.newest(r, waiting)
	return err
}

func (s *Site) newest(r *http.Request, ids []string) ([]incident.Incident, error) {
	list, err := s.desk.IncidentsByID(r.Context(), whoOf(r.Context()), ids[:min(cellIncidents, len(ids))])
	slices.SortFunc(list, func(a, b incident.Incident) int {
		return cmp.Or(cmp.Compare(b.Date.From(), a.Date.From()), cmp.Compare(a.PublicID, b.PublicID))
	})
	return list, err
}
