package audit

import (
	"slices"

	"ward/policy"
)

// View is the report arranged for a page: what a person reads first stands first, and what says nothing is folded.
type View struct {
	*Report
	Years   []int
	Rows    []MatrixRow    // clauses about which something is known, proposed, coded or to decide
	Folded  []Fold         // the rest, per norm and reason
	Charts  []Chart        // small multiples
	Columns []string       // registers of the territory table, by name
	Coded   bool           // any cell left N0 by two people's word
	Stated  []IndicatorRow // structure and process: those about which anybody stated anything
}

// MatrixRow is one clause with its cells, in the order of View.Years.
type MatrixRow struct {
	Clause policy.Clause
	Norm   policy.Norm
	Cells  []*Cell
}

// Fold counts the clauses of one norm that are left out of the matrix for one reason.
type Fold struct {
	Norm    policy.Norm
	Why     string // not_coded, clause_not_in_force or clause_not_binding
	Clauses []string
}

// Chart is one small multiple: a family's series of one register.
type Chart struct {
	Family
	Total int64
	Peak  int64 // the highest year of all registers of this family and whose, so that they share one scale
}

// IndicatorRow is one indicator of structure or process with its values, in the order of View.Years.
type IndicatorRow struct {
	Indicator
	Values []IndicatorValue
}

// View arranges the report. Whose acts the charts show is told by their field Whose; charts without any incident are
// left out.
func (r *Report) View(corpus *policy.Corpus) View {
	v := View{Report: r}
	for year := r.From; year <= r.To; year++ {
		v.Years = append(v.Years, year)
	}
	v.matrix(corpus)
	v.charts()
	for _, reg := range r.Registers {
		v.Columns = append(v.Columns, reg.Register)
	}
	v.stated()
	return v
}

// matrix divides the clauses into rows and folds.
func (v *View) matrix(corpus *policy.Corpus) {
	width := len(v.Years)
	for at := 0; at+width <= len(v.Cells); at += width {
		row := MatrixRow{}
		row.Clause, _ = corpus.Clause(v.Cells[at].Clause)
		row.Norm, _ = corpus.Norm(row.Clause.Norm)
		for i := range width {
			row.Cells = append(row.Cells, &v.Report.Cells[at+i])
			v.Coded = v.Coded || accepted(row.Cells[i].Why)
		}
		if slices.ContainsFunc(row.Cells, speaks) {
			v.Rows = append(v.Rows, row)
		} else {
			v.fold(row)
		}
	}
}

// speaks reports a cell with anything in it that a reader could miss. Indicators have a table of their own.
func speaks(c *Cell) bool {
	return c.Proposed != N0 && c.Proposed != NotInForce || accepted(c.Why) || c.Coded != "" || len(c.ToDecide) > 0 ||
		c.Moves || c.Why == whyOneCoder || c.Why == whyDiffer || c.Why == whyConflict
}

// fold adds a silent row to its norm; the reason is that of the last year.
func (v *View) fold(row MatrixRow) {
	why := row.Cells[len(row.Cells)-1].Why
	for i := range v.Folded {
		if v.Folded[i].Norm.ID == row.Clause.Norm && v.Folded[i].Why == why {
			v.Folded[i].Clauses = append(v.Folded[i].Clauses, row.Clause.ID)
			return
		}
	}
	v.Folded = append(v.Folded, Fold{Norm: row.Norm, Why: why, Clauses: []string{row.Clause.ID}})
}

func (v *View) charts() {
	peaks := map[[2]string]int64{}
	for _, f := range v.Families {
		c := Chart{Family: f}
		for _, y := range f.Years {
			n := y.Confirmed + y.Probable + y.Possible
			c.Total += n
			key := [2]string{f.Family, f.Whose}
			peaks[key] = max(peaks[key], n)
		}
		if c.Total > 0 {
			v.Charts = append(v.Charts, c)
		}
	}
	for i := range v.Charts {
		f := v.Charts[i].Family
		v.Charts[i].Peak = peaks[[2]string{f.Family, f.Whose}]
	}
}

// stated lists the indicators of structure and process that anybody gave a value, agreed or not.
func (v *View) stated() {
	d := newDesk(map[string][]Row{KindCoding: v.Indicators})
	for _, in := range Indicators() {
		if in.Kind == IndicatorOutcome {
			continue
		}
		row := IndicatorRow{Indicator: in}
		said := false
		for _, year := range v.Years {
			value := d.values([]Indicator{in}, year)[0]
			row.Values = append(row.Values, value)
			said = said || value.Why != whyNotCoded
		}
		if said {
			v.Stated = append(v.Stated, row)
		}
	}
}
