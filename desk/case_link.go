package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/referral"
	"ward/store"
)

// LinkCase ties a case to something else on record, or takes such a tie away. What it leads to must be there for who links.
func (d *Desk) LinkCase(ctx context.Context, who access.Actor, number string, l casework.Link) error {
	return d.workOn(ctx, who, number, func(tx *store.Tx, c casework.Case) error { return d.addLink(ctx, tx, who, c, l) })
}

func (d *Desk) addLink(ctx context.Context, tx *store.Tx, who access.Actor, c casework.Case, l casework.Link) error {
	if err := l.Check(); err != nil {
		return err
	}
	standing := slices.ContainsFunc(c.Links, func(o casework.Link) bool { return o.Kind == l.Kind && o.To == l.To })
	switch {
	case l.Gone && !standing:
		return fault.New(fault.NotFound, "the case has no such link").Keeping("nothing was written")
	case l.Kind == casework.LinkCase && l.To == c.ID:
		return fault.New(fault.Invalid, "a case is not linked to itself").Keeping("nothing was written")
	case !l.Gone:
		if err := d.linkable(ctx, tx, who, l); err != nil {
			return err
		}
	}
	return addCase(ctx, tx, c.ID, casework.KindLink, l)
}

// linkable is nil where what a link leads to is there, and its reader may hear of it.
func (d *Desk) linkable(ctx context.Context, tx *store.Tx, who access.Actor, l casework.Link) (err error) {
	switch l.Kind {
	case casework.LinkIncident:
		_, err = seen(ctx, tx, who, l.To)
	case casework.LinkPerson:
		_, err = d.onPerson(ctx, tx, who, access.WorkCases, l.To)
	case casework.LinkReport:
		_, err = receivedIn(ctx, tx, who, l.To)
	case casework.LinkCase:
		_, err = d.caseTop(ctx, tx, who, l.To)
	case casework.LinkStatement:
		_, err = statementOf(ctx, tx, l.To)
	case casework.LinkEvaluation:
		err = begun(ctx, tx, evaluation.KindRequest, l.To)
	case casework.LinkReferral:
		err = begun(ctx, tx, referral.KindProposed, l.To)
	}
	return err
}

// linkCorrected ties the case of a breach to a record that it corrects. The record must be there.
func (d *Desk) linkCorrected(ctx context.Context, tx *store.Tx, who access.Actor, c casework.Case, f casework.Fact) error {
	record := f.Values["record"]
	if f.Section != casework.SectionCorrection || f.Removed || slices.ContainsFunc(c.Links, func(l casework.Link) bool { return l.To == record }) {
		return nil
	}
	for _, kind := range casework.LinkKinds() {
		l := casework.Link{Kind: kind, To: record, Relation: "corrected"}
		err := l.Check()
		if err == nil {
			err = d.linkable(ctx, tx, who, l)
		}
		if err == nil {
			return addCase(ctx, tx, c.ID, casework.KindLink, l)
		}
		if !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Refused) {
			return err
		}
	}
	return fault.New(fault.NotFound, "there is no record %.40q that could be corrected", record).Keeping("nothing was written").Do("give the id of an incident, a report or another record")
}

// begun is NotFound where no entry of a kind speaks of a subject.
func begun(ctx context.Context, tx *store.Tx, kind, subject string) error {
	list, err := entry.Of[struct{}](ctx, tx, kind, subject)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "there is nothing %.40q that a case could be linked to", subject).Keeping("nothing was written")
	}
	return err
}
