package audit

import (
	"context"
	"slices"
	"strings"

	"ward/store"
)

// Awaited is that a State was sent a draft or asked to reply, and neither a reply nor its absence is on record yet.
type Awaited struct {
	State string
	Sent  string // day
	Due   string // last day of the right of reply
}

// AwaitedReplies lists the States whose replies are awaited, by their codes.
func AwaitedReplies(ctx context.Context, tx *store.Tx) ([]Awaited, error) {
	var rows []Row
	err := eachRow(ctx, tx, "a.kind IN ($1,$2)", func(_ string, r Row) { rows = append(rows, r) }, KindReply, KindStep)
	return awaited(rows), err
}

// awaited takes of each State the last day on which it was asked, and drops it where something was heard on that day or later.
func awaited(rows []Row) (out []Awaited) {
	asked, heard := map[string]string{}, map[string]string{}
	for _, r := range rows {
		into := heard
		switch {
		case r.Kind == KindReply && r.Value == "asked", r.Kind == KindStep && r.Value == StepSent:
			into = asked
		case r.Kind == KindStep && r.Value != StepNoReply:
			continue
		}
		into[r.State] = max(into[r.State], r.Date)
	}
	for state, sent := range asked {
		if due := later(sent, replyDays); due != "" && heard[state] < sent {
			out = append(out, Awaited{state, sent, due})
		}
	}
	slices.SortFunc(out, func(a, b Awaited) int { return strings.Compare(a.State, b.State) })
	return out
}
