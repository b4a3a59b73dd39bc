package desk

import (
	"context"
	"slices"
	"time"

	"ward/access"
	"ward/audit"
	"ward/fault"
	"ward/store"
)

// Coded is what somebody codes on one cell: the level, and answers to the questions that belong to it.
type Coded struct {
	Level   string
	Note    string
	Grade   string            // information grade of the year, "" for none
	Answers map[string]string // by question; blank ones are left out
}

// Code puts a coding on record under the actor's name, as rows of the indicator file. Whoever decides between coders gives one of their
// levels, as adjudicator; before the panel, as one of its members. The fault is Invalid where the cell is not open to who asks.
func (d *Desk) Code(ctx context.Context, who access.Actor, state, clause string, year int, made Coded) error {
	file, err := d.Coding(ctx, who, state, clause, year)
	if err != nil {
		return err
	}
	act, role := access.CodeAudit, audit.RoleCoder
	switch {
	case file.MayDecide && file.Stage == audit.StagePanel:
		act, role = access.AdjudicateAudit, audit.RolePanel
	case file.MayDecide:
		act, role = access.AdjudicateAudit, audit.RoleAdjudicator
	}
	if err := who.MayOn(act, file.State); err != nil {
		return err
	}
	if !file.MayCode && !file.MayDecide || file.MayDecide && !slices.Contains(file.Choices, made.Level) {
		return fault.New(fault.Invalid, "this cell cannot be given that level by you now").Keeping("nothing was written").Do("open the cell anew and see what it waits for")
	}
	rows := made.rows(audit.Row{State: file.State, Clause: clause, Year: year, Coder: who.Name, Role: role, Date: d.db.Now().Format(time.DateOnly)}, file)
	return d.stateAudit(ctx, who, act, rows...)
}

func (m Coded) rows(base audit.Row, file CodingFile) []audit.Row {
	level := base
	level.Kind, level.Value, level.Note = audit.KindOutcome, m.Level, oneLine(m.Note)
	rows := []audit.Row{level}
	if base.Role != audit.RoleCoder {
		return rows
	}
	base.Clause = ""
	if m.Grade != "" {
		grade := base
		grade.Kind, grade.Value = audit.KindInformation, m.Grade
		rows = append(rows, grade)
	}
	for _, q := range file.Questions {
		if value := m.Answers[q.ID]; value != "" {
			answer := base
			answer.Kind, answer.Indicator, answer.Value = audit.KindCoding, q.ID, value
			rows = append(rows, answer)
		}
	}
	return rows
}

// TakeStep writes down a step of the procedure, a correction or an appeal, dated today. The fault is Invalid where the cell is not at a
// stage from which it leads on.
func (d *Desk) TakeStep(ctx context.Context, who access.Actor, row audit.Row) (err error) {
	if row.State, err = StateCode(row.State); err != nil {
		return err
	}
	if !slices.Contains([]string{audit.KindStep, audit.KindCorrection, audit.KindAppeal}, row.Kind) {
		return fault.New(fault.Invalid, "this is no step of the procedure").Keeping("nothing was written").Do("use a form of the page")
	}
	row.Coder, row.Role, row.Note, row.Date = who.Name, "", oneLine(row.Note), d.db.Now().Format(time.DateOnly)
	return d.stateAudit(ctx, who, access.AdjudicateAudit, row)
}

// stateAudit keeps rows that are sound. A step that the audit would refuse is not kept: it builds the audit with it first. A level is kept
// even where the evidence does not carry it, as one that comes in by a file is: refusing it would tell what the other coder gave.
func (d *Desk) stateAudit(ctx context.Context, who access.Actor, act access.Act, rows ...audit.Row) error {
	if err := who.MayOn(act, rows[0].State); err != nil {
		return err
	}
	if err := d.onlyInvented(rows[0].State); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		days := dater{ctx: ctx, tx: tx, steps: map[string][]audit.Recorded{}}
		for _, row := range rows {
			why := row.Problem()
			if why == "" {
				why = days.wrong(row)
			}
			if why == "" && days.err == nil && row.Kind != audit.KindOutcome {
				why, days.err = d.refuses(ctx, tx, row)
			}
			if days.err != nil {
				return days.err
			}
			if why != "" {
				return fault.New(fault.Invalid, "%s", why).Keeping("nothing was written").Do("mend it and send it again")
			}
		}
		_, err := addCodings(ctx, tx, "audit.codings", rows)
		return err
	})
}

// refuses says why the audit would not let a row count; "" where it would.
func (d *Desk) refuses(ctx context.Context, tx *store.Tx, row audit.Row) (why string, err error) {
	opt := AuditOptions{From: row.Year, To: row.Year}
	before, err := d.trial(ctx, tx, row.State, opt)
	if err != nil {
		return "", err
	}
	after, err := d.trial(ctx, tx, row.State, opt, row)
	if err != nil || len(after.Refused) <= len(before.Refused) {
		return "", err
	}
	for _, r := range after.Refused {
		if !slices.Contains(before.Refused, r) {
			return after.Method.Definitions[r.Why], nil
		}
	}
	return after.Method.Definitions[after.Refused[len(after.Refused)-1].Why], nil
}
