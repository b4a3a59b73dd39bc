package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ward/assertion"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/text"
	"ward/tlog"
)

// fold makes the incident that its current reports add up to; ids and key are the caller's. A report that is gone still
// speaks: gone marks, it never deletes. Only when all are gone is the incident.
func fold(reports []intake.Report, sources map[string]intake.Source) incident.Incident {
	gone := true
	var series, flags []string
	for _, r := range reports {
		gone = gone && r.Gone
		series = append(series, r.Series)
		for _, f := range r.Flags {
			code, _, _ := strings.Cut(f, " ")
			flags = append(flags, code)
		}
	}
	folded := assertion.Fold(statements(reports, sources))
	if _, said := folded["scope"]; !said && len(reports) > 0 {
		folded["scope"] = assertion.Folded{Value: sources[reports[0].Series].Scope}
	}
	inc := incident.FromFold(folded)
	slices.Sort(series)
	slices.Sort(flags)
	inc.Series, inc.Flags, inc.Gone = slices.Compact(series), slices.Compact(flags), gone
	return inc
}

// statements turns reports into what their sources say; the owner of an id namespace is the series of the same name.
func statements(reports []intake.Report, sources map[string]intake.Source) []assertion.Statement {
	out := make([]assertion.Statement, len(reports))
	for i, r := range reports {
		src := sources[r.Series]
		out[i] = assertion.Statement{Series: r.Series, Reliability: src.Reliability, Owner: text.Key(src.Namespace) == text.Key(r.Series), List: r.Assertions}
	}
	return out
}

// refold folds incidents again from all their current reports, and returns their digests, which stand in the journal row's batch
// from a place on.
func refold(ctx context.Context, tx *store.Tx, ids []string, number int64, from int) ([]tlog.Hash, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return nil, err
	}
	var digests []tlog.Hash
	for chunk := range slices.Chunk(ids, batchRows) {
		held, err := refolded(ctx, tx, chunk, sources)
		if err != nil {
			return nil, err
		}
		for i := range held {
			held[i] = commit(held[i], number, from+len(digests)+i)
		}
		digests = append(digests, commitments(held)...)
		if err := incident.Save(ctx, tx, held); err != nil {
			return nil, err
		}
	}
	return digests, nil
}

// refolded gives incidents as their reports now tell them; those that were erased are left out.
func refolded(ctx context.Context, tx *store.Tx, ids []string, sources map[string]intake.Source) ([]incident.Incident, error) {
	reports, err := intake.OfIncidents(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	held, err := incident.List(ctx, tx, incident.Where{IDs: ids})
	if err != nil {
		return nil, err
	}
	out := held[:0]
	for _, old := range held {
		if old.Erased {
			continue
		}
		inc := fold(reports[old.ID], sources)
		inc.ID, inc.PublicID, inc.Namespace, inc.ExternalID = old.ID, old.PublicID, old.Namespace, old.ExternalID
		out = append(out, inc)
	}
	return out, nil
}

func sourcesBySeries(ctx context.Context, tx *store.Tx) (map[string]intake.Source, error) {
	list, err := intake.Sources(ctx, tx)
	out := make(map[string]intake.Source, len(list))
	for _, s := range list {
		out[s.Series] = s
	}
	return out, err
}

func itoa(n int) string { return strconv.Itoa(n) }
