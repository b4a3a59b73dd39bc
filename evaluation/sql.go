package evaluation

import (
	"context"

	"ward/entry"
	"ward/fault"
	"ward/store"
)

// Load reads one evaluation; NotFound where there is none, or none any more.
func Load(ctx context.Context, tx *store.Tx, id string) (Evaluation, error) {
	r := reader{ctx: ctx, tx: tx, only: id}
	r.readAll()
	if r.err != nil {
		return Evaluation{}, r.err
	}
	e, ok := Fold(id, r.of(id))
	if !ok {
		return e, fault.New(fault.NotFound, "there is no evaluation %.40q here", id)
	}
	return e, nil
}

// All reads every evaluation, in the order in which they were asked for.
func All(ctx context.Context, tx *store.Tx) (out []Evaluation, err error) {
	r := reader{ctx: ctx, tx: tx}
	r.readAll()
	for _, id := range r.order {
		if e, ok := Fold(id, r.of(id)); ok {
			out = append(out, e)
		}
	}
	return out, r.err
}

// reader gathers the entries of every kind, by the evaluation they are about.
type reader struct {
	ctx   context.Context
	tx    *store.Tx
	only  string // id of the one that is wanted; "" is all
	got   map[string]*Entries
	order []string
	err   error
}

func (r *reader) of(id string) Entries {
	if e := r.got[id]; e != nil {
		return *e
	}
	return Entries{}
}

func (r *reader) readAll() {
	r.got = map[string]*Entries{}
	read(r, KindRequest, func(e *Entries) *[]entry.Entry[Request] { return &e.Requests })
	read(r, KindConsent, func(e *Entries) *[]entry.Entry[Consent] { return &e.Consents })
	read(r, KindPart, func(e *Entries) *[]entry.Entry[Part] { return &e.Parts })
	read(r, KindFinding, func(e *Entries) *[]entry.Entry[Finding] { return &e.Findings })
	read(r, KindPhoto, func(e *Entries) *[]entry.Entry[Photo] { return &e.Photos })
	read(r, KindCaption, func(e *Entries) *[]entry.Entry[Caption] { return &e.Captions })
	read(r, KindInterpreter, func(e *Entries) *[]entry.Entry[Interpreter] { return &e.Interpreters })
	read(r, KindMove, func(e *Entries) *[]entry.Entry[Move] { return &e.Moves })
	read(r, KindPeer, func(e *Entries) *[]entry.Entry[Peer] { return &e.Peers })
	read(r, KindSignature, func(e *Entries) *[]entry.Entry[Signature] { return &e.Signatures })
	read(r, KindAddendum, func(e *Entries) *[]entry.Entry[Addendum] { return &e.Addenda })
}

// read reads the entries of one kind into those of their evaluations.
func read[T any](r *reader, kind string, into func(*Entries) *[]entry.Entry[T]) {
	var list []entry.Entry[T]
	switch {
	case r.err != nil:
		return
	case r.only != "":
		list, r.err = entry.Of[T](r.ctx, r.tx, kind, r.only)
	default:
		list, r.err = entry.All[T](r.ctx, r.tx, kind)
	}
	for _, e := range list {
		if r.got[e.Subject] == nil {
			r.got[e.Subject], r.order = &Entries{}, append(r.order, e.Subject)
		}
		of := into(r.got[e.Subject])
		*of = append(*of, e)
	}
}

// Add puts something about an evaluation on record and returns the entry's id.
func Add(ctx context.Context, tx *store.Tx, kind, id string, body any) (string, error) {
	ids, err := entry.Add(ctx, tx, Register, entry.New{Kind: kind, Subject: id, Body: body})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}
