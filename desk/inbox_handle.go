package desk

import (
	"context"
	"slices"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/store"
)

// mostAtOnce is how many reports one act can move.
const mostAtOnce = 200

// Seen names a report and the newest entry about it that somebody had before their eyes: whoever moves it would overlook what came since.
// Entry "" looks at whatever stands.
type Seen struct{ ID, Entry string }

// Handle makes one move with reports, all or none: Conflict where another move came first, Refused where a report's state does not let it.
func (d *Desk) Handle(ctx context.Context, who access.Actor, ids []string, move intake.Handling) error {
	return d.HandleSeen(ctx, who, anyEntry(ids), move)
}

func anyEntry(ids []string) (out []Seen) {
	for _, id := range ids {
		out = append(out, Seen{ID: id})
	}
	return out
}

// HandleSeen is Handle for reports as somebody saw them: Conflict where one was moved since.
func (d *Desk) HandleSeen(ctx context.Context, who access.Actor, reports []Seen, move intake.Handling) error {
	handlers, err := d.handlers(ctx, who)
	if err != nil {
		return err
	}
	return d.onReports(ctx, who, reports, func(tx *store.Tx, cases []*Waiting) ([]intake.Handling, error) {
		for _, w := range cases {
			if err := handlers.take(w, move); err != nil {
				return nil, err
			}
		}
		if err := d.points(ctx, tx, who, cases, move); err != nil {
			return nil, err
		}
		return slices.Repeat([]intake.Handling{move}, len(cases)), nil
	})
}

// TakeBack undoes the last move of each report, all or none: Conflict where one was moved since it was seen.
func (d *Desk) TakeBack(ctx context.Context, who access.Actor, reports []Seen) error {
	return d.onReports(ctx, who, reports, func(_ *store.Tx, cases []*Waiting) (out []intake.Handling, err error) {
		for _, w := range cases {
			last, _ := w.Last()
			out = append(out, intake.Handling{Move: intake.Undo, Over: last.ID})
		}
		return out, nil
	})
}

// ShareOut assigns reports that nobody has to people in turn, so that nobody gets only distressing ones: Conflict where somebody took one.
func (d *Desk) ShareOut(ctx context.Context, who access.Actor, ids, people []string) error {
	if len(people) == 0 {
		return fault.New(fault.Invalid, "nobody was named to share the reports").Keeping("nothing was written").Do("choose at least one person")
	}
	handlers, err := d.handlers(ctx, who)
	if err != nil {
		return err
	}
	return d.onReports(ctx, who, anyEntry(ids), func(_ *store.Tx, cases []*Waiting) ([]intake.Handling, error) {
		shares := make([]intake.Share, len(cases))
		for i, w := range cases {
			if w.Holder != "" {
				return nil, movedSince(w.ID)
			}
			shares[i] = intake.Share{ID: w.ID, Distressing: w.Distressing}
		}
		to := map[string]string{}
		for name, dealt := range intake.Deal(shares, people) {
			for _, id := range dealt {
				to[id] = name
			}
		}
		out := make([]intake.Handling, len(cases))
		for i, w := range cases {
			out[i] = intake.Handling{Move: intake.Assign, To: to[w.ID]}
			if err := handlers.take(w, out[i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// onReports opens reports for work on them and puts one move of each on record.
func (d *Desk) onReports(ctx context.Context, who access.Actor, reports []Seen, choose func(*store.Tx, []*Waiting) ([]intake.Handling, error)) error {
	if err := who.May(access.TriageReports); err != nil {
		return err
	}
	if len(reports) == 0 || len(reports) > mostAtOnce {
		return fault.New(fault.Invalid, "%d reports were chosen", len(reports)).Keeping("nothing was written").Do("choose one to %d", mostAtOnce)
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		cases, err := casesOf(ctx, tx, reports)
		if err != nil {
			return err
		}
		for _, w := range cases {
			if !w.seenBy(who) {
				return noReport(w.ID)
			}
			if err := who.MayOn(access.TriageReports, w.about()...); err != nil {
				return err
			}
		}
		moves, err := choose(tx, cases)
		if err != nil {
			return err
		}
		return putMoves(ctx, tx, cases, moves)
	})
}

// handle makes one move with reports inside a transaction whose author may do so, all or none.
func handle(ctx context.Context, tx *store.Tx, ids []string, move intake.Handling) error {
	cases, err := casesOf(ctx, tx, anyEntry(ids))
	if err != nil {
		return err
	}
	return putMoves(ctx, tx, cases, slices.Repeat([]intake.Handling{move}, len(cases)))
}

// putMoves checks each report's move against how it stands, and puts all on record.
func putMoves(ctx context.Context, tx *store.Tx, cases []*Waiting, moves []intake.Handling) error {
	made := make([]entry.New, len(cases))
	for i, w := range cases {
		if err := w.Check(moves[i], tx.Now()); err != nil {
			return err
		}
		made[i] = entry.New{Kind: intake.KindHandling, Subject: w.ID, Body: moves[i]}
	}
	_, err := entry.Add(ctx, tx, intake.RegisterReport, made...)
	return err
}

// casesOf reads how reports stand within a transaction, each once: NotFound where there is none, Conflict where one moved since it was seen.
func casesOf(ctx context.Context, tx *store.Tx, reports []Seen) ([]*Waiting, error) {
	var ids []string
	for _, s := range reports {
		if !slices.Contains(ids, s.ID) {
			ids = append(ids, s.ID)
		}
	}
	received, err := entry.OfMany[intake.Received](ctx, tx, intake.KindReceived, ids)
	if err != nil {
		return nil, err
	}
	moves, err := entry.OfMany[intake.Handling](ctx, tx, intake.KindHandling, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*Waiting, len(ids))
	for i, id := range ids {
		if len(received[id]) == 0 {
			return nil, noReport(id)
		}
		out[i] = newWaiting(received[id][0]).moved(moves[id])
	}
	for _, s := range reports {
		if w := out[slices.Index(ids, s.ID)]; s.Entry != "" && s.Entry != w.Seen {
			return nil, movedSince(s.ID)
		}
	}
	return out, nil
}

func movedSince(id string) error {
	return fault.New(fault.Conflict, "somebody else moved the report %s since this page was drawn", id).Keeping("nothing was written").Do("look what was done, then decide again")
}

// points refuses a move that names an incident or a report which the actor cannot see, or which is the report itself.
func (d *Desk) points(ctx context.Context, tx *store.Tx, who access.Actor, cases []*Waiting, move intake.Handling) error {
	if move.Incident != "" {
		if _, err := seen(ctx, tx, who, move.Incident); err != nil {
			return pointless(err)
		}
	}
	if move.Report == "" {
		return nil
	}
	if slices.ContainsFunc(cases, func(w *Waiting) bool { return w.ID == move.Report }) {
		return fault.New(fault.Invalid, "a report is no duplicate of itself").Keeping("nothing was written")
	}
	other, err := casesOf(ctx, tx, []Seen{{ID: move.Report}})
	if err == nil && !other[0].seenBy(who) {
		err = noReport(move.Report)
	}
	if err == nil && other[0].State == intake.Duplicate {
		return fault.New(fault.Invalid, "that report is a duplicate itself").Keeping("nothing was written").Do("name the report %s, of which it is one", other[0].DuplicateOf)
	}
	return pointless(err)
}

// pointless makes of "there is none" a fault of what was typed, so that the form is shown again.
func pointless(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Invalid, "the id leads nowhere").Keeping("nothing was written")
	}
	return err
}
