package web

import (
	"strconv"

	"ward/audit"
	"ward/chart"
	"ward/locale"
	"ward/policy"
	"ward/tally"
)

// drawMatrix draws every clause that has something to show.
func (v *auditView) drawMatrix(lang locale.Lang) {
	if len(v.Rows) == 0 {
		return
	}
	m := newMatrix(lang, v.Years)
	for _, r := range v.Rows {
		row := chart.MatrixRow{Group: r.Norm.Short, Label: r.Clause.Number, Note: r.Clause.Short, Title: r.Clause.Summary, Href: "#" + clauseAnchor(r.Clause)}
		for _, cell := range r.Cells {
			row.Cells = append(row.Cells, matrixCell(cell, v.linkTo(cell, lang), lang))
		}
		m.Rows = append(m.Rows, row)
	}
	v.Matrix = m.HTML()
}

// newMatrix is a matrix of years without rows.
func newMatrix(lang locale.Lang, years []int) chart.Matrix {
	c := locale.For(lang)
	m := chart.Matrix{Frame: frame(lang, "matrix"), Caption: c.T("matrix.caption"), Corner: c.T("matrix.corner")}
	if lang != locale.English {
		m.Lang = string(locale.English) // norms speak English until somebody has translated them
	}
	for _, y := range years {
		m.Columns = append(m.Columns, c.Year(y))
	}
	return m
}

// linkTo is the page of a cell that has more to tell than its level; a file that stands alone has no pages.
func (v *auditView) linkTo(cell *audit.Cell, lang locale.Lang) string {
	if v.Alone || cell.Floor.IsZero() && toDecide(cell).High == 0 && len(cell.Coders) == 0 && !cell.Moves && !moved(cell) {
		return ""
	}
	return cellAddress(lang, v.State, cell)
}

// moved reports a cell to which people did more than freeze its evidence.
func moved(cell *audit.Cell) bool {
	return cell.Standing != nil && (len(cell.Standing.Given) > 0 || len(cell.Standing.History) > 1)
}

func cellAddress(lang locale.Lang, state string, cell *audit.Cell) string {
	return address(lang, "states", state, cell.Clause, strconv.Itoa(cell.Year))
}

// clauseAnchor is where on the page the clause's sentence stands.
func clauseAnchor(c policy.Clause) string { return "clause-" + c.ID }

func matrixCell(cell *audit.Cell, href string, lang locale.Lang) chart.MatrixCell {
	c := locale.For(lang)
	out := chart.MatrixCell{Level: cell.Outcome, Moves: cell.Moves, Refused: cell.Why == "access_refused", Title: cellTitle(cell, c), Href: href,
		Uncoded: cell.Outcome == audit.N0 && cell.Proposed != audit.N0}
	if !cell.Floor.IsZero() {
		out.Count = c.Count(cell.Floor)
	} else if n := toDecide(cell); n.High > 0 {
		out.Count = c.T("cell.asks", n)
	}
	return out
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
