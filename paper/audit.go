package paper

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"

	"ward/audit"
	"ward/document"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/tally"
	"ward/vocab"
)

// WriteAudit writes a State's audit for boards, as pdf or odt, in the language given ("en", "fa").
func WriteAudit(w io.Writer, report *audit.Report, corpus *policy.Corpus, language, format string) error {
	lang, ok := locale.Parse(language)
	if !ok {
		return fault.New(fault.Invalid, "Ward does not speak %.20q", language)
	}
	return Print(w, Audit(report, corpus, lang), format)
}

// auditPaper is a State's audit on its way to paper.
type auditPaper struct {
	*speaker
	audit.View
	corpus *policy.Corpus
	name   string
}

// Audit is a State's audit as boards read it: what was found and by whose word, by their parts in the procedure and never by name, what is
// not known, and how to work it out again.
func Audit(report *audit.Report, corpus *policy.Corpus, lang locale.Lang) document.Document {
	p := &auditPaper{speaker: newSpeaker(lang), View: report.View(corpus), corpus: corpus, name: vocab.CountryName(report.State, string(lang))}
	title := p.T("report.title", p.name, p.spanned(p.From, p.To))
	p.strips(vocab.Invented(p.State))
	p.opening()
	p.unknown()
	p.matrix()
	p.findings()
	p.answers()
	if len(p.Report.Incidents) > 0 {
		p.families()
		p.territory()
		p.registers()
	}
	p.method()
	return p.document(title, title)
}

func (p *auditPaper) spanned(from, to int) string { return p.speaker.Catalogue.Years(from, to) }

// opening says the one thing that matters, then the figures, each with how sure it is.
func (p *auditPaper) opening() {
	p.say(document.Note, p.eyebrow())
	p.heading(1, p.name)
	p.say(document.Lead, p.lead())
	grade, note := p.grade()
	p.add(document.Facts{
		p.fact("fact.counted", p.Summary.Counted), p.fact("fact.territory", p.Summary.Territory),
		{Label: p.T("paper.coded"), Value: p.Num(int64(p.Summary.Coded)), Note: p.T("paper.coded.of", p.Summary.InForce)},
		{Label: p.T("fact.information"), Value: grade, Note: note},
	})
}

func (p *auditPaper) eyebrow() string {
	line := []string{p.T("state.eyebrow"), p.spanned(p.From, p.To)}
	if p.Report.CutOff != "" {
		line = append(line, p.T("state.cutoff", p.day(p.Report.CutOff)))
	}
	if made, err := time.Parse(time.RFC3339, p.MadeAt); err == nil {
		line = append(line, p.T("report.made", p.Instant(made)))
	}
	return strings.Join(line, " · ")
}

func (p *auditPaper) lead() string {
	if len(p.Report.Incidents) == 0 {
		return p.T("state.lead.empty", p.name)
	}
	s := p.Summary
	said := p.N("state.lead.counted", s.Counted.Low, p.name, p.Count(s.Counted)) + " " + p.N("state.lead.territory", s.Territory.Low, p.Count(s.Territory))
	if s.Coded == 0 {
		return said + " " + p.T("state.lead.uncoded")
	}
	return said + " " + p.N("state.lead.coded", s.Coded, s.InForce)
}

func (p *auditPaper) fact(label string, n tally.Count) document.Fact {
	note := p.T("fact.exact")
	switch {
	case n.IsZero():
		note = p.T("fact.zero")
	case n.Low != n.High:
		note = p.T("fact.range", n.High)
	}
	return document.Fact{Label: p.T(label), Value: p.Num(n.Best), Note: note}
}

// grade is the newest grade of how much can be known.
func (p *auditPaper) grade() (grade, note string) {
	year := 0
	for _, c := range p.Cells {
		if c.Environment != "" && c.Environment != audit.NoInfo && c.Year >= year {
			grade, year = c.Environment, c.Year
		}
	}
	if grade == "" {
		return "–", p.T("fact.not_graded.why")
	}
	return grade, p.label("information", grade) + " · " + p.Year(year)
}

func (p *auditPaper) unknown() {
	p.heading(2, p.T("unknown.title"))
	p.say(document.Note, p.T("unknown.note"))
	var list document.List
	for _, g := range p.NotKnown {
		item := document.T(p.T("gap."+g.Key, g.N, g.Of))
		if len(g.Names) > 0 {
			item = append(item, document.Span{Text: " " + p.List(g.Names), Soft: true})
		}
		list.Items = append(list.Items, item)
	}
	p.add(list)
}

// families counts what happened on the territory, kind by kind and register by register.
func (p *auditPaper) families() {
	p.heading(2, p.T("families.title"))
	p.say(document.Note, p.T("paper.families.note"))
	totals := map[string]map[string]int64{}
	var order []string
	for _, f := range p.Charts {
		if f.Whose != "territory" {
			continue
		}
		if totals[f.Family.Family] == nil {
			totals[f.Family.Family] = map[string]int64{}
			order = append(order, f.Family.Family)
		}
		totals[f.Family.Family][f.Register] = f.Total
	}
	t := document.Table{Head: p.registerHead("paper.family", "")}
	for _, code := range order {
		t.Rows = append(t.Rows, append([]document.Cell{cell(p.label("family", code))}, p.byRegister(totals[code])...))
	}
	p.table(t, "families.empty")
}

// registerHead heads a table with a column for each register.
func (p *auditPaper) registerHead(first, last string) []document.Cell {
	head := []document.Cell{cell(p.T(first))}
	for _, register := range p.Columns {
		head = append(head, figure(register))
	}
	if last != "" {
		head = append(head, figure(p.T(last)))
	}
	return head
}

// byRegister is a cell for each register; a dash where it holds nothing.
func (p *auditPaper) byRegister(n map[string]int64) (out []document.Cell) {
	for _, register := range p.Columns {
		text := ""
		if n[register] > 0 {
			text = p.Num(n[register])
		}
		out = append(out, figure(text))
	}
	return out
}

func (p *auditPaper) territory() {
	p.heading(2, p.T("territory.title"))
	p.say(document.Note, p.T("territory.note"))
	t := document.Table{Head: p.registerHead("territory.group", "territory.range")}
	for _, g := range p.Territory {
		who := p.T("group." + g.Group)
		if g.Abroad {
			who = p.T("territory.abroad")
		}
		if g.State != "" {
			who += ": " + p.country(g.State)
		}
		row := append([]document.Cell{cell(who)}, p.byRegister(g.Registers)...)
		t.Rows = append(t.Rows, append(row, figure(p.Count(g.Floor))))
	}
	p.table(t, "territory.empty")
}

// peopleFields are the counts of health workers that the table of registers shows.
var peopleFields = []string{"worker.killed", "worker.injured", "worker.abducted", "worker.arrested"}

func (p *auditPaper) registers() {
	p.heading(2, p.T("registers.title"))
	p.say(document.Note, p.T("registers.note"))
	held := slices.SortedStableFunc(slices.Values(p.Registers), func(a, b audit.Register) int { return cmp.Compare(b.Incidents, a.Incidents) })
	var t document.Table
	for _, r := range held {
		note, attributed := "", p.Num(r.Attributed)
		if !r.NamesActor {
			note, attributed = p.T("registers.no_actor"), "" // it says of none whose act it was: a dash, not a nought
		}
		row := []document.Cell{bold(r.Register, note), figure(p.Num(r.Incidents)), figure(attributed)}
		for _, field := range peopleFields {
			text := "" // nobody stated it: a dash, not a nought
			if n, stated := r.People[field]; stated {
				text = p.Count(n)
			}
			row = append(row, figure(text))
		}
		t.Rows = append(t.Rows, row)
	}
	p.table(t, "registers.empty", "col.register", "registers.territory", "registers.attributed", "col.killed", "col.injured", "col.abducted", "col.arrested")
	p.sources()
}
