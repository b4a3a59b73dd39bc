package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/audit"
	"ward/fault"
	"ward/incident"
	"ward/policy"
	"ward/store"
)

// Board is the coding of one State: how far it has come, for somebody who codes or who keeps the procedure.
type Board struct {
	State    string
	From, To int
	Cells    []BoardCell
	Counts   map[string]int // cells by how many coded them: "0", "1", "2"; "differ", "mine" that wait for who asks
	Blind    bool           // who asks still has cells to code: levels and agreement stay hidden
	Agreed   []audit.Agreement
	Years    []BoardYear
}

// BoardCell is one cell as somebody may see it.
type BoardCell struct {
	Clause    policy.Clause
	Norm      policy.Norm
	Year      int
	Incidents int
	Waiting   int // incidents that a person must decide on
	Coders    int
	Stage     string
	Due       string // last day of the State's time to reply, while it runs
	Mine      bool   // who asks coded it
	Waits     bool   // for who asks: to code it, or to decide between coders
	Differ    bool
	Outcome   string // "" while who asks is blind
}

// BoardYear is a year of the cycle: whether its evidence is frozen.
type BoardYear struct {
	Year   int
	CutOff string // "" while it is open
}

// Board opens the coding of a State.
func (d *Desk) Board(ctx context.Context, who access.Actor, state string, opt AuditOptions) (b Board, err error) {
	report, err := d.benched(ctx, who, state, opt)
	if err != nil {
		return b, err
	}
	b = Board{State: report.State, From: report.From, To: report.To, Counts: map[string]int{}, Blind: blind(who, report)}
	for _, bench := range report.Benches() {
		b.add(d.boardCell(bench, who, b.Blind))
	}
	if !b.Blind {
		b.Agreed = report.Agreement
	}
	for year := report.To; year >= report.From; year-- {
		at := slices.IndexFunc(report.Cells, func(c audit.Cell) bool { return c.Year == year && c.Standing != nil })
		if at >= 0 {
			b.Years = append(b.Years, BoardYear{year, report.Cells[at].Standing.CutOff})
		}
	}
	return b, nil
}

func (b *Board) add(c BoardCell) {
	b.Cells = append(b.Cells, c)
	b.Counts[itoa(min(c.Coders, 2))]++
	if c.Differ {
		b.Counts["differ"]++
	}
	if c.Waits {
		b.Counts["mine"]++
	}
}

func (d *Desk) boardCell(bench audit.Bench, who access.Actor, hidden bool) BoardCell {
	cell := bench.Cell
	c := BoardCell{Year: cell.Year, Incidents: len(cell.Incidents), Coders: len(bench.Coders), Stage: cell.Standing.Stage, Due: cell.Standing.Due, Mine: bench.Coded(who.Name)}
	for _, one := range cell.ToDecide {
		c.Waiting += len(one.Incidents)
	}
	c.Clause, _ = d.corpus.Clause(cell.Clause)
	c.Norm, _ = d.corpus.Norm(c.Clause.Norm)
	if !hidden {
		c.Differ, c.Outcome = bench.Differ, cell.Outcome
	}
	c.Waits = who.Can(access.CodeAudit) && bench.Awaits(who.Name) || mayDecide(who, bench)
	return c
}

// mayDecide reports that somebody can decide between the coders of a cell: a third person, once two have coded it.
func mayDecide(who access.Actor, b audit.Bench) bool {
	if !who.Can(access.AdjudicateAudit) || b.Coded(who.Name) {
		return false
	}
	stage := b.Cell.Standing.Stage
	return stage == audit.StageCoded && b.Differ || stage == audit.StagePanel && !b.Decided(who.Name)
}

// blind reports that somebody must not see what others found in an audit: they code, and cells wait for them. Whoever acts without an
// account opens the whole workspace with its passphrase: nothing can be hidden from them.
func blind(who access.Actor, report *audit.Report) bool {
	return who.Account != "" && who.Can(access.CodeAudit) && report.BlindTo(who.Name)
}

// openTo refuses an audit to somebody while cells of it wait for their coding.
func (d *Desk) openTo(ctx context.Context, who access.Actor, code string) error {
	if who.Account == "" || !who.Can(access.CodeAudit) {
		return nil
	}
	return d.db.Read(ctx, func(tx *store.Tx) error {
		report, err := d.trial(ctx, tx, code, AuditOptions{})
		if err != nil || !blind(who, report) {
			return err
		}
		return fault.New(fault.Refused, "cells of this audit wait for your coding: until then you see neither levels nor last year’s").
			Keeping("the evidence of each cell is on the audit workbench").Do("code your cells there first")
	})
}

// benched builds the audit of a State for the workbench.
func (d *Desk) benched(ctx context.Context, who access.Actor, state string, opt AuditOptions) (report *audit.Report, err error) {
	act := access.CodeAudit
	if !who.Can(act) {
		act = access.AdjudicateAudit
	}
	code, err := StateCode(state)
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, who, act, access.Page, "workbench "+code); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		report, err = d.trial(ctx, tx, code, opt)
		return err
	})
	return report, err
}

// trial builds the audit as it would be with further rows.
func (d *Desk) trial(ctx context.Context, tx *store.Tx, code string, opt AuditOptions, more ...audit.Row) (*audit.Report, error) {
	in, err := auditInput(ctx, tx, code, opt)
	if err != nil {
		return nil, err
	}
	in.Rows = append(in.Rows, more...)
	return audit.Build(in, d.corpus)
}

// CodingFile is one cell for somebody who codes it, decides between coders, or keeps its procedure.
type CodingFile struct {
	State      string
	Clause     policy.Clause
	Norm       policy.Norm
	Year       int
	Stage      string
	CutOff     string
	Due        string
	Grade      string // information grade of the year
	Incidents  []incident.Incident
	Waiting    []incident.Incident // a person must decide whether they count
	More       int                 // incidents beyond those listed
	Questions  []audit.Indicator
	Coders     int
	Blind      bool        // what others gave is hidden
	MayCode    bool        // who asks may code it now
	MayDecide  bool        // who asks may decide between its coders
	Choices    []string    // what may be decided
	Codings    []audit.Row // levels given in this round, none while Blind
	Answers    []audit.Row // to the questions, none while Blind
	Outcome    string      // "" while Blind
	Why        string
	Last       string // outcome of the year before, "" while Blind
	Proposed   string // what the incidents carry, "" while Blind
	Next       []audit.Need
	Steps      []string // that who asks may write down now
	MayCorrect bool
	History    []audit.Taken
	Agreement  *audit.Agreement
}

// listedIncidents is how many incidents a cell on the workbench lists of each kind.
const listedIncidents = 100

// Coding opens one cell of the workbench.
func (d *Desk) Coding(ctx context.Context, who access.Actor, state, clause string, year int) (f CodingFile, err error) {
	report, err := d.benched(ctx, who, state, AuditOptions{})
	if err == nil && (year < report.From || year > report.To) {
		report, err = d.benched(ctx, who, state, AuditOptions{From: min(year, report.From), To: max(year, report.To)})
	}
	if err != nil {
		return f, err
	}
	bench, ok := report.Bench(clause, year)
	if !ok {
		return f, fault.New(fault.NotFound, "clause %.40q does not hold for this State in %d", clause, year).Do("go back to the list of the State’s cells")
	}
	f = CodingFile{State: report.State, Year: year, Questions: bench.Cell.Asked()}
	f.Clause, _ = d.corpus.Clause(clause)
	f.Norm, _ = d.corpus.Norm(f.Clause.Norm)
	f.take(who, report, bench)
	return f, d.evidence(ctx, who, bench.Cell, &f)
}

// take fills what somebody may see and do.
func (f *CodingFile) take(who access.Actor, report *audit.Report, bench audit.Bench) {
	cell := bench.Cell
	f.Stage, f.CutOff, f.Due, f.Grade, f.Coders = cell.Standing.Stage, cell.Standing.CutOff, cell.Standing.Due, cell.Environment, len(bench.Coders)
	f.Blind = bench.Awaits(who.Name)
	free := who.MayOn(access.Enter, f.State) == nil
	f.MayCode = free && who.Can(access.CodeAudit) && bench.Awaits(who.Name)
	f.MayDecide = free && mayDecide(who, bench)
	if who.Can(access.AdjudicateAudit) && free {
		f.Steps = slices.DeleteFunc(audit.NextSteps(f.Stage), func(step string) bool {
			return step == audit.StepFrozen || step == audit.StepSuperseded // taken for a whole year
		})
		f.MayCorrect = f.Stage == audit.StagePublished || f.Stage == audit.StageCorrected
	}
	f.Next = cell.Standing.Next
	if f.Blind {
		return
	}
	f.Outcome, f.Why, f.Proposed, f.History = cell.Outcome, cell.Why, cell.Proposed, cell.Standing.History
	f.given(who, report, bench)
	if f.Stage == audit.StagePanel {
		f.Choices = []string{audit.N0, audit.N1, audit.F1, audit.F2, audit.F3, audit.F4}
	}
}

// given lists who gave what, last year's outcome and how far the coders of the clause agree.
func (f *CodingFile) given(who access.Actor, report *audit.Report, bench audit.Bench) {
	for _, g := range bench.Coders {
		if !slices.Contains(f.Choices, g.Value) {
			f.Choices = append(f.Choices, g.Value)
		}
	}
	for _, r := range audit.Speaking(report.Codings, f.Clause.ID, f.Year) {
		if bench.Coded(r.Coder) || bench.Decided(r.Coder) {
			f.Codings = append(f.Codings, r)
		}
	}
	for _, r := range report.Indicators {
		if r.Year == f.Year && slices.ContainsFunc(f.Questions, func(in audit.Indicator) bool { return in.ID == r.Indicator }) {
			f.Answers = append(f.Answers, r)
		}
	}
	if last, ok := report.Bench(f.Clause.ID, f.Year-1); ok && !last.Awaits(who.Name) {
		f.Last = last.Cell.Outcome
	}
	at := slices.IndexFunc(report.Agreement, func(a audit.Agreement) bool { return a.Clause == f.Clause.ID && a.Scale == "outcome" })
	if at >= 0 {
		f.Agreement = &report.Agreement[at]
	}
}

// evidence loads the incidents of a cell, those that count and those that wait for a person.
func (d *Desk) evidence(ctx context.Context, who access.Actor, cell *audit.Cell, f *CodingFile) (err error) {
	var waiting []string
	for _, one := range cell.ToDecide {
		waiting = append(waiting, one.Incidents...)
	}
	slices.Sort(waiting)
	waiting = slices.Compact(waiting)
	f.More = max(0, len(cell.Incidents)-listedIncidents) + max(0, len(waiting)-listedIncidents)
	if f.Incidents, err = d.IncidentsByID(ctx, who, cell.Incidents[:min(listedIncidents, len(cell.Incidents))]); err != nil {
		return err
	}
	f.Waiting, err = d.IncidentsByID(ctx, who, waiting[:min(listedIncidents, len(waiting))])
	return err
}

// oneLine draws the blanks of a note together: it stands in a file of one line a row.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// CodedStates lists the States that there is an audit of: place or actor of a health incident, or coded by anybody; sorted by code.
func (d *Desk) CodedStates(ctx context.Context, who access.Actor) (out []string, err error) {
	act := access.CodeAudit
	if !who.Can(act) {
		act = access.AdjudicateAudit
	}
	if err := d.read(ctx, who, act, access.Page, "workbench"); err != nil {
		return nil, err
	}
	known := states{}
	err = d.db.Read(ctx, func(tx *store.Tx) error { return known.all(ctx, tx) })
	return known.sorted(), err
}
