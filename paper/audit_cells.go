package paper

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ward/audit"
	"ward/document"
	"ward/exchange"
)

// fills are the colours of levels, as pages have them by daylight.
var fills = map[string]string{audit.N1: "#e3ecea", audit.F1: "#f6dfb4", audit.F2: "#eab26a", audit.F3: "#d97b48", audit.F4: "#8c2a20"}

// yearsAcross is how many years stand beside each other in the table of cells.
const yearsAcross = 12

// matrix shows every clause of which anything is known, year by year; many years go into several tables of like width.
func (p *auditPaper) matrix() {
	p.add(document.PageBreak{})
	p.heading(2, p.T("matrix.title"))
	p.say(document.Note, p.T("matrix.note")+p.englishNote())
	if len(p.Rows) == 0 {
		p.say(document.Plain, p.T("matrix.empty"))
		return
	}
	p.add(p.key())
	parts := (len(p.View.Years) + yearsAcross - 1) / yearsAcross
	across := (len(p.View.Years) + parts - 1) / parts
	for from := 0; from < len(p.View.Years); from += across {
		p.add(p.cells(from, min(from+across, len(p.View.Years))))
	}
	if n := p.silent(); n > 0 {
		p.say(document.Note, p.N("matrix.folded", n)+". "+p.T("matrix.folded.note"))
	}
}

// englishNote says that norms speak English until somebody has translated them.
func (p *auditPaper) englishNote() string {
	if p.lang == "en" {
		return ""
	}
	return " " + p.T("cell.english")
}

func (p *auditPaper) silent() (n int) {
	for _, f := range p.Folded {
		n += len(f.Clauses)
	}
	return n
}

// key says what the colours mean.
func (p *auditPaper) key() document.Table {
	patch := func(level string) document.Cell {
		return document.Cell{Text: document.T(p.T("key." + level)), Fill: fills[level], Hatch: level == audit.N0}
	}
	return document.Table{Rows: [][]document.Cell{
		{patch(audit.N0), patch(audit.N1), patch(audit.F1)},
		{patch(audit.F2), patch(audit.F3), patch(audit.F4)},
		{cell(p.T("paper.key.uncoded")), cell(p.T("key.to_decide")), cell(p.T("paper.key.moves"))},
	}, Widths: []float64{1, 1, 1}}
}

func (p *auditPaper) cells(from, to int) document.Table {
	years := p.View.Years[from:to]
	t := document.Table{Caption: document.T(p.T("matrix.caption") + ", " + p.spanned(years[0], years[len(years)-1])),
		Head: []document.Cell{cell(p.T("matrix.corner"))}, Widths: []float64{4.2}}
	for _, y := range years {
		t.Head, t.Widths = append(t.Head, figure(p.Year(y))), append(t.Widths, 1)
	}
	for _, r := range p.Rows {
		row := []document.Cell{bold(cmp.Or(r.Norm.Short, r.Norm.ID)+" "+r.Clause.Number, r.Clause.Short)}
		for _, c := range r.Cells[from:to] {
			row = append(row, p.level(c))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// level shows a cell: its level where people gave one, hatched where we do not know, and what is counted.
func (p *auditPaper) level(c *audit.Cell) document.Cell {
	out := document.Cell{Num: true, Fill: fills[c.Outcome], Hatch: c.Outcome == audit.N0}
	switch {
	case c.Outcome == audit.NotInForce:
		out.Text = document.Text{{Text: "–", Soft: true}}
	case c.Outcome != audit.N0:
		out.Text = document.Text{{Text: c.Outcome, Bold: true}}
	}
	count := ""
	if !c.Floor.IsZero() {
		count = p.Count(c.Floor)
	} else if n := waiting(c); n > 0 {
		count = p.T("cell.asks", n)
	}
	if c.Moves {
		count += "*"
	}
	if count != "" && len(out.Text) > 0 {
		count = "\u00a0" + count // they stay on one line
	}
	if count != "" {
		out.Text = append(out.Text, document.Span{Text: count})
	}
	return out
}

// waiting is how many incidents wait for a person's decision on a cell: one incident may wait under several bearings.
func waiting(c *audit.Cell) (n int64) {
	for _, d := range c.ToDecide {
		n = max(n, d.Count.High)
	}
	return n
}

// touched are the cells to which people gave a level or replied, in the order of the matrix.
func (p *auditPaper) touched() (out []*audit.Cell) {
	for i := range p.Report.Cells {
		c := &p.Report.Cells[i]
		if len(c.Coders) > 0 || c.Standing != nil && len(c.Standing.Given) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// findings shows each cell on which people gave a word: who accepted what by their part in it, and how much hangs on what is uncertain.
func (p *auditPaper) findings() {
	p.heading(2, p.T("paper.findings"))
	p.say(document.Note, p.T("paper.findings.note"))
	list := p.touched()
	given := document.Table{Caption: document.T(p.T("given.title"))}
	readings := document.Table{Caption: document.T(p.T("cell.readings"))}
	for _, c := range list {
		given.Rows = append(given.Rows, p.givenRow(c))
		if !c.Sensitivity.WithUnknown.Count.IsZero() || c.Moves {
			readings.Rows = append(readings.Rows, p.readingRow(c))
		}
	}
	p.table(given, "given.none", "refused.cell", "cell.outcome", "given.title", "cell.proposal", "cell.floor", "cell.stage")
	if len(list) > 0 {
		p.say(document.Note, p.T("cell.readings.note")+" "+p.T("paper.readings.note"))
		p.table(readings, "paper.readings.none", "refused.cell", "paper.reading.confirmed_only", "paper.reading.with_probable", "paper.reading.with_possible", "paper.reading.state_only", "paper.reading.with_unknown", "paper.moves")
	}
}

func (p *auditPaper) named(c *audit.Cell) document.Cell {
	clause, _ := p.corpus.Clause(c.Clause)
	return bold(c.Clause+" · "+p.Year(c.Year), clause.Short)
}

func (p *auditPaper) givenRow(c *audit.Cell) []document.Cell {
	finding := document.Cell{Text: document.Text{{Text: c.Outcome, Bold: true}}, Fill: fills[c.Outcome], Hatch: c.Outcome == audit.N0}
	stage := ""
	var said []string
	if s := c.Standing; s != nil {
		stage = p.T("stage." + s.Stage)
		for _, g := range s.Given {
			said = append(said, p.T("role."+g.Role)+" "+cmp.Or(strings.TrimPrefix(g.Value, audit.NoInfo), "–"))
		}
	}
	by := cell(strings.Join(said, " · "))
	if c.Outcome == audit.N0 {
		by.Text = append(by.Text, document.Span{Text: " — " + p.T("why."+c.Why), Soft: true})
	}
	return []document.Cell{p.named(c), finding, by, cell(c.Proposed), figure(p.Count(c.Floor)), cell(stage)}
}

func (p *auditPaper) readingRow(c *audit.Cell) []document.Cell {
	row := []document.Cell{p.named(c)}
	s := c.Sensitivity
	for _, v := range []audit.Variant{s.Confirmed, s.Probable, s.Possible, s.StateOnly, s.WithUnknown} {
		count := ""
		if !v.Count.IsZero() {
			count = p.Count(v.Count)
		}
		row = append(row, bold(v.Level, count))
	}
	return append(row, cell(p.T(map[bool]string{true: "paper.moves.yes", false: "paper.moves.no"}[c.Moves])))
}

// answers are what the State replied, what was corrected and what was appealed against, the newest first. Who appealed is not said: it may
// be one person.
func (p *auditPaper) answers() {
	newest := func(rows []audit.Row) []audit.Row {
		return slices.SortedStableFunc(slices.Values(rows), func(a, b audit.Row) int { return cmp.Compare(b.Date, a.Date) })
	}
	p.heading(2, p.T("replies.title"))
	p.say(document.Note, p.T("replies.note"))
	var t document.Table
	for _, r := range newest(p.Replies) {
		t.Rows = append(t.Rows, []document.Cell{cell(p.day(r.Date)), cell(p.T("reply." + r.Value)), cell(p.about(r)), cell(join(r.Note, r.Source))})
	}
	p.table(t, "fact.reply.none.why", "reply.date", "reply.value", "refused.cell", "paper.said")
	p.heading(2, p.T("corrections.title"))
	t = document.Table{}
	for _, r := range newest(p.Corrections) {
		t.Rows = append(t.Rows, []document.Cell{cell(p.day(r.Date)), cell(p.about(r)), cell(r.Was), cell(r.Now), cell(r.Note)})
	}
	p.table(t, "corrections.none", "reply.date", "refused.cell", "corrections.was", "corrections.now", "corrections.reason")
	p.heading(2, p.T("appeals.title"))
	t = document.Table{}
	for _, r := range newest(p.Appeals) {
		t.Rows = append(t.Rows, []document.Cell{cell(p.day(r.Date)), cell(p.about(r)), cell(join(p.T("appeal."+r.Value), r.Note))})
	}
	p.table(t, "appeals.none", "reply.date", "refused.cell", "appeals.outcome")
}

// about names the cells that a row speaks of.
func (p *auditPaper) about(r audit.Row) string {
	year := ""
	if r.Year != 0 {
		year = p.Year(r.Year)
	}
	return cmp.Or(join(r.Clause, year), p.T("paper.all"))
}

// join puts a mark between two parts where there are two.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// sources lists what the figures rest on, with the terms under which each was published.
func (p *auditPaper) sources() {
	p.heading(3, p.T("incident.sources"))
	used := p.series()
	var t document.Table
	for _, profile := range exchange.Profiles() {
		held := used[profile.Series]
		delete(used, profile.Series)
		for _, layout := range profile.Layouts {
			held = held || used[layout.Series]
			delete(used, layout.Series)
		}
		if held {
			t.Rows = append(t.Rows, []document.Cell{bold(profile.Title, ""), cell(profile.Publisher), cell(profile.Licence), cell(p.T("redistribute." + string(profile.Redistribute)))})
		}
	}
	for _, series := range slices.Sorted(maps.Keys(used)) {
		t.Rows = append(t.Rows, []document.Cell{bold(series, ""), cell("–"), cell("–"), cell(p.T("redistribute.unknown"))})
	}
	p.table(t, "registers.empty", "col.register", "paper.publisher", "site.licence", "paper.terms")
}

// series are those that the audit's incidents come from.
func (p *auditPaper) series() map[string]bool {
	used := map[string]bool{}
	for _, inc := range p.Report.Incidents {
		for _, series := range inc.Sources {
			used[series] = true
		}
	}
	return used
}

// rules are those that a board must know to read a cell; the page on method has them all.
var rules = []string{"rule.act", "rule.scope", "rule.level", "rule.registers", "rule.reply", "paper.rule.sensitivity", "rule.procedure"}

func (p *auditPaper) method() {
	p.heading(2, p.T("method.title"))
	list := document.List{Ordered: true, Number: func(n int) string { return p.Num(int64(n)) }}
	for _, key := range rules {
		list.Items = append(list.Items, document.T(p.T(key)))
	}
	p.add(list)
	p.say(document.Note, p.T("report.versions", p.Method.Rules, p.Method.Norms, p.Method.Codebook))
	p.heading(2, p.T("state.check"))
	p.say(document.Plain, p.T("state.check.note"))
	p.say(document.Quote, "ward audit check ward-audit-"+p.State+".json")
}
