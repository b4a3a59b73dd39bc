package desk

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/fault"
	"ward/person"
	"ward/store"
)

// CaseFile is a case as its page needs it. Where the reader is not on it, On is false and there is nothing but Top.
type CaseFile struct {
	Top      *CaseTop
	On       bool // the reader is on the case
	Now      time.Time
	Case     casework.Case
	Clocks   []casework.Clock
	Ways     []CaseWay
	Timeline []casework.Event // the newest first
	Persons  []CasePerson
	People   []string // who could be brought on it
	Work     bool     // the reader may change it
	Barred   bool     // by a conflict of interest
}

// CaseWay is a move that the state allows, with what is still missing for it.
type CaseWay struct {
	casework.Way
	Outcomes []string // of which one is said
	Missing  []string // sections, or section.field
}

// CasePerson is somebody whom a case is about, by their pseudonym.
type CasePerson struct {
	ID, Pseudonym string
	Held, Dead    bool
}

// Case opens a case: whole to whoever is on it, its top to everybody else who reads cases.
func (d *Desk) Case(ctx context.Context, who access.Actor, number string) (f CaseFile, err error) {
	people, err := d.people(ctx)
	if err != nil {
		return f, err
	}
	f.Now = d.db.Now()
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if f.Top, err = d.caseTop(ctx, tx, who, number); err != nil {
			return err
		}
		f.Barred = who.MayOn(access.ReadCases, f.Top.about()...) != nil
		c, err := d.onCase(ctx, tx, who, access.ReadCases, number)
		if fault.Is(err, fault.Refused) {
			return nil
		}
		if err != nil {
			return err
		}
		f.fill(c, who)
		f.People = d.casePeople(people, c)
		f.Persons, err = personsOf(ctx, tx, c)
		return err
	})
	if err != nil {
		return CaseFile{}, err
	}
	return f, d.read(ctx, who, access.ReadCases, access.Page, number)
}

// fill puts the case into its file.
func (f *CaseFile) fill(c casework.Case, who access.Actor) {
	f.On, f.Case, f.Clocks, f.Timeline = true, c, c.Clocks(f.Now), c.Timeline()
	f.Work = who.MayOn(access.WorkCases, f.Top.about()...) == nil
	for _, w := range c.Ways() {
		to, _ := c.Playbook().State(w.To)
		f.Ways = append(f.Ways, CaseWay{w, to.Outcomes, c.Missing(w)})
	}
}

// personsOf are those whom a case is about, as the case team calls them. Who was erased is left out.
func personsOf(ctx context.Context, tx *store.Tx, c casework.Case) (out []CasePerson, err error) {
	for _, id := range c.Persons() {
		p, err := person.Load(ctx, tx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, CasePerson{id, p.Pseudonym, p.Held(), p.Dead()})
	}
	return out, nil
}

// MaxCaseFile is how many bytes a file of a case may have.
const MaxCaseFile = 50 << 20

// KeepCaseFile seals a file as it is read and keeps it with a case; it returns the document's id.
func (d *Desk) KeepCaseFile(ctx context.Context, who access.Actor, number, title, name, kind string, r io.Reader) (document string, err error) {
	if err := who.May(access.WorkCases); err != nil {
		return "", err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		_, err := d.onCase(ctx, tx, who, access.WorkCases, number) // before anything of the file is read
		return err
	})
	if err != nil {
		return "", err
	}
	doc := casework.Document{Title: strings.TrimSpace(title)}
	if err := doc.Check(); err != nil {
		return "", err
	}
	if doc.File, err = d.sealFile(ctx, name, kind, r, MaxCaseFile, MaxCaseFile); err != nil {
		return "", err
	}
	doc.Title = cmp.Or(doc.Title, doc.File.Name)
	err = d.workOn(ctx, who, number, func(tx *store.Tx, _ casework.Case) error {
		ids, err := entry.Add(ctx, tx, casework.Register, entry.New{Kind: casework.KindDocument, Subject: number, Body: doc})
		if err == nil {
			document = ids[0]
		}
		return err
	})
	return document, err
}

// CaseDocument opens a file of a case, for a page that shows it; whoever calls closes it.
func (d *Desk) CaseDocument(ctx context.Context, who access.Actor, number, document string) (f entry.File, r io.ReadCloser, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		c, err := d.onCase(ctx, tx, who, access.ReadCases, number)
		if err != nil {
			return err
		}
		for _, e := range c.Said.Documents {
			if e.ID == document {
				f = e.Body.File
				return nil
			}
		}
		return fault.New(fault.NotFound, "the case has no file %.40q", document)
	})
	if err != nil {
		return f, nil, err
	}
	if err := d.read(ctx, who, access.ReadCases, access.Page, number); err != nil {
		return f, nil, err
	}
	r, err = d.openFile(f)
	return f, r, err
}

// TakeCaseDocument is CaseDocument for a file that is taken away: it leaves a line in the ledger first.
func (d *Desk) TakeCaseDocument(ctx context.Context, who access.Actor, number, document string) (f entry.File, r io.ReadCloser, err error) {
	f, r, err = d.CaseDocument(ctx, who, number, document)
	if err != nil {
		return f, nil, err
	}
	err = d.disclose(ctx, who, access.OriginalFile, store.Disclosure{Records: 1, What: "file " + document + " of case " + number, Subjects: number})
	if err != nil {
		r.Close()
		return f, nil, err
	}
	return f, r, nil
}
