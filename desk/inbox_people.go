package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/fault"
	"ward/intake"
)

// handlers are those to whom a report can be assigned.
type handlers []access.Actor

// handlers are all who may handle reports, or the operator where nobody has an account.
func (d *Desk) handlers(ctx context.Context, who access.Actor) (out handlers, err error) {
	people, err := d.people(ctx)
	for _, a := range people {
		if actor := a.Actor(d.Today()); actor.Can(access.TriageReports) {
			out = append(out, actor)
		}
	}
	if len(people) == 0 {
		out = handlers{who}
	}
	return out, err
}

// take refuses to assign a report to somebody who is not there, or whom a scope or a conflict of interest keeps from it.
func (h handlers) take(w *Waiting, move intake.Handling) error {
	if move.Move != intake.Assign {
		return nil
	}
	i := slices.IndexFunc(h, func(a access.Actor) bool { return a.Name == move.To })
	if i < 0 {
		return fault.New(fault.Invalid, "there is nobody here named %.60q who handles reports", move.To).Keeping("nothing was written").Do("choose somebody from the list")
	}
	if !w.seenBy(h[i]) || h[i].MayOn(access.TriageReports, w.about()...) != nil {
		return fault.New(fault.Refused, "%s cannot have every one of these reports", move.To).Keeping("nothing was written").Do("choose somebody else")
	}
	return nil
}

// TriagePeople are the names of those to whom a report can be assigned.
func (d *Desk) TriagePeople(ctx context.Context, who access.Actor) (names []string, err error) {
	if err := who.May(access.ReadReports); err != nil {
		return nil, err
	}
	handlers, err := d.handlers(ctx, who)
	for _, a := range handlers {
		names = append(names, a.Name)
	}
	return names, err
}
