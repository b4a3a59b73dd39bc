package desk

import (
	"context"
	"io"

	"ward/access"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/id"
	"ward/intake"
	"ward/store"
	"ward/text"
)

// onOwnEvaluation loads an evaluation for its clinician, or the operator, and puts on record what make gives.
func (d *Desk) onOwnEvaluation(ctx context.Context, who access.Actor, number, kind string, make func(*store.Tx, evaluation.Evaluation) (any, error)) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		e, err := d.ownEvaluation(ctx, tx, who, number)
		if err != nil {
			return err
		}
		body, err := make(tx, e)
		if err != nil {
			return err
		}
		_, err = evaluation.Add(ctx, tx, kind, number, body)
		return err
	})
}

// ownEvaluation loads one for who writes it.
func (d *Desk) ownEvaluation(ctx context.Context, tx *store.Tx, who access.Actor, number string) (evaluation.Evaluation, error) {
	e, err := d.onEvaluation(ctx, tx, who, access.WriteEvaluations, number)
	if err == nil && !onEveryCase(who) && text.Key(e.Clinician) != text.Key(who.Name) {
		err = fault.New(fault.Refused, "an evaluation is written by the clinician who examines").Keeping("nothing was written").Do("ask %s", e.Clinician)
	}
	return e, err
}

// ReassignEvaluation changes who examines, who checks, or what it is for.
func (d *Desk) ReassignEvaluation(ctx context.Context, who access.Actor, number string, r evaluation.Request) error {
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		e, err := d.onEvaluation(ctx, tx, who, access.WriteEvaluations, number)
		if err != nil {
			return err
		}
		r.Person, r.Case, r.Country, r.Second = e.Person, e.Case, e.Country, e.Second
		if e.Frozen() {
			return e.Write(r)
		}
		if err := r.Check(); err != nil {
			return err
		}
		if err := d.holdsRequest(ctx, tx, who, r); err != nil {
			return err
		}
		_, err = evaluation.Add(ctx, tx, evaluation.KindRequest, number, r)
		return err
	})
}

// KeepEvaluationConsent records what the person answered, use by use. It can be recorded at any time: a withdrawal after the signature too.
func (d *Desk) KeepEvaluationConsent(ctx context.Context, who access.Actor, number string, c evaluation.Consent) error {
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindConsent, func(*store.Tx, evaluation.Evaluation) (any, error) { return c, c.Check() })
}

// KeepEvaluationPart records what a section says.
func (d *Desk) KeepEvaluationPart(ctx context.Context, who access.Actor, number string, p evaluation.Part) error {
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindPart, func(_ *store.Tx, e evaluation.Evaluation) (any, error) { return p, e.Write(p) })
}

// KeepFinding records a finding, or what is now said of one, and returns its id.
func (d *Desk) KeepFinding(ctx context.Context, who access.Actor, number string, f evaluation.Finding) (string, error) {
	err := d.onOwnEvaluation(ctx, who, number, evaluation.KindFinding, func(tx *store.Tx, e evaluation.Evaluation) (any, error) {
		if f.Finding == "" {
			f.Finding = id.New(tx.Now())
		} else if !e.Has(f.Finding) {
			return nil, fault.New(fault.NotFound, "this evaluation has no finding %.40q", f.Finding)
		}
		return f, e.Write(f)
	})
	return f.Finding, err
}

// KeepEvaluationPhoto keeps a photograph as evidence: sealed as it is read, with consent for photographs only.
func (d *Desk) KeepEvaluationPhoto(ctx context.Context, who access.Actor, number string, name, kind string, r io.Reader, c evaluation.Caption) error {
	room, err := d.roomForPhoto(ctx, who, number)
	if err != nil {
		return err
	}
	file, err := d.sealFile(ctx, name, kind, r, room, evaluation.MaxFile)
	if err != nil {
		return err
	}
	p := evaluation.Photo{WithFile: entry.WithFile{File: file}, Caption: c}
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindPhoto, func(_ *store.Tx, e evaluation.Evaluation) (any, error) { return p, e.AddPhoto(p) })
}

// roomForPhoto is how many bytes a further photograph may have; it refuses one before any byte of it is read where none may be kept.
func (d *Desk) roomForPhoto(ctx context.Context, who access.Actor, number string) (room int64, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		e, err := d.ownEvaluation(ctx, tx, who, number)
		if err != nil {
			return err
		}
		room = evaluation.MaxFiles
		for _, p := range e.Photos {
			room -= p.File.Bytes
		}
		return e.AddPhoto(evaluation.Photo{WithFile: entry.WithFile{File: entry.File{Type: "image/jpeg"}}})
	})
	return min(room, evaluation.MaxFile), err
}

// CaptionPhoto records what is now said of a photograph, or that it is taken out.
func (d *Desk) CaptionPhoto(ctx context.Context, who access.Actor, number string, c evaluation.Caption) error {
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindCaption, func(_ *store.Tx, e evaluation.Evaluation) (any, error) {
		if _, ok := e.PhotoOf(c.Of); !ok {
			return nil, fault.New(fault.NotFound, "this evaluation has no such photograph")
		}
		return c, e.Write(c)
	})
}

// SealInterpreter seals who interpreted to two officers.
func (d *Desk) SealInterpreter(ctx context.Context, who access.Actor, number string, s SourceContact, officers []string) error {
	two, err := d.officersFor(ctx, officers)
	if err != nil {
		return err
	}
	box, err := sealedContact(id.New(d.db.Now()), "evaluation-"+text.Fold(number), s, two)
	if err != nil {
		return err
	}
	return d.onOwnEvaluation(ctx, who, number, evaluation.KindInterpreter, func(tx *store.Tx, e evaluation.Evaluation) (any, error) {
		in := evaluation.Interpreter{Box: box.ID}
		if err := e.Write(in); err != nil {
			return nil, err
		}
		return in, intake.AddContact(ctx, tx, box)
	})
}

// EvaluationOfficers are the names of those to two of whom an interpreter's name is sealed; none where there are not two.
func (d *Desk) EvaluationOfficers(ctx context.Context, who access.Actor) (out []string, err error) {
	if err := who.May(access.WriteEvaluations); err != nil {
		return nil, err
	}
	all, err := d.officers(ctx)
	for _, o := range all {
		out = append(out, o.Name)
	}
	if len(out) < fewestOfficers {
		out = nil
	}
	return out, err
}
