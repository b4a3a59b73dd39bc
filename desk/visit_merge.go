package desk

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"io"
	"slices"
	"time"

	"ward/access"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/seal"
	"ward/store"
)

// VisitMerge is what became of a file that came home.
type VisitMerge struct {
	Visit
	VisitHome
	Known int // entries that had come home before
}

// MergeVisit puts on record what was written on a visit, under the traveller's name and the times of the visit; what came before is passed over.
// What was changed here meanwhile stands beside it. A signed evaluation takes addenda only: anything else is Undecided, and nothing is
// written, unless addendaOnly leaves it out.
func (d *Desk) MergeVisit(ctx context.Context, who access.Actor, from VisitSource, addendaOnly bool) (m VisitMerge, err error) {
	if err := who.May(access.WriteEvaluations); err != nil {
		return m, err
	}
	taken, open, err := d.visitsTaken(ctx)
	if err != nil {
		return m, err
	}
	p, err := from.read(open, nil)
	if err != nil {
		return m, err
	}
	of, err := recognised(p, taken)
	if err != nil {
		return m, err
	}
	come, leftOut, err := comingHome(p, of.Body.Traveller, d.db.Now())
	if err != nil {
		return m, err
	}
	m = VisitMerge{Visit: p.visit(), VisitHome: VisitHome{Visit: p.Visit, LeftOut: leftOut}}
	if err := d.mayMerge(ctx, who, p.Evaluation, come, addendaOnly); err != nil {
		return m, err
	}
	if _, err := from.read(open, keepParcelFiles(ctx, d.files)); err != nil {
		return m, err
	}
	return m, d.db.Write(ctx, who.Name, func(tx *store.Tx) error { return d.bringHome(ctx, tx, who, of.Body, come, addendaOnly, &m) })
}

// visitsTaken are the copies that were made here, and what opens their way home.
func (d *Desk) visitsTaken(ctx context.Context) (taken []entry.Entry[visitTaken], open func(io.Reader) (io.Reader, error), err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) { taken, err = entry.All[visitTaken](ctx, tx, kindTaken); return err })
	var identities []string
	for _, t := range taken {
		identities = append(identities, t.Body.Identity)
	}
	if err == nil && len(taken) == 0 {
		err = fault.New(fault.Refused, "no visit copy was made here").Keeping("nothing was written").Do("merge the file in the workspace from which it was taken")
	}
	return taken, func(r io.Reader) (io.Reader, error) { return seal.OpenWith(r, identities...) }, err
}

// recognised finds the visit that a file comes from: only its copy knows the secret.
func recognised(p visitParcel, taken []entry.Entry[visitTaken]) (entry.Entry[visitTaken], error) {
	for _, t := range taken {
		if t.Body.Visit == p.Visit && t.Subject == p.Evaluation && p.Way == wayHome && subtle.ConstantTimeCompare([]byte(t.Body.Secret), []byte(p.Secret)) == 1 {
			return t, nil
		}
	}
	return entry.Entry[visitTaken]{}, fault.New(fault.Refused, "this file comes from no visit that was taken from here").Keeping("nothing was written").
		Do("ask who made it; a file that ward visit return wrote is recognised")
}

// comingHome are the entries that a visit can bring, each read as what it says it is, under the name of who travelled whatever the file says;
// left out are kinds that are made at home only: who asked, who checked, who signed, who received it.
func comingHome(p visitParcel, traveller string, now time.Time) (come []entry.Brought, leftOut []string, err error) {
	const clockDrift = 48 * time.Hour
	for _, b := range p.Entries {
		known, err := visitBody(b)
		switch {
		case err != nil:
			return nil, nil, err
		case b.Subject != p.Evaluation || b.At.After(now.Add(clockDrift)):
			return nil, nil, badParcel("an entry in it speaks of something else, or was made in the future")
		case !known:
			if !slices.Contains(leftOut, b.Kind) {
				leftOut = append(leftOut, b.Kind)
			}
			continue
		}
		b.By = traveller
		come = append(come, b)
	}
	return come, leftOut, nil
}

// visitBody reads an entry's body as its kind says; false where the kind does not come home.
func visitBody(b entry.Brought) (known bool, err error) {
	switch b.Kind {
	case evaluation.KindConsent:
		return checked[evaluation.Consent](b.Body)
	case evaluation.KindPart:
		return checked[evaluation.Part](b.Body)
	case evaluation.KindFinding:
		return checked[evaluation.Finding](b.Body)
	case evaluation.KindPhoto:
		return checked[photoOnVisit](b.Body)
	case evaluation.KindCaption:
		return checked[evaluation.Caption](b.Body)
	case evaluation.KindAddendum:
		return checked[addendumOnVisit](b.Body)
	case evaluation.KindMove:
		return checkedMove(b.Body)
	}
	return false, nil
}

// checked reads a body as T, without fields that T does not know, and asks whether it can stand.
func checked[T interface{ Check() error }](body []byte) (bool, error) {
	var v T
	if err := strictly(body, &v); err != nil {
		return false, err
	}
	return true, v.Check()
}

func strictly(body []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if dec.Decode(into) != nil {
		return badParcel("an entry in it cannot be read")
	}
	return nil
}

// photoOnVisit is a photograph whose file is named as sealed files are.
type photoOnVisit struct{ evaluation.Photo }

func (p photoOnVisit) Check() error {
	if len(p.File.Blob) != 64 || p.File.Identity == "" || !p.File.Picture() {
		return badParcel("a photograph in it has no file")
	}
	return p.Caption.Check()
}

type addendumOnVisit struct{ evaluation.Addendum }

func (a addendumOnVisit) Check() error {
	if a.Text == "" || len(a.Text) > 1<<16 {
		return badParcel("an addendum in it says nothing, or too much")
	}
	return nil
}

// checkedMove lets steps come home that somebody takes on a visit.
func checkedMove(body []byte) (bool, error) {
	var m evaluation.Move
	if err := strictly(body, &m); err != nil {
		return false, err
	}
	return slices.Contains([]string{evaluation.Requested, evaluation.Consented, evaluation.Examined, evaluation.Stopped}, m.To), nil
}

// mayMerge asks, before anything is stored, whether what comes can stand.
func (d *Desk) mayMerge(ctx context.Context, who access.Actor, number string, come []entry.Brought, addendaOnly bool) error {
	return d.db.Read(ctx, func(tx *store.Tx) error {
		e, err := d.ownEvaluation(ctx, tx, who, number)
		if err != nil {
			return err
		}
		_, err = standing(ctx, tx, e, come, addendaOnly)
		return err
	})
}

// standing are those of what comes that are new here and can stand.
func standing(ctx context.Context, tx *store.Tx, e evaluation.Evaluation, come []entry.Brought, addendaOnly bool) (out []entry.Brought, err error) {
	others := 0
	for _, b := range come {
		_, err := entry.Find(ctx, tx, b.ID)
		switch {
		case err == nil:
			continue
		case !fault.Is(err, fault.NotFound):
			return nil, err
		}
		if e.Frozen() && b.Kind != evaluation.KindAddendum {
			others++
			continue
		}
		out = append(out, b)
	}
	if others > 0 && !addendaOnly {
		return nil, fault.New(fault.Undecided, "the evaluation was signed here meanwhile, and %d entries of the visit are no addenda", others).Keeping("nothing was written; the file stands").
			Do("merge with --addenda-only, and write what the others say as an addendum")
	}
	return out, nil
}

// bringHome puts on record what is new, and what came of it.
func (d *Desk) bringHome(ctx context.Context, tx *store.Tx, who access.Actor, taken visitTaken, come []entry.Brought, addendaOnly bool, m *VisitMerge) error {
	e, err := d.ownEvaluation(ctx, tx, who, m.Evaluation)
	if err != nil {
		return err
	}
	fresh, err := standing(ctx, tx, e, come, addendaOnly)
	if err != nil || len(fresh) == 0 {
		m.Known = len(come)
		return err
	}
	if m.Both, err = onBoth(ctx, tx, m.Evaluation, taken, fresh); err != nil {
		return err
	}
	if m.Entries, err = entry.Bring(ctx, tx, evaluation.Register, fresh); err != nil {
		return err
	}
	m.Known, m.Added = len(come)-len(fresh), len(m.Entries)
	made := []entry.New{{Kind: kindHome, Subject: m.Evaluation, Body: m.VisitHome}}
	if _, err := entry.Add(ctx, tx, registerVisit, made...); err != nil {
		return err
	}
	if e.State != evaluation.Drafted && e.State != evaluation.PeerChecked {
		return nil
	}
	// what a colleague was to read, or has read, is not this text
	_, err = evaluation.Add(ctx, tx, evaluation.KindMove, m.Evaluation, evaluation.Move{To: evaluation.Examined, Why: "visit " + m.VisitHome.Visit})
	return err
}

// onBoth names what was changed here since the copy was taken and on the visit too.
func onBoth(ctx context.Context, tx *store.Tx, number string, taken visitTaken, fresh []entry.Brought) (out []string, err error) {
	all, err := entry.Carry(ctx, tx, number)
	here := map[string]bool{}
	for _, b := range all {
		if !slices.Contains(taken.Had, b.ID) {
			here[visitPlace(b)] = true
		}
	}
	for _, b := range fresh {
		if p := visitPlace(b); p != "" && here[p] && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out, err
}

// visitPlace names what an entry speaks of: "consent", "part circumstances", "finding <id>", "caption <id>"; "" where two never speak of the same.
func visitPlace(b entry.Brought) string {
	var of struct{ Section, Finding, Of string }
	if json.Unmarshal(b.Body, &of) != nil {
		return ""
	}
	switch b.Kind {
	case evaluation.KindConsent:
		return "consent"
	case evaluation.KindPart:
		return "part " + of.Section
	case evaluation.KindFinding:
		return "finding " + of.Finding
	case evaluation.KindCaption:
		return "caption " + of.Of
	}
	return ""
}

// VisitsHome lists what came home from visits into an evaluation, the oldest first, for a page that marks it.
func (d *Desk) VisitsHome(ctx context.Context, who access.Actor, number string) (out []entry.Entry[VisitHome], err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := d.onEvaluation(ctx, tx, who, access.WriteEvaluations, number); err != nil {
			return err
		}
		out, err = entry.Of[VisitHome](ctx, tx, kindHome, number)
		return err
	})
	return out, err
}
