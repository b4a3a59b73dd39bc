package web

import (
	"net/http"
	"slices"
	"strconv"

	"ward/audit"
	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/policy"
	"ward/vocab"
)

// cellView is one clause in one year for one State: what is counted, how it moves, and the incidents.
type cellView struct {
	view
	*audit.Cell
	State     string
	Name      string
	Norm      policy.Norm
	Point     policy.Clause
	Readings  []readingRow
	Incidents []incident.Incident
	Waiting   []incident.Incident // a person must decide whether they count
	More      int                 // incidents beyond the page
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
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil {
		return fault.New(fault.NotFound, "there is no year %q", r.PathValue("year"))
	}
	report, err := s.desk.Audit(r.Context(), s.who, r.PathValue("state"), desk.AuditOptions{From: year, To: year})
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
	if err := s.listCell(r, &v); err != nil {
		return err
	}
	v.view = newView(r, lang, "states", v.Name+" · "+v.Clause+" · "+strconv.Itoa(year))
	return s.render(w, http.StatusOK, lang, "cell", v)
}

func readings(s audit.Sensitivity) []readingRow {
	return []readingRow{{"confirmed_only", s.Confirmed}, {"with_probable", s.Probable}, {"with_possible", s.Possible},
		{"state_only", s.StateOnly}, {"with_unknown", s.WithUnknown}}
}

// listCell loads the cell's incidents, those that count and those that wait for a person.
func (s *Site) listCell(r *http.Request, v *cellView) error {
	var waiting []string
	for _, d := range v.ToDecide {
		waiting = append(waiting, d.Incidents...)
	}
	slices.Sort(waiting)
	waiting = slices.Compact(waiting)
	v.More = max(0, len(v.Cell.Incidents)-cellIncidents) + max(0, len(waiting)-cellIncidents)
	var err error
	if v.Incidents, err = s.desk.IncidentsByID(r.Context(), s.who, first(v.Cell.Incidents, cellIncidents)); err != nil {
		return err
	}
	v.Waiting, err = s.desk.IncidentsByID(r.Context(), s.who, first(waiting, cellIncidents))
	return err
}

func first(list []string, n int) []string { return list[:min(n, len(list))] }
