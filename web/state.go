package web

import (
	"html/template"
	"net/http"
	"strconv"

	"ward/audit"
	"ward/chart"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/tally"
	"ward/vocab"
)

// auditView is one State's audit, as a page of the site and as the file that stands alone.
type auditView struct {
	view
	audit.View
	Name      string
	Grade     string // the newest information grade, no_info where none
	GradeYear int
	Matrix    template.HTML
	Multiples []multiple
	Folds     []foldView
	Silent    int  // clauses folded
	Alone     bool // a file without links into a site
	Empty     bool // no incident bears on the State
}

// multiple is one small multiple of a code family in one register.
type multiple struct {
	audit.Chart
	Drawing template.HTML
}

// foldView names the clauses of a norm that are left out of the matrix, with their short words.
type foldView struct {
	audit.Fold
	Named []policy.Clause
}

func (s *Site) state(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if name := r.URL.Query().Get("name"); name != "" {
		return findState(w, r, lang, name)
	}
	opt, err := yearsAsked(r)
	if err != nil {
		return err
	}
	report, err := s.desk.Audit(r.Context(), s.who, r.PathValue("state"), opt)
	if err != nil {
		return err
	}
	v := newAuditView(report, s.desk.Corpus(), lang, false)
	v.view = newView(r, lang, "states", v.Name)
	return s.render(w, http.StatusOK, lang, "state", v)
}

// findState leads from a name or code that somebody typed to the State's page.
func findState(w http.ResponseWriter, r *http.Request, lang locale.Lang, name string) error {
	code, err := desk.StateCode(name)
	if err != nil {
		return err
	}
	http.Redirect(w, r, address(lang, "states", code), http.StatusSeeOther)
	return nil
}

// yearsAsked reads from and to; blank is the workspace's own span.
func yearsAsked(r *http.Request) (opt desk.AuditOptions, err error) {
	for name, into := range map[string]*int{"from": &opt.From, "to": &opt.To} {
		text := r.URL.Query().Get(name)
		if text == "" {
			continue
		}
		year, err := strconv.Atoi(text)
		if err != nil || year < 1800 || year > 2200 {
			return opt, fault.New(fault.Invalid, "%q is not a year", text)
		}
		*into = year
	}
	return opt, nil
}

func newAuditView(report *audit.Report, corpus *policy.Corpus, lang locale.Lang, alone bool) auditView {
	v := auditView{View: report.View(corpus), Name: vocab.CountryName(report.State, string(lang)), Alone: alone,
		Grade: audit.NoInfo, Empty: len(report.Incidents) == 0}
	for _, c := range report.Cells {
		if c.Environment != audit.NoInfo && c.Environment != "" && c.Year >= v.GradeYear {
			v.Grade, v.GradeYear = c.Environment, c.Year
		}
	}
	for _, f := range v.Folded {
		named := foldView{Fold: f}
		for _, id := range f.Clauses {
			if clause, ok := corpus.Clause(id); ok {
				named.Named = append(named.Named, clause)
			}
		}
		v.Silent += len(f.Clauses)
		v.Folds = append(v.Folds, named)
	}
	v.drawMatrix(lang)
	v.drawMultiples(lang)
	return v
}

// drawMatrix draws every clause that has something to show.
func (v *auditView) drawMatrix(lang locale.Lang) {
	if len(v.Rows) == 0 {
		return
	}
	c := locale.For(lang)
	m := chart.Matrix{Frame: frame(lang, "matrix"), Caption: c.T("matrix.caption"), Corner: c.T("matrix.corner")}
	for _, y := range v.Years {
		m.Columns = append(m.Columns, c.Year(y))
	}
	for _, r := range v.Rows {
		row := chart.MatrixRow{Group: r.Norm.Short, Label: clauseNumber(r.Clause), Note: r.Clause.Short}
		for _, cell := range r.Cells {
			row.Cells = append(row.Cells, v.matrixCell(cell, lang))
		}
		m.Rows = append(m.Rows, row)
	}
	v.Matrix = m.HTML()
}

func clauseNumber(c policy.Clause) string {
	if c.Number == "" {
		return "·"
	}
	return c.Number
}

func (v *auditView) matrixCell(cell *audit.Cell, lang locale.Lang) chart.MatrixCell {
	c := locale.For(lang)
	out := chart.MatrixCell{Level: cell.Outcome, Moves: cell.Moves, Refused: cell.Why == "access_refused", Title: cellTitle(cell, c),
		Uncoded: cell.Outcome == audit.N0 && cell.Proposed != audit.N0}
	if !cell.Floor.IsZero() {
		out.Count = c.Count(cell.Floor)
	} else if n := toDecide(cell); n.High > 0 {
		out.Count = "?" + c.Count(n)
	}
	if !v.Alone && (out.Count != "" || len(cell.Coders) > 0) {
		out.Href = cellAddress(lang, v.State, cell)
	}
	return out
}

func cellAddress(lang locale.Lang, state string, cell *audit.Cell) string {
	return address(lang, "states", state, cell.Clause, strconv.Itoa(cell.Year))
}

// toDecide sets the waiting citations of a cell side by side: one incident may wait under several bearings.
func toDecide(cell *audit.Cell) (n tally.Count) {
	for _, d := range cell.ToDecide {
		n.Low, n.Best, n.High = max(n.Low, d.Count.Low), max(n.Best, d.Count.Best), max(n.High, d.Count.High)
	}
	return n
}

// cellTitle says the whole finding in words.
func cellTitle(cell *audit.Cell, c *locale.Catalogue) string {
	title := c.T("cell.title", c.Year(cell.Year), c.T("level."+cell.Outcome))
	if cell.Outcome == audit.N0 {
		title += " " + c.T("why."+cell.Why)
	}
	if cell.Proposed != audit.N0 && cell.Proposed != audit.NotInForce {
		title += " " + c.T("cell.proposed", cell.Proposed)
	}
	if !cell.Floor.IsZero() {
		title += " " + c.T("cell.counted", c.Count(cell.Floor))
	}
	if n := toDecide(cell); n.High > 0 {
		title += " " + c.T("cell.to_decide", c.Count(n))
	}
	if cell.Moves {
		title += " " + c.T("chart.moves")
	}
	return title
}

// drawMultiples draws a small multiple for each code family and register over what happened on the territory. Registers
// stand beside each other; those of one family share a scale.
func (v *auditView) drawMultiples(lang locale.Lang) {
	c := locale.For(lang)
	for i, f := range v.Charts {
		if f.Whose != "territory" {
			continue
		}
		b := chart.Bars{Frame: frame(lang, "fam"+strconv.Itoa(i)), Max: f.Peak,
			Title: vocab.Label("family", f.Family.Family, string(lang)) + " · " + f.Register}
		byYear := map[int]audit.FamilyYear{}
		for _, y := range f.Family.Years {
			byYear[y.Year] = y
		}
		for _, y := range v.Years {
			n := byYear[y]
			b.Periods = append(b.Periods, c.Year(y))
			b.Stacks = append(b.Stacks, chart.Stack{Confirmed: n.Confirmed, Probable: n.Probable, Possible: n.Possible})
		}
		v.Multiples = append(v.Multiples, multiple{f, b.Frame.Figure(b, "")})
	}
}
