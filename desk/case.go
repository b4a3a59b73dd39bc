package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/person"
	"ward/store"
)

// NewCase is a case on its way to the record, with all that a phone call tells: who it is about, how to reach them, the risk, what is done next.
type NewCase struct {
	casework.Opened

	Somebody NewPerson // who it is about, where they are not on record yet: made with the case when a pseudonym, a name or a way to reach them is given
	Facts    []casework.Fact
	Links    []casework.Link
	Next     string // the next action in words
	NextDue  string // instant; "" is no clock
	NextFor  string // name of a member; "" whoever opens the case
	Form     string // of a form that can arrive twice: the same within a day, from the same person, is the same case
}

// someone reports that there is a person to be put on record.
func (n NewCase) someone() bool {
	return n.Somebody.Made.Pseudonym != "" || len(n.Somebody.Names) > 0 || n.Somebody.Reach != SourceContact{}
}

// OpenCase puts a case on record with all that comes with it, in one transaction, and returns its id.
func (d *Desk) OpenCase(ctx context.Context, who access.Actor, n NewCase) (number string, err error) {
	if err := who.MayOn(access.WorkCases, given(n.Country)...); err != nil {
		return "", err
	}
	if err := n.Opened.Check(); err != nil {
		return "", err
	}
	if err := d.onlyInvented(n.Country); err != nil {
		return "", err
	}
	people, err := d.people(ctx)
	if err != nil {
		return "", err
	}
	if n.NextFor = cmp.Or(n.NextFor, who.Name); n.NextFor != who.Name && !d.canJoin(people, n.NextFor, casework.Case{Opened: n.Opened}) {
		return "", notForCase()
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		number = id.New(tx.Now())
		if earlier, err := openedBefore(ctx, tx, who, n.Form, number); err != nil || earlier != "" {
			number = cmp.Or(earlier, number)
			return err
		}
		return d.openCase(ctx, tx, who, number, n)
	})
	if err != nil {
		return "", err
	}
	return number, nil
}

// passingOpened is which case a form became, for a day.
const passingOpened = "case.opened"

// openedBefore is the case that the same person's form became earlier; where it became none, it becomes this one. A form "" is always new.
func openedBefore(ctx context.Context, tx *store.Tx, who access.Actor, form, number string) (earlier string, err error) {
	if form == "" {
		return "", nil
	}
	key, err := tx.Blind(passingOpened, holder(who), form)
	if err != nil {
		return "", err
	}
	p, ok, err := tx.Passing(ctx, passingOpened, key)
	if err != nil || ok {
		return string(p.Body), err
	}
	return "", tx.PutPassing(ctx, store.Passing{Kind: passingOpened, Key: key, Owner: holder(who), Body: []byte(number), Until: tx.Now().Add(sentLasts)})
}

func (d *Desk) openCase(ctx context.Context, tx *store.Tx, who access.Actor, number string, n NewCase) (err error) {
	if n.Person != "" {
		if _, err := d.onPerson(ctx, tx, who, access.WorkCases, n.Person); err != nil {
			return err
		}
	} else if n.someone() {
		n.Somebody.Made.Pseudonym = cmp.Or(n.Somebody.Made.Pseudonym, n.Name)
		if n.Person, err = addPerson(ctx, tx, n.Somebody); err != nil {
			return err
		}
	}
	if err := unnamed(ctx, tx, n); err != nil {
		return err
	}
	if err := d.begunWith(ctx, tx, who, n.Opened); err != nil {
		return err
	}
	if err := addCase(ctx, tx, number, casework.KindOpened, n.Opened); err != nil {
		return err
	}
	c, err := caseIn(ctx, tx, number)
	if err != nil {
		return err
	}
	if err := openingTasks(ctx, tx, c, n); err != nil {
		return err
	}
	for _, f := range n.Facts {
		if _, err := d.addFact(ctx, tx, who, c, f); err != nil {
			return err
		}
	}
	for _, l := range n.Links {
		if err := d.addLink(ctx, tx, who, c, l); err != nil {
			return err
		}
	}
	return nil
}

// unnamed refuses a case whose name, which stands in lists, holds a part of a name of whom it is about. The error quotes none.
func unnamed(ctx context.Context, tx *store.Tx, n NewCase) error {
	if n.Person == "" {
		return nil
	}
	p, err := person.Load(ctx, tx, n.Person)
	if err != nil || !person.Betrays(n.Name, append(p.NameTexts(), n.Somebody.Reach.Name)...) {
		return err
	}
	return fault.New(fault.Invalid, "the name of the case holds a part of a person's name").Keeping("nothing was written").
		Do("name it by a pseudonym or a word: it stands in lists that colleagues see who are not on the case")
}

// begunWith asks that the report and the incidents that a case begins with are there for who opens it.
func (d *Desk) begunWith(ctx context.Context, tx *store.Tx, who access.Actor, o casework.Opened) error {
	if o.Report != "" {
		if err := d.linkable(ctx, tx, who, casework.Link{Kind: casework.LinkReport, To: o.Report}); err != nil {
			return err
		}
	}
	for _, i := range o.Incidents {
		if err := d.linkable(ctx, tx, who, casework.Link{Kind: casework.LinkIncident, To: i}); err != nil {
			return err
		}
	}
	return nil
}

// openingTasks adds the tasks of the first state and the next action; who is to take it is on the case.
func openingTasks(ctx context.Context, tx *store.Tx, c casework.Case, n NewCase) error {
	tasks := c.Brings(c.State, tx.Now(), func() string { return id.New(tx.Now()) })
	if strings.TrimSpace(n.Next) != "" {
		tasks = append(tasks, casework.Task{Task: id.New(tx.Now()), Text: n.Next, Due: n.NextDue, For: n.NextFor, State: casework.TaskOpen})
		if !c.On(n.NextFor) {
			if err := addMember(ctx, tx, c.ID, casework.Member{Name: n.NextFor}); err != nil {
				return err
			}
		}
	}
	return addTasks(ctx, tx, c.ID, tasks)
}

// addCase puts one entry about a case on record.
func addCase(ctx context.Context, tx *store.Tx, number, kind string, body any) error {
	_, err := entry.Add(ctx, tx, casework.Register, entry.New{Kind: kind, Subject: number, Body: body})
	return err
}

func addTasks(ctx context.Context, tx *store.Tx, number string, tasks []casework.Task) error {
	for _, t := range tasks {
		if err := t.Check(); err != nil {
			return err
		}
		if due, ok := casework.ReadInstant(t.Due); ok {
			t.Due = due.Format(time.RFC3339)
		}
		if err := addCase(ctx, tx, number, casework.KindTask, t); err != nil {
			return err
		}
	}
	return nil
}

// addFact puts a fact on record and returns its item: a new one of a section that repeats where none was named.
func (d *Desk) addFact(ctx context.Context, tx *store.Tx, who access.Actor, c casework.Case, f casework.Fact) (item string, err error) {
	if f, err = c.Normal(f, tx.Now()); err != nil {
		return "", err
	}
	s, _ := c.Playbook().Section(f.Section)
	switch known := slices.ContainsFunc(c.Items(f.Section), func(i casework.Item) bool { return i.ID == f.Item }); {
	case s.Repeats && f.Item == "":
		f.Item = id.New(tx.Now())
	case s.Repeats && !known:
		return "", fault.New(fault.NotFound, "the section %s has no such item", f.Section).Keeping("nothing was written")
	}
	if err := d.linkCorrected(ctx, tx, who, c, f); err != nil {
		return "", err
	}
	return f.Item, addCase(ctx, tx, c.ID, casework.KindFact, f)
}

// notForCase is the answer where a task is for somebody who is not on the case, and cannot be.
func notForCase() error {
	return fault.New(fault.Refused, "who the task is for is not on the case").Keeping("nothing was written").Do("choose somebody on the case, or let them join")
}

// workOn loads a case for somebody who works on it, and does something, in one transaction.
func (d *Desk) workOn(ctx context.Context, who access.Actor, number string, do func(*store.Tx, casework.Case) error) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		c, err := d.onCase(ctx, tx, who, access.WorkCases, number)
		if err != nil {
			return err
		}
		return do(tx, c)
	})
}

// MoveCase makes a move; the tasks that the new state brings come with it, and where it is final what was open is dropped.
func (d *Desk) MoveCase(ctx context.Context, who access.Actor, number string, m casework.Move) error {
	return d.workOn(ctx, who, number, func(tx *store.Tx, c casework.Case) error {
		if err := c.Advance(m); err != nil {
			return err
		}
		if err := addCase(ctx, tx, number, casework.KindMove, m); err != nil {
			return err
		}
		brought := c.Brings(m.To, tx.Now(), func() string { return id.New(tx.Now()) })
		return addTasks(ctx, tx, number, append(c.Ends(m.To), brought...))
	})
}

// RecordFact records what was found out in a section and returns the item. One that replaces another says the item of that one.
func (d *Desk) RecordFact(ctx context.Context, who access.Actor, number string, f casework.Fact) (item string, err error) {
	err = d.workOn(ctx, who, number, func(tx *store.Tx, c casework.Case) (err error) {
		item, err = d.addFact(ctx, tx, who, c, f)
		return err
	})
	return item, err
}

// SetTask puts a task on record, or what became of one; it returns the task's id. Who it is for is on the case.
func (d *Desk) SetTask(ctx context.Context, who access.Actor, number string, t casework.Task) (task string, err error) {
	err = d.workOn(ctx, who, number, func(tx *store.Tx, c casework.Case) error {
		known := slices.ContainsFunc(c.Tasks, func(o casework.Task) bool { return o.Task == t.Task })
		switch {
		case t.Task != "" && !known:
			return fault.New(fault.NotFound, "the case has no such task").Keeping("nothing was written")
		case t.Task == "" && strings.TrimSpace(t.Text) == "":
			return fault.New(fault.Invalid, "the task says nothing").Keeping("nothing was written").Do("say what is to be done")
		case t.For != "" && !c.On(t.For):
			return notForCase()
		}
		if t.What = ""; t.Task == "" {
			t.Task = id.New(tx.Now())
		}
		task = t.Task
		return addTasks(ctx, tx, number, []casework.Task{t})
	})
	return task, err
}

// NoteCase keeps a word on the case.
func (d *Desk) NoteCase(ctx context.Context, who access.Actor, number, text string) error {
	return d.workOn(ctx, who, number, func(tx *store.Tx, _ casework.Case) error {
		n := casework.Note{Text: strings.TrimSpace(text)}
		if err := n.Check(); err != nil {
			return err
		}
		return addCase(ctx, tx, number, casework.KindNote, n)
	})
}
