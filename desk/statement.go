package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/audit"
	"ward/entry"
	"ward/fault"
	"ward/id"
	letter "ward/statement"
	"ward/store"
	"ward/text"
	"ward/when"
)

// StatementQuery is what somebody asks of the register; blank fields ask for everything.
type StatementQuery struct {
	Kind, State string
	Words       string // in the title, the text or the addressees
	About       string // State by its three letters: of the findings cited
	Overdue     bool
}

// Statements lists the register, what waits longest for an answer first, then the newest.
func (d *Desk) Statements(ctx context.Context, who access.Actor, q StatementQuery) (out []letter.Statement, err error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "statements"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = allStatements(ctx, tx)
		return err
	})
	today := when.DayOf(d.db.Now())
	out = slices.DeleteFunc(out, func(s letter.Statement) bool { return !q.asksFor(s, today) })
	slices.SortStableFunc(out, func(a, b letter.Statement) int {
		if late := a.Overdue(today); late != b.Overdue(today) {
			if late {
				return -1
			}
			return 1
		}
		return strings.Compare(b.ID, a.ID)
	})
	return out, err
}

func (q StatementQuery) asksFor(s letter.Statement, today when.Day) bool {
	all := text.Fold(strings.Join(append([]string{s.Draft.Title, s.Draft.Text}, s.Draft.Addressees...), "\n"))
	about := func(f string) bool { return strings.HasPrefix(f, q.About+"|") }
	return (q.Kind == "" || q.Kind == s.Draft.Kind) && (q.State == "" || q.State == s.State) && strings.Contains(all, text.Fold(q.Words)) &&
		(q.About == "" || slices.ContainsFunc(s.Draft.Findings, about)) && (!q.Overdue || s.Overdue(today))
}

// Today is the day on which things are due or overdue here.
func (d *Desk) Today() when.Day { return when.DayOf(d.db.Now()) }

// allStatements are all of the register, in the order in which they were begun.
func allStatements(ctx context.Context, tx *store.Tx) ([]letter.Statement, error) {
	drafts, err := entry.All[letter.Draft](ctx, tx, letter.DraftKind)
	if err != nil {
		return nil, err
	}
	steps, err := entry.All[letter.Step](ctx, tx, letter.StepKind)
	if err != nil {
		return nil, err
	}
	replies, err := entry.All[letter.Reply](ctx, tx, letter.ReplyKind)
	if err != nil {
		return nil, err
	}
	draftsOf, order := bySubject(drafts)
	stepsOf, _ := bySubject(steps)
	repliesOf, _ := bySubject(replies)
	var out []letter.Statement
	for _, subject := range order {
		out = append(out, letter.Fold(subject, draftsOf[subject], stepsOf[subject], repliesOf[subject]))
	}
	letter.Corrections(out)
	return out, nil
}

// bySubject parts entries by what they speak of; order is that of the first word on each.
func bySubject[T any](entries []entry.Entry[T]) (of map[string][]entry.Entry[T], order []string) {
	of = map[string][]entry.Entry[T]{}
	for _, e := range entries {
		if of[e.Subject] == nil {
			order = append(order, e.Subject)
		}
		of[e.Subject] = append(of[e.Subject], e)
	}
	return of, order
}

// Statement is one of the register.
func (d *Desk) Statement(ctx context.Context, who access.Actor, number string) (s letter.Statement, err error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "statements"); err != nil {
		return s, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		s, err = statementOf(ctx, tx, number)
		return err
	})
	return s, err
}

func statementOf(ctx context.Context, tx *store.Tx, number string) (letter.Statement, error) {
	all, err := allStatements(ctx, tx)
	if err != nil {
		return letter.Statement{}, err
	}
	at := slices.IndexFunc(all, func(s letter.Statement) bool { return s.ID == number })
	if at < 0 {
		return letter.Statement{}, fault.New(fault.NotFound, "there is no statement %.40q here", number).Do("take one that ward statement list shows")
	}
	return all[at], nil
}

// BeginStatement puts the first draft of a statement on record and returns the statement's id.
func (d *Desk) BeginStatement(ctx context.Context, who access.Actor, draft letter.Draft) (string, error) {
	if err := who.May(access.WriteStatements); err != nil {
		return "", err
	}
	if err := draft.Check(); err != nil {
		return "", err
	}
	if err := who.MayOn(access.WriteStatements, statesCited(draft)...); err != nil {
		return "", err
	}
	number := id.New(d.db.Now())
	return number, d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if err := correctsIssued(ctx, tx, draft); err != nil {
			return err
		}
		return addStatement(ctx, tx, letter.DraftKind, number, draft)
	})
}

// correctsIssued holds a draft that corrects to a statement that was issued.
func correctsIssued(ctx context.Context, tx *store.Tx, draft letter.Draft) error {
	if draft.Corrects == "" {
		return nil
	}
	before, err := statementOf(ctx, tx, draft.Corrects)
	if err == nil && before.Issued() == "" {
		err = fault.New(fault.Refused, "what was never issued needs no correction").Keeping("nothing was written").Do("revise the draft itself")
	}
	return err
}

func addStatement(ctx context.Context, tx *store.Tx, kind, number string, body any) error {
	_, err := entry.Add(ctx, tx, letter.Register, entry.New{Kind: kind, Subject: number, Body: body})
	return err
}

// onStatement loads a statement and adds what make gives, in one transaction.
func (d *Desk) onStatement(ctx context.Context, who access.Actor, number, kind string, make func(*store.Tx, letter.Statement) (any, error)) error {
	if err := who.May(access.WriteStatements); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		s, err := statementOf(ctx, tx, number)
		if err == nil {
			err = who.MayOn(access.WriteStatements, append(statesCited(s.Draft), number)...)
		}
		if err != nil {
			return err
		}
		body, err := make(tx, s)
		if err != nil {
			return err
		}
		return addStatement(ctx, tx, kind, number, body)
	})
}

// statesCited are the States whose findings a draft cites.
func statesCited(draft letter.Draft) (out []string) {
	for _, f := range draft.Findings {
		if r, ok := letter.ParseRef(f); ok {
			out = append(out, r.State)
		}
	}
	return out
}

// ReviseStatement puts a further draft on record beside the earlier ones.
func (d *Desk) ReviseStatement(ctx context.Context, who access.Actor, number string, draft letter.Draft) error {
	return d.onStatement(ctx, who, number, letter.DraftKind, func(tx *store.Tx, s letter.Statement) (any, error) {
		if err := correctsIssued(ctx, tx, draft); err != nil {
			return nil, err
		}
		if err := who.MayOn(access.WriteStatements, statesCited(draft)...); err != nil {
			return nil, err
		}
		return draft, s.Revise(draft)
	})
}

// AdvanceStatement takes a step. An issue keeps how the cited findings stand on that day.
func (d *Desk) AdvanceStatement(ctx context.Context, who access.Actor, number string, step letter.Step) error {
	if step.To == letter.Issued {
		s, err := d.Statement(ctx, who, number)
		if err != nil {
			return err
		}
		if step.Cited, err = d.CitedNow(ctx, who, s); err != nil {
			return err
		}
	}
	return d.onStatement(ctx, who, number, letter.StepKind, func(_ *store.Tx, s letter.Statement) (any, error) {
		return step, s.Advance(step)
	})
}

// KeepReply keeps what an addressee answered.
func (d *Desk) KeepReply(ctx context.Context, who access.Actor, number string, reply letter.Reply) error {
	return d.onStatement(ctx, who, number, letter.ReplyKind, func(_ *store.Tx, s letter.Statement) (any, error) {
		return reply, s.Take(reply)
	})
}

// CitedNow tells how the findings that a statement cites stand today.
func (d *Desk) CitedNow(ctx context.Context, who access.Actor, s letter.Statement) ([]letter.Cited, error) {
	for _, f := range s.Draft.Findings {
		if r, ok := letter.ParseRef(f); ok {
			if err := d.read(ctx, who, access.ReadAudit, access.AuditFile, r.State); err != nil {
				return nil, err
			}
		}
	}
	return d.citedNow(ctx, s.Draft.Findings)
}

func (d *Desk) citedNow(ctx context.Context, findings []string) (out []letter.Cited, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		reports := map[letter.Ref]*audit.Report{} // by State and year
		for _, f := range findings {
			r, ok := letter.ParseRef(f)
			if !ok {
				continue
			}
			key := letter.Ref{State: r.State, Year: r.Year}
			if reports[key] == nil {
				if reports[key], err = d.yearOf(ctx, tx, r.State, r.Year); err != nil {
					return err
				}
			}
			out = append(out, citedCell(f, r, reports[key]))
		}
		return nil
	})
	return out, err
}

// yearOf is a State's audit of one year.
func (d *Desk) yearOf(ctx context.Context, tx *store.Tx, state string, year int) (*audit.Report, error) {
	in, err := auditInput(ctx, tx, state, AuditOptions{From: year, To: year})
	if err != nil {
		return nil, err
	}
	return audit.Build(in, d.corpus)
}

func citedCell(finding string, r letter.Ref, report *audit.Report) letter.Cited {
	for _, c := range report.Cells {
		if c.Clause == r.Clause && c.Year == r.Year {
			return letter.Cited{Finding: finding, Outcome: c.Outcome, Proposed: proposedBeyond(c)}
		}
	}
	return letter.Cited{Finding: finding, Outcome: audit.NotInForce}
}

// proposedBeyond is what incidents alone would come to, where that is not what two people found.
func proposedBeyond(c audit.Cell) string {
	if c.Proposed == c.Outcome || c.Proposed == audit.N0 {
		return ""
	}
	return c.Proposed
}

// Letterhead is the association's letterhead; empty where nobody set one.
func (d *Desk) Letterhead(ctx context.Context, who access.Actor) (head letter.Letterhead, err error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "statements"); err != nil {
		return head, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		head, err = letterhead(ctx, tx)
		return err
	})
	return head, err
}

func letterhead(ctx context.Context, tx *store.Tx) (letter.Letterhead, error) {
	all, err := entry.Of[letter.Letterhead](ctx, tx, letter.HeadKind, letter.HeadOf)
	if err != nil || len(all) == 0 {
		return letter.Letterhead{}, err
	}
	return all[len(all)-1].Body, nil
}

// SetLetterhead puts a letterhead on record; the latest stands.
func (d *Desk) SetLetterhead(ctx context.Context, who access.Actor, head letter.Letterhead) error {
	if err := who.May(access.WriteStatements); err != nil {
		return err
	}
	if err := head.Check(); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error { return addStatement(ctx, tx, letter.HeadKind, letter.HeadOf, head) })
}

// StatementFile is what a statement's file is made of: the text and the letterhead, and nothing of what was said about it within.
type StatementFile struct {
	Draft      letter.Draft
	Letterhead letter.Letterhead
	Cited      []letter.Cited // as issued, or as of now
	Issued     string         // day; "" where it was not issued
	Alone      bool           // whoever approved it also wrote it (design 10.10)
	Corrected  bool           // a later statement corrects it
}

// TakeStatement gives what a statement's file is made of, after its line stands in the ledger. What was issued to everybody leaves for
// everybody; a letter, and what is not issued, for members and those it is sent to.
func (d *Desk) TakeStatement(ctx context.Context, who access.Actor, number, format, recipient, why string) (f StatementFile, err error) {
	s, err := d.Statement(ctx, who, number)
	if err != nil {
		return f, err
	}
	if f.Letterhead, err = d.Letterhead(ctx, who); err != nil {
		return f, err
	}
	f.Draft, f.Issued, f.Cited = s.Draft, s.Issued(), s.Cited()
	f.Alone, f.Corrected = s.Alone, len(s.CorrectedBy) > 0
	if f.Issued == "" {
		if f.Cited, err = d.CitedNow(ctx, who, s); err != nil {
			return f, err
		}
	}
	exit := access.AuditFile
	if f.Issued != "" && s.Draft.Kind == letter.Public {
		exit = access.ExportFile
	}
	if recipient == "" {
		recipient = strings.Join(s.Draft.Addressees, "; ")
	}
	return f, d.disclose(ctx, who, exit, store.Disclosure{Records: 1, To: recipient, Why: why, What: "statement " + number + " " + format})
}
